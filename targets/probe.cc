#include "targets/probe.h"

#include <fmt/format.h>

#include "targets/printable.h"
#include "targets/probe_console.h"
#include "targets/probe_words.h"
#include "targets/prober.h"

namespace understudy::targets {

namespace {

ProbeFinding shows_prompt(const Prober& prober, std::size_t one, const Dialect& dialect) {
  const bool is_good = prober.has_prompt(one);
  return {prober.name(one), "it shows a prompt", is_good,
          is_good ? "as the dialect has it" : no_prompt(prober, one, dialect), false};
}

/// Whose console the management session has become; nothing, and why, in `wrong`.
std::string find_subject(Prober& prober, std::size_t one, const LoadedTestbed& testbed,
                         const Reader& reader, std::string& wrong) {
  const std::string& attribute = testbed.dialect->node_identity;
  const std::string& own = testbed.file.nodes.front().name;  // nobody's yet: any name will do
  std::string unread;
  const auto value = told_by(prober, one, own, attribute, reader, unread);
  for (const TestbedNode& node : testbed.file.nodes)
    if (value && *value == (node.identity.empty() ? node.name : node.identity)) return node.name;
  wrong = value ? fmt::format("it answers as `{}`, which is no node of the testbed", *value)
                : fmt::format("it does not tell which node answers: {}", unread);
  return {};
}

/// Asked before anything else. Where it is another's, nothing more is sent to any console.
ProbeFinding is_testbeds(Prober& prober, std::size_t one, const LoadedTestbed& testbed,
                         const Reader& reader) {
  ProbedConsole& console = prober.console(one);
  std::vector<std::string> told;
  std::string wrong;
  if (console.subject.empty()) {
    console.subject = find_subject(prober, one, testbed, reader, wrong);
    told.push_back("it answers as " + console.subject);
  }
  for (const auto& [attribute, expected] : console.identity) {
    if (!wrong.empty()) break;
    std::string unread;
    const auto value = told_by(prober, one, console.subject, attribute, reader, unread);
    if (!value)
      wrong =
          fmt::format("it does not tell its {}{}{}", attribute, unread.empty() ? "" : ": ", unread);
    else if (*value != expected)
      wrong = fmt::format("{} is `{}`, and the testbed says `{}`", attribute, *value, expected);
    else
      told.push_back(fmt::format("{} is {}", attribute, *value));
  }
  if (wrong.empty()) prober.release(one);
  return {
      console.name, "it is the testbed's " + console.name, wrong.empty(),
      wrong.empty() ? fmt::format("{}", fmt::join(told, ", ")) : wrong + "; nothing more was sent",
      false};
}

/// What comes without a console: where it is heard, and whether SNMP get is answered.
std::vector<ProbeFinding> probe_listeners(Prober& prober, const Bench& bench,
                                          const LoadedTestbed& testbed) {
  std::vector<ProbeFinding> findings;
  const auto values = bench.values();
  for (const TestbedListener& listener : testbed.file.listeners) {
    const auto port = values.find(listener.name + ".port");
    const bool is_heard = port != values.end();
    std::string words =
        is_heard ? fmt::format("listens on {}:{}", ip_text(listener.address), port->second)
                 : "it listens nowhere";
    if (is_heard && !listener.reached.empty()) words += ", reached at " + listener.reached;
    findings.push_back({listener.name, "it is heard", is_heard, std::move(words), false});
  }
  if (!testbed.file.snmp) return findings;
  std::vector<std::string> oids;
  const SnmpWords& words = testbed.dialect->snmp;
  if (words.node) oids.push_back(words.node->oid);
  for (const OidRule& rule : words.attributes) oids.push_back(rule.oid);
  const std::string& address = testbed.file.snmp->address;
  ProbeFinding finding{"snmp", "SNMP get is answered", false, "", oids.empty()};
  if (oids.empty()) {
    finding.words = fmt::format("the dialect {} asks for nothing", testbed.dialect->name);
  } else if (const auto answer = prober.ask_snmp(oids); answer && !answer->variables.empty()) {
    finding.is_good = true;
    finding.words = fmt::format("{} values from {}", answer->variables.size(), address);
  } else {
    finding.words = fmt::format("no answer from {}{}", address,
                                answer && !answer->text.empty() ? ": " + answer->text : "");
  }
  findings.push_back(std::move(finding));
  return findings;
}

/// Each console on its own; one that is another's ends it for all.
std::vector<ProbeFinding> probe_all(Prober& prober, const Bench& bench,
                                    const LoadedTestbed& testbed) {
  const Reader reader(testbed.dialect, testbed.capabilities.nodes);
  std::vector<std::vector<ProbeFinding>> by_console(prober.size());
  bool is_testbed = true;
  for (std::size_t one = 0; one < prober.size() && is_testbed; ++one) {
    by_console[one].push_back(shows_prompt(prober, one, *testbed.dialect));
    if (!prober.has_prompt(one) || !prober.console(one).is_guarded) continue;
    by_console[one].push_back(is_testbeds(prober, one, testbed, reader));
    is_testbed = by_console[one].back().is_good;
  }
  std::vector<ProbeFinding> findings;
  for (std::size_t one = 0; one < prober.size(); ++one) {
    for (auto& finding : by_console[one]) findings.push_back(std::move(finding));
    if (!is_testbed || !prober.has_prompt(one)) continue;
    for (auto& finding : probe_console(prober, one, reader)) findings.push_back(std::move(finding));
  }
  if (!is_testbed) return findings;
  for (auto& finding : probe_listeners(prober, bench, testbed))
    findings.push_back(std::move(finding));
  return findings;
}

}  // namespace

Result<std::vector<ProbeFinding>> probe(Bench& bench, const LoadedTestbed& testbed,
                                        const std::string& folder, const Mask& mask,
                                        const Cancel& cancel) {
  Prober prober(bench, testbed, folder, mask, cancel);
  if (auto started = bench.start(); !started) return tl::unexpected(started.error());
  prober.await_prompts();
  if (!prober.ended().empty()) {
    bench.heal();
    return fail(testbed.file.name, mask.applied_to(prober.ended()),
                "the node never showed a prompt");
  }
  std::vector<ProbeFinding> findings = probe_all(prober, bench, testbed);
  bench.heal();
  for (ProbeFinding& finding : findings)
    finding.words = printable(mask.applied_to(std::move(finding.words)));
  return findings;
}

Result<std::vector<ProbeFinding>> probe(const LoadedTestbed& testbed, const std::string& folder,
                                        const Cancel& cancel) {
  LoadedTestbed revealed = testbed;
  auto secrets = reveal_passwords(revealed.file);
  if (!secrets) return tl::unexpected(secrets.error());
  const Mask mask(std::move(*secrets));
  auto bench = make_bench(revealed.file, folder, 1, mask);
  if (!bench) return tl::unexpected(bench.error());
  return probe(**bench, revealed, folder, mask, cancel);
}

}  // namespace understudy::targets

#include "targets/probe.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/plan.h"
#include "targets/device/custody.h"
#include "targets/device/doubt.h"
#include "targets/device/reading.h"
#include "targets/prober.h"

namespace understudy::targets {

namespace {

constexpr auto fewest_lines = 24;  ///< what is no longer than a page tells nothing of pages
constexpr int most_unanswered = 3;

bool is_answered(const Answer& answer) {
  return answer.outcome == Answer::Outcome::Answered;
}

std::string first_line(const std::string& text) {
  const auto begin = std::min(text.find_first_not_of(" \n"), text.size());
  return text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
}

/// Log lines may have cut lines of the one or the other: what is left is the same.
bool is_same(const Answer& one, const Answer& other) {
  if (one.noise_at.empty() && other.noise_at.empty()) return one.text == other.text;
  const auto without_line_ends = [](std::string text) {
    std::erase(text, '\n');
    return text;
  };
  return without_line_ends(one.text) == without_line_ends(other.text);
}

/// Where log lines come into each answer, until two of them say the same. One in the middle of the
/// words that end a page leaves no answer at all.
Answer ask_whole(Prober& prober, std::size_t one, const std::string& line) {
  Answer answer;
  for (int attempt = 0; attempt < most_unanswered; ++attempt) {
    std::optional<Answer> before;
    answer = prober.ask_until(one, line, [&](const Answer& now) {
      const bool is_again = before && is_same(*before, now);
      before = now;
      return is_again;
    });
    if (is_answered(answer)) break;
  }
  return answer;
}

/// The same answer, whole, whether it stops at each page or not.
ProbeFinding long_output(const std::string& node, const Dialect& dialect, const Answer& paged,
                         int pages, const Answer& whole) {
  const auto lines = std::ranges::count(whole.text, '\n');
  ProbeFinding finding{node, "a long output comes whole, with and without pages", false, "", false};
  if (const auto refusal = find_refusal(dialect, whole.text)) {
    finding.words = fmt::format("`{}` was refused: {}", dialect.long_command, refusal->line);
  } else if (!is_answered(paged) || !is_answered(whole)) {
    finding.words = fmt::format("`{}` was not answered", dialect.long_command);
  } else if (!is_same(paged, whole)) {
    finding.is_open = !paged.noise_at.empty() || !whole.noise_at.empty();
    finding.words = fmt::format("`{}`: {} bytes with pages, {} without{}", dialect.long_command,
                                paged.text.size(), whole.text.size(),
                                finding.is_open ? ", and log lines in each answer" : "");
  } else if (pages == 0 && lines <= fewest_lines) {
    finding.is_open = true;
    finding.words = fmt::format(
        "`{}` gave {} lines, too few for a page: name a longer one as "
        "long-output in the dialect's probe",
        dialect.long_command, lines);
  } else {
    finding.is_good = true;
    finding.words = pages == 0 ? fmt::format("{} lines; it never stops at a page", lines)
                               : fmt::format("{} lines, {} stops at a page", lines, pages);
  }
  return finding;
}

std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const auto line = text.find_last_of("\n\r");
  return line == std::string::npos ? text : text.substr(line + 1);
}

/// Why a node has no prompt, in the words of the dialect that was given for it.
std::string no_prompt(const Prober& prober, std::size_t node, const std::string& user) {
  if (!user.empty() && !prober.refusal(node).empty())
    return fmt::format("it refused the password of {}: `{}`", user, prober.refusal(node));
  const std::string& printed = prober.printed(node);
  const std::string after = understudy::to_text(prober.start());
  const std::string line = last_line(printed);
  switch (prober.mode(node)) {
    case Mode::Login:
    case Mode::Password:
      return fmt::format(
          "it asks for a login after {}: `{}`; give the console a `login`, or mend console.login "
          "if that is none",
          after, line);
    case Mode::Booting:
    case Mode::BootLoader:
      return fmt::format(
          "it still boots after {}; the last line is `{}`: a longer boot in timing, or "
          "console.booting fits what is no boot",
          after, line);
    case Mode::Question:
    case Mode::Pager:
      return fmt::format("it waits for an answer after {}: `{}`", after, line);
    case Mode::Silent:
    case Mode::Shell:
    case Mode::Busy:
    case Mode::Ended:
      break;
  }
  if (printed.empty()) {
    return fmt::format(
        "it printed nothing within {}: is console.wake (sent to a silent line) right?", after);
  }
  return fmt::format("none within {}; console.prompt does not fit the last line, `{}`", after,
                     line);
}

/// How an answer could be read, asked as often as log lines leave a doubt.
struct ReadAnswer {
  Answer answer;
  std::size_t values = 0;
  std::string unread;
  bool is_doubted = false;  ///< log lines came into each answer
};

ReadAnswer read_calmly(Prober& prober, std::size_t one, std::size_t read, const Reader& reader) {
  const Read& of = reader.dialect().reads[read];
  std::vector<Told> known;  // by an answer that left a doubt
  ReadAnswer latest;
  latest.answer = prober.ask_until(
      one, of.command,
      [&](const Answer& answer) {
        const DoubtedReading reading = read_with_doubt(reader, read, prober.subject(one), answer);
        bool is_sure = reading.unread.empty();
        for (const auto& [told, is_doubted] : reading.told) {
          if (!is_doubted || std::ranges::find(known, told) != known.end()) continue;
          is_sure = false;
          known.push_back(told);
        }
        return is_sure;
      },
      of.keeps_noise);
  DoubtedReading reading = read_with_doubt(reader, read, prober.subject(one), latest.answer);
  latest.values = reading.told.size();
  latest.unread = std::move(reading.unread);
  latest.is_doubted = !latest.answer.noise_at.empty();
  return latest;
}

/// One command that the dialect reads: is the answer what its template and its words expect? One
/// that this device does not have is no fault of the dialect: cases that need it are NOT RUN.
ProbeFinding can_be_read(const std::string& node, const Read& read, const ReadAnswer& asked,
                         const Dialect& dialect) {
  ProbeFinding finding{node, fmt::format("`{}` can be read", read.command), false, "", false};
  const std::string by = read.template_file.empty() ? "" : " (" + read.template_file + ")";
  if (!is_answered(asked.answer)) {
    finding.words = "it was not answered";
  } else if (const auto refusal = find_refusal(dialect, asked.answer.text)) {
    finding.is_open = refusal->kind == Refusal::Kind::UnknownCommand ||
                      refusal->kind == Refusal::Kind::Licence ||
                      refusal->kind == Refusal::Kind::WrongNode;
    finding.words = fmt::format("{}: {}", to_text(refusal->kind), refusal->line);
  } else if (!asked.unread.empty()) {
    finding.is_open = asked.is_doubted;
    finding.words = asked.unread;
    if (asked.is_doubted)
      finding.words +=
          fmt::format("; log lines came into each of {} answers", Prober::most_attempts);
  } else {
    finding.is_good = true;
    finding.words = fmt::format("{} values{}", asked.values, by);
  }
  return finding;
}

using TakenSettings = std::vector<std::pair<const CustodyRule*, Value>>;

/// What a console tells of the node that it speaks for; nothing, and why, in `unread`.
std::optional<Value> told_by(Prober& prober, std::size_t one, const std::string& own,
                             const std::string& attribute, const Reader& reader,
                             std::string& unread) {
  const auto read = read_for(reader.dialect(), attribute);
  if (!read) return std::nullopt;
  const auto told_in = [&](const Answer& answer) {
    std::optional<Value> value;
    const Reading reading = reader.read(*read, own, answer.text, answer.captures);
    for (const Told& told : reading.told)
      if (told.subject == own && told.attribute == attribute && !told.value.empty())
        value = told.value;
    unread = reading.unread;
    return value;
  };
  std::optional<Value> latest;
  const auto is_told_again = [&](const Answer& answer) {
    const auto value = told_in(answer);
    const bool is_again = value && value == latest;
    if (value) latest = value;
    return is_again;
  };
  const Answer answer = prober.ask_until(one, reader.dialect().reads[*read].command, is_told_again);
  return answer.noise_at.empty() ? told_in(answer) : latest;
}

std::optional<Value> told_by(Prober& prober, std::size_t one, const std::string& attribute,
                             const Reader& reader) {
  std::string ignored;  // what cannot be read has a finding of its own
  return told_by(prober, one, prober.subject(one), attribute, reader, ignored);
}

/// What the setup changes of a session that others come to as well.
TakenSettings take_settings(Prober& prober, std::size_t one, const Reader& reader) {
  TakenSettings taken;
  for (const CustodyRule& rule : reader.dialect().custody) {
    if (!rule.is_of_session || rule.attribute.empty()) continue;
    if (const auto value = told_by(prober, one, rule.attribute, reader))
      taken.emplace_back(&rule, *value);
  }
  return taken;
}

std::vector<ProbeFinding> put_settings_back(Prober& prober, std::size_t one,
                                            const TakenSettings& taken, const Reader& reader) {
  const Dialect& dialect = reader.dialect();
  for (const CustodyRule& rule : dialect.custody)
    if (rule.is_of_session && rule.attribute.empty())
      for (const std::string& line : rule.send) prober.ask(one, line);
  std::vector<ProbeFinding> findings;
  for (const auto& [rule, value] : taken) {
    auto now = told_by(prober, one, rule->attribute, reader);
    if (now && !is_as_it_was(*rule, value, *now)) {
      for (const auto& line : put_back(dialect, *rule, prober.subject(one), value, *now).lines)
        prober.ask(one, line);
      now = told_by(prober, one, rule->attribute, reader);
    }
    const bool is_back = now && is_as_it_was(*rule, value, *now);
    findings.push_back({prober.name(one), fmt::format("{} is left as it was", rule->name), is_back,
                        is_back ? value : difference(*rule, value, now), false});
  }
  return findings;
}

ProbeFinding shows_prompt(const Prober& prober, std::size_t one, const std::string& user) {
  const bool is_good = prober.has_prompt(one);
  return {prober.name(one), "it shows a prompt", is_good,
          is_good ? "as the dialect has it" : no_prompt(prober, one, user), false};
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

std::vector<ProbeFinding> probe_console(Prober& prober, std::size_t one, const Dialect& dialect,
                                        const Reader& reader) {
  const std::string& name = prober.name(one);
  std::vector<ProbeFinding> findings;
  const auto find = [&](std::string question, bool is_good, std::string words) {
    findings.push_back({name, std::move(question), is_good, std::move(words), false});
  };
  bool echoes = false;
  const auto is_refused = [&](const Answer& answer) {
    echoes = echoes || prober.printed(one).find(dialect.unknown_command) != std::string::npos;
    return echoes == dialect.console.echoes && find_refusal(dialect, answer.text);
  };
  Answer nonsense;  // a log line may have cut the echo alone
  for (int attempt = 0; attempt < most_unanswered; ++attempt) {
    nonsense = prober.ask_until(one, dialect.unknown_command, is_refused);
    if (is_refused(nonsense)) break;
  }
  const auto refusal = find_refusal(dialect, nonsense.text);
  find("an unknown command is refused",
       is_answered(nonsense) && refusal && refusal->kind == Refusal::Kind::UnknownCommand,
       refusal ? fmt::format("{}: {}", to_text(refusal->kind), refusal->line)
       : first_line(nonsense.text).empty()
           ? fmt::format(
                 "`{}` was answered with nothing, as a replay answers a line that was not recorded",
                 dialect.unknown_command)
           : fmt::format("`{}` was answered `{}`, which no pattern of refusals fits",
                         dialect.unknown_command, first_line(nonsense.text)));
  find("echo is as the dialect says", echoes == dialect.console.echoes,
       echoes ? "it echoes" : "it does not echo");

  const Answer paged = ask_whole(prober, one, dialect.long_command);
  const int pages = prober.pages();
  const TakenSettings taken = take_settings(prober, one, reader);
  for (const auto& line : dialect.setup) prober.ask(one, line);
  const Answer whole = ask_whole(prober, one, dialect.long_command);
  findings.push_back(long_output(name, dialect, paged, pages, whole));

  static const DialectPattern time = *DialectPattern::compile(
      R"(.*(?<![\w:.-])(?:[01]?\d|2[0-3]):[0-5]\d:[0-5]\d(?![\w:-]).*)", "");
  const Answer clock = prober.ask_until(one, dialect.clock_command, [&](const Answer& answer) {
    return time.find(answer.text).has_value();
  });
  const auto shown = time.find(clock.text);
  find("it shows its clock", is_answered(clock) && shown, shown ? shown->whole : "no time of day");

  for (std::size_t i = 0; i < dialect.reads.size(); ++i)
    findings.push_back(
        can_be_read(name, dialect.reads[i], read_calmly(prober, one, i, reader), dialect));
  for (auto& finding : put_settings_back(prober, one, taken, reader))
    findings.push_back(std::move(finding));
  return findings;
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
    by_console[one].push_back(shows_prompt(prober, one, prober.console(one).login.user));
    if (!prober.has_prompt(one) || !prober.console(one).is_guarded) continue;
    by_console[one].push_back(is_testbeds(prober, one, testbed, reader));
    is_testbed = by_console[one].back().is_good;
  }
  std::vector<ProbeFinding> findings;
  for (std::size_t one = 0; one < prober.size(); ++one) {
    for (auto& finding : by_console[one]) findings.push_back(std::move(finding));
    if (!is_testbed || !prober.has_prompt(one)) continue;
    for (auto& finding : probe_console(prober, one, *testbed.dialect, reader))
      findings.push_back(std::move(finding));
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
  for (ProbeFinding& finding : findings) finding.words = mask.applied_to(std::move(finding.words));
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

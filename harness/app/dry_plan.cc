#include "harness/app/dry_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/matcher.h"
#include "targets/device/console_act.h"
#include "targets/frames.h"

namespace understudy::app {
namespace {

/// Lines of text, each of them once.
class Lines {
 public:
  void add(const std::string& who, const std::string& sent) {
    const std::string line = fmt::format("  {}: {}\n", who, sent);
    if (told_.insert(line).second) text_ += line;
  }
  void add_bytes(const std::string& who, const std::string& bytes) {
    if (!bytes.empty()) add(who, Json(bytes).dump(-1, ' ', true));
  }
  const std::string& text() const { return text_; }

 private:
  std::set<std::string> told_;
  std::string text_;
};

/// A command that is asked, with all that it is asked for.
class Questions {
 public:
  void add(const std::string& command, const std::string& purpose) {
    for (auto& [known, purposes] : all_) {
      if (known != command) continue;
      if (std::ranges::find(purposes, purpose) == purposes.end()) purposes.push_back(purpose);
      return;
    }
    all_.push_back({command, {purpose}});
  }
  std::string text() const {
    std::string text;
    for (const auto& [command, purposes] : all_)
      text += fmt::format("  each console, {}: {}\n", fmt::join(purposes, ", "), command);
    return text;
  }

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> all_;
};

/// Roles stand for nodes until a run binds them.
std::vector<std::string> roles_of(const Plan& plan) {
  std::vector<std::string> roles;
  for (const auto& [role, state] : plan.given) roles.push_back(role);
  return roles;
}

/// What a line of an act may name of the testbed's listeners, as far as it is known before a run.
targets::TextPairs values_of(const targets::TestbedFile& file) {
  targets::TextPairs values;
  for (const targets::TestbedListener& listener : file.listeners) {
    const bool has_port = listener.address.port != 0;
    values.emplace_back(listener.name + ".host", listener.reached.empty()
                                                     ? targets::ip_text(listener.address)
                                                     : listener.reached);
    values.emplace_back(listener.name + ".port",
                        has_port ? std::to_string(listener.address.port) : "PORT");
    values.emplace_back(listener.name + ".community",
                        listener.community ? "COMMUNITY" : listener.revealed);
  }
  return values;
}

void add_logins(const targets::LoadedTestbed& testbed, Lines& lines) {
  const auto add = [&](const std::string& name, const targets::Credentials& login, bool is_secret) {
    if (login.user.empty()) return;
    lines.add(name + ", asked for a login", login.user);
    lines.add(name + ", asked for a password", is_secret ? "********" : "an empty line");
  };
  const targets::TestbedFile& file = testbed.file;
  for (const targets::TestbedNode& node : file.nodes)
    if (targets::has_console(file, node))
      add(node.name, targets::login_of(testbed, node), node.password.has_value());
  if (file.management)
    add("management", file.management->login, file.management->password.has_value());
}

/// Keys that answer what a console shows by itself.
void add_keys(const targets::ConsoleWords& words, Lines& lines) {
  lines.add_bytes("each console, where it is silent", words.wake);
  for (const auto& pager : words.pagers) lines.add_bytes("each console, at a page", pager.key);
  for (const auto& question : words.questions)
    lines.add_bytes(fmt::format("each console, asked {} where no act has a reply", question.name),
                    question.cancel);
  lines.add_bytes("each console, where a command hangs", words.interrupt);
}

Questions questions_of(const targets::LoadedTestbed& testbed) {
  const targets::Dialect& dialect = *testbed.dialect;
  Questions questions;
  const auto add = [&](const std::string& attribute, const std::string& purpose) {
    if (const auto read = targets::read_for(dialect, attribute))
      questions.add(dialect.reads[*read].command, purpose);
  };
  const bool has_names =
      testbed.file.management || std::ranges::any_of(testbed.file.nodes, [](const auto& node) {
        return !node.identity.empty();
      });
  if (has_names) add(dialect.node_identity, "whose it is");
  for (const auto& [attribute, value] : testbed.file.identity) add(attribute, "whose it is");
  if (targets::has_custody(testbed.file))
    for (const targets::CustodyRule& rule : dialect.custody)
      add(rule.attribute, "to take " + rule.name);
  for (const targets::Read& read : dialect.reads) questions.add(read.command, "to read");
  for (const std::string& command : dialect.collect) questions.add(command, "after a failure");
  return questions;
}

/// What custody sends after a case that changed something.
void add_custody(const targets::LoadedTestbed& testbed, Lines& lines) {
  if (!targets::has_custody(testbed.file)) return;
  for (const targets::CustodyRule& rule : testbed.dialect->custody) {
    const std::string who =
        fmt::format("{}, to put {} back {}{}", rule.is_sent_to_leader ? "leader" : "each node",
                    rule.name, rule.attribute.empty() ? "at the end" : "where it changed",
                    rule.hazard == "wears-flash" ? ", which wears flash" : "");
    for (const std::string& line : rule.before) lines.add(who, line);
    for (const auto& [pattern, line] : rule.undo)
      if (!line.empty()) lines.add(who, fmt::format("{} (undoes {})", line, pattern.text()));
    for (const std::string& line : rule.send) lines.add(who, line);
    for (const std::string& line : rule.after) lines.add(who, line);
    for (const auto& [question, reply] : rule.replies)
      lines.add_bytes(fmt::format("{}, if asked {}", who, question), reply);
  }
}

bool is_power(const std::string& word) {
  return word == "lose" || word == "power-off" || word == "power-on";
}

/// By which outlets, or by whose hands, power comes and goes.
std::string power_text(const Act& act, const targets::TestbedFile& file) {
  std::string text;
  const auto named = targets::items_of(act.arguments.value("node", Json()));
  const bool is_of_all = std::ranges::find(named, "chassis") != named.end();
  for (const targets::TestbedOutlet& outlet : file.outlets) {
    if (!is_of_all && outlet.feeds.size() > 1) continue;
    std::vector<std::string> fed;
    for (const std::size_t node : outlet.feeds) fed.push_back(file.nodes[node].name);
    const std::string who = fmt::format("outlet {} of {}", outlet.name, fmt::join(fed, ", "));
    const auto& command = act.word == "power-on" ? outlet.on : outlet.off;
    text += fmt::format("    {}: {}\n", who, fmt::join(command, " "));
    if (!outlet.state.empty())
      text += fmt::format("    {}: {}\n", who, fmt::join(outlet.state, " "));
  }
  const bool has_operator = std::ranges::any_of(
      file.nodes, [](const targets::TestbedNode& node) { return node.power == "operator"; });
  if (text.empty() && has_operator && file.is_attended)
    text = fmt::format("    by hand, asked for at the terminal: {}\n", to_text(act));
  return text;
}

std::string bench_text(const Act& act, const targets::TestbedFile& file) {
  const std::string text = fmt::format("  bench: {}\n", to_text(act));
  for (const auto& [word, command] : file.hands) {
    if (word != act.word) continue;
    const bool is_operator = command == std::vector<std::string>{"operator"};
    return text + (is_operator
                       ? fmt::format("    by hand, asked for at the terminal: {}\n", to_text(act))
                       : fmt::format("    hand: {}\n", fmt::join(command, " ")));
  }
  return is_power(act.word) ? text + power_text(act, file) : text;
}

/// What brings a device back that a case left down, where waiting does not.
std::string recovery_text(const targets::LoadedTestbed& testbed) {
  if (!targets::has_custody(testbed.file)) return {};
  const std::string who = "where a case leaves the device down";
  Lines lines;
  const Act reboot{"reboot", {{"node", "chassis"}, {"answer", "discard"}}};
  const auto sent = targets::console_acts(*testbed.dialect, reboot, testbed.capabilities.nodes, "",
                                          values_of(testbed.file));
  if (sent) {
    for (const targets::ConsoleAct& one : *sent) {
      for (const std::string& line : one.lines) lines.add(one.node + ", " + who, line);
      for (const auto& [question, reply] : one.replies)
        lines.add_bytes(fmt::format("{}, {}, if asked {}", one.node, who, question), reply);
    }
  }
  const auto& allow = testbed.capabilities.allow;
  if (std::ranges::find(allow, "disrupts") == allow.end()) return lines.text();
  for (const targets::TestbedOutlet& outlet : testbed.file.outlets)
    for (const auto* command : {&outlet.off, &outlet.on})
      lines.add(fmt::format("outlet {}, {}", outlet.name, who),
                fmt::format("{}", fmt::join(*command, " ")));
  return lines.text();
}

Result<std::vector<targets::ConsoleAct>> sent_by(const Act& act, const Plan& plan,
                                                 const targets::LoadedTestbed& testbed) {
  return targets::console_acts(*testbed.dialect, act, roles_of(plan), "", values_of(testbed.file));
}

/// Lines that wear the flash of a node, or of a role.
void count_flash(const Plan& plan, const targets::LoadedTestbed& testbed,
                 std::map<std::string, std::size_t>& writes) {
  if (!plan.not_run.empty()) return;
  for (const PlannedStep& step : plan.steps) {
    for (const Act& act : step.step.acts) {
      const targets::ActRule* rule = targets::find_act(*testbed.dialect, act.word);
      if (rule == nullptr || rule->hazard != "wears-flash") continue;
      const auto sent = sent_by(act, plan, testbed);
      if (!sent) continue;
      for (const targets::ConsoleAct& one : *sent)
        if (!one.is_cancelled) writes[one.node] += one.lines.size();
    }
  }
}

std::string counts_text(const std::map<std::string, std::size_t>& writes) {
  std::vector<std::string> parts;
  for (const auto& [node, count] : writes) parts.push_back(fmt::format("{} {}", node, count));
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

std::string dry_text_of_all(const targets::LoadedTestbed& testbed) {
  Lines lines;
  add_keys(testbed.dialect->console, lines);
  add_logins(testbed, lines);
  std::string text = "any case\n" + lines.text();
  const std::string asked = questions_of(testbed).text();
  Lines more;
  for (const std::string& line : testbed.dialect->setup)
    more.add("each console, after login", line);
  add_custody(testbed, more);
  if (testbed.file.snmp) {
    const targets::SnmpWords& words = testbed.dialect->snmp;
    if (words.node) more.add("SNMP get of " + testbed.file.snmp->address, words.node->oid);
    for (const targets::OidRule& rule : words.attributes)
      more.add("SNMP get of " + testbed.file.snmp->address, rule.oid);
  }
  if (!testbed.file.prepare.empty())
    more.add("bench, before each case", fmt::format("{}", fmt::join(testbed.file.prepare, " ")));
  return text + asked + more.text() + recovery_text(testbed);
}

std::string dry_text(const Plan& plan, const targets::LoadedTestbed& testbed) {
  std::string text = plan.id + "\n";
  if (!plan.not_run.empty()) return text + fmt::format("  not run: {}\n", plan.not_run);
  for (const PlannedStep& step : plan.steps) {
    for (const Act& act : step.step.acts) {
      const auto sent = sent_by(act, plan, testbed);
      if (!sent) {
        text += bench_text(act, testbed.file);
        continue;
      }
      for (const targets::ConsoleAct& one : *sent) {
        for (const std::string& line : one.lines) text += fmt::format("  {}: {}\n", one.node, line);
        for (const auto& [question, reply] : one.replies)
          text += fmt::format("  {}, if asked {}: {}\n", one.node, question,
                              Json(reply).dump(-1, ' ', true));
      }
    }
  }
  std::map<std::string, std::size_t> writes;
  count_flash(plan, testbed, writes);
  if (!writes.empty()) text += fmt::format("  flash writes: {}\n", counts_text(writes));
  return text;
}

std::string flash_text(std::span<const Plan> plans, const targets::LoadedTestbed& testbed) {
  std::map<std::string, std::size_t> writes;
  for (const Plan& plan : plans) count_flash(plan, testbed, writes);
  std::string text = fmt::format("flash writes: {}", writes.empty() ? "none" : counts_text(writes));
  if (targets::has_custody(testbed.file)) {
    const auto wears = std::ranges::count(testbed.dialect->custody, std::string("wears-flash"),
                                          &targets::CustodyRule::hazard);
    if (wears > 0) text += "; custody adds one for each thing in flash that a case left changed";
  }
  return text + "\n";
}

}  // namespace understudy::app

// The custody of a dialect: what is taken of a device before a run changes anything, and how it is
// put back.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "targets/device/dialect_reader.h"

namespace understudy::targets {

namespace {

/// Every {placeholder} of a line is one of `known`.
void check_placeholders(const yaml::Node& node, const std::string& text,
                        const std::vector<std::string>& known, yaml::Problems& problems) {
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    const std::string name = text.substr(at + 1, text.find('}', at) - at - 1);
    if (std::ranges::find(known, name) != known.end()) continue;
    auto hint = did_you_mean(name, known);
    if (hint.empty()) hint = fmt::format("there is: {}", fmt::join(known, ", "));
    yaml::add(problems, node, fmt::format("custody has no value for {{{}}}", name), hint);
  }
}

void undo_from(const yaml::Node& node, CustodyRule& rule, yaml::Problems& problems) {
  const std::string shape = "undo: [{'create vlan (?<name>.+)': 'delete vlan {name}'}]";
  if (!node.is_list())
    return yaml::add(problems, node, "`undo` is a list of {line: what undoes it}", shape);
  for (const auto& item : node.items) {
    if (!item.is_map() || item.entries.size() != 1) {
      yaml::add(problems, item, "an undo is {line: what undoes it}", shape);
      continue;
    }
    const auto& [key, value] = item.entries.front();
    auto pattern = pattern_from(key, "a line", problems);
    const auto text = yaml::text_from(value, "what undoes it", problems).value_or("");
    check_placeholders(value, text, pattern.groups(), problems);
    rule.undo.emplace_back(std::move(pattern), text);
  }
}

void replies_from(const yaml::Node& node, const Dialect& dialect, CustodyRule& rule,
                  yaml::Problems& problems) {
  std::vector<std::string> questions;
  for (const auto& question : dialect.console.questions) questions.push_back(question.name);
  for (const auto& entry : node.entries) choice_from(entry.key, "a question", questions, problems);
  rule.replies = pairs_from(node, "replies", problems);
}

void lines_from(const yaml::Node& node, const Dialect& dialect, CustodyRule& rule,
                yaml::Problems& problems) {
  std::vector<std::string> known{"node"};
  for (const auto& group : dialect.node_names.groups()) known.push_back(group);
  if (!rule.attribute.empty()) known.emplace_back("value");
  if (rule.is_text()) known.emplace_back("line");
  if (const auto* send = yaml::find(node, "put-back")) {
    rule.send = yaml::texts_from(*send, "put-back", problems);
    for (const auto& text : rule.send) check_placeholders(*send, text, known, problems);
  } else if (rule.is_text()) {
    rule.send = {"{line}"};
  }
  if (rule.send.empty())
    yaml::add(problems, node, fmt::format("the custody of `{}` says nothing to send", rule.name),
              "put-back: LINE, with {value}");
  if (const auto* within = yaml::find(node, "within")) {
    const auto texts = yaml::texts_from(*within, "within", problems);
    if (texts.size() != 2)
      return yaml::add(problems, *within, "`within` is what is sent before and after",
                       "within: [configure, end]");
    rule.before = {texts.front()};
    rule.after = {texts.back()};
  }
}

}  // namespace

CustodyRule custody_from(const yaml::Entry& entry, const Dialect& dialect,
                         yaml::Problems& problems) {
  CustodyRule rule;
  rule.name = entry.key.text;
  const yaml::Node& node = entry.value;
  if (!yaml::check_keys(node, fmt::format("the custody of `{}`", rule.name), {},
                        {"take", "of", "on", "hazard", "put-back", "undo", "defaults", "within",
                         "block-end", "replies", "limit", "hint", "tells"},
                        problems))
    return rule;
  const auto text = [&](const char* key) {
    const auto* found = yaml::find(node, key);
    return found ? yaml::text_from(*found, key, problems).value_or("") : std::string();
  };
  const auto choice = [&](const char* key, const std::vector<std::string>& known) {
    const auto* found = yaml::find(node, key);
    return found ? choice_from(*found, key, known, problems).value_or(0) : 0;
  };
  rule.attribute = text("take");
  const auto known = attributes_of(dialect);
  if (!rule.attribute.empty() && !read_for(dialect, rule.attribute))
    yaml::add(problems, *yaml::find(node, "take"),
              fmt::format("no read tells `{}`", rule.attribute),
              did_you_mean(rule.attribute, known));
  const std::vector<std::string> owners{"node", "chassis", "session"};
  const std::string of = owners[choice("of", owners)];
  rule.is_of_chassis = of == "chassis";
  rule.is_of_session = of == "session";
  if (rule.attribute.empty() && !rule.is_of_session)
    yaml::add(problems, node, fmt::format("the custody of `{}` takes nothing", rule.name),
              "take: ATTRIBUTE; only what is `of: session` may be sent blindly");
  rule.is_sent_to_leader = rule.is_of_chassis || choice("on", {"node", "leader"}) == 1;
  const std::vector<std::string> hazards{"reads", "changes", "disrupts", "wears-flash"};
  rule.hazard = rule.is_of_session ? "reads" : "changes";
  if (yaml::find(node, "hazard")) rule.hazard = hazards[choice("hazard", hazards)];
  if (const auto* undo = yaml::find(node, "undo")) undo_from(*undo, rule, problems);
  if (const auto* defaults = yaml::find(node, "defaults"))
    rule.defaults = patterns_from(*defaults, "defaults", problems);
  constexpr std::array sent_words{"put-back", "undo",      "defaults", "within", "on",
                                  "hazard",   "block-end", "replies",  "limit",  "hint"};
  rule.tells = text("tells");
  if (rule.tells.empty()) {
    lines_from(node, dialect, rule, problems);
  } else if (rule.is_of_session || std::ranges::any_of(sent_words, [&](const char* key) {
               return yaml::find(node, key) != nullptr;
             })) {
    yaml::add(problems, node,
              fmt::format("the custody of `{}` tells, so that it sends nothing", rule.name),
              "`tells` stands beside `take` and `of: chassis` or `of: node`");
  }
  rule.block_end = text("block-end");
  if (const auto* replies = yaml::find(node, "replies"))
    replies_from(*replies, dialect, rule, problems);
  if (const auto* limit = yaml::find(node, "limit"))
    rule.limit = duration_in(*limit, "limit", problems);
  rule.hint = text("hint");
  return rule;
}

}  // namespace understudy::targets

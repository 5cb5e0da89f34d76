// The acts of a dialect: forms, lines, replies.
#include <fmt/format.h>

#include <algorithm>

#include "harness/words.h"
#include "targets/device/dialect_reader.h"

namespace understudy::targets {

namespace {

/// `{each: add.vlans, send: [...]}`: all lines for one item, then for the next.
ActLine line_from(const yaml::Node& node, yaml::Problems& problems) {
  if (node.is_scalar()) return {{yaml::text_from(node, "a line", problems).value_or("")}, ""};
  ActLine line;
  if (!yaml::check_keys(node, "a line", {"each", "send"}, {}, problems)) return line;
  if (const auto* each = yaml::find(node, "each"))
    line.each = yaml::text_from(*each, "each", problems).value_or("");
  if (const auto* send = yaml::find(node, "send"))
    line.texts = yaml::texts_from(*send, "send", problems);
  return line;
}

std::vector<ActLine> lines_from(const yaml::Node& node, yaml::Problems& problems) {
  if (!node.is_list()) return {line_from(node, problems)};
  std::vector<ActLine> lines;
  for (const auto& item : node.items) lines.push_back(line_from(item, problems));
  return lines;
}

/// What may stand in braces, or in `when` and `each`: the arguments that the vocabulary gives the
/// act.
std::vector<std::string> arguments_of(const std::string& word) {
  std::vector<std::string> names;
  if (const auto* act = understudy::find_act(word))
    for (const auto& argument : act->arguments) names.emplace_back(argument.name);
  return names;
}

void check_name(const yaml::Node& node, const std::string& name,
                const std::vector<std::string>& known, yaml::Problems& problems) {
  if (std::ranges::find(known, name) != known.end()) return;
  auto hint = did_you_mean(name, known);
  if (hint.empty()) hint = fmt::format("it has: {}", fmt::join(known, ", "));
  yaml::add(problems, node, fmt::format("the act has no `{}`", name), hint);
}

/// Every {placeholder} of every line has a value when the act is carried out.
void check_form(const yaml::Node& node, const std::string& word, const Dialect& dialect,
                const ActForm& form, yaml::Problems& problems) {
  const auto arguments = arguments_of(word);
  for (const auto& [name, value] : form.when) check_name(node, name, arguments, problems);
  auto known = arguments;
  for (const auto& group : dialect.node_names.groups())
    known.insert(known.end(), {group, "of." + group});
  for (const ListenerWord& listener : listener_words())
    for (const char* part : {".host", ".port", ".community"})
      if (listener.is_told_unasked) known.push_back(std::string(listener.name) + part);
  for (const auto& line : form.lines) {
    if (!line.each.empty())
      check_name(node, line.each.substr(0, line.each.find('.')), arguments, problems);
    auto in_line = known;
    if (!line.each.empty()) in_line.emplace_back("item");
    for (const auto& text : line.texts)
      for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1))
        check_name(node, text.substr(at + 1, text.find('}', at) - at - 1), in_line, problems);
  }
}

ActForm form_from(const yaml::Node& node, yaml::Problems& problems) {
  ActForm form;
  if (!yaml::check_keys(node, "a form of an act", {"send"},
                        {"when", "on", "boots", "ends-session", "refused", "accepted"}, problems))
    return form;
  if (const auto* send = yaml::find(node, "send")) form.lines = lines_from(*send, problems);
  if (const auto* when = yaml::find(node, "when")) form.when = pairs_from(*when, "when", problems);
  if (const auto* on = yaml::find(node, "on"))
    form.on =
        static_cast<ActForm::On>(choice_from(*on, "on", {"node", "leader"}, problems).value_or(0));
  if (const auto* boots = yaml::find(node, "boots"))
    form.boots = static_cast<ActForm::Boots>(
        choice_from(*boots, "boots", {"nothing", "node", "self", "chassis"}, problems).value_or(0));
  if (const auto* ends = yaml::find(node, "ends-session"))
    form.ends_session = yaml::flag_from(*ends, "ends-session", problems).value_or(false);
  if (const auto* refused = yaml::find(node, "refused"))
    form.refused = pattern_from(*refused, "refused", problems);
  if (const auto* accepted = yaml::find(node, "accepted"))
    form.accepted = pattern_from(*accepted, "accepted", problems);
  return form;
}

void replies_from(const yaml::Node& node, const Dialect& dialect, ActRule& rule,
                  yaml::Problems& problems) {
  if (!node.is_map()) {
    yaml::add(problems, node, "`replies` is a map from question to {answer: what is sent}");
    return;
  }
  std::vector<std::string> questions;
  for (const auto& question : dialect.console.questions) questions.push_back(question.name);
  for (const auto& entry : node.entries) {
    if (!choice_from(entry.key, "a question", questions, problems)) continue;
    rule.replies.emplace_back(entry.key.text, pairs_from(entry.value, "replies", problems));
  }
}

}  // namespace

ActRule act_from(const yaml::Entry& entry, const Dialect& dialect, yaml::Problems& problems) {
  ActRule rule;
  rule.word = entry.key.text;
  const yaml::Node& node = entry.value;
  const auto words = names_of(act_words());
  if (!understudy::find_act(rule.word))
    yaml::add(problems, entry.key, fmt::format("suites have no act `{}`", rule.word),
              did_you_mean(rule.word, words));
  if (!yaml::check_keys(node, fmt::format("the act `{}`", rule.word), {"hazard", "forms"},
                        {"replies", "cancelled-by", "limit"}, problems))
    return rule;
  const std::vector<std::string> hazards{"reads", "changes", "disrupts", "wears-flash",
                                         "may-brick"};
  if (const auto* hazard = yaml::find(node, "hazard"))
    if (const auto found = choice_from(*hazard, "hazard", hazards, problems))
      rule.hazard = hazards[*found];
  if (const auto* forms = yaml::find(node, "forms")) {
    if (!forms->is_list()) yaml::add(problems, *forms, "`forms` is a list");
    for (const auto& form : forms->items) {
      rule.forms.push_back(form_from(form, problems));
      check_form(form, rule.word, dialect, rule.forms.back(), problems);
    }
  }
  if (const auto* replies = yaml::find(node, "replies"))
    replies_from(*replies, dialect, rule, problems);
  if (const auto* cancelled = yaml::find(node, "cancelled-by"))
    rule.cancelled_by = yaml::texts_from(*cancelled, "cancelled-by", problems);
  if (const auto* limit = yaml::find(node, "limit"))
    rule.limit = duration_in(*limit, "limit", problems);
  return rule;
}

}  // namespace understudy::targets

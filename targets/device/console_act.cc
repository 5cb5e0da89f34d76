#include "targets/device/console_act.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace understudy::targets {

namespace {

constexpr std::size_t most_items = 100'000;

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void add_items(const std::string& text, std::vector<std::string>& items) {
  static const DialectPattern range =
      *DialectPattern::compile(R"((?<first>\d{1,9})-(?<last>\d{1,9}))", "");
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    std::string one = text.substr(at, end - at);
    at = end + 1;
    one.erase(0, one.find_first_not_of(' '));
    one.erase(one.find_last_not_of(' ') + 1);
    if (one.empty()) continue;
    if (!range.is_all_of(one)) {
      items.push_back(one);
      continue;
    }
    const auto found = range.find(one);
    const long first = std::atol(found->groups[0].second.c_str());
    const long last = std::atol(found->groups[1].second.c_str());
    for (long number = first; number <= last && items.size() < most_items; ++number)
      items.push_back(std::to_string(number));
  }
}

std::string argument(const Act& act, const std::string& name) {
  const auto found = act.arguments.find(name);
  return found == act.arguments.end() ? std::string() : text_of(*found);
}

bool fits(const ActForm& form, const Act& act) {
  return std::ranges::all_of(form.when, [&](const auto& when) {
    const auto found = act.arguments.find(when.first);
    return found != act.arguments.end() && (when.second == "*" || text_of(*found) == when.second);
  });
}

const ActForm* form_for(const ActRule& rule, const Act& act) {
  const auto found =
      std::ranges::find_if(rule.forms, [&](const auto& form) { return fits(form, act); });
  return found == rule.forms.end() ? nullptr : &*found;
}

/// What stands for {name} in a line.
class Filler {
 public:
  Filler(const Dialect& dialect, const Act& act, const std::string& node, TextPairs values)
      : act_(act), values_(std::move(values)) {
    const std::string of = act.arguments.contains("of") ? argument(act, "of") : node;
    values_.emplace_back("node", node);
    values_.emplace_back("of", of);
    if (const auto found = dialect.node_names.find(node))
      for (const auto& [name, value] : found->groups) values_.emplace_back(name, value);
    if (const auto found = dialect.node_names.find(of))
      for (const auto& [name, value] : found->groups) values_.emplace_back("of." + name, value);
  }

  Result<std::string> fill(const std::string& text, const std::string& item) const {
    std::string line;
    for (std::size_t at = 0; at < text.size();) {
      const auto open = std::min(text.find('{', at), text.size());
      line += text.substr(at, open - at);
      if (open == text.size()) break;
      const auto close = text.find('}', open);
      const std::string name = text.substr(open + 1, close - open - 1);
      const auto value = name == "item" ? std::optional(item) : value_of(name);
      if (!value) return fail("", fmt::format("`{}` has no value for {{{}}}", act_.word, name));
      line += *value;
      at = close + 1;
    }
    return line;
  }

 private:
  std::optional<std::string> value_of(const std::string& name) const {
    for (const auto& [known, value] : values_)
      if (known == name) return value;
    if (act_.arguments.contains(name)) return argument(act_, name);
    return std::nullopt;
  }

  const Act& act_;
  TextPairs values_;
};

/// "add.vlans" in {add: {vlans: [...]}}; null if it is not there.
const Json* value_at(const Json& arguments, const std::string& path) {
  const auto dot = path.find('.');
  const auto found = arguments.find(path.substr(0, dot));
  if (found == arguments.end()) return nullptr;
  if (dot == std::string::npos) return &*found;
  return found->is_object() ? value_at(*found, path.substr(dot + 1)) : nullptr;
}

/// The first argument that no line and no `when` of the form uses.
std::string unused_argument(const ActForm& form, const Act& act) {
  const auto is_used = [&](const std::string& path, const std::string& name) {
    for (const auto& [when, value] : form.when)
      if (when == name) return true;
    for (const auto& line : form.lines) {
      if (line.each == path) return true;
      for (const auto& text : line.texts)
        if (text.find("{" + name + "}") != std::string::npos) return true;
    }
    return false;
  };
  for (const auto& [name, value] : act.arguments.items()) {
    if (name == "node" || name == "of" || name == "answer") continue;
    if (!value.is_object()) {
      if (!is_used(name, name)) return name;
      continue;
    }
    for (const auto& [key, below] : value.items())
      if (!is_used(name + "." + key, name + "." + key)) return name + "." + key;
  }
  return {};
}

void add_replies(const ActRule& rule, const std::string& answer, ConsoleAct& act) {
  for (const auto& [question, replies] : rule.replies) {
    const auto pick = [&](const std::string& key) {
      return std::ranges::find(replies, key, &std::pair<std::string, std::string>::first);
    };
    auto found = pick(answer);
    if (found == replies.end()) found = pick("otherwise");
    if (found != replies.end()) act.replies.emplace_back(question, found->second);
  }
}

Result<ConsoleAct> console_act(const Dialect& dialect, const ActRule& rule, const Act& act,
                               const std::vector<std::string>& nodes, const std::string& leader,
                               const TextPairs& values) {
  const ActForm* form = form_for(rule, act);
  if (!form)
    return fail("", fmt::format("the dialect {} has no form of `{}` for {}", dialect.name, act.word,
                                act.arguments.dump()));
  if (const auto unused = unused_argument(*form, act); !unused.empty())
    return fail("",
                fmt::format("the dialect {} has no `{}` with {}", dialect.name, act.word, unused));
  ConsoleAct planned;
  const std::string node = argument(act, "node");
  planned.node = form->on == ActForm::On::Leader ? (leader.empty() ? "leader" : leader) : node;
  const Filler filler(dialect, act, node, values);
  for (const auto& line : form->lines) {
    std::vector<std::string> items{""};
    if (!line.each.empty()) {
      const Json* value = value_at(act.arguments, line.each);
      items = value ? items_of(*value) : std::vector<std::string>{};
    }
    for (const auto& item : items)
      for (const auto& text : line.texts) {
        auto filled = filler.fill(text, item);
        if (!filled) return tl::unexpected(filled.error());
        planned.lines.push_back(std::move(*filled));
      }
  }
  if (planned.lines.empty())
    return fail("", fmt::format("`{}` on {} says nothing to do", act.word, node));
  const std::string answer = argument(act, "answer");
  add_replies(rule, answer, planned);
  planned.is_cancelled = std::ranges::find(rule.cancelled_by, answer) != rule.cancelled_by.end();
  planned.ends_session = form->ends_session || form->boots != ActForm::Boots::Nothing;
  planned.refused = form->refused;
  planned.accepted = form->accepted;
  planned.limit = rule.limit;
  switch (form->boots) {
    case ActForm::Boots::Nothing:
      break;
    case ActForm::Boots::Node:
      planned.boots = {node};
      break;
    case ActForm::Boots::Self:
      planned.boots = {planned.node};
      break;
    case ActForm::Boots::Chassis:
      planned.boots = nodes;
      break;
  }
  return planned;
}

}  // namespace

std::vector<std::string> items_of(const Json& value) {
  std::vector<std::string> items;
  if (value.is_array())
    for (const auto& one : value) {
      const auto below = items_of(one);
      items.insert(items.end(), below.begin(), below.end());
    }
  else
    add_items(text_of(value), items);
  return items;
}

Result<std::string> filled(const Dialect& dialect, const Act& act, const std::string& node,
                           const std::string& text) {
  return Filler(dialect, act, node, {}).fill(text, "");
}

bool needs_leader(const Dialect& dialect, const Act& act) {
  const auto* rule = find_act(dialect, act.word);
  const auto* form = rule ? form_for(*rule, act) : nullptr;
  return form && form->on == ActForm::On::Leader;
}

Result<std::vector<ConsoleAct>> console_acts(const Dialect& dialect, const Act& act,
                                             const std::vector<std::string>& nodes,
                                             const std::string& leader, const TextPairs& values) {
  const auto* rule = find_act(dialect, act.word);
  if (!rule) return fail("", fmt::format("the dialect {} has no `{}`", dialect.name, act.word));
  std::vector<std::string> subjects;
  if (const auto found = act.arguments.find("node"); found != act.arguments.end())
    subjects = found->is_array() ? items_of(*found) : std::vector{text_of(*found)};
  if (subjects.empty()) return fail("", fmt::format("`{}` names no node", act.word));
  std::vector<ConsoleAct> planned;
  for (const auto& subject : subjects) {
    if (subject != "chassis" && std::ranges::find(nodes, subject) == nodes.end())
      return fail("", fmt::format("`{}`: there is no node {}", act.word, subject),
                  did_you_mean(subject, nodes));
    Act one = act;
    one.arguments["node"] = subject;
    auto console = console_act(dialect, *rule, one, nodes, leader, values);
    if (!console) return tl::unexpected(console.error());
    if (console->node == "chassis" || console->node.empty())
      return fail("", fmt::format("`{}` is for one node, not for the chassis", act.word));
    planned.push_back(std::move(*console));
  }
  return planned;
}

}  // namespace understudy::targets

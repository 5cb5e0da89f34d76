#include "harness/names.h"

#include <algorithm>

#include "harness/words.h"

namespace understudy {
namespace {

bool is_name(const std::string& text) {
  return text.size() > 1 && text.front() == '$';
}

std::string value_of(const Bindings& bindings, const std::string& text,
                     std::vector<std::string>& unknown) {
  if (!is_name(text)) return text;
  const std::string name = text.substr(1);
  if (const auto value = bindings.values.find(name); value != bindings.values.end()) {
    if (value->second) return *value->second;
  } else if (const auto role = bindings.roles.find(name); role != bindings.roles.end()) {
    return role->second;
  }
  unknown.push_back(name);
  return text;
}

/// Arguments are small trees; `takes_nodes` says that plain texts in this one are roles.
Json bound(const Json& tree, bool takes_nodes, const Bindings& bindings,
           std::vector<std::string>& unknown) {
  if (tree.is_string()) {
    const std::string text = value_of(bindings, tree.get<std::string>(), unknown);
    return takes_nodes ? node_of(bindings, text) : text;
  }
  Json copy = tree;
  if (tree.is_structured()) {
    for (Json& part : copy) part = bound(part, takes_nodes, bindings, unknown);
  }
  return copy;
}

/// A word that our table does not have comes from a lab; there `node`, `from` and `to` are nodes.
bool takes_nodes(const std::string& word, const std::string& argument) {
  const ActWord* act = find_act(word);
  const ArgumentWord* known = act != nullptr ? find_argument(*act, argument) : nullptr;
  if (known == nullptr) return argument == "node" || argument == "from" || argument == "to";
  return known->type == ArgumentType::Node || known->type == ArgumentType::Nodes;
}

}  // namespace

std::string node_of(const Bindings& bindings, const std::string& name) {
  const auto role = bindings.roles.find(is_name(name) ? name.substr(1) : name);
  return role != bindings.roles.end() ? role->second : name;
}

Condition with_names(const Condition& condition, const Bindings& bindings,
                     std::vector<std::string>& unknown) {
  Condition copy = condition;
  for (Term& term : copy.terms) {
    term.subject = node_of(bindings, term.subject);
    term.observer = node_of(bindings, term.observer);
    for (Value& value : term.matcher.values) value = value_of(bindings, value, unknown);
  }
  return copy;
}

Act with_names(const Act& act, const Bindings& bindings, std::vector<std::string>& unknown) {
  Act copy{act.word, Json::object()};
  for (const auto& [name, argument] : act.arguments.items()) {
    copy.arguments[name] = bound(argument, takes_nodes(act.word, name), bindings, unknown);
  }
  return copy;
}

bool is_counted_from_act(const std::string& attribute) {
  if (attribute == "boots") return true;
  return std::ranges::any_of(listener_words(), [&](const ListenerWord& word) {
    return word.is_told_unasked &&
           (attribute == word.name || attribute.starts_with(std::string(word.name) + "."));
  });
}

bool is_about_the_act(const std::string& attribute) {
  return attribute == "asked" || attribute == "answered";
}

}  // namespace understudy

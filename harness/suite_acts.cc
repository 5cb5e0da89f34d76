#include <fmt/format.h>

#include <algorithm>

#include "harness/suite_reader.h"
#include "harness/words.h"

namespace understudy::loading {
namespace {

/// "answer of reboot", for messages.
std::string name_of(const ActWord& act, const ArgumentWord& argument) {
  return fmt::format("`{}` of {}", argument.name, act.name);
}

Json nodes_from(Reader& reader, const Scope& scope, const yaml::Node& node,
                const std::string& what) {
  Json list = Json::array();
  for (const std::string& text : yaml::texts_from(node, what, reader.problems)) {
    check_node(reader, scope, node, text, !node.is_list());
    list.push_back(text);
  }
  if (node.is_list() && list.empty()) yaml::add(reader.problems, node, what + " names no node");
  if (node.is_list() || list.empty()) return list;
  return list.front();
}

Json settings_from(Reader& reader, const Scope& scope, const yaml::Node& node,
                   const std::string& what) {
  Json settings = Json::object();
  if (!node.is_map() || node.entries.empty()) {
    yaml::add(reader.problems, node, what + " is a map", "for example {vlans: $scratch.vlans}");
    return settings;
  }
  for (const auto& [key, value] : node.entries) {
    const auto texts = yaml::texts_from(value, fmt::format("`{}`", key.text), reader.problems);
    for (const std::string& text : texts) check_value(reader, scope, value, text);
    if (value.is_list())
      settings[key.text] = texts;
    else if (!texts.empty())
      settings[key.text] = texts.front();
  }
  return settings;
}

void check_share(Reader& reader, const Scope& scope, const yaml::Node& node,
                 const std::string& text) {
  for (const std::string& meaning : meanings(reader, scope, node, text)) {
    int percent = 0;
    const bool is_short = meaning.size() >= 2 && meaning.size() <= 4 && meaning.back() == '%';
    bool is_number = is_short;
    for (std::size_t i = 0; is_number && i + 1 < meaning.size(); ++i) {
      is_number = meaning[i] >= '0' && meaning[i] <= '9';
      percent = percent * 10 + (meaning[i] - '0');
    }
    if (!is_number || percent > 100)
      yaml::add(reader.problems, node, fmt::format("`{}` is no share", meaning), "0% to 100%");
  }
}

void check_flag(Reader& reader, const Scope& scope, const yaml::Node& node, const std::string& what,
                const std::string& text) {
  for (const std::string& meaning : meanings(reader, scope, node, text))
    if (meaning != "true" && meaning != "false")
      yaml::add(reader.problems, node, fmt::format("{} is true or false, not `{}`", what, meaning));
}

void check_link(Reader& reader, const Scope& scope, const yaml::Node& node,
                const std::string& text) {
  for (const std::string& meaning : meanings(reader, scope, node, text)) {
    if (std::find(reader.links.begin(), reader.links.end(), meaning) != reader.links.end())
      continue;
    std::string hint = did_you_mean(meaning, reader.links);
    if (hint.empty()) hint = "name it under links:";
    yaml::add(reader.problems, node, fmt::format("no link is called `{}`", meaning), hint);
  }
}

Json argument_from(Reader& reader, const Scope& scope, const ActWord& act,
                   const ArgumentWord& argument, const yaml::Node& node) {
  const std::string what = name_of(act, argument);
  if (argument.type == ArgumentType::Nodes) return nodes_from(reader, scope, node, what);
  if (argument.type == ArgumentType::Settings) return settings_from(reader, scope, node, what);
  if (argument.type == ArgumentType::Flag && node.is_scalar() && !is_name(node.text)) {
    check_flag(reader, scope, node, what, node.text);
    return node.text;
  }
  const auto text = yaml::text_from(node, what, reader.problems);
  if (!text) return nullptr;
  switch (argument.type) {
    case ArgumentType::Node:
      check_node(reader, scope, node, *text, false);
      break;
    case ArgumentType::Link:
      check_link(reader, scope, node, *text);
      break;
    case ArgumentType::Text:
      check_value(reader, scope, node, *text);
      break;
    case ArgumentType::Flag:
      check_flag(reader, scope, node, what, *text);
      break;
    case ArgumentType::Count:
      check_count(reader, scope, node, *text);
      break;
    case ArgumentType::Share:
      check_share(reader, scope, node, *text);
      break;
    case ArgumentType::Length:
      check_duration(reader, scope, node, *text);
      break;
    case ArgumentType::Nodes:
    case ArgumentType::Settings:
      break;
  }
  return *text;
}

/// The act's entries as name and value: what stands behind the word is its first argument.
std::vector<std::pair<std::string, const yaml::Node*>> arguments_of(Reader& reader,
                                                                    const ActWord& act,
                                                                    const yaml::Node& node) {
  std::vector<std::pair<std::string, const yaml::Node*>> arguments;
  const yaml::Node& main = node.entries.front().value;
  if (main.is_map()) {
    for (const auto& [key, value] : main.entries) arguments.emplace_back(key.text, &value);
    if (node.entries.size() > 1)
      yaml::add(reader.problems, node.entries[1].key,
                fmt::format("`{}` stands outside the arguments of {}", node.entries[1].key.text,
                            act.name),
                "put it into the braces; several acts at once are a list");
    return arguments;
  }
  if (!main.is_empty()) arguments.emplace_back(std::string(act.arguments.front().name), &main);
  for (std::size_t i = 1; i < node.entries.size(); ++i)
    arguments.emplace_back(node.entries[i].key.text, &node.entries[i].value);
  return arguments;
}

std::optional<Act> act_from(Reader& reader, const Scope& scope, const yaml::Node& node) {
  if (!node.is_map() || node.entries.empty()) {
    yaml::add(reader.problems, node, "an act is a word with its arguments",
              "for example {lose: master}");
    return std::nullopt;
  }
  const yaml::Node& key = node.entries.front().key;
  const ActWord* word = find_act(key.text);
  if (word == nullptr) {
    std::string hint = did_you_mean(key.text, names_of(act_words()));
    if (hint.empty()) hint = "`understudy words` lists the acts";
    yaml::add(reader.problems, key, fmt::format("the act `{}` is not known", key.text), hint);
    return std::nullopt;
  }
  Act act{key.text, Json::object()};
  for (const auto& [name, value] : arguments_of(reader, *word, node)) {
    const ArgumentWord* argument = find_argument(*word, name);
    if (argument == nullptr) {
      const auto known = names_of(std::span<const ArgumentWord>(word->arguments));
      std::string hint = did_you_mean(name, known);
      if (hint.empty()) hint = fmt::format("known: {}", fmt::join(known, ", "));
      yaml::add(reader.problems, *value, fmt::format("{} has no argument `{}`", word->name, name),
                hint);
    } else if (act.arguments.contains(name)) {
      yaml::add(reader.problems, *value,
                fmt::format("`{}` of {} stands here twice", name, word->name));
    } else {
      act.arguments[name] = argument_from(reader, scope, *word, *argument, *value);
    }
  }
  for (const ArgumentWord& argument : word->arguments)
    if (argument.is_required && !act.arguments.contains(argument.name))
      yaml::add(reader.problems, key, fmt::format("{} needs `{}`", word->name, argument.name),
                std::string(argument.meaning));
  return act;
}

}  // namespace

std::vector<Act> acts_from(Reader& reader, const Scope& scope, const yaml::Node& node) {
  std::vector<Act> acts;
  if (!node.is_list()) {
    if (auto act = act_from(reader, scope, node)) acts.push_back(std::move(*act));
    return acts;
  }
  if (node.items.empty()) yaml::add(reader.problems, node, "a list of acts is empty");
  for (const yaml::Node& item : node.items)
    if (auto act = act_from(reader, scope, item)) acts.push_back(std::move(*act));
  return acts;
}

}  // namespace understudy::loading

#include <fmt/format.h>

#include <algorithm>

#include "harness/limits.h"
#include "harness/suite_reader.h"

namespace understudy::loading {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const std::vector<Value>* varied_values(const Scope& scope, const std::string& name) {
  for (const auto& [key, values] : scope.varied)
    if (key == name) return &values;
  return nullptr;
}

bool is_role_name(const Scope& scope, const std::string& text) {
  return is_name(text) && contains(scope.roles, text.substr(1));
}

std::vector<std::string> limit_names(const Reader& reader) {
  std::vector<std::string> names;
  for (const Limit& limit : reader.suite.limits) names.push_back(limit.name);
  return names;
}

bool is_scratch_name(const std::string& text) {
  const std::string prefix = "$scratch.";
  if (!text.starts_with(prefix)) return false;
  const std::string rest = text.substr(prefix.size());
  const std::size_t dot = rest.find('.');
  if (!is_plain_name(rest.substr(0, dot))) return false;
  if (dot == std::string::npos) return true;
  const std::string index = rest.substr(dot + 1);
  return !index.empty() && index.size() < 4 && index[0] != '0' &&
         std::all_of(index.begin(), index.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// `$outcome` and `$outcome.NAME` are what the editions say of the clause that an expect checks.
bool names_outcome(Reader& reader, const Scope& scope, const yaml::Node& node,
                   const std::string& name) {
  if (scope.checked == nullptr) {
    yaml::add(reader.problems, node, "`$outcome` stands in an expect alone",
              "it is what the editions say of the clause that the expect checks");
    return false;
  }
  std::vector<std::string> known;
  for (const EditionOutcome& outcome : scope.checked->outcomes)
    for (const auto& [given, values] : outcome.values) known.push_back(given);
  if (contains(known, name)) return true;
  std::string hint = did_you_mean(name, known);
  if (hint.empty())
    hint = known.empty()           ? "list what each edition says under `outcomes` of the clause"
           : known.front().empty() ? "write $outcome"
                                   : fmt::format("write $outcome.{}", known.front());
  yaml::add(reader.problems, node,
            fmt::format("no outcome of `{}` is called `{}`", scope.checked->id,
                        name.empty() ? "$outcome" : name),
            hint);
  return false;
}

/// One name that is no key of vary.
bool is_defined(Reader& reader, const Scope& scope, const yaml::Node& node,
                const std::string& text) {
  const std::string name = text.substr(1);
  if (contains(scope.remembered, name) || contains(scope.roles, name)) return true;
  if (is_scratch_name(text)) return true;
  if (const auto outcome = outcome_name(text)) return names_outcome(reader, scope, node, *outcome);
  if (text.starts_with("$scratch.")) {
    yaml::add(reader.problems, node, fmt::format("`{}` is no scratch name", text),
              "$scratch.vlans, or $scratch.vlans.1 for the first alone");
    return false;
  }
  if (text.starts_with("$limits.")) {
    const auto known = limit_names(reader);
    const std::string limit = text.substr(std::string_view("$limits.").size());
    if (contains(known, limit)) return true;
    std::string hint = did_you_mean(limit, known);
    if (hint.empty()) hint = "declare it under limits:, without a value if only a lab knows it";
    yaml::add(reader.problems, node, fmt::format("the limit `{}` is not declared", text), hint);
    return false;
  }
  std::vector<std::string> known;
  for (const auto& [key, values] : scope.varied) known.push_back("$" + key);
  for (const std::string& other : scope.remembered) known.push_back("$" + other);
  std::string hint = did_you_mean(text, known);
  if (hint.empty()) hint = "a key of vary, or remembered in an earlier step";
  yaml::add(reader.problems, node, fmt::format("the name `{}` is not defined here", text), hint);
  return false;
}

void check_expression(Reader& reader, const Scope& scope, const yaml::Node& node,
                      const std::string& text, bool is_duration, bool is_inside_vary) {
  const auto names = names_in(text, yaml::where(node));
  if (!names) {
    reader.problems.push_back(names.error());
    return;
  }
  if (names->empty()) {
    const Result<void> value =
        is_duration ? evaluate(text, {}, yaml::where(node)).map([](Duration) {})
                    : evaluate_number(text, {}, yaml::where(node)).map([](std::int64_t) {});
    if (!value) reader.problems.push_back(value.error());
  }
  for (const std::string& name : *names) {
    if (!is_name(name) || name.starts_with("$limits.")) {
      if (is_name(name)) is_defined(reader, scope, node, name);
      continue;
    }
    const auto* values = is_inside_vary ? nullptr : varied_values(scope, name.substr(1));
    if (values != nullptr) {
      for (const Value& value : *values)
        check_expression(reader, scope, node, value, is_duration, true);
    } else if (is_defined(reader, scope, node, name)) {
      yaml::add(reader.problems, node,
                fmt::format("`{}` is no {}", name, is_duration ? "duration" : "whole number"),
                "use a limit, a key of vary or an expression over timing");
    }
  }
}

}  // namespace

bool is_name(const std::string& text) {
  return text.size() > 1 && text[0] == '$' &&
         ((text[1] >= 'a' && text[1] <= 'z') || (text[1] >= 'A' && text[1] <= 'Z'));
}

bool is_plain_name(const std::string& text) {
  return !text.empty() && text.size() <= 100 && text[0] >= 'a' && text[0] <= 'z' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

std::vector<std::string> meanings(Reader& reader, const Scope& scope, const yaml::Node& node,
                                  const std::string& text) {
  if (!is_name(text)) return {text};
  const auto* values = varied_values(scope, text.substr(1));
  if (values == nullptr)
    return is_defined(reader, scope, node, text) ? std::vector{text} : std::vector<std::string>{};
  std::vector<std::string> sound;
  for (const Value& value : *values)
    if (!is_name(value) || is_defined(reader, scope, node, value)) sound.push_back(value);
  return sound;
}

void check_node(Reader& reader, const Scope& scope, const yaml::Node& node, const std::string& text,
                bool is_chassis_allowed) {
  for (const std::string& meaning : meanings(reader, scope, node, text)) {
    if (is_role_name(scope, meaning) || contains(scope.roles, meaning)) continue;
    if (is_chassis_allowed && meaning == "chassis") continue;
    if (meaning == "chassis") {
      yaml::add(reader.problems, node, "`chassis` stands where one node is meant", "name a role");
      continue;
    }
    std::vector<std::string> known = scope.roles;
    if (is_chassis_allowed) known.push_back("chassis");
    std::string hint = did_you_mean(meaning, known);
    if (hint.empty()) hint = "bind it under given:";
    yaml::add(reader.problems, node, fmt::format("no role is called `{}`", meaning), hint);
  }
}

void check_value(Reader& reader, const Scope& scope, const yaml::Node& node,
                 const std::string& text) {
  for (const std::string& meaning : meanings(reader, scope, node, text)) {
    const bool is_remembered = is_name(meaning) && contains(scope.remembered, meaning.substr(1));
    if (is_remembered || (!is_role_name(scope, meaning) && !meaning.starts_with("$limits.")))
      continue;
    yaml::add(reader.problems, node, fmt::format("`{}` is no value of a switch", meaning),
              "roles stand where a node does, limits where a duration does");
  }
}

void check_duration(Reader& reader, const Scope& scope, const yaml::Node& node,
                    const std::string& text) {
  check_expression(reader, scope, node, text, true, false);
}

void check_count(Reader& reader, const Scope& scope, const yaml::Node& node,
                 const std::string& text) {
  check_expression(reader, scope, node, text, false, false);
}

std::string checks_from(Reader& reader, const yaml::Node& item) {
  const yaml::Node* node = yaml::find(item, "checks");
  if (node == nullptr) return "";
  const auto id = yaml::text_from(*node, "`checks`", reader.problems);
  if (!id) return "";
  if (find_clause(reader.suite, *id) != nullptr) return *id;
  std::vector<std::string> known;
  for (const Clause& clause : reader.suite.clauses) known.push_back(clause.id);
  yaml::add(reader.problems, *node, fmt::format("no clause is called `{}`", *id),
            did_you_mean(*id, known));
  return "";
}

}  // namespace understudy::loading

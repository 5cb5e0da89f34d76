#include <fmt/format.h>

#include <algorithm>

#include "harness/matcher.h"
#include "harness/suite_reader.h"
#include "harness/words.h"

namespace understudy::loading {
namespace {

bool is_comparing(Matcher::Kind kind) {
  return kind == Matcher::Kind::AtLeast || kind == Matcher::Kind::AtMost ||
         kind == Matcher::Kind::Above || kind == Matcher::Kind::Below;
}

/// The values behind a matcher's word, each fit for it.
void read_values(Reader& reader, const Scope& scope, const yaml::Node& node, Matcher& matcher) {
  matcher.values = yaml::texts_from(node, "what is compared with", reader.problems);
  for (const Value& value : matcher.values) {
    if (matcher.kind == Matcher::Kind::Matches) {
      const std::string problem = pattern_problem(value);
      if (!problem.empty())
        yaml::add(reader.problems, node, fmt::format("`{}` is no pattern: {}", value, problem));
      continue;
    }
    const std::size_t before = reader.problems.size();
    check_value(reader, scope, node, value);
    if (!is_comparing(matcher.kind) || reader.problems.size() > before) continue;
    for (const std::string& meaning : meanings(reader, scope, node, value))
      if (!is_name(meaning) && !is_measurable(meaning))
        yaml::add(reader.problems, node,
                  fmt::format("`{}` compares numbers, durations or percentages, not `{}`",
                              word_of(matcher.kind), meaning));
  }
}

std::optional<Matcher> word_matcher(Reader& reader, const Scope& scope, const yaml::Node& node) {
  if (node.entries.size() != 1) {
    yaml::add(reader.problems, node, "a comparison is one word and its value",
              "for example {at least: 90}");
    return std::nullopt;
  }
  const auto& [key, value] = node.entries.front();
  for (const MatcherWord& word : matcher_words()) {
    if (word.word.name != key.text) continue;
    Matcher matcher{word.kind, {}};
    if (matcher.kind == Matcher::Kind::Known) {
      if (!value.is_empty())
        yaml::add(reader.problems, value, "`known` stands without a value", "write {known: }");
      return matcher;
    }
    const bool takes_list =
        matcher.kind == Matcher::Kind::OneOf || matcher.kind == Matcher::Kind::NoneOf;
    if (value.is_list() != takes_list) {
      yaml::add(reader.problems, value,
                fmt::format("`{}` takes {}", key.text, takes_list ? "a list" : "one value"));
      return std::nullopt;
    }
    read_values(reader, scope, value, matcher);
    return matcher;
  }
  const auto known = names_of(matcher_words());
  std::string hint = did_you_mean(key.text, known);
  if (hint.empty()) hint = fmt::format("known: {}", fmt::join(known, ", "));
  yaml::add(reader.problems, key, fmt::format("`{}` compares nothing", key.text), hint);
  return std::nullopt;
}

/// Sets the term's subject: a quantifier, a role, a link or a name of a role.
bool read_subject(Reader& reader, const Scope& scope, const yaml::Node& place,
                  const std::string& subject, Term& term) {
  for (const QuantifierWord& word : quantifier_words()) {
    if (word.word.name != subject) continue;
    term.quantifier = word.quantifier;
    return true;
  }
  term.subject = subject;
  if (is_name(subject)) {
    const std::size_t before = reader.problems.size();
    check_node(reader, scope, place, subject, false);
    return reader.problems.size() == before;
  }
  std::vector<std::string> known = scope.roles;
  known.insert(known.end(), reader.links.begin(), reader.links.end());
  if (std::find(known.begin(), known.end(), subject) != known.end()) return true;
  const auto quantifiers = names_of(quantifier_words());
  known.insert(known.end(), quantifiers.begin(), quantifiers.end());
  std::string hint = did_you_mean(subject, known);
  if (hint.empty()) hint = "bind a role under given:, name a link under links:";
  yaml::add(reader.problems, place, fmt::format("no role or link is called `{}`", subject), hint);
  return false;
}

bool read_observer(Reader& reader, const Scope& scope, const yaml::Node& place,
                   const std::string& observer, Term& term) {
  Term asked;
  if (find_listener(observer)) {
    term.observer = observer;
    return true;
  }
  if (observer != "bench" && !read_subject(reader, scope, place, observer, asked)) return false;
  if (asked.quantifier != Quantifier::The) {
    yaml::add(reader.problems, place, fmt::format("`{}` cannot stand before `sees`", observer),
              "name one role or link");
    return false;
  }
  term.observer = observer;
  return true;
}

}  // namespace

bool check_attribute(Reader& reader, const yaml::Node& place, const std::string& attribute) {
  const bool is_well_formed =
      !attribute.empty() && attribute.front() >= 'a' && attribute.front() <= 'z' &&
      attribute.back() != '.' && attribute.find("..") == std::string::npos &&
      std::all_of(attribute.begin(), attribute.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
      });
  if (!is_well_formed) {
    yaml::add(reader.problems, place, fmt::format("`{}` is no attribute", attribute),
              "lower-case words with dots between: config.active");
    return false;
  }
  if (find_attribute(attribute) != nullptr) return true;
  if (find_listener(attribute.substr(0, attribute.find('.')))) return true;  // traps.NAME: a count
  if (std::find(reader.attributes.begin(), reader.attributes.end(), attribute) !=
      reader.attributes.end())
    return true;
  const std::string hint = did_you_mean(attribute, names_of(attribute_words()));
  if (hint.empty()) return true;  // a dialect's own; whether the testbed reads it, the plan says
  yaml::add(reader.problems, place, fmt::format("the attribute `{}` is not known", attribute),
            hint + " if a dialect adds it, name it under attributes:");
  return false;
}

std::optional<Term> term_from(Reader& reader, const Scope& scope, const yaml::Node& place,
                              const std::string& text) {
  Term term;
  std::string rest = text;
  const std::string sees = " sees ";
  if (const std::size_t at = text.find(sees); at != std::string::npos) {
    if (!read_observer(reader, scope, place, text.substr(0, at), term)) return std::nullopt;
    rest = text.substr(at + sees.size());
  }
  const std::size_t dot = rest.find('.');
  if (dot == std::string::npos || dot == 0) {
    yaml::add(reader.problems, place, fmt::format("`{}` names no attribute", text),
              "write role.attribute, for example master.state");
    return std::nullopt;
  }
  term.attribute = rest.substr(dot + 1);
  if (!read_subject(reader, scope, place, rest.substr(0, dot), term)) return std::nullopt;
  if (!check_attribute(reader, place, term.attribute)) return std::nullopt;
  return term;
}

std::optional<Matcher> matcher_from(Reader& reader, const Scope& scope, const yaml::Node& node) {
  if (node.is_map()) return word_matcher(reader, scope, node);
  if (node.is_empty() || (node.is_list() && node.items.empty())) {
    yaml::add(reader.problems, node, "a value to compare with is missing",
              "write {known: } if any value will do");
    return std::nullopt;
  }
  Matcher matcher{node.is_list() ? Matcher::Kind::OneOf : Matcher::Kind::Equals, {}};
  read_values(reader, scope, node, matcher);
  return matcher;
}

Condition condition_from(Reader& reader, const Scope& scope, const yaml::Node& node) {
  Condition condition;
  if (!node.is_map() || node.entries.empty()) {
    yaml::add(reader.problems, node, "a condition is a map of what is compared with what",
              "for example {backup.state: MASTER}");
    return condition;
  }
  for (const auto& [key, value] : node.entries) {
    auto term = term_from(reader, scope, key, key.text);
    auto matcher = matcher_from(reader, scope, value);
    if (!term || !matcher) continue;
    term->matcher = std::move(*matcher);
    condition.terms.push_back(std::move(*term));
  }
  return condition;
}

}  // namespace understudy::loading

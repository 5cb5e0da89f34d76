// What a case expects against what the testbed's dialect can tell at all.
#include <fmt/format.h>

#include <algorithm>

#include "harness/plan_resolve.h"
#include "harness/words.h"

namespace understudy::planning {

namespace {

bool compares_words(const Matcher& matcher) {
  switch (matcher.kind) {
    case Matcher::Kind::Equals:
    case Matcher::Kind::Not:
    case Matcher::Kind::OneOf:
    case Matcher::Kind::NoneOf:
      return true;
    case Matcher::Kind::AtLeast:
    case Matcher::Kind::AtMost:
    case Matcher::Kind::Above:
    case Matcher::Kind::Below:
    case Matcher::Kind::Matches:
    case Matcher::Kind::Known:
      return false;
  }
  ensure(false, "a matcher has one of its kinds");
  return false;
}

Result<void> check(const std::string& attribute, const Matcher& matcher, const std::string& where,
                   const Capabilities& capabilities) {
  const auto found = std::ranges::find(capabilities.vocabularies, attribute,
                                       [](const auto& one) { return one.first; });
  if (found == capabilities.vocabularies.end() || !compares_words(matcher)) return {};
  const std::vector<Value>& known = found->second;
  for (const Value& value : matcher.values) {
    const bool is_remembered = value.starts_with("$");
    if (is_remembered || std::ranges::find(known, value) != known.end()) continue;
    const std::string nearest = did_you_mean(value, known);
    return fail(where, fmt::format("{} is never `{}`", attribute, value),
                nearest.empty() ? fmt::format("it is one of {}", fmt::join(known, ", ")) : nearest);
  }
  return {};
}

/// What links' frames say of a node has words of its own.
bool is_of_a_node(const Term& term, const Capabilities& capabilities) {
  return std::ranges::find(capabilities.links, term.observer) == capabilities.links.end();
}

Result<void> check(const Condition& condition, const std::string& where,
                   const Capabilities& capabilities) {
  for (const Term& term : condition.terms) {
    if (!is_of_a_node(term, capabilities)) continue;
    const bool is_listened = find_listener(term.observer) != nullptr;
    const std::string attribute =
        is_listened ? term.observer + "." + term.attribute : term.attribute;
    if (auto checked = check(attribute, term.matcher, where, capabilities); !checked)
      return checked;
  }
  return {};
}

}  // namespace

Result<void> check_values(const Plan& plan, const std::string& where_given,
                          const Capabilities& capabilities) {
  for (const auto& [role, matcher] : plan.given) {
    if (auto checked = check("state", matcher, where_given, capabilities); !checked) return checked;
  }
  for (const PlannedStep& planned : plan.steps) {
    if (auto checked = check(planned.step.condition, planned.step.where, capabilities); !checked)
      return checked;
  }
  return {};
}

}  // namespace understudy::planning

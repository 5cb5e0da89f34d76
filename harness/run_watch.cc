#include "harness/run_watch.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/matcher.h"
#include "harness/names.h"

namespace understudy {

Term everyones(const std::string& attribute, const std::string& observer) {
  return {Quantifier::Each, "", observer, attribute, {Matcher::Kind::Known, {}}};
}

void add_once(Condition& condition, const Term& term) {
  auto& terms = condition.terms;
  if (std::find(terms.begin(), terms.end(), term) == terms.end()) terms.push_back(term);
}

Condition watch_of(const Plan& plan) {
  Condition watch;
  for (const Invariant& invariant : plan.always) {
    for (const Term& term : invariant.condition.terms) {
      add_once(watch, everyones(term.attribute, term.observer));
    }
  }
  for (const PlannedStep& planned : plan.steps) {
    for (const Term& term : planned.step.condition.terms) {
      if (is_counted_from_act(term.attribute))
        add_once(watch, everyones(term.attribute, term.observer));
    }
  }
  return watch;
}

Condition together(const Condition& one, const Condition& other) {
  Condition all = one;
  for (const Term& term : other.terms) add_once(all, term);
  return all;
}

bool is_answer_to(const Observation& seen, const Term& term) {
  const std::string& observer = term.observer.empty() ? seen.subject : term.observer;
  const bool is_observer =
      seen.observer == observer || (term.observer.empty() && seen.observer == "bench");
  const bool is_subject = term.quantifier != Quantifier::The || seen.subject == term.subject;
  return is_observer && is_subject && seen.attribute == term.attribute;
}

bool is_contradicted(const Condition& condition, const std::vector<Observation>& seen) {
  for (const Term& term : condition.terms) {
    if (term.quantifier == Quantifier::Any || is_counted_from_act(term.attribute)) continue;
    const bool wanted = term.quantifier != Quantifier::No;
    for (const Observation& one : seen) {
      if (is_answer_to(one, term) && matches(term.matcher, one.value) != wanted) return true;
    }
  }
  return false;
}

std::optional<Reached> reached_by(const Condition& condition,
                                  const std::vector<Observation>& seen) {
  for (auto one = seen.rbegin(); one != seen.rend(); ++one) {
    for (const Term& term : condition.terms) {
      if (!is_answer_to(*one, term) || !matches(term.matcher, one->value)) continue;
      if (is_counted_from_act(term.attribute)) continue;
      const std::string observer =
          one->observer == one->subject ? "" : fmt::format("{} sees ", one->observer);
      const bool is_long = one->value.find('\n') != Value::npos || one->value.size() > 40;
      return Reached{fmt::format("{}{}.{}{}", observer, one->subject, one->attribute,
                                 is_long ? "" : " = " + one->value),
                     one->heard};
    }
  }
  return std::nullopt;
}

}  // namespace understudy

// What a run watches while it goes on, and which answers make its conditions hold. Pure; used by
// run.cc alone. What the run thinks here ends its waits early and places its acts: the verdict is
// the judge's, from the history.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/plan.h"
#include "harness/target.h"

namespace understudy {

/// What each node tells of an attribute, whatever it is.
Term everyones(const std::string& attribute, const std::string& observer = {});

void add_once(Condition& condition, const Term& term);

Condition together(const Condition& one, const Condition& other);

/// What is watched all the time: the invariants' attributes, and what is counted from an act.
Condition watch_of(const Plan& plan);

bool is_answer_to(const Observation& seen, const Term& term);

/// The run's own opinion of a `for`: some answer spoke against a term. The judge decides.
bool is_contradicted(const Condition& condition, const std::vector<Observation>& seen);

/// The answer that made a condition hold, and when it was heard.
struct Reached {
  std::string what;
  Time heard{};
};

/// The last answer of `seen` that satisfies a term of `condition`.
std::optional<Reached> reached_by(const Condition& condition, const std::vector<Observation>& seen);

}  // namespace understudy

// Names of a suite as values of one plan, inside the planner: keys of vary, roles, scratch values,
// limits. What the testbed does not have is kept as the missing word, and the plan is NOT RUN with
// it; only what is wrong with the suite itself is an error. Used by plan.cc alone.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/plan.h"

namespace understudy::planning {

struct Resolver {
  const Suite& suite;
  const Capabilities& capabilities;
  const std::string& testbed;
  std::vector<std::pair<std::string, Value>> varied;
  std::vector<std::string> roles;
  std::string missing;  ///< the first word that the testbed lacks: "limit takeover"
};

struct Bound {
  Duration length{};
  std::string source;  ///< "limits.takeover of exos-11.3", "timing of lab-7", "the case"
};

/// The word is kept if it is the first.
void note_missing(Resolver& resolver, const std::string& word);

/// What a text stands for: itself, a varied value, a role's name, scratch values. Remembered names
/// stay.
std::vector<Value> values_of(Resolver& resolver, const std::string& text);

Result<Bound> bound_of(Resolver& resolver, const std::string& expression, const std::string& where);

/// A limit of the suite, or the testbed's own of that name. A limit that uses its own name in its
/// expression means the testbed's timing by it and is computed, not replaced.
Result<Bound> limit_of(Resolver& resolver, const std::string& name, const std::string& where);

Result<Act> resolved(Resolver& resolver, const Act& act, const std::string& where);
Condition resolved(Resolver& resolver, const Condition& condition);
Term resolved(Resolver& resolver, const Term& term);

/// The first word of the plan that the testbed cannot do; empty if there is none.
std::string missing_word(const Plan& plan, const Capabilities& capabilities);

/// A value that an attribute of a node can never have is a slip of the pen: an error with the word
/// and the nearest that it can be.
Result<void> check_values(const Plan& plan, const std::string& where_given,
                          const Capabilities& capabilities);

/// Whether the testbed can answer for the term's attribute (of a node, or of a link's frames).
bool is_readable(const Term& term, const Capabilities& capabilities);

}  // namespace understudy::planning

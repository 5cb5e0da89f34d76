// Which edition of a manual a device follows, where editions contradict each other. A verdict says
// for each edition whether the answers fit it; here that is put together over a case, and over a
// run. Used by the judge, the command line and the reports. Pure; no vendor: editions and outcomes
// are a suite's data.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/judge.h"

namespace understudy {

/// "K.12 says so, K.14, page 15-3 does not": what one verdict found of each edition. Empty without
/// any.
std::string to_text(std::span<const EditionFit> fits);

/// A case in which one expect refutes one edition and another the rest fits no edition, although
/// each expect fits one: the last of them fails.
void demand_one_edition(std::vector<Verdict>& verdicts);

/// What all verdicts about one clause found together.
struct ClauseEditions {
  std::string clause;
  std::vector<EditionFit> fits;  ///< FAIL where any verdict refuted it, PASS where one showed it

  std::vector<std::string> editions_with(Verdict::Outcome outcome) const;
  bool is_listed(const std::string& edition) const;
};

/// Of each clause that has outcomes by edition, in the order of the verdicts.
std::vector<ClauseEditions> editions_of(std::span<const Verdict> verdicts);

/// "follows K.14, page 15-3"; "follows no one edition"; "not decided between K.12 and K.13".
std::string to_text(const ClauseEditions& clause);

/// The run as a whole, a line each: "follows K.14 in 2 clauses, not in 1: CLAUSE", and which
/// clauses have no edition in common. Empty where no clause has outcomes by edition.
std::vector<std::string> editions_followed(std::span<const ClauseEditions> clauses);

}  // namespace understudy

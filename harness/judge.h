// Verdicts: a pure function of a plan and its history. No device, clock or file. The rules, one
// file each, stand in harness/rules and say in their headers what they prove from which answers.
// Whatever the history holds (cut short, damaged, of another plan), there is a verdict for each
// expect and each invariant; only a history that is whole can give a PASS.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/history.h"
#include "harness/plan.h"

namespace understudy {

struct EditionFit;

struct Verdict {
  enum class Outcome { Pass, Fail, Inconclusive, NotRun };
  std::string suite;
  std::string case_name;
  std::string plan;  ///< the plan's id
  Clause clause;
  Outcome outcome = Outcome::NotRun;
  std::string cause;     ///< of Inconclusive and NotRun: "bench: ...", "not reached: ...", "unread:
                         ///< ...", "too slow: ...", "blocked by CASE", the missing word
  std::string expected;  ///< "backup (MSM-B).state = MASTER within 30s of losing the master (...)"
  std::string actual;    ///< "BACKUP until 41.8s (+-0.5s)"
  std::optional<Duration> measured;   ///< how long it took, where the clause has a bound
  std::optional<Duration> error_bar;  ///< of `measured`; the resolution achieved
  std::size_t first_line = 0;  ///< evidence: lines of history.jsonl, from 1; 0 if there are none
  std::size_t last_line = 0;
  std::size_t step = 0;              ///< the plan's step, or steps.size() for an invariant
  std::vector<EditionFit> editions;  ///< where editions contradict each other: what fits
  std::vector<std::string> remarks;  ///< what lowers a PASS: unread output, stalls near by

  friend bool operator==(const Verdict&, const Verdict&);
};

/// Whether the answers are what one edition says: PASS, FAIL, or not decided.
struct EditionFit {
  EditionOutcome edition;
  Verdict::Outcome outcome = Verdict::Outcome::NotRun;
  bool is_silent = false;  ///< it says nothing of this, so everything fits it

  friend bool operator==(const EditionFit&, const EditionFit&) = default;
};

/// One verdict for each expect of the plan and each invariant, in the order of the steps.
std::vector<Verdict> judge(const Plan& plan, const History& history);

/// FAIL, INCONCLUSIVE, NOT RUN, PASS: the worst of a case, in that order. Of none: NOT RUN.
Verdict::Outcome worst(std::span<const Verdict> verdicts);

std::string to_text(Verdict::Outcome outcome);  ///< "PASS", "FAIL", "INCONCLUSIVE", "NOT RUN"

/// DESIGN section 6: 1 a MUST failed; 2 a MUST, SHOULD or MAY is inconclusive, or nothing was
/// judged, or a MUST of `clauses` has neither PASS nor FAIL where that is required; else 0. (3 is
/// for what could not start, and 130 for an interrupt: nothing of that is in verdicts.)
struct ExitRules {
  bool strict = false;        ///< a failed SHOULD counts as a failed MUST
  bool require_must = false;  ///< a MUST that no case covered is 2
};
int exit_status(std::span<const Verdict> verdicts, std::span<const Clause> clauses,
                const ExitRules& rules);

Json to_json(const Verdict& verdict);

}  // namespace understudy

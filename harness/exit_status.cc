// What a set of verdicts means as a whole: the worst of a case, and the status a run ends with.
#include <algorithm>

#include "harness/judge.h"

namespace understudy {
namespace {

bool is_demand(const Verdict& verdict, bool strict) {
  return verdict.clause.level == Level::Must || (strict && verdict.clause.level == Level::Should);
}

bool is_judged(const Verdict& verdict) {
  return verdict.outcome == Verdict::Outcome::Pass || verdict.outcome == Verdict::Outcome::Fail;
}

bool covers(std::span<const Verdict> verdicts, const Clause& clause) {
  return std::any_of(verdicts.begin(), verdicts.end(), [&](const Verdict& verdict) {
    return verdict.clause.id == clause.id && is_judged(verdict);
  });
}

}  // namespace

Verdict::Outcome worst(std::span<const Verdict> verdicts) {
  for (const auto outcome : {Verdict::Outcome::Fail, Verdict::Outcome::Inconclusive,
                             Verdict::Outcome::NotRun, Verdict::Outcome::Pass}) {
    const bool has_it = std::any_of(verdicts.begin(), verdicts.end(), [&](const Verdict& verdict) {
      return verdict.outcome == outcome;
    });
    if (has_it) return outcome;
  }
  return Verdict::Outcome::NotRun;
}

std::string to_text(Verdict::Outcome outcome) {
  switch (outcome) {
    case Verdict::Outcome::Pass:
      return "PASS";
    case Verdict::Outcome::Fail:
      return "FAIL";
    case Verdict::Outcome::Inconclusive:
      return "INCONCLUSIVE";
    case Verdict::Outcome::NotRun:
      return "NOT RUN";
  }
  ensure(false, "an outcome is one of its words");
  return {};
}

int exit_status(std::span<const Verdict> verdicts, std::span<const Clause> clauses,
                const ExitRules& rules) {
  bool has_judged = false;
  bool has_inconclusive = false;
  for (const Verdict& verdict : verdicts) {
    if (verdict.outcome == Verdict::Outcome::Fail && is_demand(verdict, rules.strict)) return 1;
    has_judged = has_judged || is_judged(verdict);
    has_inconclusive = has_inconclusive || (verdict.outcome == Verdict::Outcome::Inconclusive &&
                                            verdict.clause.level != Level::Info);
  }
  if (has_inconclusive || !has_judged) return 2;
  if (!rules.require_must) return 0;
  const bool all_covered = std::all_of(clauses.begin(), clauses.end(), [&](const Clause& clause) {
    return clause.level != Level::Must || covers(verdicts, clause);
  });
  return all_covered ? 0 : 2;
}

}  // namespace understudy

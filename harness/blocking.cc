#include "harness/blocking.h"

#include <algorithm>

namespace understudy {
namespace {

/// The await on which a plan ended, if it was one.
const Condition* missed(const Outcome& outcome) {
  const bool ended_at_a_step =
      outcome.summary->end == RunSummary::End::Abandoned && outcome.summary->step.has_value();
  if (!ended_at_a_step || *outcome.summary->step >= outcome.plan->steps.size()) return nullptr;
  const Step& step = outcome.plan->steps[*outcome.summary->step].step;
  return step.kind == Step::Kind::Await ? &step.condition : nullptr;
}

bool demands(const Condition& demanded, const Condition& awaited) {
  return std::all_of(awaited.terms.begin(), awaited.terms.end(), [&](const Term& term) {
    return std::find(demanded.terms.begin(), demanded.terms.end(), term) != demanded.terms.end();
  });
}

bool failed_at(const Outcome& outcome, const Condition& awaited) {
  return std::any_of(outcome.verdicts->begin(), outcome.verdicts->end(),
                     [&](const Verdict& verdict) {
                       return verdict.outcome == Verdict::Outcome::Fail &&
                              verdict.step < outcome.plan->steps.size() &&
                              demands(outcome.plan->steps[verdict.step].step.condition, awaited);
                     });
}

const Outcome* blocker_of(std::span<const Outcome> outcomes, const Outcome& blocked,
                          const Condition& awaited) {
  for (const Outcome& other : outcomes) {
    if (other.plan->case_name != blocked.plan->case_name && failed_at(other, awaited)) {
      return &other;
    }
  }
  return nullptr;
}

bool is_blocked(const Verdict& verdict) {
  return verdict.cause.starts_with("blocked by ");
}

}  // namespace

std::vector<std::size_t> block_dependents(std::span<const Outcome> outcomes) {
  std::vector<std::size_t> rewritten;
  for (std::size_t index = 0; index < outcomes.size(); ++index) {
    const Outcome& outcome = outcomes[index];
    const Condition* awaited = missed(outcome);
    if (awaited == nullptr || awaited->terms.empty()) continue;
    const Outcome* blocker = blocker_of(outcomes, outcome, *awaited);
    if (blocker == nullptr) continue;
    const std::size_t before = rewritten.size();
    for (Verdict& verdict : *outcome.verdicts) {
      const bool is_not_reached = verdict.outcome == Verdict::Outcome::Inconclusive &&
                                  verdict.cause.starts_with("not reached:");
      if (!is_not_reached) continue;
      verdict.remarks.push_back(verdict.cause);
      verdict.cause = "blocked by " + blocker->plan->case_name;
      if (rewritten.size() == before) rewritten.push_back(index);
    }
  }
  return rewritten;
}

bool could_not_be_carried_out(const Plan& plan, const RunSummary& summary,
                              std::span<const Verdict> verdicts, bool is_repeatable) {
  if (!plan.not_run.empty()) return false;
  if (!summary.recovery.rungs.empty()) return true;
  if (summary.end == RunSummary::End::BenchBroken) return true;
  if (summary.end != RunSummary::End::Abandoned) return false;
  if (!summary.step) return true;
  return !is_repeatable && std::any_of(verdicts.begin(), verdicts.end(), is_blocked);
}

}  // namespace understudy

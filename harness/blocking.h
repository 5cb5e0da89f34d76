// What the verdicts of several cases say of each other. A case that only awaits what a failed case
// demands is blocked by it: its inconclusive verdicts name that case instead of the await that did
// not come. A testbed on which three plans in a row could not be carried out is stopped. Pure; used
// by execute.h, in the order of the plans, so that the number of jobs changes nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/judge.h"
#include "harness/run.h"

namespace understudy {

struct Outcome {
  const Plan* plan = nullptr;
  const RunSummary* summary = nullptr;
  std::vector<Verdict>* verdicts = nullptr;
};

/// Rewrites "not reached: ..." as "blocked by CASE" where the await on which a plan ended demands
/// what an expect of another case demanded and failed: the same terms, in the same roles. Returns
/// the indices of what it rewrote.
std::vector<std::size_t> block_dependents(std::span<const Outcome> outcomes);

/// True for a plan that says something of the testbed and not of the switch: the bench broke, or
/// the roles of `given` were never filled; or for one that left the device down. On a testbed whose
/// nodes are not fresh for each plan
/// (`is_repeatable` false) a blocked plan counts too.
bool could_not_be_carried_out(const Plan& plan, const RunSummary& summary,
                              std::span<const Verdict> verdicts, bool is_repeatable);

/// How many such plans in a row stop a testbed.
inline constexpr std::size_t most_in_a_row = 3;

}  // namespace understudy

// When the bound of a step begins, by one rule for the run and for the judge. A bound counts from
// the act that stands directly before the step, with nothing between but `remember` and expects
// without a bound, which take no time of their own; anywhere else it counts from the moment the
// step began. An act's effect lies in [ordered, done] of its receipt, so the beginning is an
// interval too.
#pragma once

#include <optional>

#include "harness/plan.h"
#include "harness/rules/trace.h"

namespace understudy::rules {

struct Origin {
  Time earliest{};
  Time latest{};
  std::optional<std::size_t> act_step;  ///< the `do` it counts from
  std::size_t line = 0;                 ///< where the evidence begins
};

/// The step of the `do` that the bound of `step` counts from, if any.
std::optional<std::size_t> counted_from(const Plan& plan, std::size_t step);

/// Requires that the step has begun.
Origin origin_of(const Trace& trace, std::size_t step);

}  // namespace understudy::rules

// Expressions of bounds and counts, beside what plan.h declares of them: "2 * heartbeat * limit +
// 1s". Whole numbers, durations, names, + - * / and parentheses; a name may contain dots and
// hyphens, so a minus stands between spaces. Exact integer arithmetic, overflow is an error. Used
// by the loader (syntax and names) and the planner (values).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/plan.h"

namespace understudy {

/// Like evaluate(), and may be below zero.
Result<Duration> evaluate_signed(const std::string& expression, const Names& names,
                                 const std::string& where);

/// Like evaluate(), for a whole number ("limit - 1").
Result<std::int64_t> evaluate_number(const std::string& expression, const Names& names,
                                     const std::string& where);

/// The names that an expression needs, in their order, once each; an error if it is none. A name of
/// the suite language keeps its dollar ("$limits.takeover").
Result<std::vector<std::string>> names_in(const std::string& expression, const std::string& where);

}  // namespace understudy

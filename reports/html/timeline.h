// The time line of one run as SVG: a lane for each node's own state, one for its synchronisation
// claim, one for what frames showed of it, and what we did on top. Solid where answers agree,
// hatched between answers that differ; below a claim a strip with how long this run's own facts
// prove it false and since when true.
#pragma once

#include <span>
#include <string>

#include "harness/history.h"
#include "harness/plan.h"
#include "harness/rules/claims.h"

namespace understudy::reports {

std::string timeline_svg(const Plan& plan, const History& history,
                         std::span<const rules::Claim> claims);

}  // namespace understudy::reports

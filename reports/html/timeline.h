// The time line of one run as SVG: a lane for each node's own state, one for its synchronisation
// claim, one for what frames showed of it, and what we did on top. Solid where answers agree,
// hatched between answers that differ; below a claim a strip with how long this run's own facts
// prove it false and since when true.
#pragma once

#include <string>
#include <vector>

#include "harness/history.h"
#include "harness/judge.h"

namespace understudy::reports {

std::string timeline_svg(const Plan& plan, const History& history,
                         std::span<const Verdict> verdicts);

}  // namespace understudy::reports

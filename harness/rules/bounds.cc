#include "harness/rules/bounds.h"

#include <algorithm>

namespace understudy::rules {

std::optional<std::size_t> counted_from(const Plan& plan, std::size_t step) {
  for (std::size_t index = step; index-- > 0;) {
    const Step& before = plan.steps[index].step;
    if (before.kind == Step::Kind::Do) return index;
    const bool takes_no_time =
        before.kind == Step::Kind::Remember ||
        (before.kind == Step::Kind::Expect && before.span == Step::Span::Now);
    if (!takes_no_time) return std::nullopt;
  }
  return std::nullopt;
}

Origin origin_of(const Trace& trace, std::size_t step) {
  const StepTrace& own = trace.steps[step];
  Origin origin{own.began_at, own.began_at, counted_from(*trace.plan, step), own.first_line};
  if (!origin.act_step) return origin;
  bool is_first = true;
  for (const ActTrace& one : trace.acts) {
    if (one.step != *origin.act_step) continue;
    origin.earliest =
        is_first ? one.receipt.ordered : std::min(origin.earliest, one.receipt.ordered);
    origin.latest = is_first ? one.receipt.done : std::max(origin.latest, one.receipt.done);
    origin.line = is_first ? one.line : std::min(origin.line, one.line);
    is_first = false;
  }
  return origin;
}

}  // namespace understudy::rules

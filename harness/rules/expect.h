// The three demands of a step, each as interval logic over answers: `within` becomes true before
// its bound is over, `for` stays true over its span, neither: it is true now. A finding says what
// the answers prove and nothing of stalls, broken benches or runs cut short; judge.cc adds those.
//
// within: the condition became true in (last false answer asked, first true answer heard]; counted
// from
//   an origin that is an interval itself, this gives the least and the greatest time that it can
//   have taken. The greatest inside the bound: PASS. The least at or beyond it: FAIL. Else the
//   bound lies inside the error bar: INCONCLUSIVE, too slow. A state that came is taken to stay
//   until it is seen to be gone: a moment of it that nobody saw inside the bound does not count,
//   unless the answer of that moment came and could not be read: INCONCLUSIVE, unread.
// for: an answer that lies wholly inside the span and contradicts: FAIL. Else PASS with the largest
//   gap between answers; INCONCLUSIVE where a gap is more than half the span. A count that only
//   grows is known for all the time before an answer.
// now: the first answer of each attribute that was asked since the step began.
#pragma once

#include <optional>
#include <string>

#include "harness/judge.h"
#include "harness/rules/bounds.h"
#include "harness/rules/truth.h"

namespace understudy::rules {

struct Finding {
  Verdict::Outcome outcome = Verdict::Outcome::Inconclusive;
  std::string cause;  ///< of Inconclusive
  std::string actual;
  std::optional<Duration> measured;
  std::optional<Duration> error_bar;
  std::size_t first_line = 0;
  std::size_t last_line = 0;
  Time from{};  ///< the interval that the finding rests on
  Time to{};
};

/// An inconclusive finding that rests on these lines and this interval; the rule fills in the rest.
Finding finding_on(std::size_t first_line, std::size_t last_line, Time from, Time to);

/// The condition is the step's own, or what one edition of the manual says instead.
Finding judge_within(const Trace& trace, std::size_t step, const Condition& condition);
Finding judge_for(const Trace& trace, std::size_t step, const Condition& condition);
Finding judge_now(const Trace& trace, std::size_t step, const Condition& condition);

/// Whose answers are missing in an expression that is Unknown, and why: "unread: ...", "not
/// reached: ...".
std::string why_missing(const Trace& trace, const Expression& expression, Time from, Time to);

/// The same for an expression of which a node never answered at all; empty if all did.
std::string why_never_answered(const Trace& trace, const Expression& expression);

/// An answer that could not be read, before the first or between two that differ, may have been the
/// one awaited; empty if there is none. Between two that are alike it is taken to be like them.
std::string unread_on_the_way(const Trace& trace, const Group& group, Time from, Time to);

}  // namespace understudy::rules

#include <fmt/format.h>

#include <algorithm>

#include "harness/rules/expect.h"
#include "harness/rules/wording.h"

namespace understudy::rules {
namespace {

/// The time over which the condition certainly had to hold, and the longest it may have had to.
struct Stretch {
  Time from{};  ///< the latest beginning
  Time to{};    ///< the earliest end
};

/// The largest stretch of time in which no answer of these lies.
Duration largest_gap(const std::vector<const Sample*>& samples, const Stretch& stretch) {
  Time known = stretch.from;
  Duration largest{};
  for (const Sample* sample : samples) {
    largest = std::max(largest, std::min(sample->heard, stretch.to) - known);
    known = std::clamp(sample->asked, known, std::max(known, stretch.to));
  }
  return std::max(largest, stretch.to - known);
}

bool supports(const Group& group, const Sample& sample) {
  return sample.is_true != (group.term.quantifier == Quantifier::No);
}

/// What a count that only grows says at an answer holds for all the time before.
Duration gap_of_count(const std::vector<const Sample*>& samples, const Stretch& stretch) {
  if (samples.empty()) return stretch.to - stretch.from;
  Time known = stretch.from;
  for (const Sample* sample : samples) known = std::max(known, sample->asked);
  return std::max(Duration(0), stretch.to - known);
}

Duration gap_of(const Group& group, const Stretch& stretch) {
  const bool is_any = group.term.quantifier == Quantifier::Any;
  const bool is_count = is_counted_from_act(group.term.attribute);
  std::vector<const Sample*> together;
  Duration largest{};
  for (const Atom& atom : group.atoms) {
    if (atom.is_left_out) continue;
    std::vector<const Sample*> own;
    for (const Sample& sample : atom.samples) {
      if (supports(group, sample)) own.push_back(&sample);
    }
    together.insert(together.end(), own.begin(), own.end());
    if (is_any) continue;
    largest = std::max(largest, is_count ? gap_of_count(own, stretch) : largest_gap(own, stretch));
  }
  if (!is_any) return largest;
  std::sort(together.begin(), together.end(),
            [](const Sample* a, const Sample* b) { return a->heard < b->heard; });
  return largest_gap(together, stretch);
}

/// The first answer, wholly inside the stretch, at whose instant the condition was false.
Moment first_breach(const Trace& trace, const Expression& expression, const Stretch& stretch) {
  for (const Moment& moment : moments(expression)) {
    const Sample& sample = *moment.sample;
    if (sample.asked < stretch.from || sample.heard > stretch.to) continue;
    if (supports(*moment.group, sample)) continue;
    if (evaluate_at(trace, expression, *moment.atom, sample) == Truth::No) return moment;
  }
  return {};
}

Finding breached(const Expression& expression, const Origin& origin, const Moment& moment) {
  Finding finding =
      finding_on(origin.line, moment.sample->line, origin.earliest, moment.sample->heard);
  finding.outcome = Verdict::Outcome::Fail;
  finding.actual =
      fmt::format("{} at {}", text_of(expression, {moment.group, moment.atom, moment.sample}),
                  rounded(moment.sample->heard - origin.latest));
  return finding;
}

/// Between answers of a count that only grows nothing is missed; a listener needs no answers.
std::string how_shown(const Expression& expression, Duration gap) {
  const auto is_count = [](const Group& group) {
    return is_counted_from_act(group.term.attribute);
  };
  if (gap > Duration::zero() || !std::ranges::all_of(expression.groups, is_count)) {
    return fmt::format("so at every answer, at most {} apart", rounded(gap));
  }
  const bool is_of_boots = std::ranges::any_of(
      expression.groups, [](const Group& group) { return group.term.attribute == "boots"; });
  return fmt::format("so all the time, {} without a break",
                     is_of_boots ? "counted" : "listened to");
}

bool everyone_answered(const Expression& expression) {
  return evaluate(expression, [](const Atom& atom) {
           return atom.samples.empty() ? Truth::Unknown : Truth::Yes;
         }) != Truth::Unknown;
}

}  // namespace

Finding judge_for(const Trace& trace, std::size_t step, const Condition& condition) {
  const Origin origin = origin_of(trace, step);
  const PlannedStep& planned = trace.plan->steps[step];
  const Window window{origin.earliest, origin.line, trace.steps[step].last_line, step};
  const Expression expression = make_expression(trace, condition, window);
  const Stretch stretch{origin.latest, origin.earliest + planned.bound};
  if (const Moment moment = first_breach(trace, expression, stretch); moment.sample != nullptr) {
    return breached(expression, origin, moment);
  }
  Finding finding = finding_on(origin.line, trace.steps[step].last_line, origin.earliest,
                               origin.latest + planned.bound);
  if (!everyone_answered(expression)) {
    finding.cause = why_missing(trace, expression, origin.earliest, finding.to);
    return finding;
  }
  Duration gap{};
  for (const Group& group : expression.groups) gap = std::max(gap, gap_of(group, stretch));
  finding.error_bar = gap;
  if (stretch.to < stretch.from) {
    finding.cause =
        fmt::format("too slow: the act before it took {}, longer than the {} to be held",
                    rounded(origin.latest - origin.earliest), to_text(planned.bound));
    return finding;
  }
  if (gap * 2 > planned.bound) {
    finding.cause = fmt::format("too slow: for {} of {} there is no answer that shows it",
                                rounded(gap), to_text(planned.bound));
    return finding;
  }
  finding.outcome = Verdict::Outcome::Pass;
  finding.actual = how_shown(expression, gap);
  return finding;
}

}  // namespace understudy::rules

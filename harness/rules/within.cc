#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/rules/expect.h"
#include "harness/rules/wording.h"

namespace understudy::rules {
namespace {

bool spoils(const Group& group, const Sample& sample) {
  return sample.is_true == (group.term.quantifier == Quantifier::No);
}

/// The last answer of an atom, heard by `until`, that speaks against its group.
const Sample* last_against(const Group& group, const Atom& atom, Time until) {
  const Sample* last = nullptr;
  for (const Sample& sample : atom.samples) {
    if (sample.heard > until) break;
    if (!spoils(group, sample)) continue;
    if (last == nullptr || sample.asked >= last->asked) last = &sample;
  }
  return last;
}

/// The latest instant before which the condition cannot have come true for good, and the answer
/// that shows it. One spoilt atom spoils a group that needs all; one that needs any is spoilt by
/// all.
Spoiler latest_against(const Group& group, Time until) {
  const bool needs_all_spoilt = group.term.quantifier == Quantifier::Any;
  Spoiler found;
  for (const Atom& atom : group.atoms) {
    if (atom.is_left_out) continue;
    const Sample* sample = last_against(group, atom, until);
    if (sample == nullptr) {
      if (needs_all_spoilt) return {};
      continue;
    }
    const bool is_first = found.sample == nullptr;
    const bool counts = needs_all_spoilt ? is_first || sample->asked < found.sample->asked
                                         : is_first || sample->asked > found.sample->asked;
    if (counts) found = {&group, &atom, sample};
  }
  return found;
}

Spoiler latest_against(const Expression& expression, Time until) {
  Spoiler latest;
  for (const Group& group : expression.groups) {
    const Spoiler one = latest_against(group, until);
    if (one.sample == nullptr) continue;
    if (latest.sample == nullptr || one.sample->asked > latest.sample->asked) latest = one;
  }
  return latest;
}

/// The first moment at which the newest answers together satisfy the condition.
Moment first_true(const Expression& expression) {
  std::map<const Atom*, const Sample*> newest;
  const auto truth_of = [&](const Atom& atom) {
    const auto found = newest.find(&atom);
    if (found == newest.end()) return Truth::Unknown;
    return found->second->is_true ? Truth::Yes : Truth::No;
  };
  for (const Moment& moment : moments(expression)) {
    newest[moment.atom] = moment.sample;
    if (evaluate(expression, truth_of) == Truth::Yes) return moment;
  }
  return {};
}

/// How long it took: at least `least`, at most `most`.
struct Span {
  Duration least{};
  Duration most{};
};

void measure(Finding& finding, const Span& took) {
  finding.measured = (took.least + took.most) / 2;
  finding.error_bar = (took.most - took.least + Duration(1)) / 2;
}

std::string time_of(const Finding& finding) {
  return fmt::format("{} (+-{})", rounded(*finding.measured), rounded(*finding.error_bar));
}

Finding came_true(const Expression& expression, const Origin& origin, Duration bound,
                  const Moment& moment) {
  const Spoiler against = latest_against(expression, moment.sample->heard);
  Span took{Duration(0), moment.sample->heard - origin.earliest};
  if (against.sample != nullptr) {
    took.least = std::max(Duration(0), against.sample->asked - origin.latest);
  }
  Finding finding =
      finding_on(origin.line, moment.sample->line, origin.earliest, moment.sample->heard);
  measure(finding, took);
  const std::string came = shown(*moment.group, moment.sample->value);
  if (took.most <= bound) {
    finding.outcome = Verdict::Outcome::Pass;
    finding.actual = fmt::format("{} after {}", came, time_of(finding));
    return finding;
  }
  const std::string before = against.sample != nullptr ? text_of(expression, against) : "no answer";
  finding.actual = fmt::format("{} until {}", before, time_of(finding));
  if (against.sample != nullptr && took.least >= bound) {
    finding.outcome = Verdict::Outcome::Fail;
  } else {
    finding.cause = fmt::format("too slow: it took {} to {}, and the bound of {} lies between",
                                rounded(took.least), rounded(took.most), to_text(bound));
  }
  return finding;
}

/// The longest time between two answers that speak against it.
Duration longest_between(std::vector<const Sample*> against, Time from, Time to) {
  std::ranges::stable_sort(against, {}, [](const Sample* sample) { return sample->heard; });
  Duration longest{};
  for (const Sample* sample : against) {
    if (sample->heard <= from) continue;
    longest = std::max(longest, sample->heard - from);
    from = sample->asked;
  }
  return std::max(longest, to - from);
}

/// How long it may have held, and gone again, without an answer that shows it.
Duration longest_unseen(const Expression& expression, Time from, Time to) {
  std::vector<const Sample*> against;
  Duration longest = Duration::max();
  for (const Group& group : expression.groups) {
    Duration of_any{};
    for (const Atom& atom : group.atoms) {
      std::vector<const Sample*> own;
      for (const Sample& sample : atom.samples)
        if (spoils(group, sample)) own.push_back(&sample);
      of_any = std::max(of_any, longest_between(own, from, to));
      if (group.term.quantifier == Quantifier::Any) continue;
      against.insert(against.end(), own.begin(), own.end());
    }
    if (group.term.quantifier == Quantifier::Any) longest = std::min(longest, of_any);
  }
  return std::min(longest, longest_between(std::move(against), from, to));
}

/// What comes and goes may have done so between two answers.
std::string why_unseen(const Expression& expression, const Origin& origin,
                       const PlannedStep& planned) {
  if (!planned.lasts) return {};
  const Duration unseen = longest_unseen(expression, origin.latest, origin.latest + planned.bound);
  if (unseen <= *planned.lasts) return {};
  const std::string lasts =
      *planned.lasts == Duration{}
          ? fmt::format("nobody says how long `{}` is", planned.step.lasts)
          : fmt::format("what is expected may last {}", to_text(*planned.lasts));
  return fmt::format("too slow: answers are {} apart, and {}", rounded(unseen), lasts);
}

Finding never_came(const Trace& trace, const Expression& expression, const Origin& origin,
                   const PlannedStep& planned) {
  const Duration bound = planned.bound;
  const Spoiler against = latest_against(expression, Time::max());
  Finding finding = finding_on(origin.line, origin.line, origin.earliest, origin.latest + bound);
  if (against.sample != nullptr) {
    finding.last_line = against.sample->line;
    finding.to = std::max(finding.to, against.sample->heard);
    finding.actual = fmt::format("{}, still at {}", text_of(expression, against),
                                 rounded(against.sample->asked - origin.latest));
    if (against.sample->asked - origin.latest >= bound) {
      finding.cause =
          unread_on_the_way(trace, *against.group, origin.earliest, origin.latest + bound);
      if (finding.cause.empty()) finding.cause = why_unseen(expression, origin, planned);
      if (!finding.cause.empty()) return finding;
      finding.outcome = Verdict::Outcome::Fail;
      return finding;
    }
  }
  finding.cause = why_missing(trace, expression, origin.earliest, origin.latest + bound);
  return finding;
}

}  // namespace

Finding judge_within(const Trace& trace, std::size_t step, const Condition& condition) {
  const Origin origin = origin_of(trace, step);
  const Window window{origin.earliest, origin.line, trace.steps[step].last_line, step};
  const PlannedStep& planned = trace.plan->steps[step];
  const Expression expression = make_expression(trace, condition, window);
  const Moment moment = expression.unknown.empty() ? first_true(expression) : Moment{};
  if (moment.sample == nullptr) return never_came(trace, expression, origin, planned);
  return came_true(expression, origin, planned.bound, moment);
}

}  // namespace understudy::rules

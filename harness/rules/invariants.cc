#include "harness/rules/invariants.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/matcher.h"
#include "harness/rules/acts.h"
#include "harness/rules/hearing.h"
#include "harness/rules/wording.h"

namespace understudy::rules {
namespace {

/// The atoms of "at most one": every node, by its own answers and by what links saw of it.
Expression everyone(const Trace& trace, const Term& term) {
  Term each = term;
  each.quantifier = Quantifier::Each;
  each.subject.clear();
  each.observer.clear();
  Expression expression = make_expression(trace, Condition{{each}}, whole(trace));
  for (Group& group : expression.groups) {
    for (Atom& atom : group.atoms) {
      for (const auto& [source, answers] : trace.answers) {
        if (source.subject != atom.subject || source.attribute != term.attribute) continue;
        if (source.observer == "bench" || is_node(trace, source.observer)) continue;
        for (const Answer& answer : answers) {
          atom.samples.push_back({matches(group.term.matcher, answer.value), answer.asked,
                                  answer.heard, answer.line, answer.value});
        }
      }
      std::stable_sort(atom.samples.begin(), atom.samples.end(),
                       [](const Sample& a, const Sample& b) { return a.heard < b.heard; });
    }
  }
  return expression;
}

/// The answers of `atom` next to an interval: what it is held to in between rests on them.
std::pair<Time, Time> rests_on(const Atom& atom, Time from, Time to) {
  Time first = from;
  Time last = to;
  for (const Sample& sample : atom.samples) {
    if (sample.heard <= from) first = sample.asked;
  }
  for (auto sample = atom.samples.rbegin(); sample != atom.samples.rend(); ++sample) {
    if (sample->asked >= to) last = sample->heard;
  }
  return {first, last};
}

/// Nobody expects answers of a node that was taken away or booted meanwhile.
bool was_away(const Trace& trace, const std::string& node, const Sample& before,
              const Sample& after) {
  const auto takes_it = [&](const ActTrace& one) {
    if (one.line < before.line || one.line > after.line || !takes_away(one.act)) return false;
    const auto named = nodes_named(one.act, trace.plan->nodes);
    return named.empty() || std::ranges::find(named, node) != named.end();
  };
  return std::ranges::any_of(trace.acts, takes_it) ||
         may_have_restarted(trace, node, before.asked, after.heard);
}

bool is_deaf(const std::vector<Deafness>& deaf, const std::string& node, Time from, Time to) {
  return std::ranges::any_of(deaf, [&](const Deafness& each) {
    return each.one == node && each.other.empty() && each.from <= to && each.to > from;
  });
}

/// The longest time in which a node that was there, and up, gave no answer that shows it.
Duration longest_gap(const Trace& trace, const Expression& expression,
                     const std::vector<Deafness>& deaf) {
  Duration longest{};
  for (const Group& group : expression.groups) {
    for (const Atom& atom : group.atoms) {
      for (std::size_t next = 1; next < atom.samples.size(); ++next) {
        const Sample& before = atom.samples[next - 1];
        const Sample& after = atom.samples[next];
        const Duration gap = after.heard - before.asked;
        const bool counts = gap > longest && !was_away(trace, atom.subject, before, after) &&
                            !is_deaf(deaf, atom.subject, before.asked, after.heard);
        if (counts) longest = gap;
      }
    }
  }
  return longest;
}

void tell_gap(Finding& finding, Duration gap) {
  if (finding.outcome != Verdict::Outcome::Pass || gap == Duration::zero()) return;
  finding.error_bar = gap;
  finding.actual += fmt::format("; answers at most {} apart", rounded(gap));
}

Finding holds_so_far(const Trace& trace) {
  Finding finding = finding_on(1, trace.history->entries.size(), Time::min(), Time::max());
  if (trace.history->entries.empty()) finding.first_line = 0;
  finding.outcome = Verdict::Outcome::Pass;
  finding.actual = "never seen to be otherwise";
  return finding;
}

Finding broken(const Sample& sample, Time from, std::string actual) {
  Finding finding = finding_on(sample.line, sample.line, from, sample.heard);
  finding.outcome = Verdict::Outcome::Fail;
  finding.actual = std::move(actual);
  return finding;
}

/// A sample of `one` that shows it satisfied while `other` is held satisfied and both hear each
/// other.
const Sample* both_at_once(const Trace& trace, const std::vector<Deafness>& deaf, const Atom& one,
                           const Atom& other) {
  for (const Sample& sample : one.samples) {
    if (!sample.is_true) continue;
    const auto [from, to] = rests_on(other, sample.asked, sample.heard);
    if (!hear_each_other(deaf, one.subject, other.subject, from, to)) continue;
    if (held(trace, other, sample.asked, sample.heard) == Truth::Yes) return &sample;
  }
  return nullptr;
}

}  // namespace

Window whole(const Trace& trace) {
  return {Time::min(), 1, trace.history->entries.size(), trace.plan->steps.size()};
}

Finding judge_never(const Trace& trace, const Invariant& invariant) {
  const Expression expression = make_expression(trace, invariant.condition, whole(trace));
  for (const Moment& moment : moments(expression)) {
    if (evaluate_at(trace, expression, *moment.atom, *moment.sample) != Truth::Yes) continue;
    const Spoiler shown{moment.group, moment.atom, moment.sample};
    return broken(
        *moment.sample, moment.sample->asked,
        fmt::format("{} at {}", text_of(expression, shown), rounded(moment.sample->heard)));
  }
  Finding finding = holds_so_far(trace);
  finding.cause = why_never_answered(trace, expression);
  if (!finding.cause.empty()) finding.outcome = Verdict::Outcome::Inconclusive;
  tell_gap(finding, longest_gap(trace, expression, {}));
  return finding;
}

Finding judge_at_most_one(const Trace& trace, const Invariant& invariant) {
  Finding finding = holds_so_far(trace);
  Duration gap{};
  for (const Term& term : invariant.condition.terms) {
    const Expression expression = everyone(trace, term);
    const auto deaf = deafness(trace, term.attribute);
    const auto& atoms = expression.groups.front().atoms;
    for (const Atom& one : atoms) {
      for (const Atom& other : atoms) {
        if (&one == &other) continue;
        const Sample* sample = both_at_once(trace, deaf, one, other);
        if (sample == nullptr) continue;
        return broken(*sample, sample->asked - resolve_time(*trace.plan),
                      fmt::format("{} and {} both {} at {}", std::min(one.subject, other.subject),
                                  std::max(one.subject, other.subject), sample->value,
                                  rounded(sample->heard)));
      }
    }
    if (finding.cause.empty()) finding.cause = why_never_answered(trace, expression);
    gap = std::max(gap, longest_gap(trace, expression, deaf));
  }
  if (!finding.cause.empty()) finding.outcome = Verdict::Outcome::Inconclusive;
  tell_gap(finding, gap);
  return finding;
}

Finding judge_invariant(const Trace& trace, const Invariant& invariant) {
  switch (invariant.kind) {
    case Invariant::Kind::Never:
      return judge_never(trace, invariant);
    case Invariant::Kind::AtMostOne:
      return judge_at_most_one(trace, invariant);
    case Invariant::Kind::NotWithoutAct:
      return judge_not_without_act(trace, invariant);
  }
  ensure(false, "an invariant has one of its kinds");
  return {};
}

std::string expected_of(const Trace& trace, const Invariant& invariant) {
  std::vector<std::string> parts;
  for (const Term& term : invariant.condition.terms) {
    parts.push_back(invariant.kind == Invariant::Kind::AtMostOne
                        ? fmt::format("{} {}", term.attribute, to_text(term.matcher))
                        : term.attribute);
  }
  const std::string all = fmt::format("{}", fmt::join(parts, ", "));
  switch (invariant.kind) {
    case Invariant::Kind::Never:
      return "never " + text_of(trace, make_expression(trace, invariant.condition, whole(trace)));
    case Invariant::Kind::AtMostOne:
      return fmt::format("at most one node with {} among those that hear each other", all);
    case Invariant::Kind::NotWithoutAct:
      return fmt::format("no change of {} without an act that explains it", all);
  }
  return all;
}

}  // namespace understudy::rules

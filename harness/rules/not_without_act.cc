#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "harness/rules/acts.h"
#include "harness/rules/invariants.h"
#include "harness/rules/wording.h"

namespace understudy::rules {
namespace {

std::optional<std::int64_t> number(const Value& value) {
  std::int64_t result = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
  if (error != std::errc() || end != value.data() + value.size()) return std::nullopt;
  return result;
}

/// An act that its own answer called off explains nothing.
bool was_called_off(const ActTrace& one) {
  return one.act.arguments.value("answer", Json("")) == "cancel";
}

/// A command that failed in the end may have done half of it, but nothing after its answer.
bool was_under_way(const Receipt& receipt, Time at) {
  return receipt.outcome == Receipt::Outcome::Refused && at <= receipt.done;
}

bool explains(const ActTrace& one, Time until) {
  return !was_called_off(one) && disrupts(one.act) && one.receipt.ordered <= until &&
         (may_have_happened(one.receipt) || was_under_way(one.receipt, until));
}

std::int64_t explained(const Trace& trace, Time until) {
  std::int64_t restarts = 0;
  for (const ActTrace& one : trace.acts)
    if (explains(one, until)) restarts += restarts_of(one.act);
  return restarts;
}

bool is_counted_against_acts(const std::string& attribute) {
  return attribute == "boots" || attribute == "cores";
}

/// Nodes that a stall kept from hearing each other restart only when they find each other again.
Finding restarted(const Trace& trace, std::size_t first_line, std::size_t last_line, Time from,
                  Time to) {
  return finding_on(first_line, last_line, from - resolve_time(*trace.plan), to);
}

Finding unexplained(const Trace& trace, const Sample& before, const Sample& sample,
                    const Atom& atom, const std::string& attribute, std::int64_t acts) {
  Finding finding = restarted(trace, before.line, sample.line, before.asked, sample.heard);
  finding.outcome = Verdict::Outcome::Fail;
  const std::string why = acts == 0 ? "no act of ours explains it"
                                    : fmt::format("acts of ours explain {} of them", acts);
  finding.actual = fmt::format("{}.{}: {} after {} at {}: {}", atom.subject, attribute,
                               sample.value, before.value, rounded(sample.heard), why);
  return finding;
}

std::optional<Finding> first_unexplained(const Trace& trace, const Atom& atom,
                                         const std::string& attribute) {
  std::int64_t grown = 0;
  const Sample* before = nullptr;
  for (const Sample& sample : atom.samples) {
    const auto now = number(sample.value);
    if (!now) continue;
    const auto then = before != nullptr ? number(before->value) : now;
    if (*now > *then) {
      grown += *now - *then;
      const std::int64_t acts = explained(trace, sample.heard);
      const bool is_explained = is_counted_against_acts(attribute) ? grown <= acts : acts > 0;
      if (!is_explained) return unexplained(trace, *before, sample, atom, attribute, acts);
    }
    before = &sample;
  }
  return std::nullopt;
}

/// Each act that ends a node's process explains one end of it.
std::int64_t ends_explained(const Trace& trace, const Incident& death) {
  return std::count_if(trace.acts.begin(), trace.acts.end(), [&](const ActTrace& one) {
    if (!explains(one, death.to) || !ends_a_process(one.act)) return false;
    const auto named = nodes_named(one.act, trace.plan->nodes);
    return std::find(named.begin(), named.end(), death.node) != named.end();
  });
}

std::optional<Finding> first_death(const Trace& trace) {
  std::map<std::string, std::int64_t> deaths;
  for (const auto& [line, incident] : trace.incidents) {
    if (incident.kind != Incident::Kind::NodeDied) continue;
    if (++deaths[incident.node] <= ends_explained(trace, incident)) continue;
    Finding finding = restarted(trace, line, line, incident.from, incident.to);
    finding.outcome = Verdict::Outcome::Fail;
    finding.actual =
        fmt::format("{} ended at {} without an act of ours{}{}", incident.node,
                    rounded(incident.to), incident.words.empty() ? "" : ": ", incident.words);
    return finding;
  }
  return std::nullopt;
}

/// Totals as they are: a count since an act would hide what moved before it.
std::vector<Sample> totals(const Trace& trace, const std::string& node,
                           const std::string& attribute) {
  std::vector<Sample> samples;
  for (const std::string& observer : {node, std::string("bench")}) {
    const auto found = trace.answers.find({observer, node, attribute});
    if (found == trace.answers.end()) continue;
    for (const Answer& answer : found->second) {
      samples.push_back({true, answer.asked, answer.heard, answer.line, answer.value});
    }
  }
  std::stable_sort(samples.begin(), samples.end(),
                   [](const Sample& a, const Sample& b) { return a.heard < b.heard; });
  return samples;
}

}  // namespace

Finding judge_not_without_act(const Trace& trace, const Invariant& invariant) {
  if (auto death = first_death(trace)) return *death;
  Expression expression = make_expression(trace, invariant.condition, whole(trace));
  for (Group& group : expression.groups) {
    for (Atom& atom : group.atoms) {
      atom.samples = totals(trace, atom.subject, group.term.attribute);
      if (auto finding = first_unexplained(trace, atom, group.term.attribute)) return *finding;
    }
  }
  Finding finding = finding_on(1, trace.history->entries.size(), Time::min(), Time::max());
  finding.cause = why_never_answered(trace, expression);
  if (finding.cause.empty()) {
    finding.outcome = Verdict::Outcome::Pass;
    finding.actual = "every change has an act that explains it";
  }
  return finding;
}

}  // namespace understudy::rules

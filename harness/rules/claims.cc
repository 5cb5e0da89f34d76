#include "harness/rules/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "harness/rules/acts.h"
#include "harness/rules/wording.h"

namespace understudy::rules {
namespace {

using Acts = std::vector<ActTrace>;

std::string instant(Time at) {
  return fmt::format("{:.3f}s", std::chrono::duration<double>(at).count());
}

std::string span_text(Time from, Time to) {
  return from == to ? "at " + instant(from)
                    : fmt::format("between {} and {}", instant(from), instant(to));
}

/// The acts that may have happened, in the order of their lines.
Acts acts_of(const Trace& trace) {
  Acts acts;
  std::ranges::copy_if(trace.acts, std::back_inserter(acts),
                       [](const ActTrace& one) { return may_have_happened(one.receipt); });
  return acts;
}

std::size_t acts_before(const Acts& acts, std::size_t line) {
  return static_cast<std::size_t>(
      std::ranges::count_if(acts, [&](const ActTrace& one) { return one.line < line; }));
}

constexpr std::size_t no_span = std::numeric_limits<std::size_t>::max();

/// The span between two acts that an answer belongs to; none where an act was under way.
std::size_t span_of(const Acts& acts, const Answer& answer) {
  const std::size_t span = acts_before(acts, answer.line);
  if (span > 0 && answer.asked < acts[span - 1].receipt.done) return no_span;
  return span;
}

bool names(const Trace& trace, const ActTrace& one, const std::string& node) {
  const auto named = nodes_named(one.act, trace.plan->nodes);
  return std::ranges::find(named, node) != named.end();
}

std::vector<Answer> own_answers(const Trace& trace, const std::string& node,
                                const std::string& attribute) {
  const auto found = trace.answers.find({node, node, attribute});
  return found != trace.answers.end() ? found->second : std::vector<Answer>{};
}

/// Which node a claim compares the subject with: who claims it, or the only other one.
std::optional<std::string> counterpart(const Trace& trace, const Claim& claim) {
  if (claim.observer != claim.subject && is_node(trace, claim.observer)) return claim.observer;
  const auto& nodes = trace.plan->nodes;
  if (nodes.size() != 2) return std::nullopt;
  return nodes.front() == claim.subject ? nodes.back() : nodes.front();
}

class Prover {
 public:
  Prover(const Trace& trace, const Acts& acts) : trace_(trace), acts_(acts) {}

  void prove(Claim& claim) const {
    const auto other = counterpart(trace_, claim);
    if (!other) return;
    const std::size_t span = acts_before(acts_, claim.line);
    by_its_absence(claim);
    by_its_own_denial(claim, span);
    by_the_other_console(claim, *other, span);
    by_the_next_failover(claim, *other, span);
    std::ranges::stable_sort(claim.proofs, {}, &Proof::from);
    conclude(claim);
  }

 private:
  /// What the node said last before `line`, where nothing that we did to it since may have changed
  /// it and it did not restart.
  std::optional<Answer> known(const std::string& node, const std::string& attribute,
                              std::size_t line, Time at) const {
    std::optional<Answer> last;
    for (const Answer& answer : own_answers(trace_, node, attribute)) {
      if (answer.line < line && answer.heard <= at) last = answer;
    }
    if (!last) return std::nullopt;
    for (const ActTrace& one : acts_) {
      const bool is_since = one.line > last->line || one.receipt.done > last->asked;
      const bool lies_between = is_since && one.line < line;
      if (lies_between && names(trace_, one, node)) return std::nullopt;
    }
    // Up to just before: where `at` is the node's own loss, that is no restart of what was said.
    const Time before = at - Duration(1);
    const bool has_restarted =
        before > last->asked && may_have_restarted(trace_, node, last->asked, before);
    return has_restarted ? std::nullopt : last;
  }

  /// We took it away and have not given it back: it has nothing. The time in which two nodes find
  /// out about each other is not held against who claims it.
  void by_its_absence(Claim& claim) const {
    const ActTrace* taken = nullptr;
    for (const ActTrace& one : acts_) {
      if (one.line >= claim.line || !names(trace_, one, claim.subject)) continue;
      if (gives_back(one.act)) taken = nullptr;
      if (takes_away(one.act) && !stands_still(one.act) && one.receipt.took_effect) taken = &one;
    }
    if (taken == nullptr || claim.until <= taken->receipt.done + resolve_time(*trace_.plan)) return;
    claim.proofs.push_back({false, claim.until, claim.until,
                            fmt::format("{} was away: {} at {}", claim.subject, taken->act.word,
                                        instant(taken->receipt.done)),
                            taken->line});
  }

  /// Another claims it of the node, before and after the node itself says that it is not so yet.
  void by_its_own_denial(Claim& claim, std::size_t span) const {
    if (claim.observer == claim.subject) return;
    if (span > 0 && stands_still(acts_[span - 1].act)) return;  // what it told is from before
    for (const Answer& answer : own_answers(trace_, claim.subject, claimed_attribute)) {
      if (span_of(acts_, answer) != span) continue;
      if (answer.value == claimed_value) return;  // what it loses later it had
      if (answer.asked < claim.heard || answer.heard > claim.until) continue;
      claim.proofs.push_back({false, answer.asked, answer.heard,
                              fmt::format("{} itself says {} {}", claim.subject, answer.value,
                                          span_text(answer.asked, answer.heard)),
                              answer.line});
    }
  }

  /// Both consoles, with nothing done between the two answers.
  void by_the_other_console(Claim& claim, const std::string& other, std::size_t span) const {
    const std::string attribute = "config.active";
    for (const Answer& answer : own_answers(trace_, claim.subject, attribute)) {
      if (span_of(acts_, answer) != span) continue;
      const auto there = known(other, attribute, answer.line, answer.asked);
      if (!there || is_told_otherwise(other, attribute, *there, answer)) continue;
      const bool is_same = there->value == answer.value;
      claim.proofs.push_back({is_same, answer.asked, answer.heard,
                              fmt::format("{} of {} {} {} that of {} of {}", attribute,
                                          claim.subject, span_text(answer.asked, answer.heard),
                                          is_same ? "is" : "is not", other, instant(there->heard)),
                              answer.line});
    }
  }

  /// The other console says something else soon after: it was changing.
  bool is_told_otherwise(const std::string& node, const std::string& attribute,
                         const Answer& before, const Answer& answer) const {
    for (const Answer& next : own_answers(trace_, node, attribute)) {
      if (next.line > answer.line && span_of(acts_, next) == span_of(acts_, answer)) {
        return next.value != before.value;
      }
    }
    return false;
  }

  /// The act that ends the span takes the other node away: what the subject has then is what it
  /// had.
  void by_the_next_failover(Claim& claim, const std::string& other, std::size_t span) const {
    if (span >= acts_.size()) return;
    const ActTrace& lost = acts_[span];
    const bool is_failover = takes_away(lost.act) && lost.receipt.took_effect &&
                             names(trace_, lost, other) && !names(trace_, lost, claim.subject);
    if (!is_failover) return;
    for (const char* attribute : {"config.active", "fdb.entries"}) {
      const auto there = known(other, attribute, lost.line, lost.receipt.ordered);
      const auto left = last_in(claim.subject, attribute, span + 1);
      if (!there || !left) continue;
      const bool is_same = there->value == left->value;
      claim.proofs.push_back(
          {is_same, lost.receipt.ordered, lost.receipt.done,
           fmt::format("after {} {}, {} {} the {} that {} had at {}", lost.act.word, other,
                       claim.subject, is_same ? "has" : "has not", attribute, other,
                       instant(there->heard)),
           left->line});
    }
  }

  std::optional<Answer> last_in(const std::string& node, const std::string& attribute,
                                std::size_t span) const {
    std::optional<Answer> last;
    for (const Answer& answer : own_answers(trace_, node, attribute)) {
      if (span_of(acts_, answer) == span) last = answer;
    }
    return last;
  }

  static void conclude(Claim& claim) {
    for (const Proof& proof : claim.proofs) {
      if (!proof.is_true) claim.false_until = proof.from;
    }
    for (const Proof& proof : claim.proofs) {
      const bool is_after = !claim.false_until || proof.from > *claim.false_until;
      if (!proof.is_true || !is_after) continue;
      claim.true_from = std::min(claim.true_from.value_or(proof.to), proof.to);
    }
  }

  const Trace& trace_;
  const Acts& acts_;
};

}  // namespace

std::vector<Claim> claims_of(const Plan& plan, const History& history) {
  const Trace trace = make_trace(plan, history);
  const Acts acts = acts_of(trace);
  std::vector<Claim> claims;
  for (const auto& [source, answers] : trace.answers) {
    if (source.attribute != claimed_attribute || !is_node(trace, source.observer)) continue;
    std::size_t open = no_span;  // the span of the claim that goes on
    for (const Answer& answer : answers) {
      const std::size_t span = span_of(acts, answer);
      if (answer.value != claimed_value || span == no_span) {
        open = no_span;
        continue;
      }
      if (open == span) {
        claims.back().until = answer.heard;
        continue;
      }
      open = span;
      Claim& claim = claims.emplace_back();
      claim.observer = source.observer;
      claim.subject = source.subject;
      claim.value = answer.value;
      claim.asked = answer.asked;
      claim.heard = claim.until = answer.heard;
      claim.line = answer.line;
    }
  }
  std::ranges::stable_sort(claims, {}, &Claim::line);
  const Prover prover(trace, acts);
  for (Claim& claim : claims) prover.prove(claim);
  return claims;
}

std::string to_text(const Claim& claim) {
  return fmt::format("{} claimed {} of {} {}", claim.observer, claim.value, claim.subject,
                     span_text(claim.asked, claim.heard));
}

std::string bounds_text(const Claim& claim) {
  std::vector<std::string> parts;
  if (claim.false_until) {
    parts.push_back(fmt::format("proven false until {}", instant(*claim.false_until)));
  }
  if (claim.true_from) {
    parts.push_back(fmt::format("proven true from {}", instant(*claim.true_from)));
  }
  if (parts.empty()) return "nothing proves it, neither true nor false";
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace understudy::rules

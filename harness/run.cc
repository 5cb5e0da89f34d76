#include "harness/run.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/binding.h"
#include "harness/matcher.h"
#include "harness/names.h"
#include "harness/rules/acts.h"
#include "harness/rules/bounds.h"
#include "harness/rules/wording.h"
#include "harness/run_watch.h"

namespace understudy {
namespace {

using Kind = Entry::Kind;
using End = RunSummary::End;
using namespace std::chrono_literals;

/// Healing is not interrupted: a fault must not outlive the harness.
class Runner {
 public:
  Runner(const Plan& plan, Target& target, HistorySink& sink, const Cancel& cancel)
      : plan_(plan), target_(target), sink_(sink), cancel_(cancel), watch_(watch_of(plan)) {}

  RunSummary go(const RunOptions& options) {
    const Time began = target_.now();
    append(
        {.kind = Kind::Opened, .name = plan_.testbed, .value = plan_.id, .defect = plan_.defect});
    if (reach_given()) {
      for (std::size_t step = 0; step < plan_.steps.size() && is_going_on(); ++step) take(step);
    }
    close(options);
    summary_.took = target_.now() - began;
    return summary_;
  }

 private:
  bool is_going_on() const { return summary_.end == End::Complete; }

  void stop(End end, std::string cause, std::optional<std::size_t> step) {
    if (!is_going_on()) return;
    summary_.end = end;
    summary_.cause = std::move(cause);
    summary_.step = step;
  }

  void append(Entry entry) {
    entry.at = target_.now();
    sink_.append(entry);
  }
  void append(Entry entry, Time at) {
    entry.at = at;
    sink_.append(entry);
  }

  /// What a call brought back, in order of time; what ended the run is noted.
  void record(const Progress& progress) {
    auto incident = progress.incidents.begin();
    const auto tell = [&] {
      append({.kind = Kind::Happened, .incident = *incident}, incident->to);
      if (incident->kind == Incident::Kind::BenchBroken) {
        stop(End::BenchBroken, "bench: " + incident->words, step_);
      }
      if (incident->kind == Incident::Kind::Unread) {
        unread_ = fmt::format("unread: {}: {}; ", incident->node, incident->words);
      }
      if (incident->kind == Incident::Kind::Late) late_.push_back(*incident);
      if (incident->kind == Incident::Kind::Unsupported) {
        stop(End::Abandoned, fmt::format("{}: {}", incident->node, incident->words), step_);
      }
      ++incident;
    };
    for (const Observation& seen : progress.observations) {
      while (incident != progress.incidents.end() && incident->to <= seen.heard) tell();
      append({.kind = Kind::Observed, .observation = seen}, seen.heard);
    }
    while (incident != progress.incidents.end()) tell();
    if (progress.cancelled) stop(End::Cancelled, "the run was cancelled", step_);
  }

  Progress wait(const Condition& condition, const Condition& watch, Time deadline) {
    Progress progress = target_.run_until(condition, watch, deadline, cancel_);
    record(progress);
    return progress;
  }

  Progress ask(const Condition& condition) {
    Progress progress = target_.ask(condition, rules::timing(plan_, "answer", 10s), cancel_);
    record(progress);
    return progress;
  }

  Duration poll() const { return std::max<Duration>(rules::timing(plan_, "poll", 100ms), 1ms); }

  bool reach_given() {
    Condition wanted;
    for (const auto& [role, matcher] : plan_.given) {
      add_once(wanted, {Quantifier::Any, "", "", "state", matcher});
    }
    const Time deadline = target_.now() + plan_.boot_limit;
    late_.clear();
    while (is_going_on() && !wanted.terms.empty()) {
      const Progress progress = wait(wanted, watch_, deadline);
      if (is_going_on() && progress.holds && try_to_bind()) break;
      if (!is_going_on()) return false;
      if (target_.now() >= deadline) {
        stop(End::Abandoned,
             fmt::format("{}not reached: given {} within {}{}", unread_, given_in_words(),
                         to_text(plan_.boot_limit), late_in_words()),
             std::nullopt);
        return false;
      }
      wait({}, together(watch_, {{everyones("state")}}), target_.now() + poll());
    }
    if (is_going_on() && !watch_.terms.empty()) ask(watch_);
    return is_going_on();
  }

  /// Answers that were late since a wait began may be why it was in vain.
  std::string late_in_words() const {
    const std::string late = rules::text_of_late(late_);
    return late.empty() ? late : "; " + late;
  }

  std::string given_in_words() const {
    std::vector<std::string> parts;
    for (const auto& [role, matcher] : plan_.given) {
      parts.push_back(fmt::format("{}.state {}", role, to_text(matcher)));
    }
    return fmt::format("{}", fmt::join(parts, " and "));
  }

  bool try_to_bind() {
    const Progress progress = ask({{everyones("state")}});
    std::map<std::string, Value> states;
    for (const Observation& seen : progress.observations) {
      if (is_answer_to(seen, everyones("state"))) states[seen.subject] = seen.value;
    }
    const auto roles = bind_roles(plan_.given, plan_.nodes, states);
    if (!roles || !is_going_on()) return false;
    bindings_.roles = *roles;
    for (const auto& [role, matcher] : plan_.given) {
      append({.kind = Kind::Bound, .name = role, .value = roles->at(role)});
    }
    return true;
  }

  void take(std::size_t step) {
    step_ = step;
    if (step == 0 || plan_.steps[step].step.kind != Step::Kind::Do) reached_.reset();
    append({.kind = Kind::StepBegan, .step = step});
    const bool held = carry_out(step);
    const bool is_cancelled = summary_.end == End::Cancelled;
    const Value value = is_cancelled ? "cancelled" : held ? "held" : "not held";
    append({.kind = Kind::StepEnded, .step = step, .value = value});
    if (!held && plan_.steps[step].step.kind == Step::Kind::Expect) summary_.has_failed = true;
  }

  bool carry_out(std::size_t step) {
    const Step& one = plan_.steps[step].step;
    std::vector<std::string> unknown;
    const Condition condition = with_names(one.condition, bindings_, unknown);
    if (!unknown.empty()) {
      stop(End::Abandoned, fmt::format("not reached: ${} never had an answer", unknown.front()),
           step);
      return false;
    }
    switch (one.kind) {
      case Step::Kind::Do:
        return act(step);
      case Step::Kind::Await:
        return await(step, condition);
      case Step::Kind::Expect:
        return expect(step, condition) || is_refusal_judged(step);
      case Step::Kind::Remember:
        return remember(step);
      case Step::Kind::Pause:
        return pause(step);
    }
    ensure(false, "a step has one of its kinds");
    return false;
  }

  bool act(std::size_t step) {
    refused_.clear();
    std::vector<std::string> unknown;
    std::vector<Act> acts;
    for (const Act& one : plan_.steps[step].step.acts) {
      acts.push_back(with_names(one, bindings_, unknown));
    }
    if (!unknown.empty()) {
      stop(End::Abandoned, fmt::format("not reached: ${} never had an answer", unknown.front()),
           step);
      return false;
    }
    const Time from = ordered_;
    const auto receipts = target_.act(acts, cancel_);
    ensure(receipts.size() == acts.size(), "a target gives a receipt for each act");
    for (std::size_t index = 0; index < acts.size(); ++index) {
      append({.kind = Kind::Acted,
              .step = step,
              .act = acts[index],
              .receipt = with_placement(receipts[index])},
             receipts[index].done);
      note(acts[index], receipts[index], step);
    }
    if (cancel_.is_cancelled()) stop(End::Cancelled, "the run was cancelled", step);
    wait({}, {}, target_.now());  // what was observed meanwhile
    if (is_going_on()) check_in_time(step, from);
    return is_going_on();
  }

  /// What is done too late after the acts before it were ordered says nothing of the switch.
  void check_in_time(std::size_t step, Time from) {
    const PlannedStep& planned = plan_.steps[step];
    if (planned.step.span != Step::Span::Within || origin_ <= from + planned.bound) return;
    stop(End::Abandoned,
         fmt::format("not reached: {} took {}, and is of use within {} only ({})",
                     to_text(planned.step.acts.back()), to_text(origin_ - from),
                     to_text(planned.bound), planned.step.where),
         step);
  }

  /// Where in the switch's own course the act was placed: behind which answer, and by how much.
  Receipt with_placement(Receipt receipt) const {
    if (!reached_ || receipt.ordered < reached_->heard) return receipt;
    const std::string_view joint = receipt.words.empty() ? "" : "; ";
    receipt.words += fmt::format("{}{} after {}", joint, to_text(receipt.ordered - reached_->heard),
                                 reached_->what);
    return receipt;
  }

  /// A refused act is what the expect right behind it judges; nothing else can follow from an act
  /// that was not done.
  void refused(const std::string& what, std::size_t step) {
    const bool is_judged =
        step + 1 < plan_.steps.size() && plan_.steps[step + 1].step.kind == Step::Kind::Expect;
    if (!is_judged) return stop(End::Abandoned, "not reached: refused: " + what, step);
    refused_ = what;
    refused_step_ = step;
  }

  /// False, as the expect did not hold; where it was about a refused act, the rest is not reached.
  bool is_refusal_judged(std::size_t step) {
    if (!refused_.empty() && step == refused_step_ + 1 && is_going_on()) {
      stop(End::Abandoned, "not reached: refused: " + refused_, step);
    }
    return false;
  }

  void note(const Act& act, const Receipt& receipt, std::size_t step) {
    if (act.word == "restore") std::erase(faulty_links_, act.arguments.value("link", ""));
    if (rules::is_link_fault(act) && receipt.took_effect) {
      const std::string link = act.arguments.value("link", "");
      std::erase(faulty_links_, link);
      faulty_links_.push_back(link);
    }
    if (step != origin_step_) {
      origin_ = receipt.done;
      ordered_ = receipt.ordered;
    }
    origin_step_ = step;
    origin_ = std::max(origin_, receipt.done);
    ordered_ = std::min(ordered_, receipt.ordered);
    if (cancel_.is_cancelled()) return;
    const std::string what = fmt::format("{}: {}", act.word, receipt.words);
    if (receipt.outcome == Receipt::Outcome::Refused) {
      refused(what, step);
    } else if (receipt.outcome == Receipt::Outcome::Unsupported) {
      stop(End::Abandoned, what, step);
    } else if (receipt.outcome == Receipt::Outcome::BenchBroken) {
      stop(End::BenchBroken, "bench: " + what, step);
    } else if (rules::is_fault(act) && !receipt.took_effect) {
      stop(End::BenchBroken, fmt::format("bench: {} was never seen to take effect", what), step);
    }
  }

  /// The instant from which a bound counts, as the judge counts it.
  Time origin(std::size_t step) const {
    return rules::counted_from(plan_, step) ? origin_ : target_.now();
  }

  bool await(std::size_t step, const Condition& condition) {
    const PlannedStep& planned = plan_.steps[step];
    const Time now = target_.now();
    late_.clear();
    const Progress progress = wait(condition, watch_, std::max(now, origin(step) + planned.bound));
    if (progress.holds) {
      reached_ = reached_by(condition, progress.observations);
      return true;
    }
    stop(End::Abandoned,
         fmt::format("not reached: {} did not come within {} ({}){}",
                     to_text(planned.step.condition), to_text(planned.bound), planned.step.where,
                     late_in_words()),
         step);
    return false;
  }

  bool expect(std::size_t step, const Condition& condition) {
    const PlannedStep& planned = plan_.steps[step];
    const Time deadline = std::max(target_.now(), origin(step) + planned.bound);
    switch (planned.step.span) {
      case Step::Span::Now:
        return ask(condition).holds;
      case Step::Span::For:
        return !is_contradicted(condition,
                                wait({}, together(condition, watch_), deadline).observations);
      case Step::Span::Within:
        if (const Progress progress = wait(condition, watch_, deadline); progress.holds) {
          reached_ = reached_by(condition, progress.observations);
          return true;
        }
        if (is_going_on()) wait(condition, watch_, deadline + overtime(planned.bound));
        return false;
    }
    ensure(false, "an expect has one of its spans");
    return false;
  }

  Duration overtime(Duration bound) const {
    return std::clamp<Duration>(bound / 2, std::min<Duration>(10 * poll(), 30s), 30s);
  }

  bool remember(std::size_t step) {
    Condition wanted;
    std::vector<std::string> unknown;
    for (const auto& [name, term] : plan_.steps[step].step.remembered) {
      add_once(wanted, with_names(Condition{{term}}, bindings_, unknown).terms.front());
    }
    const Progress progress = ask(wanted);
    bool all_known = true;
    for (const auto& [name, planned] : plan_.steps[step].step.remembered) {
      const Term term = with_names(Condition{{planned}}, bindings_, unknown).terms.front();
      std::optional<Value> value;
      for (const Observation& seen : progress.observations) {
        if (is_answer_to(seen, term)) value = seen.value;
      }
      bindings_.values[name] = value;
      append({.kind = Kind::Remembered,
              .step = step,
              .name = name,
              .value = value.value_or(""),
              .known = value.has_value()});
      all_known = all_known && value;
    }
    return all_known;
  }

  /// A short pause is not lengthened by a last round of polls.
  bool pause(std::size_t step) {
    const Duration bound = plan_.steps[step].bound;
    if (bound <= Duration(0)) return true;
    const Time deadline = target_.now() + bound;
    wait({}, bound > 2 * poll() ? watch_ : Condition{}, deadline);
    return is_going_on();
  }

  /// What a fault met is known when it is lifted: that is told before the history is closed.
  void lift_faults() {
    for (const Value& link : std::exchange(faulty_links_, {})) {
      const Act restore{"restore", {{"link", link}}};
      const Receipt receipt = target_.act({restore}, NeverCancelled()).front();
      append({.kind = Kind::Acted, .step = plan_.steps.size(), .act = restore, .receipt = receipt},
             receipt.done);
      record(target_.run_until({}, {}, target_.now() + 1ms, NeverCancelled()));  // its incidents
    }
  }

  void close(const RunOptions& options) {
    if (summary_.has_failed && summary_.end != End::Cancelled) {
      summary_.collected = target_.collect(cancel_);
    }
    summary_.is_held = summary_.has_failed && options.hold_after_failure;
    if (summary_.is_held) {
      summary_.not_restored = {"held as it is"};
      append({.kind = Kind::Restored, .value = summary_.not_restored.front()});
    } else {
      lift_faults();
      summary_.not_restored = target_.restore(NeverCancelled());
      summary_.recovery = target_.recovery();
      append({.kind = Kind::Restored,
              .name = fmt::format("{}", fmt::join(summary_.recovery.rungs, "\n")),
              .value = fmt::format("{}", fmt::join(summary_.not_restored, "\n"))});
    }
    summary_.flash_writes = target_.flash_writes();
    const bool is_cancelled = summary_.end == End::Cancelled;
    append({.kind = Kind::Closed,
            .name = summary_.cause,
            .value = is_going_on()  ? "complete"
                     : is_cancelled ? "cancelled"
                                    : "abandoned"});
  }

  const Plan& plan_;
  Target& target_;
  HistorySink& sink_;
  const Cancel& cancel_;
  Condition watch_;
  Bindings bindings_;
  std::optional<std::size_t> step_;
  std::string refused_;  ///< the latest act, where the switch refused it
  std::size_t refused_step_ = 0;
  std::optional<Reached> reached_;   ///< by the step before
  std::vector<Incident> late_;       ///< answers, since the latest wait began
  std::string unread_;               ///< the latest output that could not be read
  std::vector<Value> faulty_links_;  ///< with faults that are not lifted yet
  Time ordered_{};                   ///< the first of the latest acts
  std::optional<std::size_t> origin_step_;
  Time origin_{};
  RunSummary summary_;
};

}  // namespace

RunSummary run(const Plan& plan, Target& target, HistorySink& sink, const Cancel& cancel,
               const RunOptions& options) {
  return Runner(plan, target, sink, cancel).go(options);
}

RunSummary summary_of(const History& history) {
  RunSummary summary;
  summary.end = RunSummary::End::Cancelled;  // until an end is found: it was cut short
  summary.cause = "the run was cut short";
  for (const Entry& entry : history.entries) {
    if (entry.kind == Kind::StepBegan) summary.step = entry.step;
    if (entry.kind != Kind::Closed) continue;
    summary.cause = entry.name;
    summary.took = entry.at;
    if (entry.value == "complete") {
      summary.end = End::Complete;
      summary.step.reset();
    } else if (entry.value == "abandoned") {
      summary.end = entry.name.starts_with("bench:") ? End::BenchBroken : End::Abandoned;
    }
  }
  return summary;
}

}  // namespace understudy

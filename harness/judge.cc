#include "harness/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/editions.h"
#include "harness/rules/acts.h"
#include "harness/rules/invariants.h"
#include "harness/rules/wording.h"

namespace understudy {
namespace {

using rules::Finding;
using rules::Trace;
using Outcome = Verdict::Outcome;

/// Why nothing can be said of a step, whatever its answers: it was not reached, or the bench broke.
struct Obstacle {
  Outcome outcome = Outcome::Inconclusive;
  std::string cause;
};

std::string described(const Incident& stall) {
  return fmt::format("stall from {} to {}: {}", rules::rounded(stall.from),
                     rules::rounded(stall.to), stall.words);
}

bool overlaps(const Incident& incident, Time from, Time to) {
  return incident.to >= from && incident.from <= to;
}

/// When the acts were ordered from which a do that has to be in time counts.
std::optional<Time> counted_from(const Trace& trace, std::size_t step) {
  const Step& one = trace.plan->steps[step].step;
  if (step == 0 || one.kind != Step::Kind::Do || one.span != Step::Span::Within)
    return std::nullopt;
  const auto before = rules::latest_do(*trace.plan, step - 1);
  for (const rules::ActTrace& act : trace.acts)
    if (act.step == before) return act.receipt.ordered;
  return std::nullopt;
}

/// An act that has to be in time makes all that follows a matter of time: which of two modules an
/// election saw first is seen only in who holds the office later.
std::optional<Time> timed_since(const Trace& trace, std::size_t step) {
  for (std::size_t at = 0; at < std::min(step, trace.plan->steps.size()); ++at)
    if (const auto from = counted_from(trace, at)) return from;
  return std::nullopt;
}

/// The stalls that overlap the last step, where it was one that was not reached or done in time.
std::string stalls_of_the_last_step(const Trace& trace) {
  std::string words;
  const auto last = std::find_if(trace.steps.rbegin(), trace.steps.rend(),
                                 [](const rules::StepTrace& one) { return one.has_begun; });
  if (last == trace.steps.rend() || !last->has_ended || last->ended == "held") return words;
  const auto step = static_cast<std::size_t>(trace.steps.rend() - last) - 1;
  const bool is_await = trace.plan->steps[step].step.kind == Step::Kind::Await;
  const auto from = is_await ? last->began_at : counted_from(trace, step);
  if (!from) return words;
  for (const auto& [line, incident] : trace.incidents) {
    if (incident.kind == Incident::Kind::Stall && overlaps(incident, *from, last->ended_at))
      words += "; " + described(incident);
  }
  return words;
}

std::string why_ended(const Trace& trace) {
  if (!trace.is_closed) {
    const std::string& damage = trace.history->damage;
    return "not reached: " + (damage.empty() ? "the history ends before it" : damage);
  }
  if (trace.why.empty()) {
    return trace.closed == "cancelled" ? "not reached: the run was cancelled"
                                       : "not reached: the run ended before it";
  }
  const bool has_cause = trace.why.starts_with("bench:") || trace.why.starts_with("unread:") ||
                         trace.why.starts_with("not reached:");
  return (has_cause ? "" : "not reached: ") + trace.why + stalls_of_the_last_step(trace);
}

/// Of what was changed after it was sealed nothing counts, neither for the switch nor against it.
Obstacle altered(const History& history) {
  return {Outcome::Inconclusive, "bench: " + history.damage};
}

std::string described(const rules::ActTrace& one) {
  std::string words = one.receipt.words;
  std::replace(words.begin(), words.end(), '\n', ' ');
  return fmt::format("{}{}{}", one.act.word, words.empty() ? "" : ": ", words);
}

std::optional<Obstacle> obstacle_of_acts(const Trace& trace, std::size_t step) {
  for (const rules::ActTrace& one : trace.acts) {
    if (one.step > step) break;
    if (one.receipt.outcome == Receipt::Outcome::Unsupported) {
      return Obstacle{Outcome::NotRun, described(one)};
    }
    if (one.receipt.outcome == Receipt::Outcome::BenchBroken) {
      return Obstacle{Outcome::Inconclusive, "bench: " + described(one)};
    }
    if (rules::is_fault(one.act) && !one.receipt.took_effect) {
      return Obstacle{Outcome::Inconclusive,
                      fmt::format("bench: {} was never seen to take effect", described(one))};
    }
  }
  return std::nullopt;
}

std::optional<Obstacle> broken_bench_until(const Trace& trace, std::size_t line) {
  for (const auto& [at, incident] : trace.incidents) {
    if (incident.kind != Incident::Kind::BenchBroken || at > line) continue;
    return Obstacle{Outcome::Inconclusive, "bench: " + incident.words};
  }
  return std::nullopt;
}

/// A command that is needed and not known makes what was not reached NOT RUN, with the word.
std::optional<Obstacle> unsupported_command(const Trace& trace) {
  for (const auto& [line, incident] : trace.incidents) {
    if (incident.kind != Incident::Kind::Unsupported) continue;
    return Obstacle{Outcome::NotRun, fmt::format("{}: {}", incident.node, incident.words)};
  }
  return std::nullopt;
}

/// Whatever was seen since a fault was installed that met nothing is not what the case is about.
std::optional<Obstacle> idle_fault_before(const Trace& trace, const rules::StepTrace& own) {
  const Time ended = trace.history->entries[own.last_line - 1].at;
  for (const auto& [line, incident] : trace.incidents) {
    if (incident.kind != Incident::Kind::IdleFault || incident.from > ended) continue;
    return Obstacle{Outcome::Inconclusive, "bench: " + incident.words};
  }
  return std::nullopt;
}

std::optional<Obstacle> obstacle_of(const Trace& trace, std::size_t step) {
  if (auto obstacle = obstacle_of_acts(trace, step)) return obstacle;
  const rules::StepTrace& own = trace.steps[step];
  if (!own.has_ended) {
    if (auto obstacle = unsupported_command(trace)) return obstacle;
  } else if (auto obstacle = idle_fault_before(trace, own)) {
    return obstacle;
  }
  const std::size_t end = own.has_begun ? own.last_line : trace.history->entries.size();
  if (auto obstacle = broken_bench_until(trace, end)) return obstacle;
  if (!own.has_begun) return Obstacle{Outcome::Inconclusive, why_ended(trace)};
  return std::nullopt;
}

Finding found(const Obstacle& obstacle) {
  Finding finding;
  finding.outcome = obstacle.outcome;
  finding.cause = obstacle.cause;
  return finding;
}

/// A stall takes a FAIL or a "too slow" of what is timed away, and is remarked on beside a PASS.
/// Unread output is unexplained: it is remarked on as well.
void weigh_incidents(const Trace& trace, std::optional<Time> timed_from, Finding& finding,
                     std::vector<std::string>& remarks) {
  const Time from = std::min(finding.from, timed_from.value_or(finding.from));
  for (const auto& [line, incident] : trace.incidents) {
    if (incident.kind == Incident::Kind::Unread && overlaps(incident, finding.from, finding.to)) {
      remarks.push_back(
          fmt::format("unread: {}: {} (line {})", incident.node, incident.words, line));
    }
    if (incident.kind != Incident::Kind::Stall || !overlaps(incident, from, finding.to)) continue;
    const std::string stall = described(incident);
    const bool rests_on_timing =
        timed_from && (finding.outcome == Outcome::Fail || finding.cause.starts_with("too slow"));
    if (rests_on_timing) {
      finding.outcome = Outcome::Inconclusive;
      finding.cause = "bench: " + stall;
    } else {
      remarks.push_back("bench: " + stall);
    }
  }
}

/// Where the latest act had no answer, nobody knows whether the switch did it.
void weigh_latest_act(const Trace& trace, std::size_t step, Finding& finding,
                      std::vector<std::string>& remarks) {
  const auto act_step = rules::latest_do(*trace.plan, step);
  if (!act_step) return;
  for (const rules::ActTrace& one : trace.acts) {
    if (one.step != *act_step) continue;
    if (one.receipt.outcome == Receipt::Outcome::Refused) {
      remarks.push_back("refused: " + described(one));
    }
    if (one.receipt.outcome != Receipt::Outcome::NoAnswer) continue;
    remarks.push_back("no answer: " + described(one));
    const auto& terms = trace.plan->steps[step].step.condition.terms;
    const bool is_about_it = std::all_of(terms.begin(), terms.end(), [](const Term& term) {
      return is_about_the_act(term.attribute);
    });
    if (is_about_it) continue;
    finding.outcome = Outcome::Inconclusive;
    finding.cause = fmt::format("not reached: no answer to {}", described(one));
  }
}

/// What was cut short can fail, but never pass.
void weigh_wholeness(const Trace& trace, bool has_ended, Finding& finding) {
  if (finding.outcome == Outcome::Fail) return;
  if (!has_ended) {
    finding.outcome = Outcome::Inconclusive;
    finding.cause = why_ended(trace);
  } else if (!trace.history->is_whole && finding.outcome == Outcome::Pass) {
    const std::string& damage = trace.history->damage;
    finding.outcome = Outcome::Inconclusive;
    finding.cause =
        "not reached: the history is not whole: " + (damage.empty() ? "it was not closed" : damage);
  }
}

Clause clause_of(const Plan& plan, const std::string& id) {
  for (const Clause& clause : plan.clauses) {
    if (clause.id == id) return clause;
  }
  Clause unknown;
  unknown.id = id;
  return unknown;
}

Verdict verdict_of(const Plan& plan, const std::string& checks, std::size_t step,
                   const Finding& finding) {
  Verdict verdict;
  verdict.suite = plan.suite;
  verdict.case_name = plan.case_name;
  verdict.plan = plan.id;
  verdict.clause = clause_of(plan, checks);
  verdict.outcome = finding.outcome;
  const bool has_cause =
      finding.outcome == Outcome::Inconclusive || finding.outcome == Outcome::NotRun;
  if (has_cause) verdict.cause = finding.cause;
  verdict.actual = finding.actual;
  verdict.measured = finding.measured;
  verdict.error_bar = finding.error_bar;
  verdict.first_line = finding.first_line;
  verdict.last_line = finding.last_line;
  verdict.step = step;
  return verdict;
}

Finding judged(const Trace& trace, std::size_t step, const Condition& condition) {
  switch (trace.plan->steps[step].step.span) {
    case Step::Span::Now:
      return rules::judge_now(trace, step, condition);
    case Step::Span::Within:
      return rules::judge_within(trace, step, condition);
    case Step::Span::For:
      return rules::judge_for(trace, step, condition);
  }
  ensure(false, "an expect has one of its spans");
  return {};
}

std::string expected_of(const Trace& trace, std::size_t step, const Condition& condition) {
  const rules::Window window{Time::min(), 0, 0, step};
  return rules::expected_of(trace, step, rules::make_expression(trace, condition, window));
}

/// What is found of the step's condition, remarks beside it.
Finding weighed(const Trace& trace, std::size_t step, const Condition& condition,
                std::vector<std::string>& remarks) {
  const PlannedStep& planned = trace.plan->steps[step];
  Finding finding = judged(trace, step, condition);
  weigh_latest_act(trace, step, finding, remarks);
  auto timed_from = timed_since(trace, step);
  if (!timed_from && planned.step.span != Step::Span::Now) timed_from = finding.from;
  weigh_incidents(trace, timed_from, finding, remarks);
  weigh_wholeness(trace, trace.steps[step].has_ended && trace.steps[step].ended != "cancelled",
                  finding);
  return finding;
}

/// The editions of a step's clause, before anything is judged.
std::vector<EditionFit> fits_of(const Plan& plan, const PlannedStep& planned) {
  std::vector<EditionFit> fits;
  const Clause clause = clause_of(plan, planned.step.checks);
  if (planned.by_edition.size() != clause.outcomes.size()) return fits;
  for (std::size_t index = 0; index < clause.outcomes.size(); ++index)
    fits.push_back({clause.outcomes[index], Outcome::NotRun, is_silent(planned, index)});
  return fits;
}

/// Each edition for itself. One that fits passes the step, one that is not decided keeps it open.
Finding weighed_by_edition(const Trace& trace, std::size_t step, std::vector<EditionFit>& fits,
                           std::vector<std::string>& remarks) {
  const PlannedStep& planned = trace.plan->steps[step];
  std::optional<Finding> best;
  bool is_best_silent = false;
  for (std::size_t index = 0; index < planned.by_edition.size(); ++index) {
    std::vector<std::string> own;
    const Finding finding = weighed(trace, step, planned.by_edition[index], own);
    fits[index].outcome = finding.outcome;
    const auto rank = [](Outcome outcome) {
      return outcome == Outcome::Pass ? 2 : outcome == Outcome::Inconclusive ? 1 : 0;
    };
    const bool is_better = !best || rank(finding.outcome) > rank(best->outcome) ||
                           (is_best_silent && finding.outcome == best->outcome);
    if (!is_better) continue;
    best = finding;
    is_best_silent = fits[index].is_silent;
    remarks = std::move(own);
  }
  ensure(best.has_value(), "a clause with outcomes has two at least");
  return *best;
}

Verdict judge_step(const Trace& trace, std::size_t step) {
  const Plan& plan = *trace.plan;
  const PlannedStep& planned = plan.steps[step];
  std::vector<std::string> remarks;
  Finding finding;
  std::vector<EditionFit> fits = fits_of(plan, planned);
  if (trace.history->is_altered) {
    finding = found(altered(*trace.history));
  } else if (!plan.not_run.empty()) {
    finding = found({Outcome::NotRun, plan.not_run});
  } else if (const auto obstacle = obstacle_of(trace, step)) {
    finding = found(*obstacle);
  } else if (fits.empty()) {
    finding = weighed(trace, step, planned.step.condition, remarks);
  } else {
    finding = weighed_by_edition(trace, step, fits, remarks);
  }
  Verdict verdict = verdict_of(plan, planned.step.checks, step, finding);
  verdict.expected = expected_of(trace, step, planned.step.condition);
  for (EditionFit& fit : fits)
    if (fit.outcome == Outcome::NotRun) fit.outcome = finding.outcome;
  verdict.editions = std::move(fits);
  verdict.remarks = std::move(remarks);
  return verdict;
}

/// What keeps a case from having shown that an invariant holds in all of it.
std::optional<Obstacle> obstacle_of_invariants(const Trace& trace) {
  if (auto obstacle = obstacle_of_acts(trace, trace.steps.size())) return obstacle;
  if (auto obstacle = broken_bench_until(trace, trace.history->entries.size())) return obstacle;
  if (auto obstacle = unsupported_command(trace)) return obstacle;
  if (trace.is_closed && trace.closed == "complete") return std::nullopt;
  return Obstacle{Outcome::Inconclusive, why_ended(trace)};
}

Verdict judge_always(const Trace& trace, const Invariant& invariant) {
  const Plan& plan = *trace.plan;
  std::vector<std::string> remarks;
  Finding finding;
  if (trace.history->is_altered) {
    finding = found(altered(*trace.history));
  } else if (!plan.not_run.empty()) {
    finding = found({Outcome::NotRun, plan.not_run});
  } else {
    finding = rules::judge_invariant(trace, invariant);
    weigh_incidents(trace, finding.from, finding, remarks);
    const auto obstacle = obstacle_of_invariants(trace);
    if (obstacle && finding.outcome != Outcome::Fail) {
      finding.outcome = obstacle->outcome;
      finding.cause = obstacle->cause;
      finding.actual.clear();
    }
    weigh_wholeness(trace, true, finding);
  }
  Verdict verdict = verdict_of(plan, invariant.checks, plan.steps.size(), finding);
  verdict.expected = rules::expected_of(trace, invariant);
  verdict.remarks = std::move(remarks);
  return verdict;
}

}  // namespace

std::vector<Verdict> judge(const Plan& plan, const History& history) {
  const Trace trace = rules::make_trace(plan, history);
  std::vector<Verdict> verdicts;
  for (std::size_t step = 0; step < plan.steps.size(); ++step) {
    if (plan.steps[step].step.kind == Step::Kind::Expect) {
      verdicts.push_back(judge_step(trace, step));
    }
  }
  demand_one_edition(verdicts);
  for (const Invariant& invariant : plan.always) verdicts.push_back(judge_always(trace, invariant));
  return verdicts;
}

bool operator==(const Verdict&, const Verdict&) = default;

Json to_json(const Verdict& verdict) {
  Json editions = Json::array();
  for (const EditionFit& fit : verdict.editions)
    editions.push_back({{"edition", fit.edition.edition},
                        {"document", fit.edition.citation.document},
                        {"page", fit.edition.citation.page},
                        {"says_nothing", fit.is_silent},
                        {"outcome", to_text(fit.outcome)}});
  Json json = {
      {"suite", verdict.suite},
      {"case", verdict.case_name},
      {"plan", verdict.plan},
      {"clause", verdict.clause.id},
      {"level", to_text(verdict.clause.level)},
      {"aspect", verdict.clause.aspect},
      {"statement", verdict.clause.statement},
      {"citation",
       {{"document", verdict.clause.citation.document}, {"page", verdict.clause.citation.page}}},
      {"outcome", to_text(verdict.outcome)},
      {"cause", verdict.cause},
      {"expected", verdict.expected},
      {"actual", verdict.actual},
      {"first_line", verdict.first_line},
      {"last_line", verdict.last_line},
      {"step", verdict.step},
      {"editions", std::move(editions)},
      {"remarks", verdict.remarks}};
  json["measured_ns"] = verdict.measured ? Json(verdict.measured->count()) : Json();
  json["error_bar_ns"] = verdict.error_bar ? Json(verdict.error_bar->count()) : Json();
  return json;
}

}  // namespace understudy

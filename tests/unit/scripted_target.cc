#include "scripted_target.h"

#include <algorithm>

namespace understudy::testing {
namespace {

using namespace std::chrono_literals;

std::string observer_of(const Term& term, const std::string& subject) {
  return term.observer.empty() ? subject : term.observer;
}

std::vector<std::string> subjects_of(const Term& term, const std::vector<std::string>& nodes) {
  return term.quantifier == Quantifier::The ? std::vector{term.subject} : nodes;
}

}  // namespace

ScriptedTarget::ScriptedTarget() {
  capabilities_.nodes = {"A", "B"};
  capabilities_.repeatable = true;
}

void ScriptedTarget::script(const std::string& observer, const std::string& subject,
                            const std::string& attribute, int milliseconds,
                            const std::string& value) {
  script_[{observer, subject, attribute}].emplace_back(std::chrono::milliseconds(milliseconds),
                                                       value);
}

std::vector<Receipt> ScriptedTarget::act(const std::vector<Act>& acts, const Cancel&) {
  std::vector<Receipt> receipts;
  for (const Act& one : acts) {
    Receipt receipt{.outcome = Receipt::Outcome::Done,
                    .means = "script",
                    .words = "",
                    .ordered = now_,
                    .done = now_ + 5ms,
                    .took_effect = true};
    now_ += 5ms;
    receipts.push_back(on_act ? on_act(one, receipt) : receipt);
    done.push_back(one);
  }
  return receipts;
}

Progress ScriptedTarget::question(const Condition& all) {
  Progress progress;
  const Time asked = now_;
  now_ += 1ms;
  for (const Term& term : all.terms) {
    for (const std::string& subject : subjects_of(term, capabilities_.nodes)) {
      const Key key{observer_of(term, subject), subject, term.attribute};
      const auto found = script_.find(key);
      if (found == script_.end() || found->second.front().first > asked) continue;
      Value value;
      for (const auto& [since, next] : found->second) {
        if (since <= asked) value = next;
      }
      latest_[key] = {asked, value};
      progress.observations.push_back({.kind = Observation::Kind::Claim,
                                       .observer = std::get<0>(key),
                                       .subject = subject,
                                       .attribute = term.attribute,
                                       .value = value,
                                       .asked = asked,
                                       .heard = now_,
                                       .evidence = ""});
    }
  }
  return progress;
}

bool ScriptedTarget::holds(const Condition& condition, Time since) const {
  const auto is_so = [&](const Term& term) {
    std::size_t count = 0;
    const auto subjects = subjects_of(term, capabilities_.nodes);
    for (const std::string& subject : subjects) {
      const auto found = latest_.find({observer_of(term, subject), subject, term.attribute});
      const bool is_known = found != latest_.end() && found->second.first >= since;
      if (is_known && matches(term.matcher, found->second.second)) ++count;
    }
    if (term.quantifier == Quantifier::Any) return count > 0;
    if (term.quantifier == Quantifier::No) return count == 0;
    return count == subjects.size();
  };
  return !condition.terms.empty() &&
         std::all_of(condition.terms.begin(), condition.terms.end(), is_so);
}

void ScriptedTarget::add_incidents(Progress& progress) {
  const auto due = std::stable_partition(incidents.begin(), incidents.end(),
                                         [&](const Incident& one) { return one.to > now_; });
  progress.incidents.insert(progress.incidents.end(), due, incidents.end());
  incidents.erase(due, incidents.end());
}

Progress ScriptedTarget::run_until(const Condition& condition, const Condition& watch,
                                   Time deadline, const Cancel& cancel) {
  watched.push_back(watch);
  Condition all = condition;
  all.terms.insert(all.terms.end(), watch.terms.begin(), watch.terms.end());
  Progress progress;
  const Time began = now_;
  while (true) {
    const bool is_last = now_ >= deadline;
    const Progress one = question(all);
    progress.observations.insert(progress.observations.end(), one.observations.begin(),
                                 one.observations.end());
    add_incidents(progress);
    progress.holds = holds(condition, began);
    progress.cancelled = cancel.is_cancelled();
    const bool is_broken = std::any_of(
        progress.incidents.begin(), progress.incidents.end(),
        [](const Incident& incident) { return incident.kind == Incident::Kind::BenchBroken; });
    if (is_last || progress.holds || progress.cancelled || is_broken) return progress;
    now_ = std::min(now_ + 10ms, std::max(deadline, now_));
  }
}

Progress ScriptedTarget::ask(const Condition& condition, Duration, const Cancel& cancel) {
  const Time began = now_;
  Progress progress = question(condition);
  add_incidents(progress);
  progress.holds = holds(condition, began);
  progress.cancelled = cancel.is_cancelled();
  return progress;
}

std::vector<std::string> ScriptedTarget::restore(const Cancel& cancel) {
  is_restored = !cancel.is_cancelled();
  return cannot_restore;
}

std::vector<std::pair<std::string, std::string>> ScriptedTarget::collect(const Cancel&) {
  was_collected_before_restore = !is_restored;
  return {{"show tech", "text"}};
}

}  // namespace understudy::testing

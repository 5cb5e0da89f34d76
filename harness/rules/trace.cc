#include "harness/rules/trace.h"

#include <algorithm>

#include "harness/rules/acts.h"

namespace understudy::rules {
namespace {

void add_answer(Trace& trace, const Entry& entry, std::size_t line) {
  const Observation& seen = entry.observation;
  trace.answers[{seen.observer, seen.subject, seen.attribute}].push_back(
      {seen.value, seen.asked, seen.heard, line});
}

void add(Trace& trace, const Entry& entry, std::size_t line) {
  StepTrace* step = entry.step < trace.steps.size() ? &trace.steps[entry.step] : nullptr;
  switch (entry.kind) {
    case Entry::Kind::Opened:
    case Entry::Kind::Bound:
    case Entry::Kind::Remembered:
    case Entry::Kind::Restored:
      break;
    case Entry::Kind::StepBegan:
      if (step != nullptr) {
        step->has_begun = true;
        step->began_at = entry.at;
        step->first_line = line;
        step->last_line = trace.history->entries.size();
      }
      break;
    case Entry::Kind::Acted:
      trace.acts.push_back({line, entry.step, entry.act, entry.receipt});
      break;
    case Entry::Kind::Observed:
      add_answer(trace, entry, line);
      break;
    case Entry::Kind::Happened:
      trace.incidents.push_back({line, entry.incident});
      break;
    case Entry::Kind::StepEnded:
      if (step != nullptr) {
        step->has_ended = true;
        step->ended_at = entry.at;
        step->last_line = line;
        step->ended = entry.value;
      }
      break;
    case Entry::Kind::Closed:
      trace.is_closed = true;
      trace.closed = entry.value;
      trace.why = entry.name;
      break;
  }
}

}  // namespace

Trace make_trace(const Plan& plan, const History& history) {
  Trace trace;
  trace.plan = &plan;
  trace.history = &history;
  trace.steps.resize(plan.steps.size());
  for (std::size_t index = 0; index < history.entries.size(); ++index) {
    add(trace, history.entries[index], index + 1);
  }
  for (auto& [source, answers] : trace.answers) {
    std::stable_sort(answers.begin(), answers.end(),
                     [](const Answer& a, const Answer& b) { return a.heard < b.heard; });
  }
  return trace;
}

Bindings bindings_before(const Trace& trace, std::size_t line) {
  Bindings bindings;
  const auto& entries = trace.history->entries;
  for (std::size_t index = 0; index < entries.size() && index + 1 < line; ++index) {
    const Entry& entry = entries[index];
    if (entry.kind == Entry::Kind::Bound) bindings.roles[entry.name] = entry.value;
    if (entry.kind == Entry::Kind::Remembered) {
      bindings.values[entry.name] =
          entry.known ? std::optional<Value>(entry.value) : std::optional<Value>();
    }
  }
  return bindings;
}

Duration timing(const Plan& plan, const std::string& name, Duration otherwise) {
  for (const auto& [known, duration] : plan.timing) {
    if (known == name) return duration;
  }
  return otherwise;
}

Duration resolve_time(const Plan& plan) {
  const Duration heartbeat = timing(plan, "heartbeat", std::chrono::milliseconds(100));
  return timing(plan, "resolve", 10 * heartbeat);
}

std::optional<std::size_t> latest_do(const Plan& plan, std::size_t step) {
  for (std::size_t index = std::min(step + 1, plan.steps.size()); index-- > 0;) {
    if (plan.steps[index].step.kind == Step::Kind::Do) return index;
  }
  return std::nullopt;
}

bool is_node(const Trace& trace, const std::string& name) {
  const auto& nodes = trace.plan->nodes;
  return std::find(nodes.begin(), nodes.end(), name) != nodes.end();
}

std::optional<Value> last_value(const Trace& trace, const std::string& node,
                                const std::string& attribute, Time at, std::size_t before_line,
                                const std::string& observer) {
  const Answer* last = nullptr;
  const std::vector<std::string> own{node, "bench"};
  for (const std::string& one : observer.empty() ? own : std::vector{observer}) {
    const auto found = trace.answers.find({one, node, attribute});
    if (found == trace.answers.end()) continue;
    for (const Answer& answer : found->second) {
      if (answer.heard > at) break;
      if (answer.heard == at && answer.line > before_line) continue;
      if (last == nullptr || answer.heard >= last->heard) last = &answer;
    }
  }
  return last != nullptr ? std::optional<Value>(last->value) : std::nullopt;
}

bool may_have_restarted(const Trace& trace, const std::string& node, Time from, Time to) {
  const auto before = last_value(trace, node, "boots", from);
  const auto after = last_value(trace, node, "boots", to);
  if (before != after && (before || after)) return true;
  for (const auto& [line, incident] : trace.incidents) {
    const bool is_end =
        incident.kind == Incident::Kind::NodeDied || incident.kind == Incident::Kind::SessionLost;
    if (is_end && incident.node == node && incident.to >= from && incident.from <= to) return true;
  }
  for (const ActTrace& one : trace.acts) {
    if (!ends_a_process(one.act) || one.receipt.done < from || one.receipt.ordered > to) continue;
    const auto named = nodes_named(one.act, trace.plan->nodes);
    if (std::find(named.begin(), named.end(), node) != named.end()) return true;
  }
  return false;
}

bool is_down_by_act(const Trace& trace, const std::string& node, std::size_t line) {
  bool is_down = false;
  for (const ActTrace& one : trace.acts) {
    if (one.line > line) break;
    const auto named = nodes_named(one.act, trace.plan->nodes);
    if (std::find(named.begin(), named.end(), node) == named.end()) continue;
    if (takes_away(one.act) && one.receipt.took_effect) is_down = true;
    if (gives_back(one.act) && may_have_happened(one.receipt)) is_down = false;
  }
  return is_down;
}

}  // namespace understudy::rules

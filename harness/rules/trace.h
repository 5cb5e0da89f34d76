// A history laid out for judging: answers by source, acts, incidents and steps, each with its line.
// Built once for a plan and a history; every rule reads it, none changes it.
#pragma once

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "harness/history.h"
#include "harness/names.h"
#include "harness/plan.h"

namespace understudy::rules {

struct Answer {
  Value value;
  Time asked{};
  Time heard{};
  std::size_t line = 0;
};

/// Who told what about whom.
struct Source {
  std::string observer;
  std::string subject;
  std::string attribute;

  friend auto operator<=>(const Source&, const Source&) = default;
};

struct ActTrace {
  std::size_t line = 0;
  std::size_t step = 0;
  Act act;
  Receipt receipt;
};

struct IncidentTrace {
  std::size_t line = 0;
  Incident incident;
};

struct StepTrace {
  bool has_begun = false;
  bool has_ended = false;
  Time began_at{};
  Time ended_at{};
  std::size_t first_line = 0;
  std::size_t last_line = 0;  ///< of the last entry where the step never ended
  Value ended;                ///< "held", "not held", "cancelled"
};

struct Trace {
  const Plan* plan = nullptr;
  const History* history = nullptr;
  std::map<Source, std::vector<Answer>> answers;  ///< each in order of `heard`
  std::vector<ActTrace> acts;
  std::vector<IncidentTrace> incidents;
  std::vector<StepTrace> steps;
  bool is_closed = false;
  Value closed;
  std::string why;  ///< why it closed early, in the run's words
};

Trace make_trace(const Plan& plan, const History& history);

/// Roles, and what was remembered before line `line`.
Bindings bindings_before(const Trace& trace, std::size_t line);

/// The testbed's timing of that name, or `otherwise`.
Duration timing(const Plan& plan, const std::string& name, Duration otherwise);

/// How long nodes need to find each other again after a fault: timing.resolve.
Duration resolve_time(const Plan& plan);

/// The latest `do` at or before `step`; nullopt if there is none.
std::optional<std::size_t> latest_do(const Plan& plan, std::size_t step);

bool is_node(const Trace& trace, const std::string& name);

/// What a counter said last, heard at or before `at`; absent an observer, to the node or the bench.
std::optional<Value> last_value(const Trace& trace, const std::string& node,
                                const std::string& attribute, Time at,
                                std::size_t before_line = std::numeric_limits<std::size_t>::max(),
                                const std::string& observer = {});

/// True if the node's own count of boots differs between the two instants, or its console or
/// process was lost in between, or an act of ours restarted it.
bool may_have_restarted(const Trace& trace, const std::string& node, Time from, Time to);

/// Taken away by an act before `line` and not given back since: nobody expects it to answer.
bool is_down_by_act(const Trace& trace, const std::string& node, std::size_t line);

}  // namespace understudy::rules

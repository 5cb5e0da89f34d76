// A plan is one case with everything decided that can be decided without a device: vary values,
// limits as durations, scratch values, the seed. Roles and remembered values stay names. A plan is
// stored beside its history (plan.json), so that `judge` needs neither suite nor testbed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/suite.h"

namespace understudy {

/// A step whose bound is a duration.
struct PlannedStep {
  /// $vary, $scratch and $limits are replaced; $remembered names stay. Where its clause has
  /// outcomes by edition the condition is what any of them says, and `by_edition` what each of them
  /// does.
  Step step;
  std::vector<Condition>
      by_edition{};                 ///< in the order of the clause's outcomes; empty: none named
  Duration bound{};                 ///< of Within, For and Pause
  std::optional<Duration> lasts{};  ///< of what comes and goes; 0: the testbed does not tell
  std::string bound_source;  ///< "limits.takeover of exos-11.3", "timing of lab-7", "the case"
};

/// An edition that puts no value in the place of `$outcome` says nothing of it.
bool is_silent(const PlannedStep& planned, std::size_t edition);

struct Plan {
  std::string suite;
  std::string case_name;
  std::string id;  ///< the folder's name: "insync-claim-is-true,delay=10ms"
  std::string title;
  std::string testbed;
  std::string suite_path{};    ///< as the user named it, for running it again; empty: its name
  std::string testbed_path{};  ///< likewise
  std::string defect{};        ///< what the testbed breaks on purpose; empty: nothing
  std::string defect_asked{};  ///< what --defect said; empty where the testbed's file has it
  std::string defects_path{};  ///< what --defects said: the file that has it
  std::uint64_t run_seed = 0;  ///< what --seed said
  std::uint64_t seed = 0;      ///< follows from run_seed and the plan's id; drives the target
  std::vector<std::pair<std::string, Value>> varied;
  std::vector<std::pair<std::string, Matcher>> given;
  std::vector<PlannedStep> steps;
  std::vector<Invariant> always;
  std::vector<Clause> clauses;  ///< those that its steps and invariants check
  std::vector<std::string> nodes;
  std::vector<std::pair<std::string, Duration>>
      timing;               ///< of the testbed: heartbeat, poll, resolve...
  Duration boot_limit{};    ///< how long `given` may take
  std::string not_run;      ///< the missing word, if the testbed cannot run it; empty otherwise
  Duration longest_wait{};  ///< sum of the waits that it contains if all goes well (P17)
};

/// The harness's own MUST, in every suite: no node restarts, dumps core or logs a critical event
/// without an act of ours. make_plans adds it, and the counters of it that the testbed can read.
const Clause& unprovoked_restart();

/// All plans of a case, in the order of its vary lists. The seed of each follows from `seed` and
/// its id.
Result<std::vector<Plan>> make_plans(const Suite& suite, const Case& one,
                                     const Capabilities& capabilities, const std::string& testbed,
                                     std::uint64_t seed);

/// The command that runs a plan's case again, as a shell takes it.
std::string command_again(const Plan& plan);

Json to_json(const Plan& plan);
Json to_json(const Clause& clause);
Result<Plan> plan_from(const Json& json, const std::string& where);

/// "30s", "1.5s", "250ms", "2m" as a duration; to_text gives the shortest exact form back.
Result<Duration> duration_from(const std::string& text);
std::string to_text(Duration duration);

/// Arithmetic over durations and numbers: "heartbeat * limit + 2 * poll"; names are looked up.
struct Names {
  std::vector<std::pair<std::string, Duration>> durations;
  std::vector<std::pair<std::string, std::int64_t>> numbers;
};
Result<Duration> evaluate(const std::string& expression, const Names& names,
                          const std::string& where);

}  // namespace understudy

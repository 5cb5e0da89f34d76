// Runs many plans on one testbed, N side by side, and keeps what each leaves behind in a folder of
// its own. Used by the command line and by Python. The calling thread waits for the jobs and gets
// their progress as data; each job opens a target for each plan and runs it on its own thread, so
// Testbed::open must be safe to call from several at once where more than one job is asked for.
//
//   OUT/runs.json                     what has to be there: see harness/records/run_store.h
//   OUT/<testbed>/<suite>/plans.jsonl all plans, before any runs
//   OUT/<testbed>/<suite>/<plan id>/  plan.json (all plans' before any runs), history.jsonl,
//                                     run.json, verdicts.json, collected/ after a failure, and the
//                                     target's own files
//
// Results stand in the order of the plans whatever N is. A testbed that only one may use gets one
// job. Where a plan reports a stall, or the waiting thread itself is late by more than a tenth of
// the heartbeat, one job fewer goes on (never below one); after `time_to_trust` in time one more
// does, up to as many as were asked for. Three plans in a row that could not be carried out stop
// the testbed: later ones are inconclusive; so are those behind a failure that is held, or behind a
// device that did not come back. Cancel ends the plans that run, each after healing.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/blocking.h"
#include "harness/judge.h"
#include "harness/run.h"

namespace understudy {

struct ExecuteOptions {
  std::string out = "out";
  std::size_t jobs = 1;
  bool hold_after_failure = false;
  bool watches_lateness = true;  ///< false where time is virtual and lateness means nothing
  Duration time_to_trust = std::chrono::seconds(5);  ///< without lateness: one job more again
  Json facts = Json::object();  ///< for run.json: what the application knows of host and versions
  std::string canaries{};       ///< the seal of what the canaries left in OUT/canaries
};

struct ProgressEvent {
  enum class Kind { Started, Finished, JobsChanged, Stopped };
  Kind kind = Kind::Started;
  std::size_t plan = 0;             ///< index into the plans
  std::string words{};              ///< of JobsChanged and Stopped: why
  std::size_t done = 0;             ///< plans finished so far, this one included
  std::vector<Verdict> verdicts{};  ///< of Finished
};

/// Called on the thread that called execute(), one event after the other.
using OnProgress = std::function<void(const ProgressEvent&)>;

struct PlanResult {
  Plan plan;
  std::vector<Verdict> verdicts;
  RunSummary summary;
  std::string folder;
  bool was_run = false;  ///< a target was opened for it
};

struct Execution {
  std::vector<PlanResult> results;       ///< in the order of the plans
  std::optional<Error> could_not_start;  ///< exit status 3; results hold what ran before
  bool was_cancelled = false;
  std::size_t jobs = 1;  ///< how many were left at the end
};

Execution execute(const std::vector<Plan>& plans, Testbed& testbed, const ExecuteOptions& options,
                  const OnProgress& on_progress, const Cancel& cancel);

/// Where a plan's files lie.
std::string folder_of(const Plan& plan, const std::string& out);

struct JudgedFolder {
  std::string folder;
  Plan plan;
  std::vector<Verdict> verdicts;
  History history;
};

struct JudgedRun {
  std::vector<JudgedFolder> cases;
  std::vector<std::string> damage;  ///< what is missing or is not as it was left, a line each
  std::string canaries;             ///< "as expected", or what was not; empty: none were heard
};

/// Every stored plan in `folder` or below, by path, judged again, with dependents blocked; one
/// whose files are gone is inconclusive. A folder that no run listed is damage, and is not judged.
/// Where there is damage, nothing that is missing can have passed: see exit_status. Canaries are
/// judged on their own terms. Changes no file. `folder` may be the whole of a run, a part, or one
/// case; an error where it holds nothing of that.
Result<JudgedRun> judge_folder(const std::string& folder);

/// What the verdicts of its cases say of each other, once they were judged anew.
void judge_together(JudgedRun& judged);

/// What a run changed and did not put back, a line each, as its history tells it.
std::vector<std::string> not_put_back(const JudgedFolder& one);

/// With damage, or with something that was not put back, a run is inconclusive at best.
int exit_status(const JudgedRun& judged, const ExitRules& rules);

/// What a canary did that it was not to do; nothing if all is as expected. The clause that has the
/// case's name is the one that counts: `must-fail` fails, any other passes.
std::optional<std::string> unexpected_of_canary(const Plan& plan,
                                                std::span<const Verdict> verdicts);

}  // namespace understudy

// OUT/runs.json: what a folder of runs has to hold. It is written before the first case runs, with
// the seal of each list of plans, and again when the run ended, with the seals of what each case
// left; so a case, a list or the end of a run that is not there any more is missed. Runs into one
// folder add up: a case that is run again replaces what it left before. Used by `execute`, which
// writes, and `judge_folder`, which reads. One run at a time writes to a folder.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/plan.h"

namespace understudy {

struct RunStore {
  struct List {
    std::size_t plans = 0;
    std::string seal;
  };
  /// The seals of what a case left; empty where it left no such file.
  struct Left {
    std::string run;
    std::string verdicts;
  };
  struct Run {
    Json facts = Json::object();  ///< of the host: versions, paths, load, lateness, defect
    bool has_ended = false;
    std::map<std::string, Left> plans;  ///< by folder below OUT
  };
  std::map<std::string, List> lists;  ///< by path below OUT
  std::vector<Run> runs;
  std::string canaries;  ///< the seal of their own runs.json; empty: none were heard

  const Run* run_of(const std::string& plan) const;
};

inline constexpr const char* name_of_store = "runs.json";
inline constexpr const char* folder_of_canaries = "canaries";

/// Every plan of a suite's runs, one a line, beside their folders.
inline constexpr const char* list_of_plans = "plans.jsonl";

/// Where a plan's files lie, below OUT.
std::string place_of(const Plan& plan);

/// Writes lists and store before anything runs. Plans of earlier runs into the same folder stay
/// listed, unless this run has them too. An error: what is there is not whole, or no store lists
/// it.
Result<RunStore> begin_run(const std::vector<Plan>& plans, const std::string& out,
                           const Json& facts, const std::string& canaries);

/// Seals what the latest run left; `facts` are those that are known only now.
Result<void> end_run(RunStore store, const std::string& out, const Json& facts);

/// An error: it is missing, or not as it was written.
Result<RunStore> read_run_store(const std::string& out);
Result<void> write_run_store(const RunStore& store, const std::string& out);

/// The plans of a list. An error: it is missing, or not as the store says.
Result<std::vector<Plan>> read_list(const std::string& out, const std::string& list,
                                    const RunStore::List& promised);
std::string text_of_list(const std::vector<Plan>& plans);

/// plan.json's text.
std::string text_of_plan(const Plan& plan);

/// Folders below OUT that hold a plan.json, sorted, without those of canaries.
Result<std::vector<std::string>> folders_with_plans(const std::string& out);

}  // namespace understudy

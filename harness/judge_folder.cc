// Judging what lies on disk: every stored plan below a folder, without a device, against what the
// runs said that there has to be.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "harness/chain.h"
#include "harness/execute.h"
#include "harness/files.h"
#include "harness/records/run_store.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;

std::string joined(const std::string& folder, const std::string& below) {
  return below == "." || below.empty() ? folder : folder + "/" + below;
}

Result<Plan> read_plan_of(const std::string& folder) {
  const std::string path = folder + "/plan.json";
  const auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  const Json json = Json::parse(*text, nullptr, false);
  if (json.is_discarded()) return fail(path, "is no JSON");
  return plan_from(json, path);
}

/// A part of a folder of runs: where the whole is, and what lies below `part` of it.
struct Place {
  std::string root;
  std::string part;
};

/// The nearest folder upwards that holds the store of runs: OUT, OUT/testbed, .../suite, .../case.
std::optional<Place> find_store(const std::string& folder) {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(folder, error);
  std::string root = folder;
  fs::path above = whole;
  for (int up = 0; up <= 3; ++up) {
    if (fs::exists(root + "/" + name_of_store)) {
      return Place{root, whole.lexically_relative(above).generic_string()};
    }
    root += "/..";
    above = above.parent_path();
  }
  return std::nullopt;
}

/// Plans lie in OUT/testbed/suite/plan: at most three below `folder`, or it is no run's.
bool has_plans(const fs::path& folder, int below = 3) {
  std::error_code error;
  if (fs::exists(folder / "plan.json", error)) return true;
  if (below == 0) return false;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_directory(error) && has_plans(entry.path(), below - 1)) return true;
  }
  return false;
}

class Judge {
 public:
  Judge(const std::string& folder, Place place) : folder_(folder), place_(std::move(place)) {}

  Result<JudgedRun> go() {
    const auto found = folders_with_plans(place_.root);
    if (!found) return tl::unexpected(found.error());
    auto store = read_run_store(place_.root);
    if (store) {
      by_the_store(*store, *found);
    } else {
      tell(store.error());
      for (const std::string& place : *found) {
        if (is_wanted(place)) judge_as_found(place, nullptr);
      }
      take_passes_away(store.error());
    }
    conclude();
    return std::move(judged_);
  }

  Result<JudgedRun> one_case() {
    judge_as_found(place_.part, nullptr);
    if (!judged_.damage.empty()) return fail(folder_ + "/plan.json", "cannot be read");
    return std::move(judged_);
  }

 private:
  void tell(const Error& error) { judged_.damage.push_back(to_line(error)); }
  void tell(const std::string& place, const std::string& what) {
    judged_.damage.push_back(joined(place_.root, place) + ": " + what);
  }

  bool is_wanted(const std::string& place) const {
    return place_.part == "." || place == place_.part || place.starts_with(place_.part + "/");
  }

  /// As the user named it.
  std::string shown(const std::string& place) const {
    if (place_.part == ".") return joined(place_.root, place);
    return place == place_.part ? folder_ : folder_ + place.substr(place_.part.size());
  }

  void by_the_store(const RunStore& store, const std::vector<std::string>& found) {
    std::set<std::string> expected;
    for (const auto& [list, promised] : store.lists) {
      const std::string suite = fs::path(list).parent_path().generic_string();
      const bool is_touched = is_wanted(suite) || place_.part.starts_with(suite + "/");
      const auto plans = read_list(place_.root, list, promised);
      if (!plans && is_touched) tell(plans.error());
      if (!plans) continue;
      for (const Plan& plan : *plans) {
        const std::string place = suite + "/" + plan.id;
        expected.insert(place);
        if (is_wanted(place)) judge_as_planned(place, plan, store.run_of(place));
      }
    }
    for (const RunStore::Run& run : store.runs) note_run(run, expected);
    for (const std::string& place : found) {
      if (is_wanted(place) && !expected.contains(place)) {
        tell(place, "no run listed it; it is not judged");
      }
    }
    judge_canaries(store);
  }

  /// What a list does not tell, since it is damaged, the runs do.
  void note_run(const RunStore::Run& run, std::set<std::string>& expected) {
    bool is_touched = false;
    for (const auto& [place, left] : run.plans) {
      if (!is_wanted(place)) continue;
      is_touched = true;
      if (!expected.insert(place).second) continue;
      if (fs::exists(joined(place_.root, place) + "/plan.json")) {
        judge_as_found(place, &run);
      } else {
        tell(place, "is missing");
      }
    }
    if (is_touched && !run.has_ended) {
      tell("", fmt::format("the run that started at {} was cut short",
                           run.facts.value("started", "an unknown time")));
    }
  }

  void judge_as_planned(const std::string& place, const Plan& plan, const RunStore::Run* run) {
    const std::string folder = joined(place_.root, place);
    const auto text = read_text(folder + "/plan.json");
    if (!fs::exists(folder + "/plan.json")) {
      altered(place, plan, plan.id + "/plan.json is missing: the run was to leave it");
    } else if (!text || *text != text_of_plan(plan)) {
      altered(place, plan, "plan.json was changed: it is not on the list of plans");
    } else {
      judge(place, plan, run);
    }
  }

  void judge_as_found(const std::string& place, const RunStore::Run* run) {
    const auto plan = read_plan_of(joined(place_.root, place));
    if (!plan) return tell(plan.error());
    judge(place, *plan, run);
  }

  /// A failure that was seen stays one; what passed may have been chosen.
  void take_passes_away(const Error& why) {
    for (JudgedFolder& one : judged_.cases) {
      for (Verdict& verdict : one.verdicts) {
        if (verdict.outcome != Verdict::Outcome::Pass) continue;
        verdict.outcome = Verdict::Outcome::Inconclusive;
        verdict.cause = to_line(why);
      }
    }
  }

  void altered(const std::string& place, const Plan& plan, const std::string& damage) {
    History history;
    history.is_altered = true;
    history.damage = damage;
    tell(place, damage);
    auto verdicts = understudy::judge(plan, history);
    judged_.cases.push_back({shown(place), plan, std::move(verdicts), std::move(history)});
  }

  void judge(const std::string& place, const Plan& plan, const RunStore::Run* run) {
    const std::string folder = joined(place_.root, place);
    if (run != nullptr && run->has_ended) {
      const RunStore::Left& left = run->plans.at(place);
      for (const auto& [name, seal] :
           {std::pair{"run.json", left.run}, {"verdicts.json", left.verdicts}}) {
        const std::string now = seal_of_file(folder + "/" + name).value_or("");
        if (now == seal) continue;
        const std::string what = now.empty()    ? " is missing: the run left it"
                                 : seal.empty() ? " was added after the run"
                                                : " is not the one that the run left";
        return altered(place, plan, name + what);
      }
    }
    auto history = read_history(folder);
    if (!history) return tell(history.error());
    if (history->is_altered) tell(place, history->damage);
    auto verdicts = understudy::judge(plan, *history);
    judged_.cases.push_back({shown(place), plan, std::move(verdicts), std::move(*history)});
  }

  void judge_canaries(const RunStore& store) {
    const std::string folder = std::string(folder_of_canaries);
    if (place_.part != ".") return;
    const auto seal = seal_of_file(joined(place_.root, folder) + "/" + name_of_store);
    if (store.canaries.empty() && !seal) return;
    if (seal.value_or("") != store.canaries) {
      tell(folder, seal ? "runs.json is not the one that the run left" : "is missing");
      return;
    }
    const auto heard = judge_folder(joined(place_.root, folder));
    if (!heard) return tell(heard.error());
    for (const std::string& line : heard->damage) judged_.damage.push_back(line);
    judged_.canaries = "as expected";
    for (const JudgedFolder& one : heard->cases) {
      const auto wrong = unexpected_of_canary(one.plan, one.verdicts);
      if (!wrong) continue;
      judged_.canaries = *wrong;
      tell(folder, *wrong);
    }
  }

  void conclude() {
    std::ranges::sort(judged_.cases, {}, &JudgedFolder::folder);
    judge_together(judged_);
  }

  const std::string& folder_;
  Place place_;
  JudgedRun judged_;
};

}  // namespace

Result<JudgedRun> judge_folder(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return fail(folder, "is no folder", "name one that `understudy run` wrote");
  }
  const auto place = find_store(folder);
  if (!place && fs::exists(folder + "/plan.json")) return Judge(folder, {folder, "."}).one_case();
  if (!place && !has_plans(folder)) {
    return fail(folder, "holds no run and no case", "name a folder that `understudy run` wrote");
  }
  auto judged = Judge(folder, place.value_or(Place{folder, "."})).go();
  const bool is_nothing = judged && judged->cases.empty() && (!place || judged->damage.empty());
  if (is_nothing) return fail(folder, "holds no case", "name one that `understudy run` wrote");
  return judged;
}

void judge_together(JudgedRun& judged) {
  std::vector<RunSummary> summaries;
  for (const JudgedFolder& one : judged.cases) summaries.push_back(summary_of(one.history));
  std::vector<Outcome> outcomes;
  for (std::size_t index = 0; index < judged.cases.size(); ++index) {
    JudgedFolder& one = judged.cases[index];
    outcomes.push_back({&one.plan, &summaries[index], &one.verdicts});
  }
  block_dependents(outcomes);
}

std::vector<std::string> not_put_back(const JudgedFolder& one) {
  std::vector<std::string> lines;
  for (const Entry& entry : one.history.entries) {
    if (entry.kind != Entry::Kind::Restored) continue;
    std::istringstream text(entry.value);
    for (std::string line; std::getline(text, line);) lines.push_back(line);
  }
  return lines;
}

int exit_status(const JudgedRun& judged, const ExitRules& rules) {
  std::vector<Verdict> verdicts;
  std::vector<Clause> clauses;
  for (const JudgedFolder& one : judged.cases) {
    verdicts.insert(verdicts.end(), one.verdicts.begin(), one.verdicts.end());
    clauses.insert(clauses.end(), one.plan.clauses.begin(), one.plan.clauses.end());
  }
  const int status = exit_status(verdicts, clauses, rules);
  const bool is_sound =
      judged.damage.empty() && std::ranges::all_of(judged.cases, [](const JudgedFolder& one) {
        return not_put_back(one).empty();
      });
  return status == 0 && !is_sound ? 2 : status;
}

std::optional<std::string> unexpected_of_canary(const Plan& plan,
                                                std::span<const Verdict> verdicts) {
  using Outcome = Verdict::Outcome;
  const Outcome wanted = plan.case_name == "must-fail" ? Outcome::Fail : Outcome::Pass;
  const auto found =
      std::ranges::find(verdicts, plan.case_name, [](const Verdict& one) { return one.clause.id; });
  if (found != verdicts.end() && found->outcome == wanted) return std::nullopt;
  const std::string how =
      found == verdicts.end() ? "nothing" : to_text(found->outcome) + " " + found->cause;
  return fmt::format("the canary {} ended with {}", plan.case_name, how);
}

}  // namespace understudy

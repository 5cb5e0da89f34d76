// Judging what lies on disk: every stored plan below a folder, without a device.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "harness/execute.h"

namespace understudy {
namespace {

struct Found {
  std::vector<std::string> folders;  ///< that hold a plan.json, by path
  std::vector<std::string> lists;    ///< of the plans that were to be run
};

Result<Found> find_plans(const std::string& folder) {
  Found found;
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    return fail(folder, "is no folder", "name one that `understudy run` wrote");
  }
  using Walk = std::filesystem::recursive_directory_iterator;
  const auto options = std::filesystem::directory_options::skip_permission_denied;
  for (auto entry = Walk(folder, options, error); !error && entry != Walk();
       entry.increment(error)) {
    if (entry->path().filename() == "plan.json") {
      found.folders.push_back(entry->path().parent_path());
    }
    if (entry->path().filename() == list_of_plans) found.lists.push_back(entry->path());
  }
  if (error) return fail(folder, "cannot be read: " + error.message());
  if (found.folders.empty() && found.lists.empty())
    return fail(folder, "holds no plan.json", "name one that `understudy run` wrote");
  std::sort(found.folders.begin(), found.folders.end());
  std::sort(found.lists.begin(), found.lists.end());
  return found;
}

Result<JudgedFolder> judge_one(const std::string& folder) {
  const std::string path = folder + "/plan.json";
  const auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  const Json json = Json::parse(*text, nullptr, false);
  if (json.is_discarded()) return fail(path, "is no JSON");
  auto plan = plan_from(json, path);
  if (!plan) return tl::unexpected(plan.error());
  auto history = read_history(folder);
  if (!history) return tl::unexpected(history.error());
  auto verdicts = judge(*plan, *history);
  return JudgedFolder{folder, std::move(*plan), std::move(verdicts), std::move(*history)};
}

/// What is to be said of each plan of a list whose folder is gone.
Result<void> add_missing(const std::string& list, std::vector<JudgedFolder>& judged) {
  const auto text = read_text(list);
  if (!text) return tl::unexpected(text.error());
  const std::string suite = std::filesystem::path(list).parent_path();
  std::istringstream lines(*text);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string where = fmt::format("{}:{}", list, ++number);
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_discarded()) return fail(where, "is no JSON");
    auto plan = plan_from(json, where);
    if (!plan) return tl::unexpected(plan.error());
    const std::string folder = suite + "/" + plan->id;
    if (std::filesystem::exists(folder + "/plan.json")) continue;
    History history;
    history.is_altered = true;
    history.damage = plan->id + "/plan.json is missing: the run was to leave it";
    auto verdicts = judge(*plan, history);
    judged.push_back({folder, std::move(*plan), std::move(verdicts), std::move(history)});
  }
  return {};
}

}  // namespace

Result<std::vector<JudgedFolder>> judge_folder(const std::string& folder) {
  const auto found = find_plans(folder);
  if (!found) return tl::unexpected(found.error());
  std::vector<JudgedFolder> judged;
  for (const std::string& one : found->folders) {
    auto result = judge_one(one);
    if (!result) return tl::unexpected(result.error());
    judged.push_back(std::move(*result));
  }
  for (const std::string& list : found->lists) {
    if (auto added = add_missing(list, judged); !added) return tl::unexpected(added.error());
  }
  std::ranges::sort(judged, {}, &JudgedFolder::folder);
  std::vector<RunSummary> summaries;
  for (const JudgedFolder& one : judged) summaries.push_back(summary_of(one.history));
  std::vector<Outcome> outcomes;
  for (std::size_t index = 0; index < judged.size(); ++index) {
    outcomes.push_back({&judged[index].plan, &summaries[index], &judged[index].verdicts});
  }
  block_dependents(outcomes);
  return judged;
}

}  // namespace understudy

// Judging what lies on disk: every stored plan below a folder, without a device.
#include <algorithm>
#include <filesystem>

#include "harness/execute.h"

namespace understudy {
namespace {

/// Folders that hold a plan.json, by path.
Result<std::vector<std::string>> folders_with_plans(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    return fail(folder, "is no folder", "name one that `understudy run` wrote");
  }
  using Walk = std::filesystem::recursive_directory_iterator;
  const auto options = std::filesystem::directory_options::skip_permission_denied;
  for (auto entry = Walk(folder, options, error); !error && entry != Walk();
       entry.increment(error)) {
    if (entry->path().filename() == "plan.json") found.push_back(entry->path().parent_path());
  }
  if (error) return fail(folder, "cannot be read: " + error.message());
  if (found.empty())
    return fail(folder, "holds no plan.json", "name one that `understudy run` wrote");
  std::sort(found.begin(), found.end());
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

}  // namespace

Result<std::vector<JudgedFolder>> judge_folder(const std::string& folder) {
  const auto folders = folders_with_plans(folder);
  if (!folders) return tl::unexpected(folders.error());
  std::vector<JudgedFolder> judged;
  for (const std::string& one : *folders) {
    auto result = judge_one(one);
    if (!result) return tl::unexpected(result.error());
    judged.push_back(std::move(*result));
  }
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

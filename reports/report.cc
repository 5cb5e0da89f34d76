#include "reports/report.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "reports/files.h"
#include "reports/html/pages.h"

namespace understudy::reports {
namespace {

namespace fs = std::filesystem;

void count(Counts& counts, Verdict::Outcome outcome) {
  switch (outcome) {
    case Verdict::Outcome::Pass:
      ++counts.pass;
      break;
    case Verdict::Outcome::Fail:
      ++counts.fail;
      break;
    case Verdict::Outcome::Inconclusive:
      ++counts.inconclusive;
      break;
    case Verdict::Outcome::NotRun:
      ++counts.not_run;
      break;
  }
}

/// A clause is broken by one FAIL, held by a PASS and nothing worse but runs that did not take
/// place.
Verdict::Outcome combined(Verdict::Outcome one, Verdict::Outcome other) {
  const auto rank = [](Verdict::Outcome outcome) {
    switch (outcome) {
      case Verdict::Outcome::Fail:
        return 3;
      case Verdict::Outcome::Inconclusive:
        return 2;
      case Verdict::Outcome::Pass:
        return 1;
      case Verdict::Outcome::NotRun:
        return 0;
    }
    return 0;
  };
  return rank(one) >= rank(other) ? one : other;
}

/// Pages are compared as numbers where they are numbers.
auto citation_order(const Clause& clause) {
  const std::string& page = clause.citation.page;
  const bool is_number = !page.empty() && std::all_of(page.begin(), page.end(),
                                                      [](char c) { return c >= '0' && c <= '9'; });
  return std::tuple(clause.citation.document, is_number ? std::stoul(page) : ~0UL, page, clause.id);
}

std::vector<ClauseResult> clauses_of(const std::vector<PlanResult>& plans,
                                     std::span<const Clause> declared) {
  std::map<std::string, ClauseResult> by_id;
  for (const Clause& clause : declared)
    by_id.emplace(clause.id, ClauseResult{.clause = clause, .verdicts = {}});
  for (std::size_t p = 0; p < plans.size(); ++p) {
    for (std::size_t v = 0; v < plans[p].verdicts.size(); ++v) {
      const Verdict& verdict = plans[p].verdicts[v];
      auto [found, is_new] =
          by_id.emplace(verdict.clause.id, ClauseResult{.clause = verdict.clause, .verdicts = {}});
      found->second.outcome = combined(found->second.outcome, verdict.outcome);
      found->second.verdicts.emplace_back(p, v);
    }
  }
  std::vector<ClauseResult> clauses;
  for (auto& [id, clause] : by_id) clauses.push_back(std::move(clause));
  std::stable_sort(clauses.begin(), clauses.end(), [](const auto& one, const auto& other) {
    return citation_order(one.clause) < citation_order(other.clause);
  });
  return clauses;
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

Result<PlanResult> read_plan(const fs::path& folder, const fs::path& root) {
  const std::string path = (folder / "plan.json").string();
  const auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  const Json json = Json::parse(*text, nullptr, false);
  if (json.is_discarded()) return fail(path, "is not JSON", "the file was damaged after the run");
  auto plan = plan_from(json, path);
  if (!plan) return tl::unexpected(plan.error());
  auto history = read_history(folder.string());
  if (!history) return tl::unexpected(history.error());
  PlanResult result;
  result.verdicts = judge(*plan, *history);
  result.outcome = worst(result.verdicts);
  result.folder = fs::relative(folder, root).generic_string();
  if (!history->entries.empty()) result.took = history->entries.back().at;
  result.plan = std::move(*plan);
  if (const auto facts = read_file((folder / "run.json").string())) {
    const Json run = Json::parse(*facts, nullptr, false);
    if (run.is_object()) result.facts = run;
  }
  return result;
}

}  // namespace

Report make_report(std::vector<PlanResult> plans, std::span<const Clause> declared) {
  Report report;
  for (const PlanResult& result : plans) {
    add_once(report.suites, result.plan.suite);
    add_once(report.testbeds, result.plan.testbed);
    count(report.plan_counts, result.outcome);
    for (const Verdict& verdict : result.verdicts) count(report.verdict_counts, verdict.outcome);
  }
  report.title =
      fmt::format("{} on {}", fmt::join(report.suites, ", "), fmt::join(report.testbeds, ", "));
  report.clauses = clauses_of(plans, declared);
  report.plans = std::move(plans);
  return report;
}

Result<Report> read_report(const std::string& folder) {
  std::error_code problem;
  std::vector<fs::path> folders;
  for (auto entry = fs::recursive_directory_iterator(folder, problem);
       !problem && entry != fs::recursive_directory_iterator(); entry.increment(problem)) {
    if (entry->path().filename() == "plan.json") folders.push_back(entry->path().parent_path());
  }
  if (problem)
    return fail(folder, "cannot be read: " + problem.message(), "give the folder of a run");
  if (folders.empty())
    return fail(folder, "holds no run", "a run leaves plan.json and history.jsonl");
  std::sort(folders.begin(), folders.end());
  std::vector<PlanResult> plans;
  for (const fs::path& one : folders) {
    auto result = read_plan(one, folder);
    if (!result) return tl::unexpected(result.error());
    plans.push_back(std::move(*result));
  }
  return make_report(std::move(plans), {});
}

Result<void> write_report(const Report& report, const std::string& folder) {
  if (auto done = write_file(folder + "/junit.xml", junit_of(report)); !done) return done;
  if (auto done = write_file(folder + "/report.json", json_of(report).dump(1) + "\n"); !done)
    return done;
  return write_pages(report, folder);
}

}  // namespace understudy::reports

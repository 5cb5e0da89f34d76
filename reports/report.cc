#include "reports/report.h"

#include <algorithm>
#include <filesystem>

#include "harness/execute.h"
#include "harness/files.h"
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

/// Runs of an earlier version counted none.
FlashWrites flash_writes_in(const Json& run) {
  FlashWrites writes;
  const auto facts = run.find("facts");
  if (facts == run.end() || !facts->is_object() || !facts->contains("flash_writes")) return writes;
  const Json& counted = facts->at("flash_writes");
  if (!counted.is_object()) return writes;
  for (const auto& [node, count] : counted.items())
    if (count.is_number_integer()) writes[node] = count.get<std::int64_t>();
  return writes;
}

PlanResult result_of(const JudgedFolder& judged, const std::string& root) {
  PlanResult result;
  result.plan = judged.plan;
  result.verdicts = judged.verdicts;
  result.outcome = worst(result.verdicts);
  result.folder = fs::relative(judged.folder, root).generic_string();
  if (!judged.history.entries.empty()) result.took = judged.history.entries.back().at;
  if (const auto facts = read_text(judged.folder + "/run.json")) {
    const Json run = Json::parse(*facts, nullptr, false);
    if (run.is_object()) result.facts = run;
    result.flash_writes = flash_writes_in(result.facts);
  }
  return result;
}

}  // namespace

Report make_report(std::vector<PlanResult> plans, std::span<const Clause> declared) {
  Report report;
  for (const PlanResult& result : plans) {
    add_once(report.suites, result.plan.suite);
    add_once(report.testbeds, result.plan.testbed);
    if (!result.plan.defect.empty()) add_once(report.defects, result.plan.defect);
    for (const auto& [node, writes] : result.flash_writes)
      report.flash_writes[result.plan.testbed][node] += writes;
    count(report.plan_counts, result.outcome);
    for (const Verdict& verdict : result.verdicts) count(report.verdict_counts, verdict.outcome);
  }
  report.title =
      fmt::format("{} on {}", fmt::join(report.suites, ", "), fmt::join(report.testbeds, ", "));
  if (!report.defects.empty()) {
    report.title += fmt::format(", broken on purpose: {}", fmt::join(report.defects, ", "));
  }
  report.clauses = clauses_of(plans, declared);
  std::vector<Verdict> all;
  for (const PlanResult& result : plans)
    all.insert(all.end(), result.verdicts.begin(), result.verdicts.end());
  const auto editions = editions_of(all);
  report.editions = editions_followed(editions);
  for (ClauseResult& clause : report.clauses)
    for (const ClauseEditions& one : editions)
      if (one.clause == clause.clause.id) clause.editions = one;
  report.plans = std::move(plans);
  return report;
}

Result<Report> read_report(const std::string& folder) {
  const auto judged = judge_folder(folder);
  if (!judged) return tl::unexpected(judged.error());
  std::vector<PlanResult> plans;
  for (const JudgedFolder& one : judged->cases) plans.push_back(result_of(one, folder));
  Report report = make_report(std::move(plans), {});
  report.damage = judged->damage;
  report.canaries = judged->canaries;
  for (const PlanResult& plan : report.plans) {
    const auto facts = plan.facts.find("facts");
    if (report.started.empty() && facts != plan.facts.end())
      report.started = facts->value("started", "");
  }
  return report;
}

Result<void> write_report(Report& report, const std::string& folder) {
  if (auto done = write_pages(report, folder); !done) return done;
  if (auto done = write_whole(folder + "/junit.xml", junit_of(report)); !done) return done;
  return write_whole(folder + "/report.json",
                     json_of(report).dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace understudy::reports

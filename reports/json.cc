#include "reports/report.h"

// report.json, described by report.schema.json beside this file.

namespace understudy::reports {
namespace {

Json json_of(const Counts& counts) {
  return {{"pass", counts.pass},
          {"fail", counts.fail},
          {"inconclusive", counts.inconclusive},
          {"not_run", counts.not_run}};
}

}  // namespace

Json json_of(const Report& report) {
  Json cases = Json::array();
  for (const PlanResult& result : report.plans) {
    Json verdicts = Json::array();
    for (const Verdict& verdict : result.verdicts) verdicts.push_back(to_json(verdict));
    cases.push_back({{"suite", result.plan.suite},
                     {"case", result.plan.case_name},
                     {"plan", result.plan.id},
                     {"title", result.plan.title},
                     {"testbed", result.plan.testbed},
                     {"defect", result.plan.defect},
                     {"outcome", to_text(result.outcome)},
                     {"folder", result.folder},
                     {"took_ns", result.took.count()},
                     {"verdicts", std::move(verdicts)}});
  }
  Json clauses = Json::array();
  for (const ClauseResult& result : report.clauses) {
    clauses.push_back({{"id", result.clause.id},
                       {"level", to_text(result.clause.level)},
                       {"document", result.clause.citation.document},
                       {"page", result.clause.citation.page},
                       {"statement", result.clause.statement},
                       {"outcome", to_text(result.outcome)},
                       {"verdicts", result.verdicts.size()}});
  }
  return {{"understudy", 1},
          {"title", report.title},
          {"defects", report.defects},
          {"damage", report.damage},
          {"canaries", report.canaries},
          {"plans", json_of(report.plan_counts)},
          {"verdicts", json_of(report.verdict_counts)},
          {"clauses", std::move(clauses)},
          {"cases", std::move(cases)}};
}

}  // namespace understudy::reports

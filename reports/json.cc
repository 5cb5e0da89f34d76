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

/// What was found of each edition that has a word in the clause.
Json json_of(const std::optional<ClauseEditions>& editions) {
  Json list = Json::array();
  if (!editions) return list;
  for (const EditionFit& fit : editions->fits)
    list.push_back({{"edition", fit.edition.edition},
                    {"document", fit.edition.citation.document},
                    {"page", fit.edition.citation.page},
                    {"says_nothing", fit.is_silent},
                    {"outcome", to_text(fit.outcome)}});
  return list;
}

Json nanoseconds(const std::optional<Time>& at) {
  return at ? Json(at->count()) : Json(nullptr);
}

Json json_of(const rules::Claim& claim) {
  Json proofs = Json::array();
  for (const rules::Proof& proof : claim.proofs)
    proofs.push_back({{"is_true", proof.is_true},
                      {"from_ns", proof.from.count()},
                      {"to_ns", proof.to.count()},
                      {"how", proof.how},
                      {"line", proof.line}});
  return {{"observer", claim.observer},
          {"subject", claim.subject},
          {"asked_ns", claim.asked.count()},
          {"heard_ns", claim.heard.count()},
          {"until_ns", claim.until.count()},
          {"line", claim.line},
          {"false_until_ns", nanoseconds(claim.false_until)},
          {"true_from_ns", nanoseconds(claim.true_from)},
          {"is_contradicted", claim.is_contradicted()},
          {"proofs", std::move(proofs)}};
}

}  // namespace

Json json_of(const Report& report) {
  Json cases = Json::array();
  for (const PlanResult& result : report.plans) {
    Json verdicts = Json::array();
    for (const Verdict& verdict : result.verdicts) verdicts.push_back(to_json(verdict));
    Json claims = Json::array();
    for (const rules::Claim& claim : result.claims) claims.push_back(json_of(claim));
    cases.push_back({{"suite", result.plan.suite},
                     {"case", result.plan.case_name},
                     {"plan", result.plan.id},
                     {"title", result.plan.title},
                     {"testbed", result.plan.testbed},
                     {"defect", result.plan.defect},
                     {"outcome", to_text(result.outcome)},
                     {"folder", result.folder},
                     {"took_ns", result.took.count()},
                     {"flash_writes", result.flash_writes},
                     {"claims", std::move(claims)},
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
                       {"follows", result.editions ? to_text(*result.editions) : ""},
                       {"editions", json_of(result.editions)},
                       {"verdicts", result.verdicts.size()}});
  }
  return {{"understudy", 1},
          {"title", report.title},
          {"defects", report.defects},
          {"damage", report.damage},
          {"canaries", report.canaries},
          {"editions", report.editions},
          {"flash_writes", report.flash_writes},
          {"plans", json_of(report.plan_counts)},
          {"verdicts", json_of(report.verdict_counts)},
          {"clauses", std::move(clauses)},
          {"cases", std::move(cases)}};
}

}  // namespace understudy::reports

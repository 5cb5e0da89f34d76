// A report is a tree built once from what a run left on disk; each format is a pure function of it.
// Used by `understudy run` and `understudy report`; nothing here runs, judges or knows a vendor.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/editions.h"
#include "harness/history.h"
#include "harness/judge.h"
#include "harness/plan.h"
#include "harness/rules/claims.h"

namespace understudy::reports {

/// One plan's run: what was planned, what the judge said, where its files are.
struct PlanResult {
  Plan plan;
  std::vector<Verdict> verdicts;
  Verdict::Outcome outcome = Verdict::Outcome::NotRun;  ///< the worst of its verdicts
  std::string folder;  ///< relative to the report's folder: history, plan, transcripts, captures
  Duration took{};     ///< target time of the last entry
  std::vector<rules::Claim> claims{};  ///< of synchronisation, once the pages are written
  Json facts = Json::object();         ///< of run.json: host, versions, wall-clock start
  FlashWrites flash_writes{};          ///< lines that wore a flash, by node
};

/// All verdicts about one clause: "held" if all that judged it passed.
struct ClauseResult {
  Clause clause;
  Verdict::Outcome outcome = Verdict::Outcome::NotRun;
  std::vector<std::pair<std::size_t, std::size_t>> verdicts;  ///< (plan, verdict) indexes
  std::optional<ClauseEditions> editions{};  ///< where editions contradict each other
};

struct Counts {
  std::size_t pass = 0;
  std::size_t fail = 0;
  std::size_t inconclusive = 0;
  std::size_t not_run = 0;
};

struct Report {
  std::string title;
  std::vector<std::string> suites;
  std::vector<std::string> testbeds;
  std::string started;                ///< wall clock, from run.json; empty if unknown
  std::vector<std::string> defects;   ///< what was broken on purpose in the devices
  std::vector<std::string> damage;    ///< what is missing of the run, or was changed, a line each
  std::vector<std::string> editions;  ///< which editions the device follows, a line each
  std::string canaries;               ///< "as expected"; empty: none were heard
  std::map<std::string, FlashWrites> flash_writes;  ///< of all plans, by testbed
  std::vector<PlanResult> plans;
  std::vector<ClauseResult> clauses;  ///< by citation (document, page), then id
  Counts plan_counts;
  Counts verdict_counts;
};

/// Builds the tree; clauses of `declared` that no verdict touches appear as not covered.
Report make_report(std::vector<PlanResult> plans, std::span<const Clause> declared);

/// Reads every plan.json below FOLDER with its verdicts (judging its history again) and suite.json.
Result<Report> read_report(const std::string& folder);

/// Writes index.html, clauses.html, cases/*.html, junit.xml, report.json below FOLDER.
Result<void> write_report(Report& report, const std::string& folder);

std::string junit_of(const Report& report);
Json json_of(const Report& report);

}  // namespace understudy::reports

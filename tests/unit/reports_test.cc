#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "reports/html/pages.h"
#include "reports/html/timeline.h"
#include "reports/report.h"

namespace understudy::reports {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Verdict verdict_of(const std::string& clause, const std::string& page, Verdict::Outcome outcome) {
  Verdict verdict;
  verdict.suite = "exos-11.3";
  verdict.case_name = "master-hangs";
  verdict.plan = "master-hangs";
  verdict.clause.id = clause;
  verdict.clause.citation = {"Concepts Guide 11.3", page};
  verdict.clause.statement = "A & B agree.";
  verdict.outcome = outcome;
  verdict.expected = "backup (MSM-B).state = MASTER within 1s";
  verdict.actual = "BACKUP until 2s <late>";
  if (outcome == Verdict::Outcome::Inconclusive)
    verdict.cause = "not reached: backup.state = MASTER";
  if (outcome == Verdict::Outcome::NotRun) verdict.cause = "cut";
  verdict.measured = 1500ms;
  verdict.error_bar = 20ms;
  verdict.first_line = 3;
  verdict.last_line = 9;
  return verdict;
}

PlanResult result_of(const std::string& id, std::vector<Verdict> verdicts) {
  PlanResult result;
  result.plan.suite = "exos-11.3";
  result.plan.id = id;
  result.plan.case_name = id;
  result.plan.title = "The backup becomes master";
  result.plan.testbed = "lab-7";
  result.plan.nodes = {"MSM-A", "MSM-B"};
  result.outcome = worst(verdicts);
  result.verdicts = std::move(verdicts);
  result.folder = "lab-7/exos-11.3/" + id;
  result.took = 2s;
  return result;
}

Report sample() {
  return make_report(
      {result_of("master-hangs", {verdict_of("backup-takes-over", "73", Verdict::Outcome::Pass),
                                  verdict_of("at-most-one-master", "9", Verdict::Outcome::Fail)}),
       result_of("lost", {verdict_of("backup-takes-over", "73", Verdict::Outcome::Inconclusive)}),
       result_of("cut", {verdict_of("keepalive", "100", Verdict::Outcome::NotRun)})},
      {});
}

Entry seen(const std::string& node, const std::string& attribute, const std::string& value,
           Time asked, Time heard) {
  Entry entry;
  entry.kind = Entry::Kind::Observed;
  entry.at = heard;
  entry.observation = {Observation::Kind::Claim, node, node, attribute, value, asked, heard, ""};
  return entry;
}

TEST(Report, CountsRunsByTheirWorstVerdict) {
  const Report report = sample();
  EXPECT_EQ(report.plan_counts.fail, 1U);
  EXPECT_EQ(report.plan_counts.inconclusive, 1U);
  EXPECT_EQ(report.plan_counts.not_run, 1U);
  EXPECT_EQ(report.plan_counts.pass, 0U);
  EXPECT_EQ(report.verdict_counts.pass, 1U);
}

TEST(Report, SaysWhichEditionIsFollowed) {
  Verdict verdict = verdict_of("failed-is-shown", "3", Verdict::Outcome::Pass);
  verdict.editions = {{{"K.14", {"Guide", "3"}, {}}, Verdict::Outcome::Pass, false},
                      {{"K.15", {"Guide", "16"}, {}}, Verdict::Outcome::Fail, false}};
  verdict.clause.outcomes = {{"K.14", {"Guide", "3"}, {{"", {"Failed"}}}}};
  const Report report = make_report({result_of("inserted", {verdict})}, {});
  const std::string said = "follows K.14, page 3";

  EXPECT_EQ(json_of(report).at("clauses").at(0).at("follows"), said);
  EXPECT_EQ(
      json_of(report).at("editions"),
      Json({"follows K.14 in 1 clause", "follows K.15 in 0 clauses, not in 1: failed-is-shown"}));
  EXPECT_THAT(junit_of(report),
              HasSubstr("<property name=\"edition of failed-is-shown\" value=\"" + said + "\"/>"));
  EXPECT_THAT(clauses_page(report), AllOf(HasSubstr(said), HasSubstr("K.14, page 3: Failed"),
                                          HasSubstr("Concepts Guide 11.3, page 3")));
  EXPECT_THAT(index_page(report), HasSubstr("<li>follows K.14 in 1 clause</li>"));
  EXPECT_THAT(case_page(report, 0, {}, "."),
              HasSubstr("K.14, page 3 is followed, K.15, page 16 is not followed"));
}

TEST(Report, OrdersClausesByPageAsANumber) {
  const Report report = sample();
  ASSERT_EQ(report.clauses.size(), 3U);
  EXPECT_EQ(report.clauses[0].clause.id, "at-most-one-master");
  EXPECT_EQ(report.clauses[1].clause.id, "backup-takes-over");
  EXPECT_EQ(report.clauses[2].clause.id, "keepalive");
}

TEST(Report, AClauseThatPassedOnceAndWasInconclusiveOnceIsNotHeld) {
  EXPECT_EQ(sample().clauses[1].outcome, Verdict::Outcome::Inconclusive);
}

TEST(Report, ShowsDeclaredClausesThatNoVerdictTouched) {
  Clause declared;
  declared.id = "nobody-asked";
  const Report report = make_report({}, std::vector<Clause>{declared});
  EXPECT_THAT(clauses_page(report), AllOf(HasSubstr("nobody-asked"), HasSubstr("NOT COVERED")));
}

TEST(Junit, WritesOneTestcaseAVerdictWithItsOutcome) {
  EXPECT_EQ(
      junit_of(make_report({result_of("cut", {verdict_of("keepalive", "1", Verdict::Outcome::Fail),
                                              verdict_of("other", "2", Verdict::Outcome::Pass)})},
                           {})),
      R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="exos-11.3" hostname="lab-7" tests="2" failures="1" errors="0" skipped="0" time="2.000">
    <testcase classname="exos-11.3.cut" name="keepalive" time="1.500"><failure message="A &amp; B agree.">expected  backup (MSM-B).state = MASTER within 1s
actual    BACKUP until 2s &lt;late&gt;</failure></testcase>
    <testcase classname="exos-11.3.cut" name="other" time="1.500"/>
  </testsuite>
</testsuites>
)");
}

TEST(Junit, TellsInconclusiveFromFailedAndNotRun) {
  EXPECT_THAT(
      junit_of(sample()),
      AllOf(HasSubstr("<error message=\"inconclusive: not reached: backup.state = MASTER\"/>"),
            HasSubstr("<skipped message=\"cut\"/>"),
            HasSubstr("failures=\"1\" errors=\"1\" skipped=\"1\"")));
}

TEST(Junit, ReplacesWhatXmlForbids) {
  Verdict verdict = verdict_of("keepalive", "1", Verdict::Outcome::Fail);
  verdict.actual = std::string("bell \x07 and nul \0 end", 18);
  const std::string xml = junit_of(make_report({result_of("cut", {verdict})}, {}));
  EXPECT_THAT(xml, HasSubstr("bell \xEF\xBF\xBD and nul \xEF\xBF\xBD"));
  EXPECT_EQ(xml.find('\x07'), std::string::npos);
}

TEST(Json, HoldsEveryVerdictUnderItsCase) {
  const Json json = json_of(sample());
  EXPECT_EQ(json["cases"].size(), 3U);
  EXPECT_EQ(json["cases"][0]["verdicts"].size(), 2U);
  EXPECT_EQ(json["plans"]["fail"], 1);
  EXPECT_EQ(json["clauses"][0]["outcome"], "FAIL");
}

PlanResult broken_on_purpose() {
  PlanResult result = result_of("cut", {verdict_of("keepalive", "1", Verdict::Outcome::Pass)});
  result.plan.defect = "tie-gives-slot-b";
  return result;
}

TEST(Report, OfADeviceThatIsBrokenOnPurposeSaysSoInEachFormat) {
  const Report report = make_report({broken_on_purpose()}, {});
  const auto told = HasSubstr("This device was broken on purpose: tie-gives-slot-b");
  EXPECT_THAT(index_page(report), told);
  EXPECT_THAT(clauses_page(report), told);
  EXPECT_THAT(case_page(report, 0, {}, "no-such-folder"), told);
  EXPECT_EQ(json_of(report)["defects"], Json({"tie-gives-slot-b"}));
  EXPECT_EQ(json_of(report)["cases"][0]["defect"], "tie-gives-slot-b");
  EXPECT_EQ(junit_of(report), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="exos-11.3" hostname="lab-7" tests="1" failures="0" errors="0" skipped="0" time="2.000">
    <properties><property name="broken-on-purpose" value="tie-gives-slot-b"/></properties>
    <testcase classname="exos-11.3.cut" name="keepalive" time="1.500"/>
  </testsuite>
</testsuites>
)");
}

TEST(Report, OfARunThatIsNotWholeSaysWhatIsMissing) {
  Report report = make_report({}, {});
  report.damage = {"out/lab-7/exos-11.3/cut: is missing"};
  EXPECT_THAT(index_page(report), HasSubstr("Not whole: out/lab-7/exos-11.3/cut: is missing"));
  EXPECT_EQ(json_of(report)["damage"].size(), 1U);
  EXPECT_THAT(junit_of(report),
              HasSubstr("<error message=\"out/lab-7/exos-11.3/cut: is missing\"/>"));
}

TEST(IndexPage, HasNoWarningWhereAllIsAsItShouldBe) {
  EXPECT_THAT(index_page(sample()), Not(HasSubstr("class=\"warning\"")));
}

TEST(IndexPage, SaysHowOftenEachNodesFlashWasWritten) {
  PlanResult one = result_of("master-hangs", {});
  one.flash_writes = {{"MSM-A", 2}};
  PlanResult other = result_of("lost", {});
  other.flash_writes = {{"MSM-A", 1}, {"MSM-B", 4}};
  const Report report = make_report({one, other}, {});
  EXPECT_THAT(index_page(report), HasSubstr("Flash writes: lab-7: MSM-A 3, MSM-B 4"));
  const Json json = json_of(report);
  EXPECT_EQ(json["flash_writes"]["lab-7"]["MSM-A"], 3);
  EXPECT_EQ(json["cases"][1]["flash_writes"]["MSM-B"], 4);
  EXPECT_THAT(index_page(sample()), Not(HasSubstr("Flash writes")));
}

TEST(IndexPage, NamesEachFailureWithExpectedAndActual) {
  EXPECT_THAT(index_page(sample()), AllOf(HasSubstr("What the switch got wrong"),
                                          HasSubstr("backup (MSM-B).state = MASTER within 1s"),
                                          HasSubstr("BACKUP until 2s &lt;late&gt;"),
                                          HasSubstr("cases/exos-11.3/master-hangs.html")));
}

TEST(IndexPage, HasNoFailureSectionWithoutFailures) {
  EXPECT_THAT(
      index_page(make_report({result_of("a", {verdict_of("c", "1", Verdict::Outcome::Pass)})}, {})),
      Not(HasSubstr("What the switch got wrong")));
}

TEST(IndexPage, EscapesWhatASwitchPrinted) {
  Verdict verdict = verdict_of("c", "1", Verdict::Outcome::Fail);
  verdict.actual = "<script>alert(1)</script>";
  const std::string page = index_page(make_report({result_of("a", {verdict})}, {}));
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert"));
}

TEST(CasePage, SaysWhichNodeHadWhichRole) {
  History history;
  Entry bound;
  bound.kind = Entry::Kind::Bound;
  bound.name = "master";
  bound.value = "MSM-A";
  history.entries = {bound};
  EXPECT_THAT(case_page(sample(), 0, history, "no-such-folder"), HasSubstr("<b>master</b> MSM-A"));
}

TEST(CasePage, ShowsTheBeginningAndTheEndOfALongConsole) {
  const std::string root = ::testing::TempDir() + "long-console";
  Report report = sample();
  const std::string folder = root + "/" + report.plans[0].folder;
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/MSM-A.console") << "the first line\n"
                                           << std::string(6'000'000, 'x') << "\nthe last line\n";
  EXPECT_THAT(case_page(report, 0, {}, root),
              AllOf(HasSubstr("the first line"), HasSubstr("the file has it all"),
                    HasSubstr("the last line")));
}

TEST(CasePage, ShowsEvidenceLinesAndTheErrorBar) {
  EXPECT_THAT(case_page(sample(), 0, {}, "no-such-folder"),
              AllOf(HasSubstr("lines 3-9"), HasSubstr("1.500s (+-0.020s)"),
                    HasSubstr("../../lab-7/exos-11.3/master-hangs/history.jsonl")));
}

std::string drawing(const Plan& plan, const History& history) {
  return timeline_svg(plan, history, rules::claims_of(plan, history));
}

TEST(Timeline, HatchesWhatLiesBetweenTwoAnswersThatDiffer) {
  History history;
  history.entries = {seen("MSM-A", "state", "MASTER", 0s, 1s),
                     seen("MSM-A", "state", "DOWN", 2s, 3s)};
  const std::string svg = drawing(sample().plans[0].plan, history);
  EXPECT_THAT(svg,
              HasSubstr(">MASTER</text>"));  // the legend names what is too narrow for its word
  EXPECT_THAT(svg, AllOf(HasSubstr("between MASTER and DOWN: unknown"),
                         HasSubstr("MSM-A state: MASTER from 0s to 1s")));
}

TEST(Timeline, JoinsEqualAnswersIntoOneBox) {
  History history;
  history.entries = {seen("MSM-A", "state", "MASTER", 0s, 1s),
                     seen("MSM-A", "state", "MASTER", 2s, 3s)};
  const std::string svg = drawing(sample().plans[0].plan, history);
  EXPECT_THAT(svg,
              AllOf(HasSubstr("MSM-A state: MASTER from 0s to 3s"), Not(HasSubstr("unknown"))));
}

Entry lost(const std::string& node, Time at) {
  Entry entry;
  entry.kind = Entry::Kind::Acted;
  entry.at = at;
  entry.act = {"lose", {{"node", node}}};
  entry.receipt.ordered = entry.receipt.done = at;
  entry.receipt.took_effect = true;
  return entry;
}

/// MSM-B says that it is in sync, then MSM-A is lost and MSM-B shows what it has.
History claimed_then_left(const std::string& left) {
  History history;
  history.entries = {seen("MSM-A", "config.active", "x", 1s, 1s),
                     seen("MSM-B", "sync", "InSync", 2s, 2s), lost("MSM-A", 3s),
                     seen("MSM-B", "config.active", left, 4s, 4s)};
  return history;
}

std::string page_of(const History& history) {
  Report report = sample();
  report.plans[0].claims = rules::claims_of(report.plans[0].plan, history);
  return case_page(report, 0, history, "no-such-folder");
}

TEST(CasePage, TellsTheBoundsOfEachClaim) {
  EXPECT_THAT(
      page_of(claimed_then_left("x")),
      AllOf(HasSubstr("MSM-B claimed InSync of MSM-B at 2.000s: <b>proven true from 3.000s</b>"),
            HasSubstr("true: after lose MSM-A, MSM-B has the config.active that MSM-A had at "
                      "1.000s (line 4)"),
            Not(HasSubstr("contradicted"))));
}

TEST(CasePage, CallsAClaimContradictedThatWasProvenFalse) {
  EXPECT_THAT(
      page_of(claimed_then_left("y")),
      AllOf(HasSubstr("<b class=\"contradicted\">proven false until 3.000s</b>: the claim is "
                      "contradicted"),
            HasSubstr("class=\"proven-false\"")));
}

TEST(CasePage, HasNoSectionOfClaimsWhereNoneWasMade) {
  EXPECT_THAT(page_of({}), Not(HasSubstr("What was claimed")));
}

TEST(Timeline, DrawsHowLongAClaimWasFalseAndFromWhenItWasTrue) {
  const Plan plan = sample().plans[0].plan;
  EXPECT_THAT(drawing(plan, claimed_then_left("y")),
              AllOf(HasSubstr("<rect x=\"695.0\" y=\"64.0\" width=\"247.5\" height=\"5.0\" "
                              "class=\"proven-false\">"),
                    Not(HasSubstr("proven-true"))));
  EXPECT_THAT(drawing(plan, claimed_then_left("x")),
              AllOf(HasSubstr("<rect x=\"942.5\" y=\"64.0\" width=\"3.0\" height=\"5.0\" "
                              "class=\"proven-true\">"),
                    Not(HasSubstr("proven-false"))));
}

TEST(Timeline, HatchesBelowAClaimThatNothingProves) {
  History history;
  history.entries = {seen("MSM-B", "sync", "InSync", 2s, 2s)};
  EXPECT_THAT(drawing(sample().plans[0].plan, history), HasSubstr("class=\"unproven\""));
}

TEST(Json, HoldsTheBoundsOfEachClaim) {
  Report report = sample();
  report.plans[0].claims = rules::claims_of(report.plans[0].plan, claimed_then_left("y"));
  const Json claim = json_of(report)["cases"][0]["claims"].at(0);
  EXPECT_EQ(claim["subject"], "MSM-B");
  EXPECT_EQ(claim["heard_ns"], 2'000'000'000);
  EXPECT_EQ(claim["false_until_ns"], 3'000'000'000);
  EXPECT_TRUE(claim["true_from_ns"].is_null());
  EXPECT_EQ(claim["is_contradicted"], true);
}

TEST(Timeline, OfAnEmptyHistoryIsAnEmptyDrawing) {
  EXPECT_THAT(drawing(sample().plans[0].plan, {}), HasSubstr("<svg viewBox="));
}

}  // namespace
}  // namespace understudy::reports

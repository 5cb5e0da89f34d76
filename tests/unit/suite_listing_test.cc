// What `list`, `plan` and `check` print.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/listing.h"
#include "tests/unit/plan_text.h"

namespace understudy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const char* const steps =
    "      - do: {lose: master}\n"
    "      - expect: {backup.state: MASTER}\n        within: $limits.takeover\n"
    "        checks: backup-takes-over\n";

TEST(ListText, ShowsClausesByPageAndCases) {
  EXPECT_EQ(list_text(suite_of(suite_with_steps(steps)), {{"example", "act lose"}}),
            R"(example: A suite for tests

CLAUSES

ExampleOS 1.0 Guide, page 7
  MUST    backup-takes-over
          The backup takes over.
          checked by example

Understudy, the harness's own clause
  MUST    no-unprovoked-restart
          No node restarts, dumps core or logs a critical event without an act of ours.
          checked by every case

CASES

  example  An example
           NOT RUN: act lose
)");
}

const char* const editions =
    "  which:\n    {level: MAY, source: PUBLIC, citation: \"guide, page 8\", statement: Which.,\n"
    "     outcomes: [{edition: \"1.0\", citation: \"guide, page 8\", outcome: {up: MASTER}},\n"
    "                {edition: \"2.0\", citation: \"guide, page 9\", outcome: {up: [BACKUP, "
    "STANDBY]}},\n"
    "                {edition: \"3.0\", citation: \"guide, page 9\", outcome: {down: FAIL}}]}\n";

std::string suite_with_editions(const std::string& expect) {
  return std::string(suite_head) + editions + case_head + expect;
}

TEST(ListText, ShowsWhatEachEditionSays) {
  const Suite suite = suite_of(
      suite_with_editions("      - expect: {backup.state: $outcome.up}\n        checks: which\n"));
  EXPECT_THAT(list_text(suite, {}), HasSubstr("          1.0, page 8: up MASTER\n"
                                              "          2.0, page 9: up BACKUP or STANDBY\n"
                                              "          3.0, page 9: down FAIL\n"));
}

TEST(PlanText, ShowsWhatEachEditionDemands) {
  const Suite suite = suite_of(
      suite_with_editions("      - expect: {backup.state: $outcome.up}\n        checks: which\n"));
  EXPECT_THAT(
      plan_text(plans_of(suite, able_testbed()).at(0)),
      HasSubstr("   1  expect    backup.state is one of MASTER, BACKUP, STANDBY now, checks "
                "which\n"
                "                  1.0, page 8: backup.state = MASTER\n"
                "                  2.0, page 9: backup.state is one of BACKUP, STANDBY\n"
                "                  3.0, page 9: says nothing of it\n"));
}

TEST(Remarks, SayWhereNoCaseTellsEditionsApart) {
  const auto remarks = remarks_on(suite_of(
      suite_with_editions("      - expect: {backup.state: BACKUP}\n        checks: which\n")));
  ASSERT_FALSE(remarks.empty());
  EXPECT_EQ(to_line(remarks.back()),
            "s.yaml:9: no case tells the editions of `which` apart (an expect that checks it names "
            "$outcome)");
}

TEST(ListJson, IsAnObjectWithClausesAndCases) {
  const Json json = list_json(suite_of(suite_with_steps(steps)));

  EXPECT_EQ(json.at("clauses").at(0).at("id"), "backup-takes-over");
  EXPECT_EQ(json.at("clauses").at(0).at("cases"), Json::array({"example"}));
  EXPECT_EQ(json.at("clauses").at(1).at("id"), "no-unprovoked-restart");
  EXPECT_EQ(json.at("cases").at(0).at("name"), "example");
  EXPECT_EQ(json.at("cases").at(0).at("clauses"), Json::array({"backup-takes-over"}));
  EXPECT_EQ(json.at("cases").at(0).at("plans"), 1);
}

TEST(CasesNotRun, AreNamedWithTheMissingWord) {
  Capabilities lab = able_testbed();
  std::erase(lab.acts, "lose");
  const auto not_run = cases_not_run(suite_of(suite_with_steps(steps)), lab, "lab-7");

  ASSERT_TRUE(not_run);
  EXPECT_EQ(*not_run, (NotRun{{"example", "act lose"}}));
}

TEST(PlanText, ShowsEveryStepAndWait) {
  Plan plan = plan_of_steps(std::string(steps) +
                            "      - pause: 1s\n      - remember: {one: master.sync}\n");
  plan.seed = 7;

  EXPECT_EQ(plan_text(plan), R"(example/example: An example
  on lab-7, seed 7
  given     master.state = MASTER within 6m
  given     backup.state = BACKUP within 6m
   1  do        lose master
   2  expect    backup.state = MASTER within 300ms (limits.takeover of example), checks backup-takes-over
   3  pause     1s (the case)
   4  remember  one <- master.sync
  always    not without an act: boots, cores, log.critical, checks no-unprovoked-restart
  pauses and spans 1s
)");
}

TEST(Remarks, NameClausesWithoutACaseAndAwaitsWithoutADemand) {
  const Suite suite =
      suite_of(suite_with_steps("      - await: {backup.state: MASTER}\n        within: 1s\n"));
  std::vector<std::string> lines;
  for (const Error& remark : remarks_on(suite)) lines.push_back(to_line(remark));

  EXPECT_THAT(lines,
              ElementsAre("s.yaml:8: no case checks the clause `backup-takes-over`",
                          "s.yaml:14: no case demands that backup.state = MASTER (an awaited "
                          "condition is demanded by some expect)"));
}

TEST(Remarks, AreNoneWhereEverythingIsDemanded) {
  EXPECT_THAT(remarks_on(suite_of(suite_with_steps(steps))), IsEmpty());
}

TEST(CheckText, CountsClausesAndCases) {
  EXPECT_EQ(check_text(suite_of(suite_with_steps(steps))), "example: sound, 1 clauses, 1 cases\n");
}

}  // namespace
}  // namespace understudy

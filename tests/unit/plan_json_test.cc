// A plan is stored beside its history and read back exactly.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plan_text.h"

namespace understudy {
namespace {

using testing::HasSubstr;

/// Every kind of step, matcher, invariant and quantifier in one plan.
Plan full_plan() {
  const Suite suite = suite_of(
      "clauses:\n  which: {level: MAY, source: PUBLIC, citation: \"guide, page 7\", statement: "
      "Which., "
      "outcomes: [{edition: \"1.0\", citation: \"guide, page 7\", outcome: MASTER}, {edition: "
      "\"2.0\", citation: \"guide, page 8\", outcome: [BACKUP, STANDBY]}]}\n---\n"
      "always:\n  - at most one: {state: MASTER}\n    checks: backup-takes-over\n"
      "  - never: {any.state: {none of: [MASTER, BACKUP]}}\n    checks: backup-takes-over\n---\n" +
      suite_with_vary(
          "{x: [1s]}",
          "      - do: [{reboot: chassis, answer: save}, {lose: [master, backup]}]\n"
          "      - remember: {old: backplane sees master.role}\n"
          "      - pause: $x\n"
          "      - await: {each.boots: {at least: 1}, no.mode: {known: }}\n"
          "        within: $limits.takeover\n"
          "      - expect: {backup sees master.state: {not: MASTER}, master.prompt: {matches: x}}\n"
          "        for: 1s\n"
          "        checks: backup-takes-over\n"
          "      - expect: {backup.state: $outcome}\n"
          "        checks: which\n"));
  Plan plan = plans_of(suite, able_testbed()).at(0);
  plan.seed = 0xffffffffffffffff;
  return plan;
}

TEST(PlanJson, ComesBackExactly) {
  const Plan plan = full_plan();
  const auto again = plan_from(Json::parse(to_json(plan).dump()), "plan.json");

  ASSERT_TRUE(again) << to_line(again.error());
  EXPECT_EQ(to_json(*again), to_json(plan));
  EXPECT_EQ(again->seed, plan.seed);
  EXPECT_EQ(again->varied, plan.varied);
  EXPECT_EQ(again->given, plan.given);
  EXPECT_EQ(again->always, plan.always);
  EXPECT_EQ(again->clauses, plan.clauses);
  EXPECT_EQ(again->timing, plan.timing);
  EXPECT_EQ(again->nodes, plan.nodes);
  EXPECT_EQ(again->boot_limit, plan.boot_limit);
  EXPECT_EQ(again->longest_wait, plan.longest_wait);
  ASSERT_EQ(again->steps.size(), plan.steps.size());
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    EXPECT_EQ(again->steps[i].step, plan.steps[i].step);
    EXPECT_EQ(again->steps[i].by_edition, plan.steps[i].by_edition);
    EXPECT_EQ(again->steps[i].bound, plan.steps[i].bound);
    EXPECT_EQ(again->steps[i].bound_source, plan.steps[i].bound_source);
  }
}

TEST(PlanJson, WithoutAKeyIsNoPlan) {
  Json json = to_json(full_plan());
  json.erase("steps");
  const auto plan = plan_from(json, "plan.json");

  ASSERT_FALSE(plan);
  EXPECT_THAT(to_line(plan.error()), HasSubstr("plan.json: no plan: "));
  EXPECT_THAT(to_line(plan.error()), HasSubstr("'steps' not found"));
}

TEST(PlanJson, WithAnUnknownWordIsNoPlan) {
  Json json = to_json(full_plan());
  json["steps"][0]["kind"] = "dance";

  EXPECT_EQ(plan_from(json, "plan.json").error().what, "no plan: `dance` is not known here");
}

TEST(PlanJson, ThatIsNoObjectIsNoPlan) {
  EXPECT_FALSE(plan_from(Json::array(), "plan.json"));
  EXPECT_FALSE(plan_from(Json("text"), "plan.json"));
}

}  // namespace
}  // namespace understudy

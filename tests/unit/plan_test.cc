// Plans: vary as a cross product, names as values, limits as durations with their source, seeds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plan_text.h"

namespace understudy {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> ids_of(const std::vector<Plan>& plans) {
  std::vector<std::string> ids;
  for (const Plan& plan : plans) ids.push_back(plan.id);
  return ids;
}

TEST(Vary, AdvancesTheKeysOfOneMapTogether) {
  const auto plans = plans_of(
      suite_of(suite_with_vary("{x: [1s, 2s], y: [a, b]}", "      - pause: $x\n")), able_testbed());

  EXPECT_THAT(ids_of(plans), ElementsAre("example,x=1s,y=a", "example,x=2s,y=b"));
  EXPECT_EQ(plans[1].steps.at(0).bound, 2s);
}

TEST(Vary, CrossesTheMapsOfAList) {
  const auto plans =
      plans_of(suite_of(suite_with_vary("[{x: [1s, 2s]}, {y: [a, b]}]", "      - pause: $x\n")),
               able_testbed());

  EXPECT_THAT(ids_of(plans), ElementsAre("example,x=1s,y=a", "example,x=1s,y=b", "example,x=2s,y=a",
                                         "example,x=2s,y=b"));
}

TEST(CommandAgain, NamesSuiteAndTestbedAsTheUserDidAndIsReadWholeByAShell) {
  Plan plan;
  plan.suite = "exos";
  plan.suite_path = "my suites/exos.yaml";
  plan.case_name = "it-answers";
  plan.testbed = "lab-7";
  plan.run_seed = 7;
  EXPECT_EQ(command_again(plan),
            "understudy run 'my suites/exos.yaml' --case it-answers --testbed lab-7 --seed 7");
  plan.defects_path = "my defects.yaml";
  plan.defect_asked = "tie-gives-slot-b";
  EXPECT_TRUE(command_again(plan).ends_with(
      "--seed 7 --defects 'my defects.yaml' --defect tie-gives-slot-b"));
  plan.suite_path = "it's";
  EXPECT_NE(command_again(plan).find(R"('it'\''s')"), std::string::npos);
}

TEST(Vary, ResolvesANameInItWhereItIsUsed) {
  const auto plans =
      plans_of(suite_of(suite_with_vary("{kept: [$new]}",
                                        "      - remember: {new: master.config.active}\n"
                                        "      - await: {backup.config.active: $kept}\n")),
               able_testbed());

  EXPECT_THAT(plans.at(0).steps.at(1).step.condition.terms.at(0).matcher.values,
              ElementsAre("$new"));
  EXPECT_EQ(plans[0].id, "example,kept=new");
}

TEST(Vary, PutsARoleInANodesPlace) {
  const auto plans =
      plans_of(suite_of(suite_with_vary(
                   "{gone: [$master, backup], left: [$backup, master]}",
                   "      - do: {lose: $gone}\n      - await: {$left.state: MASTER}\n")),
               able_testbed());

  ASSERT_EQ(plans.size(), 2u);
  EXPECT_EQ(plans[0].steps.at(0).step.acts.at(0).arguments.at("node"), "master");
  EXPECT_EQ(plans[0].steps.at(1).step.condition.terms.at(0).subject, "backup");
  EXPECT_EQ(plans[1].steps.at(0).step.acts.at(0).arguments.at("node"), "backup");
}

TEST(PlanId, HoldsOnlyWhatAFolderMayBeCalled) {
  const auto plans =
      plans_of(suite_of(suite_with_vary("{x: [\"a/b c\", \"../..\", \"50%\", \"a b/c\"]}",
                                        "      - do: {lose: master}\n")),
               able_testbed());

  EXPECT_THAT(ids_of(plans), ElementsAre("example,x=a-b-c", "example,x=..-..", "example,x=50%",
                                         "example,x=a-b-c~2"));
}

TEST(PlanId, StaysShorterThanAFoldersName) {
  const std::string value(300, 'x');
  const auto plans = plans_of(suite_of(suite_with_vary("{x: [" + value + ", " + value + "y]}",
                                                       "      - do: {lose: master}\n")),
                              able_testbed());

  EXPECT_LE(plans.at(0).id.size(), 180u);
  EXPECT_NE(plans.at(0).id, plans.at(1).id);
}

TEST(PlanSeed, FollowsFromTheSeedAndTheIdAlone) {
  const Suite suite = suite_of(suite_with_vary("{x: [1s, 2s]}", "      - pause: $x\n"));
  const auto plans = plans_of(suite, able_testbed(), 7);
  const auto again = plans_of(suite, able_testbed(), 7);
  const auto other = plans_of(suite, able_testbed(), 8);

  EXPECT_EQ(plans[0].seed, again[0].seed);
  EXPECT_NE(plans[0].seed, plans[1].seed);
  EXPECT_NE(plans[0].seed, other[0].seed);
  EXPECT_EQ(plans[0].seed, 146497028941578094u);  // stable over machines and versions
}

TEST(Bound, IsEvaluatedOverTheTestbedsTiming) {
  const Plan plan =
      plan_of_steps("      - await: {backup.state: MASTER}\n        within: 2 * heartbeat + 1s\n");

  EXPECT_EQ(plan.steps.at(0).bound, 1200ms);
  EXPECT_EQ(plan.steps[0].bound_source, "timing of lab-7");
}

TEST(Bound, OfALimitNamesTheSuite) {
  const Plan plan =
      plan_of_steps("      - await: {backup.state: MASTER}\n        within: $limits.takeover\n");

  EXPECT_EQ(plan.steps.at(0).bound, 300ms);
  EXPECT_EQ(plan.steps[0].bound_source, "limits.takeover of example");
}

TEST(Bound, IsTheTestbedsOwnWhereItsTimingHasTheName) {
  Capabilities lab = able_testbed();
  lab.timing.emplace_back("takeover", 30s);
  const Plan plan = plan_of_steps(
      "      - await: {backup.state: MASTER}\n        within: $limits.takeover\n", lab);

  EXPECT_EQ(plan.steps.at(0).bound, 30s);
  EXPECT_EQ(plan.steps[0].bound_source, "limits.takeover of lab-7");
}

TEST(Bound, OfALimitThatUsesItsOwnNameIsComputedFromTiming) {
  Capabilities lab = able_testbed();
  lab.timing.emplace_back("settle", 1s);
  const Suite suite = suite_of("limits: {settle: 4 * settle}\n---\n" +
                               suite_with_steps("      - pause: $limits.settle + 1s\n"));
  const Plan plan = plans_of(suite, lab).at(0);

  EXPECT_EQ(plan.steps.at(0).bound, 5s);
  EXPECT_EQ(plan.steps[0].bound_source, "limits.settle of example");
}

TEST(Bound, OfALimitThatUsesItsOwnNameIsTheTestbedsWhereTheRestIsNotTold) {
  Capabilities lab = able_testbed();
  lab.timing.emplace_back("settle", 1s);
  const Suite suite = suite_of("limits: {settle: 4 * settle + 2 * unheard}\n---\n" +
                               suite_with_steps("      - pause: $limits.settle\n"));
  const Plan plan = plans_of(suite, lab).at(0);

  EXPECT_EQ(plan.steps.at(0).bound, 1s);
  EXPECT_EQ(plan.steps[0].bound_source, "limits.settle of lab-7");
}

TEST(Bound, ThatCannotBeComputedNamesTheLimitAndWhatItLacks) {
  const Suite suite = suite_of("limits: {settle: 2 * unheard}\n---\n" +
                               suite_with_steps("      - pause: $limits.settle\n"));
  EXPECT_EQ(plans_of(suite, able_testbed()).at(0).not_run, "limit settle, or timing unheard");
}

TEST(Bound, HowLongWhatComesAndGoesLastsIsTheTestbedsToTell) {
  const std::string steps =
      "      - expect: {backup.state: MASTER}\n        within: 1s\n        checks: "
      "backup-takes-over\n"
      "        lasts: ";
  const PlannedStep known = plan_of_steps(steps + "2 * heartbeat\n").steps.at(0);
  EXPECT_EQ(known.lasts, 200ms);
  const Plan unknown = plan_of_steps(steps + "module-boot\n");
  EXPECT_EQ(unknown.steps.at(0).lasts, 0ms);
  EXPECT_EQ(unknown.not_run, "");
  EXPECT_EQ(plan_of_steps("      - pause: 1s\n").steps.at(0).lasts, std::nullopt);
}

TEST(Bound, WithoutANameIsTheCasesOwn) {
  EXPECT_EQ(plan_of_steps("      - pause: 2s\n").steps.at(0).bound_source, "the case");
}

TEST(Bound, MayVary) {
  const auto plans = plans_of(suite_of(suite_with_vary("{x: [1s, heartbeat, $limits.takeover]}",
                                                       "      - pause: 2 * $x\n")),
                              able_testbed());

  EXPECT_EQ(plans.at(0).steps.at(0).bound, 2s);
  EXPECT_EQ(plans.at(1).steps.at(0).bound, 200ms);
  EXPECT_EQ(plans.at(2).steps.at(0).bound, 600ms);
}

TEST(Limits, ThatReferToEachOtherInACircleAreRefused) {
  const Suite suite = suite_of("limits: {one: 2 * two, two: 2 * one}\n---\n" +
                               suite_with_steps("      - pause: $limits.one\n"));
  const auto plans = make_plans(suite, suite.cases.at(0), able_testbed(), "lab-7", 1);

  ASSERT_FALSE(plans);
  EXPECT_EQ(to_line(plans.error()), "s.yaml:1: the limit `one` refers to itself through others");
}

TEST(Arguments, OfTimeAndCountAreEvaluated) {
  const Plan plan = plan_of_steps(
      "      - do: {delay: {link: backplane, by: heartbeat / 2}}\n"
      "      - do: {drop: {link: backplane, count: limit - 1}}\n");

  EXPECT_EQ(plan.steps.at(0).step.acts.at(0).arguments.at("by"), "50ms");
  EXPECT_EQ(plan.steps.at(1).step.acts.at(0).arguments.at("count"), "2");
}

TEST(Scratch, GivesTheFirstTwoValuesAsAList) {
  const Plan plan =
      plan_of_steps("      - do: {configure: {node: master, add: {vlans: $scratch.vlans}}}\n");

  EXPECT_EQ(plan.steps.at(0).step.acts.at(0).arguments,
            Json::parse(R"({"node": "master", "add": {"vlans": ["3900", "3901"]}})"));
}

TEST(Scratch, GivesOneValueByItsNumber) {
  const Plan plan = plan_of_steps(
      "      - do: {configure: {node: master, add: {vlans: [$scratch.vlans.3, x]}, set: {vlan: "
      "$scratch.vlans.1}}}\n");

  EXPECT_EQ(plan.steps.at(0).step.acts.at(0).arguments,
            Json::parse(
                R"({"node": "master", "add": {"vlans": ["3902", "x"]}, "set": {"vlan": "3900"}})"));
}

TEST(Scratch, StandsInComparisonsAsWell) {
  const Plan plan = plan_of_steps(
      "      - await: {master.vlans: $scratch.vlans, backup.vlans: [$scratch.vlans, none]}\n");

  EXPECT_THAT(plan.steps.at(0).step.condition.terms.at(0).matcher.values, ElementsAre("3900,3901"));
  EXPECT_THAT(plan.steps[0].step.condition.terms.at(1).matcher.values,
              ElementsAre("3900", "3901", "none"));
}

TEST(Patterns, KeepTheirDollars) {
  const Plan plan = plan_of_steps("      - await: {master.prompt: {matches: '# $'}}\n");
  EXPECT_THAT(plan.steps.at(0).step.condition.terms.at(0).matcher.values, ElementsAre("# $"));
}

TEST(LongestWait, SumsWhatCannotBeShortened) {
  const Plan plan = plan_of_steps(
      "      - pause: 1s\n"
      "      - await: {backup.state: MASTER}\n        within: 10s\n"
      "      - expect: {backup.state: MASTER}\n        for: 2s\n        checks: "
      "backup-takes-over\n");

  EXPECT_EQ(plan.longest_wait, 3s);
}

TEST(BootLimit, IsTheLimitOfThatName) {
  EXPECT_EQ(plan_of_steps("      - pause: 1s\n").boot_limit, 6min);
}

TEST(HarnessClause, IsInEveryPlanOverTheCountersThatTheTestbedReads) {
  Capabilities lab = able_testbed();
  std::erase(lab.attributes, "cores");
  const Plan plan = plan_of_steps("      - pause: 1s\n", lab);

  ASSERT_EQ(plan.always.size(), 1u);
  EXPECT_EQ(plan.always[0].kind, Invariant::Kind::NotWithoutAct);
  EXPECT_EQ(plan.always[0].checks, "no-unprovoked-restart");
  ASSERT_EQ(plan.always[0].condition.terms.size(), 2u);
  EXPECT_EQ(plan.always[0].condition.terms[0].attribute, "boots");
  EXPECT_EQ(plan.always[0].condition.terms[1].attribute, "log.critical");
  EXPECT_EQ(plan.clauses.back().level, Level::Must);
  EXPECT_EQ(plan.clauses.back().tag, "harness");
}

TEST(PlanClauses, AreThoseThatItChecks) {
  const Plan idle = plan_of_steps("      - pause: 1s\n");
  const Plan busy =
      plan_of_steps("      - expect: {backup.state: MASTER}\n        checks: backup-takes-over\n");

  EXPECT_EQ(idle.clauses.size(), 1u);
  ASSERT_EQ(busy.clauses.size(), 2u);
  EXPECT_EQ(busy.clauses[0].id, "backup-takes-over");
}

}  // namespace
}  // namespace understudy

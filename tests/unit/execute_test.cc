// Many plans on one testbed: folders, order, jobs, and what stops it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "fresh_folder.h"
#include "harness/execute.h"
#include "harness/files.h"
#include "judge_story.h"
#include "scripted_testbed.h"

namespace understudy::testing {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using Event = ProgressEvent::Kind;

class AnExecution : public ::testing::Test {
 protected:
  void SetUp() override {
    options.out = folder.path().string();
    options.watches_lateness = false;
  }

  std::vector<Plan> plans(std::size_t count, std::vector<PlannedStep> steps) {
    std::vector<Plan> all;
    for (std::size_t index = 0; index < count; ++index) {
      Plan plan = plan_of(steps);
      plan.case_name = plan.id = fmt::format("case-{}", index);
      plan.seed = index;
      plan.given = {{"master", {Matcher::Kind::Equals, {"MASTER"}}},
                    {"backup", {Matcher::Kind::Equals, {"BACKUP"}}}};
      all.push_back(plan);
    }
    return all;
  }

  Execution go(const std::vector<Plan>& all) {
    return execute(
        all, testbed, options, [this](const ProgressEvent& event) { events.push_back(event); },
        cancel);
  }

  std::size_t count(Event kind) const {
    return static_cast<std::size_t>(
        std::count_if(events.begin(), events.end(),
                      [&](const ProgressEvent& event) { return event.kind == kind; }));
  }

  std::vector<std::string> outcomes(const Execution& execution) const {
    std::vector<std::string> texts;
    for (const PlanResult& result : execution.results) {
      texts.push_back(result.plan.id + " " + in_short(result.verdicts.front()));
    }
    return texts;
  }

  const FreshFolder folder;
  ScriptedTestbed testbed;
  ExecuteOptions options;
  NotCancelled cancel;
  std::vector<ProgressEvent> events;
};

TEST_F(AnExecution, LeavesPlanHistoryRunAndVerdictsInAFolderOfEachPlan) {
  const Execution execution = go(plans(2, {now("backup.state=BACKUP")}));
  for (const PlanResult& result : execution.results) {
    EXPECT_EQ(result.folder, options.out + "/test/suite/" + result.plan.id);
    for (const char* file : {"plan.json", "history.jsonl", "run.json", "verdicts.json"}) {
      EXPECT_TRUE(std::filesystem::exists(result.folder + "/" + file)) << file;
    }
    EXPECT_TRUE(read_history(result.folder)->is_whole);
  }
  EXPECT_EQ(count(Event::Started), 2u);
  EXPECT_EQ(count(Event::Finished), 2u);
}

TEST_F(AnExecution, GivesTheSameResultsInTheSameOrderForAnyNumberOfJobs) {
  const auto all = plans(12, {doing("save", "master"), lasting("backup.state=BACKUP", 300)});
  const Execution alone = go(all);
  const std::string history = *read_text(alone.results[7].folder + "/history.jsonl");
  options.jobs = 5;
  const Execution together = go(all);
  EXPECT_EQ(together.jobs, 5u);
  EXPECT_EQ(outcomes(alone), outcomes(together));
  EXPECT_EQ(*read_text(together.results[7].folder + "/history.jsonl"), history);
}

TEST_F(AnExecution, TellsProgressOnTheThreadThatCalled) {
  std::vector<std::thread::id> threads;
  options.jobs = 3;
  execute(
      plans(6, {now("backup.state=BACKUP")}), testbed, options,
      [&](const ProgressEvent&) { threads.push_back(std::this_thread::get_id()); }, cancel);
  EXPECT_THAT(threads, Each(std::this_thread::get_id()));
}

TEST_F(AnExecution, AsksWhatAPersonMustTellOnceAndBeforeTheFirstPlan) {
  options.jobs = 3;
  go(plans(6, {now("backup.state=BACKUP")}));
  EXPECT_EQ(testbed.revealed, 1);
  events.clear();
  testbed.keeps_silent = true;
  const Execution execution = go(plans(2, {now("backup.state=BACKUP")}));
  ASSERT_TRUE(execution.could_not_start);
  EXPECT_EQ(execution.could_not_start->where, "test.yaml:3");
  EXPECT_EQ(count(Event::Started), 0u);
}

TEST_F(AnExecution, UsesOneJobOnATestbedThatOnlyOneMayUse) {
  testbed.exclusive = true;
  options.jobs = 4;
  EXPECT_EQ(go(plans(3, {now("backup.state=BACKUP")})).jobs, 1u);
}

TEST_F(AnExecution, JudgedAgainFromItsFolderGivesTheSameVerdicts) {
  const Execution execution = go(plans(3, {now("backup.state=MASTER")}));
  const auto judged = judge_folder(options.out);
  ASSERT_TRUE(judged) << to_line(judged.error());
  ASSERT_EQ(judged->cases.size(), 3u);
  for (std::size_t index = 0; index < 3; ++index) {
    EXPECT_EQ(judged->cases[index].verdicts, execution.results[index].verdicts);
  }
  EXPECT_TRUE(std::filesystem::exists(execution.results[0].folder + "/collected/1-show-tech.txt"));
}

TEST_F(AnExecution, ThatWasKilledHalfWayIsJudgedInconclusive) {
  const Execution execution = go(plans(1, {now("backup.state=BACKUP")}));
  std::filesystem::remove(execution.results[0].folder + "/run.json");
  const auto judged = judge_folder(options.out);
  ASSERT_TRUE(judged);
  EXPECT_EQ(judged->cases[0].verdicts[0].outcome, Verdict::Outcome::Inconclusive);
  EXPECT_THAT(judged->cases[0].verdicts[0].cause, HasSubstr("run.json is missing"));
}

TEST_F(AnExecution, WhosePlanWasChangedAfterwardsNeitherPassesNorFails) {
  const Execution execution = go(plans(1, {now("backup.state=MASTER")}));
  ASSERT_EQ(execution.results[0].verdicts[0].outcome, Verdict::Outcome::Fail);
  const std::string path = execution.results[0].folder + "/plan.json";
  std::string plan = *read_text(path);
  plan.insert(plan.size() - 2, " ");
  ASSERT_TRUE(write_whole(path, plan));
  const auto judged = judge_folder(options.out);
  ASSERT_TRUE(judged);
  EXPECT_EQ(judged->cases[0].verdicts[0].outcome, Verdict::Outcome::Inconclusive);
  EXPECT_THAT(judged->cases[0].verdicts[0].cause, HasSubstr("plan.json was changed"));
}

TEST_F(AnExecution, MissesAFolderThatWasRemoved) {
  const Execution execution = go(plans(3, {now("backup.state=BACKUP")}));
  std::filesystem::remove_all(execution.results[1].folder);
  const auto judged = judge_folder(options.out);
  ASSERT_TRUE(judged) << to_line(judged.error());
  ASSERT_EQ(judged->cases.size(), 3u);
  EXPECT_EQ(judged->cases[1].verdicts[0].outcome, Verdict::Outcome::Inconclusive);
  EXPECT_THAT(judged->cases[1].verdicts[0].cause, HasSubstr("case-1/plan.json is missing"));
}

TEST_F(AnExecution, StopsAfterThreePlansInARowThatCouldNotBeCarriedOut) {
  testbed.prepare = [](ScriptedTarget& target, std::uint64_t seed) {
    if (seed >= 2) target.script("B", "state", 0, "FAIL");
  };
  const auto all = plans(9, {now("backup.state=BACKUP")});
  const auto alone = outcomes(go(all));
  EXPECT_EQ(testbed.opened, 5);
  EXPECT_EQ(count(Event::Stopped), 1u);
  options.jobs = 4;
  const Execution together = go(all);
  EXPECT_EQ(outcomes(together), alone) << "whatever ran beyond the stop does not count";
  EXPECT_THAT(together.results[8].verdicts[0].cause, HasSubstr("the testbed was stopped"));
}

TEST_F(AnExecution, StopsAfterAFailureThatIsHeld) {
  testbed.exclusive = options.hold_after_failure = true;
  testbed.prepare = [](ScriptedTarget& target, std::uint64_t seed) {
    target.script("B", "sync", 0, seed == 2 ? "NotInSync" : "InSync");
  };
  const Execution execution = go(plans(5, {now("backup.sync=InSync")}));
  EXPECT_EQ(testbed.opened, 3);
  EXPECT_TRUE(execution.results[2].summary.is_held);
  EXPECT_THAT(execution.results[3].verdicts[0].cause,
              HasSubstr("the run was stopped: case-2 failed and is held"));
}

TEST_F(AnExecution, StopsAfterADeviceThatDidNotComeBack) {
  testbed.exclusive = true;
  testbed.prepare = [](ScriptedTarget& target, std::uint64_t seed) {
    if (seed == 1) target.comes_back = {{"waited 8.0s: B is silent"}, false};
  };
  const Execution execution = go(plans(5, {now("backup.state=BACKUP")}));
  EXPECT_EQ(testbed.opened, 2);
  EXPECT_THAT(execution.results[2].verdicts[0].cause,
              HasSubstr("the testbed was stopped: it did not come back after case-1"));
}

TEST_F(AnExecution, StopsAfterThreeInARowThatLeftTheDeviceDown) {
  testbed.exclusive = true;
  testbed.prepare = [](ScriptedTarget& target, std::uint64_t seed) {
    if (seed != 1) target.comes_back = {{"power by outlet, within 8.0s: it is back"}, true};
  };
  const Execution execution = go(plans(9, {now("backup.state=BACKUP")}));
  EXPECT_EQ(testbed.opened, 5);
  EXPECT_EQ(execution.results[4].summary.recovery.rungs.size(), 1u);
}

TEST_F(AnExecution, ThatCannotOpenItsTestbedSaysSoAndEnds) {
  testbed.fails_at = 1;
  const Execution execution = go(plans(4, {now("backup.state=BACKUP")}));
  ASSERT_TRUE(execution.could_not_start);
  EXPECT_EQ(execution.could_not_start->what, "ended before its first prompt");
  EXPECT_EQ(in_short(execution.results[0].verdicts[0]), "PASS");
  EXPECT_EQ(in_short(execution.results[3].verdicts[0]), "INCONCLUSIVE not reached");
  EXPECT_EQ(testbed.opened, 2);
}

TEST_F(AnExecution, EndsWhenItIsCancelledAndOpensNothingMore) {
  testbed.prepare = [this](ScriptedTarget&, std::uint64_t seed) { cancel.is_set = seed == 1; };
  const Execution execution = go(plans(4, {now("backup.state=BACKUP")}));
  EXPECT_TRUE(execution.was_cancelled);
  EXPECT_EQ(testbed.opened, 2);
  EXPECT_EQ(execution.results[1].summary.end, RunSummary::End::Cancelled);
  EXPECT_THAT(execution.results[3].verdicts[0].cause, HasSubstr("cancelled"));
}

TEST_F(AnExecution, GoesOnWithFewerJobsAfterAStall) {
  options.jobs = 3;
  options.watches_lateness = true;
  testbed.prepare = [](ScriptedTarget& target, std::uint64_t seed) {
    const Time soon = std::chrono::milliseconds(1);
    if (seed == 0) target.incidents = {{Incident::Kind::Stall, "", "late", soon, soon}};
  };
  auto all = plans(8, {now("backup.state=BACKUP")});
  for (Plan& plan : all)
    plan.timing.clear();  // without a heartbeat there is no lateness to measure
  EXPECT_EQ(go(all).jobs, 2u);
  EXPECT_EQ(count(Event::JobsChanged), 1u);
}

TEST_F(AnExecution, TakesUpAJobAgainWhenTheMachineWasInTimeForAWhile) {
  options.jobs = 2;
  options.watches_lateness = true;
  options.time_to_trust = std::chrono::milliseconds(1);
  testbed.prepare = [](ScriptedTarget& target, std::uint64_t seed) {
    const Time soon = std::chrono::milliseconds(1);
    if (seed == 0) target.incidents = {{Incident::Kind::Stall, "", "late", soon, soon}};
  };
  auto all = plans(200, {lasting("backup.state=BACKUP", 1000)});
  for (Plan& plan : all) plan.timing = {{"heartbeat", std::chrono::seconds(10)}};
  EXPECT_EQ(go(all).jobs, 2u);
  EXPECT_EQ(count(Event::JobsChanged), 2u);
}

TEST_F(AnExecution, DoesNotOpenTheTestbedForAPlanThatItCannotRun) {
  auto all = plans(1, {now("backup.state=BACKUP")});
  all[0].not_run = "switchover";
  const Execution execution = go(all);
  EXPECT_EQ(testbed.opened, 0);
  EXPECT_EQ(in_short(execution.results[0].verdicts[0]), "NOT RUN switchover");
  EXPECT_TRUE(std::filesystem::exists(execution.results[0].folder + "/verdicts.json"));
}

TEST(JudgeFolder, WithoutAPlanIsAnError) {
  EXPECT_FALSE(judge_folder("/nowhere/at/all"));
}

}  // namespace
}  // namespace understudy::testing

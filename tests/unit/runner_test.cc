// The runner against a scripted target: what it orders, what it writes, and when it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/run.h"
#include "judge_story.h"
#include "scripted_target.h"

namespace understudy::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using End = RunSummary::End;

class ARun : public ::testing::Test {
 protected:
  ARun() {
    target.script("A", "state", 0, "INIT");
    target.script("A", "state", 200, "MASTER");
    target.script("B", "state", 0, "INIT");
    target.script("B", "state", 300, "BACKUP");
    target.script("A", "boots", 0, "1");
    target.script("B", "boots", 0, "1");
    target.on_act = [this](const Act& act, Receipt receipt) { return react(act, receipt); };
  }

  /// Losing A makes B master after 250 ms.
  Receipt react(const Act& act, Receipt receipt) {
    if (act.word != "lose") return receipt;
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(target.now()).count();
    target.script("B", "state", static_cast<int>(now) + 250, "MASTER");
    return receipt;
  }

  RunSummary run(std::vector<PlannedStep> steps) {
    plan = plan_of(std::move(steps));
    const Matcher master{Matcher::Kind::Equals, {"MASTER"}};
    const Matcher backup{Matcher::Kind::Equals, {"BACKUP"}};
    plan.given = {{"master", master}, {"backup", backup}};
    Invariant boots;
    boots.kind = Invariant::Kind::NotWithoutAct;
    boots.condition = condition_of("each.boots");
    boots.condition.terms[0].matcher = {Matcher::Kind::Known, {}};
    plan.always = {boots};
    return understudy::run(plan, target, sink, cancel, options);
  }

  std::vector<std::string> kinds(Entry::Kind kind) const {
    std::vector<std::string> found;
    for (const Entry& entry : sink.history.entries) {
      if (entry.kind == kind) found.push_back(entry.name + "=" + entry.value);
    }
    return found;
  }

  Plan plan;
  ScriptedTarget target;
  HistoryInMemory sink;
  NotCancelled cancel;
  RunOptions options;
};

TEST_F(ARun, WaitsForGivenAndBindsRolesToNodes) {
  EXPECT_EQ(run({now("backup.state=BACKUP")}).end, End::Complete);
  EXPECT_THAT(kinds(Entry::Kind::Bound), ElementsAre("master=A", "backup=B"));
  EXPECT_GE(target.now(), std::chrono::milliseconds(300));
  EXPECT_EQ(sink.history.entries.front().kind, Entry::Kind::Opened);
  EXPECT_EQ(sink.history.entries.back().kind, Entry::Kind::Closed);
  EXPECT_EQ(sink.history.entries.back().value, "complete");
  EXPECT_TRUE(target.is_restored);
}

TEST_F(ARun, EndsWhereTheRolesAreNeverFilled) {
  target.script("B", "state", 250, "FAIL");
  target.script("B", "state", 300, "FAIL");
  const RunSummary summary = run({now("backup.state=BACKUP")});
  EXPECT_EQ(summary.end, End::Abandoned);
  EXPECT_EQ(summary.step, std::nullopt);
  EXPECT_THAT(summary.cause, HasSubstr("not reached: given master.state = MASTER"));
  EXPECT_TRUE(target.is_restored);
  EXPECT_THAT(in_short(judge(plan, sink.history)[0]), "INCONCLUSIVE not reached");
}

TEST_F(ARun, GivesTheTargetNodesForRolesAndValuesForNames) {
  target.script("A", "config.active", 0, "text");
  PlannedStep step = doing("switchover", "master");
  step.step.acts.push_back(Act{"configure", Json{{"node", "$backup"}, {"set", {{"x", "$was"}}}}});
  step.step.acts.push_back(
      Act{"reboot", Json{{"node", Json{"master", "backup"}}, {"answer", "master"}}});
  run({remembering("was", "master.config.active"), step});
  ASSERT_EQ(target.done.size(), 3u);
  EXPECT_EQ(target.done[0].arguments, (Json{{"node", "A"}}));
  EXPECT_EQ(target.done[1].arguments, (Json{{"node", "B"}, {"set", {{"x", "text"}}}}));
  EXPECT_EQ(target.done[2].arguments, (Json{{"node", Json{"A", "B"}}, {"answer", "master"}}));
}

TEST_F(ARun, PassesWhatComesInTimeAndMeasuresIt) {
  run({doing("lose", "master"), within("backup.state=MASTER", 400)});
  const auto verdicts = judge(plan, sink.history);
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_EQ(in_short(verdicts[0]), "PASS") << verdicts[0].cause << verdicts[0].actual;
  EXPECT_EQ(in_short(verdicts[1]), "PASS") << verdicts[1].cause << verdicts[1].actual;
  EXPECT_LE(*verdicts[0].measured - *verdicts[0].error_bar, std::chrono::milliseconds(250));
  EXPECT_GE(*verdicts[0].measured + *verdicts[0].error_bar, std::chrono::milliseconds(245));
}

TEST_F(ARun, GoesOnAskingBeyondTheBoundSoThatTheJudgeCanTellHowLate) {
  const RunSummary summary = run(
      {doing("lose", "master"), within("backup.state=MASTER", 200), now("backup.state=MASTER")});
  EXPECT_EQ(summary.end, End::Complete);
  EXPECT_TRUE(summary.has_failed);
  const auto verdicts = judge(plan, sink.history);
  EXPECT_EQ(in_short(verdicts[0]), "FAIL") << verdicts[0].cause;
  EXPECT_THAT(verdicts[0].actual, HasSubstr("BACKUP until 2"));
  EXPECT_EQ(in_short(verdicts[1]), "PASS") << "the run goes on after a failure";
}

TEST_F(ARun, ExtendsAWaitByHalfItsBoundOnly) {
  run({doing("save", "master"), within("backup.state=MASTER", 400)});
  const Time acted = target.now();
  EXPECT_LT(acted, std::chrono::milliseconds(320 + 400 + 200 + 40));
  EXPECT_EQ(in_short(judge(plan, sink.history)[0]), "FAIL");
}

TEST_F(ARun, WatchesForItsWholeSpan) {
  run({doing("save", "master"), lasting("backup.state=BACKUP", 300)});
  const auto verdicts = judge(plan, sink.history);
  EXPECT_EQ(in_short(verdicts[0]), "PASS") << verdicts[0].cause << verdicts[0].actual;
  EXPECT_LE(*verdicts[0].error_bar, std::chrono::milliseconds(15));
}

TEST_F(ARun, SeesALapseInASpan) {
  target.script("B", "state", 500, "FAIL");
  target.script("B", "state", 520, "BACKUP");
  run({doing("save", "master"), lasting("backup.state=BACKUP", 400)});
  EXPECT_EQ(in_short(judge(plan, sink.history)[0]), "FAIL");
}

TEST_F(ARun, IsAbandonedWhereAnAwaitDoesNotCome) {
  const RunSummary summary = run({awaiting("backup.sync=InSync", 100), now("backup.state=BACKUP")});
  EXPECT_EQ(summary.end, End::Abandoned);
  EXPECT_EQ(summary.step, 0u);
  const auto verdicts = judge(plan, sink.history);
  EXPECT_THAT(verdicts[0].cause, HasSubstr("not reached: backup.sync = InSync did not come"));
  EXPECT_EQ(verdicts[0].outcome, Verdict::Outcome::Inconclusive);
}

TEST_F(ARun, IsAbandonedWhereAnActComesTooLateToBeOfUse) {
  PlannedStep hand = doing("break", "backup");
  hand.step.span = Step::Span::Within;
  hand.bound = std::chrono::milliseconds(30);
  const std::vector<PlannedStep> steps = {doing("save", "master"), hand,
                                          now("backup.state=BACKUP")};
  EXPECT_EQ(run(steps).end, End::Complete);
  target.on_act = [](const Act& act, Receipt receipt) {
    if (act.word == "break") receipt.done += std::chrono::milliseconds(30);
    return receipt;
  };
  const RunSummary summary = run(steps);
  EXPECT_EQ(summary.end, End::Abandoned);
  EXPECT_EQ(summary.step, 1u);
  EXPECT_THAT(summary.cause, HasSubstr("break backup took 41ms, and is of use within 30ms only"));
}

TEST_F(ARun, CountsAnActsBoundFromTheActBeforeWhateverStandsBetween) {
  PlannedStep hand = doing("resume", "backup");
  hand.step.span = Step::Span::Within;
  hand.bound = std::chrono::milliseconds(30);
  PlannedStep pause;
  pause.step.kind = Step::Kind::Pause;
  pause.bound = std::chrono::milliseconds(40);
  const RunSummary summary =
      run({doing("hang", "backup"), pause, hand, now("backup.state=BACKUP")});
  EXPECT_EQ(summary.end, End::Abandoned);
  EXPECT_EQ(summary.step, 2u);
}

TEST_F(ARun, IsNotRunFromAnUnsupportedActOn) {
  target.on_act = [](const Act&, Receipt receipt) {
    receipt.outcome = Receipt::Outcome::Unsupported;
    receipt.words = "unknown command";
    return receipt;
  };
  const RunSummary summary =
      run({now("backup.state=BACKUP"), doing("switchover", "master"), now("backup.state=BACKUP")});
  EXPECT_EQ(summary.end, End::Abandoned);
  const auto verdicts = judge(plan, sink.history);
  EXPECT_EQ(in_short(verdicts[0]), "PASS");
  EXPECT_EQ(verdicts[1].outcome, Verdict::Outcome::NotRun);
  EXPECT_EQ(verdicts[1].cause, "switchover: unknown command");
}

TEST_F(ARun, EndsWhereTheBenchBreaks) {
  target.incidents = {{Incident::Kind::BenchBroken, "", "the relay ended",
                       std::chrono::milliseconds(500), std::chrono::milliseconds(500)}};
  const RunSummary summary =
      run({now("backup.state=BACKUP"), pausing(1000), now("backup.state=BACKUP")});
  EXPECT_EQ(summary.end, End::BenchBroken);
  const auto verdicts = judge(plan, sink.history);
  EXPECT_EQ(in_short(verdicts[0]), "PASS");
  EXPECT_EQ(verdicts[1].cause, "bench: the relay ended");
  EXPECT_TRUE(target.is_restored);
}

TEST_F(ARun, EndsWhereAFaultWasNeverSeenToTakeEffect) {
  target.on_act = [](const Act&, Receipt receipt) {
    receipt.took_effect = false;
    return receipt;
  };
  EXPECT_EQ(run({doing("lose", "master"), now("backup.state=BACKUP")}).end, End::BenchBroken);
  EXPECT_EQ(in_short(judge(plan, sink.history)[0]), "INCONCLUSIVE bench");
}

PlannedStep cutting(const std::string& link) {
  PlannedStep planned = doing("cut", "master");
  planned.step.acts.front().arguments = {{"link", link}};
  return planned;
}

TEST_F(ARun, LiftsAFaultThatTheCaseLeftSoThatWhatItMetIsTold) {
  run({cutting("backplane"), now("backup.state=BACKUP")});
  ASSERT_EQ(target.done.size(), 2u);
  EXPECT_EQ(target.done.back().word, "restore");
  EXPECT_EQ(target.done.back().arguments, (Json{{"link", "backplane"}}));
}

TEST_F(ARun, WhoseFaultMetNothingIsInconclusiveFromTheFaultOn) {
  target.on_act = [this](const Act& act, Receipt receipt) {
    if (act.word != "restore") return receipt;
    target.incidents = {{Incident::Kind::IdleFault, "", "cut met 0 of 8 frames",
                         std::chrono::milliseconds(400), target.now()}};
    return receipt;
  };
  run({now("backup.state=BACKUP"), pausing(200), cutting("backplane"), pausing(100),
       now("backup.state=BACKUP")});
  const auto verdicts = judge(plan, sink.history);
  EXPECT_EQ(in_short(verdicts[0]), "PASS");
  EXPECT_EQ(verdicts[1].cause, "bench: cut met 0 of 8 frames");
}

TEST_F(ARun, IsNotRunWhereACommandToReadByIsNotKnown) {
  target.incidents = {{Incident::Kind::Unsupported, "B", "`show node`: unknown command",
                       std::chrono::milliseconds(500), std::chrono::milliseconds(500)}};
  EXPECT_EQ(run({now("backup.state=BACKUP"), pausing(1000), now("backup.state=BACKUP")}).end,
            End::Abandoned);
  const auto verdicts = judge(plan, sink.history);
  EXPECT_EQ(in_short(verdicts[0]), "PASS");
  EXPECT_EQ(verdicts[1].outcome, Verdict::Outcome::NotRun);
  EXPECT_EQ(verdicts[1].cause, "B: `show node`: unknown command");
}

TEST_F(ARun, ThatNeverReachedGivenForWhatCouldNotBeReadSaysThatFirst) {
  target.script("B", "state", 250, "FAIL");
  target.script("B", "state", 300, "FAIL");
  target.incidents = {{Incident::Kind::Unread, "B", "`show node`: there is no row",
                       std::chrono::milliseconds(500), std::chrono::milliseconds(500)}};
  run({now("backup.state=BACKUP")});
  EXPECT_THAT(judge(plan, sink.history)[0].cause,
              ::testing::StartsWith("unread: B: `show node`: there is no row; not reached: given"));
}

TEST_F(ARun, ThatNeverReachedGivenTellsWhatWasNotAnsweredInTime) {
  target.script("B", "state", 250, "FAIL");
  target.script("B", "state", 300, "FAIL");
  const Incident late{Incident::Kind::Late, "B", "`show node`: no answer within 3s",
                      std::chrono::milliseconds(400), std::chrono::milliseconds(500)};
  target.incidents = {late, late};
  run({now("backup.state=BACKUP")});
  const std::string cause = judge(plan, sink.history)[0].cause;
  EXPECT_THAT(cause, ::testing::StartsWith("not reached: given"));
  EXPECT_THAT(cause, ::testing::EndsWith("; B: `show node`: no answer within 3s (2 times)"));
}

TEST_F(ARun, HealsAndClosesWhenItIsCancelled) {
  target.on_act = [this](const Act&, Receipt receipt) {
    cancel.is_set = true;
    return receipt;
  };
  const RunSummary summary = run({doing("lose", "master"), now("backup.state=BACKUP")});
  EXPECT_EQ(summary.end, End::Cancelled);
  EXPECT_TRUE(target.is_restored) << "healing itself is not cancelled";
  EXPECT_EQ(sink.history.entries.back().value, "cancelled");
}

TEST_F(ARun, WatchesTheInvariantsAllTheTime) {
  run({pausing(100), within("backup.state=BACKUP", 50), lasting("backup.state=BACKUP", 50)});
  const Term boots{Quantifier::Each, "", "", "boots", {Matcher::Kind::Known, {}}};
  for (const Condition& watch : target.watched) {
    EXPECT_EQ(std::count(watch.terms.begin(), watch.terms.end(), boots), 1);
  }
}

TEST_F(ARun, CollectsAfterAFailureAndBeforeItRestores) {
  const RunSummary summary = run({now("backup.state=MASTER")});
  EXPECT_TRUE(summary.has_failed);
  EXPECT_TRUE(target.was_collected_before_restore);
  EXPECT_EQ(summary.collected.size(), 1u);
}

TEST_F(ARun, LeavesADeviceAsItIsAfterAFailureWhereThatIsWanted) {
  options.hold_after_failure = true;
  EXPECT_TRUE(run({now("backup.state=MASTER")}).is_held);
  EXPECT_FALSE(target.is_restored);
}

TEST_F(ARun, WritesWhatCouldNotBePutBack) {
  target.cannot_restore = {"VLAN 3900 is still there", "priority is 9"};
  EXPECT_EQ(run({now("backup.state=BACKUP")}).not_restored, target.cannot_restore);
  EXPECT_THAT(kinds(Entry::Kind::Restored),
              ElementsAre("=VLAN 3900 is still there\npriority is 9"));
}

TEST_F(ARun, RemembersThatThereWasNoAnswerAndEndsWhereItIsNeeded) {
  const RunSummary summary =
      run({remembering("was", "master.config.active"), now("backup.config.active=$was")});
  EXPECT_EQ(summary.end, End::Abandoned);
  EXPECT_EQ(summary.cause, "not reached: $was never had an answer");
  EXPECT_EQ(in_short(judge(plan, sink.history)[0]), "INCONCLUSIVE not reached");
}

TEST_F(ARun, WritesTheSameHistoryForTheSameScript) {
  run({doing("lose", "master"), within("backup.state=MASTER", 400)});
  ScriptedTarget again;
  for (const auto& [node, state, at] :
       {std::tuple{"A", "INIT", 0}, {"A", "MASTER", 200}, {"B", "INIT", 0}, {"B", "BACKUP", 300}}) {
    again.script(node, "state", at, state);
  }
  again.script("A", "boots", 0, "1");
  again.script("B", "boots", 0, "1");
  again.on_act = [&](const Act&, Receipt receipt) {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(again.now()).count();
    again.script("B", "state", static_cast<int>(now) + 250, "MASTER");
    return receipt;
  };
  HistoryInMemory second;
  understudy::run(plan, again, second, cancel);
  EXPECT_EQ(second.history.entries, sink.history.entries);
}

TEST_F(ARun, TellsHowItEndedFromItsHistoryAlone) {
  const RunSummary summary = run({awaiting("backup.sync=InSync", 100), now("backup.state=BACKUP")});
  const RunSummary told = summary_of(sink.history);
  EXPECT_EQ(told.end, summary.end);
  EXPECT_EQ(told.cause, summary.cause);
  EXPECT_EQ(told.step, summary.step);
}

}  // namespace
}  // namespace understudy::testing

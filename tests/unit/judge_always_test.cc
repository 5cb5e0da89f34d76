// Sentences about what holds in every case, and about a set of verdicts as a whole.
#include <gtest/gtest.h>

#include "harness/blocking.h"
#include "judge_story.h"

namespace understudy::testing {
namespace {

struct Row {
  const char* sentence;
  const char* story;
  const char* verdict;
};

Invariant always(Invariant::Kind kind, const std::string& condition) {
  Invariant invariant;
  invariant.kind = kind;
  invariant.condition = condition_of(condition);
  invariant.checks = "the-clause";
  return invariant;
}

void check(const Plan& plan, const Row& row, const std::string& begin, const std::string& end) {
  SCOPED_TRACE(row.sentence);
  const auto verdicts = judge(plan, history_of(plan, begin + row.story + end));
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(in_short(verdicts[0]), row.verdict) << verdicts[0].cause << verdicts[0].actual;
}

constexpr Row of_masters[] = {
    {"one master", "A.state=MASTER@1000-1001 B.state=BACKUP@1010-1011 A.state=MASTER@1020-1021",
     "PASS"},
    {"two, one's answer between two of the other's",
     "A.state=MASTER@1000-1001 B.state=MASTER@1010-1011 A.state=MASTER@1020-1021", "FAIL"},
    {"it may have passed on between the answers",
     "A.state=MASTER@1000-1001 B.state=MASTER@1010-1011", "PASS"},
    {"seen to have passed on",
     "A.state=MASTER@1000-1001 B.state=MASTER@1010-1011 A.state=BACKUP@1020-1021", "PASS"},
    {"answers that overlap prove nothing",
     "A.state=MASTER@1000-1012 B.state=MASTER@1010-1020 A.state=MASTER@1015-1030", "PASS"},
    {"a boot between the two answers",
     "A.boots=1@990 A.state=MASTER@1000-1001 B.state=MASTER@1010-1011 A.boots=2@1015 "
     "A.state=MASTER@1020-1021",
     "PASS"},
    {"both for a moment, before one of them restarts",
     "A.boots=1@900 A.state=MASTER@910 A.state=MASTER@950 B.state=MASTER@960 A.state=MASTER@990 "
     "A.boots=2@1015 A.state=BACKUP@1500",
     "FAIL"},
    {"a restart among the answers, which is told of later",
     "A.boots=1@900 A.state=MASTER@910 B.state=MASTER@1000 A.state=MASTER@1200 A.boots=2@1300",
     "PASS"},
    {"frames show the second one",
     "A.state=MASTER@1000-1001 backplane>B.state=MASTER@1010 A.state=MASTER@1020-1021", "FAIL"},
    {"what a node says of another is a claim of its own",
     "A.state=MASTER@1000-1001 A>B.state=MASTER@1010 A.state=MASTER@1020-1021", "PASS"},
    {"while the link is cut",
     "act:cut:backplane@900 A.state=MASTER@1000-1001 B.state=MASTER@1010-1011 "
     "A.state=MASTER@1020-1021",
     "PASS"},
    {"within the time to settle after the link was mended",
     "act:cut:backplane@900 act:restore:backplane@950 A.state=MASTER@1000-1001 "
     "B.state=MASTER@1010-1011 A.state=MASTER@1020-1021",
     "PASS"},
    {"after the time to settle",
     "act:cut:backplane@800 act:restore:backplane@850 A.state=MASTER@1000-1001 "
     "B.state=MASTER@1010-1011 A.state=MASTER@1020-1021",
     "FAIL"},
    {"a mending that was not seen ends nothing",
     "act:cut:backplane@800 act:restore:backplane@850:no-effect A.state=MASTER@1000-1001 "
     "B.state=MASTER@1010-1011 A.state=MASTER@1020-1021",
     "INCONCLUSIVE bench"},
    {"while one hangs",
     "act:hang:A@900 A.state=MASTER@1000-1001 B.state=MASTER@1010-1011 "
     "A.state=MASTER@1020-1021",
     "PASS"},
    {"a hang between the two answers",
     "A.state=MASTER@1000-1001 act:hang:A@1002 B.state=MASTER@1010-1011 act:resume:A@1012 "
     "A.state=MASTER@1020-1021",
     "PASS"},
    {"long after the hung one went on",
     "act:hang:A@700 act:resume:A@800 A.state=MASTER@1000-1001 B.state=MASTER@1010-1011 "
     "A.state=MASTER@1020-1021",
     "FAIL"},
    {"right after an ordered failover",
     "act:switchover:A@990 A.state=MASTER@1000-1001 B.state=MASTER@1010-1011 "
     "A.state=MASTER@1020-1021",
     "FAIL"},
    {"right after a hung one went on",
     "act:hang:A@900 act:resume:A@990 A.state=MASTER@1000-1001 B.state=MASTER@1010-1011 "
     "A.state=MASTER@1020-1021",
     "PASS"},
    {"a stall just before",
     "stall@950-960 A.state=MASTER@1000-1001 B.state=MASTER@1010-1011 "
     "A.state=MASTER@1020-1021",
     "INCONCLUSIVE bench"},
};

TEST(AtMostOne, CountsNodesThatHearEachOther) {
  const Plan plan = plan_of({}, {always(Invariant::Kind::AtMostOne, "any.state=MASTER")});
  for (const Row& row : of_masters) {
    check(plan, row, "A.state=MASTER@10 B.state=BACKUP@10 ", " close:complete");
  }
}

Verdict of_story(Invariant::Kind kind, const std::string& condition, const std::string& story) {
  const Plan plan = plan_of({}, {always(kind, condition)});
  return judge(plan, history_of(plan, story + " close:complete")).at(0);
}

TEST(AtMostOne, APassTellsTheLongestTimeBetweenAnswersOfOneNode) {
  const Verdict verdict = of_story(Invariant::Kind::AtMostOne, "any.state=MASTER",
                                   "A.state=MASTER@10 B.state=BACKUP@20 A.state=MASTER@50-51 "
                                   "B.state=BACKUP@90-91 A.state=MASTER@100");
  EXPECT_EQ(verdict.actual, "never seen to be otherwise; answers at most 71ms apart");
  EXPECT_EQ(verdict.error_bar, std::chrono::milliseconds(71));
}

TEST(AtMostOne, ATimeInWhichANodeWasAwayIsNoGapBetweenItsAnswers) {
  for (const std::string away :
       {"act:lose:A@30 act:power-on:A@900 ", "A.boots=2@940 ", "lost:A@30 "}) {
    const Verdict verdict =
        of_story(Invariant::Kind::AtMostOne, "any.state=MASTER",
                 "A.boots=1@1 A.state=MASTER@10 A.state=MASTER@25 " + away +
                     "A.state=BACKUP@950 A.state=BACKUP@960 B.state=BACKUP@961");
    EXPECT_EQ(verdict.actual, "never seen to be otherwise; answers at most 15ms apart") << away;
  }
}

TEST(AtMostOne, ATimeInWhichANodeBootsIsNoGapBetweenItsAnswers) {
  const Verdict verdict =
      of_story(Invariant::Kind::AtMostOne, "any.state=MASTER",
               "A.boots=1@1 A.state=MASTER@10 A.state=MASTER@25 A.boots=2@30 "
               "backplane>A.state=INIT@400 backplane>A.state=INIT@900 A.state=BACKUP@950 "
               "A.state=BACKUP@960 B.state=BACKUP@961");
  EXPECT_EQ(verdict.actual, "never seen to be otherwise; answers at most 15ms apart");
}

TEST(AtMostOne, NodesHearEachOtherFromTheirFirstAnswersOn) {
  const Plan plan = plan_of({}, {always(Invariant::Kind::AtMostOne, "any.state=MASTER")});
  check(plan,
        {"both come up as master", "A.state=MASTER@10 B.state=MASTER@20 A.state=MASTER@30", "PASS"},
        "", " close:complete");
  check(plan,
        {"and stay so",
         "A.state=MASTER@10 B.state=MASTER@20 A.state=MASTER@200 "
         "B.state=MASTER@210 A.state=MASTER@220 B.state=MASTER@230",
         "FAIL"},
        "", " close:complete");
}

constexpr Row of_restarts[] = {
    {"none", "B.boots=2@2000", "PASS"},
    {"one without an act", "B.boots=3@2000", "FAIL"},
    {"one after saving", "act:save:A@500 B.boots=3@2000", "FAIL"},
    {"one after configuring", "act:configure:A@500 B.boots=3@2000", "FAIL"},
    {"one before the act", "B.boots=3@400 act:reboot:B@500", "FAIL"},
    {"one after it was rebooted", "act:reboot:B@500 B.boots=3@2000", "PASS"},
    {"a second one after one reboot", "act:reboot:B@500 B.boots=3@1000 B.boots=4@2000", "FAIL"},
    {"two at once after one reboot", "act:reboot:B@500 B.boots=4@2000", "FAIL"},
    {"two after two reboots", "act:reboot:B@500 act:reboot:B@600 B.boots=4@2000", "PASS"},
    {"the backup's after the master was lost", "act:lose:A@500 B.boots=3@2000", "PASS"},
    {"the loser's after a split was mended",
     "act:cut:backplane@500 act:restore:backplane@600 B.boots=3@2000", "PASS"},
    {"both that one synchronize takes", "act:synchronize:A@500 B.boots=3@900 B.boots=4@2000",
     "PASS"},
    {"a third one after synchronize", "act:synchronize:A@500 B.boots=5@2000", "FAIL"},
    {"after a refused reboot", "act:reboot:B@500:refused B.boots=3@2000", "FAIL"},
    {"after a reboot that had no answer", "act:reboot:B@500:no-answer B.boots=3@2000", "PASS"},
    {"a stall over the restart", "stall@1500-1600 B.boots=3@2000", "INCONCLUSIVE bench"},
    {"a stall that made it restart", "stall@1800-1810 B.boots=2@1900 B.boots=3@2000",
     "INCONCLUSIVE bench"},
    {"a stall long before it", "stall@1780-1790 B.boots=2@1900 B.boots=3@2000", "FAIL"},
    {"a stall that made a process end", "stall@800-900 died:B@1000", "INCONCLUSIVE bench"},
    {"a stall long before a process ended", "stall@800-890 died:B@1000", "FAIL"},
    {"a process that ended by itself", "died:B@1000", "FAIL"},
    {"a process that ended after its node was lost", "act:lose:B@500 died:B@1000", "PASS"},
    {"a process that ended after the other was lost", "act:lose:A@500 died:B@1000", "FAIL"},
    {"a process that ended after a link was cut", "act:cut:backplane@500 died:B@1000", "FAIL"},
    {"a core without an act", "B.cores=1@2000", "FAIL"},
    {"a critical event without an act", "B.log.critical=5@2000", "FAIL"},
    {"several critical events after one act", "act:lose:A@500 B.log.critical=9@2000", "PASS"},
    {"a log that was emptied", "B.log.critical=0@2000", "PASS"},
    {"a log that was emptied and grew", "B.log.critical=0@1500 B.log.critical=1@2000", "FAIL"},
};

TEST(NotWithoutAct, ExplainsARestartByAnActOrNotAtAll) {
  const Plan plan = plan_of(
      {}, {always(Invariant::Kind::NotWithoutAct, "each.boots, each.cores, each.log.critical")});
  for (const Row& row : of_restarts) {
    check(plan, row,
          "A.boots=1@10 B.boots=2@10 A.cores=0@10 B.cores=0@10 A.log.critical=4@10 "
          "B.log.critical=4@10 [0 ",
          " close:complete");
  }
}

TEST(NotWithoutAct, ABootBeforeTheRolesAreBoundIsARestartAsWell) {
  const Plan plan = plan_of({}, {always(Invariant::Kind::NotWithoutAct, "each.boots")});
  History history =
      history_of(plan, "A.boots=0@1 B.boots=0@1 A.boots=1@5 B.boots=1@6 close:complete");
  std::rotate(history.entries.begin() + 1, history.entries.begin() + 3,
              history.entries.begin() + 7);  // the roles are bound after the boots
  EXPECT_EQ(in_short(judge(plan, history)[0]).substr(0, 4), "FAIL");
  check(
      plan,
      {"after the roles are bound it is a restart", "A.boots=0@1 B.boots=0@1 A.boots=1@5", "FAIL"},
      "", " close:complete");
}

TEST(NotWithoutAct, NodesThatWereNeverCountedProveNothing) {
  const Plan plan = plan_of({}, {always(Invariant::Kind::NotWithoutAct, "each.boots")});
  check(plan, {"B is silent", "A.boots=1@1", "INCONCLUSIVE not reached"}, "", " close:complete");
}

constexpr Row of_never[] = {
    {"never seen", "B.state=BACKUP@100", "PASS"},
    {"seen once", "B.state=BROKEN@100 B.state=BACKUP@200", "FAIL"},
    {"output that is unread is no state", "unread:B@100 B.state=BACKUP@110", "PASS"},
    {"the run was abandoned", "B.state=BACKUP@100 close:abandoned:why", "INCONCLUSIVE not reached"},
    {"the run was abandoned after it was seen", "B.state=BROKEN@100 close:abandoned:why", "FAIL"},
    {"the history was cut short", "B.state=BACKUP@100 cut", "INCONCLUSIVE not reached"},
};

TEST(Never, IsRefutedByOneAnswer) {
  const Plan plan = plan_of({}, {always(Invariant::Kind::Never, "any.state=BROKEN")});
  for (const Row& row : of_never) {
    const std::string story = row.story;
    const bool is_cut = story.ends_with(" cut");
    const bool has_end = is_cut || story.find("close") != std::string::npos;
    const std::string told = is_cut ? story.substr(0, story.size() - 4) : story;
    check(plan, {row.sentence, told.c_str(), row.verdict}, "A.state=MASTER@10 ",
          has_end ? "" : " close:complete");
  }
}

TEST(Never, APassTellsTheLongestTimeBetweenAnswersOfOneNode) {
  const Verdict verdict =
      of_story(Invariant::Kind::Never, "any.state=BROKEN",
               "A.state=MASTER@10 B.state=BACKUP@20 A.state=MASTER@40 B.state=BACKUP@80");
  EXPECT_EQ(verdict.actual, "never seen to be otherwise; answers at most 60ms apart");
}

TEST(Never, AConjunctionMustHoldAtOneInstant) {
  const Plan plan = plan_of({}, {always(Invariant::Kind::Never, "A.state=MASTER, B.sync=Off")});
  check(plan, {"never at once", "A.state=MASTER@10 B.sync=Off@20 A.state=BACKUP@30", "PASS"}, "",
        " close:complete");
  check(plan, {"at once", "A.state=MASTER@10 B.sync=Off@20 A.state=MASTER@30", "FAIL"}, "",
        " close:complete");
}

// ---------------------------------------------------------------- a set of verdicts

Verdict verdict_of(Level level, Verdict::Outcome outcome, const std::string& clause = "one") {
  Verdict verdict;
  verdict.clause.id = clause;
  verdict.clause.level = level;
  verdict.outcome = outcome;
  return verdict;
}

struct StatusRow {
  const char* sentence;
  std::vector<Verdict> verdicts;
  ExitRules rules;
  int status;
};

TEST(ExitStatus, FollowsTheWorstThatIsDemanded) {
  using enum Verdict::Outcome;
  using enum Level;
  const StatusRow rows[] = {
      {"all pass", {verdict_of(Must, Pass)}, {}, 0},
      {"nothing judged", {}, {}, 2},
      {"nothing but not run", {verdict_of(Must, NotRun)}, {}, 2},
      {"not run beside a pass", {verdict_of(Must, NotRun), verdict_of(Must, Pass)}, {}, 0},
      {"a MUST failed", {verdict_of(Must, Fail), verdict_of(Must, Inconclusive)}, {}, 1},
      {"a SHOULD failed", {verdict_of(Should, Fail)}, {}, 0},
      {"a SHOULD failed, strictly", {verdict_of(Should, Fail)}, {true, false}, 1},
      {"a MAY failed, strictly", {verdict_of(May, Fail)}, {true, false}, 0},
      {"a MUST inconclusive", {verdict_of(Must, Pass), verdict_of(Must, Inconclusive)}, {}, 2},
      {"a SHOULD inconclusive", {verdict_of(Must, Pass), verdict_of(Should, Inconclusive)}, {}, 2},
      {"an INFO inconclusive", {verdict_of(Must, Pass), verdict_of(Info, Inconclusive)}, {}, 0},
      {"a MUST not covered", {verdict_of(Must, Pass, "two")}, {false, true}, 2},
      {"a MUST covered", {verdict_of(Must, Pass, "one")}, {false, true}, 0},
      {"a MUST not covered where that is not asked", {verdict_of(Must, Pass, "two")}, {}, 0},
  };
  Clause one;
  one.id = "one";
  for (const StatusRow& row : rows) {
    SCOPED_TRACE(row.sentence);
    EXPECT_EQ(exit_status(row.verdicts, std::vector{one}, row.rules), row.status);
  }
}

TEST(Worst, IsFailThenInconclusiveThenNotRunThenPass) {
  using enum Verdict::Outcome;
  const auto of = [](std::vector<Verdict::Outcome> outcomes) {
    std::vector<Verdict> verdicts;
    for (const auto outcome : outcomes) verdicts.push_back(verdict_of(Level::Must, outcome));
    return worst(verdicts);
  };
  EXPECT_EQ(of({Pass, Inconclusive, Fail, NotRun}), Fail);
  EXPECT_EQ(of({Pass, Inconclusive, NotRun}), Inconclusive);
  EXPECT_EQ(of({Pass, NotRun}), NotRun);
  EXPECT_EQ(of({Pass}), Pass);
}

// ---------------------------------------------------------------- blocked cases

struct Judged {
  Plan plan;
  RunSummary summary;
  std::vector<Verdict> verdicts;
};

Judged judged(Plan plan, const std::string& name, const std::string& story) {
  plan.case_name = plan.id = name;
  const History history = history_of(plan, story);
  return {plan, summary_of(history), judge(plan, history)};
}

TEST(Blocking, ACaseThatOnlyAwaitsWhatAFailedOneDemandsIsBlockedByIt) {
  Judged failed = judged(plan_of({now("backup.state=MASTER")}), "takes-over",
                         "[0 B.state=BACKUP@10 ]0:held close:complete");
  Judged waits = judged(plan_of({awaiting("backup.state=MASTER", 50), now("backup.sync=x")}),
                        "keeps-config", "[0 B.state=BACKUP@99 ]0:no close:abandoned:never-came");
  Judged other = judged(plan_of({awaiting("backup.state=STANDBY", 50), now("backup.sync=x")}),
                        "another", "[0 B.state=BACKUP@99 ]0:no close:abandoned:never-came");
  std::vector<Outcome> outcomes;
  for (Judged* one : {&failed, &waits, &other}) {
    outcomes.push_back({&one->plan, &one->summary, &one->verdicts});
  }
  EXPECT_EQ(block_dependents(outcomes), std::vector<std::size_t>{1});
  EXPECT_EQ(waits.verdicts[0].cause, "blocked by takes-over");
  EXPECT_EQ(other.verdicts[0].cause, "not reached: never-came");
}

TEST(Blocking, OnlyWhatSaysSomethingOfTheTestbedStopsIt) {
  const Plan plan = plan_of({now("backup.state=X")});
  RunSummary summary;
  EXPECT_FALSE(could_not_be_carried_out(plan, summary, {}, true));
  summary.end = RunSummary::End::Abandoned;
  EXPECT_TRUE(could_not_be_carried_out(plan, summary, {}, true));
  summary.step = 0;
  EXPECT_FALSE(could_not_be_carried_out(plan, summary, {}, true));
  summary.end = RunSummary::End::BenchBroken;
  EXPECT_TRUE(could_not_be_carried_out(plan, summary, {}, true));
}

}  // namespace
}  // namespace understudy::testing

// Sentences about `for` and `now`, and about what keeps a step from being judged.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "judge_story.h"

namespace understudy::testing {
namespace {

struct Row {
  const char* sentence;
  const char* story;
  const char* verdict;
};

Verdict last_of(const Plan& plan, const std::string& story) {
  const auto verdicts = judge(plan, history_of(plan, story));
  return verdicts.empty() ? Verdict{} : verdicts.back();
}

void check(const Plan& plan, const Row& row, const std::string& begin, const std::string& end) {
  SCOPED_TRACE(row.sentence);
  const Verdict verdict = last_of(plan, begin + row.story + end);
  EXPECT_EQ(in_short(verdict), row.verdict) << verdict.cause << verdict.actual;
}

// The effect lies in [1000, 1010]; B stays BACKUP for 100: certainly over [1010, 1100].
constexpr Row of_one[] = {
    {"so at every answer",
     "B.state=BACKUP@1012-1013 B.state=BACKUP@1040-1041 B.state=BACKUP@1070-1071 "
     "B.state=BACKUP@1110-1111",
     "PASS"},
    {"otherwise inside the span", "B.state=BACKUP@1012-1013 B.state=MASTER@1050-1051", "FAIL"},
    {"otherwise for one answer only",
     "B.state=BACKUP@1012-1013 B.state=MASTER@1050-1051 B.state=BACKUP@1080-1081", "FAIL"},
    {"otherwise at the earliest instant that counts",
     "B.state=MASTER@1010-1011 B.state=BACKUP@1050-1051", "FAIL"},
    {"otherwise at the last instant that counts",
     "B.state=BACKUP@1012-1051 B.state=MASTER@1099-1100", "FAIL"},
    {"an answer that straddles the beginning proves nothing",
     "B.state=MASTER@1009-1012 B.state=BACKUP@1013-1014 B.state=BACKUP@1050-1051 "
     "B.state=BACKUP@1095-1096",
     "PASS"},
    {"an answer that straddles the end proves nothing",
     "B.state=BACKUP@1012-1013 B.state=BACKUP@1050-1051 B.state=MASTER@1099-1101", "PASS"},
    {"an answer after the span proves nothing",
     "B.state=BACKUP@1012-1013 B.state=BACKUP@1050-1051 B.state=MASTER@1101-1102", "PASS"},
    {"no answer", "", "INCONCLUSIVE not reached"},
    {"no answer that could be read", "unread:B@1050", "INCONCLUSIVE unread"},
    {"more than half of the span unseen", "B.state=BACKUP@1012-1013 B.state=BACKUP@1090-1091",
     "INCONCLUSIVE too slow"},
    {"a stall takes a failure away", "stall@1040-1049 B.state=MASTER@1050-1051",
     "INCONCLUSIVE bench"},
};

TEST(For, IsRefutedByOneAnswerInsideTheSpan) {
  const Plan plan = plan_of({doing("save", "master"), lasting("backup.state=BACKUP", 100)});
  for (const Row& row : of_one) {
    check(plan, row, "[0 act:save:A@1000-1010 ]0:held [1 ", " ]1:held close:complete");
  }
}

TEST(For, OfACountSaysThatNothingWasMissed) {
  const Plan plan = plan_of({doing("save", "master"), lasting("backup.boots=0", 100)});
  const Verdict verdict = last_of(plan,
                                  "B.boots=1@900-901 [0 act:save:A@1000 ]0:held [1 "
                                  "B.boots=1@1010-1012 B.boots=1@1105-1106 ]1:held close:complete");
  EXPECT_EQ(verdict.outcome, Verdict::Outcome::Pass);
  EXPECT_EQ(verdict.actual, "so all the time, counted without a break");
}

TEST(For, OfWhatAListenerCountsSaysThatItWasListenedTo) {
  const Plan plan = plan_of({doing("save", "master"), lasting("traps>B.traps=0", 100)});
  const Verdict verdict =
      last_of(plan,
              "traps>B.traps=0@900 [0 act:save:A@1000 ]0:held [1 "
              "traps>B.traps=0@1010 traps>B.traps=0@1105 ]1:held close:complete");
  EXPECT_EQ(verdict.outcome, Verdict::Outcome::Pass) << verdict.cause;
  EXPECT_EQ(verdict.actual, "so all the time, listened to without a break");
}

TEST(For, StatesTheLargestGapBetweenAnswers) {
  const Plan plan = plan_of({doing("save", "master"), lasting("backup.state=BACKUP", 100)});
  const Verdict verdict =
      last_of(plan,
              "[0 act:save:A@1000 ]0:held [1 B.state=BACKUP@1010-1012 B.state=BACKUP@1050-1052 "
              "B.state=BACKUP@1095-1096 ]1:held close:complete");
  EXPECT_EQ(verdict.outcome, Verdict::Outcome::Pass);
  EXPECT_EQ(*verdict.error_bar, std::chrono::milliseconds(46));
}

TEST(For, CannotTellAfterAnActThatTookLongerThanTheSpan) {
  const Plan plan = plan_of({doing("save", "master"), lasting("backup.state=BACKUP", 100)});
  const Verdict verdict =
      last_of(plan,
              "[0 act:save:A@1000-1142 ]0:held [1 B.state=BACKUP@1143-1144 "
              "B.state=BACKUP@1200-1201 B.state=BACKUP@1242-1243 ]1:held close:complete");
  EXPECT_EQ(verdict.outcome, Verdict::Outcome::Inconclusive);
  EXPECT_EQ(verdict.cause,
            "too slow: the act before it took 142ms, longer than the 100ms to be held");
}

TEST(For, SaysWhichAnswersWereLateWhereNoneCame) {
  const Plan plan = plan_of({lasting("B.state=BACKUP", 100)});
  const Verdict verdict = last_of(plan, "[0 late:B@10-40 late:B@50-80 ]0:held close:complete");
  EXPECT_EQ(verdict.outcome, Verdict::Outcome::Inconclusive);
  EXPECT_EQ(verdict.cause, "not reached: B: the words of the incident (2 times)");
}

constexpr Row of_boots[] = {
    {"a count that is still 0 at the end is known for the whole span",
     "A.boots=1@1105 B.boots=2@1105", "PASS"},
    {"a count that grew", "A.boots=1@1050 B.boots=3@1060", "FAIL"},
    {"a count seen only at the beginning", "A.boots=1@1020 B.boots=2@1020",
     "INCONCLUSIVE too slow"},
};

TEST(For, ACountThatOnlyGrowsIsKnownBeforeEachAnswer) {
  const Plan plan = plan_of({doing("reboot", "chassis"), lasting("each.boots=0", 100)});
  for (const Row& row : of_boots) {
    check(plan, row, "A.boots=1@10 B.boots=2@10 [0 act:reboot:chassis@1000-1010 ]0:held [1 ",
          " ]1:held close:complete");
  }
}

constexpr Row of_any[] = {
    {"one of them at each time",
     "A.state=MASTER@1012-1013 B.state=BACKUP@1030-1031 A.state=MASTER@1050-1051 "
     "B.state=BACKUP@1070-1071 A.state=MASTER@1090-1091",
     "PASS"},
    {"it may have passed from one to the other between two answers",
     "A.state=MASTER@1012-1013 B.state=BACKUP@1040-1041 A.state=BACKUP@1050-1051 "
     "B.state=MASTER@1060-1061 B.state=MASTER@1095-1096",
     "PASS"},
    {"nobody was, as one lies between two equal answers of the other",
     "A.state=BACKUP@1012-1013 B.state=BACKUP@1040-1041 A.state=BACKUP@1050-1051", "FAIL"},
};

TEST(For, AnyIsRefutedOnlyWhereNobodyCanHaveBeenIt) {
  const Plan plan = plan_of({doing("save", "master"), lasting("any.state=MASTER", 100)});
  for (const Row& row : of_any) {
    check(plan, row, "[0 act:save:A@1000-1010 ]0:held [1 ", " ]1:held close:complete");
  }
}

constexpr Row of_now[] = {
    {"it is so", "A.config.active=x@2010-2011", "PASS"},
    {"it is otherwise", "A.config.active=y@2010-2011", "FAIL"},
    {"the first fresh answer counts", "A.config.active=y@2010-2011 A.config.active=x@2020-2021",
     "FAIL"},
    {"an answer asked before the step does not count", "A.config.active=x@1990-2011",
     "INCONCLUSIVE not reached"},
    {"no answer", "", "INCONCLUSIVE not reached"},
    {"no answer that could be read", "unread:A@2010", "INCONCLUSIVE unread"},
    {"a stall does not make a wrong answer a right one",
     "stall@2001-2005 A.config.active=y@2010-2011", "FAIL"},
    {"unread output of another attribute is remarked on",
     "unread:A@2010 A.config.active=x@2010-2011", "PASS"},
};

TEST(Now, IsTheFirstAnswerAskedSinceTheStepBegan) {
  const Plan plan = plan_of({doing("save", "master"), now("master.config.active=x")});
  for (const Row& row : of_now) {
    check(plan, row, "[0 act:save:A@1000-1010 B.state=X@2000 ]0:held [1 ",
          " A.mode=shell@2030 ]1:held close:complete");
  }
}

constexpr Row of_questions[] = {
    {"the question came during the act", "A.asked=save-changes@1000-1005 ]0:held [1 ", "PASS"},
    {"none came", "A.asked=nothing@1000-1005 ]0:held [1 ", "FAIL"},
    {"the last word counts", "A.asked=nothing@1000-1001 A.asked=save-changes@1002-1005 ]0:held [1 ",
     "PASS"},
    {"one told in the step itself counts as well", "]0:held [1 A.asked=save-changes@1020 ", "PASS"},
};

TEST(Now, QuestionsAreToldOfTheLatestAct) {
  const Plan plan = plan_of({doing("reboot", "chassis"), now("master.asked=save-changes")});
  for (const Row& row : of_questions) {
    check(plan, row, "[0 act:reboot:chassis@1000-1010 ", " ]1:held close:complete");
  }
}

constexpr Row of_remembered[] = {
    {"the value that was remembered", "claimed:=x ]0:held [1 A.config.active=x@2010-2011", "PASS"},
    {"another one", "claimed:=x ]0:held [1 A.config.active=y@2010-2011", "FAIL"},
    {"it had no answer", "forgot:claimed ]0:held [1 A.config.active=x@2010-2011",
     "INCONCLUSIVE not reached"},
    {"it was never remembered", "]0:held [1 A.config.active=$claimed@2010-2011",
     "INCONCLUSIVE not reached"},
    {"the latest before the step counts",
     "claimed:=y claimed:=x ]0:held [1 A.config.active=x@2010-2011", "PASS"},
};

TEST(Now, RememberedValuesAreThoseBeforeTheStep) {
  const Plan plan = plan_of(
      {remembering("claimed", "master.config.active"), now("master.config.active=$claimed")});
  for (const Row& row : of_remembered) {
    check(plan, row, "B.state=X@2000 [0 ", " ]1:held close:complete");
  }
}

TEST(Now, LongTextsAreToldByTheirDifference) {
  const Plan plan = plan_of(
      {remembering("claimed", "master.config.active"), now("master.config.active=$claimed")});
  History history = history_of(plan,
                               "[0 claimed:=x ]0:held [1 A.config.active=y@10 ]1:held "
                               "close:complete");
  for (Entry& entry : history.entries) {
    if (entry.kind == Entry::Kind::Remembered) entry.value = "one\ntwo\nthree";
    if (entry.kind == Entry::Kind::Observed) entry.observation.value = "one\nthree\nfour";
  }
  const auto verdicts = judge(plan, history);
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].expected, "master (A).config.active = $claimed (3 lines)");
  EXPECT_EQ(verdicts[0].actual, "lacks `two`; has besides `four`");
}

// B is asked at once after the act of step 0; how the act and the run ended is what differs.
constexpr Row of_obstacles[] = {
    {"nothing in the way", "act:lose:A@1000 ]0:held [1 B.state=X@1010 ]1:held close:complete",
     "PASS"},
    {"an act that the switch does not know",
     "act:reboot:A@1000:unsupported ]0:held close:abandoned:no", "NOT RUN reboot"},
    {"an act that the bench could not do", "act:lose:A@1000:broken ]0:held close:abandoned:no",
     "INCONCLUSIVE bench"},
    {"a fault that was never seen to take effect",
     "act:lose:A@1000:no-effect ]0:held [1 B.state=Y@1010 ]1:held close:complete",
     "INCONCLUSIVE bench"},
    {"a refused act is an observation, and the demand stands",
     "act:reboot:A@1000:refused ]0:held [1 B.state=Y@1010 ]1:held close:complete", "FAIL"},
    {"an act without an answer may or may not have happened",
     "act:reboot:A@1000:no-answer ]0:held [1 B.state=Y@1010 ]1:held close:complete",
     "INCONCLUSIVE not reached"},
    {"cancelled before the step", "act:lose:A@1000 ]0:held close:cancelled",
     "INCONCLUSIVE not reached"},
    {"cancelled in the step",
     "act:lose:A@1000 ]0:held [1 B.state=X@1010 ]1:cancelled close:cancelled",
     "INCONCLUSIVE not reached"},
    {"a failure before the cancel stands",
     "act:lose:A@1000 ]0:held [1 B.state=Y@1010 ]1:cancelled close:cancelled", "FAIL"},
    {"cut short in the step", "act:lose:A@1000 ]0:held [1 B.state=X@1010",
     "INCONCLUSIVE not reached"},
    {"cut short after the step", "act:lose:A@1000 ]0:held [1 B.state=X@1010 ]1:held",
     "INCONCLUSIVE not reached"},
    {"a failure that was seen before it was cut short",
     "act:lose:A@1000 ]0:held [1 B.state=Y@1010 ]1:held", "FAIL"},
    {"abandoned before the step", "act:lose:A@1000 ]0:held close:abandoned:no-await",
     "INCONCLUSIVE not reached"},
};

TEST(Obstacles, NeverMakeAPassOrAFailureOfWhatWasNotReached) {
  const Plan plan = plan_of({doing("lose", "master"), now("backup.state=X")});
  for (const Row& row : of_obstacles) check(plan, row, "[0 ", "");
}

TEST(Now, EachDoesNotAskANodeThatTheCaseTookAway) {
  const Plan plan = plan_of({doing("lose", "master"), now("each.state=X")});
  check(plan, {"the other alone", "B.state=X@1020", "PASS"}, "[0 act:lose:A@1000 ]0:held [1 ",
        " ]1:held close:complete");
}

TEST(Obstacles, ADamagedHistoryNeverPasses) {
  const Plan plan = plan_of({now("backup.state=X")});
  History history = history_of(plan, "[0 B.state=X@10 ]0:held close:complete");
  history.is_whole = false;
  history.damage = "history.jsonl has 7 lines, 8 were written: 1 missing";
  const auto verdicts = judge(plan, history);
  EXPECT_EQ(verdicts[0].outcome, Verdict::Outcome::Inconclusive);
  EXPECT_EQ(verdicts[0].cause, "not reached: the history is not whole: " + history.damage);
}

TEST(Obstacles, AnEmptyHistoryGivesOneInconclusiveVerdictForEachDemand) {
  const Plan plan = plan_of({now("backup.state=X"), now("backup.state=X")});
  const auto verdicts = judge(plan, History{});
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_EQ(worst(verdicts), Verdict::Outcome::Inconclusive);
}

TEST(Obstacles, APlanThatTheTestbedCannotRunIsNotRunWithTheWord) {
  Plan plan = plan_of({now("backup.state=X")});
  plan.not_run = "switchover";
  const auto verdicts = judge(plan, History{});
  EXPECT_EQ(in_short(verdicts[0]), "NOT RUN switchover");
}

TEST(Obstacles, WhatDidNotComeInTimeNamesTheStallsOfItsWaitAlone) {
  const Plan plan = plan_of({awaiting("backup.state=X", 100), now("backup.state=X")});
  const std::string end = "]0:not-held close:abandoned:late";
  EXPECT_EQ(last_of(plan, "[0 B.state=Y@10 stall@20-90 B.state=Y@100 " + end).cause,
            "not reached: late; stall from 20ms to 90ms: the words of the incident");
  EXPECT_EQ(last_of(plan, "stall@2-5 B.state=Y@10 [0 B.state=Y@100 " + end).cause,
            "not reached: late");
  EXPECT_EQ(last_of(plan, "[0 B.state=X@10 stall@20-90 ]0:held close:abandoned:late").cause,
            "not reached: late");
}

TEST(Obstacles, AStallTakesAFailureAwayBehindAnActThatHasToBeInTime) {
  const auto story_with = [](const char* stall) {
    return fmt::format(
        "[0 act:power-on:A@10-20 ]0:held [1 stall@{} act:break:B@30-40 ]1:held "
        "[2 B.state=Y@100 ]2:held close:complete",
        stall);
  };
  const auto plan_with = [](Step::Span span) {
    PlannedStep act = doing("break", "backup");
    act.step.span = span;
    act.bound = std::chrono::milliseconds(500);
    return plan_of({doing("power-on", "master"), act, now("backup.state=X")});
  };
  EXPECT_EQ(in_short(last_of(plan_with(Step::Span::Within), story_with("5-25"))),
            "INCONCLUSIVE bench");
  EXPECT_EQ(in_short(last_of(plan_with(Step::Span::Within), story_with("5-9"))), "FAIL");
  EXPECT_EQ(in_short(last_of(plan_with(Step::Span::Now), story_with("5-25"))), "FAIL");
}

TEST(Obstacles, AStallBesideAPassIsRemarkedOn) {
  const Plan plan = plan_of({now("backup.state=X")});
  const Verdict verdict = last_of(plan, "[0 stall@5-9 B.state=X@10 ]0:held close:complete");
  EXPECT_EQ(verdict.outcome, Verdict::Outcome::Pass);
  ASSERT_EQ(verdict.remarks.size(), 1u);
  EXPECT_EQ(verdict.remarks[0], "bench: stall from 5ms to 9ms: the words of the incident");
}

}  // namespace
}  // namespace understudy::testing

// Sentences about `within`: what the judge makes of answers round a bound.
#include <gtest/gtest.h>

#include "judge_story.h"

namespace understudy::testing {
namespace {

struct Row {
  const char* sentence;
  const char* story;
  const char* verdict;
};

void check(const Plan& plan, const Row& row, const std::string& frame_begin,
           const std::string& frame_end) {
  SCOPED_TRACE(row.sentence);
  const auto verdicts = judge(plan, history_of(plan, frame_begin + row.story + frame_end));
  ASSERT_FALSE(verdicts.empty());
  EXPECT_EQ(in_short(verdicts.back()), row.verdict) << verdicts.back().cause;
}

// lose A: the effect lies in [1000, 1010]; B is MASTER within 100 of it.
constexpr Row after_an_act[] = {
    {"it came well inside the bound", "B.state=BACKUP@1040-1042 B.state=MASTER@1050-1052", "PASS"},
    {"the first answer says it", "B.state=MASTER@1050-1052", "PASS"},
    {"heard exactly at the bound, counted from the earliest effect", "B.state=MASTER@1098-1100",
     "PASS"},
    {"heard just beyond the bound and false just before: inside the error bar",
     "B.state=BACKUP@1090-1091 B.state=MASTER@1099-1101", "INCONCLUSIVE too slow"},
    {"between the bound from the earliest and from the latest effect",
     "B.state=BACKUP@1101-1102 B.state=MASTER@1104-1106", "INCONCLUSIVE too slow"},
    {"false at the latest end of the bound, true later",
     "B.state=BACKUP@1110-1111 B.state=MASTER@1120-1121", "FAIL"},
    {"false a moment before the latest end of the bound, true later",
     "B.state=BACKUP@1109-1111 B.state=MASTER@1120-1121", "INCONCLUSIVE too slow"},
    {"far too late", "B.state=BACKUP@1300-1301 B.state=MASTER@1310-1311", "FAIL"},
    {"never seen, asked beyond the bound", "B.state=BACKUP@1050-1051 B.state=BACKUP@1150-1151",
     "FAIL"},
    {"never seen, the last answer before the bound",
     "B.state=BACKUP@1050-1051 B.state=BACKUP@1105-1111", "INCONCLUSIVE not reached"},
    {"no answer at all", "", "INCONCLUSIVE not reached"},
    {"no answer, and output that could not be read", "unread:B@1050-1060", "INCONCLUSIVE unread"},
    {"no answer, and a console that was lost", "lost:B@1050-1060", "INCONCLUSIVE not reached"},
    {"an answer that came, and a late one", "late:B@1030-1060 B.state=MASTER@1090-1091", "PASS"},
    {"output that could not be read, between two answers that differ",
     "B.state=BACKUP@1020-1021 unread:B@1030-1060 B.state=DOWN@1150-1151", "INCONCLUSIVE unread"},
    {"output that could not be read, before the first answer",
     "unread:B@1030-1060 B.state=DOWN@1150-1151", "INCONCLUSIVE unread"},
    {"output that could not be read, between two answers that are alike",
     "B.state=BACKUP@1020-1021 unread:B@1030-1060 B.state=BACKUP@1150-1151", "FAIL"},
    {"output of another node that could not be read, between two answers that differ",
     "B.state=BACKUP@1020-1021 unread:A@1030-1060 B.state=DOWN@1150-1151", "FAIL"},
    {"unread output of another node is no excuse", "unread:A@1050-1060",
     "INCONCLUSIVE not reached"},
    {"seen for a moment inside the bound, gone at its end",
     "B.state=MASTER@1050-1051 B.state=BACKUP@1120-1121", "PASS"},
    {"a first answer beyond the bound proves nothing", "B.state=MASTER@1150-1151",
     "INCONCLUSIVE too slow"},
    {"an answer that straddles the bound", "B.state=BACKUP@1050-1051 B.state=MASTER@1095-1150",
     "INCONCLUSIVE too slow"},
    {"an answer asked before the act does not count", "B.state=MASTER@990-1020",
     "INCONCLUSIVE not reached"},
    {"an answer asked as the act was ordered counts", "B.state=MASTER@1000-1020", "PASS"},
    {"another value than the old one is not enough",
     "B.state=INIT@1050-1051 B.state=INIT@1150-1151", "FAIL"},
    {"what A says of B is not B's own answer", "A>B.state=MASTER@1050-1051",
     "INCONCLUSIVE not reached"},
    {"what a link saw of B is not B's own answer", "backplane>B.state=MASTER@1050-1051",
     "INCONCLUSIVE not reached"},
    {"a stall over the wait takes a failure away", "stall@1050-1060 B.state=BACKUP@1300-1301",
     "INCONCLUSIVE bench"},
    {"a stall over the wait explains a bound inside the error bar",
     "B.state=BACKUP@1050-1051 stall@1060-1090 B.state=MASTER@1150-1151", "INCONCLUSIVE bench"},
    {"a stall before the act changes nothing", "stall@100-200 B.state=BACKUP@1300-1301", "FAIL"},
    {"a stall beside a pass changes nothing", "stall@1020-1030 B.state=MASTER@1050-1051", "PASS"},
    {"a broken bench", "broken@1050 B.state=BACKUP@1300-1301", "INCONCLUSIVE bench"},
};

TEST(Within, CountsFromTheActThatStandsBeforeIt) {
  const Plan plan = plan_of({doing("lose", "master"), within("backup.state=MASTER", 100)});
  for (const Row& row : after_an_act) {
    check(plan, row, "B.state=BACKUP@900-901 [0 act:lose:A@1000-1010 ]0:held [1 ",
          " ]1:held close:complete");
  }
}

// No act directly before: the bound counts from the moment the step began, at 2000.
constexpr Row after_an_await[] = {
    {"inside the bound", "B.state=BACKUP@2010-2011 B.state=MASTER@2090-2095", "PASS"},
    {"exactly at the bound", "B.state=MASTER@2099-2100", "PASS"},
    {"false at the bound", "B.state=BACKUP@2100-2101 B.state=MASTER@2110-2111", "FAIL"},
    {"round the bound", "B.state=BACKUP@2099-2101 B.state=MASTER@2110-2111",
     "INCONCLUSIVE too slow"},
};

TEST(Within, CountsFromItsOwnBeginningAfterAnAwait) {
  const Plan plan = plan_of({doing("lose", "master"), awaiting("backup.state=INIT", 500),
                             within("backup.state=MASTER", 100)});
  for (const Row& row : after_an_await) {
    check(plan, row, "[0 act:lose:A@1000-1010 ]0:held [1 B.state=INIT@1999-2000 ]1:held [2 ",
          " ]2:held close:complete");
  }
}

constexpr Row of_any[] = {
    {"one of two is enough", "A.state=BACKUP@1020-1021 B.state=MASTER@1050-1051", "PASS"},
    {"both answer otherwise beyond the bound", "A.state=BACKUP@1120-1121 B.state=BACKUP@1130-1131",
     "FAIL"},
    {"the silent one may have been it", "B.state=BACKUP@1120-1121", "INCONCLUSIVE not reached"},
    {"one answers beyond the bound, the other was asked too early",
     "A.state=BACKUP@1050-1051 B.state=BACKUP@1130-1131", "INCONCLUSIVE not reached"},
    {"it came too late on one, while the other was silent",
     "B.state=BACKUP@1120-1121 B.state=MASTER@1130-1131", "INCONCLUSIVE too slow"},
    {"it came too late on one, the other seen to be otherwise too",
     "A.state=BACKUP@1120-1121 B.state=BACKUP@1120-1121 B.state=MASTER@1130-1131", "FAIL"},
};

TEST(Within, AnyNeedsOneNodeAndIsRefutedByAll) {
  const Plan plan = plan_of({doing("reboot", "chassis"), within("any.state=MASTER", 100)});
  for (const Row& row : of_any) {
    check(plan, row, "[0 act:reboot:chassis@1000-1010 ]0:held [1 ", " ]1:held close:complete");
  }
}

TEST(Within, AnyDoesNotAskANodeThatTheCaseTookAway) {
  const Plan plan = plan_of({doing("lose", "master"), within("any.state=MASTER", 100)});
  check(plan, {"the lost node is not waited for", "B.state=BACKUP@1130-1131", "FAIL"},
        "[0 act:lose:A@1000-1010 ]0:held [1 ", " ]1:held close:complete");
}

constexpr Row of_each[] = {
    {"both in time", "A.state=X@1020-1021 B.state=X@1050-1051", "PASS"},
    {"one is late", "A.state=X@1020-1021 B.state=Y@1120-1121", "FAIL"},
    {"one is silent", "A.state=X@1020-1021", "INCONCLUSIVE not reached"},
    {"one is silent and the other fails alone", "A.state=Y@1120-1121", "FAIL"},
};

TEST(Within, EachNeedsAllNodesAndIsRefutedByOne) {
  const Plan plan = plan_of({doing("reboot", "chassis"), within("each.state=X", 100)});
  for (const Row& row : of_each) {
    check(plan, row, "[0 act:reboot:chassis@1000-1010 ]0:held [1 ", " ]1:held close:complete");
  }
}

constexpr Row of_no[] = {
    {"nobody is any more", "A.state=Y@1020-1021 B.state=Y@1050-1051", "PASS"},
    {"one still is", "A.state=Y@1020-1021 B.state=X@1120-1121", "FAIL"},
    {"one does not say", "A.state=Y@1020-1021", "INCONCLUSIVE not reached"},
};

TEST(Within, NoIsRefutedByOneNodeThatStillIs) {
  const Plan plan = plan_of({doing("reboot", "chassis"), within("no.state=X", 100)});
  for (const Row& row : of_no) {
    check(plan, row, "[0 act:reboot:chassis@1000-1010 ]0:held [1 ", " ]1:held close:complete");
  }
}

constexpr Row of_two_terms[] = {
    {"both at once", "B.state=MASTER@1020-1021 B.sync=InSync@1050-1051", "PASS"},
    {"one after the other was gone again",
     "B.state=MASTER@1020-1021 B.state=INIT@1040-1041 B.sync=InSync@1050-1051 "
     "B.state=INIT@1120-1121 B.sync=InSync@1121-1122",
     "FAIL"},
    {"one never came", "B.state=MASTER@1020-1021 B.sync=Off@1120-1121", "FAIL"},
    {"one was never answered", "B.state=MASTER@1020-1021 B.state=MASTER@1120-1121",
     "INCONCLUSIVE not reached"},
};

TEST(Within, AllTermsHoldAtOnce) {
  const Plan plan =
      plan_of({doing("lose", "master"), within("backup.state=MASTER, backup.sync=InSync", 100)});
  for (const Row& row : of_two_terms) {
    check(plan, row, "[0 act:lose:A@1000-1010 ]0:held [1 ", " ]1:held close:complete");
  }
}

// What came to a listener is counted as boots are, by the listener's own totals.
constexpr Row of_traps[] = {
    {"one more than at the act", "traps>B.traps.failover=3@1050", "PASS"},
    {"as many as at the act", "traps>B.traps.failover=2@1150", "FAIL"},
    {"two more than at the act", "traps>B.traps.failover=4@1150", "FAIL"},
    {"the node's own word counts for nothing", "B.traps.failover=3@1050",
     "INCONCLUSIVE not reached"},
};

TEST(Within, WhatAListenerCountsCountsFromTheAct) {
  const Plan plan =
      plan_of({doing("reboot", "backup"), within("traps>backup.traps.failover=1", 100)});
  for (const Row& row : of_traps) {
    check(plan, row,
          "traps>B.traps.failover=1@10 traps>B.traps.failover=2@900 [0 act:reboot:B@1000-1010 "
          "]0:held [1 ",
          " ]1:held close:complete");
  }
}

constexpr Row of_boots[] = {
    {"one more than at the act", "B.boots=3@1050", "PASS"},
    {"as many as at the act", "B.boots=2@1150", "FAIL"},
    {"two more than at the act", "B.boots=4@1150", "FAIL"},
};

TEST(Within, BootsAreCountedFromTheAct) {
  const Plan plan = plan_of({doing("reboot", "backup"), within("backup.boots=1", 100)});
  for (const Row& row : of_boots) {
    check(plan, row, "B.boots=1@10 B.boots=2@900 [0 act:reboot:B@1000-1010 ]0:held [1 ",
          " ]1:held close:complete");
  }
  check(plan, {"no count before the act", "B.boots=3@1050", "INCONCLUSIVE not reached"},
        "[0 act:reboot:B@1000-1010 ]0:held [1 ", " ]1:held close:complete");
}

TEST(Within, WhatANodeSeesOfAnotherIsAskedOfTheObserver) {
  const Plan plan = plan_of({doing("lose", "backup"), within("master>backup.sync!=InSync", 100)});
  const std::string begin = "[0 act:lose:B@1000-1010 ]0:held [1 ";
  const std::string end = " ]1:held close:complete";
  check(plan, {"A stops saying so", "A>B.sync=Off@1050-1051", "PASS"}, begin, end);
  check(plan, {"A goes on saying so", "A>B.sync=InSync@1120-1121", "FAIL"}, begin, end);
  check(plan, {"B's own word does not count", "B.sync=Off@1050-1051", "INCONCLUSIVE not reached"},
        begin, end);
}

// After [1000, 1010] B is DOWN within 100, for 40 at least.
constexpr Row of_what_comes_and_goes[] = {
    {"seen", "B.state=BACKUP@1020-1021 B.state=DOWN@1060-1061 B.state=BACKUP@1150-1151", "PASS"},
    {"not seen, by answers close enough",
     "B.state=BACKUP@1020-1021 B.state=BACKUP@1050-1051 B.state=BACKUP@1080-1081 "
     "B.state=BACKUP@1110-1111",
     "FAIL"},
    {"it may have come and gone between two answers",
     "B.state=BACKUP@1020-1021 B.state=BACKUP@1070-1071 B.state=BACKUP@1110-1111",
     "INCONCLUSIVE too slow"},
    {"it may have come and gone before the first answer",
     "B.state=BACKUP@1060-1061 B.state=BACKUP@1080-1081 B.state=BACKUP@1110-1111",
     "INCONCLUSIVE too slow"},
};

TEST(Within, WhatComesAndGoesIsNotRefutedByAnswersFurtherApartThanItLasts) {
  PlannedStep step = within("backup.state=DOWN", 100);
  step.lasts = std::chrono::milliseconds(40);
  const Plan plan = plan_of({doing("reboot", "backup"), step});
  for (const Row& row : of_what_comes_and_goes) {
    check(plan, row, "[0 act:reboot:B@1000-1010 ]0:held [1 ", " ]1:held close:complete");
  }
}

TEST(Within, WhatNobodySaysTheLengthOfIsNeverRefuted) {
  PlannedStep step = within("backup.state=DOWN", 100);
  step.lasts = Duration{};
  const auto verdicts =
      judge(plan_of({doing("reboot", "backup"), step}),
            history_of(plan_of({doing("reboot", "backup"), step}),
                       "[0 act:reboot:B@1000 ]0:held [1 B.state=BACKUP@1050 B.state=BACKUP@1101 "
                       "]1:held close:complete"));
  EXPECT_EQ(in_short(verdicts.at(0)), "INCONCLUSIVE too slow");
}

TEST(Within, MeasuresHowLongItTookWithTheTruthInsideTheErrorBar) {
  const Plan plan = plan_of({doing("lose", "master"), within("backup.state=MASTER", 100)});
  const auto verdicts =
      judge(plan, history_of(plan,
                             "[0 act:lose:A@1000-1010 ]0:held [1 B.state=BACKUP@1040-1042 "
                             "B.state=MASTER@1060-1064 ]1:held close:complete"));
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(*verdicts[0].measured - *verdicts[0].error_bar, std::chrono::milliseconds(30));
  EXPECT_EQ(*verdicts[0].measured + *verdicts[0].error_bar, std::chrono::milliseconds(64));
  EXPECT_EQ(verdicts[0].actual, "MASTER after 47ms (+-17ms)");
}

TEST(Within, SaysWhatWasExpectedAndWhatCameInstead) {
  const Plan plan = plan_of({doing("lose", "master"), within("backup.state=MASTER", 30'000)});
  const auto verdicts = judge(plan, history_of(plan,
                                               "[0 act:lose:A@1000 ]0:held [1 B.state=BACKUP@42300 "
                                               "B.state=MASTER@43300 ]1:held close:complete"));
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].expected,
            "backup (B).state = MASTER within 30s of losing the master (limits.takeover of test)");
  EXPECT_EQ(verdicts[0].actual, "BACKUP until 41.8s (+-500ms)");
  EXPECT_EQ(verdicts[0].first_line, 5u);
  EXPECT_EQ(verdicts[0].last_line, 9u);
}

}  // namespace
}  // namespace understudy::testing

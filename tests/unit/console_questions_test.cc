// What a switch asks in the middle of an answer: pagers and questions; and the queue of requests.
#include <gmock/gmock.h>

#include "console_switch.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Outcome = Answer::Outcome;
using Kind = SessionEvent::Kind;

// ---------------------------------------------------------------- pagers

TEST(ConsolePager, IsAnsweredWithItsKeyAndLeavesTheAnswer) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\n1\r\nPress <SPACE> to continue or <Q> to quit:");
  EXPECT_EQ(wire.sent(), "show x\r ");
  wire.prints("\r                                         \r2\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n2\n");
}

TEST(ConsolePager, MayChangeItsTextFromPageToPage) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\n1\r\nPress <SPACE> to continue or <Q> to quit:");
  wire.prints("\r\x1b[K2\r\n--More-- (50%)").prints("\r\x1b[K3\r\n--More--");
  wire.prints("\r\x1b[K4\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n2\n3\n4\n");
  EXPECT_EQ(wire.sent(), "show x\r   ");
}

TEST(ConsolePager, IsAnsweredOnceThoughItsTextGrows) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\n1\r\n--More--").prints(" (50%)");
  EXPECT_EQ(wire.sent(), "show x\r ");
}

TEST(ConsolePager, ThatIsNotErasedLeavesTheAnswerAllTheSame) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\n1\r\n--More--").prints("\r\n2\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n2\n");
}

TEST(ConsolePager, FollowedByOutputOnItsLineLeavesTheOutput) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\n1\r\n--More--").prints("2\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n2\n");
}

TEST(ConsolePager, FollowedByAnEmptyLineOfOutputLeavesTheEmptyLine) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\n1\r\n--More--").prints("\r        \r\r\n2\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n\n2\n");
}

TEST(ConsolePager, ErasedWithBackspacesBeforeAnEmptyLineLeavesTheEmptyLine) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\n1\r\n--More--");
  wire.prints("\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\r\n2\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n\n2\n");
}

TEST(ConsolePager, ThatNobodyAskedForIsLeft) {
  Wire wire;
  wire.prints("old\r\n--More--");
  EXPECT_EQ(wire.sent(), "q");
}

// ---------------------------------------------------------------- questions

TEST(ConsoleQuestion, ThatWasForeseenIsAnsweredWithItsReply) {
  Wire wire = ready();
  wire.submits({.id = 1, .line = "restart process x", .replies = {{"save-changes", "y\r"}}});
  wire.prints(
      "restart process x\r\nDo you want to save configuration changes to currently "
      "selected configuration\r\nfile (primary.cfg)? (y or n) ");
  EXPECT_EQ(wire.sent(), "restart process x\r");
  wire.passes(10ms);
  EXPECT_EQ(wire.sent(), "y\r");
  wire.prints("y\r\ndone\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].outcome, Outcome::Answered);
  EXPECT_THAT(wire.answers()[0].questions, ElementsAre("save-changes"));
}

TEST(ConsoleQuestion, WithoutAReplyIsCancelledAndFlagged) {
  Wire wire = ready();
  wire.asks("reboot").prints("reboot\r\nAre you sure? (y/n) ").passes(10ms);
  EXPECT_EQ(wire.sent(), "reboot\rn\r");
  wire.prints("n\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].outcome, Outcome::Unforeseen);
  EXPECT_THAT(wire.answers()[0].questions, ElementsAre("sure"));
}

TEST(ConsoleQuestion, MaySpanLinesAndTellsItselfFromItsLikes) {
  Wire wire = ready();
  wire.submits({.id = 1, .line = "reboot", .replies = {{"save-and-reboot", "n"}}});
  wire.prints(
      "reboot\r\nDo you want to save configuration changes to currently selected "
      "configuration\r\nfile (primary.cfg) and reboot?\r\n(y - save and reboot, n - reboot "
      "without save, <cr> - cancel command)");
  wire.passes(10ms);
  EXPECT_EQ(wire.sent(), "reboot\rn");
}

TEST(ConsoleQuestion, HasTheNameOfTheFirstPatternThatFitsThoughAnotherFitsItsLastLine) {
  ConsoleWords words = test_words();
  words.questions.push_back(
      {.name = "confirm", .pattern = R"(\?\s*\(y(?:/| or )[nN]\)\s*$)", .cancel = "n\r"});
  Wire wire = ready(words);
  wire.asks("x").prints("x\r\nDo you want to save it\r\nto (primary.cfg)? (y or n) ").passes(1s);
  wire.prints("n\r\nGo? (y/N)").passes(1s).prints("n\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_THAT(wire.answers()[0].questions, ElementsAre("save-changes", "confirm"));
}

TEST(ConsoleQuestion, ComesAfterAnotherAndEachHasItsReply) {
  Wire wire = ready();
  wire.submits({.id = 1, .line = "reboot", .replies = {{"save-changes", "n\r"}, {"sure", "y\r"}}});
  wire.prints("reboot\r\nDo you want to save? (y or n) ").passes(10ms);
  wire.prints("n\r\nAre you sure? (y/n) ").passes(10ms);
  EXPECT_EQ(wire.sent(), "reboot\rn\ry\r");
}

TEST(ConsoleQuestion, AskedAgainGetsTheNextReplyOfItsName) {
  Wire wire = ready();
  wire.submits({.id = 1, .line = "reboot", .replies = {{"sure", "y\r"}, {"sure", "n\r"}}});
  wire.prints("reboot\r\nAre you sure? (y/n) ").passes(10ms);
  wire.prints("y\r\nAre you sure? (y/n) ").passes(10ms);
  EXPECT_EQ(wire.sent(), "reboot\ry\rn\r");
}

TEST(ConsoleQuestion, IsAnsweredOnceThoughNothingIsEchoed) {
  Wire wire = ready();
  wire.submits({.id = 1, .line = "reboot", .replies = {{"sure", "y"}}});
  wire.prints("reboot\r\nAre you sure? (y/n) ")
      .passes(10ms)
      .prints(std::string(3, '\0'))
      .passes(1s);
  EXPECT_EQ(wire.sent(), "reboot\ry");
}

TEST(ConsoleQuestion, ThatIsAskedForEverStopsBeingAnswered) {
  Wire wire = ready();
  wire.submits({.id = 1, .line = "reboot", .replies = {{"sure", "y\r"}}, .limit = 30s});
  wire.prints("reboot\r\n");
  for (int i = 0; i < 100; ++i) wire.prints("Are you sure? (y/n) ").passes(10ms).prints("\r\n");
  EXPECT_LE(wire.sent().size(), 7U + 32 * 2);
  wire.passes(31s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].outcome, Outcome::TimedOut);
}

TEST(ConsoleQuestion, OnAStaleScreenIsCancelled) {
  Wire wire;
  wire.prints("Are you sure? (y/n) ").passes(10ms);
  EXPECT_EQ(wire.sent(), "n\r");
  EXPECT_EQ(wire.session().mode(), Mode::Question);
}

TEST(ConsoleQuestion, FollowedByMoreInTheSameBreathIsOutput) {
  Wire wire = ready();
  wire.asks("show help")
      .prints("show help\r\nAre you sure? (y/n) is asked\r\nMSM-A.2 # ")
      .passes(1s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_THAT(wire.answers()[0].questions, IsEmpty());
}

// ---------------------------------------------------------------- the queue

TEST(ConsoleQueue, SendsActsBeforePollsAndFinishesThePollInFlight) {
  Wire wire = ready();
  wire.submits({.id = 1, .line = "poll 1", .replies = {}});
  wire.submits({.id = 2, .line = "poll 2", .replies = {}});
  wire.submits({.id = 3, .rank = Request::Rank::Act, .line = "act", .replies = {}});
  EXPECT_EQ(wire.sent(), "poll 1\r");
  wire.prints("poll 1\r\nMSM-A.2 # ");
  EXPECT_EQ(wire.sent(), "act\r");
  wire.prints("act\r\nMSM-A.3 # ");
  EXPECT_EQ(wire.sent(), "poll 2\r");
}

TEST(ConsoleQueue, SendsTheNextLineAsSoonAsThePromptIsBelieved) {
  Wire wire = ready();
  wire.asks("a").asks("b").prints("a\r\nMSM-A.2 # ");
  EXPECT_EQ(wire.sent(), "a\rb\r");
  EXPECT_EQ(wire.session().waiting(), 1U);
}

TEST(ConsoleQueue, ActsKeepTheirOrder) {
  Wire wire = ready();
  wire.asks("poll");
  wire.submits({.id = 2, .rank = Request::Rank::Act, .line = "first", .replies = {}});
  wire.submits({.id = 3, .rank = Request::Rank::Act, .line = "second", .replies = {}});
  wire.prints("poll\r\nMSM-A.2 # ").prints("first\r\nMSM-A.3 # ");
  EXPECT_EQ(wire.sent(), "poll\rfirst\rsecond\r");
}

}  // namespace
}  // namespace understudy::targets

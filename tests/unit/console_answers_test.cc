// Answers: where they begin and end, and what does not belong to them.
#include <gmock/gmock.h>

#include "console_switch.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using Outcome = Answer::Outcome;
using Kind = SessionEvent::Kind;

constexpr std::string_view noise_line =
    "03/04/2005 10:11:12.13 <Noti:NM.StateChange> MSM-A: a log line\r\n";

/// A wire that stands at its first prompt, MSM-A.1.
Wire ready(const ConsoleWords& words = test_words(), std::size_t keep = 64 << 20) {
  Wire wire(words, {}, keep);
  wire.prints("MSM-A.1 # ").passes(100ms);
  return wire;
}

TEST(ConsoleAnswer, IsTheTextBetweenTheEchoAndThePrompt) {
  Wire wire = ready();
  wire.asks("show version").prints("show version\r\nImage 11.3\r\nok\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "Image 11.3\nok\n");
  EXPECT_EQ(wire.answers()[0].outcome, Outcome::Answered);
}

TEST(ConsoleAnswer, MayBeEmpty) {
  Wire wire = ready();
  wire.asks("save").prints("save\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "");
}

TEST(ConsoleAnswer, CarriesTheNamedGroupsOfItsPrompt) {
  Wire wire = ready();
  wire.asks("create vlan v1").prints("create vlan v1\r\n* MSM-A.2 # ").passes(100ms);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_THAT(wire.answers()[0].captures,
              testing::IsSupersetOf({std::pair<std::string, std::string>("dirty", "* "),
                                     std::pair<std::string, std::string>("name", "MSM-A"),
                                     std::pair<std::string, std::string>("count", "2")}));
}

TEST(ConsoleAnswer, KnowsWhenItWasAskedAndWhenThePromptHadCome) {
  Wire wire = ready();
  const Time asked = wire.now();
  wire.asks("show version").passes(7ms).prints("show version\r\nx\r\n").passes(5ms);
  const Time heard = wire.now();
  wire.prints("* MSM-A.2 # ").passes(1s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].asked, asked);
  EXPECT_EQ(wire.answers()[0].heard, heard);
}

TEST(ConsoleAnswer, KnowsItsPlaceInTheTranscript) {
  Wire wire = ready();
  wire.asks("save").prints("save\r\nok\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].first_byte, 10U);
  EXPECT_EQ(wire.answers()[0].last_byte, 30U);
}

TEST(ConsoleAnswer, LongerThanTheLimitIsCutAndFlagged) {
  Wire wire = ready(test_words(), 10);
  wire.asks("show x").prints("show x\r\n123456789\r\n123456789\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "123456789\n");
  EXPECT_TRUE(wire.answers()[0].is_cut);
}

TEST(ConsoleAnswer, AsLongAsTheLimitIsWhole) {
  Wire wire = ready(test_words(), 10);
  wire.asks("show x").prints("show x\r\n123456789\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_FALSE(wire.answers()[0].is_cut);
}

TEST(ConsoleAnswer, KeepsTheLastLineThatHasNoEnd) {
  ConsoleWords words = test_words();
  words.prompt = R"((?<name>MSM-[AB])\.\d+ # $)";
  Wire wire = ready(words);
  wire.asks("show x").prints("show x\r\nno end MSM-A.2 # ").passes(100ms);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "no end ");
}

// ---------------------------------------------------------------- prompts

TEST(ConsolePrompt, InsideTheOutputIsOutputWhenMoreFollowsInTheSameChunk) {
  Wire wire = ready();
  wire.asks("show log cli")
      .prints("show log cli\r\nMSM-A.1 # save\r\nMSM-A.2 # \r\nlast\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "MSM-A.1 # save\nMSM-A.2 # \nlast\n");
}

TEST(ConsolePrompt, InsideTheOutputIsOutputWhenMoreFollowsInTheNextChunk) {
  Wire wire = ready();
  wire.asks("show log cli").prints_on("show log cli\r\nMSM-A.2 # ").prints("save\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "MSM-A.2 # save\n");
}

TEST(ConsolePrompt, OfAnotherShapeIsOutputWhenMoreFollowsWithinTheSettlingTime) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\nother-switch.1 > ").passes(15ms).prints("y\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "other-switch.1 > y\n");
}

TEST(ConsolePrompt, WithTheWrongCounterIsOutputWhenMoreFollowsSoon) {
  Wire wire = ready();
  wire.asks("a").prints("a\r\nMSM-A.2 # ").asks("b").prints("b\r\nMSM-A.3 # ");
  wire.asks("show log cli").prints("show log cli\r\nMSM-A.1 # ").passes(10ms);
  EXPECT_THAT(wire.answers(), SizeIs(2));
  wire.prints("a\r\nMSM-A.4 # ");
  ASSERT_THAT(wire.answers(), SizeIs(3));
  EXPECT_EQ(wire.answers()[2].text, "MSM-A.1 # a\n");
}

TEST(ConsolePrompt, LikeALetterOfOutputOnASlowLineIsOutput) {
  ConsoleWords words = test_words();
  words.prompt = R"(^[\w-]*[#>] ?$)";
  Wire wire(words);
  wire.prints("sw# ").passes(1s).asks("show x").prints("show x\r\n").passes(1s);
  wire.prints_slowly("foo>bar\r\nsw# x\r\n", 50ms);
  EXPECT_THAT(wire.answers(), IsEmpty());
  wire.prints_slowly("sw# ", 50ms).passes(1s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "foo>bar\nsw# x\n");
}

TEST(ConsolePrompt, OfAKnownShapeIsBelievedAtOnce) {
  Wire wire = ready();
  wire.asks("save").prints("save\r\nMSM-A.2 # ");
  EXPECT_THAT(wire.answers(), SizeIs(1));
}

TEST(ConsolePrompt, MayChangeItsNameAfterAFailover) {
  Wire wire = ready();
  wire.asks("run failover").prints("run failover\r\nMSM-B.1 > ").passes(100ms);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.session().mode(), Mode::Shell);
}

TEST(ConsolePrompt, IsToldAlsoWhenNobodyAsked) {
  Wire wire = ready();
  wire.prints("\r\nMSM-B.7 # ").passes(100ms);
  EXPECT_THAT(wire.events().back().captures,
              testing::Contains(Pair(std::string("name"), std::string("MSM-B"))));
}

TEST(ConsolePrompt, InTheMiddleOfALineEndsNothing) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\nsee MSM-A.2 # ").passes(5s);
  EXPECT_THAT(wire.answers(), IsEmpty());
}

TEST(ConsolePrompt, WithTheCursorBackOnItIsNotAtTheEnd) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\nMSM-A.2 # \r").passes(1s);
  EXPECT_THAT(wire.answers(), IsEmpty());
}

// ---------------------------------------------------------------- noise

TEST(ConsoleNoise, InTheMiddleOfAnAnswerIsRemovedAndTold) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\none\r\n" + std::string(noise_line) + "two\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "one\ntwo\n");
  EXPECT_THAT(wire.texts(Kind::Noise), ElementsAre(std::string(test_noise)));
}

TEST(ConsoleNoise, KnowsItsPlaceInTheTranscript) {
  Wire wire = ready();
  wire.prints("\r\n" + std::string(noise_line));
  ASSERT_EQ(wire.events().back().kind, Kind::Noise);
  EXPECT_EQ(wire.events().back().byte, 12U);
}

TEST(ConsoleNoise, BelongsToTheAnswerOfARequestThatKeepsIt) {
  Wire wire = ready();
  wire.submits({.id = 1, .line = "show log", .replies = {}, .keeps_noise = true});
  wire.prints("show log\r\n" + std::string(noise_line) + "MSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, std::string(test_noise) + "\n");
  EXPECT_THAT(wire.texts(Kind::Noise), IsEmpty());
}

TEST(ConsoleNoise, ThatInterruptsThePartlyTypedLineWhichIsDrawnAnewLeavesTheEcho) {
  Wire wire = ready();
  wire.asks("show x").prints("sho\r\n" + std::string(noise_line) + "MSM-A.1 # show x\r\n1\r\n");
  wire.prints("MSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n");
  EXPECT_THAT(wire.texts(Kind::Noise), SizeIs(1));
}

TEST(ConsoleNoise, OnThePartlyTypedLineItselfIsToldWithoutThePromptAndWhatWasTyped) {
  Wire wire = ready();
  wire.asks("show x").prints("sho" + std::string(noise_line) + "MSM-A.1 # show x\r\n1\r\n");
  wire.prints("MSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n");
  EXPECT_THAT(wire.texts(Kind::Noise), ElementsAre(std::string(test_noise)));
}

TEST(ConsoleNoise, BetweenTheHalvesOfAnEchoThatIsNotDrawnAnewLeavesTheEcho) {
  Wire wire = ready();
  wire.asks("show x").prints("sho\r\n" + std::string(noise_line) + "w x\r\n1\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n");
}

TEST(ConsoleNoise, ThatFollowsThePromptWhichIsDrawnAnewEndsTheAnswerOnce) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\n1\r\nMSM-A.2 # \r\n" + std::string(noise_line) +
                             "MSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n");
}

TEST(ConsoleNoise, OnThePromptsOwnLineEndsTheAnswerOnce) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\n1\r\nMSM-A.1 # " + std::string(noise_line) + "MSM-A.1 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n");
  EXPECT_THAT(wire.texts(Kind::Noise), ElementsAre(std::string(test_noise)));
}

TEST(ConsoleNoise, ThatBuriesAPromptForGoodEndsTheAnswerAfterASilence) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\n1\r\nMSM-A.2 # \r\n" + std::string(noise_line));
  EXPECT_THAT(wire.answers(), IsEmpty());
  wire.passes(1s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n");
}

TEST(ConsoleNoise, AfterThePromptOfBeforeDoesNotEndARequestWhoseEchoHasNotCome) {
  Wire wire = ready();
  wire.asks("show x").prints("\r\n" + std::string(noise_line) + "MSM-A.1 # ").passes(100ms);
  EXPECT_THAT(wire.answers(), IsEmpty());
  wire.prints("show x\r\n1\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n");
}

// ---------------------------------------------------------------- the echo

TEST(ConsoleEcho, ThatIsLostLeavesTheWholeAnswer) {
  Wire wire = ready();
  wire.asks("show x").prints("\r\n1\r\n2\r\nMSM-A.2 # ").passes(100ms);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n2\n");
}

TEST(ConsoleEcho, ThatIsLostBeforeAnEmptyAnswerCostsASilence) {
  Wire wire = ready();
  wire.asks("save").prints("\r\nMSM-A.2 # ").passes(2s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "");
}

TEST(ConsoleEcho, ThatComesLateBeginsTheAnswerAnew) {
  Wire wire = ready();
  wire.asks("show x").prints("\r\nstray\r\nMSM-A.1 # show x\r\n1\r\nMSM-A.2 # ").passes(100ms);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n");
}

TEST(ConsoleEcho, WithoutALineEndLeavesTheOutputOnItsLine) {
  Wire wire = ready();
  wire.asks("show x").prints("show x: none\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, ": none\n");
}

TEST(ConsoleEcho, ScrolledSidewaysIsRecognisedByItsEnd) {
  Wire wire = ready();
  wire.asks("configure vlan engineering ipaddress 10.1.2.3/24")
      .prints(
          "configure vlan engi\rMSM-A.1 # $ring ipaddress 10.1.2.3/24\x1b[K\r\n1\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n");
}

TEST(ConsoleEcho, EditedWithBackspacesIsRecognised) {
  Wire wire = ready();
  wire.asks("show x").prints("shw\b \bow x\r\n1\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n");
}

TEST(ConsoleEcho, IsNotAwaitedWhereTheDialectHasNone) {
  ConsoleWords words = test_words();
  words.echoes = false;
  Wire wire = ready(words);
  wire.asks("show x").prints("\r\n1\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n");
}

TEST(ConsoleEcho, AbsentByDialectLeavesTheFirstLineThoughThePromptStandsBeforeIt) {
  ConsoleWords words = test_words();
  words.echoes = false;
  Wire wire = ready(words);
  wire.asks("show x").prints("1\r\n2\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "1\n2\n");
}

TEST(ConsoleEcho, OfALineThatOutputRepeatsOnceIsDroppedOnce) {
  Wire wire = ready();
  wire.asks("a b").prints("a b\r\na b\r\na b\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "a b\n");
}

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

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
  Wire wire = ready(test_words(), {}, 10);
  wire.asks("show x").prints("show x\r\n123456789\r\n123456789\r\nMSM-A.2 # ");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "123456789\n");
  EXPECT_TRUE(wire.answers()[0].is_cut);
}

TEST(ConsoleAnswer, AsLongAsTheLimitIsWhole) {
  Wire wire = ready(test_words(), {}, 10);
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

}  // namespace
}  // namespace understudy::targets

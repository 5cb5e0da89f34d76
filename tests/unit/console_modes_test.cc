// Modes: waking, booting, boot loaders, time limits, and sessions that end.
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

const Credentials admin{.user = "admin", .password = "secret"};

// ---------------------------------------------------------------- waking

TEST(ConsoleWake, IsSentOnceToASilentConsole) {
  Wire wire;
  wire.passes(900ms);
  EXPECT_EQ(wire.sent(), "");
  wire.passes(1h);
  EXPECT_EQ(wire.sent(), "\r");
}

TEST(ConsoleWake, IsSentAfterAStaleScreenAndThePromptIsLearnt) {
  Wire wire;
  wire.prints("left over").passes(2s);
  EXPECT_EQ(wire.sent(), "\r");
  wire.prints("\r\nMSM-A.1 # ").passes(100ms);
  EXPECT_EQ(wire.session().mode(), Mode::Shell);
}

TEST(ConsoleWake, IsNotSentWhereAPromptStands) {
  Wire wire = ready();
  wire.passes(1h);
  EXPECT_EQ(wire.sent(), "");
}

TEST(ConsoleWake, IsNotSentToANodeThatBoots) {
  Wire wire;
  wire.prints("Booting...\r\n").passes(1h);
  EXPECT_EQ(wire.sent(), "");
}

TEST(ConsoleWake, IsNotSentWhereAnUnfinishedLineShowsABoot) {
  Wire wire;
  wire.prints("Booting .....").passes(1h);
  EXPECT_EQ(wire.sent(), "");
}

TEST(ConsoleWake, WaitsForTheFirstPromptBeforeARequestIsSent) {
  Wire wire;
  wire.asks("show x", 0s).passes(10s);
  EXPECT_EQ(wire.sent(), "\r");
  wire.prints("\r\nMSM-A.1 # ").passes(100ms);
  EXPECT_EQ(wire.sent(), "show x\r");
}

// ---------------------------------------------------------------- booting

TEST(ConsoleBoot, EndsTheRequestInFlightAndIsTold) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\n1\r\nBooting now\r\n");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].outcome, Outcome::Ended);
  EXPECT_EQ(wire.answers()[0].text, "1\n");
  EXPECT_THAT(wire.texts(Kind::Booted), ElementsAre("Booting now"));
  EXPECT_EQ(wire.session().mode(), Mode::Booting);
}

TEST(ConsoleBoot, OnTheLineOfAPromptEndsARequestBehindIt) {
  Wire wire;
  wire.prints("Booting-A.1 # ").passes(300ms).asks("show x").prints("show x\r\n");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].outcome, Outcome::Ended);
  EXPECT_EQ(wire.answers()[0].first_byte, 14);
  EXPECT_EQ(wire.answers()[0].last_byte, 14);
}

TEST(ConsoleBoot, IsToldForEachMatch) {
  Wire wire = ready();
  wire.prints("\r\nBooting 1\r\nBooting 2\r\n");
  EXPECT_THAT(wire.texts(Kind::Booted), ElementsAre("Booting 1", "Booting 2"));
}

TEST(ConsoleBoot, SendsNothingWhateverIsPrintedUntilAPromptAppears) {
  Wire wire = ready();
  wire.prints("\r\nBooting\r\n").asks("show x", 0s);
  wire.prints("--More--").passes(1s).prints("\r\nAre you sure? (y/n) ").passes(1s);
  wire.prints("\r\nhit a key\r\n").passes(1h);
  EXPECT_EQ(wire.sent(), "");
  wire.prints("\r\nMSM-A.1 # ").passes(1s);
  EXPECT_EQ(wire.sent(), "show x\r");
}

TEST(ConsoleBoot, EndsInALogin) {
  Wire wire = ready(test_words(), admin);
  wire.prints("\r\nBooting\r\n").passes(1min).prints("\r\nlogin: ").passes(100ms);
  EXPECT_EQ(wire.sent(), "admin\r");
}

TEST(ConsoleBoot, LeavesARequestUnsentWhenItsLimitPasses) {
  Wire wire = ready();
  wire.prints("\r\nBooting\r\n").asks("show x", 5s).passes(4s);
  EXPECT_THAT(wire.answers(), IsEmpty());
  wire.passes(2s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].outcome, Outcome::NotSent);
}

TEST(ConsoleBootLoader, IsNeverSpokenTo) {
  Wire wire = ready();
  wire.asks("reboot").prints("reboot\r\nBooting\r\n").asks("show x", 0s);
  wire.sent();
  wire.prints("\r\nBootRom > ").passes(1h);
  EXPECT_EQ(wire.sent(), "");
  EXPECT_EQ(wire.session().mode(), Mode::BootLoader);
}

TEST(ConsoleBootLoader, OnConnectingIsNeverSpokenTo) {
  Wire wire;
  wire.prints("BootRom > ").passes(1h);
  EXPECT_EQ(wire.sent(), "");
}

TEST(ConsoleBootLoader, EndsTheRequestInFlight) {
  Wire wire = ready();
  wire.asks("reboot").prints("reboot\r\nBootRom > ").passes(1s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].outcome, Outcome::Ended);
}

// ---------------------------------------------------------------- time

TEST(ConsoleLimit, PassesWhereNoPromptComes) {
  Wire wire = ready();
  wire.asks("show x", 5s).prints("show x\r\nhalf a li").passes(6s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].outcome, Outcome::TimedOut);
  EXPECT_EQ(wire.answers()[0].text, "half a li");
}

TEST(ConsoleLimit, IsNotExtendedByADeviceThatGoesOnPrinting) {
  Wire wire = ready();
  wire.asks("show x", 5s).prints("show x\r\n");
  for (int i = 0; i < 60; ++i) wire.passes(100ms).prints("more\r\n");
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].outcome, Outcome::TimedOut);
}

TEST(ConsoleLimit, KeepsAPromptThatCameInTimeAndIsBelievedLater) {
  Wire wire = ready();
  wire.asks("show x", 1s).prints("show x\r\n").passes(995ms).prints("other.1 > ").passes(1s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].outcome, Outcome::Answered);
}

TEST(ConsoleLimit, OfZeroNeverPasses) {
  Wire wire = ready();
  wire.asks("show x", 0s).passes(24h);
  EXPECT_THAT(wire.answers(), IsEmpty());
}

TEST(ConsoleLimit, DoesNotRunForARequestThatWaitsItsTurn) {
  Wire wire = ready();
  wire.asks("slow", 30s).asks("quick", 1s).prints("slow\r\n").passes(20s).prints("MSM-A.2 # ");
  wire.prints("quick\r\n1\r\nMSM-A.3 # ");
  ASSERT_THAT(wire.answers(), SizeIs(2));
  EXPECT_EQ(wire.answers()[1].outcome, Outcome::Answered);
}

TEST(ConsoleLimit, OfAWaitingRequestRunsFromTheMomentAtWhichNothingCanBeSent) {
  Wire wire = ready();
  wire.asks("slow", 30s).asks("quick", 5s).prints("slow\r\n").passes(20s);
  wire.prints("Booting\r\n").passes(4s);
  EXPECT_THAT(wire.answers(), SizeIs(1));
  wire.passes(2s);
  ASSERT_THAT(wire.answers(), SizeIs(2));
  EXPECT_EQ(wire.answers()[1].outcome, Outcome::NotSent);
}

TEST(ConsoleResync, NudgesWithALineEndAndWaitsForAPrompt) {
  Wire wire = ready();
  wire.asks("one", 1s).asks("two", 10s).prints("one\r\n").passes(2s);
  EXPECT_EQ(wire.sent(), "one\r\r");
  wire.prints("MSM-A.2 # ").passes(1s);
  EXPECT_EQ(wire.sent(), "two\r");
}

TEST(ConsoleResync, NudgesWithTheInterruptWhereThereIsOne) {
  ConsoleWords words = test_words();
  words.interrupt = "\x03";
  Wire wire = ready(words);
  wire.asks("one", 1s).passes(1500ms);
  EXPECT_EQ(wire.sent(), "one\r\x03");
}

TEST(ConsoleResync, NudgesOnceMoreWithALineEndWhereTheInterruptBringsNoPrompt) {
  ConsoleWords words = test_words();
  words.interrupt = "\x03";
  Wire wire = ready(words);
  wire.asks("one", 1s).passes(1h);
  EXPECT_EQ(wire.sent(), "one\r\x03\r");
}

TEST(ConsoleResync, NudgesAgainWithALaterRequest) {
  Wire wire = ready();
  wire.asks("one", 1s).passes(10s);
  wire.sent();
  wire.asks("two", 30s).asks("three", 30s);
  EXPECT_EQ(wire.sent(), "\r");
}

TEST(ConsoleResync, NeverTakesALateAnswerForTheNextOnes) {
  Wire wire = ready();
  wire.asks("show x", 1s).asks("show x", 10s).passes(2s);
  wire.prints("show x\r\nlate\r\nMSM-A.2 # ").passes(300ms);
  EXPECT_EQ(wire.sent(), "show x\r\rshow x\r");
  wire.prints("\r\nMSM-A.2 # ").prints("show x\r\nfresh\r\nMSM-A.3 # ").passes(2s);
  ASSERT_THAT(wire.answers(), SizeIs(2));
  EXPECT_EQ(wire.answers()[1].outcome, Outcome::Answered);
  EXPECT_EQ(wire.answers()[1].text, "fresh\n");
}

TEST(ConsoleResync, WithoutEchoesWaitsForTheNudgesOwnPromptToo) {
  ConsoleWords words = test_words();
  words.echoes = false;
  Wire wire = ready(words);
  wire.asks("one", 1s).asks("two", 10s).passes(2s).prints("late\r\nMSM-A.2 # ").passes(100ms);
  EXPECT_EQ(wire.sent(), "one\r\r");
  wire.prints("\r\nMSM-A.2 # ").passes(300ms).prints("\r\nfresh\r\nMSM-A.3 # ").passes(1s);
  ASSERT_THAT(wire.answers(), SizeIs(2));
  EXPECT_EQ(wire.answers()[1].text, "fresh\n");
}

TEST(ConsoleResync, LeavesTheQueueUnsentWhereNothingComes) {
  Wire wire = ready();
  wire.asks("one", 1s).asks("two", 3s).passes(10s);
  ASSERT_THAT(wire.answers(), SizeIs(2));
  EXPECT_EQ(wire.answers()[1].outcome, Outcome::NotSent);
  EXPECT_EQ(wire.session().waiting(), 0U);
}

TEST(ConsoleResync, LeavesALatePagerAndThenGoesOn) {
  Wire wire = ready();
  wire.asks("one", 1s).asks("two", 20s).prints("one\r\n").passes(2s);
  wire.sent();
  wire.prints("1\r\n--More--").prints("\r        \rMSM-A.2 # ").passes(1s);
  EXPECT_EQ(wire.sent(), "qtwo\r");
}

// ---------------------------------------------------------------- sessions that end

TEST(ConsoleSession, ThatClosesEndsTheRequestInFlightWithWhatWasSaid) {
  Wire wire = ready();
  wire.asks("show x").prints("show x\r\n1\r\nhal").closes();
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].outcome, Outcome::Ended);
  EXPECT_EQ(wire.answers()[0].text, "1\nhal");
  EXPECT_EQ(wire.session().mode(), Mode::Ended);
}

TEST(ConsoleSession, ThatOpensAgainGoesOnWithTheQueue) {
  Wire wire = ready();
  wire.asks("one").asks("two").closes();
  wire.sent();
  wire.passes(1s).opens().prints("MSM-A.1 # ").passes(100ms);
  EXPECT_EQ(wire.sent(), "two\r");
}

TEST(ConsoleSession, TellsTheModesInTheirOrder) {
  Wire wire = ready(test_words(), admin);
  wire.asks("x").prints("x\r\nBooting\r\n\r\nlogin: ").passes(100ms).closes();
  std::vector<Mode> modes;
  for (const auto& event : wire.events()) {
    if (event.kind == Kind::ModeChanged) modes.push_back(event.mode);
  }
  EXPECT_THAT(modes, ElementsAre(Mode::Shell, Mode::Busy, Mode::Booting, Mode::Login, Mode::Ended));
}

TEST(ConsoleSession, HasNothingToWaitForAtAnOldPrompt) {
  Wire wire = ready();
  wire.passes(1s);
  EXPECT_EQ(wire.session().next_deadline(), std::nullopt);
}

TEST(ConsoleSession, RefusesAPatternThatDoesNotCompileAndNamesIt) {
  ConsoleWords words = test_words();
  words.noise.push_back("(unclosed");
  const auto session = Session::create(words, {});
  ASSERT_FALSE(session.has_value());
  EXPECT_THAT(session.error().what, testing::HasSubstr("noise[1]: the pattern `(unclosed`"));
}

TEST(ConsoleSession, SurvivesAPatternThatRunsAway) {
  ConsoleWords words = test_words();
  words.prompt = R"(^(\w+\w*)*\w*# $)";
  Wire wire(words);
  wire.prints(std::string(400, 'a')).passes(1s);
  EXPECT_EQ(wire.session().mode(), Mode::Silent);
}

}  // namespace
}  // namespace understudy::targets

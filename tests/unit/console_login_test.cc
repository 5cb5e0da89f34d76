// Logging in: refusals, pauses, a login that is none yet, and what log lines bury.
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
using Refusal = SessionEvent::Refusal;

const Credentials admin{.user = "admin", .password = "secret"};

/// The device asks for a login so many times, with time enough between, and refuses each.
void refuses(Wire& wire, int times) {
  for (int i = 0; i < times; ++i) {
    const std::size_t told = wire.texts(Kind::LoginFailed).size();
    wire.prints("\r\nlogin: ").passes(told == 0 ? 100ms : 20s);
    wire.prints("admin\r\npassword: ").passes(100ms).prints("\r\nLogin incorrect\r\n");
  }
}

std::vector<Refusal> refusals(const Wire& wire) {
  std::vector<Refusal> all;
  for (const auto& event : wire.events())
    if (event.kind == Kind::LoginFailed) all.push_back(event.refusal);
  return all;
}

TEST(ConsoleLogin, SendsUserAndPassword) {
  Wire wire(test_words(), admin);
  wire.prints("\r\nlogin: ").passes(100ms);
  EXPECT_EQ(wire.sent(), "admin\r");
  wire.prints("admin\r\npassword: ").passes(100ms);
  EXPECT_EQ(wire.sent(), "secret\r");
  wire.prints("\r\n\r\nMSM-A.1 # ").passes(100ms);
  EXPECT_EQ(wire.session().mode(), Mode::Shell);
  EXPECT_THAT(wire.texts(Kind::LoginFailed), IsEmpty());
}

TEST(ConsoleLogin, IsRefusedThreeTimesAndThenNothingMoreIsSent) {
  Wire wire(test_words(), admin);
  refuses(wire, 10);
  EXPECT_THAT(wire.texts(Kind::LoginFailed), SizeIs(3));
  EXPECT_EQ(wire.sent(), "admin\rsecret\radmin\rsecret\radmin\rsecret\r");
  EXPECT_THAT(wire.texts(Kind::LoginFailed).front(), "Login incorrect");
  EXPECT_THAT(refusals(wire), ElementsAre(Refusal::Counted, Refusal::Counted, Refusal::Final));
}

TEST(ConsoleLogin, IsTriedAgainAfterAPauseThatGrows) {
  Wire wire(test_words(), admin);
  const auto refused = [&]() -> Wire& {
    return wire.prints("admin\r\npassword: ")
        .passes(100ms)
        .prints("\r\nLogin incorrect\r\nlogin: ");
  };
  wire.prints("\r\nlogin: ").passes(100ms);
  EXPECT_EQ(wire.sent(), "admin\r") << "at once";
  refused().passes(800ms);
  EXPECT_EQ(wire.sent(), "secret\r");
  wire.passes(50ms);
  EXPECT_EQ(wire.sent(), "admin\r");
  refused().passes(1800ms);
  EXPECT_EQ(wire.sent(), "secret\r");
  wire.passes(100ms);
  EXPECT_EQ(wire.sent(), "admin\r");
  refused().passes(1h);
  EXPECT_EQ(wire.sent(), "secret\r");
}

TEST(ConsoleLogin, IsNotTriedAgainWhereABootBeganMeanwhile) {
  Wire wire(test_words(), admin);
  wire.prints("\r\nlogin: ").passes(100ms).prints("admin\r\npassword: ").passes(100ms);
  wire.prints("\r\nLogin incorrect\r\nlogin: ").passes(100ms);
  wire.sent();
  wire.prints("\r\nBooting\r\n").passes(1h);
  EXPECT_EQ(wire.sent(), "");
  wire.prints("\r\nlogin: ").passes(20ms);
  EXPECT_EQ(wire.sent(), "admin\r");
}

TEST(ConsoleLogin, ThatABootRefusesIsTriedForAsLongAsABootMayLast) {
  Wire wire(test_words(), admin);
  wire.session().boot_takes(1min);
  wire.prints("\r\nBooting\r\n").passes(10s);
  refuses(wire, 10);
  EXPECT_THAT(refusals(wire),
              ElementsAre(Refusal::Passing, Refusal::Passing, Refusal::Passing, Refusal::Final));
  wire.prints("\r\nBooting\r\n").passes(10s);
  wire.sent();
  wire.prints("\r\nlogin: ").passes(100ms).prints("admin\r\npassword: ").passes(100ms);
  wire.prints("\r\nMSM-A.1 # ").passes(100ms);
  EXPECT_EQ(wire.sent(), "admin\rsecret\r");
  EXPECT_EQ(wire.session().mode(), Mode::Shell);
}

TEST(ConsoleLogin, OfPasswordsAloneIsTriedAgainAfterAPauseToo) {
  ConsoleWords words = test_words();
  words.login.clear();
  Wire wire(words, admin);
  wire.prints("\r\npassword: ").passes(100ms).prints("\r\npassword: ").passes(850ms);
  EXPECT_EQ(wire.sent(), "secret\r");
  wire.passes(100ms);
  EXPECT_EQ(wire.sent(), "secret\r");
}

TEST(ConsoleLogin, TriesASparePasswordEverySecondTime) {
  Wire wire(test_words(), {.user = "admin", .password = "secret", .spare = "other"});
  refuses(wire, 10);
  EXPECT_EQ(wire.sent(), "admin\rsecret\radmin\rother\radmin\rsecret\r");
}

// ---------------------------------------------------------------- a login that is none yet

TEST(ConsoleLoginPending, IsAPartOfTheBootAndGetsNoUser) {
  Wire wire = ready(test_words(), admin);
  wire.prints("\r\nBooting\r\n").passes(1min).prints("\r\n(pending) login: ").passes(4s);
  EXPECT_EQ(wire.sent(), "");
  EXPECT_EQ(wire.session().mode(), Mode::Booting);
  EXPECT_THAT(wire.texts(Kind::Booted), SizeIs(1));
}

TEST(ConsoleLoginPending, IsMadeToAskAnewWhenSomethingIsPrintedBehindIt) {
  Wire wire(test_words(), admin);
  wire.prints("\r\n(pending) login: ").passes(1s).prints("\r\nis available\r\n").passes(1s);
  EXPECT_EQ(wire.sent(), "\r");
  wire.prints("\r\nlogin: ").passes(100ms);
  EXPECT_EQ(wire.sent(), "admin\r");
  EXPECT_THAT(wire.texts(Kind::LoginFailed), IsEmpty());
}

TEST(ConsoleLoginPending, IsMadeToAskAnewAfterALongSilenceAndOnceOnly) {
  Wire wire(test_words(), admin);
  wire.prints("\r\n(pending) login: ").passes(6s);
  EXPECT_EQ(wire.sent(), "\r");
  wire.prints("\r\n(pending) login: ").passes(6s);
  EXPECT_EQ(wire.sent(), "\r");
  wire.passes(1h);
  EXPECT_EQ(wire.sent(), "") << "nobody answered the last one";
}

TEST(ConsoleLoginPending, ThatALogLineFollowsIsMadeToAskAnew) {
  Wire wire(test_words(), admin);
  wire.prints("\r\nBooting\r\n\r\n(pending) login: \r\n" + std::string(test_noise) + "\r\n");
  wire.passes(3s);
  EXPECT_EQ(wire.sent(), "\r");
}

// ---------------------------------------------------------------- buried by log lines

const std::string noise_line = std::string(test_noise) + "\r\n";

TEST(ConsoleBuried, ALoginIsAnswered) {
  for (const std::string& between : {std::string(), std::string("\r\n")}) {
    Wire wire(test_words(), admin);
    wire.prints("Booting\r\n").passes(1min);
    wire.prints("\r\nlogin: " + between + noise_line + noise_line).passes(300ms);
    EXPECT_EQ(wire.sent(), "admin\r");
    EXPECT_THAT(wire.texts(Kind::Noise), ElementsAre(test_noise, test_noise));
    wire.prints("admin\r\npassword: " + between + noise_line).passes(300ms);
    EXPECT_EQ(wire.sent(), "secret\r");
    wire.prints("\r\nMSM-A.1 # " + between + noise_line).passes(300ms);
    EXPECT_EQ(wire.session().mode(), Mode::Shell);
    EXPECT_THAT(wire.texts(Kind::LoginFailed), IsEmpty());
  }
}

TEST(ConsoleBuried, ALoginThatIsDrawnAnewIsAnsweredOnce) {
  for (const std::string& between : {std::string(), std::string("\r\n")}) {
    Wire wire(test_words(), admin);
    wire.prints("\r\nlogin: " + between + noise_line).passes(100ms).prints("login: ").passes(1s);
    EXPECT_EQ(wire.sent(), "admin\r");
    wire.prints(between + noise_line).passes(1s).prints("login: ").passes(1s);
    EXPECT_EQ(wire.sent(), "");
    EXPECT_THAT(wire.texts(Kind::LoginFailed), IsEmpty());
  }
}

TEST(ConsoleBuried, ALoginThatFailsHasFailed) {
  Wire wire(test_words(), admin);
  wire.prints("\r\nlogin: " + noise_line).passes(300ms);
  wire.prints("admin\r\n" + noise_line + "login: ").passes(2s);
  EXPECT_THAT(wire.texts(Kind::LoginFailed), SizeIs(1));
}

TEST(ConsoleBuried, ALoginInAnAnswerIsOutput) {
  Wire wire = ready(test_words(), admin);
  wire.asks("show x").prints("show x\r\nlast login: \r\n" + noise_line).passes(1s);
  EXPECT_EQ(wire.sent(), "show x\r");
  wire.prints("MSM-A.2 # ").passes(300ms);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "last login: \n");
}

TEST(ConsoleBuried, AQuestionIsAnsweredOnce) {
  for (const std::string& between : {std::string(), std::string("\r\n")}) {
    Wire wire = ready();
    wire.submits({.id = 1, .line = "reboot", .replies = {{"sure", "y\r"}}, .limit = 60s});
    wire.prints("reboot\r\nAre you sure? (y/n)" + between + noise_line).passes(300ms);
    EXPECT_EQ(wire.sent(), "reboot\ry\r");
    wire.prints(between + noise_line).passes(1s);
    EXPECT_EQ(wire.sent(), "");
    wire.prints("MSM-A.2 # ").passes(300ms);
    ASSERT_THAT(wire.answers(), SizeIs(1));
    EXPECT_THAT(wire.answers()[0].questions, ElementsAre("sure"));
  }
}

TEST(ConsoleBuried, AQuestionOverTwoLinesIsAnswered) {
  Wire wire = ready();
  wire.submits({.id = 1, .line = "reboot", .replies = {{"save-changes", "y\r"}}, .limit = 60s});
  wire.prints("reboot\r\nDo you want to save it\r\nto (primary.cfg)? (y or n)" + noise_line);
  wire.passes(300ms);
  EXPECT_EQ(wire.sent(), "reboot\ry\r");
}

TEST(ConsoleBuried, AnAnsweredQuestionIsNotAnsweredAgain) {
  Wire wire = ready();
  wire.submits({.id = 1, .line = "reboot", .replies = {{"sure", "y\r"}}, .limit = 60s});
  wire.prints("reboot\r\nAre you sure? (y/n)").passes(1s).prints("\r\n" + noise_line).passes(1s);
  EXPECT_EQ(wire.sent(), "reboot\ry\r");
}

TEST(ConsoleBuried, APagerIsAnsweredAndLeavesTheAnswer) {
  for (const std::string& between : {std::string(), std::string("\r\n")}) {
    for (const char* erased :
         {"\r         \r", "\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b", "\r\x1b[K", "\r\n"}) {
      Wire wire = ready();
      wire.asks("show x").prints("show x\r\n1\r\n--More--" + between + noise_line).passes(300ms);
      EXPECT_EQ(wire.sent(), "show x\r ");
      wire.prints(std::string(erased) + "2\r\nMSM-A.2 # ").passes(300ms);
      ASSERT_THAT(wire.answers(), SizeIs(1)) << erased;
      EXPECT_EQ(wire.answers()[0].text, "1\n2\n") << erased;
    }
  }
}

TEST(ConsoleBuried, NothingButAPromptIsAnsweredWhileANodeBoots) {
  Wire wire = ready();
  wire.prints("\r\nBooting\r\n--More--" + noise_line).passes(1s);
  wire.prints("Are you sure? (y/n)\r\n" + noise_line).passes(1s);
  EXPECT_EQ(wire.sent(), "");
  wire.asks("show x", 0s).prints("MSM-A.1 # " + noise_line).passes(1s);
  EXPECT_EQ(wire.sent(), "show x\r");
}

TEST(ConsoleLogin, AskedForAgainWithoutAWordHasFailed) {
  Wire wire(test_words(), admin);
  wire.prints("\r\nlogin: ").passes(100ms).prints("admin\r\npassword: ").passes(100ms);
  wire.prints("\r\nlogin: ").passes(100ms);
  EXPECT_THAT(wire.texts(Kind::LoginFailed), SizeIs(1));
}

TEST(ConsoleLogin, DrawnAnewByALogLineIsAnsweredOnce) {
  const std::string event =
      "\r\n11/21/2026 10:03:32.09 <Noti:NM.NodeState> MSM-A is now BACKUP\r\n";
  Wire wire(test_words(), admin);
  wire.prints("\r\nlogin: ").passes(100ms).prints(event + "login: ").passes(100ms);
  EXPECT_EQ(wire.sent(), "admin\r");
  wire.prints("admin\r\npassword: ").passes(100ms).prints(event + "password: ").passes(100ms);
  EXPECT_EQ(wire.sent(), "secret\r");
  wire.prints("\r\n\r\nMSM-A.1 # ").passes(100ms);
  EXPECT_EQ(wire.session().mode(), Mode::Shell);
  EXPECT_THAT(wire.texts(Kind::LoginFailed), IsEmpty());
}

TEST(ConsoleLogin, AskedForAgainAfterItsEchoAndALogLineHasFailed) {
  Wire wire(test_words(), admin);
  wire.prints("\r\nlogin: ").passes(100ms);
  wire.prints("admin\r\n11/21/2026 10:03:32.09 <Noti:NM.NodeState> MSM-A is now BACKUP\r\nlogin: ");
  wire.passes(100ms);
  EXPECT_EQ(wire.sent(), "admin\r");
  EXPECT_THAT(wire.texts(Kind::LoginFailed), SizeIs(1));
  wire.passes(1s);
  EXPECT_EQ(wire.sent(), "admin\r");
}

TEST(ConsoleLogin, WithoutCredentialsIsToldOnceAndNothingIsSent) {
  Wire wire;
  wire.prints("\r\nlogin: ").passes(100ms).prints("\r\nlogin: ").passes(10s);
  EXPECT_EQ(wire.sent(), "");
  EXPECT_THAT(wire.texts(Kind::LoginFailed), SizeIs(1));
}

TEST(ConsoleLogin, AfterAnIdleLogOutEndsTheRequestInFlightAndTheQueueGoesOn) {
  Wire wire = ready(test_words(), admin);
  wire.asks("one").asks("two");
  wire.prints("\r\nlogin: ").passes(100ms);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].outcome, Outcome::Ended);
  wire.prints("admin\r\npassword: ").passes(100ms).prints("\r\nMSM-A.1 # ").passes(100ms);
  EXPECT_EQ(wire.sent(), "one\radmin\rsecret\rtwo\r");
}

TEST(ConsoleLogin, AfterManyIdleLogOutsStillLogsIn) {
  Wire wire = ready(test_words(), admin);
  for (int i = 0; i < 10; ++i) {
    wire.passes(1h).prints("\r\nlogin: ").passes(100ms).prints("admin\r\npassword: ").passes(100ms);
    wire.prints("\r\nMSM-A.1 # ").passes(100ms);
  }
  EXPECT_EQ(wire.session().mode(), Mode::Shell);
}

TEST(ConsoleLogin, ThatIsLoggedOutAtOnceEachTimeIsGivenUp) {
  Wire wire(test_words(), admin);
  for (int i = 0; i < 50; ++i) {
    wire.prints("\r\nlogin: ").passes(5s).prints("admin\r\npassword: ").passes(100ms);
    wire.prints("\r\nMSM-A.1 # ").passes(100ms);
  }
  EXPECT_EQ(wire.sent(), "admin\rsecret\radmin\rsecret\radmin\rsecret\r");
}

TEST(ConsoleLogin, WhichAsksForAPasswordWithoutAUserOfOursIsDeclined) {
  Wire wire(test_words(), admin);
  wire.prints("password: ").passes(100ms);
  EXPECT_EQ(wire.sent(), "\r");
}

TEST(ConsoleLogin, InTheMiddleOfTheOutputIsOutput) {
  Wire wire = ready(test_words(), admin);
  wire.asks("show x").prints("show x\r\nlogin: 3 users\r\nMSM-A.2 # ").passes(1s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "login: 3 users\n");
}

}  // namespace
}  // namespace understudy::targets

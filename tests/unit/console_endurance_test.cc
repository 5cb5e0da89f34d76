// What a console engine has to endure beside cuts and floods (console_torture_test.cc): lines so
// slow that every letter is a chunk, devices that stop at any byte, fail over between two answers,
// change the words of their pager, or print bytes that are no text.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <random>

#include "console_switch.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using testing::SizeIs;
using Outcome = Answer::Outcome;

const std::map<std::string, std::string> outputs = {
    {"show switch", "SysName: X\n\n  Current State: MASTER\nImage: primary\n"},
    {"show fdb", "1 a\n2 b\n\nMSM-A.1 # quoted\n5 e\n6 f\n7 g\n"},
    {"save", ""}};

// ---------------------------------------------------------------- one letter in 50 ms

using SlowHabit = std::tuple<Habits::EchoStyle, Habits::Erasure, const char*, int>;
class ConsoleSlowHabits : public testing::TestWithParam<SlowHabit> {};

TEST_P(ConsoleSlowHabits, OfADeviceOfTwentyLettersASecondDoNotChangeTheAnswers) {
  const auto& [echo, erasure, line_end, page] = GetParam();
  FakeSwitch device({.echo = echo,
                     .erasure = erasure,
                     .line_end = line_end,
                     .page = static_cast<std::size_t>(page),
                     .noise_each = 2},
                    outputs);
  Wire wire;
  wire.prints_slowly("\r\n" + device.prompt(), 50ms).passes(1s);
  for (const char* line : {"show switch", "save", "show fdb"}) wire.asks(line, 60s);
  converse(wire, device, 50ms);
  ASSERT_THAT(wire.answers(), SizeIs(3));
  EXPECT_EQ(wire.answers()[0].text, outputs.at("show switch"));
  EXPECT_EQ(wire.answers()[1].text, "");
  EXPECT_EQ(wire.answers()[2].text, outputs.at("show fdb"));
}

INSTANTIATE_TEST_SUITE_P(
    All, ConsoleSlowHabits,
    testing::Combine(testing::Values(Habits::EchoStyle::Plain, Habits::EchoStyle::None,
                                     Habits::EchoStyle::Doubled, Habits::EchoStyle::DrawnAnew),
                     testing::Values(Habits::Erasure::CarriageReturn, Habits::Erasure::Ansi),
                     testing::Values("\r\n", "\r\r\n",
                                     "\x1b"
                                     "E"),
                     testing::Values(0, 3)));

// ---------------------------------------------------------------- line ends

class ConsoleLineEnds : public testing::TestWithParam<const char*> {};

TEST_P(ConsoleLineEnds, OfEveryMannerEndALine) {
  FakeSwitch device({.line_end = GetParam(), .page = 2, .noise_each = 3}, outputs);
  Wire wire;
  wire.prints("\r\n" + device.prompt()).passes(1s);
  for (const char* line : {"show switch", "show fdb"}) wire.asks(line);
  converse(wire, device);
  ASSERT_THAT(wire.answers(), SizeIs(2));
  EXPECT_EQ(wire.answers()[0].text, outputs.at("show switch"));
  EXPECT_EQ(wire.answers()[1].text, outputs.at("show fdb"));
}

INSTANTIATE_TEST_SUITE_P(All, ConsoleLineEnds,
                         testing::Values("\x1b"
                                         "E",
                                         "\r\x1b"
                                         "D",
                                         "\x1b[0m\r\n", "\x1b[K\r\n", "\r\n\x1b[0m", "\x1b(B\r\n",
                                         "\r\x1b[1B", "\r\r\r\n", " \b\r\n", "\a\r\n"));

// ---------------------------------------------------------------- a device that stops

// The whole answer of a device that stops after any byte of it, comes back and is asked again.
TEST(ConsoleStops, AtAnyByteEndTheRequestAtItsLimitAndSpoilNoLaterAnswer) {
  const std::string printed =
      "show x\r\none\r\n  two\r\n--More-- (50%)\r               \rthree\r\nMSM-A.2 # ";
  for (std::size_t stop = 0; stop < printed.size(); ++stop) {
    Wire wire;
    wire.prints("MSM-A.1 # ")
        .passes(1s)
        .asks("show x", 10s)
        .prints(printed.substr(0, stop))
        .passes(10s);
    ASSERT_THAT(wire.answers(), SizeIs(1)) << "stopped at byte " << stop;
    EXPECT_EQ(wire.answers()[0].outcome, Outcome::TimedOut) << "stopped at byte " << stop;
    wire.asks("show y", 10s).passes(1s).prints("\r\nMSM-A.3 # ").passes(2s);
    wire.prints("show y\r\nfine\r\nMSM-A.4 # ").passes(20s);
    ASSERT_THAT(wire.answers(), SizeIs(2)) << "stopped at byte " << stop;
    EXPECT_EQ(wire.answers()[1].text, "fine\n") << "stopped at byte " << stop;
  }
}

TEST(ConsoleStops, ForEverAtAnyByteLeaveNothingWaitingAfterTheLimits) {
  const std::string printed =
      "\r\nlogin: admin\r\npassword: \r\n\r\nMSM-A.1 # show x\r\none\r\n--More--";
  for (std::size_t stop = 0; stop <= printed.size(); ++stop) {
    Wire wire(test_words(), {.user = "admin", .password = "secret"});
    wire.asks("show x", 10s).asks("show y", 10s).prints(printed.substr(0, stop)).passes(60s);
    EXPECT_EQ(wire.session().waiting(), 0U) << "stopped at byte " << stop;
  }
}

// ---------------------------------------------------------------- a failover between two answers

class ConsoleFailover : public testing::TestWithParam<Habits::EchoStyle> {};

TEST_P(ConsoleFailover, ChangesThePromptAndNoAnswer) {
  FakeSwitch device({.echo = GetParam(), .page = 3, .noise_each = 2}, outputs);
  Wire wire;
  wire.prints("\r\n" + device.prompt()).passes(1s);
  for (const char* name : {"MSM-B", "backup-of-lab-7", "MSM-A"}) {
    wire.asks("show fdb");
    converse(wire, device);
    device.fails_over_to(name);
    wire.prints("\r\n" + device.prompt()).passes(1s).asks("show switch");
    converse(wire, device);
  }
  ASSERT_THAT(wire.answers(), SizeIs(6));
  for (std::size_t i = 0; i < 6; i += 2) {
    EXPECT_EQ(wire.answers()[i].text, outputs.at("show fdb"));
    EXPECT_EQ(wire.answers()[i + 1].text, outputs.at("show switch"));
  }
}

INSTANTIATE_TEST_SUITE_P(Echoes, ConsoleFailover,
                         testing::Values(Habits::EchoStyle::Plain, Habits::EchoStyle::None,
                                         Habits::EchoStyle::Doubled));

TEST(ConsoleFailoverInFlight, EndsTheAnswerWithThePromptOfTheOtherNode) {
  Wire wire;
  wire.prints("MSM-A.7 # ").passes(1s).asks("run msm-failover");
  wire.prints("run msm-failover\r\nDone\r\n\r\nMSM-B.1 > ").passes(1s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "Done\n\n");
  EXPECT_THAT(wire.answers()[0].captures,
              testing::Contains(std::pair(std::string("name"), std::string("MSM-B"))));
}

// ---------------------------------------------------------------- pagers and bytes

class ConsolePagers : public testing::TestWithParam<Habits::Erasure> {};

TEST_P(ConsolePagers, MayChangeTheirWordsWithEveryPage) {
  FakeSwitch device({.erasure = GetParam(),
                     .page = 1,
                     .pagers = {"--More-- (9%)", "Press <SPACE> to continue or <Q> to quit:",
                                "--More-- (100%)", "--More--"}},
                    outputs);
  Wire wire;
  wire.prints("\r\n" + device.prompt()).passes(1s);
  for (const char* line : {"show fdb", "show switch"}) wire.asks(line);
  converse(wire, device);
  ASSERT_THAT(wire.answers(), SizeIs(2));
  EXPECT_EQ(wire.answers()[0].text, outputs.at("show fdb"));
  EXPECT_EQ(wire.answers()[1].text, outputs.at("show switch"));
}

INSTANTIATE_TEST_SUITE_P(Erasures, ConsolePagers,
                         testing::Values(Habits::Erasure::CarriageReturn,
                                         Habits::Erasure::Backspaces, Habits::Erasure::Ansi,
                                         Habits::Erasure::NextLine));

class ConsoleBytes : public testing::TestWithParam<std::uint32_t> {};

TEST_P(ConsoleBytes, ThatAreNoTextStandAsQuestionMarksAndSpoilNothingBesideThem) {
  std::mt19937 random(GetParam());
  std::string printed;
  std::string expected;
  for (int line = 0; line < 50; ++line) {
    const std::string text = fmt::format("{} \u00e4\u20ac ", line);
    const std::size_t length = random() % 40;
    printed += text;
    for (std::size_t i = 0; i < length; ++i) printed += static_cast<char>(0x80 + random() % 0x40);
    printed += '\n';
    expected += text + std::string(length, '?') + '\n';
  }
  FakeSwitch device({.page = 7, .noise_each = 5}, {{"show x", printed}});
  Wire wire;
  wire.prints("\r\n" + device.prompt()).passes(1s).asks("show x");
  converse(wire, device);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, expected) << "seed " << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Random, ConsoleBytes, testing::Range(1U, 9U));

}  // namespace
}  // namespace understudy::targets

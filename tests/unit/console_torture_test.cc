// Torture: whole dialogues cut at every byte, every bad habit with every other, letter by letter,
// noise everywhere, random cuts and garbage by seed, and memory under floods.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <random>

#include "console_switch.h"

namespace {

std::atomic<std::size_t> live_bytes{0};
std::atomic<std::size_t> peak_bytes{0};

void* counted(std::size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  const std::size_t live = live_bytes += malloc_usable_size(memory);
  if (live > peak_bytes) peak_bytes = live;
  return memory;
}

void freed(void* memory) {
  if (memory != nullptr) live_bytes -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void operator delete(void* memory) noexcept {
  freed(memory);
}
void operator delete[](void* memory) noexcept {
  freed(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  freed(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  freed(memory);
}

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using testing::SizeIs;
using Outcome = Answer::Outcome;

// ---------------------------------------------------------------- cut at every byte

const std::string noise_line = std::string(test_noise) + "\r\n";
const Credentials admin{.user = "admin", .password = "secret"};

void plain_dialogue(Wire& wire) {
  wire.prints("\r\nlogin: ").passes(1s).prints("admin\r\npassword: ").passes(1s);
  wire.prints("\r\n\r\nMSM-A.1 # ").passes(1s).asks("show x");
  wire.prints("show x\r\none\r\nMSM-A.1 # show x\r\nMSM-A.2 # \r\ntwo\r\nMSM-A.2 # ");
  wire.asks("save").prints("save\r\n* MSM-A.3 # ").passes(1s);
}

void paged_dialogue(Wire& wire) {
  wire.prints("MSM-A.1 # ").passes(1s).asks("show x");
  wire.prints("show x\r\r\n1\r\r\n2\r\r\nPress <SPACE> to continue or <Q> to quit:");
  wire.prints("\r                                         \r3\r\r\n--More-- (9%)");
  wire.prints("\b\b\b\b\b\b\b\b\b\b\b\b\b             \b\b\b\b\b\b\b\b\b\b\b\b\b4\r\r\n--More--");
  wire.prints("\r\x1b[K\x1b[1m5\x1b[0m\r\r\nMSM-A.2 # ");
}

void noisy_dialogue(Wire& wire) {
  wire.prints(noise_line + "MSM-A.1 # \r\n" + noise_line + "MSM-A.1 # ").passes(1s).asks("show x");
  wire.prints("sho\r\n" + noise_line + "MSM-A.1 # show x\r\n1\r\n" + noise_line +
              "2\r\nMSM-A.2 # " + noise_line + "MSM-A.2 # ");
  wire.asks("show y").prints("sh" + noise_line + "MSM-A.2 # show y\r\n\xff\xc3\xa4\r\n");
  wire.prints("MSM-B.1 > ").passes(1s);
}

void asking_dialogue(Wire& wire) {
  wire.prints("MSM-A.1 # ").passes(1s);
  wire.submits({.id = 1, .line = "reboot", .replies = {{"save-changes", "n\r"}}, .limit = 60s});
  wire.prints("reboot\r\nDo you want to save it\r\nto (primary.cfg)? (y or n) ").passes(1s);
  wire.prints("n\r\nAre you sure? (y/n) ").passes(1s).prints("n\r\nMSM-A.2 # ").passes(1s);
  wire.asks("show x", 2s).prints("show x\r\nhalf").passes(5s);
  wire.prints("\r\nMSM-A.3 # ").passes(1s).asks("show x");
  wire.prints("show x\r\nBooting 1\r\nbla\r\nBootRom > ").passes(1s);
  wire.prints("go\r\nBooting 2\r\n\r\nMSM-A.1 # ").passes(1s);
}

void buried_dialogue(Wire& wire) {
  wire.prints("Booting\r\n\r\nlogin: " + noise_line).passes(1s);
  wire.prints("admin\r\npassword: \r\n" + noise_line + noise_line).passes(1s);
  wire.prints("\r\nMSM-A.1 # " + noise_line).passes(1s).asks("show x");
  wire.prints("show x\r\n1\r\n--More--" + noise_line).passes(1s).prints("\r        \r2\r\n");
  wire.prints("Are you sure? (y/n)\r\n" + noise_line).passes(1s);
  wire.prints("\r\nMSM-A.2 # " + noise_line).passes(1s);
}

struct Dialogue {
  const char* name;
  void (*play)(Wire&);
  std::size_t bytes;
};

class ConsoleCuts : public testing::TestWithParam<Dialogue> {};

TEST_P(ConsoleCuts, AtEveryByteLeaveTheSameStory) {
  Wire whole(test_words(), admin);
  GetParam().play(whole);
  ASSERT_FALSE(whole.answers().empty());
  for (std::size_t cut = 1; cut < GetParam().bytes; ++cut) {
    Wire wire(test_words(), admin);
    wire.cut_at(cut);
    GetParam().play(wire);
    ASSERT_EQ(wire.story(), whole.story()) << "cut at byte " << cut;
  }
}

INSTANTIATE_TEST_SUITE_P(Dialogues, ConsoleCuts,
                         testing::Values(Dialogue{"Plain", plain_dialogue, 170},
                                         Dialogue{"Paged", paged_dialogue, 250},
                                         Dialogue{"Noisy", noisy_dialogue, 700},
                                         Dialogue{"Asking", asking_dialogue, 270},
                                         Dialogue{"Buried", buried_dialogue, 560}),
                         [](const auto& dialogue) { return std::string(dialogue.param.name); });

TEST(ConsoleCutsStory, TellsWhatThePlainDialogueHolds) {
  Wire wire(test_words(), admin);
  plain_dialogue(wire);
  EXPECT_EQ(wire.story(true),
            "mode login\n"
            "mode password\n"
            "mode shell\n"
            "prompt name=MSM-A count=1 mark=#\n"
            "mode busy\n"
            "1 answered cut=false []  name=MSM-A count=2 mark=# bytes 40-98 text "
            "`one\nMSM-A.1 # show x\nMSM-A.2 # \ntwo\n`\n"
            "mode shell\n"
            "prompt name=MSM-A count=2 mark=#\n"
            "mode busy\n"
            "1 answered cut=false []  dirty=*  name=MSM-A count=3 mark=# bytes 98-116 text ``\n"
            "mode shell\n"
            "prompt dirty=*  name=MSM-A count=3 mark=#\n");
}

// ---------------------------------------------------------------- bad habits

const std::map<std::string, std::string> outputs = {
    {"show switch", "SysName: X\n\n  Current State: MASTER\nImage: primary\n"},
    {"show fdb", "1 a\n2 b\n\n4 MSM-A.1 # d\n5 e\n6 f\n7 g\n"},
    {"save", ""}};

using Habit = std::tuple<Habits::EchoStyle, Habits::Erasure, const char*, int, int>;
class ConsoleHabits : public testing::TestWithParam<Habit> {};

TEST_P(ConsoleHabits, OfTheDeviceDoNotChangeTheAnswers) {
  const auto& [echo, erasure, line_end, page, noise_each] = GetParam();
  FakeSwitch device({.echo = echo,
                     .erasure = erasure,
                     .line_end = line_end,
                     .page = static_cast<std::size_t>(page),
                     .noise_each = static_cast<std::size_t>(noise_each)},
                    outputs);
  Wire wire;
  wire.prints("\r\n" + device.prompt()).passes(1s);
  for (const char* line : {"show switch", "show fdb", "save", "show fdb"}) wire.asks(line);
  converse(wire, device);
  ASSERT_THAT(wire.answers(), SizeIs(4));
  EXPECT_EQ(wire.answers()[0].text, outputs.at("show switch"));
  EXPECT_EQ(wire.answers()[1].text, outputs.at("show fdb"));
  EXPECT_EQ(wire.answers()[2].text, "");
  EXPECT_EQ(wire.answers()[3].text, outputs.at("show fdb"));
}

INSTANTIATE_TEST_SUITE_P(
    All, ConsoleHabits,
    testing::Combine(testing::Values(Habits::EchoStyle::Plain, Habits::EchoStyle::None,
                                     Habits::EchoStyle::Doubled, Habits::EchoStyle::EachTwice,
                                     Habits::EchoStyle::Wrapped, Habits::EchoStyle::DrawnAnew,
                                     Habits::EchoStyle::Interrupted),
                     testing::Values(Habits::Erasure::CarriageReturn, Habits::Erasure::Backspaces,
                                     Habits::Erasure::Ansi, Habits::Erasure::NextLine),
                     testing::Values("\r\n", "\r\r\n", "\n"), testing::Values(0, 1, 3),
                     testing::Values(0, 1)));

// ---------------------------------------------------------------- slow and random

TEST(ConsoleSlowly, LetterByLetterGivesTheSameAnswers) {
  Wire wire;
  wire.prints_slowly("\r\nMSM-A.1 # ", 50ms).passes(1s).asks("show x");
  wire.prints_slowly("show x\r\none\r\nMSM-A.1 # old\r\n" + noise_line + "two\r\nMSM-A.2 # ", 50ms);
  wire.passes(1s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "one\nMSM-A.1 # old\ntwo\n");
}

TEST(ConsoleSlowly, ALoginUnderALogLineIsAnsweredOnce) {
  for (const Duration gap : {1ms, 5ms, 20ms}) {
    Wire wire(test_words(), admin);
    wire.prints_slowly("\r\nlogin: " + noise_line, gap).passes(2s);
    EXPECT_EQ(wire.sent(), "admin\r");
  }
}

TEST(ConsoleSlowly, APagerIsAnsweredOnce) {
  Wire wire;
  wire.prints_slowly("\r\nMSM-A.1 # ", 50ms).passes(1s).asks("show x");
  wire.prints_slowly("show x\r\none\r\n--More-- (50%)", 50ms);
  EXPECT_EQ(wire.sent(), "show x\r ");
  wire.prints_slowly("\r              \rtwo\r\nMSM-A.2 # ", 50ms).passes(1s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_EQ(wire.answers()[0].text, "one\ntwo\n");
}

class ConsoleSeeds : public testing::TestWithParam<std::uint32_t> {};

TEST_P(ConsoleSeeds, CutAnywhereWithNoiseAnywhereTheAnswerIsTheSame) {
  std::mt19937 random(GetParam());
  std::string printed = "show x\r\n";
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    const std::string line = fmt::format("{} {}", i, std::string(random() % 90, 'y'));
    printed += line + "\r\n";
    expected += line + "\n";
    if (random() % 3 == 0) printed += noise_line;
  }
  printed += "MSM-A.2 # ";
  Wire wire;
  wire.prints("MSM-A.1 # ").passes(1s).asks("show x");
  for (std::string_view rest = printed; !rest.empty();) {
    const std::size_t count = std::min<std::size_t>(rest.size(), 1 + random() % 70);
    wire.prints(rest.substr(0, count)).passes(std::chrono::microseconds(random() % 500));
    rest.remove_prefix(count);
  }
  wire.passes(1s);
  ASSERT_THAT(wire.answers(), SizeIs(1)) << "seed " << GetParam();
  EXPECT_EQ(wire.answers()[0].text, expected) << "seed " << GetParam();
}

TEST_P(ConsoleSeeds, GarbageNeitherBreaksNorBlocksTheSession) {
  std::mt19937 random(GetParam());
  Wire wire;
  wire.prints("MSM-A.1 # ").passes(1s).asks("show x", 10s);
  const std::string likely = "\x1b[;?0123HJKPG\r\n\b ]\\#>abc\xff\xc3\a";
  for (int i = 0; i < 300; ++i) {
    std::string chunk;
    for (std::size_t length = random() % 60; length > 0; --length) {
      chunk += random() % 4 == 0 ? static_cast<char>(random()) : likely[random() % likely.size()];
    }
    wire.prints(chunk).passes(std::chrono::milliseconds(random() % 100));
  }
  wire.passes(20s).prints("\r\n\r\nMSM-A.2 # ").passes(1s);
  EXPECT_EQ(wire.session().waiting(), 0U) << "seed " << GetParam();
  EXPECT_EQ(wire.session().mode(), Mode::Shell) << "seed " << GetParam();
}

TEST_P(ConsoleSeeds, TheSameSeedTellsTheSameStoryTwice) {
  const auto story = [] {
    std::mt19937 random(GetParam());
    Wire wire(test_words(), admin);
    for (int i = 0; i < 100; ++i) {
      if (random() % 8 == 0) wire.asks("show x", 100ms);
      constexpr std::string_view pieces[] = {
          "MSM-A.1 # ", "\r\n",        "show x", "login: ",
          "--More--",   "Booting\r\n", "\x1b[K", "Are you sure? (y/n) "};
      wire.prints(pieces[random() % std::size(pieces)]);
      wire.passes(std::chrono::milliseconds(random() % 60));
    }
    return wire.story();
  };
  EXPECT_EQ(story(), story());
}

INSTANTIATE_TEST_SUITE_P(Random, ConsoleSeeds, testing::Range(1U, 31U));

// ---------------------------------------------------------------- floods

/// The most that was allocated during `work`, beyond what was there before.
template <typename Work>
std::size_t peak_of(const Work& work) {
  const std::size_t before = live_bytes;
  peak_bytes = before;
  work();
  return peak_bytes - before;
}

TEST(ConsoleFlood, OfAHundredMegabytesWithoutALineEndHoldsNoMoreThanWhatIsKept) {
  Wire wire(test_words(), {}, 1 << 20);
  wire.prints("MSM-A.1 # ").passes(1s).asks("show x").prints("show x\r\n");
  const std::string chunk(65'536, 'x');
  const std::size_t peak = peak_of([&] {
    for (int i = 0; i < 1600; ++i) wire.prints(chunk);
  });
  EXPECT_LT(peak, 4U << 20);
  wire.prints("\r\nMSM-A.2 # ").passes(1s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_TRUE(wire.answers()[0].is_cut);
  EXPECT_EQ(wire.answers()[0].text.size(), 1U << 20);
}

TEST(ConsoleFlood, OfLinesHoldsNoMoreThanWhatIsKept) {
  Wire wire(test_words(), {}, 1 << 20);
  wire.prints("MSM-A.1 # ").passes(1s).asks("show x").prints("show x\r\n");
  std::string chunk;
  while (chunk.size() < 65'536) chunk += "00:04:96:00:00:01  Vlan0001(0001)  0012 d m #   1:1\r\n";
  const std::size_t peak = peak_of([&] {
    for (int i = 0; i < 1600; ++i) wire.prints(chunk);
  });
  EXPECT_LT(peak, 4U << 20);
  wire.prints("MSM-A.2 # ").passes(1s);
  ASSERT_THAT(wire.answers(), SizeIs(1));
  EXPECT_TRUE(wire.answers()[0].is_cut);
}

TEST(ConsoleFlood, ThatNobodyAskedForIsNotKept) {
  Wire wire;
  wire.prints("MSM-A.1 # ").passes(1s);
  const std::string chunk = "\r\nunasked" + std::string(60'000, 'z') + "\x1b[1mbold\x1b[0m";
  EXPECT_LT(peak_of([&] {
              for (int i = 0; i < 500; ++i) wire.prints(chunk);
            }),
            1U << 20);
}

TEST(ConsoleFlood, InsideAnEscapeSequenceIsNotKept) {
  Wire wire;
  wire.prints("MSM-A.1 # ").passes(1s).prints("\x1b[");
  const std::string chunk(60'000, '1');
  EXPECT_LT(peak_of([&] {
              for (int i = 0; i < 500; ++i) wire.prints(chunk);
            }),
            1U << 20);
}

TEST(ConsoleFlood, BeforeTheEchoIsNotKept) {
  Wire wire(test_words(), {}, 1000);
  wire.prints("MSM-A.1 # ").passes(1s).asks("show x");
  EXPECT_LT(peak_of([&] {
              for (int i = 0; i < 100'000; ++i) wire.prints("\r\n \r\n");
            }),
            1U << 20);
}

}  // namespace
}  // namespace understudy::targets

// Is a testbed to be trusted: whose console it is before all else, what log lines in the middle of
// an answer leave, and that no finding tells a secret. On scripted switches, in virtual time.
#include "targets/probe.h"

#include <gmock/gmock.h>

#include <functional>

#include "tests/unit/device_fake.h"
#include "tests/unit/fresh_folder.h"

namespace understudy::targets {
namespace {

using test::FakeBench;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

constexpr const char* lab = R"(testbed: lab
dialect: exos
nodes:
  MSM-A: {console: {tcp: "h:1", login: {user: admin, password: hunter2horse}}, identity: MSM-A}
  MSM-B: {console: {tcp: "h:2", login: {user: admin, password: hunter2horse}}, identity: MSM-B}
timing: {boot: 1s, answer: 2s}
)";

constexpr const char* by_serial_lines = R"(testbed: lab
dialect: exos
nodes:
  MSM-A: {console: {serial: /dev/ttyS8, line: {speed: 9600}}}
  MSM-B: {console: {serial: /dev/ttyS9, line: {speed: 9600}}}
timing: {boot: 1s, answer: 2s}
)";

constexpr const char* by_management = R"(testbed: lab
dialect: exos
nodes:
  MSM-A:
  MSM-B:
management: {tcp: "h:1", login: {user: admin, password: hunter2horse}, follows: master}
timing: {boot: 1s, answer: 2s}
)";

constexpr const char* log_line = "\r\n03/04/2013 10:11:12.00 <Info:HAL.Card.Info> MSM-B: a fan\r\n";

constexpr const char* shows_a_prompt = "it shows a prompt";
constexpr const char* long_output = "a long output comes whole, with and without pages";

class Probe : public ::testing::Test {
 protected:
  Probe() {
    log_.answers = [this](std::size_t node, const std::string& line) -> std::string {
      if (is_stuck_) return "silence";
      if (line == "show configuration" && stuck_) {
        is_stuck_ = true;
        log_.prints(node, line + "\r\ncreate vlan v1\r\nStrike <ANY> key");
        stuck_(node);
        return "silence";
      }
      if (line == "understudy probe") return "%% Invalid input detected at '^' marker.\r\n";
      if (line == "show switch") return switch_of(node);
      if (line == "show configuration") return configuration();
      return "%% Invalid input detected at '^' marker.\r\n";
    };
  }

  std::string switch_of(std::size_t node) {
    const std::string cut = ++asked_ % 3 != 0 ? cut_ : "";
    const bool is_a = marked_[node] == 'A';
    return std::string("Slot:   MSM-A") + (is_a ? " *" : "") + "   MSM-B" + (is_a ? "" : " *") +
           "\r\nCurrent Time:   Mon Mar  4 10:11:12 2013\r\nCurrent State:   MAS" + cut +
           "TER   BACKUP\r\n";
  }

  std::string configuration() {
    std::string text;
    for (int vlan = 0; vlan < 30; ++vlan) {
      text += "create vl";
      if (vlan == 7 && ++shown_ % 2 == 1) text += cut_;
      text += "an v" + std::to_string(vlan) + "\r\n";
    }
    if (stamp_) text += "# asked " + std::to_string(++stamped_) + "\r\n";
    return text;
  }

  void ask(const std::string& text, std::size_t consoles) {
    const auto dialect =
        load_dialect_folder(std::string(UNDERSTUDY_SOURCE_DIR) + "/targets/dialects/exos");
    ASSERT_TRUE(dialect) << to_line(dialect.error());
    auto file = read_testbed(text, "lab.yaml");
    ASSERT_TRUE(file) << to_line(file.error());
    const auto secrets = reveal_passwords(*file);
    ASSERT_TRUE(secrets);
    LoadedTestbed testbed{std::move(*file), *dialect, {}};
    testbed.capabilities.nodes = {"MSM-A", "MSM-B"};
    testbed.capabilities.timing = testbed.file.timing;
    FakeBench bench(log_, consoles);
    const testing::FreshFolder folder;
    auto findings = probe(bench, testbed, folder.path().string(), Mask(*secrets), NeverCancelled());
    ASSERT_TRUE(findings) << to_line(findings.error());
    findings_ = std::move(*findings);
  }

  ProbeFinding finding(const std::string& node, const std::string& question) const {
    for (const ProbeFinding& one : findings_)
      if (one.node == node && one.question == question) return one;
    return {node, question, false, "was not asked", false};
  }

  std::vector<std::string> typed(std::size_t node) const {
    std::vector<std::string> lines;
    for (const auto& [at, line] : log_.lines)
      if (at == node && !line.empty()) lines.push_back(line);
    return lines;
  }

  FakeBench::Log log_;
  std::string marked_ = "ABB";  ///< whose console each says that it is
  std::string cut_;             ///< stands in the middle of most answers
  int asked_ = 0;
  int shown_ = 0;
  std::function<void(std::size_t)> stuck_;  ///< after the first page, which nothing leaves
  bool is_stuck_ = false;
  bool stamp_ = false;  ///< a line of the long output says how often it was asked
  int stamped_ = 0;
  std::vector<ProbeFinding> findings_;
};

TEST_F(Probe, TellsNoSecretThatADeviceRepeats) {
  log_.prompt = "login: ";
  log_.answers = [this](std::size_t, const std::string& line) -> std::string {
    log_.prompt = line == "admin" ? "Password: " : "login: ";
    return line == "hunter2horse" ? "Login incorrect: no hunter2horse for admin\r\n" : "";
  };
  ask(lab, 2);
  const ProbeFinding found = finding("MSM-A", "it shows a prompt");
  EXPECT_THAT(found.words, HasSubstr("Login incorrect: no ************ for admin"));
  for (const ProbeFinding& one : findings_) EXPECT_THAT(one.words, Not(HasSubstr("hunter2horse")));
}

TEST_F(Probe, TellsAPromptThatDoesNotFitAfterALoginThatDid) {
  log_.prompt = "login: ";
  log_.answers = [this](std::size_t, const std::string& line) -> std::string {
    log_.prompt = line == "admin" ? "Password: " : "<pylon>";
    return "";
  };
  ask(lab, 2);
  EXPECT_THAT(finding("MSM-A", shows_a_prompt).words,
              HasSubstr("console.prompt does not fit the last line, `<pylon>`"));
}

TEST_F(Probe, TellsNoLongerALineThanAPersonReads) {
  log_.prompt = std::string(1 << 20, 'y');
  ask(lab, 2);
  EXPECT_THAT(finding("MSM-A", shows_a_prompt).words, HasSubstr("`...yyy"));
  EXPECT_LT(finding("MSM-A", shows_a_prompt).words.size(), 500U);
}

TEST_F(Probe, WritesNoByteOfADeviceThatATerminalObeys) {
  log_.prompt = "\x1b]0;pwned\x07$ ";
  ask(lab, 2);
  EXPECT_THAT(finding("MSM-A", shows_a_prompt).words, HasSubstr("`\\x1b]0;pwned\\x07$ `"));
}

TEST_F(Probe, TellsWhyAConsoleEnded) {
  log_.is_mute = true;
  for (const std::size_t node : {0, 1})
    log_.happens(BenchEvent::Kind::ConsoleClosed, node, 5ms, false, "sh ended: cannot reach ts");
  ask(lab, 2);
  EXPECT_THAT(finding("MSM-A", shows_a_prompt).words,
              HasSubstr("its session ended: sh ended: cannot reach ts"));
}

TEST_F(Probe, OfALineThatPrintsGarbageTellsWhatASerialLineMayHaveWrong) {
  log_.prompt = "\xff\xfe\x80\xf8x\x80\xff";
  log_.answers = nullptr;
  ask(by_serial_lines, 2);
  EXPECT_THAT(finding("MSM-A", shows_a_prompt).words,
              HasSubstr("are speed and parity of its `line` as the device has them?"));
}

TEST_F(Probe, TellsAPageThatNoPagerFits) {
  stuck_ = [](std::size_t) {};
  ask(lab, 2);
  const ProbeFinding found = finding("MSM-A", long_output);
  EXPECT_FALSE(found.is_good || found.is_open);
  EXPECT_THAT(found.words, HasSubstr("`show configuration` was not answered within 2s; the last "
                                     "line is `Strike <ANY> key`"));
}

TEST_F(Probe, TellsADeviceThatIsTooSlowForTheTestbed) {
  stuck_ = [this](std::size_t node) {
    for (int letter = 0; letter < 1000; ++letter) log_.prints(node, "x", letter * 20ms);
  };
  ask(lab, 2);
  EXPECT_EQ(finding("MSM-A", long_output).words,
            "`show configuration` is still printing after 2s: a longer `answer` in timing");
}

TEST_F(Probe, LeavesOpenWhatIsAskedOfAConsoleThatAnswersNoMore) {
  stuck_ = [](std::size_t) {};
  ask(lab, 2);
  for (const char* question : {"it shows its clock", "`show switch` can be read"}) {
    const ProbeFinding found = finding("MSM-A", question);
    EXPECT_TRUE(found.is_open && !found.is_good) << question << ": " << found.words;
    EXPECT_EQ(found.words, "it was not asked, since `show configuration` was not answered");
  }
}

TEST_F(Probe, TellsTheQuestionThatCameInsteadOfAnAnswer) {
  const auto known = log_.answers;
  log_.answers = [known](std::size_t node, const std::string& line) -> std::string {
    return line == "show iproute" ? "Reset counters? (y/n) " : known(node, line);
  };
  ask(lab, 2);
  const ProbeFinding found = finding("MSM-A", "`show iproute` can be read");
  EXPECT_FALSE(found.is_good || found.is_open);
  EXPECT_THAT(found.words, HasSubstr("was answered with the question `"));
  EXPECT_TRUE(finding("MSM-A", "`show switch` can be read").is_good);
}

TEST_F(Probe, ReadsNothingInTheAnswerThatAnUnknownCommandGets) {
  const auto known = log_.answers;
  log_.answers = [known](std::size_t node, const std::string& line) -> std::string {
    const std::string answer = known(node, line);
    return answer.starts_with("%%") ? "% Unknown command '" + line + "', see 'help'\r\n" : answer;
  };
  ask(lab, 2);
  const ProbeFinding found = finding("MSM-A", "`show iproute` can be read");
  EXPECT_TRUE(found.is_open && !found.is_good) << found.words;
  EXPECT_THAT(found.words, HasSubstr("as `understudy probe` is: "
                                     "% Unknown command 'show iproute', see 'help'"));
  EXPECT_TRUE(finding("MSM-A", "`show switch` can be read").is_good);
}

TEST_F(Probe, TellsTheFirstLineThatPagesChange) {
  stamp_ = true;
  ask(lab, 2);
  EXPECT_THAT(finding("MSM-A", long_output).words,
              HasSubstr("; line 31 is `# asked 1` with pages and `# asked 2` without"));
}

TEST_F(Probe, SeesAnEchoOfWhichEachLetterComesTwice) {
  log_.echo = [](const std::string& line) {
    std::string twice;
    for (const char c : line) twice += {c, c};
    return twice;
  };
  ask(lab, 2);
  const ProbeFinding found = finding("MSM-A", "echo is as the dialect says");
  EXPECT_TRUE(found.is_good);
  EXPECT_EQ(found.words, "it echoes each letter twice: does the line echo as well?");
}

TEST_F(Probe, AsksWhoseConsoleItIsBeforeAnythingElse) {
  ask(lab, 2);
  const ProbeFinding found = finding("MSM-B", "it is the testbed's MSM-B");
  EXPECT_TRUE(found.is_good) << found.words;
  EXPECT_EQ(found.words, "console is MSM-B");
  EXPECT_EQ(typed(1).front(), "show switch");
  EXPECT_THAT(typed(1), Contains("understudy probe"));
}

TEST_F(Probe, SendsNothingMoreWhereConsolesAreSwapped) {
  marked_ = "BA";
  ask(lab, 2);
  const ProbeFinding found = finding("MSM-A", "it is the testbed's MSM-A");
  EXPECT_FALSE(found.is_good);
  EXPECT_EQ(found.words, "console is `MSM-B`, and the testbed says `MSM-A`; nothing more was sent");
  EXPECT_THAT(typed(0), ElementsAre("show switch"));
  EXPECT_THAT(typed(1), Each("show switch"));
}

TEST_F(Probe, OfATestbedWithAManagementAddressAsksItsSession) {
  ask(by_management, 3);
  const ProbeFinding found = finding("management", "it is the testbed's management");
  EXPECT_TRUE(found.is_good) << found.words;
  EXPECT_EQ(found.words, "it answers as MSM-B");
  EXPECT_TRUE(finding("management", "`show switch` can be read").is_good);
  for (const ProbeFinding& one : findings_) EXPECT_EQ(one.node, "management") << one.question;
}

TEST_F(Probe, AsksAgainWhereLogLinesCameIntoAnAnswer) {
  cut_ = log_line;
  ask(lab, 2);
  for (const char* question :
       {"it is the testbed's MSM-A", "`show switch` can be read",
        "`show configuration` can be read", "a long output comes whole, with and without pages"}) {
    const ProbeFinding found = finding("MSM-A", question);
    EXPECT_TRUE(found.is_good) << question << ": " << found.words;
  }
  EXPECT_THAT(finding("MSM-A", "`show switch` can be read").words,
              HasSubstr("(show_switch.textfsm)"));
}

}  // namespace
}  // namespace understudy::targets

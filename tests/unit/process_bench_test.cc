// Nodes as processes: consoles, power, hangs, hands, and what is told of them.
#include <gmock/gmock.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "targets/keeper/processes.h"
#include "tests/unit/process_fixture.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

bool is_gone(int pid) {
  return !identity_of(pid).has_value();
}

std::string text_of_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST_F(ProcessBenchTest, AConsoleOnAPtyCarriesBytesBothWaysWithoutAnEchoOfItsOwn) {
  add_node("A", {"echo"});
  open();
  wait_for(0, "ready");
  wait_for(0, "\n");
  bench_->send(0, "hello\r");
  EXPECT_EQ(wait_for(0, "hello\n"), "hello\n");
  pump(20ms);
  EXPECT_EQ(printed_[0], "");
}

TEST_F(ProcessBenchTest, AConsoleOnPipesCarriesBytesBothWays) {
  add_node("A", {"echo"}, false);
  open();
  wait_for(0, "ready");
  bench_->send(0, "one\ntwo\n");
  wait_for(0, "one\ntwo\n");
}

TEST_F(ProcessBenchTest, AMegabyteComesThroughWhole) {
  add_node("A", {"echo"}, false);
  open();
  wait_for(0, "\n");
  const std::string line(1'023, 'x');
  for (int i = 0; i < 1'024; ++i) bench_->send(0, line + "\n");
  bench_->send(0, "end");
  EXPECT_EQ(wait_for(0, "end").size(), 1'024u * 1'024u + 3u);
}

TEST_F(ProcessBenchTest, StandardErrorGoesToAFileOfItsOwn) {
  add_node("A", {"errors"});
  open();
  wait_for(0, "ready");
  bench_->heal();
  EXPECT_EQ(text_of_file(folder_ / "A.stderr"), "to the error file\n");
  EXPECT_THAT(bench_->artefacts(), testing::ElementsAre("A.stderr"));
}

TEST_F(ProcessBenchTest, StandardErrorHoldsNoSecret) {
  settings_.mask = Mask({"to the"});
  add_node("A", {"errors"});
  open();
  wait_for(0, "ready");
  bench_->heal();
  EXPECT_EQ(text_of_file(folder_ / "A.stderr"), "****** error file\n");
}

TEST_F(ProcessBenchTest, ANodeThatEndsByItselfIsToldWithItsStatusAfterItsLastWords) {
  add_node("A", {"fail", "last words"});
  open();
  const BenchEvent ended = wait_for(0, BenchEvent::Kind::NodeEnded);
  EXPECT_EQ(ended.text, "exited with status 1");
  EXPECT_FALSE(ended.expected);
  EXPECT_EQ(printed_[0], "last words\n");
  EXPECT_FALSE(wait_for(0, BenchEvent::Kind::ConsoleClosed).expected);
}

TEST_F(ProcessBenchTest, ANodeThatCrashesIsToldWithItsSignal) {
  add_node("A", {"crash"});
  open();
  EXPECT_EQ(wait_for(0, BenchEvent::Kind::NodeEnded).text, "was killed by signal 6 (Aborted)");
}

TEST_F(ProcessBenchTest, ACommandThatDoesNotExistIsOneClearLine) {
  add_node("A", {"echo"});
  settings_.nodes.push_back({"B", {"understudy-nod"}, true, {}, "signal"});
  const auto opened = try_to_open();
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(to_line(opened.error()),
            "test.yaml: understudy-nod: No such file or directory (a program is found beside "
            "understudy, in PATH, or by its path)");
}

TEST_F(ProcessBenchTest, AProgramBesideOursIsFoundWithoutAPath) {
  settings_.nodes.push_back({"A", {"process_node", "echo"}, true, {}, "signal"});
  open();
  wait_for(0, "ready");
}

TEST_F(ProcessBenchTest, EnvironmentAndStateFolderReachTheNode) {
  add_node("A", {"environment", "STATE"});
  settings_.nodes[0].environment = {{"STATE", "${A.state}/${run}"}};
  std::filesystem::create_directories(folder_ / "A.state");
  std::ofstream(folder_ / "A.state" / "old") << "left by an earlier run";
  open();
  EXPECT_THAT(wait_for(0, "\n"), ContainsRegex("value .*/A\\.state/[0-9]+-[0-9]+"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "A.state"));
}

TEST_F(ProcessBenchTest, ANodeInheritsNothingButItsConsole) {
  add_node("A", {"descriptors"});
  add_node("B", {"descriptors"}, false);
  open();
  EXPECT_EQ(wait_for(0, "end"), "open: 0 1 2 end");
  EXPECT_EQ(wait_for(1, "end"), "open: 0 1 2 end");
}

// ------------------------------------------------------------------------------ power

TEST_F(ProcessBenchTest, PowerOffIsProvenByAReapedProcess) {
  add_node("A", {"deaf"});
  open();
  const int pid = number_after(0, "ready");
  const Receipt receipt = apply("power-off", {{"node", "A"}});
  EXPECT_TRUE(receipt.took_effect) << receipt.words;
  EXPECT_EQ(receipt.means, "SIGKILL");
  EXPECT_THAT(receipt.words, HasSubstr("was killed by signal 9 (Killed) and was reaped"));
  EXPECT_LE(receipt.ordered, receipt.done);
  EXPECT_TRUE(is_gone(pid));
  EXPECT_TRUE(wait_for(0, BenchEvent::Kind::NodeEnded).expected);
  EXPECT_TRUE(wait_for(0, BenchEvent::Kind::ConsoleClosed).expected);
}

TEST_F(ProcessBenchTest, PowerOnStartsTheNodeAgainWithItsState) {
  add_node("A", {"echo"});
  open();
  const int before = number_after(0, "ready");
  std::ofstream(folder_ / "A.state" / "flash") << "kept";
  apply("lose", {{"node", "A"}});
  const Receipt receipt = apply("power-on", {{"node", "A"}});
  EXPECT_TRUE(receipt.took_effect) << receipt.words;
  EXPECT_NE(number_after(0, "ready"), before);
  EXPECT_EQ(text_of_file(folder_ / "A.state" / "flash"), "kept");
}

TEST_F(ProcessBenchTest, NodesThatGetPowerAtOneTimeAreToldOneInstant) {
  add_node("A", {"environment", "UNDERSTUDY_POWER_ON"});
  add_node("B", {"environment", "UNDERSTUDY_POWER_ON"});
  const auto instant_of = [this](std::size_t node) {
    wait_for(node, "value ");
    return wait_for(node, "\n");
  };
  open();
  const std::string first = instant_of(0);
  EXPECT_THAT(first, ContainsRegex("^[0-9]+\n"));
  EXPECT_EQ(instant_of(1), first);
  apply("lose", {{"node", "chassis"}});
  apply("power-on", {{"node", "chassis"}});
  const std::string second = instant_of(0);
  EXPECT_EQ(instant_of(1), second);
  EXPECT_NE(second, first);
}

TEST_F(ProcessBenchTest, LosingTheChassisEndsEveryNode) {
  add_node("A", {"echo"});
  add_node("B", {"echo"});
  open();
  const int a = number_after(0, "ready");
  const int b = number_after(1, "ready");
  EXPECT_TRUE(apply("lose", {{"node", "chassis"}}).took_effect);
  EXPECT_TRUE(is_gone(a));
  EXPECT_TRUE(is_gone(b));
}

TEST_F(ProcessBenchTest, PowerOffOfANodeThatIsOffIsDoneAlready) {
  add_node("A", {"echo"});
  open();
  apply("power-off", {{"node", "A"}});
  const Receipt again = apply("power-off", {{"node", "A"}});
  EXPECT_TRUE(again.took_effect);
  EXPECT_THAT(again.words, HasSubstr("A is off"));
}

TEST_F(ProcessBenchTest, PowerOffReachesAGrandchildInASessionOfItsOwn) {
  add_node("A", {"double-fork"}, false);
  open();
  const int child = number_after(0, "child");
  EXPECT_FALSE(is_gone(child));
  EXPECT_TRUE(apply("power-off", {{"node", "A"}}).took_effect);
  EXPECT_TRUE(is_gone(child));
}

TEST_F(ProcessBenchTest, AHungNodeIsStoppedInEveryThreadAndGoesOnWhenResumed) {
  add_node("A", {"deaf"});
  open();
  const int pid = number_after(0, "ready");
  const Receipt hung = apply("hang", {{"node", "A"}});
  EXPECT_TRUE(hung.took_effect) << hung.words;
  EXPECT_THAT(hung.words, HasSubstr("2 threads of 1 processes in state T"));
  EXPECT_EQ(thread_states(pid), "TT");
  EXPECT_TRUE(apply("resume", {{"node", "A"}}).took_effect);
  EXPECT_THAT(thread_states(pid), Not(HasSubstr("T")));
  bench_->send(0, "back\n");
  wait_for(0, "back");
}

TEST_F(ProcessBenchTest, AHungNodeCanLosePower) {
  add_node("A", {"deaf"});
  open();
  const int pid = number_after(0, "ready");
  apply("hang", {{"node", "A"}});
  EXPECT_TRUE(apply("lose", {{"node", "A"}}).took_effect);
  EXPECT_TRUE(is_gone(pid));
}

TEST_F(ProcessBenchTest, ANodeThatIsOffCannotHang) {
  add_node("A", {"echo"});
  open();
  apply("lose", {{"node", "A"}});
  const Receipt receipt = apply("hang", {{"node", "A"}});
  EXPECT_EQ(receipt.outcome, Receipt::Outcome::BenchBroken);
  EXPECT_THAT(receipt.words, HasSubstr("A is off"));
}

TEST_F(ProcessBenchTest, AHundredPowerCyclesLeaveNoDescriptorAndNoZombie) {
  add_node("A", {"echo"});
  add_node("B", {"echo"}, false);
  open();
  const auto cycle = [this] {
    ASSERT_TRUE(apply("lose", {{"node", "chassis"}}).took_effect);
    ASSERT_TRUE(apply("power-on", {{"node", "chassis"}}).took_effect);
    pump(0ms);
  };
  cycle();
  const pid_t keeper = descendants_of(getpid()).front();
  const std::size_t before = open_descriptors(getpid());
  const std::size_t before_keeper = open_descriptors(keeper);
  const std::size_t processes = descendants_of(getpid()).size();
  for (int i = 0; i < 100; ++i) cycle();
  EXPECT_EQ(open_descriptors(getpid()), before);
  EXPECT_EQ(open_descriptors(keeper), before_keeper);
  EXPECT_EQ(descendants_of(getpid()).size(), processes);  // keeper, two launchers, two nodes
}

TEST_F(ProcessBenchTest, AfterHealNoProcessIsLeft) {
  add_node("A", {"double-fork"});
  add_node("B", {"deaf"});
  open();
  number_after(0, "child");
  number_after(1, "ready");
  apply("hang", {{"node", "B"}});
  EXPECT_THAT(bench_->heal(), IsEmpty());
  EXPECT_THAT(descendants_of(getpid()), IsEmpty());
  EXPECT_THAT(bench_->heal(), IsEmpty());
}

// ------------------------------------------------------------------------------ hands

TEST_F(ProcessBenchTest, AHandIsACommandWithTheActsNodeAndArguments) {
  add_node("A", {"echo"});
  settings_.hands = {
      {"press", {"process_node", "print", "${node} ${argument.button} ${node.control}"}}};
  open();
  const Receipt receipt = apply("press", {{"node", "A"}, {"button", "reset"}});
  EXPECT_TRUE(receipt.took_effect) << receipt.words;
  EXPECT_THAT(receipt.words, HasSubstr("A reset /"));
  EXPECT_THAT(bench_->acts(), testing::Contains("press"));
}

TEST_F(ProcessBenchTest, AHandThatFailsSaysWhy) {
  add_node("A", {"echo"});
  settings_.hands = {{"insert", {"process_node", "fail", "no such slot"}}};
  open();
  const Receipt receipt = apply("insert", {{"node", "A"}});
  EXPECT_EQ(receipt.outcome, Receipt::Outcome::BenchBroken);
  EXPECT_FALSE(receipt.took_effect);
  EXPECT_THAT(receipt.words, HasSubstr("exited with status 1: no such slot"));
}

TEST_F(ProcessBenchTest, AHandThatDoesNotEndIsEnded) {
  add_node("A", {"echo"});
  settings_.hands = {{"remove", {"process_node", "pause"}}};
  settings_.hand_limit = 50ms;
  open();
  const Receipt receipt = apply("remove", {{"node", "A"}});
  EXPECT_FALSE(receipt.took_effect);
  EXPECT_THAT(receipt.words, HasSubstr("did not end in time"));
  EXPECT_TRUE(becomes_true([] { return descendants_of(getpid()).size() == 3; }));
}

TEST_F(ProcessBenchTest, AWordThatTheBenchDoesNotKnowIsUnsupported) {
  add_node("A", {"echo"});
  open();
  EXPECT_EQ(apply("insert", {{"node", "A"}}).outcome, Receipt::Outcome::Unsupported);
}

}  // namespace
}  // namespace understudy::targets

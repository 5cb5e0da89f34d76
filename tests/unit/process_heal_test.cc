// Nothing outlives the harness: harness killed, keeper killed, both killed.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <random>

#include "targets/keeper/processes.h"
#include "tests/unit/process_fixture.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

std::string program() {
  return std::string(UNDERSTUDY_BINARY_DIR) + "/tests/process_node";
}

/// A harness of its own, whose whole tree carries a mark in its environment.
class KilledHarness : public testing::Test {
 protected:
  KilledHarness() {
    std::string path = (std::filesystem::temp_directory_path() / "understudy-kill-XXXXXX").string();
    folder_ = mkdtemp(path.data());
    mark_ = "PROCESS_TEST=" + folder_.filename().string();
  }
  ~KilledHarness() override {
    for (const pid_t pid : processes_with_environment(mark_)) kill(pid, SIGKILL);
    std::filesystem::remove_all(folder_);
  }

  pid_t begin() {
    std::array<int, 2> output{};
    EXPECT_EQ(pipe2(output.data(), O_CLOEXEC), 0);
    const pid_t pid = fork();
    if (pid == 0) {
      dup2(output[1], STDOUT_FILENO);
      setenv("PROCESS_TEST", folder_.filename().c_str(), 1);
      execl(program().c_str(), "process_node", "harness", folder_.c_str(), nullptr);
      _exit(127);
    }
    close(output[1]);
    std::array<char, 64> text{};
    EXPECT_GT(read(output[0], text.data(), text.size()), 0) << "the harness did not start";
    close(output[0]);
    return pid;
  }
  std::vector<pid_t> left() const { return processes_with_environment(mark_); }
  std::vector<std::string> journals() const {
    std::vector<std::string> names;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / ".understudy", none)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }
  pid_t keeper_of(pid_t harness) const { return descendants_of(harness).at(0); }
  static void end(pid_t pid) {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
  }

  std::filesystem::path folder_;
  std::string mark_;
};

/// The promise is five seconds.
bool is_over_in_time(const std::function<bool()>& holds) {
  const auto begin = std::chrono::steady_clock::now();
  const bool held = becomes_true(holds);
  return held && std::chrono::steady_clock::now() - begin < 5s;
}

TEST_F(KilledHarness, AtAnyMomentLeavesNothingRunning) {
  std::mt19937 random(7);
  for (int round = 0; round < 12; ++round) {
    const pid_t harness = begin();
    EXPECT_GE(left().size(), 2u);  // harness and keeper; the nodes may be without power
    poll(nullptr, 0, static_cast<int>(random() % 60));  // the moment
    end(harness);
    EXPECT_TRUE(is_over_in_time([this] { return left().empty(); })) << "round " << round;
    EXPECT_TRUE(becomes_true([this] { return journals().empty(); }));
  }
}

TEST_F(KilledHarness, WhileStartingLeavesNothingRunning) {
  std::mt19937 random(11);
  for (int round = 0; round < 12; ++round) {
    const pid_t pid = fork();
    if (pid == 0) {
      setenv("PROCESS_TEST", folder_.filename().c_str(), 1);
      close(STDOUT_FILENO);
      execl(program().c_str(), "process_node", "harness", folder_.c_str(), nullptr);
      _exit(127);
    }
    poll(nullptr, 0, static_cast<int>(random() % 40));  // the moment
    end(pid);
    EXPECT_TRUE(is_over_in_time([this] { return left().empty(); })) << "round " << round;
  }
}

TEST_F(KilledHarness, WithItsKeeperKilledFirstLeavesNothingRunning) {
  const pid_t harness = begin();
  kill(keeper_of(harness), SIGKILL);
  end(harness);
  EXPECT_TRUE(is_over_in_time([this] { return left().empty(); }));
}

TEST_F(KilledHarness, WithKeeperAndLaunchersKilledIsHealedFromTheJournal) {
  const pid_t harness = begin();
  kill(harness, SIGSTOP);
  const std::vector<pid_t> tree = descendants_of(harness);
  const pid_t keeper = tree.at(0);
  kill(keeper, SIGSTOP);
  for (const pid_t pid : descendants_of(keeper)) {
    const bool is_launcher = !descendants_of(pid).empty();
    if (is_launcher) kill(pid, SIGKILL);
  }
  kill(keeper, SIGKILL);
  end(harness);
  EXPECT_TRUE(
      becomes_true([&] { return !identity_of(keeper) || !is_alive(*identity_of(keeper)); }));
  EXPECT_THAT(journals(), testing::SizeIs(1));
  const auto lines = heal_process_benches(folder_);
  EXPECT_THAT(lines, Contains(HasSubstr("healed")));
  EXPECT_TRUE(is_over_in_time([this] { return left().empty(); }));
  EXPECT_THAT(journals(), IsEmpty());
  EXPECT_THAT(heal_process_benches(folder_), IsEmpty());
}

TEST_F(KilledHarness, HealLeavesARunThatIsAtWorkAlone) {
  const pid_t harness = begin();
  EXPECT_THAT(heal_process_benches(folder_), Contains(HasSubstr("left alone")));
  EXPECT_EQ(waitpid(harness, nullptr, WNOHANG), 0);
  end(harness);
  EXPECT_TRUE(is_over_in_time([this] { return left().empty(); }));
}

TEST(Heal, NeverEndsAProcessThatHasTakenOverAnOldId) {
  std::string path = (std::filesystem::temp_directory_path() / "understudy-heal-XXXXXX").string();
  const std::filesystem::path out = mkdtemp(path.data());
  const std::filesystem::path folder = out / "testbed" / "suite" / "case";
  std::filesystem::create_directories(folder / ".understudy");
  const pid_t innocent = fork();
  if (innocent == 0) {
    for (;;) pause();
  }
  const auto identity = identity_of(innocent).value();
  std::ofstream(folder / ".understudy" / "journal-1.jsonl")
      << "{\"run\":\"x-1\",\"keeper\":{\"pid\":999999,\"started\":1},\"control\":\"/tmp\"}\n"
      << "{\"started\":\"A\",\"process\":{\"pid\":" << innocent
      << ",\"started\":" << identity.started - 1 << "}}\n{\"torn";
  EXPECT_THAT(heal_process_benches(out), testing::SizeIs(1));
  EXPECT_EQ(waitpid(innocent, nullptr, WNOHANG), 0);
  EXPECT_TRUE(std::filesystem::exists("/tmp"));
  kill(innocent, SIGKILL);
  waitpid(innocent, nullptr, 0);
  std::filesystem::remove_all(out);
}

TEST_F(ProcessBenchTest, AKilledKeeperIsToldAndTakesItsNodesAlong) {
  add_node("A", {"double-fork"});
  open();
  const int node = number_after(0, "ready");
  const int child = number_after(0, "child");
  kill(descendants_of(getpid()).front(), SIGKILL);
  EXPECT_THAT(wait_for(0, BenchEvent::Kind::Broken).text, HasSubstr("the keeper ended"));
  EXPECT_TRUE(becomes_true([&] { return !identity_of(node) && !identity_of(child); }));
  EXPECT_EQ(apply("hang", {{"node", "A"}}).outcome, Receipt::Outcome::BenchBroken);
}

TEST_F(ProcessBenchTest, AKilledLauncherTakesItsNodeAlongAndIsToldAsUnexpected) {
  add_node("A", {"echo"});
  open();
  const int node = number_after(0, "ready");
  kill(descendants_of(getpid()).at(1), SIGKILL);
  EXPECT_FALSE(wait_for(0, BenchEvent::Kind::NodeEnded).expected);
  EXPECT_TRUE(becomes_true([&] { return !identity_of(node); }));
}

}  // namespace
}  // namespace understudy::targets

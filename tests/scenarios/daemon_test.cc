// understudy-node as a process: two of them on loopback become a chassis, die, and come back.
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <fstream>

#include "tests/scenarios/daemon_process.h"

namespace understudy::reference {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// Two modules that are in sync.
class Pair : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(a.wait_for("MSM-A: Node is now MASTER"), "");
    ASSERT_NE(a.wait_for("MSM-B is in sync"), "");
    ASSERT_NE(b.wait_for("MSM-B: Node is now BACKUP"), "");
    a.ask("disable clipaging");
    b.ask("disable clipaging");
  }

  int control(char slot, std::vector<std::string> words) {
    words.insert(words.begin(), {"control", bench.control(slot)});
    return run_node(words).status;
  }

  Bench bench;
  NodeProcess a{bench.arguments('A')};
  NodeProcess b{bench.arguments('B')};
};

TEST_F(Pair, ShowsMasterAndBackupInSyncOnBothConsoles) {
  EXPECT_THAT(a.ask("show switch"), AllOf(HasSubstr("MSM-A *"), HasSubstr("BACKUP (In Sync)")));
  EXPECT_THAT(b.ask("show switch"), AllOf(HasSubstr("MSM-B *"), HasSubstr("BACKUP (In Sync)")));
}

TEST_F(Pair, TheBackupTakesOverWithUnsavedConfigurationWhenTheMasterIsKilled) {
  a.ask("create vlan unsaved");

  a.signal(SIGKILL);

  EXPECT_NE(b.wait_for("MSM-B: Node is now MASTER"), "");
  EXPECT_THAT(b.ask("show vlan"), HasSubstr("unsaved"));
}

TEST_F(Pair, TheBackupTakesOverFromAHungMasterAndWhenThatWakesOneOfThemYields) {
  a.signal(SIGSTOP);
  EXPECT_NE(b.wait_for("MSM-B: Node is now MASTER"), "");
  a.signal(SIGCONT);
  EXPECT_NE(b.wait_for("MSM-B: Node is now BACKUP"), "");  // same up-time: the first slot stays
  EXPECT_NE(a.wait_for("MSM-B is in sync"), "");
}

TEST_F(Pair, ARebootedModuleBootsInItsProcess) {
  a.type("reboot msm B\r");
  EXPECT_NE(a.wait_for("(y/N) "), "");
  a.type("y");
  EXPECT_NE(b.wait_for("Starting ExtremeWare XOS 11.3"), "");
  EXPECT_NE(b.wait_for("MSM-B: Node is now BACKUP"), "");
  EXPECT_TRUE(b.is_alive());
}

TEST_F(Pair, PullingTheMasterMakesTheBackupMasterAndPuttingItBackMakesABackup) {
  EXPECT_EQ(control('A', {"remove"}), 0);
  EXPECT_NE(b.wait_for("MSM-B: Node is now MASTER"), "");
  EXPECT_EQ(control('A', {"remove"}), 1);
  EXPECT_EQ(control('A', {"insert"}), 0);
  EXPECT_NE(a.wait_for("Starting ExtremeWare XOS 11.3"), "");
  EXPECT_NE(b.wait_for("MSM-A is in sync"), "");
}

TEST_F(Pair, WhatHandsTeachTheMasterIsKnownToTheBackup) {
  EXPECT_EQ(control('A', {"learn", "fdb", "00:04:96:00:00:01", "Default 1:1"}), 0);
  a.signal(SIGKILL);
  EXPECT_NE(b.wait_for("MSM-B: Node is now MASTER"), "");
  EXPECT_THAT(b.ask("show fdb"), HasSubstr("00:04:96:00:00:01"));
}

TEST_F(Pair, SavingWritesTheFlashOfBothModules) {
  a.ask("create vlan kept");
  a.type("save\r");
  EXPECT_NE(a.wait_for("(y/N) "), "");
  a.type("y");
  EXPECT_NE(a.wait_for("Synchronizing configuration to backup MSM .. done!"), "");
  EXPECT_TRUE(std::filesystem::exists(bench.state('B') / "primary.cfg.0") ||
              std::filesystem::exists(bench.state('B') / "primary.cfg.1"));
}

/// One module alone, started again and again on the same flash.
class Flash : public testing::Test {
 protected:
  static void boot(NodeProcess& node) {
    ASSERT_NE(node.wait_for("MSM-A: Node is now MASTER"), "");
    node.ask("");
  }
  static void save(NodeProcess& node) {
    node.type("save\r");
    ASSERT_NE(node.wait_for("(y/N) "), "");
    node.type("y");
    ASSERT_NE(node.wait_for("done!"), "");
    ASSERT_NE(node.wait_for(" # "), "");
  }

  Bench bench;
};

TEST_F(Flash, KeepsWhatWasSavedAndLosesWhatWasNotWhenPowerIsCut) {
  {
    NodeProcess node(bench.arguments('A'));
    boot(node);
    node.ask("create vlan kept");
    save(node);
    node.ask("create vlan lost");
  }  // ends by SIGKILL
  NodeProcess node(bench.arguments('A'));
  boot(node);
  EXPECT_THAT(node.ask("show vlan"), AllOf(HasSubstr("kept"), Not(HasSubstr("lost"))));
}

TEST_F(Flash, ATornFileIsReportedAndTheGenerationBeforeItIsUsed) {
  {
    NodeProcess node(bench.arguments('A'));
    boot(node);
    node.ask("create vlan first");
    save(node);
    node.ask("create vlan second");
    save(node);
  }
  const auto older = std::filesystem::last_write_time(bench.state('A') / "primary.cfg.0");
  const auto newer = std::filesystem::last_write_time(bench.state('A') / "primary.cfg.1");
  const auto torn = bench.state('A') / (newer > older ? "primary.cfg.1" : "primary.cfg.0");
  std::filesystem::resize_file(torn, std::filesystem::file_size(torn) / 2);

  NodeProcess node(bench.arguments('A'));
  boot(node);
  EXPECT_THAT(node.ask("show log match incomplete"), HasSubstr("primary.cfg"));
  EXPECT_THAT(node.ask("show vlan"), AllOf(HasSubstr("first"), Not(HasSubstr("second"))));
}

TEST_F(Flash, AFileOfAKilledWriteIsRemovedAndNotRead) {
  std::filesystem::create_directories(bench.state('A'));
  std::ofstream(bench.state('A') / "primary.cfg.0.tmp") << "half";
  NodeProcess node(bench.arguments('A'));
  boot(node);
  EXPECT_FALSE(std::filesystem::exists(bench.state('A') / "primary.cfg.0.tmp"));
}

TEST_F(Flash, TcpServesASerialLineAndSessionsThatEndWithTheModule) {
  const int port = free_port(SOCK_STREAM);
  std::vector<std::string> arguments = bench.arguments('A');
  arguments.insert(arguments.end(),
                   {"--console", "stdio", "--console", "tcp:127.0.0.1:" + std::to_string(port)});
  NodeProcess node(arguments);
  boot(node);
  const int session = connect_tcp(port);
  ASSERT_GE(session, 0);
  EXPECT_THAT(read_tcp(session, " # "), HasSubstr("BD-8810.1 # "));
  ASSERT_EQ(::write(session, "show session\r", 13), 13);
  EXPECT_THAT(read_tcp(session, ".2 # "), AllOf(HasSubstr("telnet"), HasSubstr("console")));
  run_node({"control", bench.control('A'), "press", "reset"});
  read_tcp(session, "never shown");
  char byte = 0;
  EXPECT_EQ(::recv(session, &byte, 1, MSG_DONTWAIT), 0) << "the session is still open";
  ::close(session);
  EXPECT_NE(node.wait_for("Starting ExtremeWare XOS 11.3"), "");
}

/// For UNDERSTUDY_POWER_ON: below zero where this host has run for less.
std::string seconds_ago(std::int64_t seconds) {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::to_string((now.tv_sec - seconds) * 1'000'000'000 + now.tv_nsec);
}

TEST_F(Flash, ABootCountsFromWhenThePowerCameOn) {
  std::vector<std::string> arguments = bench.arguments('A');
  *std::next(std::ranges::find(arguments, "--boot")) = "3600s";
  for (const std::string& power_on : {seconds_ago(4000), std::string("-1")}) {
    setenv("UNDERSTUDY_POWER_ON", power_on.c_str(), 1);
    NodeProcess node(arguments);
    unsetenv("UNDERSTUDY_POWER_ON");
    EXPECT_NE(node.wait_for("initialisation"), "") << power_on;  // the second phase
    node.signal(SIGKILL);
    node.wait();
  }
}

/// The seconds from one time to another as show switch prints them.
std::vector<std::string> clock_texts(std::time_t from, std::time_t to) {
  std::vector<std::string> texts;
  for (; from <= to; ++from) {
    char text[64];
    texts.emplace_back(text,
                       std::strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", gmtime(&from)));
  }
  return texts;
}

TEST_F(Flash, TheClockIsTheWallsAlsoWhereThePowerCameOnLongBeforeTheProcess) {
  std::vector<std::string> arguments = bench.arguments('A');
  *std::next(std::ranges::find(arguments, "--boot")) = "12s";
  setenv("UNDERSTUDY_POWER_ON", seconds_ago(11).c_str(), 1);
  NodeProcess node(arguments);
  unsetenv("UNDERSTUDY_POWER_ON");
  boot(node);
  const std::time_t before = std::time(nullptr);
  const std::string shown = node.ask("show switch | include \"Current Time\"");
  const auto times = clock_texts(before, std::time(nullptr));
  EXPECT_TRUE(std::ranges::any_of(
      times, [&](const auto& time) { return shown.find(time) != std::string::npos; }))
      << shown << "not " << times.front();
}

TEST_F(Flash, ATerminatedNodeEndsCleanlyAndRemovesItsSocket) {
  NodeProcess node(bench.arguments('A'));
  boot(node);
  node.signal(SIGTERM);
  EXPECT_EQ(node.wait(), 0);
  EXPECT_FALSE(std::filesystem::exists(bench.control('A')));
}

TEST_F(Flash, TheEndOfStandardInputEndsTheNode) {
  EXPECT_EQ(run_node(bench.arguments('A')).status, 0);
}

struct Wrong {
  std::string_view name;
  std::vector<std::string> arguments;
  std::string_view complaint;
};

class WrongOption : public testing::TestWithParam<Wrong> {};

TEST_P(WrongOption, EndsWithStatusThreeAndOneLine) {
  const Ended ended = run_node(GetParam().arguments);
  EXPECT_EQ(ended.status, 3);
  EXPECT_THAT(ended.output, HasSubstr(std::string(GetParam().complaint)));
  EXPECT_EQ(std::count(ended.output.begin(), ended.output.end(), '\n'), 1) << ended.output;
}

std::vector<std::string> sound(std::vector<std::string> more = {}) {
  std::vector<std::string> all{"--slot", "A", "--listen", "127.0.0.1:0", "--state", "/tmp"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

INSTANTIATE_TEST_SUITE_P(
    Options, WrongOption,
    testing::Values(
        Wrong{"no_options", {}, "required"}, Wrong{"unknown", sound({"--nonsense"}), "--nonsense"},
        Wrong{"slot", {"--slot", "C", "--listen", "x:1", "--state", "/tmp"}, "no slot `C`"},
        Wrong{"profile", sound({"--profile", "ios"}), "no profile `ios`"},
        Wrong{"time", sound({"--boot", "soon"}), "--boot: `soon` is not a time"},
        Wrong{"peer", sound({"--peer", "nowhere"}), "--peer: `nowhere` is not HOST:PORT"},
        Wrong{"console", sound({"--console", "lpt1"}), "--console: `lpt1`"},
        Wrong{"no_backplane", {"--slot", "A", "--state", "/tmp"}, "--listen: is required, or"},
        Wrong{"backplane",
              {"--slot", "A", "--state", "/tmp", "--backplane", "eth0"},
              "--backplane: `eth0` is not packet:INTERFACE"},
        Wrong{"interface",
              {"--slot", "A", "--state", "/tmp", "--backplane", "packet:none"},
              "--backplane: there is no interface `none`"},
        Wrong{"two_backplanes", sound({"--backplane", "packet:lo"}),
              "--backplane: stands in place of --listen"},
        Wrong{"login", sound({"--login", "me"}), "--login: `me`"},
        Wrong{"priority", sound({"--priority", "101"}), "--priority: must be 0 to 100"},
        Wrong{"limit", sound({"--limit", "0"}), "--limit"},
        Wrong{"seed", sound({"--seed", "x"}), "--seed: `x` is not a number"},
        Wrong{
            "state", {"--slot", "A", "--listen", "127.0.0.1:0", "--state", "/dev/null"}, "--state"},
        Wrong{
            "nobody_listens", {"control", "/nonexistent/socket", "insert"}, "/nonexistent/socket"},
        Wrong{"control_socket", sound({"--control", "/nonexistent/socket"}),
              "/nonexistent/socket"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Help, ShowsAnExampleAndEndsWithZero) {
  const Ended ended = run_node({"--help"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.output, HasSubstr("Example"));
}

}  // namespace
}  // namespace understudy::reference

// Nodes that are not ours: consoles behind doors, power by outlets, and what proves that it
// changed.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "tests/unit/doors_fixture.h"
#include "tests/unit/process_fixture.h"

namespace understudy::targets {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

/// A switch that echoes while the file `power` is there, and says so when it comes.
constexpr const char* echoing_switch = R"(
import os, select, sys
was_on = True
while True:
    ready = select.select([0], [], [], 0.02)[0]
    is_on = os.path.exists(sys.argv[1])
    if is_on and not was_on: os.write(1, b"BootROM 1.0\r\n")
    was_on = is_on
    if not ready: continue
    byte = os.read(0, 1)
    if not byte: break
    if is_on: os.write(1, byte)
)";

class DoorBench : public ProcessBenchTest {
 protected:
  DoorBench() {
    std::ofstream(power()) << "on";
    for (const char* name : {"A", "B"}) {
      ProcessNode node;
      node.name = name;
      node.power = "outlet";
      node.door.emplace();
      node.door->kind = DoorSettings::Kind::Command;
      node.door->where = "lab.yaml:7";
      node.door->command = {"python3", "-u", "-c", echoing_switch, power()};
      settings_.nodes.push_back(node);
    }
    settings_.outlets.push_back({"pdu3-12",
                                 {0, 1},
                                 {"sh", "-c", "echo on > " + power()},
                                 {"rm", power()},
                                 {"sh", "-c", "[ -e " + power() + " ] && echo on || echo off"}});
  }

  /// Told before anything is started.
  std::vector<ImpossibleAct> impossible() const {
    const auto bench = make_process_bench(settings_);
    EXPECT_TRUE(bench) << (bench ? "" : to_line(bench.error()));
    return bench ? (*bench)->impossible() : std::vector<ImpossibleAct>{};
  }

  std::string power() const { return (folder_ / "power").string(); }
};

TEST_F(DoorBench, TalksThroughItsDoors) {
  open();
  bench_->send(0, "show switch\n");
  wait_for(0, "show switch\n");
  bench_->send(1, "show slot\n");
  wait_for(1, "show slot\n");
}

TEST_F(DoorBench, TellsWhyASessionEnded) {
  settings_.nodes[1].door->command = {"sh", "-c", "read line; echo $line >&2; exit 2"};
  open();
  bench_->send(1, "no such port\n");
  EXPECT_EQ(wait_for(1, BenchEvent::Kind::ConsoleClosed).text,
            "sh exited with status 2: no such port");
}

TEST_F(DoorBench, SwitchesAnOutletAndLeavesItsEffectToBeSeen) {
  open();
  const Receipt off = apply("power-off", {{"node", "chassis"}});
  EXPECT_TRUE(off.took_effect) << off.words;
  EXPECT_EQ(off.means, "outlet pdu3-12");
  const auto change = bench_->change();
  ASSERT_TRUE(change);
  EXPECT_TRUE(!change->on && change->is_confirmed);
  EXPECT_THAT(change->nodes, testing::ElementsAre(0, 1));
  bench_->seen(*change);
  EXPECT_TRUE(wait_for(1, BenchEvent::Kind::NodeEnded).expected);
  const Receipt on = apply("power-on", {{"node", "chassis"}});
  EXPECT_TRUE(on.took_effect) << on.words;
  bench_->seen(*bench_->change());
  wait_for(0, BenchEvent::Kind::NodeStarted);
}

TEST_F(DoorBench, AnOutletWithoutAStateConfirmsNothing) {
  settings_.outlets.front().state = {};
  open();
  EXPECT_TRUE(apply("lose", {{"node", "chassis"}}).took_effect);
  EXPECT_FALSE(bench_->change()->is_confirmed);
}

TEST_F(DoorBench, DoesNotBelieveACommandThatContradictsItsOwnOutlet) {
  settings_.outlets.front().off = {"true"};
  open();
  const Receipt off = apply("lose", {{"node", "chassis"}});
  EXPECT_FALSE(off.took_effect);
  EXPECT_THAT(off.words, HasSubstr("its state: sh exited with status 0: on"));
}

TEST_F(DoorBench, CannotTakeOneModuleFromAnOutletThatFeedsTwo) {
  open();
  const Receipt lost = apply("lose", {{"node", "A"}});
  EXPECT_EQ(lost.outcome, Receipt::Outcome::Unsupported);
  EXPECT_THAT(lost.words, HasSubstr("outlet pdu3-12 feeds B as well"));
  bench_->send(0, "still here\n");
  wait_for(0, "still here\n");
}

TEST_F(DoorBench, TellsBeforeARunWhatItCannotDoOfOneModuleAlone) {
  const std::string by_hands = "only hands can do it here; --attended asks for them";
  EXPECT_THAT(impossible(), Contains(ImpossibleAct{"lose", "outlet pdu3-12 feeds A and B", false}));

  settings_.nodes[0].power = "operator";
  EXPECT_THAT(impossible(),
              Contains(ImpossibleAct{"lose", "outlet pdu3-12 feeds A and B; " + by_hands, false}));

  settings_.outlets.clear();
  EXPECT_THAT(impossible(), Contains(ImpossibleAct{"power-off", by_hands, true}));

  settings_.is_attended = true;
  EXPECT_THAT(impossible(), IsEmpty());
}

TEST_F(DoorBench, CanTakeAModuleFromAnOutletOfItsOwn) {
  settings_.outlets.front().feeds = {0};
  EXPECT_THAT(impossible(), IsEmpty());
}

TEST_F(DoorBench, SaysWhichConsoleCannotBeOpenedAndWhere) {
  settings_.nodes[1].door->command = {"no-such-console-program"};
  const auto opened = try_to_open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(to_line(opened.error()),
              HasSubstr("lab.yaml:7: the console of B cannot be opened: no-such-console-program"));
}

TEST_F(DoorBench, SaysWhatMayHelpAgainstAConsoleThatCannotBeOpenedYet) {
  ProcessNode& node = settings_.nodes[1];
  node.door->kind = DoorSettings::Kind::Serial;
  node.door->device = (folder_ / "line").string();
  node.door->connect_limit = Duration::zero();
  const auto opened = try_to_open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(to_line(opened.error()),
              HasSubstr("line: No such file or directory (there is no such device now"));
}

TEST_F(DoorBench, TellsOfABreakOnce) {
  Pty line((folder_ / "line").string());
  ProcessNode& node = settings_.nodes[1];
  node.door->kind = DoorSettings::Kind::Serial;
  node.door->device = (folder_ / "line").string();
  node.door->breaks = true;
  open();
  EXPECT_EQ(wait_for(0, BenchEvent::Kind::ConsoleOpened).text, "");
  EXPECT_EQ(wait_for(1, BenchEvent::Kind::ConsoleOpened).text, "break");
  EXPECT_TRUE(bench_->open_again(1));
  EXPECT_EQ(wait_for(1, BenchEvent::Kind::ConsoleOpened).text, "") << "it may boot just now";
}

TEST_F(DoorBench, RelaysForProcessesOnlyHoweverTheirConsolesAreReached) {
  settings_.links = {{"wire", {0, 1}, ""}};
  const auto refused = make_process_bench(settings_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(to_line(refused.error()), HasSubstr("`A` is no process of ours to relay for"));
  for (ProcessNode& node : settings_.nodes) {
    node.command = {"true"};
    node.power = "signal";
  }
  EXPECT_TRUE(make_process_bench(settings_));
}

TEST_F(DoorBench, IsPreparedBeforeAnythingElse) {
  settings_.prepare = {"sh", "-c", "echo no key for the lab; false"};
  const auto opened = try_to_open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(to_line(opened.error()), HasSubstr("could not be prepared: sh"));
  EXPECT_THAT(to_line(opened.error()), HasSubstr("no key for the lab"));
}

// ---------------------------------------------------------------- what outlives the run

/// What a harness did that was killed then, with nodes that are not its own.
class KilledOnDoors : public DoorBench {
 protected:
  KilledOnDoors() {
    for (const char* part : {"module", "fan", "process"}) std::ofstream(in_folder(part)) << "here";
    settings_.hands = {{"remove", {"rm", in_folder("module")}},
                       {"insert", {"touch", in_folder("module")}},
                       {"break", {"rm", in_folder("${argument.part}")}},
                       {"repair", {"touch", in_folder("${argument.part}")}},
                       {"end-process", {"rm", in_folder("${argument.process}")}},
                       {"start-process", {"touch", in_folder("${argument.process}")}},
                       {"damage", {"rm", in_folder("${argument.file}")}}};
  }

  std::string in_folder(const std::string& name) const { return (folder_ / name).string(); }
  bool is_there(const std::string& name) const { return std::filesystem::exists(in_folder(name)); }
  void kill_after(const std::string& word, const Json& arguments) {
    const pid_t harness = fork();
    if (harness == 0) {
      if (!try_to_open() || !apply(word, arguments).took_effect) _exit(1);
      kill(getpid(), SIGKILL);
    }
    int status = 0;
    waitpid(harness, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the act was not done";
  }
  Healed heal(bool is_attended = false) {
    heal_process_benches(folder_);
    return undo_what_was_done(folder_, is_attended);
  }
  std::vector<std::string> lists() const { return undo_lists(folder_); }
};

TEST_F(KilledOnDoors, WithAnOutletOffItIsOnAfterHeal) {
  kill_after("lose", {{"node", "chassis"}});
  ASSERT_FALSE(is_there("power"));
  EXPECT_THAT(lists(), testing::SizeIs(1));
  const Healed healed = heal();
  EXPECT_THAT(healed.lines, Contains("undone: outlet pdu3-12: on"));
  EXPECT_TRUE(healed.is_whole);
  EXPECT_TRUE(is_there("power"));
  EXPECT_THAT(lists(), IsEmpty());
}

struct Hand {
  const char* word;
  Json arguments;
  const char* part;
  const char* undone;
};

class KilledAfterAHand : public KilledOnDoors, public testing::WithParamInterface<Hand> {};

TEST_P(KilledAfterAHand, ItIsAsBeforeAfterHeal) {
  kill_after(GetParam().word, GetParam().arguments);
  ASSERT_FALSE(is_there(GetParam().part));
  const Healed healed = heal();
  EXPECT_THAT(healed.lines, Contains(std::string("undone: ") + GetParam().undone));
  EXPECT_TRUE(healed.is_whole);
  EXPECT_TRUE(is_there(GetParam().part));
  EXPECT_THAT(lists(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Hands, KilledAfterAHand,
    testing::Values(Hand{"remove", {{"node", "B"}}, "module", "insert B"},
                    Hand{"break", {{"node", "A"}, {"part", "fan"}}, "fan", "repair A fan"},
                    Hand{"end-process",
                         {{"node", "A"}, {"process", "process"}},
                         "process",
                         "start-process A process"}));

TEST_F(KilledOnDoors, WhatNothingUndoesIsToldAndStaysInTheList) {
  kill_after("damage", {{"node", "A"}, {"file", "fan"}, {"how", "torn"}});
  const Healed healed = heal();
  EXPECT_THAT(healed.lines,
              Contains(HasSubstr("not undone: make good: damage A fan torn: nothing of the testbed "
                                 "does it; heal --attended asks for somebody who does")));
  EXPECT_FALSE(healed.is_whole);
  EXPECT_THAT(lists(), testing::SizeIs(1));
}

TEST_F(KilledOnDoors, WhatFailsIsToldWithItsCauseAndTriedAgain) {
  settings_.outlets.front().on = {"sh", "-c", "echo the strip is away; exit 3"};
  kill_after("lose", {{"node", "chassis"}});
  const Healed healed = heal();
  EXPECT_THAT(healed.lines, Contains("not undone: outlet pdu3-12: on: sh exited with status 3: the "
                                     "strip is away"));
  EXPECT_FALSE(healed.is_whole);
  EXPECT_THAT(lists(), testing::SizeIs(1));
}

TEST_F(KilledOnDoors, ARunThatIsAtWorkIsLeftAlone) {
  open();
  apply("lose", {{"node", "chassis"}});
  EXPECT_THAT(undo_what_was_done(folder_, false).lines, Contains(HasSubstr("left alone")));
  EXPECT_FALSE(is_there("power"));
}

TEST_F(KilledOnDoors, WhatTheRunUndidItselfIsInNoList) {
  open();
  apply("lose", {{"node", "chassis"}});
  apply("remove", {{"node", "B"}});
  EXPECT_THAT(bench_->left_undone(), testing::SizeIs(2));
  EXPECT_EQ(bench_->left_undone().front().what, "insert B");
  apply("insert", {{"node", "B"}});
  apply("power-on", {{"node", "chassis"}});
  EXPECT_THAT(lists(), IsEmpty());
  EXPECT_THAT(bench_->heal(), IsEmpty());
}

TEST_F(KilledOnDoors, TheEndOfARunTellsWhatIsNotUndone) {
  open();
  apply("remove", {{"node", "B"}});
  EXPECT_THAT(bench_->heal(), Contains("not undone: insert B"));
}

TEST_F(KilledOnDoors, NothingIsDoneThatCouldNotBeNoted) {
  open();
  std::filesystem::remove_all(folder_ / ".understudy");
  std::ofstream(in_folder(".understudy")) << "no folder";
  const Receipt lost = apply("lose", {{"node", "chassis"}});
  EXPECT_EQ(lost.outcome, Receipt::Outcome::BenchBroken) << lost.words;
  EXPECT_TRUE(is_there("power"));
}

}  // namespace
}  // namespace understudy::targets

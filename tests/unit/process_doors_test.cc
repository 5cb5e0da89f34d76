// Nodes that are not ours: consoles behind doors, power by outlets, and what proves that it
// changed.
#include <gmock/gmock.h>

#include <fstream>

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

  /// A switch that answers is one whose silence means something.
  void hear_both() {
    for (const std::size_t node : {0, 1}) {
      bench_->send(node, "hello\n");
      wait_for(node, "hello\n");
    }
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

TEST_F(DoorBench, SwitchesAnOutletAndSeesThatItTookEffect) {
  open();
  hear_both();
  const Receipt off = apply("power-off", {{"node", "chassis"}});
  EXPECT_TRUE(off.took_effect) << off.words;
  EXPECT_EQ(off.means, "outlet pdu3-12");
  EXPECT_THAT(off.words, HasSubstr("off; the consoles are silent"));
  EXPECT_TRUE(wait_for(1, BenchEvent::Kind::NodeEnded).expected);
  const Receipt on = apply("power-on", {{"node", "chassis"}});
  EXPECT_TRUE(on.took_effect) << on.words;
  EXPECT_THAT(on.words, HasSubstr("on; the consoles print"));
  wait_for(0, BenchEvent::Kind::NodeStarted);
}

TEST_F(DoorBench, DoesNotBelieveAnOutletThatLies) {
  settings_.outlets.front().off = {"true"};
  settings_.outlets.front().state = {};
  open();
  hear_both();
  const Receipt off = apply("lose", {{"node", "chassis"}});
  EXPECT_FALSE(off.took_effect);
  EXPECT_EQ(off.outcome, Receipt::Outcome::BenchBroken);
  EXPECT_THAT(off.words, HasSubstr("the consoles do not show it"));
}

TEST_F(DoorBench, TakesNothingFromTheSilenceOfAConsoleThatWasNeverHeard) {
  open();
  const Receipt off = apply("lose", {{"node", "chassis"}});
  EXPECT_FALSE(off.took_effect);
  EXPECT_THAT(off.words, HasSubstr("the consoles do not show it"));
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

}  // namespace
}  // namespace understudy::targets

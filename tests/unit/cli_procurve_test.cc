// The ProCurve command line on two modules of a simulated chassis: contexts, questions, the
// standby's console.
#include <gmock/gmock.h>

#include "reference-impl/chassis/procurve_8212zl.h"
#include "reference-impl/cli/procurve.h"
#include "reference-impl/simulation.h"

namespace understudy::reference {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class ProcurveShell : public testing::Test {
 protected:
  ProcurveShell()
      : sim_({.profile = std::make_shared<const Profile>(procurve_8212zl()),
              .make_shell = [](Slot) { return make_procurve_shell({}); }}) {
    sim_.watch();
    sim_.power_on(A);
    sim_.power_on(B);
    sim_.run_until([](const Simulation& sim) { return sim.state(B) == NodeState::WarmStandby; });
    boot_ = shown(A);
    shown(B);
  }

  std::string shown(Slot slot) {
    for (Happening& one : sim_.take_happenings()) {
      if (one.kind == Happening::Kind::Printed) text_[one.slot] += one.text;
    }
    return std::exchange(text_[slot], {});
  }
  std::string typed(Slot slot, std::string_view bytes) {
    sim_.type(slot, bytes);
    return shown(slot);
  }

  Simulation sim_;
  std::string boot_;
  std::array<std::string, 2> text_;
};

TEST_F(ProcurveShell, ABootNamesItsImageAndEndsInAPromptWithoutLogin) {
  EXPECT_THAT(boot_, HasSubstr("Initializing K.12.57 from primary flash"));
  EXPECT_THAT(typed(A, "\r"), EndsWith("ProCurve Switch 8212zl# "));
}

TEST_F(ProcurveShell, TheWordThatIsNoInputIsNamed) {
  EXPECT_THAT(typed(A, "show nonsense\r"), HasSubstr("\r\nInvalid input: nonsense\r\n"));
  EXPECT_THAT(typed(A, "s\r"), HasSubstr("Incomplete input: "));
}

TEST_F(ProcurveShell, ContextsHaveTheirPromptsAndTheirCommands) {
  EXPECT_THAT(typed(A, "vlan 20\r"), HasSubstr("Invalid input: vlan"));
  EXPECT_THAT(typed(A, "configure\r"), EndsWith("8212zl(config)# "));
  EXPECT_THAT(typed(A, "vlan 20\r"), EndsWith("8212zl(vlan-20)# "));
  EXPECT_THAT(typed(A, "name cellar\r"), Not(HasSubstr("Invalid")));
  EXPECT_THAT(typed(A, "exit\r"), EndsWith("8212zl(config)# "));
  EXPECT_THAT(typed(A, "end\r"), EndsWith("8212zl# "));
  EXPECT_THAT(typed(A, "show running-config\r"),
              HasSubstr("vlan 20\r\n   name \"cellar\"\r\n   exit\r\n"));
}

TEST_F(ProcurveShell, WriteMemorySaysNothingAndConfigStatusTells) {
  typed(A, "configure\rhostname lab\rend\r");
  EXPECT_THAT(typed(A, "show config status\r"), HasSubstr("needs to be saved"));
  typed(A, "write memory\r");
  sim_.run_for(100ms);
  EXPECT_EQ(shown(A), "lab# ");
  EXPECT_THAT(typed(A, "show config status\r"), HasSubstr("Running configuration is same as"));
}

TEST_F(ProcurveShell, BootAsksTwiceWhereSomethingIsUnsaved) {
  typed(A, "configure\rvlan 20\rend\r");
  EXPECT_THAT(typed(A, "boot\r"), EndsWith("do you want to continue [y/n]? "));
  EXPECT_THAT(typed(A, "y"), EndsWith("Do you want to save current configuration [y/n]? "));
  typed(A, "n");
  EXPECT_TRUE(
      sim_.run_until([](const Simulation& sim) { return sim.state(B) == NodeState::Active; }));
}

TEST_F(ProcurveShell, AnswerNoLeavesEverythingAsItIs) {
  typed(A, "configure\rredundancy switchover\r");
  EXPECT_THAT(typed(A, "n"), EndsWith("(config)# "));
  sim_.run_for(10s);
  EXPECT_EQ(sim_.state(A), NodeState::Active);
}

TEST_F(ProcurveShell, TheStandbysConsoleShowsLessAndBecomesAManagersAtTheTakeover) {
  EXPECT_THAT(typed(B, "\r"), EndsWith("Standby Console# "));
  EXPECT_THAT(typed(B, "show running-config\r"),
              HasSubstr("not available on this management module"));
  EXPECT_THAT(typed(B, "show redundancy\r"), AllOf(HasSubstr("MM1"), HasSubstr("Standby")));
  sim_.cut_power(A);
  sim_.run_until([](const Simulation& sim) { return sim.state(B) == NodeState::Active; });
  EXPECT_THAT(shown(B), AllOf(HasSubstr("MM2 is the active management module.\r\n"),
                              EndsWith("ProCurve Switch 8212zl# ")));
}

TEST_F(ProcurveShell, AReloadThatWasScheduledAsksNothing) {
  typed(A, "configure\rvlan 20\rend\rreload after 1\r");
  sim_.run_for(59s);
  EXPECT_EQ(sim_.state(A), NodeState::Active);
  EXPECT_TRUE(
      sim_.run_until([](const Simulation& sim) { return sim.state(B) == NodeState::Active; }));
  EXPECT_FALSE(sim_.node(B).active.holds("vlan/20"));
}

}  // namespace
}  // namespace understudy::reference

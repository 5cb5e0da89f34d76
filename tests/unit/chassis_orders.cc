// What operators order: failover, reboot, configuration, selections, and who refuses what (spec
// sheet sections 1.1, 3 and 8.6).
#include <ostream>

#include "tests/unit/chassis_world.h"

namespace understudy::reference {
namespace {

TEST(Failover, MakesTheBackupMasterAndTheOldMasterReturnsThroughDownAndInit) {
  Simulation sim = pair_in_sync();
  EXPECT_TRUE(was_done(sim, sim.order(A, Failover{})));
  EXPECT_EQ(sim.state(A), NodeState::Down);
  sim.run_for(1ms);
  EXPECT_EQ(sim.state(B), NodeState::Master);
  EXPECT_TRUE(sim.run_until(state_is(A, NodeState::Init)));
  EXPECT_TRUE(sim.run_until(state_is(A, NodeState::Backup)));
  EXPECT_EQ(sim.boots(A), 2u);
}

TEST(Failover, WithoutForceIsRefusedWhileTheBackupIsNotInSync) {
  Simulation sim = pair_in_bulk();
  EXPECT_TRUE(was_refused(sim, sim.order(A, Failover{}), Refusal::NotInSync));
  sim.run_for(1s);
  EXPECT_EQ(sim.state(A), NodeState::Master);
}

TEST(Failover, WithForceHappensWhateverTheSynchronisation) {
  Simulation sim = pair_in_bulk();
  EXPECT_TRUE(was_done(sim, sim.order(A, Failover{true})));
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Master), 1s));
  EXPECT_EQ(sim.boots(B), 1u);
}

TEST(Failover, WithoutForceIsRefusedWithoutABackup) {
  Simulation sim;
  sim.power_on(A);
  sim.run_until(state_is(A, NodeState::Master));
  EXPECT_TRUE(was_refused(sim, sim.order(A, Failover{}), Refusal::NoBackup));
}

TEST(Failover, WithForceAndNoBackupGoesToStandbyAndANewElection) {
  Simulation sim;
  sim.power_on(A);
  sim.run_until(state_is(A, NodeState::Master));
  EXPECT_TRUE(was_done(sim, sim.order(A, Failover{true})));
  EXPECT_EQ(sim.state(A), NodeState::Standby);
  EXPECT_TRUE(sim.run_until(state_is(A, NodeState::Master)));
  EXPECT_EQ(sim.boots(A), 1u);
}

TEST(Failover, IsRefusedOnTheBackup) {
  Simulation sim = pair_in_sync();
  EXPECT_TRUE(was_refused(sim, sim.order(B, Failover{true}), Refusal::NotMaster));
  sim.run_for(1s);
  EXPECT_EQ(sim.state(A), NodeState::Master);
}

TEST(Failover, CanBeRepeatedOnceTheNewBackupIsInSync) {
  Simulation sim = pair_in_sync();
  sim.order(A, Failover{});
  sim.run_until(state_is(B, NodeState::Master));
  EXPECT_TRUE(was_refused(sim, sim.order(B, Failover{}), Refusal::NoBackup));
  ASSERT_TRUE(sim.run_until(in_sync));
  EXPECT_TRUE(was_done(sim, sim.order(B, Failover{})));
  EXPECT_TRUE(sim.run_until(state_is(A, NodeState::Master)));
}

TEST(Reboot, OfTheChassisRestartsBothModulesAndNoneTakesOver) {
  Simulation sim = pair_in_sync();
  sim.order(A, Reboot{});
  const bool took_over = sim.run_until(state_is(B, NodeState::Master), 20s);
  EXPECT_FALSE(took_over);
  EXPECT_EQ(sim.boots(A), 2u);
  EXPECT_EQ(sim.boots(B), 2u);
  EXPECT_EQ(sim.state(A), NodeState::Master);
  EXPECT_TRUE(in_sync(sim));
}

TEST(Reboot, OfTheChassisShowsDownOnBothModules) {
  Simulation sim = pair_in_sync();
  sim.order(A, Reboot{});
  EXPECT_TRUE(sim.run_until(both_run(NodeState::Down, NodeState::Down), 1s));
}

TEST(Reboot, OfTheChassisForgetsUnsavedChanges) {
  Simulation sim = pair_in_sync();
  sim.order(A, CreateVlan{"unsaved"});
  sim.run_until(in_sync);
  sim.order(A, Reboot{});
  sim.run_until([](const Simulation& s) { return s.boots(A) == 2 && s.boots(B) == 2; });
  ASSERT_TRUE(sim.run_until(in_sync));
  EXPECT_FALSE(has_vlan(sim, A, "unsaved"));
  EXPECT_FALSE(has_vlan(sim, B, "unsaved"));
}

TEST(Reboot, OfTheChassisIsRepeatedToABackupThatDidNotHearItAtFirst) {
  Simulation sim = pair_in_sync();
  sim.cut(A, B);
  sim.order(A, Reboot{});
  sim.run_for(150ms);
  sim.mend();
  EXPECT_FALSE(sim.run_until(state_is(B, NodeState::Master), 20s));
  EXPECT_EQ(sim.boots(B), 2u);
}

TEST(Reboot, OfTheMastersModuleHandsOver) {
  Simulation sim = pair_in_sync();
  sim.order(A, Reboot{A});
  EXPECT_EQ(sim.state(A), NodeState::Down);
  sim.run_for(1ms);
  EXPECT_EQ(sim.state(B), NodeState::Master);
  EXPECT_TRUE(sim.run_until(state_is(A, NodeState::Backup)));
}

TEST(Reboot, OfTheBackupFromTheMasterChangesNoOffice) {
  Simulation sim = pair_in_sync();
  EXPECT_TRUE(was_done(sim, sim.order(A, Reboot{B})));
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Init), 1s));
  EXPECT_TRUE(sim.run_until(in_sync));
  EXPECT_EQ(sim.boots(A), 1u);
  EXPECT_EQ(sim.boots(B), 2u);
  EXPECT_EQ(sim.state(A), NodeState::Master);
}

TEST(Reboot, OfTheChassisIsRefusedOnTheBackup) {
  Simulation sim = pair_in_sync();
  EXPECT_TRUE(was_refused(sim, sim.order(B, Reboot{}), Refusal::NotMaster));
}

TEST(Reset, OfTheMasterByItsButtonLetsTheBackupTakeOver) {
  Simulation sim = pair_in_sync();
  sim.press_reset(A);
  EXPECT_EQ(sim.state(A), NodeState::Init);
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Master), 400ms));
}

TEST(Configuration, ChangesAreRefusedOnTheBackup) {
  Simulation sim = pair_in_sync();
  EXPECT_TRUE(was_refused(sim, sim.order(B, CreateVlan{"v"}), Refusal::NotMaster));
  EXPECT_TRUE(was_refused(sim, sim.order(B, Save{}), Refusal::NotMaster));
}

TEST(Configuration, ChangesAreRefusedBeforeTheElection) {
  Simulation sim;
  sim.power_on(A);
  EXPECT_TRUE(was_refused(sim, sim.order(A, CreateVlan{"v"}), Refusal::NotReady));
}

struct RefusedCase {
  const char* name;
  Command command;
  Refusal refusal;

  friend void PrintTo(const RefusedCase& one, std::ostream* out) { *out << one.name; }
};
class Refused : public testing::TestWithParam<RefusedCase> {};

TEST_P(Refused, WithItsReasonAndWithoutAChange) {
  Simulation sim = pair_in_sync();
  sim.order(A, CreateVlan{"there"});
  sim.order(A, TagVlan{"there", 100});
  const Configuration before = sim.node(A).active;
  EXPECT_TRUE(was_refused(sim, sim.order(A, GetParam().command), GetParam().refusal));
  EXPECT_EQ(sim.node(A).active, before);
}

INSTANTIATE_TEST_SUITE_P(
    Configuration, Refused,
    testing::Values(
        RefusedCase{"PriorityAboveRange", SetNodePriority{A, 101}, Refusal::OutOfRange},
        RefusedCase{"PriorityBelowRange", SetNodePriority{A, -1}, Refusal::OutOfRange},
        RefusedCase{"UnknownSlot", SetNodePriority{2, 1}, Refusal::UnknownObject},
        RefusedCase{"VlanTwice", CreateVlan{"there"}, Refusal::AlreadyExists},
        RefusedCase{"UnknownVlan", DeleteVlan{"nowhere"}, Refusal::UnknownObject},
        RefusedCase{"TagTooLarge", TagVlan{"there", 4095}, Refusal::OutOfRange},
        RefusedCase{"TagInUse", TagVlan{"Default", 100}, Refusal::AlreadyExists},
        RefusedCase{"PortNotThere", RemovePorts{"there", {"1:1"}}, Refusal::UnknownObject},
        RefusedCase{"NameTooLong", SetSystemName{std::string(33, 'x')}, Refusal::OutOfRange},
        RefusedCase{"NoSuchFile", SelectConfiguration{"none.cfg"}, Refusal::NoSuchFile}),
    [](const auto& info) { return info.param.name; });

TEST(Configuration, ADeletedVlanTakesItsTagAndPortsAlong) {
  Simulation sim = pair_in_sync();
  sim.order(A, CreateVlan{"v"});
  sim.order(A, TagVlan{"v", 7});
  sim.order(A, AddPorts{"v", {"1:1", "1:2"}, true});
  EXPECT_EQ(vlans_of(sim.node(A)).back().tagged.size(), 2u);
  sim.order(A, DeleteVlan{"v"});
  sim.run_until(in_sync);
  for (const auto& [key, value] : sim.node(B).active.settings()) {
    EXPECT_FALSE(key.starts_with("vlan/v"));
  }
}

TEST(Selection, OfAnotherConfigurationCountsAtTheNextBootOfBothModules) {
  Simulation sim = pair_in_sync();
  sim.order(A, CreateVlan{"second"});
  save(sim, A, "secondary.cfg");
  EXPECT_TRUE(was_done(sim, sim.order(A, SelectConfiguration{"secondary.cfg"})));
  sim.run_until(in_sync);
  EXPECT_EQ(sim.node(A).booted_file, "") << "the factory's: nothing was saved";
  EXPECT_EQ(sim.node(B).selected_file, "secondary.cfg");
  sim.order(A, Reboot{});
  sim.run_until([](const Simulation& s) { return s.boots(A) == 2 && s.boots(B) == 2; });
  sim.run_until(in_sync);
  EXPECT_EQ(sim.node(A).booted_file, "secondary.cfg");
  EXPECT_TRUE(has_vlan(sim, A, "second"));
}

TEST(Selection, OfAnImageCountsAtTheNextBoot) {
  Simulation sim = pair_in_sync();
  sim.order(A, SelectImage{Partition::Secondary});
  EXPECT_EQ(sim.node(A).booted_image, Partition::Primary);
  sim.run_for(1s);
  sim.order(A, Reboot{A});
  sim.run_until([](const Simulation& s) { return s.boots(A) == 2; });
  EXPECT_EQ(sim.node(A).booted_image, Partition::Secondary);
}

}  // namespace
}  // namespace understudy::reference

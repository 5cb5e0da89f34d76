// Interface modules at failovers and failures, processes that restart or end, recovery levels, and
// what a module tells of its images.
#include <algorithm>

#include "tests/unit/chassis_world.h"

namespace understudy::reference {
namespace {

std::string_view state_of(const Simulation& sim, Slot slot, std::string_view module) {
  return module_state(sim.profile(), sim.node(slot), module);
}

void set_level(Simulation& sim, const std::string& slot, const std::string& level) {
  sim.order(A, ChangeSetting{{"sys-recovery-level/" + slot, level}});
}

TEST(InterfaceModule, ThatStillBootsAtAFailoverIsPowerCycledAndAnOperationalOneIsNot) {
  Simulation sim = pair_in_sync();
  sim.learn(A, "cardmgr", "1", "Booting");
  sim.learn(A, "cardmgr", "2", "Operational");
  sim.run_for(1s);
  sim.order(A, Failover{});
  sim.run_for(1s);
  EXPECT_EQ(state_of(sim, B, "1"), kPowerCycled);
  EXPECT_EQ(state_of(sim, B, "2"), kOperational);
  EXPECT_TRUE(log_has(sim, B, "Slot-1 starts again"));
  EXPECT_FALSE(log_has(sim, B, "Slot-2"));
}

TEST(InterfaceModule, StartsAgainAtEveryFailoverThatIsNotHitlessAndComesBack) {
  Simulation sim = pair_in_sync();
  sim.cut_power(A);
  ASSERT_TRUE(sim.run_until(state_is(B, NodeState::Master)));
  EXPECT_EQ(state_of(sim, B, "1"), kPowerCycled);
  EXPECT_EQ(state_of(sim, B, "2"), kPowerCycled);
  sim.run_for(sim.profile().timing.module_boot);
  EXPECT_EQ(state_of(sim, B, "1"), kOperational);
  EXPECT_EQ(state_of(sim, B, "2"), kOperational);
}

TEST(InterfaceModule, GivesNoPowerToItsPortsWhileItStartsAgain) {
  for (const auto& [failover_is_hitless, powered] : {std::pair{true, 2u}, std::pair{false, 0u}}) {
    Simulation sim = pair_in_sync();
    sim.learn(A, "poe", "1:3", "Default");
    sim.learn(A, "poe", "2:7", "Default");
    sim.run_for(1s);
    if (failover_is_hitless) sim.order(A, Failover{});
    if (!failover_is_hitless) sim.cut_power(A);
    ASSERT_TRUE(sim.run_until(state_is(B, NodeState::Master)));
    EXPECT_EQ(entries_of(sim.node(B), *application_named(sim.profile(), "poe")).size(), powered);
  }
}

TEST(InterfaceModule, ThatFailsTakesThePowerOfItsOwnPortsOnly) {
  Simulation sim = pair_in_sync();
  sim.learn(A, "poe", "1:3", "Default");
  sim.learn(A, "poe", "2:7", "Default");
  sim.run_for(1s);
  sim.learn(A, "cardmgr", "1", "Failed");
  sim.run_for(1s);
  for (const Slot slot : {A, B}) {
    const Entries& left = entries_of(sim.node(slot), *application_named(sim.profile(), "poe"));
    EXPECT_EQ(left.size(), 1u);
    EXPECT_TRUE(left.contains("2:7"));
  }
}

TEST(InterfaceModule, ThatFailsIsResetFiveTimesAndThenStaysDown) {
  Simulation sim = pair_in_sync();
  for (int time = 1; time <= 5; ++time) {
    sim.learn(A, "cardmgr", "1", "Failed");
    EXPECT_EQ(state_of(sim, A, "1"), kPowerCycled) << time;
    sim.run_for(sim.profile().timing.module_boot);
    EXPECT_EQ(state_of(sim, A, "1"), kOperational) << time;
  }
  sim.learn(A, "cardmgr", "1", "Failed");
  sim.run_for(5s);
  EXPECT_EQ(state_of(sim, A, "1"), kModuleDown);
  EXPECT_EQ(state_of(sim, B, "1"), kModuleDown) << "the backup knows";
}

TEST(InterfaceModule, ItsResetsAreCountedOverAFailover) {
  Simulation sim = pair_in_sync();
  for (int time = 1; time <= 4; ++time) {
    sim.learn(A, "cardmgr", "1", "Failed");
    sim.run_for(sim.profile().timing.module_boot);
  }
  sim.run_for(1s);
  sim.order(A, Failover{});
  ASSERT_TRUE(sim.run_until(state_is(B, NodeState::Master)));
  sim.learn(B, "cardmgr", "1", "Failed");
  EXPECT_EQ(state_of(sim, B, "1"), kPowerCycled);
  sim.run_for(sim.profile().timing.module_boot);
  sim.learn(B, "cardmgr", "1", "Failed");
  EXPECT_EQ(state_of(sim, B, "1"), kModuleDown);
}

TEST(InterfaceModule, FollowsTheRecoveryLevelOfItsSlot) {
  Simulation sim = pair_in_sync();
  set_level(sim, "1", "none");
  set_level(sim, "2", "shutdown");
  sim.learn(A, "cardmgr", "1", "Failed");
  sim.learn(A, "cardmgr", "2", "Failed");
  sim.run_for(5s);
  EXPECT_EQ(state_of(sim, A, "1"), kModuleFailed);
  EXPECT_EQ(state_of(sim, A, "2"), kModuleShutDown);
}

TEST(InterfaceModule, ThatWasShutDownStaysDownOverAFailoverUntilItIsCleared) {
  Simulation sim = pair_in_sync();
  set_level(sim, "2", "shutdown");
  sim.learn(A, "cardmgr", "2", "Failed");
  sim.run_for(1s);
  sim.cut_power(A);
  sim.run_for(10s);
  EXPECT_EQ(state_of(sim, B, "2"), kModuleShutDown);
  sim.order(B, ForgetEntries{*application_named(sim.profile(), "cardmgr")});
  EXPECT_EQ(state_of(sim, B, "2"), kOperational);
}

TEST(Process, ThatIsRestartedByOrderIsAwayForAMomentAndFailsNobody) {
  Simulation sim = pair_in_sync();
  const auto vlan = *application_named(sim.profile(), "vlan");
  EXPECT_TRUE(was_done(sim, sim.order(A, RestartProcess{vlan})));
  EXPECT_NE(sim.node(A).ended_processes, 0u);
  EXPECT_LT(software_health(sim.profile(), sim.node(A)), sim.profile().full_software_health);
  sim.run_for(sim.profile().timing.process);
  EXPECT_EQ(sim.node(A).ended_processes, 0u);
  EXPECT_EQ(sim.state(A), NodeState::Master);
  EXPECT_TRUE(in_sync(sim));
  EXPECT_TRUE(log_has(sim, A, "process vlan restarted"));
}

TEST(Process, LearnsNothingWhileItIsAwayAndKeepsWhatItKnew) {
  Simulation sim = pair_in_sync();
  const auto fdb = *application_named(sim.profile(), "fdb");
  sim.learn(A, "fdb", "before", "1:1");
  sim.order(A, RestartProcess{fdb});
  sim.learn(A, "fdb", "meanwhile", "1:1");
  sim.run_for(sim.profile().timing.process);
  sim.learn(A, "fdb", "after", "1:1");
  sim.run_for(1s);
  const Entries expected{{"after", "1:1"}, {"before", "1:1"}};
  EXPECT_EQ(entries_of(sim.node(A), fdb), expected);
  EXPECT_EQ(entries_of(sim.node(B), fdb), expected);
}

TEST(Process, OfTheBackupIsRestartedFromTheMasterOnly) {
  Simulation sim = pair_in_sync();
  const auto vlan = *application_named(sim.profile(), "vlan");
  EXPECT_TRUE(was_refused(sim, sim.order(B, RestartProcess{vlan, A}), Refusal::NotMaster));
  EXPECT_TRUE(was_done(sim, sim.order(A, RestartProcess{vlan, B})));
  sim.run_for(1s);
  EXPECT_TRUE(log_has(sim, B, "process vlan restarted"));
  EXPECT_FALSE(log_has(sim, A, "process vlan restarted"));
}

TEST(Modules, ThatWereShutDownStaySoOverABootOfTheChassisUntilThatIsCleared) {
  Simulation sim = pair_in_sync();
  set_level(sim, "1", "shutdown");
  const std::uint8_t modules = sim.profile().replication.module_application;
  sim.give(A, EntryLearned{modules, "1", "Failed"});
  sim.run_for(1s);
  ASSERT_EQ(module_state(sim.profile(), sim.node(A), "1"), kModuleShutDown);
  for (const Slot slot : {A, B}) sim.cut_power(slot);
  sim.power_on(B);  // the other one knows it as well
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Master)));
  EXPECT_EQ(module_state(sim.profile(), sim.node(B), "1"), kModuleShutDown);
  EXPECT_EQ(module_state(sim.profile(), sim.node(B), "2"), kOperational);
  sim.order(B, ClearRecovery{});
  sim.run_for(1s);
  sim.cut_power(B);
  sim.power_on(B);
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Master)));
  EXPECT_EQ(module_state(sim.profile(), sim.node(B), "1"), kOperational);
}

TEST(Modules, ThatWereResetTooOftenAndThoseShutDownAreKeptApartOverABootOfTheChassis) {
  Simulation sim = pair_in_sync();
  set_level(sim, "1", "shutdown");
  for (int time = 1; time <= 6; ++time) {
    sim.learn(A, "cardmgr", "2", "Failed");
    sim.run_for(sim.profile().timing.module_boot);
  }
  sim.learn(A, "cardmgr", "1", "Failed");
  sim.run_for(1s);
  for (const Slot slot : {A, B}) sim.cut_power(slot);
  sim.power_on(B);
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Standby)));
  EXPECT_TRUE(is_module_shut_down(sim.profile(), sim.node(B), "1")) << "its flash says so";
  EXPECT_FALSE(is_module_shut_down(sim.profile(), sim.node(B), "2"));
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Master)));
  EXPECT_EQ(state_of(sim, B, "1"), kModuleShutDown);
  EXPECT_EQ(state_of(sim, B, "2"), kModuleDown);
}

TEST(HardwareFault, LeavesAnMsmAsItIsAtTheRecoveryLevelNoneOfItsSlot) {
  Simulation sim = pair_in_sync();
  set_level(sim, "B", "none");
  set_level(sim, "A", "none");
  sim.run_for(1s);
  sim.give(A, PartFailed{Part::Processor});
  sim.run_for(1s);
  EXPECT_EQ(sim.state(A), NodeState::Master);
  set_level(sim, "A", "reset");
  sim.run_for(1s);
  sim.give(A, PartFailed{Part::Processor});
  sim.run_for(1s);
  EXPECT_EQ(sim.state(A), NodeState::Fail);
  EXPECT_EQ(sim.state(B), NodeState::Master);
}

TEST(Process, ThatEndsFailsNobodyAtRecoveryLevelNone) {
  Simulation sim = pair_in_sync();
  const auto vlan = *application_named(sim.profile(), "vlan");
  sim.order(A, ChangeSetting{{"sys-recovery-level", "none"}});
  sim.give(A, ProcessEnded{vlan});
  sim.run_for(1s);
  EXPECT_EQ(sim.state(A), NodeState::Master);
  sim.order(A, ChangeSetting{{"sys-recovery-level", "all"}});
  sim.give(A, ProcessEnded{vlan});
  sim.run_for(1s);
  EXPECT_EQ(sim.state(B), NodeState::Master);
}

TEST(Process, ThatEndsShutsItsMsmDownWhereItsSlotSaysSo) {
  Simulation sim = pair_in_sync();
  set_level(sim, "A", "shutdown");
  sim.run_for(1s);
  sim.give(A, ProcessEnded{*application_named(sim.profile(), "vlan")});
  sim.run_for(1min);
  EXPECT_EQ(sim.state(A), NodeState::Fail);
  EXPECT_EQ(sim.boots(A), 1u);
  EXPECT_EQ(sim.state(B), NodeState::Master);
  sim.order(A, Reboot{A});
  sim.run_for(1min);
  EXPECT_EQ(sim.boots(A), 2u);
  EXPECT_EQ(sim.state(A), NodeState::Fail) << "nobody has cleared it";
  sim.order(A, ClearRecovery{});
  sim.run_for(1min);
  EXPECT_EQ(sim.state(A), NodeState::Fail) << "it did not restart";
  sim.order(A, Reboot{A});
  EXPECT_TRUE(sim.run_until(state_is(A, NodeState::Backup)));
}

TEST(Process, ThatEndsShutsItsMsmDownOverALossOfPower) {
  Simulation sim = pair_in_sync();
  set_level(sim, "B", "shutdown");
  sim.run_for(1s);
  sim.give(B, ProcessEnded{*application_named(sim.profile(), "vlan")});
  sim.run_for(1s);
  sim.cut_power(B);
  sim.power_on(B);
  sim.run_for(1min);
  EXPECT_EQ(sim.state(B), NodeState::Fail);
}

TEST(Images, OfTheOtherModuleAreWhatItToldAndNotOurs) {
  Simulation sim = pair_in_sync();
  sim.give(B, ImageInstalled{Partition::Secondary, "11.3.1.4"});
  sim.run_for(1s);
  const auto rows = modules_of(sim.profile(), sim.node(A));
  EXPECT_EQ(image_text(rows[A].images.secondary), "11.3.1.3");
  EXPECT_EQ(image_text(rows[B].images.secondary), "11.3.1.4");
  EXPECT_TRUE(rows[B].images.is_secondary_selected);
  EXPECT_FALSE(rows[B].images.is_secondary_booted);
}

TEST(Images, ANumberIsAVersionAndBackAndNothingElseIs) {
  EXPECT_EQ(image_text(image_number("12.4.3.65535")), "12.4.3.65535");
  for (const char* wrong : {"", "11.3.1", "11.3.1.3.1", "11.3.1.x", "11.3.1.65536", "-1.0.0.1"}) {
    EXPECT_EQ(image_number(wrong), 0u) << wrong;
  }
}

TEST(Node, ThatStillBootsWhenTheMasterIsElectedIsToldOf) {
  Simulation sim;
  sim.power_on(A);
  ASSERT_TRUE(sim.run_until(state_is(A, NodeState::Standby)));
  sim.power_on(B);
  sim.run_for(1s);
  EXPECT_FALSE(log_has(sim, A, "Node Not Yet UP")) << "the boot loader says nothing";
  Simulation late;
  late.power_on(A);
  late.run_for(250ms);
  late.power_on(B);
  ASSERT_TRUE(late.run_until(state_is(A, NodeState::Master)));
  EXPECT_EQ(log_has(late, A, "Node Not Yet UP"), late.state(B) == NodeState::Init);
}

TEST(Node, ThatFailsIsLoggedByItsMaster) {
  Simulation sim = pair_in_sync();
  sim.break_part(B, Part::License);
  sim.run_for(1s);
  EXPECT_TRUE(log_has(sim, A, "MSM-B has failed for the reason of \"License Mismatch\""));
}

TEST(Node, WithOtherSoftwareIsLoggedOnceByItsMaster) {
  Simulation sim = pair_in_sync();
  sim.give(B, ImageInstalled{Partition::Secondary, "11.3.1.4"});
  sim.run_for(1s);
  sim.order(A, Reboot{B});
  sim.run_until(state_is(B, NodeState::Down));
  ASSERT_TRUE(sim.run_until(state_is(B, NodeState::Backup)));
  sim.run_for(5s);
  const auto& log = sim.diary(A).log;
  EXPECT_EQ(std::count_if(log.begin(), log.end(),
                          [](const LogEntry& entry) {
                            return entry.text.find("Incompatible XOS") != std::string::npos;
                          }),
            1);
  EXPECT_EQ(sim.state(B), NodeState::Backup);
  EXPECT_FALSE(in_sync(sim));
}

TEST(Node, WhoseDeviceDoesNotAnswerFailsForThatReason) {
  Simulation sim = pair_in_sync();
  sim.break_part(A, Part::Device);
  sim.run_for(1s);
  EXPECT_EQ(sim.node(A).reason, Reason::DeviceTimeout);
  EXPECT_EQ(sim.state(B), NodeState::Master);
  EXPECT_TRUE(log_has(sim, A, "Device Timeout"));
}

}  // namespace
}  // namespace understudy::reference

// Booting and leader election of EXOS 11.3 (spec sheet sections 1 and 2).
#include "tests/unit/chassis_world.h"

namespace understudy::reference {
namespace {

/// Saves a priority for one module on both flashes, then restarts the whole chassis.
Simulation rebooted_with_priorities(int a, int b, const SimulationSettings& settings = {}) {
  Simulation sim = pair_in_sync(settings);
  sim.order(A, SetNodePriority{A, a});
  sim.order(A, SetNodePriority{B, b});
  save(sim, A);
  sim.order(A, Reboot{});
  sim.run_until([](const Simulation& s) { return s.boots(A) == 2 && s.boots(B) == 2; });
  EXPECT_TRUE(sim.run_until(in_sync));
  return sim;
}

TEST(Boot, ShowsInitUntilTheHardwareIsInitialised) {
  Simulation sim;
  sim.power_on(A);
  sim.run_for(1999ms);
  EXPECT_EQ(sim.state(A), NodeState::Init);
  sim.run_for(1ms);
  EXPECT_EQ(sim.state(A), NodeState::Standby);
}

TEST(Boot, ADiagnosticFaultEndsInFailAndNotInAnElection) {
  Simulation sim;
  sim.set_diagnostic_fault(A, true);
  sim.power_on(A);
  sim.run_for(10s);
  EXPECT_EQ(sim.state(A), NodeState::Fail);
  EXPECT_EQ(sim.node(A).reason, Reason::HardwareFailure);
}

TEST(Boot, SendsNothingWhileTheLoaderRuns) {
  Simulation sim;
  sim.power_on(A);
  sim.run_for(999ms);
  EXPECT_EQ(sim.frames_sent(), 0u);
  sim.run_for(1ms);
  EXPECT_GT(sim.frames_sent(), 0u);
}

TEST(Boot, CountsBootsInFlash) {
  Simulation sim = pair_in_sync();
  sim.cut_power(A);
  sim.power_on(A);
  EXPECT_EQ(sim.node(A).boot_count, 2u);
  EXPECT_EQ(sim.node(B).boot_count, 1u);
}

TEST(Election, OneModuleAloneBecomesMaster) {
  Simulation sim;
  sim.remove(A);
  sim.power_on(B);
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Master)));
}

TEST(Election, PassesThroughStandbyOnTheWayToMaster) {
  Simulation sim;
  sim.power_on(A);
  sim.run_until(state_is(A, NodeState::Standby));
  EXPECT_TRUE(sim.run_until(state_is(A, NodeState::Master)));
  EXPECT_TRUE(log_has(sim, A, "MSM-A is now STANDBY"));
}

TEST(Election, SlotAWinsWhenNothingElseDiffers) {
  const Simulation sim = pair_in_sync();
  EXPECT_EQ(sim.state(A), NodeState::Master);
  EXPECT_EQ(sim.state(B), NodeState::Backup);
}

TEST(Election, TheLowerPriorityNumberWins) {
  const Simulation sim = rebooted_with_priorities(7, 3);
  EXPECT_EQ(sim.state(B), NodeState::Master);
  EXPECT_EQ(sim.state(A), NodeState::Backup);
}

TEST(Election, AConfiguredPriorityBeatsNoneInThisProfile) {
  const Simulation sim = rebooted_with_priorities(0, 100);
  EXPECT_EQ(sim.state(B), NodeState::Master);
}

TEST(Election, ZeroIsTheLowestNumberWhereAProfileSaysSo) {
  Profile profile = exos_11_3();
  profile.election.order[2].zero_is_last = false;
  const Simulation sim =
      rebooted_with_priorities(100, 0, {.profile = std::make_shared<const Profile>(profile)});
  EXPECT_EQ(sim.state(B), NodeState::Master);
}

TEST(Election, APriorityChangeDoesNotMoveTheOffice) {
  Simulation sim = pair_in_sync();
  sim.order(A, SetNodePriority{B, 1});
  sim.order(A, SetNodePriority{A, 100});
  sim.run_for(30s);
  EXPECT_EQ(sim.state(A), NodeState::Master);
  EXPECT_EQ(sim.state(B), NodeState::Backup);
}

TEST(Election, SoftwareHealthDecidesBeforeTheSlot) {
  Simulation sim;
  sim.power_on(A);
  sim.power_on(B);
  sim.run_until(both_run(NodeState::Standby, NodeState::Standby));
  sim.end_process(A, "edp");
  EXPECT_TRUE(sim.run_until(both_run(NodeState::Backup, NodeState::Master)));
}

TEST(Election, HardwareHealthDecidesBeforeTheSlot) {
  Simulation sim;
  sim.break_part(A, Part::Fan);
  sim.power_on(A);
  sim.power_on(B);
  EXPECT_TRUE(sim.run_until(in_sync));
  EXPECT_EQ(sim.state(B), NodeState::Master);
}

TEST(Election, SoftwareHealthDecidesBeforeHardwareHealth) {
  Simulation sim;
  sim.break_part(A, Part::Fan);
  sim.power_on(A);
  sim.power_on(B);
  sim.run_until(both_run(NodeState::Standby, NodeState::Standby));
  sim.end_process(B, "edp");
  EXPECT_TRUE(sim.run_until(in_sync));
  EXPECT_EQ(sim.state(A), NodeState::Master);
}

TEST(Election, PriorityDecidesBeforeHealth) {
  Simulation sim = rebooted_with_priorities(9, 2);
  sim.break_part(B, Part::Fan);
  sim.order(B, Reboot{});
  sim.run_until([](const Simulation& s) { return s.boots(A) == 3 && s.boots(B) == 3; });
  EXPECT_TRUE(sim.run_until(in_sync));
  EXPECT_EQ(sim.state(B), NodeState::Master);
}

TEST(Election, PriorityCountsOnlyAboveTheHealthThresholds) {
  auto profile = std::make_shared<Profile>(exos_11_3());
  profile->election.minimum_hardware_health = 7;
  Simulation sim({.profile = profile});
  sim.power_on(A);
  sim.power_on(B);
  sim.run_until(in_sync);
  sim.order(A, SetNodePriority{B, 1});
  save(sim, A);
  sim.break_part(B, Part::Fan);
  sim.order(A, Reboot{});
  sim.run_until([](const Simulation& s) { return s.boots(A) == 2 && s.boots(B) == 2; });
  EXPECT_TRUE(sim.run_until(in_sync));
  EXPECT_EQ(sim.state(A), NodeState::Master);
}

TEST(Election, AModuleInInitTakesNoPart) {
  Simulation sim;
  sim.power_on(B);
  sim.run_for(1500ms);
  sim.power_on(A);
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Master)));
  EXPECT_EQ(sim.state(A), NodeState::Init);
}

TEST(Election, AModuleThatComesLaterBecomesBackupWhateverItsSlot) {
  Simulation sim;
  sim.power_on(B);
  sim.run_until(state_is(B, NodeState::Master));
  sim.power_on(A);
  EXPECT_TRUE(sim.run_until(in_sync));
  EXPECT_EQ(sim.state(A), NodeState::Backup);
  EXPECT_EQ(sim.state(B), NodeState::Master);
}

TEST(Election, AFailedModuleTakesNoPart) {
  Simulation sim;
  sim.set_diagnostic_fault(A, true);
  sim.power_on(A);
  sim.power_on(B);
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Master)));
  EXPECT_EQ(seen_by(sim, B, A).state, NodeState::Fail);
  EXPECT_EQ(seen_by(sim, B, A).reason, Reason::HardwareFailure);
}

TEST(Election, BothModulesAreListedByEachOther) {
  const Simulation sim = pair_in_sync();
  EXPECT_EQ(seen_by(sim, A, B).state_word, "BACKUP");
  EXPECT_EQ(seen_by(sim, B, A).state_word, "MASTER");
  EXPECT_EQ(seen_by(sim, B, A).software_health, 49);
  EXPECT_EQ(seen_by(sim, B, A).hardware_health, 7);
}

}  // namespace
}  // namespace understudy::reference

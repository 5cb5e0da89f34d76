// A chassis of another vendor on the same engine: ProCurve 8212zl, spec sheet procurve.md.
#include "reference-impl/chassis/procurve_8212zl.h"
#include "reference-impl/chassis/query.h"
#include "tests/unit/chassis_world.h"

namespace understudy::reference {
namespace {

SimulationSettings procurve() {
  return {.profile = std::make_shared<const Profile>(procurve_8212zl())};
}

bool has_standby(const Simulation& sim) {
  return sim.state(A) == NodeState::WarmStandby || sim.state(B) == NodeState::WarmStandby;
}

Simulation pair_with_standby() {
  Simulation sim(procurve());
  sim.power_on(A);
  sim.power_on(B);
  EXPECT_TRUE(sim.run_until(has_standby));
  sim.run_for(1ms);  // the active module has heard it
  return sim;
}

void cold_boot(Simulation& sim) {
  sim.cut_power(A);
  sim.cut_power(B);
  sim.power_on(A);
  sim.power_on(B);
  EXPECT_TRUE(sim.run_until(has_standby));
}

TEST(ProCurve, ProfileHasNoFlaw) {
  EXPECT_TRUE(flaws_of(procurve_8212zl()).empty());
}

TEST(ProCurve, RunsSelftestBeforeItDecides) {
  Simulation sim(procurve());
  sim.power_on(A);
  sim.run_for(999ms);
  EXPECT_EQ(sim.state(A), NodeState::Selftest);
  sim.run_for(1ms);
  EXPECT_EQ(sim.state(A), NodeState::Deciding);
}

TEST(ProCurve, LowestSlotIsActiveWhenNothingIsRemembered) {
  const Simulation sim = pair_with_standby();
  EXPECT_EQ(sim.state(A), NodeState::Active);
  EXPECT_EQ(sim.state(B), NodeState::WarmStandby);
}

TEST(ProCurve, StandbyStopsAtItsBootPointAndNeverBringsUpPorts) {
  Simulation sim = pair_with_standby();
  sim.run_for(60s);
  EXPECT_EQ(sim.state(B), NodeState::WarmStandby);
  EXPECT_EQ(sim.node(B).left[static_cast<std::size_t>(Timer::BootPhase)], kNever);
}

TEST(ProCurve, StandbyFinishesItsBootWhenTheActiveFails) {
  Simulation sim = pair_with_standby();
  sim.cut_power(A);
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::FinishingBoot)));
  sim.run_for(999ms);
  EXPECT_EQ(sim.state(B), NodeState::FinishingBoot);
  sim.run_for(1ms);
  EXPECT_EQ(sim.state(B), NodeState::Active);
}

TEST(ProCurve, RunningConfigurationIsNotSynchronised) {
  Simulation sim = pair_with_standby();
  sim.order(A, CreateVlan{"unsaved"});
  sim.run_for(10s);
  EXPECT_FALSE(has_vlan(sim, B, "unsaved"));
  sim.cut_power(A);
  sim.run_until(state_is(B, NodeState::Active));
  EXPECT_FALSE(has_vlan(sim, B, "unsaved"));
}

TEST(ProCurve, StoredConfigurationIsSynchronisedWhenever) {
  Simulation sim = pair_with_standby();
  sim.order(A, CreateVlan{"stored"});
  save(sim, A);
  sim.run_for(100ms);
  EXPECT_NE(saved_text(sim, B, "startup-config").find("vlan/stored"), std::string::npos);
  sim.cut_power(A);
  sim.run_until(state_is(B, NodeState::Active));
  EXPECT_TRUE(has_vlan(sim, B, "stored"));
}

TEST(ProCurve, RoleIsStickyOverAColdBoot) {
  Simulation sim = pair_with_standby();
  EXPECT_TRUE(was_done(sim, sim.order(A, Failover{})));
  sim.run_until(state_is(B, NodeState::Active));
  ASSERT_TRUE(sim.run_until(has_standby));
  cold_boot(sim);
  EXPECT_EQ(sim.state(B), NodeState::Active);
  EXPECT_EQ(sim.state(A), NodeState::WarmStandby);
}

TEST(ProCurve, OfTwoThatWereActiveTheOneThatBootedLastWins) {
  Simulation sim(procurve());
  sim.power_on(A);
  sim.run_until(state_is(A, NodeState::Active));
  sim.cut_power(A);
  sim.power_on(B);
  sim.run_until(state_is(B, NodeState::Active));
  cold_boot(sim);
  EXPECT_EQ(sim.state(B), NodeState::Active);
}

TEST(ProCurve, TheOneThatHasBootedInThisChassisPrecedesANewOne) {
  Simulation sim(procurve());
  sim.power_on(B);
  sim.run_until(state_is(B, NodeState::Active));
  cold_boot(sim);
  EXPECT_EQ(sim.state(B), NodeState::Active);
}

TEST(ProCurve, AModuleThatIsInsertedIsStandbyWhateverItsSlot) {
  Simulation sim(procurve());
  sim.power_on(B);
  sim.run_until(state_is(B, NodeState::Active));
  sim.power_on(A);
  EXPECT_TRUE(sim.run_until(state_is(A, NodeState::WarmStandby)));
  EXPECT_EQ(sim.state(B), NodeState::Active);
}

TEST(ProCurve, AFailedSelftestLeavesTheOtherActiveAndBothFailedLeaveNone) {
  Simulation sim(procurve());
  sim.set_diagnostic_fault(A, true);
  sim.power_on(A);
  sim.power_on(B);
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Active)));
  EXPECT_EQ(sim.state(A), NodeState::Failed);
  sim.set_diagnostic_fault(B, true);
  sim.press_reset(B);
  sim.run_for(60s);
  EXPECT_EQ(sim.state(B), NodeState::Failed);
}

TEST(ProCurve, SwitchoverIsRefusedWithoutAStandby) {
  Simulation sim(procurve());
  sim.power_on(A);
  sim.run_until(state_is(A, NodeState::Active));
  EXPECT_TRUE(was_refused(sim, sim.order(A, Failover{true}), Refusal::NoBackup));
}

TEST(ProCurve, ASwitchoverWaitsForWhatIsBeingCopied) {
  Simulation sim = pair_with_standby();
  sim.order(A, CreateVlan{"9"});
  sim.order(A, Save{});
  sim.run_for(21ms);  // stored here, on its way to the standby's flash
  sim.order(A, Failover{});
  EXPECT_EQ(sim.state(A), NodeState::Active);
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Active)));
  EXPECT_TRUE(has_vlan(sim, B, "9"));
}

TEST(ProCurve, TheShutDownButtonLetsASaveThatIsBeingWrittenArrive) {
  Simulation sim = pair_with_standby();
  sim.order(A, CreateVlan{"9"});
  sim.order(A, Save{});
  sim.run_for(1ms);
  sim.press(A, ShutDownPressed{});
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Active)));
  EXPECT_TRUE(has_vlan(sim, B, "9"));
}

TEST(ProCurve, AShutDownModuleStaysOut) {
  Simulation sim = pair_with_standby();
  sim.press(A, ShutDownPressed{});
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Active)));
  sim.cut_power(B);
  sim.run_for(60s);
  EXPECT_EQ(sim.state(A), NodeState::ShutDown);
}

TEST(ProCurve, AWarmRestartSkipsTheSelftestAndTheNextOneDoesNot) {
  Simulation sim(procurve());
  sim.power_on(A);
  sim.run_until(state_is(A, NodeState::Active));
  sim.set_diagnostic_fault(A, true);
  sim.order(A, Reboot{.module = std::nullopt, .is_warm = true});
  sim.run_until(state_is(A, NodeState::Down));
  EXPECT_TRUE(sim.run_until(state_is(A, NodeState::Active)));
  sim.press_reset(A);
  EXPECT_TRUE(sim.run_until(state_is(A, NodeState::Failed)));
}

TEST(ProCurve, AnImageForOneBootIsForgottenByTheNext) {
  Simulation sim(procurve());
  sim.power_on(A);
  sim.run_until(state_is(A, NodeState::Active));
  sim.order(A, Reboot{.module = std::nullopt, .image = Partition::Secondary});
  sim.run_until(state_is(A, NodeState::Down));
  sim.run_until(state_is(A, NodeState::Active));
  EXPECT_EQ(sim.node(A).booted_image, Partition::Secondary);
  sim.press_reset(A);
  sim.run_until(state_is(A, NodeState::Down));
  sim.run_until(state_is(A, NodeState::Active));
  EXPECT_EQ(sim.node(A).booted_image, Partition::Primary);
}

TEST(ProCurve, VersionsWithLettersAreNumbersToo) {
  for (const char* version : {"K.12.57", "K.15.06.0017", "KB.16.01", "W.00"}) {
    EXPECT_EQ(image_text(image_number(version)), version);
  }
  for (const char* wrong : {"K", "K.", "k.12", "KBC.1", "K.12.57.1.1", "K.65535", "K.1x"}) {
    EXPECT_EQ(image_number(wrong), 0u) << wrong;
  }
}

}  // namespace
}  // namespace understudy::reference

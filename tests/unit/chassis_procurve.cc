// A chassis of another vendor on the same engine: ProCurve 8212zl, spec sheet procurve.md.
#include "tests/unit/chassis_procurve_profile.h"
#include "tests/unit/chassis_world.h"

namespace understudy::reference {
namespace {

SimulationSettings procurve() {
  return {.profile = std::make_shared<const Profile>(procurve_8212zl())};
}

void cold_boot(Simulation& sim) {
  sim.cut_power(A);
  sim.cut_power(B);
  sim.power_on(A);
  sim.power_on(B);
  EXPECT_TRUE(sim.run_until(in_sync));
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
  const Simulation sim = pair_in_sync(procurve());
  EXPECT_EQ(sim.state(A), NodeState::Active);
  EXPECT_EQ(sim.state(B), NodeState::WarmStandby);
}

TEST(ProCurve, StandbyStopsAtItsBootPointAndNeverBringsUpPorts) {
  Simulation sim = pair_in_sync(procurve());
  sim.run_for(60s);
  EXPECT_EQ(sim.state(B), NodeState::WarmStandby);
  EXPECT_EQ(sim.node(B).left[static_cast<std::size_t>(Timer::BootPhase)], kNever);
}

TEST(ProCurve, StandbyFinishesItsBootWhenTheActiveFails) {
  Simulation sim = pair_in_sync(procurve());
  sim.cut_power(A);
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::FinishingBoot)));
  sim.run_for(999ms);
  EXPECT_EQ(sim.state(B), NodeState::FinishingBoot);
  sim.run_for(1ms);
  EXPECT_EQ(sim.state(B), NodeState::Active);
}

TEST(ProCurve, RunningConfigurationIsNotSynchronised) {
  Simulation sim = pair_in_sync(procurve());
  sim.order(A, CreateVlan{"unsaved"});
  sim.run_for(10s);
  EXPECT_FALSE(has_vlan(sim, B, "unsaved"));
  sim.cut_power(A);
  sim.run_until(state_is(B, NodeState::Active));
  EXPECT_FALSE(has_vlan(sim, B, "unsaved"));
}

TEST(ProCurve, StoredConfigurationIsSynchronisedWhenever) {
  Simulation sim = pair_in_sync(procurve());
  sim.order(A, CreateVlan{"stored"});
  save(sim, A);
  EXPECT_NE(saved_text(sim, B, "startup-config").find("vlan/stored"), std::string::npos);
  sim.cut_power(A);
  sim.run_until(state_is(B, NodeState::Active));
  EXPECT_TRUE(has_vlan(sim, B, "stored"));
}

TEST(ProCurve, RoleIsStickyOverAColdBoot) {
  Simulation sim = pair_in_sync(procurve());
  EXPECT_TRUE(was_done(sim, sim.order(A, Failover{})));
  sim.run_until(state_is(B, NodeState::Active));
  ASSERT_TRUE(sim.run_until(in_sync));
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

}  // namespace
}  // namespace understudy::reference

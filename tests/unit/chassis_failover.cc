// Who takes over, when, and with what (spec sheet sections 1.1, 3 and 10.4).
#include <ostream>

#include "tests/unit/chassis_world.h"

namespace understudy::reference {
namespace {

// Clause backup-takes-over: after three missed heartbeats, not sooner.
TEST(Takeover, WaitsForTheThirdMissedHeartbeatAndNoLonger) {
  Simulation sim({.heartbeat_period = 100ms, .missed_limit = 3, .seed = 1});
  sim.power_on(A);
  sim.power_on(B);
  sim.run_until(in_sync);
  sim.run_until(heartbeat_arrives_at(B));

  sim.hang(A);
  sim.run_for(299ms);
  EXPECT_EQ(sim.state(B), NodeState::Backup);

  sim.run_for(1ms);
  EXPECT_EQ(sim.state(B), NodeState::Master);
}

/// Loses heartbeats of one slot, so many.
class LosesHeartbeats : public LinkPolicy {
 public:
  LosesHeartbeats(Slot from, int count) : from_(from), left_(count) {}
  std::unique_ptr<LinkPolicy> clone() const override {
    return std::make_unique<LosesHeartbeats>(*this);
  }
  void carry(Slot from, Slot, const FrameBytes& frame, Duration, std::uint64_t,
             std::vector<Delivery>& deliveries) override {
    const bool is_heartbeat = read_header(frame.view())->type == FrameType::Heartbeat;
    if (from == from_ && is_heartbeat && left_-- > 0) return;
    deliveries.push_back({Duration{}, frame});
  }

 private:
  Slot from_;
  int left_;
};

TEST(Takeover, DoesNotHappenAfterOneLostHeartbeatLessThanTheLimit) {
  Simulation sim = pair_in_sync();
  sim.set_link(std::make_unique<LosesHeartbeats>(A, 2));
  sim.run_for(10s);
  EXPECT_EQ(sim.state(B), NodeState::Backup);
  EXPECT_EQ(sim.state(A), NodeState::Master);
}

TEST(Takeover, HappensAfterAsManyLostHeartbeatsAsTheLimit) {
  Simulation sim = pair_in_sync();
  sim.set_link(std::make_unique<LosesHeartbeats>(A, 3));
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Master), 1s));
}

TEST(Takeover, FollowsPeriodAndLimitOfTheProfile) {
  Simulation sim = pair_in_sync({.heartbeat_period = 10ms, .missed_limit = 7});
  sim.run_until(heartbeat_arrives_at(B));
  sim.cut_power(A);
  sim.run_for(69'999us);
  EXPECT_EQ(sim.state(B), NodeState::Backup);
  sim.run_for(1us);
  EXPECT_EQ(sim.state(B), NodeState::Master);
}

TEST(Takeover, DoesNotHappenWhenTheMasterHangsForLessThanTheLimit) {
  Simulation sim = pair_in_sync();
  sim.run_until(heartbeat_arrives_at(B));
  sim.hang(A);
  sim.run_for(250ms);
  sim.resume(A);
  sim.run_for(10s);
  EXPECT_EQ(sim.state(A), NodeState::Master);
  EXPECT_EQ(sim.state(B), NodeState::Backup);
  EXPECT_EQ(sim.boots(B), 1u);
}

TEST(Takeover, ABackupThatHungItselfDrawsNoConclusionFromTheSilence) {
  Simulation sim = pair_in_sync();
  sim.hang(B);
  sim.run_for(250ms);
  sim.resume(B);
  EXPECT_EQ(sim.state(B), NodeState::Backup);
  sim.run_for(10s);
  EXPECT_EQ(sim.state(B), NodeState::Backup);
  EXPECT_EQ(sim.state(A), NodeState::Master);
}

TEST(Takeover, KeepsTheActiveConfigurationWithUnsavedChanges) {
  Simulation sim = pair_in_sync();
  sim.order(A, CreateVlan{"unsaved"});
  sim.run_until(in_sync);
  sim.cut_power(A);
  sim.run_until(state_is(B, NodeState::Master));
  EXPECT_TRUE(has_vlan(sim, B, "unsaved"));
  EXPECT_TRUE(sim.node(B).is_dirty);
}

TEST(Takeover, KeepsUnsavedChangesThroughASecondFailover) {
  Simulation sim = pair_in_sync();
  sim.order(A, CreateVlan{"unsaved"});
  sim.run_until(in_sync);
  sim.cut_power(A);
  sim.run_until(state_is(B, NodeState::Master));
  sim.power_on(A);
  sim.run_until(in_sync);
  sim.cut_power(B);
  sim.run_until(state_is(A, NodeState::Master));
  EXPECT_TRUE(has_vlan(sim, A, "unsaved"));
}

TEST(Takeover, KeepsWhatTheApplicationsLearned) {
  Simulation sim = pair_in_sync();
  sim.learn(A, "fdb", "00:00:00:00:00:01 Default", "1:1");
  sim.run_until(in_sync);
  sim.cut_power(A);
  sim.run_until(state_is(B, NodeState::Master));
  const auto fdb = application_named(sim.profile(), "fdb");
  EXPECT_EQ(entries_of(sim.node(B), *fdb).count("00:00:00:00:00:01 Default"), 1u);
}

TEST(Takeover, BeforeTheBulkEndsTheBackupFailsNotInSyncAndRestarts) {
  Simulation sim = pair_in_bulk();
  sim.cut_power(A);
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Fail)));
  EXPECT_EQ(sim.node(B).reason, Reason::NotInSync);
  EXPECT_TRUE(log_has(sim, B, "MSM-B has failed for the reason of \"Not In Sync\""));
  sim.run_until([](const Simulation& s) { return s.boots(B) == 2; });
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Master)));
}

TEST(Takeover, AfterSuchARestartItRunsTheConfigurationOfItsOwnFlash) {
  Simulation sim = pair_in_sync();
  sim.order(A, CreateVlan{"saved"});
  save(sim, A);
  sim.order(A, CreateVlan{"unsaved"});
  sim.run_until(in_sync);
  sim.order(A, Reboot{B});
  sim.run_until(
      [](const Simulation& s) { return s.boots(B) == 2 && s.node(A).sending.bulk_is_open; });
  sim.cut_power(A);
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Master)));
  EXPECT_TRUE(has_vlan(sim, B, "saved"));
  EXPECT_FALSE(has_vlan(sim, B, "unsaved"));
}

TEST(Takeover, IsAtOnceWhenTheMasterSaysThatItFailed) {
  Simulation sim = pair_in_sync();
  sim.break_part(A, Part::Processor);
  sim.run_for(1ms);
  EXPECT_EQ(sim.state(A), NodeState::Fail);
  EXPECT_EQ(sim.state(B), NodeState::Master);
}

TEST(Takeover, SystemUpTimeGoesOnAndDoesNotStartAgain) {
  Simulation sim = pair_in_sync();
  sim.run_for(60s);
  const Duration before = sim.diary(A).system_uptime;
  sim.cut_power(A);
  sim.run_until(state_is(B, NodeState::Master));
  EXPECT_GE(sim.diary(B).system_uptime, before);
}

TEST(Takeover, TheOldMasterReturnsAsBackupAndNotAsMaster) {
  Simulation sim = pair_in_sync();
  sim.cut_power(A);
  sim.run_until(state_is(B, NodeState::Master));
  sim.power_on(A);
  EXPECT_TRUE(sim.run_until(in_sync));
  sim.run_for(10s);
  EXPECT_EQ(sim.state(A), NodeState::Backup);
  EXPECT_EQ(sim.state(B), NodeState::Master);
}

TEST(Takeover, AnEndedEssentialProcessFailsTheMasterWhichRestarts) {
  Simulation sim = pair_in_sync();
  sim.end_process(A, "vlan");
  EXPECT_EQ(sim.state(A), NodeState::Fail);
  EXPECT_EQ(sim.node(A).reason, Reason::ProcessFailure);
  EXPECT_TRUE(sim.run_until(
      [](const Simulation& s) { return s.boots(A) == 2 && s.state(A) == NodeState::Backup; }));
  EXPECT_EQ(sim.node(B).failover_cause, FailoverCause::Exception);
}

TEST(Takeover, AModuleThatOverheatsFailsAndStaysFailed) {
  Simulation sim = pair_in_sync();
  sim.break_part(A, Part::Temperature);
  sim.run_for(60s);
  EXPECT_EQ(sim.state(A), NodeState::Fail);
  EXPECT_EQ(seen_by(sim, B, A).reason, Reason::OverHeat);
}

TEST(Takeover, ARepairedModuleRestartsAndBecomesBackup) {
  Simulation sim = pair_in_sync();
  sim.break_part(A, Part::Temperature);
  sim.run_for(1s);
  sim.repair_part(A, Part::Temperature);
  EXPECT_TRUE(sim.run_until(in_sync));
  EXPECT_EQ(sim.state(A), NodeState::Backup);
}

struct CauseCase {
  const char* name;
  void (*lose)(Simulation&);
  FailoverCause cause;

  friend void PrintTo(const CauseCase& one, std::ostream* out) { *out << one.name; }
};
class Cause : public testing::TestWithParam<CauseCase> {};

TEST_P(Cause, OfTheFailoverIsKeptByTheNewMaster) {
  Simulation sim = pair_in_sync();
  EXPECT_EQ(sim.node(B).failover_cause, FailoverCause::Never);
  GetParam().lose(sim);
  ASSERT_TRUE(sim.run_until(state_is(B, NodeState::Master)));
  EXPECT_EQ(sim.node(B).failover_cause, GetParam().cause);
}

INSTANTIATE_TEST_SUITE_P(
    Takeover, Cause,
    testing::Values(
        CauseCase{"Admin", [](Simulation& s) { s.order(A, Failover{}); }, FailoverCause::Admin},
        CauseCase{"Exception", [](Simulation& s) { s.end_process(A, "cli"); },
                  FailoverCause::Exception},
        CauseCase{"Removal", [](Simulation& s) { s.remove(A); }, FailoverCause::Removal},
        CauseCase{"HardwareFailure", [](Simulation& s) { s.break_part(A, Part::Processor); },
                  FailoverCause::HardwareFailure},
        CauseCase{"Keepalive", [](Simulation& s) { s.hang(A); }, FailoverCause::Keepalive}),
    [](const auto& info) { return info.param.name; });

TEST(Removal, OfTheMasterHandsOverAtOnce) {
  Simulation sim = pair_in_sync();
  sim.remove(A);
  EXPECT_EQ(sim.state(B), NodeState::Master);
  EXPECT_FALSE(seen_by(sim, B, A).is_present);
}

TEST(Removal, OfTheBackupDisturbsNothing) {
  Simulation sim = pair_in_sync();
  sim.remove(B);
  sim.run_for(10s);
  EXPECT_EQ(sim.state(A), NodeState::Master);
  EXPECT_EQ(sync_claim(sim.profile(), sim.node(A)), SyncClaim::NoSecond);
  sim.insert(B);
  EXPECT_TRUE(sim.run_until(in_sync));
}

TEST(BackupLost, TheMasterListsItAsFailedAndClaimsNothing) {
  Simulation sim = pair_in_sync();
  sim.hang(B);
  sim.run_for(400ms);
  EXPECT_EQ(seen_by(sim, A, B).state, NodeState::Fail);
  EXPECT_EQ(seen_by(sim, A, B).reason, Reason::BackupLost);
  EXPECT_EQ(sync_claim(sim.profile(), sim.node(A)), SyncClaim::NoSecond);
  EXPECT_TRUE(log_has(sim, A, "MSM-B has failed for the reason of \"Backup lost\""));
}

TEST(BackupLost, ABackupThatCanStillHearIsForcedToFailAndRestarts) {
  Simulation sim = pair_in_sync();
  sim.cut(B, A);
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Fail)));
  EXPECT_EQ(sim.node(B).reason, Reason::BackupLost);
  sim.mend();
  EXPECT_TRUE(sim.run_until(in_sync));
  EXPECT_EQ(sim.boots(B), 2u);
}

}  // namespace
}  // namespace understudy::reference

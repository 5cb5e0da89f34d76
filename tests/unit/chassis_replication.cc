// Checkpointing: what the master replicates, in which order, and what it may claim (seeds 000 and
// 001, spec sheet section 5).
#include <ostream>

#include "tests/unit/chassis_world.h"

namespace understudy::reference {
namespace {

/// Drops every frame of one type from one slot.
class TypePolicy : public LinkPolicy {
 public:
  TypePolicy(Slot from, FrameType dropped) : from_(from), dropped_(dropped) {}
  std::unique_ptr<LinkPolicy> clone() const override { return std::make_unique<TypePolicy>(*this); }
  void carry(Slot from, Slot, const FrameBytes& frame, Duration, std::uint64_t,
             std::vector<Delivery>& deliveries) override {
    const auto header = read_header(frame.view());
    if (header && from == from_ && header->type == dropped_) return;
    deliveries.push_back({Duration{}, frame});
  }

 private:
  Slot from_;
  FrameType dropped_;
};

SyncClaim claim(const Simulation& sim, Slot slot) {
  return sync_claim(sim.profile(), sim.node(slot));
}

TEST(Sync, WhatWasCopiedToABackupThatIsLostIsShownNoMore) {
  Simulation sim = pair_in_sync();
  const auto shown = [&sim] { return checkpoints_of(sim.profile(), sim.node(A), sim.diary(A)); };
  EXPECT_TRUE(std::ranges::any_of(shown(), [](const auto& row) { return row.sent > 0; }));
  sim.cut_power(B);
  sim.run_for(5s);
  EXPECT_TRUE(std::ranges::none_of(
      shown(), [](const auto& row) { return row.sent > 0 || row.total > 0 || row.percent > 0; }));
}

TEST(Sync, TheSavedConfigurationReachesTheBackupsFlash) {
  Simulation sim;
  sim.power_on(A);
  sim.run_until(state_is(A, NodeState::Master));
  sim.order(A, CreateVlan{"early"});
  save(sim, A);
  sim.power_on(B);
  ASSERT_TRUE(sim.run_until(in_sync));
  EXPECT_TRUE(has_saved_vlan(sim, B, "early"));
}

TEST(Sync, TheSavedConfigurationComesBeforeTheActiveOne) {
  Simulation sim;
  sim.power_on(A);
  sim.run_until(state_is(A, NodeState::Master));
  sim.order(A, CreateVlan{"early"});
  save(sim, A);
  sim.power_on(B);
  sim.run_until([](const Simulation& s) { return s.node(B).receiving.has_active; });
  EXPECT_TRUE(has_saved_vlan(sim, B, "early"));
}

TEST(Sync, TheActiveConfigurationComesBeforeAnyBulk) {
  Simulation sim = pair_in_bulk();
  EXPECT_TRUE(sim.node(B).receiving.has_active);
}

TEST(Sync, IsNotClaimedBeforeTheLastApplicationsBulkIsAcknowledged) {
  Simulation sim = pair_in_bulk();
  while (!in_sync(sim)) {
    ASSERT_FALSE(sim.node(A).sending.is_started);
    ASSERT_TRUE(sim.run_event(sim.now() + 1min));
  }
  EXPECT_EQ(sim.node(A).sending.applications_done,
            (1ull << sim.profile().replication.applications.size()) - 1);
  EXPECT_TRUE(has_complete_copy(sim.node(B)));
}

TEST(Sync, AnApplicationStartsOnlyAfterAllThatItDependsOnHaveFinished) {
  Simulation sim = pair_in_bulk();
  const auto& applications = sim.profile().replication.applications;
  while (!in_sync(sim)) {
    const Sending& sending = sim.node(A).sending;
    if (sending.bulk_is_open) {
      for (const std::uint8_t need : applications[sending.application].depends_on) {
        ASSERT_TRUE(sending.applications_done >> need & 1)
            << applications[sending.application].name;
      }
    }
    ASSERT_TRUE(sim.run_event(sim.now() + 1min));
  }
}

TEST(Sync, BothModulesClaimIt) {
  Simulation sim = pair_in_sync();
  sim.run_for(200ms);
  EXPECT_EQ(claim(sim, A), SyncClaim::InSync);
  EXPECT_EQ(claim(sim, B), SyncClaim::InSync);
}

struct LostCase {
  const char* name;
  FrameType type;

  friend void PrintTo(const LostCase& one, std::ostream* out) { *out << one.name; }
};
class LostType : public testing::TestWithParam<LostCase> {};

TEST_P(LostType, KeepsTheMasterFromClaimingSync) {
  Simulation sim;
  sim.power_on(A);
  sim.run_until(state_is(A, NodeState::Master));
  save(sim, A);
  sim.set_link(std::make_unique<TypePolicy>(A, GetParam().type));
  sim.power_on(B);
  sim.run_for(20s);
  EXPECT_EQ(sim.state(B), NodeState::Backup);
  EXPECT_EQ(claim(sim, A), SyncClaim::NotInSync);
  EXPECT_EQ(claim(sim, B), SyncClaim::NotInSync);
  sim.set_link(nullptr);
  EXPECT_TRUE(sim.run_until(in_sync));
}

INSTANTIATE_TEST_SUITE_P(Sync, LostType,
                         testing::Values(LostCase{"ConfigSaved", FrameType::ConfigSaved},
                                         LostCase{"ConfigActive", FrameType::ConfigActive},
                                         LostCase{"CheckpointBulk", FrameType::CheckpointBulk}),
                         [](const auto& info) { return info.param.name; });

TEST(Sync, IsNotClaimedWhileAcknowledgementsAreLost) {
  Simulation sim;
  sim.set_link(std::make_unique<TypePolicy>(B, FrameType::Ack));
  sim.power_on(A);
  sim.power_on(B);
  sim.run_for(20s);
  EXPECT_EQ(claim(sim, A), SyncClaim::NotInSync);
}

TEST(Sync, IsNotClaimedWithDifferentSoftwareAndForceStillFailsOver) {
  Profile newer = exos_11_3();
  newer.version = "11.4.1.4";
  Simulation sim({.profile_of_b = std::make_shared<const Profile>(newer)});
  sim.power_on(A);
  sim.power_on(B);
  sim.run_for(20s);
  EXPECT_EQ(sim.state(B), NodeState::Backup);
  EXPECT_TRUE(was_refused(sim, sim.order(A, Failover{}), Refusal::NotInSync));
  EXPECT_TRUE(was_done(sim, sim.order(A, Failover{true})));
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Master), 1s));
}

TEST(Sync, IsNoLongerClaimedOnceTheBackupIsGone) {
  Simulation sim = pair_in_sync();
  sim.cut_power(B);
  sim.run_for(400ms);
  EXPECT_EQ(claim(sim, A), SyncClaim::NoSecond);
}

TEST(Change, OfTheConfigurationIsRelayedAtOnce) {
  Simulation sim = pair_in_sync();
  sim.order(A, CreateVlan{"now"});
  sim.run_for(100us);
  EXPECT_TRUE(has_vlan(sim, B, "now"));
}

TEST(Change, IsNotWrittenToTheBackupsFlash) {
  Simulation sim = pair_in_sync();
  save(sim, A);
  sim.order(A, CreateVlan{"unsaved"});
  sim.run_for(10s);
  EXPECT_TRUE(has_vlan(sim, B, "unsaved"));
  EXPECT_FALSE(has_saved_vlan(sim, B, "unsaved"));
}

TEST(Change, ThatIsNotYetAcknowledgedSuspendsTheClaim) {
  Simulation sim = pair_in_sync();
  sim.set_link(std::make_unique<TypePolicy>(A, FrameType::ConfigChange));
  sim.order(A, CreateVlan{"lost"});
  sim.run_for(5s);
  EXPECT_EQ(claim(sim, A), SyncClaim::NotInSync);
  EXPECT_EQ(claim(sim, B), SyncClaim::NotInSync);
  EXPECT_TRUE(was_refused(sim, sim.order(A, Failover{}), Refusal::NotInSync));
  sim.set_link(nullptr);
  EXPECT_TRUE(sim.run_until(in_sync));
  EXPECT_TRUE(has_vlan(sim, B, "lost"));
}

TEST(Change, DuringTheBulkIsNotLost) {
  Simulation sim = pair_in_bulk();
  sim.order(A, CreateVlan{"meanwhile"});
  sim.learn(A, "fdb", "mac", "1:1");
  sim.learn(A, "vrrp", "group 1", "backup");
  ASSERT_TRUE(sim.run_until(in_sync));
  EXPECT_TRUE(has_vlan(sim, B, "meanwhile"));
  EXPECT_EQ(sim.witness().modules[A].runtime, sim.witness().modules[B].runtime);
}

TEST(Change, OfAnApplicationIsRelayedAtOnce) {
  Simulation sim = pair_in_sync();
  sim.learn(A, "fdb", "mac", "1:1");
  sim.run_for(100us);
  const auto fdb = *application_named(sim.profile(), "fdb");
  EXPECT_EQ(entries_of(sim.node(B), fdb).count("mac"), 1u);
  sim.learn(A, "fdb", "mac", std::nullopt);
  sim.run_for(100us);
  EXPECT_EQ(entries_of(sim.node(B), fdb).count("mac"), 0u);
}

TEST(Change, LearnedByABackupIsIgnored) {
  Simulation sim = pair_in_sync();
  sim.learn(B, "fdb", "mac", "1:1");
  EXPECT_TRUE(entries_of(sim.node(B), *application_named(sim.profile(), "fdb")).empty());
}

TEST(Change, TooLargeForOneFrameArrivesWhole) {
  Simulation sim = pair_in_sync();
  for (int vlan = 0; vlan < 60; ++vlan) {
    const std::string name = numbered("a-rather-long-vlan-name-", vlan);
    sim.order(A, CreateVlan{name});
    sim.order(A, TagVlan{name, 100 + vlan});
  }
  sim.run_until(in_sync);
  sim.order(A, ClearConfiguration{});
  ASSERT_TRUE(sim.run_until(in_sync));
  EXPECT_EQ(sim.node(A).active, sim.node(B).active);
}

TEST(Change, WaitsForNothingOnABackupThatIsNotThere) {
  Simulation sim;
  sim.power_on(A);
  sim.run_until(state_is(A, NodeState::Master));
  EXPECT_TRUE(was_done(sim, sim.order(A, CreateVlan{"alone"})));
}

TEST(Statistics, GrowToTheirTotalsAndNeverBeyond) {
  Simulation sim = pair_in_bulk();
  std::vector<int> before(sim.profile().replication.applications.size(), 0);
  while (!in_sync(sim)) {
    ASSERT_TRUE(sim.run_event(sim.now() + 1min));
    const auto rows = checkpoints_of(sim.profile(), sim.node(A), sim.diary(A));
    for (std::size_t index = 0; index < rows.size(); ++index) {
      ASSERT_GE(rows[index].percent, before[index]);
      ASSERT_LE(rows[index].percent, 100);
      before[index] = rows[index].percent;
    }
  }
  const auto rows = checkpoints_of(sim.profile(), sim.node(A), sim.diary(A));
  EXPECT_EQ(rows[9].process, "vlan");
  EXPECT_EQ(rows[9].sent, 32u);
  EXPECT_EQ(rows[9].total, 32u);
  EXPECT_TRUE(rows[9].is_on);
}

TEST(Statistics, CountWhatHadToBeSentAgain) {
  Simulation sim = pair_in_sync();
  sim.set_link(std::make_unique<TypePolicy>(A, FrameType::CheckpointDynamic));
  sim.learn(A, "fdb", "mac", "1:1");
  sim.run_for(1s);
  const auto fdb = *application_named(sim.profile(), "fdb");
  EXPECT_GT(checkpoints_of(sim.profile(), sim.node(A), sim.diary(A))[fdb].errors, 0u);
}

}  // namespace
}  // namespace understudy::reference

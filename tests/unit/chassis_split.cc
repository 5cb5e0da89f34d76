// Two masters: how they come about, and how one of them yields (spec sheet section 2.2).
#include "tests/unit/chassis_world.h"

namespace understudy::reference {
namespace {

Simulation split_pair() {
  Simulation sim = pair_in_sync();
  sim.cut();
  EXPECT_TRUE(sim.run_until(both_run(NodeState::Master, NodeState::Master)));
  return sim;
}

TEST(Split, MakesTwoMastersThatDoNotHearEachOther) {
  Simulation sim = split_pair();
  sim.run_for(10s);
  EXPECT_EQ(sim.state(A), NodeState::Master);
  EXPECT_EQ(sim.state(B), NodeState::Master);
  EXPECT_EQ(seen_by(sim, A, B).state, NodeState::Fail);
}

TEST(Split, OneCutDirectionTowardsTheBackupMakesTwoMasters) {
  Simulation sim = pair_in_sync();
  sim.cut(A, B);
  EXPECT_TRUE(sim.run_until(both_run(NodeState::Master, NodeState::Master)));
  sim.run_for(10s);
  EXPECT_EQ(sim.state(B), NodeState::Master);
}

TEST(Split, OfOneReignIsDecidedByTheNormalElection) {
  Simulation sim = split_pair();
  sim.run_for(20s);
  sim.mend();
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Fail), 1s));
  EXPECT_EQ(sim.node(B).reason, Reason::DualMaster);
  EXPECT_EQ(sim.state(A), NodeState::Master);
  EXPECT_TRUE(sim.run_until(in_sync));
}

TEST(Split, EndsWithinThreeHeartbeatsOfHearingEachOther) {
  Simulation sim = split_pair();
  sim.mend();
  EXPECT_TRUE(sim.run_until(
      [](const Simulation& s) {
        return s.state(A) != NodeState::Master || s.state(B) != NodeState::Master;
      },
      300ms));
}

TEST(Split, BetweenTwoReignsTheLargerSystemUpTimeWins) {
  Simulation sim;
  sim.cut();
  sim.power_on(B);
  sim.run_for(60s);
  sim.power_on(A);
  sim.run_until(both_run(NodeState::Master, NodeState::Master));
  sim.mend();
  EXPECT_TRUE(sim.run_until(in_sync));
  EXPECT_EQ(sim.state(B), NodeState::Master);
  EXPECT_EQ(sim.state(A), NodeState::Backup);
}

TEST(Split, TheLosersUnsavedConfigurationIsGone) {
  Simulation sim = split_pair();
  sim.order(B, CreateVlan{"of-b"});
  sim.order(A, CreateVlan{"of-a"});
  sim.mend();
  ASSERT_TRUE(sim.run_until(in_sync));
  EXPECT_TRUE(has_vlan(sim, B, "of-a"));
  EXPECT_FALSE(has_vlan(sim, A, "of-b"));
  EXPECT_FALSE(has_vlan(sim, B, "of-b"));
}

TEST(Split, AMasterThatHungAndWakesMeetsTheNewOneAndOneYields) {
  Simulation sim = pair_in_sync();
  sim.hang(A);
  sim.run_for(2s);
  ASSERT_EQ(sim.state(B), NodeState::Master);
  sim.resume(A);
  EXPECT_TRUE(sim.run_until(
      [](const Simulation& s) {
        return s.state(A) == NodeState::Fail || s.state(B) == NodeState::Fail;
      },
      1s));
  EXPECT_TRUE(sim.run_until(in_sync));
}

TEST(Split, ALostHeartbeatOrTwoDoesNotSplit) {
  Simulation sim = pair_in_sync();
  for (int round = 0; round < 20; ++round) {
    sim.run_until(heartbeat_arrives_at(B));
    sim.cut();
    sim.run_for(150ms);
    sim.mend();
    sim.run_for(1s);
  }
  EXPECT_EQ(sim.state(A), NodeState::Master);
  EXPECT_EQ(sim.state(B), NodeState::Backup);
  EXPECT_EQ(sim.boots(B), 1u);
}

}  // namespace
}  // namespace understudy::reference

// A node and a world are regular values: copies live the same history, one seed gives one history.
#include "tests/unit/chassis_world.h"

namespace understudy::reference {
namespace {

/// A story with a bit of everything, one step a call.
void live(Simulation& sim, int step) {
  switch (step % 12) {
    case 0:
      sim.power_on(A);
      break;
    case 1:
      sim.power_on(B);
      break;
    case 2:
      sim.order(A, CreateVlan{numbered("v", step)});
      break;
    case 3:
      sim.order(B, CreateVlan{numbered("w", step)});
      break;
    case 4:
      sim.order(A, Save{});
      break;
    case 5:
      sim.learn(A, "fdb", numbered("m", step), "1:1");
      break;
    case 6:
      sim.cut();
      break;
    case 7:
      sim.mend();
      break;
    case 8:
      sim.order(A, Failover{});
      break;
    case 9:
      sim.cut_power(step % 24 < 12 ? A : B);
      break;
    case 10:
      sim.hang(B);
      break;
    case 11:
      sim.resume(B);
      break;
  }
  sim.run_for(Duration(700'000'000 + step * 7'654'321));
}

std::uint64_t history_of(std::uint64_t seed) {
  Simulation sim({.seed = seed});
  std::uint64_t history = 0;
  for (int step = 0; step < 60; ++step) {
    live(sim, step);
    history = history * 31 + sim.fingerprint() + sim.events();
  }
  return history;
}

TEST(Determinism, EverySeedGivesItsHistoryTwice) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) EXPECT_EQ(history_of(seed), history_of(seed));
}

TEST(Determinism, DifferentSeedsDiffer) {
  EXPECT_NE(history_of(1), history_of(2));
}

TEST(CopiedWorld, LivesTheSameHistoryAsItsOriginal) {
  Simulation sim({.seed = 3});
  for (int step = 0; step < 48; ++step) {
    Simulation copy = sim;
    live(copy, step);
    live(sim, step);
    ASSERT_EQ(copy.canonical_bytes(), sim.canonical_bytes()) << step;
    ASSERT_EQ(copy.events(), sim.events());
    ASSERT_EQ(copy.node(A), sim.node(A));
    ASSERT_EQ(copy.node(B), sim.node(B));
  }
}

TEST(CopiedWorld, IsNotTouchedByWhatItsOriginalLives) {
  Simulation sim = pair_in_sync();
  const Simulation copy = sim;
  const std::string before = copy.canonical_bytes();
  sim.order(A, CreateVlan{"later"});
  sim.run_for(10s);
  EXPECT_EQ(copy.canonical_bytes(), before);
  EXPECT_NE(sim.canonical_bytes(), before);
}

TEST(Node, EqualsItsCopyAndDiffersAfterAStep) {
  Simulation sim = pair_in_sync();
  const Node copy = sim.node(A);
  EXPECT_EQ(copy, sim.node(A));
  EXPECT_EQ(canonical_bytes(copy), canonical_bytes(sim.node(A)));
  sim.order(A, CreateVlan{"v"});
  EXPECT_NE(copy, sim.node(A));
  EXPECT_NE(canonical_bytes(copy), canonical_bytes(sim.node(A)));
}

TEST(Node, EqualBytesMeanEqualNodes) {
  Simulation sim = pair_in_sync();
  Node changed = sim.node(A);
  changed.left[0] -= 1;
  EXPECT_NE(canonical_bytes(changed), canonical_bytes(sim.node(A)));
  changed.left[0] += 1;
  EXPECT_EQ(canonical_bytes(changed), canonical_bytes(sim.node(A)));
}

TEST(Fingerprint, DoesNotHoldTheClockOrTheLog) {
  Simulation early({.clock = 1'000'000'000});
  Simulation late({.clock = 1'100'000'000});
  EXPECT_EQ(early.fingerprint(), late.fingerprint());
}

TEST(Profile, OfExos113HasNoFlaw) {
  EXPECT_TRUE(flaws_of(exos_11_3()).empty());
}

TEST(Profile, WithACycleOfApplicationsIsFlawed) {
  Profile profile = exos_11_3();
  profile.replication.applications[0].depends_on = {21};
  EXPECT_EQ(flaws_of(profile).size(), 1u);
}

TEST(Profile, WithATransitionToNowhereIsFlawed) {
  Profile profile = exos_11_3();
  profile.transitions[0].to = NodeState::WarmStandby;
  EXPECT_EQ(flaws_of(profile).size(), 1u);
}

TEST(Profile, OneEntryReplacedIsADefectAndTheEngineStaysTheSame) {
  Profile defective = exos_11_3();
  defective.replication.claim_needs_bulk = false;  // M33: in sync before all bulk work is complete
  Simulation sim({.profile = std::make_shared<const Profile>(defective)});
  sim.power_on(A);
  sim.power_on(B);
  ASSERT_TRUE(sim.run_until(in_sync));
  EXPECT_FALSE(has_complete_copy(sim.node(B)));
  sim.cut_power(A);
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Fail), 1s));
}

TEST(Configuration, ReadsBackItsByteForm) {
  Simulation sim = pair_in_sync();
  sim.order(A, ChangeSetting{{"line/configure snmp sysLocation here", ""}});
  const Configuration& active = sim.node(A).active;
  EXPECT_EQ(parse_configuration(to_text(active)), active);
  EXPECT_EQ(parse_configuration("no equals sign\n"), std::nullopt);
  EXPECT_EQ(parse_configuration("cut=short"), std::nullopt);
}

}  // namespace
}  // namespace understudy::reference

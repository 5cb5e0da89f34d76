// synchronize, the reasons for FAIL beside lost heartbeats, full flash, images, and what a failover
// says about its cause (spec sheet sections 4, 8.6, 10.3 and 10.4).
#include "tests/unit/chassis_world.h"

namespace understudy::reference {
namespace {

constexpr const char* kNewer = "11.4.1.4";

bool is_answered(const Simulation& sim, CommandId id) {
  return sim.reply_to(id) != nullptr;
}

void install(Simulation& sim, Slot slot, Partition partition, const char* version) {
  sim.give(slot, ImageInstalled{partition, version});
  sim.run_for(1s);
}

/// The lead runs newer software than its second.
Simulation pair_of_two_versions() {
  Simulation sim = pair_in_sync();
  install(sim, B, Partition::Secondary, kNewer);
  sim.order(B, Reboot{B});
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Init)));
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Backup)));
  sim.run_for(2s);
  return sim;
}

TEST(Synchronize, RestartsTheBackupTwiceAndNobodyElse) {
  Simulation sim = pair_in_sync();
  const CommandId id = sim.order(A, Synchronize{});
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Down)));
  ASSERT_TRUE(sim.run_until([id](const Simulation& s) { return is_answered(s, id); }));
  EXPECT_TRUE(was_done(sim, id));
  EXPECT_TRUE(sim.run_until(in_sync));
  EXPECT_EQ(sim.boots(A), 1u);
  EXPECT_EQ(sim.boots(B), 3u);
}

TEST(Synchronize, MakesABackupWithOtherSoftwareCompatible) {
  Simulation sim = pair_of_two_versions();
  ASSERT_FALSE(in_sync(sim));
  const CommandId id = sim.order(A, Synchronize{});
  EXPECT_TRUE(sim.run_until(in_sync));
  EXPECT_TRUE(was_done(sim, id));
  EXPECT_EQ(image_version(sim.profile(), sim.node(B), Partition::Secondary), "11.3.1.3");
}

TEST(Synchronize, CopiesBothImages) {
  Simulation sim = pair_in_sync();
  install(sim, A, Partition::Secondary, kNewer);
  install(sim, A, Partition::Primary, "11.3.2.9");
  const CommandId id = sim.order(A, Synchronize{});
  ASSERT_TRUE(sim.run_until([id](const Simulation& s) { return is_answered(s, id); }));
  sim.run_until(state_is(B, NodeState::Init));
  EXPECT_EQ(image_version(sim.profile(), sim.node(B), Partition::Primary), "11.3.2.9");
  EXPECT_EQ(image_version(sim.profile(), sim.node(B), Partition::Secondary), kNewer);
}

TEST(Synchronize, CopiesEveryConfigurationToABackupThatGetsNoneOtherwise) {
  Simulation sim = pair_of_two_versions();
  save(sim, A, "primary.cfg");
  save(sim, A, "secondary.cfg");
  ASSERT_EQ(saved_text(sim, B, "secondary.cfg"), "");
  sim.order(A, Synchronize{});
  EXPECT_TRUE(sim.run_until(in_sync));
  EXPECT_EQ(saved_text(sim, B, "primary.cfg"), saved_text(sim, A, "primary.cfg"));
  EXPECT_EQ(saved_text(sim, B, "secondary.cfg"), saved_text(sim, A, "secondary.cfg"));
}

TEST(Synchronize, ClaimsNoSynchronisationBetweenTheTwoRestarts) {
  Simulation sim = pair_in_sync();
  sim.order(A, Synchronize{});
  sim.run_until(state_is(B, NodeState::Down));
  sim.run_for(10ms);
  const auto claims_early = [](const Simulation& s) {
    return s.boots(B) < 3 && sync_claim(s.profile(), s.node(A)) == SyncClaim::InSync;
  };
  EXPECT_FALSE(sim.run_until(claims_early, 30s));
  EXPECT_TRUE(in_sync(sim));
}

TEST(Synchronize, FailsWhenTheBackupIsNotBackWithinTheLimit) {
  Simulation sim = pair_in_sync();
  const CommandId id = sim.order(A, Synchronize{});
  ASSERT_TRUE(sim.run_until(state_is(B, NodeState::Init)));
  sim.cut_power(B);
  sim.run_for(110s);
  EXPECT_FALSE(is_answered(sim, id));
  sim.run_for(10s);
  EXPECT_TRUE(was_refused(sim, id, Refusal::NoAnswer));
  EXPECT_EQ(sim.state(A), NodeState::Master);
  sim.power_on(B);
  EXPECT_TRUE(sim.run_until(in_sync));
}

TEST(Synchronize, IsRefusedWithoutABackupAndOnTheBackup) {
  Simulation sim = pair_in_sync();
  EXPECT_TRUE(was_refused(sim, sim.order(B, Synchronize{}), Refusal::NotMaster));
  sim.cut_power(B);
  sim.run_for(1s);
  EXPECT_TRUE(was_refused(sim, sim.order(A, Synchronize{}), Refusal::NoBackup));
}

struct FatalPart {
  Part part;
  const char* word;
};

class FatalParts : public testing::TestWithParam<FatalPart> {};

TEST_P(FatalParts, FailTheMasterWithTheirReasonUntilRepaired) {
  Simulation sim = pair_in_sync();
  sim.give(A, PartFailed{GetParam().part});
  EXPECT_EQ(sim.state(A), NodeState::Fail);
  sim.run_for(1s);
  EXPECT_EQ(sim.state(B), NodeState::Master);
  EXPECT_EQ(word_of(sim.profile(), seen_by(sim, B, A).reason), GetParam().word);
  sim.run_for(60s);
  EXPECT_EQ(sim.state(A), NodeState::Fail);
  sim.give(A, PartRepaired{GetParam().part});
  EXPECT_TRUE(sim.run_until(in_sync));
  EXPECT_EQ(sim.state(A), NodeState::Backup);
}

TEST_P(FatalParts, KeepAModuleFromStarting) {
  Simulation sim = pair_in_sync();
  sim.give(B, PartFailed{GetParam().part});
  sim.give(B, ResetPressed{});
  sim.run_for(30s);
  EXPECT_EQ(sim.state(B), NodeState::Fail);
}

INSTANTIATE_TEST_SUITE_P(Reasons, FatalParts,
                         testing::Values(FatalPart{Part::Temperature, "OverHeat"},
                                         FatalPart{Part::Processor, "Hw Failure"},
                                         FatalPart{Part::Latch, "Slot unsecured"},
                                         FatalPart{Part::License, "License Mismatch"},
                                         FatalPart{Part::Card, "Card Mismatch"}),
                         [](const auto& param) { return "part" + std::to_string(param.index); });

TEST(Flash, ThatIsFullRefusesASaveAndKeepsWhatItHas) {
  Simulation sim = pair_in_sync();
  save(sim, A);
  const std::string before = saved_text(sim, A);
  sim.order(A, CreateVlan{"v1"});
  sim.give(A, PartFailed{Part::FlashSpace});
  EXPECT_TRUE(was_refused(sim, sim.order(A, Save{}), Refusal::FlashFull));
  EXPECT_EQ(saved_text(sim, A), before);
  EXPECT_TRUE(sim.node(A).is_dirty);
  sim.give(A, PartRepaired{Part::FlashSpace});
  save(sim, A);
  EXPECT_TRUE(has_saved_vlan(sim, A, "v1"));
}

TEST(Flash, ThatIsFullOnTheBackupConfirmsNothingUntilThereIsRoom) {
  Simulation sim = pair_in_sync();
  sim.order(A, CreateVlan{"v1"});
  sim.run_for(1s);
  sim.give(B, PartFailed{Part::FlashSpace});
  save(sim, A);
  EXPECT_FALSE(has_saved_vlan(sim, B, "v1"));
  EXPECT_FALSE(in_sync(sim));
  sim.give(B, PartRepaired{Part::FlashSpace});
  EXPECT_TRUE(sim.run_until(in_sync));
  EXPECT_TRUE(has_saved_vlan(sim, B, "v1"));
}

TEST(Image, ThatWasInstalledRunsFromTheNextBoot) {
  Simulation sim = pair_in_sync();
  const std::uint64_t before = sim.node(B).version;
  install(sim, B, Partition::Secondary, kNewer);
  EXPECT_EQ(sim.node(B).version, before);
  sim.order(B, Reboot{B});
  sim.run_until(state_is(B, NodeState::Init));
  EXPECT_NE(sim.node(B).version, before);
  EXPECT_EQ(sim.node(B).booted_image, Partition::Secondary);
}

TEST(Trap, OfATakeoverTellsItsCauseAndWhetherItWasHitless) {
  Simulation ordered = pair_in_sync();
  ordered.order(A, Failover{});
  ordered.run_for(1s);
  EXPECT_TRUE(log_has(ordered, B, "master MSM-B, cause admin(2), hitless"));
  Simulation cut = pair_in_sync();
  cut.cut_power(A);
  cut.run_for(1s);
  EXPECT_TRUE(log_has(cut, B, "master MSM-B, cause keepalive(7), not hitless"));
}

class LearnedState : public testing::TestWithParam<const char*> {};

TEST_P(LearnedState, SurvivesTwoFailovers) {
  Simulation sim = pair_in_sync();
  const auto application = *application_named(sim.profile(), GetParam());
  sim.learn(A, GetParam(), "key", "Operational");
  sim.run_for(1s);
  sim.order(A, Failover{});
  sim.run_until(state_is(A, NodeState::Backup));
  ASSERT_TRUE(sim.run_until(in_sync));
  sim.order(B, Failover{});
  ASSERT_TRUE(sim.run_until(state_is(A, NodeState::Master)));
  const Entries expected{{"key", "Operational"}};
  EXPECT_EQ(entries_of(sim.node(A), application), expected);
}

INSTANTIATE_TEST_SUITE_P(Applications, LearnedState,
                         testing::Values("vlan", "fdb", "lacp", "stp", "cardmgr", "netLogin", "poe",
                                         "aaa"));

}  // namespace
}  // namespace understudy::reference

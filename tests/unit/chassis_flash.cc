// Saving, and what flash keeps through power loss (spec sheet sections 5.1 and 8.6).
#include "tests/unit/chassis_world.h"

namespace understudy::reference {
namespace {

TEST(Save, WritesTheFlashOfBothModules) {
  Simulation sim = pair_in_sync();
  sim.order(A, CreateVlan{"kept"});
  save(sim, A);
  EXPECT_TRUE(has_saved_vlan(sim, A, "kept"));
  EXPECT_TRUE(has_saved_vlan(sim, B, "kept"));
}

TEST(Save, ReportsEachModuleInTurn) {
  Simulation sim = pair_in_sync();
  save(sim, A);
  ASSERT_EQ(sim.progress().size(), 2u);
  EXPECT_EQ(sim.progress()[0].stage, Progress::Stage::SavedHere);
  EXPECT_EQ(sim.progress()[1].stage, Progress::Stage::SavedOnBackup);
}

TEST(Save, WaitsUntilTheBackupsFlashHoldsTheFile) {
  Simulation sim = pair_in_sync({.flash_write = 500ms});
  sim.run_for(5s);
  const CommandId id = sim.order(A, Save{});
  sim.run_for(900ms);
  EXPECT_EQ(sim.reply_to(id), nullptr);
  sim.run_for(200ms);
  EXPECT_TRUE(was_done(sim, id));
}

TEST(Save, AloneSaysThatThereIsNoBackup) {
  Simulation sim;
  sim.power_on(A);
  sim.run_until(state_is(A, NodeState::Master));
  save(sim, A);
  EXPECT_EQ(sim.progress().back().stage, Progress::Stage::NoBackupToSave);
}

TEST(Save, EndsWhenTheBackupIsLostMeanwhile) {
  Simulation sim = pair_in_sync();
  const CommandId id = sim.order(A, Save{});
  sim.cut_power(B);
  EXPECT_TRUE(sim.run_until([id](const Simulation& s) { return s.reply_to(id) != nullptr; }, 10s));
  EXPECT_EQ(sim.progress().back().stage, Progress::Stage::BackupNotSaved);
}

TEST(Save, ClearsTheMarkOfUnsavedChangesOnBothModules) {
  Simulation sim = pair_in_sync();
  sim.order(A, CreateVlan{"v"});
  sim.run_for(10ms);
  EXPECT_TRUE(sim.node(A).is_dirty);
  EXPECT_TRUE(sim.node(B).is_dirty);
  save(sim, A);
  EXPECT_FALSE(sim.node(A).is_dirty);
  EXPECT_FALSE(sim.node(B).is_dirty);
}

TEST(Save, DoesNotClearTheMarkOfAChangeThatCameMeanwhile) {
  Simulation sim = pair_in_sync();
  const CommandId id = sim.order(A, Save{});
  EXPECT_TRUE(was_refused(sim, sim.order(A, CreateVlan{"meanwhile"}), Refusal::Busy));
  sim.run_until([id](const Simulation& s) { return s.reply_to(id) != nullptr; });
  EXPECT_FALSE(sim.node(A).is_dirty);
}

TEST(Save, SurvivesPowerLossOfTheWholeChassis) {
  Simulation sim = pair_in_sync();
  sim.order(A, CreateVlan{"kept"});
  save(sim, A);
  sim.order(A, CreateVlan{"unsaved"});
  sim.run_until(in_sync);
  sim.cut_power(A);
  sim.cut_power(B);
  sim.power_on(A);
  sim.power_on(B);
  ASSERT_TRUE(sim.run_until(in_sync));
  EXPECT_TRUE(has_vlan(sim, A, "kept"));
  EXPECT_FALSE(has_vlan(sim, A, "unsaved"));
  EXPECT_FALSE(has_vlan(sim, B, "unsaved"));
}

TEST(Save, UnderANameMakesAFileOfThatName) {
  Simulation sim = pair_in_sync();
  save(sim, A, "mine.cfg");
  const auto files = saved_files_of(sim.node(A));
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].name, "mine.cfg");
  EXPECT_EQ(files[0].bytes, to_text(sim.node(A).active).size());
  EXPECT_FALSE(files[0].is_selected);
  EXPECT_GT(files[0].saved_at, 1'136'073'600u - 1);
}

class TornWrite : public testing::TestWithParam<std::uint64_t> {};

TEST_P(TornWrite, LeavesThePreviousConfigurationComplete) {
  Simulation sim = pair_in_sync({.seed = GetParam()});
  sim.order(A, CreateVlan{"first"});
  save(sim, A);
  sim.order(A, CreateVlan{"second"});
  sim.order(A, Save{});
  sim.run_for(10ms);
  sim.cut_power(A);
  sim.cut_power(B);
  sim.power_on(A);
  ASSERT_TRUE(sim.run_until(state_is(A, NodeState::Master)));
  EXPECT_TRUE(has_vlan(sim, A, "first"));
  EXPECT_FALSE(has_vlan(sim, A, "second"));
}

INSTANTIATE_TEST_SUITE_P(Seeds, TornWrite, testing::Range<std::uint64_t>(1, 11));

TEST(Flash, ATornFileAndACorruptOneAreToldApartAtBoot) {
  for (const bool is_torn : {true, false}) {
    Simulation sim = pair_in_sync();
    save(sim, A);
    EXPECT_EQ(sim.damage(A, "primary.cfg", is_torn ? FlashDamage::Torn : FlashDamage::Corrupt), 1u);
    sim.cut_power(A);
    sim.power_on(A);
    EXPECT_EQ(log_has(sim, A, "incomplete file, primary.cfg.1"), is_torn);
    EXPECT_EQ(log_has(sim, A, "corrupt file, primary.cfg.1"), !is_torn);
    EXPECT_EQ(sim.node(A).booted_file, "") << "it runs with the factory's";
  }
}

TEST(Flash, AnEmptyOneGivesTheFactorysConfiguration) {
  const Simulation sim = pair_in_sync();
  EXPECT_EQ(system_name(sim.node(A)), "BD-8810");
  EXPECT_TRUE(has_vlan(sim, A, "Default"));
}

TEST(Flash, ABackupThatComesBackTakesTheMastersSavedConfiguration) {
  Simulation sim = pair_in_sync();
  sim.order(A, CreateVlan{"old"});
  save(sim, A);
  sim.cut_power(B);
  sim.run_for(1s);
  sim.order(A, DeleteVlan{"old"});
  save(sim, A);
  sim.power_on(B);
  ASSERT_TRUE(sim.run_until(in_sync));
  EXPECT_FALSE(has_saved_vlan(sim, B, "old"));
}

TEST(Flash, ReadsBackEveryFileInItsNewestCompleteGeneration) {
  StoredFile older{1, 10, CopyOnWrite<std::string>("old")};
  StoredFile newer{2, 20, CopyOnWrite<std::string>("new")};
  FlashFiles medium{{medium_name("f", 1), medium_content(older)},
                    {medium_name("f", 2), medium_content(newer)}};
  EXPECT_EQ(*read_flash(medium).find("f")->content, "new");
  medium[medium_name("f", 2)].pop_back();
  std::vector<std::string> torn;
  EXPECT_EQ(*read_flash(medium, &torn).find("f")->content, "old");
  EXPECT_EQ(torn, std::vector<std::string>{"f.0"});
}

TEST(Flash, NoSingleChangedByteGoesUnnoticed) {
  const std::string whole = medium_content({7, 1'136'073'600, CopyOnWrite<std::string>("a=b\n")});
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_EQ(read_flash({{"f.1", changed}}).find("f"), nullptr) << at;
  }
}

}  // namespace
}  // namespace understudy::reference

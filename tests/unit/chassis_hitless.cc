// What a failover keeps of what applications have learned, and what NETGEAR's 8800 does otherwise
// than ExtremeWare XOS 11.3.
#include "reference-impl/chassis/xcm8800.h"
#include "tests/unit/chassis_world.h"

namespace understudy::reference {
namespace {

Simulation xcm8800_in_sync() {
  return pair_in_sync({.profile = std::make_shared<const Profile>(xcm8800())});
}

std::size_t entries(const Simulation& sim, Slot slot, std::string_view application) {
  return entries_of(sim.node(slot), *application_named(sim.profile(), application)).size();
}

/// What B, which takes over, has of six entries that A learned.
std::size_t entries_after_failover(Simulation& sim, std::string_view application, Duration later) {
  for (const char* key : {"1", "2", "3", "4", "5", "6"}) sim.learn(A, application, key, "there");
  sim.run_for(100ms);
  sim.order(A, Failover{});
  EXPECT_TRUE(sim.run_until(state_is(B, NodeState::Master)));
  sim.run_for(later);
  return entries(sim, B, application);
}

TEST(Hitless, TheTableOfTheUserManualIsFollowed) {
  struct Row {
    const char* application;
    std::size_t at_once, after_a_second;
  };
  for (const Row& row :
       {Row{"vrrp", 6, 6}, Row{"netLogin", 6, 6}, Row{"poe", 6, 6}, Row{"fdb", 6, 6},
        Row{"ospf", 6, 0}, Row{"ospfv3", 6, 0}, Row{"bgp", 6, 0}, Row{"rip", 6, 0},
        Row{"ripng", 6, 0}, Row{"pim", 0, 0}, Row{"edp", 0, 0}}) {
    Simulation sim = xcm8800_in_sync();
    EXPECT_EQ(entries_after_failover(sim, row.application, 0ms), row.at_once) << row.application;
    sim.run_for(2s);
    EXPECT_EQ(entries(sim, B, row.application), row.after_a_second) << row.application;
  }
}

TEST(Hitless, RoutesStayForASecondAndNoLonger) {
  Simulation sim = xcm8800_in_sync();
  EXPECT_EQ(entries_after_failover(sim, "bgp", 999ms), 6u);
  sim.run_for(2ms);
  EXPECT_EQ(entries(sim, B, "bgp"), 0u);
}

TEST(Hitless, RoutesThatAreLearnedAgainInTimeStay) {
  Simulation sim = xcm8800_in_sync();
  entries_after_failover(sim, "bgp", 500ms);
  sim.learn(B, "bgp", "2", "there");
  sim.run_for(1s);
  EXPECT_EQ(entries(sim, B, "bgp"), 1u);
}

TEST(Hitless, DeletedRoutesAreDeletedOnTheNewBackupAsWell) {
  Timing slow;
  slow.route_deletion = 20s;  // the new backup is in sync by then
  Simulation sim = pair_in_sync({.profile = std::make_shared<const Profile>(xcm8800(slow))});
  entries_after_failover(sim, "rip", 0ms);
  ASSERT_TRUE(sim.run_until(in_sync, 19s));
  EXPECT_EQ(entries(sim, A, "rip"), 6u);
  sim.run_for(20s);
  EXPECT_EQ(entries(sim, A, "rip"), 0u);
}

TEST(Hitless, GracefulRestartKeepsTheRoutesOfOspf) {
  for (const char* value : {"both", "none"}) {
    Simulation sim = xcm8800_in_sync();
    sim.order(A, ChangeSetting{{"ospf/restart", value}});
    EXPECT_EQ(entries_after_failover(sim, "ospf", 2s), std::string_view(value) == "both" ? 6u : 0u);
  }
}

// Concepts Guide 11.3, pages 75 to 78.
TEST(Hitless, TheTableOfTheConceptsGuideIsFollowed) {
  struct Row {
    const char* application;
    std::size_t at_once, just_before_a_second, after_a_second;
  };
  for (const Row& row : {Row{"stp", 6, 6, 6}, Row{"vrrp", 0, 0, 0}, Row{"edp", 0, 0, 0},
                         Row{"pim", 0, 0, 0}, Row{"ospf", 6, 6, 0}, Row{"ospfv3", 6, 6, 0},
                         Row{"bgp", 6, 6, 0}, Row{"rip", 6, 6, 0}, Row{"ripng", 6, 6, 0},
                         Row{"netLogin", 6, 6, 6}, Row{"poe", 6, 6, 6}, Row{"fdb", 6, 6, 6}}) {
    Simulation sim = pair_in_sync();
    EXPECT_EQ(entries_after_failover(sim, row.application, 0ms), row.at_once) << row.application;
    sim.run_for(999ms);
    EXPECT_EQ(entries(sim, B, row.application), row.just_before_a_second) << row.application;
    sim.run_for(2ms);
    EXPECT_EQ(entries(sim, B, row.application), row.after_a_second) << row.application;
  }
}

TEST(Xcm8800, ItsTablesAreSound) {
  EXPECT_TRUE(flaws_of(xcm8800()).empty());
}

TEST(Xcm8800, ABackupWithANewerBuildIsInSyncAndOneWithANewerVersionIsNot) {
  for (const auto& [version, is_in_sync] :
       {std::pair{"12.4.9.9", true}, std::pair{"12.6.1.7", false}}) {
    Profile other = xcm8800();
    other.version = version;
    Simulation sim({.profile = std::make_shared<const Profile>(xcm8800()),
                    .profile_of_b = std::make_shared<const Profile>(other)});
    sim.power_on(A);
    sim.power_on(B);
    EXPECT_EQ(sim.run_until(in_sync, 20s), is_in_sync) << version;
  }
}

TEST(EntriesThatHandsMakeAnApplicationLearn, LookLikeTheApplications) {
  const Profile profile = xcm8800();
  const auto key = [&](std::string_view name) {
    return learned_entry(profile, *application_named(profile, name), 258).key;
  };
  EXPECT_EQ(key("fdb"), "02:00:5e:00:01:02 Default");
  EXPECT_EQ(key("bgp"), "10.1.2.0/24");
  EXPECT_EQ(key("ripng"), "2001:db8:102::/48");
  EXPECT_EQ(key("pim"), "239.1.1.2 192.0.2.9");
  EXPECT_EQ(key("vrrp"), "Default 258");
  EXPECT_EQ(key("poe"), "2:19");
}

}  // namespace
}  // namespace understudy::reference

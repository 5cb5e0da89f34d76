// Random schedules: cuts, power loss, hangs, resets, failovers, changes and saves, first all at
// once, then faults stop and the chassis has to come to rest. Every failure prints its seed; the
// seed gives the same schedule again.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/scenarios/chassis_invariants.h"

namespace understudy::reference {
namespace {

using namespace std::chrono_literals;

/// A world under a random schedule, with the invariants asked after every event.
class Schedule {
 public:
  explicit Schedule(std::uint64_t seed)
      : sim_({.seed = seed}), invariants_(sim_), random_(seed * 2654435761u + 1) {
    sim_.power_on(A);
    sim_.power_on(B);
  }

  void live(Duration time) {
    const Duration end = sim_.now() + time;
    while (broken_.empty() && sim_.run_event(end)) look();
    sim_.run_to(end);
  }

  void act() {
    const Slot slot = static_cast<Slot>(draw(2));
    switch (draw(14)) {
      case 0:
        sim_.cut(A, B);
        is_cut_ = true;
        break;
      case 1:
        sim_.cut(B, A);
        is_cut_ = true;
        break;
      case 2:
        sim_.cut();
        is_cut_ = true;
        break;
      case 3:
      case 4:
        sim_.mend();
        is_cut_ = false;
        break;
      case 5:
        sim_.cut_power(slot);
        break;
      case 6:
        sim_.power_on(slot);
        break;
      case 7:
        sim_.hang(slot);
        break;
      case 8:
        sim_.resume(slot);
        break;
      case 9:
        sim_.order(slot, Failover{draw(2) == 0});
        break;
      case 10:
        sim_.order(slot, CreateVlan{fmt::format("v{}", ++names_)});
        break;
      case 11:
        sim_.order(slot, Save{});
        break;
      case 12:
        sim_.learn(slot, "fdb", fmt::format("m{}", draw(20)), "1:1");
        break;
      case 13:
        sim_.press_reset(slot);
        break;
    }
    look();
  }

  void stop_faults() {
    sim_.mend();
    is_cut_ = false;
    for (const Slot slot : {A, B}) {
      sim_.resume(slot);
      sim_.power_on(slot);
    }
    look();
  }

  std::uint64_t draw(std::uint64_t below) {
    random_ ^= random_ << 13;
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    return random_ % below;
  }

  Simulation& sim() { return sim_; }
  std::string_view broken() const { return broken_; }

 private:
  void look() {
    if (broken_.empty()) broken_ = invariants_.after_event(sim_, !is_cut_);
  }

  Simulation sim_;
  Invariants invariants_;
  std::uint64_t random_;
  bool is_cut_ = false;
  int names_ = 0;
  std::string_view broken_;
};

class RandomSchedule : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomSchedule, KeepsTheInvariantsAndComesToRest) {
  for (std::uint64_t seed = GetParam() * 40; seed < GetParam() * 40 + 40; ++seed) {
    SCOPED_TRACE(seed);
    Schedule schedule(seed);
    for (int step = 0; step < 60; ++step) {
      schedule.act();
      schedule.live(Duration(schedule.draw(1'500'000'000)));
    }
    schedule.stop_faults();
    schedule.live(60s);
    ASSERT_EQ(schedule.broken(), "");
    const Simulation& sim = schedule.sim();
    ASSERT_TRUE(in_sync(sim)) << "no master and backup in sync a minute after the last fault";
    const Witness witness = sim.witness();
    EXPECT_EQ(witness.modules[A].active, witness.modules[B].active);
    EXPECT_EQ(witness.modules[A].runtime, witness.modules[B].runtime);
    // Files that only the backup has stay: nothing published says that they go.
    const Slot lead = is_lead(sim.profile(), sim.node(A)) ? A : B;
    for (const SavedFileRow& file : saved_files_of(sim.node(lead))) {
      EXPECT_EQ(saved_configuration(sim.node(A), file.name),
                saved_configuration(sim.node(B), file.name));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomSchedule, testing::Range<std::uint64_t>(1, 11));

TEST_P(RandomSchedule, GivesTheSameHistoryTwice) {
  const auto history = [](std::uint64_t seed) {
    Schedule schedule(seed);
    std::uint64_t hash = 0;
    for (int step = 0; step < 40; ++step) {
      schedule.act();
      schedule.live(Duration(schedule.draw(1'500'000'000)));
      hash = hash * 1099511628211ull + schedule.sim().fingerprint() + schedule.sim().events();
    }
    return hash;
  };
  EXPECT_EQ(history(GetParam()), history(GetParam()));
}

TEST_P(RandomSchedule, CopiedAtAnyStepGoesOnAlike) {
  Schedule schedule(GetParam());
  for (int step = 0; step < 40; ++step) {
    schedule.act();
    const Duration time(schedule.draw(1'500'000'000));
    Simulation copy = schedule.sim();
    copy.run_for(time);
    schedule.live(time);
    ASSERT_EQ(copy.canonical_bytes(), schedule.sim().canonical_bytes()) << "step " << step;
  }
}

/// In sync, a change, in sync again, then the master is lost in one of several ways.
TEST_P(RandomSchedule, UnsavedConfigurationSurvivesFailoverWhenInSync) {
  for (std::uint64_t seed = GetParam() * 20; seed < GetParam() * 20 + 20; ++seed) {
    SCOPED_TRACE(seed);
    Schedule schedule(seed);
    Simulation& sim = schedule.sim();
    ASSERT_TRUE(sim.run_until(in_sync));
    const Slot lead = is_lead(sim.profile(), sim.node(A)) ? A : B;
    const Slot second = static_cast<Slot>(1 - lead);
    sim.order(lead, CreateVlan{"unsaved"});
    ASSERT_TRUE(sim.run_until(in_sync));
    sim.run_for(Duration(schedule.draw(300'000'000)));
    switch (schedule.draw(4)) {
      case 0:
        sim.cut_power(lead);
        break;
      case 1:
        sim.hang(lead);
        break;
      case 2:
        sim.press_reset(lead);
        break;
      case 3:
        sim.order(lead, Failover{});
        break;
    }
    ASSERT_TRUE(sim.run_until(state_is(second, NodeState::Master), 5s));
    EXPECT_TRUE(sim.node(second).active.holds("vlan/unsaved"));
  }
}

/// Whatever happens after a save that was confirmed on both modules, its content is what a chassis
/// comes back with after all power was lost, unless something newer was saved.
TEST_P(RandomSchedule, SavedConfigurationSurvivesEverything) {
  for (std::uint64_t seed = GetParam() * 20; seed < GetParam() * 20 + 20; ++seed) {
    SCOPED_TRACE(seed);
    Schedule schedule(seed);
    Simulation& sim = schedule.sim();
    ASSERT_TRUE(sim.run_until(in_sync));
    sim.order(A, CreateVlan{"saved"});
    const CommandId save = sim.order(A, Save{});
    ASSERT_TRUE(sim.run_until([save](const Simulation& s) { return s.reply_to(save); }));
    for (int step = 0; step < 30; ++step) {
      schedule.act();
      schedule.live(Duration(schedule.draw(1'000'000'000)));
    }
    sim.cut_power(A);
    sim.cut_power(B);
    schedule.stop_faults();
    ASSERT_TRUE(sim.run_until(in_sync));
    EXPECT_TRUE(sim.node(A).active.holds("vlan/saved"));
    EXPECT_TRUE(sim.node(B).active.holds("vlan/saved"));
  }
}

}  // namespace
}  // namespace understudy::reference

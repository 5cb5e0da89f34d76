// The simulated bench through its three doors: the words of every bench, facts from frames,
// captures, receipts; snapshots; witnesses.
#include <gtest/gtest.h>

#include <filesystem>

#include "reference-impl/chassis/profile.h"
#include "targets/simulated.h"
#include "targets/simulated_snapshot.h"
#include "targets/simulated_witness.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using reference::NodeState;

SimulatedBenchSettings settings(const std::string& folder) {
  SimulatedBenchSettings settings;
  settings.testbed = "test.yaml";
  settings.profile = "exos-11.3";
  settings.nodes = {{"MSM-A", "", ""}, {"MSM-B", "", ""}};
  auto frames =
      load_frames_file(std::string(UNDERSTUDY_SOURCE_DIR) + "/targets/frames/understudy.yaml");
  settings.links = {{"backplane", {0, 1}, std::make_shared<const FrameWords>(std::move(*frames))}};
  settings.timing = {{"heartbeat", 100ms}, {"boot", 2s}};
  settings.numbers = {{"limit", 3}};
  settings.folder = folder;
  return settings;
}

class SimulatedBench : public testing::Test {
 protected:
  SimulatedBench() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("understudy-").append(test->name()));
    std::filesystem::create_directories(folder_);
    bench_ = open();
  }
  ~SimulatedBench() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Bench> open() {
    auto bench = make_simulated_bench(settings(folder_.string()));
    EXPECT_TRUE(bench.has_value());
    EXPECT_TRUE((*bench)->start().has_value());
    return std::move(*bench);
  }

  static std::vector<BenchEvent> live(Bench& bench, Duration time) {
    const Time end = bench.now() + time;
    std::vector<BenchEvent> events;
    while (bench.now() < end) bench.pump(end, NeverCancelled(), events);
    return events;
  }

  static std::string history(const std::vector<BenchEvent>& events) {
    std::string text;
    for (const BenchEvent& event : events) {
      text += std::to_string(event.at.count()) + " " + std::to_string(event.node) + " " +
              std::to_string(static_cast<int>(event.kind)) + " " + event.text +
              event.observation.attribute + "=" + event.observation.value + "\n";
    }
    return text;
  }

  NodeState state(std::size_t node) const {
    return static_cast<NodeState>(witness_of(*bench_)->at(node).state);
  }

  static bool has_fact(const std::vector<BenchEvent>& events, const std::string& subject,
                       const std::string& value) {
    for (const BenchEvent& event : events) {
      const Observation& fact = event.observation;
      if (event.kind == BenchEvent::Kind::Fact && fact.observer == "backplane" &&
          fact.subject == subject && fact.attribute == "state" && fact.value == value) {
        return true;
      }
    }
    return false;
  }

  std::filesystem::path folder_;
  std::unique_ptr<Bench> bench_;
};

TEST_F(SimulatedBench, PrintsOnBothConsolesAndTellsStatesFromFrames) {
  const auto events = live(*bench_, 10s);
  const auto printed = [&events](std::size_t node) {
    for (const BenchEvent& event : events) {
      if (event.kind == BenchEvent::Kind::Bytes && event.node == node) return true;
    }
    return false;
  };
  EXPECT_TRUE(printed(0));
  EXPECT_TRUE(printed(1));
  EXPECT_TRUE(has_fact(events, "MSM-A", "MASTER"));
  EXPECT_TRUE(has_fact(events, "MSM-B", "BACKUP"));
}

TEST_F(SimulatedBench, LivesTheSameHistoryTwice) {
  const std::string first = history(live(*bench_, 20s));
  const auto again = open();
  EXPECT_EQ(history(live(*again, 20s)), first);
}

TEST_F(SimulatedBench, WritesWhatPassedIntoACapture) {
  live(*bench_, 10s);
  bench_->heal();
  ASSERT_FALSE(bench_->artefacts().empty());
  EXPECT_GT(std::filesystem::file_size(folder_ / bench_->artefacts().front()), 1000u);
}

TEST_F(SimulatedBench, ACutHasAReceiptAndMakesTwoMasters) {
  live(*bench_, 10s);
  const Receipt cut = bench_->apply({"cut", {{"link", "backplane"}}});
  EXPECT_EQ(cut.outcome, Receipt::Outcome::Done);
  EXPECT_TRUE(cut.took_effect);
  EXPECT_NE(cut.words.find("last passed before: frame"), std::string::npos) << cut.words;
  live(*bench_, 1s);
  EXPECT_EQ(state(1), NodeState::Master);
  const Receipt lifted = bench_->apply({"restore", {{"link", "backplane"}}});
  EXPECT_TRUE(lifted.took_effect);
  EXPECT_NE(lifted.words.find("first passed: frame"), std::string::npos) << lifted.words;
  live(*bench_, 10s);
  EXPECT_EQ(state(1), NodeState::Backup);
}

TEST_F(SimulatedBench, DroppedHeartbeatsAreCounted) {
  live(*bench_, 10s);
  const Receipt drop = bench_->apply({"drop",
                                      {{"link", "backplane"},
                                       {"from", "MSM-A"},
                                       {"to", "MSM-B"},
                                       {"type", "heartbeat"},
                                       {"count", "2"}}});
  EXPECT_TRUE(drop.took_effect) << drop.words;
  EXPECT_NE(drop.words.find("2 of 2 frames"), std::string::npos) << drop.words;
  live(*bench_, 2s);
  EXPECT_EQ(state(1), NodeState::Backup);
}

TEST_F(SimulatedBench, LosingANodeEndsItsConsoleByAnActOfOurs) {
  live(*bench_, 10s);
  EXPECT_TRUE(bench_->apply({"lose", {{"node", "MSM-A"}}}).took_effect);
  const auto events = live(*bench_, 1s);
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events[0].kind, BenchEvent::Kind::ConsoleClosed);
  EXPECT_EQ(events[1].kind, BenchEvent::Kind::NodeEnded);
  EXPECT_TRUE(events[1].expected);
  EXPECT_EQ(state(1), NodeState::Master);
}

TEST_F(SimulatedBench, HandsAndPowerDoWhatTheySay) {
  live(*bench_, 10s);
  EXPECT_TRUE(bench_->apply({"remove", {{"node", "MSM-A"}}}).took_effect);
  EXPECT_EQ(state(1), NodeState::Master);
  EXPECT_FALSE(bench_->apply({"power-on", {{"node", "MSM-A"}}}).took_effect);
  EXPECT_TRUE(bench_->apply({"insert", {{"node", "MSM-A"}}}).took_effect);
  live(*bench_, 10s);
  EXPECT_EQ(state(0), NodeState::Backup);
  EXPECT_TRUE(bench_->apply({"break", {{"node", "MSM-B"}, {"part", "processor"}}}).took_effect);
  live(*bench_, 1s);
  EXPECT_EQ(state(0), NodeState::Master);
}

TEST_F(SimulatedBench, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(bench_->apply({"explode", {}}).outcome, Receipt::Outcome::Unsupported);
  EXPECT_EQ(bench_->apply({"lose", {{"node", "MSM-C"}}}).outcome, Receipt::Outcome::BenchBroken);
  EXPECT_EQ(bench_->apply({"cut", {{"link", "front"}}}).outcome, Receipt::Outcome::BenchBroken);
  SimulatedBenchSettings unknown = settings(folder_.string());
  unknown.profile = "exos-11.4";
  EXPECT_FALSE(make_simulated_bench(unknown).has_value());
}

TEST_F(SimulatedBench, GoesBackToASnapshotAndOnAlike) {
  live(*bench_, 10s);
  const auto snapshot = take_snapshot(*bench_);
  ASSERT_TRUE(snapshot.has_value());
  bench_->apply({"lose", {{"node", "MSM-A"}}});
  live(*bench_, 5s);
  const auto changed = take_snapshot(*bench_);
  EXPECT_NE((*changed)->fingerprint(), (*snapshot)->fingerprint());
  ASSERT_TRUE(restore_snapshot(*bench_, **snapshot).has_value());
  EXPECT_EQ((*take_snapshot(*bench_))->fingerprint(), (*snapshot)->fingerprint());
  bench_->apply({"lose", {{"node", "MSM-A"}}});
  live(*bench_, 5s);
  EXPECT_EQ((*take_snapshot(*bench_))->fingerprint(), (*changed)->fingerprint());
}

TEST_F(SimulatedBench, HealsTwiceAndThenStandsStill) {
  live(*bench_, 5s);
  EXPECT_TRUE(bench_->heal().empty());
  EXPECT_TRUE(bench_->heal().empty());
  EXPECT_TRUE(live(*bench_, 10s).empty());
}

}  // namespace
}  // namespace understudy::targets

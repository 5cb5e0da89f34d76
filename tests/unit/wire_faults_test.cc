// The table of faults: which frame is lost or changed, and which is not.
#include "targets/wire/faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::size_t a = 0;
constexpr std::size_t b = 1;
constexpr std::size_t c = 2;

using Deliveries = std::vector<Duration>;

Decision beat(FaultTable& table, std::size_t from, std::size_t to, std::uint64_t random = 1) {
  return table.decide(from, to, "heartbeat", 8, random);
}

/// One letter a frame: l lost, h held, r passes and releases held ones, . passes.
std::string fates(FaultTable& table, int frames, std::string_view type = "heartbeat") {
  std::string fates;
  for (int i = 0; i < frames; ++i) {
    const Decision decision = table.decide(a, b, type, 8, static_cast<std::uint64_t>(i));
    fates += decision.lost ? 'l' : decision.is_held ? 'h' : decision.releases_held ? 'r' : '.';
  }
  return fates;
}

TEST(FaultTable, WithoutFaultsEveryFramePassesAtOnce) {
  FaultTable table(2);
  const Decision decision = beat(table, a, b);
  EXPECT_FALSE(decision.lost);
  EXPECT_EQ(decision.deliveries, Deliveries{0ns});
  EXPECT_EQ(table.passed(a, b), 1u);
}

TEST(FaultTable, ACutOfOneDirectionLeavesTheOtherAlone) {
  FaultTable table(3);
  table.add({.kind = Fault::Kind::Cut, .from = a, .to = b, .type = "", .count = {}});
  EXPECT_TRUE(beat(table, a, b).lost);
  EXPECT_FALSE(beat(table, b, a).lost);
  EXPECT_FALSE(beat(table, a, c).lost);
  EXPECT_EQ(table.lost(a, b), 1u);
  EXPECT_TRUE(table.is_cut(a, b, "heartbeat"));
  EXPECT_FALSE(table.is_cut(b, a, "heartbeat"));
}

TEST(FaultTable, ACutWithoutEndsIsOfEveryOrderedPair) {
  FaultTable table(3);
  table.add({.kind = Fault::Kind::Cut, .from = {}, .to = {}, .type = "", .count = {}});
  EXPECT_TRUE(beat(table, a, b).lost);
  EXPECT_TRUE(beat(table, c, a).lost);
}

TEST(FaultTable, AFaultOfOneTypeLeavesOtherTypesAlone) {
  FaultTable table(2);
  table.add({.kind = Fault::Kind::Drop, .from = {}, .to = {}, .type = "ack", .count = {}});
  EXPECT_EQ(fates(table, 3), "...");
  EXPECT_EQ(fates(table, 3, "ack"), "lll");
}

TEST(FaultTable, ACountIsKeptToTheFrame) {
  FaultTable table(2);
  const auto id =
      table.add({.kind = Fault::Kind::Drop, .from = a, .to = b, .type = "heartbeat", .count = 3});
  EXPECT_EQ(table.count(id), (FaultCount{id, 0, false}));
  EXPECT_EQ(fates(table, 5), "lll..");
  EXPECT_EQ(table.count(id), (FaultCount{id, 3, true}));
}

TEST(FaultTable, AShareIsMetInTheLongRunAndDependsOnTheRandomInputAlone) {
  FaultTable table(2);
  const Fault half{
      .kind = Fault::Kind::Drop, .from = {}, .to = {}, .type = "", .count = {}, .share = 500'000};
  table.add(half);
  FaultTable twin = table;
  const std::string first = fates(table, 10'000);
  EXPECT_EQ(first, fates(twin, 10'000));
  EXPECT_NEAR(static_cast<double>(std::count(first.begin(), first.end(), 'l')), 5'000, 200);
}

TEST(FaultTable, ADelayedFrameIsDeliveredLaterByThatMuch) {
  FaultTable table(2);
  table.add({.kind = Fault::Kind::Delay, .from = {}, .to = {}, .type = "", .count = 1, .by = 30ms});
  EXPECT_EQ(beat(table, a, b).deliveries, Deliveries{30ms});
  EXPECT_EQ(beat(table, a, b).deliveries, Deliveries{0ns});
}

TEST(FaultTable, ADuplicatedFrameIsDeliveredTwice) {
  FaultTable table(2);
  table.add({.kind = Fault::Kind::Duplicate, .from = {}, .to = {}, .type = "", .count = 1});
  EXPECT_EQ(beat(table, a, b).deliveries, (Deliveries{0ns, 0ns}));
  EXPECT_EQ(beat(table, a, b).deliveries, Deliveries{0ns});
}

TEST(FaultTable, ReorderingHoldsAFrameUntilTheNextOneOfItsPairHasPassed) {
  FaultTable table(2);
  table.add({.kind = Fault::Kind::Reorder, .from = {}, .to = {}, .type = "", .count = 2});
  EXPECT_EQ(fates(table, 6), "hrhr..");
}

TEST(FaultTable, AHeldFrameThatTheHostDeliveredLetsTheNextOneBeHeld) {
  FaultTable table(2);
  table.add({.kind = Fault::Kind::Reorder, .from = {}, .to = {}, .type = "", .count = 2});
  EXPECT_EQ(fates(table, 1), "h");
  table.released(a, b);
  EXPECT_EQ(fates(table, 2), "hr");
}

TEST(FaultTable, ACorruptedFrameAlwaysDiffersFromWhatWasSent) {
  FaultTable table(2);
  table.add({.kind = Fault::Kind::Corrupt, .from = {}, .to = {}, .type = "", .count = {}});
  for (std::uint64_t random = 0; random < 1'000; ++random) {
    const auto corrupt = beat(table, a, b, random).corrupt;
    ASSERT_TRUE(corrupt.has_value());
    EXPECT_LT(corrupt->position, 8u);
    EXPECT_NE(corrupt->flip, 0);
  }
}

TEST(FaultTable, AnEmptyFrameCannotBeCorruptedAndUsesUpNoCount) {
  FaultTable table(2);
  const auto id =
      table.add({.kind = Fault::Kind::Corrupt, .from = {}, .to = {}, .type = "", .count = 1});
  EXPECT_FALSE(table.decide(a, b, "other", 0, 1).corrupt.has_value());
  EXPECT_EQ(table.count(id)->acted, 0u);
}

TEST(FaultTable, ALostFrameUsesUpNoCountOfOtherFaults) {
  FaultTable table(2);
  const auto delay = table.add(
      {.kind = Fault::Kind::Delay, .from = {}, .to = {}, .type = "", .count = 1, .by = 1ms});
  table.add({.kind = Fault::Kind::Drop, .from = {}, .to = {}, .type = "", .count = 1});
  EXPECT_TRUE(beat(table, a, b).lost);
  EXPECT_EQ(table.count(delay)->acted, 0u);
  EXPECT_EQ(beat(table, a, b).deliveries, Deliveries{1ms});
}

TEST(FaultTable, AFaultBehindATypeBeginsWithTheFrameAfterTheFirstOfThatType) {
  FaultTable table(2);
  table.add({.kind = Fault::Kind::Cut,
             .from = a,
             .to = b,
             .type = "",
             .count = {},
             .by = {},
             .behind = "saved"});
  const auto is_lost = [&table](std::size_t from, std::size_t to, std::string_view type) {
    return table.decide(from, to, type, 8, 1).lost;
  };
  EXPECT_FALSE(is_lost(a, b, "heartbeat"));
  EXPECT_FALSE(is_lost(b, a, "saved"));  // the other way
  EXPECT_FALSE(table.is_cut(a, b, "heartbeat"));
  EXPECT_FALSE(is_lost(a, b, "saved"));
  EXPECT_TRUE(is_lost(a, b, "saved"));
  EXPECT_TRUE(table.is_cut(a, b, "heartbeat"));
  EXPECT_FALSE(is_lost(b, a, "heartbeat"));
  const auto lives = table.lift_all();
  EXPECT_EQ(in_words(lives.front(), {"MSM-A", "MSM-B"}),
            "cut from MSM-A to MSM-B, begun behind frame 2, a saved, met 1 of 3 frames");
}

TEST(FaultTable, AFaultWhoseFrameNeverPassesNeverBegins) {
  FaultTable table(2);
  table.add({.kind = Fault::Kind::Drop, .from = {}, .to = {}, .type = "saved", .count = {}});
  table.add({.kind = Fault::Kind::Cut,
             .from = {},
             .to = {},
             .type = "",
             .count = {},
             .by = {},
             .behind = "saved"});
  EXPECT_TRUE(table.decide(a, b, "saved", 8, 1).lost);
  EXPECT_FALSE(table.decide(a, b, "heartbeat", 8, 1).lost);
  const auto lives = table.lift_all();
  EXPECT_TRUE(lives.back().is_idle());
  EXPECT_EQ(in_words(lives.back(), {"MSM-A", "MSM-B"}),
            "cut never began: of 2 frames none was saved");
}

TEST(FaultTable, LiftedFaultsActNoMore) {
  FaultTable table(2);
  const auto id =
      table.add({.kind = Fault::Kind::Cut, .from = {}, .to = {}, .type = "", .count = {}});
  table.lift(id);
  EXPECT_EQ(fates(table, 1), ".");
  table.add({.kind = Fault::Kind::Cut, .from = {}, .to = {}, .type = "", .count = {}});
  table.lift_all();
  EXPECT_EQ(fates(table, 1), ".");
  EXPECT_TRUE(table.empty());
}

// ---------------------------------------------------------------- acts

const std::vector<std::string> nodes{"MSM-A", "MSM-B"};
const std::vector<std::string> types{"heartbeat", "ack", "other"};

std::string refusal(const std::string& word, const Json& arguments) {
  const auto fault = fault_from_act({word, arguments}, nodes, types);
  return fault ? "no refusal" : to_line(fault.error());
}

TEST(FaultFromAct, ReadsEveryArgument) {
  const auto fault = fault_from_act({"delay",
                                     {{"link", "backplane"},
                                      {"from", "MSM-A"},
                                      {"to", "MSM-B"},
                                      {"type", "heartbeat"},
                                      {"count", 4},
                                      {"share", "12.5%"},
                                      {"by", "1.5ms"}}},
                                    nodes, types);
  ASSERT_TRUE(fault.has_value()) << to_line(fault.error());
  EXPECT_EQ(*fault, (Fault{Fault::Kind::Delay, a, b, "heartbeat", 4, 125'000, 1500us}));
}

TEST(FaultFromAct, RefusesWhatItDoesNotKnowWithASuggestion) {
  EXPECT_THAT(refusal("cut", {{"from", "MSM-C"}}), HasSubstr("`MSM-C` is no end of this link"));
  EXPECT_THAT(refusal("drop", {{"type", "heartbeet"}}), HasSubstr("did you mean `heartbeat`"));
  EXPECT_THAT(refusal("drop", {{"kount", "1"}}), HasSubstr("did you mean `count`"));
  EXPECT_THAT(refusal("cut", {{"count", "1"}}), HasSubstr("`count` is no argument of cut"));
  EXPECT_THAT(refusal("drop", {{"count", "0"}}), HasSubstr("`0` is no count"));
  EXPECT_THAT(refusal("drop", {{"share", "120%"}}), HasSubstr("`120%` is no share"));
  EXPECT_THAT(refusal("delay", {{"by", "soon"}}), HasSubstr("`soon` is no duration"));
  EXPECT_THAT(refusal("delay", Json::object()), HasSubstr("how long is missing"));
  EXPECT_THAT(refusal("cut", {{"from", "MSM-A"}, {"to", "MSM-A"}}), HasSubstr("the same node"));
}

TEST(FaultFromAct, DurationsHaveAUnit) {
  EXPECT_EQ(duration_from_text("250ms"), 250ms);
  EXPECT_EQ(duration_from_text("40us"), 40us);
  EXPECT_EQ(duration_from_text("2m"), 120s);
  EXPECT_EQ(duration_from_text("250"), std::nullopt);
  EXPECT_EQ(duration_from_text("-1s"), std::nullopt);
  EXPECT_EQ(duration_from_text(""), std::nullopt);
}

}  // namespace
}  // namespace understudy::targets

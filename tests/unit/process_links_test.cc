// Links of real nodes: faults with receipts, captures, facts and stalls.
#include <gmock/gmock.h>
#include <pcap/pcap.h>

#include "targets/keeper/network.h"
#include "tests/unit/process_fixture.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using testing::ContainsRegex;
using testing::HasSubstr;

int packets_in(const std::filesystem::path& path) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  pcap_t* file = pcap_open_offline(path.c_str(), error.data());
  EXPECT_NE(file, nullptr) << error.data();
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  int packets = 0;
  while (pcap_next_ex(file, &header, &data) == 1) ++packets;
  pcap_close(file);
  return packets;
}

class ProcessLinks : public ProcessBenchTest {};

TEST_F(ProcessLinks, FramesPassBetweenTheNodesAndStandInTheCapture) {
  open_beacons();
  bench_->heal();
  EXPECT_GE(packets_in(folder_ / "wire.pcap"), 6);
  EXPECT_EQ(packets_in(folder_ / "wire.lost.pcap"), 0);
  EXPECT_THAT(bench_->artefacts(), testing::Contains("wire.pcap"));
}

TEST_F(ProcessLinks, ACutsReceiptHoldsTheLastFrameThatPassedAndTheFirstLost) {
  open_beacons();
  const Receipt receipt = apply("cut", {{"link", "wire"}});
  EXPECT_TRUE(receipt.took_effect) << receipt.words;
  EXPECT_EQ(receipt.means, "relay");
  EXPECT_THAT(receipt.words,
              ContainsRegex("last passed before: frame [0-9]+ of wire.pcap at [0-9.]+s; "
                            "first lost frame 1 of wire.lost.pcap at [0-9.]+s"));
}

TEST_F(ProcessLinks, AfterTheReceiptOfACutNoFramePasses) {
  open_beacons();
  const Receipt receipt = apply("cut", {{"link", "wire"}});
  pump(0ms);
  pump(0ms);
  printed_ = {"", ""};
  const Time until = bench_->now() + 100ms;
  while (bench_->now() < until) pump(10ms);
  EXPECT_EQ(printed_[0] + printed_[1], "") << receipt.words;
}

TEST_F(ProcessLinks, AOneWayCutLeavesTheOtherWayAlone) {
  open_beacons();
  EXPECT_TRUE(apply("cut", {{"link", "wire"}, {"from", "A"}, {"to", "B"}}).took_effect);
  pump(0ms);
  printed_ = {"", ""};
  wait_for(0, "heard");
  wait_for(0, "heard");
  EXPECT_EQ(printed_[1], "");
}

TEST_F(ProcessLinks, DroppedFramesAreCountedToTheFrame) {
  open_beacons();
  const Receipt receipt = apply(
      "drop", {{"link", "wire"}, {"from", "A"}, {"to", "B"}, {"type", "heartbeat"}, {"count", 3}});
  EXPECT_TRUE(receipt.took_effect) << receipt.words;
  EXPECT_THAT(receipt.words, HasSubstr("3 of 3 frames"));
  wait_for(1, "heard");
  bench_->heal();
  EXPECT_EQ(packets_in(folder_ / "wire.lost.pcap"), 3);
}

TEST_F(ProcessLinks, AFaultThatMetNoFrameTookNoEffect) {
  open_beacons();
  apply("hang", {{"node", "A"}});
  const Receipt receipt =
      apply("drop", {{"link", "wire"}, {"from", "A"}, {"type", "heartbeat"}, {"count", 5}});
  EXPECT_FALSE(receipt.took_effect);
  EXPECT_THAT(receipt.words, HasSubstr("no such frame came since"));
}

TEST_F(ProcessLinks, RestoredLinksCarryFramesAgainAndSayWhichWasTheFirst) {
  open_beacons();
  apply("cut", {{"link", "wire"}});
  const Receipt receipt = apply("restore", {{"link", "wire"}});
  EXPECT_TRUE(receipt.took_effect) << receipt.words;
  EXPECT_THAT(receipt.words, ContainsRegex("last lost before: frame [0-9]+ .*first passed: frame"));
  pump(0ms);
  printed_ = {"", ""};
  wait_for(0, "heard");
  wait_for(1, "heard");
}

TEST_F(ProcessLinks, EveryKindOfFaultIsInstalledWithAReceipt) {
  open_beacons();
  for (const char* word : {"delay", "duplicate", "reorder", "corrupt"}) {
    Json arguments{{"link", "wire"}, {"type", "heartbeat"}, {"count", 2}};
    if (std::string(word) == "delay") arguments["by"] = "5ms";
    const Receipt receipt = apply(word, arguments);
    EXPECT_TRUE(receipt.took_effect) << word << ": " << receipt.words;
    EXPECT_THAT(receipt.words, HasSubstr("2 of 2 frames"));
  }
}

TEST_F(ProcessLinks, WrongWordsOfAFaultAreTheBenchsFaultAndNamed) {
  open_beacons();
  const Receipt receipt = apply("cut", {{"link", "wire"}, {"from", "C"}});
  EXPECT_EQ(receipt.outcome, Receipt::Outcome::BenchBroken);
  EXPECT_THAT(receipt.words, HasSubstr("`C` is no end of this link"));
  EXPECT_THAT(apply("cut", {{"link", "wir"}}).words, HasSubstr("did you mean `wire`"));
}

TEST_F(ProcessLinks, HeartbeatsThatPassedAreAFactOfTheLink) {
  open_beacons();
  const BenchEvent fact = wait_for_fact("heartbeats");
  EXPECT_EQ(fact.observation.observer, "wire");
  EXPECT_EQ(fact.observation.subject, "wire");
  EXPECT_EQ(fact.observation.kind, Observation::Kind::Fact);
}

TEST_F(ProcessLinks, APowerCycledNodeFindsItsPortFree) {
  open_beacons();
  for (int i = 0; i < 10; ++i) {
    apply("lose", {{"node", "A"}});
    apply("power-on", {{"node", "A"}});
    wait_for(0, "ready");
    wait_for(0, "heard");
  }
}

TEST(LoopbackBlock, TwoBenchesNeverShareAddresses) {
  const auto first = LoopbackBlock::claim(77);
  const auto second = LoopbackBlock::claim(77);
  ASSERT_TRUE(first && second);
  EXPECT_NE(to_text(first->local(0, 0)), to_text(second->local(0, 0)));
}

}  // namespace
}  // namespace understudy::targets

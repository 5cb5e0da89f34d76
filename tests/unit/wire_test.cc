// A wire on virtual time: when frames are delivered, what the captures and the facts say.
#include "targets/wire/wire.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include <cstring>
#include <filesystem>

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Packet {
  Time at{};
  std::string from;
  std::string to;
  std::string text;

  friend bool operator==(const Packet&, const Packet&) = default;
};

std::string address_in(const u_char* ip, const u_char* port) {
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, ip, text.data(), text.size());
  return std::string(text.data()) + ":" + std::to_string(port[0] << 8 | port[1]);
}

/// All of a capture, as libpcap reads it.
std::vector<Packet> packets_in(const std::string& path) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  pcap_t* file = pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO,
                                                         error.data());
  EXPECT_NE(file, nullptr) << error.data();
  EXPECT_EQ(pcap_datalink(file), DLT_RAW);
  std::vector<Packet> packets;
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  while (pcap_next_ex(file, &header, &data) == 1) {
    packets.push_back({std::chrono::seconds(header->ts.tv_sec) + Time(header->ts.tv_usec),
                       address_in(data + 12, data + 20), address_in(data + 16, data + 22),
                       std::string(data + 28, data + header->caplen)});
  }
  pcap_close(file);
  return packets;
}

class WireTest : public testing::Test {
 protected:
  WireTest() {
    folder_ =
        std::filesystem::temp_directory_path() / ("understudy-wire-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    settings_.link = "backplane";
    settings_.ends = {{"MSM-A", address_of_end(0)}, {"MSM-B", address_of_end(1)}};
    settings_.folder = folder_;
    settings_.frames =
        load_frames(
            "frames: t\ntypes:\n  heartbeat: {periodic: true, match: [{at: 0, hex: \"48\"}]}\n"
            "fields:\n  - {attribute: state, types: [heartbeat], at: 1, length: 1, "
            "values: {0x4d: MASTER, 0x42: BACKUP}}\n",
            "t")
            .value();
    open();
  }
  ~WireTest() override { std::filesystem::remove_all(folder_); }

  void open() {
    wire_ =
        Wire::create(settings_, [this](std::size_t to, std::span<const std::uint8_t> frame) {
          delivered_.push_back(std::to_string(to) + ":" + std::string(frame.begin(), frame.end()));
          return true;
        }).value();
  }
  void arrive(std::size_t from, std::string_view text, Time at) {
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    wire_->arrived(from, bytes, at, at);
  }
  std::vector<Packet> captured(const std::string& name) {
    wire_->flush();
    return packets_in((folder_ / name).string());
  }
  std::vector<std::string> facts() {
    std::vector<std::string> lines;
    for (const WireNote& note : wire_->take_notes()) {
      if (note.kind != WireNote::Kind::Fact) continue;
      const Observation& fact = note.fact;
      lines.push_back(fact.observer + " sees " + fact.subject + "." + fact.attribute + "=" +
                      fact.value + " " + std::to_string(fact.heard / 1ms) + " " + fact.evidence);
    }
    return lines;
  }
  std::vector<WireNote> acted() {
    std::vector<WireNote> notes = wire_->take_notes();
    std::erase_if(notes, [](const auto& note) { return note.kind != WireNote::Kind::Acted; });
    return notes;
  }

  std::filesystem::path folder_;
  WireSettings settings_;
  std::vector<std::string> delivered_;
  std::unique_ptr<Wire> wire_;
};

TEST_F(WireTest, AFramePassesAndStandsInTheCaptureWithItsEndsAndItsTime) {
  arrive(0, "HM", 1'000'000'007ns);
  arrive(1, "HB", 2s);
  EXPECT_THAT(delivered_, ElementsAre("1:HM", "0:HB"));
  EXPECT_THAT(captured("backplane.pcap"),
              ElementsAre(Packet{1'000'000'007ns, "127.0.0.2:20000", "127.0.0.3:20000", "HM"},
                          Packet{2s, "127.0.0.3:20000", "127.0.0.2:20000", "HB"}));
  EXPECT_THAT(captured("backplane.lost.pcap"), IsEmpty());
}

TEST_F(WireTest, WhatOneEndOfABusSendsGoesToEveryOther) {
  settings_.ends.push_back({"MSM-C", address_of_end(2)});
  open();
  arrive(1, "x", 1s);
  EXPECT_THAT(delivered_, ElementsAre("0:x", "2:x"));
}

TEST_F(WireTest, ACutSaysTheLastFrameThatPassedAndTheFirstThatWasLost) {
  arrive(0, "H1", 1s);
  arrive(0, "H2", 2s);
  const Installed cut = wire_->install({Fault::Kind::Cut, 0, 1, "", {}}, 3s);
  EXPECT_EQ(cut.last_passed.number, 2u);
  EXPECT_EQ(cut.last_passed.at, Time(2s));
  wire_->take_notes();
  arrive(0, "H3", 4s);
  const std::vector<WireNote> notes = acted();
  ASSERT_THAT(notes, SizeIs(1));
  EXPECT_EQ(notes[0].mark.number, 1u);
  EXPECT_EQ(notes[0].at, Time(4s));
  EXPECT_THAT(captured("backplane.lost.pcap"), SizeIs(1));
}

TEST_F(WireTest, ABracketIsOfTheFramesThatTheFaultConcerns) {
  arrive(0, "H1", 1s);
  arrive(0, "other", 2s);
  arrive(1, "H2", 3s);
  const Installed cut = wire_->install({Fault::Kind::Cut, 0, 1, "heartbeat", {}}, 4s);
  EXPECT_EQ(cut.last_passed.number, 1u);
}

TEST_F(WireTest, ADelayedFrameIsOvertakenByLaterOnes) {
  wire_->install({Fault::Kind::Delay, 0, 1, "", 1, 1'000'000, 50ms}, 0s);
  arrive(0, "late", 1s);
  arrive(0, "soon", 1s + 10ms);
  EXPECT_EQ(wire_->next_due(), Time(1s + 50ms));
  wire_->time_passed(1s + 49ms);
  EXPECT_THAT(delivered_, ElementsAre("1:soon"));
  wire_->time_passed(1s + 50ms);
  EXPECT_THAT(delivered_, ElementsAre("1:soon", "1:late"));
}

TEST_F(WireTest, ADelayedFrameDoesNotPassACutThatCameMeanwhile) {
  wire_->install({Fault::Kind::Delay, 0, 1, "", {}, 1'000'000, 50ms}, 0s);
  arrive(0, "late", 1s);
  wire_->install({Fault::Kind::Cut, {}, {}, "", {}}, 1s + 10ms);
  wire_->time_passed(2s);
  EXPECT_THAT(delivered_, IsEmpty());
  EXPECT_THAT(captured("backplane.lost.pcap"), SizeIs(1));
}

TEST_F(WireTest, AHeldFrameFollowsTheNextOne) {
  wire_->install({Fault::Kind::Reorder, {}, {}, "", 1}, 0s);
  arrive(0, "first", 1s);
  arrive(0, "second", 2s);
  arrive(0, "third", 3s);
  EXPECT_THAT(delivered_, ElementsAre("1:second", "1:first", "1:third"));
}

TEST_F(WireTest, AHeldFrameThatNothingOvertakesIsDeliveredAtTheLimit) {
  wire_->install({Fault::Kind::Reorder, {}, {}, "", 1}, 0s);
  arrive(0, "alone", 1s);
  wire_->time_passed(1s + settings_.hold_limit - 1ns);
  EXPECT_THAT(delivered_, IsEmpty());
  wire_->time_passed(1s + settings_.hold_limit);
  EXPECT_THAT(delivered_, ElementsAre("1:alone"));
}

TEST_F(WireTest, LiftingFaultsReleasesHeldFramesAndSaysWhichFramePassesFirst) {
  wire_->install({Fault::Kind::Reorder, {}, {}, "", 1}, 0s);
  arrive(0, "held", 1s);
  const Installed lifted = wire_->lift(2s);
  wire_->take_notes();
  wire_->time_passed(2s);
  EXPECT_THAT(delivered_, ElementsAre("1:held"));
  const auto notes = wire_->take_notes();
  ASSERT_THAT(notes, SizeIs(1));
  EXPECT_EQ(notes[0].kind, WireNote::Kind::Passed);
  EXPECT_EQ(notes[0].id, lifted.id);
}

TEST_F(WireTest, ACorruptedFrameIsCapturedAsItWasPassedOn) {
  wire_->install({Fault::Kind::Corrupt, {}, {}, "", 1}, 0s);
  arrive(0, "HMabcdef", 1s);
  ASSERT_THAT(delivered_, SizeIs(1));
  EXPECT_NE(delivered_[0], "1:HMabcdef");
  EXPECT_EQ("1:" + captured("backplane.pcap").at(0).text, delivered_[0]);
}

TEST_F(WireTest, ADuplicateStandsTwiceInTheCapture) {
  wire_->install({Fault::Kind::Duplicate, {}, {}, "", 1}, 0s);
  arrive(0, "HM", 1s);
  EXPECT_THAT(delivered_, ElementsAre("1:HM", "1:HM"));
  EXPECT_THAT(captured("backplane.pcap"), SizeIs(2));
}

TEST_F(WireTest, AChangeIsToldWithTheLastFrameBeforeIt) {
  arrive(0, "HB", 1s);
  arrive(0, "HB", 1s + 100ms);
  arrive(0, "HM", 1s + 200ms);
  EXPECT_THAT(facts(), ElementsAre("backplane sees MSM-A.state=BACKUP 1000 backplane.pcap:1",
                                   "backplane sees backplane.frames=1 1000 backplane.pcap:1",
                                   "backplane sees backplane.heartbeats=1 1000 backplane.pcap:1",
                                   "backplane sees MSM-A.state=BACKUP 1100 backplane.pcap:2",
                                   "backplane sees MSM-A.state=MASTER 1200 backplane.pcap:3"));
}

TEST_F(WireTest, WhatDoesNotChangeIsToldAgainFromTimeToTime) {
  arrive(0, "HB", 1s);
  facts();
  arrive(0, "HB", 1s + settings_.refresh - 1ms);
  EXPECT_THAT(facts(), IsEmpty());
  arrive(0, "HB", 1s + settings_.refresh);
  EXPECT_THAT(facts(), ElementsAre("backplane sees MSM-A.state=BACKUP 1500 backplane.pcap:3",
                                   "backplane sees backplane.frames=3 1500 backplane.pcap:3",
                                   "backplane sees backplane.heartbeats=3 1500 backplane.pcap:3"));
}

TEST_F(WireTest, ALostFrameStillTellsWhatItsSenderSaid) {
  wire_->install({Fault::Kind::Cut, {}, {}, "", {}}, 0s);
  arrive(0, "HM", 1s);
  EXPECT_THAT(facts(), ElementsAre("backplane sees MSM-A.state=MASTER 1000 backplane.lost.pcap:1"));
}

TEST_F(WireTest, ACountedFaultTellsItsFirstAndItsLastFrame) {
  wire_->install({Fault::Kind::Drop, {}, {}, "heartbeat", 3}, 0s);
  for (int i = 1; i <= 5; ++i) arrive(0, "HM", std::chrono::seconds(i));
  const auto notes = acted();
  ASSERT_THAT(notes, SizeIs(2));
  EXPECT_EQ(notes[0].acted, 1u);
  EXPECT_EQ(notes[1].acted, 3u);
  EXPECT_TRUE(notes[1].is_spent);
  EXPECT_EQ(notes[1].at, Time(3s));
  EXPECT_THAT(delivered_, SizeIs(2));
}

TEST_F(WireTest, AFaultThatMetNoneOfTheFramesThatCameIsToldWhenItIsLifted) {
  wire_->install({Fault::Kind::Drop, 0, 1, "heartbeat", {}}, 1s);
  arrive(0, "other", 2s);
  wire_->take_notes();
  const Installed lifted = wire_->lift(3s);
  EXPECT_THAT(lifted.lives, ElementsAre("drop of heartbeat from MSM-A to MSM-B met 0 of 1 frames"));
  const std::vector<WireNote> notes = wire_->take_notes();
  ASSERT_THAT(notes, SizeIs(1));
  EXPECT_EQ(notes[0].kind, WireNote::Kind::Idle);
  EXPECT_EQ(notes[0].from, Time(1s));
  EXPECT_EQ(notes[0].at, Time(3s));
}

TEST_F(WireTest, AFaultOnASenderThatSentNothingOrThatMetAFrameIsNotIdle) {
  wire_->install({Fault::Kind::Cut, 0, 1, "", {}}, 1s);
  wire_->install({Fault::Kind::Cut, 1, 0, "", {}}, 1s);
  arrive(0, "H1", 2s);
  wire_->take_notes();
  const Installed lifted = wire_->lift(3s);
  EXPECT_THAT(lifted.lives, ElementsAre("cut from MSM-A to MSM-B met 1 of 1 frames",
                                        "cut from MSM-B to MSM-A met no frame: none came"));
  EXPECT_THAT(wire_->take_notes(), IsEmpty());
}

TEST_F(WireTest, ACaptureThatCannotBeWrittenIsRefusedWithItsPath) {
  settings_.folder = "/nowhere";
  const auto wire = Wire::create(settings_, [](auto, auto) { return true; });
  ASSERT_FALSE(wire.has_value());
  EXPECT_EQ(wire.error().where, "/nowhere/backplane.pcap");
}

}  // namespace
}  // namespace understudy::targets

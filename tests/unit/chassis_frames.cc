// The protocol between the modules: layout, and what loss, copies, disorder and damage do not do.
#include <ostream>

#include "reference-impl/chassis/checksum.h"
#include "tests/unit/chassis_world.h"

namespace understudy::reference {
namespace {

FrameHeader sample_header() {
  return {FrameType::Heartbeat, 1, NodeState::Master, Office::Lead, kClaimsInSync, 7, 0xabcd, 3};
}

TEST(Checksum, IsCastagnolisByInstructionAndByTable) {
  EXPECT_EQ(crc32c({"123456789"}), 0xE3069283u);
  EXPECT_EQ(crc32c_by_table({"123456789"}), 0xE3069283u);
  const std::string text(61, 'u');
  EXPECT_EQ(crc32c({"a", text, "bcdefg"}), crc32c_by_table({fmt::format("a{}", text), "bcdefg"}));
}

TEST(Frame, HasItsStateAndOfficeWhereTheLayoutSays) {
  const FrameBytes frame = write_heartbeat(sample_header(), {});
  const auto bytes = frame.view();
  EXPECT_EQ(static_cast<char>(bytes[0]), 'U');
  EXPECT_EQ(static_cast<char>(bytes[1]), 'S');
  EXPECT_EQ(static_cast<int>(bytes[3]), 1);
  EXPECT_EQ(static_cast<NodeState>(bytes[kStateOffset]), NodeState::Master);
  EXPECT_EQ(static_cast<Office>(bytes[kOfficeOffset]), Office::Lead);
}

TEST(Frame, ReadsBackWhatWasWritten) {
  Heartbeat said;
  said.priority = 5;
  said.system_uptime = 1'234'567'890'123ull;
  said.memory = {true, true, 99};
  const FrameBytes frame = write_heartbeat(sample_header(), said);
  const auto header = read_header(frame.view());
  ASSERT_TRUE(header);
  EXPECT_EQ(header->sequence, 7u);
  EXPECT_EQ(header->session, 3u);
  EXPECT_EQ(read_heartbeat(frame.view()), said);
}

TEST(Frame, NoSingleChangedByteGoesUnnoticed) {
  const FrameBytes frame = write_heartbeat(sample_header(), {});
  for (std::size_t at = 0; at < frame.size(); ++at) {
    FrameBytes changed = frame;
    changed.view()[at] ^= std::byte{0x10};
    EXPECT_FALSE(read_header(changed.view())) << at;
  }
}

TEST(Frame, CutShortAtAnyByteIsRefused) {
  const FrameBytes frame = write_heartbeat(sample_header(), {});
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(read_header(frame.view().first(size))) << size;
  }
}

TEST(Frame, NeverExceedsTheLimit) {
  const std::string payload(5000, 'x');
  const FrameBytes frame = write_record(sample_header(), {1, true, true, 0, payload});
  EXPECT_EQ(frame.size(), kFrameLimit);
}

TEST(Frame, FromItsOwnSlotOrAnUnknownOneIsRefused) {
  Simulation sim = pair_in_sync();
  FrameHeader header = sample_header();
  header.sender = A;
  const FrameBytes own = write_heartbeat(header, {});
  header.sender = 9;
  const FrameBytes foreign = write_heartbeat(header, {});
  sim.give(A, FrameReceived{own.view()});
  sim.give(A, FrameReceived{foreign.view()});
  EXPECT_EQ(sim.diary(A).frames_refused, 2u);
  EXPECT_EQ(sim.state(A), NodeState::Master);
}

/// Does something random to frames, from the random numbers of the world.
class RoughPolicy : public LinkPolicy {
 public:
  enum Kind { Loses, Copies, Delays, Damages, All };
  explicit RoughPolicy(Kind kind) : kind_(kind) {}
  std::unique_ptr<LinkPolicy> clone() const override {
    return std::make_unique<RoughPolicy>(*this);
  }
  void carry(Slot, Slot, const FrameBytes& frame, Duration, std::uint64_t random,
             std::vector<Delivery>& deliveries) override {
    const Kind kind = kind_ == All ? static_cast<Kind>(random % 4) : kind_;
    const bool acts = (random >> 8) % 4 == 0;
    if (acts && kind == Loses) return;
    deliveries.push_back({Duration{}, frame});
    if (!acts) return;
    if (kind == Copies) deliveries.push_back({Duration(random >> 16 & 0xffffff), frame});
    if (kind == Delays) deliveries.back().after = Duration(random >> 16 & 0x3ffffff);
    if (kind == Damages) {
      deliveries.back().bytes.view()[(random >> 20) % frame.size()] ^= std::byte{0x04};
    }
  }

 private:
  Kind kind_;
};

struct RoughCase {
  const char* name;
  RoughPolicy::Kind kind;

  friend void PrintTo(const RoughCase& one, std::ostream* out) { *out << one.name; }
};
class RoughLink : public testing::TestWithParam<RoughCase> {};

TEST_P(RoughLink, StillBringsThePairInSyncWithEqualStores) {
  Simulation sim({.missed_limit = 12, .seed = 7});
  sim.set_link(std::make_unique<RoughPolicy>(GetParam().kind));
  sim.power_on(A);
  sim.run_until(state_is(A, NodeState::Master));
  for (int vlan = 0; vlan < 80; ++vlan) sim.order(A, CreateVlan{numbered("vlan-", vlan)});
  save(sim, A);
  sim.power_on(B);
  for (int entry = 0; entry < 200; ++entry) {
    sim.run_for(20ms);
    sim.learn(A, "fdb", numbered("mac-", entry % 50), numbered("1:", entry));
  }
  ASSERT_TRUE(sim.run_until(in_sync));
  const Witness witness = sim.witness();
  EXPECT_EQ(witness.modules[A].active, witness.modules[B].active);
  EXPECT_EQ(witness.modules[A].saved, witness.modules[B].saved);
  EXPECT_EQ(witness.modules[A].runtime, witness.modules[B].runtime);
  EXPECT_EQ(sim.boots(B), 1u);
}

INSTANTIATE_TEST_SUITE_P(Protocol, RoughLink,
                         testing::Values(RoughCase{"Loss", RoughPolicy::Loses},
                                         RoughCase{"Duplication", RoughPolicy::Copies},
                                         RoughCase{"Reordering", RoughPolicy::Delays},
                                         RoughCase{"Corruption", RoughPolicy::Damages},
                                         RoughCase{"AllOfThem", RoughPolicy::All}),
                         [](const auto& info) { return info.param.name; });

TEST(Protocol, AHeartbeatThatIsRepeatedDoesNotKeepAHungMasterAlive) {
  Simulation sim = pair_in_sync();
  sim.run_until(heartbeat_arrives_at(B));
  const Node& a = sim.node(A);
  const FrameHeader old{
      FrameType::Heartbeat, A, NodeState::Master, Office::Lead, 0, a.heartbeats_sent, a.incarnation,
      a.sending.session};
  const FrameBytes frame = write_heartbeat(old, {});
  sim.hang(A);
  sim.run_for(200ms);
  sim.give(B, FrameReceived{frame.view()});
  sim.run_for(100ms);
  EXPECT_EQ(sim.state(B), NodeState::Master);
}

}  // namespace
}  // namespace understudy::reference

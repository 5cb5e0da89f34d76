// The inline wire on real interfaces: two veth pairs in a network of the test's own, which the
// kernel removes with the process. That needs root; without it these tests are skipped.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <thread>

#include "targets/wire/relay.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::uint16_t ether_type = 0x88b5;
constexpr std::size_t header = 14;

/// What a node is on the far end of a veth pair: sends and hears texts as frames of our EtherType.
class End {
 public:
  explicit End(const std::string& interface) {
    place_.sll_family = AF_PACKET;
    place_.sll_protocol = htons(ether_type);
    place_.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
    place_.sll_halen = 6;
    std::fill_n(place_.sll_addr, 6, std::uint8_t{0xff});
    EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&place_), sizeof place_), 0);
  }
  ~End() { close(fd_); }
  void send(std::string_view text, std::uint16_t type = ether_type) const {
    sockaddr_ll to = place_;
    to.sll_protocol = htons(type);
    sendto(fd_, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  /// The next frame, or "" if none comes within `limit`.
  std::string receive(int limit_ms = 5'000) const {
    pollfd polled{fd_, POLLIN, 0};
    if (poll(&polled, 1, limit_ms) <= 0) return "";
    std::array<char, 2048> buffer{};
    const auto length = recv(fd_, buffer.data(), buffer.size(), 0);
    return std::string(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  }

 private:
  int fd_ = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ether_type));
  sockaddr_ll place_{};
};

bool run(const std::string& command) {
  return std::system((command + " 2>/dev/null").c_str()) == 0;
}

/// a0 - a1 (wire) b1 - b0.
bool make_network() {
  bool is_made = run("ip link add a0 type veth peer name a1");
  is_made = is_made && run("ip link add b0 type veth peer name b1");
  for (const std::string name : {"a0", "a1", "b0", "b1"}) {
    is_made = is_made && run("ip link set " + name + " addrgenmode none up");
  }
  return is_made;
}

class InlineWire : public testing::Test {
 protected:
  void SetUp() override {
    static const bool may_make = unshare(CLONE_NEWNET) == 0;
    if (!may_make) GTEST_SKIP() << "interfaces of a test's own need root (CAP_SYS_ADMIN)";
    static const bool is_made = make_network();
    ASSERT_TRUE(is_made);
    std::string path = (std::filesystem::temp_directory_path() / "understudy-wire-XXXXXX").string();
    folder_ = mkdtemp(path.data());
    settings_.wire.link = "wire";
    settings_.wire.ends = {{"A", {}}, {"B", {}}};
    settings_.wire.layer = FrameLayer::Ethernet;
    settings_.wire.payload_at = header;
    settings_.wire.filter = make_frame_filter("ether proto 0x88b5", "test").value();
    settings_.wire.frames =
        load_frames(
            "frames: test\ntypes:\n  heartbeat: {periodic: true, match: [{at: 0, hex: "
            "\"48\"}]}\nfields:\n  - {attribute: state, types: [heartbeat], at: 1, length: "
            "1, values: {77: MASTER}}\n",
            "test")
            .value();
    settings_.wire.folder = folder_;
    settings_.interfaces = {"a1", "b1"};
    settings_.start = monotonic_now();
  }
  ~InlineWire() override {
    relay_.reset();
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  void start() {
    auto relay = Relay::start(settings_, [this](WireNote note) {
      const std::lock_guard lock(mutex_);
      notes_.push_back(std::move(note));
    });
    ASSERT_TRUE(relay.has_value()) << to_line(relay.error());
    relay_ = std::move(*relay);
    a_.emplace("a0");
    b_.emplace("b0");
  }
  std::string refusal() {
    const auto relay = Relay::start(settings_, [](const WireNote&) {});
    return relay ? "" : to_line(relay.error());
  }
  bool was_told(WireNote::Kind kind, std::string_view text) {
    for (int i = 0; i < 500; ++i) {
      {
        const std::lock_guard lock(mutex_);
        for (const WireNote& note : notes_) {
          if (note.kind == kind && note.text.find(text) != std::string::npos) return true;
        }
      }
      poll(nullptr, 0, 10);
    }
    return false;
  }
  std::vector<Observation> facts() {
    const std::lock_guard lock(mutex_);
    std::vector<Observation> found;
    for (const WireNote& note : notes_) {
      if (note.kind == WireNote::Kind::Fact) found.push_back(note.fact);
    }
    return found;
  }
  void install(Fault::Kind kind, const std::function<void(Fault&)>& change = {}) {
    Fault fault;
    fault.kind = kind;
    if (change) change(fault);
    relay_->install(fault);
  }

  std::filesystem::path folder_;
  RelaySettings settings_;
  std::mutex mutex_;
  std::vector<WireNote> notes_;
  std::optional<End> a_;
  std::optional<End> b_;
  std::unique_ptr<Relay> relay_;
};

struct Stored {
  int link_type = -1;
  std::vector<std::string> frames;
};

Stored stored_in(const std::filesystem::path& path) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  pcap_t* file = pcap_open_offline(path.c_str(), error.data());
  Stored stored;
  if (!file) return stored;
  stored.link_type = pcap_datalink(file);
  pcap_pkthdr* record = nullptr;
  const u_char* data = nullptr;
  while (pcap_next_ex(file, &record, &data) == 1) {
    stored.frames.emplace_back(reinterpret_cast<const char*>(data), record->caplen);
  }
  pcap_close(file);
  return stored;
}

TEST_F(InlineWire, CarriesFramesOfBothWaysUnchanged) {
  start();
  a_->send("HM from A");
  EXPECT_EQ(b_->receive(), "HM from A");
  b_->send("HM from B");
  EXPECT_EQ(a_->receive(), "HM from B");
  EXPECT_EQ(a_->receive(20), "");  // nothing came back to its sender
}

TEST_F(InlineWire, ACutOfOneWayLeavesTheOtherAlone) {
  start();
  install(Fault::Kind::Cut, [](Fault& fault) { fault.from = 0, fault.to = 1; });
  a_->send("H1");
  b_->send("H2");
  EXPECT_EQ(a_->receive(), "H2");
  EXPECT_EQ(b_->receive(50), "");
  relay_->lift();
  a_->send("H3");
  EXPECT_EQ(b_->receive(), "H3");
}

TEST_F(InlineWire, NoFramePassesAfterTheReceiptOfACut) {
  start();
  std::atomic<bool> is_over = false;
  std::thread sender([&] {
    while (!is_over) a_->send("H");
  });
  for (int round = 0; round < 200; ++round) {
    ASSERT_NE(b_->receive(), "") << "round " << round;
    install(Fault::Kind::Cut);
    while (!b_->receive(0).empty()) {
    }
    EXPECT_EQ(b_->receive(1), "") << "round " << round;
    relay_->lift();
  }
  is_over = true;
  sender.join();
}

TEST_F(InlineWire, ADropCountsOnlyItsOwnType) {
  start();
  install(Fault::Kind::Drop, [](Fault& fault) { fault.type = "heartbeat", fault.count = 2; });
  for (const std::string text : {"H1", "x1", "H2", "H3"}) a_->send(text);
  EXPECT_EQ(b_->receive(), "x1");
  EXPECT_EQ(b_->receive(), "H3");
}

TEST_F(InlineWire, AFaultBeginsBehindAFrameOfAType) {
  start();
  install(Fault::Kind::Drop,
          [](Fault& fault) { fault.type = "heartbeat", fault.behind = "other"; });
  for (const std::string text : {"H1", "x1", "H2", "x2"}) a_->send(text);
  EXPECT_EQ(b_->receive(), "H1");
  EXPECT_EQ(b_->receive(), "x1");
  EXPECT_EQ(b_->receive(), "x2");
}

TEST_F(InlineWire, DuplicatesReordersAndDelays) {
  start();
  install(Fault::Kind::Duplicate, [](Fault& fault) { fault.count = 1; });
  a_->send("H1");
  EXPECT_EQ(b_->receive(), "H1");
  EXPECT_EQ(b_->receive(), "H1");
  install(Fault::Kind::Reorder, [](Fault& fault) { fault.count = 1; });
  a_->send("H2");
  a_->send("H3");
  EXPECT_EQ(b_->receive(), "H3");
  EXPECT_EQ(b_->receive(), "H2");
  install(Fault::Kind::Delay, [](Fault& fault) { fault.count = 1, fault.by = 30ms; });
  const Time before = monotonic_now();
  a_->send("H4");
  EXPECT_EQ(b_->receive(), "H4");
  EXPECT_GE(monotonic_now() - before, 30ms);
}

TEST_F(InlineWire, CorruptsOneByteOfTheMessageAndNoneOfTheHeader) {
  start();
  install(Fault::Kind::Corrupt);
  for (int round = 0; round < 64; ++round) {
    a_->send("HHHH");
    const std::string heard = b_->receive();  // a corrupted EtherType would never be heard
    ASSERT_EQ(heard.size(), 4u);
    EXPECT_EQ(std::ranges::count(heard, 'H'), 3);
  }
}

TEST_F(InlineWire, HoldsAFrameThatNothingOvertakesNoLongerThanItsLimit) {
  settings_.wire.hold_limit = 20ms;
  start();
  install(Fault::Kind::Reorder, [](Fault& fault) { fault.count = 1; });
  a_->send("H1");
  EXPECT_EQ(b_->receive(), "H1");
}

TEST_F(InlineWire, CapturesAreTheFramesThemselves) {
  start();
  a_->send("H1");
  EXPECT_EQ(b_->receive(), "H1");
  install(Fault::Kind::Cut);
  a_->send("H2");
  EXPECT_EQ(b_->receive(50), "");
  relay_.reset();
  const Stored passed = stored_in(folder_ / "wire.pcap");
  const Stored lost = stored_in(folder_ / "wire.lost.pcap");
  EXPECT_EQ(passed.link_type, DLT_EN10MB);
  ASSERT_EQ(passed.frames.size(), 1u);
  EXPECT_EQ(passed.frames[0].substr(12), "\x88\xb5H1");
  ASSERT_EQ(lost.frames.size(), 1u);
  EXPECT_EQ(lost.frames[0].substr(12), "\x88\xb5H2");
}

TEST_F(InlineWire, WhatAFrameSaysOfItsSenderIsAFact) {
  start();
  a_->send("HM");
  EXPECT_EQ(b_->receive(), "HM");
  for (int i = 0; i < 500 && facts().empty(); ++i) poll(nullptr, 0, 10);
  const auto found = facts();
  const auto state = std::ranges::find(found, "state", &Observation::attribute);
  ASSERT_NE(state, found.end());
  EXPECT_EQ(state->subject, "A");
  EXPECT_EQ(state->value, "MASTER");
  EXPECT_EQ(state->evidence, "wire.pcap:1");
}

TEST_F(InlineWire, FramesOutsideTheFilterAreOther) {
  settings_.wire.filter = make_frame_filter("ether proto 0x88b6", "test").value();
  start();
  install(Fault::Kind::Drop, [](Fault& fault) { fault.type = "heartbeat"; });
  a_->send("HM");
  EXPECT_EQ(b_->receive(), "HM");
  for (int i = 0; i < 500 && facts().empty(); ++i) poll(nullptr, 0, 10);
  EXPECT_FALSE(facts().empty());
  for (const Observation& fact : facts()) EXPECT_NE(fact.attribute, "state");
}

TEST_F(InlineWire, AFrameLongerThanTheInterfaceTakesIsTheBenchsFault) {
  ASSERT_TRUE(run("ip link set b1 mtu 100"));
  start();
  a_->send(std::string(500, 'H'));
  EXPECT_TRUE(was_told(WireNote::Kind::Broken, "the kernel refused a frame"));
  ASSERT_TRUE(run("ip link set b1 mtu 1500"));
}

TEST_F(InlineWire, AnInterfaceThatGoesDownIsTheBenchsFault) {
  start();
  ASSERT_TRUE(run("ip link set b1 down"));
  EXPECT_TRUE(was_told(WireNote::Kind::Broken, "wire: the interface b1 went down"));
  ASSERT_TRUE(run("ip link set b1 up"));
}

TEST_F(InlineWire, AnInterfaceThatIsNotThereIsNamedWithTheNearest) {
  settings_.interfaces = {"a1", "b11"};
  settings_.where = "lab.yaml:7";
  EXPECT_EQ(refusal(), "lab.yaml:7: there is no interface `b11` (did you mean `b1`?)");
}

TEST_F(InlineWire, AnInterfaceThatIsDownIsRefused) {
  ASSERT_TRUE(run("ip link set b1 down"));
  EXPECT_THAT(refusal(), HasSubstr("the interface `b1` is down (ip link set b1 up)"));
  ASSERT_TRUE(run("ip link set b1 up"));
}

TEST_F(InlineWire, BothEndsAreDifferentInterfacesWhateverTheyAreCalled) {
  ASSERT_TRUE(run("ip link property add dev a1 altname other-name"));
  settings_.interfaces = {"a1", "other-name"};
  EXPECT_THAT(refusal(), HasSubstr("both ends are one interface: `a1` and `other-name`"));
  ASSERT_TRUE(run("ip link property del dev a1 altname other-name"));
}

TEST_F(InlineWire, TheLoopbackIsRefused) {
  settings_.interfaces = {"a1", "lo"};
  EXPECT_THAT(refusal(), HasSubstr("`lo` is the loopback"));
}

TEST_F(InlineWire, WhoeverIsNotRootIsToldSo) {
  ASSERT_EQ(seteuid(65534), 0);
  const std::string told = refusal();
  ASSERT_EQ(seteuid(0), 0);
  EXPECT_THAT(told, HasSubstr("needs root (CAP_NET_RAW, CAP_NET_ADMIN)"));
}

TEST(FrameFilter, AnExpressionThatLibpcapDoesNotTakeIsRefusedWithItsPlace) {
  const auto filter = make_frame_filter("ether protto 5", "lab.yaml:7");
  ASSERT_FALSE(filter.has_value());
  EXPECT_THAT(to_line(filter.error()), HasSubstr("lab.yaml:7: filter `ether protto 5`: "));
}

}  // namespace
}  // namespace understudy::targets

// The relay on real sockets: forwarding, and no frame after the receipt of a cut.
#include "targets/wire/relay.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t network = 127U << 24 | 63U << 16;  // outside the blocks of benches

/// A node's socket on the link.
class End {
 public:
  End(FrameAddress own, FrameAddress peer) : peer_(to_sockaddr(peer)) {
    const sockaddr_in place = to_sockaddr(own);
    EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&place), sizeof place), 0);
  }
  ~End() { close(fd_); }
  void send(std::string_view text) const {
    sendto(fd_, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&peer_),
           sizeof peer_);
  }
  /// The next frame, or "" if none comes within `limit`.
  std::string receive(int limit_ms = 5'000) const {
    pollfd polled{fd_, POLLIN, 0};
    if (poll(&polled, 1, limit_ms) <= 0) return "";
    std::array<char, 2048> buffer{};
    const auto length = recv(fd_, buffer.data(), buffer.size(), 0);
    return std::string(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  }
  /// Takes frames until `text` comes; false if nothing comes any more.
  bool hears(std::string_view text, int limit_ms = 5'000) const {
    for (std::string frame = "any"; !frame.empty();) {
      frame = receive(limit_ms);
      if (frame == text) return true;
    }
    return false;
  }
  /// Full buffers lose frames: again until it has arrived.
  void send_until_heard(std::string_view text, const End& other) const {
    for (int i = 0; i < 100; ++i) {
      send(text);
      if (other.hears(text, 50)) return;
    }
    ADD_FAILURE() << text << " never arrived";
  }
  int drain() const {
    int frames = 0;
    while (!receive(0).empty()) ++frames;
    return frames;
  }

 private:
  static sockaddr_in to_sockaddr(FrameAddress address) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(address.ip);
    place.sin_port = htons(address.port);
    return place;
  }
  int fd_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in peer_;
};

class RelayTest : public testing::Test {
 protected:
  RelayTest() {
    folder_ =
        std::filesystem::temp_directory_path() / ("understudy-relay-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    RelaySettings settings;
    settings.start = monotonic_now();
    settings.wire.link = "bus";
    settings.wire.folder = folder_;
    for (std::uint32_t i = 0; i < 3; ++i) {
      const std::uint32_t ip = network + static_cast<std::uint32_t>(getpid() % 60'000) + (i << 16);
      settings.wire.ends.push_back({std::string(1, static_cast<char>('A' + i)), {ip, 20'000}});
      settings.relay_addresses.push_back({ip, 20'001});
    }
    settings_ = settings;
    relay_ = Relay::start(settings, [this](WireNote note) {
               const std::lock_guard lock(mutex_);
               notes_.push_back(std::move(note));
             }).value();
    for (std::size_t i = 0; i < 3; ++i) {
      ends_.push_back(
          std::make_unique<End>(settings.wire.ends[i].address, settings.relay_addresses[i]));
    }
  }
  ~RelayTest() override {
    relay_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::filesystem::path folder_;
  RelaySettings settings_;
  std::mutex mutex_;
  std::vector<WireNote> notes_;
  std::unique_ptr<Relay> relay_;
  std::vector<std::unique_ptr<End>> ends_;
};

TEST_F(RelayTest, AFrameOfOneEndReachesEveryOther) {
  ends_[0]->send("hello");
  EXPECT_EQ(ends_[1]->receive(), "hello");
  EXPECT_EQ(ends_[2]->receive(), "hello");
  EXPECT_EQ(ends_[0]->receive(0), "");
}

TEST_F(RelayTest, AnEmptyAndALargeFramePassUnchanged) {
  const std::string large(1'400, 'x');
  ends_[0]->send(large);
  EXPECT_EQ(ends_[1]->receive(), large);
  ends_[0]->send("");
  ends_[0]->send("after");
  EXPECT_EQ(ends_[1]->receive(), "");
  EXPECT_EQ(ends_[1]->receive(), "after");
}

TEST_F(RelayTest, AOneWayCutIsNotTransitive) {
  relay_->install({Fault::Kind::Cut, 0, 1, "", {}});
  ends_[0]->send("from A");
  EXPECT_EQ(ends_[2]->receive(), "from A");
  ends_[1]->send("from B");
  EXPECT_EQ(ends_[0]->receive(), "from B");
  EXPECT_EQ(ends_[1]->receive(0), "");
}

TEST_F(RelayTest, NoFramePassesAfterTheReceiptOfACut) {
  for (int round = 0; round < 50; ++round) {
    std::atomic<bool> is_over = false;
    std::thread sender([&] {
      while (!is_over) ends_[0]->send("frame");
    });
    EXPECT_TRUE(ends_[1]->hears("frame"));
    relay_->install({Fault::Kind::Cut, 0, 1, "", {}});
    ends_[1]->drain();  // handed to the kernel before the receipt
    EXPECT_EQ(ends_[1]->receive(2), "") << "round " << round;
    is_over = true;
    sender.join();
    ends_[0]->send_until_heard("last", *ends_[2]);  // then the relay's queue is empty as well
    EXPECT_EQ(ends_[1]->receive(0), "") << "round " << round;
    relay_->lift();
  }
}

TEST_F(RelayTest, ADelayIsKeptWithoutTraffic) {
  relay_->install({Fault::Kind::Delay, {}, {}, "", 1, 1'000'000, 30ms});
  const Time sent = monotonic_now();
  ends_[0]->send("late");
  EXPECT_EQ(ends_[1]->receive(), "late");
  EXPECT_GE(monotonic_now() - sent, Time(30ms));
}

TEST_F(RelayTest, AHeldFrameGoesOnItsWayWhenTheFaultIsLifted) {
  relay_->install({Fault::Kind::Reorder, 0, 1, "", 1});
  ends_[0]->send("held");
  EXPECT_EQ(ends_[2]->receive(), "held");
  relay_->lift();
  EXPECT_EQ(ends_[1]->receive(900), "held");
}

TEST_F(RelayTest, APortInUseIsRefused) {
  const auto again = Relay::start(settings_, [](const WireNote&) {});
  ASSERT_FALSE(again.has_value());
  EXPECT_THAT(again.error().what, testing::HasSubstr("cannot be bound"));
}

}  // namespace
}  // namespace understudy::targets

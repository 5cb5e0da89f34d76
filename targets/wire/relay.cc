#include "targets/wire/relay.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <thread>

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t largest_frame = 65536;
constexpr int frames_a_turn = 64;  // of one end, before the others have their turn
constexpr int socket_buffer = 4 << 20;

struct Handle {
  int fd;
  explicit Handle(int handle) : fd(handle) {}
  Handle(Handle&& other) noexcept : fd(std::exchange(other.fd, -1)) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (fd >= 0) close(fd);
  }
};

sockaddr_in to_sockaddr(FrameAddress address) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(address.ip);
  place.sin_port = htons(address.port);
  return place;
}

timespec to_timespec(Duration time) {
  const auto nanoseconds = std::max<std::int64_t>(time.count(), 0);
  return {nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
}

Time realtime_now() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return std::chrono::seconds(now.tv_sec) + Time(now.tv_nsec);
}

Result<Handle> bound_socket(FrameAddress address) {
  Handle handle(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  setsockopt(handle.fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  setsockopt(handle.fd, SOL_SOCKET, SO_RCVBUF, &socket_buffer, sizeof socket_buffer);
  const sockaddr_in place = to_sockaddr(address);
  if (bind(handle.fd, reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) {
    return fail("relay", std::string("a loopback port cannot be bound: ") + std::strerror(errno));
  }
  return handle;
}

class LoopbackRelay final : public Relay {
 public:
  LoopbackRelay(RelaySettings settings, Sink sink)
      : settings_(std::move(settings)),
        sink_(std::move(sink)),
        wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        buffer_(largest_frame),
        tick_(std::clamp<Duration>(settings_.stall_limit / 2, 10ms, 100ms)) {}

  ~LoopbackRelay() override {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      must_end_ = true;
    }
    wake();
    thread_.join();
  }

  Result<void> open() {
    for (const FrameAddress address : settings_.relay_addresses) {
      auto handle = bound_socket(address);
      if (!handle) return tl::unexpected(handle.error());
      sockets_.push_back(std::move(*handle));
    }
    auto wire =
        Wire::create(settings_.wire, [this](auto to, auto frame) { return send(to, frame); });
    if (!wire) return tl::unexpected(wire.error());
    wire_ = std::move(*wire);
    thread_ = std::thread([this] { work(); });
    return {};
  }

  Installed install(const Fault& fault) override {
    const std::lock_guard lock(mutex_);
    return wire_->install(fault, now());
  }

  Installed lift() override {
    Installed lifted;
    {
      const std::lock_guard lock(mutex_);
      lifted = wire_->lift(now());
    }
    wake();  // held frames are due
    return lifted;
  }

 private:
  Time now() const { return monotonic_now() - settings_.start; }

  void wake() const {
    const std::uint64_t one = 1;
    (void)!write(wake_.fd, &one, sizeof one);  // refused only if it is awake already
  }

  // A node that is down refuses frames; that is its affair and no failure of the relay.
  bool send(std::size_t to, std::span<const std::uint8_t> frame) {
    const sockaddr_in place = to_sockaddr(settings_.wire.ends[to].address);
    const auto sent = sendto(sockets_[to].fd, frame.data(), frame.size(), MSG_DONTWAIT,
                             reinterpret_cast<const sockaddr*>(&place), sizeof place);
    return sent >= 0 || errno == ECONNREFUSED;
  }

  void work();
  void watch_own_timer(Time at);
  Duration time_to_wait();
  void receive(std::size_t from);
  Time arrival(msghdr& header, Time at) const;

  RelaySettings settings_;
  Sink sink_;
  std::mutex mutex_;  // guards wire_ and must_end_
  std::unique_ptr<Wire> wire_;
  bool must_end_ = false;
  Handle wake_;
  std::vector<Handle> sockets_;
  std::vector<std::uint8_t> buffer_;
  Duration tick_;
  Time next_tick_{};
  std::thread thread_;
};

void LoopbackRelay::watch_own_timer(Time at) {
  if (at - next_tick_ > settings_.stall_limit) {
    WireNote note{.kind = WireNote::Kind::Stall, .from = next_tick_, .at = at};
    note.text = "the timer of relay " + settings_.wire.link;
    sink_(std::move(note));
  }
  if (at >= next_tick_) next_tick_ = at + tick_;
}

Duration LoopbackRelay::time_to_wait() {
  const std::lock_guard lock(mutex_);
  const auto due = wire_->next_due();
  return std::min(next_tick_, due.value_or(next_tick_)) - now();
}

void LoopbackRelay::work() {
  std::vector<pollfd> polled{{wake_.fd, POLLIN, 0}};
  for (const Handle& handle : sockets_) polled.push_back({handle.fd, POLLIN, 0});
  next_tick_ = now() + tick_;
  for (;;) {
    const timespec wait = to_timespec(time_to_wait());
    ppoll(polled.data(), polled.size(), &wait, nullptr);
    watch_own_timer(now());
    std::uint64_t wakes = 0;
    if (polled[0].revents) (void)!read(wake_.fd, &wakes, sizeof wakes);
    for (std::size_t end = 0; end < sockets_.size(); ++end) {
      if (polled[end + 1].revents) receive(end);
    }
    std::vector<WireNote> notes;
    {
      const std::lock_guard lock(mutex_);
      wire_->time_passed(now());
      wire_->flush();
      notes = wire_->take_notes();
      if (must_end_) return;
    }
    for (WireNote& note : notes) sink_(std::move(note));
  }
}

// The kernel stamps arrival on the real-time clock; what counts is how long ago that was.
Time LoopbackRelay::arrival(msghdr& header, Time at) const {
  for (cmsghdr* each = CMSG_FIRSTHDR(&header); each != nullptr; each = CMSG_NXTHDR(&header, each)) {
    if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(each), sizeof stamp);
    const Time ago = realtime_now() - std::chrono::seconds(stamp.tv_sec) - Time(stamp.tv_nsec);
    return std::clamp(at - ago, Time::zero(), at);
  }
  return at;
}

void LoopbackRelay::receive(std::size_t from) {
  for (int turn = 0; turn < frames_a_turn; ++turn) {
    iovec place{buffer_.data(), buffer_.size()};
    alignas(cmsghdr) std::array<char, 128> control{};
    msghdr header{};
    header.msg_iov = &place;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const auto length = recvmsg(sockets_[from].fd, &header, MSG_DONTWAIT);
    if (length < 0) return;
    const std::lock_guard lock(mutex_);
    const Time at = now();
    wire_->arrived(from, {buffer_.data(), static_cast<std::size_t>(length)}, arrival(header, at),
                   at);
  }
}

}  // namespace

Time monotonic_now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::chrono::seconds(now.tv_sec) + Time(now.tv_nsec);
}

Result<std::unique_ptr<Relay>> Relay::start(RelaySettings settings, Sink sink) {
  auto relay = std::make_unique<LoopbackRelay>(std::move(settings), std::move(sink));
  auto opened = relay->open();
  if (!opened) return tl::unexpected(opened.error());
  return relay;
}

}  // namespace understudy::targets

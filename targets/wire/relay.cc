#include "targets/wire/relay.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "targets/wire/carrier.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t shortest_slice = 100'000;  // ns, that the kernel grants

timespec to_timespec(Duration time) {
  const auto nanoseconds = std::max<std::int64_t>(time.count(), 0);
  return {nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
}

Time realtime_now() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return std::chrono::seconds(now.tv_sec) + Time(now.tv_nsec);
}

/// sched_setattr(2), which the C library has no header for.
struct SchedAttributes {
  std::uint32_t size = 0;
  std::uint32_t policy = 0;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0;  // ns; of an everyday thread its slice
  std::uint64_t deadline = 0;
  std::uint64_t period = 0;
};

/// A frame that wakes this thread does not wait until whoever runs has had its slice. The weight
/// stays as it was: no more of the processor, only sooner. Before Linux 6.12 nothing changes.
void run_soon_when_woken() {
  SchedAttributes own;
  if (syscall(SYS_sched_getattr, 0, &own, sizeof own, 0) != 0) return;
  own.runtime = shortest_slice;
  (void)syscall(SYS_sched_setattr, 0, &own, 0);
}

class ThreadRelay final : public Relay {
 public:
  ThreadRelay(RelaySettings settings, Sink sink)
      : settings_(std::move(settings)),
        sink_(std::move(sink)),
        wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        timer_(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)),
        tick_(std::clamp<Duration>(settings_.stall_limit / 2, 10ms, 100ms)) {}

  ~ThreadRelay() override {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      must_end_ = true;
    }
    wake();
    thread_.join();
  }

  Result<void> open() {
    auto carrier = settings_.interfaces.empty() ? carry_datagrams(settings_)
                                                : carry_between_interfaces(settings_);
    if (!carrier) return tl::unexpected(carrier.error());
    carrier_ = std::move(*carrier);
    auto wire = Wire::create(settings_.wire,
                             [this](auto to, auto frame) { return carrier_->send(to, frame); });
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

  void only_forward() override {
    {
      const std::lock_guard lock(mutex_);
      wire_->only_forward(now());
      carrier_->flush();
    }
    wake();
  }

 private:
  Time now() const { return monotonic_now() - settings_.start; }

  void wake() const {
    const std::uint64_t one = 1;
    (void)!write(wake_.fd, &one, sizeof one);  // refused only if it is awake already
  }

  void work();
  void await_frames(std::vector<pollfd>& polled);
  void watch_own_timer(Time at);
  void wind_timer();
  void receive(std::size_t from);

  RelaySettings settings_;
  Sink sink_;
  std::unique_ptr<Carrier> carrier_;
  std::mutex mutex_;  // guards wire_ and must_end_
  std::unique_ptr<Wire> wire_;
  bool must_end_ = false;
  Handle wake_;
  Handle timer_;
  Time rings_at_ = Time::max();  // the timer, at the latest
  Duration tick_;
  Time next_tick_{};
  std::thread thread_;
};

void ThreadRelay::watch_own_timer(Time at) {
  if (at - next_tick_ > settings_.stall_limit) {
    WireNote note{.kind = WireNote::Kind::Stall, .from = next_tick_, .at = at};
    note.text = "the timer of relay " + settings_.wire.link;
    sink_(std::move(note));
  }
  if (at < next_tick_) return;
  next_tick_ = at + tick_;
  if (auto trouble = carrier_->trouble()) {
    WireNote note{.kind = WireNote::Kind::Broken, .at = at};
    note.text = settings_.wire.link + ": " + *trouble;
    sink_(std::move(note));
  }
}

/// A timer that was wound for earlier stays so: to set it anew for each frame would make each late.
void ThreadRelay::wind_timer() {
  const auto due = wire_->next_due();
  const Time until = std::min(next_tick_, due.value_or(next_tick_));
  if (until >= rings_at_) return;
  rings_at_ = until;
  const itimerspec once{.it_interval = {}, .it_value = to_timespec(settings_.start + until)};
  timerfd_settime(timer_.fd, TFD_TIMER_ABSTIME, &once, nullptr);
}

// The captures are written out before there is nothing to do, not between frames that wait.
void ThreadRelay::await_frames(std::vector<pollfd>& polled) {
  if (poll(polled.data(), polled.size(), 0) != 0) return;
  {
    const std::lock_guard lock(mutex_);
    wire_->flush();
    wind_timer();
  }
  poll(polled.data(), polled.size(), -1);
}

void ThreadRelay::work() {
  std::vector<pollfd> polled{{wake_.fd, POLLIN, 0}, {timer_.fd, POLLIN, 0}};
  const std::size_t first_end = polled.size();
  for (const int descriptor : carrier_->descriptors()) polled.push_back({descriptor, POLLIN, 0});
  next_tick_ = now() + tick_;
  run_soon_when_woken();
  for (;;) {
    await_frames(polled);
    watch_own_timer(now());
    std::uint64_t times = 0;
    if (polled[0].revents) (void)!read(wake_.fd, &times, sizeof times);
    if (polled[1].revents) {
      (void)!read(timer_.fd, &times, sizeof times);
      rings_at_ = Time::max();
    }
    for (std::size_t end = 0; first_end + end < polled.size(); ++end) {
      if (polled[first_end + end].revents) receive(end);
    }
    std::vector<WireNote> notes;
    {
      const std::lock_guard lock(mutex_);
      wire_->time_passed(now());
      carrier_->flush();
      notes = wire_->take_notes();
      if (!notes.empty()) wire_->flush();  // what they name stands in the capture
      if (must_end_) return;
    }
    for (WireNote& note : notes) sink_(std::move(note));
  }
}

// The kernel stamps arrival on the real-time clock; what counts is how long ago that was.
void ThreadRelay::receive(std::size_t from) {
  const Time epoch = realtime_now() - now();
  const std::lock_guard lock(mutex_);
  carrier_->receive(from, [&](std::span<const std::uint8_t> frame, std::optional<Time> stamp) {
    const Time at = now();
    const Time came = stamp ? std::clamp(*stamp - epoch, Time::zero(), at) : at;
    wire_->arrived(from, frame, came, at);
  });
  carrier_->flush();  // an order that comes after this finds no frame on its way
}

}  // namespace

Time monotonic_now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::chrono::seconds(now.tv_sec) + Time(now.tv_nsec);
}

Result<std::unique_ptr<Relay>> Relay::start(RelaySettings settings, Sink sink) {
  auto relay = std::make_unique<ThreadRelay>(std::move(settings), std::move(sink));
  auto opened = relay->open();
  if (!opened) return tl::unexpected(opened.error());
  return relay;
}

}  // namespace understudy::targets

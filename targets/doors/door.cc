#include "targets/doors/door.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "targets/wire/relay.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr Duration first_pause = 50ms;
constexpr Duration longest_pause = 2s;
constexpr Duration long_lived = 1s;  // a session that lasted is opened again at once
constexpr Duration retry_write = 20ms;
constexpr std::size_t most_unread = 1 << 20;  // bytes that the bench has not taken yet

/// Writes what there is room for; false once nobody reads.
bool pass_on(int plain, std::string& bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(plain, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno == EAGAIN;
    bytes.erase(0, static_cast<std::size_t>(count));
  }
  return true;
}

/// False once the other end is closed.
bool take_from(int plain, std::string& bytes) {
  std::array<char, 4096> buffer;
  for (;;) {
    const auto count = recv(plain, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno == EAGAIN;
    if (count == 0) return false;
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

timespec to_timespec(Duration time) {
  const auto nanoseconds = std::max<std::int64_t>(time.count(), 0);
  return {nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
}

short events_if(bool wanted, short events) {
  return wanted ? events : short{0};
}

}  // namespace

void block_broken_pipes() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void carry(Transport& transport, int plain, const Stop& stop, Duration keepalive) {
  std::string in;   // from the switch
  std::string out;  // to it
  // What the switch sent with its first packets may have been read already.
  bool is_up = transport.read(in);
  Time asks_at = monotonic_now() + keepalive;
  while (pass_on(plain, in) && (is_up || !in.empty())) {
    const bool is_read = is_up && in.size() < most_unread;
    std::array<pollfd, 4> polled{
        {{plain,
          static_cast<short>(events_if(out.empty(), POLLIN) | events_if(!in.empty(), POLLOUT)), 0},
         {is_read ? transport.descriptor() : -1,
          static_cast<short>(POLLIN | events_if(transport.wants_room(), POLLOUT)), 0},
         {stop.descriptor(), POLLIN, 0},
         {is_read ? transport.complaints() : -1, POLLIN, 0}}};
    const Duration silence = asks_at - monotonic_now();
    const Duration pause = out.empty() ? silence : std::min(silence, retry_write);
    const timespec wait = to_timespec(is_read && transport.has_unread() ? Duration(0) : pause);
    ppoll(polled.data(), polled.size(), &wait, nullptr);
    if (polled[2].revents != 0) return;
    const bool was_heard = (polled[1].revents & POLLIN) != 0;
    const Time now = monotonic_now();
    if (is_up && !was_heard && now >= asks_at) is_up = transport.keep_alive();
    if (was_heard || now >= asks_at) asks_at = now + keepalive;
    if (polled[0].revents != 0 && !take_from(plain, out)) return;
    if (!out.empty() && is_up) transport.write(out);
    if (is_read && is_up) is_up = transport.read(in);
  }
}

Door::Door(std::unique_ptr<Transport> transport, Duration keepalive)
    : transport_(std::move(transport)),
      keepalive_(keepalive),
      news_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { work(); }) {}

Door::~Door() {
  stop_.order();
  thread_.join();
}

void Door::tell(Event event) {
  const std::lock_guard lock(mutex_);
  events_.push_back(std::move(event));
  const std::uint64_t one = 1;
  (void)!::write(news_.get(), &one, sizeof one);
}

std::vector<Door::Event> Door::take_events() {
  std::uint64_t count = 0;
  (void)!::read(news_.get(), &count, sizeof count);
  const std::lock_guard lock(mutex_);
  return std::exchange(events_, {});
}

void Door::work() {
  block_broken_pipes();
  Duration pause = first_pause;
  std::string told;
  for (; !stop_.is_ordered(); stop_.wait(-1, 0, pause)) {
    if (const auto opened = transport_->open(stop_); !opened) {
      transport_->close();
      const DoorFailure& failure = opened.error();
      if (std::exchange(told, failure.what) != failure.what || failure.is_final)
        tell({Event::Kind::Failed, {}, failure.what, failure.hint, failure.is_final, false});
      if (failure.is_final) return;
      pause = std::min(2 * pause, longest_pause);
      continue;
    }
    std::array<int, 2> ends{-1, -1};
    ensure(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0,
           "a pair of sockets can be made");
    told.clear();
    Descriptor plain(ends[0]);
    tell({Event::Kind::Opened, Descriptor(ends[1]), {}, {}, false, transport_->sent_break()});
    const Time since = monotonic_now();
    carry(*transport_, plain.get(), stop_, keepalive_);
    const std::string why = transport_->why();
    transport_->close();
    if (!stop_.is_ordered()) tell({Event::Kind::Ended, {}, why, {}, false, false});
    const bool has_lasted = monotonic_now() - since > long_lived;
    pause = has_lasted ? first_pause : std::min(2 * pause, longest_pause);
  }
}

std::unique_ptr<Transport> make_transport(const DoorSettings& settings) {
  switch (settings.kind) {
    case DoorSettings::Kind::Command:
      return make_command_transport(settings);
    case DoorSettings::Kind::Ssh:
      return make_ssh_transport(settings);
    case DoorSettings::Kind::Tcp:
      return make_tcp_transport(settings);
    case DoorSettings::Kind::Telnet:
      return make_telnet_transport(settings);
    case DoorSettings::Kind::Serial:
      return make_serial_transport(settings);
  }
  return nullptr;
}

std::string to_text(const DoorSettings& settings) {
  switch (settings.kind) {
    case DoorSettings::Kind::Command:
      return fmt::format("command {}", fmt::join(settings.command, " "));
    case DoorSettings::Kind::Ssh: {
      const SshHop& hop = settings.hops.back();
      return fmt::format("ssh {}@{}:{}", hop.user, hop.host, hop.port);
    }
    case DoorSettings::Kind::Tcp:
      return fmt::format("tcp {}:{}", settings.host, settings.port);
    case DoorSettings::Kind::Telnet:
      return fmt::format("telnet {}:{}", settings.host, settings.port);
    case DoorSettings::Kind::Serial:
      return fmt::format("serial {}", settings.device);
  }
  return {};
}

}  // namespace understudy::targets

#include "reference-impl/daemon/host.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <time.h>

#include <array>
#include <atomic>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <optional>
#include <utility>

#include "reference-impl/chassis/query.h"
#include "reference-impl/daemon/snmp_trap.h"

namespace understudy::reference {
namespace {

using Clock = std::chrono::steady_clock;

std::uint64_t wall_clock() {
  return static_cast<std::uint64_t>(std::time(nullptr));
}

/// A datagram and when the kernel received it: a process that was late to run must not take frames
/// for late.
struct Datagram {
  std::array<std::byte, 2048> bytes;
  std::size_t size = 0;
  Clock::time_point arrived;
};

Clock::time_point arrival_of(msghdr& message, Clock::time_point now) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{}, wall{};
    std::memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
    clock_gettime(CLOCK_REALTIME, &wall);
    const auto age = std::chrono::seconds(wall.tv_sec - stamp.tv_sec) +
                     std::chrono::nanoseconds(wall.tv_nsec - stamp.tv_nsec);
    return now - std::max(age, Duration::zero());
  }
  return now;
}

bool receive(int socket, Datagram& datagram) {
  iovec where{datagram.bytes.data(), datagram.bytes.size()};
  alignas(cmsghdr) std::array<char, 256> extra{};
  msghdr message{};
  message.msg_iov = &where;
  message.msg_iovlen = 1;
  message.msg_control = extra.data();
  message.msg_controllen = extra.size();
  ssize_t size = -1;
  do {
    size = ::recvmsg(socket, &message, MSG_DONTWAIT);
  } while (size < 0 && (errno == EINTR || errno == ECONNREFUSED));
  if (size < 0) return false;
  datagram.size = static_cast<std::size_t>(size);
  datagram.arrived = arrival_of(message, Clock::now());
  return true;
}

}  // namespace

Host::Host(boost::asio::io_context& io, Module module, FlashFolder flash,
           boost::asio::ip::udp::socket socket, std::vector<Endpoint> peers, std::uint64_t seed,
           HostEnds ends)
    : io_(io),
      module_(std::move(module)),
      flash_(std::move(flash)),
      socket_(std::move(socket)),
      peers_(std::move(peers)),
      random_(seed),
      ends_(std::move(ends)),
      timer_(io),
      at_(Clock::now()) {
  const int on = 1;
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  socket_.non_blocking(true);
  wait_for_frames();
}

Host::~Host() {
  writer_.join();
}

// ---------------------------------------------------------------- power

// Duty 4: forget everything but flash. The writer's queue keeps the order: a write that has begun
// is whole before flash is read, one that has not begun is lost.
void Host::power_on() {
  is_powered_ = false;
  timer_.cancel();
  const std::uint64_t life = ++life_;
  boost::asio::post(writer_, [this, life] {
    auto files = std::make_shared<const FlashFiles>(flash_.read());
    boost::asio::post(io_, [this, life, files] {
      if (life == life_) start_with(files);
    });
  });
}

void Host::start_with(std::shared_ptr<const FlashFiles> files) {
  is_powered_ = true;
  at_ = Clock::now();
  Datagram stale;
  while (receive(socket_.native_handle(), stale)) {
  }
  const auto incarnation = static_cast<std::uint32_t>(random_() | 1u);
  module_.step(PowerOn{files.get(), incarnation, wall_clock()}, outputs_);
  carry_out();
}

void Host::power_off() {
  if (is_powered_) {
    catch_up(Clock::now());
    module_.step(PowerOff{}, outputs_);
  }
  ++life_;
  is_powered_ = false;
  timer_.cancel();
  outputs_.clear();
}

// ---------------------------------------------------------------- inputs

// Duty 5: before any other input, the time since the last one.
void Host::catch_up(Clock::time_point until) {
  if (!is_powered_ || until <= at_) return;
  const Duration passed = until - at_;
  at_ = until;
  module_.pass_time(passed, outputs_);
  carry_out();
}

void Host::feed(ConsoleId console, std::string_view bytes) {
  catch_up(Clock::now());
  if (!is_powered_) {
    if (console != 0) ends_.hang_up(console);
    return;
  }
  module_.feed(console, bytes, outputs_);
  carry_out();
}

void Host::close(ConsoleId console) {
  module_.close(console);
}

void Host::give(const Input& input) {
  catch_up(Clock::now());
  module_.step(input, outputs_);
  carry_out();
}

std::size_t Host::damage(std::string_view file, FlashFolder::Damage damage) {
  return flash_.damage(file, damage);
}

void Host::wait_for_frames() {
  socket_.async_wait(boost::asio::ip::udp::socket::wait_read, [this](const auto& error) {
    if (error) return;
    take_frames();
    wait_for_frames();
  });
}

void Host::take_frames() {
  constexpr int at_once = 1000;
  Datagram datagram;
  for (int i = 0; i < at_once && receive(socket_.native_handle(), datagram); ++i) {
    if (!is_powered_) continue;
    catch_up(datagram.arrived);
    if (!is_powered_) continue;
    module_.receive_frame({datagram.bytes.data(), datagram.size}, outputs_);
    carry_out();
  }
}

void Host::arm_timer() {
  const auto next = module_.next_timer();
  if (!next) {
    timer_.cancel();
    return;
  }
  timer_.expires_at(at_ + std::chrono::duration_cast<Clock::duration>(*next));
  timer_.async_wait([this](const auto& error) {
    if (error) return;
    take_frames();  // what arrived before now counts before now
    catch_up(Clock::now());
    if (is_powered_) arm_timer();
  });
}

// ---------------------------------------------------------------- outputs

// Duties 1 to 4, in order. What an operator reads comes after what it tells of has been sent.
void Host::carry_out() {
  const ModuleOutputs todo = std::exchange(outputs_, {});
  bool restarts = false;
  for (const Output& output : todo.node) {
    if (const auto* frame = std::get_if<SendFrame>(&output)) send(*frame);
    if (const auto* write = std::get_if<WriteFlash>(&output)) write_flash(*write);
    if (const auto* trap = std::get_if<FailoverTrap>(&output)) send(*trap);
    restarts |= std::holds_alternative<Restart>(output);
  }
  for (const ConsoleBytes& bytes : todo.print) ends_.print(bytes.console, bytes.bytes);
  for (const ConsoleId console : todo.hang_up) ends_.hang_up(console);
  if (restarts) {
    power_on();
  } else if (is_powered_) {
    arm_timer();
  }
}

void Host::send(const SendFrame& frame) {
  const auto bytes = frame.bytes.view();
  for (const Endpoint& peer : peers_) {
    boost::system::error_code lost;
    socket_.send_to(boost::asio::buffer(bytes.data(), bytes.size()), peer, 0, lost);
  }
}

void Host::send(const FailoverTrap& trap) {
  const Profile& profile = module_.profile();
  const std::string description = fmt::format("{} version {}", profile.product, profile.version);
  const auto ticks = module_.diary().system_uptime / std::chrono::milliseconds(10);
  for (const TrapReceiver& receiver : trap_receivers_of(module_.node())) {
    boost::system::error_code lost;
    const auto address = boost::asio::ip::make_address(receiver.host, lost);
    if (lost) continue;  // names are not looked up: a takeover does not wait for a name server
    boost::asio::ip::udp::socket socket(io_);
    socket.open(address.is_v6() ? boost::asio::ip::udp::v6() : boost::asio::ip::udp::v4(), lost);
    const std::string bytes =
        encode({receiver.community, static_cast<std::uint32_t>(random_() >> 33),
                static_cast<std::uint32_t>(ticks), description, profile.slot_numbers[trap.lead],
                static_cast<int>(trap.cause)});
    socket.send_to(boost::asio::buffer(bytes), {address, static_cast<std::uint16_t>(receiver.port)},
                   0, lost);
  }
}

void Host::write_flash(const WriteFlash& write) {
  const std::uint64_t life = life_;
  boost::asio::post(writer_, [this, life, write] {
    if (life != life_) return;
    const auto written = flash_.write(write.name, write.content);
    boost::asio::post(io_, [this, life, written, ticket = write.ticket] {
      if (!written) {
        ends_.complain(written.error());
        return;
      }
      if (life == life_ && is_powered_) give(FlashWriteDone{ticket});
    });
  });
}

}  // namespace understudy::reference

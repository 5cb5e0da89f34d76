#include "reference-impl/daemon/host.h"

#include <fmt/format.h>

#include <atomic>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "reference-impl/chassis/query.h"
#include "reference-impl/notifications.h"

namespace understudy::reference {
namespace {

using Clock = std::chrono::steady_clock;

/// What the wall's clock said at that time.
Duration wall_clock(Clock::time_point at) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<Duration>(now - (Clock::now() - at));
}

}  // namespace

Host::Host(boost::asio::io_context& io, Module module, FlashFolder flash, Backplane backplane,
           std::uint64_t seed, HostEnds ends)
    : io_(io),
      module_(std::move(module)),
      flash_(std::move(flash)),
      backplane_(std::move(backplane)),
      frames_(io, backplane_.descriptor()),
      random_(seed),
      ends_(std::move(ends)),
      timer_(io),
      at_(Clock::now()) {
  wait_for_frames();
}

Host::~Host() {
  frames_.release();  // the backplane closes it
  writer_.join();
}

// ---------------------------------------------------------------- power

// Duty 4: forget everything but flash. The writer's queue keeps the order: a write that has begun
// is whole before flash is read, one that has not begun is lost.
void Host::power_on(Clock::time_point at) {
  is_powered_ = false;
  is_starting_ = true;
  timer_.cancel();
  const std::uint64_t life = ++life_;
  boost::asio::post(writer_, [this, life, at] {
    auto files = std::make_shared<const FlashFiles>(flash_.read());
    boost::asio::post(io_, [this, life, files, at] {
      if (life == life_) start_with(files, at);
    });
  });
}

void Host::start_with(std::shared_ptr<const FlashFiles> files, Clock::time_point at) {
  is_powered_ = true;
  is_starting_ = false;
  Datagram stale;
  while (backplane_.receive(stale)) {
  }
  const auto incarnation = static_cast<std::uint32_t>(random_() | 1u);
  const Duration wall = wall_clock(at);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(wall);
  module_.step(PowerOn{files.get(), incarnation, static_cast<std::uint64_t>(seconds.count()),
                       wall - seconds},
               outputs_);
  at_ = at;
  carry_out();
  for (const Input& input : std::exchange(early_, {})) give(input);
  catch_up(Clock::now());
}

void Host::power_off() {
  if (is_powered_) {
    catch_up(Clock::now());
    module_.step(PowerOff{}, outputs_);
  }
  ++life_;
  is_powered_ = false;
  is_starting_ = false;
  early_.clear();
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
  if (is_starting_) {
    early_.push_back(input);
    return;
  }
  catch_up(Clock::now());
  module_.step(input, outputs_);
  carry_out();
}

std::size_t Host::damage(std::string_view file, FlashDamage damage) {
  return flash_.damage(file, damage);
}

void Host::wait_for_frames() {
  frames_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](const auto& error) {
    if (error) return;
    take_frames();
    wait_for_frames();
  });
}

void Host::take_frames() {
  constexpr int at_once = 1000;
  Datagram datagram;
  for (int i = 0; i < at_once && backplane_.receive(datagram); ++i) {
    if (!is_powered_) continue;
    catch_up(datagram.arrived);
    if (!is_powered_) continue;
    module_.receive_frame(datagram.frame, outputs_);
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
  const ModuleOutputs given = std::exchange(outputs_, {});
  bool restarts = false;
  for (const Output& output : given.node) {
    if (const auto* frame = std::get_if<SendFrame>(&output)) send(*frame);
    if (const auto* write = std::get_if<WriteFlash>(&output)) write_flash(*write);
    notify(output);
    restarts |= std::holds_alternative<Restart>(output);
  }
  for (const ConsoleBytes& bytes : given.print) ends_.print(bytes.console, bytes.bytes);
  for (const ConsoleId console : given.hang_up) ends_.hang_up(console);
  if (restarts) {
    power_on();
  } else if (is_powered_) {
    arm_timer();
  }
}

void Host::send(const SendFrame& frame) {
  backplane_.send(frame.bytes.view());
}

void Host::notify(const Output& output) {
  const auto request = static_cast<std::uint32_t>(random_() >> 33);
  for (const SentDatagram& sent : notifications_of(module_, output, request)) {
    boost::system::error_code lost;
    const auto address = boost::asio::ip::make_address(sent.host, lost);
    if (lost) continue;  // names are not looked up: a takeover does not wait for a name server
    boost::asio::ip::udp::socket socket(io_);
    socket.open(address.is_v6() ? boost::asio::ip::udp::v6() : boost::asio::ip::udp::v4(), lost);
    if (!own_address_.is_unspecified()) socket.bind({own_address_, 0}, lost);
    socket.send_to(boost::asio::buffer(sent.bytes), {address, sent.port}, 0, lost);
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

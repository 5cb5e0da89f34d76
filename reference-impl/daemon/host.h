// The host of one module as a process: real time, a real backplane, a real folder. It carries out
// the duties of chassis/node.h in order and knows nothing of what they mean. One thread drives the
// module; a second one writes flash, so that a slow disk is never a missing heartbeat. A module
// restarts in place: the process and its consoles stay.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "reference-impl/daemon/backplane.h"
#include "reference-impl/daemon/flash_folder.h"
#include "reference-impl/module.h"

namespace understudy::reference {

struct HostEnds {
  std::function<void(ConsoleId, std::string_view)> print;
  std::function<void(ConsoleId)> hang_up;
  std::function<void(const std::string&)> complain;  ///< a line for the process' standard error
};

class Host {
 public:
  using Clock = std::chrono::steady_clock;

  Host(boost::asio::io_context& io, Module module, FlashFolder flash, Backplane backplane,
       std::uint64_t seed, HostEnds ends);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// What is powered at one time boots as one, although its processes come to run apart.
  void power_on(Clock::time_point at = Clock::now());
  void power_off();
  bool is_powered() const { return is_powered_ || is_starting_; }

  /// Where what it sends over the management network comes from; else the system chooses.
  void use_address(boost::asio::ip::address address) { own_address_ = std::move(address); }

  void feed(ConsoleId console, std::string_view bytes);
  void close(ConsoleId console);
  /// While flash is being read for a start, kept until that is done.
  void give(const Input& input);
  std::size_t damage(std::string_view file, FlashDamage damage);
  const Profile& profile() const { return module_.profile(); }

 private:
  void catch_up(Clock::time_point until);
  void carry_out();
  void write_flash(const WriteFlash& write);
  void send(const SendFrame& frame);
  void notify(const Output& output);
  void start_with(std::shared_ptr<const FlashFiles> files, Clock::time_point at);
  void arm_timer();
  void wait_for_frames();
  void take_frames();

  boost::asio::io_context& io_;
  Module module_;
  FlashFolder flash_;
  Backplane backplane_;
  boost::asio::posix::stream_descriptor frames_;  // of the backplane, to wait for
  boost::asio::ip::address own_address_;          // unspecified: any
  std::mt19937_64 random_;
  HostEnds ends_;
  boost::asio::steady_timer timer_;
  boost::asio::thread_pool writer_{1};
  std::atomic<std::uint64_t> life_ = 0;  // counts power-ons; writes of an earlier one are lost
  Clock::time_point at_;                 // up to where time has passed for the module
  bool is_powered_ = false;              // false as well until flash has been read
  bool is_starting_ = false;             // flash is being read
  std::vector<Input> early_;             // given meanwhile
  ModuleOutputs outputs_;
};

}  // namespace understudy::reference

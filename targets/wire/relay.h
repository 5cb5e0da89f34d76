// A link of real nodes, on a thread of its own, so that a busy harness never looks like a lost
// heartbeat: in user space between UDP ports of the loopback, or inline between real interfaces.
// Two to n ends; what one end sends goes to every other, through the wire's faults and captures
// (wire.h). Only the carrying differs (carrier.h). Run by the keeper.
//
// install() and lift() are called from another thread and take hold at once: the faults change
// under the lock that the relay holds from deciding about a frame to sending it, so when install()
// of a cut has returned no frame passes any more, delayed and held ones included. Nothing spins.
// The sink is called on the relay's thread: it must be quick and must not call back.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/error.h"
#include "harness/target.h"
#include "targets/wire/wire.h"

namespace understudy::targets {

/// CLOCK_MONOTONIC, which all processes of a bench share; target time counts from `start`.
Time monotonic_now();

struct RelaySettings {
  WireSettings wire;  ///< its ends' addresses are those that the nodes bind
  std::vector<FrameAddress> relay_addresses{};  ///< of each end: bound here; the node sends to it
  std::vector<std::string> interfaces{};  ///< of each end: an inline wire; empty: in user space
  std::string where = "relay";            ///< of the link, in errors
  Time start{};                           ///< monotonic_now() when target time was 0
  Duration stall_limit = std::chrono::milliseconds(150);
};

class Relay {
 public:
  using Sink = std::function<void(WireNote)>;

  /// Binds the relay's ports or opens the interfaces, opens the captures and starts the thread.
  static Result<std::unique_ptr<Relay>> start(RelaySettings settings, Sink sink);
  virtual ~Relay() = default;  ///< ends the thread; the captures are whole

  virtual Installed install(const Fault& fault) = 0;
  virtual Installed lift() = 0;  ///< every fault of the link; held frames go on their way

  /// Every fault is lifted, and from now on frames only pass: nothing is captured or told of them.
  virtual void only_forward() = 0;
};

}  // namespace understudy::targets

// A UDP port that a testbed listens on. Used by the process bench. Reading never waits; each
// datagram carries the instant at which the kernel got it, so that a harness that was busy takes
// none of them for late. The kernel's buffer is the only queue: what it had no room for is counted,
// not kept.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "harness/error.h"
#include "harness/target.h"
#include "targets/keeper/channel.h"
#include "targets/wire/frame_address.h"

namespace understudy::targets {

class ListenerSocket {
 public:
  /// Port 0: a free one. The error says why not, at `where`.
  static Result<ListenerSocket> open(const std::string& listener, FrameAddress address,
                                     const std::string& where);

  int descriptor() const { return socket_.get(); }
  FrameAddress address() const { return address_; }

  /// `age`: how long ago it came.
  using Take = std::function<void(FrameAddress from, Duration age, std::string_view bytes)>;
  /// At most so many; the number of those that the kernel has lost since the last call.
  std::uint64_t receive(std::size_t most, const Take& take);

 private:
  ListenerSocket(Descriptor socket, FrameAddress address)
      : socket_(std::move(socket)), address_(address) {}

  Descriptor socket_;
  FrameAddress address_;
  std::string buffer_ = std::string(65536, '\0');
  std::uint32_t lost_ = 0;
};

}  // namespace understudy::targets

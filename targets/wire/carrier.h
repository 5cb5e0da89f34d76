// How frames come to a relay and leave it, and nothing else: what becomes of them is the wire's
// affair (wire.h). Two kinds: datagrams between loopback ports for plain users (datagrams.cc), and
// the frames of real interfaces through libpcap (interfaces.cc), which need root. Used by the
// relay's thread; send() as well by whoever holds the relay's lock.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/error.h"
#include "targets/wire/relay.h"

namespace understudy::targets {

inline constexpr int frames_a_turn = 32;  ///< of one end, before the others have their turn

struct Handle {
  int fd;
  explicit Handle(int handle) : fd(handle) {}
  Handle(Handle&& other) noexcept : fd(std::exchange(other.fd, -1)) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (fd >= 0) close(fd);
  }
};

class Carrier {
 public:
  /// A frame and when the kernel got it, on the real-time clock; nothing if it does not say. The
  /// bytes are gone when it returns.
  using Take = std::function<void(std::span<const std::uint8_t> frame, std::optional<Time> stamp)>;

  virtual ~Carrier() = default;

  /// To be polled for input, one for each end.
  virtual std::vector<int> descriptors() const = 0;

  /// The frames of an end that wait, at most frames_a_turn.
  virtual void receive(std::size_t from, const Take& take) = 0;

  /// False if the kernel refused it. It may wait for flush(), and is told as trouble() if it is
  /// refused then.
  virtual bool send(std::size_t to, std::span<const std::uint8_t> frame) = 0;

  /// What send() kept back goes now.
  virtual void flush() {}

  /// What the host did to frames before the relay saw them; told once.
  virtual std::optional<std::string> trouble() { return std::nullopt; }
};

/// Binds the relay's loopback ports.
Result<std::unique_ptr<Carrier>> carry_datagrams(const RelaySettings& settings);

/// Opens the interfaces. Each must be there, up, Ethernet, and another one than the rest.
Result<std::unique_ptr<Carrier>> carry_between_interfaces(const RelaySettings& settings);

}  // namespace understudy::targets

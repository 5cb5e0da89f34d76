// Messages between harness, keeper and launchers: one JSON object a packet over a SOCK_SEQPACKET
// pair, with descriptors passed beside it. Never inherited by another program. Not thread-safe. The
// keeper's words are listed in keeper.h, a launcher's in launcher.h.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/error.h"
#include "harness/target.h"

namespace understudy::targets {

/// A descriptor that is closed when it goes. `fd` is -1 if there is none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { reset(); }
  void reset();
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

struct Message {
  Json body;
  std::vector<Descriptor> descriptors;
};

enum class Arrival { Message, Nothing, Closed };

/// Two connected ends, both closed on exec.
Result<std::pair<Descriptor, Descriptor>> make_channel();

enum class Sending { Sent, Full, Closed };

/// One packet. `Full` only if `may_block` is false.
Sending send_message(int fd, const std::string& body, std::span<const int> descriptors = {},
                     bool may_block = true);

/// One packet if there is one; never waits. A packet that is no JSON object counts as Closed.
Arrival receive_message(int fd, Message& message);

}  // namespace understudy::targets

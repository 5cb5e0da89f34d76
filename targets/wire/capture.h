// Writes the frames of a link as a pcap file through libpcap, as they pass: nanosecond stamps in
// target time (the epoch is the start of the target, so that a packet and a line of the history
// carry the same number), link type RAW, and each frame under an IPv4 and a UDP header that name
// its ends, so that Wireshark and tcpdump show who sent what to whom. Used by the relay and the
// simulated bench. One thread. Records are in the file as a whole after flush(); a killed process
// leaves a readable file.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "harness/error.h"
#include "harness/target.h"

namespace understudy::targets {

struct FrameAddress {
  std::uint32_t ip = 0;  ///< host order
  std::uint16_t port = 0;
};

/// For ends that have no address of their own (simulated): 127.0.0.(2 + end), port 20000.
FrameAddress address_of_end(std::size_t end);

class Capture {
 public:
  static Result<std::unique_ptr<Capture>> create(const std::string& path);
  virtual ~Capture() = default;

  /// Appends one frame and returns its number, counted from 1 as Wireshark counts.
  virtual std::uint64_t write(Time at, FrameAddress from, FrameAddress to,
                              std::span<const std::uint8_t> frame) = 0;

  /// Everything written so far is handed to the kernel. False once the disk refused something.
  virtual bool flush() = 0;
};

}  // namespace understudy::targets

// Writes the frames of a link as a pcap file through libpcap, as they pass: nanosecond stamps in
// target time (the epoch is the start of the target, so that a packet and a line of the history
// carry the same number). Datagrams stand under an IPv4 and a UDP header that name their ends, so
// that Wireshark and tcpdump show who sent what to whom (link type RAW); frames of an inline wire
// as they are (Ethernet). Used by the relay and the simulated bench. One thread. Records are in the
// file as a whole after flush(); a killed process leaves a readable file.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "harness/error.h"
#include "harness/target.h"
#include "targets/wire/frame_address.h"

namespace understudy::targets {

/// What the frames of a link are.
enum class FrameLayer { Datagram, Ethernet };

class Capture {
 public:
  static Result<std::unique_ptr<Capture>> create(const std::string& path,
                                                 FrameLayer layer = FrameLayer::Datagram);
  virtual ~Capture() = default;

  /// Appends one frame and returns its number, counted from 1 as Wireshark counts. The addresses
  /// are for datagrams.
  virtual std::uint64_t write(Time at, FrameAddress from, FrameAddress to,
                              std::span<const std::uint8_t> frame) = 0;

  /// Everything written so far is handed to the kernel. False once the disk refused something.
  virtual bool flush() = 0;
};

}  // namespace understudy::targets

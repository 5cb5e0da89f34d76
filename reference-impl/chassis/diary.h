// What a node has been through: log, counters, up-times. It decides nothing (see node.h for the one
// exception), so it is no part of a node's value and of no fingerprint. Cleared by a restart like
// everything in memory.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reference-impl/chassis/profile.h"

namespace understudy::reference {

/// As `show log` prints it: MM/DD/YYYY HH:MM:SS.hh <Sev:Component> Card: text.
struct LogEntry {
  std::uint64_t clock = 0;  ///< seconds since 1970
  std::uint32_t hundredths = 0;
  Severity severity = Severity::Info;
  std::string_view component;  ///< "NM.NodeStateFail", "DM.Notice"
  std::string text;
};

/// One application's checkpoint traffic, as show checkpoint-data counts it.
struct CheckpointCounts {
  std::uint32_t sent_messages = 0;
  std::uint32_t received_messages = 0;
  std::uint32_t errors = 0;
  std::uint32_t bulk_sent = 0;  ///< objects
  std::uint32_t bulk_total = 0;
};

struct FailoverEntry {
  Slot module = 0;  ///< that took over
  FailoverCause cause = FailoverCause::Never;
  std::uint64_t clock = 0;  ///< seconds since 1970, when it took over or this module heard of it
};

struct Diary {
  static constexpr std::size_t kLogLimit = 1000;
  static constexpr std::size_t kFailoverLimit = 10;

  std::uint64_t boot_clock = 0;  ///< seconds since 1970 at PowerOn
  Duration boot_part{};          ///< and what had passed of the next one
  Duration since_boot{};
  Duration system_uptime{};  ///< since a lead was first elected, inherited; 0 before
  bool system_is_up = false;
  Duration peer_system_uptime{};                   ///< as last heard
  std::map<std::uint8_t, std::uint32_t> restarts;  ///< of processes, by application
  std::deque<LogEntry> log;                        ///< oldest first, at most kLogLimit
  std::vector<CheckpointCounts> checkpoints;       ///< one for each application
  std::uint32_t incompatible = 0;  ///< incarnation of a second with other software that was told of
  /// Oldest first, at most kFailoverLimit; a restart without power loss keeps them. Of these the
  /// node's own counter says how many are since the chassis booted.
  std::vector<FailoverEntry> failovers;
  std::uint8_t failovers_told = 0;  ///< the counter when the last one was noted
  std::uint64_t heartbeats_received = 0;
  std::uint64_t frames_refused = 0;  ///< bad checksum, old, or from nowhere
};

}  // namespace understudy::reference

// Turns the frames seen on a link into facts: what each sender says of itself, at every change and
// again from time to time, and how many frames and heartbeats (periodic frames) have passed the
// link. Used by the relay and the simulated bench. Pure: time and frames are inputs. One thread.
// The memory is one entry for each sender and attribute.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/target.h"
#include "targets/frames.h"

namespace understudy::targets {

/// One frame as the link saw it.
struct SeenFrame {
  std::size_t from = 0;                 ///< end of the link
  std::span<const std::uint8_t> bytes;  ///< as sent, before any corruption
  std::string_view type;
  bool has_passed = false;  ///< to one receiver at least
  Time asked{};             ///< it came to the link
  Time heard{};             ///< it was read
  std::string evidence;     ///< "backplane.pcap:17"
};

class FrameFacts {
 public:
  /// An unchanged attribute is told again after `refresh`.
  FrameFacts(std::string link, std::vector<std::string> ends, FrameWords words, Duration refresh)
      : link_(std::move(link)),
        ends_(std::move(ends)),
        words_(std::move(words)),
        refresh_(refresh) {}

  /// Facts of one frame. A change comes as two: the last frame with the old value, and the first
  /// with the new one, so that the change lies between them.
  std::vector<Observation> of(const SeenFrame& frame);

 private:
  struct Known {
    Observation last;  ///< the latest frame that said it
    Time told{};       ///< when it was last reported
  };
  void learn(const SeenFrame& frame, const std::string& attribute, std::string value,
             std::vector<Observation>& facts);
  void count(const SeenFrame& frame, std::vector<Observation>& facts);
  void tell_count(const SeenFrame& frame, const std::string& attribute, std::uint64_t count,
                  std::vector<Observation>& facts) const;

  std::string link_;
  std::vector<std::string> ends_;
  FrameWords words_;
  Duration refresh_;
  std::map<std::pair<std::size_t, std::string>, Known> known_;
  std::uint64_t frames_ = 0;
  std::uint64_t heartbeats_ = 0;
  std::optional<Time> counts_told_;
};

}  // namespace understudy::targets

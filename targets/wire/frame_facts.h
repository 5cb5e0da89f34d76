// Turns the frames seen on a link into facts: what each sender says of itself, at every change and
// again from time to time, and how many frames and heartbeats (periodic frames) have passed the
// link. Used by the relay and the simulated bench. Pure: time and frames are inputs. One thread.
// The memory is one entry for each sender and attribute.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/target.h"
#include "targets/frames.h"

namespace understudy::targets {

/// Where a frame stands in the captures of its link.
struct FrameEvidence {
  std::uint64_t number = 0;  ///< from 1; 0: nowhere
  bool is_lost = false;
};

/// One frame as the link saw it.
struct SeenFrame {
  std::size_t from = 0;                 ///< end of the link
  std::span<const std::uint8_t> bytes;  ///< as sent, before any corruption
  std::size_t type = 0;                 ///< FrameWords::type_index_of(bytes)
  bool has_passed = false;              ///< to one receiver at least
  Time asked{};                         ///< it came to the link
  Time heard{};                         ///< it was read
  FrameEvidence evidence{};
};

class FrameFacts {
 public:
  /// An unchanged attribute is told again after `refresh`.
  FrameFacts(std::string link, std::vector<std::string> ends, FrameWords words, Duration refresh);

  /// Facts of one frame. A change comes as two: the last frame with the old value, and the first
  /// with the new one, so that the change lies between them. Most frames tell nothing new, which
  /// takes no memory.
  std::vector<Observation> of(const SeenFrame& frame);

 private:
  /// What a sender says of one attribute: the latest frame that said it.
  struct Known {
    std::string value;
    std::size_t field = 0;
    std::uint64_t number = 0;
    Time asked{};
    Time heard{};
    FrameEvidence evidence{};
    Time told{};  ///< when it was last reported
    bool is_new = true;
  };
  void learn(const SeenFrame& frame, std::size_t field, std::uint64_t number,
             std::vector<Observation>& facts);
  Observation fact_of(const Known& known, std::size_t from) const;
  std::string text_of(FrameEvidence evidence) const;
  void count(const SeenFrame& frame, std::vector<Observation>& facts);
  void tell_count(const SeenFrame& frame, const std::string& attribute, std::uint64_t count,
                  std::vector<Observation>& facts) const;

  std::string link_;
  std::vector<std::string> ends_;
  FrameWords words_;
  Duration refresh_;
  std::vector<std::vector<std::size_t>> fields_;  ///< of each type
  std::vector<std::size_t> attributes_;           ///< of each field: the first one that tells it
  std::vector<Known> known_;                      ///< of each end and attribute
  std::uint64_t frames_ = 0;
  std::uint64_t heartbeats_ = 0;
  std::optional<Time> counts_told_;
};

}  // namespace understudy::targets

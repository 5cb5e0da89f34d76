// What frames on a link look like, as data (targets/frames/*.yaml): message types by byte pattern,
// and fields of a frame that tell an attribute of its sender. Used by the relay, the simulated
// bench, the inline wire and the judge alike. A frame that fits no pattern is `other`. Pure
// functions of bytes; a value is built by load_frames() and never changes, so threads may share it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/error.h"

namespace understudy::targets {

/// `bytes` stand at `offset`, compared under `mask` (of equal length).
struct FramePattern {
  std::size_t offset = 0;
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint8_t> mask;

  friend bool operator==(const FramePattern&, const FramePattern&) = default;
};

/// A message type: all of its patterns fit.
struct FrameType {
  std::string name;
  std::vector<FramePattern> patterns;
  bool is_periodic =
      false;  ///< sent again and again unasked (heartbeats): its absence means something

  friend bool operator==(const FrameType&, const FrameType&) = default;
};

/// A number in a frame that tells an attribute of the frame's sender.
struct FrameField {
  std::string attribute;
  std::vector<std::string> types;  ///< the message types that carry it
  std::size_t offset = 0;
  std::size_t length = 1;  ///< 1 to 8 bytes
  bool is_little_endian = false;
  std::uint64_t mask =
      ~0ULL;  ///< applied to the number, which is then shifted down to the mask's lowest bit
  std::vector<std::pair<std::uint64_t, std::string>>
      values;  ///< empty: the number itself, in decimal

  friend bool operator==(const FrameField&, const FrameField&) = default;
};

struct FrameWords {
  std::string name;
  std::vector<FrameType> types;  ///< in order of the file: the first that fits is the type
  std::vector<FrameField> fields;

  /// The type's name, or "other".
  std::string_view type_of(std::span<const std::uint8_t> frame) const;

  /// The same as its place in type_names().
  std::size_t type_index_of(std::span<const std::uint8_t> frame) const;

  /// What the frame says of its sender: attribute and value, in order of the file. A frame too
  /// short for a field, and a number outside a closed vocabulary, say nothing.
  std::vector<std::pair<std::string, std::string>> attributes_of(
      std::span<const std::uint8_t> frame) const;

  bool is_periodic(std::string_view type) const;

  /// Every type's name, and "other".
  std::vector<std::string> type_names() const;

  friend bool operator==(const FrameWords&, const FrameWords&) = default;
};

/// What stands in the field of a frame; nothing if the frame is too short for it.
std::optional<std::uint64_t> number_in(const FrameField& field,
                                       std::span<const std::uint8_t> frame);

/// Nothing for a number outside the field's closed vocabulary.
std::optional<std::string> value_of(const FrameField& field, std::uint64_t number);

/// Reads the data; `where` is the file's name in errors.
Result<FrameWords> load_frames(std::string_view text, const std::string& where);
Result<FrameWords> load_frames_file(const std::string& path);

}  // namespace understudy::targets

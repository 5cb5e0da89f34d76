// How often a run wore the flash of each node: lines of acts and of custody that are said to wear
// it (hazard: wears-flash), and that the switch accepted. Kept by targets that stand on a console;
// the run asks for them when it has restored the target, and they stand in run.json and in the
// report.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace understudy {

using FlashWrites = std::map<std::string, std::int64_t>;  ///< by node; those without any are absent

class CountsFlashWrites {
 public:
  CountsFlashWrites() = default;
  CountsFlashWrites(const CountsFlashWrites&) = delete;
  CountsFlashWrites& operator=(const CountsFlashWrites&) = delete;
  virtual ~CountsFlashWrites() = default;

  /// Since the target was opened.
  virtual FlashWrites flash_writes() const = 0;
};

}  // namespace understudy

// A module's flash as a folder of files, for the daemon. Each write goes to a temporary file that
// is renamed, so that a killed process leaves the old or the new content: what cuts a module's
// power is a signal. Nothing is forced to the disk, since a slow one would hold up the module's
// heartbeats. The content carries the core's own checksum (chassis/flash.h), which finds what was
// torn or corrupted by other means. Used by one thread. Errors come back as one line.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "reference-impl/chassis/flash.h"

namespace understudy::reference {

class FlashFolder {
 public:
  /// Makes the folder where it is missing.
  static tl::expected<FlashFolder, std::string> open(const std::filesystem::path& folder);

  /// Everything that is there; temporary files of a killed process are removed.
  FlashFiles read() const;
  tl::expected<void, std::string> write(std::string_view name, std::string_view content) const;

  /// Every generation of the file, for a test's hands. Gives the number of files damaged.
  std::size_t damage(std::string_view file, FlashDamage damage) const;

 private:
  explicit FlashFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path path_of(std::string_view name) const;

  std::filesystem::path folder_;
};

}  // namespace understudy::reference

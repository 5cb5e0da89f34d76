// A module's flash: small files that survive power loss. The core writes each file in two places in
// turn (`name.0`, `name.1`), each with generation, length and checksum, so that a write torn by
// power loss leaves the previous complete content; a host may add atomic renames of its own.
// FlashFiles is what the medium holds, owned by the host; Flash is the node's own view of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference-impl/chassis/copy_on_write.h"

namespace understudy::reference {

/// The medium: raw bytes by the name that WriteFlash gave.
using FlashFiles = std::map<std::string, std::string, std::less<>>;

struct StoredFile {
  std::uint32_t generation = 0;
  std::uint64_t saved_at = 0;  ///< seconds since 1970
  CopyOnWrite<std::string> content;

  friend bool operator==(const StoredFile&, const StoredFile&) = default;
};

struct FlashWrite {
  std::uint32_t ticket = 0;
  std::string name;
  StoredFile file;

  friend bool operator==(const FlashWrite&, const FlashWrite&) = default;
};

struct Flash {
  std::map<std::string, StoredFile, std::less<>> files;  ///< by their own names, complete ones
  std::vector<FlashWrite> writing;                       ///< not yet done, in order
  std::uint32_t tickets = 0;

  const StoredFile* find(std::string_view name) const;

  friend bool operator==(const Flash&, const Flash&) = default;
};

/// The files that are complete on a medium, each in its newest generation. `torn` gets the names of
/// the medium's files that are shorter than they say, `corrupt` of those whose bytes are wrong.
Flash read_flash(const FlashFiles& medium, std::vector<std::string>* torn = nullptr,
                 std::vector<std::string>* corrupt = nullptr);

/// Not a software image and not what the module remembers.
bool is_configuration_file(std::string_view name);
/// Where a partition's software image is stored.
std::string_view image_file(bool is_primary);

/// What hands do to a file: it is cut short, a byte changes, or it becomes as another chassis wrote
/// it.
enum class FlashDamage { Torn, Corrupt, Foreign };
std::optional<FlashDamage> flash_damage_named(std::string_view word);
/// Content for the medium, damaged. Foreign concerns what a module remembers, and nothing else.
std::string damaged(std::string content, FlashDamage damage);

/// Name and content for the medium.
std::string medium_name(std::string_view name, std::uint32_t generation);
std::string medium_content(const StoredFile& file);

}  // namespace understudy::reference

#include "reference-impl/chassis/flash.h"

#include <fmt/format.h>

#include <charconv>

#include "reference-impl/chassis/checksum.h"

namespace understudy::reference {
namespace {

constexpr std::string_view kMagic = "understudy-flash 1";

template <typename Number>
bool take_number(std::string_view& text, Number& number, int base) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return true;
}

/// "magic generation saved-at length checksum\n" and the content; the checksum covers all the rest.
enum class Damage { None, Torn, Corrupt };

std::optional<StoredFile> parse_medium(std::string_view bytes, Damage& damage) {
  damage = Damage::Torn;
  const auto end = bytes.find('\n');
  const bool has_magic = bytes.starts_with(kMagic) && bytes.substr(kMagic.size(), 1) == " ";
  if (end == std::string_view::npos || !has_magic) return std::nullopt;
  std::string_view header = bytes.substr(kMagic.size() + 1, end - kMagic.size() - 1);
  const std::string_view content = bytes.substr(end + 1);
  StoredFile file;
  std::size_t length = 0;
  std::uint32_t expected = 0;
  const std::string_view whole = header;
  if (!take_number(header, file.generation, 10) || !take_number(header, file.saved_at, 10) ||
      !take_number(header, length, 10)) {
    return std::nullopt;
  }
  const std::string_view covered = whole.substr(0, whole.size() - header.size());
  if (!take_number(header, expected, 16) || length > content.size()) return std::nullopt;
  damage = Damage::Corrupt;
  if (length != content.size()) return std::nullopt;
  if (crc32c({covered, content}) != expected) return std::nullopt;
  file.content = CopyOnWrite<std::string>(std::string(content));
  return file;
}

/// A line "chassis=..." names another one.
std::string as_of_another_chassis(std::string bytes) {
  constexpr std::string_view key = "\nchassis=";
  Damage none = Damage::None;
  auto file = parse_medium(bytes, none);
  if (!file) return bytes;
  std::string& content = file->content.edit();
  const auto found = content.find(key);
  if (found == std::string::npos) return bytes;
  const auto value = found + key.size();
  content.replace(value, content.find('\n', value) - value, "another");
  return medium_content(*file);
}

}  // namespace

std::optional<FlashDamage> flash_damage_named(std::string_view word) {
  if (word == "torn") return FlashDamage::Torn;
  if (word == "corrupt") return FlashDamage::Corrupt;
  if (word == "foreign") return FlashDamage::Foreign;
  return std::nullopt;
}

std::string damaged(std::string content, FlashDamage damage) {
  switch (damage) {
    case FlashDamage::Torn:
      content.resize(content.size() / 2);
      break;
    case FlashDamage::Corrupt:
      if (!content.empty()) {
        content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 0x5a);
      }
      break;
    case FlashDamage::Foreign:
      return as_of_another_chassis(std::move(content));
  }
  return content;
}

const StoredFile* Flash::find(std::string_view name) const {
  const auto found = files.find(name);
  return found == files.end() ? nullptr : &found->second;
}

Flash read_flash(const FlashFiles& medium, std::vector<std::string>* torn,
                 std::vector<std::string>* corrupt) {
  Flash flash;
  for (const auto& [name, bytes] : medium) {
    if (name.size() < 3 || name[name.size() - 2] != '.') continue;
    Damage damage = Damage::None;
    auto file = parse_medium(bytes, damage);
    if (!file) {
      std::vector<std::string>* list = damage == Damage::Torn ? torn : corrupt;
      if (list) list->push_back(name);
      continue;
    }
    StoredFile& kept = flash.files[name.substr(0, name.size() - 2)];
    if (file->generation > kept.generation) kept = std::move(*file);
  }
  return flash;
}

std::string medium_name(std::string_view name, std::uint32_t generation) {
  return fmt::format("{}.{}", name, generation % 2);
}

std::string medium_content(const StoredFile& file) {
  const std::string covered =
      fmt::format("{} {} {} ", file.generation, file.saved_at, file.content->size());
  return fmt::format("{} {}{:08x}\n{}", kMagic, covered, crc32c({covered, *file.content}),
                     *file.content);
}

bool is_configuration_file(std::string_view name) {
  return name != "boot" && name != image_file(true) && name != image_file(false);
}

std::string_view image_file(bool is_primary) {
  return is_primary ? "image.primary" : "image.secondary";
}

}  // namespace understudy::reference

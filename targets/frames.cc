#include "targets/frames.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

#include "harness/yaml.h"

namespace understudy::targets {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::optional<Bytes> bytes_from_hex(std::string_view text) {
  Bytes bytes;
  int high = -1;
  for (const char c : text) {
    if (c == ' ' || c == ':') continue;
    std::uint8_t digit = 0;
    if (std::from_chars(&c, &c + 1, digit, 16).ec != std::errc{}) return std::nullopt;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<std::uint8_t>(high * 16 + digit));
      high = -1;
    }
  }
  if (high >= 0 || bytes.empty()) return std::nullopt;
  return bytes;
}

std::optional<std::uint64_t> number_from(std::string_view text) {
  const bool is_hex = text.starts_with("0x");
  if (is_hex) text.remove_prefix(2);
  std::uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, is_hex ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Bytes> hex_at(const yaml::Node& map, std::string_view key, yaml::Problems& problems) {
  const yaml::Node* node = yaml::find(map, key);
  if (node == nullptr) return std::nullopt;
  const auto text = yaml::text_from(*node, key, problems);
  if (!text) return std::nullopt;
  auto bytes = bytes_from_hex(*text);
  if (!bytes) {
    yaml::add(problems, *node, "`" + *text + "` is no row of bytes in hex",
              "two digits a byte, in quotes: \"55 53\"");
  }
  return bytes;
}

std::optional<std::uint64_t> number_at(const yaml::Node& map, std::string_view key,
                                       yaml::Problems& problems) {
  const yaml::Node* node = yaml::find(map, key);
  if (node == nullptr) return std::nullopt;
  const auto text = yaml::text_from(*node, key, problems);
  if (!text) return std::nullopt;
  const auto number = number_from(*text);
  if (!number) {
    yaml::add(problems, *node, "`" + *text + "` is no number", "12, or 0x0c in hex");
  }
  return number;
}

FramePattern pattern_from(const yaml::Node& node, yaml::Problems& problems) {
  FramePattern pattern;
  if (!yaml::check_keys(node, "a pattern", {"at", "hex"}, {"mask"}, problems)) return pattern;
  pattern.offset = number_at(node, "at", problems).value_or(0);
  pattern.bytes = hex_at(node, "hex", problems).value_or(Bytes{});
  pattern.mask = hex_at(node, "mask", problems).value_or(Bytes(pattern.bytes.size(), 0xff));
  if (pattern.mask.size() != pattern.bytes.size()) {
    yaml::add(problems, node, "hex and mask differ in length", "one byte of mask for each of hex");
    pattern.mask.resize(pattern.bytes.size(), 0xff);
  }
  return pattern;
}

FrameType type_from(const yaml::Entry& entry, yaml::Problems& problems) {
  FrameType type;
  type.name = entry.key.text;
  if (type.name == "other") {
    yaml::add(problems, entry.key, "`other` is the name of what fits no pattern",
              "choose another name");
  }
  if (!yaml::check_keys(entry.value, "a message type", {"match"}, {"periodic"}, problems)) {
    return type;
  }
  if (const yaml::Node* match = yaml::find(entry.value, "match")) {
    if (!match->is_list() || match->items.empty()) {
      yaml::add(problems, *match, "match holds no patterns", "- {at: 0, hex: \"55 53\"}");
    }
    for (const yaml::Node& item : match->items)
      type.patterns.push_back(pattern_from(item, problems));
  }
  if (const yaml::Node* periodic = yaml::find(entry.value, "periodic")) {
    type.is_periodic = yaml::flag_from(*periodic, "periodic", problems).value_or(false);
  }
  return type;
}

void read_values(const yaml::Node& map, FrameField& field, yaml::Problems& problems) {
  if (!map.is_map()) {
    yaml::add(problems, map, "values is no map of numbers to words",
              "values: {0: INIT, 1: MASTER}");
    return;
  }
  for (const yaml::Entry& entry : map.entries) {
    const auto number = number_from(entry.key.text);
    if (!number) {
      yaml::add(problems, entry.key, "`" + entry.key.text + "` is no number", "12, or 0x0c in hex");
      continue;
    }
    const auto word = yaml::text_from(entry.value, "a value's word", problems);
    field.values.emplace_back(*number, word.value_or(""));
  }
}

void check_types(const yaml::Node& node, const FrameField& field,
                 const std::vector<std::string>& known, yaml::Problems& problems) {
  for (const std::string& type : field.types) {
    if (std::find(known.begin(), known.end(), type) == known.end()) {
      yaml::add(problems, node, "`" + type + "` is no message type of this file",
                did_you_mean(type, known));
    }
  }
}

FrameField field_from(const yaml::Node& node, const std::vector<std::string>& known,
                      yaml::Problems& problems) {
  FrameField field;
  if (!yaml::check_keys(node, "a field", {"attribute", "types", "at", "length"},
                        {"order", "mask", "values"}, problems)) {
    return field;
  }
  if (const yaml::Node* name = yaml::find(node, "attribute")) {
    field.attribute = yaml::text_from(*name, "attribute", problems).value_or("");
  }
  if (const yaml::Node* types = yaml::find(node, "types")) {
    field.types = yaml::texts_from(*types, "types", problems);
    check_types(*types, field, known, problems);
  }
  field.offset = number_at(node, "at", problems).value_or(0);
  field.length = number_at(node, "length", problems).value_or(1);
  if (field.length < 1 || field.length > 8) {
    yaml::add(problems, node, "a field is 1 to 8 bytes long");
  }
  if (const yaml::Node* order = yaml::find(node, "order")) {
    const std::string word = yaml::text_from(*order, "order", problems).value_or("big");
    field.is_little_endian = word == "little";
    if (word != "big" && word != "little") yaml::add(problems, *order, "order is big or little");
  }
  field.mask = number_at(node, "mask", problems).value_or(~0ULL);
  if (field.mask == 0) yaml::add(problems, node, "a mask of 0 leaves nothing");
  if (const yaml::Node* values = yaml::find(node, "values")) read_values(*values, field, problems);
  return field;
}

FrameWords words_from(const yaml::Node& root, yaml::Problems& problems) {
  FrameWords words;
  if (!yaml::check_keys(root, "frames data", {"frames", "types"}, {"fields"}, problems))
    return words;
  if (const yaml::Node* name = yaml::find(root, "frames")) {
    words.name = yaml::text_from(*name, "frames", problems).value_or("");
  }
  if (const yaml::Node* types = yaml::find(root, "types")) {
    if (!types->is_map()) yaml::add(problems, *types, "types is no map of names to patterns");
    for (const yaml::Entry& entry : types->entries)
      words.types.push_back(type_from(entry, problems));
  }
  if (const yaml::Node* fields = yaml::find(root, "fields")) {
    if (!fields->is_list()) yaml::add(problems, *fields, "fields is no list");
    const std::vector<std::string> known = words.type_names();
    for (const yaml::Node& item : fields->items) {
      words.fields.push_back(field_from(item, known, problems));
    }
  }
  return words;
}

Result<FrameWords> checked(const std::vector<yaml::Node>& documents, const std::string& where,
                           yaml::Problems& problems) {
  if (problems.empty() && documents.size() != 1) {
    return fail(where, "frames data is one document", "begin with `frames: NAME`");
  }
  FrameWords words;
  if (!documents.empty()) words = words_from(documents.front(), problems);
  if (!problems.empty()) return tl::unexpected(yaml::first_of(problems));
  return words;
}

bool fits(const FramePattern& pattern, std::span<const std::uint8_t> frame) {
  if (frame.size() < pattern.bytes.size() || pattern.offset > frame.size() - pattern.bytes.size()) {
    return false;
  }
  for (std::size_t i = 0; i < pattern.bytes.size(); ++i) {
    if ((frame[pattern.offset + i] ^ pattern.bytes[i]) & pattern.mask[i]) return false;
  }
  return true;
}

}  // namespace

std::optional<std::uint64_t> number_in(const FrameField& field,
                                       std::span<const std::uint8_t> frame) {
  if (frame.size() < field.length || field.offset > frame.size() - field.length) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < field.length; ++i) {
    const std::size_t place = field.is_little_endian ? field.length - 1 - i : i;
    number = number << 8 | frame[field.offset + place];
  }
  number &= field.mask;
  for (std::uint64_t mask = field.mask; (mask & 1) == 0; mask >>= 1) number >>= 1;
  return number;
}

std::optional<std::string> value_of(const FrameField& field, std::uint64_t number) {
  if (field.values.empty()) return std::to_string(number);
  for (const auto& [known, word] : field.values) {
    if (known == number) return word;
  }
  return std::nullopt;
}

std::size_t FrameWords::type_index_of(std::span<const std::uint8_t> frame) const {
  const auto type = std::find_if(types.begin(), types.end(), [&](const FrameType& known) {
    return std::all_of(known.patterns.begin(), known.patterns.end(),
                       [&](const FramePattern& pattern) { return fits(pattern, frame); });
  });
  return static_cast<std::size_t>(type - types.begin());
}

std::string_view FrameWords::type_of(std::span<const std::uint8_t> frame) const {
  const std::size_t index = type_index_of(frame);
  return index < types.size() ? std::string_view(types[index].name) : "other";
}

std::vector<std::pair<std::string, std::string>> FrameWords::attributes_of(
    std::span<const std::uint8_t> frame) const {
  std::vector<std::pair<std::string, std::string>> said;
  const std::string_view type = type_of(frame);
  for (const FrameField& field : fields) {
    if (std::find(field.types.begin(), field.types.end(), type) == field.types.end()) continue;
    const auto number = number_in(field, frame);
    if (!number) continue;
    if (auto value = value_of(field, *number))
      said.emplace_back(field.attribute, std::move(*value));
  }
  return said;
}

bool FrameWords::is_periodic(std::string_view type) const {
  return std::any_of(types.begin(), types.end(), [&](const FrameType& known) {
    return known.is_periodic && known.name == type;
  });
}

std::vector<std::string> FrameWords::type_names() const {
  std::vector<std::string> names;
  for (const FrameType& type : types) names.push_back(type.name);
  names.emplace_back("other");
  return names;
}

Result<FrameWords> load_frames(std::string_view text, const std::string& where) {
  yaml::Problems problems;
  const std::vector<yaml::Node> documents = yaml::parse(text, where, problems);
  return checked(documents, where, problems);
}

Result<FrameWords> load_frames_file(const std::string& path) {
  yaml::Problems problems;
  const std::vector<yaml::Node> documents = yaml::parse_file(path, problems);
  return checked(documents, path, problems);
}

}  // namespace understudy::targets

#include "harness/app/session_file.h"

#include "harness/history.h"

namespace understudy::app {
namespace {

constexpr const char* one_a_byte = "latin-1";

bool is_utf8(const std::string& bytes) {
  try {
    (void)Json(bytes).dump();
    return true;
  } catch (const Json::type_error&) {
    return false;
  }
}

std::string one_character_a_byte(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) text += static_cast<char>(0xc0 | (byte >> 6));
    text += byte < 0x80 ? c : static_cast<char>(0x80 | (byte & 0x3f));
  }
  return text;
}

/// Nothing if a character is no byte.
std::optional<std::string> bytes_of(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      bytes += text[i];
      continue;
    }
    if ((first & 0xfc) != 0xc0 || ++i == text.size()) return std::nullopt;
    bytes += static_cast<char>(((first & 0x03) << 6) | (text[i] & 0x3f));
  }
  return bytes;
}

}  // namespace

std::string to_line(const SessionPart& part) {
  const char* direction = part.is_sent ? "sent" : "received";
  Json line{{"at", part.at.count()}};
  if (is_utf8(part.bytes)) {
    line[direction] = part.bytes;
  } else {
    line[direction] = one_character_a_byte(part.bytes);
    line["as"] = one_a_byte;
  }
  return line.dump();
}

std::optional<SessionPart> session_part_from(const std::string& line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const bool is_sent = json.contains("sent");
  const auto found = json.find(is_sent ? "sent" : "received");
  if (found == json.end() || !found->is_string()) return std::nullopt;
  SessionPart part{{}, is_sent, found->get<std::string>()};
  if (!json.contains("as")) return part;
  if (json.at("as") != one_a_byte) return std::nullopt;
  auto bytes = bytes_of(part.bytes);
  if (!bytes) return std::nullopt;
  part.bytes = std::move(*bytes);
  return part;
}

SessionFile::SessionFile(std::ostream& session, std::ostream& console, targets::Mask mask)
    : session_(session), console_(console), mask_(std::move(mask)) {}

SessionFile::~SessionFile() {
  while (!held_.empty()) write_front();
}

void SessionFile::write_front() {
  const SessionPart& part = held_.front();
  session_ << to_line(part) << '\n';
  session_.flush();
  if (!part.is_sent) {
    console_ << part.bytes;
    console_.flush();
  }
  held_.pop_front();
}

/// Masks what is held of one direction; how many bytes of it end a line, and stay as they are.
std::size_t SessionFile::masked_bytes(bool is_sent) {
  std::string text;
  for (const SessionPart& part : held_)
    if (part.is_sent == is_sent) text += part.bytes;
  const std::string masked = mask_.applied_to(text);
  std::size_t at = 0;
  for (SessionPart& part : held_) {
    if (part.is_sent != is_sent) continue;
    part.bytes = masked.substr(at, part.bytes.size());
    at += part.bytes.size();
  }
  if (mask_.is_empty()) return text.size();
  const auto end = text.find_last_of("\r\n");
  return end == std::string::npos ? 0 : end + 1;
}

void SessionFile::keep(SessionPart part) {
  held_.push_back(std::move(part));
  std::size_t sent = masked_bytes(true);
  std::size_t received = masked_bytes(false);
  while (!held_.empty()) {
    std::size_t& decided = held_.front().is_sent ? sent : received;
    if (held_.front().bytes.size() > decided) return;
    decided -= held_.front().bytes.size();
    write_front();
  }
}

}  // namespace understudy::app

#include "targets/textfsm/unicode.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <memory>

#include "harness/error.h"

namespace understudy::targets::textfsm {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct Decoded {
  char32_t code_point = replacement;
  std::size_t length = 1;  // of the character, or of the malformed part
  bool is_valid = false;
};

/// The range that a second byte must be in, which excludes overlong forms and surrogates.
struct SecondByte {
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
};

SecondByte second_byte_of(unsigned char lead) {
  switch (lead) {
    case 0xE0:
      return {0xA0, 0xBF};
    case 0xED:
      return {0x80, 0x9F};
    case 0xF0:
      return {0x90, 0xBF};
    case 0xF4:
      return {0x80, 0x8F};
    default:
      return {};
  }
}

std::size_t length_from_lead(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

Decoded decode(std::string_view text, std::size_t position) {
  const auto lead = static_cast<unsigned char>(text[position]);
  const std::size_t length = length_from_lead(lead);
  if (length == 0) return {};
  if (length == 1) return {lead, 1, true};
  char32_t code_point = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const SecondByte allowed = i == 1 ? second_byte_of(lead) : SecondByte{};
    if (position + i >= text.size()) return {replacement, i, false};
    const auto byte = static_cast<unsigned char>(text[position + i]);
    if (byte < allowed.low || byte > allowed.high) return {replacement, i, false};
    code_point = code_point << 6 | (byte & 0x3Fu);
  }
  return {code_point, length, true};
}

using Code = std::unique_ptr<pcre2_code, decltype(&pcre2_code_free)>;

Code compile_property(const char* pattern) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern), PCRE2_ZERO_TERMINATED,
                          PCRE2_UTF | PCRE2_UCP | PCRE2_ANCHORED | PCRE2_ENDANCHORED, &error,
                          &offset, nullptr),
            &pcre2_code_free);
  ensure(code != nullptr, "a pattern of ours compiles");
  return code;
}

bool matches_whole(const pcre2_code* code, std::string_view utf8) {
  const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> data(
      pcre2_match_data_create(1, nullptr), &pcre2_match_data_free);
  return pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(utf8.data()), utf8.size(), 0,
                     PCRE2_NO_UTF_CHECK, data.get(), nullptr) >= 0;
}

bool is_line_end(char32_t c) {
  return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 ||
         c == 0x2029;
}

}  // namespace

std::u32string to_code_points(std::string_view utf8) {
  std::u32string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const Decoded next = decode(utf8, at);
    out += next.code_point;
    at += next.length;
  }
  return out;
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

bool is_valid_utf8(std::string_view text) {
  if (is_ascii(text)) return true;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded next = decode(text, at);
    if (!next.is_valid) return false;
    at += next.length;
  }
  return true;
}

std::string repair_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Decoded next = decode(text, at);
    append_utf8(out, next.code_point);
    at += next.length;
  }
  return out;
}

bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

std::string_view strip_right(std::string_view utf8) {
  std::size_t end = utf8.size();
  while (end > 0) {
    std::size_t start = end - 1;
    while (start > 0 && (static_cast<unsigned char>(utf8[start]) & 0xC0) == 0x80) --start;
    if (!is_space(decode(utf8, start).code_point)) break;
    end = start;
  }
  return utf8.substr(0, end);
}

std::string_view strip(std::string_view utf8) {
  utf8 = strip_right(utf8);
  while (!utf8.empty()) {
    const Decoded first = decode(utf8, 0);
    if (!is_space(first.code_point)) break;
    utf8.remove_prefix(first.length);
  }
  return utf8;
}

std::size_t length_in_code_points(std::string_view utf8) {
  std::size_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

bool is_word(std::string_view utf8) {
  static const Code code = compile_property("\\w+");
  return matches_whole(code.get(), utf8);
}

bool is_identifier(std::string_view utf8) {
  static const Code code =
      compile_property("[\\p{L}\\p{Nl}_][\\p{L}\\p{Nl}\\p{Mn}\\p{Mc}\\p{Nd}\\p{Pc}\\x{b7}]*");
  return matches_whole(code.get(), utf8);
}

bool is_ascii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

bool is_plain(std::string_view line) {
  bool plain = true;
  for (const char c : line) plain &= static_cast<unsigned char>(c) < 0x80 && c != 0x1F;
  return plain;
}

bool has_plain_lines(std::string_view text) {
  unsigned char odd = 0;  // no early exit, bytes only: this shape becomes vector instructions
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const auto from_line_end = static_cast<unsigned char>(byte - 0x0B);
    const auto from_separator = static_cast<unsigned char>(byte - 0x1C);
    odd |= static_cast<unsigned char>((from_line_end < 3) | (from_separator < 4) | (byte >> 7));
  }
  return odd == 0;
}

std::string_view next_line(std::string_view text, std::size_t& position) {
  const std::size_t start = position;
  for (std::size_t at = start; at < text.size();) {
    const Decoded next = decode(text, at);
    if (is_line_end(next.code_point)) {
      position = at + next.length;
      const bool is_pair = next.code_point == '\r' && position < text.size();
      if (is_pair && text[position] == '\n') ++position;
      return text.substr(start, at - start);
    }
    at += next.length;
  }
  position = text.size();
  return text.substr(start);
}

}  // namespace understudy::targets::textfsm

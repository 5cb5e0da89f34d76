// Text as Python's str sees it, over UTF-8: code points, white space, words, identifiers, and the
// line ends of str.splitlines(). Used all through this folder. Pure; nothing throws.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace understudy::targets::textfsm {

/// Decodes well-formed UTF-8.
std::u32string to_code_points(std::string_view utf8);
void append_utf8(std::string& out, char32_t code_point);
std::string to_utf8(std::u32string_view text);

bool is_valid_utf8(std::string_view text);
/// Every malformed part becomes one U+FFFD, as bytes.decode("utf-8", "replace") does it.
std::string repair_utf8(std::string_view text);

/// str.isspace() of one character, which is also what `\s` matches.
bool is_space(char32_t code_point);
std::string_view strip(std::string_view utf8);
std::string_view strip_right(std::string_view utf8);
std::size_t length_in_code_points(std::string_view utf8);

/// `\w+` over the whole text.
bool is_word(std::string_view utf8);
/// str.isidentifier().
bool is_identifier(std::string_view utf8);

/// Only bytes under 0x80.
bool is_ascii(std::string_view text);
/// ASCII without \x1f, the one white space of Python's that PCRE2 does not share: fast patterns do.
bool is_plain(std::string_view line);
/// Plain throughout, and only \n ends a line.
bool has_plain_lines(std::string_view text);
/// The next line from `position`, which moves past its end; as str.splitlines() over valid UTF-8.
std::string_view next_line(std::string_view text, std::size_t& position);

}  // namespace understudy::targets::textfsm

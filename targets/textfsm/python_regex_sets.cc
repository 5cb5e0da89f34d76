// Escapes, sets and inline flags: the leaves of the grammar, after _escape, _class_escape and
// _parse_flags of Lib/re/_parser.py.
#include <algorithm>

#include "targets/textfsm/python_regex_reader.h"
#include "targets/textfsm/unicode.h"

namespace understudy::targets::textfsm {
namespace {

constexpr std::u32string_view octal_digits = U"01234567";
constexpr std::u32string_view hexadecimal_digits = U"0123456789abcdefABCDEF";

bool is_ascii_letter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}
bool is_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}
bool is_octal(char32_t c) {
  return c >= U'0' && c <= U'7';
}

std::uint32_t value_of(std::u32string_view digits, std::uint32_t base) {
  std::uint32_t value = 0;
  for (const char32_t c : digits) {
    value = value * base + (is_digit(c) ? c - U'0' : (c | 0x20) - U'a' + 10);
  }
  return value;
}

std::optional<Category> category_of(char32_t c) {
  switch (c) {
    case 'd':
      return Category::Digit;
    case 'D':
      return Category::NotDigit;
    case 's':
      return Category::Space;
    case 'S':
      return Category::NotSpace;
    case 'w':
      return Category::Word;
    case 'W':
      return Category::NotWord;
    default:
      return std::nullopt;
  }
}

std::optional<char32_t> control_of(char32_t c) {
  constexpr std::u32string_view letters = U"abfnrtv\\";
  constexpr std::u32string_view codes = U"\a\b\f\n\r\t\v\\";
  const std::size_t at = letters.find(c);
  if (at == std::u32string_view::npos) return std::nullopt;
  return codes[at];
}

std::optional<NodeKind> place_of(char32_t c) {
  switch (c) {
    case 'A':
      return NodeKind::Start;
    case 'Z':
      return NodeKind::End;
    case 'b':
      return NodeKind::Boundary;
    case 'B':
      return NodeKind::NotBoundary;
    default:
      return std::nullopt;
  }
}

SetItem item_of(char32_t c) {
  return {.low = c, .high = c};
}

std::string bad_escape(char32_t c) {
  return "bad escape \\" + to_utf8({&c, 1});
}

}  // namespace

std::u32string RegexReader::read_digits(std::size_t limit, std::u32string_view digits) {
  std::u32string text;
  while (text.size() < limit && !source_.at_end()) {
    const std::size_t before = source_.position();
    const Token token = source_.get();
    if (token.is_escape || digits.find(token.c) == std::u32string_view::npos) {
      source_.seek(before);
      break;
    }
    text += token.c;
  }
  return text;
}

char32_t RegexReader::read_hexadecimal(char32_t c, std::size_t digits) {
  const std::u32string text = read_digits(digits, hexadecimal_digits);
  if (text.size() != digits) fail("incomplete escape \\" + to_utf8({&c, 1}) + to_utf8(text));
  const char32_t code = value_of(text, 16);
  if (code > 0x10FFFF) fail(bad_escape(c) + to_utf8(text));
  return code;
}

std::optional<char32_t> RegexReader::read_code_escape(char32_t c) {
  switch (c) {
    case 'x':
      return read_hexadecimal(c, 2);
    case 'u':
      return read_hexadecimal(c, 4);
    case 'U':
      return read_hexadecimal(c, 8);
    case 'N':
      fail("named characters (\\N{...}) are not supported");
      return 0;
    default:
      return std::nullopt;
  }
}

Node RegexReader::read_escape(char32_t c, Flags flags) {
  if (const auto kind = place_of(c)) return place(*kind, flags);
  if (const auto category = category_of(c)) {
    Node node = one_character(NodeKind::Set, flags);
    node.set.push_back({.is_category = true, .category = *category});
    return node;
  }
  if (const auto control = control_of(c)) return literal(*control, flags);
  if (const auto code = read_code_escape(c)) return literal(*code, flags);
  if (is_digit(c)) return read_numbered(c, flags);
  if (is_ascii_letter(c)) fail(bad_escape(c));
  return literal(c, flags);
}

Node RegexReader::read_numbered(char32_t c, Flags flags) {
  if (c == '0') return literal(value_of(read_digits(2, octal_digits), 8), flags);
  std::u32string digits(1, c);
  digits += read_digits(1, U"0123456789");
  if (digits.size() == 2 && is_octal(digits[0]) && is_octal(digits[1])) {
    digits += read_digits(1, octal_digits);
    if (digits.size() == 3) {
      const char32_t code = value_of(digits, 8);
      if (code > 0377) fail("octal escape value outside of range 0-0o377");
      return literal(code, flags);
    }
  }
  const std::uint32_t group = value_of(digits, 10);
  if (group >= widths_.size()) {
    fail("invalid group reference " + std::to_string(group));
    return literal(c, flags);
  }
  return reference(group, flags);
}

SetItem RegexReader::read_set_escape(char32_t c) {
  if (const auto control = control_of(c)) return item_of(*control);
  if (const auto category = category_of(c)) return {.is_category = true, .category = *category};
  if (const auto code = read_code_escape(c)) return item_of(*code);
  if (is_octal(c)) {
    std::u32string digits(1, c);
    digits += read_digits(2, octal_digits);
    const char32_t code = value_of(digits, 8);
    if (code > 0377) fail("octal escape value outside of range 0-0o377");
    return item_of(code);
  }
  if (is_digit(c) || is_ascii_letter(c)) fail(bad_escape(c));
  return item_of(c);
}

bool RegexReader::read_set_member(const Token& token, std::vector<SetItem>& set) {
  SetItem first = token.is_escape ? read_set_escape(token.c) : item_of(token.c);
  if (failed() || !source_.take('-')) {
    set.push_back(first);
    return true;
  }
  if (source_.at_end()) return fail("unterminated character set");
  const Token end = source_.get();
  if (!end.is_escape && end.c == ']') {
    set.push_back(first);
    set.push_back(item_of('-'));
    return false;
  }
  const SetItem last = end.is_escape ? read_set_escape(end.c) : item_of(end.c);
  if (first.is_category || last.is_category || last.low < first.low) {
    return fail("bad character range");
  }
  first.high = last.high;
  set.push_back(first);
  return true;
}

Node RegexReader::read_set(Flags flags) {
  Node node = one_character(NodeKind::Set, flags);
  node.negated = source_.take('^');
  while (!failed()) {
    if (source_.at_end()) {
      fail("unterminated character set");
      break;
    }
    const Token token = source_.get();
    if (!token.is_escape && token.c == ']' && !node.set.empty()) break;
    if (!read_set_member(token, node.set)) break;
  }
  return node;
}

bool RegexReader::is_flag(char32_t c) {
  return std::u32string_view(U"iLmsxatu").find(c) != std::u32string_view::npos;
}

bool RegexReader::read_flags_to_add(char32_t first, Flags& flags, std::u32string& added,
                                    char32_t& end) {
  for (char32_t c = first;;) {
    if (c == 'L') return fail("bad inline flags: cannot use 'L' flag with a str pattern");
    added += c;
    const bool has_ascii = added.find(U'a') != std::u32string::npos;
    if (has_ascii && added.find(U'u') != std::u32string::npos) {
      return fail("bad inline flags: flags 'a', 'u' and 'L' are incompatible");
    }
    if (c == 'i') flags.ignore_case = true;
    if (c == 'x') flags.verbose = true;
    if (c == 'a' || c == 'u') flags.ascii = c == 'a';
    if (source_.at_end()) return fail("missing -, : or )");
    const Token next = source_.get();
    c = next.is_escape ? 0 : next.c;
    if (c == ')' || c == '-' || c == ':') {
      end = c;
      return true;
    }
    if (!is_flag(c)) return fail("unknown flag");
  }
}

bool RegexReader::read_flags_to_remove(Flags& flags, const std::u32string& added) {
  bool is_first = true;
  while (true) {
    if (source_.at_end()) return fail(is_first ? "missing flag" : "missing :");
    const Token token = source_.get();
    const char32_t c = token.is_escape ? 0 : token.c;
    if (c == ':' && !is_first) return true;
    if (!is_flag(c)) return fail("unknown flag");
    is_first = false;
    if (c == 'a' || c == 'u' || c == 'L') {
      return fail("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
    }
    if (c == 't') return fail("bad inline flags: cannot turn off global flag");
    if (added.find(c) != std::u32string::npos) {
      return fail("bad inline flags: flag turned on and off");
    }
    if (c == 'i') flags.ignore_case = false;
    if (c == 'x') flags.verbose = false;
  }
}

/// True where a group with changed flags begins. Flags for the whole expression are always refused:
/// a rule begins with ^ and a Value with (, so they never stand at its start.
bool RegexReader::read_flags(char32_t first, Flags& flags) {
  std::u32string added;
  char32_t end = '-';
  if (first != '-' && !read_flags_to_add(first, flags, added, end)) return false;
  if (end == ')') return fail("global flags not at the start of the expression");
  if (added.find(U't') != std::u32string::npos) {
    return fail("bad inline flags: cannot turn on global flag");
  }
  return end != '-' || read_flags_to_remove(flags, added);
}

std::optional<std::uint32_t> RegexReader::read_python_integer(const std::string& text) {
  std::string_view digits = strip(text);
  if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
  std::uint64_t value = 0;
  bool may_underscore = false;
  for (const char c : digits) {
    if (c == '_' && may_underscore) {
      may_underscore = false;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    value = std::min<std::uint64_t>(value * 10 + (c - '0'), 0x7FFFFFFF);
    may_underscore = true;
  }
  if (!may_underscore) return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

}  // namespace understudy::targets::textfsm

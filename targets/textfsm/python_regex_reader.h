// The reader behind read_python_regex(): a tokenizer over code points and a recursive descent,
// split over python_regex.cc (structure) and python_regex_sets.cc (escapes, sets, flags). Private
// to them. It keeps the first error and stops there.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "targets/textfsm/python_regex.h"

namespace understudy::targets::textfsm {

struct Flags {
  bool ignore_case = false;
  bool ascii = false;
  bool verbose = false;
};

/// A character, or a backslash and the character after it.
struct Token {
  char32_t c = 0;
  bool is_escape = false;
};

class TokenSource {
 public:
  explicit TokenSource(std::u32string text) : text_(std::move(text)) {}

  bool at_end() const { return at_ >= text_.size() || has_dangling_escape(); }
  bool has_dangling_escape() const { return at_ + 1 == text_.size() && text_[at_] == U'\\'; }
  std::size_t position() const { return at_; }
  void seek(std::size_t position) { at_ = position; }

  bool next_is(char32_t c) const { return at_ < text_.size() && text_[at_] == c && c != U'\\'; }
  bool next_is_digit() const {
    return at_ < text_.size() && text_[at_] >= U'0' && text_[at_] <= U'9';
  }
  bool take(char32_t c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }
  /// Not at the end.
  Token get() {
    if (text_[at_] != U'\\') return {text_[at_++], false};
    at_ += 2;
    return {text_[at_ - 1], true};
  }

 private:
  std::u32string text_;
  std::size_t at_ = 0;
};

class RegexReader {
 public:
  explicit RegexReader(std::u32string pattern) : source_(std::move(pattern)) {}

  Regex read();
  bool failed() const { return error_.has_value(); }
  const std::string& error() const { return *error_; }

 private:
  bool fail(std::string message) {
    if (!error_) error_ = std::move(message);
    return false;
  }

  std::vector<Sequence> read_branches(Flags flags, std::size_t depth);
  Sequence read_sequence(Flags flags, std::size_t depth);
  bool skip_blank(const Token& token);
  void read_one(const Token& token, Flags flags, std::size_t depth, Sequence& sequence);
  void read_repeat(char32_t mark, Flags flags, Sequence& sequence);
  bool read_bounds(std::uint64_t& low, std::uint64_t& high, bool& is_literal);
  void read_parenthesis(Flags flags, std::size_t depth, Sequence& sequence);
  void read_python_extension(Flags flags, std::size_t depth, Sequence& sequence);
  Node read_group(Flags flags, std::size_t depth, std::uint32_t group);
  Node read_look(char32_t mark, Flags flags, std::size_t depth);
  Node read_conditional(Flags flags, std::size_t depth);
  std::uint32_t read_condition();
  void skip_comment();
  void close(const char* message);

  std::uint32_t open_group();
  std::optional<std::uint32_t> find_group(const std::string& name) const;
  void check_reference_in_look_behind(std::uint32_t group);
  Node reference(std::uint32_t group, Flags flags);
  std::string read_until(char32_t end);
  std::string read_name(char32_t end);
  static std::optional<std::uint32_t> read_python_integer(const std::string& text);

  static Node place(NodeKind kind, Flags flags);
  static Node one_character(NodeKind kind, Flags flags);
  static Node literal(char32_t c, Flags flags);

  // python_regex_sets.cc
  Node read_escape(char32_t c, Flags flags);
  Node read_numbered(char32_t c, Flags flags);
  Node read_set(Flags flags);
  bool read_set_member(const Token& token, std::vector<SetItem>& set);
  SetItem read_set_escape(char32_t c);
  std::optional<char32_t> read_code_escape(char32_t c);
  std::u32string read_digits(std::size_t limit, std::u32string_view digits);
  char32_t read_hexadecimal(char32_t c, std::size_t digits);
  static bool is_flag(char32_t c);
  bool read_flags(char32_t first, Flags& flags);
  bool read_flags_to_add(char32_t first, Flags& flags, std::u32string& added, char32_t& end);
  bool read_flags_to_remove(Flags& flags, const std::u32string& added);

  TokenSource source_;
  std::optional<std::string> error_;
  std::vector<std::optional<Width>> widths_{Width{}};  // by group; none while it is open
  std::vector<GroupName> names_;
  std::vector<std::uint32_t> forward_references_;
  std::uint32_t look_behind_groups_ = 0;  // groups there were when the look-behind began; 0: none
};

}  // namespace understudy::targets::textfsm

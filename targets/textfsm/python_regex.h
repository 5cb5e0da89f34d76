// Reads a regular expression as Python 3.11's re.compile(str) does, into a tree: the same patterns
// are accepted, the same refused, for the same reason. Follows Lib/re/_parser.py rule by rule; the
// named Unicode escape \N{...} is the one exception (refused). Used by pattern.cc, which writes the
// tree for PCRE2, and by prefilter.cc. Pure; nothing throws.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/error.h"

namespace understudy::targets::textfsm {

enum class Category { Digit, NotDigit, Space, NotSpace, Word, NotWord };

/// One member of a set: a category, or a range of code points.
struct SetItem {
  bool is_category = false;
  Category category = Category::Digit;
  char32_t low = 0;
  char32_t high = 0;
};

enum class NodeKind {
  Set,          ///< one character of `set` (a literal is a set of one)
  Any,          ///< .
  Start,        ///< ^ and \A: lines hold no line end, so both mean the start
  End,          ///< $ and \Z
  Boundary,     ///< \b
  NotBoundary,  ///< \B
  Group,        ///< branches; captures when `group` is not 0
  Atomic,       ///< (?>...)
  Ahead,        ///< (?=...)
  NotAhead,     ///< (?!...)
  Behind,       ///< (?<=...)
  NotBehind,    ///< (?<!...)
  Repeat,       ///< the one node of branches[0], `low` to `high` times
  Reference,    ///< what group `group` matched
  Conditional   ///< branches[0] if group `group` matched, else branches[1] when there is one
};

enum class Greed { Greedy, Lazy, Possessive };

struct Node;
using Sequence = std::vector<Node>;

struct Width {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

struct Node {
  static constexpr std::uint64_t unlimited = 0xFFFFFFFF;  // MAXREPEAT

  NodeKind kind = NodeKind::Any;
  bool ignore_case = false;  ///< for Set and Reference
  bool ascii = false;        ///< categories and boundaries under (?a:...)
  bool negated = false;      ///< for Set
  std::vector<SetItem> set;
  std::vector<Sequence> branches;
  std::uint32_t group = 0;
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  Greed greed = Greed::Greedy;
  Width width;

  bool is_literal() const {
    return kind == NodeKind::Set && !negated && set.size() == 1 && !set[0].is_category &&
           set[0].low == set[0].high;
  }
};

struct GroupName {
  std::string name;
  std::uint32_t group = 0;
};

struct Regex {
  std::vector<Sequence> branches;
  std::uint32_t groups = 0;      ///< how many capture, named or not
  std::vector<GroupName> names;  ///< in order of definition
};

/// The error is the one that re.error prints, without its position.
tl::expected<Regex, std::string> read_python_regex(std::string_view pattern);

}  // namespace understudy::targets::textfsm

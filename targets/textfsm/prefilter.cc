#include "targets/textfsm/prefilter.h"

#include <algorithm>

namespace understudy::targets::textfsm {
namespace {

bool is_blank(std::size_t c) {
  return c == ' ' || c == '\t';
}

bool is_in_category(std::size_t c, Category category) {
  const bool is_digit = c >= '0' && c <= '9';
  const bool is_space = c == ' ' || (c >= '\t' && c <= '\r');
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool is_word = is_digit || is_letter || c == '_';
  switch (category) {
    case Category::Digit:
      return is_digit;
    case Category::NotDigit:
      return !is_digit;
    case Category::Space:
      return is_space;
    case Category::NotSpace:
      return !is_space;
    case Category::Word:
      return is_word;
    case Category::NotWord:
      return !is_word;
  }
  return true;
}

bool is_in_set(std::size_t c, const Node& node) {
  return std::any_of(node.set.begin(), node.set.end(), [&](const SetItem& item) {
    return item.is_category ? is_in_category(c, item.category) : c >= item.low && c <= item.high;
  });
}

FirstCharacters characters_of(const Node& node) {
  FirstCharacters all;
  for (std::size_t c = 0; c < line_end; ++c) {
    const bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    bool is_in = is_in_set(c, node);
    if (node.ignore_case && is_letter) is_in = is_in || is_in_set(c ^ 0x20, node);
    // With (?i:[^a]) either case may be a member; both are let through.
    const bool negated_letter = node.ignore_case && node.negated && is_letter;
    all[c] = negated_letter || is_in != node.negated;
  }
  return all;
}

FirstCharacters everything() {
  return FirstCharacters{}.set();
}

struct First {
  FirstCharacters characters;
  bool may_be_empty = false;
};

First first_of(const Sequence& sequence, std::size_t from);

First first_of(const std::vector<Sequence>& branches) {
  First all;
  for (const Sequence& branch : branches) {
    const First one = first_of(branch, 0);
    all.characters |= one.characters;
    all.may_be_empty = all.may_be_empty || one.may_be_empty;
  }
  return all;
}

First first_of(const Node& node) {
  switch (node.kind) {
    case NodeKind::Set:
      return {characters_of(node), false};
    case NodeKind::Any:
      return {everything().reset(line_end), false};
    case NodeKind::End:
      return {FirstCharacters{}.set(line_end), false};
    case NodeKind::Start:
    case NodeKind::Boundary:
    case NodeKind::NotBoundary:
    case NodeKind::Ahead:
    case NodeKind::NotAhead:
    case NodeKind::Behind:
    case NodeKind::NotBehind:
      return {{}, true};
    case NodeKind::Group:
    case NodeKind::Atomic:
      return first_of(node.branches);
    case NodeKind::Repeat: {
      First item = first_of(node.branches);
      item.may_be_empty = item.may_be_empty || node.low == 0;
      return item;
    }
    case NodeKind::Reference:
    case NodeKind::Conditional:
      return {everything(), true};
  }
  return {everything(), true};
}

First first_of(const Sequence& sequence, std::size_t from) {
  First all;
  for (std::size_t i = from; i < sequence.size(); ++i) {
    const First one = first_of(sequence[i]);
    all.characters |= one.characters;
    if (!one.may_be_empty) return all;
  }
  all.may_be_empty = true;
  return all;
}

FirstCharacters demanded(const Sequence& sequence, std::size_t from) {
  const First first = first_of(sequence, from);
  return first.may_be_empty ? everything() : first.characters;
}

/// A node that takes only spaces and tabs of a plain line, however often.
bool takes_only_blanks(const Node& node) {
  if (node.kind == NodeKind::Repeat) return takes_only_blanks(node.branches[0][0]);
  if (node.kind != NodeKind::Set) return false;
  const FirstCharacters characters = characters_of(node);
  for (std::size_t c = ' ' + 1; c < line_end; ++c) {
    if (characters[c]) return false;
  }
  for (std::size_t c = 0; c < ' '; ++c) {
    const bool is_line_end = (c >= '\n' && c <= '\r') || (c >= 0x1C && c <= 0x1E);
    if (characters[c] && !is_blank(c) && !is_line_end) return false;
  }
  return true;
}

std::string literal_from(const Sequence& sequence, std::size_t from) {
  std::string literal;
  for (std::size_t i = from; i < sequence.size(); ++i) {
    const Node& node = sequence[i];
    if (!node.is_literal() || node.ignore_case || node.set[0].low >= 0x80) break;
    literal += static_cast<char>(node.set[0].low);
  }
  return literal;
}

LineStart line_start_of(const Sequence& sequence) {
  LineStart start;
  start.first = demanded(sequence, 0);
  std::size_t from = 0;
  while (from < sequence.size() &&
         (sequence[from].kind == NodeKind::Start || takes_only_blanks(sequence[from]))) {
    ++from;
  }
  start.nonspace = demanded(sequence, from);
  if (start.nonspace[' '] || start.nonspace['\t']) {
    start.nonspace = everything();  // more blanks could be taken: nothing is known
  } else {
    start.literal = literal_from(sequence, from);
  }
  return start;
}

}  // namespace

LineStart line_start_of(const Regex& regex) {
  LineStart all;
  bool is_first = true;
  for (const Sequence& branch : regex.branches) {
    const LineStart one = line_start_of(branch);
    all.first |= one.first;
    all.nonspace |= one.nonspace;
    all.literal = is_first ? one.literal : "";
    is_first = false;
  }
  return all;
}

}  // namespace understudy::targets::textfsm

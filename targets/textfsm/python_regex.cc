#include "targets/textfsm/python_regex.h"

#include <algorithm>
#include <map>
#include <optional>

#include "targets/textfsm/python_regex_reader.h"
#include "targets/textfsm/unicode.h"

namespace understudy::targets::textfsm {
namespace {

constexpr std::size_t nesting_limit = 480;  // where Python's own recursion ends

Width add(Width a, Width b) {
  return {a.low + b.low, a.high + b.high};
}

std::uint64_t times(std::uint64_t width, std::uint64_t count) {
  if (width == 0 || count == 0) return 0;
  return width > Node::unlimited / count ? Node::unlimited : width * count;
}

Width width_of(const Sequence& sequence) {
  Width total;
  for (const Node& node : sequence) {
    total = add(total, node.width);
    total = {std::min(total.low, Node::unlimited - 1), std::min(total.high, Node::unlimited)};
  }
  return total;
}

Width width_of(const std::vector<Sequence>& branches) {
  Width all{Node::unlimited - 1, 0};
  for (const Sequence& branch : branches) {
    const Width one = width_of(branch);
    all = {std::min(all.low, one.low), std::max(all.high, one.high)};
  }
  return all;
}

bool is_assertion_of_place(const Node& node) {
  return node.kind == NodeKind::Start || node.kind == NodeKind::End ||
         node.kind == NodeKind::Boundary || node.kind == NodeKind::NotBoundary;
}

}  // namespace

// The reader throws nothing: the first error is kept in `error_` and every loop stops on it.

Regex RegexReader::read() {
  Regex regex;
  regex.branches = read_branches(Flags{}, 0);
  if (!failed() && !source_.at_end()) fail("unbalanced parenthesis");
  for (const std::uint32_t group : forward_references_) {
    if (group >= widths_.size()) fail("invalid group reference " + std::to_string(group));
  }
  regex.groups = static_cast<std::uint32_t>(widths_.size()) - 1;
  regex.names = names_;
  return regex;
}

std::vector<Sequence> RegexReader::read_branches(Flags flags, std::size_t depth) {
  std::vector<Sequence> branches;
  if (depth > nesting_limit) {
    fail("nested too deeply");
    return branches;
  }
  do {
    branches.push_back(read_sequence(flags, depth + 1));
  } while (!failed() && source_.take('|'));
  return branches;
}

Sequence RegexReader::read_sequence(Flags flags, std::size_t depth) {
  Sequence sequence;
  while (!failed() && !source_.at_end() && !source_.next_is('|') && !source_.next_is(')')) {
    const Token token = source_.get();
    if (flags.verbose && skip_blank(token)) continue;
    read_one(token, flags, depth, sequence);
  }
  if (source_.has_dangling_escape()) fail("bad escape (end of pattern)");
  return sequence;
}

bool RegexReader::skip_blank(const Token& token) {
  if (token.is_escape) return false;
  if (token.c == ' ' || (token.c >= '\t' && token.c <= '\r')) return true;
  if (token.c != '#') return false;
  while (!source_.at_end()) {
    const Token skipped = source_.get();
    if (!skipped.is_escape && skipped.c == '\n') break;
  }
  return true;
}

void RegexReader::read_one(const Token& token, Flags flags, std::size_t depth, Sequence& sequence) {
  if (token.is_escape) {
    sequence.push_back(read_escape(token.c, flags));
    return;
  }
  switch (token.c) {
    case '[':
      sequence.push_back(read_set(flags));
      return;
    case '*':
    case '+':
    case '?':
    case '{':
      read_repeat(token.c, flags, sequence);
      return;
    case '.':
      sequence.push_back(one_character(NodeKind::Any, flags));
      return;
    case '(':
      read_parenthesis(flags, depth, sequence);
      return;
    case '^':
      sequence.push_back(place(NodeKind::Start, flags));
      return;
    case '$':
      sequence.push_back(place(NodeKind::End, flags));
      return;
    default:
      sequence.push_back(literal(token.c, flags));
  }
}

Node RegexReader::place(NodeKind kind, Flags flags) {
  Node node;
  node.kind = kind;
  node.ascii = flags.ascii;
  return node;
}

Node RegexReader::one_character(NodeKind kind, Flags flags) {
  Node node = place(kind, flags);
  node.ignore_case = flags.ignore_case;
  node.width = {1, 1};
  return node;
}

Node RegexReader::literal(char32_t c, Flags flags) {
  Node node = one_character(NodeKind::Set, flags);
  node.set.push_back({.low = c, .high = c});
  return node;
}

bool RegexReader::read_bounds(std::uint64_t& low, std::uint64_t& high, bool& is_literal) {
  const std::size_t start = source_.position();
  std::string first;
  std::string second;
  if (source_.next_is('}')) return is_literal = true;
  while (source_.next_is_digit()) first += static_cast<char>(source_.get().c);
  if (source_.take(',')) {
    while (source_.next_is_digit()) second += static_cast<char>(source_.get().c);
  } else {
    second = first;
  }
  if (!source_.take('}')) {
    source_.seek(start);
    return is_literal = true;
  }
  const auto number = [](const std::string& digits) {
    std::uint64_t value = 0;
    for (const char c : digits)
      value = std::min<std::uint64_t>(value * 10 + (c - '0'), std::uint64_t{1} << 32);
    return value;
  };
  low = first.empty() ? 0 : number(first);
  high = second.empty() ? Node::unlimited : number(second);
  if (low >= Node::unlimited || (!second.empty() && high >= Node::unlimited)) {
    return fail("the repetition number is too large");
  }
  return high >= low || fail("min repeat greater than max repeat");
}

void RegexReader::read_repeat(char32_t mark, Flags flags, Sequence& sequence) {
  std::uint64_t low = mark == '+' ? 1 : 0;
  std::uint64_t high = mark == '?' ? 1 : Node::unlimited;
  if (mark == '{') {
    bool is_literal = false;
    if (!read_bounds(low, high, is_literal)) return;
    if (is_literal) {
      sequence.push_back(literal('{', flags));
      return;
    }
  }
  if (sequence.empty() || is_assertion_of_place(sequence.back())) {
    fail("nothing to repeat");
    return;
  }
  if (sequence.back().kind == NodeKind::Repeat) {
    fail("multiple repeat");
    return;
  }
  Node repeat = place(NodeKind::Repeat, flags);
  repeat.low = low;
  repeat.high = high;
  repeat.greed = source_.take('?')   ? Greed::Lazy
                 : source_.take('+') ? Greed::Possessive
                                     : Greed::Greedy;
  const Width item = sequence.back().width;
  repeat.width = {std::min(times(item.low, low), Node::unlimited - 1), times(item.high, high)};
  repeat.branches.emplace_back();
  repeat.branches[0].push_back(std::move(sequence.back()));
  sequence.back() = std::move(repeat);
}

void RegexReader::close(const char* message) {
  if (!failed() && !source_.take(')')) fail(message);
}

void RegexReader::read_parenthesis(Flags flags, std::size_t depth, Sequence& sequence) {
  if (!source_.take('?')) {
    sequence.push_back(read_group(flags, depth, open_group()));
    return;
  }
  if (source_.at_end()) {
    fail("unexpected end of pattern");
    return;
  }
  const Token token = source_.get();
  const char32_t mark = token.is_escape ? 0 : token.c;
  if (mark == 'P') {
    read_python_extension(flags, depth, sequence);
  } else if (mark == ':') {
    sequence.push_back(read_group(flags, depth, 0));
  } else if (mark == '#') {
    skip_comment();
  } else if (mark == '=' || mark == '!' || mark == '<') {
    sequence.push_back(read_look(mark, flags, depth));
  } else if (mark == '(') {
    sequence.push_back(read_conditional(flags, depth));
  } else if (mark == '>') {
    sequence.push_back(read_group(flags, depth, 0));
    sequence.back().kind = NodeKind::Atomic;
  } else if (mark == '-' || is_flag(mark)) {
    if (read_flags(mark, flags)) sequence.push_back(read_group(flags, depth, 0));
  } else {
    fail("unknown extension ?" + to_utf8({&token.c, 1}));
  }
}

void RegexReader::skip_comment() {
  while (!source_.at_end()) {
    const Token token = source_.get();
    if (!token.is_escape && token.c == ')') return;
  }
  fail("missing ), unterminated comment");
}

std::uint32_t RegexReader::open_group() {
  widths_.emplace_back();
  return static_cast<std::uint32_t>(widths_.size()) - 1;
}

Node RegexReader::read_group(Flags flags, std::size_t depth, std::uint32_t group) {
  Node node = place(NodeKind::Group, flags);
  node.group = group;
  node.branches = read_branches(flags, depth + 1);
  close("missing ), unterminated subpattern");
  node.width = width_of(node.branches);
  if (group != 0) widths_[group] = node.width;
  return node;
}

void RegexReader::read_python_extension(Flags flags, std::size_t depth, Sequence& sequence) {
  if (source_.take('<')) {
    const std::string name = read_name('>');
    if (failed()) return;
    const std::uint32_t group = open_group();
    if (find_group(name)) {
      fail("redefinition of group name '" + name + "'");
      return;
    }
    names_.push_back({name, group});
    sequence.push_back(read_group(flags, depth, group));
  } else if (source_.take('=')) {
    const std::string name = read_name(')');
    if (failed()) return;
    const std::optional<std::uint32_t> group = find_group(name);
    if (!group) {
      fail("unknown group name '" + name + "'");
      return;
    }
    sequence.push_back(reference(*group, flags));
  } else {
    fail(source_.at_end() ? "unexpected end of pattern" : "unknown extension ?P");
  }
}

std::string RegexReader::read_until(char32_t end) {
  std::u32string text;
  while (true) {
    if (source_.at_end()) {
      fail(text.empty() ? "missing group name" : "unterminated name");
      return {};
    }
    const Token token = source_.get();
    if (!token.is_escape && token.c == end) break;
    if (token.is_escape) text += U'\\';
    text += token.c;
  }
  if (text.empty()) fail("missing group name");
  return to_utf8(text);
}

std::string RegexReader::read_name(char32_t end) {
  std::string name = read_until(end);
  if (!failed() && !is_identifier(name)) fail("bad character in group name '" + name + "'");
  return name;
}

std::optional<std::uint32_t> RegexReader::find_group(const std::string& name) const {
  for (const GroupName& known : names_) {
    if (known.name == name) return known.group;
  }
  return std::nullopt;
}

void RegexReader::check_reference_in_look_behind(std::uint32_t group) {
  if (look_behind_groups_ == 0) return;
  if (group >= widths_.size() || !widths_[group]) fail("cannot refer to an open group");
  if (group >= look_behind_groups_) {
    fail("cannot refer to group defined in the same lookbehind subpattern");
  }
}

Node RegexReader::reference(std::uint32_t group, Flags flags) {
  Node node = one_character(NodeKind::Reference, flags);
  node.group = group;
  if (!widths_[group]) {
    fail("cannot refer to an open group");
    return node;
  }
  node.width = *widths_[group];
  check_reference_in_look_behind(group);
  return node;
}

Node RegexReader::read_look(char32_t mark, Flags flags, std::size_t depth) {
  Node node = place(NodeKind::Ahead, flags);
  const bool is_behind = mark == '<';
  if (is_behind) {
    if (source_.at_end()) {
      fail("unexpected end of pattern");
      return node;
    }
    const Token token = source_.get();
    mark = token.is_escape ? 0 : token.c;
    if (mark != '=' && mark != '!') {
      fail("unknown extension ?<" + to_utf8({&token.c, 1}));
      return node;
    }
  }
  const std::uint32_t outer = look_behind_groups_;
  if (is_behind && outer == 0) look_behind_groups_ = static_cast<std::uint32_t>(widths_.size());
  node.branches = read_branches(flags, depth + 1);
  if (is_behind) look_behind_groups_ = outer;
  close("missing ), unterminated subpattern");
  if (is_behind) {
    const Width width = width_of(node.branches);
    if (width.low != width.high) fail("look-behind requires fixed-width pattern");
    node.kind = mark == '=' ? NodeKind::Behind : NodeKind::NotBehind;
  } else if (mark == '!') {
    node.kind = NodeKind::NotAhead;
  }
  return node;
}

std::uint32_t RegexReader::read_condition() {
  const std::string name = read_until(')');
  if (failed()) return 0;
  if (is_identifier(name)) {
    const std::optional<std::uint32_t> known = find_group(name);
    if (!known) fail("unknown group name '" + name + "'");
    return known.value_or(0);
  }
  const std::optional<std::uint32_t> number = read_python_integer(name);
  if (!number) {
    fail("bad character in group name '" + name + "'");
  } else if (*number == 0) {
    fail("bad group number");
  } else {
    forward_references_.push_back(*number);
  }
  return number.value_or(0);
}

Node RegexReader::read_conditional(Flags flags, std::size_t depth) {
  Node node = place(NodeKind::Conditional, flags);
  node.group = read_condition();
  if (failed()) return node;
  check_reference_in_look_behind(node.group);
  if (depth > nesting_limit) {
    fail("nested too deeply");
    return node;
  }
  node.branches.push_back(read_sequence(flags, depth + 1));
  if (!failed() && source_.take('|')) {
    node.branches.push_back(read_sequence(flags, depth + 1));
    if (source_.next_is('|')) fail("conditional backref with more than two branches");
  }
  close("missing ), unterminated subpattern");
  node.width = width_of(node.branches);
  if (node.branches.size() == 1) node.width.low = 0;
  return node;
}

tl::expected<Regex, std::string> read_python_regex(std::string_view pattern) {
  RegexReader reader(to_code_points(pattern));
  Regex regex = reader.read();
  if (reader.failed()) return tl::unexpected(reader.error());
  return regex;
}

}  // namespace understudy::targets::textfsm

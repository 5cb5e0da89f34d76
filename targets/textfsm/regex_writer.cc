#include "targets/textfsm/regex_writer.h"

#include <fmt/format.h>

#include <algorithm>

namespace understudy::targets::textfsm {
namespace {

constexpr std::uint64_t repeat_limit = 65535;  // PCRE2's; a longer bound is written as none

class Writer {
 public:
  Writer(Form form, std::span<const std::uint32_t> slots) : form_(form), slots_(slots) {}

  void write(const std::vector<Sequence>& branches) {
    for (std::size_t i = 0; i < branches.size(); ++i) {
      if (i > 0) out_ += '|';
      for (const Node& node : branches[i]) write(node);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void write(const Node& node);
  void write_within(const char* open, const Node& node);
  void write_set(const Node& node);
  void write_set_item(const SetItem& item, bool ascii);
  void write_category(Category category, bool ascii);
  void write_character(char32_t c);
  void write_range(char32_t low, char32_t high);
  void write_boundary(const Node& node);
  void write_repeat(const Node& node);

  Form form_;
  std::span<const std::uint32_t> slots_;
  std::string out_;
};

bool is_alphanumeric(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

void Writer::write_character(char32_t c) {
  if (is_alphanumeric(c) || c == ' ') {
    out_ += static_cast<char>(c);
  } else if (c > ' ' && c < 0x7F) {
    out_ += '\\';
    out_ += static_cast<char>(c);
  } else {
    out_ += fmt::format("\\x{{{:x}}}", static_cast<std::uint32_t>(c));
  }
}

void Writer::write_range(char32_t low, char32_t high) {
  constexpr char32_t first_surrogate = 0xD800;  // never in a subject, and not allowed as an end
  constexpr char32_t last_surrogate = 0xDFFF;
  if (low >= first_surrogate && low <= last_surrogate) low = last_surrogate + 1;
  if (high >= first_surrogate && high <= last_surrogate) high = first_surrogate - 1;
  if (high < low) return;
  write_character(low);
  if (high == low) return;
  out_ += '-';
  write_character(high);
}

void Writer::write_category(Category category, bool ascii) {
  const bool native = form_ == Form::Plain;
  switch (category) {
    case Category::Digit:
      out_ += native ? "\\d" : ascii ? "0-9" : "\\p{Nd}";
      return;
    case Category::NotDigit:
      out_ += native ? "\\D" : ascii ? "\\x{0}-\\/\\:-\\x{10ffff}" : "\\P{Nd}";
      return;
    case Category::Word:
      out_ += !native && ascii ? "0-9A-Z_a-z" : "\\w";
      return;
    case Category::NotWord:
      out_ += !native && ascii ? "\\x{0}-\\/\\:-\\@\\[-\\^\\`\\{-\\x{10ffff}" : "\\W";
      return;
    case Category::Space:
      if (native) {
        out_ += "\\s";
      } else {
        // re.ASCII leaves \x1c to \x1f out.
        out_ += ascii ? "\\x{9}-\\x{d}\\ "
                      : "\\x{9}-\\x{d}\\x{1c}-\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}"
                        "\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}";
      }
      return;
    case Category::NotSpace:
      if (native) {
        out_ += "\\S";
      } else {
        out_ += ascii ? "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{10ffff}"
                      : "\\x{0}-\\x{8}\\x{e}-\\x{1b}\\x{21}-\\x{84}\\x{86}-\\x{9f}\\x{a1}-\\x{167f}"
                        "\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}"
                        "\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{10ffff}";
      }
      return;
  }
}

void Writer::write_set_item(const SetItem& item, bool ascii) {
  if (item.is_category) {
    write_category(item.category, ascii);
  } else {
    write_range(item.low, item.high);
  }
}

void Writer::write_set(const Node& node) {
  if (node.ignore_case) out_ += "(?i:";
  const bool is_bare =
      node.is_literal() && !(node.set[0].low >= 0xD800 && node.set[0].low < 0xE000);
  const bool is_bare_category =
      form_ == Form::Plain && !node.negated && node.set.size() == 1 && node.set[0].is_category;
  if (is_bare) {
    write_character(node.set[0].low);
  } else if (is_bare_category) {
    write_category(node.set[0].category, node.ascii);
  } else {
    const std::size_t start = out_.size();
    out_ += node.negated ? "[^" : "[";
    const std::size_t inside = out_.size();
    for (const SetItem& item : node.set) write_set_item(item, node.ascii);
    if (out_.size() == inside) {  // surrogates only: nothing, or with ^ everything
      out_.resize(start);
      out_ += node.negated ? "." : "(?!)";
    } else {
      out_ += ']';
    }
  }
  if (node.ignore_case) out_ += ')';
}

void Writer::write_within(const char* open, const Node& node) {
  out_ += open;
  write(node.branches);
  out_ += ')';
}

void Writer::write_boundary(const Node& node) {
  const bool is_not = node.kind == NodeKind::NotBoundary;
  if (is_not) out_ += "(?!\\A\\z)";  // Python: an empty string holds no \B either
  if (form_ == Form::Plain || !node.ascii) {
    out_ += is_not ? "\\B" : "\\b";
    return;
  }
  constexpr const char* word = "[0-9A-Z_a-z]";
  out_ += is_not ? fmt::format("(?:(?<={0})(?={0})|(?<!{0})(?!{0}))", word)
                 : fmt::format("(?:(?<={0})(?!{0})|(?<!{0})(?={0}))", word);
}

void Writer::write_repeat(const Node& node) {
  const Node& item = node.branches[0][0];
  const bool is_atom = item.kind == NodeKind::Set || item.kind == NodeKind::Any ||
                       item.kind == NodeKind::Group || item.kind == NodeKind::Atomic;
  if (!is_atom) out_ += "(?:";
  write(item);
  if (!is_atom) out_ += ')';
  const bool is_unlimited = node.high > repeat_limit;
  const std::uint64_t low = std::min(node.low, repeat_limit);
  if (low <= 1 && is_unlimited) {
    out_ += low == 0 ? '*' : '+';
  } else if (low == 0 && node.high == 1) {
    out_ += '?';
  } else {
    out_ += is_unlimited ? fmt::format("{{{},}}", low) : fmt::format("{{{},{}}}", low, node.high);
  }
  if (node.greed == Greed::Lazy) out_ += '?';
  if (node.greed == Greed::Possessive) out_ += '+';
}

void Writer::write(const Node& node) {
  switch (node.kind) {
    case NodeKind::Set:
      return write_set(node);
    case NodeKind::Any:
      out_ += '.';
      return;
    case NodeKind::Start:
      out_ += "\\A";
      return;
    case NodeKind::End:
      out_ += "\\z";
      return;
    case NodeKind::Boundary:
    case NodeKind::NotBoundary:
      return write_boundary(node);
    case NodeKind::Group:
      return write_within(node.group != 0 && slots_[node.group] != 0 ? "(" : "(?:", node);
    case NodeKind::Atomic:
      return write_within("(?>", node);
    case NodeKind::Ahead:
      return write_within("(?=", node);
    case NodeKind::NotAhead:
      return write_within("(?!", node);
    case NodeKind::Behind:
      return write_within("(?<=", node);
    case NodeKind::NotBehind:
      return write_within("(?<!", node);
    case NodeKind::Repeat:
      return write_repeat(node);
    case NodeKind::Reference:
      out_ += fmt::format("(?{}:\\g{{{}}})", node.ignore_case ? "i" : "", slots_[node.group]);
      return;
    case NodeKind::Conditional:
      return write_within(fmt::format("(?({})", slots_[node.group]).c_str(), node);
  }
}

template <typename Visit>
void for_each_node(const std::vector<Sequence>& branches, const Visit& visit) {
  for (const Sequence& branch : branches) {
    for (const Node& node : branch) {
      visit(node);
      for_each_node(node.branches, visit);
    }
  }
}

}  // namespace

std::string write_regex(const Regex& regex, Form form, std::span<const std::uint32_t> slots) {
  Writer writer(form, slots);
  writer.write(regex.branches);
  return writer.take();
}

bool is_plain_regex(const Regex& regex) {
  bool is_plain = true;
  for_each_node(regex.branches, [&](const Node& node) {
    for (const SetItem& item : node.set) {
      is_plain &= item.is_category || (item.low < 0x80 && item.high < 0x80);
    }
  });
  return is_plain;
}

bool has_possessive_group(const Regex& regex) {
  bool has = false;
  for_each_node(regex.branches, [&](const Node& node) {
    const bool repeats_group = node.kind == NodeKind::Repeat &&
                               node.branches[0][0].kind != NodeKind::Set &&
                               node.branches[0][0].kind != NodeKind::Any;
    has =
        has || node.kind == NodeKind::Atomic || (repeats_group && node.greed == Greed::Possessive);
  });
  return has;
}

std::vector<bool> referenced_groups(const Regex& regex) {
  std::vector<bool> referenced(regex.groups + 1);
  for_each_node(regex.branches, [&](const Node& node) {
    const bool refers = node.kind == NodeKind::Reference || node.kind == NodeKind::Conditional;
    if (refers) referenced[node.group] = true;
  });
  return referenced;
}

}  // namespace understudy::targets::textfsm

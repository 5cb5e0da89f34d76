// TextFSM templates, the language of ntc-templates: text in, rows out, and exactly the rows that
// the original (google/textfsm 1.1.0 under Python 3.11) gives. Dialects and `understudy parse` use
// it. compile() accepts what the original accepts and refuses the rest with file:line, what and
// hint. A Template is const after that: any number of threads may parse with one at once, since
// every parse keeps its state to itself. Patterns run on PCRE2 with a match limit; a pattern that
// would run away is an Error, not a hang. Nothing throws. Line numbers count from 1, as
// str.splitlines() cuts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/error.h"

namespace understudy::targets::textfsm {

struct Program;  // the compiled form, private to this folder
class Recorder;

/// A compiled template. Cheap to copy; copies share one compiled form.
class Template {
 public:
  explicit Template(std::shared_ptr<const Program> program) : program_(std::move(program)) {}

  const std::string& path() const;
  /// The Value names, in the template's order.
  std::span<const std::string> columns() const;
  /// The names of the Values that carry the option Key.
  std::vector<std::string> keys() const;

  const std::shared_ptr<const Program>& program() const { return program_; }

 private:
  std::shared_ptr<const Program> program_;
};

/// One named group inside a List value; no text where the group took no part in the match.
struct Field {
  std::string_view name;
  std::optional<std::string_view> text;
};

/// One entry of a List value: a map where the Value has nested groups, text otherwise (no text
/// where the Value took no part in the match, which the original prints as null).
struct Item {
  std::optional<std::string_view> text;
  std::vector<Field> fields;

  bool is_map() const { return !fields.empty(); }
};

/// The input lines that gave a row its values (the line that triggered Record is not one of them
/// unless it gave a value as well; a row of carried values only has that line).
struct LineRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  friend bool operator==(const LineRange&, const LineRange&) = default;
};

/// A line with something on it that no rule matched. Lines after a rule ended the parse are not
/// offered to any rule and are not listed.
struct UnreadLine {
  std::uint32_t number = 0;
  std::string_view text;
};

/// What a parse gave. Owns (or shares) the input, so every view stays good as long as the Rows, or
/// a copy of them, live.
class Rows {
 public:
  std::span<const std::string> columns() const;
  std::optional<std::size_t> column(std::string_view name) const;

  std::size_t size() const { return lines_.size(); }
  bool empty() const { return lines_.empty(); }

  /// A List value's cell is a list; only Fillup may put text into one, as it does in the original.
  bool is_list(std::size_t row, std::size_t column) const { return cell(row, column).list >= 0; }
  /// Empty for a list.
  std::string_view text(std::size_t row, std::size_t column) const {
    const Cell& at = cell(row, column);
    return {at.data, at.size};
  }
  /// Empty for text.
  const std::vector<Item>& list(std::size_t row, std::size_t column) const;

  LineRange lines(std::size_t row) const { return lines_[row]; }
  const std::vector<UnreadLine>& unread() const { return unread_; }

 private:
  friend class Recorder;
  struct Cell {
    const char* data = "";
    std::uint32_t size = 0;
    std::int32_t list = -1;  // index in lists_
  };

  const Cell& cell(std::size_t row, std::size_t column) const {
    return cells_[row * width_ + column];
  }

  std::shared_ptr<const Program> program_;
  std::shared_ptr<const std::string> input_;
  std::size_t width_ = 0;
  std::vector<Cell> cells_;  // row after row
  std::vector<std::vector<Item>> lists_;
  std::vector<LineRange> lines_;
  std::vector<UnreadLine> unread_;
};

/// Compiles a template's text; `path` is named in errors, here and while parsing.
Result<Template> compile(std::string_view text, std::string_view path);

/// Parses a whole output. Bytes that are not UTF-8 count as U+FFFD, as errors="replace" reads them.
/// An error is a rule's own Error action (with the original's rule and line), or a runaway pattern.
Result<Rows> parse(const Template& with, std::string_view text);
/// The same without copying the text: the Rows share it.
Result<Rows> parse(const Template& with, std::shared_ptr<const std::string> text);

/// What json.dumps(ParseTextToDicts(text), indent=2, ensure_ascii=False) holds, keys in Value
/// order.
std::string to_json(const Rows& rows);

/// An aligned table with a heading, for people. A list reads `a, b`, a map `{name: text, ...}`.
std::string to_table(const Rows& rows);

}  // namespace understudy::targets::textfsm

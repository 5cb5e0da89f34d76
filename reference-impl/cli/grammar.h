// The words of a command line as data: a table of commands in the notation of the manuals,
// `configure node slot <slot_id> priority <node_pri>`, `show switch {detail}`,
// `save {configuration} {primary | secondary | <file>}`, compiled once into a tree. Used by a
// session for parsing, help and completion. Knows no vendor. Immutable after construction.
//
// Each word may be shortened to a unique prefix. Where a keyword and an argument may both stand,
// the order is: the keyword written out, an object of that name, a shortened keyword, the argument.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace understudy::reference {

/// One command; `id` is the family's own number of it, 0 or more.
struct PatternRow {
  std::string_view pattern;
  int id = 0;
};

/// What may stand for <name>.
struct ArgumentRow {
  /// Name: letters, digits, - _ and ., at most `most` of them. Object: one that exists.
  enum class Form { Word, Name, Number, Object, Choice, Ports, Mac };
  std::string_view name;
  Form form = Form::Word;
  std::string_view help;
  long least = 0;              ///< Number only
  long most = 0;               ///< Number; longest Name
  std::string_view choices{};  ///< Choice only: words, separated by blanks, taken in any case
};

/// The help of a keyword; a keyword without a row has no help text.
struct WordRow {
  std::string_view word;
  std::string_view help;
};

/// The number that a text begins with; 0 where there is none.
int to_number(std::string_view text);

/// A command with its arguments: what is executed. Families also build calls of their own, for
/// what follows an answer.
struct Call {
  int id = 0;
  std::vector<std::string> words;                             ///< the keywords, written out
  std::map<std::string, std::string, std::less<>> arguments;  ///< by the name in the pattern

  bool has(std::string_view word) const;
  bool takes(std::string_view argument) const { return arguments.contains(argument); }
  /// The argument, or nothing at all.
  std::string argument(std::string_view name) const;
  int number(std::string_view name) const { return to_number(argument(name)); }
  friend bool operator==(const Call&, const Call&) = default;
};

struct Parsed {
  enum class Outcome { Complete, Empty, Incomplete, Ambiguous, Invalid };
  Outcome outcome = Outcome::Empty;
  Call call;              ///< where complete
  std::size_t place = 0;  ///< where ambiguous or invalid: the offset of the word in the line
  std::string word;       ///< where ambiguous or invalid: that word
};

struct Completion {
  std::string word;  ///< a keyword, `<argument>`, an object's name, or `<cr>`
  std::string help;
  bool is_typed = false;  ///< may be put into the line as it stands
};

/// The names of the objects that exist, by argument name ("vlan_name").
using ObjectNames = std::function<std::vector<std::string>(std::string_view argument)>;

class Grammar {
 public:
  Grammar(std::span<const PatternRow> commands, std::span<const ArgumentRow> arguments,
          std::span<const WordRow> words);
  ~Grammar();
  Grammar(const Grammar&) = delete;
  Grammar& operator=(const Grammar&) = delete;

  Parsed parse(std::string_view line, const ObjectNames& names) const;

  /// What may follow `line`; its last word counts as unfinished unless a blank follows it.
  std::vector<Completion> complete(std::string_view line, const ObjectNames& names) const;

 private:
  std::unique_ptr<struct GrammarPlace> root_;
};

/// A word of a line and where it begins; quotation marks are taken off.
struct LineWord {
  std::string text;
  std::size_t place = 0;
  bool is_quoted = false;
};
std::vector<LineWord> split_words(std::string_view line);

}  // namespace understudy::reference

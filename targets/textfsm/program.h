// The compiled form of a template: values, states, rules and the tables that pick the rules worth
// trying on a line. Made by template_reader.cc, run by recorder.cc and parse.cc, private to this
// folder.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "targets/textfsm/pattern.h"

namespace understudy::targets::textfsm {

/// Base does nothing: the original takes the name of its options' base class for an option.
enum class Option { Required, Filldown, Fillup, Key, List, Base };

struct Value {
  std::string name;
  std::vector<Option> options;    ///< in the order written, which their effects follow
  std::string substitute;         ///< what ${name} stands for
  std::optional<Pattern> nested;  ///< of a List
  bool has(Option option) const;
};

enum class LineAction { Next, Continue, Error };
enum class RecordAction { NoRecord, Record, Clear, Clearall };
enum class Goto { Stay, State, End, Eof };

struct Assignment {
  std::uint32_t slot = 0;
  std::uint32_t value = 0;
};

struct Rule {
  Pattern pattern;
  std::vector<Assignment> assignments;
  LineAction line_action = LineAction::Next;
  RecordAction record_action = RecordAction::NoRecord;
  Goto go = Goto::Stay;
  std::size_t state = 0;  ///< where `go` is State
  std::string target;     ///< as written: a state's name, or the Error action's message
  std::size_t line = 0;
};

/// Bits of rules, by what a plain line begins with.
class RuleChoice {
 public:
  explicit RuleChoice(const std::vector<Rule>& rules);

  std::size_t words() const { return words_; }
  std::uint64_t pick(std::size_t word, std::size_t first, std::size_t nonspace) const {
    return first_[first * words_ + word] & nonspace_[nonspace * words_ + word];
  }
  std::uint64_t all(std::size_t word) const { return all_[word]; }

 private:
  std::size_t words_;
  std::vector<std::uint64_t> first_;     // 129 rows of words_
  std::vector<std::uint64_t> nonspace_;  // likewise
  std::vector<std::uint64_t> all_;
};

struct State {
  std::string name;
  std::size_t line = 0;
  std::vector<Rule> rules;
  std::optional<RuleChoice> choice;
};

struct Program {
  std::string path;
  std::vector<Value> values;
  std::vector<std::string> columns;
  std::vector<State> states;
  std::size_t start = 0;
  bool has_eof_state = false;  ///< an empty EOF state takes the record at the end away
  std::size_t slots = 1;       ///< the most that a pattern of it needs
};

}  // namespace understudy::targets::textfsm

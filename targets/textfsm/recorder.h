// The record being built and the rows made so far: what TextFSMValue, its options and
// _AppendRecord do in the original. One for each parse, used by parse.cc only. Values are views
// into the input; nothing is copied.
#pragma once

#include <string_view>
#include <vector>

#include "targets/textfsm/program.h"
#include "targets/textfsm/textfsm.h"

namespace understudy::targets::textfsm {

class Recorder {
 public:
  Recorder(std::shared_ptr<const Program> program, std::shared_ptr<const std::string> input);

  /// The line that the next assignments and records come from.
  void at_line(std::uint32_t number) { line_ = number; }

  /// AssignVar. False where a List's nested expression ran away, or where the original fails:
  /// nested groups of a value that took no part in the match.
  bool assign(std::uint32_t value, std::optional<std::string_view> text, bool plain);
  /// The text of a value with no options.
  void assign_plainly(std::uint32_t value, std::string_view text) {
    slots_[value].value = text;
    touch();
  }

  void record();
  void clear();
  void clear_all();
  void unread(std::uint32_t number, std::string_view text);

  Rows take();

 private:
  /// Null data: None of the original.
  struct Slot {
    std::string_view value;
    std::string_view kept;  // of Filldown
    std::vector<Item> list;
  };

  void touch() {
    if (first_ == 0) first_ = line_;
    last_ = line_;
  }
  bool append_item(const Value& value, Slot& slot, bool plain);
  void fill_up(std::uint32_t value);
  bool is_filled(const Rows::Cell& cell) const;
  bool passes_required() const;
  bool is_whole_record_empty() const;
  void clear_one(const Value& value, Slot& slot);

  Rows rows_;
  const Program& program_;
  std::vector<Slot> slots_;
  bool has_options_ = false;  // of any value
  std::uint32_t line_ = 0;
  std::uint32_t first_ = 0;
  std::uint32_t last_ = 0;
};

}  // namespace understudy::targets::textfsm

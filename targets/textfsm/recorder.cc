#include "targets/textfsm/recorder.h"

#include <algorithm>

namespace understudy::targets::textfsm {
namespace {

/// Room that is taken at once, since growing step by step costs a long table half of its time: a
/// table gives at most a row for each so many bytes. Of what stays unused no page is touched.
constexpr std::size_t table_line = 64;
constexpr std::size_t most_rows_at_once = 65536;

std::string_view never_null(std::string_view text) {
  return text.data() == nullptr ? std::string_view("") : text;
}

}  // namespace

Recorder::Recorder(std::shared_ptr<const Program> program, std::shared_ptr<const std::string> input)
    : program_(*program), slots_(program->values.size()) {
  for (const Value& value : program_.values) has_options_ = has_options_ || !value.options.empty();
  rows_.width_ = program->values.size();
  const std::size_t rows = std::min(input->size() / table_line + 1, most_rows_at_once);
  rows_.lines_.reserve(rows);
  rows_.cells_.reserve(rows * rows_.width_);
  rows_.program_ = std::move(program);
  rows_.input_ = std::move(input);
}

bool Recorder::append_item(const Value& value, Slot& slot, bool plain) {
  Item item;
  if (slot.value.data() != nullptr) item.text = slot.value;
  if (value.nested->groups() > 1) {
    if (!item.text) return false;
    Matcher matcher(value.nested->slots());
    const MatchEnd end = value.nested->match(*item.text, plain, matcher);
    if (end == MatchEnd::Runaway) return false;
    if (end == MatchEnd::Matched && !value.nested->captures().empty()) {
      for (const Capture& capture : value.nested->captures()) {
        Field field{capture.name, std::nullopt};
        if (matcher.took_part(capture.slot)) field.text = matcher.text(*item.text, capture.slot);
        item.fields.push_back(field);
      }
      item.text.reset();
    }
  }
  slot.list.push_back(std::move(item));
  return true;
}

bool Recorder::is_filled(const Rows::Cell& cell) const {
  return cell.list >= 0 ? !rows_.lists_[static_cast<std::size_t>(cell.list)].empty()
                        : cell.size > 0;
}

void Recorder::fill_up(std::uint32_t value) {
  const std::string_view text = slots_[value].value;
  if (text.empty()) return;
  for (std::size_t row = rows_.lines_.size(); row-- > 0;) {
    Rows::Cell& cell = rows_.cells_[row * rows_.width_ + value];
    if (is_filled(cell)) return;
    cell = {text.data(), static_cast<std::uint32_t>(text.size()), -1};
  }
}

bool Recorder::assign(std::uint32_t value, std::optional<std::string_view> text, bool plain) {
  Slot& slot = slots_[value];
  slot.value = text ? *text : std::string_view();
  if (text) touch();
  const Value& declared = program_.values[value];
  for (const Option option : declared.options) {
    switch (option) {
      case Option::Filldown:
        slot.kept = slot.value;
        break;
      case Option::Fillup:
        fill_up(value);
        break;
      case Option::List:
        if (!append_item(declared, slot, plain)) return false;
        break;
      case Option::Required:
      case Option::Key:
      case Option::Base:
        break;
    }
  }
  return true;
}

/// Options act in the order written: before List, Required looks at the last text, after it at the
/// list.
bool Recorder::passes_required() const {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    bool is_filled = !slots_[i].value.empty();
    for (const Option option : program_.values[i].options) {
      if (option == Option::List) is_filled = !slots_[i].list.empty();
      if (option == Option::Required && !is_filled) return false;
    }
  }
  return true;
}

bool Recorder::is_whole_record_empty() const {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const bool is_list = program_.values[i].nested.has_value();
    if (is_list ? !slots_[i].list.empty() : slots_[i].value.data() != nullptr) return false;
  }
  return true;
}

void Recorder::record() {
  if (slots_.empty()) return;
  if (has_options_ && !passes_required()) return clear();
  if (is_whole_record_empty()) {
    // The original leaves a List's value at [] here, which is as good as nothing.
    for (std::size_t i = 0; i < slots_.size(); ++i) slots_[i].value = {};
    return;
  }
  const std::size_t start = rows_.cells_.size();
  rows_.cells_.resize(start + slots_.size());
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Rows::Cell& cell = rows_.cells_[start + i];
    if (program_.values[i].nested) {
      cell.list = static_cast<std::int32_t>(rows_.lists_.size());
      rows_.lists_.push_back(slots_[i].list);
      continue;
    }
    const std::string_view text = never_null(slots_[i].value);
    cell.data = text.data();
    cell.size = static_cast<std::uint32_t>(text.size());
  }
  rows_.lines_.push_back(first_ == 0 ? LineRange{line_, line_} : LineRange{first_, last_});
  clear();
}

void Recorder::clear_one(const Value& value, Slot& slot) {
  slot.value = {};
  for (const Option option : value.options) {
    if (option == Option::Filldown) slot.value = slot.kept;
    if (option == Option::List && !value.has(Option::Filldown)) slot.list.clear();
  }
}

void Recorder::clear() {
  first_ = 0;
  last_ = 0;
  if (!has_options_) {
    for (Slot& slot : slots_) slot.value = {};
    return;
  }
  for (std::size_t i = 0; i < slots_.size(); ++i) clear_one(program_.values[i], slots_[i]);
}

void Recorder::clear_all() {
  first_ = 0;
  last_ = 0;
  for (Slot& slot : slots_) {
    slot.value = {};
    slot.kept = {};
    slot.list.clear();
  }
}

void Recorder::unread(std::uint32_t number, std::string_view text) {
  rows_.unread_.push_back({number, text});
}

Rows Recorder::take() {
  return std::move(rows_);
}

}  // namespace understudy::targets::textfsm

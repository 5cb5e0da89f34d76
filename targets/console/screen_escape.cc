// Escape sequences: which of them act on the line, and where one that was damaged ends.
#include <algorithm>
#include <charconv>

#include "targets/console/screen.h"

namespace understudy::targets {

namespace {

constexpr std::size_t widest_terminal = 4096;  // columns a cursor may be sent to
constexpr std::size_t longest_parameters = 32;
constexpr std::size_t longest_string = 256;  // OSC and its like; longer ones were no such thing

}  // namespace

void Screen::escape(char byte, ScreenListener& listener) {
  const auto value = static_cast<unsigned char>(byte);
  const bool is_control = value < 0x20 && byte != '\x1b';
  switch (state_) {
    case State::Ground:
      break;
    case State::Escape:
      state_ = State::Ground;
      if (byte == '[') {
        state_ = State::Csi;
      } else if (byte == ']' || byte == 'P' || byte == '_' || byte == '^' || byte == 'X') {
        state_ = State::String;
        string_length_ = 0;
      } else if (value >= 0x20 && value < 0x30) {
        state_ = State::EscapeMore;
      } else if (byte == 'E' || byte == 'D') {  // next line, index
        new_line(listener);
      } else if (byte == '\x1b') {
        state_ = State::Escape;
      } else if (is_control) {
        control(byte, listener);
      }
      break;
    case State::EscapeMore:
      if (value >= 0x20 && value < 0x30) break;
      state_ = State::Ground;
      if (is_control) control(byte, listener);
      break;
    case State::Csi:
      if (value >= 0x20 && value < 0x40 && parameters_.size() < longest_parameters) {
        parameters_ += byte;
        break;
      }
      state_ = State::Ground;
      if (value >= 0x40 && value < 0x7f) csi(byte, listener);
      if (value < 0x20) control(byte, listener);
      break;
    case State::String:
      if (byte == '\x07' || ++string_length_ > longest_string) state_ = State::Ground;
      if (byte == '\x1b') state_ = State::StringEscape;
      if (byte == '\r' || byte == '\n') {  // no terminal title: a lost byte has opened it
        state_ = State::Ground;
        control(byte, listener);
      }
      break;
    case State::StringEscape:
      state_ = State::Ground;
      if (byte != '\\') {  // not its end but a new sequence
        state_ = State::Escape;
        parameters_.clear();
        escape(byte, listener);
      }
      break;
  }
}

std::size_t Screen::parameter(std::size_t index, std::size_t absent) const {
  std::string_view rest = parameters_;
  for (; index > 0; --index) {
    const std::size_t end = rest.find(';');
    if (end == std::string_view::npos) return absent;
    rest.remove_prefix(end + 1);
  }
  std::size_t value = 0;
  const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (read.ptr == rest.data()) return absent;
  return read.ec == std::errc() ? std::min(value, widest_terminal) : widest_terminal;
}

void Screen::csi(char final, ScreenListener& listener) {
  if (!parameters_.empty() && parameters_.front() == '?') return;  // modes: nothing visible
  const std::size_t count = std::max<std::size_t>(parameter(0, 1), 1);
  switch (final) {
    case 'C':
      column_ = std::min(column_ + count, widest_terminal + row_limit);
      break;
    case 'D':
      move_left_to(column_ - std::min(column_, count));
      break;
    case 'G':
    case '`':
      column_ = count - 1;
      break;
    case 'B':
    case 'E':
      new_line(listener);
      break;
    case 'H':
    case 'f':
      if (terminal_row_ != 0 && terminal_row_ != count && !cells_.empty()) new_line(listener);
      terminal_row_ = count;
      column_ = std::max<std::size_t>(parameter(1, 1), 1) - 1;
      break;
    default:
      erase(final, count, parameter(0, 0) != 0);
      break;
  }
}

void Screen::erase(char final, std::size_t count, bool has_count) {
  const std::size_t size = cells_.size();
  const std::size_t here = std::min(column_, size);
  const std::size_t within = std::min(count, size - here);
  switch (final) {
    case 'K':
    case 'J':
      if (!has_count) {
        cells_.resize(here);
      } else if (count == 1) {
        std::fill_n(cells_.begin(), static_cast<std::ptrdiff_t>(here), ' ');
      } else {
        cells_.clear();
      }
      if (cells_.size() <= pager_begin_) erasure_ = Erasure::None;
      break;
    case 'P':
      cells_.erase(here, within);
      break;
    case '@':
      cells_.insert(here, std::min(count, row_limit - std::min(row_limit, size)), ' ');
      break;
    case 'X':
      std::fill_n(cells_.begin() + static_cast<std::ptrdiff_t>(here),
                  static_cast<std::ptrdiff_t>(within), ' ');
      break;
    default:  // colours and the like
      break;
  }
  floor_ = std::min(floor_, cells_.size());
}

}  // namespace understudy::targets

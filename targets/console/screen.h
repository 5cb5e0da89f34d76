// The line under a terminal's cursor: bytes as a device sends them go in, finished lines come out.
// Carriage returns, backspaces and ANSI/VT100 sequences act on that one line as a terminal would
// show it; what is invisible disappears. Used by the console session. Linear, and never holds more
// than `row_limit` bytes: a longer line comes out in pieces. Where the bytes are cut makes no
// difference.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace understudy::targets {

/// A finished line, valid during the call only.
struct ScreenLine {
  std::string_view text;   ///< without its line end
  std::size_t floor = 0;   ///< what stands before it was consumed earlier (a prompt, a question)
  std::uint64_t byte = 0;  ///< where it began in the stream
  bool is_rest = false;    ///< the last piece of a line that was too long
};

class ScreenListener {
 public:
  virtual ~ScreenListener() = default;
  virtual void on_line(const ScreenLine& line) = 0;
  /// The beginning of a line that is longer than the limit; more of it follows.
  virtual void on_piece(std::string_view text) = 0;
};

class Screen {
 public:
  static constexpr std::size_t row_limit = 32 << 10;

  void feed(std::string_view bytes, std::uint64_t position, ScreenListener& listener);

  /// The unfinished line after the floor, empty unless the cursor stands at its end.
  std::string_view tail() const;
  /// The whole unfinished line.
  std::string_view row() const { return cells_; }
  std::size_t floor() const { return floor_; }
  std::uint64_t row_byte() const { return row_byte_; }
  bool is_blank() const { return cells_.empty(); }

  /// What stands on the line now was dealt with: the tail begins after it.
  void consume() { floor_ = cells_.size(); }
  /// The tail is a pager that is being answered: its text, and its erasure, leave the answer.
  void consume_pager(std::size_t begin);
  void clear();

 private:
  enum class State { Ground, Escape, EscapeMore, Csi, String, StringEscape };
  enum class Erasure { None, Asked, Returned };

  bool is_plain() const { return cells_.empty() && column_ == 0 && !is_rest_ && is_ground(); }
  bool is_ground() const { return state_ == State::Ground && erasure_ == Erasure::None; }
  void write(std::string_view text, ScreenListener& listener);
  void control(char byte, ScreenListener& listener);
  void escape(char byte, ScreenListener& listener);
  void csi(char final, ScreenListener& listener);
  void erase(char final, std::size_t count, bool has_count);
  void new_line(ScreenListener& listener);
  void move_left_to(std::size_t column);
  void spill(ScreenListener& listener);
  void return_over_pager();
  void drop_trailing_blanks();
  std::size_t parameter(std::size_t index, std::size_t absent) const;

  std::string cells_;
  std::size_t column_ = 0;
  std::size_t floor_ = 0;
  std::uint64_t row_byte_ = 0;
  bool is_rest_ = false;
  bool has_high_bytes_ = false;
  State state_ = State::Ground;
  Erasure erasure_ = Erasure::None;
  std::size_t pager_begin_ = 0;
  std::size_t string_length_ = 0;
  std::size_t terminal_row_ = 0;  // of the last cursor address; 0: none
  std::string parameters_;
};

/// The first byte that is no plain character (a control but tab, DEL, or the high bit), or `end`.
const char* find_special(const char* begin, const char* end);

/// `text` with every byte that is not part of valid UTF-8 replaced by '?'.
std::string valid_utf8(std::string_view text);

}  // namespace understudy::targets

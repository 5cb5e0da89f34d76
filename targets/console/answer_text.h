// The text of one answer while it grows: its beginning up to a limit, and always its last few
// kilobytes, which multi-line questions are matched against. Memory is bounded by limit + slack,
// whatever is appended. A piece of the console session.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace understudy::targets {

class AnswerText {
 public:
  static constexpr std::size_t slack = 16 << 10;
  static constexpr std::size_t tail_bytes = 4 << 10;

  /// Begins a new text of which the first `keep` bytes are kept.
  void restart(std::size_t keep);

  void append(std::string_view piece) {
    if (text_.size() + piece.size() > keep_ + slack) make_room(piece);
    text_.append(piece);
  }
  void append_line(std::string_view line) {
    append(line);
    text_.push_back('\n');
  }

  /// The last bytes appended after the last forget_tail(), at most `tail_bytes`.
  std::string_view tail() const;
  /// What was appended so far is no part of tail() any more.
  void forget_tail() { floor_ = dropped_ + text_.size(); }

  /// A place in the text, to come back to with cut_at(); counts what was dropped.
  std::uint64_t place() const { return dropped_ + text_.size(); }
  /// Forgets all after `place`. A place that was dropped already changes nothing.
  void cut_at(std::uint64_t place);
  std::string_view since(std::uint64_t place) const;

  bool is_cut() const { return dropped_ + text_.size() > keep_; }
  /// The kept beginning.
  std::string take();

 private:
  void make_room(std::string_view& piece);

  std::string text_;  // the kept beginning, then the rolling end
  std::size_t keep_ = 0;
  std::uint64_t dropped_ = 0;  // bytes between the two
  std::uint64_t floor_ = 0;
};

}  // namespace understudy::targets

// Finds the echo of a command line in what a device prints, so that an answer begins only after it.
// Tolerates an echo that is missing, doubled, wrapped at the terminal's width, scrolled sideways,
// or interrupted by log lines and drawn anew. A piece of the console session; holds a few hundred
// bytes.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace understudy::targets {

class Echo {
 public:
  enum class State {
    Waiting,  ///< nothing but a beginning of the echo was seen
    Seen,
    Absent  ///< something else came in its place; it may still come
  };
  using IsPrompt = std::function<bool(std::string_view)>;

  /// `prompt` is the text on the line where `command` is typed.
  void expect(std::string_view command, std::string_view prompt, bool echoes);

  State state() const { return state_; }

  /// What a finished line leaves for the answer.
  struct Rest {
    bool is_output = false;
    bool restarts = false;  ///< the echo came late: what was taken for the answer was none of it
    std::string text;       ///< output, perhaps several lines
  };
  /// `typed_at` is the line's floor: what stands before it was there when the command was sent.
  Rest take_line(std::string_view line, std::size_t typed_at, const IsPrompt& is_prompt);

  /// True if take_line() has to see the lines that follow; else they are output.
  bool wants_lines() const { return state_ != State::Seen || may_be_doubled_; }

  /// For a log line that begins in the middle of the typed line: how much of `line` precedes what
  /// was typed, or npos if no prompt leads it.
  std::size_t typed_begin(std::string_view line, std::size_t typed_at) const;

  const std::string& command() const { return command_; }

 private:
  Rest wait(std::string_view body, bool is_drawn_anew);
  bool is_whole(std::string_view squeezed) const;

  std::string command_;
  std::string squeezed_;  // without blanks
  std::string prompt_;
  std::string held_;  // squeezed beginning of the echo, seen so far
  std::string held_text_;
  State state_ = State::Seen;
  bool may_be_doubled_ = false;
};

}  // namespace understudy::targets

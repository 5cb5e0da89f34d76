// The line under the operator's fingers: editing keys, echo and history. Used by a command line
// session, fed byte by byte. A regular value that does no I/O: what the terminal must show is
// appended to `echo`. Knows no vendor. A line holds at most `longest_line` bytes and the history at
// most `longest_history` lines; a byte too many rings the bell and is dropped.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace understudy::reference {

inline constexpr std::size_t longest_line = 2000;
inline constexpr std::size_t longest_history = 64;

struct LineEditor {
  std::string line;
  std::size_t cursor = 0;  ///< 0 to line.size()
  std::vector<std::string> history;
  std::size_t recalled = 0;  ///< place in history; history.size() is the line being typed
  std::string typed;         ///< what was being typed before the history was entered
  int escape = 0;            ///< bytes seen of an escape sequence: 0, 1 (ESC) or 2 (ESC [)
  bool keeps_history = true;

  friend bool operator==(const LineEditor&, const LineEditor&) = default;
};

/// What the caller must do after a byte.
enum class Typed { Edited, Entered, Interrupted, AskedForHelp, AskedToComplete };

/// Feeds one byte; carriage return enters the line. With `shows` false (a password) nothing that
/// is typed is echoed, and neither `?` nor TAB has a meaning.
Typed type_byte(LineEditor& editor, char byte, bool shows, std::string& echo);

/// The finished line; the editor is empty afterwards and remembers it.
std::string take_line(LineEditor& editor);

/// Puts text at the cursor, as though it had been typed.
void insert_text(LineEditor& editor, std::string_view text, std::string& echo);

/// Shows the line again on a fresh terminal line, after the prompt.
void redraw_line(const LineEditor& editor, std::string& echo);

}  // namespace understudy::reference

#include "reference-impl/cli/line_editor.h"

#include <utility>

namespace understudy::reference {
namespace {

constexpr char bell = '\a';
constexpr char escape_key = '\x1b';

constexpr char control(char letter) {
  return static_cast<char>(letter & 0x1f);
}

// The tail behind the cursor, then the cursor back where it was.
void show_tail(const LineEditor& editor, std::size_t blanks, std::string& echo) {
  echo.append(editor.line, editor.cursor);
  echo.append(blanks, ' ');
  echo.append(editor.line.size() - editor.cursor + blanks, '\b');
}

void erase_before(LineEditor& editor, std::size_t count, bool shows, std::string& echo) {
  editor.cursor -= count;
  editor.line.erase(editor.cursor, count);
  if (!shows) return;
  echo.append(count, '\b');
  show_tail(editor, count, echo);
}

void erase_at(LineEditor& editor, std::size_t count, bool shows, std::string& echo) {
  editor.line.erase(editor.cursor, count);
  if (shows) show_tail(editor, count, echo);
}

void move_to(LineEditor& editor, std::size_t place, bool shows, std::string& echo) {
  if (shows && place < editor.cursor) echo.append(editor.cursor - place, '\b');
  if (shows && place > editor.cursor) {
    echo.append(editor.line, editor.cursor, place - editor.cursor);
  }
  editor.cursor = place;
}

std::size_t word_length_before(const LineEditor& editor) {
  std::size_t start = editor.cursor;
  while (start > 0 && editor.line[start - 1] == ' ') --start;
  while (start > 0 && editor.line[start - 1] != ' ') --start;
  return editor.cursor - start;
}

void show_instead(LineEditor& editor, const std::string& line, std::string& echo) {
  move_to(editor, editor.line.size(), true, echo);
  erase_before(editor, editor.line.size(), true, echo);
  editor.line = line;
  editor.cursor = line.size();
  echo += line;
}

void recall(LineEditor& editor, bool older, std::string& echo) {
  const std::size_t last = editor.history.size();
  if (!editor.keeps_history || (older ? editor.recalled == 0 : editor.recalled >= last)) {
    echo += bell;
    return;
  }
  if (editor.recalled == last) editor.typed = editor.line;
  editor.recalled += older ? -1 : 1;
  const std::string line = editor.recalled == last ? editor.typed : editor.history[editor.recalled];
  show_instead(editor, line, echo);
}

// The last byte of ESC [ x or ESC O x.
void arrow(LineEditor& editor, char byte, bool shows, std::string& echo) {
  if (byte == 'A' && shows) recall(editor, true, echo);
  if (byte == 'B' && shows) recall(editor, false, echo);
  if (byte == 'C' && editor.cursor < editor.line.size()) {
    move_to(editor, editor.cursor + 1, shows, echo);
  }
  if (byte == 'D' && editor.cursor > 0) move_to(editor, editor.cursor - 1, shows, echo);
}

bool is_inside_escape(LineEditor& editor, char byte, bool shows, std::string& echo) {
  if (editor.escape == 1) {
    editor.escape = byte == '[' || byte == 'O' ? 2 : 0;
    return true;
  }
  if (editor.escape == 2) {
    const bool is_parameter = (byte >= '0' && byte <= '9') || byte == ';';
    if (!is_parameter) {
      editor.escape = 0;
      arrow(editor, byte, shows, echo);
    }
    return true;
  }
  if (byte != escape_key) return false;
  editor.escape = 1;
  return true;
}

bool is_in_quotes(const LineEditor& editor) {
  bool inside = false;
  for (std::size_t i = 0; i < editor.cursor; ++i) inside ^= editor.line[i] == '"';
  return inside;
}

void control_key(LineEditor& editor, char byte, bool shows, std::string& echo) {
  switch (byte) {
    case '\b':
    case '\x7f':
      if (editor.cursor > 0) erase_before(editor, 1, shows, echo);
      break;
    case control('U'):
      erase_before(editor, editor.cursor, shows, echo);
      break;
    case control('W'):
      erase_before(editor, word_length_before(editor), shows, echo);
      break;
    case control('K'):
      erase_at(editor, editor.line.size() - editor.cursor, shows, echo);
      break;
    case control('D'):
      if (editor.cursor < editor.line.size()) erase_at(editor, 1, shows, echo);
      break;
    case control('A'):
      move_to(editor, 0, shows, echo);
      break;
    case control('E'):
      move_to(editor, editor.line.size(), shows, echo);
      break;
    case control('B'):
      arrow(editor, 'D', shows, echo);
      break;
    case control('F'):
      arrow(editor, 'C', shows, echo);
      break;
    case control('P'):
      arrow(editor, 'A', shows, echo);
      break;
    case control('N'):
      arrow(editor, 'B', shows, echo);
      break;
    default:  // bytes that no key of ours sends
      break;
  }
}

void insert(LineEditor& editor, std::string_view text, bool shows, std::string& echo) {
  if (editor.line.size() + text.size() > longest_line) {
    echo += bell;
    return;
  }
  const bool at_end = editor.cursor == editor.line.size();
  editor.line.insert(editor.cursor, text);
  editor.cursor += text.size();
  if (!shows) return;
  echo += text;
  if (!at_end) show_tail(editor, 0, echo);
}

void clear(LineEditor& editor) {
  editor.line.clear();
  editor.cursor = 0;
  editor.recalled = editor.history.size();
  editor.typed.clear();
}

}  // namespace

Typed type_byte(LineEditor& editor, char byte, bool shows, std::string& echo) {
  if (is_inside_escape(editor, byte, shows, echo)) return Typed::Edited;
  if (byte == '\r') {
    echo += "\r\n";
    return Typed::Entered;
  }
  if (byte == control('C')) {
    echo += "^C\r\n";
    clear(editor);
    return Typed::Interrupted;
  }
  if (byte == '\t') return shows ? Typed::AskedToComplete : Typed::Edited;
  if (byte == '?' && shows && !is_in_quotes(editor)) return Typed::AskedForHelp;
  if (byte >= ' ' && byte != '\x7f') {
    insert(editor, std::string_view(&byte, 1), shows, echo);
  } else {
    control_key(editor, byte, shows, echo);
  }
  return Typed::Edited;
}

std::string take_line(LineEditor& editor) {
  std::string line = std::move(editor.line);
  const bool is_new = editor.history.empty() || editor.history.back() != line;
  if (editor.keeps_history && is_new && line.find_first_not_of(' ') != std::string::npos) {
    if (editor.history.size() == longest_history) editor.history.erase(editor.history.begin());
    editor.history.push_back(line);
  }
  clear(editor);
  return line;
}

void insert_text(LineEditor& editor, std::string_view text, std::string& echo) {
  insert(editor, text, true, echo);
}

void redraw_line(const LineEditor& editor, std::string& echo) {
  echo += editor.line;
  echo.append(editor.line.size() - editor.cursor, '\b');
}

}  // namespace understudy::reference

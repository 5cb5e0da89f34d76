// The line under the operator's fingers: keys, echo, history.
#include "reference-impl/cli/line_editor.h"

#include <gtest/gtest.h>

namespace understudy::reference {
namespace {

struct Key {
  std::string_view name;
  std::string_view typed;
  std::string_view line;
  std::size_t cursor;
};

class EditingKey : public testing::TestWithParam<Key> {};

TEST_P(EditingKey, LeavesTheLineAndTheCursorAsOperatorsExpect) {
  LineEditor editor;
  std::string echo;
  for (const char byte : GetParam().typed) type_byte(editor, byte, true, echo);
  EXPECT_EQ(editor.line, GetParam().line);
  EXPECT_EQ(editor.cursor, GetParam().cursor);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, EditingKey,
    testing::Values(Key{"letters", "show", "show", 4}, Key{"backspace", "shoe\bw", "show", 4},
                    Key{"delete", "shoe\x7fw", "show", 4},
                    Key{"backspace_on_nothing", "\b\bx", "x", 1},
                    Key{"control_u", "show switch\x15ver", "ver", 3},
                    Key{"control_w", "show switch\x17ver", "show ver", 8},
                    Key{"control_w_skips_blanks", "show switch  \x17", "show ", 5},
                    Key{"control_a_inserts_in_front", "how\x01s", "show", 1},
                    Key{"control_e_goes_to_the_end", "sho\x01\x05w", "show", 4},
                    Key{"control_k_cuts_the_tail", "show\x02\x02\x0b", "sh", 2},
                    Key{"control_d_cuts_under_the_cursor", "shxow\x01\x06\x06\x04", "show", 2},
                    Key{"arrow_left", "shw\x1b[Do", "show", 3},
                    Key{"arrow_right", "shw\x1b[D\x1b[Co", "shwo", 4},
                    Key{"application_arrows", "shw\x1bODo", "show", 3},
                    Key{"unknown_escape_is_swallowed", "sh\x1b[3~ow", "show", 4},
                    Key{"other_control_bytes_are_dropped", "sh\x0fow\xff", "show", 4}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(LineEditor, EchoesWhatIsTypedAndErasesWhatIsRubbedOut) {
  LineEditor editor;
  std::string echo;
  for (const char byte : std::string_view("ab\b")) type_byte(editor, byte, true, echo);
  EXPECT_EQ(echo, "ab\b \b");
}

TEST(LineEditor, RedrawsTheTailWhenTypingInTheMiddle) {
  LineEditor editor;
  std::string echo;
  for (const char byte : std::string_view("ac\x1b[D")) type_byte(editor, byte, true, echo);
  echo.clear();
  type_byte(editor, 'b', true, echo);
  EXPECT_EQ(echo, "bc\b");
}

TEST(LineEditor, ShowsNothingOfAPassword) {
  LineEditor editor;
  std::string echo;
  for (const char byte : std::string_view("se?cx\bret")) type_byte(editor, byte, false, echo);
  EXPECT_EQ(echo, "");
  EXPECT_EQ(editor.line, "se?cret");
}

TEST(LineEditor, ArrowsWalkThroughTheHistoryAndBackToWhatWasBeingTyped) {
  LineEditor editor;
  std::string echo;
  insert_text(editor, "show fdb", echo);
  take_line(editor);
  insert_text(editor, "show vlan", echo);
  take_line(editor);
  insert_text(editor, "sav", echo);

  for (const char byte : std::string_view("\x1b[A\x1b[A")) type_byte(editor, byte, true, echo);
  EXPECT_EQ(editor.line, "show fdb");
  for (const char byte : std::string_view("\x1b[B\x1b[B")) type_byte(editor, byte, true, echo);
  EXPECT_EQ(editor.line, "sav");
}

TEST(LineEditor, RemembersALineOnceWhenItIsRepeated) {
  LineEditor editor;
  std::string echo;
  for (int i = 0; i < 3; ++i) {
    insert_text(editor, "show fdb", echo);
    take_line(editor);
  }
  EXPECT_EQ(editor.history, std::vector<std::string>{"show fdb"});
}

TEST(LineEditor, RingsTheBellAtTheLongestLine) {
  LineEditor editor;
  std::string echo;
  insert_text(editor, std::string(longest_line, 'x'), echo);
  echo.clear();
  type_byte(editor, 'y', true, echo);
  EXPECT_EQ(echo, "\a");
  EXPECT_EQ(editor.line.size(), longest_line);
}

TEST(LineEditor, ControlCThrowsTheLineAway) {
  LineEditor editor;
  std::string echo;
  insert_text(editor, "reboot", echo);
  EXPECT_EQ(type_byte(editor, '\x03', true, echo), Typed::Interrupted);
  EXPECT_EQ(editor.line, "");
}

TEST(LineEditor, TakesAQuestionMarkInsideQuotesAsALetter) {
  LineEditor editor;
  std::string echo;
  insert_text(editor, "show log match \"", echo);
  EXPECT_EQ(type_byte(editor, '?', true, echo), Typed::Edited);
  insert_text(editor, "\" ", echo);
  EXPECT_EQ(type_byte(editor, '?', true, echo), Typed::AskedForHelp);
}

}  // namespace
}  // namespace understudy::reference

// The pieces of the console engine by themselves: the terminal line, the bounded text, patterns,
// the pump.
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include "targets/console/answer_text.h"
#include "targets/console/pattern.h"
#include "targets/console/pump.h"
#include "targets/console/screen.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::SizeIs;

struct Lines : ScreenListener {
  void on_line(const ScreenLine& line) override {
    lines.push_back(pieces + std::string(line.text));
    pieces.clear();
  }
  void on_piece(std::string_view text) override { pieces += text; }
  std::string pieces;
  std::vector<std::string> lines;
};

std::vector<std::string> shown(std::string_view bytes, std::size_t cut) {
  Screen screen;
  Lines lines;
  screen.feed(bytes.substr(0, cut), 0, lines);
  screen.feed(bytes.substr(cut), cut, lines);
  lines.lines.push_back(std::string(screen.row()));
  return lines.lines;
}

// ---------------------------------------------------------------- the terminal line

struct Shown {
  const char* name;
  std::string bytes;
  std::vector<std::string> lines;  // the last one is unfinished
};

class ConsoleScreen : public testing::TestWithParam<Shown> {};

TEST_P(ConsoleScreen, ShowsWhatATerminalShowsWhereverTheBytesAreCut) {
  for (std::size_t cut = 0; cut <= GetParam().bytes.size(); ++cut) {
    EXPECT_EQ(shown(GetParam().bytes, cut), GetParam().lines) << "cut at " << cut;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Habits, ConsoleScreen,
    testing::Values(
        Shown{"CarriageReturnLineFeed", "a\r\nb\r\n", {"a", "b", ""}},
        Shown{"CarriageReturnTwice", "a\r\r\nb\r\r\n", {"a", "b", ""}},
        Shown{"LineFeedAlone", "a\nb\n", {"a", "b", ""}},
        Shown{"LineFeedFirst", "a\n\rb\n\r", {"a", "b", ""}},
        Shown{"BlankLines", "\r\n   \r\n\r\n", {"", "   ", "", ""}},
        Shown{"TrailingBlanksStay", "a  \r\nb \n", {"a  ", "b ", ""}},
        Shown{"Tabs", "a\tb\r\n", {"a\tb", ""}},
        Shown{"DrawnAnewAfterACarriageReturn", "10%\r20%\r100%\r\n", {"100%", ""}},
        Shown{"ShorterTextOverLonger", "abcdef\rxy\r\n", {"xycdef", ""}},
        Shown{"ErasedWithBlanks", "press\r     \rok\r\n", {"ok", ""}},
        Shown{"Backspaces", "shw\b \bow\r\n", {"show", ""}},
        Shown{"BackspacesBeyondTheBeginning", "a\b\b\b\bb\r\n", {"b", ""}},
        Shown{"Colours", "\x1b[1;31mred\x1b[0m\r\n", {"red", ""}},
        Shown{"EraseToTheEnd", "abcdef\r\x1b[Kx\r\n", {"x", ""}},
        Shown{"EraseTheLine", "abcdef\x1b[2K\rx\r\n", {"x", ""}},
        Shown{"EraseToTheBeginning", "abc\x1b[1Kd\r\n", {"   d", ""}},
        Shown{"CursorLeft", "abc\x1b[2Dx\r\n", {"axc", ""}},
        Shown{"CursorRight", "a\x1b[2Cb\r\n", {"a  b", ""}},
        Shown{"CursorColumn", "abc\x1b[2Gx\r\n", {"axc", ""}},
        Shown{"DeleteCharacters", "abcd\r\x1b[2Px\r\n", {"xd", ""}},
        Shown{"InsertCharacters", "cd\r\x1b[2@ab\r\n", {"abcd", ""}},
        Shown{"NextLine",
              "a\x1b"
              "Eb\r\n",
              {"a", "b", ""}},
        Shown{"ProcurvePrompt",
              "\x1b[1;24r\x1b[24;1H\x1b[24;1H\x1b[2K\x1b[24;1H\x1b[?25h\x1b[24;1H\x1b[24;1HHP# "
              "\x1b[24;1H\x1b[24;5H\x1b[24;1H\x1b[?25h\x1b[24;5H",
              {"HP# "}},
        Shown{"AnotherTerminalRow", "\x1b[1;1Hone\x1b[2;1Htwo\r\n", {"one", "two", ""}},
        Shown{"WindowTitle",
              "\x1b]0;a title\x07"
              "x\r\n",
              {"x", ""}},
        Shown{"WindowTitleEndedByAString", "\x1b]0;a title\x1b\\x\r\n", {"x", ""}},
        Shown{"WindowTitleThatNeverEnds", "\x1b]0;lost\r\nx\r\n", {"", "x", ""}},
        Shown{"WindowTitleTooLongToBeOne",
              "\x1b]" + std::string(300, 'x') + "\r\n",
              {std::string(43, 'x'), ""}},
        Shown{"CharacterSets", "\x1b(Bx\x1b)0y\r\n", {"xy", ""}},
        Shown{"KeypadModes", "\x1b=x\x1b>y\r\n", {"xy", ""}},
        Shown{"SequenceCutOffByALineEnd", "a\x1b[12\r\nb\r\n", {"a", "b", ""}},
        Shown{"EscapeTwice", "a\x1b\x1b[1mb\r\n", {"ab", ""}},
        Shown{"NulsBellsAndDel",
              std::string("a\0b\a\x7f"
                          "c\r\n",
                          8),
              {"abc", ""}},
        Shown{"Utf8", "\xc3\xa4\xe2\x82\xac\r\n", {"\xc3\xa4\xe2\x82\xac", ""}},
        Shown{"EightBitGarbage", "a\xff\xfe\x80z\r\n", {"a???z", ""}},
        Shown{"ATruncatedCharacter", "\xe2\x82\r\n", {"??", ""}}),
    [](const auto& shown) { return std::string(shown.param.name); });

TEST(ConsoleScreenRow, LongerThanItsLimitComesOutInPiecesAndWhole) {
  const std::string text(Screen::row_limit * 3 + 17, 'x');
  Screen screen;
  Lines lines;
  screen.feed(text, 0, lines);
  EXPECT_LE(screen.row().size(), Screen::row_limit);
  screen.feed("\r\n", text.size(), lines);
  EXPECT_THAT(lines.lines, ElementsAre(text));
}

TEST(ConsoleScreenRow, StaysBoundedHoweverFarTheCursorIsSent) {
  Screen screen;
  Lines lines;
  for (int i = 0; i < 1000; ++i) screen.feed("\x1b[99999999999999999999Cx\x1b[9999@", 0, lines);
  EXPECT_LE(screen.row().size(), 2 * Screen::row_limit);
}

TEST(ConsoleScreenRow, IsNoTailWhileASequenceIsUnfinished) {
  Screen screen;
  Lines lines;
  screen.feed("prompt # \x1b[", 0, lines);
  EXPECT_EQ(screen.tail(), "");
  screen.feed("0m", 11, lines);
  EXPECT_EQ(screen.tail(), "prompt # ");
}

TEST(ConsoleScreenRow, KnowsWhereItsLineBegan) {
  Screen screen;
  Lines lines;
  screen.feed("one\r\nto", 100, lines);
  EXPECT_EQ(screen.row_byte(), 105U);
}

TEST(ConsoleScreenScan, FindsEverySpecialByteAtEveryPlace) {
  for (std::size_t place = 0; place < 40; ++place) {
    for (const char byte : {'\0', '\b', '\n', '\r', '\x1b', '\x1f', '\x7f', '\x80', '\xff'}) {
      std::string text(40, '~');
      text[place] = byte;
      EXPECT_EQ(find_special(text.data(), text.data() + text.size()), text.data() + place);
    }
  }
}

TEST(ConsoleScreenScan, PassesTabsAndAllThatIsPrinted) {
  std::string text = "\t";
  for (char byte = ' '; byte < 0x7f; ++byte) text += byte;
  EXPECT_EQ(find_special(text.data(), text.data() + text.size()), text.data() + text.size());
}

TEST(ConsoleUtf8, RefusesOverlongFormsAndSurrogates) {
  EXPECT_EQ(valid_utf8("\xc0\xaf|\xe0\x80\x80|\xed\xa0\x80|\xf4\x90\x80\x80|\xf0\x80\x80\x80"),
            "??|???|???|????|????");
  EXPECT_EQ(valid_utf8("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80");
}

// ---------------------------------------------------------------- the bounded text

TEST(ConsoleText, KeepsItsBeginningAndItsEnd) {
  AnswerText text;
  text.restart(100);
  for (int i = 0; i < 10'000; ++i) text.append_line("line " + std::to_string(i));
  EXPECT_TRUE(text.tail().ends_with("line 9998\nline 9999\n"));
  EXPECT_EQ(text.tail().size(), AnswerText::tail_bytes);
  EXPECT_TRUE(text.is_cut());
  const std::string kept = text.take();
  EXPECT_EQ(kept.size(), 100U);
  EXPECT_TRUE(kept.starts_with("line 0\nline 1\n"));
}

TEST(ConsoleText, TakesOnePieceThatIsLongerThanAllItsRoom) {
  AnswerText text;
  text.restart(10);
  text.append("ab");
  text.append(std::string(1 << 20, 'x') + "end");
  EXPECT_TRUE(text.tail().ends_with("xxxend"));
  EXPECT_EQ(text.place(), (1U << 20) + 5);
  EXPECT_EQ(text.take(), "abxxxxxxxx");
}

TEST(ConsoleText, IsNotCutInTheMiddleOfACharacter) {
  AnswerText text;
  text.restart(4);
  text.append("abc\xc3\xa4z");
  EXPECT_EQ(text.take(), "abc");
}

TEST(ConsoleText, ForgetsWhatFollowsAPlace) {
  AnswerText text;
  text.restart(100);
  text.append_line("stays");
  const auto place = text.place();
  text.append_line("goes");
  EXPECT_EQ(text.since(place), "goes\n");
  text.cut_at(place);
  EXPECT_EQ(text.take(), "stays\n");
}

TEST(ConsoleText, HasATailThatBeginsWhereItWasForgotten) {
  AnswerText text;
  text.restart(100);
  text.append("asked");
  text.forget_tail();
  text.append("again");
  EXPECT_EQ(text.tail(), "again");
}

// ---------------------------------------------------------------- patterns

TEST(ConsolePattern, TellsWhichOfSeveralMatched) {
  const Scratch scratch;
  const auto pattern =
      Pattern::compile_list("list", {"^a$", "", "^c+$"}, Pattern::Where::Line).value();
  EXPECT_EQ(pattern.search("a", scratch)->alternative, 0U);
  EXPECT_EQ(pattern.search("ccc", scratch)->alternative, 2U);
  EXPECT_FALSE(pattern.search("", scratch).has_value());
}

TEST(ConsolePattern, MatchesATailOnlyWhereItEnds) {
  const Scratch scratch;
  const auto pattern = Pattern::compile("prompt", "^x>$", Pattern::Where::Tail).value();
  EXPECT_TRUE(pattern.search("x>", scratch).has_value());
  EXPECT_TRUE(pattern.search("line\nx>", scratch).has_value());
  EXPECT_TRUE(pattern.search("x>  ", scratch).has_value());
  EXPECT_FALSE(pattern.search("x> y", scratch).has_value());
  EXPECT_FALSE(pattern.search("x>\n", scratch).has_value());
}

TEST(ConsolePattern, ThatIsEmptyNeverMatches) {
  const Scratch scratch;
  const auto pattern = Pattern::compile("login", "", Pattern::Where::Tail).value();
  EXPECT_FALSE(pattern.search("", scratch).has_value());
}

TEST(ConsolePattern, PassesByLinesWhoseFirstLetterCannotBegin) {
  const auto pattern =
      Pattern::compile_list("noise", {R"(^\d\d/)", "^Boot"}, Pattern::Where::Line).value();
  EXPECT_TRUE(pattern.may_match("03/04"));
  EXPECT_TRUE(pattern.may_match("Boot"));
  EXPECT_FALSE(pattern.may_match("Vlan"));
  EXPECT_FALSE(pattern.may_match(""));
}

TEST(ConsolePattern, WithoutAnAnchorPassesByNothing) {
  const auto pattern = Pattern::compile_list("noise", {"%LINK"}, Pattern::Where::Line).value();
  EXPECT_TRUE(pattern.may_match("00:01 %LINK-3"));
}

TEST(ConsolePattern, MeantWithoutCaseLetsBothCasesPass) {
  const auto pattern = Pattern::compile_list("noise", {"(?i)^boot"}, Pattern::Where::Line).value();
  EXPECT_TRUE(pattern.may_match("boot"));
  EXPECT_TRUE(pattern.may_match("BOOT"));
}

TEST(ConsolePattern, InAListMayNotReferBack) {
  EXPECT_THAT(Pattern::compile_list("noise", {"a", R"((x)\1)"}, Pattern::Where::Line).error().what,
              testing::HasSubstr("noise[1]: the pattern `(x)\\1` refers back"));
}

// ---------------------------------------------------------------- the pump

struct Heard : Pump::Sink {
  void bytes(Pump::Id, std::string_view bytes) override { text += bytes; }
  void quiet(Pump::Id) override { ++quiets; }
  void ended(Pump::Id) override { ++ends; }
  std::string text;
  int quiets = 0;
  int ends = 0;
};

struct Pair {
  Pair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0); }
  ~Pair() {
    close(ends[0]);
    if (ends[1] >= 0) close(ends[1]);
  }
  int ends[2] = {-1, -1};
};

TEST(ConsolePump, HandsOverWhatIsThereAndSaysWhenThatWasAll) {
  Pair pair;
  Pump pump;
  pump.add(pair.ends[0]);
  Heard heard;
  ASSERT_EQ(write(pair.ends[1], "hello", 5), 5);
  EXPECT_TRUE(pump.wait(10s, heard));
  EXPECT_EQ(heard.text, "hello");
  EXPECT_EQ(heard.quiets, 1);
}

TEST(ConsolePump, ReturnsWhenTheLimitHasPassed) {
  Pair pair;
  Pump pump;
  pump.add(pair.ends[0]);
  Heard heard;
  EXPECT_FALSE(pump.wait(1us, heard));
  EXPECT_EQ(heard.quiets, 0);
}

TEST(ConsolePump, TellsAnEndOnceAndDropsWhatIsSentAfterwards) {
  Pair pair;
  Pump pump;
  const auto id = pump.add(pair.ends[0]);
  Heard heard;
  close(std::exchange(pair.ends[1], -1));
  EXPECT_TRUE(pump.wait(10s, heard));
  pump.send(id, "lost");
  EXPECT_FALSE(pump.wait(1us, heard));
  EXPECT_EQ(heard.ends, 1);
}

TEST(ConsolePump, KeepsWhatDoesNotFitUntilThereIsRoom) {
  Pair pair;
  Pump pump;
  const auto id = pump.add(pair.ends[0]);
  const auto far = pump.add(pair.ends[1]);
  Heard heard;
  std::string text;
  for (int i = 0; text.size() < (4U << 20); ++i) text += std::to_string(i) + "\n";
  pump.send(id, text.substr(0, 3 << 20));
  pump.send(id, text.substr(3 << 20));
  while (heard.text.size() < text.size()) ASSERT_TRUE(pump.wait(10s, heard));
  EXPECT_TRUE(heard.text == text);
  pump.remove(far);
}

}  // namespace
}  // namespace understudy::targets

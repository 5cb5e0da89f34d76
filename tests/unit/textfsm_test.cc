// The TextFSM engine's own promises: errors with their place, rows and their lines, what was left
// unread, threads, JSON, and the command. That rows equal the original's is proven in
// golden/textfsm.
#include "targets/textfsm/textfsm.h"
#include "fresh_folder.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "targets/textfsm/parse_command.h"

namespace understudy::targets::textfsm {
namespace {

constexpr std::string_view ports = R"(Value Key PORT (\d+:\d+)
Value STATE (up|down)

Start
  ^Port -> Ports

Ports
  ^${PORT}\s+${STATE} -> Record
)";

Template compiled(std::string_view text) {
  auto made = compile(text, "t.textfsm");
  EXPECT_TRUE(made) << to_line(made.error());
  return *made;
}

Rows parsed(std::string_view text, std::string_view input) {
  auto rows = parse(compiled(text), input);
  EXPECT_TRUE(rows) << to_line(rows.error());
  return *rows;
}

std::string refusal(std::string_view text) {
  const auto made = compile(text, "t.textfsm");
  return made ? "accepted" : to_line(made.error());
}

TEST(TextFsm, RowsHoldTheTextOfEachValueInTheOrderOfTheTemplate) {
  const Rows rows = parsed(ports, "Port State\n1:1 up\n1:2 down\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows.columns()[0], "PORT");
  EXPECT_EQ(rows.columns()[1], "STATE");
  EXPECT_EQ(rows.text(1, 0), "1:2");
  EXPECT_EQ(rows.text(1, *rows.column("STATE")), "down");
  EXPECT_FALSE(rows.column("MTU"));
}

TEST(TextFsm, KeysAreTheValuesDeclaredSo) {
  EXPECT_EQ(compiled(ports).keys(), std::vector<std::string>{"PORT"});
}

TEST(TextFsm, RowsOutliveTheInputTheTemplateAndTheOriginalRows) {
  auto input = std::make_unique<std::string>("Port State\n1:1 up\n");
  auto first = std::make_unique<Rows>(parsed(ports, *input));
  const Rows copy = *first;
  first.reset();
  input->assign("xxxxxxxxxxxxxxxxxxxxxx");
  input.reset();
  EXPECT_EQ(copy.text(0, 0), "1:1");
  EXPECT_EQ(copy.columns()[0], "PORT");
}

TEST(TextFsm, EachRowNamesTheLinesItsValuesCameFrom) {
  const Rows rows = parsed(
      "Value NAME (\\w+)\nValue SIZE (\\d+)\n\nStart\n  ^name -> Continue.Record\n"
      "  ^name ${NAME}\n  ^size ${SIZE}\n",
      "\nname a\n\nsize 1\n\nname b\nsize 2");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows.lines(0), (LineRange{2, 4}));
  EXPECT_EQ(rows.lines(1), (LineRange{6, 7}));
}

TEST(TextFsm, ARowOfCarriedValuesNamesTheLineThatRecordedIt) {
  const Rows rows =
      parsed("Value Filldown A (\\w)\n\nStart\n  ^a${A}\n  ^- -> Record\n\nEOF\n", "ax\n-\n-\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows.lines(0), (LineRange{1, 1}));
  EXPECT_EQ(rows.lines(1), (LineRange{3, 3}));
}

TEST(TextFsm, LinesThatNoRuleMatchedAreListedUnlessBlank) {
  const Rows rows = parsed(ports, "Port\n1:1 up\n\n  \nWARNING: fan\n1:2 up\nbye");
  ASSERT_EQ(rows.unread().size(), 2u);
  EXPECT_EQ(rows.unread()[0].number, 5u);
  EXPECT_EQ(rows.unread()[0].text, "WARNING: fan");
  EXPECT_EQ(rows.unread()[1].number, 7u);
  EXPECT_EQ(rows.unread()[1].text, "bye");
}

TEST(TextFsm, ALineThatOnlyAContinueMatchedIsRead) {
  EXPECT_TRUE(parsed("Value A (a)\n\nStart\n  ^${A} -> Continue\n", "a\n").unread().empty());
}

TEST(TextFsm, LinesAfterTheEndAreNotOfferedToAnyRule) {
  EXPECT_TRUE(parsed("Value A (a)\n\nStart\n  ^${A} -> End\n", "a\nrest\n").unread().empty());
}

TEST(TextFsm, ListsHoldTextOrMaps) {
  const Rows rows =
      parsed("Value List L (\\d)\nValue List M ((?P<k>\\w)=(?P<v>\\d)?)\n\nStart\n  ^${L} ${M}\n",
             "1 a=2\n3 b=\n");
  ASSERT_EQ(rows.size(), 1u);
  ASSERT_TRUE(rows.is_list(0, 0));
  EXPECT_EQ(rows.list(0, 0)[1].text, "3");
  const std::vector<Item>& maps = rows.list(0, 1);
  ASSERT_EQ(maps.size(), 2u);
  ASSERT_TRUE(maps[1].is_map());
  EXPECT_EQ(maps[1].fields[0].name, "k");
  EXPECT_EQ(maps[1].fields[0].text, "b");
  EXPECT_EQ(maps[1].fields[1].text, std::nullopt);
}

TEST(TextFsm, JsonHasTheShapeOfParseTextToDicts) {
  const Rows rows = parsed(
      "Value B (\\S+)\nValue List A ((?P<k>\\w)=(?P<v>\\d)?)\nValue C (x)\n\nStart\n  ^${B} ${A}\n",
      "\"\xc3\xa9\" z=\n");
  EXPECT_EQ(to_json(rows), R"([
  {
    "B": "\"é\"",
    "A": [
      {
        "k": "z",
        "v": null
      }
    ],
    "C": ""
  }
])");
  EXPECT_EQ(to_json(parsed(ports, "")), "[]");
}

TEST(TextFsm, TheTableIsAligned) {
  EXPECT_EQ(to_table(parsed(ports, "Port\n1:1 up\n10:22 down\n")),
            "PORT   STATE\n1:1    up\n10:22  down\n");
}

TEST(TextFsm, ARefusalNamesFileLineCauseAndHint) {
  EXPECT_EQ(refusal("Value Requird A (a)\n\nStart\n"),
            "t.textfsm:1: unknown option `Requird` (did you mean `Required`?)");
  EXPECT_EQ(refusal("Value A (a)\n\nStart\n  ^b\n  ^a$\n"),
            "t.textfsm:5: a $ that begins neither $$ nor ${NAME} (write $$ for the end of the "
            "line, ${NAME} for a Value)");
  EXPECT_EQ(refusal("Value ALPHA (a)\n\nStart\n  ^${ALPHE}\n"),
            "t.textfsm:4: no Value is called `${ALPHE}` (did you mean `ALPHA`?)");
  EXPECT_EQ(refusal("Value A (a)\n\nStart\n  ^b -> Portz\n\nPorts\n"),
            "t.textfsm:4: no state is called `Portz` (in state `Start`) (did you mean `Ports`?)");
  EXPECT_EQ(refusal("Value A (a)\n\nStart\n  ^b(\n"),
            "t.textfsm:4: `^b(` is no regular expression: missing ), unterminated subpattern (the "
            "syntax is that of Python 3.11's re)");
}

TEST(TextFsm, AnErrorActionSaysWhatTheOriginalSaysAtItsRule) {
  const Template with = compiled("Value A (a)\n\nStart\n  ^${A}\n  ^. -> Error \"no idea\"\n");
  const auto rows = parse(with, "a\nwhat\n");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().where, "t.textfsm:5");
  EXPECT_EQ(rows.error().what, "Error: \"no idea\". Rule Line: 5. Input Line: what.");
  EXPECT_EQ(rows.error().hint, "input line 2");
}

TEST(TextFsm, APatternThatRunsAwayIsAnErrorAtItsRule) {
  const Template with = compiled("Value A (a)\n\nStart\n  ^(?:a+)+(?:a+)+(?:a+)+$$\n");
  const auto rows = parse(with, "\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().where, "t.textfsm:4");
  EXPECT_EQ(rows.error().what, "the pattern runs away on input line 2");
}

TEST(TextFsm, BytesThatAreNotUtf8CountAsReplacementCharacters) {
  const Rows rows = parsed("Value A (.+)\n\nStart\n  ^${A}\n", "a\xff\xe2\x82z");
  EXPECT_EQ(rows.text(0, 0), "a\xef\xbf\xbd\xef\xbf\xbdz");
}

TEST(TextFsm, ALongLineWithDeepBacktrackingIsMatched) {
  const Rows rows = parsed("Value A (\\w+)\n\nStart\n  ^(?:a|b)*${A}c -> Record\n",
                           std::string(200'000, 'a').append("c"));
  EXPECT_EQ(rows.size(), 1u);
}

TEST(TextFsm, OneTemplateServesManyThreadsAtOnce) {
  constexpr std::string_view source =
      "Value Filldown A (\\w+)\nValue List B ((?P<n>\\d)(?P<m>\\d)?)\n\nStart\n"
      "  ^${A} ${B} -> Record\n";
  const Template with = compiled(source);
  std::string plain;
  std::string mixed;
  for (int i = 0; i < 500; ++i) {
    plain += "name " + std::to_string(i) + "\n";
    mixed += "n\xc3\xa4me " + std::to_string(i) + "\n";
  }
  const std::string expected_plain = to_json(*parse(compiled(source), plain));
  const std::string expected_mixed = to_json(*parse(compiled(source), mixed));
  std::vector<std::string> found(16);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < found.size(); ++i) {
    threads.emplace_back([&, i] { found[i] = to_json(*parse(with, i % 2 == 0 ? plain : mixed)); });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i], i % 2 == 0 ? expected_plain : expected_mixed);
  }
}

class ParseCommand : public ::testing::Test {
 protected:
  std::string path(const char* name) const { return (folder_.path() / name).string(); }
  std::string write(const char* name, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  int run(const std::string& with, const std::string& input, bool json) {
    std::FILE* out = std::tmpfile();
    std::FILE* err = std::tmpfile();
    const int status = parse_command(with, input, json, out, err);
    out_ = contents(out);
    err_ = contents(err);
    return status;
  }
  static std::string contents(std::FILE* file) {
    std::string text(4096, '\0');
    std::rewind(file);
    text.resize(std::fread(text.data(), 1, text.size(), file));
    std::fclose(file);
    return text;
  }

  const understudy::testing::FreshFolder folder_;
  std::string out_;
  std::string err_;
};

TEST_F(ParseCommand, PrintsATableOrJson) {
  const std::string with = write("ports.textfsm", ports);
  const std::string input = write("ports.txt", "Port\r\n1:1 up\r\n");
  EXPECT_EQ(run(with, input, false), 0);
  EXPECT_EQ(out_, "PORT  STATE\n1:1   up\n");
  EXPECT_EQ(run(with, input, true), 0);
  EXPECT_EQ(out_, "[\n  {\n    \"PORT\": \"1:1\",\n    \"STATE\": \"up\"\n  }\n]\n");
  EXPECT_EQ(err_, "");
}

TEST_F(ParseCommand, EndsWithThreeAndOneLineOnABadTemplate) {
  const std::string with = write("bad.textfsm", "Value A (a)\nStart\n");
  EXPECT_EQ(run(with, write("ports.txt", "x"), true), 3);
  EXPECT_EQ(err_, with +
                      ":2: a blank line must follow the last Value line (insert one before the "
                      "first state)\n");
  EXPECT_EQ(out_, "");
}

TEST_F(ParseCommand, EndsWithThreeAndOneLineOnAMissingFile) {
  const std::string with = write("ports.textfsm", ports);
  EXPECT_EQ(run(path("none.textfsm"), with, false), 3);
  EXPECT_EQ(err_, path("none.textfsm") + ": cannot be read: No such file or directory\n");
  EXPECT_EQ(run(with, path("none.txt"), false), 3);
  EXPECT_EQ(run(with, folder_.path().string(), false), 3);
}

}  // namespace
}  // namespace understudy::targets::textfsm

// The YAML layer that suites, testbeds and dialects share: positions, refusals, limits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/yaml.h"

namespace understudy::yaml {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> lines_of(const Problems& problems) {
  std::vector<std::string> lines;
  for (const Error& error : problems) lines.push_back(to_line(error));
  return lines;
}

std::vector<std::string> problems_of(std::string_view text) {
  Problems problems;
  parse(text, "f.yaml", problems);
  return lines_of(problems);
}

Node sound(std::string_view text) {
  Problems problems;
  auto documents = parse(text, "f.yaml", problems);
  EXPECT_THAT(lines_of(problems), IsEmpty());
  return documents.empty() ? Node{} : documents.front();
}

TEST(Yaml, KeepsKeysInTheOrderOfTheFileWithTheirPlaces) {
  const Node root = sound("b: 1\na:\n  - x\n  - \"y\"\n");

  ASSERT_EQ(root.entries.size(), 2u);
  EXPECT_EQ(root.entries[0].key.text, "b");
  const Node& list = root.entries[1].value;
  ASSERT_EQ(list.items.size(), 2u);
  EXPECT_EQ(where(list.items[1]), "f.yaml:4");
  EXPECT_EQ(list.items[1].column, 5);
  EXPECT_FALSE(list.items[0].is_quoted);
  EXPECT_TRUE(list.items[1].is_quoted);
}

TEST(Yaml, ReadsSeveralDocuments) {
  Problems problems;
  const auto documents = parse("a: 1\n---\nb: 2\n", "f.yaml", problems);

  ASSERT_EQ(documents.size(), 2u);
  EXPECT_EQ(documents[1].entries.at(0).key.line, 3);
}

TEST(Yaml, TakesAnEmptyValueAndAnEmptyFile) {
  EXPECT_TRUE(sound("known: \n").entries.at(0).value.is_empty());
  EXPECT_TRUE(sound("").is_empty());
}

TEST(Yaml, WritesAliasesOut) {
  const Node root = sound("a: &one [x, y]\nb: *one\n");
  EXPECT_EQ(root.entries.at(1).value.items.size(), 2u);
}

struct Refused {
  const char* name;
  std::string text;
  const char* message;
};

void PrintTo(const Refused& refused, std::ostream* out) {
  *out << refused.name;
}

class YamlRefuses : public testing::TestWithParam<Refused> {};

TEST_P(YamlRefuses, WithOneLineAndThePlace) {
  EXPECT_THAT(problems_of(GetParam().text), ElementsAre(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Text, YamlRefuses,
    testing::Values(
        Refused{"DuplicateKeys", "a: 1\nb: 2\na: 3\n",
                "f.yaml:3: the key `a` stands here twice (the first is on line 1)"},
        Refused{"Off", "power: off\n", "f.yaml:1: unquoted `off` is no value (write \"off\")"},
        Refused{"NoInAList", "- x\n- No\n", "f.yaml:2: unquoted `No` is no value (write \"No\")"},
        Refused{"NullWord", "a: null\n",
                "f.yaml:1: unquoted null is no value (quote it, or leave the key out)"},
        Refused{"Tabs", "a:\n\tb: 1\n",
                "f.yaml:2: a tab stands in the indentation (YAML indents with spaces)"},
        Refused{"AKeyThatIsAList", "[a]: 1\n",
                "f.yaml:1: a key is a word, not a list, a map or nothing (quote it if it is text)"},
        Refused{"ATypeTag", "a: !!int 3\n",
                "f.yaml:1: type tags are not used here: `tag:yaml.org,2002:int` (leave it out)"},
        Refused{"ABracketThatStaysOpen", "a: [1,\nb: 2\n",
                "f.yaml:2: not YAML: end of sequence flow not found (check indentation, quotes and "
                "brackets up to here)"},
        Refused{
            "AnUnknownAlias", "a: *b\n",
            "f.yaml:1: not YAML: the referenced anchor is not defined (check indentation, quotes "
            "and brackets up to here)"},
        Refused{"ACommaThatOpensADocument", "# a\n,a: b\n",
                "f.yaml:2: not YAML: a sign that opens no value (check indentation, quotes and "
                "brackets up to here)"},
        Refused{"AValueInsideItself", "a: &b [*b]\n",
                "f.yaml:1: not YAML: a value that contains itself (check indentation, quotes and "
                "brackets up to here)"},
        Refused{"ANulByte", std::string("a: 1\nb\0: 2\n", 11),
                "f.yaml:2: a NUL byte: this is no text file"},
        Refused{"BytesThatAreNoUtf8", "a: 1\nb: \xff\n",
                "f.yaml:2: a byte that is no UTF-8 text (save the file as UTF-8)"},
        Refused{"AliasesThatGrowWithoutEnd",
                "a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
                "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n",
                "f.yaml: more than 300000 values once its aliases are written out (repeat less, or "
                "split "
                "it)"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Yaml, SurvivesAHundredThousandBrackets) {
  EXPECT_EQ(problems_of(std::string(100'000, '[')).size(), 1u);
}

TEST(Yaml, NamesAFileThatCannotBeRead) {
  Problems problems;
  parse_file("/nowhere/f.yaml", problems);
  EXPECT_THAT(
      lines_of(problems),
      ElementsAre(
          "/nowhere/f.yaml: cannot be read: No such file or directory (is the name right?)"));
}

TEST(ClosedMap, ReportsUnknownAndMissingKeys) {
  Problems problems;
  const Node root = sound("nodse: 1\n");

  EXPECT_TRUE(check_keys(root, "a testbed", {"nodes"}, {"links"}, problems));
  EXPECT_THAT(lines_of(problems),
              ElementsAre("f.yaml:1: a testbed has no key `nodse` (did you mean `nodes`?)",
                          "f.yaml:1: a testbed needs the key `nodes`"));
}

TEST(ClosedMap, IsNoScalar) {
  Problems problems;
  EXPECT_FALSE(check_keys(sound("x"), "a testbed", {}, {}, problems));
  EXPECT_THAT(lines_of(problems), ElementsAre("f.yaml:1: a testbed is a map of keys and values"));
}

TEST(Typed, ReadsTextFlagsAndIntegers) {
  Problems problems;
  const Node root = sound("a: true\nb: 42\nc: [x, y]\nd: \"true\"\n");

  EXPECT_EQ(flag_from(*find(root, "a"), "`a`", problems), true);
  EXPECT_EQ(integer_from(*find(root, "b"), "`b`", 1, problems), 42);
  EXPECT_EQ(texts_from(*find(root, "c"), "`c`", problems), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(text_from(*find(root, "d"), "`d`", problems), "true");
  EXPECT_THAT(lines_of(problems), IsEmpty());
}

TEST(Typed, RefusesWhatDoesNotFit) {
  Problems problems;
  const Node root = sound("a: perhaps\nb: 4x\nc: {x: y}\nd: true\n");

  EXPECT_FALSE(flag_from(*find(root, "a"), "`a`", problems));
  EXPECT_FALSE(integer_from(*find(root, "b"), "`b`", 1, problems));
  EXPECT_FALSE(text_from(*find(root, "c"), "`c`", problems));
  EXPECT_FALSE(text_from(*find(root, "d"), "`d`", problems));
  EXPECT_THAT(
      lines_of(problems),
      ElementsAre("f.yaml:1: `a` is true or false", "f.yaml:2: `b` is a whole number, at least 1",
                  "f.yaml:3: `c` is one value",
                  "f.yaml:4: unquoted `true` is no value (write \"true\")"));
}

}  // namespace
}  // namespace understudy::yaml

// The grammar engine on a small language of its own: abbreviations, arguments, help.
#include "reference-impl/cli/grammar.h"

#include <gmock/gmock.h>

#include "reference-impl/cli/grammar_pattern.h"

namespace understudy::reference {
namespace {

using testing::ElementsAre;
using Form = ArgumentRow::Form;
using Outcome = Parsed::Outcome;

const std::vector<PatternRow> commands{
    {"show switch {detail}", 1},
    {"show slot", 2},
    {"show stage {<act_name>} {detail}", 3},
    {"configure node slot <slot_id> priority <node_pri>", 4},
    {"configure {act} <act_name> name <text>", 5},
    {"save {configuration} {primary | secondary | <file>}", 6},
    {"reboot {msm <slot_id>}", 7},
    {"add [<port_list> | all]", 8},
    {"entry <mac>", 9},
    {"call <name>", 10},
    {"from <flash>", 11},
};
const std::vector<ArgumentRow> arguments{
    {.name = "act_name", .form = Form::Object, .help = "Act"},
    {.name = "slot_id", .form = Form::Choice, .help = "Slot", .choices = "A B"},
    {.name = "flash", .form = Form::Choice, .help = "Flash", .choices = "first second secure"},
    {.name = "node_pri", .form = Form::Number, .help = "Priority", .least = 0, .most = 100},
    {.name = "text", .form = Form::Word, .help = "Text"},
    {.name = "file", .form = Form::Word, .help = "File"},
    {.name = "port_list", .form = Form::Ports, .help = "Ports"},
    {.name = "name", .form = Form::Name, .help = "Name", .most = 4},
    {.name = "mac", .form = Form::Mac, .help = "Address"},
};
const std::vector<WordRow> words{{"switch", "The switch"}};

const Grammar& grammar() {
  static const Grammar built(commands, arguments, words);
  return built;
}

std::vector<std::string> acts(std::string_view) {
  return {"Default", "slow", "det"};
}

Parsed parse(std::string_view line) {
  return grammar().parse(line, acts);
}

std::vector<std::string> next_words(std::string_view line) {
  std::vector<std::string> found;
  for (const Completion& one : grammar().complete(line, acts)) found.push_back(one.word);
  return found;
}

TEST(Pattern, ExpandsOptionsAndAlternatives) {
  EXPECT_EQ(expand_pattern("a {b | c}").size(), 3u);
  EXPECT_EQ(expand_pattern("a [b | <c>] {d {e}}").size(), 6u);
  EXPECT_THAT(expand_pattern("a <b>"), ElementsAre(PatternSequence{{"a", false}, {"b", true}}));
}

struct Line {
  std::string_view name;
  std::string_view typed;
  Outcome outcome;
  int id;
  std::size_t place;
};

class GrammarLine : public testing::TestWithParam<Line> {};

TEST_P(GrammarLine, ParsesToTheOutcome) {
  const Parsed parsed = parse(GetParam().typed);
  EXPECT_EQ(parsed.outcome, GetParam().outcome);
  const bool is_complete = parsed.outcome == Outcome::Complete;
  EXPECT_EQ(is_complete ? parsed.call.id : 0, GetParam().id);
  EXPECT_EQ(parsed.place, GetParam().place);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, GrammarLine,
    testing::Values(
        Line{"nothing", "   ", Outcome::Empty, 0, 0},
        Line{"full", "show switch detail", Outcome::Complete, 1, 0},
        Line{"short", "sh sw d", Outcome::Complete, 1, 0},
        Line{"any_case", "SHOW Switch", Outcome::Complete, 1, 0},
        Line{"ambiguous", "show s", Outcome::Ambiguous, 0, 5},
        Line{"ambiguous_by_two_letters", "sh sl det", Outcome::Invalid, 0, 6},
        Line{"incomplete", "show", Outcome::Incomplete, 0, 0},
        Line{"unknown", "show foo", Outcome::Invalid, 0, 5},
        Line{"too_much", "show slot  x", Outcome::Invalid, 0, 11},
        Line{"choice", "reboot msm b", Outcome::Complete, 7, 0},
        Line{"no_such_choice", "reboot msm c", Outcome::Invalid, 0, 11},
        Line{"short_choice", "from F", Outcome::Complete, 11, 0},
        Line{"ambiguous_choice", "from sec", Outcome::Invalid, 0, 5},
        Line{"most", "configure node slot A priority 100", Outcome::Complete, 4, 0},
        Line{"over_most", "configure node slot A priority 101", Outcome::Invalid, 0, 31},
        Line{"under_least", "configure node slot A priority -1", Outcome::Invalid, 0, 31},
        Line{"no_number", "configure node slot A priority x", Outcome::Invalid, 0, 31},
        Line{"object", "configure act slow name x", Outcome::Complete, 5, 0},
        Line{"object_without_its_word", "conf slow name x", Outcome::Complete, 5, 0},
        Line{"no_such_object", "configure act foo name x", Outcome::Invalid, 0, 14},
        Line{"ports", "add 1:1-4,2:3", Outcome::Complete, 8, 0},
        Line{"all_ports", "add all", Outcome::Complete, 8, 0},
        Line{"no_ports", "add x", Outcome::Invalid, 0, 4},
        Line{"name", "call a-_.", Outcome::Complete, 10, 0},
        Line{"name_too_long", "call abcde", Outcome::Invalid, 0, 5},
        Line{"no_name", "call a/b", Outcome::Invalid, 0, 5},
        Line{"mac", "entry 00:aa:BB:00:00:01", Outcome::Complete, 9, 0},
        Line{"no_mac", "entry 00:aa:BB:00:00", Outcome::Invalid, 0, 6}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Grammar, AnObjectNamedInFullGoesBeforeAShortenedKeyword) {
  EXPECT_EQ(parse("show stage det").call.argument("act_name"), "det");
  EXPECT_TRUE(parse("show stage deta").call.has("detail"));
}

TEST(Grammar, AKeywordInFullGoesBeforeAnArgument) {
  EXPECT_TRUE(parse("save primary").call.has("primary"));
  EXPECT_EQ(parse("save mine").call.argument("file"), "mine");
}

TEST(Grammar, QuotesMakeOneWordAndKeepItFromBeingAKeyword) {
  EXPECT_EQ(parse("configure slow name \"two words\"").call.argument("text"), "two words");
  EXPECT_EQ(parse("save \"primary\"").call.argument("file"), "primary");
}

TEST(Grammar, GivesObjectsAndChoicesTheirOwnSpelling) {
  EXPECT_EQ(parse("show stage default").call.argument("act_name"), "Default");
  EXPECT_EQ(parse("reboot msm b").call.argument("slot_id"), "B");
  EXPECT_EQ(parse("from seco").call.argument("flash"), "second");
}

TEST(Grammar, CompletesWordsObjectsAndTheEnd) {
  EXPECT_THAT(next_words("show s"), ElementsAre("slot", "stage", "switch"));
  EXPECT_THAT(next_words("show switch "), ElementsAre("detail", "<cr>"));
  EXPECT_THAT(next_words("show stage "), ElementsAre("detail", "Default", "slow", "det", "<cr>"));
  EXPECT_THAT(next_words("reboot msm "), ElementsAre("A", "B"));
  EXPECT_THAT(next_words("entry "), ElementsAre("<mac>"));
  EXPECT_THAT(next_words("nonsense "), ElementsAre());
}

}  // namespace
}  // namespace understudy::reference

// The vocabulary: every word's example is accepted, and the generated pages are those in docs/.
// UNDERSTUDY_REWRITE=1 in the environment rewrites the pages instead of comparing.
#include "harness/words.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "harness/matcher.h"
#include "tests/unit/suite_text.h"

namespace understudy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Example {
  std::string name;
  std::string text;  ///< a whole suite
};

void PrintTo(const Example& example, std::ostream* out) {
  *out << example.text;
}

std::string in_a_step(std::string_view item) {
  return std::string(suite_head) +
         "cases:\n  example:\n    title: T\n    given: {master: MASTER, backup: BACKUP}\n"
         "    vary: {delay: [1s]}\n    steps:\n      - remember: {claimed: "
         "master.config.active}\n" +
         fmt::format("      - {{{}}}\n", item);
}

std::string expecting(std::string_view condition) {
  return in_a_step(fmt::format("expect: {}, checks: backup-takes-over", condition));
}

std::string named(std::string_view group, std::string_view name) {
  std::string result;
  for (const char c : fmt::format("{}_{}", group, name))
    result += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return result;
}

std::string bound_example(const KeyWord& word) {
  if (word.name == "lasts")
    return in_a_step(fmt::format(
        "expect: {{backup.state: DOWN}}, within: 1s, checks: backup-takes-over, {}", word.example));
  return word.name == "checks"
             ? in_a_step(fmt::format("expect: {{backup.state: MASTER}}, {}", word.example))
             : in_a_step(fmt::format("await: {{backup.state: MASTER}}, {}", word.example));
}

std::string step_example(const KeyWord& word) {
  return in_a_step(word.name == "expect"
                       ? fmt::format("{}, checks: backup-takes-over", word.example)
                       : std::string(word.example));
}

std::string case_example(const KeyWord& word) {
  std::string text = std::string(suite_head) + "cases:\n  example:\n";
  text += fmt::format("    {}\n", word.example);
  if (word.name != "title") text += "    title: T\n";
  if (word.name != "given") text += "    given: {master: MASTER}\n";
  return word.name == "steps" ? text : text + "    steps: [{pause: 1s}]\n";
}

std::string clause_example(const KeyWord& word) {
  std::string text = std::string(suite_head) + "---\nclauses:\n  other:\n";
  text += fmt::format("    {}\n", word.example);
  if (word.name != "level") text += "    level: INFO\n";
  if (word.name != "source") text += "    source: PUBLIC\n";
  if (word.name != "statement") text += "    statement: S\n";
  return word.name == "citation" ? text : text + "    citation: guide, page 1\n";
}

/// Top-level words stand in place of the head's own line.
std::string suite_example(const KeyWord& word) {
  if (word.example.empty()) return suite_head;
  std::string text = fmt::format("{}\n", word.example);
  for (const char* line : {"suite: s", "product: p", "edition: e", "documents: {guide: G}"})
    if (!std::string_view(line).starts_with(word.name)) text += fmt::format("{}\n", line);
  return text;
}

std::string name_example(const KeyWord& word) {
  if (word.name == "$limits.NAME")
    return in_a_step(fmt::format("await: {{backup.state: MASTER}}, {}", word.example));
  if (word.name != "$outcome") return in_a_step(word.example);
  const std::string clause =
      "  which: {level: MAY, source: PUBLIC, citation: \"guide, page 7\", statement: S, outcomes: ["
      "{edition: \"1.0\", citation: \"guide, page 7\", outcome: BACKUP}, "
      "{edition: \"2.0\", citation: \"guide, page 8\", outcome: MASTER}]}\n";
  std::string text = in_a_step(fmt::format("{}, checks: which", word.example));
  return text.insert(std::string_view(suite_head).size(), clause);
}

std::vector<Example> examples() {
  std::vector<Example> all;
  for (const ActWord& act : act_words())
    all.push_back({named("act", act.name), in_a_step(fmt::format("do: {}", act.example))});
  for (const AttributeWord& word : attribute_words())
    all.push_back({named("attribute", word.name), expecting(word.example)});
  for (const ListenerWord& word : listener_words())
    all.push_back({named("listener", word.name), expecting(word.example)});
  for (const MatcherWord& word : matcher_words())
    all.push_back({named("comparison", word.word.name), expecting(word.word.example)});
  for (const QuantifierWord& word : quantifier_words())
    all.push_back({named("quantifier", word.word.name), expecting(word.word.example)});
  for (const KeyWord& word : step_words())
    all.push_back({named("step", word.name), step_example(word)});
  for (const KeyWord& word : bound_words())
    all.push_back({named("bound", word.name), bound_example(word)});
  for (const KeyWord& word : name_words())
    all.push_back({named("name", word.name), name_example(word)});
  for (const KeyWord& word : case_words())
    all.push_back({named("case", word.name), case_example(word)});
  for (const KeyWord& word : clause_words())
    all.push_back({named("clause", word.name), clause_example(word)});
  for (const KeyWord& word : suite_words())
    all.push_back({named("suite", word.name), suite_example(word)});
  for (const KeyWord& word : invariant_words())
    all.push_back({named("invariant", word.name),
                   fmt::format("{}always:\n  - {}\n    checks: backup-takes-over\n", suite_head,
                               word.example)});
  return all;
}

class WordExample : public testing::TestWithParam<Example> {};

TEST_P(WordExample, IsAcceptedByTheLoader) {
  std::vector<Error> all;
  (void)load_suite(GetParam().text, "s.yaml", &all);

  for (const Error& error : all) ADD_FAILURE() << to_line(error) << "\n" << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Every, WordExample, testing::ValuesIn(examples()),
                         [](const auto& info) { return info.param.name; });

template <typename Word>
void expect_own_words_in_examples(std::span<const Word> words) {
  for (const Word& word : words)
    EXPECT_THAT(std::string(word.example), HasSubstr(std::string(word.name)));
}

TEST(Words, StandInTheirOwnExamples) {
  expect_own_words_in_examples(act_words());
  expect_own_words_in_examples(attribute_words());
  expect_own_words_in_examples(step_words());
  expect_own_words_in_examples(bound_words());
  expect_own_words_in_examples(invariant_words());
}

TEST(Words, AreEachInTheTableOnce) {
  std::set<std::string> acts;
  for (const ActWord& word : act_words()) EXPECT_TRUE(acts.emplace(word.name).second) << word.name;
  std::set<std::string> attributes;
  for (const AttributeWord& word : attribute_words())
    EXPECT_TRUE(attributes.emplace(word.name).second) << word.name;
}

TEST(Words, GiveEveryKindOfMatcherAWordOfItsOwn) {
  std::set<std::string> words;
  for (const auto kind :
       {Matcher::Kind::Equals, Matcher::Kind::Not, Matcher::Kind::OneOf, Matcher::Kind::NoneOf,
        Matcher::Kind::AtLeast, Matcher::Kind::AtMost, Matcher::Kind::Above, Matcher::Kind::Below,
        Matcher::Kind::Matches, Matcher::Kind::Known})
    words.insert(word_of(kind));

  EXPECT_EQ(words.size(), 10u);
}

TEST(Words, NameOnlyHazardsThatTestbedsKnow) {
  const std::set<std::string_view> known = {"reads", "changes", "disrupts", "wears-flash",
                                            "may-brick"};
  for (const ActWord& word : act_words())
    for (const std::string_view hazard : word.hazards)
      EXPECT_TRUE(known.contains(hazard)) << word.name;
}

void expect_fresh(const std::string& file, const std::string& text) {
  const std::string path = std::string(UNDERSTUDY_SOURCE_DIR "/docs/") + file;
  if (std::getenv("UNDERSTUDY_REWRITE") != nullptr) std::ofstream(path, std::ios::binary) << text;
  std::ifstream stream(path, std::ios::binary);
  const std::string committed{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_TRUE(committed == text) << file << " is stale; run this test with UNDERSTUDY_REWRITE=1";
}

TEST(GeneratedPage, OfTheWordsIsTheOneInDocs) {
  expect_fresh("words.md", words_page());
}

TEST(GeneratedPage, OfTheSchemaIsTheOneInDocs) {
  expect_fresh("suite.schema.json", suite_schema());
}

TEST(WordsJson, HoldsEveryAct) {
  EXPECT_EQ(words_json().at("acts").size(), act_words().size());
  EXPECT_EQ(words_json().at("attributes").size(), attribute_words().size());
}

}  // namespace
}  // namespace understudy

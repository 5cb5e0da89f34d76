// docs/words.md and `understudy words`: the vocabulary as a page, printed from the tables.
#include <fmt/format.h>

#include "harness/words.h"

namespace understudy {
namespace {

/// A cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? std::string("\\|") : std::string(1, c);
  return escaped;
}

std::string code(std::string_view text) {
  return text.empty() ? "" : fmt::format("`{}`", cell(text));
}

std::string row(std::string_view name, std::string_view meaning, std::string_view example) {
  return fmt::format("| {} | {} | {} |\n", code(name), cell(meaning), code(example));
}

std::string head(std::string_view title, std::string_view text) {
  return fmt::format("\n## {}\n\n{}\n\n| word | meaning | example |\n|---|---|---|\n", title, text);
}

const KeyWord& key_of(const KeyWord& word) {
  return word;
}
const KeyWord& key_of(const MatcherWord& word) {
  return word.word;
}
const KeyWord& key_of(const QuantifierWord& word) {
  return word.word;
}

template <typename Word>
std::string table(std::string_view title, std::string_view text, std::span<const Word> words) {
  std::string page = head(title, text);
  for (const Word& word : words)
    page += row(key_of(word).name, key_of(word).meaning, key_of(word).example);
  return page;
}

std::string_view type_text(ArgumentType type) {
  switch (type) {
    case ArgumentType::Node:
      return "a role";
    case ArgumentType::Nodes:
      return "a role, a list of roles, or chassis";
    case ArgumentType::Link:
      return "a link";
    case ArgumentType::Text:
      return "a word";
    case ArgumentType::Flag:
      return "true or false";
    case ArgumentType::Count:
      return "a whole number, or an expression over the testbed's numbers";
    case ArgumentType::Share:
      return "a percentage";
    case ArgumentType::Length:
      return "a duration, or an expression over timing";
    case ArgumentType::Settings:
      return "a map";
  }
  return "";
}

std::string act_text(const ActWord& act) {
  std::string hazards;
  for (const std::string_view hazard : act.hazards)
    hazards += fmt::format("{}{}", hazards.empty() ? "" : ", ", hazard);
  std::string text = fmt::format("\n### {}\n\n{} By {}; hazard: {}.\n\n", act.name, act.meaning,
                                 act.is_of_the_bench ? "the bench" : "the console", hazards);
  for (const ArgumentWord& argument : act.arguments)
    text += fmt::format("* `{}` ({}{}): {}\n", argument.name, type_text(argument.type),
                        argument.is_required ? "" : ", optional", argument.meaning);
  return text + fmt::format("\n```yaml\n- do: {}\n```\n", act.example);
}

std::string acts_text() {
  std::string text =
      "\n## Acts\n\nWhat stands behind the word is its first argument; the others follow beside "
      "it, or all "
      "stand in\nbraces: `{save: master, answer: confirm}` says `{save: {node: master, answer: "
      "confirm}}`. A list of acts\nis carried out at once.\n";
  for (const ActWord& act : act_words()) text += act_text(act);
  return text;
}

std::string attributes_text() {
  std::string text =
      head("Attributes",
           "What a node or link is asked for, as `role.attribute`, or as `observer sees "
           "role.attribute` where\nanother node, or the frames of a link, tell. A dialect may add "
           "words; one that the testbed cannot\nread makes the case NOT RUN.");
  for (const AttributeWord& word : attribute_words())
    text += row(word.name, word.meaning, word.example);
  return text;
}

std::string listeners_text() {
  std::string text =
      head("Listeners",
           "Who tells without a console, before `sees`. A testbed without that listener makes the "
           "case NOT RUN.");
  for (const ListenerWord& word : listener_words())
    text += row(word.name, word.meaning, word.example);
  return text;
}

Json json_of(const KeyWord& word) {
  return {{"name", word.name}, {"meaning", word.meaning}, {"example", word.example}};
}

template <typename Word>
Json json_list(std::span<const Word> words) {
  Json list = Json::array();
  for (const Word& word : words) list.push_back(json_of(key_of(word)));
  return list;
}

Json json_of(const ActWord& act) {
  Json arguments = Json::array();
  for (const ArgumentWord& argument : act.arguments)
    arguments.push_back({{"name", argument.name},
                         {"type", type_text(argument.type)},
                         {"required", argument.is_required},
                         {"meaning", argument.meaning}});
  return {{"name", act.name},       {"by", act.is_of_the_bench ? "bench" : "console"},
          {"hazards", act.hazards}, {"arguments", arguments},
          {"meaning", act.meaning}, {"example", act.example}};
}

}  // namespace

std::string words_page() {
  std::string page =
      "# The words of the suite language\n\nPrinted by `understudy words`; change "
      "harness/words.cc, not this "
      "page. All values are text until a word\ntypes them: unquoted yes, no, on, off, true, false "
      "and null "
      "are refused. An expression is made of\ndurations (250ms, 1.5s, 2m), whole numbers, names of "
      "the "
      "testbed's timing, + - * / and parentheses.\n";
  page += table("A suite", "Keys of a file; a suite is a folder of them, clauses.yaml first.",
                suite_words());
  page += table("A clause", "Under `clauses:`, by id.", clause_words());
  page += table("A case", "Under `cases:`, by name.", case_words());
  page += table("A step", "One of these a step; `do` and `expect` may stand in one.", step_words());
  page += table(
      "Bounds",
      "Beside `await` and `expect`, `within` also beside `do`. Without `within` and `for`: now.",
      bound_words());
  page += table("Invariants", "Under `always:`, each with the clause that it `checks`.",
                invariant_words());
  page +=
      table("Names", "Always with a dollar; one that is defined nowhere is refused.", name_words());
  page += table("Quantifiers", "In a role's place.", quantifier_words());
  page += table("Comparisons", "A value alone is equal, a list is one of.", matcher_words());
  page += attributes_text();
  page += listeners_text();
  page += acts_text();
  return page;
}

Json words_json() {
  Json acts = Json::array();
  for (const ActWord& act : act_words()) acts.push_back(json_of(act));
  Json attributes = Json::array();
  for (const AttributeWord& word : attribute_words())
    attributes.push_back(
        {{"name", word.name}, {"meaning", word.meaning}, {"example", word.example}});
  Json listeners = Json::array();
  for (const ListenerWord& word : listener_words())
    listeners.push_back(
        {{"name", word.name}, {"meaning", word.meaning}, {"example", word.example}});
  return {{"suite", json_list(suite_words())},
          {"clause", json_list(clause_words())},
          {"case", json_list(case_words())},
          {"step", json_list(step_words())},
          {"bounds", json_list(bound_words())},
          {"invariants", json_list(invariant_words())},
          {"names", json_list(name_words())},
          {"quantifiers", json_list(quantifier_words())},
          {"comparisons", json_list(matcher_words())},
          {"attributes", attributes},
          {"listeners", listeners},
          {"acts", acts}};
}

}  // namespace understudy

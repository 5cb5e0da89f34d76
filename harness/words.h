// The vocabulary of the suite language, as one table. The loader checks against it, and the page
// docs/words.md, the JSON Schema for editors and `understudy words` are printed from it, so a word
// is added in one place. Constant data; nothing here knows a vendor: what a word means to a switch
// is in a dialect, to the bench in a testbed.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/target.h"

namespace understudy {

/// What an argument of an act holds, and so how it is checked and planned.
enum class ArgumentType {
  Node,     ///< a role
  Nodes,    ///< a role, several, or `chassis`
  Link,     ///< a link that the suite names
  Text,     ///< a word of the dialect, the testbed or the frames data
  Flag,     ///< "true" or "false"
  Count,    ///< a whole number, or an expression over the testbed's numbers ("limit - 1")
  Share,    ///< a percentage
  Length,   ///< a duration, or an expression over timing ("heartbeat / 2")
  Settings  ///< a map: kind -> value, list or $name
};

struct ArgumentWord {
  std::string_view name;
  ArgumentType type = ArgumentType::Text;
  bool is_required = false;
  std::string_view meaning;
};

struct ActWord {
  std::string_view name;
  bool is_of_the_bench = false;           ///< else through a console, so a dialect must know it
  std::vector<std::string_view> hazards;  ///< what the testbed must allow
  std::vector<ArgumentWord> arguments;    ///< the first is the one that stands behind the word
  std::string_view meaning;
  std::string_view example;  ///< the value of a `do`
  int restarts = 1;          ///< of a node that one such act explains, where it disrupts
};

struct AttributeWord {
  std::string_view name;
  bool is_always_there = false;  ///< the harness answers it itself, whatever the dialect
  std::string_view meaning;
  std::string_view example;  ///< the value of an `expect`
};

/// Who tells beside the nodes and the links: what a switch sends over the network by itself, or
/// answers there. It stands before `sees` and needs no console.
struct ListenerWord {
  std::string_view name;
  bool is_told_unasked = false;  ///< else it is asked
  std::string_view meaning;
  std::string_view example;
};

/// A word that is a key: of a suite, a clause, a case, a step, a matcher; or a quantifier.
struct KeyWord {
  std::string_view name;
  std::string_view meaning;
  std::string_view example;
};

struct MatcherWord {
  Matcher::Kind kind = Matcher::Kind::Equals;
  KeyWord word;
};

struct QuantifierWord {
  Quantifier quantifier = Quantifier::The;
  KeyWord word;
};

std::span<const ActWord> act_words();
std::span<const AttributeWord> attribute_words();
std::span<const ListenerWord> listener_words();
std::span<const KeyWord> suite_words();      ///< top-level keys
std::span<const KeyWord> clause_words();     ///< keys of a clause
std::span<const KeyWord> case_words();       ///< keys of a case
std::span<const KeyWord> step_words();       ///< do, await, expect, remember, pause
std::span<const KeyWord> bound_words();      ///< within, for, checks
std::span<const KeyWord> invariant_words();  ///< never, at most one, not without an act
std::span<const MatcherWord> matcher_words();
std::span<const QuantifierWord> quantifier_words();
std::span<const KeyWord> name_words();  ///< $limits.x, $scratch.x, ...

const ActWord* find_act(std::string_view name);
const AttributeWord* find_attribute(std::string_view name);
const ListenerWord* find_listener(std::string_view name);
const ArgumentWord* find_argument(const ActWord& act, std::string_view name);

/// The names of a table, for suggestions and check_keys.
template <typename Word>
std::vector<std::string> names_of(std::span<const Word> words) {
  std::vector<std::string> names;
  for (const Word& word : words) {
    if constexpr (requires { word.word.name; })
      names.emplace_back(word.word.name);
    else
      names.emplace_back(word.name);
  }
  return names;
}

std::string words_page();    ///< docs/words.md
std::string suite_schema();  ///< docs/suite.schema.json
Json words_json();           ///< `understudy words --json`

}  // namespace understudy

#include "reference-impl/cli/grammar.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "reference-impl/cli/grammar_pattern.h"

namespace understudy::reference {

/// A place in the tree of commands: what may come next, and what ends here.
struct GrammarPlace {
  struct Keyword {
    std::string word;
    std::string help;
    std::unique_ptr<GrammarPlace> next;
  };
  struct Argument {
    ArgumentRow row;
    std::unique_ptr<GrammarPlace> next;
  };
  std::vector<Keyword> keywords;  // sorted by word
  std::vector<Argument> arguments;
  int command = no_command;  // the command that may end here

  static constexpr int no_command = -1;
};

namespace {

std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

bool is_number(std::string_view word, long least, long most) {
  long value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc{} && end == word.data() + word.size() && value >= least &&
         value <= most;
}

bool is_name(std::string_view word, long longest) {
  if (word.size() > static_cast<std::size_t>(longest)) return false;
  return std::ranges::all_of(
      word, [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; });
}

// 1:1-4,2:3 or 1-4,7 or all; lists may be joined with blanks only inside quotes.
bool is_port_list(std::string_view word) {
  if (word.empty() || !std::isdigit(static_cast<unsigned char>(word.front()))) return false;
  return std::ranges::all_of(word, [](unsigned char c) {
    return std::isdigit(c) || c == ':' || c == '-' || c == ',' || c == '*';
  });
}

bool is_mac(std::string_view word) {
  if (word.size() != 17) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const auto c = static_cast<unsigned char>(word[i]);
    if (i % 3 == 2 ? c != ':' : !std::isxdigit(c)) return false;
  }
  return true;
}

std::vector<std::string> split_choices(std::string_view choices) {
  std::vector<std::string> words;
  for (const LineWord& word : split_words(choices)) words.push_back(word.text);
  return words;
}

std::string matching(const std::vector<std::string>& names, std::string_view word) {
  const std::string lower = to_lower(word);
  const auto found =
      std::ranges::find_if(names, [&](const auto& name) { return to_lower(name) == lower; });
  return found == names.end() ? std::string() : *found;
}

/// One of a fixed set is abbreviated as a keyword is; the names of objects are not.
std::string choice_with(const std::vector<std::string>& choices, std::string_view prefix) {
  const std::string exact = matching(choices, prefix);
  if (!exact.empty()) return exact;
  const std::string lower = to_lower(prefix);
  const auto fits = [&](const std::string& choice) { return to_lower(choice).starts_with(lower); };
  const auto found = std::ranges::find_if(choices, fits);
  return std::ranges::count_if(choices, fits) == 1 ? *found : std::string();
}

// The value that the word gives to the argument; empty where it does not fit.
std::string accept(const ArgumentRow& row, const std::string& word, const ObjectNames& names) {
  switch (row.form) {
    case ArgumentRow::Form::Word:
      return word;
    case ArgumentRow::Form::Name:
      return is_name(word, row.most) ? word : std::string();
    case ArgumentRow::Form::Number:
      return is_number(word, row.least, row.most) ? word : std::string();
    case ArgumentRow::Form::Object:
      return matching(names(row.name), word);
    case ArgumentRow::Form::Choice:
      return choice_with(split_choices(row.choices), word);
    case ArgumentRow::Form::Ports:
      return is_port_list(word) ? word : std::string();
    case ArgumentRow::Form::Mac:
      return is_mac(word) ? to_lower(word) : std::string();
  }
  return {};
}

}  // namespace

bool Call::has(std::string_view word) const {
  return std::ranges::find(words, word) != words.end();
}

std::string Call::argument(std::string_view name) const {
  const auto found = arguments.find(name);
  return found == arguments.end() ? std::string() : found->second;
}

int to_number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<LineWord> split_words(std::string_view line) {
  std::vector<LineWord> words;
  std::size_t place = 0;
  while ((place = line.find_first_not_of(' ', place)) != std::string_view::npos) {
    LineWord word{.text = {}, .place = place, .is_quoted = false};
    bool inside = false;
    for (; place < line.size() && (inside || line[place] != ' '); ++place) {
      if (line[place] == '"') {
        inside = !inside;
        word.is_quoted = true;
      } else {
        word.text += line[place];
      }
    }
    words.push_back(std::move(word));
  }
  return words;
}

namespace {

// A table that cannot be compiled is a fault of ours, found by any test that builds it.
void demand(bool holds, std::string_view complaint, std::string_view what) {
  if (holds) return;
  fmt::print(stderr, "grammar: {}: {}\n", complaint, what);
  std::abort();
}

GrammarPlace& add_keyword(GrammarPlace& place, const std::string& word,
                          std::span<const WordRow> rows) {
  const auto found =
      std::ranges::lower_bound(place.keywords, word, {}, &GrammarPlace::Keyword::word);
  if (found != place.keywords.end() && found->word == word) return *found->next;
  const auto row = std::ranges::find(rows, word, &WordRow::word);
  const std::string help = row == rows.end() ? std::string() : std::string(row->help);
  const auto added = place.keywords.insert(found, {word, help, std::make_unique<GrammarPlace>()});
  return *added->next;
}

GrammarPlace& add_argument(GrammarPlace& place, const std::string& name,
                           std::span<const ArgumentRow> rows) {
  for (GrammarPlace::Argument& known : place.arguments) {
    if (known.row.name == name) return *known.next;
  }
  const auto row = std::ranges::find(rows, name, &ArgumentRow::name);
  demand(row != rows.end(), "an argument of a command pattern has no row", name);
  place.arguments.push_back({*row, std::make_unique<GrammarPlace>()});
  return *place.arguments.back().next;
}

struct Step {
  const GrammarPlace* next = nullptr;
  const GrammarPlace::Argument* argument = nullptr;  // where an argument was taken
  std::string value{};                               // keyword in full, or the argument's value
  bool is_ambiguous = false;
};

std::vector<const GrammarPlace::Keyword*> keywords_with(const GrammarPlace& place,
                                                        std::string_view prefix) {
  std::vector<const GrammarPlace::Keyword*> found;
  for (const GrammarPlace::Keyword& keyword : place.keywords) {
    if (keyword.word.starts_with(prefix)) found.push_back(&keyword);
  }
  return found;
}

Step take_argument(const GrammarPlace& place, const LineWord& word, const ObjectNames& names,
                   bool only_objects) {
  for (const GrammarPlace::Argument& argument : place.arguments) {
    const bool is_object = argument.row.form == ArgumentRow::Form::Object;
    if (only_objects && !is_object) continue;
    std::string value = accept(argument.row, word.text, names);
    if (!value.empty()) return {argument.next.get(), &argument, std::move(value)};
  }
  return {};
}

Step take_word(const GrammarPlace& place, const LineWord& word, const ObjectNames& names) {
  const std::string lower = to_lower(word.text);
  const auto fitting =
      word.is_quoted ? std::vector<const GrammarPlace::Keyword*>{} : keywords_with(place, lower);
  for (const GrammarPlace::Keyword* keyword : fitting) {
    if (keyword->word == lower) return {keyword->next.get(), nullptr, keyword->word};
  }
  if (Step object = take_argument(place, word, names, true); object.next) return object;
  if (fitting.size() > 1) return {.is_ambiguous = true};
  if (fitting.size() == 1) return {fitting.front()->next.get(), nullptr, fitting.front()->word};
  return take_argument(place, word, names, false);
}

Parsed refused(Parsed::Outcome outcome, const LineWord& word) {
  return {.outcome = outcome, .call = {}, .place = word.place, .word = word.text};
}

void add_names(std::vector<Completion>& found, const GrammarPlace::Argument& argument,
               std::string_view prefix, const ObjectNames& names) {
  std::vector<std::string> known;
  if (argument.row.form == ArgumentRow::Form::Object) known = names(argument.row.name);
  if (argument.row.form == ArgumentRow::Form::Choice) known = split_choices(argument.row.choices);
  for (const std::string& name : known) {
    const bool fits = to_lower(name).starts_with(to_lower(prefix));
    if (fits) found.push_back({name, std::string(argument.row.help), true});
  }
  const bool is_free = known.empty() && argument.row.form != ArgumentRow::Form::Object;
  if (is_free && (prefix.empty() || !accept(argument.row, std::string(prefix), names).empty())) {
    found.push_back({fmt::format("<{}>", argument.row.name), std::string(argument.row.help)});
  }
}

}  // namespace

Grammar::Grammar(std::span<const PatternRow> commands, std::span<const ArgumentRow> arguments,
                 std::span<const WordRow> words)
    : root_(std::make_unique<GrammarPlace>()) {
  for (const PatternRow& command : commands) {
    for (const PatternSequence& sequence : expand_pattern(command.pattern)) {
      GrammarPlace* place = root_.get();
      for (const PatternWord& word : sequence) {
        place = word.is_argument ? &add_argument(*place, word.text, arguments)
                                 : &add_keyword(*place, word.text, words);
      }
      const bool is_free = place->command == GrammarPlace::no_command;
      demand(is_free || place->command == command.id, "two commands are spelt alike",
             command.pattern);
      place->command = command.id;
    }
  }
}

Grammar::~Grammar() = default;

Parsed Grammar::parse(std::string_view line, const ObjectNames& names) const {
  const std::vector<LineWord> words = split_words(line);
  const GrammarPlace* place = root_.get();
  Parsed parsed;
  for (const LineWord& word : words) {
    Step step = take_word(*place, word, names);
    if (step.is_ambiguous) return refused(Parsed::Outcome::Ambiguous, word);
    if (!step.next) return refused(Parsed::Outcome::Invalid, word);
    if (step.argument) {
      parsed.call.arguments.emplace(step.argument->row.name, std::move(step.value));
    } else {
      parsed.call.words.push_back(std::move(step.value));
    }
    place = step.next;
  }
  if (words.empty()) return parsed;
  const bool ends = place->command != GrammarPlace::no_command;
  parsed.outcome = ends ? Parsed::Outcome::Complete : Parsed::Outcome::Incomplete;
  parsed.call.id = place->command;
  return parsed;
}

std::vector<Completion> Grammar::complete(std::string_view line, const ObjectNames& names) const {
  std::vector<LineWord> words = split_words(line);
  LineWord last;
  if (!words.empty() && !line.ends_with(' ')) {
    last = std::move(words.back());
    words.pop_back();
  }
  const GrammarPlace* place = root_.get();
  for (const LineWord& word : words) {
    place = take_word(*place, word, names).next;
    if (!place) return {};
  }
  std::vector<Completion> found;
  for (const GrammarPlace::Keyword* keyword : keywords_with(*place, to_lower(last.text))) {
    found.push_back({keyword->word, keyword->help, true});
  }
  for (const GrammarPlace::Argument& argument : place->arguments) {
    add_names(found, argument, last.text, names);
  }
  if (last.text.empty() && place->command != GrammarPlace::no_command) {
    found.push_back({"<cr>", "Execute the command"});
  }
  return found;
}

}  // namespace understudy::reference

#include "reference-impl/cli/grammar_pattern.h"

#include <cstddef>
#include <utility>

namespace understudy::reference {
namespace {

using Sequences = std::vector<PatternSequence>;

struct Reader {
  std::string_view text;
  std::size_t place = 0;

  char peek() {
    while (place < text.size() && text[place] == ' ') ++place;
    return place < text.size() ? text[place] : '\0';
  }
};

bool is_mark(char c) {
  return c == '{' || c == '}' || c == '[' || c == ']' || c == '|' || c == 0;
}

PatternWord read_word(Reader& reader) {
  const bool is_argument = reader.peek() == '<';
  const std::size_t start = reader.place;
  while (reader.place < reader.text.size() && reader.text[reader.place] != ' ' &&
         !is_mark(reader.text[reader.place])) {
    ++reader.place;
  }
  const std::string_view word = reader.text.substr(start, reader.place - start);
  if (!is_argument) return {std::string(word), false};
  return {std::string(word.substr(1, word.size() - 2)), true};
}

Sequences join(const Sequences& heads, const Sequences& tails) {
  Sequences joined;
  for (const PatternSequence& head : heads) {
    for (const PatternSequence& tail : tails) {
      PatternSequence& sequence = joined.emplace_back(head);
      sequence.insert(sequence.end(), tail.begin(), tail.end());
    }
  }
  return joined;
}

Sequences read_alternatives(Reader& reader);

Sequences read_group(Reader& reader) {
  const bool is_optional = reader.peek() == '{';
  ++reader.place;
  Sequences inside = read_alternatives(reader);
  if (reader.peek() != 0) ++reader.place;  // the closing bracket
  if (is_optional) inside.push_back({});
  return inside;
}

Sequences read_sequence(Reader& reader) {
  Sequences sequences(1);
  for (char c = reader.peek(); c != 0 && c != '|' && c != '}' && c != ']'; c = reader.peek()) {
    const bool is_group = c == '{' || c == '[';
    sequences = join(sequences, is_group ? read_group(reader) : Sequences{{read_word(reader)}});
  }
  return sequences;
}

Sequences read_alternatives(Reader& reader) {
  Sequences all = read_sequence(reader);
  while (reader.peek() == '|') {
    ++reader.place;
    const Sequences more = read_sequence(reader);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace

std::vector<PatternSequence> expand_pattern(std::string_view pattern) {
  Reader reader{.text = pattern};
  return read_alternatives(reader);
}

}  // namespace understudy::reference

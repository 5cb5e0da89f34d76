// The notation of command patterns: words, <arguments>, {optional}, [one | of | these]. Used by
// the grammar only. A pattern is expanded to every sequence of words that it stands for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace understudy::reference {

struct PatternWord {
  std::string text;  ///< keyword, or the name inside <>
  bool is_argument = false;

  friend bool operator==(const PatternWord&, const PatternWord&) = default;
};

using PatternSequence = std::vector<PatternWord>;

std::vector<PatternSequence> expand_pattern(std::string_view pattern);

}  // namespace understudy::reference

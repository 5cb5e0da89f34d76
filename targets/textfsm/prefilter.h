// What a pattern demands of the first characters of a line, read off its tree, so that most rules
// are passed over without running their pattern. Used for plain lines only, by the parse. Errs on
// the safe side: a line that could match is never refused.
#pragma once

#include <bitset>
#include <string>

#include "targets/textfsm/python_regex.h"

namespace understudy::targets::textfsm {

/// A set of plain characters, and one member more for the end of the line.
using FirstCharacters = std::bitset<129>;
inline constexpr std::size_t line_end = 128;

struct LineStart {
  FirstCharacters first;     ///< what the line may begin with
  FirstCharacters nonspace;  ///< what its first character after spaces and tabs may be
  std::string literal;       ///< what must stand there; may be empty

  static LineStart anything() {
    return {FirstCharacters{}.set(), FirstCharacters{}.set(), std::string{}};
  }
};

LineStart line_start_of(const Regex& regex);

}  // namespace understudy::targets::textfsm

// Errors of outside input: a file, a word, a command. Every loader and parser of the tree returns
// Result<T>; nothing here throws or prints. A fault of our own goes through ensure().
#pragma once

#include <source_location>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace understudy {

/// What is wrong with something that came from outside, in the three parts of one line.
struct Error {
  std::string where;  ///< "file:line", or "file:line:column", or a command's own name; may be empty
  std::string what;   ///< what is wrong, in one sentence without a full stop
  std::string hint;   ///< what to do about it; may be empty

  friend bool operator==(const Error&, const Error&) = default;
};

/// "where: what (hint)", always one line.
std::string to_line(const Error& error);

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(std::string where, std::string what, std::string hint = {}) {
  return tl::unexpected<Error>(Error{std::move(where), std::move(what), std::move(hint)});
}

/// The nearest of `known` to a misspelt `word`, as "did you mean `x`?"; empty where none is near.
std::string did_you_mean(std::string_view word, std::span<const std::string> known);

/// We are wrong: prints one line with the place and ends the process. Lives in every build.
void ensure(bool holds, std::string_view statement,
            std::source_location place = std::source_location::current());

}  // namespace understudy

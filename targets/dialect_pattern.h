// One PCRE2 pattern out of a file of ours, compiled once and matched with a limit on its work, so
// that a bad pattern in a dialect costs an answer and never a run. Used by dialects and what reads
// with them. Copies share the compiled pattern. Not for streams: the console has its own matcher.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/error.h"

namespace understudy::targets {

class DialectPattern {
 public:
  /// Matches nothing.
  DialectPattern() = default;

  /// `where` is the place of the pattern in its file, for the error.
  static Result<DialectPattern> compile(const std::string& text, const std::string& where);

  bool is_found_in(std::string_view text) const;
  bool is_all_of(std::string_view text) const;

  /// The first match: the whole of it, and every named group that took part.
  struct Found {
    std::string whole;
    std::vector<std::pair<std::string, std::string>> groups;
  };
  std::optional<Found> find(std::string_view text) const;

  /// The names of its groups.
  std::vector<std::string> groups() const;

  const std::string& text() const { return text_; }

 private:
  struct Compiled;
  std::string text_;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace understudy::targets

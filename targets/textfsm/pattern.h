// A regular expression of a template, compiled for matching: Python's syntax and meaning on PCRE2
// with JIT. Used by the template reader and the parse. Const after make(), and safe to match from
// any number of threads, each with a Matcher of its own. The Unicode form is built by the JIT only
// when a line needs it. A match that would run away ends in MatchEnd::Runaway.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/error.h"
#include "targets/textfsm/prefilter.h"

namespace understudy::targets::textfsm {

enum class MatchEnd { Matched, NotMatched, Runaway };

/// A named group that captures, in the pattern's order of definition.
struct Capture {
  std::string name;
  std::uint32_t slot = 0;  ///< in the match's offsets
};

class Matcher;

class Pattern {
 public:
  /// `wants` chooses the named groups that are to capture. The error is Python's own text.
  static tl::expected<Pattern, std::string> make(
      std::string_view regex, const std::function<bool(const std::string&)>& wants);

  const std::vector<Capture>& captures() const { return captures_; }
  /// All groups of the expression as written, named or not.
  std::uint32_t groups() const { return groups_; }
  std::size_t slots() const { return slots_; }
  const LineStart& line_start() const { return line_start_; }

  /// Matches at the start of `line`, as re.match does. `plain`: the line is plain ASCII.
  MatchEnd match(std::string_view line, bool plain, Matcher& matcher) const;

 private:
  struct Compiled;

  std::shared_ptr<const Compiled> plain_;  // none where the pattern holds a character beyond ASCII
  std::shared_ptr<const Compiled> unicode_;
  std::vector<Capture> captures_;
  LineStart line_start_;
  std::uint32_t groups_ = 0;
  std::size_t slots_ = 1;
};

/// Where one parse keeps its match: the offsets of the last one, and a larger stack once needed.
class Matcher {
 public:
  explicit Matcher(std::size_t slots);
  ~Matcher();
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;

  bool took_part(std::uint32_t slot) const { return slot < set_ && offsets_[2 * slot] != unset; }
  std::string_view text(std::string_view line, std::uint32_t slot) const {
    return line.substr(offsets_[2 * slot], offsets_[2 * slot + 1] - offsets_[2 * slot]);
  }

 private:
  friend class Pattern;
  static constexpr std::size_t unset = ~std::size_t{0};
  struct Deep;

  void* data_ = nullptr;  // pcre2_match_data
  const std::size_t* offsets_ = nullptr;
  std::uint32_t set_ = 0;
  std::unique_ptr<Deep> deep_;
};

}  // namespace understudy::targets::textfsm

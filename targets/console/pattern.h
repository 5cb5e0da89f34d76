// A compiled PCRE2 pattern of a dialect, with JIT code and match limits. Used by the console engine
// only. Compiled once, immutable, shared between sessions and threads; what a match needs beside it
// lives in a Scratch, one a session. Matching never throws, never allocates and never runs away: a
// pattern that hits its limit has not matched.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/error.h"

struct pcre2_real_code_8;
struct pcre2_real_match_data_8;
struct pcre2_real_match_context_8;

namespace understudy::targets {

using Captures = std::vector<std::pair<std::string, std::string>>;

/// Memory for one match at a time.
class Scratch {
 public:
  Scratch();
  pcre2_real_match_data_8* data() const { return data_.get(); }
  pcre2_real_match_context_8* limits() const { return limits_.get(); }

 private:
  struct Free {
    void operator()(pcre2_real_match_data_8* data) const;
    void operator()(pcre2_real_match_context_8* limits) const;
  };
  std::unique_ptr<pcre2_real_match_data_8, Free> data_;
  std::unique_ptr<pcre2_real_match_context_8, Free> limits_;
};

class Pattern {
 public:
  enum class Where {
    Tail,  ///< the match ends where the subject ends (or before blanks at its end); ^ is any line's
           ///< start
    Line   ///< anywhere in a subject that is one line
  };

  struct Match {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t alternative = 0;  ///< which of several patterns
  };

  Pattern() = default;  ///< never matches

  /// One pattern out of several alternatives; empty ones are left out, their places stay counted.
  /// `name` stands in the error, which names the alternative that does not compile.
  static Result<Pattern> compile_list(std::string_view name, const std::vector<std::string>& texts,
                                      Where where);
  static Result<Pattern> compile(std::string_view name, const std::string& text, Where where);

  bool is_empty() const { return code_ == nullptr; }

  /// True if a match in a line with this first character is possible at all; a table look-up.
  bool may_match(std::string_view line) const {
    const auto first = static_cast<unsigned char>(line.empty() ? '\0' : line.front());
    return (first_bytes_[first >> 6] >> (first & 63) & 1) != 0;
  }

  /// `is_cut`: the subject's beginning is not the beginning of a line.
  std::optional<Match> search(std::string_view subject, const Scratch& scratch,
                              bool is_cut = false) const;

  /// Named groups of the last match in `scratch`, in the order of their names' first appearance.
  Captures captures(std::string_view subject, const Scratch& scratch) const;

 private:
  void read_facts();

  std::shared_ptr<pcre2_real_code_8> code_;
  std::array<std::uint64_t, 4> first_bytes_{};
  std::vector<std::pair<std::uint32_t, std::string>> names_;  // group number, name
  bool is_jit_ = false;
  bool is_tail_ = false;
};

}  // namespace understudy::targets

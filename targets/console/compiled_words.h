// A dialect's console words, compiled: what the session matches, with cheap tests before the dear
// ones. Immutable; one value serves all the sessions of a testbed, on any thread. Built from
// ConsoleWords, whose fields it explains in errors.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "targets/console/pattern.h"
#include "targets/console/session.h"

namespace understudy::targets {

struct CompiledWords {
  ConsoleWords words;
  Pattern prompt;
  Pattern pagers;  ///< alternative: index of words.pagers
  std::vector<Pattern>
      questions;  ///< as in words.questions; the first that fits names the question
  Pattern boot_loader;
  Pattern login;
  Pattern login_pending;
  Pattern password;
  Pattern login_failed;
  Pattern lines;  ///< booting and noise in one: alternatives below words.booting.size() are boots
  Pattern noise_only;  ///< for a log line that begins in the middle of a typed line

  enum class LineKind { Output, Booting, Noise };

  /// What a finished line is, told by the dialect. Most lines of output never reach PCRE2.
  LineKind kind_of(std::string_view line, const Scratch& scratch) const {
    if (!lines.may_match(line)) return LineKind::Output;
    const auto match = lines.search(line, scratch);
    if (!match) return LineKind::Output;
    return match->alternative < words.booting.size() ? LineKind::Booting : LineKind::Noise;
  }
};

Result<std::shared_ptr<const CompiledWords>> compile_words(const ConsoleWords& words);

}  // namespace understudy::targets

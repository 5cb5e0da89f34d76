// A console's kept bytes once more: what passed, and the answers that the engine takes from it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/error.h"
#include "targets/console/session.h"
#include "targets/dialect.h"

namespace understudy::targets {

/// One line of NODE.console.jsonl.
struct Passed {
  Time at{};
  std::string sent{};
  std::string received{};
};

/// What stands in `path` and, with its instants, in `path`.jsonl. A line that does not fit the
/// bytes is refused with its place.
Result<std::vector<Passed>> read_transcript(const std::string& path);

/// Each command that was typed, with its answer, as the engine that took them would give them
/// again. `limit`: how long an answer may be awaited.
std::vector<std::pair<std::string, Answer>> answers_of(const std::vector<Passed>& passed,
                                                       const Dialect& dialect, Duration limit);

}  // namespace understudy::targets

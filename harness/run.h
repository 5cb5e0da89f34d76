// Runs one plan against one target and writes its history: the only impure part of the pipeline.
// Blocking, one thread. Takes no decision about pass or fail; `judge` does. Whatever happens, the
// target is restored and the history closed, unless the failure is to be held for a person to see.
//
// An expect that did not come true in its bound is polled for half the bound longer (at least ten
// polls, at most 30 s), so that the judge has answers from beyond the bound and can say when it
// came. After an expect that does not hold the run goes on; it ends early where an await does not
// come, an act is unsupported, a fault was never seen to take effect, or the bench broke.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/history.h"
#include "harness/plan.h"

namespace understudy {

struct RunSummary {
  enum class End {
    Complete,   ///< all steps ran
    Abandoned,  ///< `given` was not reached, an await did not come, or an act was unsupported
    Cancelled,
    BenchBroken
  };
  End end = End::Complete;
  std::string cause;
  std::optional<std::size_t> step;  ///< where it ended early; nothing if `given` was not reached
  Duration took{};                  ///< target time
  bool has_failed = false;          ///< an expect did not hold, in the target's own opinion
  bool is_held = false;             ///< nothing was restored: see RunOptions::hold_after_failure
  std::vector<std::pair<std::string, std::string>> collected;  ///< after a failure: name and text
  std::vector<std::string> not_restored;
  Recovery recovery;  ///< of a device that the case left down
  FlashWrites flash_writes;
};

struct RunOptions {
  bool hold_after_failure = false;  ///< leave the device as it is, for a person to look at
};

RunSummary run(const Plan& plan, Target& target, HistorySink& sink, const Cancel& cancel,
               const RunOptions& options = {});

/// How a run ended, as its history tells it: end, cause and step.
RunSummary summary_of(const History& history);

}  // namespace understudy

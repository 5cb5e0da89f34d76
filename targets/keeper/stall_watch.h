// Whether a thread was kept from running, read from samples of what the kernel counts of it. Pure:
// the keeper samples nodes and hands, the bench its own thread.
#pragma once

#include <optional>

#include "harness/target.h"
#include "targets/keeper/processes.h"

namespace understudy::targets {

struct ThreadStall {
  Duration waited{};
  Time from{};           ///< at the latest
  bool is_held = false;  ///< in the kernel, as by a disk; otherwise it could run and was not run
};

/// Waits for a processor that are over: at once, or as many as come together within twice the
/// limit. Waits that are less than a third of the time in which they were counted are a busy host's
/// everyday.
class WaitSum {
 public:
  WaitSum(Duration waited, Time now) : counted_(waited), since_(now), sampled_(now) {}

  /// `waited`: the kernel's sum, since the thread began.
  std::optional<ThreadStall> sample(Duration waited, Duration limit, Time now);

 private:
  Duration counted_;  // at `since_`
  Time since_;
  Time sampled_;
};

/// A wait that is over, as WaitSum has it; and one that goes on: a thread that is runnable, or held
/// in the kernel, and has not run from one sample to another.
class ThreadWatch {
 public:
  ThreadWatch(const ThreadRun& run, Time now);

  struct Stalls {
    std::optional<ThreadStall> over;
    std::optional<ThreadStall> going_on;
  };
  Stalls sample(const ThreadRun& run, Duration limit, Time now);

 private:
  ThreadRun run_;
  Time idle_since_;  // the first sample since which it has not run
  Time sampled_;
  WaitSum waits_;
};

}  // namespace understudy::targets

#include "targets/keeper/stall_watch.h"

#include <algorithm>
#include <utility>

namespace understudy::targets {

// A wait stands in the kernel's sum when it is over: it ended between two samples, and began no
// earlier than its length before the first.
std::optional<ThreadStall> WaitSum::sample(Duration waited, Duration limit, Time now) {
  const Time before = std::exchange(sampled_, now);
  const Duration spent = waited - counted_;
  const Duration span = now - since_;
  if (spent <= limit && span <= 2 * limit) return std::nullopt;
  const Time from = std::min(since_, before - spent);
  counted_ = waited;
  since_ = now;
  if (spent <= limit || spent < span / 3) return std::nullopt;
  return ThreadStall{spent, std::max(from, Time::zero()), false};
}

ThreadWatch::ThreadWatch(const ThreadRun& run, Time now)
    : run_(run), idle_since_(now), sampled_(now), waits_(run.waited, now) {}

ThreadWatch::Stalls ThreadWatch::sample(const ThreadRun& run, Duration limit, Time now) {
  const ThreadRun known = std::exchange(run_, run);
  const Time before = std::exchange(sampled_, now);
  Stalls stalls{waits_.sample(run.waited, limit, now), std::nullopt};
  const bool is_kept =
      (run.state == 'R' || run.state == 'D') && run.state == known.state && run.ran == known.ran;
  if (!is_kept) idle_since_ = now;
  if (now - idle_since_ <= limit) return stalls;
  const Time from = std::max(idle_since_ - (now - before), Time::zero());
  stalls.going_on = ThreadStall{now - idle_since_, from, run.state == 'D'};
  idle_since_ = now;
  return stalls;
}

}  // namespace understudy::targets

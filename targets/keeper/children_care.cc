// The part of Children that looks after processes: reaping, run delays, the end of all.
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>

#include <csignal>
#include <utility>

#include "targets/keeper/children.h"
#include "targets/keeper/processes.h"
#include "targets/wire/relay.h"

namespace understudy::targets {

using namespace std::chrono_literals;

void Children::reap() {
  int status = 0;
  while (waitpid(-1, &status, WNOHANG) > 0) {
  }
}

void Children::tell_stall(const Child& child, const ThreadStall& stall, Time now) {
  const auto what =
      stall.is_held ? "was held in the kernel, as by a disk," : "could run and was not run";
  outbox_.tell({{"event", "stall"},
                {"from", stall.from.count()},
                {"at", now.count()},
                {"text", fmt::format("{} {} for {} ms", child.name, what, stall.waited / 1ms)}});
}

/// Of the waits that are over, its longest.
void Children::sample_child(Child& child, Duration limit, Time now) {
  std::map<pid_t, ThreadWatch> threads;
  ThreadStall longest;
  for (const pid_t pid : descendants_of(child.launcher)) {
    for (const auto& [thread, run] : thread_runs(pid)) {
      auto known = child.threads.extract(thread);
      if (known.empty()) {
        threads.emplace(thread, ThreadWatch(run, now));
        continue;
      }
      const auto stalls = known.mapped().sample(run, limit, now);
      if (stalls.going_on) tell_stall(child, *stalls.going_on, now);
      if (stalls.over && stalls.over->waited > longest.waited) longest = *stalls.over;
      threads.insert(std::move(known));
    }
  }
  if (longest.waited > Duration::zero()) tell_stall(child, longest, now);
  child.threads = std::move(threads);
}

void Children::sample_run_delays(Duration limit, Time now) {
  for (Child& child : nodes_)
    if (child.state == State::Running) sample_child(child, limit, now);
  for (Hand& hand : hands_) sample_child(hand.child, limit, now);
}

std::vector<std::string> Children::end_all(Time limit) {
  for (Child& child : nodes_) {
    child.is_ordered_to_end = true;
    child.channel.reset();  // a launcher without a keeper ends its tree
  }
  hands_.clear();
  const Time patience = monotonic_now() + (limit - monotonic_now()) / 2;
  for (;;) {
    const pid_t ended = waitpid(-1, nullptr, WNOHANG);
    if (ended < 0 && errno == ECHILD) return {};
    if (ended != 0) continue;
    if (monotonic_now() > patience) {
      for (const pid_t pid : descendants_of(getpid())) kill(pid, SIGKILL);
    }
    if (monotonic_now() > limit) break;
    poll(nullptr, 0, 2);
  }
  std::vector<std::string> lines;
  for (const pid_t pid : descendants_of(getpid())) {
    lines.push_back(fmt::format("process {} could not be ended (threads in state {})", pid,
                                thread_states(pid)));
  }
  return lines;
}

}  // namespace understudy::targets

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

void Children::reap() {
  int status = 0;
  while (waitpid(-1, &status, WNOHANG) > 0) {
  }
}

void Children::tell_stall(const Child& child, std::string_view what, Duration waited, Time from,
                          Time now) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(waited).count();
  outbox_.tell({{"event", "stall"},
                {"from", std::max(from, Time::zero()).count()},
                {"at", now.count()},
                {"text", fmt::format("{} {} for {} ms", child.name, what, milliseconds)}});
}

// A wait for a processor that is over stands in the kernel's sum: it ended between the two samples,
// and began no earlier than its length before the first. One that goes on shows as a thread that is
// runnable, or held in the kernel (a disk that does not answer), and has not run between samples.
void Children::sample_child(Child& child, Duration limit, Time now) {
  constexpr std::string_view not_run = "could run and was not run";
  constexpr std::string_view held = "was held in the kernel, as by a disk,";
  std::map<pid_t, Watched> threads;
  Duration longest{};
  Time longest_from{};
  for (const pid_t pid : descendants_of(child.launcher)) {
    for (const auto& [thread, run] : thread_runs(pid)) {
      const auto before = child.threads.find(thread);
      const bool is_new = before == child.threads.end();
      Watched watched = is_new ? Watched{run, now, run.waited, now} : before->second;
      const ThreadRun known = std::exchange(watched.run, run);
      const bool goes_on = (run.state == 'R' || run.state == 'D') && run.state == known.state &&
                           run.ran == known.ran;
      if (!goes_on) watched.idle_since = now;
      if (now - watched.idle_since > limit) {
        const Time since = watched.idle_since - (now - child.sampled);  // at the latest
        tell_stall(child, run.state == 'D' ? held : not_run, now - watched.idle_since, since, now);
        watched.idle_since = now;
      }
      const Duration waited = run.waited - watched.waited;
      if (waited > longest) {
        longest = waited;
        longest_from = std::min(watched.counted_since, child.sampled - waited);
      }
      if (waited > limit || now - watched.counted_since > 2 * limit) {
        watched.waited = run.waited;
        watched.counted_since = now;
      }
      threads.emplace(thread, watched);
    }
  }
  if (longest > limit) tell_stall(child, not_run, longest, longest_from, now);
  child.threads = std::move(threads);
  child.sampled = now;
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

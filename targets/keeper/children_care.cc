// The part of Children that looks after processes: reaping, run delays, the end of all.
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>

#include <csignal>

#include "targets/keeper/children.h"
#include "targets/keeper/processes.h"
#include "targets/wire/relay.h"

namespace understudy::targets {

void Children::reap() {
  int status = 0;
  while (waitpid(-1, &status, WNOHANG) > 0) {
  }
}

void Children::sample_run_delays(Duration limit, Time now) {
  for (Child& child : nodes_) {
    if (child.state != State::Running) continue;
    std::map<pid_t, Duration> delays;
    Duration longest{};
    for (const pid_t pid : descendants_of(child.launcher)) {
      for (const auto& [thread, delay] : run_delays(pid)) {
        const auto before = child.delays.find(thread);
        longest = std::max(longest, before == child.delays.end() ? delay : delay - before->second);
        delays.emplace(thread, delay);
      }
    }
    // The wait ended between the two samples, and began no earlier than its length before the
    // first.
    if (longest > limit) {
      const Time from =
          std::max(Time::zero(), (child.sampled == Time{} ? now : child.sampled) - longest);
      const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(longest);
      outbox_.tell({{"event", "stall"},
                    {"from", from.count()},
                    {"at", now.count()},
                    {"text", fmt::format("{} could run and was not run for {} ms", child.name,
                                         waited.count())}});
    }
    child.delays = std::move(delays);
    child.sampled = now;
  }
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

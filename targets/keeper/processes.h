// What the kernel says of processes, from /proc: who descends from whom, since when, stopped or
// not, and how long they were kept waiting for a processor. Used by launcher, keeper and heal. A
// process that is gone has no answer; nothing here waits.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/target.h"

namespace understudy::targets {

/// A process for ever: an id may be used again, an id with its start time is not.
struct ProcessIdentity {
  pid_t pid = 0;
  std::uint64_t started = 0;  ///< clock ticks since boot

  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};

std::optional<ProcessIdentity> identity_of(pid_t pid);
bool is_alive(const ProcessIdentity& process);  ///< and no zombie

/// All below `root`, parents before children.
std::vector<pid_t> descendants_of(pid_t root);

/// The states of all threads of a process: "S", "TT", "" if it is gone.
std::string thread_states(pid_t pid);

/// What the scheduler tells of a thread, since it began.
struct ThreadRun {
  Duration ran{};
  Duration waited{};  ///< runnable and not run; a wait counts when it is over
  char state = 0;     ///< proc(5): R may run, D waits in the kernel, for a disk mostly
};

/// Of each thread of a process.
std::map<pid_t, ThreadRun> thread_runs(pid_t pid);

/// How long the calling thread was runnable and not run, since it began; zero where nobody counts.
Duration own_wait();

/// Processes of ours whose environment holds `entry` ("NAME=value").
std::vector<pid_t> processes_with_environment(const std::string& entry);

/// "exited with status 3", "was killed by signal 9 (Killed)".
std::string text_of_wait_status(int status);

}  // namespace understudy::targets

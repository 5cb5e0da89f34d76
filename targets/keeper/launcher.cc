#include "targets/keeper/launcher.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>

#include "targets/keeper/channel.h"
#include "targets/keeper/processes.h"
#include "targets/wire/relay.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr int channel = STDIN_FILENO;
constexpr Duration stop_limit = 2s;

struct Console {
  std::vector<Descriptor> ours;   ///< read from, written to; then its standard error
  std::array<Descriptor, 2> its;  ///< its standard input and output
  Descriptor errors;              ///< its standard error; none: where its output goes
  bool is_terminal = false;
};

struct Launched {
  pid_t pid = -1;
  int error = 0;  ///< errno of a failed exec
};

std::int64_t now() {
  return monotonic_now().count();
}

void tell(const Json& event, std::span<const int> descriptors = {}) {
  send_message(channel, event.dump(-1, ' ', false, Json::error_handler_t::replace), descriptors);
}

// The switch behind a console echoes and edits lines itself, so the line discipline must not; only
// Return is still turned into a newline, as every terminal does.
std::optional<Console> open_pty() {
  termios words{};
  cfmakeraw(&words);
  words.c_iflag |= ICRNL;
  words.c_cflag |= CREAD;
  cfsetspeed(&words, B38400);
  winsize size{24, 80, 0, 0};
  int master = -1;
  int slave = -1;
  if (openpty(&master, &slave, nullptr, &words, &size) != 0) return std::nullopt;
  fcntl(master, F_SETFD, FD_CLOEXEC);
  fcntl(slave, F_SETFD, FD_CLOEXEC);
  Console console;
  console.is_terminal = true;
  console.ours.emplace_back(master);
  console.its = {Descriptor(slave), Descriptor(fcntl(slave, F_DUPFD_CLOEXEC, 3))};
  return console;
}

std::optional<Console> open_pipes() {
  std::array<int, 2> in{-1, -1};
  std::array<int, 2> out{-1, -1};
  if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) return std::nullopt;
  Console console;
  console.ours.emplace_back(out[0]);
  console.ours.emplace_back(in[1]);
  console.its = {Descriptor(in[0]), Descriptor(out[1])};
  return console;
}

/// Its standard error is read by whoever masks it.
bool open_errors(Console& console) {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  console.ours.emplace_back(ends[0]);
  console.errors = Descriptor(ends[1]);
  return true;
}

void set_environment(const Json& added) {
  for (const Json& entry : added) {
    setenv(entry[0].get<std::string>().c_str(), entry[1].get<std::string>().c_str(), 1);
  }
}

void reset_signals() {
  for (int signal = 1; signal < NSIG; ++signal) std::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// In the child: never returns. A failure is told through `error_pipe`, which exec closes.
[[noreturn]] void become(const Json& spec, const Console& console, pid_t launcher, int error_pipe) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != launcher) _exit(127);
  setsid();
  dup2(console.its[0].get(), STDIN_FILENO);
  dup2(console.its[1].get(), STDOUT_FILENO);
  if (console.is_terminal) ioctl(STDIN_FILENO, TIOCSCTTY, 0);
  dup2(console.errors ? console.errors.get() : STDOUT_FILENO, STDERR_FILENO);
  reset_signals();
  set_environment(spec["environment"]);
  std::vector<std::string> words = spec["command"].get<std::vector<std::string>>();
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  execvp(arguments[0], arguments.data());
  const int error = errno;
  (void)!write(error_pipe, &error, sizeof error);
  _exit(127);
}

Launched launch(const Json& spec, const Console& console) {
  std::array<int, 2> errors{-1, -1};
  if (pipe2(errors.data(), O_CLOEXEC) != 0) return {-1, errno};
  const Descriptor reader(errors[0]);
  Descriptor writer(errors[1]);
  const pid_t self = getpid();
  const pid_t pid = fork();
  if (pid < 0) return {-1, errno};
  if (pid == 0) become(spec, console, self, writer.get());
  writer.reset();
  int error = 0;
  if (read(reader.get(), &error, sizeof error) == sizeof error) return {pid, error};
  return {pid, 0};
}

class Tree {
 public:
  explicit Tree(pid_t node) : node_(node) {}

  /// Ends everything below and returns when the last one is reaped. A process that was forked
  /// meanwhile comes to us when its parent ends, which wakes the wait.
  void end() {
    for (;;) {
      for (const pid_t pid : descendants_of(getpid())) kill(pid, SIGKILL);
      int status = 0;
      const pid_t ended = waitpid(-1, &status, 0);
      if (ended < 0 && errno == ECHILD) return;
      note(ended, status);
    }
  }

  /// Reaps what has ended; true once the node itself has.
  bool reap() {
    int status = 0;
    for (pid_t ended = 0; (ended = waitpid(-1, &status, WNOHANG)) > 0;) note(ended, status);
    return has_ended_;
  }

  std::string stop() {
    const Time deadline = monotonic_now() + stop_limit;
    for (;;) {
      std::size_t threads = 0;
      bool all = true;
      const std::vector<pid_t> pids = descendants_of(getpid());
      for (const pid_t pid : pids) {
        kill(pid, SIGSTOP);
        const std::string states = thread_states(pid);
        threads += states.size();
        all = all && states.find_first_not_of("TtZX") == std::string::npos;
      }
      if (all && threads > 0) {
        return fmt::format("{} threads of {} processes in state T", threads, pids.size());
      }
      if (monotonic_now() > deadline || threads == 0) return "";
      wait_a_moment();
    }
  }

  std::string resume() {
    const Time deadline = monotonic_now() + stop_limit;
    for (;;) {
      bool any = false;
      for (const pid_t pid : descendants_of(getpid())) {
        kill(pid, SIGCONT);
        any = any || thread_states(pid).find_first_of("Tt") != std::string::npos;
      }
      if (!any) return "no thread in state T";
      if (monotonic_now() > deadline) return "";
      wait_a_moment();
    }
  }

  Json ended() const {
    return {{"event", "ended"},
            {"text", text_of_wait_status(status_)},
            {"status", status_},
            {"at", at_ == 0 ? now() : at_}};
  }

 private:
  void note(pid_t ended, int status) {
    if (ended != node_) return;
    status_ = status;
    has_ended_ = true;
    at_ = now();
  }
  // The kernel tells no one when the last thread of a grandchild has stopped: look again shortly.
  static void wait_a_moment() { poll(nullptr, 0, 1); }

  pid_t node_;
  int status_ = 0;
  bool has_ended_ = false;
  std::int64_t at_ = 0;
};

/// True while the tree lives on.
bool carry_out(const std::string& order, Tree& tree) {
  if (order == "stop") {
    tell({{"event", "stopped"}, {"words", tree.stop()}, {"at", now()}});
    return true;
  }
  if (order == "continue") {
    tell({{"event", "continued"}, {"words", tree.resume()}, {"at", now()}});
    return true;
  }
  return false;
}

/// Until the node ends, is ordered to, or nobody is left to order it.
void watch(Tree& tree, int signals) {
  std::array<pollfd, 2> polled{{{channel, POLLIN, 0}, {signals, POLLIN, 0}}};
  for (;;) {
    poll(polled.data(), polled.size(), -1);
    if (polled[1].revents) {
      signalfd_siginfo info{};
      if (read(signals, &info, sizeof info) == sizeof info && info.ssi_signo == SIGTERM) return;
      if (tree.reap()) return;
    }
    if (polled[0].revents) {
      Message message;
      const Arrival arrival = receive_message(channel, message);
      if (arrival == Arrival::Closed) return;
      if (arrival == Arrival::Message && !carry_out(message.body.value("order", ""), tree)) return;
    }
  }
}

int failed(const std::string& what) {
  tell({{"event", "failed"}, {"what", what}});
  return 1;
}

int run(const Json& spec, int signals) {
  auto console = spec.value("pty", false) ? open_pty() : open_pipes();
  const bool is_open = console && (spec.value("merge_stderr", false) || open_errors(*console));
  if (!is_open) return failed(std::string("no console could be opened: ") + std::strerror(errno));
  const Launched launched = launch(spec, *console);
  if (launched.error != 0) return failed(std::strerror(launched.error));
  std::vector<int> descriptors;
  for (const Descriptor& each : console->ours) descriptors.push_back(each.get());
  tell({{"event", "started"}, {"pid", launched.pid}, {"at", now()}}, descriptors);
  console.reset();
  Tree tree(launched.pid);
  watch(tree, signals);
  tree.end();
  tell(tree.ended());
  return 0;
}

int watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  return signalfd(-1, &set, SFD_CLOEXEC);
}

}  // namespace

int launcher_main() {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  prctl(PR_SET_NAME, "understudy-launch");
  fcntl(channel, F_SETFD, FD_CLOEXEC);
  close_range(3, ~0U, 0);
  const Descriptor signals(watched_signals());
  for (;;) {
    pollfd polled{channel, POLLIN, 0};
    poll(&polled, 1, -1);
    Message message;
    const Arrival arrival = receive_message(channel, message);
    if (arrival == Arrival::Closed) return 1;
    if (arrival == Arrival::Message) return run(message.body, signals.get());
  }
}

}  // namespace understudy::targets

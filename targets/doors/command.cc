// A console behind any command: its standard input and output are the session, its end is a lost
// session, which is told with its status and the last line of its standard error. The command is
// ended with its door, and by the kernel if the harness is killed.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/process/v2.hpp>
#include <csignal>
#include <filesystem>

#include "targets/doors/last_line.h"
#include "targets/doors/stream.h"
#include "targets/keeper/processes.h"
#include "targets/launching.h"

namespace understudy::targets {
namespace {

namespace process = boost::process::v2;

/// From the end of a program's output to that of the program, which is a moment later.
constexpr Duration longest_farewell = std::chrono::seconds(1);

/// Between fork and exec. The signal is for the end of the thread that started it, which is the
/// door's own.
struct DieWithParent {
  template <typename Launcher>
  boost::system::error_code on_exec_setup(Launcher&, const boost::filesystem::path&,
                                          const char* const*) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    return {};
  }
};

class CommandTransport final : public Transport {
 public:
  explicit CommandTransport(const DoorSettings& settings) : settings_(settings) {}
  ~CommandTransport() override { close(); }

  tl::expected<void, DoorFailure> open(const Stop& stop) override {
    stop_ = &stop;
    said_ = {};
    std::array<int, 2> ends{-1, -1};
    ensure(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) == 0,
           "a pair of sockets can be made");
    ours_ = Descriptor(ends[0]);
    const Descriptor its(ends[1]);
    fcntl(its.get(), F_SETFL, 0);
    ensure(pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0, "a pipe can be made");
    errors_ = Descriptor(ends[0]);
    const Descriptor its_errors(ends[1]);
    fcntl(its_errors.get(), F_SETFL, O_WRONLY);
    const std::string& name = settings_.command.front();
    const auto program = name.find('/') == std::string::npos
                             ? process::environment::find_executable(name)
                             : boost::filesystem::path(name);
    const std::vector<std::string> arguments(settings_.command.begin() + 1,
                                             settings_.command.end());
    boost::system::error_code error;
    process::default_process_launcher launcher;
    std::unique_lock alone(launching);
    auto child =
        launcher(io_.get_executor(), error, program.empty() ? name : program, arguments,
                 process::process_stdio{its.get(), its.get(), its_errors.get()}, DieWithParent{});
    alone.unlock();
    if (error)
      return tl::unexpected(DoorFailure{name + ": " + error.message(),
                                        "a program is found in PATH or by its path", true});
    child_.emplace(std::move(child));
    return {};
  }
  void close() override {
    ours_.reset();
    errors_.reset();
    if (!child_) return;
    boost::system::error_code ignored;
    child_->terminate(ignored);
    child_.reset();
  }
  int descriptor() const override { return ours_.get(); }
  int complaints() const override { return errors_.get(); }
  bool wants_room() const override { return is_full_; }
  bool read(std::string& to) override {
    hear_complaints();
    std::string ignored;
    return read_from(ours_.get(), to, ignored);
  }
  void write(std::string& from) override {
    write_to(ours_.get(), from);
    is_full_ = !from.empty();
  }
  std::string why() override {
    const std::string end = status();
    hear_complaints();
    const std::string said = said_.text();
    return fmt::format("{} {}{}{}", settings_.command.front(), end, said.empty() ? "" : ": ", said);
  }

 private:
  void hear_complaints() {
    if (!errors_) return;
    std::string bytes;
    std::string ignored;
    const bool is_open = read_from(errors_.get(), bytes, ignored);
    said_.add(bytes);
    if (!is_open) errors_.reset();
  }

  /// How it ended; `terminate` is left to take it away.
  std::string status() const {
    const pid_t pid = child_->id();
    const Descriptor its_end(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    if (its_end) stop_->wait(its_end.get(), POLLIN, longest_farewell);
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid == 0)
      return "closed its output";
    return text_of_wait_status(info.si_code == CLD_EXITED ? W_EXITCODE(info.si_status, 0)
                                                          : info.si_status);
  }

  const DoorSettings settings_;
  boost::asio::io_context io_;
  const Stop* stop_ = nullptr;  ///< of the door that opened it
  Descriptor ours_;
  Descriptor errors_;  ///< its standard error, while anybody can write there
  LastLine said_;
  std::optional<process::process> child_;
  bool is_full_ = false;
};

}  // namespace

std::unique_ptr<Transport> make_command_transport(const DoorSettings& settings) {
  return std::make_unique<CommandTransport>(settings);
}

}  // namespace understudy::targets

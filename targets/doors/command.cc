// A console behind any command: its standard input and output are the session, its end is a lost
// session. The command is ended with its door, and by the kernel if the harness is killed.
#include <sys/prctl.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/process/v2.hpp>
#include <csignal>
#include <filesystem>

#include "targets/doors/stream.h"
#include "targets/launching.h"

namespace understudy::targets {
namespace {

namespace process = boost::process::v2;

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

  tl::expected<void, DoorFailure> open(const Stop&) override {
    std::array<int, 2> ends{-1, -1};
    ensure(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) == 0,
           "a pair of sockets can be made");
    ours_ = Descriptor(ends[0]);
    const Descriptor its(ends[1]);
    fcntl(its.get(), F_SETFL, 0);
    const std::string& name = settings_.command.front();
    const auto program = name.find('/') == std::string::npos
                             ? process::environment::find_executable(name)
                             : boost::filesystem::path(name);
    const std::vector<std::string> arguments(settings_.command.begin() + 1,
                                             settings_.command.end());
    boost::system::error_code error;
    process::default_process_launcher launcher;
    std::unique_lock alone(launching);
    auto child = launcher(io_.get_executor(), error, program.empty() ? name : program, arguments,
                          process::process_stdio{its.get(), its.get(), nullptr}, DieWithParent{});
    alone.unlock();
    if (error)
      return tl::unexpected(DoorFailure{name + ": " + error.message(),
                                        "a program is found in PATH or by its path", true});
    child_.emplace(std::move(child));
    return {};
  }
  void close() override {
    ours_.reset();
    if (!child_) return;
    boost::system::error_code ignored;
    child_->terminate(ignored);
    child_.reset();
  }
  int descriptor() const override { return ours_.get(); }
  bool wants_room() const override { return is_full_; }
  bool read(std::string& to) override {
    if (read_from(ours_.get(), to, why_)) return true;
    why_ = settings_.command.front() + " ended";
    return false;
  }
  void write(std::string& from) override {
    write_to(ours_.get(), from);
    is_full_ = !from.empty();
  }
  std::string why() const override { return why_; }

 private:
  const DoorSettings settings_;
  boost::asio::io_context io_;
  Descriptor ours_;
  std::optional<process::process> child_;
  bool is_full_ = false;
  std::string why_;
};

}  // namespace

std::unique_ptr<Transport> make_command_transport(const DoorSettings& settings) {
  return std::make_unique<CommandTransport>(settings);
}

}  // namespace understudy::targets

#include "tests/scenarios/daemon_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pty.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>

namespace understudy::reference {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds limit(
    60);  // only a broken node reaches it, also on a loaded machine

const std::string program = std::string(UNDERSTUDY_BINARY_DIR) + "/bin/understudy-node";

[[noreturn]] void become_node(const std::vector<std::string>& arguments) {
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execv(program.c_str(), words.data());
  std::_Exit(127);
}

// Reads once before the deadline; false at the deadline and at the end.
bool read_more(int descriptor, Clock::time_point deadline, std::string& text) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
  pollfd waits{descriptor, POLLIN, 0};
  if (left.count() <= 0 || ::poll(&waits, 1, static_cast<int>(left.count())) <= 0) return false;
  std::array<char, 4096> bytes{};
  const ssize_t n = ::read(descriptor, bytes.data(), bytes.size());
  if (n <= 0) return false;
  text.append(bytes.data(), static_cast<std::size_t>(n));
  return true;
}

int status_of(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

Ended run_node(const std::vector<std::string>& arguments) {
  int ends[2];
  if (::pipe(ends) != 0) return {};
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(::open("/dev/null", O_RDONLY), 0);
    ::dup2(ends[1], 1);
    ::dup2(ends[1], 2);
    ::close(ends[0]);
    become_node(arguments);
  }
  ::close(ends[1]);
  Ended ended;
  while (read_more(ends[0], Clock::now() + limit, ended.output)) {
  }
  ::close(ends[0]);
  ended.status = status_of(pid);
  return ended;
}

NodeProcess::NodeProcess(const std::vector<std::string>& arguments) {
  pid_ = ::forkpty(&terminal_, nullptr, nullptr, nullptr);
  if (pid_ == 0) become_node(arguments);
}

NodeProcess::~NodeProcess() {
  if (!has_ended_) {
    ::kill(pid_, SIGKILL);
    status_of(pid_);
  }
  ::close(terminal_);
}

void NodeProcess::type(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(terminal_, bytes.data(), bytes.size());
    if (n <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::string NodeProcess::wait_for(std::string_view text) {
  const auto deadline = Clock::now() + limit;
  for (;;) {
    const std::size_t found = unread_.find(text);
    if (found != std::string::npos) {
      std::string read = unread_.substr(0, found + text.size());
      unread_.erase(0, read.size());
      return read;
    }
    if (!read_more(terminal_, deadline, unread_)) return {};
  }
}

std::string NodeProcess::ask(std::string_view line) {
  type(line);
  type("\r");
  const std::string echo = wait_for(line);
  return echo + wait_for(" # ");
}

void NodeProcess::signal(int number) {
  ::kill(pid_, number);
}

bool NodeProcess::is_alive() {
  return !has_ended_ && ::kill(pid_, 0) == 0;
}

int NodeProcess::wait() {
  std::string rest;
  while (read_more(terminal_, Clock::now() + limit, rest)) {
  }
  has_ended_ = true;
  return status_of(pid_);
}

Bench::Bench() : ports_{free_port(SOCK_DGRAM), free_port(SOCK_DGRAM)} {
  std::string name = (std::filesystem::temp_directory_path() / "node-XXXXXX").string();
  folder_ = ::mkdtemp(name.data());
}

Bench::~Bench() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::vector<std::string> Bench::arguments(char slot) const {
  const char other = slot == 'A' ? 'B' : 'A';
  const std::string host = "127.0.0.1:";
  return {"--slot",         std::string(1, slot),
          "--listen",       host + std::to_string(port(slot)),
          "--peer",         host + std::to_string(port(other)),
          "--state",        state(slot).string(),
          "--control",      control(slot),
          "--peer-control", control(other),
          "--login",        "none",
          "--heartbeat",    "100ms",
          "--limit",        "10",
          "--boot",         "200ms",
          "--election",     "300ms",
          "--down",         "100ms",
          "--fail",         "100ms"};
}

int free_port(int type) {
  const int socket = ::socket(AF_INET, type, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

int connect_tcp(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return socket;
  ::close(socket);
  return -1;
}

std::string read_tcp(int socket, std::string_view text) {
  const auto deadline = Clock::now() + limit;
  std::string read;
  while (read.find(text) == std::string::npos && read_more(socket, deadline, read)) {
  }
  return read;
}

}  // namespace understudy::reference

// An understudy-node process on a pty or on pipes, for tests: typed to, read from with a deadline,
// signalled, and always ended.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace understudy::reference {

struct Ended {
  int status = -1;     ///< exit status, or -1 after a signal
  std::string output;  ///< both streams
};

/// Runs the program to its end with nothing on standard input.
Ended run_node(const std::vector<std::string>& arguments);

class NodeProcess {
 public:
  explicit NodeProcess(const std::vector<std::string>& arguments);
  ~NodeProcess();
  NodeProcess(const NodeProcess&) = delete;
  NodeProcess& operator=(const NodeProcess&) = delete;

  void type(std::string_view bytes);
  /// Reads on until `text` has come; gives all up to its end, or the empty string at the deadline.
  std::string wait_for(std::string_view text);
  /// Types a line and gives what comes up to the prompt after it.
  std::string ask(std::string_view line);
  void signal(int number);
  /// Waits for the end; gives the status, or -1 after a signal.
  int wait();
  pid_t pid() const { return pid_; }
  bool is_alive();

 private:
  pid_t pid_ = -1;
  int terminal_ = -1;
  std::string unread_;
  bool has_ended_ = false;
};

/// A chassis' ends on loopback: folders, ports, sockets.
class Bench {
 public:
  Bench();
  ~Bench();
  std::vector<std::string> arguments(char slot) const;
  std::filesystem::path state(char slot) const { return folder_ / std::string(1, slot); }
  std::string control(char slot) const {
    return (folder_ / (std::string(1, slot) + ".s")).string();
  }
  int port(char slot) const { return slot == 'A' ? ports_[0] : ports_[1]; }

 private:
  std::filesystem::path folder_;
  int ports_[2];
};

/// A port that is free now, of UDP or TCP.
int free_port(int type);
/// A connection to a TCP console: reads until `text` or the deadline or the end.
std::string read_tcp(int socket, std::string_view text);
int connect_tcp(int port);

}  // namespace understudy::reference

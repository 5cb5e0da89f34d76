// A small SSH server by libssh for the tests: an account with a password, asked for in the way that
// the test wants, and a shell that greets and echoes. It serves one session after the other on a
// thread.
#pragma once

#include <libssh/server.h>

#include <atomic>
#include <string>
#include <thread>

#include "targets/doors/stop.h"

namespace understudy::targets {

class SshServer {
 public:
  enum class Asks { Password, Questions };
  explicit SshServer(Asks asks);
  ~SshServer();

  std::string port() const { return port_; }
  std::string known_hosts_line() const;
  int logins() const { return logins_; }
  /// Ends the session that is open, as a reboot does.
  void hang_up() { hangs_up_ = true; }
  /// The same, after the status of what ran.
  void exit_with(int status) {
    exit_status_ = status;
    hang_up();
  }
  /// Reads nothing any more, as a process that was stopped; the kernel goes on acknowledging.
  void hang() { hangs_ = true; }
  /// Echoes each byte in a packet of its own.
  void echo_in_pieces() { echoes_in_pieces_ = true; }
  /// Requests that ask for nothing but an answer.
  int asked_for_life() const { return asked_for_life_; }

 private:
  void work();
  void serve(ssh_session session);
  static void answer_request(ssh_session session, ssh_message message, void* self);
  bool log_in(ssh_session session);
  ssh_channel open_shell(ssh_session session);
  bool answer_login(ssh_session session, ssh_message message, bool& has_asked);

  Asks asks_;
  ssh_key key_ = nullptr;
  ssh_bind bind_ = nullptr;
  std::string port_;
  Stop stop_;
  std::atomic<int> logins_ = 0;
  std::atomic<bool> hangs_up_ = false;
  std::atomic<int> exit_status_ = -1;
  std::atomic<bool> hangs_ = false;
  std::atomic<bool> echoes_in_pieces_ = false;
  std::atomic<int> asked_for_life_ = 0;
  std::thread thread_;
};

inline constexpr const char* ssh_user = "admin";
inline constexpr const char* ssh_password = "right horse";

}  // namespace understudy::targets

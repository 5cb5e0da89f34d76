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

 private:
  void work();
  void serve(ssh_session session);
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
  std::thread thread_;
};

inline constexpr const char* ssh_user = "admin";
inline constexpr const char* ssh_password = "right horse";

}  // namespace understudy::targets

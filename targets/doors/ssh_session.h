// One SSH session by libssh: connected, its server known, logged in. Without blocking but for the
// waits in here, which the door's stop ends. Used by the SSH transport, for the server itself and
// for each jump host before it.
#pragma once

#include <libssh/libssh.h>

#include <functional>
#include <string>

#include "targets/doors/transport.h"

namespace understudy::targets {

using SshResult = tl::expected<void, DoorFailure>;

class SshSession {
 public:
  SshSession(const SshHop& hop, std::optional<std::string> password, const Stop& stop,
             Duration limit);
  ~SshSession();
  SshSession(const SshSession&) = delete;
  SshSession& operator=(const SshSession&) = delete;

  /// Over a connected socket, which is the session's from now on. `was_let_in`: an earlier session
  /// was, so a refusal now may pass.
  SshResult open(Descriptor socket, bool was_let_in);

  /// A channel that runs `command`, or a shell where that is empty, on a terminal.
  SshResult run(const std::string& command);
  /// A channel to another host.
  SshResult forward_to(const std::string& host, const std::string& port);

  /// How what ran on the channel ended, after its end: ": exit status 1". Empty: nobody says.
  std::string status() const;

  /// A request that every server answers, if only by declining it, and what came from there so far.
  void ask_for_life();
  std::uint64_t packets_heard() const { return heard_.in_packets; }

  ssh_session get() const { return session_; }
  ssh_channel channel() const { return channel_; }

 private:
  SshResult check_key_file() const;
  SshResult check_server();
  SshResult log_in(bool was_let_in);
  int try_keys(std::string& tried);
  int try_key_file(std::string& tried);
  int try_password(std::string& tried);
  int answer_questions();
  int until_done(const std::function<int()>& call, int again) const;
  tl::unexpected<DoorFailure> failed(const std::string& what, std::string hint = {},
                                     bool is_final = false) const;

  const SshHop& hop_;
  const std::optional<std::string> password_;
  const Stop& stop_;
  Duration limit_;
  Descriptor socket_;  ///< libssh leaves one that it was given open
  ssh_counter_struct heard_{};
  ssh_session session_ = nullptr;
  ssh_channel channel_ = nullptr;
};

}  // namespace understudy::targets

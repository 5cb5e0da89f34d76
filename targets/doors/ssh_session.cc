#include "targets/doors/ssh_session.h"

#include <fmt/format.h>
#include <libssh/server.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "targets/wire/relay.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr Duration look_again = 10ms;         // libssh has no descriptor to wait for yet
constexpr Duration longest_farewell = 200ms;  // of a server that ends a channel
constexpr int most_questions = 8;             // rounds of a keyboard-interactive login
constexpr int columns = 511;                  // wide: a switch that folds its lines cannot be read
constexpr int rows = 24;

std::string fingerprint_of(ssh_session session) {
  ssh_key key = nullptr;
  if (ssh_get_server_publickey(session, &key) != SSH_OK) return "?";
  unsigned char* hash = nullptr;
  std::size_t length = 0;
  std::string text = "?";
  if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &length) == 0) {
    const std::unique_ptr<char, decltype(&ssh_string_free_char)> words(
        ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length), ssh_string_free_char);
    if (words) text = words.get();
    ssh_clean_pubkey_hash(&hash);
  }
  ssh_key_free(key);
  return text;
}

/// The file that the server's key has to stand in.
std::string known_hosts_of(const SshHop& hop) {
  return hop.known_hosts.empty() ? "~/.ssh/known_hosts" : hop.known_hosts;
}

/// Why no agent can be asked; empty if one can.
std::string why_no_agent() {
  const char* const socket = std::getenv("SSH_AUTH_SOCK");
  if (socket == nullptr || *socket == '\0') return " (SSH_AUTH_SOCK is not set)";
  if (access(socket, R_OK | W_OK) == 0) return {};
  return fmt::format(" (SSH_AUTH_SOCK: {}: {})", socket, std::strerror(errno));
}

std::string methods_of(int list) {
  std::string names;
  for (const auto& [method, name] : {std::pair{SSH_AUTH_METHOD_PUBLICKEY, "publickey"},
                                     std::pair{SSH_AUTH_METHOD_PASSWORD, "password"},
                                     std::pair{SSH_AUTH_METHOD_INTERACTIVE, "keyboard-interactive"},
                                     std::pair{SSH_AUTH_METHOD_GSSAPI_MIC, "gssapi"}})
    if ((list & static_cast<int>(method)) != 0)
      names += (names.empty() ? "" : ", ") + std::string(name);
  return names.empty() ? "nothing" : names;
}

/// A server with Nagle's algorithm on sends the rest of its answer when we acknowledge the first
/// part: at once, not after the 40 ms of a delayed acknowledgement. No effect on what is no TCP
/// socket.
void acknowledge_at_once(int socket) {
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof yes);
}

}  // namespace

SshSession::SshSession(const SshHop& hop, std::optional<std::string> password, const Stop& stop,
                       Duration limit)
    : hop_(hop), password_(std::move(password)), stop_(stop), limit_(limit), session_(ssh_new()) {
  ensure(session_ != nullptr, "an SSH session can be made");
  ssh_set_counters(session_, nullptr, &heard_);
}

SshSession::~SshSession() {
  if (channel_ != nullptr) ssh_channel_free(channel_);
  ssh_disconnect(session_);
  ssh_free(session_);
}

tl::unexpected<DoorFailure> SshSession::failed(const std::string& what, std::string hint,
                                               bool is_final) const {
  return tl::unexpected(
      DoorFailure{fmt::format("{}@{}:{}: {}", hop_.user, hop_.host, hop_.port, what),
                  std::move(hint), is_final});
}

/// Calls until libssh no longer asks for another try; its last word, or SSH_ERROR when the time is
/// over.
int SshSession::until_done(const std::function<int()>& call, int again) const {
  const Time until = monotonic_now() + limit_;
  for (;;) {
    const int result = call();
    if (result != again) return result;
    const Duration left = until - monotonic_now();
    if (left <= Duration::zero() || stop_.is_ordered()) return SSH_ERROR;
    const bool is_writing = (ssh_get_poll_flags(session_) & SSH_WRITE_PENDING) != 0;
    const int fd = ssh_get_fd(session_);
    acknowledge_at_once(fd);
    stop_.wait(fd, static_cast<short>(is_writing ? POLLIN | POLLOUT : POLLIN),
               fd < 0 ? look_again : left);
  }
}

SshResult SshSession::open(Descriptor socket, bool was_let_in) {
  if (auto kept = check_key_file(); !kept) return kept;
  const bool reads_user_files = false;  // what a testbed says is all that there is
  socket_ = std::move(socket);
  const int own_socket = socket_.get();
  ssh_options_set(session_, SSH_OPTIONS_PROCESS_CONFIG, &reads_user_files);
  ssh_options_set(session_, SSH_OPTIONS_HOST, hop_.host.c_str());
  ssh_options_set(session_, SSH_OPTIONS_PORT_STR, hop_.port.c_str());
  ssh_options_set(session_, SSH_OPTIONS_USER, hop_.user.c_str());
  ssh_options_set(session_, SSH_OPTIONS_FD, &own_socket);
  if (!hop_.known_hosts.empty()) {
    ssh_options_set(session_, SSH_OPTIONS_KNOWNHOSTS, hop_.known_hosts.c_str());
    ssh_options_set(session_, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, hop_.known_hosts.c_str());
  }
  ssh_set_blocking(session_, 0);
  if (until_done([this] { return ssh_connect(session_); }, SSH_AGAIN) != SSH_OK)
    return failed(fmt::format("no SSH session: {}", ssh_get_error(session_)));
  if (auto known = check_server(); !known) return known;
  return log_in(was_let_in);
}

/// As a password's file: one that others read is nobody's secret.
SshResult SshSession::check_key_file() const {
  struct stat status {};
  if (hop_.key.empty() || stat(hop_.key.c_str(), &status) != 0 ||
      (status.st_mode & (S_IRGRP | S_IROTH)) == 0)
    return {};
  return failed(fmt::format("key {} can be read by others", hop_.key), "chmod 600 " + hop_.key,
                true);
}

SshResult SshSession::check_server() {
  const std::string shown = fingerprint_of(session_);
  switch (ssh_session_is_known_server(session_)) {
    case SSH_KNOWN_HOSTS_OK:
      return {};
    case SSH_KNOWN_HOSTS_CHANGED:
    case SSH_KNOWN_HOSTS_OTHER:
      return failed(
          fmt::format("its host key is another one than the known one: {}", shown),
          fmt::format("take the old one out of {} if this is meant", known_hosts_of(hop_)), true);
    case SSH_KNOWN_HOSTS_NOT_FOUND:
    case SSH_KNOWN_HOSTS_UNKNOWN:
      break;
    case SSH_KNOWN_HOSTS_ERROR:
      return failed(fmt::format("its host key cannot be checked: {}", ssh_get_error(session_)), {},
                    true);
  }
  if (!hop_.trusts_first)
    return failed(
        fmt::format("its host key is not known: {}", shown),
        fmt::format("add it to {}, or say host-key: trust-on-first-use", known_hosts_of(hop_)),
        true);
  if (ssh_session_update_known_hosts(session_) == SSH_OK) return {};
  return failed(fmt::format("its host key cannot be kept in {}: {}", known_hosts_of(hop_),
                            ssh_get_error(session_)),
                {}, true);
}

int SshSession::try_key_file(std::string& tried) {
  tried += " key " + hop_.key;
  ssh_key key = nullptr;
  if (access(hop_.key.c_str(), R_OK) != 0) {
    tried += fmt::format(" ({})", std::strerror(errno));
    return SSH_AUTH_DENIED;
  }
  if (ssh_pki_import_privkey_file(hop_.key.c_str(), password_ ? password_->c_str() : nullptr,
                                  nullptr, nullptr, &key) != SSH_OK) {
    tried += " (no private key, or not with this password)";
    return SSH_AUTH_DENIED;
  }
  const int result =
      until_done([&] { return ssh_userauth_publickey(session_, nullptr, key); }, SSH_AUTH_AGAIN);
  ssh_key_free(key);
  return result;
}

int SshSession::try_keys(std::string& tried) {
  const int result = SSH_AUTH_DENIED;
  if (!hop_.key.empty()) return try_key_file(tried);
  if (!hop_.uses_agent) return result;
  tried += " agent" + why_no_agent();
  // The agent itself, and the user's own keys that have no passphrase.
  return until_done([&] { return ssh_userauth_publickey_auto(session_, nullptr, ""); },
                    SSH_AUTH_AGAIN);
}

int SshSession::answer_questions() {
  int result = SSH_AUTH_INFO;
  for (int round = 0; round < most_questions && result == SSH_AUTH_INFO; ++round) {
    result = until_done([this] { return ssh_userauth_kbdint(session_, nullptr, nullptr); },
                        SSH_AUTH_AGAIN);
    if (result != SSH_AUTH_INFO) break;
    const int prompts = ssh_userauth_kbdint_getnprompts(session_);
    for (int prompt = 0; prompt < prompts; ++prompt)
      ssh_userauth_kbdint_setanswer(session_, static_cast<unsigned>(prompt), password_->c_str());
  }
  return result;
}

int SshSession::try_password(std::string& tried) {
  int result = SSH_AUTH_DENIED;
  if (!password_) return result;
  const int methods = ssh_userauth_list(session_, nullptr);
  if ((methods & static_cast<int>(SSH_AUTH_METHOD_PASSWORD)) != 0) {
    tried += " password";
    result =
        until_done([this] { return ssh_userauth_password(session_, nullptr, password_->c_str()); },
                   SSH_AUTH_AGAIN);
  }
  if (result == SSH_AUTH_DENIED && (methods & static_cast<int>(SSH_AUTH_METHOD_INTERACTIVE)) != 0) {
    tried += " keyboard-interactive";
    result = answer_questions();
  }
  return result;
}

SshResult SshSession::log_in(bool was_let_in) {
  std::string tried;
  int result = hop_.key.empty() ? SSH_AUTH_DENIED : try_keys(tried);
  if (result != SSH_AUTH_SUCCESS && result != SSH_AUTH_ERROR)
    result = until_done([this] { return ssh_userauth_none(session_, nullptr); }, SSH_AUTH_AGAIN);
  if (result != SSH_AUTH_SUCCESS && result != SSH_AUTH_ERROR && hop_.key.empty())
    result = try_keys(tried);
  if (result != SSH_AUTH_SUCCESS && result != SSH_AUTH_ERROR) result = try_password(tried);
  if (result == SSH_AUTH_SUCCESS) return {};
  if (result == SSH_AUTH_ERROR)
    return failed(fmt::format("the login was not finished: {}", ssh_get_error(session_)));
  return failed(fmt::format("the login was refused; it takes {}, tried:{}",
                            methods_of(ssh_userauth_list(session_, nullptr)),
                            tried.empty() ? " nothing" : tried),
                "key:, agent: or login: {user: ..., password: {env: ...}}", !was_let_in);
}

SshResult SshSession::run(const std::string& command) {
  channel_ = ssh_channel_new(session_);
  ensure(channel_ != nullptr, "an SSH channel can be made");
  const auto call = [&](auto&& ask) { return until_done(ask, SSH_AGAIN) == SSH_OK; };
  const bool is_open =
      call([this] { return ssh_channel_open_session(channel_); }) &&
      call([this] { return ssh_channel_request_pty_size(channel_, "vt100", columns, rows); }) &&
      (command.empty() ? call([this] { return ssh_channel_request_shell(channel_); })
                       : call([&] { return ssh_channel_request_exec(channel_, command.c_str()); }));
  if (is_open) return {};
  return failed(fmt::format("no session on the connection: {}", ssh_get_error(session_)));
}

std::string SshSession::status() const {
  // The end of the output may come before the status, and the end of the channel after it.
  const Time until = monotonic_now() + longest_farewell;
  int status = ssh_channel_get_exit_status(channel_);
  while (status < 0 && ssh_channel_is_closed(channel_) == 0 && ssh_is_connected(session_) != 0 &&
         !stop_.is_ordered() && monotonic_now() < until) {
    stop_.wait(ssh_get_fd(session_), POLLIN, until - monotonic_now());
    status = ssh_channel_get_exit_status(channel_);
  }
  return status < 0 ? std::string() : fmt::format(": exit status {}", status);
}

void SshSession::ask_for_life() {
  // The one takes the answer to the last request, if it has come; the next one then asks. Neither
  // waits, nor asks while an answer is due.
  ssh_send_keepalive(session_);
  ssh_send_keepalive(session_);
}

SshResult SshSession::forward_to(const std::string& host, const std::string& port) {
  channel_ = ssh_channel_new(session_);
  ensure(channel_ != nullptr, "an SSH channel can be made");
  const auto ask = [&] {
    return ssh_channel_open_forward(channel_, host.c_str(), std::atoi(port.c_str()), "127.0.0.1",
                                    0);
  };
  if (until_done(ask, SSH_AGAIN) == SSH_OK) return {};
  return failed(
      fmt::format("it does not forward to {}:{}: {}", host, port, ssh_get_error(session_)));
}

}  // namespace understudy::targets

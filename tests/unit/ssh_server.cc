#include "tests/unit/ssh_server.h"

#include <gtest/gtest.h>
#include <libssh/callbacks.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <memory>

// libssh would rather have callbacks, which know no keyboard-interactive login.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using Request = std::unique_ptr<std::remove_pointer_t<ssh_message>, decltype(&ssh_message_free)>;

Request next_request(ssh_session session) {
  return {ssh_message_get(session), ssh_message_free};
}

}  // namespace

SshServer::SshServer(Asks asks) : asks_(asks) {
  EXPECT_EQ(ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key_), SSH_OK);
  ssh_key owned = ssh_key_dup(key_);  // the bind frees its own
  bind_ = ssh_bind_new();
  const bool reads_system_files = false;
  const unsigned port = 0;
  ssh_bind_options_set(bind_, SSH_BIND_OPTIONS_PROCESS_CONFIG, &reads_system_files);
  ssh_bind_options_set(bind_, SSH_BIND_OPTIONS_BINDADDR, "127.0.0.1");
  ssh_bind_options_set(bind_, SSH_BIND_OPTIONS_BINDPORT, &port);
  ssh_bind_options_set(bind_, SSH_BIND_OPTIONS_IMPORT_KEY, owned);
  EXPECT_EQ(ssh_bind_listen(bind_), SSH_OK) << ssh_get_error(bind_);
  sockaddr_in place{};
  socklen_t size = sizeof place;
  getsockname(ssh_bind_get_fd(bind_), reinterpret_cast<sockaddr*>(&place), &size);
  port_ = std::to_string(ntohs(place.sin_port));
  thread_ = std::thread([this] { work(); });
}

SshServer::~SshServer() {
  stop_.order();
  thread_.join();
  ssh_bind_free(bind_);
  ssh_key_free(key_);
}

std::string SshServer::known_hosts_line() const {
  char* text = nullptr;
  ssh_pki_export_pubkey_base64(key_, &text);
  const std::string line = "[127.0.0.1]:" + port_ + " ssh-ed25519 " + text + "\n";
  ssh_string_free_char(text);
  return line;
}

void SshServer::work() {
  while (!stop_.is_ordered()) {
    if (!stop_.wait(ssh_bind_get_fd(bind_), POLLIN, 10s)) continue;
    const std::unique_ptr<std::remove_pointer_t<ssh_session>, decltype(&ssh_free)> session(
        ssh_new(), ssh_free);
    if (ssh_bind_accept(bind_, session.get()) != SSH_OK) continue;
    serve(session.get());
    ssh_disconnect(session.get());
  }
}

bool SshServer::answer_login(ssh_session session, ssh_message message, bool& has_asked) {
  if (ssh_message_type(message) != SSH_REQUEST_AUTH) return false;
  const int method = ssh_message_subtype(message);
  ssh_message_auth_set_methods(
      message, asks_ == Asks::Password ? SSH_AUTH_METHOD_PASSWORD : SSH_AUTH_METHOD_INTERACTIVE);
  if (method == SSH_AUTH_METHOD_PASSWORD && asks_ == Asks::Password)
    return std::string(ssh_message_auth_password(message)) == ssh_password;
  if (method != SSH_AUTH_METHOD_INTERACTIVE || asks_ != Asks::Questions) return false;
  if (!ssh_message_auth_kbdint_is_response(message)) {
    const char* prompt = "Password: ";
    char echo = 0;
    ssh_message_auth_interactive_request(message, "", "", 1, &prompt, &echo);
    has_asked = true;
    return false;
  }
  const char* answer = ssh_userauth_kbdint_getanswer(session, 0);
  return answer != nullptr && std::string(answer) == ssh_password;
}

bool SshServer::log_in(ssh_session session) {
  for (int tries = 0; tries < 20; ++tries) {
    const Request message = next_request(session);
    if (!message) return false;
    bool has_asked = false;
    if (answer_login(session, message.get(), has_asked)) {
      ssh_message_auth_reply_success(message.get(), 0);
      return true;
    }
    if (!has_asked) ssh_message_reply_default(message.get());
  }
  return false;
}

ssh_channel SshServer::open_shell(ssh_session session) {
  ssh_channel channel = nullptr;
  for (;;) {
    const Request message = next_request(session);
    if (!message) return nullptr;
    const int type = ssh_message_type(message.get());
    const int subtype = ssh_message_subtype(message.get());
    if (type == SSH_REQUEST_CHANNEL_OPEN) {
      channel = ssh_message_channel_request_open_reply_accept(message.get());
    } else if (type == SSH_REQUEST_CHANNEL && subtype == SSH_CHANNEL_REQUEST_PTY) {
      ssh_message_channel_request_reply_success(message.get());
    } else if (type == SSH_REQUEST_CHANNEL && subtype == SSH_CHANNEL_REQUEST_SHELL) {
      ssh_message_channel_request_reply_success(message.get());
      return channel;
    } else {
      ssh_message_reply_default(message.get());
    }
  }
}

void SshServer::answer_request(ssh_session, ssh_message message, void* self) {
  ++static_cast<SshServer*>(self)->asked_for_life_;
  ssh_message_reply_default(message);
}

void SshServer::serve(ssh_session session) {
  if (ssh_handle_key_exchange(session) != SSH_OK || !log_in(session)) return;
  ssh_channel channel = open_shell(session);
  if (channel == nullptr) return;
  ++logins_;
  hangs_up_ = false;
  ssh_callbacks_struct callbacks{};
  callbacks.userdata = this;
  callbacks.global_request_function = &SshServer::answer_request;
  ssh_callbacks_init(&callbacks);
  ssh_set_callbacks(session, &callbacks);
  const int yes = 1;
  setsockopt(ssh_get_fd(session), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  ssh_channel_write(channel, "sw.1 # ", 7);
  std::array<char, 4096> buffer;
  while (!stop_.is_ordered() && !hangs_up_) {
    if (hangs_) {
      stop_.wait(-1, 0, 10s);
      return;
    }
    const int count = ssh_channel_read_timeout(channel, buffer.data(), buffer.size(), 0, 20);
    if (count < 0 || ssh_channel_is_eof(channel)) return;
    const int piece = echoes_in_pieces_ ? 1 : count;
    for (int at = 0; at < count; at += piece)
      ssh_channel_write(channel, buffer.data() + at, static_cast<std::uint32_t>(piece));
  }
  if (exit_status_ < 0) return;
  // As OpenSSH: the output's end may come first, and what ended it after that.
  ssh_channel_send_eof(channel);
  ssh_channel_request_send_exit_status(channel, exit_status_);
  ssh_channel_close(channel);
}

}  // namespace understudy::targets

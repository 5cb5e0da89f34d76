// ssh_floor COUNT PORT KEY USER: bare libssh against the same server: connect, log in, terminal,
// run, echo.
#include <libssh/libssh.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

using Clock = std::chrono::steady_clock;

namespace {

constexpr char line[] = "show line\n";

double median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

void check(bool is_good, ssh_session session) {
  if (is_good) return;
  std::fprintf(stderr, "ssh_floor: %s\n", ssh_get_error(session));
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const int count = std::atoi(argv[1]);
  const int port = std::atoi(argv[2]);
  std::vector<double> connects, round_trips;
  for (int i = 0; i < count; ++i) {
    const auto begin = Clock::now();
    ssh_session session = ssh_new();
    const int off = 0;
    const int on = 1;
    ssh_options_set(session, SSH_OPTIONS_HOST, "127.0.0.1");
    ssh_options_set(session, SSH_OPTIONS_PORT, &port);
    ssh_options_set(session, SSH_OPTIONS_USER, argv[4]);
    ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &off);
    ssh_options_set(session, SSH_OPTIONS_NODELAY, &on);
    check(ssh_connect(session) == SSH_OK, session);
    ssh_key key = nullptr;
    check(ssh_pki_import_privkey_file(argv[3], nullptr, nullptr, nullptr, &key) == SSH_OK, session);
    check(ssh_userauth_publickey(session, nullptr, key) == SSH_AUTH_SUCCESS, session);
    ssh_key_free(key);
    ssh_channel channel = ssh_channel_new(session);
    check(ssh_channel_open_session(channel) == SSH_OK, session);
    check(ssh_channel_request_pty(channel) == SSH_OK, session);
    check(ssh_channel_request_exec(channel, "stty raw -echo; echo ready; exec cat") == SSH_OK,
          session);
    connects.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
    char ready[256];
    if (i + 1 == count) check(ssh_channel_read(channel, ready, sizeof ready, 0) > 0, session);
    for (int trip = 0; i + 1 == count && trip < 20 * count; ++trip) {
      const auto sent = Clock::now();
      ssh_channel_write(channel, line, sizeof line - 1);
      for (std::size_t left = sizeof line - 1; left > 0;) {
        char bytes[256];
        const int got = ssh_channel_read(channel, bytes, sizeof bytes, 0);
        check(got > 0, session);
        left -= std::min(left, static_cast<std::size_t>(got));
      }
      round_trips.push_back(std::chrono::duration<double, std::micro>(Clock::now() - sent).count());
    }
    ssh_channel_free(channel);
    ssh_disconnect(session);
    ssh_free(session);
  }
  std::printf("connect_p50_ms=%.2f rtt_p50_us=%.1f\n", median(connects), median(round_trips));
}

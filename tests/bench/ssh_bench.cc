// ssh_bench COUNT PORT KEY KNOWN_HOSTS USER: our SSH door against a server whose sessions echo, see
// rows.py. Connects COUNT times through a door of its own (key exchange, login, terminal, command),
// then sends 20 x COUNT lines through the last one. Prints connect_p50_ms= and rtt_p50_us=.
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "targets/doors/door.h"

using namespace understudy;
using namespace understudy::targets;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::string_view line = "show line\n";

double median(std::vector<double> all) {
  std::ranges::sort(all);
  return all[all.size() / 2];
}

[[noreturn]] void die(const std::string& why) {
  fmt::print(stderr, "ssh_bench: {}\n", why);
  std::exit(1);
}

Descriptor session_of(Door& door) {
  for (;;) {
    pollfd news{door.pollable(), POLLIN, 0};
    ::poll(&news, 1, -1);
    for (Door::Event& event : door.take_events()) {
      if (event.kind != Door::Event::Kind::Opened) die(event.text);
      return std::move(event.bytes);
    }
  }
}

void echo(int session) {
  if (::write(session, line.data(), line.size()) < 0) die("the session ended");
  for (std::size_t left = line.size(); left > 0;) {
    pollfd one{session, POLLIN, 0};
    ::poll(&one, 1, -1);
    char bytes[256];
    const ssize_t count = ::read(session, bytes, sizeof bytes);
    if (count <= 0) die("the session ended");
    left -= std::min(left, static_cast<std::size_t>(count));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) die("COUNT PORT KEY KNOWN_HOSTS USER");
  const int count = std::atoi(argv[1]);
  DoorSettings settings;
  settings.kind = DoorSettings::Kind::Ssh;
  settings.hops.push_back({.user = argv[5],
                           .host = "127.0.0.1",
                           .port = argv[2],
                           .key = argv[3],
                           .known_hosts = argv[4]});
  settings.command = {"stty raw -echo; echo ready; exec cat"};
  std::vector<double> connects, round_trips;
  for (int i = 0; i < count; ++i) {
    const auto begin = Clock::now();
    Door door(make_transport(settings), settings.keepalive);
    const Descriptor session = session_of(door);
    connects.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
    if (i + 1 < count) continue;
    for (std::string seen; seen.find('\n') == std::string::npos;) {
      char byte;
      if (::read(session.get(), &byte, 1) == 1) seen += byte;
      pollfd one{session.get(), POLLIN, 0};
      ::poll(&one, 1, -1 * (seen.find('\n') == std::string::npos));
    }
    for (int trip = 0; trip < 20 * count; ++trip) {
      const auto sent = Clock::now();
      echo(session.get());
      round_trips.push_back(std::chrono::duration<double, std::micro>(Clock::now() - sent).count());
    }
  }
  fmt::print("connect_p50_ms={:.2f} rtt_p50_us={:.1f}\n", median(connects), median(round_trips));
}

#include "targets/doors/stream.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_bytes = 1 << 20;  // of one read: others get their turn

void prepare(int descriptor, Duration patience) {
  const int yes = 1;
  const int milliseconds = static_cast<int>(patience / 1ms);
  const int seconds = std::max(1, static_cast<int>(patience / 3s));
  const int probes = 3;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, &seconds, sizeof seconds);
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, &seconds, sizeof seconds);
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
  setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}

/// 0, or what was wrong.
int connect_within(int descriptor, const addrinfo& place, const Stop& stop, Duration limit) {
  if (connect(descriptor, place.ai_addr, place.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!stop.wait(descriptor, POLLOUT, limit)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

tl::expected<Descriptor, DoorFailure> connect_to(const std::string& host, const std::string& port,
                                                 const Stop& stop, Duration limit,
                                                 Duration patience) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0)
    return tl::unexpected(DoorFailure{fmt::format("{}:{}: {}", host, port, gai_strerror(error)),
                                      "is the name right, and does this machine resolve it?",
                                      false});
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> places(found, freeaddrinfo);
  int error = 0;
  for (const addrinfo* place = found; place != nullptr; place = place->ai_next) {
    Descriptor descriptor(socket(place->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    error = connect_within(descriptor.get(), *place, stop, limit);
    if (error != 0) continue;
    prepare(descriptor.get(), patience);
    return descriptor;
  }
  return tl::unexpected(DoorFailure{fmt::format("{}:{}: {}", host, port, std::strerror(error)),
                                    hint_for(error), false});
}

std::string hint_for(int error) {
  switch (error) {
    case ECONNREFUSED:
      return "nothing listens there: is the address right, and the service running?";
    case ETIMEDOUT:
      return "nothing answers there: is it on, and does no firewall stand between?";
    case EHOSTUNREACH:
    case ENETUNREACH:
      return "no way leads there from this machine";
    case ENOENT:
      return "there is no such device now: is the adapter plugged in?";
    case EACCES:
      return "this user may not open it: its group often may (dialout)";
    case EBUSY:
      return "another program has it open";
    case ENOTTY:
      return "it must be a terminal";
    default:
      return {};
  }
}

bool read_from(int descriptor, std::string& to, std::string& why) {
  std::array<char, 16384> buffer;
  for (std::size_t total = 0; total < most_bytes;) {
    const auto count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return true;
    if (count <= 0) {
      why = count == 0 ? "the other side closed the session" : std::strerror(errno);
      return false;
    }
    to.append(buffer.data(), static_cast<std::size_t>(count));
    total += static_cast<std::size_t>(count);
  }
  return true;
}

void write_to(int descriptor, std::string& from) {
  while (!from.empty()) {
    const auto count = ::write(descriptor, from.data(), from.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno != EAGAIN) return from.clear();  // reading will tell that it ended
    if (count < 0) return;
    from.erase(0, static_cast<std::size_t>(count));
  }
}

}  // namespace understudy::targets

#include "targets/listeners/socket.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

namespace understudy::targets {
namespace {

constexpr int socket_buffer = 4 << 20;

std::string hint_for(int error) {
  if (error == EADDRINUSE) return "another program listens there, or another run";
  if (error == EACCES) return "ports below 1024 want CAP_NET_BIND_SERVICE";
  if (error == EADDRNOTAVAIL) return "no interface of this machine has that address";
  return {};
}

Duration age_of(const timespec& stamp) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const Duration age = std::chrono::seconds(now.tv_sec - stamp.tv_sec) +
                       std::chrono::nanoseconds(now.tv_nsec - stamp.tv_nsec);
  return std::max(age, Duration(0));
}

}  // namespace

Result<ListenerSocket> ListenerSocket::open(const std::string& listener, FrameAddress address,
                                            const std::string& where) {
  Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  setsockopt(socket.get(), SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &socket_buffer, sizeof socket_buffer);
  sockaddr_in place = to_sockaddr(address);
  if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) {
    const int error = errno;
    return fail(
        where,
        fmt::format("{} cannot listen on {}: {}", listener, to_text(address), std::strerror(error)),
        hint_for(error));
  }
  socklen_t length = sizeof place;
  getsockname(socket.get(), reinterpret_cast<sockaddr*>(&place), &length);
  return ListenerSocket(std::move(socket), from_sockaddr(place));
}

std::uint64_t ListenerSocket::receive(std::size_t most, const Take& take) {
  const std::uint32_t before = lost_;
  for (std::size_t taken = 0; taken < most; ++taken) {
    sockaddr_in from{};
    iovec bytes{buffer_.data(), buffer_.size()};
    alignas(cmsghdr) std::array<char, 128> control{};
    msghdr header{};
    header.msg_name = &from;
    header.msg_namelen = sizeof from;
    header.msg_iov = &bytes;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const auto length = recvmsg(socket_.get(), &header, MSG_DONTWAIT);
    if (length < 0) break;
    Duration age{};
    for (cmsghdr* each = CMSG_FIRSTHDR(&header); each != nullptr;
         each = CMSG_NXTHDR(&header, each)) {
      if (each->cmsg_level != SOL_SOCKET) continue;
      if (each->cmsg_type == SCM_TIMESTAMPNS) {
        timespec stamp{};
        std::memcpy(&stamp, CMSG_DATA(each), sizeof stamp);
        age = age_of(stamp);
      } else if (each->cmsg_type == SO_RXQ_OVFL) {
        std::memcpy(&lost_, CMSG_DATA(each), sizeof lost_);
      }
    }
    take(from_sockaddr(from), age, {buffer_.data(), static_cast<std::size_t>(length)});
  }
  return lost_ - before;  // the kernel's count goes round as ours does
}

}  // namespace understudy::targets

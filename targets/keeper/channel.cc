#include "targets/keeper/channel.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace understudy::targets {
namespace {

constexpr std::size_t largest_packet = 1 << 20;
constexpr std::size_t most_descriptors = 8;
constexpr std::size_t control_size = CMSG_SPACE(most_descriptors * sizeof(int));

std::vector<Descriptor> descriptors_of(msghdr& header) {
  std::vector<Descriptor> all;
  for (cmsghdr* each = CMSG_FIRSTHDR(&header); each != nullptr; each = CMSG_NXTHDR(&header, each)) {
    if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (each->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(each) + i * sizeof(int), sizeof fd);
      all.emplace_back(fd);
    }
  }
  return all;
}

}  // namespace

void Descriptor::reset() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

Result<std::pair<Descriptor, Descriptor>> make_channel() {
  std::array<int, 2> ends{-1, -1};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail("", std::string("no socket pair: ") + std::strerror(errno),
                "is the limit of open files reached?");
  }
  const int size = largest_packet;
  for (const int end : ends) setsockopt(end, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  return std::pair{Descriptor(ends[0]), Descriptor(ends[1])};
}

Sending send_message(int fd, const std::string& body, std::span<const int> descriptors,
                     bool may_block) {
  iovec place{const_cast<char*>(body.data()), body.size()};
  alignas(cmsghdr) std::array<char, control_size> control{};
  msghdr header{};
  header.msg_iov = &place;
  header.msg_iovlen = 1;
  if (!descriptors.empty()) {
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size_bytes());
  }
  const int flags = MSG_NOSIGNAL | (may_block ? 0 : MSG_DONTWAIT);
  for (;;) {
    if (sendmsg(fd, &header, flags) >= 0) return Sending::Sent;
    if (errno == EINTR) continue;
    return errno == EAGAIN || errno == ENOBUFS ? Sending::Full : Sending::Closed;
  }
}

Arrival receive_message(int fd, Message& message) {
  const auto size = recv(fd, nullptr, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
  if (size < 0) return errno == EAGAIN || errno == EINTR ? Arrival::Nothing : Arrival::Closed;
  if (size == 0 || static_cast<std::size_t>(size) > largest_packet) return Arrival::Closed;
  std::string body(static_cast<std::size_t>(size), '\0');
  iovec place{body.data(), body.size()};
  alignas(cmsghdr) std::array<char, control_size> control{};
  msghdr header{};
  header.msg_iov = &place;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  if (recvmsg(fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) <= 0) return Arrival::Closed;
  message.descriptors = descriptors_of(header);
  message.body = Json::parse(body, nullptr, false);
  return message.body.is_object() ? Arrival::Message : Arrival::Closed;
}

}  // namespace understudy::targets

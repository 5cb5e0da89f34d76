// A link in user space: UDP ports of the loopback.
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "targets/wire/carrier.h"

namespace understudy::targets {
namespace {

constexpr std::size_t largest_frame = 65536;
constexpr int socket_buffer = 4 << 20;

Result<Handle> bound_socket(FrameAddress address) {
  Handle handle(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  setsockopt(handle.fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  setsockopt(handle.fd, SOL_SOCKET, SO_RCVBUF, &socket_buffer, sizeof socket_buffer);
  const sockaddr_in place = to_sockaddr(address);
  if (bind(handle.fd, reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) {
    return fail("relay", std::string("a loopback port cannot be bound: ") + std::strerror(errno));
  }
  return handle;
}

std::optional<Time> stamp_in(msghdr& header) {
  for (cmsghdr* each = CMSG_FIRSTHDR(&header); each != nullptr; each = CMSG_NXTHDR(&header, each)) {
    if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(each), sizeof stamp);
    return std::chrono::seconds(stamp.tv_sec) + Time(stamp.tv_nsec);
  }
  return std::nullopt;
}

class Datagrams final : public Carrier {
 public:
  explicit Datagrams(const WireSettings& wire) : buffer_(largest_frame) {
    for (const WireEnd& end : wire.ends) nodes_.push_back(to_sockaddr(end.address));
  }

  Result<void> bind_to(FrameAddress address) {
    auto handle = bound_socket(address);
    if (!handle) return tl::unexpected(handle.error());
    sockets_.push_back(std::move(*handle));
    return {};
  }

  std::vector<int> descriptors() const override {
    std::vector<int> all;
    for (const Handle& handle : sockets_) all.push_back(handle.fd);
    return all;
  }

  void receive(std::size_t from, const Take& take) override {
    for (int turn = 0; turn < frames_a_turn; ++turn) {
      iovec place{buffer_.data(), buffer_.size()};
      alignas(cmsghdr) std::array<char, 128> control{};
      msghdr header{};
      header.msg_iov = &place;
      header.msg_iovlen = 1;
      header.msg_control = control.data();
      header.msg_controllen = control.size();
      const auto length = recvmsg(sockets_[from].fd, &header, MSG_DONTWAIT);
      if (length < 0) return;
      take({buffer_.data(), static_cast<std::size_t>(length)}, stamp_in(header));
    }
  }

  // A node that is down refuses frames; that is its affair and no failure of the relay.
  bool send(std::size_t to, std::span<const std::uint8_t> frame) override {
    const auto sent = sendto(sockets_[to].fd, frame.data(), frame.size(), MSG_DONTWAIT,
                             reinterpret_cast<const sockaddr*>(&nodes_[to]), sizeof nodes_[to]);
    return sent >= 0 || errno == ECONNREFUSED;
  }

 private:
  std::vector<sockaddr_in> nodes_;
  std::vector<Handle> sockets_;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace

Result<std::unique_ptr<Carrier>> carry_datagrams(const RelaySettings& settings) {
  auto carrier = std::make_unique<Datagrams>(settings.wire);
  for (const FrameAddress address : settings.relay_addresses) {
    if (auto bound = carrier->bind_to(address); !bound) return tl::unexpected(bound.error());
  }
  return carrier;
}

}  // namespace understudy::targets

#include "reference-impl/daemon/backplane.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

namespace understudy::reference {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint16_t ether_type = 0x88b5;
constexpr std::size_t length_size = 2;

Clock::time_point arrival_of(msghdr& message, Clock::time_point now) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{}, wall{};
    std::memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
    clock_gettime(CLOCK_REALTIME, &wall);
    const auto age = std::chrono::seconds(wall.tv_sec - stamp.tv_sec) +
                     std::chrono::nanoseconds(wall.tv_nsec - stamp.tv_nsec);
    return now - std::max(age, std::chrono::nanoseconds::zero());
  }
  return now;
}

/// Of a frame under its length; empty if it is no whole one.
std::span<const std::byte> without_length(std::span<const std::byte> bytes) {
  std::uint16_t length = 0;
  if (bytes.size() < length_size) return {};
  std::memcpy(&length, bytes.data(), length_size);
  length = ntohs(length);
  const auto rest = bytes.subspan(length_size);
  return length <= rest.size() ? rest.first(length) : std::span<const std::byte>();
}

/// That a frame could not be sent earlier, or that the link was down, is told by the next receive.
bool is_passing(int error) {
  return error == EINTR || error == ECONNREFUSED || error == ENETDOWN;
}

}  // namespace

Backplane::Backplane(int udp_socket, std::vector<Address> peers)
    : descriptor_(udp_socket), peers_(std::move(peers)) {
  const int on = 1;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

Backplane::Backplane(Backplane&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      peers_(std::move(other.peers_)),
      has_length_(other.has_length_) {}

Backplane::~Backplane() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

tl::expected<Backplane, std::string> Backplane::on_interface(const std::string& name) {
  const unsigned index = if_nametoindex(name.c_str());
  if (index == 0) return tl::unexpected(fmt::format("there is no interface `{}`", name));
  const int descriptor = ::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ether_type));
  if (descriptor < 0) {
    const bool is_forbidden = errno == EPERM || errno == EACCES;
    return tl::unexpected(is_forbidden ? "frames on an interface need root (CAP_NET_RAW)"
                                       : std::string(std::strerror(errno)));
  }
  sockaddr_ll everybody{};
  everybody.sll_family = AF_PACKET;
  everybody.sll_protocol = htons(ether_type);
  everybody.sll_ifindex = static_cast<int>(index);
  everybody.sll_halen = 6;
  std::fill_n(everybody.sll_addr, everybody.sll_halen, std::uint8_t{0xff});
  const auto* begin = reinterpret_cast<const std::byte*>(&everybody);
  Backplane backplane(descriptor, {Address(begin, begin + sizeof everybody)});
  backplane.has_length_ = true;
  const auto* place = reinterpret_cast<const sockaddr*>(&everybody);
  if (::bind(descriptor, place, sizeof everybody) != 0) {
    return tl::unexpected(fmt::format("{}: {}", name, std::strerror(errno)));
  }
  return backplane;
}

void Backplane::send(std::span<const std::byte> frame) const {
  std::uint16_t length = htons(static_cast<std::uint16_t>(frame.size()));
  std::array<iovec, 2> parts{
      {{&length, length_size}, {const_cast<std::byte*>(frame.data()), frame.size()}}};
  for (const Address& peer : peers_) {
    msghdr message{};
    message.msg_name = const_cast<std::byte*>(peer.data());
    message.msg_namelen = static_cast<socklen_t>(peer.size());
    message.msg_iov = has_length_ ? &parts[0] : &parts[1];
    message.msg_iovlen = has_length_ ? 2 : 1;
    (void)::sendmsg(descriptor_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  }
}

bool Backplane::receive(Datagram& datagram) const {
  iovec where{datagram.bytes.data(), datagram.bytes.size()};
  alignas(cmsghdr) std::array<char, 256> extra{};
  for (;;) {
    msghdr message{};
    message.msg_iov = &where;
    message.msg_iovlen = 1;
    message.msg_control = extra.data();
    message.msg_controllen = extra.size();
    const ssize_t size = ::recvmsg(descriptor_, &message, MSG_DONTWAIT);
    if (size < 0 && is_passing(errno)) continue;
    if (size < 0) return false;
    const std::span<const std::byte> bytes(datagram.bytes.data(), static_cast<std::size_t>(size));
    datagram.frame = has_length_ ? without_length(bytes) : bytes;
    datagram.arrived = arrival_of(message, Clock::now());
    return true;
  }
}

}  // namespace understudy::reference

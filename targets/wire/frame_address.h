// Where a datagram comes from or goes to: an IPv4 address and a UDP port.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <optional>
#include <string>

namespace understudy::targets {

struct FrameAddress {
  std::uint32_t ip = 0;  ///< host order
  std::uint16_t port = 0;
};

std::string to_text(FrameAddress address);  ///< "127.77.3.2:20000"
std::string ip_text(FrameAddress address);  ///< "127.77.3.2"
/// The other way round; nothing if it is no IPv4 address.
std::optional<std::uint32_t> ip_from(const std::string& text);

/// For ends that have no address of their own (simulated): 127.0.0.(2 + end), port 20000.
FrameAddress address_of_end(std::size_t end);

sockaddr_in to_sockaddr(FrameAddress address);
FrameAddress from_sockaddr(const sockaddr_in& place);

}  // namespace understudy::targets

#include "targets/keeper/network.h"

#include <netinet/in.h>
#include <sys/socket.h>

namespace understudy::targets {
namespace {

constexpr std::uint16_t claim_port = 19'999;
constexpr std::uint16_t console_port = 19'998;
constexpr std::uint16_t first_port = 20'000;
constexpr std::uint32_t first_network = 127U << 24 | 64U << 16;  // 127.64.0.0 to 127.127.255.0
constexpr std::uint32_t networks = 64 * 256;

}  // namespace

Result<LoopbackBlock> LoopbackBlock::claim(std::uint32_t hint) {
  for (std::uint32_t tried = 0; tried < networks; ++tried) {
    const std::uint32_t network = first_network + (hint + tried) % networks * 256;
    Descriptor claim(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(network + 1);
    place.sin_port = htons(claim_port);
    if (bind(claim.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0) {
      return LoopbackBlock(network, std::move(claim));
    }
  }
  return fail("relay", "no loopback network is free",
              "127.64.0.0 to 127.127.255.255 must be usable");
}

FrameAddress LoopbackBlock::address(std::size_t node, std::size_t port) const {
  return {network_ + 2 + static_cast<std::uint32_t>(node),
          static_cast<std::uint16_t>(first_port + port)};
}

FrameAddress LoopbackBlock::console(std::size_t node) const {
  return {network_ + 2 + static_cast<std::uint32_t>(node), console_port};
}

}  // namespace understudy::targets

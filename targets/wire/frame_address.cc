#include "targets/wire/frame_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

namespace understudy::targets {

std::string ip_text(FrameAddress address) {
  return fmt::format("{}.{}.{}.{}", address.ip >> 24, address.ip >> 16 & 255, address.ip >> 8 & 255,
                     address.ip & 255);
}

std::string to_text(FrameAddress address) {
  return fmt::format("{}:{}", ip_text(address), address.port);
}

std::optional<std::uint32_t> ip_from(const std::string& text) {
  in_addr address{};
  if (inet_pton(AF_INET, text.c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

FrameAddress address_of_end(std::size_t end) {
  return {0x7f000002U + static_cast<std::uint32_t>(end), 20000};
}

sockaddr_in to_sockaddr(FrameAddress address) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(address.ip);
  place.sin_port = htons(address.port);
  return place;
}

FrameAddress from_sockaddr(const sockaddr_in& place) {
  return {ntohl(place.sin_addr.s_addr), ntohs(place.sin_port)};
}

}  // namespace understudy::targets

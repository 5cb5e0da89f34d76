#include "reference-impl/cli/ip_address.h"

#include <arpa/inet.h>

#include "reference-impl/cli/grammar.h"

namespace understudy::reference {
namespace {

/// Bits of an address of its kind; 0: it is none.
int bits_of(const std::string& text) {
  in6_addr bytes{};
  if (inet_pton(AF_INET, text.c_str(), &bytes) == 1) return 32;
  return inet_pton(AF_INET6, text.c_str(), &bytes) == 1 ? 128 : 0;
}

}  // namespace

bool is_address(const std::string& text) {
  return bits_of(text) > 0;
}

bool is_address_with_mask(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return false;
  const int mask = to_number(text.substr(slash + 1));
  return mask >= 1 && mask <= bits_of(text.substr(0, slash));
}

}  // namespace understudy::reference

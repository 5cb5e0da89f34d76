// Whether what an operator typed is an address, IPv4 or IPv6. Names are not looked up.
#pragma once

#include <string>

namespace understudy::reference {

/// "10.0.0.1"
bool is_address(const std::string& text);
/// "10.0.0.1/24"
bool is_address_with_mask(const std::string& text);

}  // namespace understudy::reference

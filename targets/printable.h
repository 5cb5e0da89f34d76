// What a device or a datagram said, as one line of plain text for a message or a report: bytes that
// are no printable ASCII stand as \xNN.
#pragma once

#include <string>
#include <string_view>

namespace understudy::targets {

std::string printable(std::string_view bytes);

}  // namespace understudy::targets

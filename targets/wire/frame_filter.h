// Which frames of a real link carry the messages that its frames data describes, as a libpcap
// expression ("ether proto 0x88b5"). Pure after it was made; threads may share it.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "harness/error.h"

namespace understudy::targets {

using FrameFilter = std::function<bool(std::span<const std::uint8_t> frame)>;

/// Of Ethernet frames; an empty expression gives an empty filter. `where` stands in the error.
Result<FrameFilter> make_frame_filter(const std::string& expression, const std::string& where);

}  // namespace understudy::targets

// How the receipt of a fault words what the frames proved; the same on the relay and when
// simulated.
#pragma once

#include <cstdint>
#include <string>

#include "harness/target.h"
#include "targets/wire/wire.h"

namespace understudy::targets {

/// "1.234567s"
std::string seconds_text(Time time);

/// "frame 41 of backplane.pcap at 1.234567s", or "none".
std::string text_of_mark(const FrameMark& mark, const std::string& file);

/// A fault of so many frames took effect when it met the last of them.
void count_met_frames(Receipt& receipt, std::uint64_t met, std::uint64_t wanted, Time last,
                      bool is_spent);

}  // namespace understudy::targets

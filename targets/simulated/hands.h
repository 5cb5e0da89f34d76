// What hands do at a simulated chassis: parts that break, software that is installed, processes
// that end, files that are damaged, entries that traffic makes it learn. Used by the simulated
// bench only.
#pragma once

#include <span>

#include "harness/error.h"
#include "harness/target.h"
#include "reference-impl/simulation.h"

namespace understudy::targets {

/// The acts that are done by hand, in the words of suites.
std::span<const char* const> hand_words();

/// Does `act` at the module in `slot`. Error: what its arguments name is not there.
Result<void> do_by_hand(reference::Simulation& world, reference::Slot slot, const Act& act);

}  // namespace understudy::targets

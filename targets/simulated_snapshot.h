// The snapshot door of the simulated bench: copies of a whole world, to go back to, for explore.
// Opaque: nothing can be read from a snapshot but whether two are the same. Captures and facts of
// the wire are not part of it (they are of the history, which does not go back).
#pragma once

#include <cstdint>
#include <memory>

#include "harness/error.h"
#include "targets/bench.h"

namespace understudy::targets {

class WorldSnapshot {
 public:
  virtual ~WorldSnapshot() = default;
  /// Equal worlds have equal fingerprints; logs, counters and the clock do not count.
  virtual std::uint64_t fingerprint() const = 0;
};

/// Fails on a bench that is not simulated or not started, and while a link has faults: a fault's
/// own memory is the wire's.
Result<std::unique_ptr<WorldSnapshot>> take_snapshot(const Bench& bench);

/// The world goes on from the snapshot; the bench's clock with it. The snapshot stays good.
Result<void> restore_snapshot(Bench& bench, const WorldSnapshot& snapshot);

}  // namespace understudy::targets

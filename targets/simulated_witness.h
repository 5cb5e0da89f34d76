// The witness door of the simulated bench: integers about the true state of the modules, read by
// explore's invariants and by tests that compare claims with the truth; never by suites or the
// judge.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/error.h"
#include "targets/bench.h"

namespace understudy::targets {

struct ModuleWitness {
  bool is_running = false;
  std::uint8_t state = 0;       ///< NodeState of the reference
  std::uint8_t office = 0;      ///< 0 none, 1 candidate, 2 second, 3 lead
  std::uint8_t sync_claim = 0;  ///< 0 no second, 1 not in sync, 2 in sync
  bool has_complete_copy = false;
  bool is_dirty = false;  ///< unsaved changes
  std::uint32_t boots = 0;
  std::uint64_t active = 0;   ///< hash of the active configuration
  std::uint64_t saved = 0;    ///< hash of the saved files
  std::uint64_t runtime = 0;  ///< hash of the applications' tables

  friend bool operator==(const ModuleWitness&, const ModuleWitness&) = default;
};

/// By node. Fails on a bench that is not simulated.
Result<std::vector<ModuleWitness>> witness_of(const Bench& bench);

}  // namespace understudy::targets

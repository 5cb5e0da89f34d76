// The simulated bench: the reference implementation in a virtual world, behind the same words as
// the bench of processes. This is the bytes door: console bytes and frames are all that leaves, so
// that no shared parser can cancel out a wrong word. (The other doors: simulated_snapshot.h for
// copies, simulated_witness.h for invariants.) Time is virtual: pump() lives through it as fast as
// it can. One seed gives one history, byte for byte. Link faults, captures and facts come from the
// same wire (targets/wire) that the relay of processes uses. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/error.h"
#include "targets/bench.h"
#include "targets/frames.h"

namespace understudy::targets {

struct SimulatedNode {
  std::string name;      ///< as the testbed has it; the first is in the first slot
  std::string user;      ///< whom the console lets in; empty: admin
  std::string password;  ///< empty: none
};

struct SimulatedLink {
  std::string name;
  std::vector<std::size_t> ends;             ///< indexes of nodes: both
  std::shared_ptr<const FrameWords> frames;  ///< absent: every frame is `other`
};

/// Where the modules may send what they send by themselves: nothing leaves the simulation.
struct SimulatedListener {
  std::string name;  ///< "traps"
  FrameAddress address{};
};

struct SimulatedBenchSettings {
  std::string testbed;               ///< for messages: "file" or "file:line" of the testbed
  std::string profile;               ///< "exos-11.3"
  std::string defect;                ///< a deliberate one of both modules; empty: none
  std::vector<SimulatedNode> nodes;  ///< two
  std::vector<SimulatedLink> links;  ///< at most one: the backplane
  std::vector<SimulatedListener> listeners{};
  /// heartbeat, grace, boot, election, down, fail, retransmit, bulk, save; absent ones keep the
  /// profile's values, and names that are not a node's own (poll, resolve, ...) are not for here.
  std::vector<std::pair<std::string, Duration>> timing;
  std::vector<std::pair<std::string, std::int64_t>> numbers;  ///< limit
  std::string folder;      ///< exists; receives captures; nothing is written before start()
  std::uint64_t seed = 1;  ///< the world's only randomness
};

/// Checks the settings; starts nothing yet. Beside the words of every bench:
///   insert|remove {node}, press {node, button}   reset, shutdown, chassis-reset, clear
///   break|repair {node, part}       fan, power-supply, processor, temperature, diagnostics
///   learn {node, table, key, value?}  a protocol learned an entry (no value: it aged out)
Result<std::unique_ptr<Bench>> make_simulated_bench(SimulatedBenchSettings settings);

/// The error tells which defect of the profile's was meant.
Result<void> check_defect(const std::string& testbed, const std::string& profile,
                          const std::string& defect);

/// The names in `timing` that are a node's own.
std::vector<std::string> simulated_timing_names();

/// The profiles that this build can simulate.
std::vector<std::string> simulated_profiles();

}  // namespace understudy::targets

// The one Target that speaks a dialect, on whatever bench: console sessions for its nodes, the
// bench's words for power, links and hands, and the observations that both give. Used by the
// testbed. Owns the bench; one thread; blocking; on a simulated bench the same seed gives the same
// observations byte for byte. It polls only what is asked for, at most once each `timing.poll` a
// node, and sends nothing to a node that boots. `asked`, `answered`, `boots` and `mode` are told
// for every dialect.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "targets/bench.h"
#include "targets/console/session.h"
#include "targets/dialect.h"
#include "targets/secrets.h"

namespace understudy::targets {

struct DeviceSettings {
  std::string testbed;  ///< its name, for messages
  std::shared_ptr<const Dialect> dialect;
  Capabilities capabilities;        ///< nodes, links, timing (poll, answer, boot), allow
  std::vector<Credentials> logins;  ///< by node; those that are missing have none
  std::string folder;  ///< receives NODE.console and NODE.console.jsonl; empty: no files
  Mask mask{};         ///< for everything that is told or written
};

/// Starts the bench and waits for every node's first prompt, for as long as two boots may take. A
/// node that ends before its first prompt is an error (exit 3); one that stays silent or prints
/// something else is not: it is an incident, and its answers will be missing.
Result<std::unique_ptr<Target>> open_device(std::unique_ptr<Bench> bench, DeviceSettings settings);

/// The dialect's acts and those of the bench, the dialect's attributes and the device's own.
void add_words(const Dialect& dialect, const std::vector<std::string>& bench_acts,
               Capabilities& capabilities);

}  // namespace understudy::targets

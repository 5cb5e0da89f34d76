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
#include "targets/device/custody.h"
#include "targets/dialect.h"
#include "targets/secrets.h"

namespace understudy::targets {

/// What a console has to say of itself: attribute and value.
using Identity = std::vector<std::pair<std::string, Value>>;

/// What the bench listens to for the device: "traps", "syslog".
struct DeviceListener {
  std::string name;
  std::string community;              ///< what the switch is told to send with; a password
  bool is_community_checked = false;  ///< what comes with another one is not believed
};

struct DeviceSettings {
  std::string testbed;  ///< its name, for messages
  std::shared_ptr<const Dialect> dialect;
  Capabilities capabilities;           ///< nodes, links, timing (poll, answer, boot), allow
  std::vector<Credentials> logins;     ///< by node; those that are missing have none
  std::vector<std::string> places{};   ///< by node, the management's last: file:line of its console
  std::vector<Identity> identities{};  ///< by node; those that are missing are not asked for
  std::vector<bool> has_console{};     ///< by node; those that are missing have one
  /// The console behind the nodes' own leads to whichever of them leads; its login.
  std::optional<Credentials> management{};
  std::vector<std::string> answers_as{};  ///< by node: what that console then calls itself
  /// By node: the host that has its line and others' (a terminal server); empty: its own line.
  std::vector<std::string> servers{};
  std::string folder;  ///< receives NODE.console and NODE.console.jsonl; empty: no files
  Mask mask{};         ///< for everything that is told or written
  std::vector<DeviceListener> listeners{};
  std::vector<std::string> addresses{};  ///< by node, IPv4, with the bench's placeholders; empty:
                                         ///< not known
  std::shared_ptr<CustodyRecord> custody{};  ///< of the run; nothing: its state is thrown away
};

/// Starts the bench and waits for every node's first prompt, for as long as two boots may take. A
/// node that ends before its first prompt is an error (exit 3); one that stays silent or prints
/// something else is not: it is an incident, and its answers will be missing.
Result<std::unique_ptr<Target>> open_device(std::unique_ptr<Bench> bench, DeviceSettings settings);

/// The dialect's acts and those of the bench, the dialect's attributes and the device's own, and
/// what those listeners tell that are observers already.
void add_words(const Dialect& dialect, const Bench& bench, Capabilities& capabilities);

}  // namespace understudy::targets

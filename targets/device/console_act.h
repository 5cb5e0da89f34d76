// What an act means on a console: the lines, the replies, and how it shows that it took effect. A
// pure function of the dialect and the act, used by the device and by `plan --dry`, which prints
// every byte that would be sent. An act that the dialect has no form for is an error with the
// missing word.
#pragma once

#include <string>
#include <vector>

#include "targets/dialect.h"

namespace understudy::targets {

struct ConsoleAct {
  std::string node;  ///< on whose console; "leader" where that is not known yet
  std::vector<std::string> lines;
  TextPairs replies;               ///< question -> bytes
  std::vector<std::string> boots;  ///< nodes whose boot shows that it took effect
  bool ends_session = false;
  bool is_cancelled = false;  ///< its answer calls it off: nothing is expected to happen
  std::optional<DialectPattern> refused;
  std::optional<DialectPattern> accepted;
  std::optional<Duration> limit;
};

/// `values` may stand in lines as well: {traps.host}. `leader` is the node that takes orders for
/// the chassis, or empty if it is not known. An act on several nodes gives several.
Result<std::vector<ConsoleAct>> console_acts(const Dialect& dialect, const Act& act,
                                             const std::vector<std::string>& nodes,
                                             const std::string& leader,
                                             const TextPairs& values = {});

/// A line of the dialect for `node`: {name} is an argument of the act, {slot} a group of the node's
/// name.
Result<std::string> filled(const Dialect& dialect, const Act& act, const std::string& node,
                           const std::string& text);

/// Does the first form that fits need to know the leader?
bool needs_leader(const Dialect& dialect, const Act& act);

/// "3900-3902" and "a, b" are several values; lists are lists.
std::vector<std::string> items_of(const Json& value);

}  // namespace understudy::targets

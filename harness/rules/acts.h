// What an act means to a rule: does it disturb the switch, which nodes does it name, does it take a
// node or a link away and which act gives it back. Read from the vocabulary (harness/words.h); a
// word that is not in it comes from a lab and is taken to disturb everything. Pure.
#pragma once

#include <string>
#include <vector>

#include "harness/target.h"

namespace understudy::rules {

bool disrupts(const Act& act);       ///< hazard `disrupts`: it may restart nodes
int restarts_of(const Act& act);     ///< of one node, that it explains
bool is_fault(const Act& act);       ///< the bench does it: it counts only if it took effect
bool is_link_fault(const Act& act);  ///< cut, drop, delay, duplicate, reorder, corrupt
bool takes_away(const Act& act);     ///< lose, power-off, hang, remove: the node cannot answer
bool stands_still(const Act& act);   ///< hang, resume: the node goes on later where it stopped
bool gives_back(const Act& act);  ///< power-on, resume, insert, reboot: the node may answer again
bool ends_a_process(const Act& act);  ///< a node's process may end by it

/// The nodes that its arguments name; `chassis` is all of `nodes`.
std::vector<std::string> nodes_named(const Act& act, const std::vector<std::string>& nodes);

/// True if the receipt says that the switch or the bench carried it out, or may have.
bool may_have_happened(const Receipt& receipt);

/// "losing the master", "rebooting the chassis", "saving on MSM-A".
std::string phrase(const Act& planned);

}  // namespace understudy::rules

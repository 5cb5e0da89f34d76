// Which node plays which role: each role a node of its own whose latest answer fits, chosen by slot
// order, so that one set of answers gives one binding. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/target.h"

namespace understudy {

using Roles = std::vector<std::pair<std::string, Matcher>>;  ///< role <- state

/// `states` holds the nodes that answered; nullopt where the roles cannot all be filled.
std::optional<std::map<std::string, std::string>> bind_roles(
    const Roles& roles, const std::vector<std::string>& nodes,
    const std::map<std::string, Value>& states);

}  // namespace understudy

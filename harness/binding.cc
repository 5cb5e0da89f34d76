#include "harness/binding.h"

#include <algorithm>

namespace understudy {
namespace {

/// Fills roles from `index` on with nodes that are not taken; goes back where a choice leads
/// nowhere.
bool fill(const Roles& roles, const std::vector<std::string>& nodes,
          const std::map<std::string, Value>& states, std::size_t index,
          std::vector<std::string>& taken) {
  if (index == roles.size()) return true;
  for (const std::string& node : nodes) {
    const auto state = states.find(node);
    const bool is_free = std::find(taken.begin(), taken.end(), node) == taken.end();
    if (!is_free || state == states.end()) continue;
    if (!matches(roles[index].second, state->second)) continue;
    taken.push_back(node);
    if (fill(roles, nodes, states, index + 1, taken)) return true;
    taken.pop_back();
  }
  return false;
}

}  // namespace

std::optional<std::map<std::string, std::string>> bind_roles(
    const Roles& roles, const std::vector<std::string>& nodes,
    const std::map<std::string, Value>& states) {
  std::vector<std::string> taken;
  if (!fill(roles, nodes, states, 0, taken)) return std::nullopt;
  std::map<std::string, std::string> bound;
  for (std::size_t index = 0; index < roles.size(); ++index) {
    bound[roles[index].first] = taken[index];
  }
  return bound;
}

}  // namespace understudy

#include <fmt/format.h>

#include <algorithm>

#include "harness/plan_resolve.h"
#include "harness/words.h"

namespace understudy::planning {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Neither a role nor a quantifier nor a listener: the loader knows no other thing but a link.
bool is_link(const Plan& plan, const std::string& name) {
  return !name.empty() && name != "bench" && !find_listener(name) &&
         std::none_of(plan.given.begin(), plan.given.end(),
                      [&](const auto& role) { return role.first == name; });
}

std::string missing_of(const Term& term, const Plan& plan, const Capabilities& capabilities) {
  for (const std::string* name : {&term.subject, &term.observer})
    if (is_link(plan, *name) && !contains(capabilities.links, *name)) return "link " + *name;
  if (find_listener(term.observer) && !contains(capabilities.observers, term.observer))
    return "listener " + term.observer;
  if (is_readable(term, capabilities)) return "";
  return contains(capabilities.links, term.observer) || find_listener(term.observer)
             ? fmt::format("attribute {} seen by {}", term.attribute, term.observer)
             : "attribute " + term.attribute;
}

bool knows_type(const Capabilities& capabilities, const std::string& link, const Json& type) {
  return std::any_of(
      capabilities.frame_types.begin(), capabilities.frame_types.end(), [&](const auto& known) {
        return known.first == link && contains(known.second, type.get<std::string>());
      });
}

/// In a plan a node is a role, the chassis, or a list of roles.
bool is_of_one_node(const Act& act) {
  const auto node = act.arguments.find("node");
  if (node == act.arguments.end()) return false;
  return node->is_array() ? node->size() == 1 : *node != "chassis";
}

/// A testbed that says which parts of a node may be made to fail means no other.
bool is_spared(const Act& act, const Capabilities& capabilities) {
  const auto part = act.arguments.find("part");
  if (part == act.arguments.end()) return false;
  return std::any_of(
      capabilities.scratch.begin(), capabilities.scratch.end(), [&](const auto& known) {
        return known.first == "parts" && !contains(known.second, part->get<std::string>());
      });
}

std::string missing_of(const Act& act, const Capabilities& capabilities) {
  for (const ImpossibleAct& one : capabilities.impossible)
    if (one.word == act.word && (one.is_whole || is_of_one_node(act)))
      return fmt::format("act {}: {}", act.word, one.why);
  if (!contains(capabilities.acts, act.word)) return "act " + act.word;
  const std::string link = act.arguments.value("link", Json("")).get<std::string>();
  if (!link.empty() && !contains(capabilities.links, link)) return "link " + link;
  for (const char* const key : {"type", "behind"}) {
    if (act.arguments.contains(key) && !knows_type(capabilities, link, act.arguments[key]))
      return "frames " + act.arguments[key].get<std::string>();
  }
  if (is_spared(act, capabilities))
    return "scratch parts: " + act.arguments["part"].get<std::string>();
  const ActWord* word = find_act(act.word);
  if (word == nullptr) return "";
  for (const std::string_view hazard : word->hazards)
    if (hazard != "reads" && !contains(capabilities.allow, std::string(hazard)))
      return fmt::format("allow {}", hazard);
  return "";
}

}  // namespace

/// What a link tells stands as LINK.ATTRIBUTE: "backplane.state", of the sender of its frames; what
/// a listener tells as LISTENER.ATTRIBUTE.
bool is_readable(const Term& term, const Capabilities& capabilities) {
  if (find_listener(term.observer))
    return contains(capabilities.attributes, term.observer + "." + term.attribute);
  for (const std::string& link : {term.observer, term.subject}) {
    if (contains(capabilities.links, link))
      return contains(capabilities.attributes, link + "." + term.attribute);
  }
  const AttributeWord* word = find_attribute(term.attribute);
  if (word != nullptr && word->is_always_there) return true;
  return contains(capabilities.attributes, term.attribute);
}

std::string missing_word(const Plan& plan, const Capabilities& capabilities) {
  const std::size_t nodes = std::max<std::size_t>(plan.given.size(), 1);
  if (capabilities.nodes.size() < nodes)
    return nodes == 1 ? "1 node" : fmt::format("{} nodes", nodes);
  if (!plan.given.empty() && !contains(capabilities.attributes, "state")) return "attribute state";
  for (const PlannedStep& planned : plan.steps) {
    const Step& step = planned.step;
    std::string missing;
    for (const Act& act : step.acts)
      if (missing.empty()) missing = missing_of(act, capabilities);
    for (const Term& term : step.condition.terms)
      if (missing.empty()) missing = missing_of(term, plan, capabilities);
    for (const auto& [name, term] : step.remembered)
      if (missing.empty()) missing = missing_of(term, plan, capabilities);
    if (!missing.empty()) return missing;
  }
  return "";
}

}  // namespace understudy::planning

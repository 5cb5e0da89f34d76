#include <fmt/format.h>

#include <algorithm>

#include "reference-impl/chassis/engine.h"

namespace understudy::reference {
namespace {

constexpr std::size_t kNameLimit = 32;
constexpr std::size_t kSettingLimit = 1000;  ///< key and value together fit a record

Changes refuse(Refusal refusal, std::string object) {
  return {{}, refusal, std::move(object)};
}

Changes change(std::string key, std::optional<std::string> value) {
  Changes changes;
  changes.list.push_back({std::move(key), std::move(value)});
  return changes;
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kNameLimit &&
         name.find_first_of("/=\n") == std::string_view::npos;
}

std::string vlan_key(std::string_view name) {
  return fmt::format("vlan/{}", name);
}

/// Turns each kind of command into changes of settings, or says why it cannot be.
struct Translate {
  const Profile& profile;
  const Node& node;

  bool has_vlan(const std::string& name) const { return node.active.holds(vlan_key(name)); }

  Changes operator()(const CreateVlan& command) const {
    if (!is_name(command.name)) return refuse(Refusal::OutOfRange, command.name);
    if (has_vlan(command.name)) return refuse(Refusal::AlreadyExists, command.name);
    return change(vlan_key(command.name), "");
  }

  Changes operator()(const DeleteVlan& command) const {
    if (!has_vlan(command.name)) return refuse(Refusal::UnknownObject, command.name);
    for (const auto& [key, value] : profile.factory) {
      if (key == vlan_key(command.name)) return refuse(Refusal::NotAllowed, command.name);
    }
    return change(vlan_key(command.name), std::nullopt);
  }

  Changes operator()(const TagVlan& command) const {
    if (!has_vlan(command.name)) return refuse(Refusal::UnknownObject, command.name);
    const std::string tag = fmt::format("{}", command.tag);
    if (command.tag < 1 || command.tag > 4094) return refuse(Refusal::OutOfRange, tag);
    const std::string key = vlan_key(command.name) + "/tag";
    for (const auto& [other, value] : node.active.settings()) {
      const bool is_tag = other.starts_with("vlan/") && other.ends_with("/tag");
      if (is_tag && other != key && value == tag) return refuse(Refusal::AlreadyExists, tag);
    }
    return change(key, tag);
  }

  Changes operator()(const AddPorts& command) const {
    if (!has_vlan(command.vlan)) return refuse(Refusal::UnknownObject, command.vlan);
    Changes changes;
    for (const std::string& port : command.ports) {
      if (!is_name(port)) return refuse(Refusal::OutOfRange, port);
      changes.list.push_back({fmt::format("vlan/{}/port/{}", command.vlan, port),
                              command.tagged ? "tagged" : "untagged"});
    }
    return changes;
  }

  Changes operator()(const RemovePorts& command) const {
    if (!has_vlan(command.vlan)) return refuse(Refusal::UnknownObject, command.vlan);
    Changes changes;
    for (const std::string& port : command.ports) {
      std::string key = fmt::format("vlan/{}/port/{}", command.vlan, port);
      if (!node.active.holds(key)) return refuse(Refusal::UnknownObject, port);
      changes.list.push_back({std::move(key), std::nullopt});
    }
    return changes;
  }

  Changes operator()(const SetSystemName& command) const {
    if (!is_name(command.name)) return refuse(Refusal::OutOfRange, command.name);
    return change("sysname", command.name);
  }

  Changes operator()(const SetNodePriority& command) const {
    if (command.slot >= profile.slot_words.size()) {
      return refuse(Refusal::UnknownObject, fmt::format("{}", command.slot));
    }
    const std::string priority = fmt::format("{}", command.priority);
    if (command.priority < profile.election.lowest_priority ||
        command.priority > profile.election.highest_priority) {
      return refuse(Refusal::OutOfRange, priority);
    }
    std::string key = fmt::format("node/{}/priority", profile.slot_words[command.slot]);
    if (command.priority != 0) return change(std::move(key), priority);
    if (!node.active.holds(key)) return {};  // 0 is "not configured"
    return change(std::move(key), std::nullopt);
  }

  Changes operator()(const ChangeSetting& command) const {
    const auto& [key, value] = command.change;
    const bool fits = !key.empty() && key.size() + (value ? value->size() : 0) <= kSettingLimit &&
                      key.find_first_of("=\n") == std::string::npos &&
                      (!value || value->find('\n') == std::string::npos);
    if (!fits) return refuse(Refusal::OutOfRange, key);
    if (!value && !node.active.holds(key)) return refuse(Refusal::UnknownObject, key);
    return change(key, value);
  }

  Changes operator()(const ClearConfiguration&) const {
    Changes changes;
    for (const auto& [key, value] : node.active.settings()) {
      changes.list.push_back({key, std::nullopt});
    }
    for (const auto& [key, value] : profile.factory) {
      changes.list.push_back({std::string(key), std::string(value)});
    }
    return changes;
  }

  template <typename Other>
  Changes operator()(const Other&) const {
    return {};
  }
};

}  // namespace

Changes changes_of(const Profile& profile, const Node& node, const Command& command) {
  return std::visit(Translate{profile, node}, command);
}

}  // namespace understudy::reference

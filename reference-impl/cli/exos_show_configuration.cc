// show configuration: the settings of the active configuration as the commands that make them.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/exos_show.h"
#include "reference-impl/cli/exos_words.h"

namespace understudy::reference {
namespace {

using Lines = std::vector<std::string>;

bool is_factory(const Profile& profile, std::string_view key, std::string_view value) {
  return std::ranges::any_of(profile.factory, [&](const auto& setting) {
    return setting.first == key && setting.second == value;
  });
}

Lines devmgr_lines(const NodeView& view) {
  Lines lines;
  if (const auto level = view.node.active.value(view.profile.recovery_setting)) {
    lines.push_back(fmt::format("configure sys-recovery-level {}", *level));
  }
  const std::string prefix = fmt::format("{}/", view.profile.recovery_setting);
  for (const auto& [key, value] : view.node.active.settings()) {
    if (!key.starts_with(prefix)) continue;
    lines.push_back(
        fmt::format("configure sys-recovery-level slot {} {}", key.substr(prefix.size()), value));
  }
  const auto& words = view.profile.slot_words;
  for (std::size_t slot = 0; slot < words.size(); ++slot) {
    const int priority = configured_priority(view.profile, view.node, static_cast<Slot>(slot));
    if (priority == 0) continue;
    lines.push_back(fmt::format("configure node slot {} priority {}", words[slot], priority));
  }
  return lines;
}

Lines snmp_lines(const NodeView& view) {
  Lines lines;
  const std::string name = system_name(view.node);
  if (!is_factory(view.profile, "sysname", name)) {
    lines.push_back(fmt::format("configure snmp sysName \"{}\"", name));
  }
  for (const Receiver& receiver : trap_receivers_of(view.node.active)) {
    lines.push_back(fmt::format("configure snmp add trapreceiver {} port {} community {}",
                                receiver.host, receiver.port, receiver.word));
  }
  return lines;
}

Lines fdb_lines(const NodeView& view) {
  Lines lines;
  for (const auto& [key, value] : view.node.active.settings()) {
    if (key.starts_with("line/")) lines.push_back(key.substr(5));
  }
  return lines;
}

Lines ospf_lines(const NodeView& view) {
  const auto restart = view.node.active.value(exos_restart_key);
  return restart ? Lines{fmt::format("configure ospf restart {}", *restart)} : Lines{};
}

Lines power_lines(const NodeView& view) {
  Lines lines;
  const auto& settings = view.node.active.settings();
  for (auto at = settings.lower_bound(exos_power_prefix);
       at != settings.end() && at->first.starts_with(exos_power_prefix); ++at) {
    lines.push_back(fmt::format("configure inline-power budget {} slot {}", at->second,
                                at->first.substr(exos_power_prefix.size())));
  }
  return lines;
}

void add_sharing(const NodeView& view, Lines& lines) {
  const auto& settings = view.node.active.settings();
  for (auto at = settings.lower_bound(exos_sharing_prefix);
       at != settings.end() && at->first.starts_with(exos_sharing_prefix); ++at) {
    lines.push_back(fmt::format("enable sharing {} grouping {}",
                                at->first.substr(exos_sharing_prefix.size()), at->second));
  }
}

void add_ports(const NodeView& view, const VlanRow& vlan, const std::vector<std::string>& ports,
               std::string_view tagging, Lines& lines) {
  std::vector<std::string> changed;
  for (const std::string& port : ports) {
    const std::string key = fmt::format("vlan/{}/port/{}", vlan.name, port);
    if (!is_factory(view.profile, key, tagging)) changed.push_back(port);
  }
  if (changed.empty()) return;
  lines.push_back(
      fmt::format("configure vlan {} add ports {} {}", vlan.name, join_ports(changed), tagging));
}

Lines vlan_lines(const NodeView& view) {
  const std::vector<VlanRow> vlans = vlans_of(view.node);
  Lines lines;
  add_sharing(view, lines);
  for (const VlanRow& vlan : vlans) {
    if (is_factory(view.profile, "vlan/" + vlan.name, "")) continue;
    lines.push_back(fmt::format("create vlan \"{}\"", vlan.name));
  }
  for (const VlanRow& vlan : vlans) {
    const std::string tag = std::to_string(vlan.tag);
    if (vlan.tag != 0 && !is_factory(view.profile, "vlan/" + vlan.name + "/tag", tag)) {
      lines.push_back(fmt::format("configure vlan {} tag {}", vlan.name, tag));
    }
    add_ports(view, vlan, vlan.untagged, "untagged", lines);
    add_ports(view, vlan, vlan.tagged, "tagged", lines);
    if (!vlan.address.empty()) {
      lines.push_back(fmt::format("configure vlan {} ipaddress {}", vlan.name, vlan.address));
    }
  }
  return lines;
}

struct Section {
  std::string_view name;
  Lines (*lines)(const NodeView&);
};
constexpr Section sections[] = {{"devmgr", devmgr_lines}, {"snmpMaster", snmp_lines},
                                {"vlan", vlan_lines},     {"fdb", fdb_lines},
                                {"ospf", ospf_lines},     {"poe", power_lines}};

}  // namespace

std::vector<std::string> configuration_modules() {
  std::vector<std::string> names;
  for (const Section& section : sections) names.emplace_back(section.name);
  return names;
}

std::string show_configuration(const ExosSeen& seen, std::string_view module) {
  std::string text;
  for (const Section& known : sections) {
    if (!module.empty() && module != known.name) continue;
    text += fmt::format("#\n# Module {} configuration.\n#\n", known.name);
    for (const std::string& line : known.lines(seen.view)) text += line + '\n';
    text += '\n';
  }
  return text + "# End of configuration file for the switch.\n";
}

}  // namespace understudy::reference

// What an EXOS operator changes of the configuration, and why it is refused.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/exos_operator.h"
#include "reference-impl/cli/ip_address.h"

namespace understudy::reference {
namespace {

Response no_address(const std::string& text) {
  return {.text = fmt::format("Error: {} is no address.\n", text)};
}

}  // namespace

Response ExosOperator::change(Exos command, const Call& call) {
  const std::string vlan = call.argument("vlan_name");
  switch (command) {
    case Exos::CreateVlan:
      return order(CreateVlan{call.argument("new_name")}, call);
    case Exos::DeleteVlan:
      return order(DeleteVlan{vlan}, call);
    case Exos::TagVlan:
      return order(TagVlan{vlan, call.number("tag")}, call);
    case Exos::AddPorts:
    case Exos::DeletePorts:
      return change_ports(command, call);
    case Exos::SetAddress:
      if (!is_address_with_mask(call.argument("address"))) {
        return no_address(call.argument("address"));
      }
      return order(ChangeSetting{{"vlan/" + vlan + "/ipaddress", call.argument("address")}}, call);
    case Exos::SetSystemName:
      return order(SetSystemName{call.argument("new_name")}, call);
    case Exos::AddTrapReceiver:
    case Exos::DeleteTrapReceiver: {
      const std::string host = call.argument("host");
      const std::string port = call.takes("udp_port") ? call.argument("udp_port") : "162";
      const bool is_added = command == Exos::AddTrapReceiver;
      if (!is_address(host)) return no_address(host);
      if (!is_added && !view().node.active.holds(trap_key(host, port))) {
        return refuse(Refusal::UnknownObject, fmt::format("Trap receiver {} port {}", host, port));
      }
      return order(
          ChangeSetting{{trap_key(host, port),
                         is_added ? std::optional(call.argument("community")) : std::nullopt}},
          call);
    }
    case Exos::SetRestart:
      return order(ChangeSetting{{std::string(exos_restart_key), call.words.back()}}, call);
    case Exos::SetPowerBudget:
      return set_power_budget(call);
    case Exos::EnableSharing:
    case Exos::DisableSharing:
      return change_sharing(command, call);
    case Exos::SetNodePriority: {
      const auto& words = view().profile.slot_words;
      const auto found = std::ranges::find(words, call.argument("slot_id"));
      return order(
          SetNodePriority{static_cast<Slot>(found - words.begin()), call.number("node_pri")}, call);
    }
    case Exos::CreateFdbEntry:
    default: {  // a static entry is a line of the configuration
      const std::string key =
          fmt::format("{}{} vlan {} ports ", exos_fdb_prefix, call.argument("mac"), vlan);
      if (command == Exos::CreateFdbEntry) {
        return order(ChangeSetting{{key + call.argument("port_list"), std::string()}}, call);
      }
      const auto& settings = view().node.active.settings();
      const auto entry = settings.lower_bound(key);
      if (entry == settings.end() || !entry->first.starts_with(key)) {
        return refuse(Refusal::UnknownObject, call.argument("mac"));
      }
      return order(ChangeSetting{{entry->first, std::nullopt}}, call);
    }
  }
}

Response ExosOperator::change_ports(Exos command, const Call& call) {
  const std::string list = call.argument("port_list");
  std::vector<std::string> ports =
      call.has("all") ? all_ports(product_) : expand_ports(product_, list);
  if (ports.empty()) return refuse(Refusal::UnknownObject, list);
  const std::string vlan = call.argument("vlan_name");
  if (command == Exos::DeletePorts) return order(RemovePorts{vlan, std::move(ports)}, call);
  return order(AddPorts{vlan, std::move(ports), call.has("tagged")}, call);
}

// Command reference 11.5, page 510.
Response ExosOperator::set_power_budget(const Call& call) {
  const std::string slot = short_slot(call.argument("slot"));
  if (!has_power(product_, slot)) {
    return {.text = fmt::format("Error: Slot {} is not capable of inline-power.\n", slot)};
  }
  return order(ChangeSetting{{power_budget_key(slot), call.argument("num_watts")}}, call);
}

// Wording of the refusals is our own.
Response ExosOperator::change_sharing(Exos command, const Call& call) {
  const std::string master = call.argument("port");
  const std::string key = fmt::format("{}{}", exos_sharing_prefix, master);
  if (command == Exos::DisableSharing) {
    if (view().node.active.holds(key)) return order(ChangeSetting{{key, std::nullopt}}, call);
    return refuse(Refusal::UnknownObject, fmt::format("Load-sharing group {}", master));
  }
  const std::vector<std::string> ports = expand_ports(product_, call.argument("port_list"));
  if (ports.empty()) return refuse(Refusal::UnknownObject, call.argument("port_list"));
  if (std::ranges::find(ports, master) == ports.end()) {
    return {.text = fmt::format("Error: Port {} is not in the group.\n", master)};
  }
  for (const SharingGroup& group :
       sharing_groups_of({view(), product_, options().identity, settings_})) {
    for (const std::string& port : ports) {
      if (std::ranges::find(group.ports, port) == group.ports.end()) continue;
      return {.text = fmt::format("Error: Port {} is in load-sharing group {} already.\n", port,
                                  group.master)};
    }
  }
  const std::string members = join_ports(ports) + (call.has("lacp") ? " lacp" : "");
  return order(ChangeSetting{{key, members}}, call);
}

Response ExosOperator::set_slot_recovery(const Call& call) {
  std::vector<std::string> slots{short_slot(call.argument("slot"))};
  if (!call.takes("slot")) {
    slots.clear();
    for (const auto& name : slot_names(view())) slots.push_back(short_slot(name));
  }
  for (const std::string& slot : slots) {
    order(ChangeSetting{{fmt::format("{}/{}", view().profile.recovery_setting, slot),
                         call.words.back()}},
          call);
  }
  return {.waits = true};
}

// Wording of the refusals is our own: no document that we have prints them.
Response ExosOperator::refuse(Refusal refusal, std::string_view object) const {
  const auto error = [](std::string text) { return Response{.text = "Error: " + text + "\n"}; };
  switch (refusal) {
    case Refusal::NotMaster:
      return error("This command can only be executed on the MASTER.");
    case Refusal::NotInSync:
      return error(fmt::format("The backup MSM is not in sync with the {}. Use the force option.",
                               product_.lead));
    case Refusal::NoBackup:
      return error("There is no backup to take over.");
    case Refusal::Synchronising:
      return error("The backup MSM is being synchronized.");
    case Refusal::OutOfRange:
      return error(fmt::format("{} is out of range.", object));
    case Refusal::UnknownObject:
      return error(fmt::format("{} does not exist.", object));
    case Refusal::AlreadyExists:
      return error(fmt::format("{} already exists.", object));
    case Refusal::NoSuchFile:
      return error(fmt::format("Configuration file {} does not exist.", object));
    case Refusal::Busy:
      return error("A save or a reboot is already in progress.");
    case Refusal::NotReady:
      return error("The MSM is not ready.");
    case Refusal::NoAnswer:
      return error(fmt::format("The backup MSM did not respond within {} seconds.", object));
    case Refusal::FlashFull:
      return error(fmt::format("No space left in flash: {} is not saved.", object));
    case Refusal::NotAllowed:
      return error(fmt::format("{} cannot be deleted.", object));
  }
  return {};
}

}  // namespace understudy::reference

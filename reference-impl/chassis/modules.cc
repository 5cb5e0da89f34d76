// Interface modules: what the lead does with them at a failover and when one fails. The table of
// the application that carries them holds a state for each slot that is not operational, and how
// often it was reset; as every table it is checkpointed, so a new lead goes on with it. A module is
// out of service where it was reset too often, for which the flash has "-3", and where its recovery
// level has shut it down, for which it has "1".
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "reference-impl/chassis/engine.h"

namespace understudy::reference {
namespace {

std::uint8_t application_of(const Machine& machine) {
  return machine.profile.replication.module_application;
}

bool has_table(const Machine& machine) {
  return application_of(machine) < machine.node.tables.size();
}

void set(Machine& machine, std::string key, std::optional<std::string> value) {
  auto& table = machine.node.tables[application_of(machine)];
  if (value) {
    table.edit()[key] = *value;
  } else {
    table.edit().erase(key);
  }
  replicate_entry(machine, {application_of(machine), std::move(key), std::move(value)});
  keep_modules_down(machine);
}

/// What hangs on the ports of a module that goes down has no power any more, "1:2" for slot 1.
void ports_go_down(Machine& machine, std::string_view slot) {
  const std::string first = fmt::format("{}:", slot);
  const auto& applications = machine.profile.replication.applications;
  for (std::size_t index = 0; index < applications.size(); ++index) {
    if (applications[index].entries != EntryForm::Port) continue;
    const Entries before = *machine.node.tables[index];
    for (const auto& [key, value] : before) {
      if (!key.starts_with(first)) continue;
      machine.node.tables[index].edit().erase(key);
      replicate_entry(machine, {static_cast<std::uint8_t>(index), key, std::nullopt});
    }
  }
}

void start_again(Machine& machine, std::string_view slot) {
  ports_go_down(machine, slot);
  set(machine, std::string(slot), std::string(kPowerCycled));
  machine.start(Timer::Modules, machine.profile.timing.module_boot);
}

bool is_out_of_service(std::string_view state) {
  return state == kModuleDown || state == kModuleShutDown;
}

int resets_of(const Machine& machine, std::string_view key) {
  const Entries& entries = *machine.node.tables[application_of(machine)];
  const auto found = entries.find(key);
  int resets = 0;
  if (found == entries.end()) return resets;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), resets);
  return resets;
}

}  // namespace

std::optional<Recovery> recovery_of_slot(const Machine& machine, std::string_view slot) {
  const std::string_view setting = machine.profile.recovery_setting;
  if (setting.empty()) return std::nullopt;
  const auto own = machine.node.active.value(fmt::format("{}/{}", setting, slot));
  if (!own) return std::nullopt;
  if (*own == "none") return Recovery::None;
  return *own == "shutdown" ? Recovery::Shutdown : Recovery::Reset;
}

Recovery recovery_of(const Machine& machine, std::string_view slot) {
  if (const auto own = recovery_of_slot(machine, slot)) return *own;
  const std::string_view setting = machine.profile.recovery_setting;
  const bool is_none = !setting.empty() && machine.node.active.value(setting) == "none";
  return is_none ? Recovery::None : Recovery::Reset;
}

/// "I/O modules that are not operational at the time of a failover are powered off and restarted"
/// (Concepts Guide 11.3, page 78); where the failover is not hitless, all of them are.
void restart_modules(Machine& machine, bool is_hitless) {
  if (!has_table(machine)) return;
  for (const std::string_view slot : machine.profile.replication.modules) {
    const std::string_view state = module_state(machine.profile, machine.node, slot);
    const auto& resets = machine.profile.replication.modules_without_nonstop;
    const bool is_spared =
        is_hitless && std::find(resets.begin(), resets.end(), slot) == resets.end();
    if (is_out_of_service(state) || (is_spared && state == kOperational)) continue;
    start_again(machine, slot);
    write_log(machine, LogEvent::ModuleRestarted, machine.node.slot, slot);
  }
}

void modules_are_up(Machine& machine) {
  machine.stop(Timer::Modules);
  if (!has_table(machine) || machine.office() != Office::Lead) return;
  for (const std::string_view slot : machine.profile.replication.modules) {
    if (module_state(machine.profile, machine.node, slot) != kPowerCycled) continue;
    set(machine, std::string(slot), std::nullopt);
  }
}

/// Command reference 11.5, pages 611 and 612: it is reset a number of times, then it stays down.
void module_failed(Machine& machine, std::string_view slot) {
  const Recovery recovery = recovery_of(machine, slot);
  if (recovery == Recovery::None) return;
  const std::string counted = fmt::format("{}/resets", slot);
  const int resets = resets_of(machine, counted);
  const bool is_shut_down = recovery == Recovery::Shutdown;
  if (is_shut_down || resets >= machine.profile.replication.module_resets) {
    ports_go_down(machine, slot);
    set(machine, std::string(slot), std::string(is_shut_down ? kModuleShutDown : kModuleDown));
    write_log(machine, LogEvent::ModuleDown, machine.node.slot, slot);
    return;
  }
  set(machine, counted, fmt::format("{}", resets + 1));
  start_again(machine, slot);
  write_log(machine, LogEvent::ModuleReset, machine.node.slot, slot);
}

void keep_modules_down(Machine& machine) {
  if (!has_table(machine)) return;
  std::string down;
  for (const std::string_view slot : machine.profile.replication.modules) {
    const std::string_view state = module_state(machine.profile, machine.node, slot);
    if (!is_out_of_service(state)) continue;
    down += down.empty() ? "" : ",";
    down += state == kModuleDown ? "-" : "";
    down += slot;
  }
  if (std::exchange(machine.node.down_modules, down) != down) write_memory(machine);
}

void take_modules_down(Machine& machine) {
  const std::string down = std::exchange(machine.node.down_modules, {});
  for (std::string_view rest = down; !rest.empty();) {
    std::string_view slot = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), slot.size() + 1));
    const bool is_shut_down = !slot.starts_with('-');
    if (!is_shut_down) slot.remove_prefix(1);
    set(machine, std::string(slot), std::string(is_shut_down ? kModuleShutDown : kModuleDown));
  }
}

}  // namespace understudy::reference

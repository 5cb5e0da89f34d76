// show version, show slot: what the chassis is made of, and the software on it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "reference-impl/chassis/flash.h"
#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/exos_show.h"
#include "reference-impl/cli/exos_words.h"

namespace understudy::reference {
namespace {

std::string rule(std::size_t width) {
  return std::string(width, '-') + '\n';
}

// Part numbers and serial numbers of boards are ours.
std::string serial_of(const ExosSeen& seen, const ModuleRow& row) {
  const bool is_given = row.is_self && !seen.identity.module_serial.empty();
  const std::string serial =
      is_given ? seen.identity.module_serial : fmt::format("0544F-{:05}", 40 + row.slot);
  return "800112-00-03 " + serial;
}

std::string serial_of(const ExosModule& module) {
  return fmt::format("800114-00-04 0542X-{:05}", module.slot);
}

// "v1131b3" of 11.3.1.3.
std::string branch_of(std::string_view version) {
  const std::size_t build = version.rfind('.');
  std::string branch = "v";
  std::ranges::copy_if(version.substr(0, build), std::back_inserter(branch),
                       [](char c) { return c != '.'; });
  return fmt::format("{}b{}", branch, version.substr(build + 1));
}

std::string version_text(std::uint64_t version) {
  return version == 0 ? std::string() : image_text(version);
}

bool is_operational(const NodeView& view, const ModuleRow& row) {
  const Office office = row_of(view.profile, row.state).office;
  return office == Office::Lead || office == Office::Second;
}

// ------------------------------------------------------------------ show version images

// The medium knows when an image was stored on it, and of the other module's nothing is heard.
std::string installed(const ExosSeen& seen, const ModuleRow& row, bool is_secondary) {
  constexpr std::size_t width = 28;
  const StoredFile* stored =
      row.is_self ? seen.view.node.flash.find(image_file(!is_secondary)) : nullptr;
  const std::uint64_t version = is_secondary ? row.images.secondary : row.images.primary;
  if (!stored) {
    const bool is_factory = version_text(version) == seen.view.profile.version;
    return fmt::format("{:<{}}", is_factory ? seen.product.built : "Unknown", width);
  }
  const auto time = static_cast<std::time_t>(stored->saved_at);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  const std::size_t length =
      std::strftime(text.data(), text.size(), "%a %b %e %H:%M:%S UTC %Y", &parts);
  return std::string(text.data(), length);
}

std::string image_line(const ExosSeen& seen, const ModuleRow& row, bool is_secondary) {
  const std::uint64_t version = is_secondary ? row.images.secondary : row.images.primary;
  if (version == 0) return {};
  const std::string text = image_text(version);
  return fmt::format("{:<6} {:<9} {} {:<8} {}-{}.xos {}\n", row.name,
                     is_secondary ? "secondary" : "primary", installed(seen, row, is_secondary),
                     text, seen.product.image_prefix, text, branch_of(text));
}

// ------------------------------------------------------------------ show slot

struct SlotBlock {
  std::string state, flags, serial, type, configured;
  int restarts = 0, ports = 0;
};

std::string line(std::string_view label, std::string_view value) {
  return fmt::format("    {:<21}{}\n", fmt::format("{}:", label), value);
}

std::string print(const ExosSeen& seen, const SlotBlock& block, std::uint64_t version) {
  const std::string text = version_text(version);
  return line("State", block.state) +
         line("Download %", block.state == kOperational ? "100" : "0") +
         line("Flags", block.flags) +
         line("Restart count", fmt::format("{} (limit {})", block.restarts,
                                           seen.view.profile.replication.module_resets)) +
         line("Serial number", block.serial) + line("Hw Module Type", block.type) +
         line("SW Version", text) + line("SW Build", text.empty() ? text : branch_of(text)) +
         line("Configured Type", block.configured) +
         line("Ports available", std::to_string(block.ports));
}

/// One that is shut down has booted, but its ports are offline: Command Reference 11.5, page 611.
std::string_view shown_state(const NodeView& view, std::string_view slot) {
  if (is_module_shut_down(view.profile, view.node, slot)) return kPowerCycled;
  return module_state(view.profile, view.node, slot);
}

// M: the backplane link to the lead is active; B: that to its backup as well. [INFERRED-M]
std::string flags_of(const ExosSeen& seen, std::string_view state) {
  if (state != kOperational) return {};
  std::string flags;
  for (const ModuleRow& row : shown_modules(seen.view)) {
    const Office office = row_of(seen.view.profile, row.state).office;
    if (office == Office::Lead) flags.insert(0, "M");
    if (office == Office::Second) flags += 'B';
  }
  return flags;
}

int restarts_of(const NodeView& view, int slot) {
  const Entries& entries = entries_of(view.node, view.profile.replication.module_application);
  const auto found = entries.find(fmt::format("{}/resets", slot));
  return found == entries.end() ? 0 : to_number(found->second);
}

std::string recovery_of(const NodeView& view, std::string_view slot) {
  const std::string key = fmt::format("{}/{}", view.profile.recovery_setting, slot);
  std::string word(view.node.active.value(key).value_or("reset"));
  word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

std::string module_block(const ExosSeen& seen, const ExosModule& module) {
  const std::string slot = std::to_string(module.slot);
  const std::string state(shown_state(seen.view, slot));
  return fmt::format("Slot-{} information:\n", slot) +
         print(seen,
               {.state = state,
                .flags = flags_of(seen, state),
                .serial = serial_of(module),
                .type = std::string(module.type),
                .configured = std::string(module.type),
                .restarts = restarts_of(seen.view, module.slot),
                .ports = module.ports},
               seen.view.node.version) +
         line("Recovery Mode", recovery_of(seen.view, slot));
}

// Of a module that was never heard nothing is known.
bool is_empty(const ModuleRow& row) {
  return !row.is_present || (!row.is_self && row.state == NodeState::Off);
}

std::string partition_word(const ModuleRow& row, bool is_secondary) {
  if (row.images.primary == 0) return {};
  return is_secondary ? "secondary" : "primary";
}

std::string node_block(const ExosSeen& seen, const ModuleRow& row) {
  const std::string heading = fmt::format("{} information:\n", row.name);
  if (is_empty(row)) return heading + line("State", "Empty");
  const NodeView& view = seen.view;
  return heading +
         print(seen,
               {.state = is_operational(view, row) ? "Operational" : "Down",
                .flags = {},
                .serial = serial_of(seen, row),
                .type = std::string(seen.product.management_module),
                .configured = {},
                .restarts = 0,
                .ports = 0},
               row.version) +
         line("Recovery Mode", recovery_of(view, view.profile.slot_words[row.slot])) + '\n' +
         line("Current State", state_with_sync(view, row)) +
         line("Image Selected", partition_word(row, row.images.is_secondary_selected)) +
         line("Image Booted", partition_word(row, row.images.is_secondary_booted)) +
         line("Primary ver", version_text(row.images.primary)) +
         line("Secondary ver", version_text(row.images.secondary)) +
         line("Config Selected", view.node.selected_file) +
         line("Config Booted",
              view.node.booted_file.empty() ? "Factory Default" : view.node.booted_file);
}

constexpr std::string_view slot_flags =
    "\nFlags : M - Backplane link to Master is Active\n"
    "        B - Backplane link to Backup is also Active\n"
    "        D - Slot Disabled\n"
    "        I - Insufficient Power\n";

}  // namespace

std::string show_version(const ExosSeen& seen, bool in_detail) {
  const auto named = [in_detail](std::string text, std::string_view board) {
    return in_detail ? fmt::format("{} {}\n", text, board) : text + '\n';
  };
  std::string text =
      named(fmt::format("Chassis : 800129-00-02 {} Rev 2.0", seen.view.profile.chassis),
            seen.product.chassis);
  for (const ExosModule& module : seen.product.modules) {
    text +=
        named(fmt::format("Slot-{}  : {} Rev 4.0 BootROM: 1.0.1.7", module.slot, serial_of(module)),
              module.type);
  }
  for (const ModuleRow& row : shown_modules(seen.view)) {
    text += named(fmt::format("{:<8}: {} Rev 3.0 BootROM: 1.0.1.7 IMG: {}", row.name,
                              serial_of(seen, row), version_text(row.version)),
                  seen.product.management_module);
  }
  const std::string version = image_text(seen.view.node.version);
  return text + fmt::format(
                    "\nImage   : {} version {} {} by release-manager\n"
                    "          on {}\nBootROM : 1.0.1.7\n",
                    seen.view.profile.product, version, branch_of(version), seen.product.built);
}

std::string show_images(const ExosSeen& seen, const Call& call) {
  std::string text =
      "Card  Partition     Installation Date        Version     Name      Branch\n" + rule(78);
  for (const ModuleRow& row : shown_modules(seen.view)) {
    if (call.takes("slot_id") && call.argument("slot_id") != short_slot(row.name)) continue;
    if (!call.has("secondary")) text += image_line(seen, row, false);
    if (!call.has("primary")) text += image_line(seen, row, true);
  }
  return text;
}

std::string show_process_version(const ExosSeen& seen, std::string_view process) {
  return "Card  Process Name     Version   BuiltBy          Link Date\n" + rule(79) +
         fmt::format("{:<6}{:<17}{:<10}{:<17}{}\n", own_name(seen.view), process,
                     exos_process_version, "release-manager", seen.product.built);
}

std::vector<std::string> slot_names(const NodeView& view) {
  std::vector<std::string> names;
  for (const std::string_view slot : view.profile.replication.modules) {
    names.push_back(fmt::format("Slot-{}", slot));
  }
  for (const std::string_view name : view.profile.node_words) names.emplace_back(name);
  return names;
}

std::string short_slot(std::string_view name) {
  const std::size_t dash = name.rfind('-');
  return std::string(dash == std::string_view::npos ? name : name.substr(dash + 1));
}

std::vector<std::string_view> slots_down(const NodeView& view) {
  std::vector<std::string_view> slots;
  for (const std::string_view slot : view.profile.replication.modules) {
    if (is_module_shut_down(view.profile, view.node, slot)) slots.push_back(slot);
  }
  if (view.node.is_shut_down) slots.push_back(view.profile.slot_words[view.node.slot]);
  return slots;
}

std::string show_slot_detail(const ExosSeen& seen, std::string_view slot) {
  const std::string wanted = short_slot(slot);
  std::string text;
  const auto add = [&](std::string_view name, const std::string& block) {
    if (!wanted.empty() && wanted != name) return;
    if (!text.empty()) text += '\n';
    text += block;
  };
  for (const ExosModule& module : seen.product.modules) {
    add(std::to_string(module.slot), module_block(seen, module));
  }
  for (const ModuleRow& row : modules_of(seen.view.profile, seen.view.node)) {
    add(short_slot(row.name), node_block(seen, row));
  }
  return text + std::string(slot_flags);
}

std::string show_slots(const ExosSeen& seen) {
  std::string text =
      "Slots    Type                 Configured           State       Ports  Flags\n" + rule(79);
  const auto add = [&](std::string_view name, std::string_view type, std::string_view configured,
                       std::string_view state, int ports, std::string_view flags) {
    text +=
        fmt::format("{:<9}{:<21}{:<21}{:<12}{:5}  {}", name, type, configured, state, ports, flags);
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  };
  for (const ExosModule& module : seen.product.modules) {
    const std::string slot = std::to_string(module.slot);
    const std::string_view state = shown_state(seen.view, slot);
    add("Slot-" + slot, module.type, module.type, state, module.ports, flags_of(seen, state));
  }
  for (const ModuleRow& row : modules_of(seen.view.profile, seen.view.node)) {
    if (is_empty(row)) {
      add(row.name, "", "", "Empty", 0, "");
      continue;
    }
    add(row.name, seen.product.management_module, "",
        is_operational(seen.view, row) ? "Operational" : "Down", 0, "");
  }
  return text + std::string(slot_flags);
}

}  // namespace understudy::reference

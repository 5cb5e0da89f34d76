// show switch, show node, show version, show slot, show process: the modules and what runs on them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/exos_show.h"
#include "reference-impl/cli/exos_words.h"

namespace understudy::reference {
namespace {

constexpr int label_width = 18;
constexpr int node_width = 24;
constexpr std::string_view between_nodes = "     ";

std::string unit(std::uint64_t count, std::string_view word) {
  if (count == 0) return {};
  return fmt::format("{} {}{} ", count, word, count == 1 ? "" : "s");
}

// Units that are zero are left out; a blank stands at the end.
std::string format_uptime(Duration uptime) {
  const auto seconds = static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(uptime).count()));
  const std::string text = unit(seconds / 86400, "day") + unit(seconds / 3600 % 24, "hour") +
                           unit(seconds / 60 % 60, "minute") + unit(seconds % 60, "second");
  return text.empty() ? "0 seconds " : text;
}

std::string line(std::string_view label, std::string_view value) {
  return fmt::format("{:<{}}{}\n", label, label_width, value);
}

std::string partition_word(Partition partition) {
  return partition == Partition::Primary ? "primary" : "secondary";
}

// A module in the table: present, and heard since it was last put in.
std::vector<ModuleRow> shown_modules(const NodeView& view) {
  std::vector<ModuleRow> rows = modules_of(view.profile, view.node);
  std::erase_if(rows, [](const ModuleRow& row) {
    return !row.is_self && (!row.is_present || row.state == NodeState::Off);
  });
  return rows;
}

// BACKUP carries the synchronisation: "(In Sync)" as devices print it, not the manuals' "(InSync)".
std::string state_with_sync(const NodeView& view, const ModuleRow& row) {
  const std::string word(row.state_word);
  if (row_of(view.profile, row.state).office != Office::Second) return word;
  switch (sync_claim(view.profile, view.node)) {
    case SyncClaim::NoSecond:
      return word;
    case SyncClaim::InSync:
      return word + " (In Sync)";
    case SyncClaim::NotInSync:
      return word + " (Not In Sync)";
  }
  return word;
}

using Cell = std::string (*)(const NodeView&, const ModuleRow&);

std::string columns(const NodeView& view, const std::vector<ModuleRow>& rows,
                    std::string_view label, Cell cell) {
  std::string text = fmt::format("{:<{}}", label, label_width);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0) text += between_nodes;
    text += fmt::format("{:<{}}", cell(view, rows[i]), node_width);
  }
  return text + '\n';
}

std::string image_selected(const NodeView&, const ModuleRow& row) {
  return partition_word(row.images.is_secondary_selected ? Partition::Secondary
                                                         : Partition::Primary);
}
std::string image_booted(const NodeView&, const ModuleRow& row) {
  return partition_word(row.images.is_secondary_booted ? Partition::Secondary : Partition::Primary);
}
std::string primary_version(const NodeView&, const ModuleRow& row) {
  return row.images.primary == 0 ? std::string() : image_text(row.images.primary);
}
std::string secondary_version(const NodeView&, const ModuleRow& row) {
  return row.images.secondary == 0 ? std::string() : image_text(row.images.secondary);
}

std::string running_version(const ModuleRow& row) {
  return row.version == 0 ? std::string() : image_text(row.version);
}

std::string module_columns(const NodeView& view) {
  const std::vector<ModuleRow> rows = shown_modules(view);
  const auto name = [](const NodeView&, const ModuleRow& row) {
    return fmt::format("{}{}", row.name, row.is_self ? " *" : "");
  };
  const auto rule = [](const NodeView&, const ModuleRow&) { return std::string(node_width, '-'); };
  std::string text = columns(view, rows, "Slot:", name);
  text += columns(view, rows, "", rule);
  text += columns(view, rows, "Current State:", state_with_sync);
  text += '\n';
  text += columns(view, rows, "Image Selected:", image_selected);
  text += columns(view, rows, "Image Booted:", image_booted);
  text += columns(view, rows, "Primary ver:", primary_version);
  text += columns(view, rows, "Secondary ver:", secondary_version);
  return text;
}

std::string identity_lines(const ExosSeen& seen) {
  const auto recovery =
      seen.view.node.active.value(seen.view.profile.recovery_setting).value_or("all");
  std::string mode(recovery);
  mode[0] = static_cast<char>(mode[0] - 'a' + 'A');
  return line("SysName:", system_name(seen.view.node)) + line("SysLocation:", "") +
         line("SysContact:", seen.product.contact) + line("System MAC:", seen.identity.mac) +
         line("System Type:", seen.product.chassis) + '\n' +
         line("SysHealth check:", "Enabled (Normal)") + line("Recovery Mode:", mode) +
         line("System Watchdog:", "Enabled") + '\n';
}

std::string time_lines(const ExosSeen& seen) {
  const Diary& diary = seen.view.diary;
  std::string next_reboot = "None scheduled";
  if (const auto left = seen.settings.until_reboot) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*left).count();
    next_reboot = format_clock(clock_of(diary) + static_cast<std::uint64_t>(seconds));
  }
  return line("Current Time:", format_clock(clock_of(diary))) +
         line("Timezone:", "[Auto DST Disabled] GMT Offset: 0 minutes, name is UTC.") +
         line("Boot Time:", format_clock(diary.boot_clock)) +
         line("Boot Count:", std::to_string(seen.view.node.boot_count)) +
         line("Next Reboot:", next_reboot) +
         line("System UpTime:", format_uptime(diary.system_uptime)) + '\n';
}

std::string configuration_lines(const NodeView& view) {
  const std::string& booted = view.node.booted_file;
  std::string text = line("Config Selected:", view.node.selected_file);
  text += line("Config Booted:", booted.empty() ? "Factory Default" : booted);
  for (const SavedFileRow& file : saved_files_of(view.node)) {
    if (!file.is_selected) continue;
    text += fmt::format("\n{:<{}}Created by {} version {}\n", file.name, label_width,
                        view.profile.product, view.profile.version);
    text += fmt::format("{:<{}}{} bytes saved on {}\n", "", label_width, file.bytes,
                        format_clock(file.saved_at));
  }
  return text;
}

std::string serial_of(const ExosSeen& seen, const ModuleRow& row) {
  if (row.is_self && !seen.identity.module_serial.empty()) return seen.identity.module_serial;
  return fmt::format("0544F-{:05}", 40 + row.slot);
}

}  // namespace

std::string_view own_name(const NodeView& view) {
  return view.profile.node_words[view.node.slot];
}

std::string format_clock(std::uint64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  const std::size_t length =
      std::strftime(text.data(), text.size(), "%a %b %e %H:%M:%S %Y", &parts);
  return std::string(text.data(), length);
}

std::string show_switch(const ExosSeen& seen) {
  return '\n' + identity_lines(seen) + time_lines(seen) + module_columns(seen.view) + '\n' +
         configuration_lines(seen.view);
}

std::string show_node(const ExosSeen& seen, bool in_detail) {
  std::string text = in_detail ? "" : "Node    State     Priority  SwHealth  HwHealth\n";
  for (const ModuleRow& row : shown_modules(seen.view)) {
    text += in_detail ? fmt::format(
                            "\nNode {} information:\n  Node State:    {}\n"
                            "  Node Priority: {}\n  Sw Health:     {}\n"
                            "  Hw Health:     {}\n",
                            row.name, row.state_word, row.priority, row.software_health,
                            row.hardware_health)
                      : fmt::format("{:<8}{:<10}{:<10}{:<10}{}\n", row.name, row.state_word,
                                    row.priority, row.software_health, row.hardware_health);
    if (in_detail && row.reason != Reason::None) {
      text += fmt::format("  Fail Reason:   {}\n", word_of(seen.view.profile, row.reason));
    }
  }
  return text;
}

std::string show_checkpoint_data(const ExosSeen& seen, std::string_view process) {
  std::string text = "Process          Tx     Rx  Errors   Sent  Total     % Chkpt    Debug-info\n";
  text += std::string(76, '-') + '\n';
  const NodeView& view = seen.view;
  for (const CheckpointRow& row : checkpoints_of(view.profile, view.node, view.diary)) {
    if (!process.empty() && row.process != process) continue;
    text += fmt::format("{:<12}{:7}{:7}{:8}{:7}{:7}{:5}% {:<3} {:<3}{:3} ({:08X})\n", row.process,
                        row.tx, row.rx, row.errors, row.sent, row.total, row.percent,
                        row.is_on ? "ON" : "OFF", row.is_ok ? "OK" : "ERR", 1, row.debug);
  }
  return text;
}

std::string show_version(const ExosSeen& seen) {
  std::string text =
      fmt::format("Chassis : 800129-00-02 {} Rev 2.0\n", seen.identity.chassis_serial);
  for (const ExosModule& module : seen.product.modules) {
    text += fmt::format("Slot-{}  : 800114-00-04 0542X-{:05} Rev 4.0 BootROM: 1.0.1.7\n",
                        module.slot, module.slot);
  }
  for (const ModuleRow& row : shown_modules(seen.view)) {
    text += fmt::format("{:<8}: 800112-00-03 {} Rev 3.0 BootROM: 1.0.1.7 IMG: {}\n", row.name,
                        serial_of(seen, row), running_version(row));
  }
  text +=
      fmt::format("\nImage   : {} version {} {}\nBootROM : 1.0.1.7\n", seen.view.profile.product,
                  image_text(seen.view.node.version), seen.product.image);
  return text;
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

bool has_slots_down(const NodeView& view) {
  return std::ranges::any_of(view.profile.replication.modules, [&](std::string_view slot) {
    return module_state(view.profile, view.node, slot) == kModuleDown;
  });
}

namespace {

std::string slot_block(std::string_view name, std::string_view state, std::string_view type,
                       int ports, std::string_view serial) {
  std::string text = fmt::format(
      "{} information:\n"
      "    State:                {}\n"
      "    Hw Module Type:       {}\n"
      "    Configured Type:      {}\n",
      name, state, type, type);
  if (ports > 0) text += fmt::format("    Ports available:      {}\n", ports);
  return text + fmt::format("    Serial number:        {}\n", serial);
}

}  // namespace

std::string show_slot(const ExosSeen& seen, std::string_view slot) {
  const std::string wanted = short_slot(slot);
  for (const ExosModule& module : seen.product.modules) {
    const std::string number = std::to_string(module.slot);
    if (number != wanted) continue;
    return slot_block(fmt::format("Slot-{}", number),
                      module_state(seen.view.profile, seen.view.node, number), module.type,
                      module.ports, fmt::format("800114-00-04 0542X-{:05}", module.slot));
  }
  for (const ModuleRow& row : modules_of(seen.view.profile, seen.view.node)) {
    if (short_slot(row.name) != wanted) continue;
    if (!row.is_present)
      return fmt::format("{} information:\n    State:                Empty\n", row.name);
    const Office office = row_of(seen.view.profile, row.state).office;
    const bool is_up = office == Office::Lead || office == Office::Second;
    return slot_block(row.name, is_up ? "Operational" : "Down", seen.product.management_module, 0,
                      fmt::format("800112-00-03 {}", serial_of(seen, row)));
  }
  return {};
}

std::string show_slots(const ExosSeen& seen) {
  std::string text =
      "Slots    Type                 Configured           State       Ports\n"
      "--------------------------------------------------------------------\n";
  const auto add = [&](std::string_view name, std::string_view type, std::string_view configured,
                       std::string_view state, int ports) {
    text += fmt::format("{:<9}{:<21}{:<21}{:<12}{:5}\n", name, type, configured, state, ports);
  };
  for (const ExosModule& module : seen.product.modules) {
    add(fmt::format("Slot-{}", module.slot), module.type, module.type,
        module_state(seen.view.profile, seen.view.node, std::to_string(module.slot)), module.ports);
  }
  for (const ModuleRow& row : modules_of(seen.view.profile, seen.view.node)) {
    if (!row.is_present) {
      add(row.name, "", "", "Empty", 0);
      continue;
    }
    const Office office = row_of(seen.view.profile, row.state).office;
    const bool is_up = office == Office::Lead || office == Office::Second;
    add(row.name, seen.product.management_module, "", is_up ? "Operational" : "Down", 0);
  }
  return text;
}

std::string show_processes(const ExosSeen& seen, std::string_view process) {
  std::string text =
      "Process Name     Version Restart    State            Start Time\n"
      "-------------------------------------------------------------------------------\n";
  const auto& applications = seen.view.profile.replication.applications;
  for (std::size_t i = 0; i < applications.size(); ++i) {
    if (!process.empty() && applications[i].name != process) continue;
    const auto found = seen.view.diary.restarts.find(static_cast<std::uint8_t>(i));
    const std::uint32_t restarts = found == seen.view.diary.restarts.end() ? 0 : found->second;
    const bool has_ended = (seen.view.node.ended_processes >> i & 1) != 0;
    text += fmt::format("{:<17}{:<8}{:7}    {:<16} {}\n", applications[i].name, "3.0.0.2", restarts,
                        has_ended ? "Stopped" : "Ready", format_clock(seen.view.diary.boot_clock));
  }
  return text;
}

}  // namespace understudy::reference

// show switch, show node, show checkpoint-data: the modules and how far one follows the other.
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

std::string partition_word(bool is_secondary) {
  return is_secondary ? "secondary" : "primary";
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

bool has_told_its_images(const ModuleRow& row) {
  return row.images.primary != 0;
}

std::string image_selected(const NodeView&, const ModuleRow& row) {
  if (!has_told_its_images(row)) return {};
  return partition_word(row.images.is_secondary_selected);
}
std::string image_booted(const NodeView&, const ModuleRow& row) {
  if (!has_told_its_images(row)) return {};
  return partition_word(row.images.is_secondary_booted);
}
std::string primary_version(const NodeView&, const ModuleRow& row) {
  return row.images.primary == 0 ? std::string() : image_text(row.images.primary);
}
std::string secondary_version(const NodeView&, const ModuleRow& row) {
  return row.images.secondary == 0 ? std::string() : image_text(row.images.secondary);
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
  if (const auto& reboot = seen.settings.reboot) next_reboot = format_clock(reboot->at);
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

}  // namespace

std::vector<ModuleRow> shown_modules(const NodeView& view) {
  std::vector<ModuleRow> rows = modules_of(view.profile, view.node);
  std::erase_if(rows, [](const ModuleRow& row) {
    return !row.is_self && (!row.is_present || row.state == NodeState::Off);
  });
  return rows;
}

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

}  // namespace understudy::reference

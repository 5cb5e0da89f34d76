// show process, show management: what runs on the module and who may manage it.
#include <fmt/format.h>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/exos_show.h"
#include "reference-impl/cli/exos_words.h"

namespace understudy::reference {
namespace {

const std::string rule = std::string(79, '-') + '\n';

struct Process {
  std::string_view name;
  std::size_t place = 0;  ///< in the order of starting
  std::uint32_t restarts = 0;
  bool is_ready = true;
  bool is_essential = true;
};

std::vector<Process> processes_of(const ExosSeen& seen, std::string_view wanted) {
  std::vector<Process> processes;
  const auto& applications = seen.view.profile.replication.applications;
  for (std::size_t i = 0; i < applications.size(); ++i) {
    if (!wanted.empty() && applications[i].name != wanted) continue;
    const auto found = seen.view.diary.restarts.find(static_cast<std::uint8_t>(i));
    processes.push_back({.name = applications[i].name,
                         .place = i + 1,
                         .restarts = found == seen.view.diary.restarts.end() ? 0 : found->second,
                         .is_ready = (seen.view.node.ended_processes >> i & 1) == 0,
                         .is_essential = applications[i].is_essential});
  }
  return processes;
}

// Days, hours, minutes and seconds, as 00/00/04 20:32:31 has years, months and days in front.
// [INFERRED-M]
std::string up_time(Duration since) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since).count();
  return fmt::format("{:02}/{:02}/{:02} {:02}:{:02}:{:02}", seconds / 86400 / 365,
                     seconds / 86400 % 365 / 30, seconds / 86400 % 365 % 30, seconds / 3600 % 24,
                     seconds / 60 % 60, seconds % 60);
}

// The order of the sections is recalled, not retrieved. [INFERRED-M] What no process of the
// reference has, stacks, memory zones and signals, is left out.
std::string process_block(const ExosSeen& seen, const Process& process) {
  constexpr int first_id = 200;
  const Diary& diary = seen.view.diary;
  std::string text =
      " Name             PID   Path           Type  Link Date                     Build By\n" +
      rule;
  text +=
      fmt::format(" {:<17}{:<6}{:<15}{:<6}{:<30}{}\n", process.name, first_id + process.place,
                  fmt::format("./{}", process.name), "App", seen.product.built, "release-manager");
  text += "Configuration:\n Start Priority SchedPolicy Heartbeat StartSeq\n" + rule;
  text += fmt::format(" {:<6}{:<9}{:<12}{:<10}{}\n", 1, 0, 0, 1, process.place);
  text += "Recovery policies\n" + rule;
  text += process.is_essential ? " failover-reboot\n" : " none\n";
  text += "Statistics:\n Version   State    Start Restart\n" + rule;
  text +=
      fmt::format(" {:<10}{:<9}{:<6}{}\n", exos_process_version,
                  process.is_ready ? "Ready" : "Stopped", process.restarts + 1, process.restarts);
  text += "Resource Usage:\n Up Since                  Up Date  Up Time\n" + rule;
  return text +
         fmt::format(" {:<26}{}\n", format_clock(diary.boot_clock), up_time(diary.since_boot));
}

std::string on_or_off(bool is_on) {
  return is_on ? "Enabled" : "Disabled";
}

std::string line(std::string_view label, std::string_view value) {
  return fmt::format("{:<33}: {}\n", label, value);
}

// Receivers in a table of their own, as later releases print them. [INFERRED-M]
std::string receiver_lines(const NodeView& view) {
  const std::vector<Receiver> receivers = trap_receivers_of(view.node.active);
  if (receivers.empty()) return line("SNMP v1/v2c TrapReceivers", "None");
  std::string text = line("SNMP v1/v2c TrapReceivers", "");
  text.replace(text.find_last_not_of(" \n") + 1, std::string::npos, "\n");
  text += "    Destination               Source IP Address    Flags\n";
  for (const Receiver& receiver : receivers) {
    text += fmt::format("    {:<26}{:<21}{}\n",
                        fmt::format("{:<15}/{}", receiver.host, receiver.port), "", "2E");
  }
  return text + "    Flags: Version: 1=v1 2=v2c\n           Mode: S=Standard E=Enhanced\n";
}

}  // namespace

std::string show_processes(const ExosSeen& seen, std::string_view process) {
  std::string text = "Process Name     Version Restart    State            Start Time\n" + rule;
  for (const Process& one : processes_of(seen, process)) {
    text +=
        fmt::format("{:<17}{:<8}{:7}    {:<16} {}\n", one.name, exos_process_version, one.restarts,
                    one.is_ready ? "Ready" : "Stopped", format_clock(seen.view.diary.boot_clock));
  }
  return text;
}

std::string show_process_detail(const ExosSeen& seen, std::string_view process) {
  std::string text;
  for (const Process& one : processes_of(seen, process)) {
    if (!text.empty()) text += '\n';
    text += process_block(seen, one);
  }
  return text;
}

std::string show_management(const ExosSeen& seen) {
  const ExosSettings& settings = seen.settings;
  return line("CLI idle timeout", "Disabled") + line("CLI max number of login attempts", "3") +
         line("CLI max number of sessions", "8") + line("CLI paging", on_or_off(settings.pages)) +
         line("CLI space-completion", "Disabled (this session only)") +
         line("CLI configuration logging", "Disabled") +
         line("Log display on console", on_or_off(settings.shows_log)) +
         line("Telnet access", "Enabled (tcp port 23 vr all)") +
         line("SSH access", "ssh module not loaded.") +
         line("Web access", "Disabled (tcp port 80)") + line("SNMP access", "Enabled") +
         line("SNMP Traps", "Enabled") + receiver_lines(seen.view);
}

}  // namespace understudy::reference

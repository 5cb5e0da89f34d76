#include "reference-impl/cli/procurve_show.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <sstream>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/procurve_mib.h"
#include "reference-impl/cli/procurve_words.h"

namespace understudy::reference {
namespace {

std::string flash_word(bool is_secondary) {
  return is_secondary ? "Secondary" : "Primary";
}

bool is_shown(const ModuleRow& row) {
  return row.is_self || row.is_present;
}

std::string fabric_state(const NodeView& view, int number) {
  const auto state = view.node.active.value(fmt::format("fabric/{}", number));
  return state == "disabled" ? "Disabled" : "Enabled";
}

// The configuration as commands. VLANs are kept by number.
std::string commands_of(const Configuration& configuration) {
  std::string text;
  const auto& settings = configuration.settings();
  const auto setting = [&](std::string_view key) { return configuration.value(key).value_or(""); };
  text += fmt::format("hostname \"{}\"\n", setting("sysname"));
  for (const auto& [key, value] : settings) {
    const bool is_vlan = key.starts_with("vlan/") && key.find('/', 5) == std::string::npos;
    if (!is_vlan) continue;
    text += fmt::format("vlan {}\n", key.substr(5));
    if (const auto name = setting(key + "/name"); !name.empty()) {
      text += fmt::format("   name \"{}\"\n", name);
    }
    const std::string addresses = key + std::string(procurve_address);
    for (auto at = settings.lower_bound(addresses);
         at != settings.end() && at->first.starts_with(addresses); ++at) {
      text += fmt::format("   {}\n", at->first.substr(key.size() + 1));
    }
    text += "   exit\n";
  }
  for (const Receiver& server : syslog_servers_of(configuration)) {
    text += fmt::format("logging {}", server.host);
    if (server.port != 514) text += fmt::format(" udp {}", server.port);
    text += '\n';
  }
  if (setting("redundancy") == "disabled") text += "no redundancy management-module\n";
  if (setting("redundancy") == "nonstop-switching") {
    text += "redundancy management-module nonstop-switching\n";
  }
  for (const int module : {1, 2}) {
    if (setting(fmt::format("node/{}/priority", module)) != "1") continue;
    text += fmt::format("redundancy active-management management-module{}\n", module);
  }
  if (const auto timer = setting(procurve_stale_timer); !timer.empty()) {
    text += fmt::format("redundancy rapid-switchover {}\n", timer);
  }
  for (const int fabric : {1, 2}) {
    if (setting(fmt::format("fabric/{}", fabric)) != "disabled") continue;
    text += fmt::format("redundancy fabric-module {} disable\n", fabric);
  }
  return text;
}

/// The line says that there is a password, not which: it is in the security file.
std::string_view password_line(const NodeView& view) {
  return procurve_password(view).empty() ? "" : "password manager\n";
}

std::string editor_line(const NodeView& view) {
  return fmt::format("; J9091A Configuration Editor; Created on release #{}\n\n",
                     image_text(view.node.version));
}

std::string_view status_of(const NodeView& view, std::string_view slot) {
  const auto state = module_state(view.profile, view.node, slot);
  if (state == kOperational) return "Up";
  return state == kPowerCycled ? "Booting" : "Down";
}

constexpr int ports_of_a_module = 4;

}  // namespace

std::string procurve_redundancy(const NodeView& view) {
  std::string text = fmt::format(
      " Settings\n --------\n Mgmt Redundancy : {}\n This Module     : {}\n\n"
      " Statistics\n ----------\n"
      " Failovers       : {}\n Failover Reason : {}\n Standby Failure : {}\n\n",
      procurve_mode(view), view.profile.node_words[view.node.slot], view.node.failovers,
      procurve_cause(view), procurve_standby_failure(view));
  text +=
      " Slot Module Description                       Status      SW Version   Boot Image\n"
      " ---- ---------------------------------------- ----------- ------------ ----------\n";
  for (const ModuleRow& row : modules_of(view.profile, view.node)) {
    if (!is_shown(row)) continue;
    const std::string version = row.version == 0 ? "" : image_text(row.version);
    text += fmt::format(" {:<4} {:<40} {:<11} {:<12} {}\n", row.name,
                        "HP J9092A Management Module 8200zl", row.state_word, version,
                        row.version == 0 ? "" : flash_word(row.images.is_secondary_booted));
  }
  if (!is_lead(view.profile, view.node)) return text;
  text += fmt::format("\n Preferred Module : {}\n\n", procurve_preferred(view));
  for (const int fabric : {1, 2}) {
    text += fmt::format(" FM{}  {:<40} {}\n", fabric, "HP J9093A Fabric Module 8200zl",
                        fabric_state(view, fabric));
  }
  return text;
}

std::string procurve_version(const NodeView& view) {
  std::string text;
  for (const ModuleRow& row : modules_of(view.profile, view.node)) {
    if (row.version == 0) continue;
    text += fmt::format("Management Module {}: {}\n", row.name, row.state_word);
    text += fmt::format(
        "Image stamp:    /sw/code/build/btm\n                Jan 25 2008 10:17:21\n"
        "                {}\n                712\nBoot Image:     {}\n\n",
        image_text(row.version), flash_word(row.images.is_secondary_booted));
  }
  return text;
}

std::string procurve_flash(const NodeView& view) {
  const Images& images = view.node.images;
  return fmt::format(
      "Image           Size(Bytes)   Date   Version\n"
      "-----           ----------  -------- -------\n"
      "Primary Image   : 7493854   01/25/08 {} \nSecondary Image : 7493854   01/25/08 {} \n"
      "Boot Rom Version: K.12.12\nCurrent Boot    : {}\nDefault Boot    : {}\n",
      image_text(images.primary), image_text(images.secondary),
      flash_word(images.is_secondary_booted), flash_word(images.is_secondary_selected));
}

std::string procurve_modules(const NodeView& view) {
  std::string text = fmt::format(
      " Status and Counters - Module Information\n\n"
      "  Chassis: 8212zl J9091A         Serial Number:   {}\n\n"
      "  Slot  Module Description                       Serial Number    Status\n"
      "  ----- ---------------------------------------- ---------------- ---------\n",
      view.profile.chassis);
  const auto row_of = [&](std::string_view slot, std::string_view what, std::string_view status) {
    text += fmt::format("  {:<5} {:<40} {:<16} {}\n", slot, what, view.profile.chassis, status);
  };
  for (const ModuleRow& row : modules_of(view.profile, view.node)) {
    if (is_shown(row)) row_of(row.name, "HP J9092A Management Module 8200zl", row.state_word);
  }
  if (!is_lead(view.profile, view.node)) return text;  // it does not manage the others
  for (const auto& [slot, type] : procurve_chassis) row_of(slot, type, status_of(view, slot));
  return text;
}

std::string procurve_system(const NodeView& view) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(view.diary.since_boot).count();
  return fmt::format(
      " Status and Counters - General System Information\n\n"
      "  System Name        : {}\n"
      "  System Contact     :\n  System Location    :\n\n"
      "  Software revision  : {:<19} Base MAC Addr      : 001635-b4f900\n"
      "  ROM Version        : K.12.12            Serial Number      : SG735SU0AA\n\n"
      "  Up Time            : {} secs\n",
      system_name(view.node), image_text(view.node.version), seconds);
}

std::string procurve_logging(const NodeView& view) {
  std::string text =
      "  Keys:   W=Warning   I=Information\n          M=Major     D=Debug E=Error\n"
      "----  Event Log listing: Events Since Boot  ----\n";
  for (const LogEntry& entry : view.diary.log) {
    const char* severity = entry.severity == Severity::Critical  ? "M"
                           : entry.severity == Severity::Error   ? "E"
                           : entry.severity == Severity::Warning ? "W"
                                                                 : "I";
    text += fmt::format("{} {:%m/%d/%y %H:%M:%S} {}: {}\n", severity,
                        fmt::gmtime(static_cast<std::time_t>(entry.clock)), entry.component,
                        entry.text);
  }
  return text + "----  Bottom of Log : Events Listed = " + std::to_string(view.diary.log.size()) +
         "  ----\n";
}

std::string procurve_vlans(const NodeView& view) {
  std::string text =
      " Status and Counters - VLAN Information\n\n"
      "  VLAN ID Name                 Status     Voice Jumbo\n"
      "  ------- -------------------- ---------- ----- -----\n";
  for (const auto& [key, value] : view.node.active.settings()) {
    if (!key.starts_with("vlan/") || key.find('/', 5) != std::string::npos) continue;
    text += fmt::format("  {:<7} {:<20} Port-based No    No\n", key.substr(5),
                        view.node.active.value(key + "/name").value_or(""));
  }
  return text;
}

std::string procurve_addresses(const NodeView& view) {
  std::string text =
      " Status and Counters - Port Address Table\n\n"
      "  MAC Address   Port  VLAN\n  ------------- ----- ----\n";
  const auto fdb = application_named(view.profile, "fdb");
  for (const auto& [key, value] : entries_of(view.node, fdb.value_or(255))) {
    std::string address = key.substr(0, key.find(' '));
    std::erase(address, ':');
    text += fmt::format("  {}-{} A{}    1\n", address.substr(0, 6), address.substr(6),
                        value.substr(value.find(':') + 1));
  }
  return text;
}

// Ports come up last, when their module is up and the boot of the active module is over.
std::string procurve_interfaces(const NodeView& view) {
  std::string text =
      " Status and Counters - Port Status\n\n"
      "  Port  Type      | Enabled Status Mode\n"
      "  ----- --------- + ------- ------ ----------\n";
  for (const std::string_view slot : view.profile.replication.modules) {
    const bool is_up = status_of(view, slot) == "Up" && view.node.state == NodeState::Active;
    for (int port = 1; port <= ports_of_a_module; ++port) {
      text += fmt::format("  {:<5} 100/1000T | Yes     {:<6} 1000FDx\n",
                          fmt::format("{}{}", slot, port), is_up ? "Up" : "Down");
    }
  }
  return text;
}

std::string procurve_running(const NodeView& view) {
  return "Running configuration:\n\n" + editor_line(view) + commands_of(view.node.active) +
         std::string(password_line(view));
}

std::string procurve_startup(const NodeView& view) {
  const auto stored = saved_configuration(view.node, view.node.selected_file);
  Configuration factory;
  for (const auto& [key, value] : view.profile.factory) {
    factory.apply({std::string(key), std::string(value)});
  }
  return "Startup configuration:\n\n" + editor_line(view) +
         commands_of(stored ? *stored : factory) + std::string(password_line(view));
}

namespace {

/// The security file has a line for the key and one for the password; either may be empty.
std::string security_line(const NodeView& view, int wanted) {
  const StoredFile* stored = view.node.flash.find(procurve_key_file);
  std::istringstream lines(stored ? *stored->content : std::string());
  std::string line;
  for (int number = 0; std::getline(lines, line); ++number) {
    if (number == wanted) return line;
  }
  return {};
}

}  // namespace

std::string procurve_password(const NodeView& view) {
  return security_line(view, 1);
}

std::string procurve_key(const NodeView& view) {
  return security_line(view, 0);
}

std::string procurve_host_key(const NodeView& view) {
  const std::string key = procurve_key(view);
  if (key.empty()) return "SSH host key files are not present.\n";
  return fmt::format("SSH host public key:\n\nssh-rsa {}\n", key);
}

}  // namespace understudy::reference

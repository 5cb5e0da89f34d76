// What EXOS show commands print, as functions of the node. Lines end with '\n'. Used by the EXOS
// operator. Layouts of show switch, show node, show checkpoint-data and show log are published or
// measured on devices; the others follow the manuals' columns, where those could be retrieved.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference-impl/cli/exos.h"
#include "reference-impl/cli/exos_words.h"
#include "reference-impl/cli/grammar.h"

namespace understudy::reference {

/// Settings that all sessions of a node share. Not saved: a restart forgets them.
struct ExosSettings {
  bool pages = true;  ///< clipaging is global until 12.3
  bool shows_log = true;
  std::optional<LogEntry> cleared_log;   ///< the newest entry that `clear log` has hidden
  std::optional<Duration> until_reboot;  ///< a scheduled one
};

struct ExosSeen {
  const NodeView& view;
  const ExosProduct& product;
  const ChassisIdentity& identity;
  const ExosSettings& settings;
};

std::string show_switch(const ExosSeen& seen);
std::string show_node(const ExosSeen& seen, bool in_detail);
std::string show_checkpoint_data(const ExosSeen& seen, std::string_view process);
std::string show_configuration(const ExosSeen& seen, std::string_view module);
std::string show_vlans(const ExosSeen& seen);
/// One VLAN in detail; all of them where `name` is empty.
std::string show_vlan_detail(const ExosSeen& seen, std::string_view name);
std::string show_fdb(const ExosSeen& seen, const Call& call);
std::string show_log(const ExosSeen& seen, const Call& call);
std::string show_version(const ExosSeen& seen);
std::string show_slots(const ExosSeen& seen);
/// One slot as a block of lines.
std::string show_slot(const ExosSeen& seen, std::string_view slot);
std::string show_processes(const ExosSeen& seen, std::string_view process);
std::string show_management(const ExosSeen& seen);
std::string show_ports(const ExosSeen& seen, std::string_view list);
/// What the routing protocols have learned.
std::string show_routes(const ExosSeen& seen, bool is_ipv6);
/// What another protocol has learned, by the words of its command.
std::string show_entries(const ExosSeen& seen, const Call& call);

/// The modules that show configuration knows.
std::vector<std::string> configuration_modules();
/// The chassis' slots as show slot names them.
std::vector<std::string> slot_names(const NodeView& view);
/// "1" of "Slot-1", "A" of "MSM-A"; anything else as it is.
std::string short_slot(std::string_view name);
/// Is a slot shut down by its recovery level? The prompt says so.
bool has_slots_down(const NodeView& view);
/// The words of a port list one by one: 1:1-3 is 1:1, 1:2, 1:3. Nothing for a malformed list.
std::vector<std::string> expand_ports(const ExosProduct& product, std::string_view list);
std::vector<std::string> all_ports(const ExosProduct& product);
/// Ports in a list, runs joined: 1:1-3,2:4.
std::string join_ports(const std::vector<std::string>& ports);

/// Mon Jun 14 11:32:11 2021.
std::string format_clock(std::uint64_t seconds);
std::string format_log_line(const LogEntry& entry, std::string_view card);
/// "MSM-A"
std::string_view own_name(const NodeView& view);

}  // namespace understudy::reference

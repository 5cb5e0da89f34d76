// What EXOS show commands print, as functions of the node. Lines end with '\n'. Used by the EXOS
// operator. Layouts of show switch, show node, show checkpoint-data, show log, show version images,
// show lacp, show sharing and show inline-power are published or measured on devices; the others
// follow the manuals' columns and the words that tools read, where those could be retrieved.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/exos.h"
#include "reference-impl/cli/exos_words.h"
#include "reference-impl/cli/grammar.h"

namespace understudy::reference {

/// `reboot time`: what the clock says then, and how long it is until then.
struct ScheduledReboot {
  std::uint64_t at = 0;  ///< seconds since 1970
  Duration left{};
};

/// Settings that all sessions of a node share. Not saved: a restart forgets them.
struct ExosSettings {
  bool pages = true;  ///< clipaging is global until 12.3
  bool shows_log = true;
  std::optional<LogEntry> cleared_log;  ///< the newest entry that `clear log` has hidden
  std::optional<ScheduledReboot> reboot;
  std::set<std::string> images{};  ///< files that were downloaded
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
/// `in_detail` names the boards.
std::string show_version(const ExosSeen& seen, bool in_detail);
/// The software in the partitions: of one slot, of one partition, or of all.
std::string show_images(const ExosSeen& seen, const Call& call);
std::string show_process_version(const ExosSeen& seen, std::string_view process);
std::string show_slots(const ExosSeen& seen);
/// One slot as a block of lines; all of them where `slot` is empty.
std::string show_slot_detail(const ExosSeen& seen, std::string_view slot);
/// One process, or all of them where `process` is empty.
std::string show_processes(const ExosSeen& seen, std::string_view process);
std::string show_process_detail(const ExosSeen& seen, std::string_view process);
std::string show_management(const ExosSeen& seen);
std::string show_ports(const ExosSeen& seen, std::string_view list);
std::string show_fans(const ExosSeen& seen);
std::string show_supplies(const ExosSeen& seen);
std::string show_temperature(const ExosSeen& seen);
/// The configurations in flash.
std::string show_files(const NodeView& view);
/// Of this module, or that it is fed and cooled by.
bool is_part_good(const NodeView& view, Part part);
/// Power over Ethernet: the system and its slots, or ports.
std::string show_power(const ExosSeen& seen, const Call& call);
/// Can the slot feed anything?
bool has_power(const ExosProduct& product, std::string_view slot);
std::string power_budget_key(std::string_view slot);
/// Link aggregation.
std::string show_lacp(const ExosSeen& seen, const Call& call);
std::string show_sharing(const ExosSeen& seen);
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
/// Modules that are present, and heard since they were last put in.
std::vector<ModuleRow> shown_modules(const NodeView& view);
/// BACKUP carries the synchronisation: "(In Sync)" as devices print it, not the manuals'
/// "(InSync)".
std::string state_with_sync(const NodeView& view, const ModuleRow& row);
/// The slots that their recovery level has shut down: the prompt and the greeting say so.
std::vector<std::string_view> slots_down(const NodeView& view);
/// The words of a port list one by one: 1:1-3 is 1:1, 1:2, 1:3. Nothing for a malformed list.
std::vector<std::string> expand_ports(const ExosProduct& product, std::string_view list);
std::vector<std::string> all_ports(const ExosProduct& product);
/// Load-sharing groups: the master port, which names one, and its ports.
struct SharingGroup {
  std::string master;
  std::vector<std::string> ports;
  bool is_dynamic = false;  ///< by LACP
};
std::vector<SharingGroup> sharing_groups_of(const ExosSeen& seen);
inline constexpr std::string_view exos_sharing_prefix = "sharing/";
/// Ports in a list, runs joined: 1:1-3,2:4.
std::string join_ports(const std::vector<std::string>& ports);

/// Mon Jun 14 11:32:11 2021.
std::string format_clock(std::uint64_t seconds);
/// "1:7" as (1, 7); a bare "7" as (0, 7).
std::pair<int, int> port_number(std::string_view port);
std::string format_log_line(const LogEntry& entry, std::string_view card);
/// "MSM-A"
std::string_view own_name(const NodeView& view);

}  // namespace understudy::reference

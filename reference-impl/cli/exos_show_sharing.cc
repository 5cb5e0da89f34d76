// show sharing, show lacp: load-sharing groups and what LACP knows of them. No LACPDU is sent: a
// partner is what the table of lacp has of a member port.
#include <fmt/format.h>

#include <algorithm>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/exos_show.h"
#include "reference-impl/cli/exos_words.h"

namespace understudy::reference {
namespace {

const std::string rule = std::string(80, '-') + '\n';
const std::string double_rule = std::string(80, '=') + '\n';

// The key that LACP makes of a port: 0x07d1 of 2:1, 0x03fd of 21 alone. [INFERRED-M]
int key_of(std::string_view port) {
  const auto [slot, number] = port_number(port);
  return slot * 1000 + number;
}

struct Member {
  std::string port, partner;  ///< no partner was heard: empty
};

// Entries of lacp are "<mac> <vlan>" with "<port>".
std::vector<Member> members_of(const NodeView& view, const SharingGroup& group) {
  std::vector<Member> members;
  for (const std::string& port : group.ports) members.push_back({port, {}});
  const auto lacp = application_named(view.profile, "lacp");
  if (!lacp) return members;
  for (const auto& [key, value] : entries_of(view.node, *lacp)) {
    const auto member = std::ranges::find(members, value, &Member::port);
    if (member != members.end()) member->partner = key.substr(0, key.find(' '));
  }
  return members;
}

std::string lag_line(const NodeView& view, const SharingGroup& group) {
  const std::vector<Member> members = members_of(view, group);
  const auto heard =
      std::ranges::find_if(members, [](const Member& m) { return !m.partner.empty(); });
  const bool is_heard = heard != members.end();
  const auto count =
      std::ranges::count_if(members, [](const Member& m) { return !m.partner.empty(); });
  return fmt::format("{:<11}{:>7}  0x{:04x} {} {:>7}  0x{:04x} {:>6}\n", group.master, 0,
                     key_of(group.master), is_heard ? heard->partner : "00:00:00:00:00:00", 0,
                     is_heard ? key_of(group.master) : 0, count);
}

constexpr std::string_view lag_columns =
    "Lag        Actor    Actor  Partner           Partner  Partner Agg\n"
    "           Sys-Pri  Key    MAC               Sys-Pri  Key     Count\n";

std::string members_table(const std::vector<Member>& members) {
  std::string text =
      "Port list:\n\n"
      "Member     Port      Rx           Sel          Mux            Actor     Partner\n"
      "Port       Priority  State        Logic        State          Flags     Port\n" +
      rule;
  for (const Member& member : members) {
    const bool is_in = !member.partner.empty();
    text += fmt::format("{:<11}{:<10}{:<13}{:<13}{:<15}{:<10}{}\n", member.port, 0,
                        is_in ? "Current" : "Defaulted", is_in ? "Selected" : "Unselected",
                        is_in ? "Collect-Dist" : "Detached", is_in ? "A-GSCD--" : "A-G---F-",
                        is_in ? key_of(member.port) : 0);
  }
  return text + double_rule +
         "Actor Flags: A-Activity, T-Timeout, G-Aggregation, S-Synchronization\n"
         "             C-Collecting, D-Distributing, F-Defaulted, E-Expired\n";
}

std::string lag_settings(const std::vector<Member>& members) {
  const auto line = [](std::string_view label, std::string_view value) {
    return fmt::format("{:<17}: {}\n", label, value);
  };
  const auto selected =
      std::ranges::count_if(members, [](const Member& member) { return !member.partner.empty(); });
  return '\n' + line("Up", selected > 0 ? "Yes" : "No") + line("Enabled", "Yes") +
         line("Current timeout", "Long") + line("Activity mode", "Active") +
         line("Defaulted action", "Delete") + line("Selected count", std::to_string(selected)) +
         line("Standby count", "0");
}

std::string counters(const ExosSeen& seen) {
  const auto lacp = application_named(seen.view.profile, "lacp");
  const CheckpointCounts counted = lacp && *lacp < seen.view.diary.checkpoints.size()
                                       ? seen.view.diary.checkpoints[*lacp]
                                       : CheckpointCounts{};
  const auto line = [](std::string_view label, std::uint32_t count) {
    return fmt::format("{:<36}: {}\n", label, count);
  };
  std::string text =
      line("LACP PDUs dropped on non-LACP ports", 0) +
      line("LACP Bulk checkpointed msgs sent", counted.bulk_sent) +
      line("LACP Bulk checkpointed msgs recv", 0) +
      line("LACP PDUs checkpointed sent", counted.sent_messages) +
      line("LACP PDUs checkpointed recv", counted.received_messages) +
      "\nLag        Member     Rx       Rx Drop  Rx Drop  Rx Drop  Tx       Tx\n"
      "Group      Port       Ok       PDU Err  Not Up   Same MAC Sent Ok  Xmit Err\n" +
      rule;
  for (const SharingGroup& group : sharing_groups_of(seen)) {
    if (!group.is_dynamic) continue;
    for (const std::string& port : group.ports) {
      text += fmt::format("{:<11}{:<11}{:<9}{:<9}{:<9}{:<9}{:<9}{}\n",
                          port == group.ports.front() ? group.master : "", port, 0, 0, 0, 0, 0, 0);
    }
  }
  return text + double_rule;
}

}  // namespace

std::vector<SharingGroup> sharing_groups_of(const ExosSeen& seen) {
  std::vector<SharingGroup> groups;
  const auto& settings = seen.view.node.active.settings();
  for (auto at = settings.lower_bound(exos_sharing_prefix);
       at != settings.end() && at->first.starts_with(exos_sharing_prefix); ++at) {
    const auto words = split_words(at->second);
    if (words.empty()) continue;
    groups.push_back({at->first.substr(exos_sharing_prefix.size()),
                      expand_ports(seen.product, words.front().text), words.back().text == "lacp"});
  }
  std::ranges::sort(groups, {},
                    [](const SharingGroup& group) { return port_number(group.master); });
  return groups;
}

std::string show_lacp(const ExosSeen& seen, const Call& call) {
  if (call.has("counters")) return counters(seen);
  std::string text(lag_columns);
  if (call.has("lag")) {
    const std::vector<SharingGroup> groups = sharing_groups_of(seen);
    const auto group = std::ranges::find(groups, call.argument("group_id"), &SharingGroup::master);
    if (group == groups.end() || !group->is_dynamic) return "ERROR: LAG group Id does not exist\n";
    const std::vector<Member> members = members_of(seen.view, *group);
    text += rule + lag_line(seen.view, *group);
    if (call.has("detail")) text += lag_settings(members);
    return text + '\n' + members_table(members);
  }
  const auto line = [](std::string_view label, std::string_view value) {
    return fmt::format("{:<44}: {}\n", label, value);
  };
  text = line("LACP Up", "Yes") + line("LACP Enabled", "Yes") +
         line("System MAC", seen.identity.mac) + line("LACP PDUs dropped on non-LACP ports", "0") +
         '\n' + text + rule;
  for (const SharingGroup& group : sharing_groups_of(seen)) {
    if (group.is_dynamic) text += lag_line(seen.view, group);
  }
  return text + double_rule;
}

std::string show_sharing(const ExosSeen& seen) {
  std::string text =
      "Load Sharing Monitor\n"
      "Config    Current Agg     Ld Share    Ld Share  Agg   Link   Link Up\n"
      "Master    Master  Control Algorithm   Group     Mbr   State  Transitions\n" +
      double_rule;
  for (const SharingGroup& group : sharing_groups_of(seen)) {
    for (const Member& member : members_of(seen.view, group)) {
      const bool is_first = member.port == group.ports.front();
      const bool is_in = !group.is_dynamic || !member.partner.empty();
      text += fmt::format("{:>6}{:>9}{:>9}   {:<12}{:<10}{:<6}{:<7}{}\n",
                          is_first ? group.master : "", is_first ? group.master : "",
                          !is_first          ? ""
                          : group.is_dynamic ? "LACP"
                                             : "Static",
                          "L2", member.port, is_in ? "Y" : "-", "R", 0);
    }
  }
  return text + double_rule +
         "Link State: A-Active, D-Disabled, R-Ready, NP-Port not present, L-Loopback\n";
}

}  // namespace understudy::reference

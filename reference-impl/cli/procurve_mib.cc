#include "reference-impl/cli/procurve_mib.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/procurve_words.h"

namespace understudy::reference {
namespace {

bool stands_alone(const NodeView& view) {
  const bool is_told = (view.node.peer.flags & kStandsAlone) != 0;
  const auto set = view.node.active.value(view.profile.alone.key);
  return is_lead(view.profile, view.node) ? set == view.profile.alone.value : is_told;
}

bool is_nonstop(const NodeView& view) {
  return is_lead(view.profile, view.node)
             ? view.node.active.value(view.profile.nonstop.key) == view.profile.nonstop.value
             : view.node.receiving.has_active;
}

/// An object of a group: "hpicfHAMgmtFailovers" of "hpicfHAStatusObjects".
struct MibObject {
  std::string_view group;
  std::string_view name;
  std::size_t index = 0;
  std::string value;
};

constexpr std::string_view config_group = "hpicfHAConfigObjects";
constexpr std::string_view status_group = "hpicfHAStatusObjects";
constexpr std::string_view failover_table = "hpicfHAFailOverLogTable";
constexpr std::array<std::string_view, 5> of_failovers = {
    failover_table, "hpicfHAFailOverMgmtModule", "hpicfHAFailOverState", "hpicfHAFailOverTime",
    "hpicfHAFailOverReason"};
constexpr std::string_view module_table = "hpicfHAMgmtModuleTable";
constexpr std::string_view system_group = "system";

/// The place of a word in an enumeration that counts from `first`.
template <std::size_t count>
std::string number_of(const std::array<std::string_view, count>& words, std::string_view word,
                      int first) {
  const auto found = std::find(words.begin(), words.end(), word);
  return std::to_string(first + static_cast<int>(found - words.begin()));
}

constexpr std::array<std::string_view, 3> modes = {"Nonstop switching", "Disabled", "Enabled"};
constexpr std::array<std::string_view, 3> preferences = {"none", "MM1", "MM2"};
constexpr std::array<std::string_view, 7> failures = {
    "noRedundantModule",    "noFailure",        "unknownReason", "mismatchOS", "failedSelftest",
    "communicationFailure", "redundancyDisable"};

/// What has no code of its own is invalid(0): a lost heartbeat, a removal, failed hardware.
int reason_number(FailoverCause cause) {
  switch (cause) {
    case FailoverCause::Admin:
      return 1;
    case FailoverCause::Button:
      return 2;
    case FailoverCause::Exception:
      return 3;
    case FailoverCause::Reset:
      return 4;
    case FailoverCause::Never:
    case FailoverCause::Removal:
    case FailoverCause::HardwareFailure:
    case FailoverCause::Watchdog:
    case FailoverCause::Keepalive:
      break;
  }
  return 0;
}

constexpr std::uint64_t start_of_1990 = 631152000;  // from which the switch counts seconds

/// Those since the chassis booted.
std::vector<FailoverEntry> failovers_of(const NodeView& view) {
  const auto& all = view.diary.failovers;
  const std::size_t count = std::min<std::size_t>(all.size(), view.node.failovers);
  return {all.end() - static_cast<std::ptrdiff_t>(count), all.end()};
}

/// In hundredths of a second since the system came up.
std::uint64_t ticks_at(const NodeView& view, const FailoverEntry& entry) {
  const auto up = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(view.diary.system_uptime).count());
  const std::uint64_t ago = clock_of(view.diary) - entry.clock;
  return ago > up ? 0 : (up - ago) * 100;
}

/// active(2), disabled(3), syncing(4), warmStandby(5), hitless(6); unavailable(1) is all the rest.
int redundancy_state(const NodeView& view, const ModuleRow& row) {
  if (row.state == NodeState::Active) return 2;
  if (row.state == NodeState::Offline) return 3;
  if (row.state == NodeState::Syncing) return 4;
  if (row.state == NodeState::WarmStandby) return is_nonstop(view) ? 6 : 5;
  return 1;
}

/// providingService(4), coldStandby(3), hotStandby(2), unknown(1).
int standby_status(const NodeView& view, const ModuleRow& row) {
  if (row.state == NodeState::Active) return 4;
  if (row.state == NodeState::WarmStandby) return is_nonstop(view) ? 2 : 3;
  return 1;
}

void add_failovers(const NodeView& view, std::vector<MibObject>& objects) {
  const auto failovers = failovers_of(view);
  const auto add = [&](std::string_view name, const auto& value_of) {
    for (std::size_t index = 0; index < failovers.size(); ++index)
      objects.push_back({failover_table, name, index + 1, value_of(failovers[index])});
  };
  add(of_failovers[1], [](const FailoverEntry& entry) { return std::to_string(entry.module + 1); });
  add(of_failovers[2], [](const FailoverEntry&) { return std::string("2"); });
  add(of_failovers[3], [](const FailoverEntry& entry) {
    return std::to_string(entry.clock < start_of_1990 ? 0 : entry.clock - start_of_1990);
  });
  add(of_failovers[4],
      [](const FailoverEntry& entry) { return std::to_string(reason_number(entry.cause)); });
}

void add_modules(const NodeView& view, std::vector<MibObject>& objects) {
  const auto rows = modules_of(view.profile, view.node);
  const auto add = [&](std::string_view name, const auto& value_of) {
    for (const ModuleRow& row : rows) {
      if (!row.is_self && !row.is_present) continue;
      objects.push_back(
          {module_table, name, std::size_t{row.slot} + 1, std::to_string(value_of(row))});
    }
  };
  add("hpicfHAMgmtModuleState", [&](const ModuleRow& row) { return standby_status(view, row); });
  add("hpicfHAMgmtModuleRedundancyState",
      [&](const ModuleRow& row) { return redundancy_state(view, row); });
}

std::vector<MibObject> objects_of(const NodeView& view) {
  const Node& node = view.node;
  const auto failovers = failovers_of(view);
  std::vector<MibObject> objects = {
      {system_group, "sysDescr", 0,
       fmt::format("ProCurve J9091A Switch 8212zl, revision {}, ROM K.12.12 (/sw/code/build/btm)",
                   image_text(node.version))},
      {system_group, "sysObjectID", 0, "1.3.6.1.4.1.11.2.3.7.11.72"},
      {system_group, "sysName", 0, std::string(system_name(node))},
      {config_group, "hpicfHARedundancyManagementModuleMode", 0,
       number_of(modes, procurve_mode(view), 1)},
      {config_group, "hpicfHAContinuousFwdingTime", 0,
       std::string(node.active.value(procurve_stale_timer).value_or("90"))},
      {config_group, "hpicfHAPreferredActiveManagement", 0,
       number_of(preferences, procurve_preferred(view), 0)},
      {status_group, "hpicfHAMgmtRedundancyFailureReason", 0,
       number_of(failures, procurve_standby_failure(view), 1)},
      {status_group, "hpicfHAMgmtFailovers", 0, std::to_string(node.failovers)},
      {status_group, "hpicfHALastFailoverTime", 0,
       std::to_string(failovers.empty() ? 0 : ticks_at(view, failovers.back()))}};
  add_failovers(view, objects);
  add_modules(view, objects);
  return objects;
}

std::string line_of(const MibObject& object) {
  return fmt::format("{}.{} = {}\n", object.name, object.index, object.value);
}

bool is_below(const MibObject& object, std::string_view name) {
  if (object.name == name || object.group == name) return true;
  const bool is_ours = object.group != system_group;
  if (name == status_group) return object.group == failover_table || object.group == module_table;
  return is_ours && name == "hpicfHighAvailability";
}

}  // namespace

std::string_view procurve_mode(const NodeView& view) {
  if (stands_alone(view)) return "Disabled";
  return is_nonstop(view) ? "Nonstop switching" : "Enabled";
}

std::string_view procurve_standby_failure(const NodeView& view) {
  const PeerView& peer = view.node.peer;
  const Office office = peer.office;
  if (!peer.is_present) return "noRedundantModule";
  if (stands_alone(view)) return "redundancyDisable";
  if (peer.is_lost) return "communicationFailure";
  if (!peer.is_heard) return "noRedundantModule";
  if (peer.state == NodeState::Failed) return "failedSelftest";
  if (office == Office::Second && peer.said.version != view.node.version) return "mismatchOS";
  if (office == Office::Second || office == Office::Lead) return "noFailure";
  return "unknownReason";
}

std::string_view procurve_cause(const NodeView& view) {
  for (const CauseRow& row : view.profile.causes) {
    if (row.cause == view.node.failover_cause) return row.word;
  }
  return "none";
}

std::string_view procurve_preferred(const NodeView& view) {
  for (const Slot slot : {Slot{0}, Slot{1}}) {
    if (configured_priority(view.profile, view.node, slot) != 0)
      return view.profile.node_words[slot];
  }
  return "none";
}

std::string procurve_get_mib(const NodeView& view, const std::string& object) {
  for (const MibObject& one : objects_of(view)) {
    if (fmt::format("{}.{}", one.name, one.index) == object) return line_of(one);
  }
  return fmt::format("Invalid input: {}\n", object);
}

std::string procurve_walk_mib(const NodeView& view, const std::string& name) {
  std::string text;
  for (const MibObject& one : objects_of(view)) {
    if (is_below(one, name)) text += line_of(one);
  }
  const bool is_known = !text.empty() || std::find(of_failovers.begin(), of_failovers.end(),
                                                   name) != of_failovers.end();
  return is_known ? text : fmt::format("Invalid input: {}\n", name);
}

}  // namespace understudy::reference

// What a takeover leaves of the entries that applications have: kept, cleared, or deleted after a
// while. Routes of the former lead go on forwarding until then, and stay if they are learned again.
#include "reference-impl/chassis/engine.h"

namespace understudy::reference {
namespace {

AtFailover fate_of(const Machine& machine, const ApplicationRow& row) {
  if (row.kept_by.empty()) return row.at_failover;
  const auto setting = machine.node.active.value(row.kept_by);
  return setting && *setting != "none" ? AtFailover::Kept : row.at_failover;
}

}  // namespace

void carry_entries_over(Machine& machine) {
  Node& node = machine.node;
  const auto& applications = machine.profile.replication.applications;
  node.stale.clear();
  for (std::size_t index = 0; index < applications.size(); ++index) {
    if (node.tables[index]->empty()) continue;
    switch (fate_of(machine, applications[index])) {
      case AtFailover::Kept:
        break;
      case AtFailover::Cleared:
        node.tables[index] = {};
        break;
      case AtFailover::DeletedLater:
        node.stale.resize(applications.size());
        node.stale[index] = node.tables[index];
        machine.start(Timer::Routes, machine.profile.timing.route_deletion);
        break;
    }
  }
}

void entry_is_fresh(Machine& machine, const EntryLearned& entry) {
  auto& stale = machine.node.stale;
  if (entry.application >= stale.size() || !stale[entry.application]->contains(entry.key)) return;
  stale[entry.application].edit().erase(entry.key);
}

void stale_entries_end(Machine& machine) {
  machine.stop(Timer::Routes);
  Node& node = machine.node;
  const auto stale = std::exchange(node.stale, {});
  for (std::size_t index = 0; index < stale.size(); ++index) {
    for (const auto& [key, value] : *stale[index]) {
      if (node.tables[index].edit().erase(key) == 0) continue;
      replicate_entry(machine, {static_cast<std::uint8_t>(index), key, std::nullopt});
    }
  }
}

}  // namespace understudy::reference

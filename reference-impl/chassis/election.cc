#include "reference-impl/chassis/engine.h"

namespace understudy::reference {
namespace {

/// One node's standing, its own or as it was heard.
struct Standing {
  Office office = Office::None;
  Slot slot = 0;
  Heartbeat said;
};

Standing own_standing(const Profile& profile, const Node& node) {
  Standing standing;
  standing.office = row_of(profile, node.state).office;
  standing.slot = node.slot;
  standing.said.priority = node.priority;
  standing.said.software_health = static_cast<std::uint8_t>(software_health(profile, node));
  standing.said.hardware_health = static_cast<std::uint8_t>(hardware_health(profile, node));
  standing.said.memory = node.memory;
  return standing;
}

std::uint64_t value_of(const Election& election, Factor factor, const Standing& standing) {
  const Heartbeat& said = standing.said;
  switch (factor) {
    case Factor::IsCandidate:
      return standing.office == Office::Candidate ? 1 : 0;
    case Factor::MeetsThresholds:
      return said.software_health >= election.minimum_software_health &&
                     said.hardware_health >= election.minimum_hardware_health
                 ? 1
                 : 0;
    case Factor::Priority:
      return said.priority;
    case Factor::SoftwareHealth:
      return said.software_health;
    case Factor::HardwareHealth:
      return said.hardware_health;
    case Factor::Slot:
      return standing.slot;
    case Factor::EverBooted:
      return said.memory.ever_booted ? 1 : 0;
    case Factor::LedLast:
      return said.memory.led_last ? 1 : 0;
    case Factor::BootClock:
      return said.memory.boot_clock;
  }
  return 0;
}

NodeState state_after_power_on(const Profile& profile) {
  for (const TransitionRow& row : profile.transitions) {
    if (row.event == Event::PowerOn) return row.to;
  }
  return NodeState::Off;
}

/// Below zero: left comes first.
int compare(const ElectionRow& row, std::uint64_t left, std::uint64_t right) {
  if (left == right) return 0;
  if (row.zero_is_last && (left == 0 || right == 0)) return left == 0 ? 1 : -1;
  const bool left_is_lower = left < right;
  return left_is_lower == (row.prefer == Prefer::Lower) ? -1 : 1;
}

}  // namespace

bool comes_first(const Profile& profile, const Node& node) {
  const Standing mine = own_standing(profile, node);
  const Standing theirs{node.peer.office, static_cast<Slot>(1 - node.slot), node.peer.said};
  for (const ElectionRow& row : profile.election.order) {
    const int order = compare(row, value_of(profile.election, row.factor, mine),
                              value_of(profile.election, row.factor, theirs));
    if (order != 0) return order < 0;
  }
  return node.slot == 0;
}

void election_over(Machine& machine) {
  machine.stop(Timer::Election);
  if (machine.office() != Office::Candidate) return;
  const PeerView& peer = machine.node.peer;
  const bool must_wait =
      peer.is_heard &&
      (peer.office == Office::Second ||
       (peer.office == Office::Candidate && !comes_first(machine.profile, machine.node)));
  if (must_wait) {
    machine.start(Timer::Election, machine.detection());
    return;
  }
  fire(machine, Event::ElectedLead);
  const bool is_booting = peer.is_heard && peer.state == state_after_power_on(machine.profile);
  if (machine.office() == Office::Lead && is_booting) {
    write_log(machine, LogEvent::NodeFailed, machine.other(),
              word_of(machine.profile, Reason::NodeNotYetUp));
  }
}

}  // namespace understudy::reference

#include <algorithm>
#include <bit>
#include <utility>

#include "reference-impl/chassis/engine.h"

namespace understudy::reference {
namespace {

std::uint8_t flags_of(const Machine& machine, Office office) {
  const Node& node = machine.node;
  std::uint8_t flags = 0;
  if (office == Office::Lead && sync_claim(machine.profile, node) == SyncClaim::InSync) {
    flags |= kClaimsInSync;
  }
  if (office == Office::Lead && has_mode(node, machine.profile.alone)) flags |= kStandsAlone;
  if (office == Office::Second && node.receiving.is_complete) flags |= kSyncComplete;
  if (node.is_stepping_down) flags |= kStepsDown;
  if (node.is_forced) flags |= kForced;
  if (node.owes_active) flags |= kOwesActive;
  if (node.is_restarting) flags |= kRestarting;
  return flags;
}

/// Larger system up-time wins, an unbroken line of leads is as old as itself, then the election.
bool stays_lead(const Machine& machine) {
  const Node& node = machine.node;
  const Duration mine = machine.diary.system_uptime;
  const Duration theirs = machine.diary.peer_system_uptime;
  if (node.reign != node.peer.said.reign && mine != theirs) return mine > theirs;
  return comes_first(machine.profile, node);
}

/// Two leads hear each other: the module in the first slot compares and both do as it says, so that
/// no difference of latency can make both stay or both yield (stack guide, dual master).
void resolve_two_leads(Machine& machine) {
  if (machine.node.slot == 0) {
    if (!stays_lead(machine)) fire(machine, Event::DualLeadLost);
    return;
  }
  if ((machine.node.peer.flags & kPrevails) != 0) fire(machine, Event::DualLeadLost);
}

FailoverCause cause_of(const PeerView& lead) {
  const bool by_order = (lead.flags & kStepsDown) != 0;
  switch (lead.said.reason) {
    case Reason::ButtonPressed:
      return FailoverCause::Button;
    case Reason::RebootOrdered:
      return FailoverCause::Reset;
    case Reason::ProcessFailure:
      return by_order ? FailoverCause::Admin : FailoverCause::Exception;
    case Reason::HardwareFailure:
    case Reason::OverHeat:
    case Reason::SlotUnsecured:
    case Reason::LicenseMismatch:
    case Reason::CardMismatch:
    case Reason::DeviceTimeout:
      return by_order ? FailoverCause::Admin : FailoverCause::HardwareFailure;
    case Reason::None:
    case Reason::DualMaster:
    case Reason::BackupLost:
    case Reason::NotInSync:
    case Reason::IncompatibleVersion:
    case Reason::NodeNotYetUp:
    case Reason::NoMaster:
      break;
  }
  return by_order ? FailoverCause::Admin : FailoverCause::Watchdog;
}

enum class Loss { Lost, Left, LeftForced };

void note_failover(Machine& machine, Slot module) {
  Diary& diary = machine.diary;
  diary.failovers.push_back({module, machine.node.failover_cause, clock_of(diary)});
  if (diary.failovers.size() > Diary::kFailoverLimit)
    diary.failovers.erase(diary.failovers.begin());
}

void lead_is_gone(Machine& machine, Loss loss, FailoverCause cause) {
  const bool is_complete = machine.node.receiving.is_complete;
  Event event = is_complete ? Event::LeadLostInSync : Event::LeadLostNotInSync;
  if (loss != Loss::Lost) event = is_complete ? Event::LeadLeftInSync : Event::LeadLeftNotInSync;
  if (loss == Loss::LeftForced && !is_complete) event = Event::LeadLeftForced;
  const bool has_all = is_complete && machine.node.receiving.has_active;
  const bool is_nonstop = has_all && fire(machine, Event::LeadLostReplicated);
  if (!is_nonstop) fire(machine, event);
  if (machine.office() != Office::Lead) return;
  machine.node.failover_cause = cause;
  if (machine.node.failovers < 255) ++machine.node.failovers;
  machine.diary.failovers_told = machine.node.failovers;
  note_failover(machine, machine.node.slot);
  const auto& causes = machine.profile.causes;
  const auto row_of_cause = std::find_if(
      causes.begin(), causes.end(), [cause](const CauseRow& row) { return row.cause == cause; });
  const std::string_view word = row_of_cause == causes.end() ? "" : row_of_cause->word;
  write_log(machine, LogEvent::TookOver, machine.node.slot, word);
  carry_entries_over(machine);
  for (const CauseRow& row : machine.profile.causes) {
    if (row.cause != cause) continue;
    restart_modules(machine, row.is_hitless || is_nonstop);
    write_log(machine, LogEvent::FailoverTrap, machine.node.slot, row.word);
    machine.emit(FailoverTrap{machine.node.slot, cause});
  }
}

/// The lead's heartbeat says something else than lead.
void lead_has_left(Machine& machine) {
  const PeerView& peer = machine.node.peer;
  if ((peer.flags & kRestarting) != 0) {
    machine.node.is_restarting = true;
    fire(machine, Event::RebootOrdered);
    return;
  }
  const bool by_order = (peer.flags & kStepsDown) != 0;
  const bool forced = (peer.flags & kForced) != 0;
  if ((peer.flags & kOwesActive) != 0) machine.node.receiving.has_active = false;
  lead_is_gone(machine,
               !by_order ? Loss::Lost
               : forced  ? Loss::LeftForced
                         : Loss::Left,
               cause_of(peer));
}

void follow(Machine& machine) {
  Node& node = machine.node;
  node.reign = node.peer.said.reign;
  node.failovers = node.peer.said.failovers;
  node.failover_cause = node.peer.said.failover_cause;
  const std::uint8_t told = std::exchange(machine.diary.failovers_told, node.failovers);
  if (node.failovers > told) note_failover(machine, machine.other());
  machine.diary.system_is_up = true;
  machine.diary.system_uptime = machine.diary.peer_system_uptime;
  // A lead that replicates nothing to us any more has changes that we shall never see.
  const bool is_abandoned = node.peer.session == 0 || node.receiving.from != node.peer.incarnation;
  if (node.receiving.session != 0 && is_abandoned) node.receiving = {};
}

bool is_unwanted(const Machine& machine) {
  return (machine.node.peer.flags & kStandsAlone) != 0;
}

void react(Machine& machine) {
  Node& node = machine.node;
  const Office peer = node.peer.office;
  switch (machine.office()) {
    case Office::Lead:
      if (peer == Office::Lead) {
        resolve_two_leads(machine);
      } else if (peer == Office::Second) {
        open_session(machine);
      } else if (node.sending.session != 0) {
        close_session(machine);
      }
      if (peer == Office::None) other_is_down(machine);
      break;
    case Office::Second:
      if (peer == Office::Lead) {
        follow(machine);
        if (is_unwanted(machine)) fire(machine, Event::RedundancyDisabled);
      } else {
        lead_has_left(machine);
      }
      break;
    case Office::Candidate:
      if (peer != Office::Lead) break;
      follow(machine);
      node.receiving = {};
      if (is_unwanted(machine) && fire(machine, Event::RedundancyDisabled)) break;
      fire(machine, Event::ElectedSecond);
      break;
    case Office::None:
      if (peer == Office::Lead && !is_unwanted(machine)) fire(machine, Event::RedundancyEnabled);
      break;
  }
}

/// A heartbeat that is neither old nor of a module that has restarted since.
bool is_news(const PeerView& peer, const FrameHeader& header) {
  if (header.incarnation == peer.incarnation) return header.sequence > peer.last_heartbeat;
  return header.incarnation != peer.previous_incarnation;
}

/// A new incarnation means that the module restarted: nothing that it had from us is left.
void note_restart(Machine& machine, std::uint32_t incarnation) {
  PeerView& peer = machine.node.peer;
  peer.previous_incarnation = peer.incarnation;
  peer.incarnation = incarnation;
  machine.node.order_taken = 0;
  if (machine.node.sending.session != 0) close_session(machine);
}

}  // namespace

FrameHeader header_for(const Machine& machine, FrameType type, std::uint32_t sequence,
                       std::uint32_t session) {
  const Node& node = machine.node;
  const Office office = machine.office();
  return {type,     node.slot,        node.state, office, flags_of(machine, office),
          sequence, node.incarnation, session};
}

void send_heartbeat(Machine& machine) {
  if (is_silent(machine)) return;
  Node& node = machine.node;
  machine.start(Timer::Heartbeat, machine.profile.timing.heartbeat_period);
  const std::uint32_t session =
      node.sending.session != 0 ? node.sending.session : node.receiving.session;
  FrameHeader header = header_for(machine, FrameType::Heartbeat, ++node.heartbeats_sent, session);
  if (node.slot == 0 && header.office == Office::Lead && node.peer.is_heard &&
      node.peer.office == Office::Lead) {
    header.flags |= kPrevails;
  }
  Heartbeat said;
  said.priority = node.priority;
  said.software_health = static_cast<std::uint8_t>(software_health(machine.profile, node));
  said.hardware_health = static_cast<std::uint8_t>(hardware_health(machine.profile, node));
  said.reason = node.reason;
  said.version = node.version;
  said.system_uptime = static_cast<std::uint64_t>(machine.diary.system_uptime.count());
  said.reign = node.reign;
  said.last_record =
      node.sending.acknowledged + static_cast<std::uint32_t>(node.sending.queue.size());
  said.heard_incarnation = node.peer.is_heard ? node.peer.incarnation : 0;
  said.memory = node.memory;
  said.images = node.images;
  said.failovers = node.failovers;
  said.failover_cause = node.failover_cause;
  machine.emit(SendFrame{write_heartbeat(header, said)});
}

void receive_heartbeat(Machine& machine, const FrameHeader& header,
                       std::span<const std::byte> frame) {
  PeerView& peer = machine.node.peer;
  const auto said = read_heartbeat(frame);
  if (!said || !is_news(peer, header)) {
    ++machine.diary.frames_refused;
    return;
  }
  if (header.incarnation != peer.incarnation) note_restart(machine, header.incarnation);
  ++machine.diary.heartbeats_received;
  const bool has_failed = said->reason != Reason::None && said->reason != peer.said.reason;
  peer.is_heard = true;
  peer.is_lost = false;
  peer.state = header.state;
  peer.office = header.office;
  peer.flags = header.flags;
  peer.session = header.session;
  peer.last_heartbeat = header.sequence;
  peer.said = *said;
  peer.said.system_uptime = 0;
  machine.diary.peer_system_uptime = Duration(static_cast<std::int64_t>(said->system_uptime));
  machine.start(Timer::Silence, machine.detection());
  react(machine);
  // Told by who leads now: what the lead before it failed of is told by its successor.
  if (has_failed && machine.office() == Office::Lead) {
    write_log(machine, LogEvent::NodeFailed, machine.other(),
              word_of(machine.profile, said->reason));
  }
}

namespace {

void forget_peer(PeerView& peer) {
  peer.is_heard = false;
  peer.state = NodeState::Off;
  peer.office = Office::None;
  peer.flags = 0;
  peer.session = 0;
}

void second_is_gone(Machine& machine) {
  machine.node.peer.is_lost = true;
  machine.node.peer.said.reason = Reason::BackupLost;
  close_session(machine);
  write_log(machine, LogEvent::SecondLost, machine.other(), {});
  fire(machine, Event::SecondLost);
}

}  // namespace

void peer_is_silent(Machine& machine) {
  machine.stop(Timer::Silence);
  PeerView& peer = machine.node.peer;
  const Office was = peer.office;
  forget_peer(peer);
  const Office own = machine.office();
  if (own == Office::Second) {
    peer.is_lost = true;
    lead_is_gone(machine, Loss::Lost, FailoverCause::Keepalive);
  } else if (own == Office::Lead && was == Office::Second) {
    second_is_gone(machine);
  } else if (own == Office::Lead) {
    close_session(machine);
  }
}

void peer_presence(Machine& machine, bool is_present) {
  PeerView& peer = machine.node.peer;
  peer.is_present = is_present;
  if (is_present) return;
  machine.stop(Timer::Silence);
  forget_peer(peer);
  peer.is_lost = false;
  if (machine.office() == Office::Second) {
    lead_is_gone(machine, Loss::Lost, FailoverCause::Removal);
  } else if (machine.office() == Office::Lead) {
    close_session(machine);
  }
}

}  // namespace understudy::reference

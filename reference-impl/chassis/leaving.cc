// A lead that leaves in order, by its shut-down button or by a command: what is being copied to its
// second arrives first.
#include <utility>

#include "reference-impl/chassis/engine.h"

namespace understudy::reference {
namespace {

void answer(Machine& machine, CommandId id, std::optional<Refusal> refusal) {
  if (id != 0) machine.emit(Reply{id, refusal, {}});
}

}  // namespace

/// A lead that has nobody to take over stays; one that copies something lets that end first.
void shut_down(Machine& machine) {
  Node& node = machine.node;
  if (machine.office() != Office::Lead) {
    fire(machine, Event::ShutDownPressed);
    return;
  }
  const CommandRow* row = row_of(machine.profile, CommandKind::Failover);
  const bool has_second = node.peer.is_heard && node.peer.office == Office::Second;
  const bool is_ready = row && (!row->second_must_be || node.peer.state == *row->second_must_be);
  if (!has_second || !is_ready) return;
  if (node.pending.kind != Pending::Kind::None) {  // a command is under way: it ends first
    machine.start(Timer::Leave, machine.profile.timing.retransmit);
    return;
  }
  node.pending = {
      Pending::Kind::Leaving, 0, static_cast<std::uint32_t>(Event::ShutDownPressed), 0, {}};
  leave_step(machine);
}

void leave_step(Machine& machine) {
  Node& node = machine.node;
  if (node.pending.kind != Pending::Kind::Leaving) return;
  const SyncClaim claim = sync_claim(machine.profile, node);
  if (claim == SyncClaim::NotInSync) return;
  const Pending ended = std::exchange(node.pending, {});
  if (claim == SyncClaim::NoSecond) {
    answer(machine, ended.id, Refusal::NoBackup);
    return;
  }
  answer(machine, ended.id, std::nullopt);
  node.is_stepping_down = true;
  fire(machine, static_cast<Event>(ended.ticket));
}

}  // namespace understudy::reference

// `synchronize`: the second restarts, gets every image and configuration flash to flash over the
// replication stream (rows of When::OnSynchronize), and restarts again. No run-time state goes with
// it, and roles stay.
#include <fmt/format.h>

#include <utility>

#include "reference-impl/chassis/engine.h"

namespace understudy::reference {

void begin_synchronize(Machine& machine, CommandId id) {
  Node& node = machine.node;
  // One that goes down by itself would look as if it obeyed.
  if (!node.peer.is_heard || node.peer.office == Office::None) {
    machine.emit(Reply{id, Refusal::NoBackup, {}});
    return;
  }
  node.pending = {Pending::Kind::Preparing, id, node.peer.incarnation, 0, {}};
  give_order(machine, Order::RebootAlone);
  machine.start(Timer::Save, machine.profile.timing.synchronize_limit);
}

void copy_is_done(Machine& machine) {
  machine.node.pending.kind = Pending::Kind::Finishing;
  machine.stop(Timer::Save);
  close_session(machine);
  give_order(machine, Order::RebootAlone);
}

void synchronize_is_over(Machine& machine, std::optional<Refusal> refusal) {
  machine.stop(Timer::Save);
  const CommandId id = std::exchange(machine.node.pending, {}).id;
  write_log(machine, refusal ? LogEvent::NotSynchronized : LogEvent::Synchronized, machine.other(),
            {});
  const auto limit =
      std::chrono::duration_cast<std::chrono::seconds>(machine.profile.timing.synchronize_limit);
  machine.emit(Reply{id, refusal, refusal ? fmt::format("{}", limit.count()) : std::string()});
}

void synchronize_limit_over(Machine& machine) {
  const Pending::Kind kind = machine.node.pending.kind;
  if (kind != Pending::Kind::Preparing && kind != Pending::Kind::Copying) return;
  close_session(machine);
  synchronize_is_over(machine, Refusal::NoAnswer);
  open_session(machine);
}

}  // namespace understudy::reference

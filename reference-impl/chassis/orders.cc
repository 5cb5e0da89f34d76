#include <algorithm>
#include <utility>

#include "reference-impl/chassis/engine.h"

namespace understudy::reference {
namespace {

void reply(Machine& machine, CommandId id, std::optional<Refusal> refusal = std::nullopt,
           std::string object = {}) {
  if (id != 0) machine.emit(Reply{id, refusal, std::move(object)});
}

void forget_entries(Machine& machine, std::uint8_t application) {
  if (application >= machine.node.tables.size()) return;
  const auto gone = std::exchange(machine.node.tables[application], {});
  for (const auto& [key, value] : *gone) replicate_entry(machine, {application, key, std::nullopt});
}

void change_active(Machine& machine, const Ordered& ordered) {
  if (const auto* forget = std::get_if<ForgetEntries>(&ordered.command)) {
    forget_entries(machine, forget->application);
    reply(machine, ordered.id);
    return;
  }
  Changes changes = changes_of(machine.profile, machine.node, ordered.command);
  if (changes.refusal) {
    reply(machine, ordered.id, changes.refusal, std::move(changes.object));
    return;
  }
  Node& node = machine.node;
  const bool was_nonstop = has_mode(node, machine.profile.nonstop);
  std::erase_if(changes.list,
                [&node](const SettingChange& change) { return !node.active.apply(change); });
  if (!changes.list.empty()) {
    node.is_dirty = true;
    active_changed(machine);
    replicate_change(machine, changes.list);
  }
  if (was_nonstop != has_mode(node, machine.profile.nonstop)) {  // the other rules from the start
    close_session(machine);
    open_session(machine);
  }
  reply(machine, ordered.id);
}

/// The reply follows when the second has it too.
void store(Machine& machine, CommandId id, const std::string& file, std::string content) {
  Node& node = machine.node;
  node.pending = {Pending::Kind::Saving, id, 0, 0, file};
  node.pending.ticket = write_file(machine, file, std::move(content), clock_of(machine.diary));
  if (node.pending.ticket == kNoRoom) {
    write_log(machine, LogEvent::FlashFull, node.slot, node.pending.file);
    const Pending ended = std::exchange(node.pending, {});
    reply(machine, id, Refusal::FlashFull, ended.file);
  }
}

void install(Machine& machine, CommandId id, const InstallImage& image) {
  const bool is_primary = image.partition == Partition::Primary;
  store(machine, id, std::string(image_file(is_primary)), image.version);
  if (machine.node.pending.kind != Pending::Kind::Saving) return;  // no room
  if (!machine.profile.replication.installed_is_selected) return;
  machine.node.selected_image = image.partition;
  write_memory(machine);
}

void begin_save(Machine& machine, CommandId id, const std::string& file) {
  Node& node = machine.node;
  constexpr std::size_t kNameLimit = 32;
  if (file.size() > kNameLimit || file.find_first_of("/\n.") == 0 || !is_configuration_file(file)) {
    reply(machine, id, Refusal::OutOfRange, file);
    return;
  }
  store(machine, id, file.empty() ? node.selected_file : file, to_text(node.active));
}

void change_selection(Machine& machine, const Ordered& ordered) {
  Node& node = machine.node;
  if (const auto* image = std::get_if<SelectImage>(&ordered.command)) {
    node.selected_image = image->partition;
    note_images(machine);
  } else if (const auto* select = std::get_if<SelectConfiguration>(&ordered.command)) {
    if (!node.flash.find(select->file) || !is_configuration_file(select->file)) {
      reply(machine, ordered.id, Refusal::NoSuchFile, select->file);
      return;
    }
    node.selected_file = select->file;
    replicate_saved(machine, select->file);
  }
  write_memory(machine);
  reply(machine, ordered.id);
}

void clear_recovery(Machine& machine, CommandId id) {
  if (std::exchange(machine.node.is_shut_down, false)) write_memory(machine);
  if (machine.office() == Office::Lead) {
    forget_entries(machine, machine.profile.replication.module_application);
    keep_modules_down(machine);
  }
  reply(machine, id);
}

void restart_this(Machine& machine, const CommandRow& row, CommandId id) {
  Node& node = machine.node;
  const bool copies = row.waits_for_copy && node.peer.is_heard &&
                      node.peer.state == row.second_must_be &&
                      sync_claim(machine.profile, node) == SyncClaim::NotInSync;
  if (copies) {
    node.pending = {
        Pending::Kind::Leaving, id, static_cast<std::uint32_t>(Event::RebootOrdered), 0, {}};
    return;
  }
  reply(machine, id);
  // A lead that leaves by order lets its second take over, as failover does.
  node.is_stepping_down = machine.office() == Office::Lead;
  fire(machine, Event::RebootOrdered);
}

void remember_next_boot(Machine& machine, std::uint8_t image, bool is_warm) {
  if (image == 0 && !is_warm) return;
  machine.node.next_image = image;
  machine.node.restarts_warm = is_warm;
  write_memory(machine);
}

}  // namespace

void restart_all(Machine& machine, CommandId id, std::uint8_t image) {
  Node& node = machine.node;
  remember_next_boot(machine, image, node.restarts_warm);
  node.is_restarting = true;
  if (!node.peer.is_heard) {
    reply(machine, id);
    fire(machine, Event::RebootOrdered);
    return;
  }
  node.pending = {Pending::Kind::Rebooting, id, 0, 0, {}};
  give_order(machine, Order::RebootWithChassis, image);
}

namespace {

void restart_other(Machine& machine, CommandId id) {
  if (!machine.node.peer.is_heard) {
    reply(machine, id, Refusal::NoBackup);
    return;
  }
  give_order(machine, Order::RebootAlone);
  reply(machine, id);
}

void step_down(Machine& machine, const CommandRow& row, CommandId id, bool force) {
  Node& node = machine.node;
  const SyncClaim claim = sync_claim(machine.profile, node);
  const bool has_second = node.peer.is_heard && node.peer.office == Office::Second;
  if (!has_second && !(force && row.forced_without_second)) {
    reply(machine, id, Refusal::NoBackup);
    return;
  }
  if (has_second && row.second_must_be && node.peer.state != *row.second_must_be) {
    reply(machine, id, Refusal::NotInSync);
    return;
  }
  if (has_second && row.waits_for_copy && claim != SyncClaim::InSync) {
    node.pending = {
        Pending::Kind::Leaving, id, static_cast<std::uint32_t>(Event::SteppedDown), 0, {}};
    return;
  }
  if (has_second && row.needs_sync_unless_forced && !force && claim != SyncClaim::InSync) {
    reply(machine, id, Refusal::NotInSync);
    return;
  }
  reply(machine, id);
  node.is_stepping_down = has_second;
  node.is_forced = force;
  node.owes_active = has_second && claim != SyncClaim::InSync && owes_active(node.sending);
  fire(machine, has_second ? Event::SteppedDown : Event::SteppedDownAlone);
  node.is_forced = node.is_forced && has_second;
}

void restart_warm(Machine& machine, const CommandRow& row, CommandId id) {
  const PeerView& peer = machine.node.peer;
  const bool is_ready = peer.is_heard && peer.office == Office::Second &&
                        (!row.second_must_be || peer.state == *row.second_must_be);
  remember_next_boot(machine, 0, true);
  if (!is_ready) {
    restart_all(machine, id, 0);
    return;
  }
  restart_this(machine, row, id);
}

/// It is away for a moment; nothing fails over for it.
void restart_own_process(Machine& machine, std::uint8_t application) {
  if (application >= machine.profile.replication.applications.size()) return;
  machine.node.ended_processes |= 1ull << application;
  machine.node.restarting_processes |= 1ull << application;
  ++machine.diary.restarts[application];
  machine.start(Timer::Process, machine.profile.timing.process);
}

void restart_process(Machine& machine, const Ordered& ordered) {
  const auto& [application, module] = std::get<RestartProcess>(ordered.command);
  const bool is_ours = !module || *module == machine.node.slot;
  if (application >= machine.profile.replication.applications.size()) {
    reply(machine, ordered.id, Refusal::UnknownObject);
  } else if (is_ours) {
    restart_own_process(machine, application);
    reply(machine, ordered.id);
  } else if (machine.office() != Office::Lead) {
    reply(machine, ordered.id, Refusal::NotMaster);
  } else if (!machine.node.peer.is_heard) {
    reply(machine, ordered.id, Refusal::NoBackup);
  } else {
    give_order(machine, Order::RestartProcess, application);
    reply(machine, ordered.id);
  }
}

std::uint8_t image_of(const Command& command) {
  const auto* reboot = std::get_if<Reboot>(&command);
  if (!reboot || !reboot->image) return 0;
  return static_cast<std::uint8_t>(static_cast<std::uint8_t>(*reboot->image) + 1);
}

/// Why this node does not accept the command now; nothing if it does.
std::optional<Refusal> objection(const Machine& machine, const CommandRow* row) {
  if (!row) return Refusal::NotReady;
  const Office office = machine.office();
  const auto& offices = row->offices;
  if (std::find(offices.begin(), offices.end(), office) == offices.end()) {
    return office == Office::None || office == Office::Candidate ? Refusal::NotReady
                                                                 : row->otherwise;
  }
  const bool is_lead_only = offices.size() == 1 && offices.front() == Office::Lead;
  if (is_lead_only && !machine.node.replicates) return Refusal::NotReady;
  if (machine.node.pending.kind != Pending::Kind::None) return Refusal::Busy;
  const Sending& sending = machine.node.sending;
  const bool is_first_copy = sending.session != 0 && !sending.is_started;
  if (row->kind == CommandKind::Configure && is_first_copy &&
      has_mode(machine.node, machine.profile.nonstop)) {
    return Refusal::Synchronising;
  }
  return std::nullopt;
}

}  // namespace

void carry_out(Machine& machine, const Ordered& ordered) {
  const CommandRow* row = row_of(machine.profile, kind_of(ordered.command, machine.node.slot));
  if (const auto refusal = objection(machine, row)) {
    reply(machine, ordered.id, refusal);
    return;
  }
  switch (row->effect) {
    case Effect::ChangeActive:
      change_active(machine, ordered);
      break;
    case Effect::WriteStored:
      if (const auto* file = std::get_if<StoreFile>(&ordered.command)) {
        store(machine, ordered.id, file->file, file->content);
      } else if (const auto* image = std::get_if<InstallImage>(&ordered.command)) {
        install(machine, ordered.id, *image);
      } else {
        begin_save(machine, ordered.id, std::get<Save>(ordered.command).file);
      }
      break;
    case Effect::ChangeSelection:
      change_selection(machine, ordered);
      break;
    case Effect::RestartEveryModule:
      restart_all(machine, ordered.id, image_of(ordered.command));
      break;
    case Effect::RestartThisModule:
      restart_this(machine, *row, ordered.id);
      break;
    case Effect::RestartOtherModule:
      restart_other(machine, ordered.id);
      break;
    case Effect::RestartWarm:
      restart_warm(machine, *row, ordered.id);
      break;
    case Effect::CopyToSecond:
      begin_synchronize(machine, ordered.id);
      break;
    case Effect::RestartProcess:
      restart_process(machine, ordered);
      break;
    case Effect::ClearRecovery:
      clear_recovery(machine, ordered.id);
      break;
    case Effect::StepDown:
      step_down(machine, *row, ordered.id,
                std::holds_alternative<Failover>(ordered.command) &&
                    std::get<Failover>(ordered.command).force);
      break;
  }
}

void processes_are_up(Machine& machine) {
  machine.stop(Timer::Process);
  Node& node = machine.node;
  const std::uint64_t back = std::exchange(node.restarting_processes, 0);
  node.ended_processes &= ~back;
  const auto& rows = machine.profile.replication.applications;
  for (std::size_t index = 0; index < rows.size(); ++index) {
    if ((back >> index & 1) == 0) continue;
    write_log(machine, LogEvent::ProcessRestarted, node.slot, rows[index].name);
  }
}

// ---------------------------------------------------------------- saving

void save_step(Machine& machine) {
  Node& node = machine.node;
  Pending& pending = node.pending;
  if (pending.kind != Pending::Kind::Saving || pending.ticket != 0) return;
  const bool is_configuration = is_configuration_file(pending.file);
  if (pending.record == 0) {
    const StoredFile* stored = node.flash.find(pending.file);
    if (is_configuration && pending.file != machine.profile.replication.security_file) {
      node.is_dirty = stored && *stored->content != to_text(node.active);
    }
    if (is_configuration) write_log(machine, LogEvent::Saved, node.slot, pending.file);
    machine.emit(Progress{pending.id, Progress::Stage::SavedHere, pending.file});
    pending.record = replicate_saved(machine, pending.file);
    if (pending.record != 0 && machine.profile.replication.save_waits_for_second) {
      machine.start(Timer::Save, machine.profile.timing.save_limit);
      return;
    }
    if (pending.record == 0) {
      machine.emit(Progress{pending.id, Progress::Stage::NoBackupToSave, pending.file});
    }
  } else if (node.sending.acknowledged >= pending.record) {
    if (is_configuration)
      write_log(machine, LogEvent::SavedOnSecond, machine.other(), pending.file);
    machine.emit(Progress{pending.id, Progress::Stage::SavedOnBackup, pending.file});
  } else {
    return;
  }
  machine.stop(Timer::Save);
  const CommandId id = std::exchange(pending, {}).id;
  reply(machine, id);
}

void save_limit_over(Machine& machine) {
  machine.stop(Timer::Save);
  Pending& pending = machine.node.pending;
  if (pending.kind != Pending::Kind::Saving) {
    synchronize_limit_over(machine);
    return;
  }
  const Pending ended = std::exchange(pending, {});
  machine.emit(Progress{ended.id, Progress::Stage::BackupNotSaved, ended.file});
  reply(machine, ended.id);
}

// ---------------------------------------------------------------- orders between modules

namespace {

void send_order(Machine& machine) {
  const OrderUnderWay& order = machine.node.order;
  machine.emit(SendFrame{write_order(header_for(machine, FrameType::Command, order.sequence, 0),
                                     order.to, order.order, order.detail)});
}

void order_is_over(Machine& machine) {
  machine.stop(Timer::Order);
  machine.node.order.sequence = 0;
  if (machine.node.pending.kind == Pending::Kind::Finishing) {
    synchronize_is_over(machine, std::nullopt);
    return;
  }
  if (machine.node.pending.kind != Pending::Kind::Rebooting) return;
  const CommandId id = std::exchange(machine.node.pending, {}).id;
  reply(machine, id);
  fire(machine, Event::RebootOrdered);
}

}  // namespace

void give_order(Machine& machine, Order order, std::uint8_t detail) {
  Node& node = machine.node;
  node.order = {order, detail, ++node.orders, node.peer.incarnation, 1};
  send_order(machine);
  machine.start(Timer::Order, machine.profile.timing.heartbeat_period);
}

void repeat_order(Machine& machine) {
  machine.stop(Timer::Order);
  if (machine.node.order.sequence == 0) return;
  if (machine.node.order.tries >= machine.profile.timing.missed_limit) {
    if (machine.node.pending.kind == Pending::Kind::Finishing) {
      machine.node.order.sequence = 0;
      synchronize_is_over(machine, Refusal::NoAnswer);
      return;
    }
    order_is_over(machine);
    return;
  }
  ++machine.node.order.tries;
  send_order(machine);
  machine.start(Timer::Order, machine.profile.timing.heartbeat_period);
}

void receive_order(Machine& machine, const FrameHeader& header, std::span<const std::byte> frame) {
  Node& node = machine.node;
  const auto part = read_order(frame);
  const bool is_for_us = part && part->to_incarnation == node.incarnation &&
                         header.incarnation == node.peer.incarnation &&
                         header.office == Office::Lead;
  if (!is_for_us) {
    ++machine.diary.frames_refused;
    return;
  }
  machine.emit(SendFrame{write_ack(header_for(machine, FrameType::CommandAck, header.sequence, 0),
                                   header.incarnation)});
  if (header.sequence <= node.order_taken) return;
  node.order_taken = header.sequence;
  switch (part->order) {
    case Order::RebootWithChassis:
      remember_next_boot(machine, part->detail, false);
      node.is_restarting = true;
      fire(machine, Event::RebootOrdered);
      break;
    case Order::RebootAlone:
      remember_next_boot(machine, part->detail, false);
      fire(machine, Event::RebootOrdered);
      break;
    case Order::YouAreLost:
      fire(machine, Event::ToldLost);
      break;
    case Order::RestartProcess:
      restart_own_process(machine, part->detail);
      break;
  }
}

void receive_order_ack(Machine& machine, const FrameHeader& header,
                       std::span<const std::byte> frame) {
  const OrderUnderWay& order = machine.node.order;
  const bool is_ours = order.sequence != 0 && header.sequence == order.sequence &&
                       header.incarnation == order.to &&
                       read_addressee(frame) == machine.node.incarnation;
  if (is_ours) order_is_over(machine);
}

void other_is_down(Machine& machine) {
  if (machine.node.order.sequence != 0) order_is_over(machine);
}

CommandKind kind_of(const Command& command, Slot asked) {
  if (std::holds_alternative<Save>(command)) return CommandKind::Save;
  if (std::holds_alternative<StoreFile>(command)) return CommandKind::StoreFile;
  if (std::holds_alternative<InstallImage>(command)) return CommandKind::InstallImage;
  if (std::holds_alternative<Failover>(command)) return CommandKind::Failover;
  if (std::holds_alternative<Synchronize>(command)) return CommandKind::Synchronize;
  if (std::holds_alternative<RestartProcess>(command)) return CommandKind::RestartProcess;
  if (std::holds_alternative<ClearRecovery>(command)) return CommandKind::ClearRecovery;
  if (std::holds_alternative<SelectConfiguration>(command) ||
      std::holds_alternative<SelectImage>(command)) {
    return CommandKind::Select;
  }
  if (const auto* reboot = std::get_if<Reboot>(&command)) {
    if (reboot->is_warm) return CommandKind::RebootWarm;
    if (!reboot->module) return CommandKind::RebootChassis;
    return *reboot->module == asked ? CommandKind::RebootOwnModule : CommandKind::RebootOtherModule;
  }
  return CommandKind::Configure;
}

}  // namespace understudy::reference

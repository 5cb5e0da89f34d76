#include <bit>

#include "reference-impl/chassis/engine.h"

namespace understudy::reference {
namespace {

std::uint16_t bit_of(Part part) {
  return static_cast<std::uint16_t>(1u << static_cast<unsigned>(part));
}

bool is_fatal(Part part) {
  return part != Part::Fan && part != Part::PowerSupply && part != Part::FlashSpace;
}

std::string_view word_of(Part part) {
  switch (part) {
    case Part::Fan:
      return "fan";
    case Part::PowerSupply:
      return "power supply";
    case Part::Processor:
      return "processor";
    case Part::Temperature:
      return "temperature";
    case Part::Latch:
      return "latch";
    case Part::License:
      return "license";
    case Part::Card:
      return "card";
    case Part::FlashSpace:
      return "flash space";
    case Part::Device:
      return "device";
  }
  return {};
}

void run_out(Machine& machine, Timer timer) {
  switch (timer) {
    case Timer::Heartbeat: {
      const std::int64_t late = machine.left(timer);
      const std::int64_t period = machine.profile.timing.heartbeat_period.count();
      send_heartbeat(machine);
      machine.left(timer) = late + period > 0 ? late + period : period;
      break;
    }
    case Timer::Silence:
      peer_is_silent(machine);
      break;
    case Timer::BootPhase:
      boot_phase_over(machine);
      break;
    case Timer::Election:
      election_over(machine);
      break;
    case Timer::Restart:
      restart(machine);
      break;
    case Timer::Retransmit:
      retransmit(machine);
      break;
    case Timer::Bulk:
      machine.stop(timer);
      transmit(machine);
      break;
    case Timer::Order:
      repeat_order(machine);
      break;
    case Timer::Save:
      save_limit_over(machine);
      break;
    case Timer::Process:
      processes_are_up(machine);
      break;
    case Timer::Modules:
      modules_are_up(machine);
      break;
    case Timer::Leave:
      machine.stop(timer);
      shut_down(machine);
      break;
    case Timer::Routes:
      stale_entries_end(machine);
      break;
    case Timer::kCount:
      break;
  }
}

/// A module that did not run for longer than a heartbeat (stopped, starved) has heard nothing for
/// that time because it did not listen: it draws no conclusion from the silence and listens afresh.
void forgive_own_stall(Machine& machine) {
  const std::int64_t late = -machine.left(Timer::Heartbeat);
  if (!machine.runs(Timer::Heartbeat) || !machine.runs(Timer::Silence)) return;
  if (late < machine.profile.timing.heartbeat_period.count()) return;
  machine.start(Timer::Silence, machine.detection());
}

void take(Machine& machine, const TimePassed& input) {
  pass_time(machine.profile, machine.node, machine.diary, input.by, machine.outputs);
}
void take(Machine& machine, const FrameReceived& input) {
  receive_frame(machine.profile, machine.node, machine.diary, input.bytes, machine.outputs);
}
void take(Machine& machine, const FlashWriteDone& input) {
  flash_write_done(machine, input.ticket);
}
void take(Machine& machine, const PowerOn& input) {
  power_on(machine, input);
}
void take(Machine& machine, const PowerOff&) {
  power_off(machine);
}
void take(Machine& machine, const PeerPresence& input) {
  peer_presence(machine, input.is_present);
}
void take(Machine& machine, const ResetPressed&) {
  if (machine.node.state == NodeState::Off) return;
  machine.node.is_stepping_down = machine.office() == Office::Lead;
  if (!fire(machine, Event::ResetPressed)) restart(machine);
}
void take(Machine& machine, const ShutDownPressed&) {
  shut_down(machine);
}
void take(Machine& machine, const ChassisResetPressed&) {
  if (machine.office() == Office::Lead) {
    restart_all(machine, 0, 0);
  } else if (machine.node.state != NodeState::Off && machine.node.peer.office != Office::Lead) {
    restart(machine);
  }
}
void take(Machine&, const ClearPressed&) {}  // passwords are the host's

/// It is left up "for debugging only", until that is cleared.
void leave_up(Machine& machine) {
  machine.node.is_shut_down = true;
  write_memory(machine);
}

void take(Machine& machine, const PartFailed& input) {
  machine.node.failed_parts |= bit_of(input.part);
  write_log(machine, LogEvent::PartFailed, machine.node.slot, word_of(input.part));
  if (machine.node.state == NodeState::Off || !is_fatal(input.part)) return;
  const auto recovery = recovery_of_slot(machine, machine.profile.slot_words[machine.node.slot]);
  if (recovery == Recovery::None) return;  // "the MSM remains powered on in its current state"
  if (recovery == Recovery::Shutdown) leave_up(machine);
  fail_by_part(machine);
}

void take(Machine& machine, const PartRepaired& input) {
  machine.node.failed_parts &= static_cast<std::uint16_t>(~bit_of(input.part));
  write_log(machine, LogEvent::PartRepaired, machine.node.slot, word_of(input.part));
  if (machine.node.state == NodeState::Off) return;
  if (is_fatal(input.part) && !machine.node.is_shut_down) fire(machine, Event::Repaired);
  // What did not fit is sent again until it is taken.
  auto& receiving = machine.node.receiving;
  if (input.part == Part::FlashSpace && receiving.ticket == kNoRoom) receiving.ticket = 0;
}

void take(Machine& machine, const DiagnosticFault& input) {
  machine.node.has_diagnostic_fault = input.is_present;
}

void take(Machine& machine, const ProcessEnded& input) {
  const auto& applications = machine.profile.replication.applications;
  if (input.application >= applications.size() || machine.node.state == NodeState::Off) return;
  machine.node.ended_processes |= 1ull << input.application;
  write_log(machine, LogEvent::ProcessEnded, machine.node.slot,
            applications[input.application].name);
  if (!applications[input.application].is_essential) return;
  switch (recovery_of(machine, machine.profile.slot_words[machine.node.slot])) {
    case Recovery::None:
      break;
    case Recovery::Reset:
      fire(machine, Event::SoftwareFailed);
      break;
    case Recovery::Shutdown:
      leave_up(machine);
      fire(machine, Event::ShutDownBySoftware);
      break;
  }
}

void take(Machine& machine, const ProcessStarted& input) {
  if (input.application < machine.profile.replication.applications.size()) {
    machine.node.ended_processes &= ~(1ull << input.application);
  }
}

void take(Machine& machine, const ImageInstalled& input) {
  if (machine.node.state == NodeState::Off) return;
  const bool is_primary = input.partition == Partition::Primary;
  write_file(machine, image_file(is_primary), input.version, clock_of(machine.diary));
  if (!machine.profile.replication.installed_is_selected) return;
  machine.node.selected_image = input.partition;
  write_memory(machine);
}

void take(Machine& machine, const EntryLearned& input) {
  constexpr std::size_t kEntryLimit = 1000;
  const std::size_t size = input.key.size() + (input.value ? input.value->size() : 0);
  auto& tables = machine.node.tables;
  if (machine.office() != Office::Lead || input.application >= tables.size()) return;
  if (input.key.empty() || size > kEntryLimit) return;
  if ((machine.node.ended_processes >> input.application & 1) != 0) return;  // nobody listens
  entry_is_fresh(machine, input);
  auto& table = tables[input.application];
  if (input.value) {
    const auto found = table->find(input.key);
    if (found != table->end() && found->second == *input.value) return;
    table.edit()[input.key] = *input.value;
  } else {
    if (table->find(input.key) == table->end()) return;
    table.edit().erase(input.key);
  }
  replicate_entry(machine, input);
  const bool is_module = input.application == machine.profile.replication.module_application;
  if (is_module && input.value == kModuleFailed) module_failed(machine, input.key);
}

void take(Machine& machine, const Ordered& input) {
  if (machine.node.state != NodeState::Off) carry_out(machine, input);
}

}  // namespace

std::uint32_t hash_of(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619u;
  return hash;
}

std::uint64_t version_number(std::string_view text) {
  const std::uint64_t number = image_number(text);
  return number != 0 ? number : hash_of(text);
}

void step(const Profile& profile, Node& node, Diary& diary, const Input& input, Outputs& outputs) {
  Machine machine{profile, node, diary, outputs};
  std::visit([&machine](const auto& one) { take(machine, one); }, input);
}

void pass_time(const Profile& profile, Node& node, Diary& diary, Duration by, Outputs& outputs) {
  if (node.state == NodeState::Off) return;
  diary.since_boot += by;
  if (diary.system_is_up) diary.system_uptime += by;
  // What runs out exactly now gives way to other inputs of this instant, until zero time passes.
  const std::int64_t due = by == Duration::zero() ? 0 : -1;
  bool is_due = false;
  for (std::int64_t& left : node.left) {
    if (left == kNever) continue;
    left -= by.count();
    is_due |= left <= due;
  }
  if (!is_due) return;
  Machine machine{profile, node, diary, outputs};
  forgive_own_stall(machine);
  for (std::size_t index = 0; index < node.left.size(); ++index) {
    if (node.left[index] <= due) run_out(machine, static_cast<Timer>(index));
  }
}

void receive_frame(const Profile& profile, Node& node, Diary& diary,
                   std::span<const std::byte> bytes, Outputs& outputs) {
  Machine machine{profile, node, diary, outputs};
  if (is_silent(machine)) return;
  const auto header = read_header(bytes);
  if (!header || header->sender != machine.other()) {
    ++diary.frames_refused;
    return;
  }
  switch (header->type) {
    case FrameType::Heartbeat:
      receive_heartbeat(machine, *header, bytes);
      break;
    case FrameType::ConfigSaved:
    case FrameType::ConfigActive:
    case FrameType::ConfigChange:
    case FrameType::CheckpointBulk:
    case FrameType::CheckpointDynamic:
      receive_record(machine, *header, bytes);
      break;
    case FrameType::Ack:
      receive_ack(machine, *header, bytes);
      break;
    case FrameType::Command:
      receive_order(machine, *header, bytes);
      break;
    case FrameType::CommandAck:
      receive_order_ack(machine, *header, bytes);
      break;
  }
}

std::optional<Duration> next_timer(const Node& node) {
  std::int64_t least = kNever;
  for (const std::int64_t left : node.left) least = left < least ? left : least;
  if (least == kNever || node.state == NodeState::Off) return std::nullopt;
  return Duration(least > 0 ? least : 0);
}

Node new_node(const Profile& profile, Slot slot) {
  Node node;
  node.slot = slot;
  node.version = version_number(profile.version);
  node.tables.resize(profile.replication.applications.size());
  return node;
}

}  // namespace understudy::reference

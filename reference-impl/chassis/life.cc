#include <fmt/format.h>

#include <utility>

#include "reference-impl/chassis/engine.h"

namespace understudy::reference {
namespace {

const TransitionRow* find_row(const Profile& profile, NodeState from, Event event) {
  for (const TransitionRow& row : profile.transitions) {
    if (row.event == event && (!row.from || *row.from == from)) return &row;
  }
  return nullptr;
}

/// The first boot phase at or after `index` for `runs`; nothing if there is none.
std::optional<std::uint8_t> find_phase(const Profile& profile, std::size_t index, Runs runs,
                                       bool is_warm) {
  for (; index < profile.boot.size(); ++index) {
    if (is_warm && profile.boot[index].is_skipped_warm) continue;
    if (profile.boot[index].runs == runs) return static_cast<std::uint8_t>(index);
  }
  return std::nullopt;
}

Event end_of_phases(Runs runs) {
  switch (runs) {
    case Runs::Everyone:
      return Event::BootedToDecision;
    case Runs::Lead:
      return Event::BootFinished;
    case Runs::Second:
      return Event::StandbyPointReached;
  }
  return Event::BootFinished;
}

void run_phases(Machine& machine, std::size_t from, Runs runs) {
  const auto phase = find_phase(machine.profile, from, runs, machine.node.is_warm);
  if (!phase) {
    machine.stop(Timer::BootPhase);
    fire(machine, end_of_phases(runs));
    return;
  }
  const BootPhase& row = machine.profile.boot[*phase];
  machine.node.phase = *phase;
  machine.start(Timer::BootPhase, row.lasts);
  machine.emit(Notice{Notice::Kind::BootPhase, row.word});
  if (!row.is_silent) send_heartbeat(machine);
}

void begin_reign(Machine& machine) {
  if (machine.node.reign != 0) return;
  machine.node.reign = machine.node.incarnation;
  machine.diary.system_is_up = true;
  machine.diary.system_uptime = Duration{};
  take_modules_down(machine);
}

void forget_runtime(Machine& machine) {
  for (auto& table : machine.node.tables) table = {};
  machine.node.receiving = {};
}

void act(Machine& machine, Action action) {
  Node& node = machine.node;
  const Timing& timing = machine.profile.timing;
  switch (action) {
    case Action::OpenElection:
      machine.start(Timer::Election, timing.listening());
      break;
    case Action::LoadStored:
      load_stored(machine);
      break;
    case Action::AdoptActive:
      if (!node.receiving.has_active) load_stored(machine);
      node.receiving = {};
      break;
    case Action::BeginReign:
      begin_reign(machine);
      break;
    case Action::InheritReign:
      if (node.reign == 0) begin_reign(machine);
      break;
    case Action::StartReplication:
      node.replicates = true;
      machine.emit(Notice{Notice::Kind::LeadReady, {}});
      open_session(machine);
      break;
    case Action::StopReplication:
      node.replicates = false;
      close_session(machine);
      break;
    case Action::ForgetRuntime:
      forget_runtime(machine);
      break;
    case Action::TellLost:
      give_order(machine, Order::YouAreLost);
      break;
    case Action::FinishBoot:
      run_phases(machine, 0, Runs::Lead);
      break;
    case Action::HoldBoot:
      run_phases(machine, 0, Runs::Second);
      break;
    case Action::RestartSoon:
      machine.emit(Notice{Notice::Kind::GoingDown, {}});
      machine.start(Timer::Restart, timing.down);
      break;
    case Action::RestartAfterFail:
      machine.start(Timer::Restart, timing.fail);
      break;
    case Action::AwaitCopy:
      if (node.receiving.is_complete) fire(machine, Event::CopyComplete);
      break;
    case Action::ResetModules:
      restart_modules(machine, false);
      break;
  }
}

void remember_office(Machine& machine, Office was, Office now) {
  if (was == now || (now != Office::Lead && now != Office::Second)) return;
  BootMemory& memory = machine.node.memory;
  memory.ever_booted = true;
  memory.led_last = now == Office::Lead;
  if (now == Office::Lead) memory.boot_clock = clock_of(machine.diary);
  if (machine.profile.election.remember == Remember::OnOffice) write_memory(machine);
}

void announce(Machine& machine, const TransitionRow& row) {
  const Node& node = machine.node;
  write_log(machine, LogEvent::StateChanged, node.slot, word_of(machine.profile, row.to));
  if (row.reason != Reason::None) {
    write_log(machine, LogEvent::NodeFailed, node.slot, word_of(machine.profile, row.reason));
  }
  machine.emit(Notice{Notice::Kind::StateChanged, word_of(machine.profile, row.to)});
}

/// A new state begins with clean timers of the old one.
void leave_office(Machine& machine, Office was, Office now) {
  if (now != Office::Candidate) machine.stop(Timer::Election);
  if (was == now) return;
  if (now == Office::None) {
    machine.stop(Timer::BootPhase);
    machine.stop(Timer::Order);
    machine.stop(Timer::Save);
    machine.node.order.sequence = 0;
    machine.node.pending = {};
  }
}

}  // namespace

bool fire(Machine& machine, Event event) {
  Node& node = machine.node;
  const TransitionRow* row = find_row(machine.profile, node.state, event);
  if (!row) return false;
  const Office was = machine.office();
  const bool is_change = node.state != row->to;
  node.state = row->to;
  const Office now = machine.office();
  if (is_change) {
    node.reason = row->reason;
    leave_office(machine, was, now);
    announce(machine, *row);
    if (event != Event::PowerOn) remember_office(machine, was, now);
  }
  for (const Action action : row->actions) {
    if (node.state != row->to) return true;  // an action has led to another transition
    act(machine, action);
  }
  const bool is_news = is_change && event != Event::PowerOn && node.state == row->to;
  if (is_news) send_heartbeat(machine);
  return true;
}

void power_off(Machine& machine) {
  Node fresh = new_node(machine.profile, machine.node.slot);
  fresh.failed_parts = machine.node.failed_parts;
  fresh.has_diagnostic_fault = machine.node.has_diagnostic_fault;
  fresh.peer.is_present = machine.node.peer.is_present;
  machine.node = std::move(fresh);
  machine.diary = Diary{};
  machine.diary.checkpoints.resize(machine.profile.replication.applications.size());
}

void power_on(Machine& machine, const PowerOn& input) {
  const bool is_restart = machine.node.state != NodeState::Off;
  auto failovers = std::exchange(machine.diary.failovers, {});
  const std::uint8_t failovers_told = machine.diary.failovers_told;
  power_off(machine);
  if (is_restart) {
    machine.diary.failovers = std::move(failovers);
    machine.diary.failovers_told = failovers_told;
  }
  Node& node = machine.node;
  node.incarnation = input.incarnation;
  machine.diary.boot_clock = input.clock;
  machine.diary.boot_part = input.part;
  machine.emit(Notice{Notice::Kind::Booting, {}});
  std::vector<std::string> torn;
  std::vector<std::string> corrupt;
  if (input.flash) node.flash = read_flash(*input.flash, &torn, &corrupt);
  read_memory(machine);
  ++node.boot_count;
  node.is_warm = std::exchange(node.restarts_warm, false);
  const std::uint8_t once = std::exchange(node.next_image, std::uint8_t{0});
  node.booted_image = once != 0 ? static_cast<Partition>(once - 1) : node.selected_image;
  node.version = version_number(image_version(machine.profile, node, node.booted_image));
  note_images(machine);
  write_log(machine, LogEvent::Booted, node.slot, {});
  for (const std::string& name : torn) write_log(machine, LogEvent::TornFile, node.slot, name);
  for (const std::string& name : corrupt) {
    write_log(machine, LogEvent::CorruptFile, node.slot, name);
  }
  write_memory(machine);
  fire(machine, Event::PowerOn);
  machine.start(Timer::Heartbeat, machine.profile.timing.heartbeat_period);
  run_phases(machine, 0, Runs::Everyone);
}

bool is_silent(const Machine& machine) {
  if (machine.node.state == NodeState::Off) return true;
  return machine.runs(Timer::BootPhase) && machine.profile.boot[machine.node.phase].is_silent;
}

bool fail_by_part(Machine& machine) {
  constexpr std::pair<Part, Event> fatal[] = {
      {Part::Temperature, Event::Overheated},    {Part::Latch, Event::Unsecured},
      {Part::License, Event::LicenseMismatched}, {Part::Card, Event::CardMismatched},
      {Part::Device, Event::DeviceTimedOut},     {Part::Processor, Event::HardwareFailed}};
  for (const auto& [part, event] : fatal) {
    if ((machine.node.failed_parts >> static_cast<unsigned>(part) & 1) == 0) continue;
    if (fire(machine, event)) return true;
  }
  return false;
}

void boot_phase_over(Machine& machine) {
  const BootPhase& row = machine.profile.boot[machine.node.phase];
  machine.stop(Timer::BootPhase);
  const bool is_broken =
      machine.node.has_diagnostic_fault ||
      (machine.node.failed_parts & 1u << static_cast<unsigned>(Part::Processor)) != 0;
  if (row.judges_selftest && is_broken) {
    fire(machine, Event::SelfTestFailed);
    return;
  }
  if (row.judges_selftest && fail_by_part(machine)) return;
  if (row.judges_selftest && machine.node.is_shut_down &&
      fire(machine, Event::ShutDownBySoftware)) {
    return;
  }
  run_phases(machine, machine.node.phase + 1u, row.runs);
}

void restart(Machine& machine) {
  power_off(machine);
  machine.emit(Restart{});
}

void write_log(Machine& machine, LogEvent event, Slot about, std::string_view word) {
  for (const LogRow& row : machine.profile.log) {
    if (row.event != event) continue;
    LogEntry entry;
    entry.clock = clock_of(machine.diary);
    entry.hundredths =
        static_cast<std::uint32_t>(part_of_second(machine.diary) / std::chrono::milliseconds(10));
    entry.severity = row.severity;
    entry.component = row.component;
    entry.text =
        fmt::format(fmt::runtime(row.text), fmt::arg("node", machine.profile.node_words[about]),
                    fmt::arg("word", word));
    machine.diary.log.push_back(entry);
    if (machine.diary.log.size() > Diary::kLogLimit) machine.diary.log.pop_front();
    machine.emit(Logged{std::move(entry)});
  }
}

}  // namespace understudy::reference

// One management module's redundancy logic: a value and a step. `step` reads one input, changes the
// node and lists what its host must do. No clock, thread, socket, file or random generator inside;
// two hosts (reference-impl/simulation.h, reference-impl/daemon) drive the same code.
//
// A Node is a regular value: copies are independent, == compares, canonical_bytes is one byte form
// of all that decides about its future, in which timers are time left. What only tells about its
// past (log, counters, up-times) is its Diary, outside of == and of the bytes; the one use the
// logic makes of the Diary is the comparison of two system up-times when two leads of different
// reigns meet.
//
// The host's duties, in order, after each step:
//   1. Carry out the outputs in their order; an output never depends on a later one.
//   2. WriteFlash: make the file durable, atomically if you can (old or new content, never none),
//   then
//      give FlashWriteDone with its ticket. Writes are done in order. The frames that depend on a
//      write are emitted by that later step, never before: so no host has to hold frames back.
//   3. SendFrame: to every other module on the backplane, as it is, once; it may be lost.
//   4. Restart: forget everything but flash, then give PowerOn at once with the flash as it is now.
//      Writes not yet done are lost or torn, as the medium has it. Outputs after it are none.
//   5. Time: call next_timer; when so much time has passed without another input, give TimePassed
//   of
//      that much. Before any other input give TimePassed for the time since the last input. A timer
//      that runs out exactly now waits for TimePassed of zero (next_timer says so), so that a frame
//      of the same instant comes first; one that is overdue does not wait.
//   6. FailoverTrap and Logged: a datagram to each receiver that the active configuration names
//      (notifications.h says which and what); a host without a network may drop them.
//   7. PowerOff when power is lost or the module is pulled; PeerPresence to the other module when
//   one
//      is inserted or removed. PowerOn brings `incarnation`, random and never 0, and the clock.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reference-impl/chassis/command.h"
#include "reference-impl/chassis/configuration.h"
#include "reference-impl/chassis/diary.h"
#include "reference-impl/chassis/flash.h"
#include "reference-impl/chassis/frame.h"
#include "reference-impl/chassis/profile.h"

namespace understudy::reference {

// ---------------------------------------------------------------- the state

enum class Timer : std::uint8_t {
  Heartbeat,  ///< until the next one is sent
  Silence,    ///< until the other module counts as lost
  BootPhase,
  Election,
  Restart,
  Retransmit,
  Bulk,     ///< until the next bulk record may be sent
  Order,    ///< until an order to the other module is repeated or given up
  Save,     ///< until the backup's confirmation is given up
  Process,  ///< until the processes that restart are up again
  Modules,  ///< until the interface modules that start again are operational
  Leave,    ///< until the shut-down button is looked at again
  Routes,   ///< until entries of the former lead are deleted
  kCount
};
inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

/// Nanoseconds left for each timer; kNever where it is not running.
using Timers = std::array<std::int64_t, static_cast<std::size_t>(Timer::kCount)>;

/// The other module as its heartbeats describe it.
struct PeerView {
  bool is_present = true;  ///< its slot is occupied
  bool is_heard = false;   ///< within the last missed_limit heartbeats
  bool is_lost = false;    ///< was heard, then not any more; shown as failed with `reason`
  NodeState state = NodeState::Off;
  Office office = Office::None;
  std::uint8_t flags = 0;
  std::uint32_t incarnation = 0;
  std::uint32_t previous_incarnation = 0;  ///< late frames of it are refused
  std::uint32_t session = 0;
  std::uint32_t last_heartbeat = 0;  ///< sequence number; older ones are ignored
  Heartbeat said;                    ///< system_uptime is kept in the Diary, 0 here

  friend bool operator==(const PeerView&, const PeerView&) = default;
};

/// One record of the replication stream.
struct Record {
  FrameType type = FrameType::ConfigChange;
  std::uint8_t application = 0;
  bool is_first = true;
  bool is_last = true;
  std::uint16_t objects = 0;  ///< of a bulk record
  CopyOnWrite<std::string> payload;

  friend bool operator==(const Record&, const Record&) = default;
};

/// The lead's end of the stream. Records [acknowledged + 1, acknowledged + queue.size()] wait.
struct Sending {
  std::uint32_t session = 0;  ///< 0: nothing is replicated
  std::uint32_t to = 0;       ///< the second's incarnation
  std::uint32_t acknowledged = 0;
  std::uint32_t in_flight = 0;  ///< of the queue's head
  std::vector<Record> queue;
  std::uint8_t rule = 0;                ///< the AtStart row that is under way
  std::uint64_t applications_done = 0;  ///< bit for each application whose bulk is acknowledged
  std::uint8_t application = 0;         ///< whose bulk is under way
  bool bulk_is_open = false;            ///< records of `application` are in the queue
  bool is_started = false;  ///< every AtStart row is done and acknowledged: dynamic from here
  bool is_marked = false;   ///< the second was told so

  friend bool operator==(const Sending&, const Sending&) = default;
};

/// The second's end of the stream.
struct Receiving {
  std::uint32_t session = 0;
  std::uint32_t from = 0;  ///< the lead's incarnation
  std::uint32_t received = 0;
  bool has_active = false;   ///< the whole active configuration has come
  bool is_complete = false;  ///< initial synchronisation complete
  std::uint32_t ticket = 0;  ///< of the flash write that the next acknowledgement waits for
  CopyOnWrite<std::string> staging;

  friend bool operator==(const Receiving&, const Receiving&) = default;
};

/// A command that takes longer than a step.
struct Pending {
  enum class Kind : std::uint8_t {
    None,
    Saving,
    Rebooting,
    Preparing,  ///< until the second is back; `ticket` is the incarnation that must go
    Copying,    ///< the session copies flash to flash
    Finishing,  ///< until the second takes the order for its second restart
    Leaving     ///< until what is being copied has arrived; then `ticket` as an Event
  } kind = Kind::None;
  CommandId id = 0;
  std::uint32_t ticket = 0;  ///< our own flash write; 0: done
  std::uint32_t record = 0;  ///< the record whose acknowledgement means that the second has saved
  std::string file;

  friend bool operator==(const Pending&, const Pending&) = default;
};

/// An order to the other module that is repeated until it is acknowledged.
struct OrderUnderWay {
  Order order = Order::RebootAlone;
  std::uint8_t detail = 0;
  std::uint32_t sequence = 0;  ///< 0: none
  std::uint32_t to = 0;
  std::uint8_t tries = 0;

  friend bool operator==(const OrderUnderWay&, const OrderUnderWay&) = default;
};

using Entries = std::map<std::string, std::string, std::less<>>;

struct Node {
  Slot slot = 0;
  NodeState state = NodeState::Off;
  Reason reason = Reason::None;   ///< why it failed
  bool is_stepping_down = false;  ///< DOWN by order, the second shall take over
  bool is_forced = false;
  bool owes_active = false;    ///< it leaves before all its changes came to its second
  bool is_restarting = false;  ///< DOWN, and nobody shall take over
  Timers left = [] {
    Timers timers;
    timers.fill(kNever);
    return timers;
  }();

  std::uint64_t version = 0;  ///< of the running software, see version_number
  std::uint8_t priority = 0;  ///< its own, as the active configuration has it
  std::uint32_t incarnation = 0;
  std::uint32_t reign = 0;  ///< identifies an unbroken line of leads; 0: none yet
  std::uint32_t heartbeats_sent = 0;
  std::uint32_t sessions = 0;     ///< opened since boot
  std::uint32_t orders = 0;       ///< given since boot
  std::uint32_t order_taken = 0;  ///< last order that was carried out, of peer.incarnation
  std::uint8_t phase = 0;         ///< row of Profile::boot that runs, if Timer::BootPhase does
  bool replicates = false;        ///< may open a session with a second
  bool is_warm = false;           ///< this boot skips self-tests
  bool restarts_warm = false;     ///< and so shall the next
  bool is_shut_down = false;      ///< up for debugging only, until that is cleared and it restarts
  std::string down_modules;       ///< out of service, as its flash has them: "1,-3"
  std::uint8_t next_image = 0;    ///< of the next boot alone: a partition + 1, 0: as selected
  std::uint8_t failovers = 0;     ///< since the chassis booted, as the leads pass it on
  bool is_dirty = false;          ///< active differs from what was last saved or loaded

  std::uint16_t failed_parts = 0;     ///< bit for each Part; survives power, as broken parts do
  bool has_diagnostic_fault = false;  ///< what the next self-test finds
  std::uint64_t ended_processes = 0;  ///< bit for each application that does not run
  std::uint64_t restarting_processes = 0;  ///< of those, the ones that come back by themselves

  PeerView peer;
  Configuration active;  ///< its own, or as second the copy of the lead's
  Flash flash;
  BootMemory memory;
  std::uint32_t boot_count = 0;
  std::string selected_file;
  std::string booted_file;
  Partition selected_image = Partition::Primary;
  Partition booted_image = Partition::Primary;
  Images images;  ///< what it tells of its image files; follows from flash and the two above
  FailoverCause failover_cause = FailoverCause::Never;

  std::vector<CopyOnWrite<Entries>> tables;  ///< one for each application of the profile
  /// Keys of the former lead's that Timer::Routes deletes, for each application; empty: none.
  std::vector<CopyOnWrite<Entries>> stale;
  Sending sending;
  Receiving receiving;
  Pending pending;
  OrderUnderWay order;

  friend bool operator==(const Node&, const Node&) = default;
};

/// Everything that decides about the node's future, in one form: equal nodes have equal bytes.
std::string canonical_bytes(const Node& node);

// ---------------------------------------------------------------- inputs

struct TimePassed {
  Duration by{};
};
struct FrameReceived {
  std::span<const std::byte> bytes;  ///< of the host; not kept
};
struct FlashWriteDone {
  std::uint32_t ticket = 0;
};
struct PowerOn {
  const FlashFiles* flash = nullptr;  ///< what the medium holds; read during the step only
  std::uint32_t incarnation = 1;      ///< random, not 0
  std::uint64_t clock = 0;            ///< the chassis' clock, seconds since 1970
  Duration part{};                    ///< and what has passed of the next one
};
struct PowerOff {};
struct PeerPresence {
  bool is_present = true;
};
/// The module's reset button: it starts again at once.
struct ResetPressed {};
/// The module's shut-down button: it leaves in order and may be pulled out then.
struct ShutDownPressed {};
/// The chassis' reset button.
struct ChassisResetPressed {};
/// The chassis' button that clears passwords.
struct ClearPressed {};
/// Parts of the module. Fans and supplies lower its health, a full flash refuses files; the rest
/// fail it.
enum class Part : std::uint8_t {
  Fan,
  PowerSupply,
  Processor,
  Temperature,
  Latch,
  License,
  Card,
  FlashSpace,
  Device  ///< answers no queries
};
struct PartFailed {
  Part part = Part::Fan;
};
struct PartRepaired {
  Part part = Part::Fan;
};
/// What the next self-test will find.
struct DiagnosticFault {
  bool is_present = true;
};
struct ProcessEnded {
  std::uint8_t application = 0;
};
/// New software in an image partition, selected for the next boot.
struct ImageInstalled {
  Partition partition = Partition::Primary;
  std::string version;
};
struct ProcessStarted {
  std::uint8_t application = 0;
};
/// A protocol or the hardware learned something; only a lead takes it in.
struct EntryLearned {
  std::uint8_t application = 0;
  std::string key;
  std::optional<std::string> value;  ///< absent: aged out
};
struct Ordered {
  CommandId id = 0;
  Command command;
};

using Input = std::variant<TimePassed, FrameReceived, FlashWriteDone, PowerOn, PowerOff,
                           PeerPresence, ResetPressed, ShutDownPressed, ChassisResetPressed,
                           ClearPressed, PartFailed, PartRepaired, DiagnosticFault, ProcessEnded,
                           ProcessStarted, ImageInstalled, EntryLearned, Ordered>;

// ---------------------------------------------------------------- outputs

struct SendFrame {
  FrameBytes bytes;
};
struct WriteFlash {
  std::uint32_t ticket = 0;
  std::string name;     ///< of the medium's file, see flash.h
  std::string content;  ///< whole, with its checksum
};
struct Restart {};
struct Logged {
  LogEntry entry;
};
/// An SNMP notification of a takeover, for the receivers that the active configuration names.
struct FailoverTrap {
  Slot lead = 0;
  FailoverCause cause = FailoverCause::Never;
};
/// Something a console shows without being asked.
struct Notice {
  enum class Kind : std::uint8_t {
    Booting,       ///< the module starts from the beginning: sessions are gone
    BootPhase,     ///< `word` names the phase that begins
    StateChanged,  ///< node.state is new
    LeadReady,     ///< as lead it now accepts logins and commands
    GoingDown      ///< restarts soon by order
  };
  Kind kind = Kind::Booting;
  std::string_view word;
};

using Output =
    std::variant<SendFrame, WriteFlash, Restart, Logged, Notice, Progress, Reply, FailoverTrap>;

/// Filled by step, emptied by the host; keep one and reuse it.
using Outputs = std::vector<Output>;

// ---------------------------------------------------------------- the function

/// One step. Appends to `outputs`. Never fails: what cannot be done is refused or logged.
void step(const Profile& profile, Node& node, Diary& diary, const Input& input, Outputs& outputs);

/// Time passed alone, the most frequent input, without a variant around it.
void pass_time(const Profile& profile, Node& node, Diary& diary, Duration by, Outputs& outputs);
void receive_frame(const Profile& profile, Node& node, Diary& diary,
                   std::span<const std::byte> bytes, Outputs& outputs);

/// How long until a timer runs out; nothing when none is running.
std::optional<Duration> next_timer(const Node& node);

/// A module that was never powered, for `slot`.
Node new_node(const Profile& profile, Slot slot);

}  // namespace understudy::reference

// A product family's redundancy as a value: five tables and the numbers that they use. The engine
// (node.h) interprets them and knows no vendor and no defect: EXOS, XCM8800 and ProCurve are three
// values of this type, and a deliberate defect is a profile with one entry replaced. Rows are tried
// from the top, the first that fits counts. Sources stand beside the rows, in the profile's .cc
// file.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference-impl/chassis/command.h"

namespace understudy::reference {

using Duration = std::chrono::nanoseconds;

// ---------------------------------------------------------------- 1. states and transitions

/// The words of all families; the engine compares them and reads only a profile's rows about them.
enum class NodeState : std::uint8_t {
  Off,
  Init,
  Standby,
  Backup,
  Master,
  Down,
  Fail,
  Selftest,
  Deciding,
  ActiveBooting,
  Active,
  StandbyBooting,
  WarmStandby,
  FinishingBoot,
  Failed,
  Syncing,  ///< at its boot point, until the first copy is complete
  Offline,  ///< the lead wants no second
  ShutDown  ///< by its button: safe to remove
};

/// What a state means to the engine.
enum class Office : std::uint8_t {
  None,       ///< booting, down or failed
  Candidate,  ///< leader election happens here, and only here
  Second,     ///< receives what is replicated; takes over
  Lead        ///< manages the chassis
};

struct StateRow {
  NodeState state = NodeState::Off;
  std::string_view word;  ///< as frames and the vendor's commands print it
  Office office = Office::None;
};

enum class Event : std::uint8_t {
  PowerOn,
  SelfTestFailed,    ///< the judging boot phase ended with a diagnostic fault
  BootedToDecision,  ///< the phases for everyone are over
  ElectedLead,
  ElectedSecond,        ///< another node holds the lead
  StandbyPointReached,  ///< the phases of a second are over
  BootFinished,         ///< the phases of a lead are over
  LeadLostInSync,       ///< lead silent or failed, and the initial synchronisation was complete
  LeadLostNotInSync,    ///< the same before it was complete
  LeadLeftInSync,       ///< the lead stepped down by order
  LeadLeftNotInSync,
  LeadLeftForced,    ///< by order with force, and not in sync
  SecondLost,        ///< the lead no longer hears its second
  ToldLost,          ///< the lead says that it lost this node
  DualLeadLost,      ///< two leads heard each other, this one yields
  SteppedDown,       ///< failover ordered here, and there is a second
  SteppedDownAlone,  ///< failover ordered with force, and there is none
  RebootOrdered,
  SoftwareFailed,  ///< an essential process ended: a restart helps
  HardwareFailed,  ///< only repair or a power cycle helps
  Overheated,
  Unsecured,           ///< the module is not locked in the chassis
  LicenseMismatched,   ///< a licence less capable than the lead's
  CardMismatched,      ///< a module of another type than its slot is configured for
  DeviceTimedOut,      ///< the module does not answer queries in time
  ShutDownBySoftware,  ///< an essential process ended, and recovery shuts down
  Repaired,
  CopyBegun,           ///< a new synchronisation of a second has begun
  CopyComplete,        ///< the initial synchronisation of a second is over
  LeadLostReplicated,  ///< as LeadLostInSync, and the active configuration had come as well
  ResetPressed,        ///< without a row a module just starts again
  ShutDownPressed,     ///< and nobody is needed, or a second is ready
  RedundancyDisabled,  ///< the lead wants no second
  RedundancyEnabled    ///< ... and does again
};

enum class Action : std::uint8_t {
  OpenElection,  ///< start listening for candidates
  LoadStored,    ///< the active configuration becomes the selected file of flash, or the factory's
  AdoptActive,   ///< keep the replicated active configuration; LoadStored if there is none
  BeginReign,    ///< a new line of leads begins: system up-time starts
  InheritReign,  ///< system up-time goes on from the lost lead's
  StartReplication,  ///< may replicate to a second from now on
  StopReplication,
  ForgetRuntime,     ///< applications' tables and what was received are dropped
  TellLost,          ///< tell the second, if it can hear, that it is lost
  FinishBoot,        ///< run the boot phases of a lead
  HoldBoot,          ///< run the boot phases of a second and stop there
  RestartSoon,       ///< restart after Timing::down
  RestartAfterFail,  ///< restart after Timing::fail
  AwaitCopy,         ///< CopyComplete at once if the copy was complete before
  ResetModules       ///< interface modules start from the beginning
};

/// Why a node is in a failed state; the words are the profile's (`reason_words`).
enum class Reason : std::uint8_t {
  None,
  OverHeat,
  ProcessFailure,
  HardwareFailure,
  DualMaster,
  BackupLost,
  NotInSync,
  IncompatibleVersion,
  SlotUnsecured,
  LicenseMismatch,
  CardMismatch,
  DeviceTimeout,
  NodeNotYetUp,
  NoMaster,
  ButtonPressed,
  RebootOrdered
};

/// Why the last takeover happened, as SNMP's extremeMsmFailoverCause numbers it.
enum class FailoverCause : std::uint8_t {
  Never = 1,
  Admin = 2,
  Exception = 3,
  Removal = 4,
  HardwareFailure = 5,
  Watchdog = 6,
  Keepalive = 7,
  Button = 8,
  Reset = 9
};

struct TransitionRow {
  std::optional<NodeState> from;  ///< absent: from any
  Event event = Event::PowerOn;
  NodeState to = NodeState::Off;
  std::vector<Action> actions;  ///< in this order, after the state has changed
  Reason reason = Reason::None;
};

// ---------------------------------------------------------------- 2. election

enum class Factor : std::uint8_t {
  IsCandidate,      ///< the state takes part in election
  MeetsThresholds,  ///< software and hardware health at least the minimum
  Priority,
  SoftwareHealth,
  HardwareHealth,
  Slot,
  EverBooted,  ///< remembered: booted before in this very chassis
  LedLast,     ///< remembered: was lead on its last boot
  BootClock    ///< remembered: when it last booted as lead
};

enum class Prefer : std::uint8_t { Higher, Lower };

struct ElectionRow {
  Factor factor = Factor::Slot;
  Prefer prefer = Prefer::Lower;
  bool zero_is_last = false;  ///< a zero is "not set" and loses to any number
};

/// What a node keeps in flash beside configurations, and when it writes it.
enum class Remember : std::uint8_t {
  OnBoot,   ///< boot count and selections
  OnOffice  ///< as OnBoot, and again when it becomes lead or second
};

struct Election {
  std::vector<ElectionRow> order;
  Remember remember = Remember::OnBoot;
  bool knows_its_chassis = true;  ///< what a module remembers of another chassis does not count
  int lowest_priority = 0;        ///< range of SetNodePriority
  int highest_priority = 100;
  int minimum_software_health = 0;
  int minimum_hardware_health = 0;
};

// ---------------------------------------------------------------- 3. boot

enum class Runs : std::uint8_t { Everyone, Lead, Second };

struct BootPhase {
  std::string_view word;
  Runs runs = Runs::Everyone;
  Duration lasts{};
  bool is_silent = false;        ///< no heartbeats yet: the module cannot communicate
  bool judges_selftest = false;  ///< at its end a diagnostic fault counts
  bool is_skipped_warm = false;  ///< not after a warm restart
};

// ---------------------------------------------------------------- 4. replication

enum class Content : std::uint8_t {
  SavedConfiguration,
  SecurityFile,
  ActiveConfiguration,
  ConfigurationChange,
  SoftwareImage,
  ApplicationState,
  ApplicationChange
};
enum class Store : std::uint8_t { Flash, Active, Runtime };
enum class When : std::uint8_t {
  AtStart,   ///< when a second appears, in the order of the rows
  OnChange,  ///< immediately, once the AtStart row of the same store is done
  OnSave,
  OnSynchronize  ///< after an order to copy, in the order of the rows
};
enum class Acknowledged : std::uint8_t { OnReceipt, AfterFlash };

struct ReplicationRow {
  Content content = Content::ActiveConfiguration;
  Store from = Store::Active;
  Store to = Store::Active;
  When when = When::AtStart;
  Acknowledged acknowledged = Acknowledged::OnReceipt;
  bool is_nonstop = false;  ///< only while Profile::nonstop is configured
};

/// What becomes of an application's entries when a second takes over: the table of hitless
/// protocols.
enum class AtFailover : std::uint8_t {
  Kept,
  Cleared,      ///< as after a reboot
  DeletedLater  ///< after Timing::route_deletion, but for what was learned again by then
};

/// What an entry of an application looks like.
enum class EntryForm : std::uint8_t { Mac, Route, Route6, Group, Port, Router, TreePort };

/// A process with run-time state: a typed table whose entries arrive as inputs.
struct ApplicationRow {
  std::string_view name;
  std::vector<std::uint8_t> depends_on;  ///< indices of earlier or later rows; no cycle
  std::uint16_t bulk_objects = 0;        ///< objects that are there from the start
  bool full_when_empty = false;          ///< prints 100 % with nothing to copy
  bool is_essential = true;              ///< its end is a failure of the node
  AtFailover at_failover = AtFailover::Kept;
  std::string_view
      kept_by{};  ///< a setting that, with any value but "none", keeps them all the same
  EntryForm entries = EntryForm::Mac;
};

struct Replication {
  std::vector<ReplicationRow> rules;
  std::vector<ApplicationRow> applications;  ///< in start order
  std::uint8_t configuration_application =
      255;  ///< the process that carries configurations; 255: none
  /// The table of interface modules, slot to state; 255: none.
  std::uint8_t module_application = 255;
  std::vector<std::string_view> modules;  ///< slots of interface modules
  int module_resets = 5;                  ///< then one that fails again stays down
  bool needs_same_version = true;         ///< different running software: nothing is checkpointed
  int version_parts = 4;                  ///< of a version's four numbers: those that must agree
  /// A second with other software gets the lead's images and restarts into the one that runs here.
  bool sends_images = false;
  bool installed_is_selected = true;  ///< an image that is installed is the next boot's
  bool save_waits_for_second = true;  ///< the reply to a save comes when the second has it as well
  std::string_view security_file;     ///< of flash; beside configurations, never selected
  std::vector<std::string_view> modules_without_nonstop;  ///< start again at every failover
  bool claim_needs_all_acknowledged = true;               ///< "in sync" waits for every change sent
  bool claim_needs_bulk = true;  ///< "in sync" waits for the last application
  std::uint16_t window = 8;      ///< records in flight
};

// ---------------------------------------------------------------- 5. commands

enum class Effect : std::uint8_t {
  ChangeActive,
  WriteStored,
  ChangeSelection,
  RestartEveryModule,
  RestartThisModule,
  RestartOtherModule,
  RestartWarm,  ///< this module if its second is ready, else every one; self-tests are skipped
  StepDown,
  CopyToSecond,
  RestartProcess,
  ClearRecovery
};

struct CommandRow {
  CommandKind kind = CommandKind::Configure;
  std::vector<Office> offices;  ///< who accepts it; anyone else refuses with `otherwise`
  Effect effect = Effect::ChangeActive;
  bool needs_sync_unless_forced = false;
  bool forced_without_second =
      false;  ///< with force and nobody to take over: step down all the same
  Refusal otherwise = Refusal::NotMaster;
  std::optional<NodeState> second_must_be = std::nullopt;  ///< for StepDown and RestartWarm
  bool waits_for_copy = false;  ///< StepDown: what is being copied arrives first
};

// ---------------------------------------------------------------- words

enum class Severity : std::uint8_t { Critical, Error, Warning, Notice, Info };

enum class LogEvent : std::uint8_t {
  Booted,
  StateChanged,
  NodeFailed,  ///< another node, or this one
  TookOver,
  SecondLost,
  DualLead,
  SyncBegun,       ///< the first synchronisation of a second
  ImageSent,       ///< to the second; {word} is the partition
  ChangesLocked,   ///< until the first synchronisation with run-time state is over
  ChangesAllowed,  ///< ... which it is
  InSync,
  TornFile,     ///< shorter than it says
  CorruptFile,  ///< with wrong bytes
  FlashFull,    ///< {word} found no room
  Saved,
  SavedOnSecond,
  PartFailed,
  PartRepaired,
  ProcessEnded,
  ProcessRestarted,
  Synchronized,     ///< everything is copied
  NotSynchronized,  ///< the second did not answer in time
  ModuleRestarted,  ///< an interface module, {word}
  ModuleReset,      ///< after it failed
  ModuleDown,       ///< shut down, or reset too often
  ImageUpdated,     ///< the second gets software {word} and starts again
  FailoverTrap      ///< the trap of a takeover; {word} is its cause
};

/// What a cause is called, and whether a failover for it is hitless.
struct CauseRow {
  FailoverCause cause = FailoverCause::Never;
  std::string_view word;
  bool is_hitless = false;
};

/// A setting that switches a mode on while it has this value.
struct ModeSetting {
  std::string_view key;  ///< empty: the family has no such mode
  std::string_view value;
};

/// What is logged: `{node}` is the node that it is about, `{word}` a state, reason, file or
/// process.
struct LogRow {
  LogEvent event = LogEvent::StateChanged;
  Severity severity = Severity::Info;
  std::string_view component;
  std::string_view text;
};

// ---------------------------------------------------------------- numbers

struct Timing {
  Duration heartbeat_period = std::chrono::milliseconds(100);
  int missed_limit = 3;
  /// On top of the limit. Zero in a world without jitter: lost exactly limit x period after the
  /// last heartbeat; a host whose timers are late by something sets a little.
  Duration grace{};
  Duration boot = std::chrono::seconds(2);  ///< all phases for everyone; the profile divides it
  Duration finish_boot = std::chrono::seconds(1);  ///< phases of a lead, where a family has them
  /// A candidate listens this long; zero: as long as it takes to miss a lead.
  Duration election{};
  Duration down = std::chrono::milliseconds(500);     ///< DOWN is shown before the restart
  Duration fail = std::chrono::milliseconds(500);     ///< FAIL is shown before a restart
  Duration process = std::chrono::milliseconds(500);  ///< a process' restart takes this long
  Duration module_boot = std::chrono::seconds(2);     ///< of an interface module
  Duration route_deletion = std::chrono::seconds(1);  ///< see AtFailover::DeletedLater
  Duration retransmit = std::chrono::milliseconds(50);
  Duration bulk_pace = std::chrono::milliseconds(5);  ///< between two records of a bulk checkpoint
  Duration save_limit = std::chrono::seconds(5);  ///< how long `save` waits for the backup's flash
  /// How long `synchronize` waits for the second to answer.
  Duration synchronize_limit = std::chrono::seconds(120);

  Duration listening() const {
    return election != Duration{} ? election : heartbeat_period * missed_limit;
  }
};

struct Profile {
  std::string_view name;                     ///< "exos-11.3"
  std::string_view product;                  ///< "ExtremeWare XOS"
  std::string_view version;                  ///< of the running software, "11.3.1.3"
  std::string chassis = "0543G-00012";       ///< serial number of the chassis
  std::vector<std::string_view> slot_words;  ///< "A", "B"
  std::vector<std::string_view> node_words;  ///< "MSM-A", "MSM-B"
  std::vector<int> slot_numbers;             ///< of the chassis, as SNMP counts them
  std::vector<StateRow> states;
  std::vector<TransitionRow> transitions;
  Election election;
  std::vector<BootPhase> boot;
  Replication replication;
  std::vector<CommandRow> commands;
  std::vector<std::pair<Reason, std::string_view>> reason_words;
  std::vector<CauseRow> causes;
  std::vector<LogRow> log;
  /// The setting that, with the value "none", keeps a node up whose process ended. With a slash and
  /// a slot it is that slot's own: none, reset or shutdown.
  std::string_view recovery_setting;
  ModeSetting alone;    ///< the lead wants no second
  ModeSetting nonstop;  ///< run-time state is replicated as well
  std::vector<std::pair<std::string_view, std::string_view>>
      factory;                    ///< settings of an empty flash
  std::string_view default_file;  ///< "primary.cfg"
  int full_software_health = 100;
  int full_hardware_health = 100;
  Timing timing;
};

const StateRow& row_of(const Profile& profile, NodeState state);
std::string_view word_of(const Profile& profile, NodeState state);
std::string_view word_of(const Profile& profile, Reason reason);
const CommandRow* row_of(const Profile& profile, CommandKind kind);

/// What is wrong with the tables, one sentence each: a state without a row, a cycle of
/// applications, a transition to nowhere. Empty for a sound profile.
std::vector<std::string> flaws_of(const Profile& profile);

}  // namespace understudy::reference

// What an operator can order from a node, typed, and how a node answers. The command lines of all
// families (reference-impl/cli) translate their words into these; what each does, and who may order
// it, stands in the profile's table of command effects. Regular values; no text meant for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "reference-impl/chassis/configuration.h"

namespace understudy::reference {

using Slot = std::uint8_t;  ///< 0 is the first slot (MSM-A, MM1), 1 the second
using CommandId = std::uint32_t;

enum class Partition : std::uint8_t { Primary, Secondary };

// ------------------------------------------------- changes of the active (running) configuration

struct CreateVlan {
  std::string name;
};
struct DeleteVlan {
  std::string name;
};
struct TagVlan {
  std::string name;
  int tag = 0;  ///< 1 to 4094, not in use
};
struct AddPorts {
  std::string vlan;
  std::vector<std::string> ports;
  bool tagged = false;
};
struct RemovePorts {
  std::string vlan;
  std::vector<std::string> ports;
};
struct SetSystemName {
  std::string name;
};
struct SetNodePriority {
  Slot slot = 0;
  int priority = 0;  ///< within the profile's range
};
/// Any other setting: as it is, without a rule of the core (see configuration.h for keys).
struct ChangeSetting {
  SettingChange change;
};
/// Back to the factory's configuration: every setting goes.
struct ClearConfiguration {};

// ------------------------------------------------- flash, boot, roles

struct Save {
  std::string file;  ///< e.g. "primary.cfg"; empty: the selected one
};
struct SelectConfiguration {
  std::string file;  ///< must be in flash; used at the next boot
};
struct SelectImage {
  Partition partition = Partition::Primary;  ///< used at the next boot
};
/// Software into a partition of this module and of the second; both boot it next.
struct InstallImage {
  Partition partition = Partition::Primary;
  std::string version;  ///< "11.3.1.5"
};
/// Without a module: the whole chassis, and none takes over.
struct Reboot {
  std::optional<Slot> module;
  std::optional<Partition> image = std::nullopt;  ///< for this boot alone
  bool is_warm = false;                           ///< self-tests are skipped
};
/// A file of flash beside the configurations gets new content at once, here and on the second.
struct StoreFile {
  std::string file;
  std::string content;
};
struct Failover {
  bool force = false;
};

/// The second restarts, gets this module's images and configurations, and restarts again.
struct Synchronize {};
/// The process ends and starts again; what it knows stays. Without a module: on this one.
struct RestartProcess {
  std::uint8_t application = 0;
  std::optional<Slot> module = std::nullopt;
};

/// What a protocol or the hardware has learned is forgotten, here and on the second; no
/// configuration.
struct ForgetEntries {
  std::uint8_t application = 0;
};

/// Modules that their recovery level has shut down may be up again: interface modules at once, the
/// module that is asked when it restarts.
struct ClearRecovery {};

using Command = std::variant<CreateVlan, DeleteVlan, TagVlan, AddPorts, RemovePorts, SetSystemName,
                             SetNodePriority, ChangeSetting, ClearConfiguration, Save,
                             SelectConfiguration, SelectImage, InstallImage, Reboot, StoreFile,
                             Failover, ForgetEntries, Synchronize, RestartProcess, ClearRecovery>;

/// Rows of the table of command effects; every change of what the lead works with is one kind.
enum class CommandKind : std::uint8_t {
  Configure,
  Save,
  StoreFile,
  InstallImage,
  Select,
  RebootWarm,
  RebootChassis,
  RebootOwnModule,
  RebootOtherModule,
  Failover,
  Synchronize,
  RestartProcess,
  ClearRecovery
};

/// `asked` is the slot of the node that is asked (a module may reboot itself, or the other one).
CommandKind kind_of(const Command& command, Slot asked);

enum class Refusal : std::uint8_t {
  NotMaster,      ///< only the lead accepts this
  NotInSync,      ///< failover without force needs a synchronised backup
  Synchronising,  ///< no change while the second gets its first copy
  NoBackup,       ///< there is no backup at all
  OutOfRange,     ///< a number outside its range, or a name that is too long or empty
  UnknownObject,  ///< no such VLAN, port, slot
  AlreadyExists,  ///< the VLAN is there, the tag is in use
  NoSuchFile,     ///< no such configuration in flash
  Busy,           ///< a save or reboot is under way
  NotReady,       ///< the node is booting or has failed
  NoAnswer,       ///< the second did not come back in time
  FlashFull,      ///< this module's flash has no room for the file
  NotAllowed      ///< what the switch came with stays
};

/// The end of a command: exactly one reply for each, unless the node restarts first.
struct Reply {
  CommandId id = 0;
  std::optional<Refusal> refusal;  ///< absent: done
  std::string object;              ///< what the refusal is about: a VLAN's name, a file

  friend bool operator==(const Reply&, const Reply&) = default;
};

/// A step of a command that takes time; the reply follows.
struct Progress {
  enum class Stage : std::uint8_t {
    SavedHere,       ///< this module's flash holds the file
    SavedOnBackup,   ///< the backup has confirmed that its flash holds it
    BackupNotSaved,  ///< there is a backup, and it did not confirm in time
    NoBackupToSave   ///< this module is alone
  };
  CommandId id = 0;
  Stage stage = Stage::SavedHere;
  std::string file;

  friend bool operator==(const Progress&, const Progress&) = default;
};

}  // namespace understudy::reference

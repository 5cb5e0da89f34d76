// Read-only questions that command lines, tests and witnesses ask of a node. Values out, in order,
// no text formatting: show commands of every family are printed from these.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference-impl/chassis/node.h"

namespace understudy::reference {

/// A row of `show node`: one module as this node sees it.
struct ModuleRow {
  Slot slot = 0;
  std::string_view name;  ///< "MSM-A"
  bool is_self = false;
  bool is_present = true;
  NodeState state = NodeState::Off;
  std::string_view state_word;
  Reason reason = Reason::None;  ///< why it failed
  int priority = 0;
  int software_health = 0;
  int hardware_health = 0;
  Images images;
  std::uint64_t version = 0;  ///< of the software that it runs; 0: not heard
};
/// Every slot in order. A module that was never heard has the state Off.
std::vector<ModuleRow> modules_of(const Profile& profile, const Node& node);

/// Its own, on the profile's scale: the full value less one for each ended process or failed part.
int software_health(const Profile& profile, const Node& node);
int hardware_health(const Profile& profile, const Node& node);

Office office_of(const Profile& profile, const Node& node);
bool is_lead(const Profile& profile, const Node& node);

enum class SyncClaim : std::uint8_t { NoSecond, NotInSync, InSync };
/// What this node says about the second's synchronisation: the lead from acknowledgements, the
/// second from what it received and what the lead announced. Anyone else: NoSecond.
SyncClaim sync_claim(const Profile& profile, const Node& node);
/// Has this node itself completed its initial synchronisation (as second)?
bool has_complete_copy(const Node& node);

/// A row of show checkpoint-data.
struct CheckpointRow {
  std::string_view process;
  std::uint32_t tx = 0, rx = 0, errors = 0, sent = 0, total = 0;
  int percent = 0;
  bool is_on = false;  ///< dynamic checkpointing is active for it
  bool is_ok = true;
  std::uint32_t debug = 0;  ///< the Debug-info hex word
};
std::vector<CheckpointRow> checkpoints_of(const Profile& profile, const Node& node,
                                          const Diary& diary);

/// The software in a partition of this node: what was installed, or what the product came with.
std::string image_version(const Profile& profile, const Node& node, Partition partition);
/// A version of four numbers, 0 to 65535 each, in one: "11.3.1.3"; or of one or two letters and up
/// to three numbers: "K.12.57"; 0 for anything else.
std::uint64_t image_number(std::string_view version);
std::string image_text(std::uint64_t number);

/// The parts that can break, by the words of those who break them: "fan", "power-supply", ...
std::optional<Part> part_named(std::string_view word);
std::vector<std::string> part_words();

/// A button by its word: "reset" and "shutdown" of the module, "chassis-reset" and "clear" of the
/// chassis, which act through the lead.
std::optional<Input> button_named(std::string_view word);
std::vector<std::string> button_words();

struct SavedFileRow {
  std::string name;
  std::size_t bytes = 0;
  std::uint64_t saved_at = 0;
  bool is_selected = false;
  bool is_booted = false;
};
std::vector<SavedFileRow> saved_files_of(const Node& node);
/// The configuration in a file of this node's flash; nothing if there is none.
std::optional<Configuration> saved_configuration(const Node& node, std::string_view file);

struct VlanRow {
  std::string name;
  int tag = 0;  ///< 0: none
  std::string address;
  std::vector<std::string> tagged, untagged;
};
std::vector<VlanRow> vlans_of(const Node& node);

/// Who is told of things, by a configuration: `trap/HOST:PORT` is an SNMP community,
/// `syslog/HOST:PORT` the facility of the lines.
struct Receiver {
  std::string host;
  int port = 0;
  std::string word;
};
std::vector<Receiver> trap_receivers_of(const Configuration& configuration);
std::vector<Receiver> syslog_servers_of(const Configuration& configuration);
std::string trap_key(std::string_view host, std::string_view port);
std::string syslog_key(std::string_view host, std::string_view port);

std::string system_name(const Node& node);
/// As configured (active configuration); 0 if not.
int configured_priority(const Profile& profile, const Node& node, Slot slot);

/// Index of an application of the profile by name; nothing if there is none.
std::optional<std::uint8_t> application_named(const Profile& profile, std::string_view name);
inline constexpr std::string_view kOperational = "Operational";
inline constexpr std::string_view kPowerCycled = "Initialized";  ///< starts from the beginning
inline constexpr std::string_view kModuleFailed = "Failed";
/// Out of service: one that was reset too often for good, one that its recovery level shut down
/// until that is cleared.
inline constexpr std::string_view kModuleDown = "Down";
inline constexpr std::string_view kModuleShutDown = "Shut down";
/// The state of an interface module: what its table has, else operational.
std::string_view module_state(const Profile& profile, const Node& node, std::string_view slot);
/// Did its recovery level shut this interface module down, by its table or, until a chassis that
/// boots has a lead, by the flash?
bool is_module_shut_down(const Profile& profile, const Node& node, std::string_view slot);
/// An application's entries on this node (FDB: "fdb").
const Entries& entries_of(const Node& node, std::uint8_t application);

/// The interface modules as parts that break: "slot-1" and its slot "1".
std::vector<std::pair<std::string, std::string>> module_words(const Profile& profile);
/// An interface module fails, or is well again; the lead takes notice.
EntryLearned module_by_hand(const Profile& profile, std::string_view slot, bool is_broken);

/// The entry that a source of test traffic would make an application learn, one for each `index`:
/// "02:00:5e:00:01:00 Default" with "1:1" for index 256 of one that learns MAC addresses.
EntryLearned learned_entry(const Profile& profile, std::uint8_t application, int index);

/// Seconds since 1970, by the module's clock.
std::uint64_t clock_of(const Diary& diary);
/// What has passed of the next one.
Duration part_of_second(const Diary& diary);

}  // namespace understudy::reference

// Inside of step: the pieces of the engine that node.h's one function is made of. Nobody else
// includes this. Each piece changes the node through the Machine and appends outputs; none keeps
// anything.
#pragma once

#include <string>
#include <string_view>

#include "reference-impl/chassis/node.h"
#include "reference-impl/chassis/query.h"

namespace understudy::reference {

struct Machine {
  const Profile& profile;
  Node& node;
  Diary& diary;
  Outputs& outputs;

  Office office() const { return row_of(profile, node.state).office; }
  std::int64_t& left(Timer timer) { return node.left[static_cast<std::size_t>(timer)]; }
  void start(Timer timer, Duration after) { left(timer) = after.count(); }
  void stop(Timer timer) { left(timer) = kNever; }
  bool runs(Timer timer) const { return node.left[static_cast<std::size_t>(timer)] != kNever; }
  Duration detection() const {
    return profile.timing.heartbeat_period * profile.timing.missed_limit + profile.timing.grace;
  }
  template <typename One>
  void emit(One output) {
    outputs.emplace_back(std::in_place_type<One>, std::move(output));
  }
  Slot other() const { return static_cast<Slot>(1 - node.slot); }
};

// life.cc: transitions, boot, log
bool fire(Machine& machine, Event event);
void power_on(Machine& machine, const PowerOn& input);
void power_off(Machine& machine);
void boot_phase_over(Machine& machine);
/// Fails the node for the first broken part that is fatal; false if there is none.
bool fail_by_part(Machine& machine);
std::uint32_t hash_of(std::string_view text);
/// Tells two versions apart: image_number, or a hash of what is no such number.
std::uint64_t version_number(std::string_view text);
bool is_silent(const Machine& machine);
void restart(Machine& machine);
void write_log(Machine& machine, LogEvent event, Slot about, std::string_view word);

/// Is the mode switched on in the active configuration?
bool has_mode(const Node& node, const ModeSetting& mode);

// flash_writer.cc: files of the node's own flash
std::uint32_t write_file(Machine& machine, std::string_view name, std::string content,
                         std::uint64_t saved_at);
std::uint32_t write_memory(Machine& machine);
void read_memory(Machine& machine);
void flash_write_done(Machine& machine, std::uint32_t ticket);
void load_stored(Machine& machine);
void note_images(Machine& machine);
void active_changed(Machine& machine);

// election.cc
/// True if this node comes before the other one by the profile's order.
bool comes_first(const Profile& profile, const Node& node);
void election_over(Machine& machine);

// heartbeat.cc: what the modules hear of each other
FrameHeader header_for(const Machine& machine, FrameType type, std::uint32_t sequence,
                       std::uint32_t session);
void send_heartbeat(Machine& machine);
void receive_heartbeat(Machine& machine, const FrameHeader& header,
                       std::span<const std::byte> frame);
void peer_is_silent(Machine& machine);
void peer_presence(Machine& machine, bool is_present);

// sending.cc: the lead's end of the replication stream
void open_session(Machine& machine);
bool owes_active(const Sending& sending);
void close_session(Machine& machine);
void receive_ack(Machine& machine, const FrameHeader& header, std::span<const std::byte> frame);
void retransmit(Machine& machine);
void transmit(Machine& machine);
void replicate_change(Machine& machine, const std::vector<SettingChange>& changes);
/// Sequence number of the record whose acknowledgement tells that the second has it; 0: none goes.
std::uint32_t replicate_saved(Machine& machine, std::string_view file);
void replicate_entry(Machine& machine, const EntryLearned& entry);

// receiving.cc: the second's end
void receive_record(Machine& machine, const FrameHeader& header, std::span<const std::byte> frame);
void second_wrote_flash(Machine& machine, std::uint32_t ticket);

// orders.cc: commands of operators, orders between modules
void carry_out(Machine& machine, const Ordered& ordered);
void give_order(Machine& machine, Order order, std::uint8_t detail = 0);
void repeat_order(Machine& machine);
void receive_order(Machine& machine, const FrameHeader& header, std::span<const std::byte> frame);
void receive_order_ack(Machine& machine, const FrameHeader& header,
                       std::span<const std::byte> frame);
void other_is_down(Machine& machine);
void processes_are_up(Machine& machine);
void save_step(Machine& machine);
void save_limit_over(Machine& machine);
/// Every module starts again, from its image of the number + 1, and none takes over.
void restart_all(Machine& machine, CommandId id, std::uint8_t image);

// leaving.cc: in order, after what is being copied
void shut_down(Machine& machine);
/// What was being copied has arrived, or cannot any more.
void leave_step(Machine& machine);

// modules.cc: interface modules
enum class Recovery { None, Reset, Shutdown };
/// Both modules keep in flash which interface modules are shut down; a chassis that boots goes on
/// with it.
void keep_modules_down(Machine& machine);
void take_modules_down(Machine& machine);
/// What happens when software of `slot` (a module's, an interface module's) fails.
Recovery recovery_of(const Machine& machine, std::string_view slot);
/// What is configured for that slot alone, which counts for faults of its hardware.
std::optional<Recovery> recovery_of_slot(const Machine& machine, std::string_view slot);
/// Those that are not operational; all that no nonstop mode spares where it is not hitless.
void restart_modules(Machine& machine, bool is_hitless);
void module_failed(Machine& machine, std::string_view slot);
void modules_are_up(Machine& machine);

// hitless.cc: what a takeover leaves of the applications' entries
void carry_entries_over(Machine& machine);
void entry_is_fresh(Machine& machine, const EntryLearned& entry);
void stale_entries_end(Machine& machine);

// synchronize.cc: flash to flash, between two restarts of the second
void begin_synchronize(Machine& machine, CommandId id);
void copy_is_done(Machine& machine);
void synchronize_is_over(Machine& machine, std::optional<Refusal> refusal);
void synchronize_limit_over(Machine& machine);

// settings.cc: what a configuration command changes, or why not
struct Changes {
  std::vector<SettingChange> list;
  std::optional<Refusal> refusal;
  std::string object;
};
Changes changes_of(const Profile& profile, const Node& node, const Command& command);

inline constexpr std::uint8_t kMarker = 255;  ///< application of the record that ends the start
inline constexpr std::string_view kMemoryFile = "boot";
inline constexpr std::uint32_t kNoRoom = 0xffffffff;  ///< Receiving::ticket: flash was full

}  // namespace understudy::reference

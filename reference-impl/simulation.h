// A chassis in a virtual world: two modules, their flash, the backplane between them, hands and
// power, on a virtual clock. Used by the tests of the core, by the simulated bench
// (targets/simulated.h), by explore and by the benchmark. A Simulation is a regular value: copy it
// at any step and both copies live the same history; one seed gives one history, byte for byte.
// Nothing sleeps and nothing is read from the host. Events of one instant happen in a fixed order:
// frames as they were sent, flash writes, then timers by slot. Not for use by two threads at once.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference-impl/chassis/exos_11_3.h"
#include "reference-impl/module.h"

namespace understudy::reference {

inline constexpr Slot A = 0;
inline constexpr Slot B = 1;

/// What becomes of a frame on the backplane. Implementations are copied with the world.
class LinkPolicy {
 public:
  struct Delivery {
    Duration after{};  ///< beside the link's own latency
    FrameBytes bytes;
  };

  virtual ~LinkPolicy() = default;
  virtual std::unique_ptr<LinkPolicy> clone() const = 0;

  /// Appends what arrives at `to`; nothing: lost. `random` is fresh for each call.
  virtual void carry(Slot from, Slot to, const FrameBytes& frame, Duration now,
                     std::uint64_t random, std::vector<Delivery>& deliveries) = 0;
  /// Asked again when it arrives: a cut that came meanwhile stops it.
  virtual bool still_passes(Slot, Slot, const FrameBytes&) { return true; }
  /// All that decides about later frames, for fingerprints.
  virtual std::string canonical_bytes() const { return {}; }
};

struct SimulationSettings {
  Duration heartbeat_period = std::chrono::milliseconds(100);
  int missed_limit = 3;
  std::uint64_t seed = 1;
  Duration latency = std::chrono::microseconds(50);
  Duration flash_write = std::chrono::milliseconds(20);  ///< for each file
  std::uint64_t clock = 1'136'073'600;  ///< seconds since 1970 when the world begins (2006-01-01)
  std::shared_ptr<const Profile> profile = nullptr;  ///< absent: exos_11_3 with the timing above
  /// Of the second module where it differs: another software version, or a deliberate defect.
  std::shared_ptr<const Profile> profile_of_b = nullptr;
  std::function<std::unique_ptr<Shell>(Slot)> make_shell = nullptr;
  std::function<std::unique_ptr<Interposer>(Slot)> make_interposer = nullptr;
};

/// Something a bench wants to know at once; kept only after watch().
struct Happening {
  enum class Kind : std::uint8_t {
    Printed,   ///< on `console`
    HungUp,    ///< the session on `console` ended
    Notified,  ///< a trap or a syslog line of the module left for `to`; its bytes are the text
    Started,   ///< the module runs: power came, or it restarted
    Ended      ///< the module does not run any more: power went, or it restarts by itself
  };
  Duration at{};
  Kind kind = Kind::Printed;
  Slot slot = 0;
  ConsoleId console = 0;
  std::string text;
  bool by_itself = false;  ///< Ended, Started: the module restarted without power being touched
  std::string to{};        ///< Notified: host:port
};

/// What explore's invariants read: integers only.
struct Witness {
  struct Module {
    bool is_running = false;
    std::uint8_t state = 0;
    std::uint8_t office = 0;
    std::uint8_t sync_claim = 0;
    bool has_complete_copy = false;
    bool is_dirty = false;
    std::uint32_t boots = 0;
    std::uint64_t active = 0;   ///< hash of the active configuration
    std::uint64_t saved = 0;    ///< hash of the saved files
    std::uint64_t runtime = 0;  ///< hash of the applications' tables

    friend bool operator==(const Module&, const Module&) = default;
  };
  std::array<Module, 2> modules;

  friend bool operator==(const Witness&, const Witness&) = default;
};

class Simulation {
 public:
  explicit Simulation(const SimulationSettings& settings = {});
  Simulation(const Simulation& other);
  Simulation(Simulation&&) noexcept = default;
  Simulation& operator=(const Simulation& other);
  Simulation& operator=(Simulation&&) noexcept = default;

  // time
  Duration now() const { return now_; }
  std::optional<Duration> next_event() const;  ///< the instant; nothing if nothing will ever happen
  void run_for(Duration time) { run_to(now_ + time); }
  void run_to(Duration instant);
  /// Runs to the next event and carries it out, unless it is later than `limit`; false if it is.
  bool run_event(Duration limit);
  /// Runs event by event until `holds(*this)`; false if `limit` of virtual time passed before.
  template <typename Predicate>
  bool run_until(Predicate holds, Duration limit = std::chrono::minutes(10)) {
    const Duration end = now_ + limit;
    while (!holds(*this)) {
      if (!run_event(end)) {
        run_to(end);
        return holds(*this);
      }
    }
    return true;
  }

  // power and hands
  void power_on(Slot slot);
  void cut_power(Slot slot);  ///< a flash write under way is torn
  void remove(Slot slot);
  void insert(Slot slot);  ///< gets power at once
  void press_reset(Slot slot) { press(slot, ResetPressed{}); }
  void press(Slot slot, const Input& button);
  void hang(Slot slot);  ///< stopped like a process: hears nothing, sends nothing
  void resume(Slot slot);
  void break_part(Slot slot, Part part) { give(slot, PartFailed{part}); }
  void repair_part(Slot slot, Part part) { give(slot, PartRepaired{part}); }
  void set_diagnostic_fault(Slot slot, bool is_present) { give(slot, DiagnosticFault{is_present}); }
  void end_process(Slot slot, std::string_view name);
  void corrupt_flash(Slot slot, std::string_view medium_file);
  /// Every generation of a file; the number of them.
  std::size_t damage(Slot slot, std::string_view file, FlashDamage damage);

  // commands, learned entries, consoles
  CommandId order(Slot slot, Command command);
  const std::vector<Reply>& replies() const { return replies_; }
  const Reply* reply_to(CommandId id) const;
  const std::vector<Progress>& progress() const { return progress_; }
  void learn(Slot slot, std::string_view application, std::string key,
             std::optional<std::string> value);
  void type(Slot slot, std::string_view bytes, ConsoleId console = 0);
  void close_console(Slot slot, ConsoleId console);
  void give(Slot slot, const Input& input);

  // the backplane
  void cut(Slot from, Slot to) { is_cut_[from] = true, static_cast<void>(to); }
  void cut() { is_cut_ = {true, true}; }
  void mend() { is_cut_ = {}; }
  void set_link(std::unique_ptr<LinkPolicy> policy) { link_ = std::move(policy); }
  LinkPolicy* link() { return link_.get(); }
  /// A frame that the host of the backplane kept arrives, after the link's latency.
  void inject(Slot from, Slot to, const FrameBytes& frame) {
    enqueue(from, to, Duration::zero(), frame);
  }

  // looking
  const Module& module(Slot slot) const { return bays_[slot].module; }
  const Node& node(Slot slot) const { return bays_[slot].module.node(); }
  const Diary& diary(Slot slot) const { return bays_[slot].module.diary(); }
  const Profile& profile() const { return *profile_; }
  NodeState state(Slot slot) const { return node(slot).state; }
  const FlashFiles& flash(Slot slot) const { return bays_[slot].flash; }
  bool is_running(Slot slot) const { return bays_[slot].is_powered && !bays_[slot].is_hung; }
  bool is_powered(Slot slot) const { return bays_[slot].is_powered; }
  bool is_hung(Slot slot) const { return bays_[slot].is_hung; }
  std::uint32_t boots(Slot slot) const { return bays_[slot].boots; }
  std::uint64_t events() const { return events_; }
  std::uint64_t frames_sent() const { return frames_sent_; }

  Witness witness() const;
  /// All that decides about the future, one byte form; the clock's own value is not in it.
  std::string canonical_bytes() const;
  std::uint64_t fingerprint() const;

  /// From here on happenings are kept until they are taken.
  void watch() { is_watched_ = true; }
  std::vector<Happening> take_happenings() { return std::exchange(happenings_, {}); }

 private:
  struct FlashJob {
    Duration at{};
    std::uint32_t ticket = 0;
    std::string name;
    std::string content;
  };
  struct Typed {
    ConsoleId console = 0;
    std::string bytes;
  };
  struct Bay {
    Module module;
    FlashFiles flash;
    std::vector<FlashJob> writing;
    std::vector<Typed> typed;  ///< while it hung
    std::vector<Input> given;  ///< likewise
    bool is_inserted = true;
    bool is_powered = false;
    bool is_hung = false;
    std::uint32_t boots = 0;
    Duration told{};  ///< the instant up to which the node was told that time passed
    Duration next = Duration::max();  ///< its next timer or finished flash write
  };
  struct Flight {
    Duration at{};
    Slot from = 0;
    Slot to = 0;
    FrameBytes bytes;
  };

  std::uint64_t random();
  void tell_time(Bay& bay);
  void plan(Bay& bay);
  void arrive();
  void wake(Slot slot);
  void carry_out(Slot slot);
  void start(Slot slot, bool by_itself);
  void send(Slot from, const FrameBytes& frame);
  void enqueue(Slot from, Slot to, Duration after, const FrameBytes& frame);
  void stop_flash(Bay& bay, bool tears);
  void notify(Slot slot, const Output& output);
  void happened(Happening::Kind kind, Slot slot, ConsoleId console, std::string text,
                bool by_itself);

  std::shared_ptr<const Profile> profile_;
  Duration latency_;
  Duration flash_write_;
  std::uint64_t clock_;
  std::uint64_t random_;
  Duration now_{};
  std::vector<Bay> bays_;
  std::vector<Flight> flights_;  ///< by arrival, from `landed_` on
  std::size_t landed_ = 0;
  std::array<bool, 2> is_cut_{};
  std::unique_ptr<LinkPolicy> link_;
  std::vector<LinkPolicy::Delivery> deliveries_;
  ModuleOutputs outputs_;
  CommandId commands_ = 0;
  std::vector<Reply> replies_;
  std::vector<Progress> progress_;
  std::vector<Happening> happenings_;
  std::uint64_t events_ = 0;
  std::uint64_t frames_sent_ = 0;
  bool is_watched_ = false;
};

// ---------------------------------------------------------------- predicates for run_until

/// One lead, one second, and the lead claims that it is in sync.
bool in_sync(const Simulation& simulation);

/// A heartbeat has come to `slot` since this was made and first asked.
struct HeartbeatArrives {
  Slot slot = 0;
  std::optional<std::uint64_t> before = std::nullopt;
  bool operator()(const Simulation& simulation);
};
inline HeartbeatArrives heartbeat_arrives_at(Slot slot) {
  return {slot};
}

/// `slot` is in `state`.
struct IsIn {
  Slot slot = 0;
  NodeState state = NodeState::Off;
  bool operator()(const Simulation& simulation) const { return simulation.state(slot) == state; }
};
inline IsIn state_is(Slot slot, NodeState state) {
  return {slot, state};
}

}  // namespace understudy::reference

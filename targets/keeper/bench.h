// The harness's side of a process bench: consoles and doors, the channel to the keeper, and the
// bench's words as orders with receipts. One thread. While an order is under way consoles are read
// on, so that every byte and event carries the time at which it came.
#pragma once

#include <poll.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "targets/bench.h"
#include "targets/console/pump.h"
#include "targets/doors/door.h"
#include "targets/frames.h"
#include "targets/keeper/channel.h"
#include "targets/keeper/placeholders.h"
#include "targets/keeper/stall_watch.h"
#include "targets/keeper/undo.h"
#include "targets/listeners/socket.h"
#include "targets/masked_file.h"
#include "targets/process.h"
#include "targets/wire/faults.h"

namespace understudy::targets {

class ProcessBench final : public Bench, private Pump::Sink {
 public:
  /// `frames` of each link, in the order of the settings, which are checked already.
  ProcessBench(ProcessBenchSettings settings, std::vector<FrameWords> frames);
  ~ProcessBench() override { heal(); }
  ProcessBench(const ProcessBench&) = delete;
  ProcessBench& operator=(const ProcessBench&) = delete;

  Time now() const override;
  Result<void> start() override;
  void send(std::size_t node, std::string_view bytes) override;
  void pump(Time until, const Cancel& cancel, std::vector<BenchEvent>& events) override;
  Receipt apply(const Act& act) override;
  std::optional<PowerChange> change() const override { return change_; }
  void seen(const PowerChange& change) override;
  std::vector<LeftUndone> left_undone() const override;
  void undone(const LeftUndone& one) override;
  std::vector<std::string> acts() const override;
  std::vector<ImpossibleAct> impossible() const override;
  std::vector<std::string> heal() override;
  bool snmp_get(const std::vector<std::string>& oids) override;
  std::map<std::string, std::string> values() const override { return values_; }
  bool open_again(std::size_t node) override;
  std::vector<std::string> artefacts() const override;

 private:
  struct Console {
    std::vector<Descriptor> descriptors;
    std::vector<Pump::Id> ids;  ///< of the first: read; of the last: written
    bool is_open() const { return !ids.empty(); }
  };
  /// Where a node, or one of its lives, prints its troubles.
  struct Errors {
    std::size_t node = 0;
    Descriptor descriptor;
  };
  /// What is known of a node whose console is a door.
  struct Outside {
    std::unique_ptr<Door> door;
    bool was_open = false;
    std::string trouble;      ///< why it cannot be opened
    std::string hint;         ///< against that
    bool sent_break = false;  ///< not told yet
    std::string why_ended{};  ///< the session; not told yet
  };
  /// A port that is listened on, and when it was last read.
  struct Ear {
    ListenerSocket socket;
    Time read{};
  };
  /// What a relay has told of one fault, or of one lift.
  struct Effect {
    std::uint64_t acted = 0;
    bool is_spent = false;
    std::uint64_t first_frame = 0;
    Time first{};
    Time last{};
  };
  using EffectKey = std::pair<std::size_t, std::uint64_t>;

  // Pump::Sink
  void bytes(Pump::Id from, std::string_view bytes) override;
  void quiet(Pump::Id) override {}
  void ended(Pump::Id from) override;

  // start
  Result<void> open_listeners();
  Result<void> start_keeper();
  Result<void> set_up();
  Json setup_order() const;
  void learn_values(const Json& ready);
  Result<void> start_nodes();
  Result<Json> node_spec(std::size_t node) const;
  Json environment_of(const ProcessNode& node) const;
  Result<void> run_prepare();
  Result<void> open_doors();
  Result<DoorSettings> door_settings(std::size_t node) const;

  // events
  void wait(Duration limit);
  void serve_channel();
  void hear(Message& message);
  void hear_started(Message& message);
  void hear_ended(const Json& event);
  void serve_doors();
  void serve_listeners();
  bool serve_snmp();
  void hear_door(std::size_t node, Door::Event& event);
  void open_console(std::size_t node, Time at);
  bool is_ours(std::size_t node) const { return !settings_.nodes[node].command.empty(); }
  void close_console(std::size_t node, Time at, bool expected);
  void drain_console(std::size_t node);
  void read_errors(std::size_t node, Descriptor descriptor);
  void drain_errors();
  void keeper_lost();
  void broken(const std::string& cause);
  void watch_own_thread();
  /// Half of the time in which a node that says nothing is taken for dead.
  Duration stall_limit() const { return settings_.heartbeat * settings_.limit / 2; }
  void add(BenchEvent event) { pending_.push_back(std::move(event)); }

  // acts
  bool order(const Json& order);
  std::optional<Json> order_and_wait(Json order, Duration limit);
  std::vector<std::string> power_acts() const;
  std::vector<ImpossibleAct> impossible_power_acts() const;
  Receipt apply_power(const Act& act);
  Receipt apply_signal(const Act& act, const std::vector<std::size_t>& nodes);
  Receipt apply_outlets(const Act& act, const std::vector<std::size_t>& nodes,
                        const std::vector<const ProcessOutlet*>& outlets);
  Receipt apply_operator(const Act& act, const std::vector<std::size_t>& nodes);
  void power_changed(const std::vector<std::size_t>& nodes, bool on, bool is_confirmed,
                     Receipt& receipt);
  Result<std::vector<const ProcessOutlet*>> outlets_for(
      const Act& act, const std::vector<std::size_t>& nodes) const;
  Receipt switch_outlet(const ProcessOutlet& outlet, bool on, Time ordered);
  Receipt carry_out_outlet(const ProcessOutlet& outlet, bool on, Time ordered);
  Receipt run_command(const std::vector<std::string>& command, Time ordered, std::string means);
  Receipt apply_fault(const Act& act);
  Receipt apply_restore(const Act& act);
  Receipt apply_hand(const Act& act, const ProcessHand& hand);
  Receipt carry_out_hand(const Act& act, const ProcessHand& hand);
  Receipt receipt_of(const std::optional<Json>& answer, Time ordered, std::string means) const;
  void await_effect(const Fault& fault, const EffectKey& key, Receipt& receipt);
  void wait_for(const EffectKey& key, bool until_spent, Duration limit);
  bool is_periodic(std::size_t link, const std::string& type) const;
  Receipt ask_for(const std::string& order);
  Result<std::vector<std::size_t>> nodes_of(const Act& act) const;

  // what outlives the run
  UndoList& undo_list();
  std::string order_for(const Act& act) const;
  Result<std::optional<Undo>> undo_of(const Act& act, const std::string& node) const;
  Result<void> before_hand(const Act& act);
  void hand_done(const Act& act);
  Result<void> before_outlet(const ProcessOutlet& outlet);
  void outlet_is_on(const ProcessOutlet& outlet);
  std::vector<std::string> lines_of_undone();
  Result<std::size_t> link_of(const Act& act) const;

  ProcessBenchSettings settings_;
  std::vector<FrameWords> frames_;
  Time start_{};
  Pump pump_;
  Descriptor channel_;
  Descriptor keeper_process_;  ///< a pidfd
  pid_t keeper_ = 0;
  PlaceholderValues values_;
  std::vector<Console> consoles_;
  std::vector<Outside> outsides_;
  std::vector<Ear> ears_;  ///< as the listeners of the settings
  std::size_t datagrams_pending_ = 0;
  std::unique_ptr<SnmpSession> snmp_;
  Time snmp_asked_{};
  std::vector<bool> is_up_;                  ///< the node has power, as far as we know
  std::optional<PowerChange> change_;        ///< of the latest act
  std::optional<UndoList> undo_;             ///< once there is something to undo
  std::map<Pump::Id, std::size_t> readers_;  ///< console id -> node
  std::map<Pump::Id, Errors> errors_;
  std::map<std::size_t, MaskedFile> error_files_;  ///< by node, of those that printed some
  std::vector<Descriptor> unread_;                 ///< of processes whose console is a door
  std::vector<pollfd> polled_;
  std::vector<BenchEvent> pending_;
  std::map<std::uint64_t, Json> receipts_;
  std::map<EffectKey, Effect> effects_;
  std::map<EffectKey, Effect> passages_;
  std::optional<Json> ready_;
  std::optional<Json> bye_;
  std::string start_failure_;
  std::uint64_t last_order_ = 0;
  bool is_broken_ = false;
  std::optional<WaitSum> own_waits_;  ///< of the thread that pumps
  Time own_sample_{};
};

}  // namespace understudy::targets

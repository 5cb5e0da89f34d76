#include "targets/simulated.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/products.h"
#include "reference-impl/defects/defect.h"
#include "reference-impl/simulation.h"
#include "targets/simulated_defects.h"
#include "targets/simulated_hands.h"
#include "targets/simulated_snapshot.h"
#include "targets/simulated_witness.h"
#include "targets/wire/wire.h"

namespace understudy::targets {
namespace {

namespace ref = understudy::reference;

constexpr std::array<const char*, 6> fault_words{"cut",       "drop",    "delay",
                                                 "duplicate", "reorder", "corrupt"};
constexpr std::array<const char*, 8> module_words{"lose",   "power-off", "power-on", "hang",
                                                  "resume", "insert",    "remove",   "press"};

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string text_argument(const Act& act, const char* name) {
  const auto found = act.arguments.find(name);
  return found == act.arguments.end() ? std::string() : text_of(*found);
}

std::string seconds(Time time) {
  return fmt::format("{:.6f}s", static_cast<double>(time.count()) / 1e9);
}

std::string text_of_mark(const FrameMark& mark, const std::string& file) {
  if (mark.number == 0) return "none";
  return fmt::format("frame {} of {} at {}", mark.number, file, seconds(mark.at));
}

std::span<const std::uint8_t> bytes_of(const ref::FrameBytes& frame) {
  const auto view = frame.view();
  return {reinterpret_cast<const std::uint8_t*>(view.data()), view.size()};
}

ref::FrameBytes frame_of(std::span<const std::uint8_t> bytes) {
  return ref::FrameBytes(std::span(reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()));
}

/// Gives every frame to the wire, which says what arrives at once; the rest comes later by itself.
class WirePolicy final : public ref::LinkPolicy {
 public:
  explicit WirePolicy(Wire& wire, std::vector<Delivery>*& sink) : wire_(wire), sink_(sink) {}
  std::unique_ptr<LinkPolicy> clone() const override { return nullptr; }
  void carry(ref::Slot from, ref::Slot, const ref::FrameBytes& frame, ref::Duration now,
             std::uint64_t, std::vector<Delivery>& deliveries) override {
    sink_ = &deliveries;
    wire_.arrived(from, bytes_of(frame), now, now);
    sink_ = nullptr;
  }

 private:
  Wire& wire_;
  std::vector<Delivery>*& sink_;
};

class SimulatedSnapshot final : public WorldSnapshot {
 public:
  explicit SimulatedSnapshot(ref::Simulation world) : world_(std::move(world)) {}
  std::uint64_t fingerprint() const override { return world_.fingerprint(); }
  const ref::Simulation& world() const { return world_; }

 private:
  ref::Simulation world_;
};

class SimulatedBench final : public Bench {
 public:
  SimulatedBench(SimulatedBenchSettings settings, ref::SimulationSettings world, FrameWords frames)
      : settings_(std::move(settings)), frames_(std::move(frames)), world_(std::move(world)) {
    world_.watch();
  }

  Time now() const override { return world_.now(); }
  Result<void> start() override;
  void send(std::size_t node, std::string_view bytes) override;
  void pump(Time until, const Cancel& cancel, std::vector<BenchEvent>& events) override;
  Receipt apply(const Act& act) override;
  std::vector<std::string> acts() const override;
  std::vector<std::string> heal() override;
  std::vector<std::string> artefacts() const override { return artefacts_; }

  const ref::Simulation& world() const { return world_; }
  bool has_faults() const { return has_faults_; }
  bool is_started() const { return is_started_; }
  void restore(const ref::Simulation& world) {
    world_ = world;
    connect();
  }

 private:
  struct Effect {
    FrameMark first;
    Time last{};
    std::uint64_t acted = 0;
    bool is_spent = false;
  };

  void connect();
  bool live_until(Time until);
  void collect();
  void collect_notes();
  void tell(const ref::Happening& happening);
  Receipt power(const Act& act);
  Receipt fault(const Act& act);
  Receipt lift(const Act& act);
  Receipt by_hand(const Act& act);
  void await_effect(const Fault& fault, std::uint64_t id, Receipt& receipt);
  Result<std::vector<ref::Slot>> slots_of(const Act& act) const;
  Result<void> check_link(const Act& act) const;
  void power_one(const std::string& word, ref::Slot slot);
  bool has_happened(const std::string& word, ref::Slot slot) const;
  Receipt broken(std::string words) const;
  Receipt done(std::string means, std::string words = {}) const;

  SimulatedBenchSettings settings_;
  FrameWords frames_;
  ref::Simulation world_;
  std::unique_ptr<Wire> wire_;
  std::vector<ref::LinkPolicy::Delivery>* sink_ = nullptr;
  std::vector<BenchEvent> pending_;
  std::map<std::uint64_t, Effect> effects_;
  std::optional<FrameMark> passage_;
  std::vector<std::string> artefacts_;
  bool has_faults_ = false;
  bool is_started_ = false;
};

// ---------------------------------------------------------------- time

Result<void> SimulatedBench::start() {
  is_started_ = true;
  if (!settings_.links.empty()) {
    WireSettings wire;
    wire.link = settings_.links.front().name;
    for (std::size_t end = 0; end < settings_.nodes.size(); ++end) {
      wire.ends.push_back({settings_.nodes[end].name, address_of_end(end)});
    }
    wire.frames = frames_;
    wire.folder = settings_.folder;
    wire.seed = settings_.seed;
    auto made = Wire::create(std::move(wire), [this](std::size_t to, auto frame) {
      const auto slot = static_cast<ref::Slot>(to);
      if (sink_) {
        sink_->push_back({ref::Duration{}, frame_of(frame)});
      } else {
        world_.inject(static_cast<ref::Slot>(1 - slot), slot, frame_of(frame));
      }
      return true;
    });
    if (!made) return tl::unexpected(made.error());
    wire_ = std::move(*made);
    artefacts_ = {settings_.links.front().name + ".pcap",
                  settings_.links.front().name + ".lost.pcap"};
    connect();
  }
  world_.power_on(ref::A);
  world_.power_on(ref::B);
  collect();
  return {};
}

void SimulatedBench::connect() {
  if (wire_) world_.set_link(std::make_unique<WirePolicy>(*wire_, sink_));
}

/// The next thing that happens, in the world or on the wire; false if nothing does until then.
bool SimulatedBench::live_until(Time until) {
  const auto event = world_.next_event();
  const auto due = wire_ ? wire_->next_due() : std::nullopt;
  if (due && *due <= until && (!event || *due <= *event)) {
    world_.run_to(std::max(*due, world_.now()));
    wire_->time_passed(world_.now());
  } else if (!world_.run_event(until)) {
    world_.run_to(until);
    return false;
  }
  collect();
  return true;
}

void SimulatedBench::pump(Time until, const Cancel& cancel, std::vector<BenchEvent>& events) {
  constexpr int kEventsBetweenLooks = 1000;
  for (int looked = 0; pending_.empty(); ++looked) {
    if (looked % kEventsBetweenLooks == 0 && cancel.is_cancelled()) return;
    if (!live_until(until)) break;
  }
  std::move(pending_.begin(), pending_.end(), std::back_inserter(events));
  pending_.clear();
}

void SimulatedBench::tell(const ref::Happening& happening) {
  BenchEvent event;
  event.node = happening.slot;
  event.at = event.from = happening.at;
  const auto add = [&](BenchEvent::Kind kind) {
    event.kind = kind;
    pending_.push_back(event);
  };
  switch (happening.kind) {
    case ref::Happening::Kind::Printed:
      if (happening.console != 0) return;
      if (!pending_.empty() && pending_.back().kind == BenchEvent::Kind::Bytes &&
          pending_.back().node == happening.slot && pending_.back().at == happening.at) {
        pending_.back().text += happening.text;
        return;
      }
      event.text = happening.text;
      add(BenchEvent::Kind::Bytes);
      break;
    case ref::Happening::Kind::HungUp:
      break;  // the serial line itself never ends
    case ref::Happening::Kind::Started:
      if (happening.by_itself) return;
      add(BenchEvent::Kind::NodeStarted);
      add(BenchEvent::Kind::ConsoleOpened);
      break;
    case ref::Happening::Kind::Ended:
      if (happening.by_itself) return;
      event.expected = true;
      add(BenchEvent::Kind::ConsoleClosed);
      add(BenchEvent::Kind::NodeEnded);
      break;
  }
}

void SimulatedBench::collect() {
  for (const ref::Happening& happening : world_.take_happenings()) tell(happening);
  if (wire_) collect_notes();
}

void SimulatedBench::collect_notes() {
  for (WireNote& note : wire_->take_notes()) {
    BenchEvent event;
    event.at = note.at;
    event.from = note.from;
    switch (note.kind) {
      case WireNote::Kind::Fact:
        event.kind = BenchEvent::Kind::Fact;
        event.observation = std::move(note.fact);
        event.from = event.observation.asked;
        pending_.push_back(std::move(event));
        break;
      case WireNote::Kind::Acted: {
        Effect& effect = effects_[note.id];
        if (effect.acted == 0) effect.first = {note.mark.number, note.at};
        effect.acted = note.acted;
        effect.is_spent = note.is_spent;
        effect.last = note.at;
        break;
      }
      case WireNote::Kind::Passed:
        passage_ = FrameMark{note.mark.number, note.at};
        break;
      case WireNote::Kind::Stall:
        break;  // virtual time is never late
      case WireNote::Kind::Idle:
      case WireNote::Kind::Broken:
        event.kind = note.kind == WireNote::Kind::Idle ? BenchEvent::Kind::IdleFault
                                                       : BenchEvent::Kind::Broken;
        event.text = std::move(note.text);
        pending_.push_back(std::move(event));
        break;
    }
  }
}

void SimulatedBench::send(std::size_t node, std::string_view bytes) {
  world_.type(static_cast<ref::Slot>(node), bytes);
  collect();
}

// ---------------------------------------------------------------- words

std::vector<std::string> SimulatedBench::acts() const {
  std::vector<std::string> words(module_words.begin(), module_words.end());
  words.insert(words.end(), hand_words().begin(), hand_words().end());
  if (settings_.links.empty()) return words;
  words.insert(words.end(), fault_words.begin(), fault_words.end());
  words.emplace_back("restore");
  return words;
}

Receipt SimulatedBench::broken(std::string words) const {
  Receipt receipt;
  receipt.outcome = Receipt::Outcome::BenchBroken;
  receipt.words = std::move(words);
  receipt.ordered = receipt.done = now();
  return receipt;
}

Receipt SimulatedBench::done(std::string means, std::string words) const {
  Receipt receipt;
  receipt.means = std::move(means);
  receipt.words = std::move(words);
  receipt.ordered = receipt.done = now();
  receipt.took_effect = true;
  return receipt;
}

Result<std::vector<ref::Slot>> SimulatedBench::slots_of(const Act& act) const {
  std::vector<std::string> known;
  for (const SimulatedNode& node : settings_.nodes) known.push_back(node.name);
  const auto found = act.arguments.find("node");
  if (found == act.arguments.end()) return fail(act.word, "no node is named");
  std::vector<ref::Slot> slots;
  for (const Json& each : found->is_array() ? *found : Json::array({*found})) {
    const std::string name = text_of(each);
    if (name == "chassis") return std::vector<ref::Slot>{ref::A, ref::B};
    const auto place = std::find(known.begin(), known.end(), name);
    if (place == known.end()) {
      return fail(act.word, "`" + name + "` is no node", did_you_mean(name, known));
    }
    slots.push_back(static_cast<ref::Slot>(place - known.begin()));
  }
  return slots;
}

Receipt SimulatedBench::apply(const Act& act) {
  Receipt receipt;
  const auto is_one_of = [&act](const auto& words) {
    return std::find(words.begin(), words.end(), act.word) != words.end();
  };
  if (act.word == "restore" && !settings_.links.empty()) {
    receipt = lift(act);
  } else if (is_one_of(fault_words) && !settings_.links.empty()) {
    receipt = fault(act);
  } else if (is_one_of(module_words)) {
    receipt = power(act);
  } else if (is_one_of(hand_words())) {
    receipt = by_hand(act);
  } else {
    receipt = broken("`" + act.word + "` is no word of this bench");
    receipt.outcome = Receipt::Outcome::Unsupported;
  }
  collect();
  return receipt;
}

void SimulatedBench::power_one(const std::string& word, ref::Slot slot) {
  if (word == "lose" || word == "power-off") world_.cut_power(slot);
  if (word == "power-on") world_.power_on(slot);
  if (word == "hang") world_.hang(slot);
  if (word == "resume") world_.resume(slot);
  if (word == "insert") world_.insert(slot);
  if (word == "remove") world_.remove(slot);
}

/// Proof that the word took effect: the module's power and life as the world has them now.
bool SimulatedBench::has_happened(const std::string& word, ref::Slot slot) const {
  if (word == "lose" || word == "power-off" || word == "remove") return !world_.is_powered(slot);
  if (word == "hang") return world_.is_hung(slot);
  return world_.is_running(slot);
}

Receipt SimulatedBench::power(const Act& act) {
  const auto slots = slots_of(act);
  if (!slots) return broken(to_line(slots.error()));
  Receipt receipt = done("virtual chassis");
  const auto button = ref::button_named(text_argument(act, "button"));
  if (act.word == "press" && !button) {
    const std::string name = text_argument(act, "button");
    return broken(to_line(
        fail(act.word, "`" + name + "` is no button", did_you_mean(name, ref::button_words()))
            .value()));
  }
  for (const ref::Slot slot : *slots) {
    if (act.word == "press") world_.press(slot, *button);
    power_one(act.word, slot);
    receipt.took_effect &= has_happened(act.word, slot);
    if (!receipt.took_effect) break;
  }
  if (!receipt.took_effect) {
    receipt.outcome = Receipt::Outcome::BenchBroken;
    receipt.words = "the module is not in a state in which this can be done";
  }
  return receipt;
}

Receipt SimulatedBench::by_hand(const Act& act) {
  const auto slots = slots_of(act);
  if (!slots) return broken(to_line(slots.error()));
  for (const ref::Slot slot : *slots) {
    if (const auto is_done = do_by_hand(world_, slot, act); !is_done) {
      return broken(to_line(is_done.error()));
    }
  }
  return done("virtual hands");
}

// ---------------------------------------------------------------- links

Result<void> SimulatedBench::check_link(const Act& act) const {
  const std::vector<std::string> known{settings_.links.front().name};
  const std::string name = text_argument(act, "link");
  if (name.empty()) return fail(act.word, "no link is named");
  if (name != known.front()) {
    return fail(act.word, "`" + name + "` is no link", did_you_mean(name, known));
  }
  if (!wire_) return fail(act.word, "the bench has not been started");
  return {};
}

Receipt SimulatedBench::fault(const Act& act) {
  if (const auto checked = check_link(act); !checked) return broken(to_line(checked.error()));
  std::vector<std::string> ends;
  for (const SimulatedNode& node : settings_.nodes) ends.push_back(node.name);
  const auto fault = fault_from_act(act, ends, frames_.type_names());
  if (!fault) return broken(to_line(fault.error()));
  const Installed installed = wire_->install(*fault, now());
  has_faults_ = true;
  Receipt receipt = done("relay");
  receipt.words = "last passed before: " +
                  text_of_mark(installed.last_passed, settings_.links.front().name + ".pcap");
  await_effect(*fault, installed.id, receipt);
  return receipt;
}

// Frames that come by themselves prove a fault soon: the first one, or as many as it counts. Of
// others nobody knows when they come; that the fault is in the table has to do.
void SimulatedBench::await_effect(const Fault& fault, std::uint64_t id, Receipt& receipt) {
  const auto periodic = [](const auto& type) { return type.is_periodic; };
  const bool comes = fault.type.empty()
                         ? std::any_of(frames_.types.begin(), frames_.types.end(), periodic)
                         : frames_.is_periodic(fault.type);
  if (!fault.behind.empty()) {
    receipt.words += "; waits for the first " + fault.behind;
    return;
  }
  if (!comes || (!fault.count && fault.share != 1'000'000)) return;
  const auto frames = static_cast<double>(fault.count.value_or(1)) * 1e6 / fault.share;
  const auto beats = static_cast<std::int64_t>((frames + 2) * 1.5);
  const Time until = now() + world_.profile().timing.heartbeat_period * beats;
  const auto is_proven = [&] {
    const auto found = effects_.find(id);
    return found != effects_.end() && (!fault.count || found->second.is_spent);
  };
  while (!is_proven() && live_until(until)) {
  }
  const auto found = effects_.find(id);
  if (found == effects_.end()) {
    receipt.words += "; no such frame came since";
    receipt.took_effect = !fault.count;
    return;
  }
  const Effect& effect = found->second;
  receipt.words += fmt::format("; first acted upon at {}", seconds(effect.first.at));
  if (!fault.count) return;
  receipt.words += fmt::format("; {} of {} frames, the last at {}", effect.acted, *fault.count,
                               seconds(effect.last));
  receipt.took_effect = effect.is_spent;
  receipt.done = std::max(receipt.done, effect.last);
}

Receipt SimulatedBench::lift(const Act& act) {
  if (const auto checked = check_link(act); !checked) return broken(to_line(checked.error()));
  const Installed lifted = wire_->lift(now());
  has_faults_ = false;
  passage_.reset();
  const std::string& name = settings_.links.front().name;
  Receipt receipt = done("relay");
  receipt.words = "last lost before: " + text_of_mark(lifted.last_lost, name + ".lost.pcap");
  const Time until = now() + world_.profile().timing.heartbeat_period * 3 / 2;
  while (!passage_ && live_until(until)) {
  }
  for (const std::string& life : lifted.lives) receipt.words += "; " + life;
  receipt.words += passage_ ? "; first passed: " + text_of_mark(*passage_, name + ".pcap")
                            : "; no frame came since";
  return receipt;
}

std::vector<std::string> SimulatedBench::heal() {
  if (wire_) {
    wire_->lift(now());
    wire_->flush();
  }
  has_faults_ = false;
  world_.cut_power(ref::A);
  world_.cut_power(ref::B);
  world_.take_happenings();
  return {};
}

// ---------------------------------------------------------------- settings

ref::Timing timing_of(const SimulatedBenchSettings& settings) {
  ref::Timing timing;
  for (const auto& [name, number] : settings.numbers) {
    if (name == "limit") timing.missed_limit = static_cast<int>(number);
  }
  const std::map<std::string, ref::Duration*> places{{"heartbeat", &timing.heartbeat_period},
                                                     {"boot", &timing.boot},
                                                     {"election", &timing.election},
                                                     {"grace", &timing.grace},
                                                     {"down", &timing.down},
                                                     {"fail", &timing.fail},
                                                     {"retransmit", &timing.retransmit},
                                                     {"bulk", &timing.bulk_pace},
                                                     {"save", &timing.save_limit},
                                                     {"synchronize", &timing.synchronize_limit},
                                                     {"process", &timing.process},
                                                     {"module-boot", &timing.module_boot},
                                                     {"finish-boot", &timing.finish_boot}};
  for (const auto& [name, duration] : settings.timing) {
    const auto place = places.find(name);
    if (place == places.end()) continue;
    *place->second = duration;
  }
  return timing;
}

Result<void> check(const SimulatedBenchSettings& settings) {
  const auto profiles = simulated_profiles();
  if (std::find(profiles.begin(), profiles.end(), settings.profile) == profiles.end()) {
    return fail(settings.testbed, "no profile `" + settings.profile + "` can be simulated",
                did_you_mean(settings.profile, profiles));
  }
  if (settings.nodes.size() != 2) {
    return fail(settings.testbed, "a simulated chassis has two nodes");
  }
  if (settings.links.size() > 1) {
    return fail(settings.testbed, "a simulated chassis has one link, its backplane");
  }
  if (!settings.defect.empty() && !ref::find_defect(settings.profile, settings.defect)) {
    std::vector<std::string> known;
    for (const ref::Defect& defect : ref::defects_of(settings.profile))
      known.emplace_back(defect.id);
    return fail(settings.testbed,
                "no defect `" + settings.defect + "` of " + settings.profile + " is known",
                did_you_mean(settings.defect, known));
  }
  const ref::Timing timing = timing_of(settings);
  if (timing.heartbeat_period <= ref::Duration::zero() || timing.missed_limit < 1 ||
      timing.boot <= ref::Duration::zero()) {
    return fail(settings.testbed, "heartbeat, limit and boot must be above zero");
  }
  return {};
}

const SimulatedBench* simulated(const Bench& bench) {
  return dynamic_cast<const SimulatedBench*>(&bench);
}

}  // namespace

std::vector<SimulatedDefect> simulated_defects(const std::string& profile) {
  std::vector<SimulatedDefect> defects;
  for (const ref::Defect& one : ref::defects_of(profile)) {
    defects.push_back({std::string(one.id),
                       std::string(one.sentence),
                       {one.clauses.begin(), one.clauses.end()},
                       std::string(one.origin)});
  }
  return defects;
}

std::vector<UnobservableDefect> unobservable_defects(const std::string& profile) {
  std::vector<UnobservableDefect> defects;
  for (const ref::Unobservable& one : ref::unobservable_of(profile)) {
    defects.push_back(
        {std::string(one.origin), std::string(one.sentence), std::string(one.reason)});
  }
  return defects;
}

std::vector<std::string> simulated_profiles() {
  return ref::product_names();
}

Result<std::unique_ptr<Bench>> make_simulated_bench(SimulatedBenchSettings settings) {
  if (const auto checked = check(settings); !checked) return tl::unexpected(checked.error());
  FrameWords frames;
  if (!settings.links.empty() && !settings.links.front().frames.empty()) {
    auto loaded = load_frames_file(settings.links.front().frames);
    if (!loaded) return tl::unexpected(loaded.error());
    frames = std::move(*loaded);
  }
  ref::SimulationSettings world;
  world.seed = settings.seed;
  const ref::Product& product =
      *ref::find_product(settings.profile);  // check() has seen that it is there
  auto profile = std::make_shared<ref::Profile>(product.make_profile(timing_of(settings)));
  if (const ref::Defect* defect = ref::find_defect(settings.profile, settings.defect)) {
    if (defect->replace) defect->replace(*profile);
    world.make_interposer = defect->interpose;
  }
  world.profile = std::move(profile);
  const std::vector<SimulatedNode> nodes = settings.nodes;
  world.make_shell = [nodes, &product](ref::Slot slot) {
    ref::ShellOptions options;
    if (!nodes[slot].user.empty()) options.user = nodes[slot].user;
    options.password = nodes[slot].password;
    return product.make_shell(options);
  };
  return std::make_unique<SimulatedBench>(std::move(settings), std::move(world), std::move(frames));
}

Result<std::unique_ptr<WorldSnapshot>> take_snapshot(const Bench& bench) {
  const SimulatedBench* of = simulated(bench);
  if (!of || !of->is_started()) return fail("snapshot", "the bench is no running simulation");
  if (of->has_faults()) return fail("snapshot", "a link has faults", "restore it first");
  return std::make_unique<SimulatedSnapshot>(of->world());
}

Result<void> restore_snapshot(Bench& bench, const WorldSnapshot& snapshot) {
  auto* of = dynamic_cast<SimulatedBench*>(&bench);
  const auto* kept = dynamic_cast<const SimulatedSnapshot*>(&snapshot);
  if (!of || !kept) return fail("snapshot", "the bench is no simulation");
  of->restore(kept->world());
  return {};
}

Result<std::vector<ModuleWitness>> witness_of(const Bench& bench) {
  const SimulatedBench* of = simulated(bench);
  if (!of) return fail("witness", "the bench is no simulation");
  std::vector<ModuleWitness> modules;
  for (const auto& seen : of->world().witness().modules) {
    modules.push_back({seen.is_running, seen.state, seen.office, seen.sync_claim,
                       seen.has_complete_copy, seen.is_dirty, seen.boots, seen.active, seen.saved,
                       seen.runtime});
  }
  return modules;
}

}  // namespace understudy::targets

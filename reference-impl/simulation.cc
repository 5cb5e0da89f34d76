#include "reference-impl/simulation.h"

#include <fmt/format.h>

#include <algorithm>

#include "reference-impl/chassis/query.h"
#include "reference-impl/notifications.h"

namespace understudy::reference {
namespace {

std::uint64_t hash_of(std::string_view text, std::uint64_t hash = 1469598103934665603ull) {
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211ull;
  return hash;
}

std::shared_ptr<const Profile> profile_of(const SimulationSettings& settings) {
  if (settings.profile) return settings.profile;
  Timing timing;
  timing.heartbeat_period = settings.heartbeat_period;
  timing.missed_limit = settings.missed_limit;
  return std::make_shared<const Profile>(exos_11_3(timing));
}

}  // namespace

Simulation::Simulation(const SimulationSettings& settings)
    : profile_(profile_of(settings)),
      latency_(settings.latency),
      flash_write_(settings.flash_write),
      clock_(settings.clock),
      random_(settings.seed * 0x9E3779B97F4A7C15ull + 0x1234567ull) {
  for (const Slot slot : {A, B}) {
    auto shell = settings.make_shell ? settings.make_shell(slot) : nullptr;
    const auto& profile = slot == B && settings.profile_of_b ? settings.profile_of_b : profile_;
    auto interposer = settings.make_interposer ? settings.make_interposer(slot) : nullptr;
    bays_.push_back(
        Bay{Module(profile, slot, std::move(shell), std::move(interposer)), {}, {}, {}, {}});
  }
}

Simulation::Simulation(const Simulation& other)
    : profile_(other.profile_),
      latency_(other.latency_),
      flash_write_(other.flash_write_),
      clock_(other.clock_),
      random_(other.random_),
      now_(other.now_),
      bays_(other.bays_),
      flights_(other.flights_),
      landed_(other.landed_),
      is_cut_(other.is_cut_),
      link_(other.link_ ? other.link_->clone() : nullptr),
      commands_(other.commands_),
      replies_(other.replies_),
      progress_(other.progress_),
      happenings_(other.happenings_),
      events_(other.events_),
      frames_sent_(other.frames_sent_),
      is_watched_(other.is_watched_) {}

Simulation& Simulation::operator=(const Simulation& other) {
  if (this != &other) *this = Simulation(other);
  return *this;
}

std::uint64_t Simulation::random() {  // splitmix64
  random_ += 0x9E3779B97F4A7C15ull;
  std::uint64_t mixed = random_;
  mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9ull;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBull;
  return mixed ^ mixed >> 31;
}

// ---------------------------------------------------------------- time

void Simulation::tell_time(Bay& bay) {
  const Duration by = now_ - bay.told;
  bay.told = now_;
  if (by > Duration::zero() && bay.is_powered) bay.module.pass_time(by, outputs_);
}

void Simulation::plan(Bay& bay) {
  bay.next = Duration::max();
  if (!bay.is_powered || bay.is_hung) return;
  if (const auto timer = bay.module.next_timer()) bay.next = bay.told + *timer;
  if (!bay.writing.empty()) bay.next = std::min(bay.next, bay.writing.front().at);
}

std::optional<Duration> Simulation::next_event() const {
  Duration next = std::min(bays_[A].next, bays_[B].next);
  if (landed_ < flights_.size()) next = std::min(next, flights_[landed_].at);
  if (next == Duration::max()) return std::nullopt;
  return std::max(next, now_);
}

bool Simulation::run_event(Duration limit) {
  const auto next = next_event();
  if (!next || *next > limit) return false;
  now_ = *next;
  ++events_;
  if (landed_ < flights_.size() && flights_[landed_].at <= now_) {
    arrive();
  } else {
    wake(bays_[A].next <= now_ ? A : B);
  }
  return true;
}

void Simulation::run_to(Duration instant) {
  while (run_event(instant)) {
  }
  now_ = std::max(now_, instant);
}

void Simulation::arrive() {
  Flight flight = std::move(flights_[landed_++]);
  if (landed_ == flights_.size()) {
    flights_.clear();
    landed_ = 0;
  }
  Bay& bay = bays_[flight.to];
  if (!bay.is_powered || bay.is_hung) return;
  if (link_ && !link_->still_passes(flight.from, flight.to, flight.bytes)) return;
  if (is_cut_[flight.from]) return;
  tell_time(bay);
  bay.module.receive_frame(flight.bytes.view(), outputs_);
  carry_out(flight.to);
}

/// A finished flash write, or time for a timer.
void Simulation::wake(Slot slot) {
  Bay& bay = bays_[slot];
  tell_time(bay);
  bay.module.pass_time(Duration::zero(), outputs_);
  if (!bay.writing.empty() && bay.writing.front().at <= now_) {
    FlashJob job = std::move(bay.writing.front());
    bay.writing.erase(bay.writing.begin());
    bay.flash[job.name] = std::move(job.content);
    bay.module.step(FlashWriteDone{job.ticket}, outputs_);
  }
  carry_out(slot);
}

// ---------------------------------------------------------------- the host's duties

void Simulation::carry_out(Slot slot) {
  Bay& bay = bays_[slot];
  bool restarts = false;
  for (std::size_t index = 0; index < outputs_.node.size() && !restarts; ++index) {
    Output& output = outputs_.node[index];
    if (const auto* frame = std::get_if<SendFrame>(&output)) {
      send(slot, frame->bytes);
    } else if (auto* write = std::get_if<WriteFlash>(&output)) {
      const Duration from = bay.writing.empty() ? now_ : bay.writing.back().at;
      bay.writing.push_back(
          {from + flash_write_, write->ticket, std::move(write->name), std::move(write->content)});
    } else if (auto* reply = std::get_if<Reply>(&output)) {
      replies_.push_back(std::move(*reply));
    } else if (auto* progress = std::get_if<Progress>(&output)) {
      progress_.push_back(std::move(*progress));
    } else if (std::holds_alternative<Restart>(output)) {
      restarts = true;
    } else if (is_watched_) {
      notify(slot, output);
    }
  }
  for (ConsoleBytes& bytes : outputs_.print) {
    happened(Happening::Kind::Printed, slot, bytes.console, std::move(bytes.bytes), false);
  }
  for (const ConsoleId console : outputs_.hang_up) {
    happened(Happening::Kind::HungUp, slot, console, {}, false);
  }
  outputs_.clear();
  if (restarts) {
    happened(Happening::Kind::Ended, slot, 0, {}, true);
    stop_flash(bay, false);
    start(slot, true);
  }
  plan(bay);
}

void Simulation::start(Slot slot, bool by_itself) {
  Bay& bay = bays_[slot];
  bay.is_powered = true;
  bay.told = now_;
  ++bay.boots;
  happened(Happening::Kind::Started, slot, 0, {}, by_itself);
  const auto incarnation = static_cast<std::uint32_t>(random() | 1);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now_).count();
  bay.module.step(PowerOn{&bay.flash, incarnation, clock_ + static_cast<std::uint64_t>(seconds)},
                  outputs_);
  carry_out(slot);
}

void Simulation::send(Slot from, const FrameBytes& frame) {
  ++frames_sent_;
  const Slot to = static_cast<Slot>(1 - from);
  if (is_cut_[from]) return;
  if (!link_) {
    enqueue(from, to, Duration::zero(), frame);
    return;
  }
  deliveries_.clear();
  link_->carry(from, to, frame, now_, random(), deliveries_);
  for (const LinkPolicy::Delivery& delivery : deliveries_) {
    enqueue(from, to, delivery.after, delivery.bytes);
  }
}

/// Flights stay in the order of their arrival; those of one instant in the order of sending.
void Simulation::enqueue(Slot from, Slot to, Duration after, const FrameBytes& frame) {
  const Duration at = now_ + latency_ + after;
  flights_.push_back({at, from, to, frame});
  std::size_t place = flights_.size() - 1;
  while (place > landed_ && flights_[place - 1].at > at) {
    std::swap(flights_[place - 1], flights_[place]);
    --place;
  }
}

/// Power went: of the write under way a part has reached the medium, later ones nothing.
void Simulation::stop_flash(Bay& bay, bool tears) {
  if (tears && !bay.writing.empty()) {
    const FlashJob& job = bay.writing.front();
    const std::uint64_t kept = random() % (job.content.size() + 1);
    bay.flash[job.name] = job.content.substr(0, kept);
  }
  bay.writing.clear();
}

void Simulation::happened(Happening::Kind kind, Slot slot, ConsoleId console, std::string text,
                          bool by_itself) {
  if (!is_watched_) return;
  happenings_.push_back({now_, kind, slot, console, std::move(text), by_itself});
}

void Simulation::notify(Slot slot, const Output& output) {
  const Module& module = bays_[slot].module;
  for (SentDatagram& sent : notifications_of(module, output, module.node().failovers)) {
    happened(Happening::Kind::Notified, slot, 0, std::move(sent.bytes), false);
    happenings_.back().to = fmt::format("{}:{}", sent.host, sent.port);
  }
}

// ---------------------------------------------------------------- power and hands

void Simulation::power_on(Slot slot) {
  if (bays_[slot].is_powered || !bays_[slot].is_inserted) return;
  start(slot, false);
}

void Simulation::cut_power(Slot slot) {
  Bay& bay = bays_[slot];
  if (!bay.is_powered) return;
  tell_time(bay);
  stop_flash(bay, true);
  outputs_.clear();
  bay.module.step(PowerOff{}, outputs_);
  outputs_.clear();
  bay.is_powered = false;
  bay.is_hung = false;
  bay.typed.clear();
  bay.given.clear();
  happened(Happening::Kind::Ended, slot, 0, {}, false);
  plan(bay);
}

void Simulation::remove(Slot slot) {
  if (!bays_[slot].is_inserted) return;
  cut_power(slot);
  bays_[slot].is_inserted = false;
  give(static_cast<Slot>(1 - slot), PeerPresence{false});
}

void Simulation::insert(Slot slot) {
  if (bays_[slot].is_inserted) return;
  bays_[slot].is_inserted = true;
  give(static_cast<Slot>(1 - slot), PeerPresence{true});
  power_on(slot);
}

void Simulation::press(Slot slot, const Input& button) {
  resume(slot);
  give(slot, button);
}

void Simulation::hang(Slot slot) {
  if (!bays_[slot].is_powered) return;
  bays_[slot].is_hung = true;
  plan(bays_[slot]);
}

void Simulation::resume(Slot slot) {
  Bay& bay = bays_[slot];
  if (!bay.is_hung) return;
  bay.is_hung = false;
  tell_time(bay);
  for (const Input& input : std::exchange(bay.given, {})) bay.module.step(input, outputs_);
  for (const Typed& typed : std::exchange(bay.typed, {})) {
    bay.module.feed(typed.console, typed.bytes, outputs_);
  }
  carry_out(slot);
}

void Simulation::end_process(Slot slot, std::string_view name) {
  if (const auto application = application_named(*profile_, name)) {
    give(slot, ProcessEnded{*application});
  }
}

void Simulation::corrupt_flash(Slot slot, std::string_view medium_file) {
  const auto found = bays_[slot].flash.find(medium_file);
  if (found == bays_[slot].flash.end() || found->second.empty()) return;
  found->second.back() = static_cast<char>(found->second.back() ^ 0x20);
}

std::size_t Simulation::damage(Slot slot, std::string_view file, FlashDamage damage) {
  std::size_t count = 0;
  for (auto& [name, content] : bays_[slot].flash) {
    if (std::string_view(name).substr(0, name.rfind('.')) != file || content.empty()) continue;
    content = damaged(std::move(content), damage);
    ++count;
  }
  return count;
}

void Simulation::give(Slot slot, const Input& input) {
  Bay& bay = bays_[slot];
  if (bay.is_hung) {
    bay.given.push_back(input);
    return;
  }
  tell_time(bay);
  bay.module.step(input, outputs_);
  carry_out(slot);
}

CommandId Simulation::order(Slot slot, Command command) {
  const CommandId id = ++commands_;
  give(slot, Ordered{id, std::move(command)});
  return id;
}

const Reply* Simulation::reply_to(CommandId id) const {
  const auto found = std::find_if(replies_.begin(), replies_.end(),
                                  [id](const Reply& reply) { return reply.id == id; });
  return found == replies_.end() ? nullptr : &*found;
}

void Simulation::learn(Slot slot, std::string_view application, std::string key,
                       std::optional<std::string> value) {
  if (const auto index = application_named(*profile_, application)) {
    give(slot, EntryLearned{*index, std::move(key), std::move(value)});
  }
}

void Simulation::type(Slot slot, std::string_view bytes, ConsoleId console) {
  Bay& bay = bays_[slot];
  if (!bay.is_powered) return;
  if (bay.is_hung) {
    bay.typed.push_back({console, std::string(bytes)});
    return;
  }
  tell_time(bay);
  bay.module.feed(console, bytes, outputs_);
  carry_out(slot);
}

void Simulation::close_console(Slot slot, ConsoleId console) {
  bays_[slot].module.close(console);
}

// ---------------------------------------------------------------- looking

Witness Simulation::witness() const {
  Witness witness;
  for (const Slot slot : {A, B}) {
    const Node& node = this->node(slot);
    Witness::Module& seen = witness.modules[slot];
    seen.is_running = is_running(slot);
    seen.state = static_cast<std::uint8_t>(node.state);
    seen.office = static_cast<std::uint8_t>(office_of(*profile_, node));
    seen.sync_claim = static_cast<std::uint8_t>(sync_claim(*profile_, node));
    seen.has_complete_copy = has_complete_copy(node);
    seen.is_dirty = node.is_dirty;
    seen.boots = bays_[slot].boots;
    seen.active = reference::hash_of(node.active);
    for (const auto& [name, file] : node.flash.files) {
      if (name != "boot") seen.saved = hash_of(*file.content, hash_of(name, seen.saved));
    }
    for (const auto& table : node.tables) {
      seen.runtime = hash_of("|", seen.runtime);
      for (const auto& [key, value] : *table) {
        seen.runtime = hash_of(value, hash_of(key, seen.runtime));
      }
    }
  }
  return witness;
}

std::string Simulation::canonical_bytes() const {
  std::string bytes;
  const auto add = [&bytes](const auto& number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  };
  for (const Bay& bay : bays_) {
    bytes.append(reference::canonical_bytes(bay.module.node()));
    bytes.append(bay.module.interposer_bytes());
    add(bay.is_inserted);
    add(bay.is_powered);
    add(bay.is_hung);
    add((now_ - bay.told).count());  // more than zero only while it hangs, or between events
    for (const auto& [name, content] : bay.flash) bytes.append(name).append(content);
    for (const FlashJob& job : bay.writing) {
      add((job.at - now_).count());
      bytes.append(job.name).append(job.content);
    }
  }
  for (std::size_t index = landed_; index < flights_.size(); ++index) {
    const Flight& flight = flights_[index];
    add((flight.at - now_).count());
    add(flight.to);
    const auto view = flight.bytes.view();
    bytes.append(reinterpret_cast<const char*>(view.data()), view.size());
  }
  for (const bool is_cut : is_cut_) add(is_cut);
  // Up-times stay outside, but not which is larger: two leads compare them.
  const auto older = diary(A).system_uptime <=> diary(B).system_uptime;
  add(static_cast<std::int8_t>(older < 0 ? -1 : older > 0 ? 1 : 0));
  if (link_) bytes.append(link_->canonical_bytes());
  return bytes;
}

std::uint64_t Simulation::fingerprint() const {
  return hash_of(canonical_bytes());
}

bool in_sync(const Simulation& simulation) {
  for (const Slot slot : {A, B}) {
    if (!simulation.is_running(slot)) continue;
    const Node& node = simulation.node(slot);
    if (is_lead(simulation.profile(), node) &&
        sync_claim(simulation.profile(), node) == SyncClaim::InSync) {
      return true;
    }
  }
  return false;
}

bool HeartbeatArrives::operator()(const Simulation& simulation) {
  const std::uint64_t received = simulation.diary(slot).heartbeats_received;
  if (!before) before = received;
  return received > *before;
}

}  // namespace understudy::reference

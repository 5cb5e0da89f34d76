// What shows that power is gone or has come, where an outlet or somebody's hands changed it. Gone:
// the consoles fall silent, and of one node alone its outlet says so as well, or no other node
// shows it alive any more: one line that is silent may as well be a line that is broken. Come: they
// print. Nothing is typed but a line end at a prompt. A node that boots later had its power all the
// time.
#include <fmt/format.h>

#include <algorithm>

#include "targets/device/switch_device.h"

namespace understudy::targets {

namespace {

using namespace std::chrono_literals;

constexpr Duration quiet = 400ms;       // after which a console that does not echo has no power
constexpr Duration last_words = 5s;     // bytes that are still on their way when the power goes
constexpr Duration longest_wait = 10s;  // for a first byte, where nobody knows how long a boot is
constexpr Duration longest_detection = 30s;  // of a loss by another node, where nobody knows it
constexpr const char* not_shown = "the consoles do not show it";

/// It would be heard: it is no line on which nothing was ever read, or on which nobody answers.
bool is_speaking(const Line& line) {
  const Mode mode = line.session->mode();
  return line.transcript.size() > 0 && mode != Mode::Silent && mode != Mode::Ended;
}

}  // namespace

/// Where these nodes are heard: those without a console of their own by the management address.
std::vector<std::size_t> SwitchDevice::consoles_of(const std::vector<std::size_t>& nodes) const {
  std::vector<std::size_t> consoles;
  for (const std::size_t node : nodes)
    if (node < lines_.size() && has_console(lines_[node])) consoles.push_back(node);
  if (consoles.empty() && lobby_) consoles.push_back(lines_.size());
  return consoles;
}

std::vector<SwitchDevice::Heard> SwitchDevice::heard_so_far() {
  std::vector<Heard> all;
  for (std::size_t console = 0; console < lines_.size() + (lobby_ ? 1 : 0); ++console) {
    const Line& line = console_at(console);
    all.push_back({line.transcript.size(), is_speaking(line)});
  }
  return all;
}

std::uint64_t SwitchDevice::bytes_of(const std::vector<std::size_t>& consoles) {
  std::uint64_t bytes = 0;
  for (const std::size_t console : consoles) bytes += console_at(console).transcript.size();
  return bytes;
}

// ---------------------------------------------------------------- what other nodes show

/// The value by which a node still shows one of these alive, in its latest answer.
std::optional<Value> SwitchDevice::shows_alive(const Line& peer, std::size_t read,
                                               const std::vector<std::size_t>& nodes) const {
  const auto& [attribute, values] = dialect_.alive;
  for (const std::size_t node : nodes) {
    const auto found = latest_.find({peer.name, lines_[node].name, attribute});
    if (found == latest_.end() || found->second.second != peer.reads[read].asked) continue;
    if (std::ranges::find(values, found->second.first) != values.end()) return found->second.first;
  }
  return std::nullopt;
}

/// What is polled until it is known: what the case asks of the nodes that stay, so that it misses
/// nothing, and what the witnesses are asked.
Wish SwitchDevice::wish_meanwhile(const PowerChange& change,
                                  const std::vector<std::size_t>& peers) const {
  Wish wish = wished_;
  wish.reads.resize(lines_.size());
  wish.is_named.resize(lines_.size());
  for (const std::size_t node : change.nodes) wish.reads[node].clear();
  for (const std::size_t peer : peers) {
    const std::size_t read = *read_for(dialect_, dialect_.alive.first);
    auto& reads = wish.reads[peer];
    if (std::ranges::find(reads, read) == reads.end()) reads.insert(reads.begin(), read);
  }
  return wish;
}

SwitchDevice::Witness SwitchDevice::told_by(const PowerChange& change,
                                            const std::vector<std::size_t>& peers) const {
  const std::size_t read = *read_for(dialect_, dialect_.alive.first);
  Witness witness;
  for (const std::size_t place : peers) {
    const Line& peer = lines_[place];
    const ReadState& state = peer.reads[read];
    witness.can_tell = witness.can_tell || is_answering(peer);
    const bool has_answered = state.asked && *state.asked > change.at && state.doubted.empty() &&
                              !state.is_unread_doubted;
    if (!has_answered) continue;
    witness.has_answered = true;
    if (const auto value = shows_alive(peer, read, change.nodes))
      witness.contradiction = fmt::format("{} still shows {}", peer.name, *value);
  }
  return witness;
}

/// The other nodes that may know it: none where the outlet itself does, or the dialect has no word.
std::vector<std::size_t> SwitchDevice::witnesses_of(const PowerChange& change) const {
  std::vector<std::size_t> peers;
  if (change.is_confirmed || !read_for(dialect_, dialect_.alive.first)) return peers;
  for (std::size_t place = 0; place < lines_.size(); ++place)
    if (std::ranges::count(change.nodes, place) == 0 && is_answering(lines_[place]) &&
        !is_carrying_out(lines_[place]))
      peers.push_back(place);
  return peers;
}

/// Generous: a node that has noticed nothing by then does not notice it.
Duration SwitchDevice::detection_limit() const {
  const Duration beat = timing_of(settings_.capabilities, "heartbeat", Duration::zero());
  std::int64_t beats = 0;
  for (const auto& [name, number] : settings_.capabilities.numbers)
    if (name == "limit" || name == "late") beats += number;
  const Duration by_beats = beats * beat;
  const Duration known =
      std::max(by_beats, timing_of(settings_.capabilities, "takeover", by_beats));
  return 2 * (known > Duration::zero() ? known : longest_detection) + poll_ + answer_;
}

// ---------------------------------------------------------------- off

/// What it means that these consoles have been silent for long enough; nothing: wait on.
std::optional<SwitchDevice::Seen> SwitchDevice::meaning_of_silence(
    const PowerChange& change, bool has_console, const std::vector<std::size_t>& peers,
    bool do_peers_live) {
  const Seen gone{true, has_console ? "the consoles are silent" : "nobody shows it any more"};
  if (change.is_confirmed) return gone;
  if (peers.empty()) return has_console ? gone : Seen{false, not_shown};
  const Witness witness = told_by(change, peers);
  const bool is_over = now() >= change.at + detection_limit();
  if (witness.has_answered && witness.contradiction.empty()) return gone;
  if (!witness.contradiction.empty())
    return is_over ? std::optional(Seen{false, witness.contradiction}) : std::nullopt;
  if (do_peers_live && (is_over || !witness.can_tell))
    return has_console ? gone : Seen{false, not_shown};
  if (is_over) return Seen{false, "the other consoles are silent as well"};
  return std::nullopt;
}

/// Those of the consoles that would be heard.
std::vector<std::size_t> SwitchDevice::speaking_consoles(const PowerChange& change,
                                                         const std::vector<Heard>& before) const {
  std::vector<std::size_t> consoles = consoles_of(change.nodes);
  std::erase_if(consoles, [&](std::size_t console) {
    const bool is_anothers =
        console == lines_.size() && guest_ && std::ranges::count(change.nodes, *guest_) == 0;
    return is_anothers || !before[console].was_speaking;
  });
  return consoles;
}

SwitchDevice::Seen SwitchDevice::await_silence(const PowerChange& change,
                                               const std::vector<Heard>& before,
                                               const Cancel& cancel) {
  const auto peers = witnesses_of(change);
  const auto consoles = speaking_consoles(change, before);
  const Wish wish = wish_meanwhile(change, peers);
  const std::uint64_t peers_heard = bytes_of(peers);
  advance(now(), cancel);  // what came while the order was carried out
  std::uint64_t heard = bytes_of(consoles);
  Time quiet_since = now();
  bool was_asked = false;
  while (broken_.empty() && !cancel.is_cancelled()) {
    for (const std::size_t console : consoles)
      if (const Line& line = console_at(console); line.booted > change.at)
        return {false, fmt::format("{} boots: its power did not stay off", line.name)};
    if (const auto bytes = bytes_of(consoles); bytes != heard) {
      const bool is_echo = was_asked;
      if (is_echo || now() > change.at + last_words) return {false, not_shown};
      heard = bytes;
      quiet_since = now();
    }
    if (!was_asked && now() >= quiet_since + quiet / 2) {
      for (const std::size_t console : consoles) nudge(console_at(console));
      was_asked = true;
    }
    const bool is_quiet = now() >= quiet_since + quiet;
    if (is_quiet) {
      const bool do_peers_live = bytes_of(peers) != peers_heard;
      const auto meaning = meaning_of_silence(change, !consoles.empty(), peers, do_peers_live);
      if (meaning) return *meaning;
    }
    Time next =
        is_quiet ? change.at + detection_limit() : quiet_since + (was_asked ? quiet : quiet / 2);
    poll(wish, std::nullopt);
    next = std::min(next, std::max(next_poll_of(wish), now() + 1ms));
    advance(next, cancel);
  }
  return {false, not_shown};
}

/// A line end, through the engine: at a prompt only.
void SwitchDevice::nudge(Line& line) {
  if (line.session->mode() == Mode::Shell && line.pending.empty())
    submit(line, {Purpose::Kind::Nudge, 0}, "", {}, answer_);
}

// ---------------------------------------------------------------- on

SwitchDevice::Seen SwitchDevice::await_bytes(const PowerChange& change,
                                             const std::vector<Heard>& before,
                                             const Cancel& cancel) {
  const auto consoles = consoles_of(change.nodes);
  std::uint64_t heard = 0;
  for (const std::size_t console : consoles) heard += before[console].bytes;
  const Duration boot = timing_of(settings_.capabilities, "boot", Duration::zero());
  const Time limit = now() + (boot > Duration::zero() ? 2 * boot + 1s : longest_wait);
  advance(now(), cancel);
  while (bytes_of(consoles) == heard && now() < limit && broken_.empty() && !cancel.is_cancelled())
    advance(limit, cancel);
  return bytes_of(consoles) == heard ? Seen{false, not_shown} : Seen{true, "the consoles print"};
}

// ---------------------------------------------------------------- both

void SwitchDevice::see_power(const PowerChange& change, const std::vector<Heard>& before,
                             Receipt& receipt, const Cancel& cancel) {
  const Seen seen =
      change.on ? await_bytes(change, before, cancel) : await_silence(change, before, cancel);
  receipt.words += "; " + seen.words;
  receipt.took_effect = seen.is_so;
  if (!seen.is_so) {
    receipt.outcome = Receipt::Outcome::BenchBroken;
    return;
  }
  bench_->seen(change);
  for (const std::size_t node : change.nodes)
    lines_[node].dark = change.on ? nullptr : Session::create(dialect_.words, {});
}

/// A console whose node has no power, as far as was seen. What it types goes nowhere.
void SwitchDevice::hear_dark(Line& line, std::string_view bytes, Time at) {
  line.dark->received(bytes, at);
  line.dark->time_passed(at);
}

void SwitchDevice::watch_dark(Line& line) {
  if (!line.dark) return;
  line.dark->time_passed(now());
  line.dark->take_output();
  const auto events = line.dark->take_events();
  const auto shows_life = [](const SessionEvent& event) {
    return event.kind == SessionEvent::Kind::Booted || event.kind == SessionEvent::Kind::Prompt ||
           event.mode == Mode::BootLoader;
  };
  const auto found = std::ranges::find_if(events, shows_life);
  if (found == events.end()) return;
  line.dark.reset();
  incident(Incident::Kind::BenchBroken, line.name,
           fmt::format("the power of {} did not stay off: it {}", line.name,
                       found->kind == SessionEvent::Kind::Booted ? "boots" : "has a prompt"),
           found->at, now());
  bench_->seen({{line_of(line.name)}, true, found->at, false});
}

}  // namespace understudy::targets

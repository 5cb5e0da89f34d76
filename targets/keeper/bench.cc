#include "targets/keeper/bench.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <utility>

#include "targets/keeper/keeper.h"
#include "targets/keeper/processes.h"
#include "targets/wire/relay.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr Duration cancel_check = 50ms;
constexpr Duration heal_limit = 5s;
constexpr std::size_t datagrams_a_turn = 256;
constexpr std::size_t most_datagrams_pending =
    4096;  // the rest waits in the kernel, or is lost there

timespec to_timespec(Duration time) {
  const auto nanoseconds = std::max<std::int64_t>(time.count(), 0);
  return {nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
}

Time time_of(const Json& event, const char* key = "at") {
  return Time(event.value(key, std::int64_t{0}));
}

bool reaped_within(pid_t pid, int process, Duration limit) {
  pollfd polled{process, POLLIN, 0};
  const timespec wait = to_timespec(limit);
  while (ppoll(&polled, 1, &wait, nullptr) < 0 && errno == EINTR) {
  }
  return waitpid(pid, nullptr, WNOHANG) != 0;
}

void remove_if_empty(const std::string& path) {
  std::error_code error;
  if (std::filesystem::file_size(path, error) == 0 && !error) std::filesystem::remove(path, error);
}

}  // namespace

ProcessBench::ProcessBench(ProcessBenchSettings settings, std::vector<FrameWords> frames)
    : settings_(std::move(settings)),
      frames_(std::move(frames)),
      start_(monotonic_now()),
      consoles_(settings_.nodes.size()),
      outsides_(settings_.nodes.size()),
      is_up_(settings_.nodes.size(), false) {
  for (std::size_t node = 0; node < is_up_.size(); ++node) is_up_[node] = !is_ours(node);
}

Time ProcessBench::now() const {
  return monotonic_now() - start_;
}

// ------------------------------------------------------------------------------ events

void ProcessBench::bytes(Pump::Id from, std::string_view bytes) {
  if (const auto errors = errors_.find(from); errors != errors_.end()) {
    const std::size_t node = errors->second.node;
    const std::string path =
        fmt::format("{}/{}.stderr", settings_.folder, settings_.nodes[node].name);
    error_files_.try_emplace(node, path, settings_.mask).first->second.write(bytes);
    return;
  }
  const auto node = readers_.find(from);
  if (node == readers_.end()) return;
  BenchEvent* last = pending_.empty() ? nullptr : &pending_.back();
  if (last && last->kind == BenchEvent::Kind::Bytes && last->node == node->second) {
    last->text += bytes;  // what came in one turn is one event
    return;
  }
  BenchEvent event{.kind = BenchEvent::Kind::Bytes,
                   .node = node->second,
                   .text = std::string(bytes),
                   .at = now(),
                   .observation = {}};
  add(std::move(event));
}

void ProcessBench::ended(Pump::Id from) {
  if (errors_.contains(from)) {
    pump_.remove(from);
    errors_.erase(from);
    return;
  }
  if (readers_.find(from) == readers_.end()) return;
  serve_doors();  // a door tells why before it ends the bytes
  const auto node = readers_.find(from);
  if (node != readers_.end()) close_console(node->second, now(), !is_up_[node->second]);
}

void ProcessBench::close_console(std::size_t node, Time at, bool expected) {
  Console& console = consoles_[node];
  if (!console.is_open()) return;
  for (const Pump::Id id : console.ids) {
    pump_.remove(id);
    readers_.erase(id);
  }
  console = Console{};
  add({.kind = BenchEvent::Kind::ConsoleClosed,
       .node = node,
       .text = std::exchange(outsides_[node].why_ended, {}),
       .at = at,
       .expected = expected,
       .observation = {}});
}

/// The node has ended: what it printed before comes before its end.
void ProcessBench::drain_console(std::size_t node) {
  class LastWords final : public Pump::Sink {
   public:
    explicit LastWords(ProcessBench& bench) : bench_(bench) {}
    void bytes(Pump::Id from, std::string_view bytes) override { bench_.bytes(from, bytes); }
    void quiet(Pump::Id) override {}
    void ended(Pump::Id from) override { bench_.ended(from); }

   private:
    ProcessBench& bench_;
  };
  LastWords sink(*this);
  // Nothing adds to this console any more: its process tree is reaped, so the end is near.
  for (int turns = 0; consoles_[node].is_open() && turns < 1000; ++turns) {
    if (!pump_.wait(0ns, sink)) return;
  }
}

void ProcessBench::read_errors(std::size_t node, Descriptor descriptor) {
  const Pump::Id id = pump_.add(descriptor.get());
  errors_.emplace(id, Errors{node, std::move(descriptor)});
}

/// Of nodes whose process trees are reaped.
void ProcessBench::drain_errors() {
  for (int turns = 0; !errors_.empty() && turns < 1000; ++turns) {
    if (!pump_.wait(0ns, *this)) break;
  }
  for (const auto& [id, errors] : errors_) pump_.remove(id);
  errors_.clear();
  error_files_.clear();
}

void ProcessBench::hear_started(Message& message) {
  const std::size_t node = message.body.at("node");
  const Time at = time_of(message.body);
  if (!message.descriptors.empty()) {
    read_errors(node, std::move(message.descriptors.back()));
    message.descriptors.pop_back();
  }
  is_up_[node] = true;
  if (settings_.nodes[node].door) {
    for (Descriptor& each : message.descriptors) {
      pump_.add(each.get());  // what it prints there nobody reads, but it must not wait for that
      unread_.push_back(std::move(each));
    }
    add({.kind = BenchEvent::Kind::NodeStarted,
         .node = node,
         .text = {},
         .at = at,
         .observation = {}});
    if (consoles_[node].is_open()) open_console(node, at);
    return;
  }
  Console& console = consoles_[node];
  close_console(node, at, true);
  console.descriptors = std::move(message.descriptors);
  for (const Descriptor& each : console.descriptors) console.ids.push_back(pump_.add(each.get()));
  add({.kind = BenchEvent::Kind::NodeStarted,
       .node = node,
       .text = {},
       .at = at,
       .observation = {}});
  if (!console.is_open()) return broken("a console did not come with its node");
  readers_[console.ids.front()] = node;
  add({.kind = BenchEvent::Kind::ConsoleOpened,
       .node = node,
       .text = {},
       .at = at,
       .observation = {}});
}

void ProcessBench::hear_ended(const Json& event) {
  const std::size_t node = event.at("node");
  const bool expected = event.value("expected", false);
  if (!settings_.nodes[node].door) {
    drain_console(node);
    close_console(node, time_of(event), expected);
  }
  is_up_[node] =
      false;  // not before: its last words, and their end, were those of a node that lived
  for (BenchEvent& before : pending_) {
    if (before.kind == BenchEvent::Kind::ConsoleClosed && before.node == node) {
      before.expected = before.expected || expected;
    }
  }
  add({.kind = BenchEvent::Kind::NodeEnded,
       .node = node,
       .text = event.value("text", ""),
       .at = time_of(event),
       .expected = expected,
       .observation = {}});
}

void ProcessBench::hear(Message& message) {
  const Json& event = message.body;
  const std::string word = event.value("event", "");
  if (word == "started") return hear_started(message);
  if (word == "ended") return hear_ended(event);
  if (word == "receipt") {
    receipts_[event.at("id")] = event;
  } else if (word == "ready" || word == "failed") {
    ready_ = event;
  } else if (word == "bye") {
    bye_ = event;
  } else if (word == "start-failed") {
    const std::string& name = settings_.nodes[event.at("node")].command.front();
    if (start_failure_.empty()) start_failure_ = name + ": " + event.value("what", "");
  } else if (word == "acted" || word == "passed") {
    auto& effects = word == "acted" ? effects_ : passages_;
    Effect& effect = effects[{event.at("link"), event.at("number")}];
    if (effect.acted == 0) {
      effect.first = time_of(event);
      effect.first_frame = event.value("frame", std::uint64_t{0});
    }
    effect.last = time_of(event);
    effect.acted = event.value("acted", std::uint64_t{1});
    effect.is_spent = event.value("spent", false);
  } else if (word == "fact") {
    const Observation fact = observation_from(event.at("observation"));
    add({.kind = BenchEvent::Kind::Fact, .text = {}, .at = fact.heard, .observation = fact});
  } else if (word == "stall" || word == "idle-fault") {
    add({.kind = word == "stall" ? BenchEvent::Kind::Stall : BenchEvent::Kind::IdleFault,
         .text = event.value("text", ""),
         .from = time_of(event, "from"),
         .at = time_of(event),
         .observation = {}});
  } else if (word == "broken") {
    broken(event.value("text", ""));
  }
}

void ProcessBench::broken(const std::string& cause) {
  if (std::exchange(is_broken_, true)) return;
  const Time at = now();
  add({.kind = BenchEvent::Kind::Broken, .text = cause, .from = at, .at = at, .observation = {}});
}

void ProcessBench::keeper_lost() {
  channel_.reset();
  if (!bye_) broken("the keeper ended: nodes and relays are gone");
}

void ProcessBench::serve_channel() {
  while (channel_) {
    Message message;
    switch (receive_message(channel_.get(), message)) {
      case Arrival::Nothing:
        return;
      case Arrival::Message:
        hear(message);
        break;
      case Arrival::Closed:
        return keeper_lost();
    }
  }
}

void ProcessBench::wait(Duration limit) {
  polled_.assign({{pump_.pollable(), POLLIN, 0}, {channel_.get(), POLLIN, 0}});
  for (const Outside& outside : outsides_)
    if (outside.door) polled_.push_back({outside.door->pollable(), POLLIN, 0});
  const bool listens = datagrams_pending_ < most_datagrams_pending;
  for (const Ear& ear : ears_)
    if (listens) polled_.push_back({ear.socket.descriptor(), POLLIN, 0});
  if (snmp_) polled_.push_back({snmp_->descriptor(), POLLIN, 0});
  const timespec time = to_timespec(serve_snmp() ? Duration(0) : limit);
  if (ppoll(polled_.data(), polled_.size(), &time, nullptr) <= 0) return;
  if (polled_[0].revents) pump_.wait(0ns, *this);
  if (polled_[1].revents) serve_channel();
  serve_doors();
  if (listens) serve_listeners();
}

bool ProcessBench::snmp_get(const std::vector<std::string>& oids) {
  if (!snmp_ || !snmp_->get(oids)) return false;
  snmp_asked_ = now();
  return true;
}

/// True if an answer came, or its time is over.
bool ProcessBench::serve_snmp() {
  auto answer = snmp_ ? snmp_->serve() : std::nullopt;
  if (!answer) return false;
  add({.kind = BenchEvent::Kind::SnmpAnswered,
       .text = std::move(answer->trouble),
       .from = snmp_asked_,
       .at = now(),
       .observation = {},
       .variables = std::move(answer->variables)});
  return true;
}

/// What came is an event at the instant at which the kernel got it.
void ProcessBench::serve_listeners() {
  for (std::size_t i = 0; i < ears_.size(); ++i) {
    const std::string& name = settings_.listeners[i].name;
    const Time from = std::exchange(ears_[i].read, now());
    const auto lost = ears_[i].socket.receive(
        datagrams_a_turn, [&](FrameAddress sender, Duration age, std::string_view bytes) {
          BenchEvent event{.kind = BenchEvent::Kind::Datagram,
                           .text = std::string(bytes),
                           .at = std::max(now() - age, Time(0)),
                           .observation = {},
                           .listener = name,
                           .sender = sender};
          ++datagrams_pending_;
          add(std::move(event));
        });
    if (lost == 0) continue;
    add({.kind = BenchEvent::Kind::Stall,
         .text = fmt::format("{}: {} datagrams came faster than they were read and are lost", name,
                             lost),
         .from = from,
         .at = now(),
         .observation = {}});
  }
}

/// Who asks late hears late: that is this host's doing, and no node's.
void ProcessBench::watch_own_thread() {
  const Duration limit = stall_limit();
  const Time at = now();
  if (at - own_sample_ < limit / 2) return;
  own_sample_ = at;
  if (!own_waits_) own_waits_.emplace(own_wait(), at);
  const auto stall = own_waits_->sample(own_wait(), limit, at);
  if (!stall) return;
  add({.kind = BenchEvent::Kind::Stall,
       .text = fmt::format("the harness could run and was not run for {} ms", stall->waited / 1ms),
       .from = stall->from,
       .at = at,
       .observation = {}});
}

void ProcessBench::pump(Time until, const Cancel& cancel, std::vector<BenchEvent>& events) {
  wait(0ns);
  watch_own_thread();
  while (pending_.empty() && !cancel.is_cancelled()) {
    const Time at = now();
    if (at >= until) break;
    wait(std::min<Duration>(until - at, cancel_check));
    watch_own_thread();
  }
  events.insert(events.end(), std::make_move_iterator(pending_.begin()),
                std::make_move_iterator(pending_.end()));
  pending_.clear();
  datagrams_pending_ = 0;
}

void ProcessBench::send(std::size_t node, std::string_view bytes) {
  const Console& console = consoles_[node];
  if (console.is_open()) pump_.send(console.ids.back(), bytes);
}

// ------------------------------------------------------------------------------ the end

std::vector<std::string> ProcessBench::heal() {
  std::vector<std::string> lines;
  for (Outside& outside : outsides_) outside.door.reset();
  ears_.clear();
  snmp_.reset();
  if (keeper_ == 0) return lines;
  if (channel_) order({{"order", "end"}});
  const Time limit = now() + heal_limit;
  while (channel_ && !bye_ && now() < limit) wait(std::min<Duration>(limit - now(), cancel_check));
  if (bye_) lines = bye_->value("lines", std::vector<std::string>{});
  channel_.reset();
  if (!reaped_within(keeper_, keeper_process_.get(), limit - now())) {
    kill(keeper_, SIGKILL);
    waitpid(keeper_, nullptr, 0);
    lines.emplace_back("the keeper did not end in time and was killed");
  }
  keeper_ = 0;
  keeper_process_.reset();
  for (std::size_t node = 0; node < consoles_.size(); ++node) close_console(node, now(), true);
  drain_errors();
  remove_if_empty(settings_.folder + "/keeper.stderr");
  for (std::string& line : lines_of_undone()) lines.push_back(std::move(line));
  return lines;
}

std::vector<std::string> ProcessBench::artefacts() const {
  std::vector<std::string> names;
  for (const ProcessLink& link : settings_.links) {
    names.push_back(link.name + ".pcap");
    names.push_back(link.name + ".lost.pcap");
  }
  for (const ProcessNode& node : settings_.nodes) names.push_back(node.name + ".stderr");
  std::erase_if(names, [this](const std::string& name) {
    std::error_code error;
    const auto size = std::filesystem::file_size(settings_.folder + "/" + name, error);
    return error || size == 0;
  });
  return names;
}

}  // namespace understudy::targets

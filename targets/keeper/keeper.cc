#include "targets/keeper/keeper.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>

#include "targets/keeper/channel.h"
#include "targets/keeper/children.h"
#include "targets/keeper/journal.h"
#include "targets/keeper/network.h"
#include "targets/keeper/outbox.h"
#include "targets/keeper/processes.h"
#include "targets/wire/relay.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr int harness = STDIN_FILENO;
constexpr Duration heal_limit = 4s;
constexpr Duration farewell_limit = 500ms;

/// A link with what its acts need.
struct Link {
  std::string name;
  std::vector<std::size_t> ends;
  std::vector<std::string> names;
  std::vector<std::string> types;
  FrameWords frames;
  std::vector<std::string> interfaces;
  std::unique_ptr<Relay> relay;

  bool outlives = false;  ///< the harness, for whoever else is on it

  bool is_inline() const { return !interfaces.empty(); }
};

Json json_of_mark(FrameMark mark) {
  return {{"number", mark.number}, {"at", mark.at.count()}};
}

Result<std::string> make_control_folder() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  for (const std::string& parent : {std::string(runtime ? runtime : ""), std::string("/tmp")}) {
    if (parent.empty() || parent.size() > 40) continue;  // a socket's path holds 107 bytes
    std::string folder = parent + "/understudy-XXXXXX";
    if (mkdtemp(folder.data()) != nullptr) return folder;
  }
  return fail("", "no folder for control sockets could be made", "/tmp must be writable");
}

class Keeper {
 public:
  Keeper() : outbox_(harness) {}
  ~Keeper() { relays_end(); }

  /// Until the harness orders the end, or is gone.
  void work(int signals);

 private:
  Result<void> set_up(const Json& order);
  Result<void> open_links(const Json& order);
  Result<void> start_relay(Link& link, const Json& order, std::size_t index);
  Json ready() const;
  /// False when everything is over.
  bool obey(const Json& order);
  void obey_link(const Json& order, const std::string& word);
  void receipt(const Json& order, const Installed& installed, const std::string& words);
  void refuse(const Json& order, const std::string& words);
  void tell(std::size_t link, const WireNote& note);
  void look_after(Time now);
  timespec time_to_wait(Time now) const;
  void heal(bool is_asked);
  void outlive_harness(int signals);
  void relays_end() { links_.clear(); }

  Outbox outbox_;
  Time start_{};
  std::string run_;
  std::string control_;
  std::string folder_;
  Duration stall_limit_ = 150ms;
  Time next_sample_{};
  std::optional<Journal> journal_;
  std::optional<LoopbackBlock> network_;
  std::optional<Children> children_;
  std::vector<Link> links_;
  std::size_t node_count_ = 0;
};

Result<void> Keeper::start_relay(Link& link, const Json& order, std::size_t index) {
  RelaySettings settings;
  settings.start = start_;
  settings.stall_limit = stall_limit_;
  settings.wire.link = link.name;
  settings.wire.frames = link.frames;
  settings.wire.folder = folder_;
  settings.wire.refresh = Duration(order.at("refresh").get<std::int64_t>());
  settings.wire.hold_limit = Duration(order.at("hold_limit").get<std::int64_t>());
  settings.wire.seed = order.at("seed").get<std::uint64_t>() + index;
  const Json& words = order.at("links")[index];
  settings.where = words.at("where");
  settings.interfaces = link.interfaces;
  if (link.is_inline()) {
    settings.wire.layer = FrameLayer::Ethernet;
    settings.wire.payload_at = words.at("payload_at");
    auto filter = make_frame_filter(words.at("filter"), settings.where);
    if (!filter) return tl::unexpected(filter.error());
    settings.wire.filter = std::move(*filter);
  }
  for (std::size_t i = 0; i < link.ends.size(); ++i) {
    settings.wire.ends.push_back({link.names[i], network_->local(link.ends[i], index)});
    settings.relay_addresses.push_back(network_->peer(link.ends[i], index));
  }
  auto relay =
      Relay::start(std::move(settings), [this, index](const WireNote& note) { tell(index, note); });
  if (!relay) return tl::unexpected(relay.error());
  link.relay = std::move(*relay);
  return {};
}

Result<void> Keeper::open_links(const Json& order) {
  links_.resize(order.at("links").size());
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const Json& words = order.at("links")[i];
    Link& link = links_[i];
    link.name = words.at("name");
    link.ends = words.at("ends").get<std::vector<std::size_t>>();
    for (const std::size_t node : link.ends) link.names.push_back(order.at("nodes").at(node));
    if (const std::string path = words.at("frames"); !path.empty()) {
      auto frames = load_frames_file(path);
      if (!frames) return tl::unexpected(frames.error());
      link.frames = std::move(*frames);
    }
    link.types = link.frames.type_names();
    link.interfaces = words.at("interfaces").get<std::vector<std::string>>();
    link.outlives = words.at("outlives");
    auto started = start_relay(link, order, i);
    if (!started) return started;
  }
  return {};
}

Result<void> Keeper::set_up(const Json& order) {
  start_ = Time(order.at("start").get<std::int64_t>());
  next_sample_ = {};  // what was set before counts from another start
  folder_ = order.at("folder");
  stall_limit_ = Duration(order.at("stall_limit").get<std::int64_t>());
  const auto self = identity_of(getpid()).value_or(ProcessIdentity{});
  run_ = fmt::format("{}-{}", self.pid, self.started);
  setenv(run_variable, run_.c_str(), 1);
  auto control = make_control_folder();
  if (!control) return tl::unexpected(control.error());
  control_ = *control;
  auto journal = Journal::create(order.at("out"), run_,
                                 identity_of(getppid()).value_or(ProcessIdentity{}), control_);
  if (!journal) return tl::unexpected(journal.error());
  journal_ = std::move(*journal);
  auto network = LoopbackBlock::claim(static_cast<std::uint32_t>(self.pid));
  if (!network) return tl::unexpected(network.error());
  network_ = std::move(*network);
  node_count_ = order.at("nodes").size();
  auto opened = open_links(order);
  if (!opened) return opened;
  for (const Link& link : links_) {
    if (link.is_inline()) journal_->wire(link.name, link.interfaces);
  }
  children_.emplace(order.at("nodes").get<std::vector<std::string>>(), folder_, start_, outbox_,
                    *journal_);
  return {};
}

Json Keeper::ready() const {
  Json links = Json::array();
  for (std::size_t i = 0; i < links_.size(); ++i) {
    Json ends = Json::array();
    for (const std::size_t node : links_[i].ends) {
      ends.push_back({{"local", to_text(network_->local(node, i))},
                      {"peer", to_text(network_->peer(node, i))}});
    }
    links.push_back(std::move(ends));
  }
  Json consoles = Json::array();
  for (std::size_t node = 0; node < node_count_; ++node)
    consoles.push_back(to_text(network_->console(node)));
  return {{"event", "ready"},
          {"run", run_},
          {"control", control_},
          {"links", links},
          {"consoles", consoles}};
}

// ------------------------------------------------------------------------------ orders

void Keeper::receipt(const Json& order, const Installed& installed, const std::string& words) {
  outbox_.tell({{"event", "receipt"},
                {"id", order.at("id")},
                {"ok", true},
                {"at", installed.at.count()},
                {"number", installed.id},
                {"last_passed", json_of_mark(installed.last_passed)},
                {"last_lost", json_of_mark(installed.last_lost)},
                {"lives", installed.lives},
                {"words", words}});
}

void Keeper::refuse(const Json& order, const std::string& words) {
  outbox_.tell({{"event", "receipt"},
                {"id", order.value("id", std::uint64_t{0})},
                {"ok", false},
                {"at", (monotonic_now() - start_).count()},
                {"words", words}});
}

void Keeper::obey_link(const Json& order, const std::string& word) {
  Link& link = links_.at(order.at("link"));
  if (word == "restore") {
    receipt(order, link.relay->lift(), "faults of " + link.name + " lifted");
    return;
  }
  const Act act{order.at("word"), order.at("arguments")};
  const auto fault = fault_from_act(act, link.names, link.types);
  if (!fault) return refuse(order, to_line(fault.error()));
  journal_->before(act.word + " on " + link.name, "ends with the keeper");
  receipt(order, link.relay->install(*fault), act.word + " on " + link.name);
}

bool Keeper::obey(const Json& order) {
  const std::string word = order.value("order", "");
  if (word == "setup") {
    const auto done = set_up(order);
    if (done) {
      outbox_.tell(ready());
      return true;
    }
    outbox_.tell({{"event", "failed"},
                  {"where", done.error().where},
                  {"what", done.error().what},
                  {"hint", done.error().hint}});
    return false;
  }
  if (word == "end" || !children_) return false;
  if (word == "power-on") children_->power_on(order);
  if (word == "power-off") children_->power_off(order);
  if (word == "hang") children_->hang(order);
  if (word == "resume") children_->resume(order);
  if (word == "hand") children_->run_hand(order);
  if (word == "fault" || word == "restore") obey_link(order, word);
  return true;
}

// ------------------------------------------------------------------------------ news of the relays

void Keeper::tell(std::size_t link, const WireNote& note) {
  switch (note.kind) {
    case WireNote::Kind::Fact:
      outbox_.tell({{"event", "fact"}, {"observation", json_of(note.fact)}});
      return;
    case WireNote::Kind::Acted:
      outbox_.tell({{"event", "acted"},
                    {"link", link},
                    {"number", note.id},
                    {"acted", note.acted},
                    {"spent", note.is_spent},
                    {"frame", note.mark.number},
                    {"at", note.at.count()}});
      return;
    case WireNote::Kind::Passed:
      outbox_.tell({{"event", "passed"},
                    {"link", link},
                    {"number", note.id},
                    {"frame", note.mark.number},
                    {"at", note.at.count()}});
      return;
    case WireNote::Kind::Stall:
      outbox_.tell(
          {{"event", "stall"},
           {"from", note.from.count()},
           {"at", note.at.count()},
           {"text", fmt::format("{} was late by {} ms", note.text, (note.at - note.from) / 1ms)}});
      return;
    case WireNote::Kind::Idle:
      outbox_.tell({{"event", "idle-fault"},
                    {"from", note.from.count()},
                    {"at", note.at.count()},
                    {"text", note.text}});
      return;
    case WireNote::Kind::Broken:
      outbox_.tell({{"event", "broken"}, {"at", note.at.count()}, {"text", note.text}});
      return;
  }
}

// ------------------------------------------------------------------------------ the loop

timespec Keeper::time_to_wait(Time now) const {
  Time next = next_sample_;
  if (const auto deadline = children_ ? children_->next_deadline() : std::nullopt) {
    next = std::min(next, *deadline);
  }
  const auto wait = std::max<std::int64_t>((next - now).count(), 0);
  return {wait / 1'000'000'000, wait % 1'000'000'000};
}

void Keeper::look_after(Time now) {
  if (children_) children_->time_passed(now);
  if (now < next_sample_) return;
  if (children_) children_->sample_run_delays(stall_limit_, now);
  next_sample_ = now + std::clamp<Duration>(stall_limit_ / 2, 10ms, 100ms);
}

void Keeper::heal(bool is_asked) {
  std::vector<std::string> lines;
  if (children_) lines = children_->end_all(monotonic_now() + heal_limit);
  relays_end();
  remove_control_folder(control_);
  if (journal_ && lines.empty()) journal_->close();
  if (!is_asked) return;
  outbox_.tell({{"event", "bye"}, {"lines", lines}});
  const Time limit = monotonic_now() + farewell_limit;
  while (outbox_.is_waiting() && monotonic_now() < limit) {
    pollfd polled{harness, POLLOUT, 0};
    poll(&polled, 1, 100);
    outbox_.flush();
  }
}

void Keeper::outlive_harness(int signals) {
  std::erase_if(links_, [](const Link& link) { return !link.outlives; });
  if (links_.empty()) return heal(false);
  for (const Link& link : links_) {
    link.relay->only_forward();
    journal_->goes_on(link.name);
    fmt::print(stderr, "the run died; the inline wire {} ({}) goes on until `understudy heal`\n",
               link.name, fmt::join(link.interfaces, ", "));
  }
  const bool is_healed = !children_ || children_->end_all(monotonic_now() + heal_limit).empty();
  remove_control_folder(control_);
  for (signalfd_siginfo info{}; info.ssi_signo == 0 || info.ssi_signo == SIGCHLD;) {
    pollfd polled{signals, POLLIN, 0};
    if (poll(&polled, 1, -1) > 0) (void)!read(signals, &info, sizeof info);
  }
  relays_end();
  if (is_healed) journal_->close();
}

void Keeper::work(int signals) {
  const Descriptor parent(static_cast<int>(syscall(SYS_pidfd_open, getppid(), 0)));
  for (;;) {
    std::vector<pollfd> polled{{harness, POLLIN, 0},
                               {parent.get(), POLLIN, 0},
                               {signals, POLLIN, 0},
                               {outbox_.wake(), POLLIN, 0}};
    if (outbox_.is_waiting()) polled[0].events |= POLLOUT;
    if (children_) {
      for (const int fd : children_->descriptors()) polled.push_back({fd, POLLIN, 0});
    }
    const timespec wait = time_to_wait(monotonic_now() - start_);
    if (ppoll(polled.data(), polled.size(), &wait, nullptr) < 0) continue;
    if (polled[1].revents) return outlive_harness(signals);
    if (polled[3].revents) outbox_.clear_wake();
    if (polled[2].revents) {
      signalfd_siginfo info{};
      (void)!read(signals, &info, sizeof info);
      if (info.ssi_signo != SIGCHLD) return heal(false);
    }
    for (std::size_t i = 4; i < polled.size(); ++i) {
      if (polled[i].revents) children_->serve(polled[i].fd);
    }
    if (children_) children_->reap();
    if (polled[0].revents & POLLOUT) outbox_.flush();
    if (polled[0].revents & (POLLIN | POLLHUP)) {
      Message message;
      const Arrival arrival = receive_message(harness, message);
      if (arrival == Arrival::Closed) return outlive_harness(signals);
      if (arrival == Arrival::Message && !obey(message.body)) return heal(true);
    }
    look_after(monotonic_now() - start_);
  }
}

int watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGPIPE}) sigaddset(&set, signal);
  sigprocmask(SIG_SETMASK, &set, nullptr);
  sigdelset(&set, SIGPIPE);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

}  // namespace

int keeper_main() {
  setsid();
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_NAME, "understudy-keep");
  fcntl(harness, F_SETFD, FD_CLOEXEC);
  std::signal(SIGCHLD, SIG_DFL);
  const Descriptor signals(watched_signals());
  Keeper keeper;
  keeper.work(signals.get());
  return 0;
}

Json json_of(const Observation& observation) {
  return {{"kind", observation.kind == Observation::Kind::Fact ? "fact" : "claim"},
          {"observer", observation.observer},
          {"subject", observation.subject},
          {"attribute", observation.attribute},
          {"value", observation.value},
          {"asked", observation.asked.count()},
          {"heard", observation.heard.count()},
          {"evidence", observation.evidence}};
}

Observation observation_from(const Json& json) {
  Observation observation;
  observation.kind =
      json.value("kind", "") == "fact" ? Observation::Kind::Fact : Observation::Kind::Claim;
  observation.observer = json.value("observer", "");
  observation.subject = json.value("subject", "");
  observation.attribute = json.value("attribute", "");
  observation.value = json.value("value", "");
  observation.asked = Time(json.value("asked", std::int64_t{0}));
  observation.heard = Time(json.value("heard", std::int64_t{0}));
  observation.evidence = json.value("evidence", "");
  return observation;
}

}  // namespace understudy::targets

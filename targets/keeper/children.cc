#include "targets/keeper/children.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "targets/keeper/processes.h"
#include "targets/keeper/spawn.h"
#include "targets/wire/relay.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kept_output = 16'384;  // of a hand's command
constexpr const char* own_program = "/proc/self/exe";
constexpr const char* power_on_variable = "UNDERSTUDY_POWER_ON";

std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

void give_order(int channel, const std::string& word) {
  send_message(channel, Json{{"order", word}}.dump());
}

}  // namespace

Children::Children(std::vector<std::string> nodes, std::string folder, Time start, Outbox& outbox,
                   Journal& journal)
    : nodes_(nodes.size()),
      folder_(std::move(folder)),
      start_(start),
      outbox_(outbox),
      journal_(journal) {
  for (std::size_t i = 0; i < nodes.size(); ++i) nodes_[i].name = std::move(nodes[i]);
}

Result<void> Children::launch(Child& child, const Json& spec, const std::string& errors) {
  auto channel = make_channel();
  if (!channel) return tl::unexpected(channel.error());
  const auto pid = spawn_part(own_program, "__launch", channel->second.get(), errors);
  if (!pid) return tl::unexpected(pid.error());
  journal_.started("the launcher of " + child.name, *pid);
  child.launcher = *pid;
  child.pid = 0;
  child.channel = std::move(channel->first);
  child.state = State::Starting;
  child.is_ordered_to_end = false;
  child.threads.clear();
  send_message(child.channel.get(), spec.dump());
  return {};
}

// ------------------------------------------------------------------------------ receipts

void Children::begin(std::uint64_t id, std::size_t children) {
  pending_[id] = Pending{children, true, monotonic_now() - start_, ""};
  if (children == 0) pending_[id].left = 1, answer(id, true, pending_[id].at, "");
}

void Children::answer(std::uint64_t id, bool ok, Time at, const std::string& words) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return;
  Pending& pending = found->second;
  pending.ok = pending.ok && ok;
  pending.at = std::max(pending.at, at);
  if (!pending.words.empty() && !words.empty()) pending.words += "; ";
  pending.words += words;
  if (--pending.left > 0) return;
  outbox_.tell({{"event", "receipt"},
                {"id", id},
                {"ok", pending.ok},
                {"at", pending.at.count()},
                {"words", pending.words}});
  pending_.erase(found);
}

void Children::answer_order(Child& child, bool ok, Time at, const std::string& words) {
  const std::uint64_t id = std::exchange(child.order, 0);
  if (id != 0) answer(id, ok, at, words);
}

// ------------------------------------------------------------------------------ orders

void Children::power_on(const Json& order) {
  const std::uint64_t id = order.at("id");
  const std::string instant = std::to_string(monotonic_now().count());
  begin(id, order.at("nodes").size());
  for (Json spec : order.at("nodes")) {
    const std::size_t node = spec.at("node");
    Child& child = nodes_.at(node);
    spec["environment"].push_back(Json::array({power_on_variable, instant}));
    const Time now = monotonic_now() - start_;
    if (child.state != State::Off) {
      answer(id, true, now, child.name + " was on already");
      continue;
    }
    child.order = id;
    const auto launched = launch(child, spec, fmt::format("{}/{}.stderr", folder_, child.name));
    if (launched) continue;
    outbox_.tell({{"event", "start-failed"}, {"node", node}, {"what", to_line(launched.error())}});
    answer_order(child, false, now, to_line(launched.error()));
  }
}

/// False if the child is in no state for the order; then it is answered already.
bool Children::carry(Child& child, std::uint64_t id, const std::string& word) {
  const bool is_up = child.state == State::Running || child.state == State::Stopped;
  if (!is_up || child.order != 0) {
    const std::string words = child.name + (child.order != 0 ? " is busy" : " is off");
    answer(id, word == "kill" && child.order == 0, monotonic_now() - start_, words);
    return false;
  }
  child.order = id;
  if (word == "kill") {
    child.is_ordered_to_end = true;
    child.state = State::Ending;
  }
  give_order(child.channel.get(), word);
  return true;
}

void Children::order_children(const Json& order, const std::string& word) {
  const std::uint64_t id = order.at("id");
  begin(id, order.at("nodes").size());
  for (const Json& node : order.at("nodes")) carry(nodes_.at(node), id, word);
}

void Children::power_off(const Json& order) {
  order_children(order, "kill");
}

void Children::hang(const Json& order) {
  for (const Json& node : order.at("nodes")) {
    journal_.before("hang " + nodes_.at(node).name, "SIGCONT, or end it");
  }
  order_children(order, "stop");
}

void Children::resume(const Json& order) {
  order_children(order, "continue");
}

void Children::run_hand(const Json& order) {
  const std::uint64_t id = order.at("id");
  begin(id, 1);
  Hand hand;
  hand.child.name = order.at("command").at(0);
  hand.child.order = id;
  hand.deadline = monotonic_now() - start_ + Duration(order.value("limit", std::int64_t{0}));
  journal_.before("hand " + order.at("command").dump(), "by the case");
  Json spec = order;
  spec["pty"] = false;
  spec["merge_stderr"] = true;
  const auto launched = launch(hand.child, spec, folder_ + "/hands.stderr");
  if (!launched) {
    answer_order(hand.child, false, monotonic_now() - start_, to_line(launched.error()));
    return;
  }
  hands_.push_back(std::move(hand));
}

// ------------------------------------------------------------------------------ answers of
// launchers

std::vector<int> Children::descriptors() const {
  std::vector<int> all;
  for (const Child& child : nodes_) {
    if (child.channel) all.push_back(child.channel.get());
  }
  for (const Hand& hand : hands_) {
    all.push_back(hand.child.channel.get());
    if (hand.output) all.push_back(hand.output.get());
  }
  return all;
}

void Children::serve(int fd) {
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    if (nodes_[node].channel && nodes_[node].channel.get() == fd) return serve_node(node);
  }
  const auto is_over = [this, fd](Hand& hand) {
    return (hand.child.channel.get() == fd || hand.output.get() == fd) && !serve_hand(hand, fd);
  };
  hands_.erase(std::remove_if(hands_.begin(), hands_.end(), is_over), hands_.end());
}

void Children::serve_node(std::size_t node) {
  Message message;
  switch (receive_message(nodes_[node].channel.get(), message)) {
    case Arrival::Nothing:
      return;
    case Arrival::Message:
      return hear_node(node, message);
    case Arrival::Closed:
      node_ended(node, monotonic_now() - start_, "its launcher was killed");
      return;
  }
}

void Children::hear_node(std::size_t node, Message& message) {
  Child& child = nodes_[node];
  const std::string event = message.body.value("event", "");
  const Time at = time_of(message.body);
  if (event == "started") {
    child.state = State::Running;
    child.pid = message.body.value("pid", 0);
    journal_.started(child.name, child.pid);
    outbox_.tell({{"event", "started"}, {"node", node}, {"at", at.count()}},
                 std::move(message.descriptors));
    answer_order(child, true, at, fmt::format("{} is process {}", child.name, child.pid));
  } else if (event == "failed") {
    const std::string what = message.body.value("what", "");
    child.channel.reset();
    child.state = State::Off;
    outbox_.tell({{"event", "start-failed"}, {"node", node}, {"what", what}});
    answer_order(child, false, monotonic_now() - start_, child.name + ": " + what);
  } else if (event == "ended") {
    node_ended(node, at, message.body.value("text", ""));
  } else {
    const std::string words = message.body.value("words", "");
    if (!words.empty()) child.state = event == "stopped" ? State::Stopped : State::Running;
    const std::string proof = words.empty() ? "not all of its threads obeyed" : words;
    answer_order(child, !words.empty(), at, child.name + ": " + proof);
  }
}

void Children::node_ended(std::size_t node, Time at, const std::string& text) {
  Child& child = nodes_[node];
  child.channel.reset();
  child.state = State::Off;
  outbox_.tell({{"event", "ended"},
                {"node", node},
                {"at", at.count()},
                {"text", text},
                {"expected", child.is_ordered_to_end}});
  answer_order(child, child.is_ordered_to_end, at, child.name + " " + text + " and was reaped");
}

void Children::read_output(Hand& hand) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto length = read(hand.output.get(), buffer.data(), buffer.size());
    if (length < 0 && errno == EAGAIN) return;
    if (length <= 0) return hand.output.reset();
    hand.text.append(buffer.data(), static_cast<std::size_t>(length));
    if (hand.text.size() > kept_output) hand.text.erase(0, hand.text.size() - kept_output);
  }
}

/// False when the command is over.
bool Children::serve_hand(Hand& hand, int fd) {
  if (hand.output && hand.output.get() == fd) {
    read_output(hand);
    return true;
  }
  Message message;
  const Arrival arrival = receive_message(hand.child.channel.get(), message);
  if (arrival == Arrival::Nothing) return true;
  const std::string event = arrival == Arrival::Message ? message.body.value("event", "") : "";
  if (event == "started") {
    hand.child.pid = message.body.value("pid", 0);
    hand.output = std::move(message.descriptors.at(0));
    fcntl(hand.output.get(), F_SETFL, O_NONBLOCK);
    return true;
  }
  if (event == "ended") {
    hand_ended(hand, message.body.value("status", -1), message.body.value("text", ""));
  } else {
    const std::string what = message.body.is_object() ? message.body.value("what", "") : "";
    answer_order(hand.child, false, monotonic_now() - start_, hand.child.name + ": " + what);
  }
  return false;
}

void Children::hand_ended(Hand& hand, int status, const std::string& text) {
  if (hand.output) read_output(hand);
  std::string words = hand.child.name + (hand.is_late ? " did not end in time" : " " + text);
  const std::string said = last_line(hand.text);
  if (!said.empty()) words += ": " + said;
  answer_order(hand.child, status == 0 && !hand.is_late, monotonic_now() - start_, words);
}

void Children::time_passed(Time now) {
  for (Hand& hand : hands_) {
    if (hand.is_late || hand.deadline > now) continue;
    hand.is_late = true;
    give_order(hand.child.channel.get(), "kill");
  }
}

std::optional<Time> Children::next_deadline() const {
  std::optional<Time> next;
  for (const Hand& hand : hands_) {
    if (!hand.is_late) next = std::min(next.value_or(hand.deadline), hand.deadline);
  }
  return next;
}

}  // namespace understudy::targets

// Consoles of a bench that are reached through doors.
#include <fmt/format.h>

#include <algorithm>

#include "targets/keeper/bench.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr Duration setup_limit = 10s;

}  // namespace

Result<DoorSettings> ProcessBench::door_settings(std::size_t node) const {
  DoorSettings settings = *settings_.nodes[node].door;
  std::vector<std::string*> texts{&settings.host, &settings.port, &settings.device};
  for (std::string& word : settings.command) texts.push_back(&word);
  for (SshHop& hop : settings.hops) {
    for (std::string* text : {&hop.user, &hop.host, &hop.port, &hop.key, &hop.known_hosts})
      texts.push_back(text);
  }
  for (std::string* text : texts) {
    auto value = expand(*text, values_, settings.where);
    if (!value) return tl::unexpected(value.error());
    *text = std::move(*value);
  }
  if (!settings.port.empty() || settings.host.empty()) return settings;
  const auto colon = settings.host.rfind(':');  // host:port came as one placeholder
  if (colon == std::string::npos)
    return fail(settings.where, "`" + settings.host + "` has no port", "HOST:PORT");
  settings.port = settings.host.substr(colon + 1);
  settings.host.resize(colon);
  return settings;
}

/// Every door is opened once before a run begins: what stands in its way is told before anything is
/// done to the switch.
Result<void> ProcessBench::open_doors() {
  Time limit = now();
  for (std::size_t node = 0; node < settings_.nodes.size(); ++node) {
    if (!settings_.nodes[node].door) continue;
    auto settings = door_settings(node);
    if (!settings) return tl::unexpected(settings.error());
    limit = std::max(limit, now() + settings->connect_limit + 1s);
    block_broken_pipes();  // typing into a session that has just ended ends nothing of ours
    outsides_[node].door = std::make_unique<Door>(make_transport(*settings), settings->keepalive);
  }
  const auto is_waiting = [](const Outside& each) { return each.door && !each.was_open; };
  while (std::ranges::any_of(outsides_, is_waiting) && start_failure_.empty() && channel_ &&
         now() < limit)
    wait(limit - now());
  // A door that says why it stays shut tells more than one that was still being waited for.
  const auto is_in_trouble = [&](const Outside& each) {
    return is_waiting(each) && !each.trouble.empty();
  };
  auto shut = std::ranges::find_if(outsides_, is_in_trouble);
  if (shut == outsides_.end()) shut = std::ranges::find_if(outsides_, is_waiting);
  if (shut == outsides_.end()) return {};
  const ProcessNode& node = settings_.nodes[static_cast<std::size_t>(shut - outsides_.begin())];
  return fail(
      node.door->where,
      fmt::format("the console of {} cannot be opened: {}", node.name,
                  shut->trouble.empty() ? to_text(*node.door) + " did not answer" : shut->trouble),
      shut->hint.empty() ? start_failure_ : shut->hint);
}

Result<void> ProcessBench::run_prepare() {
  if (settings_.prepare.empty()) return {};
  const auto command = expand(settings_.prepare, values_, settings_.testbed);
  if (!command) return tl::unexpected(command.error());
  const Receipt receipt = run_command(*command, now(), "prepare");
  if (receipt.took_effect) return {};
  return fail(settings_.testbed, "the bench could not be prepared: " + receipt.words);
}

bool ProcessBench::open_again(std::size_t node) {
  Outside& outside = outsides_[node];
  if (!outside.door) return false;
  auto settings = door_settings(node);
  if (!settings) return false;
  settings->breaks = false;  // the node may boot just now
  outside.door.reset();
  close_console(node, now(), true);
  outside.door = std::make_unique<Door>(make_transport(*settings), settings->keepalive);
  return true;
}

void ProcessBench::open_console(std::size_t node, Time at) {
  add({.kind = BenchEvent::Kind::ConsoleOpened,
       .node = node,
       .text = std::exchange(outsides_[node].sent_break, false) ? "break" : "",
       .at = at,
       .observation = {}});
}

void ProcessBench::hear_door(std::size_t node, Door::Event& event) {
  Outside& outside = outsides_[node];
  switch (event.kind) {
    case Door::Event::Kind::Opened: {
      close_console(node, now(), !is_up_[node]);
      Console& console = consoles_[node];
      console.ids.push_back(pump_.add(event.bytes.get()));
      console.descriptors.push_back(std::move(event.bytes));
      readers_[console.ids.front()] = node;
      outside.was_open = true;
      outside.why_ended.clear();
      outside.sent_break = event.sent_break;
      if (is_up_[node]) open_console(node, now());
      return;
    }
    case Door::Event::Kind::Ended:  // the end of its bytes tells it
      outside.why_ended = event.text;
      return;
    case Door::Event::Kind::Failed:
      outside.trouble = event.text;
      outside.hint = event.hint;
      if (!event.is_final) return;
      if (!outside.was_open) {
        start_failure_ = event.hint.empty() ? "it is not tried again" : event.hint;
        return;
      }
      broken(fmt::format("the console of {} cannot be opened again: {}{}",
                         settings_.nodes[node].name, event.text,
                         event.hint.empty() ? "" : " (" + event.hint + ")"));
      return;
  }
}

void ProcessBench::serve_doors() {
  for (std::size_t node = 0; node < outsides_.size(); ++node) {
    if (!outsides_[node].door) continue;
    for (Door::Event& event : outsides_[node].door->take_events()) hear_door(node, event);
  }
}

}  // namespace understudy::targets

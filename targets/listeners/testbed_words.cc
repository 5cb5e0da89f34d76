#include "targets/listeners/testbed_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "harness/words.h"
#include "targets/device/dialect_reader.h"
#include "targets/device/door_reader.h"

namespace understudy::targets {
namespace {

std::vector<std::string> known_listeners() {
  std::vector<std::string> names;
  for (const ListenerWord& word : listener_words())
    if (word.is_told_unasked) names.emplace_back(word.name);
  return names;
}

/// "udp:HOST:PORT", or "udp:HOST" for a port of its own.
FrameAddress place_from(const yaml::Node& node, yaml::Problems& problems) {
  const auto text =
      from_environment(yaml::text_from(node, "a listener", problems).value_or(""), node, problems);
  const auto refuse = [&](const std::string& what) {
    yaml::add(problems, node, fmt::format("`{}` {}", text, what),
              "udp:HOST:PORT with an IPv4 address, or udp:HOST for a port of its own");
    return FrameAddress{};
  };
  constexpr std::string_view udp = "udp:";
  if (!text.starts_with(udp)) return refuse("is nothing to listen on");
  const std::string rest = text.substr(udp.size());
  const auto colon = rest.find(':');
  const auto ip = ip_from(rest.substr(0, colon));
  if (!ip) return refuse("names no address");
  FrameAddress address{*ip, 0};
  if (colon == std::string::npos) return address;
  const char* const end = rest.data() + rest.size();
  const auto [stop, error] = std::from_chars(rest.data() + colon + 1, end, address.port);
  if (error != std::errc{} || stop != end || address.port == 0) return refuse("names no port");
  return address;
}

/// What the switch is told to send to: the port is that of `at`.
std::string reached_from(const yaml::Node& node, yaml::Problems& problems) {
  const auto text =
      from_environment(yaml::text_from(node, "reached", problems).value_or(""), node, problems);
  const bool is_address = std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
  });
  if (text.find("${") == std::string::npos && (text.empty() || !is_address))
    yaml::add(problems, node, fmt::format("`{}` is no address", text),
              "reached: 10.0.0.5, without a port: that is the one of `at`");
  return text;
}

/// Two programs that want one port of one address.
bool is_one_place(const FrameAddress& a, const FrameAddress& b) {
  return a.port != 0 && a.port == b.port && (a.ip == b.ip || a.ip == 0 || b.ip == 0);
}

TestbedListener listener_from(const yaml::Entry& entry, yaml::Problems& problems) {
  TestbedListener listener;
  listener.where = yaml::where(entry.key);
  if (const auto known = known_listeners();
      const auto index = choice_from(entry.key, "a listener", known, problems))
    listener.name = known[*index];
  const yaml::Node& node = entry.value;
  if (node.is_empty()) {
    yaml::add(problems, entry.key, fmt::format("{} has no address to listen on", entry.key.text),
              entry.key.text + ": \"udp:HOST:PORT\"");
    return listener;
  }
  if (!node.is_map()) {
    listener.address = place_from(node, problems);
  } else if (yaml::check_keys(node, fmt::format("the listener {}", listener.name), {"at"},
                              {"reached", "community"}, problems)) {
    if (const auto* at = yaml::find(node, "at")) listener.address = place_from(*at, problems);
    if (const auto* reached = yaml::find(node, "reached"))
      listener.reached = reached_from(*reached, problems);
    const auto* community = yaml::find(node, "community");
    if (community && listener.name != "traps")
      yaml::add(problems, *community,
                fmt::format("what comes to {} has no community", listener.name),
                "a community is of traps");
    else if (community)
      listener.community = secret_from(*community, "community", problems);
    if (listener.community && listener.community->kind == Secret::Kind::Prompt)
      listener.community->source = "community of the listener " + listener.name;
  }
  if (listener.address.ip == 0 && listener.reached.empty() && problems.empty())
    yaml::add(problems, node, "0.0.0.0 is no address that a switch can send to",
              "{at: \"udp:0.0.0.0:162\", reached: 10.0.0.5}");
  return listener;
}

}  // namespace

void listeners_from(const yaml::Node& node, TestbedFile& file, yaml::Problems& problems) {
  if (!node.is_map() || node.entries.empty())
    return yaml::add(problems, node, "`listeners` is a map from traps or syslog to an address",
                     "traps: \"udp:127.0.0.1:1162\"");
  for (const auto& entry : node.entries) {
    auto listener = listener_from(entry, problems);
    for (const TestbedListener& other : file.listeners)
      if (is_one_place(other.address, listener.address))
        yaml::add(problems, entry.key,
                  fmt::format("{} and {} listen on one port", other.name, listener.name),
                  "each has a port of its own: 162 for traps, 514 for syslog");
    file.listeners.push_back(std::move(listener));
  }
}

void snmp_from(const yaml::Node& node, TestbedFile& file, yaml::Problems& problems) {
  const bool is_map = yaml::check_keys(node, "snmp", {"address", "community"}, {}, problems);
  if (!is_map || !yaml::find(node, "address") || !yaml::find(node, "community")) return;
  if (!file.profile.empty())
    return yaml::add(problems, node, "a simulated chassis answers no SNMP get",
                     "it sends traps: listeners: {traps: \"udp:127.0.0.1\"}");
  TestbedSnmp snmp;
  snmp.where = yaml::where(node);
  const yaml::Node& address = *yaml::find(node, "address");
  snmp.address = from_environment(yaml::text_from(address, "address", problems).value_or(""),
                                  address, problems);
  const auto colon = snmp.address.rfind(':');
  std::uint16_t port = 0;
  const char* const end = snmp.address.data() + snmp.address.size();
  const bool has_port = colon != std::string::npos && colon > 0 &&
                        std::from_chars(snmp.address.data() + colon + 1, end, port).ptr == end &&
                        port > 0;
  if (!has_port)
    yaml::add(problems, address, fmt::format("`{}` is no address", snmp.address), "HOST:PORT");
  snmp.community = secret_from(*yaml::find(node, "community"), "community", problems);
  if (snmp.community.kind == Secret::Kind::Prompt)
    snmp.community.source = "community for " + snmp.address;
  file.snmp = std::move(snmp);
}

std::string address_from(const yaml::Node& node, yaml::Problems& problems) {
  const auto text =
      from_environment(yaml::text_from(node, "address", problems).value_or(""), node, problems);
  if (text.find("${") == std::string::npos && !ip_from(text))
    yaml::add(problems, node, fmt::format("`{}` is no IPv4 address", text),
              "of the node, as listeners see it");
  return text;
}

}  // namespace understudy::targets

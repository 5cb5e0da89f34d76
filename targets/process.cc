#include "targets/process.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>

#include "targets/keeper/bench.h"
#include "targets/keeper/keeper.h"
#include "targets/keeper/launcher.h"
#include "targets/keeper/placeholders.h"
#include "targets/wire/frame_filter.h"

namespace understudy::targets {
namespace {

constexpr std::size_t most_nodes = 250;
constexpr std::size_t most_links = 2'000;

bool is_plain_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_';
  });
}

Result<void> check_name(const std::string& where, const std::string& what,
                        const std::string& name) {
  if (is_plain_name(name)) return {};
  return fail(where, "`" + name + "` cannot be the name of a " + what,
              "letters, digits, - and _: it becomes part of file names");
}

/// All names that a command may use, with values that stand for any.
PlaceholderValues known_placeholders(const ProcessBenchSettings& settings) {
  PlaceholderValues known{{"run", "run"}};
  for (const ProcessNode& node : settings.nodes) {
    known[node.name + ".state"] = "state";
    known[node.name + ".control"] = "control";
    known[node.name + ".console"] = "console";
    known[node.name + ".address"] = "address";
  }
  for (const ProcessListener& listener : settings.listeners)
    for (const char* part : {"", ".host", ".port"}) known[listener.name + part] = "listener";
  for (const ProcessLink& link : settings.links) {
    if (link.is_inline()) continue;
    for (const std::size_t end : link.ends) {
      known[settings.nodes[end].name + "." + link.name + ".local"] = "local";
      known[settings.nodes[end].name + "." + link.name + ".peer"] = "peer";
    }
  }
  return known;
}

Result<void> check_node(const ProcessBenchSettings& settings, const ProcessNode& node,
                        const PlaceholderValues& known) {
  const std::string where = settings.testbed + ": node " + node.name;
  if (auto named = check_name(settings.testbed, "node", node.name); !named) return named;
  const bool has_management = std::ranges::any_of(settings.nodes, &ProcessNode::is_management);
  if (node.command.empty() && !node.door && !has_management) {
    return fail(where, "no command", "process: [PROGRAM, ARGUMENT...]");
  }
  if (!node.command.empty() && node.power != "signal") {
    return fail(where, "power by `" + node.power + "` is not for processes", "power: {by: signal}");
  }
  std::vector<std::string> texts = node.command;
  if (node.door) {
    const DoorSettings& door = *node.door;
    texts.insert(texts.end(), door.command.begin(), door.command.end());
    for (const std::string& text : {door.host, door.port, door.device}) texts.push_back(text);
    for (const SshHop& hop : door.hops)
      for (const std::string& text : {hop.user, hop.host, hop.port, hop.key, hop.known_hosts})
        texts.push_back(text);
  }
  const auto expanded_texts = expand(texts, known, node.door ? node.door->where : where);
  if (!expanded_texts) return tl::unexpected(expanded_texts.error());
  for (const auto& [name, value] : node.environment) {
    const auto expanded = expand(value, known, where);
    if (!expanded) return tl::unexpected(expanded.error());
  }
  return {};
}

Result<void> check_interfaces(const ProcessLink& link, const std::string& where) {
  const auto& all = link.interfaces;
  if (all.size() != link.ends.size()) {
    return fail(where, "an inline wire has one interface for each end",
                "interfaces: [eth1, eth2], in the order of the ends");
  }
  for (const std::string& each : all) {
    if (std::ranges::count(all, each) > 1)
      return fail(where, "both ends are one interface: `" + each + "`");
  }
  const auto filter = make_frame_filter(link.filter, where);
  if (!filter) return tl::unexpected(filter.error());
  return {};
}

Result<void> check_link(const ProcessBenchSettings& settings, const ProcessLink& link) {
  if (auto named = check_name(settings.testbed, "link", link.name); !named) return named;
  const std::string where =
      (link.where.empty() ? settings.testbed : link.where) + ": link " + link.name;
  if (link.is_inline()) {
    if (auto checked = check_interfaces(link, where); !checked) return checked;
  }
  if (link.ends.size() < 2) return fail(where, "a link has two ends or more");
  for (const std::size_t end : link.ends) {
    if (end >= settings.nodes.size()) return fail(where, "an end is no node of this testbed");
    if (!link.is_inline() && settings.nodes[end].door && settings.nodes[end].command.empty())
      return fail(where, "`" + settings.nodes[end].name + "` is no process of ours to relay for",
                  "relay: inline, between two interfaces");
    if (std::count(link.ends.begin(), link.ends.end(), end) > 1) {
      return fail(where, "`" + settings.nodes[end].name + "` is on it twice");
    }
  }
  return {};
}

/// Arguments of acts are known only when the act comes; its node may be any.
Result<void> check_hand(const ProcessBenchSettings& settings, const ProcessHand& hand,
                        const PlaceholderValues& known) {
  const std::string where = settings.testbed + ": hands " + hand.word;
  if (hand.command.empty()) return fail(where, "no command");
  PlaceholderValues all = values_for_hand(
      known, Act{hand.word, {{"node", settings.nodes.empty() ? "" : settings.nodes.front().name}}});
  for (const std::string& text : hand.command) {
    for (const std::string& name : placeholders_in(text)) {
      if (name.starts_with("argument.")) all[name] = "argument";
    }
  }
  const auto command = expand(hand.command, all, where);
  if (!command) return tl::unexpected(command.error());
  return {};
}

Result<void> check(const ProcessBenchSettings& settings) {
  if (settings.nodes.empty()) return fail(settings.testbed, "no nodes");
  if (settings.nodes.size() > most_nodes || settings.links.size() > most_links) {
    return fail(settings.testbed, "too many nodes or links", "250 and 2000 are the most");
  }
  for (const ProcessLink& link : settings.links) {
    if (auto checked = check_link(settings, link); !checked) return checked;
  }
  const PlaceholderValues known = known_placeholders(settings);
  for (const ProcessNode& node : settings.nodes) {
    if (auto checked = check_node(settings, node, known); !checked) return checked;
  }
  for (const ProcessHand& hand : settings.hands) {
    if (auto checked = check_hand(settings, hand, known); !checked) return checked;
  }
  if (settings.heartbeat <= Duration::zero() || settings.limit < 1) {
    return fail(settings.testbed, "timing needs a heartbeat and a limit above zero");
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Bench>> make_process_bench(ProcessBenchSettings settings) {
  if (auto checked = check(settings); !checked) return tl::unexpected(checked.error());
  std::error_code error;
  const auto folder = std::filesystem::absolute(settings.folder, error);
  if (!error) settings.folder = folder.string();  // nodes may work in folders of their own
  std::vector<FrameWords> frames;
  for (const ProcessLink& link : settings.links) {
    auto words =
        link.frames.empty() ? Result<FrameWords>(FrameWords{}) : load_frames_file(link.frames);
    if (!words) return tl::unexpected(words.error());
    frames.push_back(std::move(*words));
  }
  return std::make_unique<ProcessBench>(std::move(settings), std::move(frames));
}

bool run_hidden_command(int argc, char** argv, int& status) {
  const std::string_view word = argc == 2 ? argv[1] : "";
  if (word != "__keeper" && word != "__launch") return false;
  status = word == "__keeper" ? keeper_main() : launcher_main();
  return true;
}

}  // namespace understudy::targets

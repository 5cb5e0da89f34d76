// A testbed's YAML.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "harness/plan.h"
#include "harness/yaml.h"
#include "targets/device/console_act.h"
#include "targets/device/dialect_reader.h"
#include "targets/device/door_reader.h"
#include "targets/listeners/testbed_words.h"
#include "targets/search_path.h"
#include "targets/testbed.h"

namespace understudy::targets {

namespace {

/// Which nodes an outlet feeds is known only when all are read.
TestbedNode node_from(const yaml::Entry& entry, bool is_simulated, bool has_management,
                      yaml::Problems& problems) {
  TestbedNode out;
  out.name = entry.key.text;
  out.where = yaml::where(entry.key);
  const yaml::Node& node = entry.value;
  if (is_simulated) {
    out.address = "${" + out.name + ".address}";
    if (node.is_empty()) return out;
    if (yaml::check_keys(node, "a simulated node", {}, {"login"}, problems))
      if (const auto* login = yaml::find(node, "login")) login_from(*login, out, problems);
    return out;
  }
  if (has_management && node.is_empty()) {
    out.power.clear();
    return out;
  }
  const std::vector<std::string> required =
      has_management ? std::vector<std::string>{} : std::vector<std::string>{"console"};
  if (!yaml::check_keys(node, fmt::format("the node {}", out.name), required,
                        {"console", "process", "environment", "power", "identity", "address"},
                        problems))
    return out;
  if (const auto* console = yaml::find(node, "console")) console_from(*console, out, problems);
  if (const auto* identity = yaml::find(node, "identity"))
    out.identity = yaml::text_from(*identity, "identity", problems).value_or("");
  if (const auto* address = yaml::find(node, "address"))
    out.address = address_from(*address, problems);
  if (const auto* process = yaml::find(node, "process")) {
    if (!out.door)
      yaml::add(problems, *process, "a process beside a console that is the process itself",
                "console: {process: [...]}, or console: {tcp: \"${" + out.name + ".console}\"}");
    out.command = command_from(*process, "process", problems);
    out.pty = false;
  }
  if (const auto* environment = yaml::find(node, "environment"))
    out.environment = pairs_from(*environment, "environment", problems);
  out.power = out.command.empty() ? "" : "signal";
  const auto* power = yaml::find(node, "power");
  if (!power || !yaml::check_keys(*power, "power", {"by"}, {}, problems)) return out;
  const auto* by = yaml::find(*power, "by");
  if (!by) return out;
  out.power = yaml::text_from(*by, "by", problems).value_or("");
  const bool is_known = out.command.empty() ? out.power == "operator" : out.power == "signal";
  if (!is_known)
    yaml::add(problems, *power,
              fmt::format("{} has no power by `{}`",
                          out.command.empty() ? "a node that is not our process" : "a process",
                          out.power),
              out.command.empty()
                  ? "operator, or outlets: {NAME: {feeds: [...], on: [...], off: [...]}}"
                  : "power: {by: signal}");
  return out;
}

/// One session that goes to whichever node leads; the words of a console, and `follows`.
TestbedNode management_from(const yaml::Node& node, yaml::Problems& problems) {
  TestbedNode out;
  out.name = "management";
  out.where = yaml::where(node);
  yaml::Node console = node;
  const auto is_follows = [](const yaml::Entry& entry) { return entry.key.text == "follows"; };
  const auto* follows = yaml::find(node, "follows");
  const std::vector<std::string> word{"follows"};
  const auto near = std::ranges::find_if(node.entries, [&](const yaml::Entry& entry) {
    return !did_you_mean(entry.key.text, word).empty();
  });
  if (!follows && near != node.entries.end()) {
    yaml::add(problems, near->key,
              fmt::format("the management address has no key `{}`", near->key.text),
              did_you_mean(near->key.text, word));
    return out;
  }
  if (!follows)
    yaml::add(problems, node, "the management address follows somebody", "follows: master");
  else
    choice_from(*follows, "follows", {"master"}, problems);
  std::erase_if(console.entries, is_follows);
  console_from(console, out, problems);
  if (!out.command.empty())
    yaml::add(problems, node, "a management address is reached from outside", "ssh: USER@HOST");
  return out;
}

constexpr std::size_t ethernet_header = 14;
constexpr std::size_t largest_payload_at = 1500;

std::optional<std::size_t> bytes_from(const yaml::Node& node, yaml::Problems& problems) {
  const auto text = yaml::text_from(node, "payload-at", problems);
  if (!text) return std::nullopt;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error == std::errc{} && end == text->data() + text->size() && number <= largest_payload_at)
    return number;
  yaml::add(problems, node, fmt::format("payload-at: `{}` is no number of bytes", *text),
            "14 is behind an Ethernet header, 42 behind Ethernet, IPv4 and UDP");
  return std::nullopt;
}

TestbedOutlet outlet_from(const yaml::Entry& entry, TestbedFile& file, yaml::Problems& problems) {
  TestbedOutlet outlet;
  outlet.name = entry.key.text;
  outlet.where = yaml::where(entry.key);
  const yaml::Node& node = entry.value;
  if (!yaml::check_keys(node, fmt::format("the outlet {}", outlet.name), {"feeds", "on", "off"},
                        {"state"}, problems))
    return outlet;
  std::vector<std::string> names;
  for (const auto& one : file.nodes) names.push_back(one.name);
  const auto* on = yaml::find(node, "on");
  const auto* off = yaml::find(node, "off");
  if (!yaml::find(node, "feeds") || !on || !off) return outlet;
  const yaml::Node& feeds = *yaml::find(node, "feeds");
  for (const auto& fed : feeds.is_list() ? feeds.items : std::vector{feeds})
    if (const auto index = choice_from(fed, "feeds", names, problems)) {
      outlet.feeds.push_back(*index);
      if (file.nodes[*index].power.empty()) file.nodes[*index].power = "outlet";
    }
  outlet.on = command_from(*on, "on", problems);
  outlet.off = command_from(*off, "off", problems);
  if (const auto* state = yaml::find(node, "state"))
    outlet.state = command_from(*state, "state", problems);
  return outlet;
}

/// An inline wire stands between interfaces; a relay in user space has none.
void interfaces_from(const yaml::Node& node, bool is_simulated, TestbedLink& link,
                     yaml::Problems& problems) {
  const auto* relay = yaml::find(node, "relay");
  const auto kind = relay ? choice_from(*relay, "relay", {"user-space", "inline"}, problems) : 0;
  if (kind != 1) {
    for (const char* key : {"interfaces", "filter", "payload-at"})
      if (const auto* found = yaml::find(node, key))
        yaml::add(problems, *found, fmt::format("`{}` is for an inline wire", key),
                  "relay: inline");
    return;
  }
  if (is_simulated)
    return yaml::add(problems, *relay, "a simulated link has no interfaces", "relay: user-space");
  link.payload_at = ethernet_header;
  if (const auto* interfaces = yaml::find(node, "interfaces"))
    link.interfaces = yaml::texts_from(*interfaces, "interfaces", problems);
  if (link.interfaces.empty())
    yaml::add(problems, *relay, "an inline wire has one interface for each end",
              "interfaces: [eth1, eth2], in the order of the ends");
  if (const auto* filter = yaml::find(node, "filter"))
    link.filter = yaml::text_from(*filter, "filter", problems).value_or("");
  if (const auto* at = yaml::find(node, "payload-at"))
    link.payload_at = bytes_from(*at, problems).value_or(link.payload_at);
}

TestbedLink link_from(const yaml::Entry& entry, const TestbedFile& file, yaml::Problems& problems) {
  TestbedLink link{.name = entry.key.text, .ends = {}, .frames = {}};
  link.where = yaml::where(entry.key);
  const yaml::Node& node = entry.value;
  if (!yaml::check_keys(node, fmt::format("the link {}", link.name), {"ends"},
                        {"relay", "frames", "interfaces", "filter", "payload-at"}, problems))
    return link;
  std::vector<std::string> names;
  for (const auto& one : file.nodes) names.push_back(one.name);
  if (const auto* ends = yaml::find(node, "ends")) {
    if (!ends->is_list() || ends->items.size() < 2)
      yaml::add(problems, *ends, "a link has two ends or more", "ends: [MSM-A, MSM-B]");
    for (const auto& end : ends->items)
      if (const auto index = choice_from(end, "an end", names, problems))
        link.ends.push_back(*index);
  }
  interfaces_from(node, !file.profile.empty(), link, problems);
  if (const auto* frames = yaml::find(node, "frames")) {
    const auto name = yaml::text_from(*frames, "frames", problems).value_or("");
    const auto path = find_data(Data::Frames, name);
    if (path)
      link.frames = *path;
    else
      yaml::add(problems, *frames, fmt::format("{}: {}", name, path.error().what),
                path.error().hint);
  }
  return link;
}

/// Its words hold values of the job's own, so that every job has a console of its own.
bool is_one_of_many(const DoorSettings& door) {
  const auto has_value = [](const std::string& text) {
    return text.find("${") != std::string::npos;
  };
  return has_value(door.host) || has_value(door.device) ||
         std::ranges::any_of(door.command, has_value);
}

void timing_from(const yaml::Node& node, TestbedFile& file, yaml::Problems& problems) {
  if (!node.is_map()) return yaml::add(problems, node, "`timing` is a map");
  for (const auto& entry : node.entries) {
    const auto text = yaml::text_from(entry.value, entry.key.text, problems);
    if (!text) continue;
    file.timing_places.emplace_back(entry.key.text, yaml::where(entry.key));
    const bool is_number =
        !text->empty() && std::ranges::all_of(*text, [](char c) { return c >= '0' && c <= '9'; });
    if (is_number && text->size() < 10)
      file.numbers.emplace_back(entry.key.text, std::atoll(text->c_str()));
    else if (const auto duration = duration_in(entry.value, entry.key.text, problems))
      file.timing.emplace_back(entry.key.text, *duration);
  }
}

bool is_backwards(const std::string& range) {
  std::int64_t first = 0;
  std::int64_t last = 0;
  const char* const end = range.data() + range.size();
  const auto [dash, error] = std::from_chars(range.data(), end, first);
  if (error != std::errc{} || dash == end || *dash != '-') return false;
  const auto [stop, wrong] = std::from_chars(dash + 1, end, last);
  return wrong == std::errc{} && stop == end && last < first;
}

void scratch_from(const yaml::Node& node, TestbedFile& file, yaml::Problems& problems) {
  if (!node.is_map()) return yaml::add(problems, node, "`scratch` is a map");
  for (const auto& entry : node.entries) {
    const auto texts = yaml::texts_from(entry.value, entry.key.text, problems);
    for (const auto& text : texts)
      if (is_backwards(text))
        yaml::add(problems, entry.value, fmt::format("the range {} ends before it begins", text),
                  "vlans: 3900-3999");
    file.scratch.emplace_back(entry.key.text, items_of(Json(texts)));
  }
}

void hands_from(const yaml::Node& node, TestbedFile& file, yaml::Problems& problems) {
  if (!node.is_map()) return yaml::add(problems, node, "`hands` is a map from act to command");
  file.hands_where = yaml::where(node);
  for (const auto& entry : node.entries)
    file.hands.emplace_back(entry.key.text, command_from(entry.value, entry.key.text, problems));
}

void parts_from(const yaml::Node& root, TestbedFile& file, yaml::Problems& problems) {
  const auto text = [&](const yaml::Node& map, const char* key) {
    const auto* node = yaml::find(map, key);
    return node ? yaml::text_from(*node, key, problems).value_or("") : std::string();
  };
  file.name = text(root, "testbed");
  file.dialect = text(root, "dialect");
  if (const auto* dialect = yaml::find(root, "dialect")) file.dialect_where = yaml::where(*dialect);
  if (const auto* simulated = yaml::find(root, "simulated");
      simulated && yaml::check_keys(*simulated, "simulated", {"profile"}, {"defect"}, problems)) {
    file.profile = text(*simulated, "profile");
    if (yaml::find(*simulated, "defect")) file.defect = text(*simulated, "defect");
  }
  if (const auto* management = yaml::find(root, "management")) {
    if (yaml::find(root, "simulated"))
      yaml::add(problems, *management, "a simulated chassis has no management address");
    else
      file.management = management_from(*management, problems);
  }
  if (const auto* nodes = yaml::find(root, "nodes")) {
    if (!nodes->is_map() || nodes->entries.empty())
      yaml::add(problems, *nodes, "`nodes` is a map with one node or more");
    for (const auto& entry : nodes->entries)
      file.nodes.push_back(node_from(entry, yaml::find(root, "simulated") != nullptr,
                                     file.management.has_value(), problems));
  }
  if (const auto* links = yaml::find(root, "links")) {
    if (!links->is_map()) yaml::add(problems, *links, "`links` is a map");
    for (const auto& entry : links->entries) file.links.push_back(link_from(entry, file, problems));
  }
  if (const auto* listeners = yaml::find(root, "listeners"))
    listeners_from(*listeners, file, problems);
  if (const auto* snmp = yaml::find(root, "snmp")) snmp_from(*snmp, file, problems);
  if (const auto* timing = yaml::find(root, "timing")) timing_from(*timing, file, problems);
  if (const auto* scratch = yaml::find(root, "scratch")) scratch_from(*scratch, file, problems);
  if (const auto* hands = yaml::find(root, "hands")) hands_from(*hands, file, problems);
  if (const auto* allow = yaml::find(root, "allow")) {
    const std::vector<std::string> hazards{"reads", "changes", "disrupts", "wears-flash",
                                           "may-brick"};
    for (const auto& item : allow->is_list() ? allow->items : std::vector{*allow})
      if (const auto hazard = choice_from(item, "allow", hazards, problems))
        file.allow.push_back(hazards[*hazard]);
    if (allow->is_list() && allow->items.empty())
      yaml::add(problems, *allow, "`allow` names nothing",
                "allow: [reads] changes nothing; without `allow` a local testbed gives all");
  }
  if (const auto* outlets = yaml::find(root, "outlets")) {
    if (!outlets->is_map()) yaml::add(problems, *outlets, "`outlets` is a map");
    for (const auto& entry : outlets->entries)
      file.outlets.push_back(outlet_from(entry, file, problems));
  }
  if (const auto* prepare = yaml::find(root, "prepare")) {
    file.prepare = command_from(*prepare, "prepare", problems);
    file.prepare_where = yaml::where(*prepare);
  }
  for (const auto& one : file.nodes)
    file.has_fixed_lines = file.has_fixed_lines || (one.door && !is_one_of_many(*one.door));
  file.has_fixed_lines = file.has_fixed_lines || file.management.has_value();
  for (const auto& link : file.links)
    file.has_fixed_lines = file.has_fixed_lines || !link.interfaces.empty();
  for (const auto& listener : file.listeners)
    file.has_fixed_lines = file.has_fixed_lines || listener.address.port != 0;
  if (const auto* identity = yaml::find(root, "identity")) {
    file.identity = pairs_from(*identity, "identity", problems);
    file.identity_where = yaml::where(*identity);
  }
}

}  // namespace

Result<TestbedFile> read_testbed(const std::string& text, const std::string& path) {
  yaml::Problems problems;
  const auto documents = yaml::parse(text, path, problems);
  if (!problems.empty()) return tl::unexpected(yaml::first_of(problems));
  if (documents.size() != 1) return fail(path, "a testbed is one document");
  TestbedFile file;
  file.path = path;
  file.has_placeholders = text.find("${") != std::string::npos;
  if (yaml::check_keys(documents.front(), "a testbed", {"testbed", "dialect", "nodes"},
                       {"simulated", "links", "timing", "scratch", "allow", "hands", "outlets",
                        "prepare", "management", "identity", "listeners", "snmp"},
                       problems))
    parts_from(documents.front(), file, problems);
  if (!problems.empty()) return tl::unexpected(yaml::first_of(problems));
  return file;
}

}  // namespace understudy::targets

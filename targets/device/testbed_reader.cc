// A testbed's YAML.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "harness/plan.h"
#include "harness/yaml.h"
#include "targets/device/console_act.h"
#include "targets/device/dialect_reader.h"
#include "targets/device/door_reader.h"
#include "targets/search_path.h"
#include "targets/testbed.h"

namespace understudy::targets {

namespace {

/// Which nodes an outlet feeds is known only when all are read.
TestbedNode node_from(const yaml::Entry& entry, bool is_simulated, yaml::Problems& problems) {
  TestbedNode out;
  out.name = entry.key.text;
  out.where = yaml::where(entry.key);
  const yaml::Node& node = entry.value;
  if (is_simulated) {
    if (node.is_empty()) return out;
    if (yaml::check_keys(node, "a simulated node", {}, {"login"}, problems))
      if (const auto* login = yaml::find(node, "login")) login_from(*login, out, problems);
    return out;
  }
  if (!yaml::check_keys(node, fmt::format("the node {}", out.name), {"console"},
                        {"process", "environment", "power", "identity"}, problems))
    return out;
  if (const auto* console = yaml::find(node, "console")) console_from(*console, out, problems);
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

TestbedOutlet outlet_from(const yaml::Entry& entry, TestbedFile& file, yaml::Problems& problems) {
  TestbedOutlet outlet;
  outlet.name = entry.key.text;
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

TestbedLink link_from(const yaml::Entry& entry, const TestbedFile& file, yaml::Problems& problems) {
  TestbedLink link{.name = entry.key.text, .ends = {}, .frames = {}};
  const yaml::Node& node = entry.value;
  if (!yaml::check_keys(node, fmt::format("the link {}", link.name), {"ends"}, {"relay", "frames"},
                        problems))
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
  if (const auto* relay = yaml::find(node, "relay"))
    choice_from(*relay, "relay", {"user-space"}, problems);
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
    const bool is_number =
        !text->empty() && std::ranges::all_of(*text, [](char c) { return c >= '0' && c <= '9'; });
    if (is_number && text->size() < 10)
      file.numbers.emplace_back(entry.key.text, std::atoll(text->c_str()));
    else if (const auto duration = duration_in(entry.value, entry.key.text, problems))
      file.timing.emplace_back(entry.key.text, *duration);
  }
}

void scratch_from(const yaml::Node& node, TestbedFile& file, yaml::Problems& problems) {
  if (!node.is_map()) return yaml::add(problems, node, "`scratch` is a map");
  for (const auto& entry : node.entries) {
    const auto texts = yaml::texts_from(entry.value, entry.key.text, problems);
    file.scratch.emplace_back(entry.key.text, items_of(Json(texts)));
  }
}

void hands_from(const yaml::Node& node, TestbedFile& file, yaml::Problems& problems) {
  if (!node.is_map()) return yaml::add(problems, node, "`hands` is a map from act to command");
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
  if (const auto* simulated = yaml::find(root, "simulated");
      simulated && yaml::check_keys(*simulated, "simulated", {"profile"}, {"defect"}, problems)) {
    file.profile = text(*simulated, "profile");
    if (yaml::find(*simulated, "defect")) file.defect = text(*simulated, "defect");
  }
  if (const auto* nodes = yaml::find(root, "nodes")) {
    if (!nodes->is_map() || nodes->entries.empty())
      yaml::add(problems, *nodes, "`nodes` is a map with one node or more");
    for (const auto& entry : nodes->entries)
      file.nodes.push_back(node_from(entry, yaml::find(root, "simulated") != nullptr, problems));
  }
  if (const auto* links = yaml::find(root, "links")) {
    if (!links->is_map()) yaml::add(problems, *links, "`links` is a map");
    for (const auto& entry : links->entries) file.links.push_back(link_from(entry, file, problems));
  }
  if (const auto* timing = yaml::find(root, "timing")) timing_from(*timing, file, problems);
  if (const auto* scratch = yaml::find(root, "scratch")) scratch_from(*scratch, file, problems);
  if (const auto* hands = yaml::find(root, "hands")) hands_from(*hands, file, problems);
  if (const auto* allow = yaml::find(root, "allow")) {
    const std::vector<std::string> hazards{"reads", "changes", "disrupts", "wears-flash",
                                           "may-brick"};
    for (const auto& item : allow->is_list() ? allow->items : std::vector{*allow})
      if (const auto hazard = choice_from(item, "allow", hazards, problems))
        file.allow.push_back(hazards[*hazard]);
  }
  if (const auto* outlets = yaml::find(root, "outlets")) {
    if (!outlets->is_map()) yaml::add(problems, *outlets, "`outlets` is a map");
    for (const auto& entry : outlets->entries)
      file.outlets.push_back(outlet_from(entry, file, problems));
  }
  if (const auto* prepare = yaml::find(root, "prepare"))
    file.prepare = command_from(*prepare, "prepare", problems);
  for (const auto& one : file.nodes)
    file.has_fixed_lines = file.has_fixed_lines || (one.door && !is_one_of_many(*one.door));
  for (const char* key : {"management", "identity"})
    if (const auto* node = yaml::find(root, key))
      yaml::add(problems, *node, fmt::format("this build has no `{}`", key));
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
                        "prepare", "management", "identity"},
                       problems))
    parts_from(documents.front(), file, problems);
  if (!problems.empty()) return tl::unexpected(yaml::first_of(problems));
  return file;
}

}  // namespace understudy::targets

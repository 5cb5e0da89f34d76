// A testbed's YAML.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "harness/plan.h"
#include "harness/yaml.h"
#include "targets/device/console_act.h"
#include "targets/device/dialect_reader.h"
#include "targets/search_path.h"
#include "targets/testbed.h"

namespace understudy::targets {

namespace {

const std::vector<std::string> consoles_to_come{"command", "ssh", "serial", "tcp", "telnet"};

/// ${NAME} of the environment; names of the testbed have a dot and stay for the bench.
std::string from_environment(const std::string& text, const yaml::Node& node,
                             yaml::Problems& problems) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto open = text.find("${", at);
    const auto close = open == std::string::npos ? open : text.find('}', open);
    if (close == std::string::npos) return out + text.substr(at);
    const std::string name = text.substr(open + 2, close - open - 2);
    out += text.substr(at, open - at);
    at = close + 1;
    if (name.find('.') != std::string::npos || name == "run" || name == "node") {
      out += "${" + name + "}";
      continue;
    }
    const char* value = std::getenv(name.c_str());
#ifdef UNDERSTUDY_SOURCE_TREE
    if (!value && name == "UNDERSTUDY_SOURCE") value = UNDERSTUDY_SOURCE_TREE;
#endif
    if (value)
      out += value;
    else
      yaml::add(problems, node, fmt::format("the environment has no {}", name),
                "a testbed's own placeholders have a dot: ${MSM-A.state}");
  }
  return out;
}

std::vector<std::string> command_from(const yaml::Node& node, std::string_view what,
                                      yaml::Problems& problems) {
  auto words = yaml::texts_from(node, what, problems);
  for (auto& word : words) word = from_environment(word, node, problems);
  if (words.empty() || words.front().empty())
    yaml::add(problems, node, fmt::format("`{}` names no program", what),
              "process: [PROGRAM, ARGUMENT...]");
  return words;
}

std::string password_from(const yaml::Node& node, yaml::Problems& problems) {
  if (!node.is_map()) return yaml::text_from(node, "password", problems).value_or("");
  if (!yaml::check_keys(node, "a password", {"env"}, {}, problems)) return {};
  const auto* env = yaml::find(node, "env");
  if (!env) return {};
  const auto name = yaml::text_from(*env, "env", problems).value_or("");
  const char* value = std::getenv(name.c_str());
  if (!value) yaml::add(problems, node, fmt::format("the environment has no {}", name));
  return value ? value : "";
}

Credentials login_from(const yaml::Node& node, yaml::Problems& problems) {
  Credentials login;
  if (!yaml::check_keys(node, "a login", {"user"}, {"password"}, problems)) return login;
  if (const auto* user = yaml::find(node, "user"))
    login.user = yaml::text_from(*user, "user", problems).value_or("");
  if (const auto* password = yaml::find(node, "password"))
    login.password = password_from(*password, problems);
  return login;
}

void console_from(const yaml::Node& node, TestbedNode& out, yaml::Problems& problems) {
  for (const auto& kind : consoles_to_come)
    if (yaml::find(node, kind))
      return yaml::add(problems, node,
                       fmt::format("this build has process and simulated consoles, not `{}`", kind),
                       "console: {process: [PROGRAM, ARGUMENT...]}");
  if (!yaml::check_keys(node, "a console", {"process"}, {"pty", "login", "environment"}, problems))
    return;
  if (const auto* process = yaml::find(node, "process"))
    out.command = command_from(*process, "process", problems);
  if (const auto* pty = yaml::find(node, "pty"))
    out.pty = yaml::flag_from(*pty, "pty", problems).value_or(true);
  if (const auto* login = yaml::find(node, "login")) out.login = login_from(*login, problems);
  if (const auto* environment = yaml::find(node, "environment"))
    out.environment = pairs_from(*environment, "environment", problems);
}

TestbedNode node_from(const yaml::Entry& entry, bool is_simulated, yaml::Problems& problems) {
  TestbedNode out{.name = entry.key.text,
                  .command = {},
                  .environment = {},
                  .login = {},
                  .where = yaml::where(entry.key)};
  const yaml::Node& node = entry.value;
  if (is_simulated) {
    if (node.is_empty()) return out;
    if (yaml::check_keys(node, "a simulated node", {}, {"login"}, problems))
      if (const auto* login = yaml::find(node, "login")) out.login = login_from(*login, problems);
    return out;
  }
  if (!yaml::check_keys(node, fmt::format("the node {}", out.name), {"console"},
                        {"power", "identity"}, problems))
    return out;
  if (const auto* console = yaml::find(node, "console")) console_from(*console, out, problems);
  if (const auto* power = yaml::find(node, "power");
      power && yaml::check_keys(*power, "power", {"by"}, {}, problems)) {
    const auto* by = yaml::find(*power, "by");
    if (by) out.power = yaml::text_from(*by, "by", problems).value_or("");
    if (by && out.power != "signal")
      yaml::add(problems, *power, fmt::format("a process has no power by `{}`", out.power),
                "power: {by: signal}");
  }
  return out;
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
  for (const char* key : {"outlets", "management", "identity"})
    if (const auto* node = yaml::find(root, key))
      yaml::add(problems, *node, fmt::format("`{}` belongs to a device testbed", key),
                "this build has process and simulated consoles");
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
                        "management", "identity"},
                       problems))
    parts_from(documents.front(), file, problems);
  if (!problems.empty()) return tl::unexpected(yaml::first_of(problems));
  return file;
}

}  // namespace understudy::targets

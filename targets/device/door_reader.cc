#include "targets/device/door_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "harness/words.h"
#include "targets/device/dialect_reader.h"

namespace understudy::targets {

namespace {

using Kind = DoorSettings::Kind;

struct DoorWord {
  const char* word;
  Kind kind;
  std::vector<std::string> optional;  ///< keys beside it
};

const std::vector<DoorWord>& door_words() {
  static const std::vector<DoorWord> words{
      {"command", Kind::Command, {"login"}},
      {"ssh",
       Kind::Ssh,
       {"login", "key", "agent", "known-hosts", "host-key", "jump", "keepalive", "command",
        "connect"}},
      {"tcp", Kind::Tcp, {"login", "keepalive", "connect"}},
      {"telnet", Kind::Telnet, {"login", "line", "break", "keepalive", "connect"}},
      {"serial", Kind::Serial, {"login", "line", "break", "connect"}},
  };
  return words;
}

std::string text_at(const yaml::Node& map, const char* key, yaml::Problems& problems) {
  const auto* node = yaml::find(map, key);
  if (!node) return {};
  return from_environment(yaml::text_from(*node, key, problems).value_or(""), *node, problems);
}

/// An IPv6 address stands in brackets, so that its colons are no port's.
void without_brackets(std::string& host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
}

/// "host", "host:port", "[::1]:port"; a placeholder alone is both.
void address_from(const yaml::Node& node, std::string_view what, std::string& host,
                  std::string& port, yaml::Problems& problems) {
  std::string text =
      from_environment(yaml::text_from(node, what, problems).value_or(""), node, problems);
  const auto colon = text.rfind(':');
  const auto bracket = text.rfind(']');
  const bool has_port = colon != std::string::npos &&
                        (bracket == std::string::npos ? text.find(':') == colon : colon > bracket);
  host = text.substr(0, has_port ? colon : std::string::npos);
  if (has_port) port = text.substr(colon + 1);
  without_brackets(host);
  const bool is_number = !port.empty() && port.size() < 6 &&
                         std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
  if (text.find("${") != std::string::npos) return;
  if (host.empty() || !is_number)
    yaml::add(problems, node, fmt::format("`{}` is no address", text), "HOST:PORT");
  else if (const long number = std::atol(port.c_str()); number < 1 || number > 65535)
    yaml::add(problems, node, fmt::format("`{}`: {} is no port", text, port), "1 to 65535");
}

SshHop hop_from(const yaml::Node& node, const yaml::Node& console, yaml::Problems& problems) {
  SshHop hop;
  address_from(node, "ssh", hop.host, hop.port, problems);
  if (const auto at = hop.host.rfind('@'); at != std::string::npos) {
    hop.user = hop.host.substr(0, at);
    hop.host.erase(0, at + 1);
  }
  without_brackets(hop.host);
  hop.key = text_at(console, "key", problems);
  hop.known_hosts = text_at(console, "known-hosts", problems);
  if (const auto* agent = yaml::find(console, "agent"))
    hop.uses_agent = yaml::flag_from(*agent, "agent", problems).value_or(true);
  if (const auto* trust = yaml::find(console, "host-key"))
    hop.trusts_first =
        choice_from(*trust, "host-key", {"known", "trust-on-first-use"}, problems) == 1U;
  return hop;
}

void ssh_from(const yaml::Node& node, const yaml::Node& console, const Credentials& login,
              DoorSettings& door, yaml::Problems& problems) {
  if (const auto* jump = yaml::find(console, "jump"))
    for (const auto& host : jump->is_list() ? jump->items : std::vector{*jump})
      door.hops.push_back(hop_from(host, console, problems));
  door.hops.push_back(hop_from(node, console, problems));
  if (door.hops.back().user.empty()) door.hops.back().user = login.user;
  for (std::size_t i = 0; i < door.hops.size(); ++i)
    if (door.hops[i].user.empty())
      yaml::add(problems, node, fmt::format("no user for {}", door.hops[i].host), "USER@HOST:PORT");
  if (const auto* command = yaml::find(console, "command")) {  // a line for the far end's shell
    door.command = yaml::texts_from(*command, "command", problems);
    for (auto& word : door.command) word = from_environment(word, *command, problems);
  }
}

SerialWords line_from(const yaml::Node& node, yaml::Problems& problems) {
  SerialWords line;
  if (!yaml::check_keys(node, "a line", {"speed"}, {"bits", "parity", "stop-bits", "flow"},
                        problems))
    return line;
  const auto number = [&](const char* key, unsigned& to, std::int64_t least, std::int64_t most) {
    const auto* value = yaml::find(node, key);
    if (!value) return;
    const auto read = yaml::integer_from(*value, key, least, problems);
    if (read && *read > most)
      yaml::add(problems, *value, fmt::format("{} is at most {}", key, most));
    if (read) to = static_cast<unsigned>(*read);
  };
  number("speed", line.speed, 50, 4'000'000);
  number("bits", line.bits, 5, 8);
  number("stop-bits", line.stop_bits, 1, 2);
  if (const auto* parity = yaml::find(node, "parity"))
    if (const auto word = choice_from(*parity, "parity", {"none", "odd", "even"}, problems))
      line.parity = static_cast<SerialWords::Parity>(*word);
  if (const auto* flow = yaml::find(node, "flow"))
    if (const auto word = choice_from(*flow, "flow", {"none", "software", "hardware"}, problems))
      line.flow = static_cast<SerialWords::Flow>(*word);
  return line;
}

void door_from(const DoorWord& word, const yaml::Node& console, TestbedNode& out,
               yaml::Problems& problems) {
  if (!yaml::check_keys(console, "a console", {word.word}, word.optional, problems)) return;
  if (const auto* login = yaml::find(console, "login")) login_from(*login, out, problems);
  DoorSettings door;
  const yaml::Node& node = *yaml::find(console, word.word);
  door.kind = word.kind;
  door.where = yaml::where(node);
  if (const auto* keepalive = yaml::find(console, "keepalive"))
    door.keepalive = duration_in(*keepalive, "keepalive", problems).value_or(door.keepalive);
  if (const auto* connect = yaml::find(console, "connect"))
    door.connect_limit = duration_in(*connect, "connect", problems).value_or(door.connect_limit);
  if (const auto* line = yaml::find(console, "line")) door.serial = line_from(*line, problems);
  if (const auto* breaks = yaml::find(console, "break"))
    door.breaks = yaml::flag_from(*breaks, "break", problems).value_or(false);
  switch (word.kind) {
    case Kind::Command:
      door.command = command_from(node, "command", problems);
      break;
    case Kind::Ssh:
      ssh_from(node, console, out.login, door, problems);
      break;
    case Kind::Tcp:
    case Kind::Telnet:
      if (word.kind == Kind::Telnet) door.port = "23";
      address_from(node, word.word, door.host, door.port, problems);
      if (door.host.starts_with("${") && door.host.ends_with("}")) door.port.clear();
      break;
    case Kind::Serial:
      door.device = text_at(console, "serial", problems);
      break;
  }
  out.door = std::move(door);
}

void process_from(const yaml::Node& console, TestbedNode& out, yaml::Problems& problems) {
  if (!yaml::check_keys(console, "a console", {"process"}, {"pty", "login", "environment"},
                        problems))
    return;
  if (const auto* process = yaml::find(console, "process"))
    out.command = command_from(*process, "process", problems);
  if (const auto* pty = yaml::find(console, "pty"))
    out.pty = yaml::flag_from(*pty, "pty", problems).value_or(true);
  if (const auto* login = yaml::find(console, "login")) login_from(*login, out, problems);
  if (const auto* environment = yaml::find(console, "environment"))
    out.environment = pairs_from(*environment, "environment", problems);
}

}  // namespace

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
    if (name.find('.') != std::string::npos || name == "run" || name == "node" ||
        find_listener(name)) {
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
                name.starts_with("UNDERSTUDY_LAB")
                    ? "a lab sets it: fixtures/labs/lab.py KIND understudy run ..."
                    : "a testbed's own placeholders have a dot: ${MSM-A.state}");
  }
  return out;
}

std::vector<std::string> command_from(const yaml::Node& node, std::string_view what,
                                      yaml::Problems& problems) {
  auto words = yaml::texts_from(node, what, problems);
  if (!node.is_list() && words.size() == 1 && words.front().find(' ') != std::string::npos) {
    std::string list = words.front();
    for (auto at = list.find(' '); at != std::string::npos; at = list.find(' ', at + 2))
      list.replace(at, 1, ", ");
    yaml::add(problems, node,
              fmt::format("`{}: {}` is the name of one program", what, words.front()),
              fmt::format("{}: [{}]", what, list));
  }
  for (auto& word : words) word = from_environment(word, node, problems);
  if (words.empty() || words.front().empty())
    yaml::add(problems, node, fmt::format("`{}` names no program", what),
              fmt::format("{}: [PROGRAM, ARGUMENT...]", what));
  return words;
}

Secret secret_from(const yaml::Node& node, const std::string& what, yaml::Problems& problems) {
  Secret secret;
  secret.where = yaml::where(node);
  if (!node.is_map()) {
    secret.source = yaml::text_from(node, what, problems).value_or("");
    if (secret.source == "ask" && !node.is_quoted) secret.kind = Secret::Kind::Prompt;
    return secret;
  }
  if (const auto* prompt = yaml::find(node, "prompt")) {
    yaml::add(problems, *prompt, fmt::format("a {} that is asked for has one spelling", what),
              what + ": ask");
    return secret;
  }
  if (!yaml::check_keys(node, "a " + what, {}, {"env", "file"}, problems)) return secret;
  if (node.entries.size() != 1) {
    yaml::add(problems, node, fmt::format("a {} comes from one place", what),
              fmt::format("{{env: NAME}}, {{file: PATH}} or {}: ask", what));
    return secret;
  }
  const auto& [key, value] = node.entries.front();
  secret.kind = key.text == "env" ? Secret::Kind::Environment : Secret::Kind::File;
  secret.source = yaml::text_from(value, key.text, problems).value_or("");
  if (secret.kind == Secret::Kind::File)
    secret.source = from_environment(secret.source, value, problems);
  return secret;
}

void login_from(const yaml::Node& node, TestbedNode& out, yaml::Problems& problems) {
  if (!yaml::check_keys(node, "a login", {"user"}, {"password"}, problems)) return;
  if (const auto* user = yaml::find(node, "user"))
    out.login.user = yaml::text_from(*user, "user", problems).value_or("");
  const auto* password = yaml::find(node, "password");
  if (!password) return;
  Secret secret = secret_from(*password, "password", problems);
  if (secret.kind == Secret::Kind::Prompt)
    secret.source = fmt::format("password of {} at {}", out.login.user, out.name);
  if (secret.kind == Secret::Kind::Text) out.login.password = secret.source;
  out.password = std::move(secret);
}

void console_from(const yaml::Node& node, TestbedNode& out, yaml::Problems& problems) {
  std::vector<std::string> ways;
  for (const char* way : {"process", "ssh", "tcp", "telnet", "serial", "command"}) {
    const bool is_of_ssh = way == std::string_view("command") && yaml::find(node, "ssh");
    if (yaml::find(node, way) && !is_of_ssh) ways.emplace_back(way);
  }
  if (ways.size() > 1)
    return yaml::add(problems, node,
                     fmt::format("two ways to one console: `{}` and `{}`", ways[0], ways[1]),
                     "leave one of them");
  if (yaml::find(node, "process")) return process_from(node, out, problems);
  // `ssh` has a `command` of its own.
  for (const char* first : {"ssh", "tcp", "telnet", "serial", "command"}) {
    if (!yaml::find(node, first)) continue;
    for (const auto& word : door_words())
      if (word.word == std::string_view(first)) return door_from(word, node, out, problems);
  }
  yaml::add(problems, node, "a console says how it is reached",
            "process:, ssh:, telnet:, tcp:, serial: or command:");
}

}  // namespace understudy::targets

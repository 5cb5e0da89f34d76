// The start of a process bench: the keeper, what it is told, and the nodes.
#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "targets/keeper/bench.h"
#include "targets/keeper/spawn.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
namespace files = std::filesystem;

constexpr Duration setup_limit = 10s;
constexpr std::size_t longest_socket_path = 100;

/// Programs that stand beside ours are found first.
std::string search_path() {
  std::error_code error;
  const files::path own = files::read_symlink("/proc/self/exe", error);
  const char* path = std::getenv("PATH");
  const std::string others = path ? path : "/usr/local/bin:/usr/bin:/bin";
  return error ? others : own.parent_path().string() + ":" + others;
}

}  // namespace

/// Before anything is started: a port that is taken stops the run.
Result<void> ProcessBench::open_listeners() {
  for (const ProcessListener& words : settings_.listeners) {
    auto opened = ListenerSocket::open(words.name, words.address,
                                       words.where.empty() ? settings_.testbed : words.where);
    if (!opened) return tl::unexpected(opened.error());
    const FrameAddress address = opened->address();
    const std::string host = words.reached.empty() ? ip_text(address) : words.reached;
    values_[words.name] = fmt::format("{}:{}", host, address.port);
    values_[words.name + ".host"] = host;
    values_[words.name + ".port"] = std::to_string(address.port);
    ears_.push_back({std::move(*opened), now()});
  }
  if (settings_.snmp) {
    auto session = SnmpSession::open(*settings_.snmp);
    if (!session) return tl::unexpected(session.error());
    snmp_ = std::move(*session);
  }
  return {};
}

Result<void> ProcessBench::start_keeper() {
  auto ends = make_channel();
  if (!ends) return tl::unexpected(ends.error());
  const std::string program =
      settings_.keeper_program.empty() ? "/proc/self/exe" : settings_.keeper_program;
  const auto pid =
      spawn_part(program, "__keeper", ends->second.get(), settings_.folder + "/keeper.stderr");
  if (!pid) return tl::unexpected(pid.error());
  keeper_ = *pid;
  keeper_process_ = Descriptor(static_cast<int>(syscall(SYS_pidfd_open, keeper_, 0)));
  channel_ = std::move(ends->first);
  return {};
}

Json ProcessBench::setup_order() const {
  Json names = Json::array();
  for (const ProcessNode& node : settings_.nodes) names.push_back(node.name);
  Json links = Json::array();
  for (const ProcessLink& link : settings_.links) {
    links.push_back({{"name", link.name},
                     {"ends", link.ends},
                     {"frames", link.frames},
                     {"interfaces", link.interfaces},
                     {"filter", link.filter},
                     {"payload_at", link.payload_at},
                     {"outlives", link.is_inline() &&
                                      !std::ranges::all_of(
                                          link.ends, [this](auto end) { return is_ours(end); })},
                     {"where", link.where.empty() ? settings_.testbed : link.where}});
  }
  return {{"order", "setup"},
          {"start", start_.count()},
          {"folder", settings_.folder},
          {"out", settings_.out.empty() ? settings_.folder : settings_.out},
          {"seed", settings_.seed},
          {"stall_limit", stall_limit().count()},
          {"refresh", std::max<Duration>(5 * settings_.heartbeat, 100ms).count()},
          {"hold_limit", std::max<Duration>(4 * stall_limit(), 1s).count()},
          {"nodes", names},
          {"links", links}};
}

void ProcessBench::learn_values(const Json& ready) {
  values_["run"] = ready.at("run");
  for (std::size_t i = 0; i < settings_.nodes.size(); ++i) {
    const std::string& name = settings_.nodes[i].name;
    values_[name + ".state"] = settings_.folder + "/" + name + ".state";
    values_[name + ".console"] = ready.at("consoles").at(i);
    const std::string console = values_[name + ".console"];
    values_[name + ".address"] = console.substr(0, console.rfind(':'));
    values_[name + ".control"] = fmt::format("{}/{}", ready.at("control").get<std::string>(), i);
  }
  for (std::size_t i = 0; i < settings_.links.size(); ++i) {
    const ProcessLink& link = settings_.links[i];
    for (std::size_t end = 0; end < link.ends.size(); ++end) {
      const std::string way = settings_.nodes[link.ends[end]].name + "." + link.name;
      values_[way + ".local"] = ready.at("links")[i][end].at("local");
      values_[way + ".peer"] = ready.at("links")[i][end].at("peer");
    }
  }
}

Result<void> ProcessBench::set_up() {
  order(setup_order());
  const Time limit = now() + setup_limit;
  while (!ready_ && channel_ && now() < limit) wait(limit - now());
  if (!ready_) {
    return fail(settings_.testbed, "the keeper did not start",
                "see keeper.stderr in the run's folder");
  }
  if (ready_->value("event", "") == "failed") {
    return fail(ready_->value("where", ""), ready_->value("what", ""), ready_->value("hint", ""));
  }
  learn_values(*ready_);
  const std::string control = ready_->value("control", "");
  ensure(control.size() + 8 < longest_socket_path, "a control socket's path is short");
  return {};
}

Json ProcessBench::environment_of(const ProcessNode& node) const {
  Json environment = Json::array({Json::array({"PATH", search_path()})});
  for (const auto& [name, text] : node.environment) {
    const auto value = expand(text, values_, settings_.testbed);
    environment.push_back(Json::array({name, value ? *value : text}));
  }
  return environment;
}

Result<Json> ProcessBench::node_spec(std::size_t node) const {
  const ProcessNode& words = settings_.nodes[node];
  const auto command = expand(words.command, values_, settings_.testbed);
  if (!command) return tl::unexpected(command.error());
  return Json{{"node", node},
              {"command", *command},
              {"environment", environment_of(words)},
              {"pty", words.pty}};
}

Result<void> ProcessBench::start_nodes() {
  Json specs = Json::array();
  for (std::size_t node = 0; node < settings_.nodes.size(); ++node) {
    if (!is_ours(node)) continue;
    const files::path state = values_[settings_.nodes[node].name + ".state"];
    std::error_code error;
    files::remove_all(state, error);
    files::create_directories(state, error);
    if (error) return fail(state.string(), "cannot be made: " + error.message());
    auto spec = node_spec(node);
    if (!spec) return tl::unexpected(spec.error());
    specs.push_back(std::move(*spec));
  }
  const auto answer = order_and_wait({{"order", "power-on"}, {"nodes", specs}}, setup_limit);
  if (!start_failure_.empty()) {
    return fail(settings_.testbed, start_failure_,
                "a program is found beside understudy, in PATH, or by its path");
  }
  if (!answer) return fail(settings_.testbed, "the nodes did not start in time");
  if (!answer->value("ok", false)) return fail(settings_.testbed, answer->value("words", ""));
  return {};
}

Result<void> ProcessBench::start() {
  auto done = open_listeners();
  if (done) done = start_keeper();
  if (done) done = set_up();
  if (done) done = run_prepare();
  if (done) done = start_nodes();
  if (done) done = open_doors();
  if (!done) heal();
  return done;
}

}  // namespace understudy::targets

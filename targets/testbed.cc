#include "targets/testbed.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "harness/files.h"
#include "harness/words.h"
#include "targets/device.h"
#include "targets/frames.h"
#include "targets/process.h"
#include "targets/search_path.h"
#include "targets/simulated.h"
#include "targets/testbed_check.h"

namespace understudy::targets {

namespace {

const std::vector<std::string> link_acts{"cut",     "drop",    "delay",  "duplicate",
                                         "reorder", "corrupt", "restore"};

/// A local testbed without `scratch:` gives all; these are plenty.
void add_scratch(Capabilities& capabilities) {
  if (!capabilities.scratch.empty()) return;
  std::vector<Value> vlans;
  for (int vlan = 3900; vlan < 4000; ++vlan) vlans.push_back(std::to_string(vlan));
  capabilities.scratch = {{"vlans", vlans}, {"config", {"understudy"}}};
}

void add(const std::string& name, std::vector<std::string>& names) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

/// What frames tell: their fields, and how many passed.
void add_link_attributes(const TestbedFile& file, Capabilities& capabilities) {
  for (const auto& link : file.links) {
    capabilities.links.push_back(link.name);
    add(link.name + ".frames", capabilities.attributes);
    if (link.frames.empty()) continue;
    add(link.name + ".heartbeats", capabilities.attributes);
    for (const auto& field : link.words->fields)
      add(link.name + "." + field.attribute, capabilities.attributes);
    capabilities.frame_types.emplace_back(link.name, link.words->type_names());
  }
}

bool has_timing(const Capabilities& capabilities, const std::string& name) {
  return std::ranges::find(capabilities.timing, name, &std::pair<std::string, Duration>::first) !=
         capabilities.timing.end();
}

Capabilities capabilities_of(const TestbedFile& file, const Dialect& dialect) {
  Capabilities capabilities;
  for (const auto& node : file.nodes) capabilities.nodes.push_back(node.name);
  for (const auto& listener : file.listeners) capabilities.observers.push_back(listener.name);
  if (file.snmp) capabilities.observers.emplace_back("snmp");
  capabilities.timing = file.timing;
  if (!has_timing(capabilities, "poll")) capabilities.timing.emplace_back("poll", dialect.poll);
  if (!has_timing(capabilities, "answer"))
    capabilities.timing.emplace_back("answer", dialect.answer_limit);
  capabilities.numbers = file.numbers;
  // Heartbeats that a machine may bring late: one on anything real, unless the testbed knows
  // better.
  if (std::ranges::find(capabilities.numbers, "late",
                        &std::pair<std::string, std::int64_t>::first) == capabilities.numbers.end())
    capabilities.numbers.emplace_back("late", file.profile.empty() ? 1 : 0);
  capabilities.scratch = file.scratch;
  add_scratch(capabilities);
  capabilities.allow = file.allow;
  const bool is_local = std::ranges::none_of(file.nodes, [&](const TestbedNode& node) {
    return node.command.empty() && file.profile.empty();
  });
  if (capabilities.allow.empty()) capabilities.allow = {"reads"};
  if (file.allow.empty() && is_local)
    capabilities.allow = {"reads", "changes", "disrupts", "wears-flash", "may-brick"};
  capabilities.repeatable = is_local || !file.prepare.empty();
  add_link_attributes(file, capabilities);
  return capabilities;
}

/// Of a process that is told of its defect by a word of its command.
std::string defect_of(const TestbedNode& node) {
  constexpr std::string_view word = "--defect";
  for (std::size_t index = 0; index < node.command.size(); ++index) {
    const std::string& one = node.command[index];
    if (one == word && index + 1 < node.command.size()) return node.command[index + 1];
    if (one.starts_with(word) && one.substr(word.size()).starts_with("=")) {
      return one.substr(word.size() + 1);
    }
  }
  return {};
}

/// It stands somewhere and outlives the run.
bool is_device(const TestbedFile& file, const TestbedNode& node) {
  return file.profile.empty() && node.command.empty();
}

/// The host of a device's line, which has others' as well.
std::string server_of(const TestbedFile& file, const TestbedNode& node) {
  if (!is_device(file, node) || !node.door) return {};
  const auto kind = node.door->kind;
  const bool is_line = kind == DoorSettings::Kind::Tcp || kind == DoorSettings::Kind::Telnet;
  return is_line ? node.door->host : "";
}

class FileTestbed : public Testbed {
 public:
  explicit FileTestbed(LoadedTestbed parts, std::optional<DataDefect> defect = std::nullopt)
      : parts_(std::move(parts)), defect_(std::move(defect)) {}

  const std::string& name() const override { return parts_.file.name; }
  const Capabilities& capabilities() const override { return parts_.capabilities; }
  bool is_virtual() const override { return !parts_.file.profile.empty(); }
  bool is_exclusive() const override {
    return parts_.file.profile.empty() &&
           (!parts_.file.has_placeholders || parts_.file.has_fixed_lines);
  }

  std::string defect() const override {
    std::vector<std::string> defects;
    if (!parts_.file.defect.empty()) defects.push_back(parts_.file.defect);
    if (defect_) add(defect_->id, defects);
    for (const TestbedNode& node : parts_.file.nodes) {
      if (const std::string one = defect_of(node); !one.empty()) add(one, defects);
    }
    return fmt::format("{}", fmt::join(defects, ", "));
  }

  Result<void> reveal() override {
    TestbedFile file = parts_.file;
    if (const auto secrets = reveal_passwords(file); !secrets)
      return tl::unexpected(secrets.error());
    return {};
  }

  Result<std::unique_ptr<Target>> open(const std::string& folder, std::uint64_t seed) override {
    return open_parts(parts_, folder, seed, custody_, defect_ ? &*defect_ : nullptr);
  }

  std::vector<std::string> doors() const override {
    std::vector<std::string> doors;
    for (const TestbedNode& node : parts_.file.nodes) {
      if (is_device(parts_.file, node) && node.door)
        doors.push_back(fmt::format("{}  {}", node.name, to_text(*node.door)));
    }
    if (parts_.file.management)
      doors.push_back("management  " + to_text(*parts_.file.management->door));
    return doors;
  }

 private:
  static std::shared_ptr<CustodyRecord> custody_of(const TestbedFile& file) {
    if (!has_custody(file)) return nullptr;
    auto record = std::make_shared<CustodyRecord>();
    record->testbed = file.path;
    return record;
  }

  LoadedTestbed parts_;
  std::shared_ptr<CustodyRecord> custody_ = custody_of(parts_.file);
  std::optional<DataDefect> defect_;
};

SimulatedBenchSettings simulated_settings(const TestbedFile& file, const std::string& folder,
                                          std::uint64_t seed) {
  SimulatedBenchSettings settings;
  settings.testbed = file.path;
  settings.profile = file.profile;
  settings.defect = file.defect;
  for (const auto& node : file.nodes)
    settings.nodes.push_back({node.name, node.login.user, node.login.password});
  for (const auto& link : file.links) settings.links.push_back({link.name, link.ends, link.words});
  for (const auto& listener : file.listeners)
    settings.listeners.push_back({listener.name, listener.address});
  settings.timing = file.timing;
  settings.numbers = file.numbers;
  settings.folder = folder;
  settings.seed = seed;
  return settings;
}

ProcessBenchSettings process_settings(const TestbedFile& file, const std::string& folder,
                                      std::uint64_t seed) {
  ProcessBenchSettings settings;
  settings.testbed = file.path;
  for (const auto& node : file.nodes)
    settings.nodes.push_back(
        {node.name, node.command, node.pty, node.environment, node.power, node.door});
  for (const auto& outlet : file.outlets)
    settings.outlets.push_back({outlet.name, outlet.feeds, outlet.on, outlet.off, outlet.state});
  if (file.management) {
    ProcessNode management{file.management->name, {}, false, {}, "", file.management->door};
    management.is_management = true;
    settings.nodes.push_back(std::move(management));
  }
  settings.prepare = file.prepare;
  settings.is_attended = file.is_attended;
  for (const auto& link : file.links)
    settings.links.push_back({link.name, link.ends, link.frames, link.interfaces, link.filter,
                              link.payload_at, link.where});
  for (const auto& listener : file.listeners)
    settings.listeners.push_back(
        {listener.name, listener.address, listener.reached, listener.where});
  if (file.snmp) {
    settings.snmp = SnmpPeer{file.snmp->address, file.snmp->revealed};
    settings.snmp->where = file.snmp->where;
    for (const auto& [name, duration] : file.timing)
      if (name == "answer") settings.snmp->limit = duration;
  }
  for (const auto& [word, command] : file.hands) settings.hands.push_back({word, command});
  settings.folder = folder;
  for (const auto& [name, duration] : file.timing) {
    if (name == "heartbeat") settings.heartbeat = duration;
    if (name == "boot") settings.boot = 2 * duration + std::chrono::seconds(1);
  }
  for (const auto& [name, number] : file.numbers)
    if (name == "limit") settings.limit = number;
  settings.seed = seed;
  return settings;
}

}  // namespace

Identity identity_of(const LoadedTestbed& parts, const TestbedNode& node) {
  Identity identity = parts.file.identity;
  if (!node.identity.empty()) identity.emplace_back(parts.dialect->node_identity, node.identity);
  return identity;
}

Credentials login_of(const LoadedTestbed& parts, const TestbedNode& node) {
  const bool is_default = node.login.user.empty() && !parts.file.profile.empty();
  Credentials login = is_default ? Credentials{"admin", ""} : node.login;
  for (const auto& [kind, values] : parts.file.scratch) {
    if (kind == "password" && !values.empty()) login.spare = values.front();
  }
  if (login.user.empty() && !login.spare.empty()) login.user = parts.dialect->console.user;
  return login;
}

bool has_console(const TestbedFile& file, const TestbedNode& node) {
  return node.door || !node.command.empty() || !file.profile.empty();
}

Result<std::vector<std::string>> reveal_passwords(TestbedFile& file) {
  std::vector<std::string> secrets;
  std::vector<TestbedNode*> nodes;
  for (TestbedNode& node : file.nodes) nodes.push_back(&node);
  if (file.management) nodes.push_back(&*file.management);
  for (TestbedNode* node : nodes) {
    if (!node->password) continue;
    auto password = reveal(*node->password);
    if (!password) return tl::unexpected(password.error());
    node->login.password = *password;
    if (node->door) node->door->password = *password;
    secrets.push_back(std::move(*password));
  }
  for (TestbedListener& listener : file.listeners) {
    if (!listener.community) continue;
    auto community = reveal(*listener.community);
    if (!community) return tl::unexpected(community.error());
    listener.revealed = *community;
    secrets.push_back(std::move(*community));
  }
  if (file.snmp) {
    auto community = reveal(file.snmp->community);
    if (!community) return tl::unexpected(community.error());
    file.snmp->revealed = *community;
    secrets.push_back(std::move(*community));
  }
  return secrets;
}

bool has_custody(const TestbedFile& file) {
  return file.prepare.empty() && std::ranges::any_of(file.nodes, [&](const TestbedNode& node) {
           return is_device(file, node);
         });
}

Result<std::unique_ptr<Target>> open_parts(const LoadedTestbed& parts, const std::string& folder,
                                           std::uint64_t seed,
                                           std::shared_ptr<CustodyRecord> custody,
                                           const DataDefect* defect) {
  TestbedFile file = parts.file;
  auto secrets = reveal_passwords(file);
  if (!secrets) return tl::unexpected(secrets.error());
  const Mask mask(std::move(*secrets));
  auto bench = make_bench(file, folder, seed, mask);
  if (!bench) return tl::unexpected(bench.error());
  if (defect != nullptr) *bench = with_defect(std::move(*bench), *defect);
  DeviceSettings settings;
  settings.testbed = file.path;
  settings.dialect = parts.dialect;
  settings.capabilities = parts.capabilities;
  settings.folder = folder;
  settings.mask = mask;
  settings.custody = std::move(custody);
  for (const auto& node : file.nodes) {
    settings.logins.push_back(login_of(parts, node));
    settings.places.push_back(node.where);
    settings.identities.push_back(identity_of(parts, node));
    settings.addresses.push_back(node.address);
    settings.servers.push_back(server_of(file, node));
    settings.has_console.push_back(has_console(file, node));
  }
  if (file.management) {
    settings.management = file.management->login;
    settings.places.push_back(file.management->where);
    for (const auto& node : file.nodes)
      settings.answers_as.push_back(node.identity.empty() ? node.name : node.identity);
    settings.identities.push_back(parts.file.identity);
  }
  for (const auto& listener : file.listeners)
    settings.listeners.push_back(
        {listener.name, listener.revealed, listener.community.has_value()});
  return open_device(std::move(*bench), std::move(settings));
}

Result<std::unique_ptr<Bench>> make_bench(const TestbedFile& file, const std::string& folder,
                                          std::uint64_t seed, const Mask& mask) {
  if (file.profile.empty()) {
    ProcessBenchSettings settings = process_settings(file, folder, seed);
    settings.mask = mask;
    return make_process_bench(std::move(settings));
  }
  return make_simulated_bench(simulated_settings(file, folder, seed));
}

namespace {

/// What is to be asked of every console has to be told by a read.
Result<void> check_identity(const TestbedFile& file, const Dialect& dialect) {
  const auto known = attributes_of(dialect);
  for (const auto& [attribute, value] : file.identity) {
    if (std::ranges::find(known, attribute) != known.end()) continue;
    return fail(file.identity_where,
                fmt::format("the dialect {} ({}) does not tell `{}`", dialect.name, dialect.folder,
                            attribute),
                did_you_mean(attribute, known));
  }
  for (const TestbedNode& node : file.nodes) {
    if (node.identity.empty() || !dialect.node_identity.empty()) continue;
    return fail(node.where,
                fmt::format("the dialect {} ({}) cannot tell whose console it is", dialect.name,
                            dialect.folder),
                "identity: {device: ..., console: ATTRIBUTE} in the dialect");
  }
  if (file.management && dialect.node_identity.empty())
    return fail(file.management->where,
                fmt::format("the dialect {} ({}) cannot tell which node answers", dialect.name,
                            dialect.folder),
                "identity: {device: ..., console: ATTRIBUTE} in the dialect");
  return {};
}

/// To a simulated chassis, or to each process that is the reference's own program.
Result<void> give_defect(TestbedFile& file, const std::string& path, const std::string& defect) {
  if (!file.profile.empty()) {
    file.defect = defect;
    return {};
  }
  bool is_given = false;
  for (TestbedNode& node : file.nodes) {
    auto& words = node.command;
    const bool is_ours =
        !words.empty() && std::filesystem::path(words.front()).filename() == "understudy-node";
    if (!is_ours) continue;
    const auto profile = std::ranges::find(words, "--profile");
    if (profile != words.end() && profile + 1 != words.end()) {
      if (auto known = check_defect(path, *(profile + 1), defect); !known) return known;
    }
    words.insert(words.begin() + 1, {"--defect", defect});
    is_given = true;
  }
  if (is_given) return {};
  return fail(path, "has no node of the reference implementation to give the defect to",
              "the testbed is simulated, or its processes are understudy-node");
}

/// A dialect that is not there is wrong in the testbed, one that is unsound has a line of its own.
Error dialect_error(const TestbedFile& file, Error error) {
  if (error.where != file.dialect || file.dialect_where.empty()) return error;
  return {file.dialect_where, fmt::format("`{}`: {}", file.dialect, error.what), error.hint};
}

Result<LoadedTestbed> parts_of(TestbedFile file) {
  auto dialect = load_dialect(file.dialect);
  if (!dialect) return tl::unexpected(dialect_error(file, dialect.error()));
  if (const auto checked = check_timing(file); !checked) return tl::unexpected(checked.error());
  if (const auto checked = check_identity(file, **dialect); !checked)
    return tl::unexpected(checked.error());
  for (TestbedLink& link : file.links) {
    if (link.frames.empty()) continue;
    auto words = load_frames_file(link.frames);
    if (!words) return tl::unexpected(words.error());
    link.words = std::make_shared<const FrameWords>(std::move(*words));
  }
  Capabilities capabilities = capabilities_of(file, **dialect);
  // A bench that is not started changes nothing; it checks the rest of the file and tells its
  // words.
  auto bench = make_bench(file, "", 1);
  if (!bench) return tl::unexpected(bench.error());
  add_words(**dialect, **bench, capabilities);
  return LoadedTestbed{std::move(file), std::move(*dialect), std::move(capabilities)};
}

}  // namespace

Result<LoadedTestbed> load_testbed_parts(const std::string& name_or_path, const std::string& defect,
                                         bool is_attended) {
  const auto path = find_data(Data::Testbed, name_or_path);
  if (!path) return tl::unexpected(path.error());
  const auto text = read_text(*path);
  if (!text) return tl::unexpected(text.error());
  auto file = read_testbed(*text, *path);
  if (!file) return tl::unexpected(file.error());
  if (!defect.empty()) {
    if (const auto given = give_defect(*file, *path, defect); !given)
      return tl::unexpected(given.error());
  }
  file->is_attended = is_attended;
  return parts_of(std::move(*file));
}

Result<std::unique_ptr<Testbed>> virtual_twin(const TestbedFile& file, const std::string& profile) {
  TestbedFile twin = file;
  twin.profile = profile;
  twin.hands.clear();
  twin.outlets.clear();
  twin.prepare.clear();
  twin.management.reset();
  for (TestbedNode& node : twin.nodes) {
    node.address = "${" + node.name + ".address}";
    node.command.clear();
    node.door.reset();
  }
  auto parts = parts_of(std::move(twin));
  if (!parts) return tl::unexpected(parts.error());
  return std::make_unique<FileTestbed>(std::move(*parts));
}

Result<std::unique_ptr<Testbed>> load_testbed_with(const std::string& name_or_path,
                                                   const DataDefect& defect) {
  auto parts = load_testbed_parts(name_or_path);
  if (!parts) return tl::unexpected(parts.error());
  return std::make_unique<FileTestbed>(std::move(*parts), defect);
}

Result<std::unique_ptr<Testbed>> load_testbed(const std::string& name_or_path,
                                              const std::string& defect, bool is_attended) {
  auto parts = load_testbed_parts(name_or_path, defect, is_attended);
  if (!parts) return tl::unexpected(parts.error());
  return std::make_unique<FileTestbed>(std::move(*parts));
}

}  // namespace understudy::targets

#include "targets/testbed_check.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "harness/limits.h"
#include "harness/yaml.h"
#include "targets/search_path.h"
#include "targets/simulated.h"

namespace understudy::targets {
namespace {

namespace files = std::filesystem;

/// Of the harness itself, beside those of the reference implementation.
const std::vector<std::string>& own_names() {
  static const std::vector<std::string> names{"heartbeat", "limit",  "late",    "boot",
                                              "poll",      "answer", "resolve", "synchronize"};
  return names;
}

/// Of the limits in one file of a suite, and what their expressions name.
void add_limits(const std::string& path, std::vector<std::string>& names) {
  yaml::Problems ignored;  // a suite that cannot be read is refused where it is used
  for (const yaml::Node& document : yaml::parse_file(path, ignored)) {
    const auto* limits = yaml::find(document, "limits");
    if (limits == nullptr || !limits->is_map()) continue;
    for (const yaml::Entry& limit : limits->entries) {
      names.push_back(limit.key.text);
      const auto* is = limit.value.is_map() ? yaml::find(limit.value, "is") : nullptr;
      if (is == nullptr) continue;
      if (const auto used = names_in(is->text, path))
        names.insert(names.end(), used->begin(), used->end());
    }
  }
}

std::vector<std::string> names_of_suites() {
  std::vector<std::string> names;
  for (const std::string& suite : data_names(Data::Suite))
    if (const auto path = find_data(Data::Suite, suite)) add_limits(*path + "/clauses.yaml", names);
  return names;
}

bool is_program(const files::path& path) {
  std::error_code ignored;
  return files::is_regular_file(path, ignored) && access(path.c_str(), X_OK) == 0;
}

/// As it will be looked for: by its path, beside us, or in PATH.
bool is_found(const std::string& program) {
  if (program.find('/') != std::string::npos) return is_program(program);
  std::error_code ignored;
  const files::path own = files::read_symlink("/proc/self/exe", ignored);
  if (is_program(own.parent_path() / program)) return true;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/local/bin:/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (is_program(files::path(folder.empty() ? "." : folder) / program)) return true;
  return false;
}

class Troubles {
 public:
  void add(Error error) {
    if (std::ranges::find(all_, error.what, &Error::what) == all_.end())
      all_.push_back(std::move(error));
  }
  void add_program(const std::vector<std::string>& command, const std::string& where) {
    const bool is_filled_later =
        !command.empty() && command.front().find("${") != std::string::npos;
    if (command.empty() || is_filled_later || is_found(command.front())) return;
    add({where, fmt::format("there is no program `{}`", command.front()),
         "a program is found beside understudy, in PATH, or by its path"});
  }
  void add_secret(const std::optional<Secret>& secret) {
    if (!secret || secret->kind == Secret::Kind::Prompt) return;
    if (const auto revealed = reveal(*secret); !revealed) add(revealed.error());
  }
  std::vector<Error> take() { return std::move(all_); }

 private:
  std::vector<Error> all_;
};

}  // namespace

Result<void> check_timing(const TestbedFile& file) {
  std::vector<std::string> known = own_names();
  for (const std::string& name : simulated_timing_names()) known.push_back(name);
  const auto is_unknown = [&](const auto& place) {
    return std::ranges::find(known, place.first) == known.end();
  };
  if (std::ranges::none_of(file.timing_places, is_unknown)) return {};
  for (std::string& name : names_of_suites()) known.push_back(std::move(name));
  for (const auto& [name, where] : file.timing_places) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::string hint = did_you_mean(name, known);
    if (!hint.empty())
      return fail(where, fmt::format("`{}` is no timing that a suite or the harness knows", name),
                  hint);
  }
  return {};
}

std::vector<Error> cannot_work(const TestbedFile& file) {
  Troubles troubles;
  std::vector<const TestbedNode*> nodes;
  for (const TestbedNode& node : file.nodes) nodes.push_back(&node);
  if (file.management) nodes.push_back(&*file.management);
  for (const TestbedNode* node : nodes) {
    troubles.add_program(node->command, node->where);
    const bool is_command = node->door && node->door->kind == DoorSettings::Kind::Command;
    if (is_command) troubles.add_program(node->door->command, node->door->where);
  }
  for (const TestbedOutlet& outlet : file.outlets)
    for (const auto* command : {&outlet.on, &outlet.off, &outlet.state})
      troubles.add_program(*command, outlet.where);
  for (const auto& [act, command] : file.hands)
    if (command != std::vector<std::string>{"operator"})
      troubles.add_program(command, file.hands_where);
  troubles.add_program(file.prepare, file.prepare_where);
  for (const TestbedNode* node : nodes) troubles.add_secret(node->password);
  for (const TestbedListener& listener : file.listeners) troubles.add_secret(listener.community);
  if (file.snmp) troubles.add_secret(file.snmp->community);
  return troubles.take();
}

}  // namespace understudy::targets

#include "targets/keeper/processes.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/wait.h>

#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>

#include "harness/files.h"

namespace understudy::targets {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

std::optional<pid_t> number_from(std::string_view text) {
  pid_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The entries of a folder of /proc that are numbers.
std::vector<pid_t> numbers_in(const std::string& path) {
  std::vector<pid_t> numbers;
  const std::unique_ptr<DIR, CloseFolder> folder(opendir(path.c_str()));
  if (!folder) return numbers;
  while (const dirent* entry = readdir(folder.get())) {
    if (const auto number = number_from(entry->d_name)) numbers.push_back(*number);
  }
  return numbers;
}

/// Nothing where a process ends while its files are read: then they cannot be any more.
std::string read_all(const std::string& path) {
  return read_text(path).value_or("");
}

/// The fields of a stat file behind the name, which may hold anything: state is the first.
std::vector<std::string> stat_fields(const std::string& path) {
  const std::string text = read_all(path);
  const auto end_of_name = text.rfind(')');
  if (end_of_name == std::string::npos) return {};
  std::istringstream rest(text.substr(end_of_name + 1));
  return {std::istream_iterator<std::string>(rest), std::istream_iterator<std::string>()};
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  const std::string tasks = fmt::format("/proc/{}/task", pid);
  for (const pid_t task : numbers_in(tasks)) {
    std::ifstream file(fmt::format("{}/{}/children", tasks, task));
    for (pid_t child = 0; file >> child;) children.push_back(child);
  }
  return children;
}

}  // namespace

std::optional<ProcessIdentity> identity_of(pid_t pid) {
  constexpr std::size_t start_time = 19;  // field 22 of proc(5), counted from the state
  const auto fields = stat_fields(fmt::format("/proc/{}/stat", pid));
  if (fields.size() <= start_time) return std::nullopt;
  return ProcessIdentity{pid, std::strtoull(fields[start_time].c_str(), nullptr, 10)};
}

bool is_alive(const ProcessIdentity& process) {
  if (identity_of(process.pid) != process) return false;
  const auto fields = stat_fields(fmt::format("/proc/{}/stat", process.pid));
  return !fields.empty() && fields[0] != "Z" && fields[0] != "X";
}

std::vector<pid_t> descendants_of(pid_t root) {
  std::vector<pid_t> found = children_of(root);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::vector<pid_t> children = children_of(found[i]);
    found.insert(found.end(), children.begin(), children.end());
  }
  return found;
}

std::string thread_states(pid_t pid) {
  std::string states;
  const std::string tasks = fmt::format("/proc/{}/task", pid);
  for (const pid_t task : numbers_in(tasks)) {
    const auto fields = stat_fields(fmt::format("{}/{}/stat", tasks, task));
    if (!fields.empty()) states += fields[0];
  }
  return states;
}

std::map<pid_t, ThreadRun> thread_runs(pid_t pid) {
  std::map<pid_t, ThreadRun> runs;
  const std::string tasks = fmt::format("/proc/{}/task", pid);
  for (const pid_t task : numbers_in(tasks)) {
    const auto fields = stat_fields(fmt::format("{}/{}/stat", tasks, task));
    std::ifstream file(fmt::format("{}/{}/schedstat", tasks, task));
    std::int64_t ran = 0;
    std::int64_t waited = 0;
    if (fields.empty() || !(file >> ran >> waited)) continue;
    runs.emplace(task, ThreadRun{Duration(ran), Duration(waited), fields[0].front()});
  }
  return runs;
}

Duration own_wait() {
  std::ifstream file("/proc/thread-self/schedstat");
  std::int64_t ran = 0;
  std::int64_t waited = 0;
  return file >> ran >> waited ? Duration(waited) : Duration(0);
}

std::vector<pid_t> processes_with_environment(const std::string& entry) {
  std::vector<pid_t> found;
  for (const pid_t pid : numbers_in("/proc")) {
    const std::string environment = '\0' + read_all(fmt::format("/proc/{}/environ", pid)) + '\0';
    if (environment.find('\0' + entry + '\0') != std::string::npos) found.push_back(pid);
  }
  return found;
}

std::string text_of_wait_status(int status) {
  if (WIFEXITED(status)) return fmt::format("exited with status {}", WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  return fmt::format("was killed by signal {} ({})", signal, strsignal(signal));
}

}  // namespace understudy::targets

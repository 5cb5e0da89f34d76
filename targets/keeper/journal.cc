#include "targets/keeper/journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "targets/process.h"

namespace understudy::targets {
namespace {

namespace files = std::filesystem;

constexpr int end_limit_ms = 5'000;

files::path folder_of(const std::string& out) {
  return files::path(out) / ".understudy";
}

Json to_json(ProcessIdentity process) {
  return {{"pid", process.pid}, {"started", process.started}};
}

ProcessIdentity identity_from(const Json& json) {
  return {json.value("pid", 0), json.value("started", std::uint64_t{0})};
}

/// What the lines of a dead run's journal hold.
struct LeftBehind {
  std::string run;
  std::string control;
  ProcessIdentity keeper;
  ProcessIdentity harness;
  std::vector<std::pair<std::string, ProcessIdentity>> processes;
  std::vector<std::string> wires;  ///< "backplane (eth1, eth2)"
  bool goes_on = false;            ///< the keeper forwards for whoever is on its wires
};

LeftBehind read_journal(const files::path& path) {
  LeftBehind left;
  std::ifstream file(path);
  for (std::string text; std::getline(file, text);) {
    const Json line = Json::parse(text, nullptr, false);
    if (!line.is_object()) continue;  // the last one may be torn
    if (line.contains("run")) {
      left.run = line.value("run", "");
      left.control = line.value("control", "");
      left.keeper = identity_from(line["keeper"]);
      left.harness = identity_from(line.value("harness", Json::object()));
    }
    if (line.contains("wire")) {
      left.wires.push_back(
          fmt::format("{} ({})", line.value("wire", ""),
                      fmt::join(line.value("between", std::vector<std::string>{}), ", ")));
    }
    left.goes_on = left.goes_on || line.contains("goes on");
    if (line.contains("started")) {
      left.processes.emplace_back(line.value("started", ""), identity_from(line["process"]));
    }
  }
  return left;
}

void end_processes(const LeftBehind& left, std::vector<std::string>& lines) {
  for (const auto& [name, process] : left.processes) {
    if (!is_alive(process)) continue;
    for (const pid_t child : descendants_of(process.pid)) kill(child, SIGKILL);
    kill(process.pid, SIGKILL);
    lines.push_back(fmt::format("ended {} (process {})", name, process.pid));
  }
  if (left.run.empty()) return;
  for (const pid_t pid : processes_with_environment(fmt::format("{}={}", run_variable, left.run))) {
    if (pid == getpid()) continue;
    kill(pid, SIGKILL);
    lines.push_back(fmt::format("ended process {}, which belonged to the run", pid));
  }
}

bool end_keeper(ProcessIdentity keeper) {
  const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, keeper.pid, 0)));
  if (!process || !is_alive(keeper)) return true;
  kill(keeper.pid, SIGTERM);
  pollfd polled{process.get(), POLLIN, 0};
  return poll(&polled, 1, end_limit_ms) == 1;
}

void heal_one(const files::path& path, std::vector<std::string>& lines) {
  const LeftBehind left = read_journal(path);
  if (is_alive(left.keeper) && left.goes_on && !is_alive(left.harness)) {
    if (!end_keeper(left.keeper)) {
      lines.push_back(
          fmt::format("{}: its keeper (process {}) does not end", path.string(), left.keeper.pid));
      return;
    }
    lines.push_back(fmt::format("ended the keeper that forwarded (process {})", left.keeper.pid));
  } else if (is_alive(left.keeper)) {
    lines.push_back(fmt::format("{}: its keeper is at work (process {}), left alone", path.string(),
                                left.keeper.pid));
    return;
  }
  end_processes(left, lines);
  for (const std::string& wire : left.wires) {
    lines.push_back(fmt::format("the inline wire {} carries nothing any more", wire));
  }
  remove_control_folder(left.control);
  std::error_code error;
  files::remove(path, error);
  lines.push_back(fmt::format("{}: {}", path.string(), error ? error.message() : "healed"));
}

}  // namespace

Result<Journal> Journal::create(const std::string& out, const std::string& run,
                                ProcessIdentity harness, const std::string& control) {
  const files::path folder = folder_of(out);
  std::error_code error;
  files::create_directories(folder, error);
  if (error) return fail(folder.string(), "cannot be made: " + error.message());
  const files::path path = folder / fmt::format("journal-{}.jsonl", getpid());
  Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666));
  if (!file) return fail(path.string(), std::string("cannot be written: ") + std::strerror(errno));
  const auto keeper = identity_of(getpid()).value_or(ProcessIdentity{});
  Journal journal(path.string(), std::move(file));
  journal.append({{"run", run},
                  {"keeper", to_json(keeper)},
                  {"harness", to_json(harness)},
                  {"control", control},
                  {"undo", "end every process of the run, remove its sockets"}});
  return journal;
}

void Journal::append(const Json& line) {
  const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  (void)!write(file_.get(), text.data(), text.size());  // a full disk must not stop a heal
}

void Journal::started(const std::string& name, pid_t pid) {
  const auto identity = identity_of(pid);
  if (identity) append({{"started", name}, {"process", to_json(*identity)}});
}

void Journal::before(const std::string& act, const std::string& undo) {
  append({{"before", act}, {"undo", undo}});
}

void Journal::wire(const std::string& name, const std::vector<std::string>& interfaces) {
  append({{"wire", name}, {"between", interfaces}});
}

void Journal::goes_on(const std::string& name) {
  append({{"goes on", name}, {"undo", "end the keeper"}});
}

void Journal::close() {
  file_.reset();
  std::error_code ignored;  // heal finds the file and nothing to undo; others may use the folder
  files::remove(path_, ignored);
  files::remove(files::path(path_).parent_path(), ignored);
}

void remove_control_folder(const std::string& folder) {
  if (!files::path(folder).filename().string().starts_with("understudy-")) return;
  std::error_code ignored;  // sockets in a folder for temporary files
  files::remove_all(folder, ignored);
}

std::vector<std::string> heal_process_benches(const std::string& out) {
  std::vector<files::path> journals;
  std::error_code none;
  const auto skip = files::directory_options::skip_permission_denied;
  files::recursive_directory_iterator end;
  for (files::recursive_directory_iterator at(out, skip, none); at != end; at.increment(none)) {
    const files::path& path = at->path();
    if (path.parent_path().filename() != ".understudy") continue;
    const std::string name = path.filename().string();
    if (name.starts_with("journal-") && name.ends_with(".jsonl")) journals.push_back(path);
  }
  std::sort(journals.begin(), journals.end());
  std::vector<std::string> lines;
  for (const files::path& path : journals) heal_one(path, lines);
  return lines;
}

}  // namespace understudy::targets

// A history on disk: the writer, and the reader that finds damage.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "harness/chain.h"
#include "harness/files.h"
#include "harness/history.h"

namespace understudy {
namespace {

Json text_of_run(const Chain& chain, const Json& facts, const Json& files) {
  Json run = {
      {"chain", {{"hash", "blake2b-256"}, {"head", chain.head()}, {"length", chain.length()}}},
      {"facts", facts},
      {"files", files}};
  run["seal"] = seal_of(run.dump(-1, ' ', false, Json::error_handler_t::replace));
  return run;
}

std::string printed(const Json& run) {
  return run.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

class FileOfHistory final : public HistoryFile {
 public:
  FileOfHistory(int file, std::string folder) : file_(file), folder_(std::move(folder)) {}
  ~FileOfHistory() override {
    if (file_ >= 0) ::close(file_);
  }
  FileOfHistory(const FileOfHistory&) = delete;
  FileOfHistory& operator=(const FileOfHistory&) = delete;

  void append(const Entry& entry) override {
    if (!broken_.empty()) return;
    std::string line = to_line(entry);
    chain_.add(line);
    line += '\n';
    if (!write_all(file_, line)) broken_ = std::strerror(errno);
  }

  Result<void> finish(const RunFacts& facts, const std::vector<std::string>& files) override {
    const std::string path = folder_ + "/history.jsonl";
    if (!broken_.empty()) {
      return fail(path, "cannot be written: " + broken_, "free some space, then run again");
    }
    Json seals = Json::object();
    for (const std::string& name : files) {
      const auto seal = seal_of_file(folder_ + "/" + name);
      if (!seal) return fail(folder_ + "/" + name, "cannot be read", "did something remove it?");
      seals[name] = *seal;
    }
    return write_whole(folder_ + "/run.json", printed(text_of_run(chain_, facts.facts, seals)));
  }

 private:
  int file_;
  std::string folder_;
  std::string broken_;
  Chain chain_;
};

/// What run.json says of the chain and the files; `wrong` says what is wrong with itself.
struct Promise {
  std::string head;
  std::size_t length = 0;
  Json files = Json::object();
  bool is_cut_short = false;
  std::string wrong;
};

Promise broken(std::string how, bool is_cut_short = false) {
  return {
      .head = {}, .length = 0, .files = {}, .is_cut_short = is_cut_short, .wrong = std::move(how)};
}

Promise promise_of(const std::string& folder) {
  const auto text = read_text(folder + "/run.json");
  if (!text) return broken("run.json is missing: the run was cut short", true);
  Json run = Json::parse(*text, nullptr, false);
  if (run.is_discarded() || !run.is_object() || printed(run) != *text) {
    return broken("run.json was changed");
  }
  const std::string seal = run.contains("seal") && run["seal"].is_string() ? run["seal"] : "";
  run.erase("seal");
  if (seal != seal_of(run.dump(-1, ' ', false, Json::error_handler_t::replace))) {
    return broken("run.json was changed: its seal does not fit");
  }
  const Json chain = run.value("chain", Json::object());
  const bool is_sound = chain.is_object() && chain.contains("head") && chain["head"].is_string() &&
                        chain.contains("length") && chain["length"].is_number_unsigned();
  if (!is_sound) return broken("run.json says nothing of the hash chain");
  if (!run.value("files", Json()).is_object()) return broken("run.json says nothing of the files");
  return {.head = chain["head"],
          .length = chain["length"],
          .files = run["files"],
          .is_cut_short = false,
          .wrong = {}};
}

std::string compare(const Promise& promise, const Chain& chain) {
  if (!promise.wrong.empty()) return promise.wrong;
  if (chain.length() < promise.length) {
    return fmt::format("history.jsonl has {} lines, {} were written: {} missing", chain.length(),
                       promise.length, promise.length - chain.length());
  }
  if (chain.length() > promise.length) {
    return fmt::format("history.jsonl has {} lines, {} were written: {} too many", chain.length(),
                       promise.length, chain.length() - promise.length);
  }
  if (chain.head() != promise.head) {
    return "history.jsonl was changed: a line differs from what was written, or lines were moved";
  }
  return {};
}

/// The first sealed file that is not as it was.
std::string compare_files(const Promise& promise, const std::string& folder) {
  for (const auto& [name, seal] : promise.files.items()) {
    const auto now = seal_of_file(folder + "/" + name);
    if (!now) return name + " is missing: the run left it";
    if (seal != *now) return name + " was changed after the run: it does not fit its seal";
  }
  return {};
}

/// Entries up to the first line that cannot be read; the chain covers every whole line.
std::string read_lines(const std::string& text, History& history, Chain& chain) {
  std::string damage;
  std::size_t at = 0;
  for (std::size_t number = 1; at < text.size(); ++number) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string::npos) {
      if (damage.empty()) damage = fmt::format("history.jsonl:{}: the line ends half way", number);
      break;
    }
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    chain.add(line);
    if (!damage.empty()) continue;
    auto entry = entry_from(line, fmt::format("history.jsonl:{}", number));
    if (entry) {
      history.entries.push_back(std::move(*entry));
    } else {
      damage = entry.error().where + ": " + entry.error().what;
    }
  }
  return damage;
}

}  // namespace

Result<std::unique_ptr<HistoryFile>> HistoryFile::create(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(folder, "cannot be created: " + error.message());
  std::filesystem::remove(folder + "/run.json", error);
  const std::string path = folder + "/history.jsonl";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) return fail(path, std::string("cannot be written: ") + std::strerror(errno));
  return std::make_unique<FileOfHistory>(file, folder);
}

Result<History> read_history(const std::string& folder) {
  if (!std::filesystem::is_directory(folder)) {
    return fail(folder, "is no folder that can be read", "name a folder that a run wrote");
  }
  History history;
  const auto text = read_text(folder + "/history.jsonl");
  if (!text) {
    history.damage = "history.jsonl is missing";
    history.is_altered = std::filesystem::exists(folder + "/run.json");
    return history;
  }
  Chain chain;
  history.damage = read_lines(*text, history, chain);
  const Promise promise = promise_of(folder);
  if (history.damage.empty()) history.damage = compare(promise, chain);
  if (history.damage.empty()) history.damage = compare_files(promise, folder);
  history.is_whole = history.damage.empty();
  history.is_altered = !history.is_whole && !promise.is_cut_short;
  return history;
}

}  // namespace understudy

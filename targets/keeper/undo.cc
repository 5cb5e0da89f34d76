#include "targets/keeper/undo.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/process/v2.hpp>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "harness/files.h"
#include "targets/keeper/channel.h"
#include "targets/keeper/operator.h"
#include "targets/keeper/processes.h"
#include "targets/process.h"
#include "targets/wire/relay.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
namespace files = std::filesystem;
namespace process = boost::process::v2;

constexpr Duration keeper_limit = 10s;      // a keeper without its harness ends by itself
constexpr std::size_t kept_output = 4'096;  // of a command, of which the last line is told

struct Inverse {
  const char* word;
  const char* undone_by;
};
constexpr std::array<Inverse, 5> inverses{{{"remove", "insert"},
                                           {"break", "repair"},
                                           {"end-process", "start-process"},
                                           {"damage", ""},
                                           {"install", ""}}};

Json to_json(const Undo& undo) {
  return {{"what", undo.left.what},
          {"undone by", undo.left.act.word},
          {"arguments", undo.left.act.arguments},
          {"command", undo.command},
          {"by hands", undo.is_for_hands}};
}

Undo undo_from(const Json& json) {
  Undo undo;
  undo.left.what = json.at("what");
  undo.left.act = {json.at("undone by"), json.at("arguments")};
  undo.command = json.at("command").get<std::vector<std::string>>();
  undo.is_for_hands = json.at("by hands");
  return undo;
}

Json identity_json(pid_t pid) {
  const auto identity = identity_of(pid).value_or(ProcessIdentity{});
  return {{"pid", identity.pid}, {"started", identity.started}};
}

ProcessIdentity identity_from(const Json& json) {
  return {json.value("pid", 0), json.value("started", std::uint64_t{0})};
}

/// A file of a folder that others may use as well.
void remove_file(const std::string& path) {
  std::error_code ignored;
  files::remove(path, ignored);
  files::remove(files::path(path).parent_path(), ignored);
}

/// So that all that it starts can be ended with it.
struct OwnProcessGroup {
  template <typename Launcher>
  boost::system::error_code on_exec_setup(Launcher&, const boost::filesystem::path&,
                                          const char* const*) {
    setpgid(0, 0);
    return {};
  }
};

/// What a command printed lately, until it has ended and everybody has closed its output.
class Output {
 public:
  Output(boost::asio::io_context& context, int descriptor) : pipe_(context, descriptor) { read(); }
  std::string last_line() const {
    const std::string text = text_.substr(0, text_.find_last_not_of("\r\n") + 1);
    return text.substr(text.rfind('\n') + 1);
  }

 private:
  void read() {
    pipe_.async_read_some(boost::asio::buffer(chunk_), [this](const auto& error, std::size_t size) {
      if (error) return;
      text_.append(chunk_.data(), size);
      if (text_.size() > kept_output) text_.erase(0, text_.size() - kept_output);
      read();
    });
  }

  boost::asio::readable_pipe pipe_;
  std::array<char, 1024> chunk_{};
  std::string text_;
};

/// Runs a command to its end; an error says how it failed.
Result<void> run_command(const std::vector<std::string>& command, Duration limit) {
  const std::string& name = command.front();
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail(name, std::strerror(errno));
  Descriptor its(ends[1]);
  boost::asio::io_context context;
  const Output output(context, ends[0]);
  const auto program = name.find('/') == std::string::npos
                           ? process::environment::find_executable(name)
                           : boost::filesystem::path(name);
  boost::system::error_code error;
  auto child = process::default_process_launcher()(
      context.get_executor(), error, program.empty() ? name : program,
      std::vector<std::string>(command.begin() + 1, command.end()),
      process::process_stdio{nullptr, its.get(), its.get()}, OwnProcessGroup{});
  if (error) return fail(name, error.message());
  its.reset();
  std::optional<int> status;
  child.async_wait([&](const auto&, int) { status = child.native_exit_code(); });
  context.run_for(limit);
  if (!status) kill(-child.id(), SIGKILL);
  if (status == 0) return {};
  const std::string how = status ? text_of_wait_status(*status) : "did not end in time";
  const std::string said = output.last_line();
  return fail("", fmt::format("{} {}{}{}", name, how, said.empty() ? "" : ": ", said));
}

/// Empty if it is undone.
std::string trouble_with(const Undo& undo, Duration limit, bool is_attended) {
  if (!undo.command.empty()) {
    const auto ran = run_command(undo.command, limit);
    return ran ? "" : to_line(ran.error());
  }
  if (is_attended) {
    const auto done = ask_operator(undo.left.what, [] { poll(nullptr, 0, 50); });
    return done ? "" : to_line(done.error());
  }
  return undo.is_for_hands ? std::string("only hands can do it; heal --attended asks for them")
                           : std::string(
                                 "nothing of the testbed does it; heal --attended asks for "
                                 "somebody who does");
}

/// An order that was under way ends with the keeper; what undoes it must come after it.
bool has_ended(ProcessIdentity keeper) {
  const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, keeper.pid, 0)));
  if (!process || !is_alive(keeper)) return true;
  pollfd polled{process.get(), POLLIN, 0};
  return poll(&polled, 1, static_cast<int>(keeper_limit / 1ms)) == 1;
}

void undo_one_list(const std::string& path, bool is_attended, Healed& healed) {
  const auto tell = [&](std::string line, bool is_well) {
    healed.lines.push_back(std::move(line));
    healed.is_whole = healed.is_whole && is_well;
  };
  const auto text = read_text(path);
  Json list = Json::parse(text ? *text : "", nullptr, false);
  std::vector<Undo> undos;
  try {
    if (is_alive(identity_from(list.at("harness"))))
      return tell(path + ": its run is at work, left alone", true);
    if (!has_ended(identity_from(list.at("keeper"))))
      return tell(path + ": its keeper does not end", false);
    for (const Json& one : list.at("left")) undos.push_back(undo_from(one));
    for (const Json& one : list.at("environment"))
      setenv(one.at(0).get<std::string>().c_str(), one.at(1).get<std::string>().c_str(), 1);
  } catch (const Json::exception&) {
    return tell(path + ": is no list of what is to be undone", false);
  }
  const Duration limit(list.value("limit", std::int64_t{0}));
  Json left = Json::array();
  for (auto undo = undos.rbegin(); undo != undos.rend(); ++undo) {
    const std::string trouble = trouble_with(*undo, limit, is_attended);
    if (!trouble.empty()) left.insert(left.begin(), to_json(*undo));
    tell(trouble.empty() ? "undone: " + undo->left.what
                         : fmt::format("not undone: {}: {}", undo->left.what, trouble),
         trouble.empty());
  }
  list["left"] = left;
  if (left.empty()) return remove_file(path);
  if (const auto written = write_durably(path, list.dump(1) + "\n"); !written)
    tell(to_line(written.error()), false);
}

}  // namespace

std::optional<std::string> inverse_of(const std::string& word) {
  const auto found = std::ranges::find(inverses, word, &Inverse::word);
  if (found == inverses.end()) return std::nullopt;
  return found->undone_by;
}

UndoList::UndoList(const std::string& out, pid_t keeper, Json environment, Duration limit)
    : path_(fmt::format("{}/.understudy/undo-{}.json", out, getpid())),
      keeper_(keeper),
      environment_(std::move(environment)),
      limit_(limit) {}

Result<void> UndoList::before(const Undo& undo) {
  const auto is_it = [&](const Undo& one) { return one.left.what == undo.left.what; };
  std::erase_if(left_, is_it);
  left_.push_back(undo);
  return write();
}

void UndoList::undone(const std::string& what) {
  const auto is_it = [&](const Undo& one) { return one.left.what == what; };
  if (std::erase_if(left_, is_it) == 0) return;
  if (left_.empty()) {
    remove_file(path_);
  } else {
    (void)write();  // it stays in the file: to be undone twice does no harm
  }
}

Result<void> UndoList::write() const {
  std::error_code error;
  files::create_directories(files::path(path_).parent_path(), error);
  if (error) return fail(path_, "cannot be made: " + error.message());
  Json left = Json::array();
  for (const Undo& one : left_) left.push_back(to_json(one));
  const Json list{{"harness", identity_json(getpid())},
                  {"keeper", identity_json(keeper_)},
                  {"environment", environment_},
                  {"limit", limit_.count()},
                  {"left", left}};
  const std::string text = list.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  auto written = write_durably(path_, text);
  files::permissions(path_, files::perms::owner_read | files::perms::owner_write, error);
  return written;
}

std::vector<std::string> undo_lists(const std::string& out) {
  std::vector<std::string> lists;
  std::error_code none;
  const auto skip = files::directory_options::skip_permission_denied;
  files::recursive_directory_iterator end;
  for (files::recursive_directory_iterator at(out, skip, none); at != end; at.increment(none)) {
    const std::string name = at->path().filename().string();
    if (at->path().parent_path().filename() != ".understudy") continue;
    if (name.starts_with("undo-") && name.ends_with(".json")) lists.push_back(at->path().string());
  }
  std::ranges::sort(lists);
  return lists;
}

Healed undo_what_was_done(const std::string& out, bool is_attended) {
  Healed healed;
  for (const std::string& path : undo_lists(out)) undo_one_list(path, is_attended, healed);
  return healed;
}

}  // namespace understudy::targets

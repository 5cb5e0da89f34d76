// probe and record: commands that talk to a testbed without running a suite.
#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "harness/app/cancel_on_signal.h"
#include "harness/app/commands.h"
#include "harness/app/session_file.h"
#include "targets/probe.h"
#include "targets/prober.h"
#include "targets/testbed.h"

namespace understudy::app {
namespace {

constexpr char leave_key = 0x1d;  // Ctrl-]

/// The user's terminal as a plain line of bytes, put back on the way out.
class RawTerminal {
 public:
  RawTerminal() : is_terminal_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!is_terminal_) return;
    termios raw = before_;
    cfmakeraw(&raw);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  }
  ~RawTerminal() {
    if (is_terminal_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }

 private:
  termios before_{};
  bool is_terminal_;
};

/// What a person types, as it comes; or the lines of a file, each when the device has been silent
/// for a while. A line of one blank is the key alone, for a pager.
class Keyboard {
 public:
  Keyboard() : is_person_(isatty(STDIN_FILENO) == 1) {
    if (is_person_) return;
    std::string line;
    for (int byte = std::getchar(); byte != EOF; byte = std::getchar()) {
      if (byte != '\n') {
        line += static_cast<char>(byte);
        continue;
      }
      lines_.push_back(line == " " ? line : line + "\r");
      line.clear();
    }
    if (!line.empty()) lines_.push_back(line);
  }

  /// Nothing yet, or what is typed now. `silence`: since the device last printed or was sent to.
  std::string typed(Duration silence) {
    if (is_person_) return keys();
    if (silence < pause) return {};
    if (next_ < lines_.size()) return lines_[next_++];
    has_left_ = true;
    return {};
  }
  /// At the leave key or the end of input.
  bool has_left() const { return has_left_; }

 private:
  static constexpr Duration pause = std::chrono::milliseconds(700);

  std::string keys() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, 0) <= 0) return {};
    char bytes[4096];
    const ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    if (got <= 0) {
      has_left_ = true;
      return {};
    }
    std::string text(bytes, static_cast<std::size_t>(got));
    if (const auto at = text.find(leave_key); at != std::string::npos) {
      has_left_ = true;
      text.resize(at);
    }
    return text;
  }

  const bool is_person_;
  std::vector<std::string> lines_;
  std::size_t next_ = 0;
  bool has_left_ = false;
};

void relay_session(targets::Bench& bench, std::size_t node, SessionFile& session,
                   const Cancel& cancel) {
  using namespace std::chrono_literals;
  const RawTerminal raw;
  Keyboard keyboard;
  bool ended = false;
  Time last = bench.now();
  while (!keyboard.has_left() && !ended && !cancel.is_cancelled()) {
    const std::string keys = keyboard.typed(bench.now() - last);
    if (!keys.empty()) {
      last = bench.now();
      session.keep({last, true, keys});
      bench.send(node, keys);
    }
    std::vector<targets::BenchEvent> events;
    bench.pump(bench.now() + 20ms, cancel, events);
    for (const targets::BenchEvent& event : events) {
      if (event.node != node) continue;
      if (event.kind == targets::BenchEvent::Kind::ConsoleClosed) ended = true;
      if (event.kind != targets::BenchEvent::Kind::Bytes) continue;
      last = bench.now();
      session.keep({event.at, false, event.text});
      std::fwrite(event.text.data(), 1, event.text.size(), stdout);
      std::fflush(stdout);
    }
  }
}

/// Where a console stands among those of the bench; the management session comes after the nodes'.
Result<std::size_t> console_named(const targets::LoadedTestbed& testbed, const std::string& name) {
  const std::vector<targets::ProbedConsole> consoles = targets::consoles_of(testbed);
  std::vector<std::string> names;
  for (const targets::ProbedConsole& one : consoles) {
    if (one.name == name) return one.place;
    names.push_back(one.name);
  }
  const auto& nodes = testbed.capabilities.nodes;
  const bool is_node = std::find(nodes.begin(), nodes.end(), name) != nodes.end();
  return fail(testbed.file.path,
              is_node ? fmt::format("{} has no console of its own", name)
                      : fmt::format("has no node `{}`", name),
              fmt::format("there are: {}", fmt::join(names, ", ")));
}

}  // namespace

int probe_command(const ProbeOptions& options) {
  const auto loaded = targets::load_testbed_parts(options.testbed);
  if (!loaded) return could_not_start(loaded.error());
  std::error_code problem;
  std::filesystem::create_directories(options.out, problem);
  if (problem) return could_not_start({options.out, "cannot be made: " + problem.message(), ""});
  const CancelOnSignal cancel;
  const auto probed = targets::probe(*loaded, options.out, cancel);
  if (!probed) return could_not_start(probed.error());
  Json all = Json::array();
  bool is_honest = true;
  for (const targets::ProbeFinding& finding : *probed) {
    is_honest = is_honest && (finding.is_good || finding.is_open);
    all.push_back({{"node", finding.node},
                   {"question", finding.question},
                   {"good", finding.is_open ? Json() : Json(finding.is_good)},
                   {"words", finding.words}});
    if (!options.json) {
      const char* mark = finding.is_open ? "open" : finding.is_good ? "good" : "BAD ";
      std::printf("%s  %-8s %-46s %s\n", mark, finding.node.c_str(), finding.question.c_str(),
                  finding.words.c_str());
    }
  }
  if (options.json)
    std::printf("%s\n", all.dump(1, ' ', false, Json::error_handler_t::replace).c_str());
  return is_honest ? 0 : 2;
}

int record_command(const RecordOptions& options) {
  const auto loaded = targets::load_testbed_parts(options.testbed);
  if (!loaded) return could_not_start(loaded.error());
  const auto place = console_named(*loaded, options.node);
  if (!place) return could_not_start(place.error());
  std::error_code problem;
  std::filesystem::create_directories(options.out, problem);
  if (problem) return could_not_start({options.out, "cannot be made: " + problem.message(), ""});
  targets::TestbedFile file = loaded->file;
  const CancelOnSignal cancel;  // from here on: a terminal that asks for a password is put back
  auto secrets = targets::reveal_passwords(file);
  if (!secrets) return could_not_start(secrets.error());
  const targets::Mask mask(std::move(*secrets));
  auto bench = targets::make_bench(file, options.out, 1, mask);
  if (!bench) return could_not_start(bench.error());
  if (auto started = (*bench)->start(); !started) return could_not_start(started.error());
  std::fprintf(stderr, "%s of %s; Ctrl-] leaves\r\n", options.node.c_str(),
               options.testbed.c_str());
  {
    const std::string kept = options.out + "/" + options.node;
    std::ofstream console(kept + ".console", std::ios::binary);
    std::ofstream lines(kept + ".session.jsonl");
    SessionFile session(lines, console, mask);
    relay_session(**bench, *place, session, cancel);
  }
  (*bench)->heal();
  std::fprintf(stderr, "\r\nkept in %s/%s.console and %s.session.jsonl\n", options.out.c_str(),
               options.node.c_str(), options.node.c_str());
  return 0;
}

}  // namespace understudy::app

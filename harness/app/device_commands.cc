// probe and record: commands that talk to a testbed without running a suite.
#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "harness/app/cancel_on_signal.h"
#include "harness/app/commands.h"
#include "harness/app/session_file.h"
#include "harness/app/typist.h"
#include "targets/device/switch_device.h"
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

/// What a person types, as it comes, until Ctrl-].
std::string keys_typed(bool& has_left) {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  if (poll(&input, 1, 0) <= 0) return {};
  char bytes[4096];
  const ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
  if (got <= 0) {
    has_left = true;
    return {};
  }
  std::string text(bytes, static_cast<std::size_t>(got));
  if (const auto at = text.find(leave_key); at != std::string::npos) {
    has_left = true;
    text.resize(at);
  }
  return text;
}

std::string rest_of_input() {
  std::string text;
  char bytes[4096];
  for (ssize_t got; (got = read(STDIN_FILENO, bytes, sizeof bytes)) > 0;)
    text.append(bytes, static_cast<std::size_t>(got));
  return text;
}

/// `typist`: who types; none: a person does.
void relay_session(targets::Bench& bench, std::size_t node, SessionFile& session, Typist* typist,
                   const Cancel& cancel) {
  using namespace std::chrono_literals;
  using Kind = targets::BenchEvent::Kind;
  const RawTerminal raw;
  bool has_left = false;
  while (!has_left && !cancel.is_cancelled()) {
    const std::string keys = typist ? typist->typed(bench.now()) : keys_typed(has_left);
    has_left = has_left || (typist && typist->has_left());
    if (!keys.empty()) {
      session.keep({bench.now(), true, keys});
      bench.send(node, keys);
    }
    std::vector<targets::BenchEvent> events;
    bench.pump(bench.now() + 20ms, cancel, events);
    for (const targets::BenchEvent& event : events) {
      if (event.node != node) continue;
      if (event.kind == Kind::ConsoleOpened && typist) typist->opened(event.at);
      if (event.kind == Kind::ConsoleClosed) has_left = true;
      if (event.kind != Kind::Bytes) continue;
      if (typist) typist->received(event.text, event.at);
      session.keep({event.at, false, event.text});
      std::fwrite(event.text.data(), 1, event.text.size(), stdout);
      std::fflush(stdout);
    }
  }
}

/// How a node logs in where the testbed's passwords are known; `place` as the bench has it.
targets::Credentials login_at(const targets::LoadedTestbed& testbed, std::size_t place) {
  const auto& file = testbed.file;
  return place < file.nodes.size() ? targets::login_of(testbed, file.nodes[place])
                                   : file.management->login;
}

Typist typist_of(const targets::LoadedTestbed& testbed, std::size_t place) {
  using targets::timing_of;
  return {*testbed.dialect, login_at(testbed, place),
          timing_of(testbed.capabilities, "boot", std::chrono::minutes(1)),
          timing_of(testbed.capabilities, "answer", testbed.dialect->answer_limit),
          rest_of_input()};
}

/// What a reader of the recording has to know.
void tell_typing(const Typist& typist) {
  if (typist.was_blind())
    std::fprintf(stderr,
                 "\r\nno prompt that the dialect knows came before some lines: they were "
                 "typed into silence\r\n");
  if (typist.left() == 0) return;
  std::fprintf(
      stderr, "\r\n%zu lines were not typed: %s\r\n", typist.left(),
      typist.was_refused() ? "the login was refused" : "the node boots, lets nobody in, or ended");
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
  const std::string kept = options.out + "/" + options.node;
  if (std::filesystem::exists(kept + ".session.jsonl"))
    return could_not_start({kept + ".session.jsonl", "is there already, and is not written over",
                            "name another folder with --out, or move it away"});
  std::error_code problem;
  std::filesystem::create_directories(options.out, problem);
  if (problem) return could_not_start({options.out, "cannot be made: " + problem.message(), ""});
  targets::LoadedTestbed revealed = *loaded;
  targets::TestbedFile& file = revealed.file;
  const CancelOnSignal cancel;  // from here on: a terminal that asks for a password is put back
  auto secrets = targets::reveal_passwords(file);
  if (!secrets) return could_not_start(secrets.error());
  const targets::Mask mask(std::move(*secrets));
  auto bench = targets::make_bench(file, options.out, 1, mask);
  if (!bench) return could_not_start(bench.error());
  if (auto started = (*bench)->start(); !started) return could_not_start(started.error());
  std::fprintf(stderr, "%s of %s; Ctrl-] leaves\r\n", options.node.c_str(),
               options.testbed.c_str());
  std::optional<Typist> typist;
  if (isatty(STDIN_FILENO) != 1) typist.emplace(typist_of(revealed, *place));
  {
    std::ofstream console(kept + ".console", std::ios::binary);
    std::ofstream lines(kept + ".session.jsonl");
    SessionFile session(lines, console, mask);
    relay_session(**bench, *place, session, typist ? &*typist : nullptr, cancel);
  }
  (*bench)->heal();
  if (typist) tell_typing(*typist);
  std::fprintf(stderr, "\r\nkept in %s/%s.console and %s.session.jsonl\n", options.out.c_str(),
               options.node.c_str(), options.node.c_str());
  return 0;
}

}  // namespace understudy::app

#include "targets/probe.h"

#include <fmt/format.h>

#include <algorithm>

#include "targets/device/reading.h"

namespace understudy::targets {

namespace {

constexpr Duration longest_start = std::chrono::minutes(2);

/// One session a node, and whatever it takes to ask one thing of one of them.
class Prober {
 public:
  Prober(Bench& bench, const LoadedTestbed& testbed, const Cancel& cancel)
      : bench_(bench), cancel_(cancel), limit_(testbed.dialect->answer_limit) {
    for (const auto& [name, duration] : testbed.capabilities.timing)
      if (name == "answer") limit_ = duration;
  }

  void add(std::unique_ptr<Session> session) {
    sessions_.push_back(std::move(session));
    printed_.emplace_back();
    has_prompt_.push_back(false);
  }

  void await_prompts() {
    const Time limit = bench_.now() + longest_start;
    while (std::ranges::count(has_prompt_, false) > 0 && bench_.now() < limit && !is_over())
      advance(limit);
  }

  bool has_prompt(std::size_t node) const { return has_prompt_[node]; }
  const std::string& printed(std::size_t node) const { return printed_[node]; }

  Answer ask(std::size_t node, const std::string& line) {
    printed_[node].clear();
    answer_.reset();
    sessions_[node]->submit(
        {.id = ++id_, .is_act = true, .line = line, .replies = {}, .limit = limit_}, bench_.now());
    const Time limit = bench_.now() + 2 * limit_;
    while (!answer_ && bench_.now() < limit && !is_over()) advance(limit);
    Answer none;
    none.outcome = Answer::Outcome::TimedOut;
    return answer_.value_or(none);
  }

 private:
  bool is_over() const { return has_ended_ || cancel_.is_cancelled(); }

  void flush() {
    for (std::size_t i = 0; i < sessions_.size(); ++i)
      if (const auto bytes = sessions_[i]->take_output(); !bytes.empty()) bench_.send(i, bytes);
  }

  void advance(Time until) {
    flush();
    for (const auto& session : sessions_)
      if (const auto deadline = session->next_deadline()) until = std::min(until, *deadline);
    std::vector<BenchEvent> events;
    bench_.pump(until, cancel_, events);
    for (const auto& event : events) handle(event);
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
      sessions_[i]->time_passed(bench_.now());
      for (auto& event : sessions_[i]->take_events()) {
        if (event.kind == SessionEvent::Kind::Answered && event.answer.id == id_)
          answer_ = std::move(event.answer);
        if (event.kind == SessionEvent::Kind::Prompt ||
            (event.kind == SessionEvent::Kind::ModeChanged && event.mode == Mode::Shell))
          has_prompt_[i] = true;
      }
    }
    flush();
  }

  void handle(const BenchEvent& event) {
    if (event.kind == BenchEvent::Kind::Broken) has_ended_ = true;
    if (event.node >= sessions_.size()) return;
    if (event.kind == BenchEvent::Kind::Bytes) {
      printed_[event.node] += event.text;
      sessions_[event.node]->received(event.text, event.at);
    }
    if (event.kind == BenchEvent::Kind::ConsoleOpened) sessions_[event.node]->opened(event.at);
    if (event.kind == BenchEvent::Kind::ConsoleClosed) sessions_[event.node]->closed(event.at);
    if (event.kind == BenchEvent::Kind::NodeEnded) has_ended_ = true;
  }

  Bench& bench_;
  const Cancel& cancel_;
  Duration limit_;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::vector<std::string> printed_;
  std::vector<bool> has_prompt_;
  std::optional<Answer> answer_;
  std::uint64_t id_ = 0;
  bool has_ended_ = false;
};

bool is_answered(const Answer& answer) {
  return answer.outcome == Answer::Outcome::Answered;
}

std::string first_line(const std::string& text) {
  const auto begin = std::min(text.find_first_not_of(" \n"), text.size());
  return text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
}

std::vector<ProbeFinding> probe_node(Prober& prober, std::size_t node, const LoadedTestbed& testbed,
                                     const Reader& reader) {
  const Dialect& dialect = *testbed.dialect;
  const std::string& name = testbed.file.nodes[node].name;
  std::vector<ProbeFinding> findings;
  const auto find = [&](std::string question, bool is_good, std::string words) {
    findings.push_back({name, std::move(question), is_good, std::move(words)});
  };
  find("it shows a prompt", prober.has_prompt(node),
       prober.has_prompt(node) ? "as the dialect has it"
                               : fmt::format("it printed {} bytes", prober.printed(node).size()));
  if (!prober.has_prompt(node)) return findings;

  const Answer nonsense = prober.ask(node, dialect.unknown_command);
  const bool echoes = prober.printed(node).find(dialect.unknown_command) != std::string::npos;
  const auto refusal = find_refusal(dialect, nonsense.text);
  find("an unknown command is refused",
       is_answered(nonsense) && refusal && refusal->kind == Refusal::Kind::UnknownCommand,
       refusal ? refusal->line
               : fmt::format("`{}` was answered `{}`", dialect.unknown_command,
                             first_line(nonsense.text)));
  find("echo is as the dialect says", echoes == dialect.console.echoes,
       echoes ? "it echoes" : "it does not echo");

  const Answer paged = prober.ask(node, dialect.long_command);
  for (const auto& line : dialect.setup) prober.ask(node, line);
  const Answer whole = prober.ask(node, dialect.long_command);
  find("a long output comes whole, with and without pages",
       is_answered(paged) && is_answered(whole) && paged.text == whole.text,
       fmt::format("{} bytes with pages, {} without", paged.text.size(), whole.text.size()));

  const Answer clock = prober.ask(node, dialect.clock_command);
  static const DialectPattern time = *DialectPattern::compile(R"(.*\b\d?\d:\d\d:\d\d\b.*)", "");
  const auto shown = time.find(clock.text);
  find("it shows its clock", is_answered(clock) && shown, shown ? shown->whole : "no time of day");

  const Answer state = prober.ask(node, dialect.reads.front().command);
  const auto reading = reader.read(0, name, state.text, state.captures);
  find("its answers can be read", is_answered(state) && reading.unread.empty(),
       reading.unread.empty() ? fmt::format("{} values", reading.told.size()) : reading.unread);
  return findings;
}

}  // namespace

Result<std::vector<ProbeFinding>> probe(Bench& bench, const LoadedTestbed& testbed,
                                        const Cancel& cancel) {
  auto reader = Reader::create(testbed.dialect, testbed.capabilities.nodes);
  if (!reader) return tl::unexpected(reader.error());
  Prober prober(bench, testbed, cancel);
  for (const auto& node : testbed.file.nodes) {
    const bool is_default = node.login.user.empty() && !testbed.file.profile.empty();
    auto session = Session::create(testbed.dialect->console,
                                   is_default ? Credentials{"admin", ""} : node.login);
    if (!session) return tl::unexpected(session.error());
    prober.add(std::move(*session));
  }
  if (auto started = bench.start(); !started) return tl::unexpected(started.error());
  prober.await_prompts();
  std::vector<ProbeFinding> findings;
  for (std::size_t node = 0; node < testbed.file.nodes.size(); ++node)
    for (auto& finding : probe_node(prober, node, testbed, *reader))
      findings.push_back(std::move(finding));
  bench.heal();
  return findings;
}

Result<std::vector<ProbeFinding>> probe(const LoadedTestbed& testbed, const std::string& folder,
                                        const Cancel& cancel) {
  auto bench = make_bench(testbed.file, folder, 1);
  if (!bench) return tl::unexpected(bench.error());
  return probe(**bench, testbed, cancel);
}

}  // namespace understudy::targets

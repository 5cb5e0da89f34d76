#include "targets/probe.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/plan.h"
#include "targets/device/custody.h"
#include "targets/device/reading.h"
#include "targets/device/transcript.h"

namespace understudy::targets {

namespace {

constexpr Duration longest_start = std::chrono::minutes(2);  ///< where no boot time is known
constexpr auto fewest_lines = 24;  ///< what is no longer than a page tells nothing of pages

std::vector<std::string> passwords_of(const TestbedFile& file) {
  std::vector<std::string> passwords;
  for (const TestbedNode& node : file.nodes) passwords.push_back(node.login.password);
  return passwords;
}

/// One session a node, and whatever it takes to ask one thing of one of them.
class Prober {
 public:
  Prober(Bench& bench, const LoadedTestbed& testbed, std::string folder, const Cancel& cancel)
      : bench_(bench),
        cancel_(cancel),
        folder_(std::move(folder)),
        mask_(passwords_of(testbed.file)),
        limit_(testbed.dialect->answer_limit) {
    for (const auto& [name, duration] : testbed.capabilities.timing) {
      if (name == "answer") limit_ = duration;
      if (name == "boot") start_ = 2 * duration;
    }
    for (const auto& pager : testbed.dialect->console.pagers) page_keys_.push_back(pager.key);
  }

  void add(const std::string& node, std::unique_ptr<Session> session) {
    names_.push_back(node);
    transcripts_.emplace_back(folder_, node, mask_);
    sessions_.push_back(std::move(session));
    printed_.emplace_back();
    has_prompt_.push_back(false);
    refusals_.emplace_back();
  }

  void await_prompts() {
    const Time limit = bench_.now() + start_ + limit_;
    while (std::ranges::count(has_prompt_, false) > 0 && bench_.now() < limit && !is_over())
      advance(limit);
  }

  /// The words with which the latest login was refused; empty: none was.
  std::string refusal(std::size_t node) const { return mask_.applied_to(refusals_[node]); }
  bool has_prompt(std::size_t node) const { return has_prompt_[node]; }
  Mode mode(std::size_t node) const { return sessions_[node]->mode(); }
  const std::string& printed(std::size_t node) const { return printed_[node]; }
  Duration start() const { return start_ + limit_; }
  /// What came of SNMP get; nothing where it was not asked, or said nothing at all.
  std::optional<BenchEvent> ask_snmp(const std::vector<std::string>& oids) {
    snmp_.reset();
    if (!bench_.snmp_get(oids)) return std::nullopt;
    const Time limit = bench_.now() + 2 * limit_;
    while (!snmp_ && bench_.now() < limit && !is_over()) advance(limit);
    return snmp_;
  }

  int pages() const { return pages_; }                 ///< of the latest answer
  const std::string& ended() const { return ended_; }  ///< which node did, and its last words

  Answer ask(std::size_t node, const std::string& line, bool keeps_noise = false) {
    printed_[node].clear();
    answer_.reset();
    pages_ = 0;
    sessions_[node]->submit({.id = ++id_,
                             .rank = Request::Rank::Act,
                             .line = line,
                             .replies = {},
                             .limit = limit_,
                             .keeps_noise = keeps_noise},
                            bench_.now());
    const Time limit = bench_.now() + 2 * limit_;
    while (!answer_ && bench_.now() < limit && !is_over()) advance(limit);
    Answer none;
    none.outcome = Answer::Outcome::TimedOut;
    return answer_.value_or(none);
  }

 private:
  bool is_over() const { return has_ended_ || cancel_.is_cancelled(); }

  void flush() {
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
      const auto bytes = sessions_[i]->take_output();
      if (bytes.empty()) continue;
      if (std::ranges::find(page_keys_, bytes) != page_keys_.end()) ++pages_;
      transcripts_[i].sent(bytes, bench_.now());
      bench_.send(i, bytes);
    }
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
        if (event.kind == SessionEvent::Kind::LoginFailed) refusals_[i] = event.text;
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
    if (event.kind == BenchEvent::Kind::SnmpAnswered) snmp_ = event;
    if (event.kind == BenchEvent::Kind::Broken) has_ended_ = true;
    if (event.node >= sessions_.size()) return;
    if (event.kind == BenchEvent::Kind::Bytes) {
      printed_[event.node] += event.text;
      transcripts_[event.node].received(event.text, event.at);
      sessions_[event.node]->received(event.text, event.at);
    }
    if (event.kind == BenchEvent::Kind::ConsoleOpened) sessions_[event.node]->opened(event.at);
    if (event.kind == BenchEvent::Kind::ConsoleClosed) sessions_[event.node]->closed(event.at);
    if (event.kind != BenchEvent::Kind::NodeEnded) return;
    has_ended_ = true;
    const std::string last = transcripts_[event.node].last_words();
    ended_ = fmt::format("{} ended{}{}{}", names_[event.node], event.text.empty() ? "" : ": ",
                         event.text,
                         last.empty() ? "; it had printed nothing" : "; its last words: " + last);
  }

  Bench& bench_;
  std::optional<BenchEvent> snmp_;
  const Cancel& cancel_;
  std::string folder_;
  Mask mask_;
  Duration limit_;
  Duration start_ = longest_start;
  std::vector<std::string> names_;
  std::vector<Transcript> transcripts_;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::vector<std::string> printed_;
  std::vector<bool> has_prompt_;
  std::vector<std::string> refusals_;
  std::vector<std::string> page_keys_;
  std::optional<Answer> answer_;
  std::uint64_t id_ = 0;
  int pages_ = 0;
  std::string ended_;
  bool has_ended_ = false;
};

bool is_answered(const Answer& answer) {
  return answer.outcome == Answer::Outcome::Answered;
}

std::string first_line(const std::string& text) {
  const auto begin = std::min(text.find_first_not_of(" \n"), text.size());
  return text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
}

/// The same answer, whole, whether it stops at each page or not.
ProbeFinding long_output(const std::string& node, const Dialect& dialect, const Answer& paged,
                         int pages, const Answer& whole) {
  const auto lines = std::ranges::count(whole.text, '\n');
  ProbeFinding finding{node, "a long output comes whole, with and without pages", false, "", false};
  if (const auto refusal = find_refusal(dialect, whole.text)) {
    finding.words = fmt::format("`{}` was refused: {}", dialect.long_command, refusal->line);
  } else if (!is_answered(paged) || !is_answered(whole)) {
    finding.words = fmt::format("`{}` was not answered", dialect.long_command);
  } else if (paged.text != whole.text) {
    finding.words =
        fmt::format("{} bytes with pages, {} without", paged.text.size(), whole.text.size());
  } else if (pages == 0 && lines <= fewest_lines) {
    finding.is_open = true;
    finding.words = fmt::format(
        "`{}` gave {} lines, too few for a page: name a longer one as "
        "long-output in the dialect's probe",
        dialect.long_command, lines);
  } else {
    finding.is_good = true;
    finding.words = pages == 0 ? fmt::format("{} lines; it never stops at a page", lines)
                               : fmt::format("{} lines, {} stops at a page", lines, pages);
  }
  return finding;
}

std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const auto line = text.find_last_of("\n\r");
  return line == std::string::npos ? text : text.substr(line + 1);
}

/// Why a node has no prompt, in the words of the dialect that was given for it.
std::string no_prompt(const Prober& prober, std::size_t node, const std::string& user) {
  if (!user.empty() && !prober.refusal(node).empty())
    return fmt::format("it refused the password of {}: `{}`", user, prober.refusal(node));
  const std::string& printed = prober.printed(node);
  const std::string after = understudy::to_text(prober.start());
  const std::string line = last_line(printed);
  switch (prober.mode(node)) {
    case Mode::Login:
    case Mode::Password:
      return fmt::format(
          "it asks for a login after {}: `{}`; give the console a `login`, or mend console.login "
          "if that is none",
          after, line);
    case Mode::Booting:
    case Mode::BootLoader:
      return fmt::format(
          "it still boots after {}; the last line is `{}`: a longer boot in timing, or "
          "console.booting fits what is no boot",
          after, line);
    case Mode::Question:
    case Mode::Pager:
      return fmt::format("it waits for an answer after {}: `{}`", after, line);
    case Mode::Silent:
    case Mode::Shell:
    case Mode::Busy:
    case Mode::Ended:
      break;
  }
  if (printed.empty()) {
    return fmt::format(
        "it printed nothing within {}: is console.wake (sent to a silent line) right?", after);
  }
  return fmt::format("none within {}; console.prompt does not fit the last line, `{}`", after,
                     line);
}

/// One command that the dialect reads: is the answer what its template and its words expect? One
/// that this device does not have is no fault of the dialect: cases that need it are NOT RUN.
ProbeFinding can_be_read(const std::string& node, const Read& read, const Answer& answer,
                         const Dialect& dialect, const Reading& reading) {
  ProbeFinding finding{node, fmt::format("`{}` can be read", read.command), false, "", false};
  if (!is_answered(answer)) {
    finding.words = "it was not answered";
  } else if (const auto refusal = find_refusal(dialect, answer.text)) {
    finding.is_open = refusal->kind == Refusal::Kind::UnknownCommand ||
                      refusal->kind == Refusal::Kind::Licence ||
                      refusal->kind == Refusal::Kind::WrongNode;
    finding.words = fmt::format("{}: {}", to_text(refusal->kind), refusal->line);
  } else if (!reading.unread.empty()) {
    finding.words = reading.unread;
  } else {
    finding.is_good = true;
    finding.words = fmt::format("{} values", reading.told.size());
  }
  return finding;
}

using TakenSettings = std::vector<std::pair<const CustodyRule*, Value>>;

std::optional<Value> told_by(Prober& prober, std::size_t node, const std::string& name,
                             const CustodyRule& rule, const Reader& reader) {
  const auto read = read_for(reader.dialect(), rule.attribute);
  if (!read) return std::nullopt;
  const Answer answer = prober.ask(node, reader.dialect().reads[*read].command);
  for (const Told& told : reader.read(*read, name, answer.text, answer.captures).told)
    if (told.subject == name && told.attribute == rule.attribute) return told.value;
  return std::nullopt;
}

/// What the setup changes of a session that others come to as well.
TakenSettings take_settings(Prober& prober, std::size_t node, const std::string& name,
                            const Reader& reader) {
  TakenSettings taken;
  for (const CustodyRule& rule : reader.dialect().custody) {
    if (!rule.is_of_session || rule.attribute.empty()) continue;
    if (const auto value = told_by(prober, node, name, rule, reader))
      taken.emplace_back(&rule, *value);
  }
  return taken;
}

std::vector<ProbeFinding> put_settings_back(Prober& prober, std::size_t node,
                                            const std::string& name, const TakenSettings& taken,
                                            const Reader& reader) {
  const Dialect& dialect = reader.dialect();
  for (const CustodyRule& rule : dialect.custody)
    if (rule.is_of_session && rule.attribute.empty())
      for (const std::string& line : rule.send) prober.ask(node, line);
  std::vector<ProbeFinding> findings;
  for (const auto& [rule, value] : taken) {
    auto now = told_by(prober, node, name, *rule, reader);
    if (now && !is_as_it_was(*rule, value, *now)) {
      for (const auto& line : put_back(dialect, *rule, name, value, *now).lines)
        prober.ask(node, line);
      now = told_by(prober, node, name, *rule, reader);
    }
    const bool is_back = now && is_as_it_was(*rule, value, *now);
    findings.push_back({name, fmt::format("{} is left as it was", rule->name), is_back,
                        is_back ? value : difference(*rule, value, now), false});
  }
  return findings;
}

std::vector<ProbeFinding> probe_node(Prober& prober, std::size_t node, const LoadedTestbed& testbed,
                                     const Reader& reader) {
  const Dialect& dialect = *testbed.dialect;
  const std::string& name = testbed.file.nodes[node].name;
  std::vector<ProbeFinding> findings;
  const auto find = [&](std::string question, bool is_good, std::string words) {
    findings.push_back({name, std::move(question), is_good, std::move(words), false});
  };
  find("it shows a prompt", prober.has_prompt(node),
       prober.has_prompt(node) ? "as the dialect has it"
                               : no_prompt(prober, node, testbed.file.nodes[node].login.user));
  if (!prober.has_prompt(node)) return findings;

  const Answer nonsense = prober.ask(node, dialect.unknown_command);
  const bool echoes = prober.printed(node).find(dialect.unknown_command) != std::string::npos;
  const auto refusal = find_refusal(dialect, nonsense.text);
  find("an unknown command is refused",
       is_answered(nonsense) && refusal && refusal->kind == Refusal::Kind::UnknownCommand,
       refusal ? fmt::format("{}: {}", to_text(refusal->kind), refusal->line)
               : fmt::format("`{}` was answered `{}`, which no pattern of refusals fits",
                             dialect.unknown_command, first_line(nonsense.text)));
  find("echo is as the dialect says", echoes == dialect.console.echoes,
       echoes ? "it echoes" : "it does not echo");

  const Answer paged = prober.ask(node, dialect.long_command);
  const int pages = prober.pages();
  const TakenSettings taken = take_settings(prober, node, name, reader);
  for (const auto& line : dialect.setup) prober.ask(node, line);
  const Answer whole = prober.ask(node, dialect.long_command);
  findings.push_back(long_output(name, dialect, paged, pages, whole));

  const Answer clock = prober.ask(node, dialect.clock_command);
  static const DialectPattern time = *DialectPattern::compile(
      R"(.*(?<![\w:.-])(?:[01]?\d|2[0-3]):[0-5]\d:[0-5]\d(?![\w:-]).*)", "");
  const auto shown = time.find(clock.text);
  find("it shows its clock", is_answered(clock) && shown, shown ? shown->whole : "no time of day");

  for (std::size_t i = 0; i < dialect.reads.size(); ++i) {
    const Read& read = dialect.reads[i];
    const Answer answer = prober.ask(node, read.command, read.keeps_noise);
    findings.push_back(can_be_read(name, read, answer, dialect,
                                   reader.read(i, name, answer.text, answer.captures)));
  }
  for (auto& finding : put_settings_back(prober, node, name, taken, reader))
    findings.push_back(std::move(finding));
  return findings;
}

/// What comes without a console: where it is heard, and whether SNMP get is answered.
std::vector<ProbeFinding> probe_listeners(Prober& prober, const Bench& bench,
                                          const LoadedTestbed& testbed) {
  std::vector<ProbeFinding> findings;
  const auto values = bench.values();
  for (const TestbedListener& listener : testbed.file.listeners) {
    const auto port = values.find(listener.name + ".port");
    const bool is_heard = port != values.end();
    std::string words =
        is_heard ? fmt::format("listens on {}:{}", ip_text(listener.address), port->second)
                 : "it listens nowhere";
    if (is_heard && !listener.reached.empty()) words += ", reached at " + listener.reached;
    findings.push_back({listener.name, "it is heard", is_heard, std::move(words), false});
  }
  if (!testbed.file.snmp) return findings;
  std::vector<std::string> oids;
  const SnmpWords& words = testbed.dialect->snmp;
  if (words.node) oids.push_back(words.node->oid);
  for (const OidRule& rule : words.attributes) oids.push_back(rule.oid);
  const std::string& address = testbed.file.snmp->address;
  ProbeFinding finding{"snmp", "SNMP get is answered", false, "", oids.empty()};
  if (oids.empty()) {
    finding.words = fmt::format("the dialect {} asks for nothing", testbed.dialect->name);
  } else if (const auto answer = prober.ask_snmp(oids); answer && !answer->variables.empty()) {
    finding.is_good = true;
    finding.words = fmt::format("{} values from {}", answer->variables.size(), address);
  } else {
    finding.words = fmt::format("no answer from {}{}", address,
                                answer && !answer->text.empty() ? ": " + answer->text : "");
  }
  findings.push_back(std::move(finding));
  return findings;
}

}  // namespace

Result<std::vector<ProbeFinding>> probe(Bench& bench, const LoadedTestbed& testbed,
                                        const std::string& folder, const Cancel& cancel) {
  const Reader reader(testbed.dialect, testbed.capabilities.nodes);
  Prober prober(bench, testbed, folder, cancel);
  for (const auto& node : testbed.file.nodes) {
    const bool is_default = node.login.user.empty() && !testbed.file.profile.empty();
    prober.add(node.name, Session::create(testbed.dialect->words,
                                          is_default ? Credentials{"admin", ""} : node.login));
  }
  if (auto started = bench.start(); !started) return tl::unexpected(started.error());
  prober.await_prompts();
  if (!prober.ended().empty()) {
    bench.heal();
    return fail(testbed.file.name, prober.ended(), "the node never showed a prompt");
  }
  std::vector<ProbeFinding> findings;
  for (std::size_t node = 0; node < testbed.file.nodes.size(); ++node)
    for (auto& finding : probe_node(prober, node, testbed, reader))
      findings.push_back(std::move(finding));
  for (auto& finding : probe_listeners(prober, bench, testbed))
    findings.push_back(std::move(finding));
  bench.heal();
  return findings;
}

Result<std::vector<ProbeFinding>> probe(const LoadedTestbed& testbed, const std::string& folder,
                                        const Cancel& cancel) {
  LoadedTestbed revealed = testbed;
  if (const auto secrets = reveal_passwords(revealed.file); !secrets)
    return tl::unexpected(secrets.error());
  auto bench = make_bench(revealed.file, folder, 1);
  if (!bench) return tl::unexpected(bench.error());
  return probe(**bench, revealed, folder, cancel);
}

}  // namespace understudy::targets

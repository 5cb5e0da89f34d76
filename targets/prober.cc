#include "targets/prober.h"

#include <fmt/format.h>

#include <algorithm>

#include "targets/device/switch_device.h"

namespace understudy::targets {

namespace {

constexpr Duration longest_start = std::chrono::minutes(2);         ///< where no boot time is known
constexpr Duration short_silence = std::chrono::milliseconds(500);  ///< of one that still prints
constexpr std::size_t kept_output = 16 << 10;                       ///< bytes; a message shows less

/// Adds to the end; what is older than is kept goes in large pieces.
void keep_end(std::string& text, std::string_view bytes) {
  text += bytes.substr(bytes.size() - std::min(bytes.size(), kept_output));
  if (text.size() > 2 * kept_output) text.erase(0, text.size() - kept_output);
}

bool is_serial(const TestbedNode& node) {
  return node.door && node.door->kind == DoorSettings::Kind::Serial;
}

}  // namespace

std::vector<ProbedConsole> consoles_of(const LoadedTestbed& testbed) {
  const TestbedFile& file = testbed.file;
  std::vector<ProbedConsole> consoles;
  for (std::size_t place = 0; place < file.nodes.size(); ++place) {
    const TestbedNode& node = file.nodes[place];
    if (!has_console(file, node)) continue;
    const Identity identity = identity_of(testbed, node);
    consoles.push_back({node.name, node.name, place, login_of(testbed, node), identity,
                        !identity.empty(), is_serial(node)});
  }
  if (file.management)
    consoles.push_back({"management", "", file.nodes.size(), file.management->login, file.identity,
                        true, is_serial(*file.management)});
  return consoles;
}

Prober::Prober(Bench& bench, const LoadedTestbed& testbed, std::string folder, const Mask& mask,
               const Cancel& cancel)
    : bench_(bench), cancel_(cancel), limit_(testbed.dialect->answer_limit), start_(longest_start) {
  for (const auto& [name, duration] : testbed.capabilities.timing) {
    if (name == "answer") limit_ = duration;
    if (name == "boot") start_ = 2 * duration;
  }
  for (const auto& pager : testbed.dialect->console.pagers) page_keys_.push_back(pager.key);
  for (ProbedConsole& one : consoles_of(testbed)) {
    auto session = Session::create(testbed.dialect->words, one.login);
    if (one.is_guarded) session->guard();
    session->boot_takes(timing_of(testbed.capabilities, "boot", Duration::zero()));
    Transcript transcript(folder, one.name, mask);
    consoles_.push_back({std::move(one), std::move(session), std::move(transcript)});
  }
}

void Prober::await_prompts() {
  const Time limit = bench_.now() + start();
  while (std::ranges::count(consoles_, false, &Console::has_prompt) > 0 && bench_.now() < limit &&
         !is_over())
    advance(limit);
}

std::optional<BenchEvent> Prober::ask_snmp(const std::vector<std::string>& oids) {
  snmp_.reset();
  if (!bench_.snmp_get(oids)) return std::nullopt;
  const Time limit = bench_.now() + 2 * limit_;
  while (!snmp_ && bench_.now() < limit && !is_over()) advance(limit);
  return snmp_;
}

Answer Prober::ask(std::size_t one, const std::string& line, bool keeps_noise) {
  Console& console = consoles_[one];
  Answer none;
  none.outcome = Answer::Outcome::NotSent;
  if (is_lost(one)) return none;
  console.printed.clear();
  answer_.reset();
  pages_ = 0;
  console.session->submit(
      {.id = ++id_,
       .rank = console.of.is_guarded ? Request::Rank::Setup : Request::Rank::Act,
       .line = line,
       .replies = {},
       .limit = limit_,
       .keeps_noise = keeps_noise},
      bench_.now());
  const Time limit = bench_.now() + 2 * limit_;
  while (!answer_ && bench_.now() < limit && !is_over()) advance(limit);
  const Answer answer = answer_.value_or(none);
  note(console, answer);
  return answer;
}

/// What became of a command. What comes after the first that was given up tells nothing of why.
void Prober::note(Console& console, const Answer& answer) {
  const bool was_cancelled =
      answer.outcome == Answer::Outcome::Unforeseen && !answer.questions.empty();
  console.unforeseen = was_cancelled ? answer.questions.back() : "";
  if (answer.outcome == Answer::Outcome::Answered ||
      answer.outcome == Answer::Outcome::Unforeseen) {
    console.unanswered = 0;
    console.time_out.reset();
    return;
  }
  if (console.unanswered++ == 0) console.time_out.reset();
  if (answer.outcome == Answer::Outcome::TimedOut && !console.time_out)
    console.time_out = {console.printed, bench_.now() - console.heard < short_silence};
}

Answer Prober::ask_until(std::size_t one, const std::string& line,
                         const std::function<bool(const Answer&)>& enough, bool keeps_noise) {
  Answer answer;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    answer = ask(one, line, keeps_noise);
    if (answer.noise_at.empty() || enough(answer)) break;
  }
  return answer;
}

void Prober::release(std::size_t one) {
  consoles_[one].of.is_guarded = false;
  consoles_[one].session->release(bench_.now());
}

void Prober::flush() {
  for (Console& one : consoles_) {
    const auto bytes = one.session->take_output();
    if (bytes.empty()) continue;
    if (std::ranges::find(page_keys_, bytes) != page_keys_.end()) ++pages_;
    one.transcript.sent(bytes, bench_.now());
    bench_.send(one.of.place, bytes);
  }
}

void Prober::advance(Time until) {
  flush();
  for (const Console& one : consoles_)
    if (const auto deadline = one.session->next_deadline()) until = std::min(until, *deadline);
  std::vector<BenchEvent> events;
  bench_.pump(until, cancel_, events);
  for (const auto& event : events) handle(event);
  for (Console& one : consoles_) {
    one.session->time_passed(bench_.now());
    for (auto& event : one.session->take_events()) {
      if (event.kind == SessionEvent::Kind::LoginFailed) one.refusal = event.text;
      if (event.kind == SessionEvent::Kind::Answered && event.answer.id == id_)
        answer_ = std::move(event.answer);
      if (event.kind == SessionEvent::Kind::Prompt ||
          (event.kind == SessionEvent::Kind::ModeChanged && event.mode == Mode::Shell))
        one.has_prompt = true;
    }
  }
  flush();
}

void Prober::handle(const BenchEvent& event) {
  if (event.kind == BenchEvent::Kind::SnmpAnswered) snmp_ = event;
  if (event.kind == BenchEvent::Kind::Broken) has_ended_ = true;
  const auto found = std::ranges::find_if(
      consoles_, [&](const Console& one) { return one.of.place == event.node; });
  if (found == consoles_.end()) return;
  if (event.kind == BenchEvent::Kind::Bytes) {
    keep_end(found->printed, event.text);
    found->heard = event.at;
    found->transcript.received(event.text, event.at);
    found->session->received(event.text, event.at);
  }
  if (event.kind == BenchEvent::Kind::ConsoleOpened) {
    if (!event.text.empty()) found->transcript.sent_break(event.at);
    found->session->opened(event.at);
  }
  if (event.kind == BenchEvent::Kind::ConsoleClosed) {
    found->session_end = event.text;
    found->session->closed(event.at);
  }
  if (event.kind != BenchEvent::Kind::NodeEnded) return;
  has_ended_ = true;
  const std::string last = found->transcript.last_words();
  ended_ = fmt::format("{} ended{}{}{}", found->of.name, event.text.empty() ? "" : ": ", event.text,
                       last.empty() ? "; it had printed nothing" : "; its last words: " + last);
}

}  // namespace understudy::targets

#include "targets/device/switch_device.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/plan.h"
#include "targets/device/doubt.h"
#include "targets/printable.h"

namespace understudy::targets {

namespace {

constexpr Duration collect_limit = std::chrono::minutes(5);  // of all that a failure leaves to see

}  // namespace

Duration timing_of(const Capabilities& capabilities, const std::string& name, Duration fallback) {
  for (const auto& [known, duration] : capabilities.timing)
    if (known == name) return duration;
  return fallback;
}

std::string to_text(Mode mode) {
  switch (mode) {
    case Mode::Silent:
      return "silent";
    case Mode::Booting:
      return "booting";
    case Mode::BootLoader:
      return "boot-loader";
    case Mode::Login:
      return "login";
    case Mode::Password:
      return "password";
    case Mode::Question:
      return "question";
    case Mode::Pager:
      return "pager";
    case Mode::Shell:
      return "shell";
    case Mode::Busy:
      return "busy";
    case Mode::Ended:
      return "ended";
  }
  return "";
}

bool is_own_attribute(const Dialect& dialect, const std::string& attribute) {
  return attribute == "asked" || attribute == "answered" || attribute == "boots" ||
         attribute == "mode" ||
         std::ranges::find(dialect.counters, attribute, &Counter::attribute) !=
             dialect.counters.end();
}

SwitchDevice::SwitchDevice(std::unique_ptr<Bench> bench, DeviceSettings settings, Reader reader)
    : bench_(std::move(bench)),
      settings_(std::move(settings)),
      reader_(std::move(reader)),
      dialect_(*settings_.dialect),
      bench_acts_(bench_->acts()),
      poll_(timing_of(settings_.capabilities, "poll", dialect_.poll)),
      answer_(timing_of(settings_.capabilities, "answer", dialect_.answer_limit)) {
  settings_.identities.resize(settings_.capabilities.nodes.size() + 1);
  settings_.has_console.resize(settings_.capabilities.nodes.size(), true);
  for (const auto& name : settings_.capabilities.nodes) {
    Line line{.name = name,
              .session = nullptr,
              .transcript = Transcript(settings_.folder, name, settings_.mask)};
    line.reads.resize(dialect_.reads.size());
    line.counters.resize(dialect_.counters.size());
    lines_.push_back(std::move(line));
  }
  if (settings_.management)
    lobby_ = Line{.name = "management",
                  .session = nullptr,
                  .transcript = Transcript(settings_.folder, "management", settings_.mask)};
}

std::size_t SwitchDevice::line_of(const std::string& name) const {
  for (std::size_t i = 0; i < lines_.size(); ++i)
    if (lines_[i].name == name) return i;
  return lines_.size();
}

void SwitchDevice::observe(Observation observation) {
  observation.value = settings_.mask.applied_to(std::move(observation.value));
  latest_[{observation.observer, observation.subject, observation.attribute}] = {observation.value,
                                                                                 observation.asked};
  observations_.push_back(std::move(observation));
}

void SwitchDevice::incident(Incident::Kind kind, const std::string& node, std::string words,
                            Time from, Time to) {
  incidents_.push_back({kind, node, printable(settings_.mask.applied_to(words)), from, to});
}

/// What a node said of anything before it went away says nothing about now.
void SwitchDevice::forget(const std::string& node) {
  std::erase_if(latest_, [&](const auto& entry) {
    return std::get<0>(entry.first) == node &&
           !is_own_attribute(dialect_, std::get<2>(entry.first));
  });
}

/// An attribute that the device knows of a node without asking it. Bytes may come after we looked
/// and have arrived before: what they tell is heard now, or a count would go back.
void SwitchDevice::tell_own(Line& line, const std::string& attribute, Time asked, Time heard) {
  const bool is_of_act = attribute == "asked" || attribute == "answered";
  if (!is_of_act && !has_console(line)) return;  // nobody sees it boot
  Observation one;
  one.observer = one.subject = line.name;
  one.attribute = attribute;
  one.asked = asked;
  one.heard = line.told = std::max(heard, line.told);
  if (attribute == "asked") {
    one.value = line.asked;
  } else if (attribute == "answered") {
    one.value = line.answered;
  } else {
    one.kind = Observation::Kind::Fact;
    if (attribute == "boots") one.value = std::to_string(line.boots);
    if (attribute == "mode") one.value = to_text(line.session->mode());
    for (std::size_t i = 0; i < dialect_.counters.size(); ++i)
      if (dialect_.counters[i].attribute == attribute) one.value = std::to_string(line.counters[i]);
  }
  if (one.kind == Observation::Kind::Fact)
    one.evidence = fmt::format("{}:{}-{}", line.transcript.name(), line.transcript.size(),
                               line.transcript.size());
  observe(std::move(one));
}

// ---------------------------------------------------------------- time passes

void SwitchDevice::flush() {
  for (Line* line : consoles()) {
    const std::string bytes = line->session->take_output();
    if (bytes.empty() || is_silenced_) continue;
    line->transcript.sent(bytes, bench_->now());
    bench_->send(console_of(*line), bytes);
  }
}

void SwitchDevice::advance(Time until, const Cancel& cancel) {
  flush();
  for (const Line* line : consoles())
    if (const auto deadline = line->session->next_deadline()) until = std::min(until, *deadline);
  std::vector<BenchEvent> events;
  bench_->pump(until, cancel, events);
  const auto drain = [&](Line& line) {
    for (const auto& event : line.session->take_events()) handle(line, event);
  };
  for (const auto& event : events) {
    handle(event);
    if (event.node > lines_.size() || (event.node == lines_.size() && !lobby_)) continue;
    drain(console_at(event.node));
    if (event.node == lines_.size() && event.kind == BenchEvent::Kind::ConsoleClosed) move_out();
  }
  for (Line* line : consoles()) {
    line->session->time_passed(bench_->now());
    drain(*line);
    if (std::exchange(line->closed_unasked, false) && !line->has_ended && !line->may_end)
      incident(Incident::Kind::SessionLost, line->name,
               fmt::format("the console session ended{}{}", line->why_closed.empty() ? "" : ": ",
                           line->why_closed),
               now(), now());
    set_up(*line);
    watch_dark(*line);
  }
  move_in();
  watch_servers();
  watch_boots();
  flush();
}

void SwitchDevice::handle(const BenchEvent& event) {
  const bool is_there = event.node < lines_.size() + (lobby_ ? 1 : 0);
  Line* line = is_there ? &console_at(event.node) : nullptr;
  switch (event.kind) {
    case BenchEvent::Kind::Bytes:
      if (!line) return;
      line->heard = event.at;
      line->silent_since.reset();
      line->transcript.received(event.text, event.at);
      line->session->received(event.text, event.at);
      if (line->dark) hear_dark(*line, event.text, event.at);
      return;
    case BenchEvent::Kind::ConsoleOpened:
      if (!line) return;
      line->needs_setup = true;
      line->silent_since.reset();
      if (!event.text.empty()) line->transcript.sent_break(event.at);
      line->session->opened(event.at);
      return;
    case BenchEvent::Kind::ConsoleClosed:
      if (line) console_closed(*line, event.at, event.expected, event.text);
      return;
    case BenchEvent::Kind::NodeStarted:
      if (line) node_started(*line, event.at);
      return;
    case BenchEvent::Kind::NodeEnded:
      if (line) node_ended(*line, event);
      return;
    case BenchEvent::Kind::Fact:
      observe(event.observation);
      return;
    case BenchEvent::Kind::Datagram:
      hear(event);
      return;
    case BenchEvent::Kind::SnmpAnswered:
      snmp_answered(event);
      return;
    case BenchEvent::Kind::Stall:
      incident(Incident::Kind::Stall, "", event.text, event.from, event.at);
      return;
    case BenchEvent::Kind::IdleFault:
      incident(Incident::Kind::IdleFault, "", event.text, event.from, event.at);
      return;
    case BenchEvent::Kind::Broken:
      if (broken_.empty()) broken_ = event.text;
      incident(Incident::Kind::BenchBroken, "", event.text, event.from, event.at);
      return;
  }
}

void SwitchDevice::node_started(Line& line, Time at) {
  line.has_ended = false;
  line.has_prompted = false;
  line.may_end = false;
  count_boot(line, at);
  line.boot_lines.clear();
  line.needs_banner = true;
}

void SwitchDevice::console_closed(Line& line, Time at, bool expected, const std::string& why) {
  line.session->closed(at);
  line.why_closed = why;
  line.closed_unasked = !expected;
  if (!expected) fell_silent(line, at);
  line.needs_setup = true;
  line.round.clear();
  forget(line.name);
}

void SwitchDevice::node_ended(Line& line, const BenchEvent& event) {
  line.has_ended = true;
  if (line.session->mode() != Mode::Ended) console_closed(line, event.at, event.expected);
  if (event.expected || line.may_end) return;
  const auto last = line.transcript.last_words();
  const std::string words =
      fmt::format("{} ended{}{}{}", line.name, event.text.empty() ? "" : ": ", event.text,
                  last.empty() ? "; it had printed nothing" : "; its last words: " + last);
  if (!is_open_ && !line.has_prompted) {
    if (died_early_.empty()) died_early_ = words;
    return;
  }
  incident(Incident::Kind::NodeDied, line.name, words, event.at, event.at);
}

void SwitchDevice::count_boot(Line& line, Time at) {
  ++line.boots;
  line.booted = at;
  line.needs_setup = true;
  line.round.clear();
  forget(line.name);
  if (is_open_) tell_own(line, "boots", at, at);
}

// ---------------------------------------------------------------- the console speaks

void SwitchDevice::handle(Line& line, const SessionEvent& event) {
  switch (event.kind) {
    case SessionEvent::Kind::Answered:
      answered(line, event.answer);
      return;
    case SessionEvent::Kind::ModeChanged:
      if (event.mode == Mode::Booting || event.mode == Mode::Login) line.needs_setup = true;
      if (event.mode != Mode::Shell) return;
      line.has_prompted = true;
      line.needs_banner = false;
      line.may_end = line.may_be_silent = false;
      line.boot_lines.clear();
      return;
    case SessionEvent::Kind::Booted:
      boot_line(line, event);
      return;
    case SessionEvent::Kind::Prompt:
      line.has_prompted = true;
      return;
    case SessionEvent::Kind::Noise:
      noise(line, event);
      return;
    case SessionEvent::Kind::LoginFailed:
      line.refusal_words = event.text;
      if (event.refusal == SessionEvent::Refusal::Passing) return;
      ++line.refused_logins;
      line.is_given_up = event.refusal == SessionEvent::Refusal::Final;
      incident(Incident::Kind::Unread, line.name, "the login was refused", event.at, event.at);
      return;
  }
}

/// Different banner lines before the next prompt are one boot, the same line again is the next
/// boot. The first banner after a start of the process is that start.
void SwitchDevice::boot_line(Line& line, const SessionEvent& event) {
  line.needs_setup = true;
  const bool is_first = line.boot_lines.empty();
  const bool is_again = !line.boot_lines.insert(event.text).second;
  if (is_again) line.boot_lines = {event.text};
  const bool was_counted = std::exchange(line.needs_banner, false);
  if (is_again || (is_first && !was_counted)) count_boot(line, event.at);
}

void SwitchDevice::noise(Line& line, const SessionEvent& event) {
  for (std::size_t i = 0; i < dialect_.counters.size(); ++i) {
    if (!dialect_.counters[i].pattern.is_found_in(event.text)) continue;
    ++line.counters[i];
    if (is_open_) tell_own(line, dialect_.counters[i].attribute, event.at, event.at);
  }
}

namespace {

Request::Rank rank_of(Purpose::Kind kind) {
  using enum Purpose::Kind;
  if (kind == Session || kind == Setup || kind == Identity) return Request::Rank::Setup;
  return kind == Act || kind == Custody || kind == Nudge ? Request::Rank::Act : Request::Rank::Poll;
}

}  // namespace

void SwitchDevice::submit(Line& line, Purpose purpose, std::string text, TextPairs replies,
                          Duration limit) {
  Request request;
  request.id = next_id_++;
  request.rank = rank_of(purpose.kind);
  request.line = std::move(text);
  request.replies = std::move(replies);
  request.limit = limit;
  request.keeps_noise =
      purpose.kind == Purpose::Kind::Read && dialect_.reads[purpose.index].keeps_noise;
  purpose.line = request.line;
  line.pending.emplace(request.id, std::move(purpose));
  line.session->submit(std::move(request), bench_->now());
}

/// A node that answers more slowly than the testbed says; one that hangs does not even echo.
void SwitchDevice::late(Line& line, const Purpose& purpose, const Answer& answer) {
  const bool is_printing = line.heard + answer_ / 4 >= now();
  incident(Incident::Kind::Late, line.name,
           fmt::format("`{}`: no answer within {} (`answer` in timing), {}", purpose.line,
                       understudy::to_text(answer_),
                       is_printing ? "it was still printing" : "it had begun and fallen silent"),
           answer.asked, now());
}

void SwitchDevice::answered(Line& line, const Answer& answer) {
  const auto found = line.pending.find(answer.id);
  if (found == line.pending.end()) return;
  const Purpose purpose = found->second;
  line.pending.erase(found);
  const bool is_answer =
      answer.outcome == Answer::Outcome::Answered || answer.outcome == Answer::Outcome::Unforeseen;
  if (!is_answer) line.last_failure = bench_->now();
  if (answer.outcome == Answer::Outcome::TimedOut) {
    const bool is_asked_of_all = rank_of(purpose.kind) != Request::Rank::Act;
    if (line.heard < answer.asked)
      fell_silent(line, answer.asked);
    else if (line.heard > answer.asked && is_asked_of_all && purpose.kind != Purpose::Kind::Collect)
      late(line, purpose, answer);
  }
  switch (purpose.kind) {
    case Purpose::Kind::Session:
      if (is_answer) session_told(line, purpose.index, answer);
      return;
    case Purpose::Kind::Custody:
      if (answer.id == awaited_) heard_ = answer;
      return;
    case Purpose::Kind::Nudge:
      return;
    case Purpose::Kind::Setup:
      if (!is_answer) line.needs_setup = true;
      return;
    case Purpose::Kind::Identity:
      if (is_answer) identify(line, purpose.index, answer);
      if (!is_answer) line.needs_setup = true;
      return;
    case Purpose::Kind::Read:
      if (is_answer) read_answered(line, purpose.index, answer);
      if (!is_answer) line.round.clear();
      return;
    case Purpose::Kind::Act:
      if (purpose.index < errands_.size() && !errands_[purpose.index].is_done)
        errand_answered(errands_[purpose.index], answer);
      return;
    case Purpose::Kind::Collect:
      if (is_answer)
        collected_.emplace_back(line.name + " " + dialect_.collect[purpose.index],
                                settings_.mask.applied_to(answer.text));
      return;
  }
}

void SwitchDevice::unread(Line& line, std::size_t read, const Answer& answer,
                          const std::string& words) {
  ReadState& state = line.reads[read];
  state.was_read = words.empty();
  if (words == state.last_unread) return;
  state.last_unread = words;
  if (words.empty()) return;
  incident(Incident::Kind::Unread, line.name,
           fmt::format("{} ({}:{}-{})", words, line.transcript.name(), answer.first_byte,
                       answer.last_byte),
           answer.asked, answer.heard);
}

/// A command that the device does not know, or has no licence for: twice, so that it was not
/// garbled, and never answered before, so that it is no mode of the node.
bool SwitchDevice::is_unsupported(Line& line, std::size_t read, const Answer& answer) {
  ReadState& state = line.reads[read];
  const auto refusal = find_refusal(dialect_, answer.text);
  const bool is_unknown = refusal && (refusal->kind == Refusal::Kind::UnknownCommand ||
                                      refusal->kind == Refusal::Kind::Licence);
  if (!is_unknown) {
    state.was_ever_known = true;
    return false;
  }
  if (state.was_ever_known || ++state.refusals < 2) return false;
  if (state.refusals == 2)
    incident(
        Incident::Kind::Unsupported, line.name,
        fmt::format("`{}`: {} ({}:{}-{})", dialect_.reads[read].command, to_text(refusal->kind),
                    line.transcript.name(), answer.first_byte, answer.last_byte),
        answer.asked, answer.heard);
  return true;
}

/// Every prompt tells the prompt: it is kept only where somebody wants to know.
bool SwitchDevice::is_wanted(const std::string& attribute) const {
  const auto rule = std::ranges::find(dialect_.prompt, attribute, &AttributeRule::name);
  return rule == dialect_.prompt.end() || !rule->is_told_when_asked ||
         std::ranges::find(wanted_, attribute) != wanted_.end();
}

void SwitchDevice::read_answered(Line& line, std::size_t read, const Answer& answer) {
  ReadState& state = line.reads[read];
  state.asked = answer.asked;
  ++state.attempts;
  state.was_read = false;
  const DoubtedReading reading = read_with_doubt(reader_, read, line.name, answer);
  std::vector<Told> doubted;
  for (const auto& [told, is_doubted] : reading.told) {
    if (!is_wanted(told.attribute)) continue;
    if (is_doubted && std::ranges::find(state.doubted, told) == state.doubted.end()) {
      doubted.push_back(told);
      continue;
    }
    observe({Observation::Kind::Claim, line.name, told.subject, told.attribute, told.value,
             answer.asked, answer.heard,
             fmt::format("{}:{}-{}", line.transcript.name(), answer.first_byte, answer.last_byte)});
  }
  state.doubted = std::move(doubted);
  state.is_unread_doubted =
      !reading.unread.empty() && !answer.noise_at.empty() && !state.is_unread_doubted;
  if (state.is_unread_doubted || is_unsupported(line, read, answer)) return;
  unread(line, read, answer, reading.unread);
}

// ---------------------------------------------------------------- the rest of Target

std::vector<std::string> SwitchDevice::artefacts() const {
  std::vector<std::string> files;
  for (const auto& line : lines_)
    for (const auto& file : line.transcript.files()) files.push_back(file);
  if (lobby_)
    for (const auto& file : lobby_->transcript.files()) files.push_back(file);
  for (const auto& file : bench_->artefacts()) files.push_back(file);
  if (listening_)
    for (const auto& file : listening_->files()) files.push_back(file);
  if (settings_.custody) files.emplace_back(name_of_custody);
  return files;
}

std::vector<std::pair<std::string, std::string>> SwitchDevice::collect(const Cancel& cancel) {
  collected_.clear();
  const Time end = now() + collect_limit;
  for (auto& line : lines_) {
    for (std::size_t i = 0; i < dialect_.collect.size(); ++i) {
      if (line.session->mode() != Mode::Shell || now() >= end) break;
      submit(line, {Purpose::Kind::Collect, i}, dialect_.collect[i], {}, answer_);
      const Time limit = std::min(end, now() + 2 * answer_);
      while (!line.pending.empty() && now() < limit && broken_.empty() && !cancel.is_cancelled())
        advance(limit, cancel);
    }
  }
  return std::exchange(collected_, {});
}

}  // namespace understudy::targets

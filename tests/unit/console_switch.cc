#include "console_switch.h"

#include <fmt/format.h>

namespace understudy::targets {

namespace {

using namespace std::chrono_literals;

std::string_view name_of(Mode mode) {
  constexpr std::string_view names[] = {"silent",   "booting", "boot loader", "login", "password",
                                        "question", "pager",   "shell",       "busy",  "ended"};
  return names[static_cast<std::size_t>(mode)];
}

std::string_view name_of(Answer::Outcome outcome) {
  constexpr std::string_view names[] = {"answered", "unforeseen", "timed out", "ended", "not sent"};
  return names[static_cast<std::size_t>(outcome)];
}

std::string written(const std::vector<std::pair<std::string, std::string>>& captures) {
  std::string text;
  for (const auto& [name, value] : captures) text += fmt::format(" {}={}", name, value);
  return text;
}

std::string written(const SessionEvent& event) {
  switch (event.kind) {
    case SessionEvent::Kind::Answered:
      return fmt::format("{} {} cut={} [{}] {} bytes {}-{} text `{}`", event.answer.id,
                         name_of(event.answer.outcome), event.answer.is_cut,
                         fmt::join(event.answer.questions, ","), written(event.answer.captures),
                         event.answer.first_byte, event.answer.last_byte, event.answer.text);
    case SessionEvent::Kind::ModeChanged:
      return fmt::format("mode {}", name_of(event.mode));
    case SessionEvent::Kind::Booted:
      return fmt::format("booted at {}: {}", event.byte, event.text);
    case SessionEvent::Kind::Prompt:
      return fmt::format("prompt{}", written(event.captures));
    case SessionEvent::Kind::Noise:
      return fmt::format("noise at {}: {}", event.byte, event.text);
    case SessionEvent::Kind::LoginFailed:
      return fmt::format("login failed: {}", event.text);
  }
  return {};
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

}  // namespace

ConsoleWords test_words() {
  ConsoleWords words;
  words.prompt = R"(^(?<dirty>\* )?(?<name>[\w-]+)\.(?<count>\d+) (?<mark>[#>]) $)";
  words.pagers = {
      {.pattern = R"(^Press <SPACE> to continue or <Q> to quit:$)", .key = " ", .quit = "q"},
      {.pattern = R"(^--More--(?: \(\d+%\))?$)", .key = " ", .quit = "q"}};
  words.questions = {
      {.name = "save-and-reboot",
       .pattern = R"(Do you want to save[^?]*and reboot\?\s+\(y - save[\s\S]*cancel command\)$)",
       .cancel = "\r"},
      {.name = "save-changes",
       .pattern = R"(Do you want to save[^?]*\? \(y or n\)$)",
       .cancel = "n\r"},
      {.name = "sure", .pattern = R"(Are you sure\? \(y/n\)$)", .cancel = "n\r"}};
  words.booting = {R"(^Booting\b)", R"(^Starting ExtremeXOS)"};
  words.boot_loader = {R"(^BootRom > ?$)"};
  words.login = R"(login: ?$)";
  words.login_pending = R"(^\(pending\) login: ?$)";
  words.password = R"(^password: ?$)";
  words.login_failed = "^Login incorrect";
  words.noise = {R"(^\d\d/\d\d/\d{4} \d\d:\d\d:\d\d\.\d\d <\w+:[\w.]+> .*$)"};
  return words;
}

// ---------------------------------------------------------------- the wire

Wire::Wire(const ConsoleWords& words, const Credentials& login, std::size_t keep_bytes) {
  auto session = Session::create(words, login, keep_bytes);
  session_ = std::move(session.value());
  session_->opened(now_);
}

void Wire::collect() {
  session_->time_passed(now_);
  const std::string output = session_->take_output();
  sent_ += output;
  if (!output.empty()) all_sent_ += fmt::format("{}ns sent `{}`\n", now_.count(), output);
  for (auto& event : session_->take_events()) events_.push_back(std::move(event));
}

Wire& Wire::prints_on(std::string_view text) {
  const std::size_t end = position_ + text.size();
  const std::size_t cut = cut_ > position_ && cut_ < end ? cut_ - position_ : 0;
  if (cut > 0) session_->received(text.substr(0, cut), now_);
  session_->received(text.substr(cut), now_);
  position_ = end;
  return *this;
}

Wire& Wire::prints(std::string_view text) {
  prints_on(text);
  collect();
  return *this;
}

Wire& Wire::prints_slowly(std::string_view text, Duration gap) {
  for (const char byte : text) prints(std::string_view(&byte, 1)).passes(gap);
  return *this;
}

Wire& Wire::passes(Duration duration) {
  const Time end = now_ + duration;
  for (auto next = session_->next_deadline(); next && *next <= end;
       next = session_->next_deadline()) {
    now_ = std::max(now_, *next);
    collect();
  }
  now_ = end;
  collect();
  return *this;
}

Wire& Wire::asks(std::string line, Duration limit) {
  return submits({.id = 1,
                  .rank = Request::Rank::Poll,
                  .line = std::move(line),
                  .replies = {},
                  .limit = limit});
}

Wire& Wire::submits(Request request) {
  session_->submit(std::move(request), now_);
  collect();
  return *this;
}

Wire& Wire::closes() {
  session_->closed(now_);
  collect();
  return *this;
}

Wire& Wire::opens() {
  session_->opened(now_);
  collect();
  return *this;
}

std::vector<Answer> Wire::answers() const {
  std::vector<Answer> answers;
  for (const auto& event : events_) {
    if (event.kind == SessionEvent::Kind::Answered) answers.push_back(event.answer);
  }
  return answers;
}

std::vector<std::string> Wire::texts(SessionEvent::Kind kind) const {
  std::vector<std::string> texts;
  for (const auto& event : events_) {
    if (event.kind == kind) texts.push_back(event.text);
  }
  return texts;
}

std::string Wire::story(bool without_times) const {
  std::string story = without_times ? "" : all_sent_;
  for (const auto& event : events_) {
    if (!without_times) story += fmt::format("{}ns ", event.at.count());
    story += written(event) + "\n";
  }
  return story;
}

// ---------------------------------------------------------------- the fake switch

std::string FakeSwitch::prompt() const {
  return fmt::format("{}.{} # ", habits_.name, counter_);
}

std::string FakeSwitch::echo(const std::string& command) const {
  const std::size_t half = command.size() / 2;
  const std::string head = command.substr(0, half);
  const std::string rest = command.substr(half);
  const std::string& end = habits_.line_end;
  std::string twice;
  switch (habits_.echo) {
    case Habits::EchoStyle::Plain:
      return command + end;
    case Habits::EchoStyle::None:
      return end;
    case Habits::EchoStyle::Doubled:
      return command + end + command + end;
    case Habits::EchoStyle::EachTwice:
      for (const char byte : command) twice.append(2, byte);
      return twice + end;
    case Habits::EchoStyle::Wrapped:
      return head + end + rest + end;
    case Habits::EchoStyle::DrawnAnew:
      return head + "\r" + prompt() + head + "\x1b[K" + rest + end;
    case Habits::EchoStyle::Interrupted:
      return head + end + std::string(test_noise) + end + prompt() + head + rest + end;
  }
  return {};
}

std::string FakeSwitch::erased() const {
  const std::string& pager = habits_.pagers[(pages_ - 1) % habits_.pagers.size()];
  const std::string blanks(pager.size(), ' ');
  const std::string back(pager.size(), '\b');
  switch (habits_.erasure) {
    case Habits::Erasure::CarriageReturn:
      return "\r" + blanks + "\r";
    case Habits::Erasure::Backspaces:
      return back + blanks + back;
    case Habits::Erasure::Ansi:
      return "\r\x1b[K";
    case Habits::Erasure::NextLine:
      return habits_.line_end;
  }
  return {};
}

std::string FakeSwitch::takes(std::string_view bytes) {
  std::string printed;
  for (const char byte : bytes) {
    if (is_paging_) {
      is_paging_ = false;
      if (byte != ' ') pending_.clear();
      printed += erased();
      printed += more();
    } else if (byte == '\r') {
      const std::string command = std::exchange(typed_, {});
      printed += echo(command);
      begin(command);
      printed += more();
    } else {
      typed_ += byte;
    }
  }
  return printed;
}

void FakeSwitch::begin(const std::string& command) {
  const auto output = outputs_.find(command);
  if (!command.empty()) ++counter_;
  next_ = 0;
  pending_ = lines_of(output != outputs_.end() ? output->second
                      : command.empty()        ? ""
                                               : "%% Invalid input detected at '^' marker.\n");
}

std::string FakeSwitch::more() {
  std::string printed;
  for (std::size_t shown = 0; next_ < pending_.size(); ++shown) {
    if (habits_.page != 0 && shown == habits_.page) {
      is_paging_ = true;
      return printed + habits_.pagers[pages_++ % habits_.pagers.size()];
    }
    printed += pending_[next_++] + habits_.line_end;
    if (habits_.noise_each != 0 && next_ % habits_.noise_each == 0) {
      printed += std::string(test_noise) + habits_.line_end;
    }
  }
  pending_.clear();
  return printed + prompt();
}

void converse(Wire& wire, FakeSwitch& device, Duration gap) {
  for (int silent_rounds = 0; silent_rounds < 3;) {
    const std::string sent = wire.sent();
    if (sent.empty()) {
      ++silent_rounds;
      wire.passes(1500ms);
      continue;
    }
    silent_rounds = 0;
    if (gap == Duration{}) {
      wire.prints(device.takes(sent));
    } else {
      wire.prints_slowly(device.takes(sent), gap);
    }
  }
}

Wire ready(const ConsoleWords& words, const Credentials& login, std::size_t keep) {
  Wire wire(words, login, keep);
  wire.prints("MSM-A.1 # ").passes(100ms);
  return wire;
}

}  // namespace understudy::targets

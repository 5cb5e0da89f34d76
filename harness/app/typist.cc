#include "harness/app/typist.h"

#include <algorithm>

#include "targets/console/compiled_words.h"

namespace understudy::app {
namespace {

using namespace std::chrono_literals;
using targets::Mode;

constexpr Duration pause = 700ms;           ///< after which a device has said what it had to say
constexpr Duration unknown_pause = 3s;      ///< the same, where nothing that it said is known
constexpr std::size_t longest_tail = 1024;  ///< bytes of the end that are looked at

/// What no act foresees is for the lines of the file to answer.
targets::ConsoleWords words_of(const targets::Dialect& dialect) {
  targets::ConsoleWords words = dialect.console;
  words.questions.clear();
  words.wake.clear();
  return words;
}

std::deque<std::string> lines_of(const std::string& text) {
  std::deque<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    const bool is_key = line == " " || end == std::string::npos;
    lines.push_back(is_key ? line : line + "\r");
    at = end == std::string::npos ? text.size() : end + 1;
  }
  return lines;
}

}  // namespace

Typist::Typist(const targets::Dialect& dialect, const targets::Credentials& login, Duration boot,
               Duration answer, const std::string& text)
    : dialect_(dialect),
      has_login_(!login.user.empty() || !login.password.empty()),
      boot_(boot),
      answer_(answer),
      session_(*targets::Session::create(words_of(dialect), login)),  // as the dialect's own
      lines_(lines_of(text)) {
  session_->boot_takes(boot);
}

void Typist::opened(Time at) {
  session_->opened(at);
  is_open_ = true;
  printed_.clear();
  was_woken_ = false;
  last_ = at;
}

void Typist::received(std::string_view bytes, Time at) {
  session_->received(bytes, at);
  printed_ += bytes.substr(bytes.size() - std::min(bytes.size(), longest_tail));
  if (printed_.size() > longest_tail) printed_.erase(0, printed_.size() - longest_tail);
  last_ = at;
}

bool Typist::is_key() const {
  return lines_.front().back() != '\r';
}

std::string Typist::take() {
  std::string line = std::move(lines_.front());
  lines_.pop_front();
  return line;
}

std::string_view Typist::last_line() const {
  std::string_view line = printed_;
  line.remove_prefix(line.find_last_of("\r\n") + 1);  // npos + 1 is the beginning
  return line.find_first_not_of(' ') == line.npos ? std::string_view() : line;
}

std::string Typist::typed(Time now) {
  if (!is_open_) return {};
  session_->time_passed(now);
  for (const auto& event : session_->take_events()) {
    using Kind = targets::SessionEvent::Kind;
    if (event.kind == Kind::Prompt) is_blind_ = false;
    if (event.kind == Kind::LoginFailed)
      was_refused_ = has_login_ && event.refusal == targets::SessionEvent::Refusal::Final;
  }
  std::string bytes = session_->take_output();
  if (session_->mode() == Mode::Password && !has_login_) bytes.clear();  // the file logs in
  if (bytes.empty()) bytes = wake(now);
  if (bytes.empty()) bytes = next_line(now);
  if (!bytes.empty()) last_ = now;
  return bytes;
}

/// Once, where nothing waits on the line.
std::string Typist::wake(Time now) {
  const bool is_wanted = session_->mode() == Mode::Silent && !was_woken_ && last_line().empty() &&
                         now - last_ >= dialect_.console.wake_after;
  if (!is_wanted) return {};
  was_woken_ = true;
  return dialect_.console.wake;
}

std::string Typist::next_line(Time now) {
  const bool is_at_prompt = session_->mode() == Mode::Shell && session_->waiting() == 0;
  while (is_at_prompt && !lines_.empty() && lines_.front() == " ") lines_.pop_front();
  if (is_at_prompt && !lines_.empty() && !is_key()) {
    std::string line = take();
    line.pop_back();
    session_->submit({.id = ++asked_,
                      .rank = targets::Request::Rank::Act,
                      .line = std::move(line),
                      .replies = {},
                      .limit = {}},
                     now);
    return session_->take_output();
  }
  if (now - last_ < (is_at_prompt ? pause : silence_before_next())) return {};
  if (lines_.empty() || !may_type()) {
    has_left_ = true;
    return {};
  }
  const bool is_wanted = is_at_prompt || is_key() || is_asked() || (is_at_login() && !has_login_);
  if (!is_wanted) is_blind_ = was_blind_ = true;
  return take();
}

bool Typist::may_type() const {
  return session_->mode() != Mode::Booting && session_->mode() != Mode::BootLoader &&
         !(is_at_login() && has_login_ && (was_refused_ || asks_for_login()));
}

/// The dialect's login still stands there, or nothing.
bool Typist::asks_for_login() const {
  const targets::Scratch scratch;
  const std::string tail(last_line());
  return tail.empty() || dialect_.words->login.search(tail, scratch) ||
         dialect_.words->password.search(tail, scratch);
}

bool Typist::is_at_login() const {
  return session_->mode() == Mode::Login || session_->mode() == Mode::Password;
}

/// A question of the dialect waits: the next line answers it.
bool Typist::is_asked() const {
  const targets::Scratch scratch;
  return session_->mode() == Mode::Busy &&
         std::ranges::any_of(dialect_.words->questions, [&](const targets::Pattern& question) {
           return question.search(printed_, scratch).has_value();
         });
}

/// What the device has to be silent for, where no prompt has come.
Duration Typist::silence_before_next() const {
  const bool is_blank = last_line().empty();
  switch (session_->mode()) {
    case Mode::Login:
    case Mode::Password:
      if (!has_login_ || was_refused_ || is_blind_) return pause;
      return asks_for_login() ? std::max(boot_, unknown_pause) : unknown_pause;
    case Mode::Booting:
      return lines_.empty() ? pause : std::max(boot_, unknown_pause);
    case Mode::BootLoader:
      return pause;
    case Mode::Silent:
      if (is_blind_ || lines_.empty()) return pause;
      return is_blank ? std::max(boot_, unknown_pause) : unknown_pause;
    case Mode::Busy:
    case Mode::Question:
    case Mode::Pager:
      if (is_blind_ || (!lines_.empty() && is_key() && !is_blank)) return pause;
      return is_asked() ? pause : answer_;
    case Mode::Shell:
    case Mode::Ended:
      return pause;
  }
  return pause;
}

}  // namespace understudy::app

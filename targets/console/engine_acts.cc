// What is done once the end of the output is understood: the next line, a reply, a key, a login, or
// nothing at all.
#include <algorithm>

#include "targets/console/engine.h"

namespace understudy::targets {

namespace {

using namespace std::chrono_literals;

constexpr int most_stray_questions = 3;
constexpr std::size_t most_questions = 16;  // of one request: a refused reply is asked for again
constexpr Duration shortest_idle = 10s;     // a log-out sooner than this is no idle one
constexpr int most_doublings = 5;           // of the pause between two tries to log in
constexpr Duration pending_silence = 5s;    // after which a login that is none yet is looked at

}  // namespace

void Engine::act(Time at) {
  tail_.is_fresh = false;
  is_login_pending_ = false;
  pending_wake_.reset();
  if (tail_.is_buried) was_dealt_with_ = true;
  switch (tail_.meaning) {
    case Meaning::Nothing:
      break;
    case Meaning::BootLoader:
      return boot_loader_came(at);
    case Meaning::LoginPending:
      return login_pending(at);
    case Meaning::Login:
      return login_asked(at);
    case Meaning::Password:
      return password_asked(at);
    case Meaning::Question:
      return question_came(at);
    case Meaning::Pager:
      return pager_came(at);
    case Meaning::Prompt:
      return prompt_came(at);
  }
}

void Engine::prompt_came(Time at) {
  const Time heard = tail_.heard;
  std::string prompt;
  if (!tail_.is_buried) {
    const std::string_view tail = screen_.tail();
    prompt = tail.substr(tail_.match.begin);
    // Output without a line end before the prompt.
    if (flight_ && tail_.match.begin > 0) append_output(tail.substr(0, tail_.match.begin));
  }
  if (has_noise_after_) {
    // Log lines may have followed the prompt; it was then drawn anew, and ends the answer once.
    const std::string line(last_line());
    const auto match = compiled_->prompt.search(line, scratch_);
    if (match && match->begin == 0) {
      text_.cut_at(last_line_);
      if (tail_.is_buried) prompt = line;
    }
  }
  Captures captures = std::move(tail_.captures);
  for (auto& [name, value] : captures) value = valid_utf8(value);
  learn_prompt(prompt);
  screen_.consume();
  if (flight_) {
    if (echo_.state() != Echo::State::Seen) ++lost_echoes_;
    const bool is_unforeseen = flight_->is_unforeseen;
    finish(is_unforeseen ? Answer::Outcome::Unforeseen : Answer::Outcome::Answered, heard,
           position_, captures);
    was_useful_ = true;
  }
  restart_text(0);
  is_resynchronising_ = false;
  stray_questions_ = 0;
  forget_login();
  if (mode_ != Mode::Shell && mode_ != Mode::Busy) shell_since_ = heard;
  set_mode(Mode::Shell, heard);
  emit(SessionEvent::Kind::Prompt, heard).captures = std::move(captures);
  send_next(at);
}

void Engine::pager_came(Time at) {
  const auto& pager = words_.pagers[tail_.match.alternative];
  if (tail_.is_buried) {
    text_.cut_at(last_line_);
    has_noise_after_ = false;
  }
  screen_.consume_pager(tail_.is_buried ? 0 : screen_.floor() + tail_.match.begin);
  if (flight_) {
    send(pager.key);
    return;
  }
  set_mode(Mode::Pager, at);
  send(pager.quit.empty() ? pager.key : pager.quit);
}

const std::string* Engine::reply_to(const std::string& question) const {
  const auto& asked = flight_->questions;
  auto count = std::count(asked.begin(), asked.end(), question);
  const std::string* reply = nullptr;
  for (const auto& [name, text] : flight_->request.replies) {
    if (name != question) continue;
    reply = &text;
    if (--count == 0) break;
  }
  return reply;
}

void Engine::question_came(Time at) {
  const auto& question = words_.questions[tail_.match.alternative];
  const std::string& leave = !question.cancel.empty()    ? question.cancel
                             : !words_.interrupt.empty() ? words_.interrupt
                                                         : words_.line_end;
  screen_.consume();
  text_.forget_tail();
  set_mode(Mode::Question, tail_.heard);
  if (!flight_) {
    if (stray_questions_++ < most_stray_questions) send(leave);
    return;
  }
  flight_->questions.push_back(question.name);
  const std::string* reply = reply_to(question.name);
  if (flight_->questions.size() > most_questions || flight_->is_unforeseen) reply = nullptr;
  if (reply == nullptr) flight_->is_unforeseen = true;
  // A question that comes for ever is left unanswered in the end: the limit ends the request.
  if (flight_->questions.size() <= 2 * most_questions) send(reply == nullptr ? leave : *reply);
  set_mode(Mode::Busy, at);
}

void Engine::boot_loader_came(Time at) {
  if (flight_) finish(Answer::Outcome::Ended, tail_.heard, position_);
  is_resynchronising_ = false;
  output_.clear();
  screen_.consume();
  set_mode(Mode::BootLoader, at);
}

// ---------------------------------------------------------------- logging in

void Engine::login_failed(std::string_view why, Time at) {
  if (failure_told_) return;
  failure_told_ = true;
  SessionEvent& event = emit(SessionEvent::Kind::LoginFailed, at);
  event.text = why;
  const bool is_booting_still = booted_at_ && at <= *booted_at_ + boot_limit_;
  event.refusal = login_.user.empty() || !next_try(at) ? SessionEvent::Refusal::Final
                  : is_booting_still                   ? SessionEvent::Refusal::Passing
                                                       : SessionEvent::Refusal::Counted;
}

void Engine::forget_login() {
  user_sent_ = password_sent_ = failure_told_ = false;
  is_login_pending_ = false;
  pending_wake_.reset();
  try_at_.reset();
}

/// When a user may be typed; never where it was refused too often. A switch that boots refuses
/// everybody for a while.
std::optional<Time> Engine::next_try(Time at) const {
  if (login_tries_ == 0 || !tried_at_) return at;
  const int doubled = std::min(login_tries_ - 1, most_doublings);
  const Time next = std::max(at, *tried_at_ + words_.login_pause * (1 << doubled));
  const bool is_left = login_tries_ < most_login_tries;
  const bool is_booting_still = booted_at_ && next <= *booted_at_ + boot_limit_;
  return is_left || is_booting_still ? std::optional(next) : std::nullopt;
}

/// False: not now, and at `try_at_` if ever.
bool Engine::may_try(Time at) {
  const auto next = next_try(at);
  if (next && *next > at) try_at_ = next;
  return next && *next <= at;
}

void Engine::try_again(Time at) {
  try_at_.reset();
  if (mode_ == Mode::Login) type_user(at);
  if (mode_ == Mode::Password) type_password(at, true);
}

/// A user is asked for before anybody can be let in: the boot goes on. What is printed behind it,
/// and a long silence, are a reason to have it ask anew.
void Engine::login_pending(Time at) {
  if (flight_) finish(Answer::Outcome::Ended, tail_.heard, position_);
  is_resynchronising_ = false;
  forget_login();
  screen_.consume();
  set_mode(Mode::Booting, tail_.heard);
  is_login_pending_ = true;
  pending_wake_ = at + (tail_.is_buried ? words_.wake_after : pending_silence);
}

/// Log lines came, and nothing else since we typed: the device has drawn its question anew and has
/// not read our answer yet. A second one would be taken for something else.
bool Engine::is_drawn_anew() const {
  return has_noise_after_ && !was_echoed_;
}

void Engine::login_asked(Time at) {
  if (mode_ == Mode::Login && user_sent_ && is_drawn_anew()) return screen_.consume();
  if (flight_) finish(Answer::Outcome::Ended, tail_.heard, position_);
  is_resynchronising_ = false;
  const bool was_in_shell = mode_ == Mode::Shell || mode_ == Mode::Busy;
  if (was_in_shell && (was_useful_ || at - shell_since_ > shortest_idle)) login_tries_ = 0;
  was_useful_ = false;
  if (user_sent_) login_failed("asked for the user again", tail_.heard);
  screen_.consume();
  set_mode(Mode::Login, tail_.heard);
  user_sent_ = password_sent_ = false;
  try_at_.reset();
  if (login_.user.empty()) return login_failed("asked for a user, and none is given", tail_.heard);
  if (may_try(at)) type_user(at);
}

void Engine::type_user(Time at) {
  ++login_tries_;
  tried_at_ = at;
  failure_told_ = false;
  user_sent_ = true;
  was_echoed_ = has_noise_after_ = false;
  send(login_.user);
  send(words_.line_end);
}

void Engine::password_asked(Time at) {
  if (mode_ == Mode::Password && password_sent_ && is_drawn_anew()) return screen_.consume();
  if (flight_) finish(Answer::Outcome::Ended, tail_.heard, position_);
  is_resynchronising_ = false;
  if (password_sent_) login_failed("asked for the password again", tail_.heard);
  screen_.consume();
  set_mode(Mode::Password, at);
  try_at_.reset();
  // Asked without a user of ours (a stale screen): declined, so that the user is asked for.
  const bool is_strange = !words_.login.empty() && !user_sent_;
  if (is_strange) {
    if (login_tries_ >= most_login_tries) return;
    ++login_tries_;
    failure_told_ = password_sent_ = was_echoed_ = has_noise_after_ = false;
    return send(words_.line_end);
  }
  const bool is_new_try = words_.login.empty() || password_sent_;
  if (!is_new_try || may_try(at)) type_password(at, is_new_try);
}

void Engine::type_password(Time at, bool is_new_try) {
  if (is_new_try) {
    ++login_tries_;
    tried_at_ = at;
  }
  failure_told_ = false;
  password_sent_ = true;
  was_echoed_ = has_noise_after_ = false;
  const bool is_spare = !login_.spare.empty() && login_tries_ % 2 == 0;
  send(is_spare ? login_.spare : login_.password);
  send(words_.line_end);
}

}  // namespace understudy::targets

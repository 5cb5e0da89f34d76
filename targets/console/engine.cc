#include "targets/console/engine.h"

#include <algorithm>

namespace understudy::targets {

namespace {

using namespace std::chrono_literals;

constexpr Duration shortest_renudge = 5s;

}  // namespace

Result<std::unique_ptr<Session>> Session::create(const ConsoleWords& words,
                                                 const Credentials& login, std::size_t keep_bytes) {
  auto compiled = compile_words(words);
  if (!compiled) return tl::unexpected(compiled.error());
  return create(std::move(*compiled), login, keep_bytes);
}

std::unique_ptr<Session> Session::create(std::shared_ptr<const CompiledWords> words,
                                         const Credentials& login, std::size_t keep_bytes) {
  return std::make_unique<Engine>(std::move(words), login, keep_bytes);
}

Engine::Engine(std::shared_ptr<const CompiledWords> words, Credentials login,
               std::size_t keep_bytes)
    : compiled_(std::move(words)),
      words_(compiled_->words),
      login_(std::move(login)),
      keep_bytes_(keep_bytes) {}

// ---------------------------------------------------------------- life

void Engine::start_over(Mode mode, Time at) {
  screen_.clear();
  restart_text(0);
  tail_ = {};
  row_pieces_ = 1;
  small_chunks_ = 0;
  is_resynchronising_ = false;
  forget_login();
  login_tries_ = 0;
  stray_questions_ = 0;
  set_mode(mode, at);
}

void Engine::opened(Time at) {
  is_open_ = true;
  was_woken_ = false;
  opened_at_ = at;
  is_held_ = is_guarded_;
  start_over(Mode::Silent, at);
}

void Engine::closed(Time at) {
  if (flight_ && echo_.state() != Echo::State::Waiting) {
    append_output(screen_.row().substr(screen_.floor()));
  }
  if (flight_) finish(Answer::Outcome::Ended, at, position_);
  is_open_ = false;
  output_.clear();
  start_over(Mode::Ended, at);
}

void Engine::received(std::string_view bytes, Time at) {
  if (bytes.empty() || mode_ == Mode::Ended) return;
  const Duration gap = at - received_at_;
  const std::uint64_t begin = position_;
  const bool continues = !screen_.is_blank();
  received_at_ = at;
  if (bytes.size() <= 4) {
    small_gap_ = small_chunks_ == 0 ? Duration{} : std::max(small_gap_, gap);
    ++small_chunks_;
  } else {
    small_chunks_ = 0;
  }
  tail_ = {.is_fresh = true, .match = {}, .captures = {}, .heard = at, .due = {}};
  position_ += bytes.size();
  screen_.feed(bytes, begin, *this);
  if (screen_.row_byte() >= begin) {
    row_pieces_ = 1;
    row_gap_ = {};
  } else if (continues) {
    ++row_pieces_;
    row_gap_ = std::max(row_gap_, gap);
  }
}

void Engine::set_mode(Mode mode, Time at) {
  if (mode_ == mode) return;
  const bool was_usable = is_usable();
  mode_ = mode;
  if (mode == Mode::Booting || mode == Mode::Login || mode == Mode::Ended) is_held_ = is_guarded_;
  if (was_usable && !is_usable()) unusable_since_ = at;
  emit(SessionEvent::Kind::ModeChanged, at);
}

SessionEvent& Engine::emit(SessionEvent::Kind kind, Time at) {
  SessionEvent& event = events_.emplace_back();
  event.kind = kind;
  event.at = at;
  event.mode = mode_;
  event.byte = position_;
  return event;
}

// ---------------------------------------------------------------- the queue

std::size_t Engine::waiting() const {
  return setup_.size() + acts_.size() + polls_.size() + (flight_.has_value() ? 1 : 0);
}

void Engine::submit(Request request, Time at) {
  auto& queue = request.rank == Request::Rank::Setup ? setup_
                : request.rank == Request::Rank::Act ? acts_
                                                     : polls_;
  queue.push_back({.request = std::move(request), .since = at});
  // The first nudge may have been lost with a device that hung.
  if (is_resynchronising_ && at - nudged_at_ >= shortest_renudge) nudge(words_.line_end, at);
  send_next(at);
}

void Engine::release(Time at) {
  is_held_ = false;
  send_next(at);
}

std::deque<Engine::Queued>* Engine::next_queue() {
  if (!setup_.empty()) return &setup_;
  if (is_held_) return nullptr;
  if (!acts_.empty()) return &acts_;
  return polls_.empty() ? nullptr : &polls_;
}

void Engine::send_next(Time at) {
  if (mode_ != Mode::Shell || flight_) return;
  std::deque<Queued>* queue = next_queue();
  if (queue == nullptr) return;
  flight_.emplace(Flight{});
  flight_->request = std::move(queue->front().request);
  flight_->asked = at;
  flight_->first_byte = position_;
  queue->pop_front();
  send(flight_->request.line);
  send(words_.line_end);
  echo_.expect(flight_->request.line, prompt_, words_.echoes);
  restart_text(keep_bytes_);
  tail_.is_fresh = false;
  screen_.consume();
  set_mode(Mode::Busy, at);
}

void Engine::finish(Answer::Outcome outcome, Time heard, std::uint64_t last_byte,
                    Captures captures) {
  Answer answer;
  answer.id = flight_->request.id;
  answer.outcome = outcome;
  answer.is_cut = text_.is_cut();
  answer.text = text_.take();
  for (const std::uint64_t place : flight_->noise_at)
    if (place > 0 && place < answer.text.size()) answer.noise_at.push_back(place);
  answer.questions = std::move(flight_->questions);
  answer.captures = std::move(captures);
  answer.asked = flight_->asked;
  answer.heard = heard;
  answer.first_byte = flight_->first_byte;
  answer.last_byte = last_byte;
  flight_.reset();
  unusable_since_ = heard;
  has_noise_after_ = false;
  emit(SessionEvent::Kind::Answered, heard).answer = std::move(answer);
}

// ---------------------------------------------------------------- time

void Engine::time_passed(Time at) {
  decide(at);
  if (const auto deadline = flight_deadline(); deadline && at >= *deadline) time_out(at);
  if (const auto time = wake_time(); time && at >= *time) wake(at);
  if (try_at_ && at >= *try_at_) try_again(at);
  expire_queue(setup_, at);
  expire_queue(acts_, at);
  expire_queue(polls_, at);
}

std::optional<Time> Engine::next_deadline() const {
  std::optional<Time> next;
  const auto sooner = [&next](std::optional<Time> time) {
    if (time && (!next || *time < *next)) next = time;
  };
  if (tail_.is_fresh && mode_ != Mode::Ended) sooner(tail_.due != Time{} ? tail_.due : tail_.heard);
  sooner(flight_deadline());
  sooner(wake_time());
  sooner(try_at_);
  if (!is_usable() || is_held_) {
    for (const auto& queued : setup_) sooner(unsent_deadline(queued));
    for (const auto& queued : acts_) sooner(unsent_deadline(queued));
    for (const auto& queued : polls_) sooner(unsent_deadline(queued));
  }
  return next;
}

std::optional<Time> Engine::flight_deadline() const {
  if (!flight_ || flight_->request.limit <= Duration{}) return std::nullopt;
  const Time deadline = flight_->asked + flight_->request.limit;
  // A prompt that came in time is believed later; the answer is in time all the same.
  const bool is_prompt_pending =
      tail_.is_fresh && tail_.heard <= deadline && tail_.meaning == Meaning::Prompt;
  return is_prompt_pending ? std::max(deadline, tail_.due) : deadline;
}

std::optional<Time> Engine::unsent_deadline(const Queued& queued) const {
  if (queued.request.limit <= Duration{}) return std::nullopt;
  return std::max(queued.since, unusable_since_) + queued.request.limit;
}

void Engine::expire_queue(std::deque<Queued>& queue, Time at) {
  if (is_usable() && !is_held_) return;
  for (std::size_t i = 0; i < queue.size();) {
    const auto deadline = unsent_deadline(queue[i]);
    if (!deadline || at < *deadline) {
      ++i;
      continue;
    }
    Answer answer;
    answer.id = queue[i].request.id;
    answer.outcome = Answer::Outcome::NotSent;
    answer.asked = answer.heard = at;
    answer.first_byte = answer.last_byte = position_;
    queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(i));
    emit(SessionEvent::Kind::Answered, at).answer = std::move(answer);
  }
}

void Engine::time_out(Time at) {
  if (echo_.state() != Echo::State::Waiting) {
    append_output(screen_.row().substr(screen_.floor()));
  }
  finish(Answer::Outcome::TimedOut, at, position_);
  // What comes late belongs to nobody; a prompt after this nudge ends it.
  is_resynchronising_ = true;
  tail_.is_fresh = false;
  nudge(words_.interrupt.empty() ? words_.line_end : words_.interrupt, at);
  was_interrupted_ = !words_.interrupt.empty();
  set_mode(Mode::Silent, at);
}

void Engine::nudge(std::string_view bytes, Time at) {
  send(bytes);
  nudged_at_ = at;
  was_interrupted_ = false;
}

std::optional<Time> Engine::wake_time() const {
  if (pending_wake_) return pending_wake_;
  // A device that takes no interrupt at its prompt takes a line end.
  if (is_resynchronising_ && was_interrupted_) {
    return std::max(nudged_at_, received_at_) + words_.wake_after;
  }
  const bool is_wanted = is_open_ && mode_ == Mode::Silent && !was_woken_ && !is_resynchronising_ &&
                         !words_.wake.empty();
  if (!is_wanted) return std::nullopt;
  return std::max(opened_at_, received_at_) + words_.wake_after;
}

void Engine::wake(Time at) {
  if (is_resynchronising_) return nudge(words_.line_end, at);
  if (pending_wake_) {
    pending_wake_.reset();
    return send(words_.line_end);
  }
  was_woken_ = true;
  // A line that is not finished yet may tell that the node boots.
  if (compiled_->kind_of(screen_.row(), scratch_) == CompiledWords::LineKind::Booting) return;
  send(words_.wake);
  screen_.consume();
  received_at_ = std::max(received_at_, at);
}

}  // namespace understudy::targets

// Finished lines: whether a node boots, what is noise, where the echo ends, what is the answer.
#include <algorithm>

#include "targets/console/engine.h"

namespace understudy::targets {

void Engine::on_line(const ScreenLine& line) {
  // What comes behind a login that lets nobody in yet may tell that it does now.
  if (is_login_pending_ && line.floor == 0 && !line.text.empty())
    pending_wake_ = received_at_ + words_.wake_after;
  if (!line.is_rest) {
    switch (compiled_->kind_of(line.text, scratch_)) {
      case CompiledWords::LineKind::Booting:
        return boot(line);
      case CompiledWords::LineKind::Noise:
        if (flight_ && flight_->request.keeps_noise && echo_.state() != Echo::State::Waiting) {
          break;
        }
        return noise(line.text, line.byte);
      case CompiledWords::LineKind::Output:
        break;
    }
  }
  if ((mode_ == Mode::Login || mode_ == Mode::Password) && password_sent_ &&
      compiled_->login_failed.search(line.text, scratch_)) {
    login_failed(line.text, received_at_);
  }
  const bool is_at_login = mode_ == Mode::Login || mode_ == Mode::Password;
  if (is_at_login && line.floor > 0 && line.text.size() > line.floor) {
    if (const auto end = noise_after_typing(line.text, line.floor); end != std::string_view::npos) {
      output_line({.text = line.text.substr(0, end), .floor = line.floor, .byte = line.byte});
      return noise(line.text.substr(end), line.byte);
    }
  }
  if (mode_ == Mode::Login && line.text.size() > line.floor &&
      (line.floor > 0 || line.text == login_.user))
    was_echoed_ = true;
  if (flight_ && echo_.wants_lines()) return echo_line(line);
  output_line(line);
}

void Engine::on_piece(std::string_view text) {
  // No echo and no prompt is that long.
  text_.append(text);
  has_noise_after_ = false;
}

void Engine::restart_text(std::size_t keep) {
  text_.restart(keep);
  last_line_ = 0;
  has_noise_after_ = false;
  if (flight_) flight_->noise_at.clear();
}

void Engine::begins_last_line(const ScreenLine& line) {
  last_line_ = text_.place();
  last_line_byte_ = line.byte;
  was_dealt_with_ = line.floor > 0;
  has_noise_after_ = false;
}

void Engine::append_output(std::string_view text) {
  if (!text.empty()) text_.append(valid_utf8(text));
}

void Engine::output_line(const ScreenLine& line) {
  std::string_view text = line.text;
  // Without an echo the answer begins on the prompt's own line.
  if (flight_ && line.floor > 0 && flight_->questions.empty() && !words_.echoes &&
      text_.place() == 0) {
    text.remove_prefix(line.floor);
    if (text.empty()) return;
  }
  if (!prompt_.empty() && !text.empty() && text.front() == prompt_.front() &&
      text.starts_with(prompt_)) {
    if (const std::size_t end = noise_after_typing(text, prompt_.size());
        end != std::string_view::npos) {
      begins_last_line(line);
      noise(text.substr(end), line.byte);
      text_.append_line(text.substr(0, end));
      return;
    }
  }
  if (!text.empty()) begins_last_line(line);
  text_.append_line(text);
  if (line.floor > 0) text_.forget_tail();
}

void Engine::echo_line(const ScreenLine& line) {
  std::string_view text = line.text;
  if (const std::size_t begin = echo_.typed_begin(text, line.floor);
      begin != std::string_view::npos) {
    if (const std::size_t end = noise_after_typing(text, begin); end != std::string_view::npos) {
      noise(text.substr(end), line.byte);
      text = text.substr(0, end);
    }
  }
  const auto rest =
      echo_.take_line(text, line.floor, [this](std::string_view head) { return is_prompt(head); });
  if (rest.restarts) restart_text(keep_bytes_);
  if (echo_.state() == Echo::State::Seen) lost_echoes_ = 0;
  if (!rest.is_output) return;
  begins_last_line(line);
  text_.append_line(rest.text);
  if (line.floor > 0) text_.forget_tail();
}

/// Where noise begins that follows what was typed on the same line, npos if none does. As much as
/// possible of it is taken for typing.
std::size_t Engine::noise_after_typing(std::string_view text, std::size_t begin) const {
  const std::string_view command = flight_ ? std::string_view(flight_->request.line) : "";
  const std::string_view typed = text.substr(std::min(begin, text.size()));
  const auto [end, unused] =
      std::mismatch(typed.begin(), typed.end(), command.begin(), command.end());
  for (auto length = static_cast<std::size_t>(end - typed.begin());; --length) {
    const std::string_view rest = typed.substr(length);
    const auto match = compiled_->noise_only.search(rest, scratch_);
    if (match && match->begin == 0 && !rest.empty()) return begin + length;
    if (length == 0) return std::string_view::npos;
  }
}

void Engine::noise(std::string_view text, std::uint64_t byte) {
  has_noise_after_ = true;
  if (flight_ && (flight_->noise_at.empty() || flight_->noise_at.back() != text_.place()))
    flight_->noise_at.push_back(text_.place());
  SessionEvent& event = emit(SessionEvent::Kind::Noise, received_at_);
  event.text = text;
  event.byte = byte;
}

void Engine::boot(const ScreenLine& line) {
  // What stood as a prompt may be the beginning of this line.
  if (flight_) {
    finish(Answer::Outcome::Ended, received_at_, std::max(flight_->first_byte, line.byte));
  }
  restart_text(0);
  is_resynchronising_ = false;
  forget_login();
  booted_at_ = received_at_;
  login_tries_ = 0;
  stray_questions_ = 0;
  output_.clear();
  SessionEvent& event = emit(SessionEvent::Kind::Booted, received_at_);
  event.text = line.text;
  event.byte = line.byte;
  set_mode(Mode::Booting, received_at_);
}

}  // namespace understudy::targets

#include "targets/console/echo.h"

#include <algorithm>

namespace understudy::targets {

namespace {

constexpr std::size_t shortest_scrolled =
    8;  // of a command's end that is told from output by itself

std::string squeeze(std::string_view text) {
  std::string squeezed;
  for (const char byte : text) {
    if (byte != ' ' && byte != '\t') squeezed += byte;
  }
  return squeezed;
}

bool is_each_twice(std::string_view text, std::string_view once) {
  if (text.size() != 2 * once.size()) return false;
  for (std::size_t i = 0; i < once.size(); ++i) {
    if (text[2 * i] != once[i] || text[2 * i + 1] != once[i]) return false;
  }
  return true;
}

}  // namespace

void Echo::expect(std::string_view command, std::string_view prompt, bool echoes) {
  command_ = command;
  squeezed_ = squeeze(command);
  prompt_ = prompt;
  held_.clear();
  held_text_.clear();
  state_ = echoes ? State::Waiting : State::Seen;
  may_be_doubled_ = false;
}

std::size_t Echo::typed_begin(std::string_view line, std::size_t typed_at) const {
  if (typed_at > 0) return typed_at;
  return !prompt_.empty() && line.starts_with(prompt_) ? prompt_.size() : std::string_view::npos;
}

Echo::Rest Echo::take_line(std::string_view line, std::size_t typed_at, const IsPrompt& is_prompt) {
  std::size_t begin = typed_begin(line, typed_at);
  // The prompt may have changed its name or counter since; then the command tells where it ends.
  if (begin == std::string_view::npos && !command_.empty() && line.size() > command_.size() &&
      line.ends_with(command_) && is_prompt(line.substr(0, line.size() - command_.size()))) {
    begin = line.size() - command_.size();
  }
  const bool is_drawn_anew = begin != std::string_view::npos;
  const std::string_view body = is_drawn_anew ? line.substr(begin) : line;
  if (state_ == State::Waiting) return wait(body, is_drawn_anew);
  if (state_ == State::Seen) {
    may_be_doubled_ = false;
    if (!command_.empty() && body == command_) return {};
    return {.is_output = true, .restarts = false, .text = std::string(line)};
  }
  if (is_drawn_anew && !command_.empty() && body == command_) {
    state_ = State::Seen;
    may_be_doubled_ = true;
    return {.is_output = false, .restarts = true, .text = {}};
  }
  return {.is_output = true, .restarts = false, .text = std::string(line)};
}

bool Echo::is_whole(std::string_view squeezed) const {
  return squeezed == squeezed_ || squeezed == squeezed_ + squeezed_ ||
         is_each_twice(squeezed, squeezed_);
}

Echo::Rest Echo::wait(std::string_view body, bool is_drawn_anew) {
  if (is_drawn_anew) {
    held_.clear();
    held_text_.clear();
  }
  held_ += squeeze(body);
  const bool is_scrolled = body.size() > shortest_scrolled &&
                           (body.front() == '$' || body.front() == '<') &&
                           command_.ends_with(body.substr(1));
  if (is_whole(held_) || (is_drawn_anew && is_scrolled)) {
    state_ = State::Seen;
    may_be_doubled_ = true;
    return {};
  }
  if (squeezed_.starts_with(held_)) {
    if (!body.empty()) held_text_.append(body).append("\n");
    return {};
  }
  if (is_drawn_anew && !command_.empty() && body.starts_with(command_)) {
    state_ = State::Seen;  // no line end between the echo and the answer
    return {
        .is_output = true, .restarts = false, .text = std::string(body.substr(command_.size()))};
  }
  state_ = State::Absent;
  return {.is_output = true, .restarts = false, .text = held_text_ + std::string(body)};
}

}  // namespace understudy::targets

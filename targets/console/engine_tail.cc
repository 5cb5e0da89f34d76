// What the unfinished line means once it stands still: a prompt, a pager, a question, a login, a
// boot loader. A known prompt and a pager are believed as soon as nothing more is there to be read;
// all else after a silence that grows with the slowness of the device.
#include <algorithm>
#include <charconv>

#include "targets/console/engine.h"

namespace understudy::targets {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest_tail = 512;       // bytes of the unfinished line that are matched
constexpr std::size_t longest_question = 1024;  // bytes, with the lines before
constexpr std::size_t most_shapes = 16;
constexpr Duration look_after = 2ms;               // below it a device is still printing
constexpr Duration longest_piece_silence = 250ms;  // four letters at 16 a second
constexpr Duration echo_silence = 1s;              // after which an echo counts as lost
constexpr Duration resync_silence = 200ms;         // between a late answer's prompt and the nudge's
constexpr Duration buried_silence = 250ms;         // in which a device would draw its prompt anew
constexpr int small_chunks_of_slow = 3;

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

/// The prompt with every number replaced by one digit.
std::string shape_of(std::string_view prompt) {
  std::string shape;
  for (const char byte : prompt) {
    if (!is_digit(byte)) {
      shape += byte;
    } else if (shape.empty() || shape.back() != '0') {
      shape += '0';
    }
  }
  return shape;
}

/// The last number in a prompt.
std::optional<std::uint64_t> counter_of(std::string_view prompt) {
  std::size_t end = prompt.size();
  while (end > 0 && !is_digit(prompt[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && is_digit(prompt[begin - 1])) --begin;
  std::uint64_t value = 0;
  if (begin == end ||
      std::from_chars(prompt.data() + begin, prompt.data() + end, value).ec != std::errc()) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

void Engine::decide(Time at) {
  if (!tail_.is_fresh || mode_ == Mode::Ended) return;
  if (!tail_.was_glanced) glance();
  if (tail_.meaning == Meaning::Nothing && !tail_.was_searched && at >= tail_.due) search();
  if (tail_.meaning == Meaning::Nothing) {
    if (tail_.was_searched) tail_.is_fresh = false;
    return;
  }
  if (at >= tail_.due) act(at);
}

void Engine::mean(Meaning meaning, const Pattern::Match& match, Duration silence) {
  tail_.meaning = meaning;
  tail_.match = match;
  tail_.due = tail_.heard + silence;
}

void Engine::glance() {
  tail_.was_glanced = true;
  tail_.due = tail_.heard + std::max<Duration>(look_after, piece_silence());
  const std::string_view tail = screen_.tail();
  if (tail.empty() || tail.size() > longest_tail) return;
  if (!is_silent_mode()) {
    if (const auto match = compiled_->pagers.search(tail, scratch_)) {
      return mean(Meaning::Pager, *match, Duration{});
    }
  }
  search_prompt(tail, true);
}

void Engine::search() {
  tail_.was_searched = true;
  if (screen_.is_blank()) return search_buried();
  if (screen_.tail().empty()) return;
  std::string_view tail = screen_.tail();
  const bool is_cut = tail.size() > longest_tail;
  if (is_cut) tail.remove_prefix(tail.size() - longest_tail);
  const Duration silence = std::max(words_.settle, piece_silence());
  if (const auto match = compiled_->boot_loader.search(tail, scratch_, is_cut)) {
    return mean(Meaning::BootLoader, *match, silence);
  }
  if (search_login(tail, is_cut, silence)) return;
  if (!is_silent_mode() && search_question(text_.tail(), tail)) return;
  search_prompt(tail, false);
}

bool Engine::search_login(std::string_view tail, bool is_cut, Duration silence) {
  for (const auto& [pattern, meaning] :
       {std::pair{&compiled_->login_pending, Meaning::LoginPending},
        std::pair{&compiled_->login, Meaning::Login},
        std::pair{&compiled_->password, Meaning::Password}}) {
    const auto match = pattern->search(tail, scratch_, is_cut);
    if (!match) continue;
    mean(meaning, *match, silence);
    return true;
  }
  return false;
}

/// `before`: the lines that a question may have begun in.
bool Engine::search_question(std::string_view before, std::string_view tail) {
  if (before.size() > longest_question) before.remove_prefix(before.size() - longest_question);
  const std::string context = std::string(before).append(tail);
  for (std::size_t i = 0; i < compiled_->questions.size(); ++i) {
    auto match = compiled_->questions[i].search(context, scratch_);
    if (!match || match->end <= before.size()) continue;
    match->alternative = i;
    mean(Meaning::Question, *match, piece_silence());
    return true;
  }
  return false;
}

bool Engine::search_prompt(std::string_view tail, bool only_known) {
  const bool is_cut = tail.size() < screen_.tail().size();
  auto match = compiled_->prompt.search(tail, scratch_, is_cut);
  if (!match) return false;
  const std::string_view prompt = tail.substr(match->begin);
  const bool is_known = is_known_prompt(prompt);
  if (only_known && !is_known) return false;
  tail_.captures = compiled_->prompt.captures(tail, scratch_);
  match->begin += screen_.tail().size() - tail.size();
  mean(Meaning::Prompt, *match, prompt_silence(is_known));
  return true;
}

std::string_view Engine::last_line() const {
  const std::string_view since = text_.since(last_line_);
  return since.substr(0, since.find('\n'));
}

/// What waits for an answer, was followed by log lines only, and was not drawn anew.
void Engine::search_buried() {
  if (flight_ && echo_.state() == Echo::State::Waiting) return;
  const std::string line(last_line());
  if (has_noise_after_ && mean_buried(line, line.size())) {
    tail_.is_buried = true;
    return;
  }
  if (flight_ && flight_->request.keeps_noise) return;
  const std::size_t end = noise_in(line);
  if (end == line.npos || !mean_buried(line, end)) return;
  tail_.is_buried = true;
  text_.cut_at(last_line_);
  text_.append_line(line.substr(0, end));
  noise(line.substr(end), last_line_byte_);
}

/// `end` is that of what waits, in the last line; the log lines follow behind it.
bool Engine::mean_buried(std::string_view line, std::size_t end) {
  const std::string_view tail = line.substr(0, end);
  if (tail.empty() || tail.size() > longest_tail) return false;
  if (!was_dealt_with_) {
    // An answer may hold such a line; a user is not asked for in the middle of one.
    if (!flight_ && search_login(tail, false, buried_silence)) return true;
    const auto pager = compiled_->pagers.search(tail, scratch_);
    if (!is_silent_mode() && pager && pager->begin == 0) {
      mean(Meaning::Pager, *pager, buried_silence);
      return true;
    }
    std::string_view before = text_.tail();
    before.remove_suffix(std::min(before.size(), line.size() + 1));
    if (!is_silent_mode() && search_question(before, tail)) {
      tail_.due = tail_.heard + buried_silence;
      return true;
    }
  }
  const auto match = compiled_->prompt.search(tail, scratch_);
  if (!match || match->begin != 0) return false;
  tail_.captures = compiled_->prompt.captures(tail, scratch_);
  mean(Meaning::Prompt, *match,
       std::max<Duration>(buried_silence, prompt_silence(is_known_prompt(tail))));
  return true;
}

/// Where a log line begins inside of `line`; npos if none does.
std::size_t Engine::noise_in(std::string_view line) const {
  for (std::size_t begin = 1; begin < std::min(line.size(), longest_tail); ++begin) {
    const std::string_view rest = line.substr(begin);
    if (!compiled_->noise_only.may_match(rest)) continue;
    const auto match = compiled_->noise_only.search(rest, scratch_);
    if (match && match->begin == 0) return begin;
  }
  return line.npos;
}

bool Engine::is_prompt(std::string_view text) const {
  return compiled_->prompt.search(text, scratch_).has_value();
}

/// How long a device that prints letter by letter may take for the next one.
Duration Engine::piece_silence() const {
  Duration gap{};
  if (row_pieces_ > 1) gap = row_gap_;
  if (small_chunks_ >= small_chunks_of_slow) gap = std::max(gap, small_gap_);
  return std::min<Duration>(4 * gap, longest_piece_silence);
}

Duration Engine::prompt_silence(bool is_known) const {
  Duration silence = piece_silence();
  const auto at_least = [&silence](Duration least) { silence = std::max(silence, least); };
  if (!is_known) at_least(words_.settle);
  if (is_resynchronising_) at_least(resync_silence);
  if (flight_ && echo_.state() == Echo::State::Absent) at_least(words_.settle);
  if (flight_ && echo_.state() == Echo::State::Waiting) {
    // More likely the prompt of before, drawn anew; the echo will come. Twice lost, it does not.
    at_least(lost_echoes_ >= 2 ? words_.settle : echo_silence);
  }
  return silence;
}

bool Engine::is_known_prompt(std::string_view prompt) const {
  if (prompt == prompt_ && counted_up_ < 2) return true;
  const bool is_known_shape =
      std::find(shapes_.begin(), shapes_.end(), shape_of(prompt)) != shapes_.end();
  if (!is_known_shape || counted_up_ < 2) return is_known_shape;
  // This device counts its commands: another number is more likely a prompt quoted in output.
  const auto counter = counter_of(prompt);
  return counter && counter_ && (*counter == *counter_ + 1 || (!flight_ && *counter == *counter_));
}

void Engine::learn_prompt(std::string_view prompt) {
  const auto counter = counter_of(prompt);
  if (flight_) {
    const bool is_next = counter && counter_ && *counter == *counter_ + 1;
    counted_up_ = is_next ? counted_up_ + 1 : 0;
  }
  counter_ = counter;
  prompt_ = prompt;
  const std::string shape = shape_of(prompt);
  const auto known = std::find(shapes_.begin(), shapes_.end(), shape);
  if (known != shapes_.end()) {
    std::rotate(known, known + 1, shapes_.end());
    return;
  }
  if (shapes_.size() == most_shapes) shapes_.erase(shapes_.begin());
  shapes_.push_back(shape);
}

}  // namespace understudy::targets

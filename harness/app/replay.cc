#include "harness/app/replay.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <sstream>

#include "harness/app/commands.h"
#include "harness/app/session_file.h"
#include "harness/files.h"

namespace understudy::app {
namespace {

bool ends_line(const std::string& text) {
  return !text.empty() && (text.back() == '\r' || text.back() == '\n');
}

/// A secret of the testbed, as a session keeps it.
bool is_masked_line(const std::string& text) {
  const auto end = text.find_first_not_of('*');
  return end != 0 && ends_line(text) && end + 1 == text.size();
}

}  // namespace

Result<Replay> Replay::from(const std::string& text, const std::string& path) {
  Replay replay;
  std::istringstream lines(text);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string where = fmt::format("{}:{}", path, ++number);
    const auto part = session_part_from(line);
    if (part && part->is_sent) {
      replay.was_sent(part->bytes);
    } else if (part) {
      replay.was_received(part->bytes);
    } else {
      return fail(where, "is no line of a session",
                  "`understudy record` writes {\"at\": ..., \"sent\" or \"received\": ...}");
    }
  }
  if (replay.greeting_.empty() && replay.exchanges_.empty()) {
    return fail(path, "holds no session", "`understudy record` writes one");
  }
  replay.last_ = replay.greeting_;
  return replay;
}

/// The latest exchange was answered with more than its own echo.
bool Replay::is_over() const {
  const Exchange& latest = exchanges_.back();
  return ends_line(latest.sent) || !latest.sent.starts_with(latest.printed);
}

void Replay::was_sent(const std::string& bytes) {
  if (exchanges_.empty() || is_over()) exchanges_.emplace_back();
  exchanges_.back().sent += bytes;
}

void Replay::was_received(const std::string& bytes) {
  (exchanges_.empty() ? greeting_ : exchanges_.back().printed) += bytes;
}

/// A line may be asked again at any time; a key (a pager's, a question's) means something only
/// where it was pressed; a line of stars is whatever was typed where it stood.
const Replay::Exchange* Replay::find_typed() const {
  for (std::size_t i = 0; i < exchanges_.size(); ++i) {
    const Exchange& one = exchanges_[(next_ + i) % exchanges_.size()];
    if (one.sent == typed_ && (i == 0 || ends_line(one.sent))) return &one;
    if (i == 0 && is_masked_line(one.sent) && ends_line(typed_)) return &one;
  }
  return nullptr;
}

std::string Replay::unknown() const {
  const std::string echo = typed_.substr(0, typed_.size() - 1) + "\r\n";
  const std::size_t line = last_.rfind('\n');
  return echo + (line == std::string::npos ? last_ : last_.substr(line + 1));
}

std::string Replay::takes(std::string_view bytes) {
  std::string printed;
  for (const char byte : bytes) {
    typed_ += byte;
    if (const Exchange* found = find_typed()) {
      last_ = found->printed;
      next_ = static_cast<std::size_t>(found - exchanges_.data() + 1) % exchanges_.size();
      printed += found->printed;
      typed_.clear();
    } else if (ends_line(typed_)) {
      printed += unknown();
      typed_.clear();
    }
  }
  return printed;
}

int replay_command(const std::string& path) {
  const auto text = read_text(path);
  if (!text) return could_not_start(text.error());
  auto replay = Replay::from(*text, path);
  if (!replay) return could_not_start(replay.error());
  if (termios mode{}; tcgetattr(STDIN_FILENO, &mode) == 0) {
    cfmakeraw(&mode);
    tcsetattr(STDIN_FILENO, TCSANOW, &mode);
  }
  if (!write_all(STDOUT_FILENO, replay->greeting())) return 0;
  char bytes[4096];
  for (ssize_t count; (count = read(STDIN_FILENO, bytes, sizeof bytes)) > 0;) {
    if (!write_all(STDOUT_FILENO, replay->takes({bytes, static_cast<std::size_t>(count)}))) break;
  }
  return 0;
}

}  // namespace understudy::app

#include "targets/secrets.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>

#include "harness/files.h"
#include "targets/keeper/channel.h"

namespace understudy::targets {
namespace {

constexpr std::size_t shortest_masked = 4;
constexpr std::size_t longest_secret = 4096;

Result<std::string> from_environment(const Secret& secret) {
  const char* value = std::getenv(secret.source.c_str());
  if (value == nullptr)
    return fail(secret.where, fmt::format("the environment has no {}", secret.source));
  return std::string(value);
}

/// The first line of a file that nobody else can read.
Result<std::string> from_file(const Secret& secret) {
  auto text = read_text(secret.source);
  if (!text) return fail(secret.where, fmt::format("{} {}", secret.source, text.error().what));
  struct stat status {};
  if (stat(secret.source.c_str(), &status) != 0 || (status.st_mode & (S_IRGRP | S_IROTH)) != 0)
    return fail(secret.where, fmt::format("{} can be read by others", secret.source),
                "chmod 600 " + secret.source);
  if (text->empty()) return fail(secret.where, fmt::format("{} holds no line", secret.source));
  std::string line = text->substr(0, text->find('\n'));
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

/// A line that is not echoed, from the terminal and nowhere else.
Result<std::string> asked(const Secret& secret) {
  static std::mutex mutex;
  static std::map<std::string, std::string> known;
  const std::lock_guard lock(mutex);
  if (const auto found = known.find(secret.source); found != known.end()) return found->second;
  const Descriptor terminal(open("/dev/tty", O_RDWR | O_CLOEXEC));
  termios before{};
  if (!terminal || tcgetattr(terminal.get(), &before) != 0)
    return fail(secret.where, fmt::format("there is no terminal to ask for {}", secret.source),
                "password: {env: NAME} or {file: PATH} for runs without one");
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  tcsetattr(terminal.get(), TCSAFLUSH, &silent);
  const std::string question = fmt::format("{}: ", secret.source);
  (void)!write(terminal.get(), question.data(), question.size());
  std::string line;
  char byte = 0;
  bool is_whole = false;
  while (!is_whole && line.size() < longest_secret && read(terminal.get(), &byte, 1) == 1) {
    is_whole = byte == '\n';
    if (!is_whole) line += byte;
  }
  tcsetattr(terminal.get(), TCSAFLUSH, &before);
  (void)!write(terminal.get(), "\n", 1);
  if (!is_whole)
    return fail(secret.where, fmt::format("the question for {} was left open", secret.source));
  known.emplace(secret.source, line);
  return line;
}

void cover(std::string& text, std::size_t at, std::size_t length) {
  std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(at), length, '*');
}

bool is_line_end(char byte) {
  return byte == '\r' || byte == '\n';
}

}  // namespace

Result<std::string> reveal(const Secret& secret) {
  switch (secret.kind) {
    case Secret::Kind::Text:
      return secret.source;
    case Secret::Kind::Environment:
      return from_environment(secret);
    case Secret::Kind::File:
      return from_file(secret);
    case Secret::Kind::Prompt:
      return asked(secret);
  }
  return std::string();
}

Mask::Mask(std::vector<std::string> secrets) : secrets_(std::move(secrets)) {
  std::erase(secrets_, "");
  std::ranges::sort(secrets_, std::ranges::greater{}, &std::string::size);
  secrets_.erase(std::unique(secrets_.begin(), secrets_.end()), secrets_.end());
}

std::string Mask::applied_to(std::string text) const {
  for (const std::string& secret : secrets_) {
    const bool is_short = secret.size() < shortest_masked;
    for (auto at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + secret.size())) {
      const auto end = at + secret.size();
      const bool is_alone =
          (at == 0 || is_line_end(text[at - 1])) && (end == text.size() || is_line_end(text[end]));
      if (!is_short || is_alone) cover(text, at, secret.size());
    }
  }
  return text;
}

std::size_t Mask::undecided(std::string_view text) const {
  for (std::size_t length = std::min(text.size(), secrets_.empty() ? 0 : secrets_.front().size());
       length > 0; --length) {
    const std::string_view end = text.substr(text.size() - length);
    for (const std::string& secret : secrets_)
      if (secret.size() > length && secret.size() >= shortest_masked && secret.starts_with(end))
        return length;
  }
  return 0;
}

}  // namespace understudy::targets

#include "harness/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace understudy {
namespace {

std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '\n' || c == '\r' || c == '\t')
      line += ' ';
    else if (code < 0x20 || code == 0x7f)
      line += fmt::format("\\x{:02x}", code);
    else
      line += c;
  }
  return line;
}

/// Insertions, deletions, replacements and swaps of neighbours that make one word of the other.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before_last, last(to.size() + 1), row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    std::swap(last, row);
  }
  return last[to.size()];
}

}  // namespace

std::string to_line(const Error& error) {
  std::string line;
  if (!error.where.empty()) line += error.where + ": ";
  line += error.what;
  if (!error.hint.empty()) line += " (" + error.hint + ")";
  return on_one_line(line);
}

std::string did_you_mean(std::string_view word, std::span<const std::string> known) {
  constexpr std::size_t longest_word = 80;  // the distance is quadratic
  if (word.size() > longest_word) return "";
  const std::string* nearest = nullptr;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : known) {
    if (candidate == word || candidate.size() > longest_word) continue;
    const std::size_t steps = distance(word, candidate);
    if (steps < least && steps < candidate.size()) {
      least = steps;
      nearest = &candidate;
    }
  }
  return nearest == nullptr ? "" : fmt::format("did you mean `{}`?", *nearest);
}

void ensure(bool holds, std::string_view statement, std::source_location place) {
  if (holds) return;
  const std::string line = fmt::format("{}:{}: this should hold and does not: {}\n",
                                       place.file_name(), place.line(), statement);
  std::fputs(line.c_str(), stderr);
  std::abort();
}

}  // namespace understudy

#include "reference-impl/cli/output_filter.h"

#include <vector>

#include "reference-impl/cli/grammar.h"

namespace understudy::reference {
namespace {

std::size_t find_bar(std::string_view line) {
  bool inside = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') inside = !inside;
    if (line[i] == '|' && !inside) return i;
  }
  return std::string_view::npos;
}

OutputFilter::Keeps filter_word(std::string_view word) {
  const auto is = [&](std::string_view full) { return !word.empty() && full.starts_with(word); };
  if (is("include")) return OutputFilter::Keeps::Matching;
  if (is("exclude")) return OutputFilter::Keeps::Others;
  if (is("begin")) return OutputFilter::Keeps::FromFirstMatch;
  return OutputFilter::Keeps::All;
}

}  // namespace

FilteredLine split_filter(std::string_view line) {
  const std::size_t bar = find_bar(line);
  FilteredLine split{.command = line.substr(0, bar), .filter = {}, .nonsense = {}};
  if (bar == std::string_view::npos) return split;
  const std::vector<LineWord> words = split_words(line.substr(bar + 1));
  if (words.empty()) {
    split.nonsense = bar;
    return split;
  }
  split.filter.keeps = filter_word(words[0].text);
  if (split.filter.keeps == OutputFilter::Keeps::All) {
    split.nonsense = bar + 1 + words[0].place;
  } else if (words.size() != 2) {
    split.nonsense = bar + 1 + words[words.size() == 1 ? 0 : 2].place;
  } else {
    split.filter.text = words[1].text;
  }
  return split;
}

std::string filter_lines(const OutputFilter& filter, std::string_view answer) {
  if (filter.keeps == OutputFilter::Keeps::All) return std::string(answer);
  std::string kept;
  bool has_begun = false;
  while (!answer.empty()) {
    const std::size_t newline = answer.find('\n');
    const std::size_t length = newline == std::string_view::npos ? answer.size() : newline + 1;
    const std::string_view line = answer.substr(0, length);
    const bool matches = line.find(filter.text) != std::string_view::npos;
    has_begun |= matches;
    const bool is_kept = filter.keeps == OutputFilter::Keeps::Matching ? matches
                         : filter.keeps == OutputFilter::Keeps::Others ? !matches
                                                                       : has_begun;
    if (is_kept) kept += line;
    answer.remove_prefix(length);
  }
  return kept;
}

}  // namespace understudy::reference

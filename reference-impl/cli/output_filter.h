// `show switch | include "text"`: what stands behind the bar keeps or drops lines of the answer.
// Used by a session; pure. Knows no vendor.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace understudy::reference {

struct OutputFilter {
  enum class Keeps { All, Matching, Others, FromFirstMatch };
  Keeps keeps = Keeps::All;
  std::string text;

  friend bool operator==(const OutputFilter&, const OutputFilter&) = default;
};

/// A line cut at its bar. A bar with nonsense behind it gives the offset of the nonsense.
struct FilteredLine {
  std::string_view command;
  OutputFilter filter;
  std::optional<std::size_t> nonsense;
};
FilteredLine split_filter(std::string_view line);

/// The lines of `answer` that the filter keeps.
std::string filter_lines(const OutputFilter& filter, std::string_view answer);

}  // namespace understudy::reference

#include "targets/wire/receipt_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace understudy::targets {

std::string seconds_text(Time time) {
  return fmt::format("{:.6f}s", static_cast<double>(time.count()) / 1e9);
}

std::string text_of_mark(const FrameMark& mark, const std::string& file) {
  if (mark.number == 0) return "none";
  return fmt::format("frame {} of {} at {}", mark.number, file, seconds_text(mark.at));
}

void count_met_frames(Receipt& receipt, std::uint64_t met, std::uint64_t wanted, Time last,
                      bool is_spent) {
  receipt.words +=
      fmt::format("; {} of {} frames, the last at {}", met, wanted, seconds_text(last));
  receipt.took_effect = is_spent;
  receipt.done = std::max(receipt.done, last);
}

}  // namespace understudy::targets

// What a case did to things that outlive it, undone at its end by the same acts that a suite has.
#include <fmt/format.h>

#include <algorithm>

#include "targets/device/switch_device.h"

namespace understudy::targets {

/// One of these nodes was seen to lose its power, so that it has to be seen to get it.
bool SwitchDevice::is_any_off(const Json& nodes) const {
  const auto named = items_of(nodes);
  return std::ranges::any_of(lines_, [&](const Line& line) {
    return line.has_ended && std::ranges::find(named, line.name) != named.end();
  });
}

/// Now, whatever it was when it was last asked.
bool SwitchDevice::does_answer(Line& line, const Cancel& cancel) {
  return is_answering(line) && exchange(line, "", {}, answer_, cancel).has_value();
}

/// What the case did to things that outlive it: power, modules, parts. A line for each that is not
/// undone, or not seen to be.
std::vector<std::string> SwitchDevice::undo_acts(const Cancel& cancel) {
  std::vector<std::string> lines;
  for (const LeftUndone& one : bench_->left_undone()) {
    const auto left = bench_->left_undone();
    const bool is_left = std::ranges::find(left, one) != left.end();
    if (one.act.word.empty() || !is_left) continue;
    const Json node = one.act.arguments.value("node", Json());
    const bool is_module = one.act.word == "power-on" || one.act.word == "insert";
    const auto line = node.is_string() ? line_of(node.get<std::string>()) : lines_.size();
    if (is_module && line < lines_.size() && does_answer(lines_[line], cancel)) {
      bench_->undone(one);
      continue;
    }
    const bool is_off = is_any_off(node);
    const Receipt receipt = act({one.act}, cancel).front();
    const auto after = bench_->left_undone();
    const bool is_done = std::ranges::find(after, one) == after.end();
    if (receipt.outcome != Receipt::Outcome::Done && (is_off || !is_done))
      lines.push_back(fmt::format("not undone: {}: {}", one.what, receipt.words));
  }
  return lines;
}

}  // namespace understudy::targets

// Steps, acts and receipts in words, as pages and time lines show them.
#pragma once

#include <string>

#include "harness/plan.h"

namespace understudy::reports {

std::string html_escaped(const std::string& text);
std::string act_text(const Act& act);  ///< "cut backplane from MSM-A to MSM-B"
std::string receipt_text(const Receipt& receipt);
std::string step_word(const Step& step);  ///< "do", "expect", ...
std::string step_text(const PlannedStep& step);

/// "1.234s": a duration cut to milliseconds, for reading.
std::string short_time(Duration duration);

}  // namespace understudy::reports

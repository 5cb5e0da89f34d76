// Placeholders of a testbed: `${MSM-A.backplane.local}` and its like in commands and environment.
// Pure text; who knows the values passes a table.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/error.h"
#include "harness/target.h"

namespace understudy::targets {

/// "MSM-A.state" -> the value. Sorted, so that suggestions are stable.
using PlaceholderValues = std::map<std::string, std::string>;

/// `text` with every placeholder replaced; an unknown one is refused with the nearest known.
Result<std::string> expand(std::string_view text, const PlaceholderValues& values,
                           const std::string& where);
Result<std::vector<std::string>> expand(const std::vector<std::string>& texts,
                                        const PlaceholderValues& values, const std::string& where);

/// What a hand's command may use for one act: all of `values`, `${node}` and `${node.REST}` of the
/// act's node, `${argument.NAME}` for each argument.
PlaceholderValues values_for_hand(const PlaceholderValues& values, const Act& act);

/// The names in `${...}` of a text, in order.
std::vector<std::string> placeholders_in(std::string_view text);

}  // namespace understudy::targets

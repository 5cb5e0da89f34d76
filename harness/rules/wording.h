// How conditions, answers and differences read in a verdict: "backup (MSM-B).state = MASTER within
// 30s of losing the master (limits.takeover of lab-7)", "BACKUP until 41.8s (+-0.5s)". Pure text,
// the same on a terminal and in a report. Long values are never printed whole: their difference is.
#pragma once

#include <span>
#include <string>

#include "harness/rules/truth.h"

namespace understudy::rules {

/// "backup (MSM-B)"; the node alone where the case named it by its own name.
std::string name_of(const Trace& trace, const std::string& planned, const std::string& node);

/// "master (MSM-A) sees backup (MSM-B).sync = InSync".
std::string text_of(const Trace& trace, const Group& group);
std::string text_of(const Trace& trace, const Expression& expression);

/// What a step demands, with its bound and where that comes from.
std::string expected_of(const Trace& trace, std::size_t step, const Expression& expression);

/// One answer against what was wanted: "BACKUP", or "lacks `vlan 3900`; has besides `vlan 1`".
std::string shown(const Group& group, const Value& value);

/// "MSM-B: BACKUP" for each atom of a group that spoils it; the node is left out if there is only
/// one.
struct Spoiler {
  const Group* group = nullptr;
  const Atom* atom = nullptr;
  const Sample* sample = nullptr;
};
std::string text_of(const Expression& expression, const Spoiler& spoiler);

/// "41.8s", rounded to four figures, so that a sentence stays readable.
std::string rounded(Duration duration);

/// The lines of `wanted` that `found` lacks and the other way round, at most `limit` of each.
std::string difference(const Value& wanted, const Value& found, std::size_t limit = 4);

/// Answers that were late among `incidents`: "A: `show node`: no answer within 3s, ... (4 times)",
/// at most three of them; empty if none was.
std::string text_of_late(std::span<const Incident> incidents);

}  // namespace understudy::rules

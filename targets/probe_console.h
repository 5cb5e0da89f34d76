// What is asked of one console that has a prompt: whether it refuses what does not exist, echoes,
// gives a long answer whole, shows its clock, and says what the dialect reads. After the first
// command that gets no answer, what gets none either is open. Used by probe.cc only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "targets/device/reading.h"
#include "targets/probe.h"
#include "targets/prober.h"

namespace understudy::targets {

/// What a console tells of the node that it speaks for; nothing, and why, in `unread`.
std::optional<Value> told_by(Prober& prober, std::size_t one, const std::string& own,
                             const std::string& attribute, const Reader& reader,
                             std::string& unread);

/// Puts back what the setup changed of a session that others come to as well.
std::vector<ProbeFinding> probe_console(Prober& prober, std::size_t one, const Reader& reader);

}  // namespace understudy::targets

// Starts our own program again for one of its hidden parts (keeper, launcher), through
// Boost.Process.
#pragma once

#include <sys/types.h>

#include <string>

#include "harness/error.h"

namespace understudy::targets {

/// `program` with the one argument `part`; `channel` becomes its descriptor 0, `errors` (a file
/// that is appended to) its standard error; it inherits nothing else. The caller reaps the child.
Result<pid_t> spawn_part(const std::string& program, const std::string& part, int channel,
                         const std::string& errors);

}  // namespace understudy::targets

// What makes a testbed that can be read impossible to work with: a name of `timing` that nothing
// knows, a program that is nowhere, a secret that cannot be had. The first is refused wherever a
// testbed is loaded, the others by `understudy check`. Reads files and the environment; starts
// nothing, and asks nobody.
#pragma once

#include <vector>

#include "targets/testbed.h"

namespace understudy::targets {

/// Refuses a name that is nearly that of a limit of an installed suite, or of one that stands
/// beside, or a word of ours. Names that are like none of them are a lab's own.
Result<void> check_timing(const TestbedFile& file);

/// Programs that cannot be started and secrets that cannot be revealed, each once.
std::vector<Error> cannot_work(const TestbedFile& file);

}  // namespace understudy::targets

// Before a testbed is trusted: is each console the testbed's, and does each node refuse a command
// that does not exist, give a long answer whole, echo what is typed, and answer with what the
// dialect can read? An adapter that accepts nonsense is refused. A console that is another device's
// ends it, and nothing more is sent. No finding tells a secret. Used by `understudy probe`. Starts
// the testbed's bench, and heals it at the end.
#pragma once

#include <string>
#include <vector>

#include "targets/testbed.h"

namespace understudy::targets {

struct ProbeFinding {
  std::string node;
  std::string question;  ///< "an unknown command is refused"
  bool is_good = false;
  std::string words;     ///< what was seen
  bool is_open = false;  ///< nothing was found out, neither good nor bad
};

/// `folder` receives transcripts, captures and states. A node that ends before its first prompt is
/// an error; one that never shows any has a finding after two boots' time.
Result<std::vector<ProbeFinding>> probe(const LoadedTestbed& testbed, const std::string& folder,
                                        const Cancel& cancel);

/// The same on a bench that is not started yet, of a testbed whose secrets are revealed and masked.
Result<std::vector<ProbeFinding>> probe(Bench& bench, const LoadedTestbed& testbed,
                                        const std::string& folder, const Mask& mask,
                                        const Cancel& cancel);

}  // namespace understudy::targets

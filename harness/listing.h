// What a suite holds and what a case would do, as text for a terminal and as JSON: `understudy
// list`, `plan` and `check`. Pure; nothing is printed here. Text ends in a newline.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/plan.h"

namespace understudy {

/// Cases that a testbed cannot run, with the missing word: `list SUITE --testbed T`.
using NotRun = std::vector<std::pair<std::string, std::string>>;
Result<NotRun> cases_not_run(const Suite& suite, const Capabilities& capabilities,
                             const std::string& testbed);

/// What an edition says: "Offline", "reset Standby, clear Standby or Booting".
std::string said_by(const EditionOutcome& outcome);

/// Clauses by page with level, citation, statement and the cases that check them; then the cases.
std::string list_text(const Suite& suite, const NotRun& not_run = {});

/// {"suite": ..., "clauses": [...], "cases": [...]}.
Json list_json(const Suite& suite, const NotRun& not_run = {});

/// The steps of plans in words, with every wait and where its bound comes from.
std::string plan_text(const Plan& plan);

/// What is sound but looks unintended: clauses that no case checks, awaited conditions that no case
/// demands. Each is a line of `check`; none makes a suite wrong.
std::vector<Error> remarks_on(const Suite& suite);

/// One line: "exos-11.3: sound, 42 clauses, 43 cases".
std::string check_text(const Suite& suite);

}  // namespace understudy

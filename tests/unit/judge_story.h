// Histories written by hand, one token an entry, for the tests of the judge. Times are in
// milliseconds.
//
//   [1  ]1:held                         step 1 begins, ends
//   act:lose:A@5-7                      ordered at 5, done at 7, took effect; with one more word
//                                       (:refused, :unsupported, :no-answer, :broken, :no-effect)
//                                       behind it, it did not
//   B.state=BACKUP@10-12                B's own answer, asked at 10 and heard at 12
//   A>B.sync=InSync@10-12               what A says of B; `backplane>` and `bench>` likewise
//   claimed:=text   forgot:claimed      remembered, or not answered
//   stall@5-9  broken@5  unread:B@5-9  lost:B@5-9  died:B@5
//   close:complete                      the end; without it the history was cut short
//
// Opened and the roles master (A) and backup (B) stand before it all.
#pragma once

#include <string>

#include "harness/judge.h"

namespace understudy::testing {

Plan plan_of(std::vector<PlannedStep> steps, std::vector<Invariant> always = {});
History history_of(const Plan& plan, const std::string& story);

PlannedStep doing(const std::string& word, const std::string& node);
PlannedStep within(const std::string& condition, int milliseconds);
PlannedStep lasting(const std::string& condition, int milliseconds);
PlannedStep now(const std::string& condition);
PlannedStep awaiting(const std::string& condition, int milliseconds);
PlannedStep remembering(const std::string& name, const std::string& term);
PlannedStep pausing(int milliseconds);

/// "backup.state=MASTER, any.sync!=InSync, each.boots=0, no.state=FAIL, A>B.sync=InSync".
Condition condition_of(const std::string& text);

/// The outcome, and the cause up to its first colon: "PASS", "FAIL", "INCONCLUSIVE too slow".
std::string in_short(const Verdict& verdict);

}  // namespace understudy::testing

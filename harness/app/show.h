// What the terminal shows of verdicts: one line a case, a block for each failure, one closing line.
// Pure text; the same facts as the report's pages.
#pragma once

#include <span>
#include <string>

#include "harness/judge.h"

namespace understudy::app {

/// "FAIL  exos-11.3/heartbeat-loss  backup-takes-over  MUST  Concepts Guide 11.3, page 73" and the
/// lines below it: expected, actual, evidence, again.
std::string failure_block(const Verdict& verdict, const std::string& folder, const Plan& plan,
                          bool with_colour);

/// One line for a plan: its worst outcome, its id, and why if it is not PASS.
std::string case_line(const Plan& plan, std::span<const Verdict> verdicts, bool with_colour);

/// The verdict table: a line for each clause, by page: its worst outcome, level, id, how many
/// verdicts each way, page.
std::string clause_table(std::span<const Verdict> verdicts, bool with_colour);

/// Which editions of the manual the device follows, a line each; empty where none contradict.
std::string editions_text(std::span<const Verdict> verdicts);

/// "57 passed, 1 failed, 2 inconclusive, 0 not run; 40 clauses, 39 held".
std::string summary_line(std::span<const Verdict> verdicts);

/// One line, or nothing where nothing is broken on purpose.
std::string defect_line(const std::string& defect);

std::string coloured(Verdict::Outcome outcome, const std::string& text, bool with_colour);

}  // namespace understudy::app

// What consoles printed, read again: the kept bytes of a case (NODE.console, NODE.console.jsonl) go
// through the console engine and a dialect, changed perhaps since the run. An answer is known by
// its place in the transcript, as the evidence in the history has it: what was told from these
// bytes is replaced by what they tell now, and what could not be read is told where it can be. Used
// by `judge --reread`; changes no file. By a dialect that has not changed everything stays as it
// was. What was never asked cannot be told, who had which role stays, and a case that ended for
// want of an answer stays where it ended.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/history.h"
#include "harness/judge.h"
#include "harness/plan.h"
#include "targets/dialect.h"

namespace understudy::targets {

struct Reread {
  History history;
  std::vector<std::size_t>
      lines;                     ///< of each entry: its line in history.jsonl, or the one before it
  std::size_t read = 0;          ///< answers that were unread and are read
  std::size_t otherwise = 0;     ///< answers that tell something else, or less
  std::size_t still_unread = 0;  ///< answers that are unread, or are now
  std::size_t typed = 0;         ///< lines that were sent
  std::size_t known = 0;         ///< of these: commands of the dialect's reads
};

/// An error: a file of the folder cannot be read as what it has to be, with its line.
Result<Reread> reread(const std::string& folder, const Plan& plan, const History& history,
                      std::shared_ptr<const Dialect> dialect);

/// Verdicts on `again.history` name lines of the file on disk instead.
void name_lines_of_file(const Reread& again, std::vector<Verdict>& verdicts);

}  // namespace understudy::targets

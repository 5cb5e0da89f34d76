// Deliberate defects as data: what a node prints is changed line by line, frames of a link are
// lost. So a lab proves clauses of its own, on any testbed, without a compiler. Frames are lost by
// the bench's own words; a case that restores the link ends that part of the defect.
//
//   defects:
//     insync-whatever-happens:
//       sentence: A backup is always called in sync.
//       clauses: [insync-claim-is-true]
//       console: [{match: '\(Not In Sync\)', print: '(In Sync)'}]
//     every-third-heartbeat-is-lost:
//       sentence: ...
//       clauses: [...]
//       frames: [{drop: {link: backplane, type: heartbeat, share: 33%}}]
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "targets/bench.h"
#include "targets/dialect_pattern.h"

namespace understudy::targets {

struct LineFilter {
  DialectPattern match;
  std::string print;  ///< instead of what was matched
};

struct DataDefect {
  std::string id;
  std::string sentence;
  std::vector<std::string> clauses;
  std::vector<LineFilter> console;
  std::vector<Act> frames;
  /// Lines and frames that it changed, of all benches that have it; a bench adds its frames when
  /// the fault is lifted.
  std::shared_ptr<std::atomic<std::size_t>> changes = std::make_shared<std::atomic<std::size_t>>(0);
};

Result<std::vector<DataDefect>> read_data_defects(const std::string& path);

/// The bench with that defect. A line that comes in pieces is changed as far as it came at once.
std::unique_ptr<Bench> with_defect(std::unique_ptr<Bench> bench, DataDefect defect);

}  // namespace understudy::targets

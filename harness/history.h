// The history of one plan's run: append-only, in target time, the only thing a verdict is made
// from. history.jsonl has one entry a line and is the same byte for byte for one seed on a
// simulated target. run.json (host facts) is written last and holds the hash chain's length and
// head, and a hash of every other file that the run left (plan, transcripts, captures); without it
// the history was cut short. Files are read back by read_history; damage is found, never passed
// over.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "harness/target.h"

namespace understudy {

struct Entry {
  enum class Kind {
    Opened,      ///< the target was opened: `name` is the testbed, `value` the plan's id, `defect`
                 ///< what is broken in it on purpose
    Bound,       ///< role `name` is node `value` from now on
    StepBegan,   ///< `step`
    Acted,       ///< `step`, `act` (roles and names replaced), `receipt`
    Observed,    ///< `observation`
    Remembered,  ///< `step`, `name` <- `value`; an empty `value` with known == false: no answer
    Happened,    ///< `incident`
    StepEnded,   ///< `step`; `value`: "held", "not held", "cancelled"
    Restored,    ///< custody is done; `value` holds what could not be put back, `name` what it took
                 ///< to bring a device back that was left down, line by line
    Closed  ///< the run came to its end; `value`: "complete", "cancelled", "abandoned"; `name`: why
  };
  Kind kind = Kind::Opened;
  Time at{};
  std::size_t step = 0;
  std::string name{};
  Value value{};
  bool known = true;
  Act act{};
  Receipt receipt{};
  Observation observation{};
  Incident incident{};
  std::string defect{};  ///< of Opened; empty: nothing

  friend bool operator==(const Entry&, const Entry&) = default;
};

struct History {
  std::vector<Entry> entries;  ///< entry i stands on line i + 1 of history.jsonl
  bool is_whole = false;       ///< all that run.json seals is there as it was written
  bool is_altered = false;     ///< it was changed after it was sealed: nothing in it counts
  std::string damage;          ///< what is missing or wrong; empty if whole
};

/// Where a run writes. Entries are with the system (written, not buffered) when the call returns.
class HistorySink {
 public:
  virtual ~HistorySink() = default;
  virtual void append(const Entry& entry) = 0;
};

/// What is not target data: host, versions, load, wall-clock start. Goes to run.json.
struct RunFacts {
  Json facts = Json::object();
};

/// Writes FOLDER/history.jsonl; finish() writes run.json atomically. Creates the folder. A write
/// that fails (a full disk) is remembered and returned by finish(), which then leaves no run.json.
class HistoryFile : public HistorySink {
 public:
  static Result<std::unique_ptr<HistoryFile>> create(const std::string& folder);
  /// `files` lie in FOLDER and are sealed as they are now.
  virtual Result<void> finish(const RunFacts& facts, const std::vector<std::string>& files) = 0;
};

/// Keeps entries in memory (simulated runs that need no files, tests).
class HistoryInMemory : public HistorySink {
 public:
  void append(const Entry& entry) override {
    history.entries.push_back(entry);
    history.is_whole = entry.kind == Entry::Kind::Closed;
  }
  History history;
};

/// Canonical JSON, keys sorted, no newline; only the fields that the entry's kind has. Bytes that
/// are no UTF-8 become U+FFFD.
std::string to_line(const Entry& entry);
Result<Entry> entry_from(const std::string& line, const std::string& where);

/// Reads FOLDER/history.jsonl and run.json. An unreadable folder is an error; a history that was
/// cut short or changed, or beside which a sealed file was, is returned with is_whole == false and
/// the damage in words, and holds the entries before the first line that cannot be read.
Result<History> read_history(const std::string& folder);

}  // namespace understudy

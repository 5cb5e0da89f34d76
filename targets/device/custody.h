// What a run takes of a device before it changes anything, and what puts it back. The first part is
// pure: what is to be sent so that a device tells again what it told. The record of what was taken
// is one for all targets of a run; each of them writes it into the folder of its case, where the
// history seals it, and beside it a mark for `heal`, which is removed once all is as it was.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "targets/dialect.h"

namespace understudy::targets {

/// One thing as it was: a rule of the dialect, whose it is, and the value.
struct TakenThing {
  std::string rule;
  std::string node;  ///< who told it; of the chassis: who led then
  Value value;

  friend bool operator==(const TakenThing&, const TakenThing&) = default;
};

/// Shared by the targets of one run, one after the other.
struct CustodyRecord {
  std::string testbed;             ///< its file, as `heal` finds it
  std::vector<std::string> nodes;  ///< that answered
  std::vector<TakenThing> things;  ///< of the chassis the leader's first
  bool was_taken = false;
};

struct PutBack {
  std::vector<std::string> lines;
  std::vector<std::string> cannot;  ///< lines that nothing undoes
};

/// What is sent for a thing of `node` that is `now` something else than was taken.
PutBack put_back(const Dialect& dialect, const CustodyRule& rule, const std::string& node,
                 const Value& taken, const Value& now);

/// The lines of a text may stand in another order.
bool is_as_it_was(const CustodyRule& rule, const Value& taken, const Value& now);

/// How two values differ, on one line: "`create vlan v1` is there".
std::string difference(const CustodyRule& rule, const Value& taken,
                       const std::optional<Value>& now);

Json to_json(const CustodyRecord& record);
Result<CustodyRecord> custody_record_from(const Json& json, const std::string& where);

/// The files of a case: what was taken (sealed with the history), and the mark for `heal`.
inline constexpr const char* name_of_custody = "custody.json";
std::string custody_mark(const std::string& folder);

/// Marks below `out`: runs that have not put back what they took.
std::vector<std::string> custody_marks(const std::string& out);

}  // namespace understudy::targets

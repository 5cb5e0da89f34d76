// What a run has done to things that outlive it, and what undoes each: outlets that are off,
// modules that are out, parts that are broken. OUT/.understudy/undo-PID.json, on the disk before
// the order is given, in the file until it is undone, removed with the last entry. Written by the
// bench, one thread; read by `understudy heal` once its harness is gone.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "harness/error.h"
#include "targets/bench.h"

namespace understudy::targets {

/// One thing that is not as it was.
struct Undo {
  LeftUndone left;
  std::vector<std::string> command;  ///< undoes it; empty: nothing of the testbed does
  bool is_for_hands = false;         ///< somebody at the chassis can
};

class UndoList {
 public:
  /// `environment` ([[name, value]...]) and `limit` are those of the commands; `keeper` carries out
  /// the orders that are to be undone.
  UndoList(const std::string& out, pid_t keeper, Json environment, Duration limit);

  /// The order must not be given unless this has succeeded. What is in the list stays there once.
  Result<void> before(const Undo& undo);
  void undone(const std::string& what);
  const std::vector<Undo>& left() const { return left_; }

 private:
  Result<void> write() const;

  std::string path_;
  pid_t keeper_;
  Json environment_;
  Duration limit_;
  std::vector<Undo> left_;  ///< in the order in which it was done
};

/// The word that undoes a hand's word: "insert" for "remove"; empty: nothing does. Nothing at all
/// for words that leave nothing behind.
std::optional<std::string> inverse_of(const std::string& word);

}  // namespace understudy::targets

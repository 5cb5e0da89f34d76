// What holds in every case, judged over the whole history.
//
// never: an answer at whose instant the condition held.
// at most one: two nodes that hear each other (hearing.h) satisfy the term at one instant: an
// answer of
//   one lies between two answers of the other, with nothing between that may have changed it. What
//   frames on a link say of a node counts beside the node's own answers.
// not without an act: a count of a node grows, or its process ends, and no act of ours explains it.
//   What explains what, chosen so that it is never a false alarm and still catches a restart
//   in a case that only saves or configures, and one restart too many:
//   * Acts of hazard `disrupts` explain; others (configure, save, login, ...) explain nothing, nor
//   does
//     an act that was refused or is unsupported.
//   * Each such act explains one restart (and one core) of every node of the chassis, from its
//   order to
//     the end of the case: a backup that is not in sync restarts when the master is lost, the loser
//     of a split restarts when the link is mended, and nobody published how soon. Of n acts each
//     node may restart n times, the restart n + 1 is unexplained.
//   * Log events are not counted against acts: the first disrupting act explains all after it.
//   * The end of a process is explained only by an act that names its node and can end it.
//   A count that falls (a log that a boot emptied) begins anew.
#pragma once

#include "harness/rules/expect.h"

namespace understudy::rules {

Finding judge_never(const Trace& trace, const Invariant& invariant);
Finding judge_at_most_one(const Trace& trace, const Invariant& invariant);
Finding judge_not_without_act(const Trace& trace, const Invariant& invariant);

Finding judge_invariant(const Trace& trace, const Invariant& invariant);
std::string expected_of(const Trace& trace, const Invariant& invariant);

/// All answers of the history, in the names that it ended with.
Window whole(const Trace& trace);

}  // namespace understudy::rules

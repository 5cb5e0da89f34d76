// The launcher: a small process between the keeper and one node (or one hand's command). It opens
// the pty or the pipes, runs the command in a session of its own, and is the subreaper of
// everything that the command starts, so that a power cut reaches double-forked children as well.
// It ends its tree when it is told to, when the node itself ends, and when the keeper dies.
//
// Descriptor 0 is its channel to the keeper (channel.h). Comes first:
//   {command: [...], environment: [[name, value]...], pty: bool, merge_stderr: bool}
// Answers: {event: started, pid, at} with the console's descriptors (pty: one; pipes: to read, to
// write) and, unless it is merged, one to read its standard error,
//   or {event: failed, what}. Then orders {order: stop | continue | kill}, each answered
//   {event: stopped | continued, at, words} or, when the last process of the tree is reaped,
//   {event: ended, text, status, at}, after which it ends. `at` is monotonic_now() in nanoseconds.
#pragma once

namespace understudy::targets {

/// The whole process: `__launch`. Returns its exit status.
int launcher_main();

}  // namespace understudy::targets

// The keeper: a process a run, the parent of all nodes (through launchers), home of the relay
// threads and of the undo journal. It obeys the harness over a channel (channel.h) that no other
// process inherits; when that closes, or the harness is gone, it heals by itself within 5 s: faults
// are lifted, nodes and everything that they started are ended, sockets and journal removed. An
// inline wire that joins anything but nodes of ours goes on forwarding, without faults, until
// SIGTERM (`understudy heal`). If the keeper is killed, its launchers end their nodes, and an
// inline wire is a link that is down. It sits in a session of its own, so Ctrl-C on a terminal does
// not reach it.
//
// Orders of the harness; `nodes` and `link` are indexes, times nanoseconds of target time:
//   {order: setup, start, folder, out, seed, stall_limit, refresh, hold_limit, nodes: [name],
//    links: [{name, ends: [node], frames: path, interfaces: [name], filter, payload_at, where,
//             outlives}]}
//       -> {event: ready, run, control, links: [[{local, peer}]], consoles: [host:port]} or {event:
//       failed, where, what, hint}
//   {order: power-on, id, nodes: [{node, command, environment, pty}]}
//   {order: power-off | hang | resume, id, nodes: [node]}
//   {order: fault, id, link, word, arguments}   as an act of the bench
//   {order: restore, id, link}
//   {order: hand, id, command, environment, limit}
//       -> {event: receipt, id, ok, at, words}; of fault and restore also `number` (the fault's or
//       the
//          lift's own) and last_passed, last_lost: {number, at}
//   {order: end} -> {event: bye, lines}
// Unasked:
//   {event: started, node, at} with the console's descriptors, {event: start-failed, node, what},
//   {event: ended, node, at, text, expected}, {event: acted, link, number, acted, spent, frame,
//   at}, {event: passed, link, number, frame, at}, {event: fact, observation: {...}}, {event:
//   stall, from, at, text}, {event: broken, at, text}
#pragma once

#include "harness/target.h"

namespace understudy::targets {

/// The whole process: `__keeper`, with the channel as descriptor 0. Returns its exit status.
int keeper_main();

/// A fact of the keeper's links in a message, and back.
Json json_of(const Observation& observation);
Observation observation_from(const Json& json);

}  // namespace understudy::targets

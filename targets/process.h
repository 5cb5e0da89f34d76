// The bench made of real things: each node is a command of ours with its console on a pty or on
// pipes, or a module that stands somewhere, or either with its console behind a door
// (doors/door.h); each link a relay of ours between loopback UDP ports or an inline wire between
// real interfaces, power is a signal, hands are commands. A keeper process is the parent of all
// nodes and runs the relays, so that nothing outlives the harness however it ends
// (keeper/keeper.h). Used by the testbed loader; the Bench it returns is driven by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/error.h"
#include "targets/bench.h"
#include "targets/doors/settings.h"
#include "targets/listeners/snmp_session.h"
#include "targets/secrets.h"

namespace understudy::targets {

struct ProcessNode {
  std::string name;
  std::vector<std::string> command;  ///< with placeholders; found beside our own program, then in
                                     ///< PATH; empty: the node is not ours to start
  bool pty = true;                   ///< otherwise pipes; standard error goes to FOLDER/NAME.stderr
  std::vector<std::pair<std::string, std::string>>
      environment;  ///< added to ours; with placeholders
  /// By which means it alone loses and gets its power: "signal", "outlet", "operator"; empty: none.
  std::string power = "signal";
  std::optional<DoorSettings> door{};  ///< how its console is reached; absent: its process is it
  bool is_management = false;          ///< no node: an address that leads to one of the others
};

/// A socket of a power strip. It feeds one node or several; a node may have several.
struct ProcessOutlet {
  std::string name;
  std::vector<std::size_t> feeds;  ///< indexes of nodes
  std::vector<std::string> on;     ///< commands, with placeholders as a hand's
  std::vector<std::string> off;
  std::vector<std::string> state;  ///< prints "on" or "off"; empty: the consoles have to tell
};

struct ProcessLink {
  std::string name;
  std::vector<std::size_t> ends;  ///< indexes of nodes, two or more
  std::string frames;             ///< path of the frames data; empty: every frame is `other`
  std::vector<std::string> interfaces{};  ///< of each end: an inline wire; empty: in user space
  std::string filter{};        ///< inline: the frames that `frames` describes, for libpcap
  std::size_t payload_at = 0;  ///< inline: where what it describes begins in them
  std::string where{};         ///< file:line; empty: the testbed

  bool is_inline() const { return !interfaces.empty(); }
  /// By which means its faults come.
  std::string means() const { return is_inline() ? "inline wire" : "relay"; }
};

/// A port that the bench listens on, for what the switch sends by itself.
struct ProcessListener {
  std::string name;        ///< "traps", "syslog"
  FrameAddress address{};  ///< port 0: one of its own for each bench
  std::string reached{};   ///< where the switch sends to; empty: the address itself
  std::string where{};     ///< file:line
};

/// What people do at a chassis: `insert`, `press`, ... as a command. Beside the placeholders of
/// nodes,
/// `${node}` is the act's node, `${node.control}` a value of it, `${argument.NAME}` an argument.
struct ProcessHand {
  std::string word;
  std::vector<std::string> command;

  bool is_for_operator() const { return command == std::vector<std::string>{"operator"}; }
};

/// Placeholders, in commands and environment:
///   ${NODE.LINK.local}  host:port that the node binds       ${NODE.LINK.peer}  the relay's end: it
///   sends here
///   ${NODE.state}       a folder of its own, empty at first  ${NODE.control}    path for a unix
///   socket
///   ${NODE.console}     host:port for a console over TCP   ${NODE.address}    its host alone
///   ${LISTENER}         host:port of a listener (${traps}, ${syslog}), ${LISTENER.host},
///   ${LISTENER.port}
///   ${run}              a word that no other run has
/// Values are new for each bench; nodes that are powered on again keep theirs. Unknown ones are
/// refused.
struct ProcessBenchSettings {
  std::string testbed;  ///< name, for messages: "file" or "file:line" of the testbed
  std::vector<ProcessNode> nodes;
  std::vector<ProcessLink> links;
  std::vector<ProcessHand> hands;
  std::vector<ProcessOutlet> outlets;
  std::vector<ProcessListener> listeners{};
  std::optional<SnmpPeer> snmp{};    ///< whom SNMP get asks
  std::vector<std::string> prepare;  ///< a command that makes the bench ready, before each start
  std::string folder;                ///< exists; receives captures, states, standard error
  Mask mask{};                       ///< of what nodes print to standard error
  std::string out;  ///< where the undo journal lies (OUT/.understudy); empty: `folder`
  Duration heartbeat = std::chrono::milliseconds(100);
  std::int64_t limit =
      3;  ///< missed heartbeats until a node is taken for dead; both set the stall limit
  Duration hand_limit = std::chrono::seconds(10);
  bool is_attended = false;  ///< somebody at the terminal does what only hands can do
  Duration boot = std::chrono::seconds(10);  ///< within it a node that got power shows itself
  std::uint64_t seed = 1;                    ///< drives shares and corruption
  std::string
      keeper_program;  ///< runs keeper_main() for argument "__keeper"; empty: our own program
};

/// Checks the settings (names, placeholders, frames data); starts nothing yet.
Result<std::unique_ptr<Bench>> make_process_bench(ProcessBenchSettings settings);

/// A program that opens process benches hands over to this first of all in main(): true if the
/// arguments are those of a hidden subcommand ("__keeper", "__launch"), which it has then run, with
/// the exit status.
bool run_hidden_command(int argc, char** argv, int& status);

/// Undoes what a run left behind whose keeper died as well, from the journals below `out`: ends
/// left-over nodes (by process id and start time), removes their sockets. A line for each thing
/// done or not possible.
std::vector<std::string> heal_process_benches(const std::string& out);

/// A line for each thing done or not possible.
struct Healed {
  std::vector<std::string> lines;
  bool is_whole = true;
};

/// The files below `out` in which runs note what undoes what they did to things that outlive them.
std::vector<std::string> undo_lists(const std::string& out);

/// Undoes what dead runs did to such things: outlets, modules, parts. `is_attended`: somebody at
/// the terminal does what only hands can do; otherwise that is told, and is not whole.
Healed undo_what_was_done(const std::string& out, bool is_attended);

}  // namespace understudy::targets

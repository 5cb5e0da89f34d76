// The bench under a target: consoles as bytes, power, links and hands, and the clock. Two kinds
// exist, simulated (a virtual world) and real (processes, relays, lines); the one Target class
// (device.h) stands on either and speaks the dialect. One thread; nothing blocks except pump().
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/target.h"
#include "targets/listeners/notification.h"
#include "targets/wire/capture.h"

namespace understudy::targets {

/// Something that happened on the bench, in order of time.
struct BenchEvent {
  enum class Kind {
    Bytes,          ///< `node`'s console printed `text`
    ConsoleOpened,  ///< the console can be written to (process started, session up); `text`:
                    ///< "break" where one was sent to it
    ConsoleClosed,  ///< the session ended; `text`: why, where its door knows; for a process console
                    ///< the node ended as well
    NodeStarted,    ///< the node's process was started, or its power came
    NodeEnded,      ///< the node's process ended; `expected` tells whether an act of ours did it
    Fact,           ///< `observation`: from frames on a link, or from power
    Datagram,       ///< `text` came to `listener` from `sender`
    SnmpAnswered,   ///< `variables`, asked at `from`; none: `text` says why
    Stall,     ///< the host was late over [from, at]; `text` says what was late and by how much
    Broken,    ///< the bench failed; `text` is the cause
    IdleFault  ///< a fault was lifted that met no frame over [from, at]; `text` says which
  };
  Kind kind = Kind::Bytes;
  std::size_t node = 0;  ///< index in Capabilities::nodes
  std::string text;
  Time from{};
  Time at{};
  bool expected = false;
  Observation observation;
  std::string listener{};
  FrameAddress sender{};
  std::vector<SnmpVariable> variables{};
};

/// Power that an outlet or hands gave or took: nothing but consoles and other nodes can show it,
/// and who talks with them looks.
struct PowerChange {
  std::vector<std::size_t> nodes;
  bool on = false;
  Time at{};                  ///< when the order was carried out
  bool is_confirmed = false;  ///< the outlets' own state says so
};

/// Something that outlives the run and is not as it was.
struct LeftUndone {
  std::string what;  ///< what undoes it: "outlet pdu3-12: on", "insert MSM-B"
  Act act;           ///< which does so while the bench is there; no word: nothing does

  friend bool operator==(const LeftUndone&, const LeftUndone&) = default;
};

/// The bench's own words, carried out without a console. Arguments as in Act; nodes and links by
/// name:
///   lose|power-off|power-on {node | "chassis"}, hang|resume {node},
///   cut {link, from?, to?, type?}, drop {link, from?, to?, type?, count?, share?}, delay {...,
///   by}, duplicate|reorder|corrupt {..., count?, share?}, restore {link}, insert|remove|press
///   {node, ...}.
/// `from` and `to` absent: every ordered pair. `type` absent: every frame; otherwise a name of
/// frames data.
class Bench {
 public:
  virtual ~Bench() = default;

  virtual Time now() const = 0;

  /// Starts every node. The error is one that stops a run before it began: exit 3.
  virtual Result<void> start() = 0;

  /// Writes to a node's console. Bytes for a console that is not open are dropped.
  virtual void send(std::size_t node, std::string_view bytes) = 0;

  /// Waits until something happened or `until` has come (or `cancel`), and appends what happened.
  virtual void pump(Time until, const Cancel& cancel, std::vector<BenchEvent>& events) = 0;

  /// Carries out a word of the bench. `took_effect` only with proof (the process is stopped or
  /// gone, the relay has confirmed, with the last frame passed and the first one lost), or with a
  /// change() that is still to be seen.
  virtual Receipt apply(const Act& act) = 0;

  /// What the latest apply() changed and cannot see.
  virtual std::optional<PowerChange> change() const { return std::nullopt; }

  /// It was seen: these nodes have power from now on, or have none; told as events.
  virtual void seen(const PowerChange&) {}

  /// What was done to things that outlive the run, the latest first.
  virtual std::vector<LeftUndone> left_undone() const { return {}; }

  /// One of them is as it was, whoever saw to that.
  virtual void undone(const LeftUndone&) {}

  /// The words that apply() can carry out here.
  virtual std::vector<std::string> acts() const = 0;

  /// Words of benches that it knows the want of: no outlet of one module alone, nobody at the
  /// chassis.
  virtual std::vector<ImpossibleAct> impossible() const { return {}; }

  /// Lifts every fault and ends every node; lines for what could not be undone, and for what is
  /// left_undone(). Idempotent.
  virtual std::vector<std::string> heal() = 0;

  /// Asks the switch by SNMP get; the answer is an event. False where nobody can be asked now.
  virtual bool snmp_get(const std::vector<std::string>&) { return false; }

  /// What placeholders stand for, once it was started: `traps.host`, `traps.port`, `NODE.address`.
  virtual std::map<std::string, std::string> values() const { return {}; }

  /// Ends the session of a node's console, so that the next one begins with a login. False: it is
  /// not reached from outside.
  virtual bool open_again(std::size_t node) {
    (void)node;
    return false;
  }

  /// Files written into the run's folder (captures).
  virtual std::vector<std::string> artefacts() const = 0;
};

}  // namespace understudy::targets

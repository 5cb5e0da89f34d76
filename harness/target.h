// The vocabulary between a run and what it runs against: acts, conditions, observations, receipts,
// and the Target that owns time. Everything but Target is a regular value that is planned, stored
// in a history, judged later without a device, and crosses into Python. No thread, clock or
// callback.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/error.h"

namespace understudy {

/// Target time: since the target was opened, on one monotonic clock (virtual on a simulated one).
using Time = std::chrono::nanoseconds;
using Duration = std::chrono::nanoseconds;

/// Values are text until a word types them. Arguments of acts are small trees of text.
using Value = std::string;
using Json = nlohmann::json;

// ---------------------------------------------------------------- what is asked of a switch

/// What an answer is compared with. The words of the suite language name the kinds.
struct Matcher {
  enum class Kind { Equals, Not, OneOf, NoneOf, AtLeast, AtMost, Above, Below, Matches, Known };
  Kind kind = Kind::Equals;
  std::vector<Value> values;  ///< one, or several for OneOf and NoneOf; none for Known

  friend bool operator==(const Matcher&, const Matcher&) = default;
};

/// True if `value` satisfies the matcher. AtLeast to Below compare numbers, or durations ("1.5s"),
/// or percentages; a value that is no number satisfies none of them. Matches is a PCRE2 search.
bool matches(const Matcher& matcher, const Value& value);

enum class Quantifier { The, Each, Any, No };

/// `backup.state: MASTER`, `master sees backup.state: FAIL`, `each.boots: 0`.
struct Term {
  Quantifier quantifier = Quantifier::The;
  std::string
      subject;  ///< node or link name, or (in a plan, before binding) a role; empty unless The
  std::string observer;  ///< empty: the subject's own answer
  std::string attribute;
  Matcher matcher;

  friend bool operator==(const Term&, const Term&) = default;
};

/// All terms hold at once. A condition without terms never holds (a pause).
struct Condition {
  std::vector<Term> terms;

  friend bool operator==(const Condition&, const Condition&) = default;
};

/// One answer: who told what about whom, and between which two instants it was true.
struct Observation {
  enum class Kind { Claim, Fact };  ///< the switch said it, or we measured it otherwise
  Kind kind = Kind::Claim;
  std::string observer;  ///< a node (its console), a link (its frames), a listener, or "bench"
  std::string subject;   ///< the node or link that it is about
  std::string attribute;
  Value value;
  Time asked{};  ///< it was true at some instant in [asked, heard]
  Time heard{};
  std::string
      evidence;  ///< e.g. "MSM-A.console:1034-1990" (bytes of a transcript), "backplane.pcap:17"

  friend bool operator==(const Observation&, const Observation&) = default;
};

// ---------------------------------------------------------------- what is done to a switch

/// A word of the suite language with its arguments: {"word": "reboot", "arguments": {"node": ...}}.
/// In a plan arguments may hold roles and $names; a target only ever sees names of its own testbed.
struct Act {
  std::string word;
  Json arguments = Json::object();

  friend bool operator==(const Act&, const Act&) = default;
};

/// An act that a target knows and cannot do, for want of a means.
struct ImpossibleAct {
  std::string word;
  std::string why;       ///< "outlet pdu3-12 feeds MSM-A and MSM-B"
  bool is_whole = true;  ///< false: of one node alone; of all of them together it can be done

  friend bool operator==(const ImpossibleAct&, const ImpossibleAct&) = default;
};

/// What became of an act. A fault counts as injected only if `took_effect`.
struct Receipt {
  enum class Outcome {
    Done,         ///< the act was carried out (accepted by the switch, or seen to take effect)
    Refused,      ///< the switch knows the command and declined; `words` says how
    Unsupported,  ///< the switch does not know the command or has no licence for it: NOT RUN
    NoAnswer,     ///< the switch did not answer in time
    BenchBroken   ///< we could not do it: inconclusive, `words` says why
  };
  Outcome outcome = Outcome::Done;
  std::string means;  ///< by which means: "SIGSTOP", "console", "outlet pdu3-12", "relay"
  std::string words;  ///< the switch's own words, or the cause
  Time ordered{};     ///< when we began
  Time done{};  ///< when it was known to have taken effect; the effect lies in [ordered, done]
  bool took_effect = false;

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// What a testbed and its dialect can do. A case that needs a word outside is NOT RUN with that
/// word.
struct Capabilities {
  std::vector<std::string> nodes;  ///< in slot order, the vendor's names
  std::vector<std::string> links;
  std::vector<std::string> acts;  ///< words, e.g. "save", "lose", "cut"
  std::vector<ImpossibleAct> impossible;
  std::vector<std::string> attributes;  ///< e.g. "state", "config.active", "backplane.heartbeats"
  std::vector<std::pair<std::string, std::vector<Value>>>
      vocabularies;                    ///< attribute -> all that it can be; absent: any text
  std::vector<std::string> observers;  ///< who can be asked: nodes, links and listeners
  std::vector<std::pair<std::string, std::vector<std::string>>>
      frame_types;  ///< link -> what its
                    ///< frames data names; absent: only "other" is known of it
  std::vector<std::pair<std::string, Duration>> timing;       ///< heartbeat, boot, poll, ...
  std::vector<std::pair<std::string, std::int64_t>> numbers;  ///< plain numbers of timing: limit
  std::vector<std::pair<std::string, std::vector<Value>>> scratch;  ///< vlans, ports, config
  std::vector<std::string> allow;  ///< hazards: reads, changes, disrupts, wears-flash, may-brick
  bool repeatable = false;         ///< every plan gets fresh nodes (simulated, process)

  friend bool operator==(const Capabilities&, const Capabilities&) = default;
};

/// Set by a signal handler or another thread; polled by targets while they wait.
class Cancel {
 public:
  virtual ~Cancel() = default;
  virtual bool is_cancelled() const = 0;
};

class NeverCancelled final : public Cancel {
 public:
  bool is_cancelled() const override { return false; }
};

/// What a target reports beside answers while time passes; each becomes a line of the history.
struct Incident {
  enum class Kind {
    Unread,       ///< output outside the dialect: node, line and template in `words`
    SessionLost,  ///< a console ended or came back
    Stall,        ///< bench.stall: a fact about the host, over [asked, heard]
    NodeDied,     ///< a node's process ended without an act of ours
    BenchBroken,  ///< a relay, keeper or transport failed; the first cause is kept
    IdleFault,    ///< a fault met none of the frames that came, over [installed, lifted]
    Unsupported,  ///< the device does not know a command that is needed to read it, or has no
                  ///< licence
    Late  ///< a command that the node had begun to answer was not answered in time; explains
          ///< answers that are missing, and weighs nothing by itself
  };
  Kind kind = Kind::Unread;
  std::string node;
  std::string words;
  Time from{};
  Time to{};

  friend bool operator==(const Incident&, const Incident&) = default;
};

/// What run_until brought back. `holds` is the target's own opinion, good for ending a wait early;
/// the verdict is the judge's, from the observations.
struct Progress {
  bool holds = false;
  bool cancelled = false;
  std::vector<Observation> observations;  ///< in order of `heard`
  std::vector<Incident> incidents;
};

/// What it took to bring a device back that was left down.
struct Recovery {
  std::vector<std::string> rungs;  ///< a line for each step, with its bound; empty: nothing
  bool came_back = true;
  std::vector<std::string> remarks{};  ///< what a run leaves that takes nothing away

  friend bool operator==(const Recovery&, const Recovery&) = default;
};

/// Lines of acts and of custody that are said to wear a node's flash (hazard: wears-flash) and that
/// the switch accepted, by node; those without any are absent.
using FlashWrites = std::map<std::string, std::int64_t>;

/// A switch under test, whatever it is made of. Blocking; one thread; owns time. Not copyable.
class Target {
 public:
  virtual ~Target() = default;

  virtual const Capabilities& capabilities() const = 0;
  virtual Time now() const = 0;

  /// Carries out one act, or several at once (a list in `do`). Waits until each is known to have
  /// taken effect or its limit is over; what was observed meanwhile comes with the next run_until.
  virtual std::vector<Receipt> act(const std::vector<Act>& acts, const Cancel& cancel) = 0;

  /// Polls what the condition asks for (and `watch`, which never ends the wait) until the condition
  /// holds, or until every attribute has an answer asked at or after `deadline`, or cancel.
  virtual Progress run_until(const Condition& condition, const Condition& watch, Time deadline,
                             const Cancel& cancel) = 0;

  /// One fresh answer for each term (asked after the call began), whatever it is.
  virtual Progress ask(const Condition& condition, Duration limit, const Cancel& cancel) = 0;

  /// Custody: what was changed is put back and compared; faults are lifted. One line for each thing
  /// that could not be put back. A device that was left down is brought back first. Called once,
  /// also after a failure or cancel.
  virtual std::vector<std::string> restore(const Cancel& cancel) = 0;

  /// What restore() had to do first, for a device that was left down.
  virtual Recovery recovery() const { return {}; }

  /// How often the run wore the flash of each node, since the target was opened.
  virtual FlashWrites flash_writes() const { return {}; }

  /// The dialect's collect list after a FAIL: name and text of each. Empty where there is none.
  virtual std::vector<std::pair<std::string, std::string>> collect(const Cancel& cancel) = 0;

  /// Files that belong to the run and lie in its folder: transcripts, captures.
  virtual std::vector<std::string> artefacts() const = 0;
};

/// Where a target of one testbed comes from; each job and each plan opens its own.
class Testbed {
 public:
  virtual ~Testbed() = default;
  virtual const std::string& name() const = 0;
  virtual const Capabilities& capabilities() const = 0;
  /// What a person must tell before a node can be reached is asked for here, once, before the first
  /// plan; the error says what was not told.
  virtual Result<void> reveal() { return {}; }
  /// `folder` exists and receives transcripts and captures; `seed` drives a simulated target.
  virtual Result<std::unique_ptr<Target>> open(const std::string& folder, std::uint64_t seed) = 0;
  /// One bench that only one job may use at a time (no placeholders in the testbed file).
  virtual bool is_exclusive() const = 0;
  /// Its clock is not the host's, so that a busy host changes nothing.
  virtual bool is_virtual() const { return false; }
  /// How a person reaches the nodes that outlive a run, a line each, without secrets.
  virtual std::vector<std::string> doors() const { return {}; }
  /// What is broken in it on purpose: nothing that it shows is the switch's. Empty: nothing.
  virtual std::string defect() const { return {}; }
};

}  // namespace understudy

// Sessions with the consoles of a bench, and whatever it takes to ask one thing of one of them.
// Used by probe.cc only. A console that has to say whose it is hears nothing else before it did
// (`release`). Not thread-safe; blocks, within the dialect's and the testbed's limits.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "targets/device/transcript.h"
#include "targets/testbed.h"

namespace understudy::targets {

/// A console that is probed: a node's own, or the management session.
struct ProbedConsole {
  std::string name;
  std::string subject;    ///< the node that it speaks for; empty: not known yet
  std::size_t place = 0;  ///< among the consoles of the bench
  Credentials login;
  Identity identity;        ///< what it has to say of itself
  bool is_guarded = false;  ///< nothing goes before it said so
  bool is_serial = false;   ///< a serial line of this machine leads there
};

/// How a console stood when a command was given up.
struct TimeOut {
  std::string printed;       ///< the end of what had come
  bool is_printing = false;  ///< more was coming
};

/// Consoles of the testbed's nodes that have one, then the management session.
std::vector<ProbedConsole> consoles_of(const LoadedTestbed& testbed);

class Prober {
 public:
  static constexpr int most_attempts = 10;   ///< as a run asks where log lines come into answers
  static constexpr int most_unanswered = 3;  ///< in a row: a console is asked nothing more

  Prober(Bench& bench, const LoadedTestbed& testbed, std::string folder, const Mask& mask,
         const Cancel& cancel);

  /// Until each console showed a prompt, or two boots' time.
  void await_prompts();

  std::size_t size() const { return consoles_.size(); }
  ProbedConsole& console(std::size_t one) { return consoles_[one].of; }
  const ProbedConsole& console(std::size_t one) const { return consoles_[one].of; }
  const std::string& name(std::size_t one) const { return consoles_[one].of.name; }
  const std::string& subject(std::size_t one) const { return consoles_[one].of.subject; }
  /// The words with which the latest login was refused; empty: none was.
  const std::string& refusal(std::size_t one) const { return consoles_[one].refusal; }
  bool has_prompt(std::size_t one) const { return consoles_[one].has_prompt; }
  Mode mode(std::size_t one) const { return consoles_[one].session->mode(); }
  /// The end of what it printed since it was last asked.
  const std::string& printed(std::size_t one) const { return consoles_[one].printed; }
  /// Why its latest session ended, if that is known; nothing: none did.
  const std::optional<std::string>& session_end(std::size_t one) const {
    return consoles_[one].session_end;
  }
  /// Nothing if the latest command was answered, or never sent.
  const std::optional<TimeOut>& time_out(std::size_t one) const { return consoles_[one].time_out; }
  /// The question that the latest command was cancelled at; empty: none.
  const std::string& unforeseen(std::size_t one) const { return consoles_[one].unforeseen; }
  /// It answers no more, and is not asked.
  bool is_lost(std::size_t one) const { return consoles_[one].unanswered >= most_unanswered; }
  void try_again(std::size_t one) { consoles_[one].unanswered = 0; }
  Duration limit() const { return limit_; }  ///< of an answer
  Duration start() const { return start_ + limit_; }
  int pages() const { return pages_; }                 ///< of the latest answer
  const std::string& ended() const { return ended_; }  ///< which node did, and its last words

  Answer ask(std::size_t one, const std::string& line, bool keeps_noise = false);

  /// Asks again while log lines came into the answer and it is not `enough`.
  Answer ask_until(std::size_t one, const std::string& line,
                   const std::function<bool(const Answer&)>& enough, bool keeps_noise = false);

  /// From here on what is asked of it is sent.
  void release(std::size_t one);

  /// What came of SNMP get; nothing where it was not asked, or said nothing at all.
  std::optional<BenchEvent> ask_snmp(const std::vector<std::string>& oids);

 private:
  struct Console {
    ProbedConsole of;
    std::unique_ptr<Session> session;
    Transcript transcript;
    std::string printed{};
    std::string refusal{};
    std::optional<std::string> session_end{};
    std::optional<TimeOut> time_out{};
    std::string unforeseen{};
    int unanswered = 0;  ///< commands in a row
    Time heard{};        ///< when it printed last
    bool has_prompt = false;
  };

  bool is_over() const { return has_ended_ || cancel_.is_cancelled(); }
  void note(Console& console, const Answer& answer);
  void flush();
  void advance(Time until);
  void handle(const BenchEvent& event);

  Bench& bench_;
  const Cancel& cancel_;
  Duration limit_;
  Duration start_;
  std::vector<Console> consoles_;
  std::vector<std::string> page_keys_;
  std::optional<BenchEvent> snmp_;
  std::optional<Answer> answer_;
  std::uint64_t id_ = 0;
  int pages_ = 0;
  std::string ended_;
  bool has_ended_ = false;
};

}  // namespace understudy::targets

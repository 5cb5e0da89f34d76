// What the tests of the console engine stand on: a line to a session under a clock of their own,
// and a fake switch that answers it with every bad habit that real ones have.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "targets/console/session.h"

namespace understudy::targets {

/// Words in the manner of EXOS, with two pagers.
ConsoleWords test_words();

/// A session, its clock, and all that it sent and told.
class Wire {
 public:
  explicit Wire(const ConsoleWords& words = test_words(), const Credentials& login = {},
                std::size_t keep_bytes = 64 << 20);

  /// The device prints; nothing more is there to be read afterwards.
  Wire& prints(std::string_view text);
  /// The device prints, and goes on printing before anyone could look.
  Wire& prints_on(std::string_view text);
  /// One letter each `gap`.
  Wire& prints_slowly(std::string_view text, Duration gap);
  Wire& passes(Duration duration);
  Wire& asks(std::string line, Duration limit = std::chrono::seconds(30));
  Wire& submits(Request request);
  Wire& closes();
  Wire& opens();

  /// All bytes that were sent since the last call.
  std::string sent() { return std::exchange(sent_, {}); }
  std::vector<Answer> answers() const;
  std::vector<std::string> texts(SessionEvent::Kind kind) const;
  /// Everything told and sent, one line each; `without_times` for devices of other speeds.
  std::string story(bool without_times = false) const;

  /// Cut what is printed at this byte of the whole stream, no time passing between.
  void cut_at(std::size_t byte) { cut_ = byte; }

  Session& session() { return *session_; }
  Time now() const { return now_; }
  const std::vector<SessionEvent>& events() const { return events_; }

 private:
  void collect();

  std::unique_ptr<Session> session_;
  Time now_{};
  std::size_t position_ = 0;
  std::size_t cut_ = 0;
  std::string sent_;
  std::string all_sent_;
  std::vector<SessionEvent> events_;
};

/// The bad habits of a fake switch.
struct Habits {
  enum class EchoStyle { Plain, None, Doubled, EachTwice, Wrapped, DrawnAnew, Interrupted };
  enum class Erasure { CarriageReturn, Backspaces, Ansi, NextLine };
  EchoStyle echo = EchoStyle::Plain;
  Erasure erasure = Erasure::CarriageReturn;
  std::string line_end = "\r\n";
  std::size_t page = 0;        ///< lines; 0: no pager
  std::size_t noise_each = 0;  ///< a log line after each so many lines
  std::string name = "MSM-A";
  std::vector<std::string> pagers = {"Press <SPACE> to continue or <Q> to quit:"};  ///< in turn
};

/// Answers command lines of a table; anything else with an error.
class FakeSwitch {
 public:
  FakeSwitch(Habits habits, std::map<std::string, std::string> outputs)
      : habits_(std::move(habits)), outputs_(std::move(outputs)) {}

  std::string prompt() const;
  /// The other node answers from now on: another name, a counter of its own.
  void fails_over_to(std::string name) {
    habits_.name = std::move(name);
    counter_ = 1;
  }
  /// What it prints upon these bytes.
  std::string takes(std::string_view bytes);

 private:
  std::string echo(const std::string& command) const;
  std::string erased() const;
  void begin(const std::string& command);
  std::string more();

  Habits habits_;
  std::map<std::string, std::string> outputs_;
  int counter_ = 1;
  std::string typed_;
  std::vector<std::string> pending_;
  std::size_t next_ = 0;
  std::size_t pages_ = 0;
  bool is_paging_ = false;
};

/// Lets the two talk until both are silent; the device prints a letter each `gap`, or all at once.
void converse(Wire& wire, FakeSwitch& device, Duration gap = {});

inline constexpr std::string_view test_noise =
    "03/04/2005 10:11:12.13 <Noti:NM.StateChange> MSM-A: a log line";

/// A wire that stands at its first prompt, MSM-A.1.
Wire ready(const ConsoleWords& words = test_words(), const Credentials& login = {},
           std::size_t keep = 64 << 20);

}  // namespace understudy::targets

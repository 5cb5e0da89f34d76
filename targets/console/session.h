// One console session with a switch, as a state machine without I/O: bytes and time go in, bytes to
// send and events come out. A streaming matcher, linear in the bytes seen, memory bounded by the
// longest answer that is kept (longer ones stream to the transcript only). Knows modes and sends
// nothing while a node boots. Used by device.cc on every bench, by record, probe and the torture
// tests.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/error.h"
#include "harness/target.h"

namespace understudy::targets {

enum class Mode {
  Silent,
  Booting,
  BootLoader,
  Login,
  Password,
  Question,
  Pager,
  Shell,
  Busy,
  Ended
};

/// What a dialect says of its command line. All patterns are PCRE2 (multi-line, matched with
/// limits).
struct ConsoleWords {
  std::string
      prompt;  ///< matched at the very end of what was printed; named groups become captures
  struct Pager {
    std::string pattern;  ///< at the end of what was printed
    std::string key;      ///< what shows the next page
    std::string quit;     ///< what leaves the pager
  };
  std::vector<Pager> pagers;
  struct Question {
    std::string name;     ///< "save-changes", "overwrite", "confirm-reboot"
    std::string pattern;  ///< at the end of what was printed; may span lines
    std::string cancel;   ///< what is sent if no reply was foreseen
  };
  std::vector<Question> questions;
  std::vector<std::string>
      booting;  ///< a line that shows that the node boots; each match is one boot
  std::vector<std::string>
      boot_loader;            ///< at the end of what was printed: nothing is ever sent there
  std::string login;          ///< at the end: asks for a user
  std::string login_pending;  ///< at the end: asks for a user and can let nobody in yet, still a
                              ///< part of the boot; after a line end it asks anew
  std::string password;       ///< at the end: asks for a password
  std::string login_failed;
  std::string user;  ///< who logs in where a testbed names nobody, and has a password to spare
  std::vector<std::string>
      noise;  ///< whole lines that may stand in the middle of an answer (log lines)
  std::string line_end = "\r";
  bool echoes = true;
  std::string wake = "\r";  ///< sent once to a console that is silent and not booting
  std::string interrupt;    ///< ends a command that hangs, e.g. "\x03"
  Duration settle =
      std::chrono::milliseconds(20);               ///< silence after which a new prompt is believed
  Duration wake_after = std::chrono::seconds(1);   ///< silence after which `wake` is sent
  Duration login_pause = std::chrono::seconds(1);  ///< before the second try; doubled before each
                                                   ///< one that follows
};

struct Credentials {
  std::string user;
  std::string password;
  std::string spare{};  ///< that a case may have set; tried at every second try, if there is one
};

/// One command line and what may follow it.
struct Request {
  /// Setup goes before acts, acts before polls; what is in flight is finished first.
  enum class Rank { Setup, Act, Poll };
  std::uint64_t id = 0;
  Rank rank = Rank::Poll;
  std::string line;
  std::vector<std::pair<std::string, std::string>>
      replies;       ///< question name -> what is sent (no line end added)
  Duration limit{};  ///< from sending the line to the prompt; a node that goes on printing extends
                     ///< nothing; zero: none
  bool keeps_noise = false;  ///< lines that look like noise belong to the answer (`show log`)
};

/// How a request ended.
struct Answer {
  enum class Outcome {
    Answered,    ///< the prompt came back
    Unforeseen,  ///< a question without a reply was cancelled and the prompt came back
    TimedOut,    ///< no prompt within the limit; the session resynchronises by itself
    Ended,       ///< the session ended or the node began to boot before the prompt came back
    NotSent      ///< the limit passed while the node booted, asked for a login or was silent
  };
  std::uint64_t id = 0;
  Outcome outcome = Outcome::Answered;
  std::string
      text;  ///< the answer alone: no echo, pager, noise, ANSI or carriage return; lines end in \n
  std::vector<std::size_t> noise_at;  ///< places in text, after a line's end, where log lines came:
                                      ///< each may have cut the line before it from the next
  bool is_cut = false;                ///< longer than the kept limit: text holds its beginning
  std::vector<std::string> questions;  ///< names, in the order they were asked
  std::vector<std::pair<std::string, std::string>>
      captures;                  ///< named groups of the closing prompt
  Time asked{};                  ///< when the line was sent
  Time heard{};                  ///< when the prompt had come
  std::uint64_t first_byte = 0;  ///< in the transcript of all that was received
  std::uint64_t last_byte = 0;
};

struct SessionEvent {
  enum class Kind { Answered, ModeChanged, Booted, Prompt, Noise, LoginFailed };
  /// What follows a login that failed.
  enum class Refusal {
    Passing,  ///< a boot was so short a time ago that it is tried again
    Counted,  ///< another try is left
    Final     ///< nothing more is sent
  };
  Kind kind = Kind::ModeChanged;
  Time at{};
  Answer answer;                                              ///< Answered
  Mode mode = Mode::Silent;                                   ///< ModeChanged
  std::string text;                                           ///< Booted, Noise: the line
  std::vector<std::pair<std::string, std::string>> captures;  ///< Prompt (unsolicited ones too)
  std::uint64_t byte = 0;                                     ///< position in the transcript
  Refusal refusal = Refusal::Counted;                         ///< LoginFailed
};

struct CompiledWords;
/// Compiles a dialect's words once for many sessions. Fails on a pattern that does not compile,
/// naming it.
Result<std::shared_ptr<const CompiledWords>> compile_words(const ConsoleWords& words);

/// The caller's duties: after received() (one or more, until nothing more is there to be read) call
/// time_passed(), and again when next_deadline() has come; then send take_output() and handle
/// take_events(). What is told by silence (a prompt, a pager, a question) is decided in
/// time_passed() only, so that it makes no difference how the bytes were cut.
class Session {
 public:
  /// Fails on a pattern that does not compile, naming it.
  static Result<std::unique_ptr<Session>> create(const ConsoleWords& words,
                                                 const Credentials& login,
                                                 std::size_t keep_bytes = 64 << 20);
  /// For many sessions of one dialect: the patterns are shared. Never fails.
  static std::unique_ptr<Session> create(std::shared_ptr<const CompiledWords> words,
                                         const Credentials& login,
                                         std::size_t keep_bytes = 64 << 20);
  static constexpr int most_login_tries = 3;  ///< and more for as long as a boot may take

  virtual ~Session() = default;

  virtual void opened(Time at) = 0;
  virtual void received(std::string_view bytes, Time at) = 0;
  virtual void closed(Time at) = 0;
  virtual void time_passed(Time at) = 0;

  /// A login may be refused for so long after a boot, and is tried again meanwhile.
  virtual void boot_takes(Duration limit) = 0;

  virtual void submit(Request request, Time at) = 0;

  /// From now on, and again after each new session, login and boot, nothing but setup goes until
  /// release().
  virtual void guard() = 0;
  virtual void release(Time at) = 0;

  virtual std::size_t waiting() const = 0;  ///< requests not yet answered

  virtual Mode mode() const = 0;
  virtual std::optional<Time> next_deadline() const = 0;

  virtual std::string take_output() = 0;                ///< bytes to send now
  virtual std::vector<SessionEvent> take_events() = 0;  ///< in order
};

}  // namespace understudy::targets

// One operator's session on a node: login, prompt, editing, paging, questions, answers that take a
// while, and log lines that come in between. Used by both hosts; it is bytes in, bytes out, with
// neither I/O nor clock. A Session is a regular value. It knows no vendor: words, prompt, grammar
// and the effect of commands come from a Family, which it calls while it works.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference-impl/cli/grammar.h"
#include "reference-impl/cli/line_editor.h"
#include "reference-impl/cli/output_filter.h"
#include "reference-impl/cli/pager.h"

namespace understudy::reference {

/// A key that answers a question: what is echoed for it, and what is done.
struct Answer {
  char key = '\r';  ///< lower case; '\r' is Enter
  std::string echo;
  Call call;

  friend bool operator==(const Answer&, const Answer&) = default;
};

/// A question holds the session until one of its keys comes; other keys are ignored.
struct Question {
  std::string text;  ///< the cursor stays behind it
  std::vector<Answer> answers;

  friend bool operator==(const Question&, const Question&) = default;
};

/// What a command gave.
struct Response {
  std::string text{};  ///< lines ended by '\n'; may stop inside a line when it waits
  std::optional<Question> question{};
  bool waits = false;   ///< the rest comes with resume()
  bool leaves = false;  ///< the operator is logged out
};

/// What an operator sees of a family everywhere.
struct FamilyWords {
  std::string_view login, password, login_refused, greeting;
  std::string_view invalid, incomplete, ambiguous;  ///< ambiguous is followed by the word
  std::string_view page_line, completions;
  bool points = true;  ///< at what is invalid, on a line of its own; else the word is named
};

struct Session {
  enum class Mode { Closed, Name, Password, Typing, Paging, Asked, Waiting };
  Mode mode = Mode::Closed;
  bool needs_login = true;  ///< false: it starts logged in, as `default_user`
  bool has_left = false;    ///< the operator typed exit; the host may close the line
  std::string user{};
  std::string context{};  ///< of the commands; empty: the top
  int counter = 1;        ///< the number in the next prompt
  int columns = 80;       ///< width that questions and lists are folded to
  bool is_asked = true;   ///< false: confirmation questions are answered with yes
  LineEditor editor{};
  Pager pager{};
  std::optional<Question> question{};
  OutputFilter filter{};       ///< of the command that is waited for
  std::string type_ahead{};    ///< typed while waiting
  bool after_return = false;   ///< the last byte was a carriage return
  bool after_answer = false;   ///< what is typed may still belong to the answer
  std::string answer_rest{};   ///< of the word that the answer was echoed with: "es" of "Yes"
  std::string answer_typed{};  ///< of that rest; it is not shown yet
  bool is_at_line_start = true;

  friend bool operator==(const Session&, const Session&) = default;
};

/// What a family brings to a session. References live as long as the call.
class Family {
 public:
  virtual ~Family() = default;
  virtual const FamilyWords& words() const = 0;
  virtual const Grammar& grammar() const = 0;
  /// What a question mark and completion offer; commands that would be refused may be left out.
  virtual const Grammar& help(const Session&) const { return grammar(); }
  virtual std::vector<std::string> names(std::string_view argument) const = 0;
  virtual std::string prompt(const Session& session) const = 0;
  /// Below the greeting at each login; lines ended by '\n'.
  virtual std::string notice() const { return {}; }
  virtual bool pages() const = 0;
  virtual bool admits(std::string_view user, std::string_view password) const = 0;
  virtual std::string default_user() const = 0;
  virtual Response execute(const Call& call, Session& session) = 0;
};

/// A fresh session: the login, or the prompt. Keeps only needs_login and the settings.
std::string open_session(Session& session, Family& family);

/// Feeds what was typed; gives what the terminal shows.
std::string type(Session& session, Family& family, std::string_view bytes);

/// The rest of an answer that was waited for.
std::string resume(Session& session, Family& family, Response response);

/// A line that comes by itself; what the operator was doing is shown again behind it.
std::string interrupt(Session& session, const Family& family, std::string_view line);

/// What stands on the terminal, for somebody who comes to it: the prompt and the line, or the
/// question.
std::string show_again(Session& session, const Family& family);

/// Text folded between words so that no line is longer than `columns`.
std::string fold(std::string_view text, int columns);

}  // namespace understudy::reference

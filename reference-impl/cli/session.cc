#include "reference-impl/cli/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace understudy::reference {
namespace {

using Mode = Session::Mode;

constexpr std::size_t longest_type_ahead = 8192;

ObjectNames names_of(const Family& family) {
  return [&family](std::string_view argument) { return family.names(argument); };
}

std::string show_prompt(Session& session, const Family& family) {
  session.mode = Mode::Typing;
  std::string shown = family.prompt(session);
  redraw_line(session.editor, shown);
  return shown;
}

std::string ask_name(Session& session, const Family& family) {
  session.mode = Mode::Name;
  session.editor = {};
  session.editor.keeps_history = false;
  return std::string(family.words().login);
}

std::string begin(Session& session, Family& family, std::string user) {
  session.user = std::move(user);
  session.editor = {};
  session.counter = 1;
  return to_terminal(std::string(family.words().greeting) + family.notice()) +
         show_prompt(session, family);
}

std::string ask(Session& session, Question question) {
  session.mode = Mode::Asked;
  question.text = fold(question.text, session.columns);
  session.question = std::move(question);
  return to_terminal(session.question->text);
}

std::string leave(Session& session, Family& family) {
  session.has_left = true;
  return open_session(session, family);
}

// Shows a response and goes to the mode that follows from it.
std::string show_response(Session& session, Family& family, Response response) {
  const bool is_whole = !response.waits && !response.question;
  if (response.waits) {
    session.mode = Mode::Waiting;
    return to_terminal(response.text);
  }
  std::string text = filter_lines(std::exchange(session.filter, {}), response.text);
  std::string shown = show_text(session.pager, std::move(text), is_whole && family.pages(),
                                family.words().page_line);
  if (is_paging(session.pager)) {
    session.mode = Mode::Paging;
    return shown;
  }
  if (response.leaves) return shown += leave(session, family);
  if (response.question) return shown += ask(session, std::move(*response.question));
  return shown += show_prompt(session, family);
}

Response refusal(const Session& session, const Family& family, const Parsed& parsed) {
  const FamilyWords& words = family.words();
  switch (parsed.outcome) {
    case Parsed::Outcome::Incomplete:
      return {.text = fmt::format("{}\n", words.incomplete)};
    case Parsed::Outcome::Ambiguous:
      if (!words.points) return {.text = fmt::format("{} {}\n", words.ambiguous, parsed.word)};
      return {.text = fmt::format("{}  \"{}\"\n", words.ambiguous, parsed.word)};
    case Parsed::Outcome::Invalid: {
      if (!words.points) return {.text = fmt::format("{} {}\n", words.invalid, parsed.word)};
      const std::size_t column = family.prompt(session).size() + parsed.place;
      return {.text = fmt::format("{:>{}}\n{}\n", '^', column + 1, words.invalid)};
    }
    case Parsed::Outcome::Complete:
    case Parsed::Outcome::Empty:
      break;
  }
  return {};
}

std::string run_line(Session& session, Family& family, const std::string& line) {
  const FilteredLine split = split_filter(line);
  Parsed parsed = family.grammar().parse(split.command, names_of(family));
  if (parsed.outcome == Parsed::Outcome::Empty && !split.nonsense) {
    return show_prompt(session, family);
  }
  if (split.nonsense) {
    parsed.outcome = Parsed::Outcome::Invalid;
    parsed.place = *split.nonsense;
  }
  Response response;
  if (parsed.outcome == Parsed::Outcome::Complete) {
    session.filter = split.filter;
    ++session.counter;
    response = family.execute(parsed.call, session);
  } else {
    response = refusal(session, family, parsed);
    ++session.counter;
  }
  return show_response(session, family, std::move(response));
}

std::string show_list(const std::vector<Completion>& found, bool with_help, const Family& family) {
  std::string shown = fmt::format("\n{}\n", family.words().completions);
  std::size_t width = 0;
  for (const Completion& one : found) width = std::max(width, one.word.size());
  for (const Completion& one : found) {
    shown += with_help && !one.help.empty()
                 ? fmt::format("   {:<{}}  {}\n", one.word, width, one.help)
                 : fmt::format("   {}\n", one.word);
  }
  return to_terminal(shown);
}

std::size_t last_word_length(std::string_view line) {
  const std::size_t blank = line.find_last_of(' ');
  return blank == std::string_view::npos ? line.size() : line.size() - blank - 1;
}

// What all completions have in common, behind what is already typed.
std::string common_rest(const std::vector<Completion>& found, std::size_t typed) {
  std::string common = found.front().word;
  for (const Completion& one : found) {
    if (!one.is_typed) return {};
    const auto [end, other] = std::ranges::mismatch(common, one.word);
    common.erase(end, common.end());
  }
  return common.size() > typed ? common.substr(typed) : std::string();
}

std::string complete_line(Session& session, const Family& family) {
  const std::string before = session.editor.line.substr(0, session.editor.cursor);
  const auto found = family.help(session).complete(before, names_of(family));
  if (found.empty()) return "\a";
  const bool is_one = found.size() == 1 && found.front().is_typed;
  std::string rest = common_rest(found, last_word_length(before));
  if (is_one) rest += ' ';
  if (rest.empty()) return show_list(found, false, family) + show_prompt(session, family);
  std::string echo;
  insert_text(session.editor, rest, echo);
  return echo;
}

std::string help_line(Session& session, const Family& family) {
  const std::string before = session.editor.line.substr(0, session.editor.cursor);
  const auto found = family.help(session).complete(before, names_of(family));
  const Parsed parsed = family.grammar().parse(before, names_of(family));
  const std::string wrong = refusal(session, family, parsed).text;
  if (found.empty() &&
      !wrong.empty()) {  // nothing can follow: because of what stands there already
    return to_terminal('\n' + wrong) + show_prompt(session, family);
  }
  return show_list(found, true, family) + show_prompt(session, family);
}

std::string type_command(Session& session, Family& family, char byte) {
  std::string echo;
  switch (type_byte(session.editor, byte, true, echo)) {
    case Typed::Edited:
      return echo;
    case Typed::Entered:
      return echo + run_line(session, family, take_line(session.editor));
    case Typed::Interrupted:
      return echo + show_prompt(session, family);
    case Typed::AskedForHelp:
      return echo + help_line(session, family);
    case Typed::AskedToComplete:
      return echo + complete_line(session, family);
  }
  return echo;
}

std::string finish_login(Session& session, Family& family) {
  if (session.mode == Mode::Name) {
    session.user = take_line(session.editor);
    if (session.user.empty()) return ask_name(session, family);
    session.mode = Mode::Password;
    return std::string(family.words().password);
  }
  const std::string password = take_line(session.editor);
  if (family.admits(session.user, password)) {
    return "\r\n" + begin(session, family, std::move(session.user));
  }
  return to_terminal(family.words().login_refused) + ask_name(session, family);
}

std::string type_login(Session& session, Family& family, char byte) {
  std::string echo;
  const bool shows = session.mode == Mode::Name;
  switch (type_byte(session.editor, byte, shows, echo)) {
    case Typed::Entered:
      return echo + finish_login(session, family);
    case Typed::Interrupted:
      return echo + ask_name(session, family);
    case Typed::Edited:
    case Typed::AskedForHelp:
    case Typed::AskedToComplete:
      return echo;
  }
  return echo;
}

std::string type_page_key(Session& session, const Family& family, char byte) {
  std::string shown = page_key(session.pager, byte, family.words().page_line);
  if (!is_paging(session.pager)) shown += show_prompt(session, family);
  return shown;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string type_answer(Session& session, Family& family, char byte) {
  const char key = static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
  const auto& answers = session.question->answers;
  const auto answer = std::ranges::find(answers, key == '\x03' ? '\r' : key, &Answer::key);
  if (answer == answers.end()) return {};
  const Answer chosen = *answer;
  session.question.reset();
  std::string shown =
      chosen.echo + "\r\n" + show_response(session, family, family.execute(chosen.call, session));
  session.after_answer = key != '\r';
  session.answer_rest = lower(chosen.echo.empty() ? chosen.echo : chosen.echo.substr(1));
  session.answer_typed.clear();
  return shown;
}

std::string type_key(Session& session, Family& family, char byte) {
  switch (session.mode) {
    case Mode::Closed:
      return {};
    case Mode::Name:
    case Mode::Password:
      return type_login(session, family, byte);
    case Mode::Typing:
      return type_command(session, family, byte);
    case Mode::Paging:
      return type_page_key(session, family, byte);
    case Mode::Asked:
      return type_answer(session, family, byte);
    case Mode::Waiting:
      if (session.type_ahead.size() < longest_type_ahead) session.type_ahead += byte;
      return {};
  }
  return {};
}

// A hand that answers `y` often types the whole word, and Enter: that asks for nothing. What turns
// out to be something else counts as typed.
std::string type_after_answer(Session& session, Family& family, char key) {
  const std::string_view rest =
      std::string_view(session.answer_rest).substr(session.answer_typed.size());
  if (!rest.empty() && std::tolower(static_cast<unsigned char>(key)) == rest.front()) {
    session.answer_typed += key;
    return {};
  }
  session.after_answer = false;
  const std::string typed = std::exchange(session.answer_typed, {});
  if (key == '\r' && (typed.empty() || rest.empty())) return {};
  std::string shown;
  for (const char one : typed + key) shown += type_key(session, family, one);
  return shown;
}

void note_line_start(Session& session, const std::string& shown) {
  if (!shown.empty()) session.is_at_line_start = shown.back() == '\n';
}

// What the operator was doing, shown again on a fresh line.
std::string redraw(Session& session, const Family& family) {
  switch (session.mode) {
    case Mode::Closed:
    case Mode::Waiting:
      return {};
    case Mode::Name: {
      std::string shown(family.words().login);
      redraw_line(session.editor, shown);
      return shown;
    }
    case Mode::Password:
      return std::string(family.words().password);
    case Mode::Typing:
      return show_prompt(session, family);
    case Mode::Paging:
      return std::string(family.words().page_line);
    case Mode::Asked:
      return to_terminal(session.question->text);
  }
  return {};
}

}  // namespace

std::string open_session(Session& session, Family& family) {
  session = {.needs_login = session.needs_login, .has_left = session.has_left};
  std::string shown = session.needs_login ? ask_name(session, family)
                                          : begin(session, family, family.default_user());
  note_line_start(session, shown);
  return shown;
}

std::string show_again(Session& session, const Family& family) {
  std::string shown = redraw(session, family);
  if (!shown.empty() && !session.is_at_line_start) shown.insert(0, "\r\n");
  note_line_start(session, shown);
  return shown;
}

std::string type(Session& session, Family& family, std::string_view bytes) {
  std::string shown;
  for (const char byte : bytes) {
    const bool is_second_half = session.after_return && (byte == '\n' || byte == '\0');
    session.after_return = byte == '\r';
    if (is_second_half || byte == '\0') continue;
    const char key = byte == '\n' ? '\r' : byte;
    shown += session.after_answer ? type_after_answer(session, family, key)
                                  : type_key(session, family, key);
  }
  note_line_start(session, shown);
  return shown;
}

std::string resume(Session& session, Family& family, Response response) {
  if (session.mode != Mode::Waiting) return {};
  std::string shown = show_response(session, family, std::move(response));
  note_line_start(session, shown);
  if (session.mode != Mode::Waiting) {
    shown += type(session, family, std::exchange(session.type_ahead, {}));
  }
  return shown;
}

std::string interrupt(Session& session, const Family& family, std::string_view line) {
  std::string shown = session.is_at_line_start ? "" : "\r\n";
  shown += fmt::format("{}\r\n", line);
  shown += redraw(session, family);
  note_line_start(session, shown);
  return shown;
}

std::string fold(std::string_view text, int columns) {
  std::string folded;
  std::size_t column = 0;
  std::size_t place = 0;
  while (place < text.size()) {
    const std::size_t end = std::min(text.find_first_of(" \n", place), text.size());
    const std::string_view word = text.substr(place, end - place);
    if (column > 0 && column + word.size() > static_cast<std::size_t>(columns)) {
      if (folded.ends_with(' ')) folded.pop_back();
      folded += '\n';
      column = 0;
    }
    folded += word;
    column += word.size();
    if (end < text.size()) folded += text[end];
    column = end < text.size() && text[end] == '\n' ? 0 : column + 1;
    place = end + 1;
  }
  return folded;
}

}  // namespace understudy::reference

#include "targets/probe_console.h"

#include <fmt/format.h>

#include <algorithm>

#include "targets/device/custody.h"
#include "targets/device/doubt.h"
#include "targets/probe_words.h"

namespace understudy::targets {

namespace {

constexpr const char* long_question = "a long output comes whole, with and without pages";
constexpr auto fewest_lines = 24;  ///< what is no longer than a page tells nothing of pages

bool is_answered(const Answer& answer) {
  return answer.outcome == Answer::Outcome::Answered;
}

std::string first_line(const std::string& text) {
  const auto begin = std::min(text.find_first_not_of(" \n"), text.size());
  return text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
}

/// Log lines may have cut lines of the one or the other: what is left is the same.
bool is_same(const Answer& one, const Answer& other) {
  if (one.noise_at.empty() && other.noise_at.empty()) return one.text == other.text;
  const auto without_line_ends = [](std::string text) {
    std::erase(text, '\n');
    return text;
  };
  return without_line_ends(one.text) == without_line_ends(other.text);
}

/// Where log lines come into each answer, until two of them say the same. One in the middle of the
/// words that end a page leaves no answer at all.
Answer ask_whole(Prober& prober, std::size_t one, const std::string& line) {
  Answer answer;
  for (int attempt = 0; attempt < Prober::most_unanswered; ++attempt) {
    std::optional<Answer> before;
    answer = prober.ask_until(one, line, [&](const Answer& now) {
      const bool is_again = before && is_same(*before, now);
      before = now;
      return is_again;
    });
    if (is_answered(answer)) break;
  }
  return answer;
}

/// The same answer, whole, whether it stops at each page or not.
ProbeFinding long_output(const std::string& node, const Dialect& dialect, const Answer& paged,
                         int pages, const Answer& whole) {
  const auto lines = std::ranges::count(whole.text, '\n');
  ProbeFinding finding{node, long_question, false, "", false};
  if (const auto refusal = find_refusal(dialect, whole.text)) {
    finding.words = fmt::format("`{}` was refused: {}", dialect.long_command, refusal->line);
  } else if (!is_same(paged, whole)) {
    finding.is_open = !paged.noise_at.empty() || !whole.noise_at.empty();
    finding.words =
        fmt::format("`{}`: {} bytes with pages, {} without; {}{}", dialect.long_command,
                    paged.text.size(), whole.text.size(), first_difference(paged.text, whole.text),
                    finding.is_open ? "; log lines came into each answer" : "");
  } else if (pages == 0 && lines <= fewest_lines) {
    finding.is_open = true;
    finding.words = fmt::format(
        "`{}` gave {} lines, too few for a page: name a longer one as "
        "long-output in the dialect's probe",
        dialect.long_command, lines);
  } else {
    finding.is_good = true;
    finding.words = pages == 0 ? fmt::format("{} lines; it never stops at a page", lines)
                               : fmt::format("{} lines, {} stops at a page", lines, pages);
  }
  return finding;
}

/// How an answer could be read, asked as often as log lines leave a doubt.
struct ReadAnswer {
  Answer answer;
  std::size_t values = 0;
  std::string unread;
  bool is_doubted = false;  ///< log lines came into each answer
};

ReadAnswer read_calmly(Prober& prober, std::size_t one, std::size_t read, const Reader& reader) {
  const Read& of = reader.dialect().reads[read];
  std::vector<Told> known;  // by an answer that left a doubt
  ReadAnswer latest;
  latest.answer = prober.ask_until(
      one, of.command,
      [&](const Answer& answer) {
        const DoubtedReading reading = read_with_doubt(reader, read, prober.subject(one), answer);
        bool is_sure = reading.unread.empty();
        for (const auto& [told, is_doubted] : reading.told) {
          if (!is_doubted || std::ranges::find(known, told) != known.end()) continue;
          is_sure = false;
          known.push_back(told);
        }
        return is_sure;
      },
      of.keeps_noise);
  DoubtedReading reading = read_with_doubt(reader, read, prober.subject(one), latest.answer);
  latest.values = reading.told.size();
  latest.unread = std::move(reading.unread);
  latest.is_doubted = !latest.answer.noise_at.empty();
  return latest;
}

/// One command that the dialect reads: is the answer what its template and its words expect? One
/// that this device does not have is no fault of the dialect: cases that need it are NOT RUN.
/// `unknown`: what a command got that does not exist, where no pattern of refusals fits that.
ProbeFinding can_be_read(const std::string& node, const Read& read, const ReadAnswer& asked,
                         const Dialect& dialect, const std::optional<Exchange>& unknown) {
  ProbeFinding finding{node, fmt::format("`{}` can be read", read.command), false, "", false};
  const std::string by = read.template_file.empty() ? "" : " (" + read.template_file + ")";
  if (const auto refusal = find_refusal(dialect, asked.answer.text)) {
    finding.is_open = refusal->kind == Refusal::Kind::UnknownCommand ||
                      refusal->kind == Refusal::Kind::Licence ||
                      refusal->kind == Refusal::Kind::WrongNode;
    finding.words = fmt::format("{}: {}", to_text(refusal->kind), refusal->line);
  } else if (unknown && is_same_refusal({read.command, asked.answer.text}, *unknown)) {
    finding.is_open = true;
    finding.words = fmt::format("it was answered as `{}` is: {}", unknown->command,
                                first_line(asked.answer.text));
  } else if (!asked.unread.empty()) {
    finding.is_open = asked.is_doubted;
    finding.words = asked.unread;
    if (asked.is_doubted)
      finding.words +=
          fmt::format("; log lines came into each of {} answers", Prober::most_attempts);
  } else {
    finding.is_good = true;
    finding.words = fmt::format("{} values{}", asked.values, by);
  }
  return finding;
}

using TakenSettings = std::vector<std::pair<const CustodyRule*, Value>>;

std::optional<Value> told_by(Prober& prober, std::size_t one, const std::string& attribute,
                             const Reader& reader) {
  std::string ignored;  // what cannot be read has a finding of its own
  return told_by(prober, one, prober.subject(one), attribute, reader, ignored);
}

/// What the setup changes of a session that others come to as well.
TakenSettings take_settings(Prober& prober, std::size_t one, const Reader& reader) {
  TakenSettings taken;
  for (const CustodyRule& rule : reader.dialect().custody) {
    if (!rule.is_of_session || rule.attribute.empty()) continue;
    if (const auto value = told_by(prober, one, rule.attribute, reader))
      taken.emplace_back(&rule, *value);
  }
  return taken;
}

std::vector<ProbeFinding> put_settings_back(Prober& prober, std::size_t one,
                                            const TakenSettings& taken, const Reader& reader) {
  const Dialect& dialect = reader.dialect();
  for (const CustodyRule& rule : dialect.custody)
    if (rule.is_of_session && rule.attribute.empty())
      for (const std::string& line : rule.send) prober.ask(one, line);
  std::vector<ProbeFinding> findings;
  for (const auto& [rule, value] : taken) {
    auto now = told_by(prober, one, rule->attribute, reader);
    if (now && !is_as_it_was(*rule, value, *now)) {
      for (const auto& line : put_back(dialect, *rule, prober.subject(one), value, *now).lines)
        prober.ask(one, line);
      now = told_by(prober, one, rule->attribute, reader);
    }
    const bool is_back = now && is_as_it_was(*rule, value, *now);
    findings.push_back({prober.name(one), fmt::format("{} is left as it was", rule->name), is_back,
                        is_back ? value : difference(*rule, value, now), false});
  }
  return findings;
}

/// A console that has a prompt and is the testbed's.
class ConsoleProbe {
 public:
  ConsoleProbe(Prober& prober, std::size_t one, const Reader& reader)
      : prober_(prober), one_(one), reader_(reader), dialect_(reader.dialect()) {}

  std::vector<ProbeFinding> findings() && {
    ask_unknown();
    const TakenSettings taken = ask_long();
    ask_clock();
    for (std::size_t i = 0; i < dialect_.reads.size(); ++i) ask_read(i);
    prober_.try_again(one_);
    for (auto& finding : put_settings_back(prober_, one_, taken, reader_))
      findings_.push_back(std::move(finding));
    return std::move(findings_);
  }

 private:
  void find(std::string question, bool is_good, std::string words) {
    findings_.push_back(
        {prober_.name(one_), std::move(question), is_good, std::move(words), false});
  }

  /// The first command that gets no answer is told. What gets none after it was not found out.
  void find_no_answer(std::string question, const std::string& command, bool was_asked) {
    if (!prober_.unforeseen(one_).empty())
      return find(std::move(question), false, no_answer(prober_, one_, command));
    const bool is_first = unanswered_.empty();
    if (is_first) unanswered_ = command;
    findings_.push_back(
        {prober_.name(one_), std::move(question), false,
         is_first    ? no_answer(prober_, one_, command)
         : was_asked ? fmt::format("not answered, as `{}` was not before", unanswered_)
                     : fmt::format("it was not asked, since `{}` was not answered", unanswered_),
         !is_first});
  }

  void ask_unknown();
  void find_echo(bool is_known, bool echoes, bool echoes_twice);
  TakenSettings ask_long();
  void ask_clock();
  void ask_read(std::size_t read);

  Prober& prober_;
  const std::size_t one_;
  const Reader& reader_;
  const Dialect& dialect_;
  std::vector<ProbeFinding> findings_;
  std::string unanswered_;           ///< the first command that was not answered
  std::optional<Exchange> unknown_;  ///< answered with what no pattern of refusals fits
};

void ConsoleProbe::ask_unknown() {
  const std::string& command = dialect_.unknown_command;
  std::string doubled;
  for (const char c : command) doubled += {c, c};
  bool echoes = false;
  bool echoes_twice = false;
  const auto is_refused = [&](const Answer& answer) {
    echoes_twice = echoes_twice || prober_.printed(one_).find(doubled) != std::string::npos;
    echoes = echoes || echoes_twice || prober_.printed(one_).find(command) != std::string::npos;
    return echoes == dialect_.console.echoes && find_refusal(dialect_, answer.text);
  };
  Answer nonsense;  // a log line may have cut the echo alone
  for (int attempt = 0; attempt < Prober::most_unanswered; ++attempt) {
    nonsense = prober_.ask_until(one_, command, is_refused);
    if (is_refused(nonsense)) break;
  }
  constexpr const char* question = "an unknown command is refused";
  if (!is_answered(nonsense)) {
    find_no_answer(question, command, true);
    return find_echo(echoes, echoes, echoes_twice);
  }
  const auto refusal = find_refusal(dialect_, nonsense.text);
  const std::string answered = first_line(nonsense.text);
  if (!refusal && !answered.empty()) unknown_ = {command, nonsense.text};
  find(question, refusal && refusal->kind == Refusal::Kind::UnknownCommand,
       refusal ? fmt::format("{}: {}", to_text(refusal->kind), refusal->line)
       : answered.empty()
           ? fmt::format(
                 "`{}` was answered with nothing, as a replay answers a line that was not recorded",
                 command)
           : fmt::format("`{}` was answered `{}`, which no pattern of refusals fits", command,
                         answered));
  find_echo(true, echoes, echoes_twice);
}

void ConsoleProbe::find_echo(bool is_known, bool echoes, bool echoes_twice) {
  constexpr const char* question = "echo is as the dialect says";
  if (!is_known) return find_no_answer(question, dialect_.unknown_command, true);
  find(question, echoes == dialect_.console.echoes,
       echoes_twice ? "it echoes each letter twice: does the line echo as well?"
       : echoes     ? "it echoes"
                    : "it does not echo");
}

TakenSettings ConsoleProbe::ask_long() {
  const bool was_asked = !prober_.is_lost(one_);
  const Answer paged = ask_whole(prober_, one_, dialect_.long_command);
  if (!is_answered(paged)) find_no_answer(long_question, dialect_.long_command, was_asked);
  const int pages = prober_.pages();
  TakenSettings taken = take_settings(prober_, one_, reader_);
  for (const auto& line : dialect_.setup) prober_.ask(one_, line);
  if (!is_answered(paged)) return taken;
  const Answer whole = ask_whole(prober_, one_, dialect_.long_command);
  if (is_answered(whole))
    findings_.push_back(long_output(prober_.name(one_), dialect_, paged, pages, whole));
  else
    find_no_answer(long_question, dialect_.long_command, was_asked);
  return taken;
}

void ConsoleProbe::ask_clock() {
  static const DialectPattern time = *DialectPattern::compile(
      R"(.*(?<![\w:.-])(?:[01]?\d|2[0-3]):[0-5]\d:[0-5]\d(?![\w:-]).*)", "");
  constexpr const char* question = "it shows its clock";
  const std::string& command = dialect_.clock_command;
  const bool was_asked = !prober_.is_lost(one_);
  const Answer clock = prober_.ask_until(
      one_, command, [&](const Answer& answer) { return time.find(answer.text).has_value(); });
  if (!is_answered(clock)) return find_no_answer(question, command, was_asked);
  const auto shown = time.find(clock.text);
  find(question, shown.has_value(), shown ? shown->whole : "no time of day");
}

void ConsoleProbe::ask_read(std::size_t read) {
  const Read& of = dialect_.reads[read];
  const bool was_asked = !prober_.is_lost(one_);
  const ReadAnswer asked = read_calmly(prober_, one_, read, reader_);
  if (!is_answered(asked.answer))
    find_no_answer(fmt::format("`{}` can be read", of.command), of.command, was_asked);
  else
    findings_.push_back(can_be_read(prober_.name(one_), of, asked, dialect_, unknown_));
}

}  // namespace

std::optional<Value> told_by(Prober& prober, std::size_t one, const std::string& own,
                             const std::string& attribute, const Reader& reader,
                             std::string& unread) {
  const auto read = read_for(reader.dialect(), attribute);
  if (!read) return std::nullopt;
  const auto told_in = [&](const Answer& answer) {
    std::optional<Value> value;
    const Reading reading = reader.read(*read, own, answer.text, answer.captures);
    for (const Told& told : reading.told)
      if (told.subject == own && told.attribute == attribute && !told.value.empty())
        value = told.value;
    unread = reading.unread;
    return value;
  };
  std::optional<Value> latest;
  const auto is_told_again = [&](const Answer& answer) {
    const auto value = told_in(answer);
    const bool is_again = value && value == latest;
    if (value) latest = value;
    return is_again;
  };
  const Answer answer = prober.ask_until(one, reader.dialect().reads[*read].command, is_told_again);
  return answer.noise_at.empty() ? told_in(answer) : latest;
}

std::vector<ProbeFinding> probe_console(Prober& prober, std::size_t one, const Reader& reader) {
  return ConsoleProbe(prober, one, reader).findings();
}

}  // namespace understudy::targets

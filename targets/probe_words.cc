#include "targets/probe_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <vector>

#include "harness/plan.h"
#include "targets/console/compiled_words.h"

namespace understudy::targets {

namespace {

constexpr std::size_t longest_shown = 200;  ///< of a line, in a message

std::string shown(std::string_view line) {
  if (line.size() <= longest_shown) return std::string(line);
  return "..." + std::string(line.substr(line.size() - longest_shown + 3));
}

std::string_view last_line(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  const auto line = text.find_last_of("\n\r");
  return line == std::string_view::npos ? text : text.substr(line + 1);
}

bool asks_for_login(const Dialect& dialect, std::string_view line) {
  const Scratch scratch;
  const CompiledWords& words = *dialect.words;
  return words.login.search(line, scratch) || words.login_pending.search(line, scratch) ||
         words.password.search(line, scratch);
}

/// More than a quarter of it is what no console prints.
bool is_garbage(std::string_view printed) {
  const auto odd = std::ranges::count_if(printed, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    constexpr std::string_view usual = "\r\n\t\b\a\x1b";
    return byte >= 0x7f || (byte < 0x20 && usual.find(c) == usual.npos);
  });
  return 4 * static_cast<std::size_t>(odd) > printed.size();
}

/// How a session ended of which nothing more came; empty if none did.
std::string session_end(const Prober& prober, std::size_t one) {
  const auto& ended = prober.session_end(one);
  if (!ended) return {};
  return ended->empty() ? "its session ended" : "its session ended: " + *ended;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool continues = false;
  for (const char c : text) {
    const bool is_part = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (is_part && !continues) words.emplace_back();
    if (is_part) words.back() += c;
    continues = is_part;
  }
  return words;
}

}  // namespace

std::string no_prompt(const Prober& prober, std::size_t one, const Dialect& dialect) {
  const ProbedConsole& console = prober.console(one);
  if (!console.login.user.empty() && !prober.refusal(one).empty())
    return fmt::format("it refused the password of {}: `{}`", console.login.user,
                       shown(prober.refusal(one)));
  const std::string& printed = prober.printed(one);
  const std::string after = understudy::to_text(prober.start());
  const std::string_view last = last_line(printed);
  const std::string line = shown(last);
  switch (prober.mode(one)) {
    case Mode::Login:
    case Mode::Password:
      if (!console.login.user.empty() && !asks_for_login(dialect, last)) break;  // it was let in
      return fmt::format(
          "it asks for a login after {}: `{}`; give the console a `login`, or mend console.login "
          "if that is none",
          after, line);
    case Mode::Booting:
    case Mode::BootLoader:
      return fmt::format(
          "it still boots after {}; the last line is `{}`: a longer boot in timing, or "
          "console.booting fits what is no boot",
          after, line);
    case Mode::Question:
    case Mode::Pager:
      return fmt::format("it waits for an answer after {}: `{}`", after, line);
    case Mode::Silent:
    case Mode::Ended:
      if (const std::string end = session_end(prober, one); !end.empty())
        return printed.empty() ? end + "; it had printed nothing"
                               : fmt::format("{}; the last line is `{}`", end, line);
      break;
    case Mode::Shell:
    case Mode::Busy:
      break;
  }
  if (printed.empty()) {
    return fmt::format(
        "it printed nothing within {}: is console.wake (sent to a silent line) right?", after);
  }
  if (console.is_serial && is_garbage(printed)) {
    return fmt::format(
        "none within {}; what it prints is garbage, `{}`: are speed and parity of its `line` as "
        "the device has them?",
        after, line);
  }
  return fmt::format("none within {}; console.prompt does not fit the last line, `{}`", after,
                     line);
}

std::string no_answer(const Prober& prober, std::size_t one, const std::string& command) {
  const std::string limit = understudy::to_text(prober.limit());
  if (prober.mode(one) == Mode::Ended)
    return fmt::format("`{}` was not answered: {}", command, session_end(prober, one));
  if (prober.mode(one) == Mode::Booting || prober.mode(one) == Mode::BootLoader)
    return fmt::format("`{}` was not answered: the node boots", command);
  if (prober.mode(one) == Mode::Login || prober.mode(one) == Mode::Password)
    return fmt::format("`{}` was not answered: the console asks for a login", command);
  if (!prober.unforeseen(one).empty())
    return fmt::format("`{}` was answered with the question `{}`, and was cancelled", command,
                       prober.unforeseen(one));
  const auto& time_out = prober.time_out(one);
  if (!time_out) return fmt::format("`{}` was not answered within {}", command, limit);
  if (time_out->is_printing)
    return fmt::format("`{}` is still printing after {}: a longer `answer` in timing", command,
                       limit);
  const std::string_view line = last_line(time_out->printed);
  if (line.empty() || line.ends_with(command))
    return fmt::format("`{}` was not answered within {}: nothing came behind it", command, limit);
  return fmt::format(
      "`{}` was not answered within {}; the last line is `{}`: the console waits there, and none "
      "of prompt, pagers and questions fits",
      command, limit, shown(line));
}

std::string first_difference(std::string_view paged, std::string_view whole) {
  const auto one = lines_of(paged);
  const auto other = lines_of(whole);
  std::size_t at = 0;
  while (at < one.size() && at < other.size() && one[at] == other[at]) ++at;
  const auto line = [at](const std::vector<std::string_view>& lines) {
    return at < lines.size() ? fmt::format("`{}`", shown(lines[at])) : "missing";
  };
  return fmt::format("line {} is {} with pages and {} without", at + 1, line(one), line(other));
}

bool is_same_refusal(const Exchange& one, const Exchange& other) {
  std::set<std::string> known;
  for (const std::string& command : {one.command, other.command})
    for (std::string& word : words_of(command)) known.insert(std::move(word));
  const auto rest = [&](const std::string& answer) {
    std::vector<std::string> words = words_of(answer);
    std::erase_if(words, [&](const std::string& word) {
      return known.contains(word) ||
             std::ranges::all_of(word, [](unsigned char c) { return std::isdigit(c) != 0; });
    });
    return words;
  };
  const auto words = rest(one.answer);
  return !words.empty() && words == rest(other.answer);
}

}  // namespace understudy::targets

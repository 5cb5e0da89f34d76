#include "harness/rules/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/matcher.h"
#include "harness/rules/acts.h"
#include "harness/rules/bounds.h"

namespace understudy::rules {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

bool is_long(const Value& value) {
  return value.size() > 60 || value.find('\n') != std::string::npos;
}

/// A value as it stands in a sentence: short ones whole, long ones by their size.
std::string brief(const Value& value) {
  if (!is_long(value)) return value.empty() ? "(empty)" : value;
  const auto lines = lines_of(value);
  return fmt::format("`{}` and {} more lines", lines.empty() ? "" : lines.front().substr(0, 60),
                     lines.empty() ? 0 : lines.size() - 1);
}

std::string brief(const Value& value, const Value& planned) {
  if (planned.empty() || planned.front() != '$') return brief(value);
  if (is_long(value)) return fmt::format("{} ({} lines)", planned, lines_of(value).size());
  if (value == planned) return planned;
  return fmt::format("{} ({})", brief(value), planned);
}

std::string text_of(const Matcher& matcher, const Matcher& planned) {
  Matcher readable = matcher;
  readable.values.clear();
  for (std::size_t index = 0; index < matcher.values.size(); ++index) {
    std::string value = brief(matcher.values[index], planned.values[index]);
    if (std::ranges::find(readable.values, value) == readable.values.end())
      readable.values.push_back(std::move(value));
  }
  return understudy::to_text(readable);
}

std::string lines_missing(const std::vector<std::string>& from, const std::vector<std::string>& in,
                          std::size_t limit) {
  std::vector<std::string> sorted = in;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::string> shown;
  std::size_t more = 0;
  for (const std::string& line : from) {
    const auto found = std::lower_bound(sorted.begin(), sorted.end(), line);
    if (found != sorted.end() && *found == line) {
      sorted.erase(found);
    } else if (shown.size() < limit) {
      shown.push_back("`" + line + "`");
    } else {
      ++more;
    }
  }
  std::string text = fmt::format("{}", fmt::join(shown, ", "));
  if (more > 0) text += fmt::format(" and {} more lines", more);
  return text;
}

std::string bound_of(const Trace& trace, std::size_t index) {
  const PlannedStep& planned = trace.plan->steps[index];
  const std::string length = understudy::to_text(planned.bound);
  const std::string source =
      planned.bound_source.empty() ? "" : fmt::format(" ({})", planned.bound_source);
  if (planned.step.span == Step::Span::For) return fmt::format(" for {}{}", length, source);
  const auto act = counted_from(*trace.plan, index);
  if (!act) return fmt::format(" within {}{}", length, source);
  std::vector<std::string> phrases;
  for (const Act& one : trace.plan->steps[*act].step.acts) phrases.push_back(phrase(one));
  return fmt::format(" within {} of {}{}", length, fmt::join(phrases, " and "), source);
}

}  // namespace

std::string name_of(const Trace& trace, const std::string& planned, const std::string& node) {
  if (planned == node || planned.empty() || !is_node(trace, node)) return node;
  return fmt::format("{} ({})", planned, node);
}

std::string text_of(const Trace& trace, const Group& group) {
  const Term& term = group.term;
  std::string text;
  if (!term.observer.empty()) {
    text = name_of(trace, group.planned.observer, term.observer) + " sees ";
  }
  text += term.quantifier == Quantifier::The ? name_of(trace, group.planned.subject, term.subject)
                                             : word_of(term.quantifier);
  return fmt::format("{}.{} {}", text, term.attribute,
                     text_of(term.matcher, group.planned.matcher));
}

std::string text_of(const Trace& trace, const Expression& expression) {
  std::vector<std::string> parts;
  for (const Group& group : expression.groups) parts.push_back(text_of(trace, group));
  return fmt::format("{}", fmt::join(parts, " and "));
}

std::string expected_of(const Trace& trace, std::size_t step, const Expression& expression) {
  const bool has_bound = trace.plan->steps[step].step.span != Step::Span::Now;
  return text_of(trace, expression) + (has_bound ? bound_of(trace, step) : "");
}

std::string shown(const Group& group, const Value& value) {
  const Matcher& matcher = group.term.matcher;
  const bool is_comparison = matcher.kind == Matcher::Kind::Equals && matcher.values.size() == 1;
  if (!is_comparison || (!is_long(value) && !is_long(matcher.values.front()))) return brief(value);
  if (value == matcher.values.front()) return "the same text";
  return difference(matcher.values.front(), value);
}

std::string text_of(const Expression& expression, const Spoiler& spoiler) {
  const bool is_alone = expression.groups.size() == 1 && spoiler.group->atoms.size() == 1;
  const std::string value = shown(*spoiler.group, spoiler.sample->value);
  if (is_alone) return value;
  return fmt::format("{}.{}: {}", spoiler.atom->subject, spoiler.group->term.attribute, value);
}

std::string rounded(Duration duration) {
  struct Unit {
    std::int64_t length;
    const char* name;
  };
  constexpr std::array units = {Unit{1'000'000'000, "s"}, Unit{1'000'000, "ms"}, Unit{1'000, "us"}};
  const std::int64_t total = std::max<std::int64_t>(duration.count(), 0);
  for (const Unit& unit : units) {
    if (total < unit.length) continue;
    const std::int64_t parts = total >= 10 * unit.length ? 10 : 100;
    const std::int64_t scaled = (total * parts / unit.length * 10 + 5) / 10;
    std::string fraction = fmt::format("{:0{}}", scaled % parts, parts == 10 ? 1 : 2);
    while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
    return fmt::format("{}{}{}{}", scaled / parts, fraction.empty() ? "" : ".", fraction,
                       unit.name);
  }
  return fmt::format("{}ns", total);
}

std::string difference(const Value& wanted, const Value& found, std::size_t limit) {
  const auto wanted_lines = lines_of(wanted);
  const auto found_lines = lines_of(found);
  const std::string missing = lines_missing(wanted_lines, found_lines, limit);
  const std::string extra = lines_missing(found_lines, wanted_lines, limit);
  if (missing.empty() && extra.empty()) return "the same lines in another order";
  if (missing.empty()) return "has besides " + extra;
  if (extra.empty()) return "lacks " + missing;
  return fmt::format("lacks {}; has besides {}", missing, extra);
}

std::string text_of_late(std::span<const Incident> incidents) {
  constexpr std::size_t most_told = 3;
  std::vector<std::pair<std::string, std::size_t>> counts;  // in order of the first
  for (const Incident& incident : incidents) {
    if (incident.kind != Incident::Kind::Late) continue;
    const std::string words = incident.node + ": " + incident.words;
    const auto known =
        std::ranges::find(counts, words, &std::pair<std::string, std::size_t>::first);
    if (known != counts.end())
      ++known->second;
    else
      counts.emplace_back(words, 1);
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(counts.size(), most_told); ++i) {
    const auto& [words, times] = counts[i];
    if (i > 0) text += "; ";
    text += words;
    if (times > 1) text += fmt::format(" ({} times)", times);
  }
  return text;
}

}  // namespace understudy::rules

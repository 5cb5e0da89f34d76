#include "harness/matcher.h"

#include <fmt/format.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <optional>

#include "harness/plan.h"
#include "harness/words.h"

namespace understudy {
namespace {

struct FreePattern {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeMatch {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct FreeContext {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};
using Pattern = std::unique_ptr<pcre2_code, FreePattern>;

constexpr std::uint32_t match_limit = 1'000'000;  // backtracking steps; a sound pattern needs few

Pattern compile(const std::string& pattern, std::string* problem) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  Pattern code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                             PCRE2_MULTILINE, &error, &offset, nullptr));
  if (!code && problem != nullptr) {
    PCRE2_UCHAR message[200];
    pcre2_get_error_message(error, message, sizeof message);
    *problem =
        fmt::format("{} at character {}", reinterpret_cast<const char*>(message), offset + 1);
  }
  return code;
}

bool is_found(const std::string& pattern, const std::string& text) {
  const Pattern code = compile(pattern, nullptr);
  if (!code) return false;
  const std::unique_ptr<pcre2_match_data, FreeMatch> data(
      pcre2_match_data_create_from_pattern(code.get(), nullptr));
  const std::unique_ptr<pcre2_match_context, FreeContext> context(
      pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(context.get(), match_limit);
  return pcre2_match(code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0,
                     data.get(), context.get()) >= 0;
}

__extension__ using Wide = __int128;

/// A value that can be compared, as billionths, or nanoseconds.
struct Measure {
  bool is_duration = false;
  Wide amount = 0;
};

/// "-12.5" as billionths; digits beyond the ninth are dropped.
std::optional<Wide> billionths(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  Wide amount = 0;
  int decimals = -1;
  int digits = 0;
  for (const char c : text) {
    if (c == '.' && decimals < 0 && digits > 0) {
      decimals = 0;
    } else if (c >= '0' && c <= '9' && ++digits <= 25) {
      if (decimals == 9) continue;
      amount = amount * 10 + (c - '0');
      if (decimals >= 0) ++decimals;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0 || decimals == 0) return std::nullopt;
  for (int i = std::max(decimals, 0); i < 9; ++i) amount *= 10;
  return is_negative ? -amount : amount;
}

/// Percentages and plain numbers compare with each other, durations only with durations.
std::optional<Measure> measure_of(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (const auto duration = duration_from(std::string(text)))
    return Measure{true, duration->count()};
  if (text.ends_with('%')) text.remove_suffix(1);
  if (const auto number = billionths(text)) return Measure{false, *number};
  return std::nullopt;
}

/// Below, equal to or above zero, as `value` is to `reference`; nothing if they cannot be compared.
std::optional<int> compare(const std::string& value, const std::string& reference) {
  const auto left = measure_of(value);
  const auto right = measure_of(reference);
  if (!left || !right || left->is_duration != right->is_duration) return std::nullopt;
  return left->amount < right->amount ? -1 : left->amount > right->amount ? 1 : 0;
}

bool is_among(const std::vector<Value>& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

std::string text_of(const Json& argument) {
  if (argument.is_string()) return argument.get<std::string>();
  if (argument.is_array()) {
    std::vector<std::string> items;
    for (const Json& item : argument) items.push_back(text_of(item));
    return fmt::format("{}", fmt::join(items, ", "));
  }
  if (!argument.is_object()) return argument.dump();
  std::vector<std::string> items;
  for (const auto& [key, value] : argument.items())
    items.push_back(fmt::format("{} {}", key, text_of(value)));
  return fmt::format("{}", fmt::join(items, ", "));
}

}  // namespace

bool matches(const Matcher& matcher, const Value& value) {
  const auto& values = matcher.values;
  if (matcher.kind == Matcher::Kind::Known) return true;
  if (matcher.kind == Matcher::Kind::OneOf) return is_among(values, value);
  if (matcher.kind == Matcher::Kind::NoneOf) return !is_among(values, value);
  if (values.empty()) return false;
  switch (matcher.kind) {
    case Matcher::Kind::Equals:
      return value == values.front();
    case Matcher::Kind::Not:
      return value != values.front();
    case Matcher::Kind::Matches:
      return is_found(values.front(), value);
    case Matcher::Kind::AtLeast:
      return compare(value, values.front()).value_or(-1) >= 0;
    case Matcher::Kind::AtMost:
      return compare(value, values.front()).value_or(1) <= 0;
    case Matcher::Kind::Above:
      return compare(value, values.front()).value_or(-1) > 0;
    case Matcher::Kind::Below:
      return compare(value, values.front()).value_or(1) < 0;
    case Matcher::Kind::OneOf:
    case Matcher::Kind::NoneOf:
    case Matcher::Kind::Known:
      break;
  }
  return false;
}

bool is_measurable(const std::string& text) {
  return measure_of(text).has_value();
}

std::string pattern_problem(const std::string& pattern) {
  std::string problem;
  compile(pattern, &problem);
  return problem;
}

std::string word_of(Matcher::Kind kind) {
  for (const MatcherWord& word : matcher_words())
    if (word.kind == kind) return std::string(word.word.name);
  return "equals";
}

std::string word_of(Quantifier quantifier) {
  for (const QuantifierWord& word : quantifier_words())
    if (word.quantifier == quantifier) return std::string(word.word.name);
  return "the";
}

std::string to_text(const Matcher& matcher) {
  const std::string values = fmt::format("{}", fmt::join(matcher.values, ", "));
  if (matcher.kind == Matcher::Kind::Equals) return "= " + values;
  if (matcher.kind == Matcher::Kind::Matches) return "matches " + values;
  if (matcher.kind == Matcher::Kind::Known) return "is known";
  return fmt::format("is {} {}", word_of(matcher.kind), values);
}

std::string to_text(const Term& term) {
  const std::string subject =
      term.quantifier == Quantifier::The ? term.subject : word_of(term.quantifier);
  return fmt::format("{}{}{}.{} {}", term.observer, term.observer.empty() ? "" : " sees ", subject,
                     term.attribute, to_text(term.matcher));
}

std::string to_text(const Condition& condition) {
  std::vector<std::string> terms;
  for (const Term& term : condition.terms) terms.push_back(to_text(term));
  return fmt::format("{}", fmt::join(terms, " and "));
}

std::string to_text(const Act& act) {
  std::string text = act.word;
  const ActWord* word = find_act(act.word);
  const std::string main = word == nullptr ? "" : std::string(word->arguments.front().name);
  if (act.arguments.contains(main)) text += fmt::format(" {}", text_of(act.arguments.at(main)));
  for (const auto& [name, value] : act.arguments.items())
    if (name != main) text += fmt::format(", {}: {}", name, text_of(value));
  return text;
}

}  // namespace understudy

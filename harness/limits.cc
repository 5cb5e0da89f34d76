#include "harness/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <optional>

namespace understudy {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

constexpr std::array units = {
    Unit{"h", 3'600'000'000'000}, Unit{"m", 60'000'000'000}, Unit{"s", 1'000'000'000},
    Unit{"ms", 1'000'000},        Unit{"us", 1'000},         Unit{"ns", 1}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// "1.5" of a unit in nanoseconds, if that is exact and fits.
std::optional<std::int64_t> scaled(std::string_view number, std::int64_t unit) {
  std::int64_t total = 0;
  bool is_fraction = false;
  for (const char c : number) {
    if (c == '.') {
      is_fraction = true;
      continue;
    }
    if (is_fraction) {
      if (unit % 10 != 0 && c != '0') return std::nullopt;
      unit /= 10;
      if (__builtin_add_overflow(total, (c - '0') * unit, &total)) return std::nullopt;
      continue;
    }
    std::int64_t digit = 0;
    if (__builtin_mul_overflow(total, std::int64_t{10}, &total) ||
        __builtin_mul_overflow(std::int64_t{c - '0'}, unit, &digit) ||
        __builtin_add_overflow(total, digit, &total))
      return std::nullopt;
  }
  return total;
}

/// A number or a duration; which of them, arithmetic keeps apart. Open: a name without a value yet.
struct Quantity {
  bool is_duration = false;
  std::int64_t amount = 0;
  bool is_open = false;
};

constexpr Quantity open_quantity{false, 0, true};

using Lookup = std::function<std::optional<Quantity>(const std::string& name)>;

/// Recursive descent over one expression. The first error stops it.
class Reader {
 public:
  Reader(const std::string& text, const std::string& where, const Lookup& lookup)
      : text_(text), where_(where), lookup_(lookup) {}

  Result<Quantity> read() {
    auto result = sum();
    skip_blanks();
    if (result && at_ < text_.size()) return problem("an operator is missing");
    return result;
  }

 private:
  static constexpr int deepest = 50;

  tl::unexpected<Error> problem(const std::string& what, std::string hint = {}) {
    return fail(where_, fmt::format("{} at character {} of `{}`", what, at_ + 1, text_),
                std::move(hint));
  }

  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  /// The next character if it is one of these operators.
  char take(std::string_view operators) {
    skip_blanks();
    if (at_ >= text_.size() || operators.find(text_[at_]) == std::string_view::npos) return 0;
    return text_[at_++];
  }

  Result<Quantity> sum() {
    auto left = product();
    while (left) {
      const char op = take("+-");
      if (op == 0) break;
      const auto right = product();
      if (!right) return right;
      left = add(*left, *right, op);
    }
    return left;
  }

  Result<Quantity> add(Quantity left, Quantity right, char op) {
    if (left.is_open || right.is_open) return open_quantity;
    if (left.is_duration != right.is_duration)
      return problem("a number and a duration cannot be added or subtracted up to here");
    const bool overflows = op == '+'
                               ? __builtin_add_overflow(left.amount, right.amount, &left.amount)
                               : __builtin_sub_overflow(left.amount, right.amount, &left.amount);
    if (overflows) return problem("the value is too large up to here");
    return left;
  }

  Result<Quantity> product() {
    auto left = factor();
    while (left) {
      const char op = take("*/");
      if (op == 0) break;
      const auto right = factor();
      if (!right) return right;
      left = op == '*' ? multiply(*left, *right) : divide(*left, *right);
    }
    return left;
  }

  Result<Quantity> multiply(Quantity left, Quantity right) {
    if (left.is_open || right.is_open) return open_quantity;
    if (left.is_duration && right.is_duration)
      return problem("two durations cannot be multiplied up to here");
    if (__builtin_mul_overflow(left.amount, right.amount, &left.amount))
      return problem("the value is too large up to here");
    left.is_duration = left.is_duration || right.is_duration;
    return left;
  }

  Result<Quantity> divide(Quantity left, Quantity right) {
    if (left.is_open || right.is_open) return open_quantity;
    if (right.is_duration && !left.is_duration)
      return problem("a number cannot be divided by a duration up to here");
    if (right.amount == 0 || right.amount == -1)
      return problem("the divisor is below one up to here");
    return Quantity{left.is_duration && !right.is_duration, left.amount / right.amount, false};
  }

  Result<Quantity> factor() {
    skip_blanks();
    if (at_ >= text_.size()) return problem("a value is missing");
    const char c = text_[at_];
    if (c == '(') return parenthesis();
    if (is_digit(c)) return literal();
    if (is_letter(c) || c == '$') return name();
    return problem(fmt::format("`{}` is no value", c), "numbers, durations, names, + - * / ( )");
  }

  Result<Quantity> parenthesis() {
    if (++depth_ > deepest) return problem("too many parentheses");
    ++at_;
    auto inner = sum();
    if (inner && take(")") == 0) return problem("`)` is missing");
    --depth_;
    return inner;
  }

  Result<Quantity> literal() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
    const std::string_view digits = std::string_view(text_).substr(begin, at_ - begin);
    const std::size_t unit = at_;
    while (at_ < text_.size() && is_letter(text_[at_])) ++at_;
    if (at_ > unit) {
      const auto duration = duration_from(text_.substr(begin, at_ - begin));
      if (!duration) return problem(duration.error().what, duration.error().hint);
      return Quantity{true, duration->count(), false};
    }
    Quantity number;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number.amount);
    if (error != std::errc() || end != digits.data() + digits.size())
      return problem(fmt::format("`{}` is no whole number", digits), "a duration has a unit: 1.5s");
    return number;
  }

  Result<Quantity> name() {
    const std::size_t begin = at_;
    const auto belongs = [&](std::size_t i) {
      if (is_letter(text_[i]) || is_digit(text_[i]) || text_[i] == '_' || text_[i] == '.')
        return true;
      return text_[i] == '-' && i + 1 < text_.size() &&
             (is_letter(text_[i + 1]) || is_digit(text_[i + 1]));
    };
    ++at_;
    while (at_ < text_.size() && belongs(at_)) ++at_;
    const std::string found = text_.substr(begin, at_ - begin);
    const auto value = lookup_(found);
    if (value) return *value;
    at_ = begin;
    return problem(fmt::format("the name `{}` is not known", found));
  }

  const std::string& text_;
  const std::string& where_;
  const Lookup& lookup_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

Result<Quantity> evaluate_any(const std::string& expression, const Names& names,
                              const std::string& where) {
  const Lookup lookup = [&](const std::string& name) -> std::optional<Quantity> {
    for (const auto& [known, value] : names.durations)
      if (known == name) return Quantity{true, value.count(), false};
    for (const auto& [known, value] : names.numbers)
      if (known == name) return Quantity{false, value, false};
    return std::nullopt;
  };
  auto result = Reader(expression, where, lookup).read();
  if (!result && result.error().what.find("is not known") != std::string::npos) {
    std::vector<std::string> known;
    for (const auto& [name, value] : names.durations) known.push_back(name);
    for (const auto& [name, value] : names.numbers) known.push_back(name);
    const auto used = names_in(expression, where);
    for (const std::string& name : used ? *used : std::vector<std::string>{})
      if (result.error().hint.empty() && std::find(known.begin(), known.end(), name) == known.end())
        result.error().hint = did_you_mean(name, known);
  }
  return result;
}

std::string decimal(std::int64_t amount, std::int64_t unit) {
  std::string text = std::to_string(amount / unit);
  std::string fraction;
  for (std::int64_t rest = amount % unit; rest != 0; rest %= unit) {
    unit /= 10;
    fraction += static_cast<char>('0' + rest / unit);
  }
  return fraction.empty() ? text : text + "." + fraction;
}

}  // namespace

Result<Duration> duration_from(const std::string& text) {
  const auto wrong = [&](std::string_view why) {
    return fail("", fmt::format("`{}` is no duration: {}", text, why),
                "for example 250ms, 1.5s, 2m or 1h");
  };
  std::size_t end = 0;
  while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
  const std::string_view number = std::string_view(text).substr(0, end);
  const std::string_view name = std::string_view(text).substr(end);
  if (number.empty() || number.front() == '.' || number.back() == '.' ||
      std::count(number.begin(), number.end(), '.') > 1)
    return wrong("it does not begin with a number");
  if (name.empty()) return wrong("the unit is missing");
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    const auto amount = scaled(number, unit.nanoseconds);
    if (!amount) return wrong("it is finer than a nanosecond or longer than 292 years");
    return Duration(*amount);
  }
  return wrong(fmt::format("the unit `{}` is not known", name));
}

std::string to_text(Duration duration) {
  const std::int64_t amount = duration.count();
  if (amount < 0)
    return fmt::format("-{}", to_text(Duration(amount == INT64_MIN ? INT64_MAX : -amount)));
  if (amount == 0) return "0s";
  for (const Unit& unit : units) {
    const bool is_of_the_clock = unit.nanoseconds > 1'000'000'000;  // hours and minutes: whole only
    if (is_of_the_clock ? amount % unit.nanoseconds == 0 : amount >= unit.nanoseconds)
      return decimal(amount, unit.nanoseconds) + std::string(unit.name);
  }
  return "0s";
}

Result<Duration> evaluate_signed(const std::string& expression, const Names& names,
                                 const std::string& where) {
  const auto value = evaluate_any(expression, names, where);
  if (!value) return tl::unexpected(value.error());
  if (!value->is_duration)
    return fail(where, fmt::format("`{}` is a number, not a duration", expression),
                "a duration has a unit: 250ms, 1.5s, 2m");
  return Duration(value->amount);
}

Result<Duration> evaluate(const std::string& expression, const Names& names,
                          const std::string& where) {
  const auto value = evaluate_signed(expression, names, where);
  if (value && *value < Duration{})
    return fail(where, fmt::format("`{}` is below zero", expression));
  return value;
}

Result<std::int64_t> evaluate_number(const std::string& expression, const Names& names,
                                     const std::string& where) {
  const auto value = evaluate_any(expression, names, where);
  if (!value) return tl::unexpected(value.error());
  if (value->is_duration)
    return fail(where, fmt::format("`{}` is a duration, not a number", expression));
  return value->amount;
}

Result<std::vector<std::string>> names_in(const std::string& expression, const std::string& where) {
  std::vector<std::string> found;
  const Lookup lookup = [&](const std::string& name) -> std::optional<Quantity> {
    if (std::find(found.begin(), found.end(), name) == found.end()) found.push_back(name);
    return open_quantity;
  };
  const auto result = Reader(expression, where, lookup).read();
  if (!result) return tl::unexpected(result.error());
  return found;
}

}  // namespace understudy

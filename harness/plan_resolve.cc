#include "harness/plan_resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "harness/limits.h"
#include "harness/words.h"

namespace understudy::planning {
namespace {

constexpr std::size_t scratch_values = 2;  // as many as any case needs; the rest is left alone
constexpr int deepest_limit = 10;

template <typename T>
std::optional<T> find_in(const std::vector<std::pair<std::string, T>>& pairs,
                         const std::string& name) {
  for (const auto& [key, value] : pairs)
    if (key == name) return value;
  return std::nullopt;
}

bool is_name(const std::string& text) {
  return text.size() > 1 && text[0] == '$' &&
         ((text[1] >= 'a' && text[1] <= 'z') || (text[1] >= 'A' && text[1] <= 'Z'));
}

/// "vlans" (the first two) or "vlans.2" (the second).
std::vector<Value> scratch_of(Resolver& resolver, const std::string& name) {
  const std::size_t dot = name.find('.');
  const std::string kind = name.substr(0, dot);
  const auto values = find_in(resolver.capabilities.scratch, kind).value_or(std::vector<Value>{});
  if (dot == std::string::npos && !values.empty())
    return {values.begin(),
            values.begin() + static_cast<std::ptrdiff_t>(std::min(values.size(), scratch_values))};
  std::size_t index = 1;
  if (dot != std::string::npos)
    std::from_chars(name.data() + dot + 1, name.data() + name.size(), index);
  if (index >= 1 && index <= values.size()) return {values[index - 1]};
  note_missing(resolver, "scratch " + kind);
  return {};
}

/// Durations and numbers behind the names of expressions. Limits refer to each other, so it
/// recurses.
class Evaluation {
 public:
  Evaluation(Resolver& resolver, const std::string& where) : resolver_(resolver), where_(where) {}

  Result<Duration> duration(const std::string& expression, const std::string& of_limit = "") {
    const auto names = names_for(expression, of_limit);
    if (!names) return tl::unexpected(names.error());
    if (is_missing_) return Duration{};
    const auto length = evaluate_signed(expression, *names, where_);
    // A testbed that polls too seldom to see so short a time.
    if (length && *length < Duration{}) {
      miss(fmt::format("timing for which `{}` is not below zero", expression));
      return Duration{};
    }
    return length;
  }

  Result<std::int64_t> number(const std::string& expression) {
    const auto names = names_for(expression, "");
    if (!names) return tl::unexpected(names.error());
    if (is_missing_) return 0;
    return evaluate_number(expression, *names, where_);
  }

  Result<Duration> limit(const std::string& name) {
    const Limit* limit = find_limit(name);
    const auto own = find_in(resolver_.capabilities.timing, name);
    if (own && (limit == nullptr || !has_own_name(*limit) || lacks_a_name(*limit))) {
      add_source(fmt::format("limits.{} of {}", name, resolver_.testbed));
      return *own;
    }
    if (limit == nullptr || limit->expression.empty()) {
      miss("limit " + name);
      return Duration{};
    }
    add_source(fmt::format("limits.{} of {}", name, resolver_.suite.name));
    if (++depth_ > deepest_limit)
      return fail(limit->where,
                  fmt::format("the limit `{}` refers to itself through others", name));
    ++inside_limit_;
    auto length = duration(limit->expression, name);
    --inside_limit_;
    --depth_;
    return length;
  }

  std::string source() const {
    return sources_.empty() ? "the case" : fmt::format("{}", fmt::join(sources_, ", "));
  }

 private:
  const Limit* find_limit(const std::string& name) const {
    for (const Limit& limit : resolver_.suite.limits)
      if (limit.name == name) return &limit;
    return nullptr;
  }

  static bool has_own_name(const Limit& limit) {
    const auto names = names_in(limit.expression, limit.where);
    return names && std::find(names->begin(), names->end(), limit.name) != names->end();
  }

  /// A name of its expression that the testbed does not tell.
  bool lacks_a_name(const Limit& limit) const {
    const auto names = names_in(limit.expression, limit.where);
    return names && std::ranges::any_of(*names, [&](const std::string& name) {
             return !name.starts_with('$') && !find_in(resolver_.capabilities.timing, name) &&
                    !find_in(resolver_.capabilities.numbers, name) && find_limit(name) == nullptr;
           });
  }

  void miss(const std::string& word) {
    is_missing_ = true;
    note_missing(resolver_, word);
  }

  void add_source(const std::string& source) {
    if (inside_limit_ == 0 && std::find(sources_.begin(), sources_.end(), source) == sources_.end())
      sources_.push_back(source);
  }

  Result<Names> names_for(const std::string& expression, const std::string& of_limit) {
    const auto needed = names_in(expression, where_);
    if (!needed) return tl::unexpected(needed.error());
    Names names;
    for (const std::string& name : *needed)
      if (auto found = look_up(name, of_limit, names); !found) return tl::unexpected(found.error());
    return names;
  }

  Result<void> look_up(const std::string& name, const std::string& of_limit, Names& names) {
    const std::string limits = "$limits.";
    if (name.starts_with(limits)) return add(names, name, limit(name.substr(limits.size())));
    if (name.starts_with('$')) return look_up_varied(name, names);
    if (const auto length = find_in(resolver_.capabilities.timing, name)) {
      add_source("timing of " + resolver_.testbed);
      names.durations.emplace_back(name, *length);
    } else if (const auto number = find_in(resolver_.capabilities.numbers, name)) {
      add_source("timing of " + resolver_.testbed);
      names.numbers.emplace_back(name, *number);
    } else if (name != of_limit && find_limit(name) != nullptr) {
      return add(names, name, limit(name));
    } else {
      const std::string word = "timing " + name;
      miss(of_limit.empty() || of_limit == name ? word : "limit " + of_limit + ", or " + word);
    }
    return {};
  }

  Result<void> look_up_varied(const std::string& name, Names& names) {
    const auto value = find_in(resolver_.varied, name.substr(1));
    if (!value || ++depth_ > deepest_limit)
      return fail(where_, fmt::format("`{}` has no value before the run", name));
    const auto length = duration(*value);
    if (length || is_missing_) {
      --depth_;
      return add(names, name, length);
    }
    const auto count = number(*value);
    --depth_;
    if (!count) return tl::unexpected(length.error());
    names.numbers.emplace_back(name, *count);
    return {};
  }

  static Result<void> add(Names& names, const std::string& name, const Result<Duration>& length) {
    if (!length) return tl::unexpected(length.error());
    names.durations.emplace_back(name, *length);
    return {};
  }

  Resolver& resolver_;
  const std::string& where_;
  std::vector<std::string> sources_;
  bool is_missing_ = false;
  int depth_ = 0;
  int inside_limit_ = 0;
};

Json resolved_value(Resolver& resolver, const Json& value) {
  if (value.is_string()) {
    const auto text = value.get<std::string>();
    const auto values = values_of(resolver, text);
    if (values.size() == 1 && !text.starts_with("$scratch.")) return values.front();
    const bool is_one =
        values.size() == 1 && text.find('.') != text.rfind('.');  // $scratch.vlans.1
    return is_one ? Json(values.front()) : Json(values);
  }
  if (value.is_object()) {
    Json result = Json::object();
    for (const auto& [key, inner] : value.items()) result[key] = resolved_value(resolver, inner);
    return result;
  }
  if (!value.is_array()) return value;
  Json result = Json::array();
  for (const Json& item : value) {
    const Json inner = resolved_value(resolver, item);
    if (!inner.is_array())
      result.push_back(inner);
    else
      result.insert(result.end(), inner.begin(), inner.end());
  }
  return result;
}

}  // namespace

void note_missing(Resolver& resolver, const std::string& word) {
  if (resolver.missing.empty()) resolver.missing = word;
}

std::vector<Value> values_of(Resolver& resolver, const std::string& text) {
  std::string value = text;
  if (is_name(value))
    if (const auto varied = find_in(resolver.varied, value.substr(1))) value = *varied;
  if (!is_name(value)) return {value};
  const std::string name = value.substr(1);
  if (std::find(resolver.roles.begin(), resolver.roles.end(), name) != resolver.roles.end())
    return {name};
  const std::string scratch = "scratch.";
  if (name.starts_with(scratch)) return scratch_of(resolver, name.substr(scratch.size()));
  return {value};
}

Result<Bound> bound_of(Resolver& resolver, const std::string& expression,
                       const std::string& where) {
  Evaluation evaluation(resolver, where);
  const auto length = evaluation.duration(expression);
  if (!length) return tl::unexpected(length.error());
  return Bound{*length, evaluation.source()};
}

Result<Bound> limit_of(Resolver& resolver, const std::string& name, const std::string& where) {
  Evaluation evaluation(resolver, where);
  const auto length = evaluation.limit(name);
  if (!length) return tl::unexpected(length.error());
  return Bound{*length, evaluation.source()};
}

Result<Act> resolved(Resolver& resolver, const Act& act, const std::string& where) {
  Act result{act.word, Json::object()};
  const ActWord* word = find_act(act.word);
  for (const auto& [name, value] : act.arguments.items()) {
    const ArgumentWord* argument = word == nullptr ? nullptr : find_argument(*word, name);
    const bool is_text = value.is_string();
    if (is_text && argument != nullptr && argument->type == ArgumentType::Length) {
      const auto bound = bound_of(resolver, value.get<std::string>(), where);
      if (!bound) return tl::unexpected(bound.error());
      result.arguments[name] = to_text(bound->length);
    } else if (is_text && argument != nullptr && argument->type == ArgumentType::Count) {
      const auto count = Evaluation(resolver, where).number(value.get<std::string>());
      if (!count) return tl::unexpected(count.error());
      if (*count < 0) return fail(where, fmt::format("`{}` of {} is below zero", name, act.word));
      result.arguments[name] = std::to_string(*count);
    } else {
      result.arguments[name] = resolved_value(resolver, value);
    }
  }
  return result;
}

Term resolved(Resolver& resolver, const Term& term) {
  Term result = term;
  const auto one = [&](const std::string& text) {
    const auto values = values_of(resolver, text);
    return values.empty() ? text : values.front();
  };
  result.subject = one(term.subject);
  result.observer = one(term.observer);
  if (term.matcher.kind == Matcher::Kind::Matches) return result;  // a dollar is part of a pattern
  result.matcher.values.clear();
  const bool is_list =
      term.matcher.kind == Matcher::Kind::OneOf || term.matcher.kind == Matcher::Kind::NoneOf;
  for (const Value& value : term.matcher.values) {
    const auto values = values_of(resolver, value);
    if (is_list)
      result.matcher.values.insert(result.matcher.values.end(), values.begin(), values.end());
    else
      result.matcher.values.push_back(fmt::format("{}", fmt::join(values, ",")));
  }
  return result;
}

Condition resolved(Resolver& resolver, const Condition& condition) {
  Condition result;
  for (const Term& term : condition.terms) result.terms.push_back(resolved(resolver, term));
  return result;
}

}  // namespace understudy::planning

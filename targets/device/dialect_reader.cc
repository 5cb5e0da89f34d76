#include "targets/device/dialect_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/plan.h"

namespace understudy::targets {

DialectPattern pattern_from(const yaml::Node& node, std::string_view what,
                            yaml::Problems& problems) {
  const auto text = yaml::text_from(node, what, problems);
  if (!text) return {};
  auto pattern = DialectPattern::compile(*text, yaml::where(node));
  if (pattern) return std::move(*pattern);
  problems.push_back(pattern.error());
  return {};
}

std::vector<DialectPattern> patterns_from(const yaml::Node& node, std::string_view what,
                                          yaml::Problems& problems) {
  std::vector<DialectPattern> patterns;
  if (!node.is_list()) {
    patterns.push_back(pattern_from(node, what, problems));
    return patterns;
  }
  for (const auto& item : node.items) patterns.push_back(pattern_from(item, what, problems));
  return patterns;
}

std::optional<Duration> duration_in(const yaml::Node& node, std::string_view what,
                                    yaml::Problems& problems) {
  const auto text = yaml::text_from(node, what, problems);
  if (!text) return std::nullopt;
  const auto duration = duration_from(*text);
  if (duration && *duration > Duration::zero()) return *duration;
  yaml::add(problems, node, fmt::format("{} is a duration, not `{}`", what, *text),
            "for example 250ms, 10s, 2m");
  return std::nullopt;
}

std::optional<std::size_t> choice_from(const yaml::Node& node, std::string_view what,
                                       const std::vector<std::string>& known,
                                       yaml::Problems& problems) {
  const auto text = yaml::text_from(node, what, problems);
  if (!text) return std::nullopt;
  const auto found = std::ranges::find(known, *text);
  if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
  auto hint = did_you_mean(*text, known);
  if (hint.empty()) hint = fmt::format("one of: {}", fmt::join(known, ", "));
  yaml::add(problems, node, fmt::format("{} cannot be `{}`", what, *text), hint);
  return std::nullopt;
}

TextPairs pairs_from(const yaml::Node& node, std::string_view what, yaml::Problems& problems) {
  TextPairs pairs;
  if (!node.is_map()) {
    yaml::add(problems, node, fmt::format("{} is a map", what));
    return pairs;
  }
  for (const auto& entry : node.entries) {
    const auto text = yaml::text_from(entry.value, entry.key.text, problems);
    if (text) pairs.emplace_back(entry.key.text, *text);
  }
  return pairs;
}

namespace {

std::string text_or(const yaml::Node& map, std::string_view key, std::string fallback,
                    yaml::Problems& problems) {
  const auto* node = yaml::find(map, key);
  if (!node) return fallback;
  return yaml::text_from(*node, key, problems).value_or(std::move(fallback));
}

/// The text of a pattern that the console engine compiles; compiled here too, for its place.
std::string checked_text(const yaml::Node& map, const char* key, yaml::Problems& problems) {
  const auto* node = yaml::find(map, key);
  return node ? pattern_from(*node, key, problems).text() : std::string();
}

std::vector<std::string> checked_texts(const yaml::Node& map, const char* key,
                                       yaml::Problems& problems) {
  std::vector<std::string> texts;
  if (const auto* node = yaml::find(map, key))
    for (const auto& pattern : patterns_from(*node, key, problems)) texts.push_back(pattern.text());
  return texts;
}

ConsoleWords::Pager pager_from(const yaml::Node& node, yaml::Problems& problems) {
  if (!yaml::check_keys(node, "a pager", {"pattern", "key", "quit"}, {}, problems)) return {};
  return {checked_text(node, "pattern", problems), text_or(node, "key", " ", problems),
          text_or(node, "quit", "q", problems)};
}

ConsoleWords::Question question_from(const yaml::Node& node, yaml::Problems& problems) {
  if (!yaml::check_keys(node, "a question", {"name", "pattern", "cancel"}, {}, problems)) return {};
  return {text_or(node, "name", "", problems), checked_text(node, "pattern", problems),
          text_or(node, "cancel", "", problems)};
}

std::vector<yaml::Node> items_of(const yaml::Node& map, const char* key, yaml::Problems& problems) {
  const auto* node = yaml::find(map, key);
  if (!node) return {};
  if (node->is_list()) return node->items;
  yaml::add(problems, *node, fmt::format("`{}` is a list", key));
  return {};
}

}  // namespace

ConsoleWords console_from(const yaml::Node& node, yaml::Problems& problems) {
  ConsoleWords words;
  if (!yaml::check_keys(
          node, "a console", {"prompt"},
          {"pagers", "questions", "booting", "boot-loader", "login", "password", "login-failed",
           "login-pending", "user", "noise", "line-end", "echoes", "wake", "interrupt"},
          problems))
    return words;
  words.prompt = checked_text(node, "prompt", problems);
  for (const auto& item : items_of(node, "pagers", problems))
    words.pagers.push_back(pager_from(item, problems));
  for (const auto& item : items_of(node, "questions", problems))
    words.questions.push_back(question_from(item, problems));
  words.booting = checked_texts(node, "booting", problems);
  words.boot_loader = checked_texts(node, "boot-loader", problems);
  words.login = checked_text(node, "login", problems);
  words.password = checked_text(node, "password", problems);
  words.login_failed = checked_text(node, "login-failed", problems);
  words.user = text_or(node, "user", "", problems);
  words.login_pending = checked_text(node, "login-pending", problems);
  words.noise = checked_texts(node, "noise", problems);
  words.line_end = text_or(node, "line-end", words.line_end, problems);
  words.wake = text_or(node, "wake", words.wake, problems);
  words.interrupt = text_or(node, "interrupt", words.interrupt, problems);
  if (const auto* echoes = yaml::find(node, "echoes"))
    words.echoes = yaml::flag_from(*echoes, "echoes", problems).value_or(true);
  return words;
}

namespace {

struct FromKey {
  const char* key;
  AttributeRule::From from;
};
constexpr FromKey from_keys[] = {
    {"column", AttributeRule::From::Column},   {"share", AttributeRule::From::Share},
    {"percent", AttributeRule::From::Percent}, {"sum", AttributeRule::From::Sum},
    {"count", AttributeRule::From::Count},     {"list", AttributeRule::From::List},
    {"text", AttributeRule::From::Text},       {"capture", AttributeRule::From::Capture},
    {"copy", AttributeRule::From::Copy}};

}  // namespace

void words_from(const yaml::Node& node, std::vector<Word>& words, yaml::Problems& problems) {
  if (!node.is_list()) {
    yaml::add(problems, node, "`words` is a list of words and of {pattern: word}");
    return;
  }
  for (const auto& item : node.items) {
    if (!item.is_map()) {
      const auto text = yaml::text_from(item, "a word", problems);
      if (!text) continue;
      words.push_back({*DialectPattern::compile("\\Q" + *text + "\\E", yaml::where(item)), *text});
      continue;
    }
    for (const auto& entry : item.entries) {
      const auto value = yaml::text_from(entry.value, "a word", problems);
      if (value) words.push_back({pattern_from(entry.key, "a word", problems), *value});
    }
  }
}

namespace {

void source_from(const yaml::Node& node, bool is_prompt, AttributeRule& rule,
                 yaml::Problems& problems) {
  int found = 0;
  for (const auto& [key, from] : from_keys) {
    const auto* value = yaml::find(node, key);
    if (!value) continue;
    ++found;
    rule.from = from;
    rule.source = yaml::text_from(*value, key, problems).value_or("");
  }
  if (found != 1)
    yaml::add(problems, node, fmt::format("`{}` has {} sources", rule.name, found),
              "exactly one of column, percent, share, sum, count, list, text, capture, copy");
  else if (is_prompt != (rule.from == AttributeRule::From::Capture))
    yaml::add(problems, node,
              is_prompt ? "attributes of the prompt are captures of it"
                        : "captures are attributes of the prompt",
              "captures stand under `prompt:`");
}

AttributeRule attribute_from(const yaml::Entry& entry, bool is_prompt, yaml::Problems& problems) {
  AttributeRule rule;
  rule.name = entry.key.text;
  const yaml::Node& node = entry.value;
  if (!yaml::check_keys(
          node, fmt::format("the attribute `{}`", rule.name), {},
          {"column", "percent", "share", "sum", "count", "list", "text", "capture", "copy", "part",
           "words", "number", "duration", "empty", "absent", "where", "drop", "when", "told"},
          problems))
    return rule;
  source_from(node, is_prompt, rule, problems);
  if (const auto* told = yaml::find(node, "told"))
    rule.is_told_when_asked =
        choice_from(*told, "told", {"always", "when-asked"}, problems).value_or(0) == 1;
  if (const auto* part = yaml::find(node, "part"))
    rule.part = pattern_from(*part, "part", problems);
  if (const auto* words = yaml::find(node, "words")) words_from(*words, rule.words, problems);
  if (const auto* number = yaml::find(node, "number"))
    rule.is_number = yaml::flag_from(*number, "number", problems).value_or(false);
  if (const auto* duration = yaml::find(node, "duration"))
    rule.is_duration = yaml::flag_from(*duration, "duration", problems).value_or(false);
  if (const auto* empty = yaml::find(node, "empty"))
    rule.empty = yaml::text_from(*empty, "empty", problems);
  if (const auto* absent = yaml::find(node, "absent"))
    rule.absent = yaml::text_from(*absent, "absent", problems);
  if (const auto* where = yaml::find(node, "where"); where && where->is_map())
    for (const auto& one : where->entries)
      rule.where.emplace_back(one.key.text, pattern_from(one.value, "where", problems));
  if (const auto* drop = yaml::find(node, "drop"))
    rule.drop = patterns_from(*drop, "drop", problems);
  if (const auto* when = yaml::find(node, "when")) rule.when = pairs_from(*when, "when", problems);
  return rule;
}

}  // namespace

std::vector<AttributeRule> attributes_from(const yaml::Node& node, bool is_prompt,
                                           yaml::Problems& problems) {
  std::vector<AttributeRule> rules;
  if (!node.is_map()) {
    yaml::add(problems, node, "attributes are a map from name to rule");
    return rules;
  }
  for (const auto& entry : node.entries)
    rules.push_back(attribute_from(entry, is_prompt, problems));
  return rules;
}

}  // namespace understudy::targets

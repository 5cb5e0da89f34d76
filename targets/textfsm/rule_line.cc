#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "targets/textfsm/template_reader.h"
#include "targets/textfsm/unicode.h"

namespace understudy::targets::textfsm {
namespace {

constexpr std::array<std::pair<std::string_view, LineAction>, 3> line_actions{{
    {"Next", LineAction::Next},
    {"Continue", LineAction::Continue},
    {"Error", LineAction::Error},
}};
constexpr std::array<std::pair<std::string_view, RecordAction>, 4> record_actions{{
    {"NoRecord", RecordAction::NoRecord},
    {"Record", RecordAction::Record},
    {"Clear", RecordAction::Clear},
    {"Clearall", RecordAction::Clearall},
}};

template <typename Table, typename T>
bool look_up(const Table& table, std::string_view word, T& found) {
  for (const auto& [name, action] : table) {
    if (name == word) {
      found = action;
      return true;
    }
  }
  return false;
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view leading_name(std::string_view text) {
  if (text.empty() || !is_name_character(text[0]) || (text[0] >= '0' && text[0] <= '9')) return {};
  std::size_t end = 1;
  while (end < text.size() && is_name_character(text[end])) ++end;
  return text.substr(0, end);
}

Result<void> substitute_one(std::string_view name, std::string_view braces,
                            const std::vector<Value>& values, std::string& out) {
  const auto value = std::find_if(values.begin(), values.end(),
                                  [&](const Value& one) { return one.name == name; });
  if (value != values.end()) {
    out += value->substitute;
    return {};
  }
  std::vector<std::string> names;
  for (const Value& one : values) names.push_back(one.name);
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) hint = "write $$ for the end of the line";
  return fail("",
              fmt::format("no Value is called `{}{}{}`", braces, name, braces.empty() ? "" : "}"),
              hint);
}

/// string.Template(text).substitute(values): $$, $name, ${name}; any other $ is refused.
Result<std::string> substitute(std::string_view text, const std::vector<Value>& values) {
  std::string out;
  while (true) {
    const std::size_t at = text.find('$');
    out += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 1);
    if (text.starts_with('$')) {
      out += '$';
      text.remove_prefix(1);
      continue;
    }
    const bool has_brace = text.starts_with('{');
    const std::string_view name = leading_name(text.substr(has_brace ? 1 : 0));
    const std::size_t length = name.size() + (has_brace ? 2 : 0);
    const bool is_closed = !has_brace || (length <= text.size() && text[length - 1] == '}');
    if (name.empty() || !is_closed) {
      return fail("", "a $ that begins neither $$ nor ${NAME}",
                  "write $$ for the end of the line, ${NAME} for a Value");
    }
    if (const auto done = substitute_one(name, has_brace ? "${" : "", values, out); !done) {
      return tl::unexpected(done.error());
    }
    text.remove_prefix(length);
  }
}

/// The first character's length if it is white space, else 0.
std::size_t leading_space(std::string_view text) {
  if (text.empty()) return 0;
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
    ++length;
  return is_space(to_code_points(text.substr(0, length))[0]) ? length : 0;
}

struct Split {
  std::string_view match;
  std::string_view action;
  bool has_action = false;
};

/// `(?P<match>.*)(\s->(?P<action>.*))`: the last arrow after a space divides.
Split split_at_arrow(std::string_view line) {
  for (std::size_t at = line.rfind("->"); at != std::string_view::npos && at > 0;
       at = line.rfind("->", at - 1)) {
    std::size_t before = at - 1;
    while (before > 0 && (static_cast<unsigned char>(line[before]) & 0xC0) == 0x80) --before;
    if (leading_space(line.substr(before, at - before)) == at - before) {
      return {line.substr(0, before), line.substr(at + 2), true};
    }
  }
  return {line, {}, false};
}

std::string_view first_word(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && leading_space(text.substr(end)) == 0) ++end;
  return text.substr(0, end);
}

bool is_target(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return is_quoted || is_word(text);
}

bool read_operators(std::string_view word, Rule& rule) {
  const std::size_t dot = word.find('.');
  if (look_up(line_actions, word.substr(0, dot), rule.line_action)) {
    return dot == std::string_view::npos ||
           look_up(record_actions, word.substr(dot + 1), rule.record_action);
  }
  return look_up(record_actions, word, rule.record_action);
}

/// ACTION_RE, ACTION2_RE and ACTION3_RE of the original in one: [operators] [target], or nothing.
bool read_action(std::string_view action, Rule& rule) {
  if (action.empty()) return true;
  if (leading_space(action) == 0) return false;
  const std::string_view text = strip(action);
  const std::string_view word = first_word(text);
  const std::string_view rest = strip(text.substr(word.size()));
  Rule with = rule;
  if (read_operators(word, with) && (rest.empty() || is_target(rest))) {
    with.target = rest;
    rule = std::move(with);
    return true;
  }
  if (!is_target(text)) return false;
  rule.target = text;
  return true;
}

Result<void> check_action(const Rule& rule) {
  if (rule.line_action == LineAction::Continue && !rule.target.empty()) {
    return fail("", "Continue cannot go to another state (`" + rule.target + "`)",
                "let a later rule with Next change the state");
  }
  if (rule.line_action != LineAction::Error && rule.target.starts_with('"')) {
    return fail("", "only Error takes a message in quotes", "name a state in letters and digits");
  }
  return {};
}

}  // namespace

Result<Rule> read_rule_line(std::string_view line, const std::vector<Value>& values) {
  const Split split = split_at_arrow(strip(line));
  Rule rule;
  std::string regex(split.match);
  if (!values.empty()) {
    auto substituted = substitute(split.match, values);
    if (!substituted) return tl::unexpected(substituted.error());
    regex = std::move(*substituted);
  }
  const auto index_of = [&](const std::string& name) {
    return static_cast<std::size_t>(
        std::find_if(values.begin(), values.end(),
                     [&](const Value& value) { return value.name == name; }) -
        values.begin());
  };
  auto pattern =
      Pattern::make(regex, [&](const std::string& name) { return index_of(name) < values.size(); });
  if (!pattern) {
    return fail("", "`" + regex + "` is no regular expression: " + pattern.error(),
                "the syntax is that of Python 3.11's re");
  }
  rule.pattern = std::move(*pattern);
  for (const Capture& capture : rule.pattern.captures()) {
    const auto value = static_cast<std::uint32_t>(index_of(capture.name));
    rule.assignments.push_back({capture.slot, value});
  }
  if (split.has_action && !read_action(split.action, rule)) {
    return fail("", "no action can be read after -> in `" + std::string(strip(line)) + "`",
                "write -> [Next|Continue|Error][.Record|.NoRecord|.Clear|.Clearall] [State]");
  }
  if (const auto checked = check_action(rule); !checked) return tl::unexpected(checked.error());
  return rule;
}

}  // namespace understudy::targets::textfsm

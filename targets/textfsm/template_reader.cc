#include "targets/textfsm/template_reader.h"

#include <algorithm>
#include <set>

#include "targets/textfsm/textfsm.h"
#include "targets/textfsm/unicode.h"

namespace understudy::targets::textfsm {
namespace {

/// The lines of a file opened as text: \n, \r\n and \r end one, nothing else does.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  bool next(std::string_view& line) {
    if (at_ >= text_.size()) return false;
    const std::size_t end = std::min(text_.find_first_of("\r\n", at_), text_.size());
    line = text_.substr(at_, end - at_);
    at_ = end + (text_.substr(end).starts_with("\r\n") ? 2 : 1);
    ++number_;
    return true;
  }
  std::size_t number() const { return number_; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t number_ = 0;
};

bool is_comment(std::string_view line) {
  return strip(line).starts_with('#');
}

bool is_reserved(std::string_view name) {
  constexpr std::string_view words[] = {"Continue", "Next",     "Error", "Clear",
                                        "Clearall", "NoRecord", "Record"};
  return std::find(std::begin(words), std::end(words), name) != std::end(words);
}

class TemplateReader {
 public:
  TemplateReader(std::string_view text, std::string_view path) : lines_(text) {
    program_.path = path;
  }

  Result<Program> read();

 private:
  Result<void> read_values();
  Result<void> read_value(std::string_view line);
  Result<bool> read_state();
  Result<void> begin_state(std::string_view line);
  Result<void> read_rules();
  Result<void> connect();
  Result<void> connect_rule(const State& state, Rule& rule);
  Result<void> check_ending_states();

  const State* find_state(std::string_view name) const;
  std::string where(std::size_t line) const {
    return program_.path + ":" + std::to_string(std::max<std::size_t>(line, 1));
  }
  std::string where() const { return where(lines_.number()); }
  tl::unexpected<Error> here(Error error) const {
    error.where = where();
    return tl::unexpected<Error>(std::move(error));
  }

  Lines lines_;
  Program program_;
};

const State* TemplateReader::find_state(std::string_view name) const {
  for (const State& state : program_.states) {
    if (state.name == name) return &state;
  }
  return nullptr;
}

Result<void> TemplateReader::read_value(std::string_view line) {
  auto value = read_value_line(line);
  if (!value) return here(value.error());
  const auto& columns = program_.columns;
  if (std::find(columns.begin(), columns.end(), value->name) != columns.end()) {
    return fail(where(), "the Value `" + value->name + "` is declared twice", "rename one of them");
  }
  program_.columns.push_back(value->name);
  program_.values.push_back(std::move(*value));
  return {};
}

Result<void> TemplateReader::read_values() {
  std::string_view line;
  while (lines_.next(line)) {
    line = strip_right(line);
    if (line.empty()) return {};
    if (is_comment(line)) continue;
    if (line.starts_with("Value ")) {
      if (const auto read = read_value(line); !read) return read;
    } else if (program_.values.empty()) {
      return fail(where(), "no Value lines at the head of the template",
                  "begin with `Value NAME (regex)` lines, then a blank line, then `Start`");
    } else {
      return fail(where(), "a blank line must follow the last Value line",
                  "insert one before the first state");
    }
  }
  return {};
}

Result<void> TemplateReader::begin_state(std::string_view line) {
  const std::string name(line);
  if (!is_word(line) || length_in_code_points(line) > longest_name || is_reserved(line)) {
    return fail(where(), "`" + name + "` cannot name a state",
                "a state's name is up to 48 letters, digits and _, from the line's first column, "
                "and no action's name");
  }
  if (find_state(line) != nullptr) {
    return fail(where(), "the state `" + name + "` is declared twice", "rename one of them");
  }
  program_.states.push_back({.name = name, .line = lines_.number(), .rules = {}, .choice = {}});
  return {};
}

Result<void> TemplateReader::read_rules() {
  std::string_view line;
  while (lines_.next(line)) {
    line = strip_right(line);
    if (line.empty()) return {};
    if (is_comment(line)) continue;
    if (!line.starts_with(" ^") && !line.starts_with("  ^") && !line.starts_with("\t^")) {
      return fail(where(), "a rule begins with one or two spaces, or a tab, and ^",
                  "indent it so; a blank line ends a state");
    }
    auto rule = read_rule_line(line, program_.values);
    if (!rule) return here(rule.error());
    rule->line = lines_.number();
    program_.slots = std::max(program_.slots, rule->pattern.slots());
    program_.states.back().rules.push_back(std::move(*rule));
  }
  return {};
}

Result<bool> TemplateReader::read_state() {
  std::string_view line;
  while (lines_.next(line)) {
    line = strip_right(line);
    if (line.empty() || is_comment(line)) continue;
    if (const auto begun = begin_state(line); !begun) return tl::unexpected(begun.error());
    if (const auto read = read_rules(); !read) return tl::unexpected(read.error());
    return true;
  }
  return false;
}

Result<void> TemplateReader::check_ending_states() {
  for (const char* name : {"End", "EOF"}) {
    const State* state = find_state(name);
    if (state != nullptr && !state->rules.empty()) {
      return fail(where(state->rules[0].line),
                  "the state `" + std::string(name) + "` must be empty", "remove its rules");
    }
  }
  return {};
}

Result<void> TemplateReader::connect_rule(const State& state, Rule& rule) {
  if (rule.line_action == LineAction::Error || rule.target.empty()) return {};
  if (rule.target == "End" || rule.target == "EOF") {
    rule.go = rule.target == "End" ? Goto::End : Goto::Eof;
    return {};
  }
  const State* target = find_state(rule.target);
  if (target == nullptr) {
    std::vector<std::string> names;
    for (const State& one : program_.states) names.push_back(one.name);
    return fail(where(rule.line),
                "no state is called `" + rule.target + "` (in state `" + state.name + "`)",
                did_you_mean(rule.target, names));
  }
  rule.go = Goto::State;
  rule.state = static_cast<std::size_t>(target - program_.states.data());
  return {};
}

Result<void> TemplateReader::connect() {
  const State* start = find_state("Start");
  if (start == nullptr) {
    return fail(where(), "no state is called `Start`", "add one: the parse begins there");
  }
  program_.start = static_cast<std::size_t>(start - program_.states.data());
  program_.has_eof_state = find_state("EOF") != nullptr;
  if (const auto checked = check_ending_states(); !checked) return checked;
  for (State& state : program_.states) {
    for (Rule& rule : state.rules) {
      if (const auto connected = connect_rule(state, rule); !connected) return connected;
    }
    state.choice.emplace(state.rules);
  }
  return {};
}

Result<Program> TemplateReader::read() {
  if (const auto read = read_values(); !read) return tl::unexpected(read.error());
  while (true) {
    const auto read = read_state();
    if (!read) return tl::unexpected(read.error());
    if (!*read) break;
  }
  if (const auto connected = connect(); !connected) return tl::unexpected(connected.error());
  for (const Value& value : program_.values) {
    if (value.nested) program_.slots = std::max(program_.slots, value.nested->slots());
  }
  return std::move(program_);
}

}  // namespace

Result<Template> compile(std::string_view text, std::string_view path) {
  if (!is_valid_utf8(text)) {
    std::size_t line = 1;
    for (std::size_t at = 0; at < text.size(); ++line) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      if (!is_valid_utf8(text.substr(at, end - at))) break;
      at = end + 1;
    }
    return fail(std::string(path) + ":" + std::to_string(line), "the template is not UTF-8",
                "save it as UTF-8");
  }
  auto program = TemplateReader(text, path).read();
  if (!program) return tl::unexpected(program.error());
  return Template(std::make_shared<const Program>(std::move(*program)));
}

}  // namespace understudy::targets::textfsm

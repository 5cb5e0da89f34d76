// Running a template over a text: ParseText, _CheckLine and _Operations of the original.
#include <algorithm>
#include <bit>
#include <optional>

#include "targets/textfsm/program.h"
#include "targets/textfsm/recorder.h"
#include "targets/textfsm/textfsm.h"
#include "targets/textfsm/unicode.h"

namespace understudy::targets::textfsm {
namespace {

struct Line {
  std::string_view text;
  std::string_view from_nonspace;  // for a plain line: without its leading spaces and tabs
  bool plain = false;
};

Line make_line(std::string_view text, bool plain) {
  std::size_t blanks = 0;
  while (blanks < text.size() && (text[blanks] == ' ' || text[blanks] == '\t')) ++blanks;
  return {text, text.substr(blanks), plain};
}

std::size_t first_of(std::string_view text) {
  return text.empty() ? line_end : static_cast<unsigned char>(text[0]);
}

bool is_blank(const Line& line) {
  return line.plain ? line.from_nonspace.empty() : strip(line.text).empty();
}

class Parse {
 public:
  Parse(std::shared_ptr<const Program> program, std::shared_ptr<const std::string> input)
      : program_(*program),
        input_(*input),
        matcher_(program->slots),
        recorder_(std::move(program), std::move(input)),
        state_(&program_.states[program_.start]) {}

  Result<Rows> run();

 private:
  enum class After { NextLine, NextRule, Stop };

  bool read_lines();
  bool read_mixed_lines();
  bool read_line(const Line& line);
  std::uint64_t candidates(const Line& line, std::size_t word) const;
  After try_rule(const Rule& rule, const Line& line, bool& was_matched);
  bool assign(const Rule& rule, const Line& line);
  After act(const Rule& rule, const Line& line);
  After stop(const Rule& rule, std::string what, std::string hint);

  const Program& program_;
  std::string_view input_;
  Matcher matcher_;
  Recorder recorder_;
  const State* state_;
  std::uint32_t number_ = 0;
  Goto ended_ = Goto::Stay;  // End or Eof once a rule went there
  std::optional<Error> error_;
};

Parse::After Parse::stop(const Rule& rule, std::string what, std::string hint) {
  error_ = Error{program_.path + ":" + std::to_string(rule.line), std::move(what), std::move(hint)};
  return After::Stop;
}

bool Parse::assign(const Rule& rule, const Line& line) {
  for (const Assignment& assignment : rule.assignments) {
    const bool took_part = matcher_.took_part(assignment.slot);
    if (took_part && program_.values[assignment.value].options.empty()) {
      recorder_.assign_plainly(assignment.value, matcher_.text(line.text, assignment.slot));
      continue;
    }
    std::optional<std::string_view> text;
    if (took_part) text = matcher_.text(line.text, assignment.slot);
    if (!recorder_.assign(assignment.value, text, line.plain)) {
      stop(rule,
           "the List `" + program_.values[assignment.value].name +
               "` could not be read from input line " + std::to_string(number_),
           "its nested groups need text to match, and a pattern that does not run away");
      return false;
    }
  }
  return true;
}

Parse::After Parse::act(const Rule& rule, const Line& line) {
  switch (rule.record_action) {
    case RecordAction::NoRecord:
      break;
    case RecordAction::Record:
      recorder_.record();
      break;
    case RecordAction::Clear:
      recorder_.clear();
      break;
    case RecordAction::Clearall:
      recorder_.clear_all();
      break;
  }
  switch (rule.line_action) {
    case LineAction::Continue:
      return After::NextRule;
    case LineAction::Error: {
      const std::string input(line.text);
      const std::string rule_line = std::to_string(rule.line);
      const std::string what =
          rule.target.empty()
              ? "State Error raised. Rule Line: " + rule_line + ". Input Line: " + input
              : "Error: " + rule.target + ". Rule Line: " + rule_line + ". Input Line: " + input +
                    ".";
      return stop(rule, what, "input line " + std::to_string(number_));
    }
    case LineAction::Next:
      break;
  }
  if (rule.go == Goto::State) state_ = &program_.states[rule.state];
  if (rule.go != Goto::End && rule.go != Goto::Eof) return After::NextLine;
  ended_ = rule.go;
  return After::Stop;
}

Parse::After Parse::try_rule(const Rule& rule, const Line& line, bool& was_matched) {
  if (line.plain && !line.from_nonspace.starts_with(rule.pattern.line_start().literal)) {
    return After::NextRule;
  }
  switch (rule.pattern.match(line.text, line.plain, matcher_)) {
    case MatchEnd::NotMatched:
      return After::NextRule;
    case MatchEnd::Runaway:
      return stop(rule, "the pattern runs away on input line " + std::to_string(number_),
                  "nested repeats can match in too many ways: make them unambiguous");
    case MatchEnd::Matched:
      break;
  }
  was_matched = true;
  if (!assign(rule, line)) return After::Stop;
  return act(rule, line);
}

std::uint64_t Parse::candidates(const Line& line, std::size_t word) const {
  const RuleChoice& choice = *state_->choice;
  return line.plain ? choice.pick(word, first_of(line.text), first_of(line.from_nonspace))
                    : choice.all(word);
}

/// False where the parse ends.
bool Parse::read_line(const Line& line) {
  recorder_.at_line(++number_);
  const State& state = *state_;
  bool was_matched = false;
  for (std::size_t word = 0; word < state.choice->words(); ++word) {
    for (std::uint64_t left = candidates(line, word); left != 0; left &= left - 1) {
      const auto rule = word * 64 + static_cast<std::size_t>(std::countr_zero(left));
      const After after = try_rule(state.rules[rule], line, was_matched);
      if (after == After::NextRule) continue;
      return after == After::NextLine;
    }
  }
  if (!was_matched && !is_blank(line)) recorder_.unread(number_, line.text);
  return true;
}

bool Parse::read_lines() {
  if (!has_plain_lines(input_)) return read_mixed_lines();
  for (std::size_t at = 0; at < input_.size();) {
    const std::size_t end = std::min(input_.find('\n', at), input_.size());
    if (!read_line(make_line(input_.substr(at, end - at), true))) return false;
    at = end + 1;
  }
  return true;
}

bool Parse::read_mixed_lines() {
  for (std::size_t at = 0; at < input_.size();) {
    const std::string_view text = next_line(input_, at);
    if (!read_line(make_line(text, is_plain(text)))) return false;
  }
  return true;
}

Result<Rows> Parse::run() {
  read_lines();
  if (error_) return tl::unexpected(std::move(*error_));
  if (ended_ != Goto::End && !program_.has_eof_state) recorder_.record();
  return recorder_.take();
}

}  // namespace

Result<Rows> parse(const Template& with, std::shared_ptr<const std::string> text) {
  if (text->size() >= 0xFFFFFFFF) {
    return fail(with.path(), "the input is longer than 4 GiB", "parse it in parts");
  }
  if (!is_valid_utf8(*text)) text = std::make_shared<const std::string>(repair_utf8(*text));
  return Parse(with.program(), std::move(text)).run();
}

Result<Rows> parse(const Template& with, std::string_view text) {
  return parse(with, std::make_shared<const std::string>(text));
}

}  // namespace understudy::targets::textfsm

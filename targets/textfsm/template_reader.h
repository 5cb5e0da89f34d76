// Reads a template's text into a Program, following TextFSM._Parse of the original step by step:
// Value lines up to the first blank line, then states. Private to compile(). The pieces: the reader
// proper (template_reader.cc), Value lines (value_line.cc) and rule lines (rule_line.cc). Errors
// carry file:line and what the original objects to.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "targets/textfsm/program.h"

namespace understudy::targets::textfsm {

inline constexpr std::size_t longest_name = 48;

/// A Value line (`Value Required,List NAME (regex)`), stripped on the right. The Error has no
/// `where`.
Result<Value> read_value_line(std::string_view line);

/// A rule line (`  ^regex -> Next.Record State`). `go` and `state` are filled in later from
/// `target`.
Result<Rule> read_rule_line(std::string_view line, const std::vector<Value>& values);

}  // namespace understudy::targets::textfsm

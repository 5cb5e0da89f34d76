// What a probe says of what it saw: why a console shows no prompt, why a command got no answer,
// where two answers differ, and whether an answer is what an unknown command gets. Used by probe.cc
// only. The words may hold any byte that a device printed.
#pragma once

#include <string>
#include <string_view>

#include "targets/dialect.h"
#include "targets/prober.h"

namespace understudy::targets {

/// Why a console has no prompt, in the words of the dialect that was given for it.
std::string no_prompt(const Prober& prober, std::size_t one, const Dialect& dialect);

/// Why the latest command was not answered.
std::string no_answer(const Prober& prober, std::size_t one, const std::string& command);

/// "line 3 is `a` with pages and `b` without"
std::string first_difference(std::string_view paged, std::string_view whole);

/// A command and what it was answered.
struct Exchange {
  std::string command;
  std::string answer;
};

/// The two answers say the same, but for the words of the commands, numbers and marks.
bool is_same_refusal(const Exchange& one, const Exchange& other);

}  // namespace understudy::targets

// Writes a tree of python_regex.h as a PCRE2 pattern of the same meaning. Two forms: `Plain` for
// lines of plain ASCII (no UTF, PCRE2's own classes) and `Unicode` (PCRE2_UTF | PCRE2_UCP, classes
// spelt out where Python's differ). Used by pattern.cc. Lines never hold a line end, which is why $
// is written \z and . means anything (PCRE2_DOTALL). Pure.
#pragma once

#include <span>
#include <string>

#include "targets/textfsm/python_regex.h"

namespace understudy::targets::textfsm {

enum class Form { Plain, Unicode };

/// `slots` gives each group's number in the written pattern; 0 for a group that need not capture.
std::string write_regex(const Regex& regex, Form form, std::span<const std::uint32_t> slots);

/// Whether the plain form can stand for the pattern on plain lines: no character beyond ASCII in
/// it.
bool is_plain_regex(const Regex& regex);

/// Whether a group is matched once and for all. PCRE2 10.42 makes a repeat before such a group
/// possessive where it must not be, so that optimisation is off for these patterns.
bool has_possessive_group(const Regex& regex);

/// The groups that references and conditions name, by number.
std::vector<bool> referenced_groups(const Regex& regex);

}  // namespace understudy::targets::textfsm

// Matchers, beside what target.h declares of them: the check of a pattern before it is ever used,
// and how matchers, terms, conditions and acts read in a sentence. Used by the loader, the planner,
// the judge and the reports, so that one thing is called the same everywhere.
#pragma once

#include <string>

#include "harness/target.h"

namespace understudy {

/// What is wrong with a PCRE2 pattern; empty if nothing is.
std::string pattern_problem(const std::string& pattern);

/// Whether "at least" and its kin can compare this: a number, a percentage or a duration.
bool is_measurable(const std::string& text);

std::string to_text(const Matcher& matcher);      ///< "= MASTER", "is at least 90%", "is known"
std::string to_text(const Term& term);            ///< "backplane sees master.role = MASTER"
std::string to_text(const Condition& condition);  ///< terms joined by "and"
std::string to_text(const Act& act);              ///< "reboot chassis, answer: save"

std::string word_of(Matcher::Kind kind);     ///< "at least"; "equals" for Equals
std::string word_of(Quantifier quantifier);  ///< "each"; "the" for The

}  // namespace understudy

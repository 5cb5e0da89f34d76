// From a dialect's YAML to a Dialect: the pieces of load_dialect_folder, one for each part of the
// file. Used by dialect.cc only. Problems are collected, so that one reading of a file finds them
// all.
#pragma once

#include "harness/yaml.h"
#include "targets/dialect.h"

namespace understudy::targets {

DialectPattern pattern_from(const yaml::Node& node, std::string_view what,
                            yaml::Problems& problems);
std::vector<DialectPattern> patterns_from(const yaml::Node& node, std::string_view what,
                                          yaml::Problems& problems);
std::optional<Duration> duration_in(const yaml::Node& node, std::string_view what,
                                    yaml::Problems& problems);

/// One of `known`, or a problem with the nearest of them.
std::optional<std::size_t> choice_from(const yaml::Node& node, std::string_view what,
                                       const std::vector<std::string>& known,
                                       yaml::Problems& problems);

/// A map of scalars, in the order of the file.
TextPairs pairs_from(const yaml::Node& node, std::string_view what, yaml::Problems& problems);

/// `MASTER` stands for itself; `{"BACKUP \(.*\)": BACKUP}` says what a pattern means.
void words_from(const yaml::Node& node, std::vector<Word>& words, yaml::Problems& problems);

/// `traps`, `syslog` and `snmp`: what the switch tells without a console.
void read_listened_part(const yaml::Node& root, Dialect& dialect, yaml::Problems& problems);

ConsoleWords console_from(const yaml::Node& node, yaml::Problems& problems);
std::vector<AttributeRule> attributes_from(const yaml::Node& node, bool is_prompt,
                                           yaml::Problems& problems);
Read read_from(const yaml::Entry& entry, yaml::Problems& problems);
ActRule act_from(const yaml::Entry& entry, const Dialect& dialect, yaml::Problems& problems);
CustodyRule custody_from(const yaml::Entry& entry, const Dialect& dialect,
                         yaml::Problems& problems);

}  // namespace understudy::targets

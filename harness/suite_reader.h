// How a suite is read, inside the loader: what its files share, what a name means at one place of a
// case, and the readers of the parts. Used by the suite_*.cc files alone. Every reader appends what
// is wrong to `problems` and goes on, so that one reading finds all of it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/suite.h"
#include "harness/yaml.h"

namespace understudy::loading {

struct Reader {
  Suite suite;
  yaml::Problems problems;
  std::vector<std::pair<std::string, std::string>> documents;  ///< short name -> title
  std::vector<std::string> links = {"backplane"};
  std::vector<std::string> attributes;  ///< declared by the suite, beside the known ones
};

/// What a name means at one place of a case.
struct Scope {
  std::vector<std::string> roles;
  std::vector<std::pair<std::string, std::vector<Value>>> varied;
  std::vector<std::string> remembered;
  const Clause* checked = nullptr;  ///< of the expect that is read: whose outcomes it may name
};

// suite_clauses.cc
void read_clauses(Reader& reader, const yaml::Node& clauses);
void check_clauses(Reader& reader);  ///< once all are known: levels and premises
Citation citation_from(Reader& reader, const yaml::Node& node);

// suite_names.cc
bool is_name(const std::string& text);  ///< $NAME, $limits.NAME, ...: a dollar and a letter
bool is_plain_name(
    const std::string& text);  ///< lower case, digits and hyphens, begins with a letter

/// What `text` can stand for: the values of a `vary` key, or itself. A name that is not defined
/// here is reported, and then there is nothing.
std::vector<std::string> meanings(Reader& reader, const Scope& scope, const yaml::Node& node,
                                  const std::string& text);

/// A role, `chassis` where that may stand, or a name of either.
void check_node(Reader& reader, const Scope& scope, const yaml::Node& node, const std::string& text,
                bool is_chassis_allowed);

/// A value that is compared or handed over: any name but a role's and a limit's.
void check_value(Reader& reader, const Scope& scope, const yaml::Node& node,
                 const std::string& text);

/// An expression for a duration, or for a whole number.
void check_duration(Reader& reader, const Scope& scope, const yaml::Node& node,
                    const std::string& text);
void check_count(Reader& reader, const Scope& scope, const yaml::Node& node,
                 const std::string& text);

/// A clause that exists.
std::string checks_from(Reader& reader, const yaml::Node& item);

// suite_terms.cc
std::optional<Matcher> matcher_from(Reader& reader, const Scope& scope, const yaml::Node& node);
Condition condition_from(Reader& reader, const Scope& scope, const yaml::Node& node);
/// "master.config.active" or "backplane sees master.role", without a matcher.
std::optional<Term> term_from(Reader& reader, const Scope& scope, const yaml::Node& place,
                              const std::string& text);
bool check_attribute(Reader& reader, const yaml::Node& place, const std::string& attribute);

// suite_acts.cc
std::vector<Act> acts_from(Reader& reader, const Scope& scope, const yaml::Node& node);

// suite_cases.cc
void read_cases(Reader& reader, const yaml::Node& cases);
void read_always(Reader& reader, const yaml::Node& always);

}  // namespace understudy::loading

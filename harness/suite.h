// A suite as it stands in its files: clauses, cases, limits, invariants. Loaded from YAML by
// load_suite (suite.cc), turned into plans by make_plans (plan.h). Regular values; nothing here
// knows a vendor or a device. STYLE and `understudy words` show the language.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/error.h"
#include "harness/target.h"

namespace understudy {

enum class Level { Must, Should, May, Info };

/// Where a requirement comes from: "ExtremeWare XOS 11.3 Concepts Guide", "72".
struct Citation {
  std::string document;
  std::string page;

  friend bool operator==(const Citation&, const Citation&) = default;
};

/// What one edition of a manual says where editions contradict each other. A name that it gives no
/// values it says nothing of, so any answer fits it.
struct EditionOutcome {
  std::string edition;
  Citation citation;
  /// name <- the values that fit; a single outcome has the name ""
  std::vector<std::pair<std::string, std::vector<Value>>> values;

  friend bool operator==(const EditionOutcome&, const EditionOutcome&) = default;
};

struct Clause {
  std::string id;  ///< a name, never a position: "backup-takes-over"
  Level level = Level::Must;
  std::string tag;  ///< seed, public or derived (with premises), inferred (INFO only), harness
  std::string product;
  std::vector<std::string> editions;
  Citation citation;
  std::string statement;                   ///< in our own words
  std::vector<EditionOutcome> outcomes{};  ///< one at least has to fit; empty: no contradiction
  std::vector<std::string> premises;       ///< ids or citations that a derived clause follows from
  std::string aspect = "roles";  ///< "roles" or "synchronisation": a case gives a verdict for each
  std::string where;             ///< file:line

  friend bool operator==(const Clause&, const Clause&) = default;
};

/// One step; a YAML item that acts and expects becomes two. Values may still hold $names.
struct Step {
  enum class Kind { Do, Await, Expect, Remember, Pause };
  enum class Span { Now, Within, For };
  Kind kind = Kind::Do;
  std::vector<Act> acts;  ///< Do: one, or several at once
  Condition condition;    ///< Await, Expect
  Span span = Span::Now;
  std::string bound;    ///< Within, For, Pause: "30s", "$limits.takeover", "heartbeat * limit"
  std::string lasts{};  ///< Within: how long what comes and goes holds; empty: it stays
  std::vector<std::pair<std::string, Term>> remembered;  ///< Remember: name <- attribute
  std::string checks;                                    ///< Expect: the clause it demands
  std::string where;                                     ///< file:line

  friend bool operator==(const Step&, const Step&) = default;
};

/// What holds in all cases of a suite (or, from the harness itself, in all suites).
struct Invariant {
  enum class Kind {
    Never,         ///< the condition is never seen to hold
    AtMostOne,     ///< at most one node among those that hear each other satisfies the term
    NotWithoutAct  ///< the term's counter does not move without an act of ours that explains it
  };
  Kind kind = Kind::Never;
  Condition condition;
  std::string checks;
  std::string where;

  friend bool operator==(const Invariant&, const Invariant&) = default;
};

/// A list of maps; each map's keys advance together. Plans are their cross product.
using Vary = std::vector<std::vector<std::pair<std::string, std::vector<Value>>>>;

struct Case {
  std::string name;
  std::string title;
  Vary vary;
  std::vector<std::pair<std::string, Matcher>> given;  ///< role <- state
  std::vector<std::pair<std::string, Value>>
      attended;  ///< reserved for operator acts; empty otherwise
  std::vector<Step> steps;
  std::string where;

  friend bool operator==(const Case&, const Case&) = default;
};

/// A bound with its source: "heartbeat * limit + poll", and where it is published.
struct Limit {
  std::string name;
  std::string expression;
  Citation source;
  std::string where;

  friend bool operator==(const Limit&, const Limit&) = default;
};

struct Suite {
  std::string name;
  std::string title;
  std::string product;
  std::string edition;
  std::vector<Limit> limits;
  std::vector<Clause> clauses;
  std::vector<Invariant> always;
  std::vector<Case> cases;

  friend bool operator==(const Suite&, const Suite&) = default;
};

/// Reads a suite from its text (clauses.yaml and case files are concatenated documents of one
/// suite; `path` is used in messages). All errors of a file are found; the first is returned with
/// "and N more" in its hint unless `all` is given.
Result<Suite> load_suite(const std::string& text, const std::string& path,
                         std::vector<Error>* all = nullptr);

/// Reads suites/<name>/ (a folder) or one file; clauses.yaml first, then the others by name.
Result<Suite> load_suite_from(const std::string& folder_or_file, std::vector<Error>* all = nullptr);

const Clause* find_clause(const Suite& suite, const std::string& id);

std::string to_text(const EditionOutcome& outcome);  ///< "K.14, page 15-3"

/// The name after `$outcome`, "" for `$outcome` alone; nothing for any other text.
std::optional<std::string> outcome_name(const std::string& text);

std::string to_text(const Citation& citation);  ///< "Concepts Guide, page 72"
std::string to_text(Level level);               ///< "MUST"
Result<Level> level_from(const std::string& text);

}  // namespace understudy

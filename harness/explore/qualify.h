// Does a suite catch what it says? Every deliberate defect against every case, on targets that are
// cheap to open (simulated ones). A kill is a FAIL of a clause that the defect was said to break,
// in a plan that passes that clause on the clean target with the same seed; every other FAIL is
// collateral and shown apart. A clause is proven if some defect is killed by it. No case is skipped
// and none is cut after its first FAIL. What a defect was said to break is compared with what it
// was seen to break, both ways. Used by the command line.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "harness/judge.h"

namespace understudy::explore {

struct DefectRow {
  std::string id;
  std::string sentence;
  std::vector<std::string> clauses;  ///< that it breaks, written down before the run
  std::string origin;                ///< number in a fact sheet; may be empty
};

/// What was thought of and cannot be caught, with the reason.
struct OpenRow {
  std::string origin;
  std::string sentence;
  std::string reason;
};

/// One plan under a defect that did not pass a clause.
struct Catch {
  std::string case_name;
  std::string plan;
  std::string clause;
  std::string expected;  ///< subject and bound, as the verdict shows them
  std::string actual;    ///< the contradiction; of an inconclusive verdict its cause
  /// What was expected had been remembered in the same plan, from the broken target.
  bool rests_on_remembered = false;

  friend bool operator==(const Catch&, const Catch&) = default;
};

struct DefectResult {
  DefectRow row;
  std::vector<Catch> kills;       ///< those that rest on nothing remembered first
  std::vector<Catch> collateral;  ///< FAILs of clauses that it was not said to break
  std::vector<Catch> open;        ///< inconclusive verdicts
  std::set<std::string> tried_cases;
  std::set<std::string> tried_clauses;  ///< that a plan checks which it met
  std::size_t tried_plans = 0;
  /// Lines and frames that it changed in all of them; nullopt: nobody counts.
  std::optional<std::size_t> changes;
};

/// A defect that changed nothing was no defect in these plans: it proves nothing, either way.
enum class Fate { Killed, Survives, ChangedNothing, NotTried };
Fate fate_of(const DefectResult& defect);
std::string to_text(Fate fate);  ///< "killed", "survives", "changed nothing", "not tried"

/// What became of a defect in a case, the worst of its plans.
enum class Mark { NotTried, Nothing, Inconclusive, Collateral, Killed };
Mark mark_of(const DefectResult& defect, const std::string& case_name);

/// What was written down against what was seen: clauses that it was said to break and that no plan
/// caught; those that no plan checked; and those that failed and were not written down.
std::vector<std::string> not_killed(const DefectResult& defect);
std::vector<std::string> not_tried(const DefectResult& defect);
std::vector<std::string> not_declared(const DefectResult& defect);

struct Qualification {
  std::string suite;
  std::string testbed;
  std::vector<Clause> clauses;  ///< of the suite, and the harness's own
  std::vector<std::string> cases;
  std::size_t plans = 0;
  std::vector<Catch> clean_failures;  ///< of the target without a defect; must be none
  std::size_t clean_inconclusive = 0;
  std::vector<DefectResult> defects;
  std::vector<OpenRow> open;
  bool is_partial = false;  ///< some cases or defects only: clauses that met none are no loss
  bool is_own = false;      ///< each defect met the cases that check its clauses only
  bool was_cancelled = false;

  /// Ids of the defects that are killed by a clause, or in a case.
  std::vector<std::string> killers_of_clause(const std::string& clause) const;
  std::vector<std::string> killed_in_case(const std::string& case_name) const;
  bool was_tried(const std::string& case_name) const;  ///< some defect met it
};

struct QualifyOptions {
  std::size_t jobs = 2;
  /// Only the plans that check one of a defect's clauses: what the tests of the tree run.
  bool only_its_clauses = false;
  bool is_partial = false;  ///< not all cases, or not all defects
  std::string folder;       ///< for what targets write; emptied as it goes
  /// What a defect has changed so far, where somebody counts it.
  std::function<std::optional<std::size_t>(const std::string& defect)> changes_of;
};

/// Opens the testbed with a defect; the clean one for an empty id. Called from several threads.
using OpenTestbed = std::function<Result<std::unique_ptr<Testbed>>(const std::string& defect)>;

/// `done` of `all` runs are over; on the thread that called qualify().
using OnQualified = std::function<void(std::size_t done, std::size_t all)>;

Result<Qualification> qualify(const Suite& suite, const std::vector<Plan>& plans,
                              std::span<const DefectRow> defects, const OpenTestbed& open,
                              const QualifyOptions& options, const OnQualified& on_progress,
                              const Cancel& cancel);

enum class Proof { NotTried, Proven, NotProven };
/// Not tried: the clause met none of the defects that break it, because only some were run.
Proof proof_of(const Qualification& qualification, const Clause& clause);
bool is_demanded(const Clause& clause);  ///< MUST or SHOULD
/// "proven", "NOT PROVEN", "not tried", "-".
std::string to_text(Proof proof, const Clause& clause);

/// MUST and SHOULD clauses that no kill proves.
std::vector<std::string> unproven(const Qualification& qualification);
std::vector<std::string> survivors(const Qualification& qualification);

/// 1: a MUST or SHOULD clause is not proven, a defect survives, or the clean target fails
/// something. 2: a defect met no case, or changed nothing. Else 0.
int exit_status(const Qualification& qualification);

/// "expected X; seen: Y".
std::string to_text(const Catch& one);

Json to_json(const Qualification& qualification);
/// What a terminal shows: defects with their kills, clauses, survivors, cases that kill nothing.
std::string to_text(const Qualification& qualification);

}  // namespace understudy::explore

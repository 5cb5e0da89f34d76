#include "harness/explore/qualify.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

#include "harness/history.h"
#include "harness/run.h"

namespace understudy::explore {
namespace {

/// One plan under one defect; defect 0 is none.
struct Work {
  std::size_t defect = 0;
  std::size_t plan = 0;
};

bool checks_one_of(const Plan& plan, const std::vector<std::string>& clauses) {
  return std::any_of(plan.clauses.begin(), plan.clauses.end(), [&](const Clause& clause) {
    return std::find(clauses.begin(), clauses.end(), clause.id) != clauses.end();
  });
}

std::vector<Work> work_of(const std::vector<Plan>& plans, std::span<const DefectRow> defects,
                          bool only_its_clauses) {
  std::vector<Work> all;
  for (std::size_t plan = 0; plan < plans.size(); ++plan) all.push_back({0, plan});
  for (std::size_t defect = 0; defect < defects.size(); ++defect) {
    for (std::size_t plan = 0; plan < plans.size(); ++plan) {
      const bool is_wanted =
          !only_its_clauses || checks_one_of(plans[plan], defects[defect].clauses);
      if (is_wanted) all.push_back({defect + 1, plan});
    }
  }
  return all;
}

/// Runs work side by side and keeps the verdicts of each.
class Pool {
 public:
  Pool(const std::vector<Plan>& plans, std::vector<std::unique_ptr<Testbed>>& testbeds,
       std::vector<Work> work, const QualifyOptions& options, const Cancel& cancel)
      : plans_(plans),
        testbeds_(testbeds),
        work_(std::move(work)),
        verdicts_(work_.size()),
        options_(options),
        cancel_(cancel) {}

  Result<void> go(const OnQualified& on_progress) {
    std::vector<std::thread> threads;
    const std::size_t jobs = std::max<std::size_t>(1, options_.jobs);
    for (std::size_t job = 0; job < jobs; ++job) {
      threads.emplace_back([this, job] { take_work(job); });
    }
    std::unique_lock lock(mutex_);
    std::size_t told = 0;
    while (done_ < work_.size() && running_ < jobs) {
      progress_.wait(lock);
      if (done_ == told) continue;
      told = done_;
      lock.unlock();
      on_progress(told, work_.size());
      lock.lock();
    }
    lock.unlock();
    for (std::thread& thread : threads) thread.join();
    if (error_) return tl::unexpected(*error_);
    return {};
  }

  const std::vector<Work>& work() const { return work_; }
  const std::vector<Verdict>& verdicts(std::size_t index) const { return verdicts_[index]; }
  bool was_run(std::size_t index) const {
    return std::any_of(verdicts_[index].begin(), verdicts_[index].end(),
                       [](const Verdict& one) { return one.outcome != Verdict::Outcome::NotRun; });
  }

 private:
  void take_work(std::size_t job) {
    const std::string folder = fmt::format("{}/{}", options_.folder, job);
    for (std::size_t index = next_++; index < work_.size(); index = next_++) {
      if (cancel_.is_cancelled() || error_found_) break;
      run_one(index, folder);
      const std::lock_guard lock(mutex_);
      ++done_;
      progress_.notify_one();
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    const std::lock_guard lock(mutex_);
    ++running_;  // one more has ended
    progress_.notify_one();
  }

  void run_one(std::size_t index, const std::string& folder) {
    const auto& [defect, number] = work_[index];
    const Plan& plan = plans_[number];
    std::filesystem::create_directories(folder);
    auto target = testbeds_[defect]->open(folder, plan.seed);
    if (!target) {
      const std::lock_guard lock(mutex_);
      error_ = target.error();
      error_found_ = true;
      return;
    }
    HistoryInMemory sink;
    run(plan, **target, sink, cancel_);
    verdicts_[index] = judge(plan, sink.history);
  }

  const std::vector<Plan>& plans_;
  std::vector<std::unique_ptr<Testbed>>& testbeds_;
  std::vector<Work> work_;
  std::vector<std::vector<Verdict>> verdicts_;
  const QualifyOptions& options_;
  const Cancel& cancel_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> error_found_ = false;
  std::mutex mutex_;
  std::condition_variable progress_;
  std::size_t done_ = 0;
  std::size_t running_ = 0;
  std::optional<Error> error_;
};

bool is_remembered(const Plan& plan, const Value& value) {
  return std::ranges::any_of(plan.steps, [&](const PlannedStep& planned) {
    return std::ranges::any_of(planned.step.remembered,
                               [&](const auto& one) { return value == "$" + one.first; });
  });
}

/// A broken target's own earlier answer is what this demand holds it to.
bool rests_on_remembered(const Plan& plan, std::size_t step) {
  if (step >= plan.steps.size()) return false;
  return std::ranges::any_of(plan.steps[step].step.condition.terms, [&](const Term& term) {
    return std::ranges::any_of(term.matcher.values,
                               [&](const Value& value) { return is_remembered(plan, value); });
  });
}

Catch catch_of(const Plan& plan, const Verdict& verdict) {
  const bool is_open = verdict.outcome == Verdict::Outcome::Inconclusive;
  return {verdict.case_name,
          verdict.plan,
          verdict.clause.id,
          verdict.expected,
          is_open ? verdict.cause : verdict.actual,
          rests_on_remembered(plan, verdict.step)};
}

using PassedClauses = std::set<std::pair<std::string, std::string>>;  // plan, clause

void note_clean(Qualification& result, const Plan& plan, const std::vector<Verdict>& verdicts,
                PassedClauses& passed) {
  for (const Verdict& verdict : verdicts) {
    if (verdict.outcome == Verdict::Outcome::Pass) {
      passed.emplace(verdict.plan, verdict.clause.id);
    } else if (verdict.outcome == Verdict::Outcome::Fail) {
      result.clean_failures.push_back(catch_of(plan, verdict));
    } else {
      ++result.clean_inconclusive;
    }
  }
}

void add(std::vector<Catch>& list, Catch one) {
  const auto is_same = [&](const Catch& other) {
    return other.plan == one.plan && other.clause == one.clause;
  };
  if (std::none_of(list.begin(), list.end(), is_same)) list.push_back(std::move(one));
}

void note(DefectResult& result, const Plan& plan, const std::vector<Verdict>& verdicts,
          const PassedClauses& passed) {
  const auto& named = result.row.clauses;
  ++result.tried_plans;
  result.tried_cases.insert(plan.case_name);
  for (const Clause& clause : plan.clauses) result.tried_clauses.insert(clause.id);
  for (const Verdict& verdict : verdicts) {
    if (verdict.outcome == Verdict::Outcome::Inconclusive)
      add(result.open, catch_of(plan, verdict));
    if (verdict.outcome != Verdict::Outcome::Fail) continue;
    const bool is_its_own =
        std::find(named.begin(), named.end(), verdict.clause.id) != named.end() &&
        passed.contains({verdict.plan, verdict.clause.id});
    add(is_its_own ? result.kills : result.collateral, catch_of(plan, verdict));
  }
}

/// What is wrong with the catalogue itself: a clause that the suite does not have.
Result<void> check(std::span<const DefectRow> defects, const std::vector<Clause>& clauses) {
  std::vector<std::string> known;
  for (const Clause& clause : clauses) known.push_back(clause.id);
  for (const DefectRow& defect : defects) {
    for (const std::string& clause : defect.clauses) {
      if (std::find(known.begin(), known.end(), clause) == known.end()) {
        return fail("defect " + defect.id, "the suite has no clause `" + clause + "`",
                    did_you_mean(clause, known));
      }
    }
  }
  return {};
}

std::vector<Clause> clauses_of(const Suite& suite, const std::vector<Plan>& plans) {
  std::vector<Clause> all = suite.clauses;
  for (const Plan& plan : plans) {
    for (const Clause& clause : plan.clauses) {
      const auto is_it = [&](const Clause& one) { return one.id == clause.id; };
      if (std::none_of(all.begin(), all.end(), is_it)) all.push_back(clause);
    }
  }
  return all;
}

}  // namespace

Result<Qualification> qualify(const Suite& suite, const std::vector<Plan>& plans,
                              std::span<const DefectRow> defects, const OpenTestbed& open,
                              const QualifyOptions& options, const OnQualified& on_progress,
                              const Cancel& cancel) {
  Qualification result;
  result.suite = suite.name;
  result.clauses = clauses_of(suite, plans);
  result.plans = plans.size();
  for (const Plan& plan : plans) {
    if (result.cases.empty() || result.cases.back() != plan.case_name) {
      result.cases.push_back(plan.case_name);
    }
  }
  if (auto checked = check(defects, result.clauses); !checked) {
    return tl::unexpected(checked.error());
  }
  std::vector<std::unique_ptr<Testbed>> testbeds;
  for (std::size_t index = 0; index <= defects.size(); ++index) {
    auto testbed = open(index == 0 ? std::string() : defects[index - 1].id);
    if (!testbed) return tl::unexpected(testbed.error());
    testbeds.push_back(std::move(*testbed));
  }
  result.testbed = testbeds.front()->name();
  Pool pool(plans, testbeds, work_of(plans, defects, options.only_its_clauses), options, cancel);
  if (auto gone = pool.go(on_progress); !gone) return tl::unexpected(gone.error());
  result.is_partial = options.is_partial || cancel.is_cancelled();
  result.is_own = options.only_its_clauses;
  result.was_cancelled = cancel.is_cancelled();

  for (const DefectRow& row : defects) {
    DefectResult& defect = result.defects.emplace_back();
    defect.row = row;
    if (options.changes_of) defect.changes = options.changes_of(row.id);
  }
  PassedClauses passed;
  for (std::size_t index = 0; index < pool.work().size(); ++index) {
    const Work& work = pool.work()[index];
    if (work.defect == 0) {
      note_clean(result, plans[work.plan], pool.verdicts(index), passed);
    } else {
      if (pool.was_run(index)) {
        note(result.defects[work.defect - 1], plans[work.plan], pool.verdicts(index), passed);
      }
    }
  }
  for (DefectResult& defect : result.defects) {
    std::ranges::stable_partition(defect.kills,
                                  [](const Catch& one) { return !one.rests_on_remembered; });
  }
  return result;
}

}  // namespace understudy::explore

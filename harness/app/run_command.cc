// run: plans, executes, prints the verdicts, writes the report.
#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <set>
#include <thread>

#include "harness/app/cancel_on_signal.h"
#include "harness/app/commands.h"
#include "harness/app/loading.h"
#include "harness/app/progress.h"
#include "harness/app/show.h"
#include "harness/chain.h"
#include "harness/execute.h"
#include "harness/records/folder_lock.h"
#include "harness/records/run_store.h"
#include "reports/report.h"
#include "targets/device/custody.h"
#include "targets/testbed.h"

namespace understudy::app {
namespace {

constexpr int interrupted = 130;

struct Job {
  std::vector<Clause> clauses;
  std::vector<Plan> plans;
};

/// How the user named what it ran on, and what was broken in it on purpose.
void mark(Plan& plan, const RunOptions& options, const Testbed& testbed) {
  plan.testbed_path = options.testbed;
  plan.defect = testbed.defect();
  plan.defect_asked = options.defect;
  plan.defects_path = options.defects_file;
}

Result<Job> load(const RunOptions& options, const Testbed& testbed) {
  Job job;
  for (const std::string& name : options.suites) {
    const auto suite = find_suite(name);
    if (!suite) return tl::unexpected(suite.error());
    auto plans = plans_for(*suite, options.case_patterns, testbed.capabilities(), testbed.name(),
                           options.seed);
    if (!plans) return tl::unexpected(plans.error());
    job.clauses.insert(job.clauses.end(), suite->clauses.begin(), suite->clauses.end());
    const auto has_name = [&](const Plan& plan) { return plan.suite == suite->name; };
    if (std::any_of(job.plans.begin(), job.plans.end(), has_name)) {
      return fail(name, "the suite " + suite->name + " is named twice", "name it once");
    }
    for (Plan& plan : *plans) {
      plan.suite_path = name;
      mark(plan, options, testbed);
      job.plans.push_back(std::move(plan));
    }
  }
  return job;
}

std::string wall_clock() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[64];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %z", &local);
  return text;
}

/// What a reader needs to tell one bench from another. Paths stand as the user gave them.
Json host_facts(const RunOptions& options, const Testbed& testbed) {
  utsname system{};
  uname(&system);
  Json facts = {
      {"host", system.nodename},
      {"processors", std::thread::hardware_concurrency()},
      {"started", wall_clock()},
      {"paths", {{"suites", options.suites}, {"testbed", options.testbed}, {"out", options.out}}},
      {"versions",
       {{"understudy", version},
        {"kernel", fmt::format("{} {}", system.sysname, system.release)},
        {"compiler", __VERSION__},
        {"json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                             NLOHMANN_JSON_VERSION_PATCH)},
        {"fmt", FMT_VERSION}}},
      {"jobs_asked", options.jobs},
      {"defect", testbed.defect()}};
  if (!options.defects_file.empty()) facts["paths"]["defects"] = options.defects_file;
  return facts;
}

std::vector<Verdict> verdicts_of(const Execution& execution) {
  std::vector<Verdict> all;
  for (const PlanResult& result : execution.results) {
    all.insert(all.end(), result.verdicts.begin(), result.verdicts.end());
  }
  return all;
}

reports::Report report_of(const Execution& execution, const Job& job, const RunOptions& options,
                          const Json& facts) {
  std::vector<reports::PlanResult> plans;
  for (const PlanResult& result : execution.results) {
    reports::PlanResult one;
    one.plan = result.plan;
    one.verdicts = result.verdicts;
    one.outcome = worst(result.verdicts);
    one.folder = std::filesystem::relative(result.folder, options.out).generic_string();
    one.took = result.summary.took;
    one.flash_writes = result.summary.flash_writes;
    plans.push_back(std::move(one));
  }
  reports::Report report = reports::make_report(std::move(plans), job.clauses);
  report.started = facts.value("started", "");
  report.canaries = options.sings ? "as expected" : "";
  return report;
}

/// What is not as it was found, and what it took to bring the device back.
void print_leftovers(const Execution& execution) {
  std::set<std::string> told;  // what stays is met again by every case behind it
  for (const PlanResult& result : execution.results) {
    for (const std::string& rung : result.summary.recovery.rungs)
      std::fprintf(stderr, "%s: recovery: %s\n", result.plan.id.c_str(), rung.c_str());
    for (const std::string& remark : result.summary.recovery.remarks)
      if (told.insert(remark).second)
        std::fprintf(stderr, "%s: left: %s\n", result.plan.id.c_str(), remark.c_str());
    for (const std::string& line : result.summary.not_restored)
      std::fprintf(stderr, "%s: not put back: %s\n", result.plan.id.c_str(), line.c_str());
  }
}

bool is_left_as_found(const Execution& execution) {
  return std::ranges::all_of(execution.results, [](const PlanResult& result) {
    return result.summary.not_restored.empty();
  });
}

void print_hold(const Execution& execution, const Testbed& testbed, const RunOptions& options) {
  const auto held = std::ranges::find_if(
      execution.results, [](const PlanResult& result) { return result.summary.is_held; });
  if (held == execution.results.end()) return;
  std::printf("\nheld: %s failed, and the device is as it left it\n", held->plan.id.c_str());
  for (const std::string& door : testbed.doors()) std::printf("  %s\n", door.c_str());
  std::printf("put back what was changed:  understudy heal --out %s\n", options.out.c_str());
}

/// Nothing of an earlier run may be taken for what was found.
Result<void> check_leftovers(const Testbed& testbed, const RunOptions& options) {
  if (options.holds && testbed.doors().empty()) {
    return fail(options.testbed, "--hold: its nodes end with the run",
                "it is for devices, whose consoles are reached from outside");
  }
  auto marks = targets::custody_marks(options.out);
  for (const std::string& list : targets::undo_lists(options.out)) marks.push_back(list);
  if (marks.empty()) return {};
  return fail(marks.front(), "an earlier run has not put back what it took",
              "understudy heal --out " + options.out);
}

void print_failures(const Execution& execution) {
  for (const PlanResult& result : execution.results) {
    for (const Verdict& verdict : result.verdicts) {
      if (verdict.outcome != Verdict::Outcome::Fail) continue;
      std::printf("\n%s",
                  failure_block(verdict, result.folder, result.plan, shows_colour()).c_str());
    }
  }
}

}  // namespace

namespace {

/// A bench that cannot fail proves nothing, one that cannot pass neither. Gives the seal of what
/// they left.
Result<std::string> canaries(Testbed& testbed, const RunOptions& options, const Json& facts,
                             const Cancel& cancel) {
  const auto suite = find_suite("canaries");
  if (!suite) return tl::unexpected(suite.error());
  auto plans = plans_for(*suite, {"*"}, testbed.capabilities(), testbed.name(), options.seed);
  if (!plans) return tl::unexpected(plans.error());
  for (Plan& plan : *plans) mark(plan, options, testbed);
  ExecuteOptions how;
  how.out = options.out + "/" + folder_of_canaries;
  how.facts = facts;
  how.watches_lateness = !testbed.is_virtual();
  const Execution execution = execute(
      *plans, testbed, how, [](const ProgressEvent&) {}, cancel);
  if (execution.could_not_start) return tl::unexpected(*execution.could_not_start);
  for (const PlanResult& result : execution.results) {
    if (const auto wrong = unexpected_of_canary(result.plan, result.verdicts)) {
      return fail(testbed.name(), *wrong,
                  "no verdict of this bench is to be trusted; see " + result.folder);
    }
  }
  return seal_of_file(how.out + "/" + name_of_store).value_or("");
}

}  // namespace

int run_command(const RunOptions& options) {
  auto testbed =
      open_testbed(options.testbed, options.defect, options.defects_file, options.is_attended);
  if (!testbed) return could_not_start(testbed.error());
  const auto job = load(options, **testbed);
  if (!job) return could_not_start(job.error());
  const auto lock = FolderLock::take(options.out);
  if (!lock) return could_not_start(lock.error());
  if (const auto checked = check_leftovers(**testbed, options); !checked) {
    return could_not_start(checked.error());
  }

  const Json facts = host_facts(options, **testbed);
  const CancelOnSignal cancel;
  std::string sung;
  if (!options.json) std::printf("%s", defect_line((*testbed)->defect()).c_str());
  if (options.sings) {
    const auto seal = canaries(**testbed, options, facts, cancel);
    if (!seal) return could_not_start(seal.error());
    sung = *seal;
    if (!options.json) std::printf("the canary that must fail failed, the other passed\n");
  }
  Execution execution;
  {
    Progress progress(job->plans, options.json);
    ExecuteOptions how;
    how.out = options.out;
    how.jobs = static_cast<std::size_t>(options.jobs);
    how.facts = facts;
    how.canaries = sung;
    how.hold_after_failure = options.holds;
    how.watches_lateness = !(*testbed)->is_virtual();
    execution = execute(
        job->plans, **testbed, how, [&](const ProgressEvent& event) { progress(event); }, cancel);
  }
  const std::vector<Verdict> verdicts = verdicts_of(execution);
  if (!options.json) print_failures(execution);
  print_leftovers(execution);
  if (execution.could_not_start) return could_not_start(*execution.could_not_start);
  reports::Report report = report_of(execution, *job, options, facts);
  const auto written = reports::write_report(report, options.out);
  if (!written) return could_not_start(written.error());
  if (options.json) {
    const Json all = reports::json_of(report);
    std::printf("%s\n", all.dump(1, ' ', false, Json::error_handler_t::replace).c_str());
  }
  if (!options.json) {
    std::printf("\n%s\n%s%s\nreport  %s/index.html\n",
                clause_table(verdicts, shows_colour()).c_str(), editions_text(verdicts).c_str(),
                summary_line(verdicts).c_str(), options.out.c_str());
  }
  if (!options.json) print_hold(execution, **testbed, options);
  if (execution.was_cancelled) return interrupted;
  const int status =
      exit_status(verdicts, job->clauses, {options.strict, options.require_level == "MUST"});
  return status == 0 && !is_left_as_found(execution) ? 2 : status;
}

}  // namespace understudy::app

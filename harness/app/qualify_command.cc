// qualify: every deliberate defect against every case; the kill matrix on the terminal and in
// files.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "harness/app/cancel_on_signal.h"
#include "harness/app/commands.h"
#include "harness/app/loading.h"
#include "harness/explore/qualify.h"
#include "reports/qualification.h"
#include "targets/simulated_defects.h"
#include "targets/testbed.h"

namespace understudy::app {
namespace {

constexpr int interrupted = 130;

Result<std::vector<explore::DefectRow>> chosen(const QualifyCommandOptions& options,
                                               const std::string& profile) {
  std::vector<explore::DefectRow> rows;
  std::vector<std::string> known;
  for (auto& defect : targets::simulated_defects(profile)) {
    known.push_back(defect.id);
    if (!name_matches(options.defect_pattern, defect.id)) continue;
    rows.push_back({defect.id, defect.sentence, defect.clauses, defect.origin});
  }
  if (rows.empty()) {
    return fail("--defect " + options.defect_pattern, "no defect of " + profile + " has that name",
                did_you_mean(options.defect_pattern, known));
  }
  return rows;
}

void show_progress(std::size_t done, std::size_t all) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::fprintf(stderr, "\r%zu of %zu runs%s", done, all, done == all ? "\n" : "");
}

}  // namespace

int qualify_command(const QualifyCommandOptions& options) {
  const auto suite = find_suite(options.suite);
  if (!suite) return could_not_start(suite.error());
  const std::string testbed =
      options.testbed.empty() ? suite->name + "-simulated" : options.testbed;
  const auto parts = targets::load_testbed_parts(testbed);
  if (!parts) return could_not_start(parts.error());
  if (parts->file.profile.empty()) {
    return could_not_start({testbed, "is no simulated testbed", "defects are simulated"});
  }
  const auto plans =
      plans_for(*suite, options.case_pattern, parts->capabilities, parts->file.name, options.seed);
  if (!plans) return could_not_start(plans.error());
  const auto defects = chosen(options, parts->file.profile);
  if (!defects) return could_not_start(defects.error());
  const auto folder = scratch_folder();
  if (!folder) return could_not_start(folder.error());

  const CancelOnSignal cancel;
  explore::QualifyOptions how;
  how.jobs = static_cast<std::size_t>(options.jobs);
  how.only_its_clauses = options.only_its_clauses;
  how.folder = *folder;
  auto result = explore::qualify(
      *suite, *plans, *defects,
      [&](const std::string& defect) { return targets::load_testbed(testbed, defect); }, how,
      show_progress, cancel);
  std::error_code ignored;
  std::filesystem::remove_all(*folder, ignored);
  if (!result) return could_not_start(result.error());
  for (const auto& row : targets::unobservable_defects(parts->file.profile)) {
    result->open.push_back({row.origin, row.sentence, row.reason});
  }
  if (options.json) {
    const Json all = explore::to_json(*result);
    std::printf("%s\n", all.dump(1, ' ', false, Json::error_handler_t::replace).c_str());
  } else {
    std::printf("%s", explore::to_text(*result).c_str());
  }
  if (const auto written = reports::write_qualification(explore::to_json(*result), options.out);
      !written) {
    return could_not_start(written.error());
  }
  if (!options.json) std::printf("matrix  %s/qualification.html\n", options.out.c_str());
  return result->was_cancelled ? interrupted : explore::exit_status(*result);
}

}  // namespace understudy::app

// judge, report, heal: commands over what a run left on disk.
#include <cstdio>
#include <filesystem>
#include <set>

#include "harness/app/commands.h"
#include "harness/app/progress.h"
#include "harness/app/show.h"
#include "harness/execute.h"
#include "reports/report.h"
#include "targets/process.h"

namespace understudy::app {

namespace {

void show_defects(const JudgedRun& judged) {
  std::set<std::string> defects;
  for (const JudgedFolder& one : judged.cases) defects.insert(one.plan.defect);
  for (const std::string& defect : defects) std::printf("%s", defect_line(defect).c_str());
}

void show_damage(const std::vector<std::string>& damage) {
  for (const std::string& line : damage) std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace

int judge_command(const FolderOptions& options) {
  const auto judged = judge_folder(options.folder);
  if (!judged) return could_not_start(judged.error());
  std::vector<Verdict> verdicts;
  Json all = Json::array();
  if (!options.json) show_defects(*judged);
  for (const JudgedFolder& one : judged->cases) {
    verdicts.insert(verdicts.end(), one.verdicts.begin(), one.verdicts.end());
    for (const Verdict& verdict : one.verdicts) all.push_back(to_json(verdict));
    if (options.json) continue;
    std::printf("%s\n", case_line(one.plan, one.verdicts, shows_colour()).c_str());
    if (!one.history.is_whole) std::printf("             %s\n", one.history.damage.c_str());
    for (const Verdict& verdict : one.verdicts) {
      if (verdict.outcome != Verdict::Outcome::Fail) continue;
      std::printf("\n%s\n", failure_block(verdict, one.folder, one.plan, shows_colour()).c_str());
    }
  }
  const std::string text = options.json ? all.dump(1, ' ', false, Json::error_handler_t::replace)
                                        : "\n" + summary_line(verdicts);
  std::printf("%s\n", text.c_str());
  if (!options.json && !judged->canaries.empty()) {
    std::printf("canaries: %s\n", judged->canaries.c_str());
  }
  show_damage(judged->damage);
  return exit_status(*judged, {options.strict, false});
}

int report_command(const FolderOptions& options) {
  const auto report = reports::read_report(options.folder);
  if (!report) return could_not_start(report.error());
  const auto written = reports::write_report(*report, options.folder);
  if (!written) return could_not_start(written.error());
  std::printf("report  %s/index.html\n", options.folder.c_str());
  show_damage(report->damage);
  return report->damage.empty() ? 0 : 2;
}

int heal_command(const std::string& out) {
  if (!std::filesystem::exists(out)) {
    return could_not_start({out, "no such folder", "give the folder that the run wrote to"});
  }
  const std::vector<std::string> lines = targets::heal_process_benches(out);
  for (const std::string& line : lines) std::printf("%s\n", line.c_str());
  if (lines.empty()) std::printf("%s: nothing was left behind\n", out.c_str());
  return 0;
}

}  // namespace understudy::app

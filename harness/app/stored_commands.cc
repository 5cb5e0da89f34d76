// judge, report, heal: commands over what a run left on disk.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "harness/app/cancel_on_signal.h"
#include "harness/app/commands.h"
#include "harness/app/progress.h"
#include "harness/app/show.h"
#include "harness/execute.h"
#include "harness/files.h"
#include "reports/report.h"
#include "targets/process.h"
#include "targets/reread.h"
#include "targets/search_path.h"
#include "targets/testbed.h"

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

namespace {

/// The dialect as it is now, of each testbed once.
class Dialects {
 public:
  explicit Dialects(std::string named) : named_(std::move(named)) {}

  Result<std::shared_ptr<const targets::Dialect>> of(const Plan& plan) {
    if (!named_.empty()) return loaded(named_);
    const auto known = by_testbed_.find(plan.testbed_path);
    if (known != by_testbed_.end()) return known->second;
    const auto testbed = targets::load_testbed_parts(plan.testbed_path);
    if (!testbed) {
      return fail(plan.testbed_path, to_line(testbed.error()),
                  "--dialect DIALECT reads without it");
    }
    return by_testbed_[plan.testbed_path] = testbed->dialect;
  }

 private:
  Result<std::shared_ptr<const targets::Dialect>> loaded(const std::string& name) {
    if (by_testbed_.contains(name)) return by_testbed_[name];
    const auto folder = targets::find_data(targets::Data::Dialect, name);
    if (!folder) return tl::unexpected(folder.error());
    auto dialect = targets::load_dialect_folder(*folder);
    if (dialect) by_testbed_[name] = *dialect;
    return dialect;
  }

  const std::string named_;
  std::map<std::string, std::shared_ptr<const targets::Dialect>> by_testbed_;
};

void show_change(const JudgedFolder& one, const Verdict& before, const Verdict& after) {
  const auto shown = [](const Verdict& verdict) {
    return to_text(verdict.outcome) + (verdict.cause.empty() ? "" : " (" + verdict.cause + ")");
  };
  std::printf("%s/%s  %s: %s -> %s\n", one.plan.suite.c_str(), one.plan.id.c_str(),
              before.clause.id.c_str(), shown(before).c_str(), shown(after).c_str());
}

Result<void> write_reread(const JudgedFolder& one, const targets::Dialect& dialect,
                          const targets::Reread& again) {
  Json verdicts = Json::array();
  for (const Verdict& verdict : one.verdicts) verdicts.push_back(to_json(verdict));
  const Json all = {{"dialect", dialect.name},
                    {"read", again.read},
                    {"otherwise", again.otherwise},
                    {"still_unread", again.still_unread},
                    {"verdicts", std::move(verdicts)}};
  return write_whole(one.folder + "/reread.json",
                     all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

/// A dialect of another family finds nothing in what was typed.
Result<void> knows_a_command(const std::vector<targets::Reread>& again,
                             const std::vector<std::shared_ptr<const targets::Dialect>>& read_by,
                             const JudgedRun& judged) {
  std::size_t typed = 0;
  for (std::size_t index = 0; index < again.size(); ++index) {
    if (again[index].known > 0) return {};
    typed += again[index].typed;
  }
  for (std::size_t index = 0; index < again.size() && typed > 0; ++index) {
    if (!read_by[index]) continue;
    return fail(judged.cases[index].folder,
                fmt::format("no command of the dialect {} was typed there", read_by[index]->name),
                "--dialect DIALECT is the one of the run, mended perhaps");
  }
  return {};
}

/// What is not whole, or was never run, is left as it was judged.
Result<void> read_again(JudgedRun& judged, const JudgeOptions& options) {
  Dialects dialects(options.dialect);
  std::vector<JudgedFolder> before = judged.cases;
  std::vector<std::shared_ptr<const targets::Dialect>> read_by(before.size());
  std::vector<targets::Reread> again(before.size());
  for (std::size_t index = 0; index < before.size(); ++index) {
    JudgedFolder& one = judged.cases[index];
    if (!one.history.is_whole || one.history.is_altered || !one.plan.not_run.empty()) continue;
    const auto dialect = dialects.of(one.plan);
    if (!dialect) return tl::unexpected(dialect.error());
    auto found = targets::reread(one.folder, one.plan, one.history, *dialect);
    if (!found) return tl::unexpected(found.error());
    one.history = found->history;
    one.verdicts = judge(one.plan, one.history);
    targets::name_lines_of_file(*found, one.verdicts);
    read_by[index] = *dialect;
    again[index] = std::move(*found);
  }
  if (const auto known = knows_a_command(again, read_by, judged); !known) return known;
  judge_together(judged);
  std::size_t changed = 0;
  for (std::size_t index = 0; index < before.size(); ++index) {
    const JudgedFolder& one = judged.cases[index];
    for (std::size_t at = 0; at < one.verdicts.size(); ++at) {
      const Verdict& old = before[index].verdicts.at(at);
      if (old.outcome == one.verdicts[at].outcome) continue;
      ++changed;
      if (!options.json) show_change(one, old, one.verdicts[at]);
    }
    if (!options.writes || !read_by[index]) continue;
    if (auto written = write_reread(one, *read_by[index], again[index]); !written) return written;
  }
  std::size_t read = 0;
  std::size_t otherwise = 0;
  std::size_t unread = 0;
  for (const targets::Reread& one : again) {
    read += one.read;
    otherwise += one.otherwise;
    unread += one.still_unread;
  }
  if (!options.json)
    std::printf(
        "%zu answers could be read that were unread, %zu tell something else, %zu are unread; %zu "
        "verdicts changed\n\n",
        read, otherwise, unread, changed);
  return {};
}

}  // namespace

int judge_command(const JudgeOptions& options) {
  auto judged = judge_folder(options.folder);
  if (!judged) return could_not_start(judged.error());
  if (options.rereads) {
    if (const auto read = read_again(*judged, options); !read) return could_not_start(read.error());
  }
  std::vector<Verdict> verdicts;
  Json all = Json::array();
  if (!options.json) show_defects(*judged);
  for (const JudgedFolder& one : judged->cases) {
    verdicts.insert(verdicts.end(), one.verdicts.begin(), one.verdicts.end());
    for (const std::string& line : not_put_back(one))
      std::fprintf(stderr, "%s: not put back: %s\n", one.plan.id.c_str(), line.c_str());
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
                                        : "\n" + editions_text(verdicts) + summary_line(verdicts);
  std::printf("%s\n", text.c_str());
  if (!options.json && !judged->canaries.empty()) {
    std::printf("canaries: %s\n", judged->canaries.c_str());
  }
  show_damage(judged->damage);
  return exit_status(*judged, {options.strict, false});
}

int report_command(const FolderOptions& options) {
  auto report = reports::read_report(options.folder);
  if (!report) return could_not_start(report.error());
  const auto written = reports::write_report(*report, options.folder);
  if (!written) return could_not_start(written.error());
  std::printf("report  %s/index.html\n", options.folder.c_str());
  show_damage(report->damage);
  return report->damage.empty() ? 0 : 2;
}

int heal_command(const std::string& out, bool is_attended) {
  if (!std::filesystem::exists(out)) {
    return could_not_start({out, "no such folder", "give the folder that the run wrote to"});
  }
  const CancelOnSignal cancel;  // what is being put back is put back to its end
  std::vector<std::string> lines = targets::heal_process_benches(out);
  const targets::Healed undone = targets::undo_what_was_done(out, is_attended);
  lines.insert(lines.end(), undone.lines.begin(), undone.lines.end());
  const targets::Healed healed = targets::heal_devices(out);
  lines.insert(lines.end(), healed.lines.begin(), healed.lines.end());
  for (const std::string& line : lines) std::printf("%s\n", line.c_str());
  if (lines.empty()) std::printf("%s: nothing was left behind\n", out.c_str());
  return undone.is_whole && healed.is_whole ? 0 : 2;
}

}  // namespace understudy::app

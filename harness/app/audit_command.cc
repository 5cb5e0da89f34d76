// audit: when was synchronisation claimed, and since when is it true?
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "harness/app/cancel_on_signal.h"
#include "harness/app/commands.h"
#include "harness/app/loading.h"
#include "harness/explore/audit.h"
#include "reports/audits.h"
#include "targets/testbed.h"

namespace understudy::app {
namespace {

/// Nobody typed the pattern that is taken where no --case is given.
Result<void> has_audits(const Suite& suite, const AuditCommandOptions& options) {
  const std::string pattern = AuditCommandOptions{}.case_patterns.front();
  const auto is_audit = [&](const Case& one) { return name_matches(pattern, one.name); };
  const bool is_given = options.case_patterns != AuditCommandOptions{}.case_patterns;
  if (is_given || std::ranges::any_of(suite.cases, is_audit)) return {};
  return fail(suite.name, "has no case named " + pattern,
              "an audit is a case with a pause, then a `do` that takes the master away, then an "
              "expect that checks what is left: see audit-of-the-insync-claim of exos-11.3");
}

}  // namespace

int audit_command(const AuditCommandOptions& options) {
  const auto suite = find_suite(options.suite);
  if (!suite) return could_not_start(suite.error());
  const std::string name = options.testbed.empty() ? suite->name + "-simulated" : options.testbed;
  auto testbed = targets::load_testbed(name, options.defect);
  if (!testbed) return could_not_start(testbed.error());
  if (const auto has_some = has_audits(*suite, options); !has_some) {
    return could_not_start(has_some.error());
  }
  const auto plans = plans_for(*suite, options.case_patterns, (*testbed)->capabilities(),
                               (*testbed)->name(), options.seed);
  if (!plans) return could_not_start(plans.error());
  const auto resolution = duration_from(options.resolution);
  if (!resolution || *resolution <= Duration::zero()) {
    return could_not_start(
        {"--resolution", options.resolution + " is no duration", "such as 10ms"});
  }
  const auto folder = scratch_folder();
  if (!folder) return could_not_start(folder.error());
  const CancelOnSignal cancel;
  explore::AuditOptions how;
  how.resolution = *resolution;
  how.folder = *folder;
  Json all = Json::array();
  bool is_lie = false;
  bool is_judged = true;
  std::optional<Error> error;
  for (const Plan& plan : *plans) {
    const auto audit = explore::audit(plan, **testbed, how, cancel);
    if (!audit) {
      error = audit.error();
      break;
    }
    is_lie |= audit->has_lie();
    is_judged &= audit->is_judged();
    all.push_back(explore::to_json(*audit));
    if (!options.json) std::printf("%s", explore::to_text(*audit).c_str());
  }
  std::error_code ignored;
  std::filesystem::remove_all(*folder, ignored);
  if (error) return could_not_start(*error);
  if (!options.out.empty()) {
    const auto written = reports::write_audits(suite->name, all, options.out);
    if (!written) return could_not_start(written.error());
    if (!options.json) std::printf("audits  %s/audits.html\n", options.out.c_str());
  }
  if (options.json) {
    std::printf("%s\n", all.dump(1, ' ', false, Json::error_handler_t::replace).c_str());
  }
  return is_lie ? 1 : is_judged ? 0 : 2;
}

}  // namespace understudy::app

// qualify: every deliberate defect against every case; the kill matrix on the terminal and in
// files.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
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
/// Where a file is torn and which byte is damaged: the same with a defect and without.
constexpr std::uint64_t run_seed = 1;

/// The defects that a command names, and how a testbed with one is opened.
struct Chosen {
  std::vector<explore::DefectRow> rows;
  explore::OpenTestbed open;
  std::function<std::optional<std::size_t>(const std::string&)> changes_of;
};

Result<Chosen> chosen(const QualifyCommandOptions& options, const std::string& testbed,
                      const std::string& profile) {
  Chosen all;
  all.open = [testbed](const std::string& id) { return targets::load_testbed(testbed, id); };
  for (auto& one : targets::simulated_defects(profile)) {
    all.rows.push_back({one.id, one.sentence, one.clauses, one.origin});
  }
  if (!options.defects_file.empty()) {
    const auto data = targets::read_data_defects(options.defects_file);
    if (!data) return tl::unexpected(data.error());
    all.rows.clear();
    for (const auto& one : *data) {
      all.rows.push_back({one.id, one.sentence, one.clauses, options.defects_file});
    }
    all.open = [testbed, data = *data](const std::string& id) {
      for (const auto& one : data) {
        if (one.id == id) return targets::load_testbed_with(testbed, one);
      }
      return targets::load_testbed(testbed);
    };
    all.changes_of = [data = *data](const std::string& id) -> std::optional<std::size_t> {
      const auto one = std::ranges::find(data, id, &targets::DataDefect::id);
      return one == data.end() ? std::nullopt : std::optional(one->changes->load());
    };
  }
  std::vector<std::string> known;
  for (const auto& row : all.rows) known.push_back(row.id);
  std::erase_if(all.rows, [&](const explore::DefectRow& row) {
    return !name_matches(options.defect_pattern, row.id) &&
           !name_matches(options.defect_pattern, row.origin);
  });
  if (all.rows.empty()) {
    for (const auto& one : targets::unobservable_defects(profile)) {
      if (!name_matches(options.defect_pattern, one.origin)) continue;
      return fail("--defect " + options.defect_pattern,
                  fmt::format("is no defect here: {}", one.sentence), one.reason);
    }
    const std::string near = did_you_mean(options.defect_pattern, known);
    return fail("--defect " + options.defect_pattern, "no defect has that name",
                near.empty() ? fmt::format("qualify {} --list tells them", options.suite) : near);
  }
  return all;
}

/// The suite of a reference's profile has the profile's name.
Result<void> fits_product(const Suite& suite, const targets::LoadedTestbed& testbed) {
  if (testbed.file.profile.empty() || suite.product == "any") return {};
  const auto own = find_suite(testbed.file.profile);
  if (!own || own->product == suite.product) return {};
  return fail(testbed.file.name,
              fmt::format("is another product: {}, and {} is about {}", own->product, suite.name,
                          suite.product),
              "qualify " + own->name);
}

/// What --list prints: each defect with the clauses that it breaks; then what is none, and why.
int list_defects(const Chosen& defects, const std::string& profile, bool as_json) {
  Json all = {{"defects", Json::array()}, {"not_observable", Json::array()}};
  std::string text;
  for (const auto& row : defects.rows) {
    all["defects"].push_back({{"id", row.id},
                              {"sentence", row.sentence},
                              {"clauses", row.clauses},
                              {"origin", row.origin}});
    text += fmt::format("{}\n  {}\n  {}{}\n", row.id, row.sentence, fmt::join(row.clauses, ", "),
                        row.origin.empty() ? "" : "; " + row.origin);
  }
  text += fmt::format("{} defects\n", defects.rows.size());
  const auto none = targets::unobservable_defects(profile);
  if (!none.empty()) text += "\nNOT OBSERVABLE, OR NO DEFECT OF THIS PRODUCT\n";
  for (const auto& row : none) {
    all["not_observable"].push_back(
        {{"origin", row.origin}, {"sentence", row.sentence}, {"reason", row.reason}});
    text += fmt::format("{}\n  {}\n  {}\n", row.origin, row.sentence, row.reason);
  }
  if (as_json) text = all.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  std::printf("%s", text.c_str());
  return 0;
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
  if (parts->file.profile.empty() && options.defects_file.empty()) {
    return could_not_start({testbed, "is no simulated testbed",
                            "the reference's defects are simulated; --defects takes some as data"});
  }
  if (const auto fits = fits_product(*suite, *parts); !fits) return could_not_start(fits.error());
  const auto plans =
      plans_for(*suite, options.case_patterns, parts->capabilities, parts->file.name, run_seed);
  if (!plans) return could_not_start(plans.error());
  const auto defects = chosen(options, testbed, parts->file.profile);
  if (!defects) return could_not_start(defects.error());
  if (options.only_lists) {
    const std::string profile = options.defects_file.empty() ? parts->file.profile : "";
    return list_defects(*defects, profile, options.json);
  }
  if (const auto writable = reports::check_writable(options.out); !writable) {
    return could_not_start(writable.error());
  }
  const auto folder = scratch_folder();
  if (!folder) return could_not_start(folder.error());

  const CancelOnSignal cancel;
  explore::QualifyOptions how;
  how.jobs = static_cast<std::size_t>(options.jobs);
  how.only_its_clauses = options.only_its_clauses;
  how.is_partial = options.case_patterns != QualifyCommandOptions{}.case_patterns ||
                   options.defect_pattern != "*" || !options.defects_file.empty();
  how.folder = *folder;
  how.changes_of = defects->changes_of;
  auto result =
      explore::qualify(*suite, *plans, defects->rows, defects->open, how, show_progress, cancel);
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

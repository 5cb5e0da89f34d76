#include "harness/app/loading.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>

#include "harness/app/commands.h"
#include "targets/search_path.h"
#include "targets/testbed.h"

namespace understudy::app {

bool name_matches(const std::string& pattern, const std::string& name) {
  return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

Result<Suite> find_suite(const std::string& name_or_path) {
  const auto path = targets::find_data(targets::Data::Suite, name_or_path);
  if (!path) return tl::unexpected(path.error());
  return load_suite_from(*path);
}

Result<std::unique_ptr<Testbed>> open_testbed(const std::string& testbed, const std::string& defect,
                                              const std::string& defects_file, bool is_attended) {
  if (defects_file.empty()) return targets::load_testbed(testbed, defect, is_attended);
  if (defect.empty()) return fail("--defects", "needs --defect", "name one of the file's defects");
  const auto defects = targets::read_data_defects(defects_file);
  if (!defects) return tl::unexpected(defects.error());
  std::vector<std::string> ids;
  for (const targets::DataDefect& one : *defects) {
    if (one.id == defect) return targets::load_testbed_with(testbed, one);
    ids.push_back(one.id);
  }
  return fail(defects_file, "has no defect `" + defect + "`", did_you_mean(defect, ids));
}

namespace {

/// All patterns that fit nothing are told at once, each with the name that it may have meant.
Result<void> check_patterns(const Suite& suite, const std::vector<std::string>& names,
                            const std::vector<std::string>& patterns) {
  std::vector<std::string> wrong;
  for (const std::string& pattern : patterns) {
    const auto matches = [&](const std::string& name) { return name_matches(pattern, name); };
    if (std::ranges::none_of(names, matches)) wrong.push_back(pattern);
  }
  if (wrong.empty()) return {};
  std::vector<std::string> hints;
  for (const std::string& pattern : wrong) {
    const std::string hint = did_you_mean(pattern, names);
    if (!hint.empty()) hints.push_back(wrong.size() > 1 ? pattern + ": " + hint : hint);
  }
  return fail(fmt::format("--case {}", fmt::join(wrong, ", --case ")),
              "no case of " + suite.name + " has such a name",
              fmt::format("{}", fmt::join(hints, " ")));
}

}  // namespace

Result<std::vector<Plan>> plans_for(const Suite& suite,
                                    const std::vector<std::string>& case_patterns,
                                    const Capabilities& capabilities, const std::string& testbed,
                                    std::uint64_t seed) {
  std::vector<std::string> names;
  for (const Case& one : suite.cases) names.push_back(one.name);
  if (auto fitting = check_patterns(suite, names, case_patterns); !fitting) {
    return tl::unexpected(fitting.error());
  }
  std::vector<Plan> plans;
  for (const Case& one : suite.cases) {
    const auto takes = [&](const std::string& pattern) { return name_matches(pattern, one.name); };
    if (std::ranges::none_of(case_patterns, takes)) continue;
    auto made = make_plans(suite, one, capabilities, testbed, seed);
    if (!made) return tl::unexpected(made.error());
    plans.insert(plans.end(), made->begin(), made->end());
  }
  // They judge a switch on which no other case can begin, as one that elects nobody.
  std::ranges::stable_partition(plans, [](const Plan& plan) { return plan.given.empty(); });
  return plans;
}

Result<std::string> scratch_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "understudy-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) return fail(name, "cannot be made");
  return name;
}

}  // namespace understudy::app

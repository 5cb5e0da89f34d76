#include "harness/app/loading.h"

#include <stdlib.h>

#include <filesystem>

#include <fnmatch.h>

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

Result<std::vector<Plan>> plans_for(const Suite& suite, const std::string& case_pattern,
                                    const Capabilities& capabilities, const std::string& testbed,
                                    std::uint64_t seed) {
  std::vector<Plan> plans;
  bool is_any = false;
  for (const Case& one : suite.cases) {
    if (!name_matches(case_pattern, one.name)) continue;
    is_any = true;
    auto made = make_plans(suite, one, capabilities, testbed, seed);
    if (!made) return tl::unexpected(made.error());
    plans.insert(plans.end(), made->begin(), made->end());
  }
  if (is_any) return plans;
  std::vector<std::string> names;
  for (const Case& one : suite.cases) names.push_back(one.name);
  return fail("--case " + case_pattern, "no case of " + suite.name + " has such a name",
              did_you_mean(case_pattern, names));
}

Result<std::string> scratch_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "understudy-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) return fail(name, "cannot be made");
  return name;
}

}  // namespace understudy::app

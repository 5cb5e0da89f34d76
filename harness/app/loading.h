// Finds and loads what a command names: suites and plans chosen from them. Used by the commands
// that run, list and plan.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/plan.h"

namespace understudy::app {

/// A suite by name (suites/NAME on the search path) or by path.
Result<Suite> find_suite(const std::string& name_or_path);

/// A testbed with what --defect and --defects ask for; either may be empty.
Result<std::unique_ptr<Testbed>> open_testbed(const std::string& testbed, const std::string& defect,
                                              const std::string& defects_file,
                                              bool is_attended = false);

/// The plans of every case whose name matches one of the patterns, in the suite's order. An error
/// for a pattern that no case matches.
Result<std::vector<Plan>> plans_for(const Suite& suite,
                                    const std::vector<std::string>& case_patterns,
                                    const Capabilities& capabilities, const std::string& testbed,
                                    std::uint64_t seed);

/// A new empty folder of the system's for temporary files; the caller removes it.
Result<std::string> scratch_folder();

}  // namespace understudy::app

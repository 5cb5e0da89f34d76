// Where data is looked for: the working folder, the user's configuration folder
// ($XDG_CONFIG_HOME/understudy, or ~/.config/understudy), then what was installed
// ($UNDERSTUDY_DATA, the share folder beside the program, the source tree). Used for testbeds,
// dialects, frames, suites.
#pragma once

#include <string>
#include <vector>

#include "harness/error.h"

namespace understudy::targets {

enum class Data { Testbed, Dialect, Frames, Suite };

/// The folders that hold data of this kind, those that exist, in order of search.
std::vector<std::string> data_folders(Data data);

/// The path for a name (`exos`) or a path (`./lab/exos`); the error names a near one that exists.
Result<std::string> find_data(Data data, const std::string& name_or_path);

/// Names that can be found, sorted, without repeats.
std::vector<std::string> data_names(Data data);

}  // namespace understudy::targets

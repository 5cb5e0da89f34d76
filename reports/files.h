// Whole files in and out, with one-line errors. Used by the report's writers only.
#pragma once

#include <string>

#include "harness/error.h"

namespace understudy::reports {

Result<std::string> read_file(const std::string& path);

/// Writes a temporary file beside it and renames it; makes the folders on the way.
Result<void> write_file(const std::string& path, const std::string& text);

}  // namespace understudy::reports

// Whole files in and out, with errors of one line.
#pragma once

#include <string>
#include <string_view>

#include "harness/error.h"

namespace understudy {

/// Writes a file whole or not at all: to a neighbour first, then renamed. Folders are made on the
/// way. After a power loss of this machine it may be found damaged, and is then told as such.
Result<void> write_whole(const std::string& path, const std::string& text);

/// The same, on the disk when the call returns.
Result<void> write_durably(const std::string& path, const std::string& text);

/// A file's whole text; the error names the path and the system's reason.
Result<std::string> read_text(const std::string& path);

/// All of `bytes` into an open file, or false with errno set.
bool write_all(int file, std::string_view bytes);

}  // namespace understudy

#include "reports/files.h"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace understudy::reports {

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(path, "cannot be read", "does it exist?");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Result<void> write_file(const std::string& path, const std::string& text) {
  std::error_code problem;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), problem);
  const std::string fresh = path + ".new";
  {
    std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    if (!out.flush())
      return fail(path, "cannot be written", "is the disk full, or the folder read-only?");
  }
  std::filesystem::rename(fresh, path, problem);
  if (problem) return fail(path, "cannot be written: " + problem.message());
  return {};
}

}  // namespace understudy::reports

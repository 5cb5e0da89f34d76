// A dialect's YAML, in a folder that has the templates of exos, and what is then asked of it.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "targets/dialect.h"

namespace {

namespace fs = std::filesystem;

/// Lives as long as the program, and is removed at its end.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("understudy-fuzz-" + std::to_string(getpid()))) {
    fs::copy(UNDERSTUDY_SOURCE_DIR "/targets/dialects/exos", path_);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace understudy;
  static const Folder folder;
  std::ofstream(folder.path() + "/dialect.yaml", std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto dialect = targets::load_dialect_folder(folder.path());
  if (!dialect) {
    ensure(to_line(dialect.error()).find('\n') == std::string::npos, "an error is one line");
    return 0;
  }
  targets::attributes_of(**dialect);
  targets::vocabularies_of(**dialect);
  targets::find_refusal(**dialect, "\nInvalid input detected at '^' marker.\nabc\n\n");
  return 0;
}

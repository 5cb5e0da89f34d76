// What a device prints, read with each of the tree's own templates.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "targets/textfsm/textfsm.h"

namespace {

using understudy::targets::textfsm::Template;

/// Every template of every dialect, in the order of their names.
std::vector<Template> templates() {
  std::vector<std::filesystem::path> paths;
  using Walk = std::filesystem::recursive_directory_iterator;
  for (const auto& entry : Walk(UNDERSTUDY_SOURCE_DIR "/targets/dialects")) {
    if (entry.path().extension() == ".textfsm") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<Template> all;
  for (const auto& path : paths) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    auto compiled = understudy::targets::textfsm::compile(text.str(), path.string());
    understudy::ensure(compiled.has_value(), "the tree's templates are sound");
    all.push_back(*compiled);
  }
  understudy::ensure(!all.empty(), "the tree has templates");
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Template> all = templates();
  for (const Template& one : all) {
    const auto rows = understudy::targets::textfsm::parse(
        one, std::string_view(reinterpret_cast<const char*>(data), size));
    if (!rows) continue;
    understudy::ensure(nlohmann::json::accept(understudy::targets::textfsm::to_json(*rows)),
                       "rows are JSON");
  }
  return 0;
}

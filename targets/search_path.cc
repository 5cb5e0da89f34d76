#include "targets/search_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

namespace understudy::targets {

namespace fs = std::filesystem;

namespace {

struct Kind {
  const char* word;
  const char* folder;       ///< in a working or configuration folder
  const char* tree_folder;  ///< in the source tree
  bool is_folder;           ///< a thing is a folder (with this file in it), or NAME.yaml
  const char* file;
};

Kind kind_of(Data data) {
  switch (data) {
    case Data::Testbed:
      return {"testbed", "testbeds", "fixtures/testbeds", false, ""};
    case Data::Dialect:
      return {"dialect", "dialects", "targets/dialects", true, "dialect.yaml"};
    case Data::Frames:
      return {"frames data", "frames", "targets/frames", false, ""};
    case Data::Suite:
      return {"suite", "suites", "suites", true, "clauses.yaml"};
  }
  return {};
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::vector<fs::path> roots() {
  std::vector<fs::path> found{fs::path(".")};
  if (const auto config = environment("XDG_CONFIG_HOME"); !config.empty())
    found.push_back(fs::path(config) / "understudy");
  else if (const auto home = environment("HOME"); !home.empty())
    found.push_back(fs::path(home) / ".config" / "understudy");
  if (const auto data = environment("UNDERSTUDY_DATA"); !data.empty()) found.emplace_back(data);
  std::error_code ignored;
  if (const auto program = fs::read_symlink("/proc/self/exe", ignored); !ignored)
    found.push_back(program.parent_path().parent_path() / "share" / "understudy");
#ifdef UNDERSTUDY_SOURCE_TREE
  found.emplace_back(UNDERSTUDY_SOURCE_TREE);
#endif
  return found;
}

bool is_there(const fs::path& path, const Kind& kind) {
  std::error_code ignored;
  return kind.is_folder ? fs::exists(path / kind.file, ignored)
                        : fs::is_regular_file(path, ignored);
}

bool is_path(const std::string& text) {
  return text.find('/') != std::string::npos || text.ends_with(".yaml") || text.ends_with(".yml");
}

}  // namespace

std::vector<std::string> data_folders(Data data) {
  const Kind kind = kind_of(data);
  std::vector<std::string> folders;
  for (const auto& root : roots())
    for (const char* below : {kind.folder, kind.tree_folder}) {
      const std::string folder = (root / below).lexically_normal().string();
      std::error_code ignored;
      if (fs::is_directory(folder, ignored) && std::ranges::find(folders, folder) == folders.end())
        folders.push_back(folder);
    }
  return folders;
}

std::vector<std::string> data_names(Data data) {
  const Kind kind = kind_of(data);
  std::set<std::string> names;
  for (const auto& folder : data_folders(data)) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      if (!is_there(entry.path(), kind)) continue;
      if (kind.is_folder)
        names.insert(entry.path().filename().string());
      else if (entry.path().extension() == ".yaml")
        names.insert(entry.path().stem().string());
    }
  }
  return {names.begin(), names.end()};
}

Result<std::string> find_data(Data data, const std::string& name) {
  const Kind kind = kind_of(data);
  std::error_code ignored;
  if (is_path(name)) {
    if (is_there(name, kind)) return name;
    if (data == Data::Suite && fs::is_regular_file(name, ignored)) return name;
    if (kind.is_folder && fs::exists(name, ignored))
      return fail(name, fmt::format("this is no {}: there is no {} in it", kind.word, kind.file));
    return fail(name, fmt::format("there is no such {}", kind.word),
                fs::is_directory(name, ignored) ? "it is a folder" : "");
  }
  if (name.empty()) return fail("", fmt::format("a {} has a name", kind.word));
  if (is_there(name, kind)) return name;
  for (const auto& folder : data_folders(data)) {
    const fs::path path = fs::path(folder) / (kind.is_folder ? name : name + ".yaml");
    if (is_there(path, kind)) return path.string();
  }
  const auto known = data_names(data);
  std::string hint = did_you_mean(name, known);
  if (hint.empty() && !known.empty()) hint = fmt::format("there are: {}", fmt::join(known, ", "));
  return fail(name, fmt::format("there is no {} of that name", kind.word), hint);
}

}  // namespace understudy::targets

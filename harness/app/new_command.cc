// new: a commented start of a testbed, a dialect or a suite, where the search path finds it.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>

#include "harness/app/commands.h"
#include "harness/app/starts.h"
#include "harness/files.h"
#include "targets/search_path.h"

namespace understudy::app {
namespace {

struct StartFile {
  std::string path;
  std::string text;
};

std::string replaced(std::string text, std::string_view mark, const std::string& name) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
    text.replace(at, mark.size(), name);
    at += name.size();
  }
  return text;
}

/// A family of the testbed's own name is what it is made for.
std::string start_of_testbed_of(const std::string& name) {
  const auto own = targets::find_data(targets::Data::Dialect, name);
  return replaced(start_of_testbed, "@DIALECT@", own ? name : "exos");
}

std::vector<StartFile> files_of(const std::string& kind, const std::string& name) {
  const auto file = [&](const std::string& path, const std::string& start) {
    return StartFile{path, replaced(start, "@NAME@", name)};
  };
  if (kind == "testbed") return {file("testbeds/" + name + ".yaml", start_of_testbed_of(name))};
  if (kind == "dialect") {
    const std::string folder = "dialects/" + name + "/";
    return {file(folder + "dialect.yaml", start_of_dialect),
            file(folder + "show_redundancy.textfsm", start_of_template)};
  }
  const std::string folder = "suites/" + name + "/";
  return {file(folder + "clauses.yaml", start_of_clauses),
          file(folder + "cases.yaml", start_of_cases)};
}

bool is_name(const std::string& text) {
  constexpr std::string_view others = ".-_";
  return !text.empty() && std::isalnum(static_cast<unsigned char>(text.front())) != 0 &&
         std::ranges::all_of(text, [&](unsigned char c) {
           return std::isalnum(c) != 0 || others.find(static_cast<char>(c)) != others.npos;
         });
}

}  // namespace

int new_command(const std::string& kind, const std::string& name) {
  namespace fs = std::filesystem;
  if (!is_name(name)) {
    return could_not_start({"new " + kind, "`" + name + "` is no name",
                            "letters, digits, dots and dashes, as in exos-11.3"});
  }
  const auto files = files_of(kind, name);
  for (const StartFile& file : files) {
    std::error_code ignored;
    if (fs::exists(file.path, ignored)) {
      return could_not_start({file.path, "is there already", "take another name, or remove it"});
    }
  }
  const auto data = kind == "testbed"   ? targets::Data::Testbed
                    : kind == "dialect" ? targets::Data::Dialect
                                        : targets::Data::Suite;
  if (const auto other = targets::find_data(data, name)) {
    return could_not_start({*other, fmt::format("there is a {} of this name", kind),
                            "take another name: the new one would be found in its place"});
  }
  for (const StartFile& file : files) {
    std::error_code problem;
    fs::create_directories(fs::path(file.path).parent_path(), problem);
    if (problem) return could_not_start({file.path, "cannot be made: " + problem.message(), ""});
    if (auto written = write_whole(file.path, file.text); !written) {
      return could_not_start(written.error());
    }
    std::printf("%s\n", file.path.c_str());
  }
  return 0;
}

}  // namespace understudy::app

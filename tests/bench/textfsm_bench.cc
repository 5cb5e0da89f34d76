// What our TextFSM engine parses in a second, for the rows P7 and P8:
//   textfsm_bench FILE SECONDS [TEMPLATE]    FILE again and again; show_fdb.textfsm if none is
//   named textfsm_bench FOLDER SECONDS             each NAME.txt with NAME.textfsm beside it, in
//   turns
// A template is compiled once. Prints one line of key=value.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "targets/textfsm/textfsm.h"

namespace {

using namespace understudy;
using namespace understudy::targets;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Work {
  textfsm::Template with;
  std::shared_ptr<const std::string> text;
};

[[noreturn]] void refuse(const std::string& why) {
  std::fprintf(stderr, "textfsm_bench: %s\n", why.c_str());
  std::exit(3);
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse("cannot read " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Work make_work(const std::filesystem::path& text, const std::filesystem::path& with) {
  auto compiled = textfsm::compile(read_file(with), with.string());
  if (!compiled) refuse(to_line(compiled.error()));
  return {*compiled, std::make_shared<const std::string>(read_file(text))};
}

std::vector<Work> all_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Work> all;
  for (const auto& path : paths) {
    all.push_back(make_work(path, std::filesystem::path(path).replace_extension(".textfsm")));
  }
  if (all.empty()) refuse("no NAME.txt in " + folder.string());
  return all;
}

void measure(const std::vector<Work>& all, Seconds limit) {
  std::size_t rows = 0;
  std::size_t parses = 0;
  std::size_t bytes = 0;
  const auto start = Clock::now();
  Seconds took{};
  while (took < limit) {
    rows = 0;
    for (const Work& work : all) {
      const auto parsed = textfsm::parse(work.with, work.text);
      if (!parsed) refuse(to_line(parsed.error()));
      rows += parsed->size();
      bytes += work.text->size();
      ++parses;
    }
    took = Clock::now() - start;
  }
  std::printf("ours inputs=%zu rows=%zu parses=%zu s=%.3f parses/s=%.2f MB/s=%.4f\n", all.size(),
              rows, parses, took.count(), static_cast<double>(parses) / took.count(),
              static_cast<double>(bytes) / took.count() / 1e6);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fputs("textfsm_bench FILE SECONDS [TEMPLATE] | FOLDER SECONDS\n", stderr);
    return 2;
  }
  const std::filesystem::path what = arguments[1];
  const Seconds limit(std::strtod(arguments[2], nullptr));
  if (std::filesystem::is_directory(what)) {
    measure(all_of(what), limit);
  } else {
    measure({make_work(what, count > 3 ? arguments[3] : SHOW_FDB_TEMPLATE)}, limit);
  }
  return 0;
}

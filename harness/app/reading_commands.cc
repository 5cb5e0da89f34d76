// list, plan, words, check, parse: commands that read files and touch no device.
#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "harness/app/commands.h"
#include "harness/app/dry_plan.h"
#include "harness/app/loading.h"
#include "harness/history.h"
#include "harness/listing.h"
#include "harness/matcher.h"
#include "harness/run.h"
#include "harness/words.h"
#include "targets/dialect.h"
#include "targets/search_path.h"
#include "targets/simulated.h"
#include "targets/testbed.h"
#include "targets/testbed_check.h"
#include "targets/textfsm/parse_command.h"

namespace understudy::app {
namespace {

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

enum class FileKind { Suite, Testbed, Dialect };

/// By the first key that tells: a suite's files need none of them.
FileKind kind_of(const std::string& path) {
  namespace fs = std::filesystem;
  if (fs::is_directory(path)) {
    return fs::exists(fs::path(path) / "dialect.yaml") ? FileKind::Dialect : FileKind::Suite;
  }
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("testbed:")) return FileKind::Testbed;
    if (line.starts_with("dialect:")) return FileKind::Dialect;
    if (line.starts_with("suite:") || line.starts_with("cases:")) return FileKind::Suite;
  }
  return FileKind::Suite;
}

/// The errors of one file or folder; empty if it is sound, with what to print then in `sound`.
/// A name stands for a suite, testbed or dialect where there is no such file.
std::string path_of(const std::string& name_or_path) {
  if (std::filesystem::exists(name_or_path)) return name_or_path;
  for (const auto data : {targets::Data::Suite, targets::Data::Testbed, targets::Data::Dialect}) {
    if (auto found = targets::find_data(data, name_or_path)) return *found;
  }
  return {};
}

std::vector<Error> errors_of(const std::string& name_or_path, std::string& sound) {
  const std::string path = path_of(name_or_path);
  if (path.empty()) {
    return {{name_or_path, "no such file, folder or name", "give a suite, a testbed or a dialect"}};
  }
  switch (kind_of(path)) {
    case FileKind::Testbed: {
      const auto testbed = targets::load_testbed_parts(path);
      if (!testbed) return {testbed.error()};
      auto troubles = targets::cannot_work(testbed->file);
      if (!troubles.empty()) return troubles;
      sound = path + ": sound, testbed " + testbed->file.name;
      return {};
    }
    case FileKind::Dialect: {
      const auto folder = std::filesystem::is_directory(path)
                              ? path
                              : std::filesystem::path(path).parent_path().string();
      auto dialect = targets::load_dialect_folder(folder);
      if (!dialect) return {dialect.error()};
      sound = path + ": sound, dialect " + (*dialect)->name;
      return {};
    }
    case FileKind::Suite: {
      std::vector<Error> all;
      auto suite = load_suite_from(path, &all);
      if (!suite) return all.empty() ? std::vector<Error>{suite.error()} : all;
      sound = check_text(*suite);
      for (const Error& remark : remarks_on(*suite)) sound += "\n  " + to_line(remark);
      return {};
    }
  }
  return {};
}

}  // namespace

int could_not_start(const Error& error) {
  std::fprintf(stderr, "%s\n", to_line(error).c_str());
  return 3;
}

int list_command(const ListOptions& options) {
  Json all = Json::array();
  for (const std::string& name : options.suites) {
    const auto suite = find_suite(name);
    if (!suite) return could_not_start(suite.error());
    NotRun not_run;
    if (!options.testbed.empty()) {
      auto testbed = targets::load_testbed(options.testbed, "", options.is_attended);
      if (!testbed) return could_not_start(testbed.error());
      auto missing = cases_not_run(*suite, (*testbed)->capabilities(), (*testbed)->name());
      if (!missing) return could_not_start(missing.error());
      not_run = std::move(*missing);
    }
    if (options.json) {
      all.push_back(list_json(*suite, not_run));
    } else {
      print(list_text(*suite, not_run));
    }
  }
  if (options.json) print((all.size() == 1 ? all[0] : all).dump(2) + "\n");
  return 0;
}

namespace {

/// Of plans that do not run here nobody knows how long they take.
std::string count_text(std::size_t plans, std::size_t not_run, Duration pauses) {
  std::string text = fmt::format("{} plan{}", plans, plans == 1 ? "" : "s");
  if (not_run > 0) text += fmt::format(", {} not run", not_run);
  if (not_run < plans) text += fmt::format("; pauses and spans add up to {}", to_text(pauses));
  return text + "\n";
}

/// What the plans wait for: how long they take where nothing else takes time. Empty where the
/// product has no reference implementation.
std::string waits_text(const std::vector<Plan>& plans, const targets::LoadedTestbed& testbed,
                       const std::string& profile) {
  const auto known = targets::simulated_profiles();
  if (std::find(known.begin(), known.end(), profile) == known.end()) return {};
  auto twin = targets::virtual_twin(testbed.file, profile);
  if (!twin) return fmt::format("waits: unknown, {}\n", to_line(twin.error()));
  const auto folder = scratch_folder();
  if (!folder) return fmt::format("waits: unknown, {}\n", to_line(folder.error()));
  Duration all{};
  Duration longest{};
  for (const Plan& plan : plans) {
    if (!plan.not_run.empty()) continue;
    auto target = (*twin)->open(*folder, plan.seed);
    if (!target) break;
    HistoryInMemory history;
    run(plan, **target, history, NeverCancelled());
    const Duration took = history.history.entries.back().at;
    all += took;
    longest = std::max(longest, took);
  }
  std::error_code ignored;
  std::filesystem::remove_all(*folder, ignored);
  if (all == Duration::zero()) return {};
  return fmt::format(
      "waits add up to {}, the longest plan waits {} (on the reference, virtual time)\n",
      to_text(all), to_text(longest));
}

}  // namespace

int plan_command(const PlanOptions& options) {
  const auto suite = find_suite(options.suite);
  if (!suite) return could_not_start(suite.error());
  const auto testbed = targets::load_testbed_parts(options.testbed, "", options.is_attended);
  if (!testbed) return could_not_start(testbed.error());
  const auto plans = plans_for(*suite, options.case_patterns, testbed->capabilities,
                               testbed->file.name, options.seed);
  if (!plans) return could_not_start(plans.error());
  if (options.dry && !options.json) print(dry_text_of_all(*testbed) + "\n");
  Json all = Json::array();
  Duration total{};
  std::size_t not_run = 0;
  for (const Plan& plan : *plans) {
    if (plan.not_run.empty())
      total += plan.longest_wait;
    else
      ++not_run;
    if (options.json) {
      all.push_back(to_json(plan));
    } else {
      print((options.dry ? dry_text(plan, *testbed) : plan_text(plan)) + "\n");
    }
  }
  if (options.json) {
    print(all.dump(2) + "\n");
  } else {
    if (options.dry) print(flash_text(*plans, *testbed));
    print(count_text(plans->size(), not_run, total));
    print(waits_text(*plans, *testbed, suite->name));
  }
  return 0;
}

int words_command(bool json, bool schema) {
  if (schema) {
    print(suite_schema());
  } else {
    print(json ? words_json().dump(2) + "\n" : words_page());
  }
  return 0;
}

int check_command(const std::vector<std::string>& paths, bool json) {
  Json all = Json::array();
  int status = 0;
  for (const std::string& path : paths) {
    std::string sound;
    const std::vector<Error> errors = errors_of(path, sound);
    if (!errors.empty()) status = 3;
    for (const Error& error : errors) {
      if (!json) std::fprintf(stderr, "%s\n", to_line(error).c_str());
      all.push_back({{"where", error.where}, {"what", error.what}, {"hint", error.hint}});
    }
    if (!json && errors.empty()) print(sound + "\n");
  }
  if (json) print(all.dump(2) + "\n");
  return status;
}

int parse_command(const ParseOptions& options) {
  return targets::textfsm::parse_command(options.template_path, options.input_path, options.json,
                                         stdout, stderr);
}

}  // namespace understudy::app

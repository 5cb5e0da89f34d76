// The commands of `understudy`, one function each: options in, exit status out (DESIGN section 8).
// They print; nothing below them does.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/error.h"

namespace understudy::app {

inline constexpr const char* version = "0.1.0";

struct RunOptions {
  std::vector<std::string> suites;
  std::string testbed;
  std::vector<std::string> case_patterns = {"*"};  ///< shell patterns over case names
  int jobs = 1;
  std::uint64_t seed = 1;
  std::string defect;        ///< of a simulated testbed, or of the file; empty: none
  std::string defects_file;  ///< defects as data, of which `defect` is one
  bool holds = false;        ///< after a failure the device is left as it is, and the run stops
  bool is_attended = false;  ///< somebody at the terminal does what only hands can do
  std::string out = "out";
  bool strict = false;
  bool sings = false;         ///< the canaries first
  std::string require_level;  ///< "MUST" or empty
  bool json = false;
};

struct QualifyCommandOptions {
  std::string suite;
  std::string testbed;  ///< empty: SUITE-simulated
  std::vector<std::string> case_patterns = {"*"};
  std::string defect_pattern = "*";
  std::string defects_file;  ///< defects as data, instead of the profile's own
  bool only_its_clauses = false;
  bool only_lists = false;  ///< the defects, and what is none, without a run
  int jobs = 2;
  std::string out = "out/qualify";
  bool json = false;
};

struct AuditCommandOptions {
  std::string suite;
  std::string testbed;  ///< empty: SUITE-simulated
  std::vector<std::string> case_patterns = {"audit-*"};
  std::string defect;
  std::string resolution = "10ms";
  std::string out;  ///< where the page goes; empty: none
  std::uint64_t seed = 1;
  bool json = false;
};

struct ListOptions {
  std::vector<std::string> suites;
  std::string testbed;
  bool is_attended = false;
  bool json = false;
};

struct PlanOptions {
  std::string suite;
  std::string testbed;
  std::vector<std::string> case_patterns = {"*"};
  std::uint64_t seed = 1;
  bool dry = false;
  bool is_attended = false;  ///< somebody would be at the terminal
  bool json = false;
};

struct FolderOptions {
  std::string folder;
  bool strict = false;
  bool json = false;
};

struct JudgeOptions {
  std::string folder;
  bool strict = false;
  bool json = false;
  bool rereads = false;  ///< the kept bytes of the consoles, by the dialect as it is now
  std::string dialect;   ///< by which; empty: the testbed's
  bool writes = false;   ///< reread.json beside what the run left
};

struct ParseOptions {
  std::string template_path;
  std::string input_path;
  bool json = false;
};

struct ProbeOptions {
  std::string testbed;
  std::string out = "out/probe";
  bool json = false;
};

struct RecordOptions {
  std::string testbed;
  std::string node;
  std::string out = "session";
};

int run_command(const RunOptions& options);
int qualify_command(const QualifyCommandOptions& options);
int audit_command(const AuditCommandOptions& options);
int list_command(const ListOptions& options);
int plan_command(const PlanOptions& options);
int words_command(bool json, bool schema);
int check_command(const std::vector<std::string>& paths, bool json);
int judge_command(const JudgeOptions& options);
int report_command(const FolderOptions& options);
int heal_command(const std::string& out, bool is_attended);
int probe_command(const ProbeOptions& options);
int record_command(const RecordOptions& options);
int new_command(const std::string& kind, const std::string& name);
int replay_command(const std::string& path);
int parse_command(const ParseOptions& options);

/// Prints the error as one line on standard error and returns 3, "could not start".
int could_not_start(const Error& error);

/// The shell pattern matches the whole name.
bool name_matches(const std::string& pattern, const std::string& name);

}  // namespace understudy::app

// A testbed as it stands in its file: which nodes there are and how each is reached, its links,
// power, timing, and what may be changed. load_testbed() makes a Testbed of it, from which each job
// opens a target of its own. Every error is one line with file:line, what and hint, and means
// exit 3.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/target.h"
#include "targets/bench.h"
#include "targets/console/session.h"
#include "targets/data_defects.h"
#include "targets/dialect.h"

namespace understudy::targets {

struct TestbedNode {
  std::string name;
  std::vector<std::string> command;  ///< console: {process: ...}; empty on a simulated testbed
  bool pty = true;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string power = "signal";
  Credentials login;
  std::string where;  ///< file:line
};

struct TestbedLink {
  std::string name;
  std::vector<std::size_t> ends;  ///< indexes of nodes
  std::string frames;             ///< path of the frames data; empty: every frame is `other`
};

struct TestbedFile {
  std::string name;
  std::string path;
  std::string dialect;
  std::string profile;  ///< simulated: {profile: ...}; empty: the nodes are processes
  std::string defect;   ///< simulated: {defect: ...}; empty: none
  std::vector<TestbedNode> nodes;
  std::vector<TestbedLink> links;
  std::vector<std::pair<std::string, Duration>> timing;
  std::vector<std::pair<std::string, std::int64_t>> numbers;
  std::vector<std::pair<std::string, std::vector<Value>>> scratch;
  std::vector<std::string> allow;
  std::vector<std::pair<std::string, std::vector<std::string>>> hands;
  bool has_placeholders = false;  ///< each job gets its own values
};

/// `path` is used in messages and to find the testbed's own files.
Result<TestbedFile> read_testbed(const std::string& text, const std::string& path);

/// Starts nothing yet. `folder` receives captures and states.
Result<std::unique_ptr<Bench>> make_bench(const TestbedFile& file, const std::string& folder,
                                          std::uint64_t seed);

/// A testbed whose benches have a defect that is data.
Result<std::unique_ptr<Testbed>> load_testbed_with(const std::string& name_or_path,
                                                   const DataDefect& defect);

/// By path, or by name along the search path. `defect`: a deliberate one, on simulated testbeds.
Result<std::unique_ptr<Testbed>> load_testbed(const std::string& name_or_path,
                                              const std::string& defect = {});

/// A testbed of processes on a virtual clock: the same nodes, links and timing, the reference
/// implementation of `profile` inside. What its plans take is what they wait for, nothing else.
Result<std::unique_ptr<Testbed>> virtual_twin(const TestbedFile& file, const std::string& profile);

/// The same with its parts, for `probe` and `plan --dry`.
struct LoadedTestbed {
  TestbedFile file;
  std::shared_ptr<const Dialect> dialect;
  Capabilities capabilities;
};
Result<LoadedTestbed> load_testbed_parts(const std::string& name_or_path,
                                         const std::string& defect = {});

}  // namespace understudy::targets

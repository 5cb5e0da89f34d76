// A bench of small nodes (process_node.cc) for the tests, with waits that poll a condition up to a
// deadline.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "targets/process.h"

namespace understudy::targets {

/// Polls until `holds`, at most ten seconds.
bool becomes_true(const std::function<bool()>& holds);

std::size_t open_descriptors(pid_t pid);

class ProcessBenchTest : public testing::Test {
 protected:
  ProcessBenchTest();
  ~ProcessBenchTest() override;

  /// Adds a node that runs process_node with these words.
  void add_node(const std::string& name, std::vector<std::string> words, bool pty = true);
  /// Nodes A and B, each a beacon of 10 ms on link "wire", whose frames are heartbeats.
  void add_beacons();
  void open();
  /// The beacons, each of which has heard the other three times.
  void open_beacons();
  Result<void> try_to_open();

  /// Pumps until the console of `node` has printed `text` since the last call; what it printed.
  std::string wait_for(std::size_t node, const std::string& text);
  /// Pumps until an event of that kind comes for the node.
  BenchEvent wait_for(std::size_t node, BenchEvent::Kind kind);
  BenchEvent wait_for_fact(const std::string& attribute);
  Receipt apply(const std::string& word, Json arguments);
  void pump(Duration time);
  /// The number behind "WORD " in what a console prints next.
  int number_after(std::size_t node, const std::string& word);

  std::filesystem::path folder_;
  ProcessBenchSettings settings_;
  std::unique_ptr<Bench> bench_;
  std::vector<std::string> printed_;
  std::vector<BenchEvent> events_;  ///< all that came, in order
};

}  // namespace understudy::targets

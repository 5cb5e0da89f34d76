// What the terminal shows while plans run: a line for each that ended, and on a terminal one line
// at the bottom with what runs and how far it is. Written to standard output; nothing else prints
// then.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/execute.h"

namespace understudy::app {

class Progress {
 public:
  Progress(const std::vector<Plan>& plans, bool is_quiet);
  ~Progress();

  void operator()(const ProgressEvent& event);

 private:
  void clear_status();
  void draw_status();

  const std::vector<Plan>& plans_;
  std::set<std::size_t> running_;
  std::size_t done_ = 0;
  bool has_told_jobs_ = false;
  bool is_quiet_;
  bool is_terminal_;
};

/// Standard output is a terminal that shows colours.
bool shows_colour();

}  // namespace understudy::app

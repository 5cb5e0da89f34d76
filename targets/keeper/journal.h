// What has to be undone if everything of a run dies: OUT/.understudy/journal-PID.jsonl, written by
// the keeper before each fault and each start, removed when the run is healed. Lines reach the
// kernel before the call returns, so they outlive any process; they need not outlive the machine,
// for neither do the processes and relays that they tell of.
#pragma once

#include <string>
#include <vector>

#include "harness/error.h"
#include "harness/target.h"
#include "targets/keeper/channel.h"
#include "targets/keeper/processes.h"

namespace understudy::targets {

/// The environment variable by which every process of a run is known.
inline constexpr const char* run_variable = "UNDERSTUDY_RUN";

class Journal {
 public:
  /// Begins with the identities of keeper and harness, the run's word and the folder of its
  /// sockets.
  static Result<Journal> create(const std::string& out, const std::string& run,
                                ProcessIdentity harness, const std::string& control);

  void started(const std::string& name, pid_t pid);
  /// What is about to be done, and what undoes it.
  void before(const std::string& act, const std::string& undo);
  /// An inline wire, which ends with the keeper; and that it goes on though the harness is gone.
  void wire(const std::string& name, const std::vector<std::string>& interfaces);
  void goes_on(const std::string& name);
  /// Everything is undone: the file goes.
  void close();

 private:
  Journal(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}
  void append(const Json& line);

  std::string path_;
  Descriptor file_;
};

/// Removes the folder of a run's sockets. Refuses any folder that is not of our making.
void remove_control_folder(const std::string& folder);

}  // namespace understudy::targets

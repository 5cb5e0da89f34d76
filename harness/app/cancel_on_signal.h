// Ctrl-C and SIGTERM as a Cancel: the first asks for healing, the second within a run ends at once.
// Used by every command that opens a testbed. One at a time; restores the old handlers on the way
// out.
#pragma once

#include <csignal>

#include "harness/target.h"

namespace understudy::app {

class CancelOnSignal : public Cancel {
 public:
  CancelOnSignal();
  ~CancelOnSignal() override;
  CancelOnSignal(const CancelOnSignal&) = delete;
  CancelOnSignal& operator=(const CancelOnSignal&) = delete;

  bool is_cancelled() const override;

 private:
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
  struct sigaction old_hang_up_ {};
};

}  // namespace understudy::app

// Runs one plan against one target and writes its history: the only impure part of the pipeline.
// Blocking, one thread. Takes no decision about pass or fail; `judge` does.
#pragma once

#include <string>

#include "harness/history.h"
#include "harness/plan.h"

namespace understudy {

struct RunSummary {
  enum class End {
    Complete,   ///< all steps ran
    Abandoned,  ///< `given` was not reached, an await did not come, or an act was unsupported
    Cancelled,
    BenchBroken
  };
  End end = End::Complete;
  std::string cause;
  Duration took{};  ///< target time
};

RunSummary run(const Plan& plan, Target& target, HistorySink& sink, const Cancel& cancel);

}  // namespace understudy

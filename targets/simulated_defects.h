// The deliberate defects that a simulated chassis can have, as texts: what `understudy qualify`
// runs a suite against. Which one a bench gets is SimulatedBenchSettings::defect.
#pragma once

#include <string>
#include <vector>

namespace understudy::targets {

struct SimulatedDefect {
  std::string id;
  std::string sentence;
  std::vector<std::string> clauses;  ///< of the profile's suite that it breaks
  std::string origin;
};
std::vector<SimulatedDefect> simulated_defects(const std::string& profile);

struct UnobservableDefect {
  std::string origin;
  std::string sentence;
  std::string reason;
};
std::vector<UnobservableDefect> unobservable_defects(const std::string& profile);

}  // namespace understudy::targets

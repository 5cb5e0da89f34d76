// Bytes typed at a module's console, by anyone: the command line answers and the chassis lives on.
// The byte FE lets time pass.
#include "reference-impl/cli/exos.h"
#include "reference-impl/simulation.h"

namespace understudy::reference {
namespace {

const Simulation& chassis_in_sync() {
  static const Simulation chassis = [] {
    SimulationSettings settings;
    settings.make_shell = [](Slot) { return make_exos_shell({.needs_login = false}); };
    Simulation simulation(settings);
    simulation.power_on(A);
    simulation.power_on(B);
    simulation.run_until(in_sync);
    return simulation;
  }();
  return chassis;
}

}  // namespace
}  // namespace understudy::reference

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace understudy::reference;
  using namespace std::chrono_literals;
  if (size > 4096) return -1;
  Simulation chassis = chassis_in_sync();
  std::string_view typed(reinterpret_cast<const char*>(data), size);
  while (!typed.empty()) {
    const std::size_t end = typed.find('\xfe');
    chassis.type(A, typed.substr(0, end));
    chassis.run_for(200ms);
    typed.remove_prefix(end == std::string_view::npos ? typed.size() : end + 1);
  }
  chassis.run_for(2s);
  return 0;
}

// simulation_bench EVENTS: random schedules of 60 simulated seconds, heartbeats of 10 ms, five cuts
// of the backplane up to a second long, two nodes, the whole reference and all invariants after
// every event, one after another until EVENTS have happened. Prints one line of key=value, as the
// floor of the performance anchors does.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "tests/scenarios/chassis_invariants.h"

namespace {

using namespace understudy::reference;
using namespace std::chrono_literals;

struct Result {
  std::uint64_t events = 0;
  std::uint64_t broken = 0;
  std::uint64_t hash = 0;
};

/// When the backplane is cut (true) and mended, by a generator of its own.
std::multimap<Duration, bool> cuts_of(std::uint64_t seed) {
  std::uint64_t state = 0x9E3779B97F4A7C15ull * seed;
  const auto draw = [&state] {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
  };
  std::multimap<Duration, bool> cuts;
  for (int cut = 0; cut < 5; ++cut) {
    const Duration at(draw() % 55'000'000'000ull);
    cuts.emplace(at, true);
    cuts.emplace(at + Duration(draw() % 1'000'000'000), false);
  }
  return cuts;
}

void live(Simulation& sim, Invariants& invariants, bool is_cut, Duration until, Result& result) {
  while (sim.run_event(until)) {
    if (!invariants.after_event(sim, !is_cut).empty()) ++result.broken;
  }
  sim.run_to(until);
}

Result run_schedule(std::uint64_t seed) {
  Simulation sim({.heartbeat_period = 10ms, .missed_limit = 3, .seed = seed});
  Invariants invariants(sim);
  Result result;
  sim.power_on(A);
  sim.power_on(B);
  bool is_cut = false;
  for (const auto& [at, cuts] : cuts_of(seed)) {
    live(sim, invariants, is_cut, at, result);
    is_cut = cuts;
    cuts ? sim.cut() : sim.mend();
  }
  live(sim, invariants, is_cut, 60s, result);
  result.events = sim.events();
  result.hash = sim.fingerprint();
  return result;
}

}  // namespace

int main(int count, char** arguments) {
  const std::uint64_t want = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 2'000'000;
  const auto begin = std::chrono::steady_clock::now();
  Result all;
  std::uint64_t schedules = 0;
  while (all.events < want) {
    const Result one = run_schedule(++schedules);
    all.events += one.events;
    all.broken += one.broken;
    all.hash ^= one.hash;
  }
  const double took =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf(
      "understudy nodes=2 events=%llu s=%.3f Mevents/s=%.3f schedules/s=%.1f speedup=%.0f "
      "broken=%llu hash=%d\n",
      static_cast<unsigned long long>(all.events), took,
      static_cast<double>(all.events) / took / 1e6, static_cast<double>(schedules) / took,
      static_cast<double>(schedules) * 60 / took, static_cast<unsigned long long>(all.broken),
      static_cast<int>(all.hash & 0x7fffffff));
  return all.broken == 0 ? 0 : 1;
}

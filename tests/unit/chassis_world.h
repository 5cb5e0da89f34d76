// What the tests of the chassis share: a pair of modules in a virtual world, brought to where a
// test begins, and short ways to look at it.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "reference-impl/chassis/query.h"
#include "reference-impl/simulation.h"

namespace understudy::reference {

using namespace std::chrono_literals;

/// Both modules powered at once and run until the lead claims that its second is in sync.
inline Simulation pair_in_sync(const SimulationSettings& settings = {}) {
  Simulation sim(settings);
  sim.power_on(A);
  sim.power_on(B);
  EXPECT_TRUE(sim.run_until(in_sync));
  return sim;
}

/// As pair_in_sync, but stopped while the first bulk records are on their way.
inline Simulation pair_in_bulk(const SimulationSettings& settings = {}) {
  Simulation sim(settings);
  sim.power_on(A);
  sim.power_on(B);
  EXPECT_TRUE(sim.run_until([](const Simulation& s) {
    return s.node(A).sending.bulk_is_open && s.node(A).sending.applications_done != 0;
  }));
  return sim;
}

inline std::string numbered(std::string_view name, int number) {
  return fmt::format("{}{}", name, number);
}

inline bool has_vlan(const Simulation& sim, Slot slot, std::string_view name) {
  return sim.node(slot).active.holds(fmt::format("vlan/{}", name));
}

inline std::string saved_text(const Simulation& sim, Slot slot,
                              std::string_view file = "primary.cfg") {
  const StoredFile* stored = sim.node(slot).flash.find(file);
  return stored ? *stored->content : std::string();
}

inline bool has_saved_vlan(const Simulation& sim, Slot slot, const std::string& name) {
  return saved_text(sim, slot).find(fmt::format("vlan/{}=\n", name)) != std::string::npos;
}

inline bool was_refused(const Simulation& sim, CommandId id, Refusal refusal) {
  const Reply* reply = sim.reply_to(id);
  return reply && reply->refusal == refusal;
}

inline bool was_done(const Simulation& sim, CommandId id) {
  const Reply* reply = sim.reply_to(id);
  return reply && !reply->refusal;
}

/// Orders a save on the lead and waits for its reply.
inline void save(Simulation& sim, Slot slot, const std::string& file = "") {
  const CommandId id = sim.order(slot, Save{file});
  EXPECT_TRUE(sim.run_until([id](const Simulation& s) { return s.reply_to(id) != nullptr; }));
}

inline bool log_has(const Simulation& sim, Slot slot, std::string_view text) {
  for (const LogEntry& entry : sim.diary(slot).log) {
    if (entry.text.find(text) != std::string::npos) return true;
  }
  return false;
}

/// The module as the other one lists it.
inline ModuleRow seen_by(const Simulation& sim, Slot observer, Slot slot) {
  return modules_of(sim.profile(), sim.node(observer))[slot];
}

inline auto both_run(NodeState a, NodeState b) {
  return [a, b](const Simulation& sim) { return sim.state(A) == a && sim.state(B) == b; };
}

}  // namespace understudy::reference

#include "targets/simulated.h"

#include <algorithm>
#include <map>

#include "reference-impl/cli/products.h"
#include "reference-impl/defects/defect.h"
#include "targets/simulated/simulated_bench.h"
#include "targets/simulated_defects.h"
#include "targets/simulated_snapshot.h"
#include "targets/simulated_witness.h"

namespace understudy::targets {
namespace {

namespace ref = understudy::reference;

class SimulatedSnapshot final : public WorldSnapshot {
 public:
  explicit SimulatedSnapshot(ref::Simulation world) : world_(std::move(world)) {}
  std::uint64_t fingerprint() const override { return world_.fingerprint(); }
  const ref::Simulation& world() const { return world_; }

 private:
  ref::Simulation world_;
};

std::map<std::string, ref::Duration*> places_in(ref::Timing& timing) {
  return {{"heartbeat", &timing.heartbeat_period},
          {"boot", &timing.boot},
          {"election", &timing.election},
          {"grace", &timing.grace},
          {"down", &timing.down},
          {"fail", &timing.fail},
          {"retransmit", &timing.retransmit},
          {"bulk", &timing.bulk_pace},
          {"save", &timing.save_limit},
          {"synchronize", &timing.synchronize_limit},
          {"process", &timing.process},
          {"module-boot", &timing.module_boot},
          {"finish-boot", &timing.finish_boot}};
}

ref::Timing timing_of(const SimulatedBenchSettings& settings) {
  ref::Timing timing;
  for (const auto& [name, number] : settings.numbers) {
    if (name == "limit") timing.missed_limit = static_cast<int>(number);
  }
  const auto places = places_in(timing);
  for (const auto& [name, duration] : settings.timing) {
    const auto place = places.find(name);
    if (place == places.end()) continue;
    *place->second = duration;
  }
  return timing;
}

Result<void> check(const SimulatedBenchSettings& settings) {
  const auto profiles = simulated_profiles();
  if (std::find(profiles.begin(), profiles.end(), settings.profile) == profiles.end()) {
    return fail(settings.testbed, "no profile `" + settings.profile + "` can be simulated",
                did_you_mean(settings.profile, profiles));
  }
  if (settings.nodes.size() != 2) {
    return fail(settings.testbed, "a simulated chassis has two nodes");
  }
  if (settings.links.size() > 1) {
    return fail(settings.testbed, "a simulated chassis has one link, its backplane");
  }
  if (!settings.defect.empty()) {
    const auto known = check_defect(settings.testbed, settings.profile, settings.defect);
    if (!known) return known;
  }
  const ref::Timing timing = timing_of(settings);
  if (timing.heartbeat_period <= ref::Duration::zero() || timing.missed_limit < 1 ||
      timing.boot <= ref::Duration::zero()) {
    return fail(settings.testbed, "heartbeat, limit and boot must be above zero");
  }
  return {};
}

const SimulatedBench* simulated(const Bench& bench) {
  return dynamic_cast<const SimulatedBench*>(&bench);
}

}  // namespace

std::vector<SimulatedDefect> simulated_defects(const std::string& profile) {
  std::vector<SimulatedDefect> defects;
  for (const ref::Defect& one : ref::defects_of(profile)) {
    defects.push_back({std::string(one.id),
                       std::string(one.sentence),
                       {one.clauses.begin(), one.clauses.end()},
                       std::string(one.origin)});
  }
  return defects;
}

std::vector<UnobservableDefect> unobservable_defects(const std::string& profile) {
  std::vector<UnobservableDefect> defects;
  for (const ref::Unobservable& one : ref::unobservable_of(profile)) {
    defects.push_back(
        {std::string(one.origin), std::string(one.sentence), std::string(one.reason)});
  }
  return defects;
}

Result<void> check_defect(const std::string& testbed, const std::string& profile,
                          const std::string& defect) {
  if (ref::find_defect(profile, defect)) return {};
  std::vector<std::string> known;
  for (const ref::Defect& one : ref::defects_of(profile)) known.emplace_back(one.id);
  return fail(testbed, "no defect `" + defect + "` of " + profile + " is known",
              did_you_mean(defect, known));
}

std::vector<std::string> simulated_timing_names() {
  ref::Timing timing;
  std::vector<std::string> names;
  for (const auto& [name, place] : places_in(timing)) names.push_back(name);
  return names;
}

std::vector<std::string> simulated_profiles() {
  return ref::product_names();
}

Result<std::unique_ptr<Bench>> make_simulated_bench(SimulatedBenchSettings settings) {
  if (const auto checked = check(settings); !checked) return tl::unexpected(checked.error());
  FrameWords frames;
  if (!settings.links.empty() && settings.links.front().frames)
    frames = *settings.links.front().frames;
  ref::SimulationSettings world;
  world.seed = settings.seed;
  const ref::Product& product =
      *ref::find_product(settings.profile);  // check() has seen that it is there
  auto profile = std::make_shared<ref::Profile>(product.make_profile(timing_of(settings)));
  if (const ref::Defect* defect = ref::find_defect(settings.profile, settings.defect)) {
    if (defect->replace) defect->replace(*profile);
    world.make_interposer = defect->interpose;
  }
  world.profile = std::move(profile);
  constexpr std::uint16_t kFirstPort = 20100;  // of a listener that named none
  for (std::size_t i = 0; i < settings.listeners.size(); ++i) {
    auto& port = settings.listeners[i].address.port;
    if (port == 0) port = static_cast<std::uint16_t>(kFirstPort + i);
  }
  const std::vector<SimulatedNode> nodes = settings.nodes;
  world.make_shell = [nodes, &product](ref::Slot slot) {
    ref::ShellOptions options;
    if (!nodes[slot].user.empty()) options.user = nodes[slot].user;
    options.password = nodes[slot].password;
    return product.make_shell(options);
  };
  return std::make_unique<SimulatedBench>(std::move(settings), std::move(world), std::move(frames));
}

Result<std::unique_ptr<WorldSnapshot>> take_snapshot(const Bench& bench) {
  const SimulatedBench* of = simulated(bench);
  if (!of || !of->is_started()) return fail("snapshot", "the bench is no running simulation");
  if (of->has_faults()) return fail("snapshot", "a link has faults", "restore it first");
  return std::make_unique<SimulatedSnapshot>(of->world());
}

Result<void> restore_snapshot(Bench& bench, const WorldSnapshot& snapshot) {
  auto* of = dynamic_cast<SimulatedBench*>(&bench);
  const auto* kept = dynamic_cast<const SimulatedSnapshot*>(&snapshot);
  if (!of || !kept) return fail("snapshot", "the bench is no simulation");
  of->restore(kept->world());
  return {};
}

Result<std::vector<ModuleWitness>> witness_of(const Bench& bench) {
  const SimulatedBench* of = simulated(bench);
  if (!of) return fail("witness", "the bench is no simulation");
  std::vector<ModuleWitness> modules;
  for (const auto& seen : of->world().witness().modules) {
    modules.push_back({seen.is_running, seen.state, seen.office, seen.sync_claim,
                       seen.has_complete_copy, seen.is_dirty, seen.boots, seen.active, seen.saved,
                       seen.runtime});
  }
  return modules;
}

}  // namespace understudy::targets

// A simulated chassis as a bench: the reference implementation in virtual time behind a wire that
// can be cut. Internal to targets/simulated.cc, which makes it. One thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference-impl/simulation.h"
#include "targets/simulated.h"
#include "targets/wire/wire.h"

namespace understudy::targets {

class SimulatedBench final : public Bench {
 public:
  SimulatedBench(SimulatedBenchSettings settings, reference::SimulationSettings world,
                 FrameWords frames)
      : settings_(std::move(settings)), frames_(std::move(frames)), world_(std::move(world)) {
    world_.watch();
  }

  Time now() const override { return world_.now(); }
  Result<void> start() override;
  void send(std::size_t node, std::string_view bytes) override;
  void pump(Time until, const Cancel& cancel, std::vector<BenchEvent>& events) override;
  Receipt apply(const Act& act) override;
  std::vector<std::string> acts() const override;
  std::vector<std::string> heal() override;
  std::map<std::string, std::string> values() const override;
  std::vector<std::string> artefacts() const override { return artefacts_; }

  const reference::Simulation& world() const { return world_; }
  bool has_faults() const { return has_faults_; }
  bool is_started() const { return is_started_; }
  void restore(const reference::Simulation& world) {
    world_ = world;
    connect();
  }

 private:
  struct Effect {
    FrameMark first;
    Time last{};
    std::uint64_t acted = 0;
    bool is_spent = false;
  };

  void connect();
  bool live_until(Time until);
  void collect();
  void collect_notes();
  void tell(const reference::Happening& happening);
  Receipt power(const Act& act);
  Receipt fault(const Act& act);
  Receipt lift(const Act& act);
  Receipt by_hand(const Act& act);
  void await_effect(const Fault& fault, std::uint64_t id, Receipt& receipt);
  Result<std::vector<reference::Slot>> slots_of(const Act& act) const;
  Result<void> check_link(const Act& act) const;
  void power_one(const std::string& word, reference::Slot slot);
  bool has_happened(const std::string& word, reference::Slot slot) const;
  Receipt broken(std::string words) const;
  Receipt done(std::string means, std::string words = {}) const;

  SimulatedBenchSettings settings_;
  FrameWords frames_;
  reference::Simulation world_;
  std::unique_ptr<Wire> wire_;
  std::vector<reference::LinkPolicy::Delivery>* sink_ = nullptr;
  std::vector<BenchEvent> pending_;
  std::map<std::uint64_t, Effect> effects_;
  std::optional<FrameMark> passage_;
  std::vector<std::string> artefacts_;
  bool has_faults_ = false;
  bool is_started_ = false;
};

/// An argument of an act as text; empty if it has none of that name.
std::string text_argument(const Act& act, const char* name);

}  // namespace understudy::targets

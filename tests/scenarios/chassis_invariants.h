// What must hold in every world of the clean reference, whatever is done to it: rules about one
// state, about a change between two, and about claims against the truth. Cheap enough to be asked
// after every event; used by the random schedules and by the benchmark.
#pragma once

#include <array>
#include <string_view>

#include "reference-impl/chassis/query.h"
#include "reference-impl/simulation.h"

namespace understudy::reference {

class Invariants {
 public:
  explicit Invariants(const Simulation& simulation)
      : resolve_(simulation.profile().timing.heartbeat_period * 3) {}

  /// Empty, or the rule that is broken. To be called after every event and every act.
  std::string_view after_event(const Simulation& sim, bool link_is_open) {
    if (const auto broken = two_masters(sim, link_is_open); !broken.empty()) return broken;
    for (const Slot slot : {A, B}) {
      if (const auto broken = transition(sim, slot); !broken.empty()) return broken;
      if (const auto broken = claim(sim, slot); !broken.empty()) return broken;
    }
    return {};
  }

 private:
  /// Never two masters that hear each other, longer than it takes them to notice.
  std::string_view two_masters(const Simulation& sim, bool link_is_open) {
    const bool both = sim.state(A) == NodeState::Master && sim.state(B) == NodeState::Master;
    if (!both || !link_is_open || !sim.is_running(A) || !sim.is_running(B)) {
      since_ = Duration::max();
      return {};
    }
    if (since_ == Duration::max()) since_ = sim.now();
    return sim.now() - since_ > resolve_ ? "two masters hear each other" : "";
  }

  /// Never master straight from INIT, DOWN or FAIL; never backup but from STANDBY.
  std::string_view transition(const Simulation& sim, Slot slot) {
    const NodeState was = states_[slot];
    const NodeState now = sim.state(slot);
    if (was == now) return {};
    states_[slot] = now;
    if (now == NodeState::Master && was != NodeState::Standby && was != NodeState::Backup) {
      return "master straight from another state than STANDBY or BACKUP";
    }
    if (now == NodeState::Backup && was != NodeState::Standby) {
      return "backup from another state than STANDBY";
    }
    return {};
  }

  /// A master that claims "in sync" is right, at the moment at which it begins to claim it.
  std::string_view claim(const Simulation& sim, Slot slot) {
    const Node& node = sim.node(slot);
    if (node.state != NodeState::Master || !node.sending.is_started) {
      claimed_[slot] = 0;
      return {};
    }
    const std::uint32_t level = node.sending.acknowledged;
    if (level == claimed_[slot] || !node.sending.queue.empty()) return {};
    claimed_[slot] = level;
    const Node& other = sim.node(static_cast<Slot>(1 - slot));
    if (!node.peer.is_heard || other.incarnation != node.sending.to ||
        other.state != NodeState::Backup) {
      return {};  // it has gone, and the master cannot know yet
    }
    if (!has_complete_copy(other)) return "in sync claimed before the copy is complete";
    if (other.active != node.active) return "in sync claimed with different configurations";
    if (other.tables != node.tables) return "in sync claimed with different run-time state";
    return {};
  }

  Duration resolve_;
  Duration since_ = Duration::max();
  std::array<NodeState, 2> states_{};
  std::array<std::uint32_t, 2> claimed_{};
};

}  // namespace understudy::reference

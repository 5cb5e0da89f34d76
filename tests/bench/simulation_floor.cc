// simulation_floor EVENTS: the least that a deterministic simulation can cost, for the row P12: a
// binary heap of events, a virtual call for each, two nodes that exchange heartbeats of 10 ms over
// a lossy link, their dead timers, one invariant and one step of a hash after every event. A
// schedule is 60 simulated seconds with five cuts of up to a second. Prints the keys of
// simulation_bench.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <queue>
#include <vector>

namespace {

using Nanoseconds = std::uint64_t;
constexpr Nanoseconds millisecond = 1'000'000;
constexpr Nanoseconds second = 1000 * millisecond;
constexpr Nanoseconds period = 10 * millisecond;

enum class Kind : std::uint32_t { Tick, Heartbeat, Dead, Cut, Mend };

struct Event {
  Nanoseconds at;
  std::uint64_t number;
  std::uint32_t node;
  Kind kind;
  std::uint64_t value;
};

struct Later {
  bool operator()(const Event& one, const Event& other) const {
    return one.at != other.at ? one.at > other.at : one.number > other.number;
  }
};

struct World;

struct Node {
  virtual ~Node() = default;
  virtual void on(World& world, const Event& event) = 0;
  bool is_master = false;
};

struct World {
  std::priority_queue<Event, std::vector<Event>, Later> queue;
  std::vector<std::unique_ptr<Node>> nodes;
  Nanoseconds now = 0;
  std::uint64_t random = 1;
  std::uint64_t number = 0;
  std::uint64_t events = 0;
  std::uint64_t two_masters = 0;
  std::uint64_t hash = 0xcbf29ce484222325ull;
  bool is_cut = false;

  std::uint64_t draw(std::uint64_t below) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    return random % below;
  }

  void add(Nanoseconds at, std::uint32_t node, Kind kind, std::uint64_t value = 0) {
    queue.push({at, number++, node, kind, value});
  }

  void run(Nanoseconds until) {
    while (!queue.empty() && queue.top().at <= until) {
      const Event event = queue.top();
      queue.pop();
      now = event.at;
      ++events;
      hash = (hash ^ (event.at + event.node + 31 * static_cast<std::uint64_t>(event.kind))) *
             0x100000001b3ull;
      if (event.kind == Kind::Cut || event.kind == Kind::Mend) {
        is_cut = event.kind == Kind::Cut;
        continue;
      }
      nodes[event.node]->on(*this, event);
      int masters = 0;
      for (const auto& node : nodes) masters += node->is_master ? 1 : 0;
      two_masters += masters > 1 ? 1 : 0;
    }
  }
};

class Peer : public Node {
 public:
  Peer(std::uint32_t self, std::uint64_t priority) : self_(self), priority_(priority) {}

  void on(World& world, const Event& event) override {
    if (event.kind == Kind::Tick) {
      world.add(world.now + period, self_, Kind::Tick);
      if (!world.is_cut && world.draw(100) != 0) {
        world.add(world.now + 50'000 + world.draw(100'000), 1 - self_, Kind::Heartbeat,
                  priority_ << 1 | (is_master ? 1 : 0));
      }
    } else if (event.kind == Kind::Heartbeat) {
      if ((event.value & 1) != 0 && event.value >> 1 > priority_) is_master = false;
      if (!is_master) {
        const Nanoseconds skew = period * (256 - priority_) / 256;
        world.add(world.now + 3 * period + skew, self_, Kind::Dead, ++armed_);
      }
    } else if (event.value == armed_) {
      is_master = true;
    }
  }

 private:
  std::uint32_t self_;
  std::uint64_t priority_;
  std::uint64_t armed_ = 0;
};

World make_world(std::uint64_t seed) {
  World world;
  world.random = 0x9E3779B97F4A7C15ull * seed;
  for (std::uint32_t node = 0; node < 2; ++node) {
    world.nodes.push_back(std::make_unique<Peer>(node, 200 - node * 50));
    world.add(world.draw(period), node, Kind::Tick);
  }
  for (int cut = 0; cut < 5; ++cut) {
    const Nanoseconds at = world.draw(55 * second);
    world.add(at, 0, Kind::Cut);
    world.add(at + world.draw(second), 0, Kind::Mend);
  }
  return world;
}

}  // namespace

int main(int count, char** arguments) {
  const std::uint64_t want = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 20'000'000;
  const auto begin = std::chrono::steady_clock::now();
  std::uint64_t events = 0;
  std::uint64_t schedules = 0;
  std::uint64_t two_masters = 0;
  std::uint64_t hash = 0;
  while (events < want) {
    World world = make_world(++schedules);
    world.run(60 * second);
    events += world.events;
    two_masters += world.two_masters;
    hash ^= world.hash;
  }
  const double took =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf(
      "floor nodes=2 events=%llu s=%.3f Mevents/s=%.3f schedules/s=%.1f speedup=%.0f "
      "two_masters=%llu hash=%d\n",
      static_cast<unsigned long long>(events), took, static_cast<double>(events) / took / 1e6,
      static_cast<double>(schedules) / took, static_cast<double>(schedules) * 60 / took,
      static_cast<unsigned long long>(two_masters), static_cast<int>(hash & 0x7fffffff));
  return 0;
}

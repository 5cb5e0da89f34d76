// The processes below a keeper: launchers with a node or a hand's command each. Keeps what state
// each is in, carries orders to launchers and collects their answers into receipts. Main thread of
// the keeper only.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/target.h"
#include "targets/keeper/channel.h"
#include "targets/keeper/journal.h"
#include "targets/keeper/outbox.h"
#include "targets/keeper/stall_watch.h"

namespace understudy::targets {

class Children {
 public:
  Children(std::vector<std::string> nodes, std::string folder, Time start, Outbox& outbox,
           Journal& journal);

  /// Orders of keeper.h.
  void power_on(const Json& order);
  void power_off(const Json& order);
  void hang(const Json& order);
  void resume(const Json& order);
  void run_hand(const Json& order);

  /// What the main loop polls, and what it does when one is readable.
  std::vector<int> descriptors() const;
  void serve(int fd);
  void time_passed(Time now);
  std::optional<Time> next_deadline() const;

  /// Reaps launchers and strays that were handed to the keeper.
  void reap();
  /// A stall for every thread that waited longer than `limit` for a processor, at once or in as
  /// many waits within twice that time, or that was held in the kernel for so long.
  void sample_run_delays(Duration limit, Time now);

  /// Ends everything, waiting until `limit` (monotonic); what could not be ended.
  std::vector<std::string> end_all(Time limit);

 private:
  enum class State { Off, Starting, Running, Stopped, Ending };
  struct Child {
    std::string name;
    State state = State::Off;
    pid_t launcher = 0;
    pid_t pid = 0;
    Descriptor channel;
    std::uint64_t order = 0;  ///< the one in flight; 0: none
    bool is_ordered_to_end = false;
    std::map<pid_t, ThreadWatch> threads;
  };
  struct Hand {
    Child child;
    Descriptor output;
    std::string text;
    Time deadline{};
    bool is_late = false;
  };
  struct Pending {
    std::size_t left = 0;
    bool ok = true;
    Time at{};
    std::string words;
  };

  Result<void> launch(Child& child, const Json& spec, const std::string& errors);
  void order_children(const Json& order, const std::string& word);
  bool carry(Child& child, std::uint64_t id, const std::string& word);
  void begin(std::uint64_t id, std::size_t children);
  void answer(std::uint64_t id, bool ok, Time at, const std::string& words);
  void answer_order(Child& child, bool ok, Time at, const std::string& words);
  void serve_node(std::size_t node);
  void hear_node(std::size_t node, Message& message);
  void node_ended(std::size_t node, Time at, const std::string& text);
  bool serve_hand(Hand& hand, int fd);
  void hand_ended(Hand& hand, int status, const std::string& text);
  void read_output(Hand& hand);
  void sample_child(Child& child, Duration limit, Time now);
  void tell_stall(const Child& child, const ThreadStall& stall, Time now);
  Time time_of(const Json& event) const {
    return Time(event.value("at", std::int64_t{0})) - start_;
  }

  std::vector<Child> nodes_;
  std::vector<Hand> hands_;
  std::map<std::uint64_t, Pending> pending_;
  std::string folder_;
  Time start_;
  Outbox& outbox_;
  Journal& journal_;
};

}  // namespace understudy::targets

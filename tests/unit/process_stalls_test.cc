// What the host did not do in time is told as a stall, and what a node did not do is none.
#include <gmock/gmock.h>
#include <sched.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <thread>

#include "targets/keeper/processes.h"
#include "tests/unit/process_fixture.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

class ProcessStalls : public ProcessBenchTest {};

TEST_F(ProcessStalls, ARelayThatDidNotRunIsAStall) {
  settings_.limit = 8;  // stalls from 40 ms on
  open_beacons();
  const pid_t keeper = descendants_of(getpid()).front();
  kill(keeper, SIGSTOP);
  EXPECT_TRUE(becomes_true([&] { return thread_states(keeper).find('S') == std::string::npos; }));
  const Time until = bench_->now() + 200ms;
  while (bench_->now() < until) pump(10ms);
  kill(keeper, SIGCONT);
  BenchEvent stall = wait_for(0, BenchEvent::Kind::Stall);
  const auto is_of_relay = [](const BenchEvent& one) {
    return one.text.starts_with("the timer of relay wire was late") && one.at - one.from >= 150ms;
  };
  while (!is_of_relay(stall) && !HasFailure()) stall = wait_for(0, BenchEvent::Kind::Stall);
  EXPECT_GE(stall.at - stall.from, Time(150ms));
}

TEST_F(ProcessStalls, ANodeThatCouldRunAndWasNotRunIsAStall) {
  add_node("A", {"starved"});
  add_node("B", {"hog"});
  settings_.heartbeat = 10ms;
  open();
  const auto is_of_node = [](const BenchEvent& stall) {
    return stall.text.starts_with("A could run and was not run for ");
  };
  BenchEvent stall = wait_for(0, BenchEvent::Kind::Stall);
  while (!is_of_node(stall) && !HasFailure()) stall = wait_for(0, BenchEvent::Kind::Stall);
  EXPECT_GT(stall.at - stall.from, Time(15ms));
}

TEST_F(ProcessStalls, ANodeThatWaitsInTheKernelIsAStall) {
  add_node("A", {"held"});
  settings_.heartbeat = 10ms;
  open();
  const auto is_held = [](const BenchEvent& one) {
    return one.text.starts_with("A was held in the kernel, as by a disk, for ");
  };
  BenchEvent stall = wait_for(0, BenchEvent::Kind::Stall);
  while (!is_held(stall) && !HasFailure()) stall = wait_for(0, BenchEvent::Kind::Stall);
  EXPECT_GT(stall.at - stall.from, Time(15ms));
}

TEST_F(ProcessStalls, AHungNodeIsNoStall) {
  settings_.limit = 100;
  open_beacons();
  apply("hang", {{"node", "A"}});
  const Time until = bench_->now() + 300ms;
  while (bench_->now() < until) pump(10ms);
  apply("resume", {{"node", "A"}});
  wait_for(1, "heard");
  EXPECT_EQ(
      std::count_if(events_.begin(), events_.end(),
                    [](const BenchEvent& event) { return event.kind == BenchEvent::Kind::Stall; }),
      0);
}

/// Of the lowest class on the processor of a hog: whoever spins there is not run any more. For a
/// thread that ends, since only root may leave that class.
void spin_beside_a_hog(Time until, const Bench& bench) {
  cpu_set_t allowed;
  sched_getaffinity(0, sizeof allowed, &allowed);
  int first = 0;
  while (!CPU_ISSET(first, &allowed)) ++first;
  CPU_ZERO(&allowed);
  CPU_SET(first, &allowed);
  const sched_param none{};
  sched_setaffinity(0, sizeof allowed, &allowed);
  sched_setscheduler(0, SCHED_IDLE, &none);
  std::ofstream("/proc/self/autogroup") << 19;
  while (bench.now() < until) {
  }
  std::ofstream("/proc/self/autogroup") << 0;
}

TEST_F(ProcessStalls, AHarnessThatCouldRunAndWasNotRunIsAStall) {
  add_node("A", {"hog"});
  add_node("B", {"hog"});
  settings_.heartbeat = 10ms;
  open();
  std::thread([this] {
    pump(30ms);
    spin_beside_a_hog(bench_->now() + 300ms, *bench_);
    pump(30ms);
  }).join();
  const auto is_of_harness = [](const BenchEvent& stall) {
    return stall.text.starts_with("the harness could run and was not run for ");
  };
  const auto stall = std::ranges::find_if(events_, is_of_harness);
  ASSERT_NE(stall, events_.end());
  EXPECT_GT(stall->at - stall->from, Time(15ms));
}

}  // namespace
}  // namespace understudy::targets

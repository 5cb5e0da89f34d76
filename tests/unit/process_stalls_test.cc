// What the host did not do in time is told as a stall, and what a node did not do is none.
#include <gmock/gmock.h>
#include <sched.h>

#include <csignal>
#include <fstream>

#include "targets/keeper/processes.h"
#include "tests/unit/process_fixture.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

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
  while (stall.at - stall.from < 150ms) stall = wait_for(0, BenchEvent::Kind::Stall);
  EXPECT_THAT(stall.text, HasSubstr("the timer of relay wire was late"));
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
  const BenchEvent stall = wait_for(0, BenchEvent::Kind::Stall);
  EXPECT_THAT(stall.text, HasSubstr("A was held in the kernel, as by a disk, for "));
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

/// Of the lowest class on the processor of a hog: whoever spins there is not run any more.
void spin_beside_a_hog(Time until, const Bench& bench) {
  cpu_set_t allowed;
  sched_getaffinity(0, sizeof allowed, &allowed);
  int first = 0;
  while (!CPU_ISSET(first, &allowed)) ++first;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  const sched_param none{};
  sched_setaffinity(0, sizeof one, &one);
  sched_setscheduler(0, SCHED_IDLE, &none);
  std::ofstream("/proc/self/autogroup") << 19;
  while (bench.now() < until) {
  }
  sched_setscheduler(0, SCHED_OTHER, &none);
  std::ofstream("/proc/self/autogroup") << 0;
  sched_setaffinity(0, sizeof allowed, &allowed);
}

TEST_F(ProcessStalls, AHarnessThatCouldRunAndWasNotRunIsAStall) {
  add_node("A", {"hog"});
  add_node("B", {"hog"});
  settings_.heartbeat = 10ms;
  open();
  pump(30ms);
  spin_beside_a_hog(bench_->now() + 300ms, *bench_);
  const auto is_of_harness = [](const BenchEvent& stall) {
    return stall.text.starts_with("the harness could run and was not run for ");
  };
  BenchEvent stall = wait_for(0, BenchEvent::Kind::Stall);
  while (!is_of_harness(stall) && !HasFailure()) stall = wait_for(0, BenchEvent::Kind::Stall);
  EXPECT_GT(stall.at - stall.from, Time(15ms));
}

}  // namespace
}  // namespace understudy::targets

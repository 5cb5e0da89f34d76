// What counts as a stall of a thread: one long wait, short ones that come together, one that goes
// on.
#include <gtest/gtest.h>

#include "targets/keeper/stall_watch.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr Duration limit = 100ms;

/// Samples each 50 ms from 1 s on, the thread waiting so long before each; the stalls.
std::vector<ThreadStall> stalls_of(const std::vector<Duration>& waits) {
  Duration waited = 7s;
  Time now = 1s;
  WaitSum sum(waited, now);
  std::vector<ThreadStall> stalls;
  for (const Duration wait : waits) {
    waited += wait;
    now += 50ms;
    if (const auto stall = sum.sample(waited, limit, now)) stalls.push_back(*stall);
  }
  return stalls;
}

TEST(WaitSum, OneLongWaitIsAStallFromItsBeginningAtTheLatest) {
  const auto stalls = stalls_of({0ms, 150ms});
  ASSERT_EQ(stalls.size(), 1u);
  EXPECT_EQ(stalls[0].waited, Duration(150ms));
  EXPECT_EQ(stalls[0].from, Time(900ms));
  EXPECT_FALSE(stalls[0].is_held);
}

TEST(WaitSum, ShortWaitsThatComeTogetherAddUpToOne) {
  const auto stalls = stalls_of({40ms, 40ms, 40ms});
  ASSERT_EQ(stalls.size(), 1u);
  EXPECT_EQ(stalls[0].waited, Duration(120ms));
  EXPECT_EQ(stalls[0].from, Time(980ms));
}

TEST(WaitSum, ShortWaitsFarApartAreNone) {
  EXPECT_TRUE(stalls_of(std::vector<Duration>(40, Duration(15ms))).empty());
}

TEST(WaitSum, IsToldOnce) {
  EXPECT_EQ(stalls_of({150ms, 0ms, 0ms, 0ms, 0ms, 0ms}).size(), 1u);
}

TEST(WaitSum, SamplesFarApartShowNoStallInWaitsOfLessThanAThird) {
  WaitSum sum(0s, 0s);
  EXPECT_FALSE(sum.sample(200ms, limit, 1s));
  EXPECT_TRUE(sum.sample(600ms, limit, 2s));
}

TEST(ThreadWatch, AThreadThatMayRunAndHasNotRunIsAStallThatGoesOn) {
  ThreadWatch watch({10ms, 0ms, 'R'}, 1s);
  EXPECT_FALSE(watch.sample({10ms, 0ms, 'R'}, limit, 1050ms).going_on);
  const auto stall = watch.sample({10ms, 0ms, 'R'}, limit, 1150ms).going_on;
  ASSERT_TRUE(stall);
  EXPECT_EQ(stall->waited, Duration(150ms));
  EXPECT_FALSE(stall->is_held);
}

TEST(ThreadWatch, AThreadInTheKernelIsHeld) {
  ThreadWatch watch({10ms, 0ms, 'D'}, 1s);
  const auto stall = watch.sample({10ms, 0ms, 'D'}, limit, 1150ms).going_on;
  ASSERT_TRUE(stall);
  EXPECT_TRUE(stall->is_held);
}

TEST(ThreadWatch, AThreadThatRunsOrSleepsOrIsStoppedIsNone) {
  ThreadWatch runs({10ms, 0ms, 'R'}, 1s);
  EXPECT_FALSE(runs.sample({20ms, 0ms, 'R'}, limit, 1150ms).going_on);
  for (const char state : {'S', 'T'}) {
    ThreadWatch watch({10ms, 0ms, state}, 1s);
    EXPECT_FALSE(watch.sample({10ms, 0ms, state}, limit, 1150ms).going_on) << state;
  }
  ThreadWatch wakes({10ms, 0ms, 'S'}, 1s);
  EXPECT_FALSE(wakes.sample({10ms, 0ms, 'R'}, limit, 1150ms).going_on);
}

}  // namespace
}  // namespace understudy::targets

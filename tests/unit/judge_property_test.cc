// Random truths, randomly asked: whatever the instants of the questions, the judge never fails a
// switch that complied, and never passes one that did not. Each round has a seed that a failure
// prints.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "judge_story.h"

namespace understudy::testing {
namespace {

constexpr int rounds = 1000;

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  /// From `least` to `most`, both included.
  int throw_between(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(engine_);
  }
  bool throw_coin() { return throw_between(0, 1) == 1; }

 private:
  std::mt19937 engine_;
};

/// A value that changes at instants.
using Truth = std::vector<std::pair<int, std::string>>;

std::string value_at(const Truth& truth, int instant) {
  std::string value = truth.front().second;
  for (const auto& [since, next] : truth) {
    if (instant >= since) value = next;
  }
  return value;
}

struct Asking {
  int most_apart = 30;
  int longest_answer = 10;
};

/// Answers from `from` to `until`: asked at random, true at a random instant before they are heard.
std::vector<std::pair<int, std::string>> answers(Dice& dice, const std::string& name,
                                                 const Truth& truth, int from, int until,
                                                 const Asking& asking) {
  std::vector<std::pair<int, std::string>> told;
  for (int asked = from + dice.throw_between(0, asking.most_apart); asked <= until;) {
    const int heard = asked + dice.throw_between(0, asking.longest_answer);
    const int instant = dice.throw_between(asked, heard);
    told.emplace_back(heard,
                      fmt::format("{}={}@{}-{}", name, value_at(truth, instant), asked, heard));
    asked = heard + dice.throw_between(0, asking.most_apart);
  }
  return told;
}

std::string in_order(std::vector<std::pair<int, std::string>> told) {
  std::stable_sort(told.begin(), told.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string story;
  for (const auto& [heard, token] : told) story += token + " ";
  return story;
}

struct Round {
  int ordered = 0;
  int done = 0;
  int effect = 0;
  int bound = 0;
};

Round round_of(Dice& dice) {
  Round round;
  round.ordered = 1000;
  round.done = round.ordered + dice.throw_between(0, 20);
  round.effect = dice.throw_between(round.ordered, round.done);
  round.bound = dice.throw_between(50, 300);
  return round;
}

Verdict::Outcome outcome_of(const Plan& plan, const Round& round, const std::string& story) {
  const std::string begin =
      fmt::format("[0 act:reboot:chassis@{}-{} ]0:held [1 ", round.ordered, round.done);
  return judge(plan, history_of(plan, begin + story + " ]1:held close:complete"))[0].outcome;
}

TEST(Property, WithinIsJustToASwitchThatBecomesItOnce) {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    SCOPED_TRACE(seed);
    Dice dice(seed);
    const Round round = round_of(dice);
    const int came = round.effect + dice.throw_between(1, 2 * round.bound);
    const Truth truth = {{0, "BACKUP"}, {came, "MASTER"}};
    const auto told = answers(dice, "B.state", truth, round.ordered, round.done + 3 * round.bound,
                              {dice.throw_between(1, 200), dice.throw_between(0, 60)});
    const Plan plan =
        plan_of({doing("reboot", "chassis"), within("backup.state=MASTER", round.bound)});
    const auto outcome = outcome_of(plan, round, in_order(told));
    const bool complied = came <= round.effect + round.bound;
    EXPECT_NE(outcome, complied ? Verdict::Outcome::Fail : Verdict::Outcome::Pass);
  }
}

TEST(Property, WithinSeesWhatIsClearlyEarlyOrClearlyLateIfAskedOften) {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    SCOPED_TRACE(seed);
    Dice dice(seed);
    const Round round = round_of(dice);
    const bool is_late = dice.throw_coin();
    const int came = is_late ? round.done + round.bound + 40 : round.ordered + round.bound - 40;
    const Truth truth = {{0, "BACKUP"}, {came, "MASTER"}};
    const auto told = answers(dice, "B.state", truth, round.ordered, round.done + 2 * round.bound,
                              {.most_apart = 10, .longest_answer = 9});
    const Plan plan =
        plan_of({doing("reboot", "chassis"), within("backup.state=MASTER", round.bound)});
    EXPECT_EQ(outcome_of(plan, round, in_order(told)),
              is_late ? Verdict::Outcome::Fail : Verdict::Outcome::Pass);
  }
}

TEST(Property, WithinIsJustToTwoNodesTogether) {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    SCOPED_TRACE(seed);
    Dice dice(seed);
    const Round round = round_of(dice);
    const int first = round.effect + dice.throw_between(1, 2 * round.bound);
    const int second = round.effect + dice.throw_between(1, 2 * round.bound);
    const bool is_any = dice.throw_coin();
    const Asking asking{dice.throw_between(1, 100), dice.throw_between(0, 40)};
    const int until = round.done + 3 * round.bound;
    auto told = answers(dice, "A.state", {{0, "X"}, {first, "UP"}}, round.ordered, until, asking);
    const auto others =
        answers(dice, "B.state", {{0, "X"}, {second, "UP"}}, round.ordered, until, asking);
    told.insert(told.end(), others.begin(), others.end());
    const Plan plan = plan_of({doing("reboot", "chassis"),
                               within(is_any ? "any.state=UP" : "each.state=UP", round.bound)});
    const int came = is_any ? std::min(first, second) : std::max(first, second);
    const bool complied = came <= round.effect + round.bound;
    EXPECT_NE(outcome_of(plan, round, in_order(told)),
              complied ? Verdict::Outcome::Fail : Verdict::Outcome::Pass);
  }
}

TEST(Property, ForNeverFailsWhatStayedAndSeesALongLapse) {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    SCOPED_TRACE(seed);
    Dice dice(seed);
    const Round round = round_of(dice);
    const int lapse = dice.throw_between(900, 1500);
    const Truth truth = {{0, "BACKUP"}, {lapse, "MASTER"}, {lapse + 40, "BACKUP"}};
    const bool complied = lapse + 40 <= round.effect || lapse > round.effect + round.bound;
    const bool is_clear = lapse >= round.done && lapse + 40 <= round.ordered + round.bound;
    const auto told = answers(dice, "B.state", truth, round.ordered, round.done + round.bound,
                              {.most_apart = 10, .longest_answer = 9});
    const Plan plan =
        plan_of({doing("reboot", "chassis"), lasting("backup.state=BACKUP", round.bound)});
    const auto outcome = outcome_of(plan, round, in_order(told));
    if (complied) {
      EXPECT_NE(outcome, Verdict::Outcome::Fail);
    }
    if (is_clear) {
      EXPECT_EQ(outcome, Verdict::Outcome::Fail);
    }
  }
}

/// The office goes from one node to the other and back; nobody holds it for less than `dwell`.
std::pair<Truth, Truth> handovers(Dice& dice, int dwell, int overlap) {
  Truth a = {{0, "MASTER"}};
  Truth b = {{0, "BACKUP"}};
  bool is_a = true;
  for (int instant = 300; instant < 3000; instant += dwell + dice.throw_between(0, 200)) {
    Truth& heir = is_a ? b : a;
    Truth& former = is_a ? a : b;
    heir.emplace_back(instant, "MASTER");
    former.emplace_back(instant + overlap, "BACKUP");
    is_a = !is_a;
  }
  return {a, b};
}

Verdict::Outcome of_masters(Dice& dice, const std::pair<Truth, Truth>& truths,
                            const Asking& asking) {
  Invariant invariant;
  invariant.kind = Invariant::Kind::AtMostOne;
  invariant.condition = condition_of("any.state=MASTER");
  const Plan plan = plan_of({}, {invariant});
  auto told = answers(dice, "A.state", truths.first, 0, 3000, asking);
  const auto others = answers(dice, "B.state", truths.second, 0, 3000, asking);
  told.insert(told.end(), others.begin(), others.end());
  return judge(plan, history_of(plan, in_order(told) + " close:complete"))[0].outcome;
}

TEST(Property, AtMostOneNeverFailsAnOfficeThatIsHandedOver) {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    SCOPED_TRACE(seed);
    Dice dice(seed);
    const auto truths = handovers(dice, 60, 0);
    EXPECT_EQ(of_masters(dice, truths, {.most_apart = 25, .longest_answer = 10}),
              Verdict::Outcome::Pass);
  }
}

TEST(Property, AtMostOneSeesTwoThatHoldTheOfficeForLong) {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    SCOPED_TRACE(seed);
    Dice dice(seed);
    const auto truths = handovers(dice, 400, 150);
    EXPECT_EQ(of_masters(dice, truths, {.most_apart = 25, .longest_answer = 10}),
              Verdict::Outcome::Fail);
  }
}

}  // namespace
}  // namespace understudy::testing

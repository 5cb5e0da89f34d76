// Clauses whose editions contradict each other: one has to fit, and the verdict says which.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/editions.h"
#include "judge_story.h"

namespace understudy::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Edition 1.0 says Failed and Booting, edition 2.0 Offline, and of the second state nothing.
PlannedStep failed_or_offline() {
  PlannedStep step = now("backup.state=Failed");
  step.by_edition = {condition_of("backup.state=Failed"), condition_of("backup.state=Offline")};
  step.step.condition.terms.front().matcher = {Matcher::Kind::OneOf, {"Failed", "Offline"}};
  return step;
}

PlannedStep booting_or_anything() {
  PlannedStep step = now("backup.state=Booting");
  step.by_edition = {condition_of("backup.state=Booting"), condition_of("backup.state=Booting")};
  step.by_edition[1].terms.front().matcher = {Matcher::Kind::Known, {}};
  return step;
}

Plan plan_by_edition(std::vector<PlannedStep> steps) {
  Plan plan = plan_of(std::move(steps));
  plan.clauses.front().outcomes = {{"1.0", {"Guide", "3"}, {{"", {"Failed"}}}},
                                   {"2.0", {"Guide 2", "16"}, {{"", {"Offline"}}}}};
  return plan;
}

std::vector<Verdict> judged(const Plan& plan, const std::string& story) {
  return judge(plan, history_of(plan, story));
}

Verdict one_state(const std::string& state) {
  const Plan plan = plan_by_edition({doing("insert", "backup"), failed_or_offline()});
  return judged(plan, "[0 act:insert:B@10-10 ]0:held [1 B.state=" + state +
                          "@20-21 ]1:held close:complete")
      .front();
}

TEST(Editions, OneThatFitsPassesAndIsNamed) {
  EXPECT_EQ(in_short(one_state("Failed")), "PASS");
  EXPECT_EQ(to_text(one_state("Failed").editions),
            "1.0, page 3 is followed, 2.0, page 16 is not followed");
  EXPECT_EQ(in_short(one_state("Offline")), "PASS");
  EXPECT_EQ(to_text(editions_of(std::vector{one_state("Offline")}).front()),
            "follows 2.0, page 16");
}

TEST(Editions, NoneThatFitsFails) {
  EXPECT_EQ(in_short(one_state("Standby")), "FAIL");
  EXPECT_EQ(one_state("Standby").actual, "Standby");
  EXPECT_EQ(to_text(editions_of(std::vector{one_state("Standby")}).front()),
            "follows no one edition");
}

TEST(Editions, WithoutAnAnswerNothingIsDecided) {
  const Plan plan = plan_by_edition({failed_or_offline()});
  const auto verdicts = judged(plan, "[0 ]0:held close:complete");
  EXPECT_EQ(in_short(verdicts.front()), "INCONCLUSIVE not reached");
  EXPECT_EQ(to_text(editions_of(verdicts).front()),
            "not decided between 1.0, page 3 and 2.0, page 16");
  EXPECT_THAT(editions_followed(editions_of(verdicts)), IsEmpty());
}

TEST(Editions, OfWhatAnEditionIsSilentEverythingFitsAndNothingIsFollowed) {
  const Plan plan = plan_by_edition({booting_or_anything()});
  const auto verdicts = judged(plan, "[0 B.state=Standby@20-21 ]0:held close:complete");
  EXPECT_EQ(in_short(verdicts.front()), "PASS");
  EXPECT_EQ(to_text(editions_of(verdicts).front()), "does not follow 1.0, page 3");
}

TEST(Editions, ExpectsThatFitDifferentEditionsFitNone) {
  const Plan plan = plan_by_edition({booting_or_anything(), failed_or_offline()});
  const auto verdicts = judged(plan,
                               "[0 B.state=Standby@20-21 ]0:held [1 B.state=Failed@30-31 ]1:held "
                               "close:complete");
  EXPECT_EQ(in_short(verdicts[0]), "PASS");
  EXPECT_EQ(in_short(verdicts[1]), "FAIL");
  EXPECT_EQ(verdicts[1].actual, "Failed; with what was seen before, no one edition is followed");
}

TEST(Editions, ThatTwoClausesFollowDifferentOnesIsSaid) {
  Verdict one = one_state("Failed");
  Verdict other = one_state("Offline");
  other.clause.id = "another-clause";
  EXPECT_THAT(editions_followed(editions_of(std::vector{one, other})),
              ElementsAre("follows 1.0 in 1 clause, not in 1: another-clause",
                          "follows 2.0 in 1 clause, not in 1: the-clause",
                          "no one edition: the-clause follows 1.0, page 3, another-clause follows "
                          "2.0, page 16"));
}

TEST(Editions, WhatOneCaseRefutedAnotherDoesNotShow) {
  EXPECT_EQ(to_text(editions_of(std::vector{one_state("Failed"), one_state("Offline")}).front()),
            "follows no one edition");
}

}  // namespace
}  // namespace understudy::testing

// Since when a claim of synchronisation is true, by the facts of one run. A is the master.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/rules/claims.h"
#include "judge_story.h"

namespace understudy::testing {
namespace {

using rules::Claim;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<Claim> claims(const std::string& story) {
  const Plan plan = plan_of({doing("lose", "master"), now("backup.state=MASTER")});
  return rules::claims_of(plan, history_of(plan, story));
}

std::vector<std::string> told(const std::string& story) {
  std::vector<std::string> lines;
  for (const Claim& claim : claims(story)) {
    lines.push_back(rules::to_text(claim) + ": " + rules::bounds_text(claim));
  }
  return lines;
}

TEST(Claims, OfWhichNothingIsKnownAreNotCalledTrue) {
  EXPECT_THAT(told("A>B.sync=InSync@10-12 A>B.sync=InSync@20-22 close:complete"),
              ElementsAre("A claimed InSync of B between 0.010s and 0.012s: nothing proves it, "
                          "neither true nor false"));
}

TEST(Claims, AreTrueFromWhereBothConsolesSayTheSame) {
  EXPECT_THAT(
      told("A.config.active=x@10 A>B.sync=InSync@12 B.config.active=x@15-17 close:complete"),
      ElementsAre("A claimed InSync of B at 0.012s: proven true from 0.017s"));
}

TEST(Claims, AreFalseUntilTheOtherConsoleWasAsked) {
  EXPECT_THAT(
      told("A.config.active=x@10 A>B.sync=InSync@12 B.config.active=y@15-17 close:complete"),
      ElementsAre("A claimed InSync of B at 0.012s: proven false until 0.015s"));
}

TEST(Claims, AreFalseWhileTheNodeItselfSaysOtherwise) {
  EXPECT_THAT(told("A>B.sync=InSync@12 B.sync=NotInSync@15 A>B.sync=InSync@20 B.sync=InSync@25 "
                   "close:complete"),
              ::testing::Contains("A claimed InSync of B at 0.012s: proven false until 0.015s"));
}

TEST(Claims, AreNotHeldAgainstWhatTheNodeLosesLater) {
  EXPECT_THAT(told("B.sync=InSync@10 A>B.sync=InSync@12 B.sync=NotInSync@15 A>B.sync=InSync@20 "
                   "close:complete"),
              ::testing::Contains("A claimed InSync of B at 0.012s: nothing proves it, neither "
                                  "true nor false"));
  EXPECT_THAT(told("A>B.sync=InSync@12 B.sync=NotInSync@15 A>B.sync=NotInSync@20 close:complete"),
              ::testing::Contains("A claimed InSync of B at 0.012s: nothing proves it, neither "
                                  "true nor false"));
}

TEST(Claims, HaveTwoBoundsWhereTheyBecameTrue) {
  const auto found = claims(
      "A.config.active=x@10 A>B.sync=InSync@12 B.config.active=y@15-17 B.config.active=x@20-22 "
      "close:complete");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].false_until, milliseconds(15));
  EXPECT_EQ(found[0].true_from, milliseconds(22));
  EXPECT_TRUE(found[0].is_contradicted());
}

TEST(Claims, MadeAfterTheLastFalseInstantAreNotContradicted) {
  const auto found = claims(
      "A.config.active=x@10 B.config.active=y@15-17 A>B.sync=InSync@19 B.config.active=x@20-22 "
      "close:complete");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_FALSE(found[0].is_contradicted());
}

TEST(Claims, AreTrueIfTheSubjectHasEverythingAfterTheFailover) {
  EXPECT_THAT(told("A.config.active=x@10 B.sync=InSync@12 act:lose:A@20-21 B.config.active=x@40 "
                   "close:complete"),
              ElementsAre("B claimed InSync of B at 0.012s: proven true from 0.021s"));
}

TEST(Claims, AreTrueByWhatTheLostNodeSaidInItsLastInstant) {
  EXPECT_THAT(told("B.sync=InSync@12 A.config.active=x@20 act:lose:A@20-21 B.config.active=x@40 "
                   "close:complete"),
              ElementsAre("B claimed InSync of B at 0.012s: proven true from 0.021s"));
}

TEST(Claims, AreFalseIfTheSubjectLacksSomethingAfterTheFailover) {
  const auto found = claims(
      "A.config.active=x@10 A>B.sync=InSync@12 act:lose:A@20-21 B.config.active=y@40 "
      "close:complete");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].false_until, milliseconds(20));
  ASSERT_THAT(found[0].proofs, SizeIs(1));
  EXPECT_EQ(found[0].proofs[0].how,
            "after lose A, B has not the config.active that A had at 0.010s");
  EXPECT_TRUE(found[0].is_contradicted());
}

TEST(Claims, AreFalseIfOneOfTwoThingsIsLackingAfterTheFailover) {
  EXPECT_THAT(told("A.config.active=x@10 A.fdb.entries=m@10 B.sync=InSync@12 act:lose:A@20-21 "
                   "B.config.active=x@40 B.fdb.entries=n@40 close:complete"),
              ElementsAre("B claimed InSync of B at 0.012s: proven false until 0.020s"));
}

TEST(Claims, OfANodeThatWeTookAwayAreFalseWhereTheyAreMadeForTooLong) {
  constexpr const char* nothing =
      "A claimed InSync of B between 0.010s and 0.012s: nothing proves it, neither true nor false";
  EXPECT_THAT(
      told("act:lose:B@5-6 A>B.sync=InSync@10-12 A>B.sync=InSync@200-202 close:complete"),
      ElementsAre("A claimed InSync of B between 0.010s and 0.012s: proven false until 0.202s"));
  EXPECT_THAT(told("act:lose:B@5-6 A>B.sync=InSync@10-12 A>B.sync=InSync@90-92 close:complete"),
              ElementsAre(nothing));  // nodes need so long to find out
  EXPECT_THAT(told("act:hang:B@5-6 A>B.sync=InSync@10-12 A>B.sync=InSync@200-202 close:complete"),
              ElementsAre(nothing));
  EXPECT_THAT(told("act:lose:B@5-6 act:power-on:B@7-8 A>B.sync=InSync@10-12 "
                   "A>B.sync=InSync@200-202 close:complete"),
              ElementsAre(nothing));
}

TEST(Claims, BeginAgainAfterAnActOfOurs) {
  EXPECT_THAT(told("A>B.sync=InSync@12 act:configure:A@20-21 A>B.sync=InSync@30 close:complete"),
              SizeIs(2));
}

TEST(Claims, AreNotHeldAgainstWhatWasChangedSince) {
  EXPECT_THAT(told("A.config.active=x@10 act:configure:A@20-21 A>B.sync=InSync@30 "
                   "B.config.active=y@35 close:complete"),
              ElementsAre("A claimed InSync of B at 0.030s: nothing proves it, neither true nor "
                          "false"));
}

TEST(Claims, AreNotHeldAgainstAConsoleThatSaysSomethingElseSoonAfter) {
  EXPECT_THAT(told("A.config.active=x@10 A>B.sync=InSync@12 B.config.active=y@15 "
                   "A.config.active=y@18 close:complete"),
              ElementsAre("A claimed InSync of B at 0.012s: nothing proves it, neither true nor "
                          "false"));
}

TEST(Claims, KnowWhatTheMasterHadAlthoughTheOtherNodeWasSwitchedOnSince) {
  EXPECT_THAT(told("A.config.active=x@10 act:power-on:B@11 A>B.sync=InSync@12 act:lose:A@20-21 "
                   "B.config.active=x@40 close:complete"),
              ElementsAre("A claimed InSync of B at 0.012s: proven true from 0.021s"));
}

TEST(Claims, ProveNothingByANodeThatRestartedSince) {
  EXPECT_THAT(told("A.boots=0@5 A.config.active=x@10 A.boots=1@11 A>B.sync=InSync@12 "
                   "B.config.active=y@15 close:complete"),
              ElementsAre("A claimed InSync of B at 0.012s: nothing proves it, neither true nor "
                          "false"));
}

TEST(Claims, ThatWereNeverMadeAreNotThere) {
  EXPECT_THAT(claims("A>B.sync=NotInSync@12 B.config.active=y@15 close:complete"), IsEmpty());
}

}  // namespace
}  // namespace understudy::testing

// Audits of a scripted switch: the bounds by runs, and what a run's own facts say against them.
#include "harness/explore/audit.h"

#include <gmock/gmock.h>

#include "judge_story.h"
#include "scripted_target.h"

namespace understudy::testing {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

/// A was changed before. B says InSync at once, has the change at 600 ms, and is master when A is
/// lost at 300 ms or later.
class ScriptedTestbed : public Testbed {
 public:
  const std::string& name() const override { return name_; }
  const Capabilities& capabilities() const override { return some_.capabilities(); }
  bool is_exclusive() const override { return false; }
  bool is_virtual() const override { return true; }
  Result<std::unique_ptr<Target>> open(const std::string&, std::uint64_t) override {
    auto target = std::make_unique<ScriptedTarget>();
    target->script("A", "config.active", 0, "new");
    target->script("B", "config.active", 0, "old");
    target->script("B", "config.active", 600, "new");
    target->script("B", "sync", 0, "InSync");
    target->script("B", "state", 0, "FAIL");
    target->script("B", "state", 300, "MASTER");
    return target;
  }

 private:
  std::string name_ = "scripted";
  ScriptedTarget some_;
};

Invariant never(const std::string& condition) {
  Invariant invariant;
  invariant.kind = Invariant::Kind::Never;
  invariant.condition = condition_of(condition);
  invariant.checks = "the-clause";
  return invariant;
}

TEST(Audit, TellsItsBoundsApartFromWhatAnotherConsoleSaysAgainstTheClaim) {
  const Plan plan =
      plan_of({doing("configure", "A"), pausing(1000), doing("lose", "A"), now("B.state=MASTER")},
              {never("any.config.active=none"), never("any.sync=none")});
  ScriptedTestbed testbed;
  const NotCancelled cancel;
  const auto found = explore::audit(plan, testbed, {.resolution = 10ms, .folder = "."}, cancel);
  ASSERT_TRUE(found);
  ASSERT_TRUE(found->false_until);
  EXPECT_LT(*found->false_until, 300ms);
  ASSERT_TRUE(found->true_from);
  EXPECT_EQ(*found->true_from, *found->false_until + 10ms);
  ASSERT_EQ(found->claims.size(), 1U);
  const explore::ClaimHeard& claim = found->claims.front();
  ASSERT_TRUE(claim.contradicted_at);
  EXPECT_GT(*claim.contradicted_at, 500ms);
  EXPECT_LT(*claim.contradicted_at, 600ms);
  EXPECT_TRUE(found->has_lie());
  const std::string text = to_text(*found);
  EXPECT_THAT(text, HasSubstr("the two bounds are 10ms apart"));
  EXPECT_THAT(text, HasSubstr("the audit at 0.282s proves it false (the-clause)"));
  EXPECT_THAT(text, HasSubstr("it was false; in the time of the run, config.active of B"));
}

}  // namespace
}  // namespace understudy::testing

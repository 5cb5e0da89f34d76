// What a testbed lacks is named before anything runs.
#include <gtest/gtest.h>

#include "tests/unit/plan_text.h"

namespace understudy {
namespace {

struct Lack {
  const char* name;
  const char* steps;
  void (*take_away)(Capabilities&);
  const char* missing;
};

void PrintTo(const Lack& lack, std::ostream* out) {
  *out << lack.name;
}

class TestbedLacks : public testing::TestWithParam<Lack> {};

TEST_P(TestbedLacks, AWordAndThePlanSaysWhich) {
  Capabilities capabilities = able_testbed();
  EXPECT_EQ(plan_of_steps(GetParam().steps, capabilities).not_run, "");

  GetParam().take_away(capabilities);

  EXPECT_EQ(plan_of_steps(GetParam().steps, capabilities).not_run, GetParam().missing);
}

INSTANTIATE_TEST_SUITE_P(
    Every, TestbedLacks,
    testing::Values(
        Lack{"Act", "      - do: {switchover: master}\n",
             [](Capabilities& c) { std::erase(c.acts, "switchover"); }, "act switchover"},
        Lack{"Means", "      - do: {reboot: master}\n",
             [](Capabilities& c) {
               c.impossible = {{"reboot", "nobody is there"}};
             },
             "act reboot: nobody is there"},
        Lack{"MeansForOne", "      - do: {reboot: master}\n",
             [](Capabilities& c) {
               c.impossible = {{"reboot", "one outlet", false}};
             },
             "act reboot: one outlet"},
        Lack{"Hazard", "      - do: {save: master}\n",
             [](Capabilities& c) { std::erase(c.allow, "wears-flash"); }, "allow wears-flash"},
        Lack{"Part", "      - do: {break: {node: master, part: processor}}\n",
             [](Capabilities& c) { c.scratch.emplace_back("parts", std::vector<Value>{"fan"}); },
             "scratch parts: processor"},
        Lack{"Attribute", "      - await: {backup.sync: InSync}\n",
             [](Capabilities& c) { std::erase(c.attributes, "sync"); }, "attribute sync"},
        Lack{"FastPolls",
             "      - expect: {backup.sync: InSync}\n        for: 5s - 4 * poll\n        checks: "
             "backup-takes-over\n",
             [](Capabilities& c) {
               for (auto& [name, value] : c.timing)
                 if (name == "poll") value = std::chrono::seconds(2);
             },
             "timing for which `5s - 4 * poll` is not below zero"},
        Lack{"RememberedAttribute", "      - remember: {one: backup.fdb}\n",
             [](Capabilities& c) { std::erase(c.attributes, "fdb"); }, "attribute fdb"},
        Lack{"Observer", "      - await: {backplane sees master.role: MASTER}\n",
             [](Capabilities& c) { c.links.clear(); }, "link backplane"},
        Lack{"Listener", "      - await: {traps sees backup.traps: 1}\n",
             [](Capabilities& c) { std::erase(c.observers, "traps"); }, "listener traps"},
        Lack{"WordOfAListener", "      - await: {traps sees backup.failover.cause: admin}\n",
             [](Capabilities& c) { std::erase(c.attributes, "traps.failover.cause"); },
             "attribute failover.cause seen by traps"},
        Lack{"FrameType", "      - do: {cut: {link: backplane, type: heartbeat}}\n",
             [](Capabilities& c) { c.frame_types.clear(); }, "frames heartbeat"},
        Lack{"Link", "      - do: {cut: {link: backplane}}\n",
             [](Capabilities& c) { c.links = {"front"}; }, "link backplane"},
        Lack{"SecondNode", "      - pause: 1s\n", [](Capabilities& c) { c.nodes = {"MSM-A"}; },
             "2 nodes"},
        Lack{"State", "      - pause: 1s\n",
             [](Capabilities& c) { std::erase(c.attributes, "state"); }, "attribute state"},
        Lack{"Scratch", "      - do: {configure: {node: master, add: {vlans: $scratch.vlans}}}\n",
             [](Capabilities& c) { c.scratch.clear(); }, "scratch vlans"},
        Lack{"ThirdScratchValue",
             "      - do: {configure: {node: master, add: {vlans: $scratch.vlans.3}}}\n",
             [](Capabilities& c) {
               c.scratch = {{"vlans", {"1", "2"}}};
             },
             "scratch vlans"},
        Lack{"Timing", "      - pause: 2 * poll\n", [](Capabilities& c) { c.timing.pop_back(); },
             "timing poll"},
        Lack{"TimingOfALimit", "      - pause: $limits.takeover\n",
             [](Capabilities& c) { c.numbers.clear(); }, "limit takeover, or timing limit"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(UnknownLimit, MakesTheCaseNotRunWhereItWaitsForIt) {
  using namespace std::chrono_literals;
  const std::string steps = "      - pause: $limits.unknown\n";
  Capabilities lab = able_testbed();

  EXPECT_EQ(plan_of_steps(steps, lab).not_run, "limit unknown");
  lab.timing.emplace_back("unknown", 4s);
  EXPECT_EQ(plan_of_steps(steps, lab).not_run, "");
  EXPECT_EQ(plan_of_steps(steps, lab).steps.at(0).bound, 4s);
}

TEST(ImpossibleActs, OfOneNodeLeaveTheWholeChassis) {
  Capabilities lab = able_testbed();
  lab.impossible = {{"lose", "one outlet", false}};
  EXPECT_EQ(plan_of_steps("      - do: {lose: chassis}\n", lab).not_run, "");
  EXPECT_EQ(plan_of_steps("      - do: {lose: [master, backup]}\n", lab).not_run, "");
  EXPECT_EQ(plan_of_steps("      - do: {lose: backup}\n", lab).not_run, "act lose: one outlet");
}

TEST(AttributesOfTheHarness, AreAlwaysThere) {
  Capabilities capabilities = able_testbed();
  for (const char* word : {"boots", "asked", "answered"}) std::erase(capabilities.attributes, word);

  EXPECT_EQ(
      plan_of_steps("      - await: {master.boots: 1, master.asked: x, master.answered: done}\n",
                    capabilities)
          .not_run,
      "");
}

TEST(AttributesOfLinks, AreReadOnlyWhereTheTestbedsFramesTellThem) {
  Capabilities capabilities = able_testbed();
  const std::string steps = "      - await: {backplane sees master.state: DOWN}\n";

  EXPECT_EQ(plan_of_steps(steps, capabilities).not_run, "");
  std::erase(capabilities.attributes, "backplane.state");
  EXPECT_EQ(plan_of_steps(steps, capabilities).not_run, "attribute state seen by backplane");
}

struct Slip {
  const char* steps;
  const char* what;
  const char* hint;
};

TEST(Values, ThatTheDialectCanNeverTellAreRefusedWithTheNearestThatItCan) {
  Capabilities capabilities = able_testbed();
  capabilities.vocabularies = {{"state", {"MASTER", "BACKUP", "FAIL"}}};
  constexpr Slip slips[] = {
      {"      - await: {backup.state: MASTERX}\n", "state is never `MASTERX`", "MASTER"},
      {"      - await: {any.state: [BACKUP, FIAL]}\n", "state is never `FIAL`", "FAIL"},
      {"      - await: {each.state: {not: Q}}\n", "state is never `Q`", "MASTER, BACKUP, FAIL"}};
  for (const Slip& slip : slips) {
    const Suite suite = suite_of(suite_with_steps(slip.steps));
    const auto plans = make_plans(suite, suite.cases.at(0), capabilities, "lab-7", 1);
    ASSERT_FALSE(plans) << slip.steps;
    EXPECT_TRUE(plans.error().where.starts_with("s.yaml:")) << plans.error().where;
    EXPECT_EQ(plans.error().what, slip.what);
    EXPECT_NE(plans.error().hint.find(slip.hint), std::string::npos) << plans.error().hint;
  }
}

TEST(Values, OfNamesThatAreFoundOutLaterOrOfOpenAttributesAreTaken) {
  Capabilities capabilities = able_testbed();
  capabilities.vocabularies = {{"state", {"MASTER", "BACKUP"}}};
  EXPECT_EQ(plan_of_steps("      - remember: {then: master.state}\n"
                          "      - await: {backup.state: $then, backup.config.active: anything}\n",
                          capabilities)
                .not_run,
            "");
}

TEST(Invariants, ThatTheTestbedCannotReadAreLeftOutOfThePlan) {
  Capabilities capabilities = able_testbed();
  const Suite suite =
      suite_of("always: [{never: {any.mode: boot-loader}, checks: backup-takes-over}]\n---\n" +
               suite_with_steps("      - pause: 1s\n"));

  EXPECT_EQ(plans_of(suite, capabilities).at(0).always.size(), 2u);
  std::erase(capabilities.attributes, "mode");
  EXPECT_EQ(plans_of(suite, capabilities).at(0).always.size(), 1u);
}

}  // namespace
}  // namespace understudy

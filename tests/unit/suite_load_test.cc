// What load_suite makes of sound files: the page of house style, every word's example, folders.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "harness/listing.h"
#include "harness/words.h"
#include "tests/unit/suite_text.h"

namespace understudy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// The three cases of the house style, word for word.
constexpr const char* style_cases = R"yaml(cases:
  insync-claim-is-true:
    title: What the switch called InSync survives losing the master at that moment
    vary: {delay: [0ms, 10ms, 1s]}
    given: {master: MASTER, backup: BACKUP}
    steps:
      - do: {configure: {node: master, add: {vlans: $scratch.vlans}}}
      - await: {backup.sync: InSync}                      # never claimed: nothing to audit
        within: $limits.synchronise
      - remember: {claimed: master.config.active}
      - pause: $delay
      - do: {lose: master}                                # by which means, the testbed says
      - await: {backup.state: MASTER}
        within: $limits.takeover
      - expect: {backup.config.active: $claimed}
        checks: active-config-survives-failover

  reboot-asks-about-unsaved-changes:
    title: Reboot with unsaved changes asks, and the whole chassis comes back as it was answered
    vary: {answer: [save, discard], kept: [$new, $old]}
    given: {master: MASTER}
    steps:
      - remember: {old: master.config.saved}
      - do: {configure: {node: master, add: {vlans: $scratch.vlans}}}
      - remember: {new: master.config.active}
      - do: {reboot: chassis, answer: $answer}
        expect: {master.asked: save-changes}
        checks: reboot-asks-before-losing-changes
      - await: {each.boots: 1}                            # counted from the act
        within: $limits.boot
      - await: {any.state: MASTER}
        within: $limits.boot
      - expect: {any.config.active: $kept}
        checks: reboot-does-what-it-was-answered

  reboot-can-be-cancelled:
    title: Enter at the reboot question cancels it
    given: {master: MASTER}
    steps:
      - do: {configure: {node: master, add: {vlans: $scratch.vlans}}}
      - do: {reboot: chassis, answer: cancel}
      - expect: {each.boots: 0, master.state: MASTER}
        for: $limits.boot
        checks: reboot-can-be-cancelled
)yaml";

constexpr const char* style_head = R"yaml(suite: style
product: ExampleOS
edition: "1.0"
limits: {takeover: heartbeat * limit, boot: 6m, synchronise: 1m}
clauses:
  active-config-survives-failover: {level: INFO, source: INFERRED, statement: S}
  reboot-asks-before-losing-changes: {level: INFO, source: INFERRED, statement: S}
  reboot-does-what-it-was-answered: {level: INFO, source: INFERRED, statement: S}
  reboot-can-be-cancelled: {level: INFO, source: INFERRED, statement: S}
)yaml";

std::vector<std::string> problems_of(const std::string& text) {
  std::vector<Error> all;
  (void)load_suite(text, "s.yaml", &all);
  std::vector<std::string> lines;
  for (const Error& error : all) lines.push_back(to_line(error));
  return lines;
}

Suite loaded(const std::string& text) {
  const auto suite = load_suite(text, "s.yaml");
  EXPECT_TRUE(suite) << (suite ? "" : to_line(suite.error()));
  return suite.value_or(Suite{});
}

TEST(LoadSuite, TakesTheCasesOfTheHouseStyleWordForWord) {
  const Suite suite = loaded(std::string(style_head) + style_cases);

  ASSERT_EQ(suite.cases.size(), 3u);
  EXPECT_EQ(suite.cases[0].steps.size(), 7u);
  EXPECT_EQ(suite.cases[1].steps.size(), 8u);
  EXPECT_EQ(suite.cases[2].steps.size(), 3u);
}

TEST(LoadSuite, MakesTwoStepsOfADoWithAnExpect) {
  const Suite suite = loaded(std::string(style_head) + style_cases);

  const auto& steps = suite.cases.at(1).steps;
  EXPECT_EQ(steps[3].kind, Step::Kind::Do);
  EXPECT_EQ(steps[3].acts,
            (std::vector<Act>{{"reboot", {{"node", "chassis"}, {"answer", "$answer"}}}}));
  EXPECT_EQ(steps[4].kind, Step::Kind::Expect);
  EXPECT_EQ(steps[4].checks, "reboot-asks-before-losing-changes");
  EXPECT_EQ(steps[3].where, steps[4].where);
}

TEST(LoadSuite, KeepsTheVariedKeysOfOneMapTogether) {
  const Suite suite = loaded(std::string(style_head) + style_cases);

  EXPECT_EQ(suite.cases.at(1).vary,
            (Vary{{{"answer", {"save", "discard"}}, {"kept", {"$new", "$old"}}}}));
}

TEST(LoadSuite, ReadsTermsWithObserversQuantifiersAndMatchers) {
  const Suite suite = loaded(suite_with_steps(
      "      - await: {backplane sees master.role: MASTER, each.boots: {at least: 1}, "
      "\"backup sees master.state\": [FAIL, DOWN], no.mode: {known: }}\n"));

  EXPECT_EQ(
      suite.cases.at(0).steps.at(0).condition,
      (Condition{
          {{Quantifier::The, "master", "backplane", "role", {Matcher::Kind::Equals, {"MASTER"}}},
           {Quantifier::Each, "", "", "boots", {Matcher::Kind::AtLeast, {"1"}}},
           {Quantifier::The, "master", "backup", "state", {Matcher::Kind::OneOf, {"FAIL", "DOWN"}}},
           {Quantifier::No, "", "", "mode", {Matcher::Kind::Known, {}}}}}));
}

TEST(LoadSuite, ReadsTheBriefFormAndTheBracedFormOfAnActAlike) {
  const Suite suite =
      loaded(suite_with_steps("      - do: {switchover: master, force: true}\n"
                              "      - do: {switchover: {node: master, force: \"true\"}}\n"));

  EXPECT_EQ(suite.cases.at(0).steps.at(0).acts, suite.cases.at(0).steps.at(1).acts);
}

TEST(LoadSuite, ReadsAListOfActsAsAtOnce) {
  const Suite suite =
      loaded(suite_with_steps("      - do: [{lose: master}, {cut: {link: backplane}}]\n"));

  ASSERT_EQ(suite.cases.at(0).steps.size(), 1u);
  EXPECT_EQ(suite.cases[0].steps[0].acts.size(), 2u);
}

TEST(LoadSuite, WritesDocumentsOutInCitations) {
  const Suite suite = loaded(suite_head);

  EXPECT_EQ(suite.clauses.at(0).citation, (Citation{"ExampleOS 1.0 Guide", "7"}));
  EXPECT_EQ(suite.clauses[0].product, "ExampleOS");
  EXPECT_EQ(suite.clauses[0].editions, std::vector<std::string>{"1.0"});
}

TEST(LoadSuite, LetsClausesAndCasesStandInAnyOrder) {
  const Suite suite = loaded(std::string(style_cases) + "---\n" + style_head);

  EXPECT_EQ(suite.cases.size(), 3u);
}

TEST(LoadSuite, TakesAnAttributeThatOnlyADialectKnows) {
  EXPECT_THAT(problems_of(suite_with_steps("      - await: {master.package.web.node: alpha}\n")),
              ElementsAre());
}

TEST(LoadSuite, TakesAnAttributeThatLooksMisspeltOnceItIsDeclared) {
  EXPECT_THAT(problems_of("attributes: [states]\n---\n" +
                          suite_with_steps("      - await: {master.states: x}\n")),
              ElementsAre());
}

TEST(LoadSuite, TakesARoleThatIsVariedInANodesPlace) {
  EXPECT_THAT(problems_of(std::string(suite_head) +
                          "cases:\n  a:\n    title: T\n    given: {one: A, two: B}\n"
                          "    vary: {x: [$one, two], y: [$two, one]}\n"
                          "    steps: [{do: {lose: $x}}, {await: {$y.state: A}, within: 1s}]\n"),
              ElementsAre());
}

TEST(LoadSuite, FindsEveryMistakeOfAFileAndReportsTheFirst) {
  const std::string text = suite_with_steps(
      "      - do: {loose: master}\n"
      "      - await: {backup.sycn: InSync}\n"
      "      - expect: {backup.state: MASTER}\n");

  EXPECT_EQ(problems_of(text).size(), 3u);
  const auto suite = load_suite(text, "s.yaml");
  ASSERT_FALSE(suite);
  EXPECT_EQ(to_line(suite.error()),
            "s.yaml:14: the act `loose` is not known (did you mean `lose`?; and 2 more)");
}

TEST(LoadSuite, NamesWhatIsMissingFromAnEmptyFile) {
  EXPECT_THAT(problems_of(""),
              ElementsAre("s.yaml: the suite needs the key `suite` (a suite is a folder with "
                          "clauses.yaml and case files)"));
}

class Folder : public testing::Test {
 protected:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() override { std::filesystem::remove_all(path_); }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(path_ / name) << text;
  }

  std::filesystem::path path_;
};

TEST_F(Folder, IsReadWithItsClausesFirstAndItsCaseFilesByName) {
  write("b.yaml", "cases: {second: {title: T, steps: [{do: {lose: chassis}}]}}\n");
  write("a.yaml", "cases: {first: {title: T, steps: [{do: {lose: chassis}}]}}\n");
  write("clauses.yaml", suite_head);
  write("notes.txt", "not: [YAML");

  const auto suite = load_suite_from(path_.string());

  ASSERT_TRUE(suite) << to_line(suite.error());
  ASSERT_EQ(suite->cases.size(), 2u);
  EXPECT_EQ(suite->cases[0].name, "first");
  EXPECT_EQ(suite->cases[1].name, "second");
  EXPECT_EQ(suite->cases[0].where, (path_ / "a.yaml").string() + ":1");
}

TEST_F(Folder, WithoutAYamlFileIsNoSuite) {
  const auto suite = load_suite_from(path_.string());

  ASSERT_FALSE(suite);
  EXPECT_THAT(to_line(suite.error()), HasSubstr("no suite: the folder has no .yaml file"));
}

TEST_F(Folder, ThatDoesNotExistIsNamed) {
  const auto suite = load_suite_from((path_ / "nowhere").string());

  ASSERT_FALSE(suite);
  EXPECT_EQ(to_line(suite.error()),
            (path_ / "nowhere").string() +
                ": cannot be read: No such file or directory (is the name right?)");
}

TEST(ShippedSuite, IsSound) {
  std::vector<Error> all;
  const auto suite = load_suite_from(UNDERSTUDY_SOURCE_DIR "/suites/exos-11.3", &all);

  for (const Error& error : all) ADD_FAILURE() << to_line(error);
  ASSERT_TRUE(suite);
  EXPECT_THAT(remarks_on(*suite), ElementsAre());
}

}  // namespace
}  // namespace understudy

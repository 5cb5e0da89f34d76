// The device on the simulated chassis, end to end: nothing but the testbed's name is given.
#include <gmock/gmock.h>

#include "fresh_folder.h"
#include "targets/probe.h"
#include "targets/testbed.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Term the(const std::string& subject, const std::string& attribute, const std::string& value,
         const std::string& observer = "") {
  return {Quantifier::The, subject, observer, attribute, {Matcher::Kind::Equals, {value}}};
}

class Simulated : public ::testing::Test {
 protected:
  void open(std::uint64_t seed = 1) {
    auto testbed = load_testbed("exos-11.3-simulated");
    ASSERT_TRUE(testbed) << to_line(testbed.error());
    testbed_ = std::move(*testbed);
    auto target = testbed_->open(folder_.path().string(), seed);
    ASSERT_TRUE(target) << to_line(target.error());
    target_ = std::move(*target);
  }

  void open_in_sync(std::uint64_t seed = 1) {
    open(seed);
    ASSERT_TRUE(reaches({the("MSM-A", "state", "MASTER"), the("MSM-B", "sync", "InSync")}, 60s));
  }

  bool reaches(std::vector<Term> terms, Duration within) {
    auto progress = target_->run_until({std::move(terms)}, {}, target_->now() + within, never_);
    for (const auto& one : progress.incidents) incidents_.push_back(one.words);
    seen_.insert(seen_.end(), progress.observations.begin(), progress.observations.end());
    return progress.holds;
  }

  Value ask(const std::string& node, const std::string& attribute) {
    const Term term{Quantifier::The, node, "", attribute, {Matcher::Kind::Known, {}}};
    Value value = "no answer";
    for (const auto& one : target_->ask({{term}}, 5s, never_).observations)
      if (one.observer == node && one.subject == node && one.attribute == attribute)
        value = one.value;
    return value;
  }

  Receipt act(const std::string& word, const Json& arguments) {
    return target_->act({{word, arguments}}, never_).front();
  }

  Receipt add_vlan() {
    return act("configure", {{"node", "MSM-A"}, {"add", {{"vlans", Json::array({"3900"})}}}});
  }

  const testing::FreshFolder folder_;
  NeverCancelled never_;
  std::unique_ptr<Testbed> testbed_;
  std::unique_ptr<Target> target_;
  std::vector<std::string> incidents_;
  std::vector<Observation> seen_;
};

TEST_F(Simulated, SaysWhatItCanDo) {
  open();
  const auto& known = testbed_->capabilities();
  for (const char* word : {"configure", "save", "reboot", "switchover", "lose", "power-on", "hang",
                           "resume", "cut", "restore"})
    EXPECT_THAT(known.acts, Contains(word));
  for (const char* word : {"state", "sync", "config.active", "config.saved", "unsaved", "boots",
                           "asked", "answered", "priority", "slot", "checkpoint.percent"})
    EXPECT_THAT(known.attributes, Contains(word));
  EXPECT_EQ(known.acts, target_->capabilities().acts);
}

TEST_F(Simulated, TheBackupTakesOverWithTheUnsavedConfiguration) {
  open_in_sync();
  const auto added = add_vlan();
  EXPECT_EQ(added.outcome, Receipt::Outcome::Done) << added.words;
  const auto active = ask("MSM-A", "config.active");
  EXPECT_THAT(active, HasSubstr("create vlan \"v3900\""));
  EXPECT_EQ(ask("MSM-A", "unsaved"), "yes");
  EXPECT_TRUE(act("lose", {{"node", "MSM-A"}}).took_effect);
  EXPECT_TRUE(reaches({the("MSM-B", "state", "MASTER")}, 10s));
  EXPECT_EQ(ask("MSM-B", "config.active"), active);
  EXPECT_TRUE(reaches({the("MSM-A", "sync", "none", "MSM-B")}, 10s));
  EXPECT_THAT(incidents_, IsEmpty());
}

TEST_F(Simulated, WhatNeedsAModuleWithPowerIsNotDoneWithoutIt) {
  open_in_sync();
  const Json image{{"node", "MSM-B"}, {"image", "primary"}, {"version", "11.3.1.4"}};
  const Json process{{"node", "MSM-B"}, {"process", "vrrp"}};
  EXPECT_EQ(act("install", image).outcome, Receipt::Outcome::Done);
  EXPECT_TRUE(act("lose", {{"node", "MSM-B"}}).took_effect);
  for (const auto& [word, arguments] : {std::pair{"install", image}, {"end-process", process}}) {
    const Receipt receipt = act(word, arguments);
    EXPECT_FALSE(receipt.took_effect) << word;
    EXPECT_THAT(receipt.words, HasSubstr("the module has no power")) << word;
  }
}

TEST_F(Simulated, RebootAsksAndDoesWhatItWasAnswered) {
  open_in_sync();
  const auto old = ask("MSM-A", "config.saved");
  add_vlan();
  const auto cancelled = act("reboot", {{"node", "chassis"}, {"answer", "cancel"}});
  EXPECT_EQ(cancelled.outcome, Receipt::Outcome::Done) << cancelled.words;
  EXPECT_EQ(ask("MSM-A", "asked"), "save-changes");
  const auto receipt = act("reboot", {{"node", "chassis"}, {"answer", "discard"}});
  EXPECT_TRUE(receipt.took_effect) << receipt.words;
  Term booted{Quantifier::Each, "", "", "boots", {Matcher::Kind::Equals, {"1"}}};
  EXPECT_TRUE(reaches({booted}, 10s));
  EXPECT_TRUE(reaches({the("MSM-A", "state", "MASTER")}, 30s));
  EXPECT_EQ(ask("MSM-A", "config.active"), old);
  EXPECT_THAT(incidents_, IsEmpty());
}

TEST_F(Simulated, SaveAndSwitchoverAndPriority) {
  open_in_sync();
  add_vlan();
  const auto saved = act("save", {{"node", "MSM-A"}});
  EXPECT_EQ(saved.outcome, Receipt::Outcome::Done) << saved.words;
  EXPECT_EQ(ask("MSM-A", "unsaved"), "no");
  EXPECT_EQ(act("configure", {{"node", "MSM-A"}, {"set", {{"priority", "101"}}}}).outcome,
            Receipt::Outcome::Refused);
  EXPECT_EQ(act("configure", {{"node", "MSM-B"}, {"add", {{"vlans", "3901"}}}}).outcome,
            Receipt::Outcome::Refused);
  EXPECT_EQ(ask("MSM-A", "checkpoint.percent"), "100");
  EXPECT_EQ(ask("MSM-B", "slot"), "B");
  const auto ordered = act("switchover", {{"node", "MSM-A"}});
  EXPECT_EQ(ordered.outcome, Receipt::Outcome::Done) << ordered.words;
  EXPECT_TRUE(reaches({the("MSM-B", "state", "MASTER")}, 10s));
  EXPECT_TRUE(reaches({the("MSM-A", "boots", "1")}, 10s));
  EXPECT_TRUE(reaches({the("MSM-A", "state", "BACKUP"), the("MSM-A", "sync", "InSync")}, 30s));
  EXPECT_THAT(incidents_, IsEmpty());
}

TEST_F(Simulated, EveryReadOfTheDialectIsReadOnBothNodes) {
  open_in_sync();
  for (const char* attribute :
       {"state", "config.active", "priority", "health.software", "checkpoint.errors",
        "image.booted", "config.selected", "uptime", "boot-time", "vlans", "fdb", "version",
        "serial", "log.lines", "prompt", "config.file", "sysname", "session.paging"})
    for (const char* node : {"MSM-A", "MSM-B"})
      EXPECT_NE(ask(node, attribute), "no answer") << node << " " << attribute;
}

TEST(Probe, FindsNothingWrongWithTheSimulatedChassis) {
  const testing::FreshFolder folder;
  const auto parts = load_testbed_parts("exos-11.3-simulated");
  ASSERT_TRUE(parts) << to_line(parts.error());
  const auto findings = probe(*parts, folder.path().string(), NeverCancelled());
  ASSERT_TRUE(findings) << to_line(findings.error());
  EXPECT_EQ(findings->size(),
            2 * (6 + parts->dialect->reads.size()) + parts->file.listeners.size());
  for (const auto& finding : *findings)
    EXPECT_TRUE(finding.is_good || finding.is_open)
        << finding.node << ": " << finding.question << ": " << finding.words;
}

TEST_F(Simulated, OneSeedGivesTheSameObservationsTwice) {
  open_in_sync(7);
  act("lose", {{"node", "MSM-A"}});
  EXPECT_TRUE(reaches({the("MSM-B", "state", "MASTER")}, 10s));
  const auto first = std::exchange(seen_, {});
  open_in_sync(7);
  act("lose", {{"node", "MSM-A"}});
  EXPECT_TRUE(reaches({the("MSM-B", "state", "MASTER")}, 10s));
  EXPECT_EQ(seen_, first);
  EXPECT_GT(seen_.size(), 20U);
}

}  // namespace
}  // namespace understudy::targets

// The exos dialect and the loader of dialects: what is refused, what answers say, what acts send.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "targets/device/console_act.h"
#include "targets/device/reading.h"
#include "targets/dialect.h"

namespace understudy::targets {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::vector<std::string> nodes{"MSM-A", "MSM-B"};

std::shared_ptr<const Dialect> exos() {
  static const auto dialect =
      load_dialect_folder(std::string(UNDERSTUDY_SOURCE_DIR) + "/targets/dialects/exos");
  if (!dialect) ADD_FAILURE() << to_line(dialect.error());
  return dialect ? *dialect : nullptr;
}

/// "A.state=MASTER" for each thing told, in order.
std::vector<std::string> told(const std::string& attribute, const std::string& own,
                              const std::string& answer, const TextPairs& captures = {},
                              std::string* unread = nullptr) {
  const Reader reader(exos(), nodes);
  const auto reading = reader.read(*read_for(*exos(), attribute), own, answer, captures);
  std::vector<std::string> found;
  for (const auto& one : reading.told)
    if (one.attribute == attribute) found.push_back(one.subject + "=" + one.value);
  if (unread) *unread = reading.unread;
  return found;
}

constexpr const char* dual =
    "SysName:          BD-10808\n"
    "\n"
    "Slot:             MSM-A *                      MSM-B                   \n"
    "                  ------------------------     ------------------------\n"
    "Current State:    MASTER                       BACKUP (In Sync)        \n"
    "\n"
    "Image Selected:   primary                      secondary               \n"
    "Image Booted:     primary                      primary                 \n"
    "Primary ver:      11.3.1.3                     11.3.1.3                \n"
    "                  patch1-7                                             \n"
    "\n"
    "Config Selected:  primary.cfg\n"
    "Config Booted:    primary.cfg\n"
    "System UpTime:    110 days 12 minutes 47 seconds \n"
    "Boot Time:        Mon Jun 14 11:32:11 2021\n";

TEST(ExosReads, BothColumnsOfShowSwitch) {
  EXPECT_THAT(told("state", "MSM-A", dual), ElementsAre("MSM-A=MASTER", "MSM-B=BACKUP"));
  EXPECT_THAT(told("sync", "MSM-A", dual), ElementsAre("MSM-A=none", "MSM-B=InSync"));
}

TEST(ExosReads, EitherSpellingOfInSyncAndEverythingElseInParenthesesAsNotInSync) {
  const auto with = [](const std::string& words) {
    return "Slot:  MSM-A  MSM-B *\nCurrent State: MASTER  BACKUP (" + words + ")\n";
  };
  EXPECT_THAT(told("sync", "MSM-B", with("InSync")), ElementsAre("MSM-A=none", "MSM-B=InSync"));
  EXPECT_THAT(told("sync", "MSM-B", with("In Sync")), ElementsAre("MSM-A=none", "MSM-B=InSync"));
  EXPECT_THAT(told("sync", "MSM-B", with("Not In Sync")),
              ElementsAre("MSM-A=none", "MSM-B=NotInSync"));
}

TEST(ExosReads, ALostNodeIsClaimedToBeNothing) {
  const std::string blank_second =
      "Slot:             MSM-A *                      MSM-B                   \n"
      "Current State:    MASTER                                               \n";
  const std::string blank_first =
      "Slot:             MSM-A                        MSM-B *                 \n"
      "Current State:                                 MASTER                  \n";
  const std::string one_column =
      "Slot:             MSM-A *                 \nCurrent State:    MASTER                  \n";
  EXPECT_THAT(told("state", "MSM-A", blank_second), ElementsAre("MSM-A=MASTER"));
  EXPECT_THAT(told("sync", "MSM-A", blank_second), ElementsAre("MSM-A=none", "MSM-B=none"));
  EXPECT_THAT(told("state", "MSM-B", blank_first), ElementsAre("MSM-B=MASTER"));
  EXPECT_THAT(told("sync", "MSM-A", one_column), ElementsAre("MSM-A=none", "MSM-B=none"));
}

TEST(ExosReads, AnAnswerWithoutATableOfNodesIsAboutTheNodeThatAnswers) {
  EXPECT_THAT(told("state", "MSM-B", "Current State:    OPERATIONAL\n"),
              ElementsAre("MSM-B=MASTER"));
}

TEST(ExosReads, AWordOutsideTheVocabularyIsUnread) {
  std::string unread;
  EXPECT_THAT(told("state", "MSM-A", "Slot:  MSM-A *\nCurrent State:  master\n", {}, &unread),
              IsEmpty());
  EXPECT_THAT(unread, HasSubstr("state cannot be `master`"));
  EXPECT_THAT(unread, HasSubstr("show_switch.textfsm"));
}

TEST(ExosReads, AnAnswerWithoutTheRowThatMustBeThereIsUnread) {
  std::string unread;
  told("state", "MSM-A", "some words\nthat say nothing\n", {}, &unread);
  EXPECT_THAT(unread, HasSubstr("no row about MSM-A in the answer that begins `some words`"));
}

TEST(ExosReads, AnAnswerAboutOtherNodesThanTheTestbedsNamesThem) {
  std::string unread;
  told("state", "MSM-A", "Slot:           1      2\nCurrent State:  MASTER BACKUP\n", {}, &unread);
  EXPECT_THAT(unread, HasSubstr("there is no row about MSM-A, but about `1`, `2` (the testbed has "
                                "to name its nodes so), in the answer that begins"));
}

TEST(ExosReads, ARefusedReadIsUnreadWithTheSwitchsWords) {
  std::string unread;
  told("priority", "MSM-A", "         ^\n%% Invalid input detected at '^' marker.\n", {}, &unread);
  EXPECT_THAT(unread, HasSubstr("unknown-command: %% Invalid input detected"));
}

TEST(ExosReads, ShowNodeWhateverItsSpacing) {
  const std::string answer =
      "Node    State     Priority  SwHealth  HwHealth\n"
      "----------------------------------------------\n"
      "MSM-A   MASTER    0         49        7\n"
      "  MSM-B  BACKUP  12  49  7   \n";
  EXPECT_THAT(told("priority", "MSM-A", answer), ElementsAre("MSM-A=0", "MSM-B=12"));
  EXPECT_THAT(told("slot", "MSM-A", answer), ElementsAre("MSM-A=A", "MSM-B=B"));
  EXPECT_THAT(told("health.hardware", "MSM-A", answer), ElementsAre("MSM-A=7", "MSM-B=7"));
}

std::string process(const std::string& name, int total, int percent) {
  return name + "   3812   1731       2      3 " + std::to_string(total) + " " +
         std::to_string(percent) + "% ON  OK   1 (00008853)\n";
}

TEST(ExosReads, CheckpointPercentIsOfTheLeastAdvancedProcessThatHasSomethingToCopy) {
  EXPECT_THAT(told("checkpoint.percent", "MSM-A",
                   process("devmgr", 3, 100) + process("vlan", 4, 40) + process("dirser", 0, 0)),
              ElementsAre("MSM-A=40"));
  EXPECT_THAT(
      told("checkpoint.percent", "MSM-A", process("devmgr", 3, 120) + process("vlan", 4, 40)),
      ElementsAre("MSM-A=120"));
  std::string waiting = process("fdb", 4, 40);
  waiting.replace(waiting.find("ON "), 3, "OFF");
  EXPECT_THAT(told("checkpoint.share", "MSM-A", process("devmgr", 3, 100) + waiting + waiting),
              ElementsAre("MSM-A=33"));
  EXPECT_THAT(told("checkpoint.errors", "MSM-A", process("a", 3, 100) + process("b", 4, 40)),
              ElementsAre("MSM-A=4"));
}

TEST(ExosReads, TheConfigurationWithoutItsCommentsAndDates) {
  EXPECT_THAT(told("config.active", "MSM-A",
                   "#\n# Module vlan configuration.\n#\ncreate vlan \"v1\"  \n\n"
                   "# End of configuration file for the switch.\n"),
              ElementsAre("MSM-A=create vlan \"v1\""));
}

TEST(ExosReads, TheSavedConfigurationOnlyWhileThePromptShowsNoUnsavedChanges) {
  EXPECT_THAT(told("config.saved", "MSM-A", "create vlan v1\n", {{"prompt", "BD.1 #"}}),
              ElementsAre("MSM-A=create vlan v1"));
  EXPECT_THAT(told("config.saved", "MSM-A", "create vlan v1\n",
                   {{"prompt", "* BD.1 #"}, {"unsaved", "* "}}),
              IsEmpty());
}

TEST(ExosReads, UpTimeWithUnitsLeftOutAsSeconds) {
  EXPECT_THAT(told("uptime", "MSM-A", dual), ElementsAre("MSM-A=9504767s", "MSM-B=9504767s"));
  EXPECT_THAT(told("image.selected", "MSM-A", dual),
              ElementsAre("MSM-A=primary", "MSM-B=secondary"));
}

TEST(ExosReads, TablesOfVlansAddressesAndVersions) {
  EXPECT_THAT(
      told("vlans", "MSM-A",
           "Name            VID  Protocol Addr\nDefault         1    -----\nv3900  4094 ---\n"
           "Total number of Vlan(s) : 2\n"),
      ElementsAre("MSM-A=Default, v3900"));
  EXPECT_THAT(told("fdb", "MSM-A", "00:11:22:33:44:55   Default(0001) 0000  d m   1:1\n"),
              ElementsAre("MSM-A=1"));
  EXPECT_THAT(
      told("version", "MSM-A",
           "Chassis : 800129-00-02 0503F-00010 Rev 2.0\n\nImage   : ExtremeWare XOS version "
           "11.3.1.3 v1131b3 by release-manager\n"),
      ElementsAre("MSM-A=11.3.1.3"));
}

TEST(ExosRefusals, EachKindIsToldApart) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"    ^\n%% Invalid input detected at '^' marker.\n", "unknown-command"},
      {"%% Incomplete command\n", "unknown-command"},
      {"%% Ambiguous command:\nshow c\n", "unknown-command"},
      {"Error: This command cannot be executed at the current license level.\n", "licence"},
      {"Error: The backup MSM is not in sync with the master. Use the force option.\n",
       "not-in-sync"},
      {"Error: the backup is not in sync.\n", "not-in-sync"},
      {"Error: There is no backup MSM.\n", "not-in-sync"},
      {"Error: A save or a reboot is already in progress.\n", "busy"},
      {"Error: This command can only be executed on the MASTER.\n", "wrong-node"},
      {"Error: failover must be ordered on the primary.\n", "wrong-node"},
      {"Error: Processes created by user can only be restarted on the primary node slot.\n",
       "wrong-node"},
      {"Error: v1 already exists.\n", "error"},
      {"%Error no such thing\n", "error"}};
  for (const auto& [answer, kind] : table) {
    const auto found = find_refusal(*exos(), answer);
    ASSERT_TRUE(found) << answer;
    EXPECT_EQ(to_text(found->kind), kind) << answer;
  }
  EXPECT_FALSE(find_refusal(*exos(), "Saving configuration on primary MSM ...... done!\n"));
}

// ---------------------------------------------------------------- acts

std::vector<std::string> lines(const std::string& word, const Json& arguments,
                               const std::string& leader = "MSM-A") {
  const auto acts = console_acts(*exos(), {word, arguments}, nodes, leader);
  if (!acts) return {"error: " + to_line(acts.error())};
  std::vector<std::string> found;
  for (const auto& act : *acts)
    for (const auto& line : act.lines) found.push_back(act.node + ": " + line);
  return found;
}

TEST(ExosActs, OneLineForEachItem) {
  EXPECT_THAT(lines("configure", {{"node", "MSM-A"}, {"add", {{"vlans", {"3900", "3901"}}}}}),
              ElementsAre("MSM-A: create vlan v3900", "MSM-A: create vlan v3901"));
  EXPECT_THAT(lines("configure", {{"node", "MSM-A"}, {"add", {{"vlans", "3900-3901, red"}}}}),
              ElementsAre("MSM-A: create vlan v3900", "MSM-A: create vlan v3901",
                          "MSM-A: create vlan vred"));
}

TEST(ExosActs, ASettingOfAnotherNodeIsNamedByItsSlot) {
  EXPECT_THAT(
      lines("configure", {{"node", "MSM-A"}, {"of", "MSM-B"}, {"set", {{"priority", "-1"}}}}),
      ElementsAre("MSM-A: configure node slot B priority -1"));
}

TEST(ExosActs, TheFormFollowsTheArguments) {
  EXPECT_THAT(lines("switchover", {{"node", "MSM-A"}, {"force", "true"}}),
              ElementsAre("MSM-A: run msm-failover force"));
  EXPECT_THAT(lines("switchover", {{"node", "MSM-A"}, {"force", "false"}}),
              ElementsAre("MSM-A: run msm-failover"));
  EXPECT_THAT(lines("reboot", {{"node", "chassis"}}, "MSM-B"), ElementsAre("MSM-B: reboot"));
  EXPECT_THAT(lines("reboot", {{"node", "MSM-B"}}), ElementsAre("MSM-A: reboot msm B"));
  EXPECT_THAT(lines("reboot", {{"node", "MSM-B"}}, ""), ElementsAre("leader: reboot msm B"));
}

TEST(ExosActs, QuestionsAreAnsweredByTheActsAnswer) {
  const auto acts = console_acts(*exos(), {"reboot", {{"node", "chassis"}, {"answer", "discard"}}},
                                 nodes, "MSM-A");
  EXPECT_THAT(acts->front().replies, ::testing::Contains(std::pair("save-changes", "n\r")));
  EXPECT_THAT(acts->front().boots, ElementsAre("MSM-A", "MSM-B"));
  EXPECT_FALSE(acts->front().is_cancelled);
  const auto cancelled = console_acts(
      *exos(), {"reboot", {{"node", "chassis"}, {"answer", "cancel"}}}, nodes, "MSM-A");
  EXPECT_THAT(cancelled->front().replies, ::testing::Contains(std::pair("save-changes", "\r")));
  EXPECT_TRUE(cancelled->front().is_cancelled);
}

TEST(ExosActs, WhatTheDialectHasNoLineForIsNamed) {
  EXPECT_THAT(lines("configure", {{"node", "MSM-A"}, {"add", {{"trunks", "1"}}}}),
              ElementsAre("error: the dialect exos has no `configure` with add.trunks"));
  EXPECT_THAT(lines("learn", {{"node", "MSM-A"}, {"what", "fdb"}}),
              ElementsAre("error: the dialect exos has no `learn`"));
  EXPECT_THAT(lines("save", {{"node", "MSM-C"}}), ElementsAre(HasSubstr("there is no node MSM-C")));
}

// ---------------------------------------------------------------- the loader

class Loader : public ::testing::Test {
 protected:
  /// The exos dialect with one text replaced.
  std::string error_with(const std::string& from, const std::string& to) {
    namespace fs = std::filesystem;
    const fs::path folder = fs::temp_directory_path() / ("dialect-" + std::to_string(::getpid()) +
                                                         "-" + std::to_string(count_++));
    fs::copy(std::string(UNDERSTUDY_SOURCE_DIR) + "/targets/dialects/exos", folder);
    std::ifstream in(folder / "dialect.yaml");
    std::string text((std::istreambuf_iterator<char>(in)), {});
    const auto at = text.find(from);
    if (at == std::string::npos) return "the dialect has no such text";
    text.replace(at, from.size(), to);
    std::ofstream(folder / "dialect.yaml") << text;
    const auto loaded = load_dialect_folder(folder);
    fs::remove_all(folder);
    return loaded ? "" : to_line(loaded.error());
  }

 private:
  int count_ = 0;
};

TEST_F(Loader, RefusesWhatItDoesNotKnowWithItsPlaceAndANearWord) {
  struct Row {
    const char* from;
    const char* to;
    const char* part;
  };
  const std::vector<Row> table{
      {"setup: [", "setpu: [", "did you mean `setup`"},
      {"rows: own", "rows: owm", "did you mean `own`"},
      {"column: PRIORITY", "column: PRIORTY", "did you mean `PRIORITY`"},
      {"template: show_node.textfsm", "template: show_nod.textfsm",
       "show_nod.textfsm cannot be read"},
      {"kind: licence", "kind: license", "did you mean `licence`"},
      {"  switchover:", "  switchovr:", "did you mean `switchover`"},
      {"{process}", "{proces}", "did you mean `process`"},
      {"each: add.vlans", "each: ad.vlans", "did you mean `add`"},
      {"overwrite: {cancel", "overwrit: {cancel", "did you mean `overwrite`"},
      {"copy: config.active", "copy: config.activ", "did you mean `config.active`"},
      {"leader: {state:", "leader: {stat:", "did you mean `state`"},
      {"answer: 10s", "answer: soon", "is a duration"},
      {"login: 'login:", "login: '(login:", "pattern"}};
  for (const auto& row : table) {
    const auto error = error_with(row.from, row.to);
    EXPECT_THAT(error, HasSubstr(row.part)) << row.to;
    EXPECT_THAT(error, HasSubstr("dialect.yaml:")) << row.to;
  }
}

TEST(Extending, ADialectTellsOnlyWhatDiffersAndFindsTheTemplatesOfTheOther) {
  const auto loaded =
      load_dialect_folder(std::string(UNDERSTUDY_SOURCE_DIR) + "/targets/dialects/xcm8800");
  ASSERT_TRUE(loaded) << to_line(loaded.error());
  const Dialect& dialect = **loaded;
  EXPECT_EQ(dialect.name, "xcm8800");
  EXPECT_EQ(find_act(dialect, "switchover")->forms.back().lines.front().texts.front(),
            "run failover");
  EXPECT_FALSE(find_act(dialect, "switchover")->replies.empty())
      << "replies are the other dialect's";
  EXPECT_EQ(find_act(dialect, "synchronize")->forms.front().lines.front().texts.front(),
            "synchronize");
  EXPECT_THAT(dialect.reads[*read_for(dialect, "state")].template_path,
              HasSubstr("dialects/exos/"));
}

TEST(Extending, ATemplateStandsBesideTheFileThatNamesIt) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("beside-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::ofstream(folder / "dialect.yaml")
      << "dialect: mine\nextends: exos\nreads: {version: {template: mine.textfsm}}\n";
  std::ofstream(folder / "mine.textfsm") << "Value SERIAL (\\S+)\nValue VERSION (\\S+)\nValue "
                                            "PRODUCT (\\S+)\n\nStart\n  ^V ${VERSION}\n";
  const auto loaded = load_dialect_folder(folder.string());
  fs::remove_all(folder);
  ASSERT_TRUE(loaded) << to_line(loaded.error());
  EXPECT_EQ((*loaded)->reads[*read_for(**loaded, "version")].template_path,
            (folder / "mine.textfsm").string());
  EXPECT_THAT((*loaded)->reads[*read_for(**loaded, "state")].template_path,
              HasSubstr("dialects/exos/"));
}

TEST(Extending, AnUnknownDialectAndACircleAreRefusedWithTheirPlace) {
  namespace fs = std::filesystem;
  const fs::path root = fs::temp_directory_path() / ("extends-" + std::to_string(::getpid()));
  const fs::path folder = root / "one";
  fs::create_directories(folder);
  const auto error_of = [&](const std::string& text) {
    std::ofstream(folder / "dialect.yaml") << text;
    const auto loaded = load_dialect_folder(folder);
    return loaded ? std::string("none") : to_line(loaded.error());
  };
  EXPECT_THAT(error_of("dialect: one\nextends: exso\n"),
              HasSubstr("dialect.yaml:2: there is no dialect"));
  EXPECT_THAT(error_of("dialect: one\nextends: " + folder.string() + "\n"),
              HasSubstr("do two extend each other"));
  fs::remove_all(root);
}

TEST(Loading, AMisspeltNameIsAnsweredWithANearOne) {
  const auto loaded = load_dialect("exso");
  ASSERT_FALSE(loaded);
  EXPECT_THAT(to_line(loaded.error()), HasSubstr("exos"));
}

}  // namespace
}  // namespace understudy::targets

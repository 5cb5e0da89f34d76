// The device on a scripted bench: what is sent when, what is observed, how acts end.
#include <gmock/gmock.h>

#include "targets/device.h"
#include "tests/unit/device_fake.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using test::FakeBench;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string show_switch(const std::string& a, const std::string& b) {
  return "Slot:   MSM-A   MSM-B\r\nCurrent State:   " + a + "   " + b + "\r\n";
}

Term the(const std::string& subject, const std::string& attribute, const std::string& value,
         const std::string& observer = "") {
  return {Quantifier::The, subject, observer, attribute, {Matcher::Kind::Equals, {value}}};
}

class Device : public ::testing::Test {
 protected:
  Device() {
    log_.answers = [this](std::size_t, const std::string& line) { return answers_[line]; };
    answers_["show switch"] = show_switch("MASTER", "BACKUP (In Sync)");
    answers_["show configuration"] = "#\r\ncreate vlan v1\r\n";
  }

  Result<void> try_to_open() {
    const auto dialect =
        load_dialect_folder(std::string(UNDERSTUDY_SOURCE_DIR) + "/targets/dialects/exos");
    if (!dialect) return tl::unexpected(dialect.error());
    DeviceSettings settings;
    settings.testbed = "fake";
    settings.dialect = *dialect;
    settings.capabilities.nodes = {"MSM-A", "MSM-B"};
    settings.capabilities.timing = {{"poll", 100ms}, {"answer", 2s}, {"boot", boot_}};
    settings.capabilities.allow = {"changes", "disrupts", "wears-flash"};
    settings.identities = identities_;
    settings.logins = logins_;
    settings.places = {"lab.yaml:4", "lab.yaml:5"};
    settings.mask = mask_;
    auto opened = open_device(std::make_unique<FakeBench>(log_, 2), std::move(settings));
    if (!opened) return tl::unexpected(opened.error());
    target_ = std::move(*opened);
    return {};
  }

  void open() {
    const auto opened = try_to_open();
    ASSERT_TRUE(opened) << to_line(opened.error());
  }

  Receipt act(const std::string& word, const Json& arguments) {
    return target_->act({{word, arguments}}, never_).front();
  }

  Progress until(const Condition& condition, Duration within) {
    return target_->run_until(condition, {}, target_->now() + within, never_);
  }

  /// "MSM-A sees MSM-B.state=BACKUP"
  static std::vector<std::string> texts(const Progress& progress, const std::string& attribute) {
    std::vector<std::string> found;
    for (const auto& one : progress.observations)
      if (one.attribute == attribute)
        found.push_back(one.observer + " sees " + one.subject + "=" + one.value);
    return found;
  }

  std::vector<std::string> typed(std::size_t node) const {
    std::vector<std::string> lines;
    for (const auto& [at, line] : log_.lines)
      if (at == node && !line.empty()) lines.push_back(line);
    return lines;
  }

  NeverCancelled never_;
  Duration boot_ = 3s;
  std::map<std::string, std::string> answers_;
  std::vector<Identity> identities_;
  std::vector<Credentials> logins_;
  Mask mask_;
  FakeBench::Log log_;
  std::unique_ptr<Target> target_;
};

TEST_F(Device, AsksOnlyForWhatIsWantedAndOnlyTheNodeThatKnows) {
  open();
  const auto progress = until({{the("MSM-B", "state", "BACKUP")}}, 5s);
  EXPECT_TRUE(progress.holds);
  EXPECT_THAT(texts(progress, "state"),
              ElementsAre("MSM-B sees MSM-A=MASTER", "MSM-B sees MSM-B=BACKUP"));
  EXPECT_THAT(typed(0), Not(Contains("show switch")));
  EXPECT_THAT(typed(1), ElementsAre("disable clipaging", "show switch"));
}

TEST_F(Device, WhoSeesWhatIsAskedOfTheObserver) {
  open();
  const auto progress = until({{the("MSM-B", "sync", "InSync", "MSM-A")}}, 5s);
  EXPECT_TRUE(progress.holds);
  EXPECT_THAT(texts(progress, "sync"), Contains("MSM-A sees MSM-B=InSync"));
  EXPECT_THAT(typed(1), Not(Contains("show switch")));
}

TEST_F(Device, PollsEachNodeNoFasterThanItsBudget) {
  open();
  const auto progress = until({{the("MSM-A", "state", "FAIL")}}, 1s);
  EXPECT_FALSE(progress.holds);
  const auto lines = typed(0);
  EXPECT_LE(std::ranges::count(lines, "show switch"), 12);
  EXPECT_GE(std::ranges::count(lines, "show switch"), 8);
}

// ---------------------------------------------------------------- whose console it is

TEST_F(Device, ThatRefusesThePasswordSaysSoAtThePlaceOfItsConsole) {
  logins_ = {{"admin", "wrong"}, {"admin", "wrong"}};
  log_.prompt = "login: ";
  log_.answers = [this](std::size_t, const std::string& line) -> std::string {
    log_.prompt = line == "admin" ? "Password: " : "login: ";
    return line == "wrong" ? "\r\nLogin incorrect\r\n" : "";
  };
  const auto opened = try_to_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(to_line(opened.error()),
            "lab.yaml:4: MSM-A refused the password of admin: `Login incorrect` "
            "(login: {user: USER, password: ...} of its console)");
  EXPECT_LT(log_.now, 6s) << "no boot is waited for";
}

TEST_F(Device, ThatRefusesAnEmptyPasswordSaysThatItWasEmpty) {
  logins_ = {{"admin", ""}, {"admin", ""}};
  log_.prompt = "login: ";
  log_.answers = [this](std::size_t, const std::string& line) -> std::string {
    log_.prompt = line == "admin" ? "Password: " : "login: ";
    return line.empty() ? "\r\nLogin incorrect\r\n" : "";
  };
  const auto opened = try_to_open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(to_line(opened.error()), HasSubstr("MSM-A refused the empty password of admin: "));
}

TEST_F(Device, TriesALoginAgainThatABootRefuses) {
  logins_ = {{"admin", "right"}, {"admin", "right"}};
  boot_ = 10s;
  log_.prompt = "login: ";
  for (const std::size_t node : {0, 1}) log_.prints(node, "BootROM 1.0\r\n");
  std::map<std::size_t, int> tries;
  log_.answers = [&](std::size_t node, const std::string& line) -> std::string {
    log_.prompt = line == "admin" ? "Password: " : "login: ";
    if (line == "right" && ++tries[node] > 3) log_.prompt = "BD-10808.1 # ";
    return line == "right" && tries[node] <= 3 ? "\r\nLogin incorrect\r\n" : answers_[line];
  };
  open();
  EXPECT_THAT(tries, ElementsAre(testing::Pair(0, 4), testing::Pair(1, 4)));
}

TEST_F(Device, TypesNoUserWhileTheAuthenticationServiceIsPending) {
  logins_ = {{"admin", ""}, {"admin", ""}};
  const std::string available =
      "\r\nAuthentication Service (AAA) on the master node is now available for login.\r\n";
  log_.prompt = "(pending-AAA) login: ";
  for (const std::size_t node : {0, 1}) log_.prints(node, available, 1s);
  log_.answers = [&](std::size_t, const std::string& line) -> std::string {
    log_.prompt = line == "admin" ? "Password: " : "BD-10808.1 # ";
    if (line.empty() && log_.lines.size() <= 2) log_.prompt = "login: ";
    return answers_[line];
  };
  open();
  EXPECT_LT(log_.now, 5s) << "asked anew when it was available";
  EXPECT_THAT(log_.lines.front(), testing::Pair(0, "")) << "no user";
  EXPECT_THAT(typed(0), Contains("admin"));
}

class DeviceOfItsOwn : public Device {
 protected:
  DeviceOfItsOwn() {
    identities_ = {{{"serial", "0503F-00010"}, {"console", "MSM-A"}},
                   {{"serial", "0503F-00010"}, {"console", "MSM-B"}}};
    log_.answers = [this](std::size_t node, const std::string& line) -> std::string {
      if (line == "show version") return "Chassis      : 804403-00-09 " + serial_[node] + "\r\n";
      if (line != "show switch") return answers_[line];
      return node == marked_ ? "Slot:   MSM-A *   MSM-B\r\nCurrent State:   MASTER   BACKUP\r\n"
                             : "Slot:   MSM-A   MSM-B *\r\nCurrent State:   MASTER   BACKUP\r\n";
    };
  }
  std::vector<std::string> serial_{"0503F-00010", "0503F-00010"};
  std::size_t marked_ = 0;  ///< whose console says that it is MSM-A's
};

TEST_F(DeviceOfItsOwn, IsAskedWhoItIsBeforeAnythingElse) {
  open();
  EXPECT_THAT(typed(0), ElementsAre("show switch", "show version", "disable clipaging"));
  EXPECT_THAT(typed(1), ElementsAre("show switch", "show version", "disable clipaging"));
  EXPECT_EQ(act("save", {{"node", "MSM-A"}}).outcome, Receipt::Outcome::Done);
}

TEST_F(DeviceOfItsOwn, AnotherDevicesConsoleEndsItAndNothingMoreIsSent) {
  serial_[1] = "0503F-00011";
  const auto opened = try_to_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(
      to_line(opened.error()),
      "lab.yaml:5: the console of MSM-B is not the testbed's: serial is `0503F-00011`, and the "
      "testbed says `0503F-00010`; nothing more was sent");
  EXPECT_THAT(typed(1), ElementsAre("show switch", "show version"));
}

TEST_F(DeviceOfItsOwn, ConsolesThatWereSwappedEndIt) {
  marked_ = 1;
  const auto opened = try_to_open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(to_line(opened.error()),
              HasSubstr("console is `MSM-B`, and the testbed says `MSM-A`"));
}

TEST_F(DeviceOfItsOwn, AConsoleThatDoesNotTellIsAskedTwice) {
  serial_[0] = "\r\n";
  answers_["show version"] = "";
  const auto opened = try_to_open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(to_line(opened.error()),
              HasSubstr("the console of MSM-A is not the testbed's: it does "
                        "not tell its serial"));
  EXPECT_EQ(std::ranges::count(typed(0), "show version"), 2);
}

TEST_F(DeviceOfItsOwn, IsAskedAgainAfterABootBeforeAnOrderThatWaited) {
  open();
  serial_[0] = "0503F-00011";
  log_.prints(0, "BootROM 1.0\r\nStarting ExtremeWare XOS 11.3\r\n");
  until({}, 20ms);
  log_.prints(0, "\r\n" + log_.prompt, 100ms);
  EXPECT_EQ(act("save", {{"node", "MSM-A"}}).outcome, Receipt::Outcome::BenchBroken);
  EXPECT_THAT(typed(0), Not(Contains(HasSubstr("save"))));
}

// ---------------------------------------------------------------- log lines in answers

const std::string log_line =
    "11/21/2026 10:00:00.00 <Info:AAA.logout> MSM-A: logout from serial\r\n";

TEST_F(Device, ALogLineThatCannotHaveChangedWhatWasToldCastsNoDoubt) {
  answers_["show switch"] += "SysName:  one\r\n" + log_line + "SysContact:  two\r\n";
  open();
  EXPECT_TRUE(until({{the("MSM-B", "state", "BACKUP")}}, 5s).holds);
  EXPECT_EQ(std::ranges::count(typed(1), "show switch"), 1);
}

TEST_F(Device, WhatALogLineMayHaveCutIsBelievedWhenASecondAnswerTellsTheSame) {
  answers_["show configuration"] = "create vlan v1\r\n" + log_line + "create vlan v2\r\n";
  open();
  const auto progress =
      until({{the("MSM-A", "config.active", "create vlan v1\ncreate vlan v2")}}, 5s);
  EXPECT_TRUE(progress.holds);
  EXPECT_EQ(std::ranges::count(typed(0), "show configuration"), 2);
}

TEST_F(Device, ALineThatALogLineCutIsNeverToldAsTwo) {
  int asked = 0;
  log_.answers = [&](std::size_t, const std::string& line) -> std::string {
    if (line != "show configuration") return answers_[line];
    if (++asked % 2 == 0) return "create vlan v1\r\ncreate vlan v2\r\n";
    return "create vlan v1\r\ncreate\r\n" + log_line + " vlan v2\r\n";
  };
  open();
  EXPECT_TRUE(until({{the("MSM-A", "config.active", "never")}}, 1s).observations.size() > 3);
  for (const auto& seen :
       texts(until({{the("MSM-A", "config.active", "never")}}, 1s), "config.active"))
    EXPECT_THAT(seen, ::testing::EndsWith("=create vlan v1\ncreate vlan v2"));
}

TEST_F(Device, ANodeThatLogsInEachAnswerIsReadWhileItsUpTimeGoesOn) {
  int asked = 0;
  log_.answers = [&](std::size_t, const std::string& line) -> std::string {
    if (line != "show switch") return answers_[line];
    return "System UpTime:  " + std::to_string(++asked) + " seconds\r\n" + log_line +
           show_switch("MASTER", "BACKUP (In Sync)");
  };
  open();
  const auto progress = target_->ask({{the("MSM-A", "state", "MASTER")}}, 5s, never_);
  EXPECT_TRUE(progress.holds);
}

TEST_F(Device, ACommandThatIsNotKnownIsToldWhenItWasRefusedTwiceAndNeverAnswered) {
  answers_["show switch"] = "%% Invalid input detected at '^' marker.\r\n";
  open();
  const auto progress = until({{the("MSM-B", "state", "BACKUP")}}, 5s);
  const auto is_told = [](const Incident& one) { return one.kind == Incident::Kind::Unsupported; };
  EXPECT_EQ(std::ranges::count_if(progress.incidents, is_told), 1);
  EXPECT_THAT(std::ranges::find_if(progress.incidents, is_told)->words,
              HasSubstr("`show switch`: unknown-command"));
}

TEST_F(Device, ACommandThatWasAnsweredBeforeIsRefusedOnlyForNow) {
  open();
  EXPECT_TRUE(until({{the("MSM-B", "state", "BACKUP")}}, 5s).holds);
  answers_["show switch"] = "%% Invalid input detected at '^' marker.\r\n";
  for (const Incident& one : until({{the("MSM-B", "state", "MASTER")}}, 2s).incidents)
    EXPECT_NE(one.kind, Incident::Kind::Unsupported);
}

TEST_F(Device, TheLastAnswerIsAskedAtOrAfterTheDeadline) {
  open();
  const Time deadline = target_->now() + 1s;
  const auto progress = until({{the("MSM-A", "state", "FAIL")}}, 1s);
  ASSERT_FALSE(progress.observations.empty());
  EXPECT_GE(progress.observations.back().asked, deadline);
}

TEST_F(Device, AnswersCarryTheirPlaceInTheTranscript) {
  open();
  const auto progress = until({{the("MSM-A", "state", "MASTER")}}, 1s);
  EXPECT_THAT(progress.observations.front().evidence,
              ::testing::MatchesRegex("MSM-A.console:.*-.*"));
  EXPECT_LT(progress.observations.front().asked, progress.observations.front().heard);
}

TEST_F(Device, ASilentNodeGivesNoAnswerAndDoesNotHoldUpTheOthers) {
  open();
  log_.answers = [this](std::size_t node, const std::string& line) {
    return node == 0 ? "silence" : answers_[line];
  };
  Term any{Quantifier::Any, "", "", "state", {Matcher::Kind::Equals, {"FAIL"}}};
  const auto progress = until({{any}}, 3s);
  EXPECT_THAT(texts(progress, "state"), Not(Contains(::testing::StartsWith("MSM-A sees"))));
  EXPECT_GE(texts(progress, "state").size(), 20U);
  EXPECT_LT(log_.now, 12s);
}

TEST_F(Device, UnreadOutputIsToldOnceWithItsLineAndNotTakenForAnAnswer) {
  open();
  answers_["show switch"] = "all is well\r\n";
  const auto progress = until({{the("MSM-A", "state", "MASTER")}}, 1s);
  EXPECT_FALSE(progress.holds);
  EXPECT_THAT(texts(progress, "state"), IsEmpty());
  ASSERT_EQ(progress.incidents.size(), 1U);
  EXPECT_EQ(progress.incidents[0].kind, Incident::Kind::Unread);
  EXPECT_THAT(progress.incidents[0].words, HasSubstr("`all is well`"));
}

TEST_F(Device, AnActGoesBeforePollsAndIsAnswered) {
  open();
  answers_["create vlan v7"] = "";
  const auto receipt =
      act("configure", {{"node", "MSM-A"}, {"add", {{"vlans", Json::array({"7"})}}}});
  EXPECT_EQ(receipt.outcome, Receipt::Outcome::Done);
  EXPECT_TRUE(receipt.took_effect);
  EXPECT_EQ(receipt.means, "console");
  EXPECT_THAT(typed(0), Contains("create vlan v7"));
  const auto progress = target_->ask({{the("MSM-A", "answered", "done")}}, 1s, never_);
  EXPECT_TRUE(progress.holds);
}

TEST_F(Device, ARefusalIsNoErrorButAReceipt) {
  open();
  answers_["run msm-failover"] = "Error: the backup is not in sync.\r\n";
  const auto receipt = act("switchover", {{"node", "MSM-A"}});
  EXPECT_EQ(receipt.outcome, Receipt::Outcome::Refused);
  EXPECT_FALSE(receipt.took_effect);
  EXPECT_THAT(receipt.words, HasSubstr("not-in-sync: Error: the backup is not in sync."));
}

TEST_F(Device, AnUnknownCommandIsUnsupportedButARefusedNumberIsNot) {
  open();
  const std::string invalid = "   ^\r\n%% Invalid input detected at '^' marker.\r\n";
  answers_["use image secondary"] = invalid;
  answers_["configure node slot A priority 101"] = invalid;
  EXPECT_EQ(act("select", {{"node", "MSM-A"}, {"image", "secondary"}}).outcome,
            Receipt::Outcome::Unsupported);
  EXPECT_EQ(act("configure", {{"node", "MSM-A"}, {"set", {{"priority", "101"}}}}).outcome,
            Receipt::Outcome::Refused);
}

constexpr const char* question =
    "Do you want to save configuration changes to currently selected configuration file "
    "(primary.cfg) and reboot?\r\n(y - save and reboot, n - reboot without save, <cr> - cancel "
    "command) ";

TEST_F(Device, TheRebootQuestionIsAnsweredByTheActAndTheBootIsSeen) {
  open();
  until({{the("MSM-A", "state", "MASTER")}}, 1s);
  answers_["reboot"] = question;
  answers_["n"] = "\r\nBootROM 1.0\r\nStarting ExtremeWare XOS 11.3...\r\n";
  log_.answers = [this](std::size_t, const std::string& line) {
    if (line == "n") log_.prints(1, "\r\nBootROM 1.0\r\n", 5ms);
    if (line == "n") log_.prints(1, "Starting ExtremeWare XOS 11.3\r\n\r\n" + log_.prompt, 300ms);
    return answers_[line];
  };
  const auto receipt = act("reboot", {{"node", "chassis"}, {"answer", "discard"}});
  EXPECT_EQ(receipt.outcome, Receipt::Outcome::Done);
  EXPECT_TRUE(receipt.took_effect) << receipt.words;
  Term booted{Quantifier::Each, "", "", "boots", {Matcher::Kind::Equals, {"1"}}};
  EXPECT_TRUE(until({{booted}}, 2s).holds);
  EXPECT_TRUE(target_->ask({{the("MSM-A", "asked", "save-changes")}}, 1s, never_).holds);
}

TEST_F(Device, ACancelledRebootIsDoneWithoutABoot) {
  open();
  until({{the("MSM-A", "state", "MASTER")}}, 1s);
  answers_["reboot"] = question;
  const auto receipt = act("reboot", {{"node", "chassis"}, {"answer", "cancel"}});
  EXPECT_EQ(receipt.outcome, Receipt::Outcome::Done);
  EXPECT_TRUE(receipt.took_effect);
  Term booted{Quantifier::Each, "", "", "boots", {Matcher::Kind::Equals, {"0"}}};
  EXPECT_TRUE(until({{booted}}, 2s).holds);
}

TEST_F(Device, AnUnforeseenQuestionIsCancelledAndNamed) {
  open();
  until({{the("MSM-A", "state", "MASTER")}}, 1s);
  answers_["reboot"] = question;
  const auto receipt = act("reboot", {{"node", "chassis"}});
  EXPECT_EQ(receipt.outcome, Receipt::Outcome::Refused);
  EXPECT_THAT(receipt.words, HasSubstr("asked save-changes"));
}

TEST_F(Device, ARebootThatIsTakenWithoutABootTookNoEffect) {
  open();
  until({{the("MSM-A", "state", "MASTER")}}, 1s);
  answers_["reboot msm B"] = "";
  const auto receipt = act("reboot", {{"node", "MSM-B"}});
  EXPECT_EQ(receipt.outcome, Receipt::Outcome::Done);
  EXPECT_FALSE(receipt.took_effect);
  EXPECT_THAT(receipt.words, HasSubstr("no boot was seen"));
}

TEST_F(Device, ActsAtOnceGoToTheirConsolesAndTheBenchTogether) {
  open();
  const auto receipts = target_->act({{"lose", {{"node", "MSM-B"}}},
                                      {"save", {{"node", "MSM-A"}}},
                                      {"press", {{"node", "MSM-A"}}}},
                                     never_);
  EXPECT_EQ(receipts[0].means, "fake");
  EXPECT_EQ(receipts[1].means, "console");
  EXPECT_EQ(receipts[2].outcome, Receipt::Outcome::Unsupported);
  EXPECT_EQ(log_.acts.size(), 1U);
}

TEST_F(Device, ANodeThatDiesWithoutAnActIsAnIncident) {
  open();
  log_.happens(BenchEvent::Kind::NodeEnded, 1, 10ms, false, "exit status 7");
  const auto progress = until({}, 1s);
  ASSERT_EQ(progress.incidents.size(), 1U);
  EXPECT_EQ(progress.incidents[0].kind, Incident::Kind::NodeDied);
  EXPECT_THAT(progress.incidents[0].words, HasSubstr("exit status 7"));
}

TEST_F(Device, TellsACommandThatItHadBegunToAnswer) {
  open();
  log_.is_off = {true, false};
  log_.prints(0, "show switch\r\nSlot:", 100ms);
  log_.prints(0, "   MSM-A", 1900ms);
  const auto incidents = until({{the("MSM-A", "state", "MASTER")}}, 2500ms).incidents;
  ASSERT_FALSE(incidents.empty());
  EXPECT_EQ(incidents.front().kind, Incident::Kind::Late);
  EXPECT_EQ(incidents.front().node, "MSM-A");
  EXPECT_EQ(incidents.front().words,
            "`show switch`: no answer within 2s (`answer` in timing), it was still printing");
}

TEST_F(Device, ANodeThatHangsIsNotLate) {
  open();
  log_.is_off = {true, false};
  EXPECT_THAT(until({{the("MSM-A", "state", "MASTER")}}, 2500ms).incidents, IsEmpty());
}

TEST_F(Device, ANodeThatWeEndedIsNone) {
  open();
  log_.happens(BenchEvent::Kind::NodeEnded, 1, 10ms, true);
  EXPECT_THAT(until({}, 1s).incidents, IsEmpty());
}

TEST_F(Device, ANodeThatDiesBeforeItsFirstPromptCannotBeOpened) {
  log_.is_mute = true;
  log_.prints(1, "cannot find my licence\r\n", 5ms);
  log_.happens(BenchEvent::Kind::NodeEnded, 1, 10ms, false, "exit status 7");
  const auto opened = try_to_open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(to_line(opened.error()), HasSubstr("MSM-B ended: exit status 7"));
  EXPECT_THAT(to_line(opened.error()), HasSubstr("cannot find my licence"));
}

TEST_F(Device, ADeviceThatPrintsGarbageOpensAndSaysWhy) {
  log_.is_mute = true;
  log_.prints(0, "\x01\x02 lorem ipsum", 5ms);
  open();
  const auto progress = until({{the("MSM-A", "state", "MASTER")}}, 1s);
  EXPECT_FALSE(progress.holds);
  ASSERT_EQ(progress.incidents.size(), 2U);
  EXPECT_THAT(progress.incidents[0].words, HasSubstr("no prompt of the dialect exos"));
  EXPECT_THAT(progress.incidents[0].words, HasSubstr("lorem ipsum"));
  EXPECT_THAT(progress.incidents[1].words, HasSubstr("MSM-B printed nothing"));
}

TEST_F(Device, ThatPrintsNothingSaysWhyItsSessionEndedWithoutItsSecrets) {
  log_.is_mute = true;
  mask_ = Mask({"hunter22"});
  for (const std::size_t node : {0, 1})
    log_.happens(BenchEvent::Kind::ConsoleClosed, node, 5ms, false,
                 "sh exited with status 1: hunter22 is no port");
  open();
  const auto incidents = until({{the("MSM-A", "state", "MASTER")}}, 1s).incidents;
  ASSERT_FALSE(incidents.empty());
  EXPECT_EQ(incidents.front().kind, Incident::Kind::SessionLost);
  EXPECT_EQ(incidents.front().words,
            "the console session ended: sh exited with status 1: ******** is no port");
  EXPECT_EQ(incidents.back().words,
            "MSM-B printed nothing; its console session ended: "
            "sh exited with status 1: ******** is no port");
}

TEST_F(Device, NothingIsSentWhileANodeBootsAndPagingIsTurnedOffAgainAfterwards) {
  open();
  until({{the("MSM-A", "state", "MASTER")}}, 1s);
  log_.prints(0, "\r\nBootROM 1.0\r\n");
  const auto before = typed(0).size();
  until({{the("MSM-A", "state", "FAIL")}}, 1s);
  EXPECT_EQ(typed(0).size(), before);
  log_.prints(0, "\r\n" + log_.prompt);
  until({{the("MSM-A", "state", "MASTER")}}, 1s);
  EXPECT_EQ(typed(0)[before], "disable clipaging");
}

TEST_F(Device, CriticalLogLinesAreCounted) {
  open();
  log_.prints(
      0, "\r\n06/14/2021 11:32:11.00 <Crit:NM.NodeStateFail> MSM-A: it failed\r\n" + log_.prompt);
  EXPECT_TRUE(until({{the("MSM-A", "log.critical", "1")}}, 1s).holds);
}

TEST_F(Device, FactsOfTheBenchAreObservations) {
  open();
  BenchEvent event;
  event.kind = BenchEvent::Kind::Fact;
  event.at = log_.now + 10ms;
  event.observation = {
      Observation::Kind::Fact, "backplane", "MSM-A", "state", "DOWN", event.at, event.at, ""};
  log_.add(event);
  EXPECT_TRUE(until({{the("MSM-A", "state", "DOWN", "backplane")}}, 1s).holds);
}

TEST_F(Device, RestoreHealsTheBenchAndArtefactsAreNamed) {
  open();
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_TRUE(log_.has_healed);
  EXPECT_THAT(target_->artefacts(), ElementsAre("backplane.pcap"));
}

TEST_F(Device, CollectAsksEveryNodeThatAnswers) {
  open();
  until({{the("MSM-A", "state", "MASTER")}}, 1s);
  const auto collected = target_->collect(never_);
  ASSERT_FALSE(collected.empty());
  EXPECT_EQ(collected.front().first, "MSM-A show switch");
  EXPECT_THAT(collected.front().second, HasSubstr("MASTER"));
}

TEST_F(Device, TheSameScriptGivesTheSameObservationsTwice) {
  open();
  const auto first = until({{the("MSM-B", "state", "FAIL")}}, 3s).observations;
  log_ = FakeBench::Log{};
  log_.answers = [this](std::size_t, const std::string& line) { return answers_[line]; };
  open();
  EXPECT_EQ(until({{the("MSM-B", "state", "FAIL")}}, 3s).observations, first);
}

}  // namespace
}  // namespace understudy::targets

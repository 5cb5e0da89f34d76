// Custody: what puts a configuration back, what a device is asked and sent for it, and how a device
// that was left down is brought back.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "fresh_folder.h"
#include "harness/files.h"
#include "harness/history.h"
#include "targets/device.h"
#include "targets/device/custody.h"
#include "tests/unit/device_fake.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using test::FakeBench;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

std::shared_ptr<const Dialect> dialect(const std::string& name) {
  const auto found =
      load_dialect_folder(std::string(UNDERSTUDY_SOURCE_DIR) + "/targets/dialects/" + name);
  if (!found) ADD_FAILURE() << to_line(found.error());
  return found ? *found : nullptr;
}

const CustodyRule& rule_of(const Dialect& dialect, const std::string& name) {
  return *std::ranges::find(dialect.custody, name, &CustodyRule::name);
}

std::vector<std::string> sent(const std::string& family, const std::string& taken,
                              const std::string& now) {
  const auto words = dialect(family);
  const auto put = put_back(*words, rule_of(*words, "configuration"), "MSM-A", taken, now);
  EXPECT_THAT(put.cannot, IsEmpty());
  return put.lines;
}

// ---------------------------------------------------------------- what puts a text back

TEST(PuttingBack, UndoesNewLinesLastFirstAndSendsLinesThatAreGone) {
  EXPECT_THAT(
      sent("exos", "create vlan \"office\"\nconfigure vlan office tag 7",
           "create vlan \"v3900\"\nconfigure vlan v3900 add ports 1:1-4,2:3 tagged\n"
           "configure node slot A priority 7"),
      ElementsAre("configure node slot A priority 0", "configure vlan v3900 delete ports 1:1-4,2:3",
                  "delete vlan v3900", "create vlan \"office\"", "configure vlan office tag 7"));
}

TEST(PuttingBack, SendsNothingForLinesInAnotherOrderAndForThoseThatSayTheDefault) {
  const auto words = dialect("exos");
  const CustodyRule& rule = rule_of(*words, "configuration");
  EXPECT_TRUE(is_as_it_was(rule, "enable a\nenable b", "enable b\nenable a"));
  EXPECT_TRUE(is_as_it_was(rule, "enable a", "enable a\nconfigure node slot A priority 0"));
  EXPECT_FALSE(is_as_it_was(rule, "enable a", "enable a\nenable a"));
  EXPECT_FALSE(is_as_it_was(rule, "enable a", "enable a\nconfigure node slot A priority 1"));
}

TEST(PuttingBack, OfABlockThatWasNotThereUndoesTheHeadAlone) {
  EXPECT_THAT(
      sent("procurve", "hostname \"a\"", "hostname \"a\"\nvlan 3900\n   name \"v3900\"\n   exit"),
      ElementsAre("configure", "no vlan 3900", "end"));
}

TEST(PuttingBack, TakesAPasswordOff) {
  EXPECT_THAT(sent("procurve", "hostname \"a\"", "hostname \"a\"\npassword manager"),
              ElementsAre("configure", "no password manager", "end"));
}

TEST(PuttingBack, OfABlockThatIsGoneSendsAllOfIt) {
  EXPECT_THAT(sent("procurve", "vlan 20\n   name \"office\"\n   exit", "hostname \"b\""),
              ElementsAre("configure", "vlan 20", "name \"office\"", "exit", "end"));
}

TEST(PuttingBack, OfALineInABlockGoesThroughItsHead) {
  EXPECT_THAT(
      sent("procurve", "vlan 20\n   name \"old\"\n   exit", "vlan 20\n   name \"new\"\n   exit"),
      ElementsAre("configure", "vlan 20", "no name \"new\"", "exit", "vlan 20", "name \"old\"",
                  "exit", "end"));
}

TEST(PuttingBack, NamesTheLineThatNothingUndoes) {
  const auto words = dialect("exos");
  const auto put = put_back(*words, rule_of(*words, "configuration"), "MSM-A", "", "upload image");
  EXPECT_THAT(put.lines, IsEmpty());
  EXPECT_THAT(put.cannot, ElementsAre("upload image"));
}

TEST(PuttingBack, TellsADifferenceOnOneLine) {
  const CustodyRule rule;
  EXPECT_EQ(difference(rule, "a", "b"), "is `b`, and was `a`");
  EXPECT_EQ(difference(rule, "one\ntwo", "two\nthree"), "`three` is there, `one` is gone");
  EXPECT_EQ(difference(rule, "a", std::nullopt), "is not told any more");
  EXPECT_EQ(difference(rule, "0", "1\n2\n3\n4"),
            "`1` is there, `2` is there, `3` is there, and 2 more");
}

TEST(CustodyRecord, IsReadAsItWasWritten) {
  CustodyRecord record;
  record.nodes = {"MSM-A"};
  record.things = {{"configuration", "MSM-A", "enable a\nenable b"}};
  const auto read = custody_record_from(to_json(record), "custody.json");
  ASSERT_TRUE(read) << to_line(read.error());
  EXPECT_EQ(read->things, record.things);
  EXPECT_EQ(read->nodes, record.nodes);
  EXPECT_FALSE(custody_record_from(Json::object(), "custody.json"));
}

// ---------------------------------------------------------------- what a dialect may say

class CustodyWords : public ::testing::Test {
 protected:
  std::string refused(const std::string& custody) {
    std::ofstream(folder_ / "dialect.yaml")
        << "dialect: d\nconsole: {prompt: '#'}\nanswer: 1s\npoll: 1s\nreads:\n  config:\n"
           "    command: show\n    attributes: {config.active: {text: answer}}\ncustody:\n"
        << custody;
    const auto loaded = load_dialect_folder(folder_.string());
    return loaded ? "" : to_line(loaded.error());
  }

  const testing::FreshFolder own_;
  const std::filesystem::path folder_ = own_.path();
};

TEST_F(CustodyWords, AreRefusedWithTheirPlaceAndAHint) {
  EXPECT_EQ(refused("  a: {take: config.active, of: session, put-back: x}\n"), "");
  EXPECT_THAT(refused("  a: {take: config.actve, put-back: x}\n"),
              AllOf(HasSubstr("dialect.yaml:10: no read tells `config.actve`"),
                    HasSubstr("config.active")));
  EXPECT_THAT(
      refused("  a: {take: config.active, put-back: 'use {valeu}'}\n"),
      AllOf(HasSubstr("dialect.yaml:10: custody has no value for {valeu}"), HasSubstr("value")));
  EXPECT_THAT(refused("  a: {take: config.active}\n"),
              HasSubstr("the custody of `a` says nothing to send (put-back: LINE, with {value})"));
  EXPECT_THAT(refused("  a: {put-back: x}\n"), HasSubstr("the custody of `a` takes nothing"));
  EXPECT_THAT(refused("  a: {take: config.active, of: chasis, put-back: x}\n"),
              HasSubstr("of cannot be `chasis`"));
  EXPECT_THAT(refused("  a: {take: config.active, undo: [{'create (?<a>.+)': 'delete {b}'}]}\n"),
              HasSubstr("custody has no value for {b}"));
  EXPECT_THAT(refused("  a: {take: config.active, undo: {x: y}}\n"),
              HasSubstr("`undo` is a list of {line: what undoes it}"));
  EXPECT_EQ(refused("  a: {take: config.active, tells: something is left}\n"), "");
  for (const std::string more : {"put-back: x", "undo: [{x: y}]", "of: session", "limit: 1s"})
    EXPECT_THAT(refused("  a: {take: config.active, tells: it is left, " + more + "}\n"),
                HasSubstr("the custody of `a` tells, so that it sends nothing"))
        << more;
  EXPECT_THAT(refused("  a: {take: config.active, put-back: x, within: [a]}\n"),
              HasSubstr("`within` is what is sent before and after"));
}

// ---------------------------------------------------------------- a device

/// Two MSMs that keep one configuration, as far as custody asks them.
class Custody : public ::testing::Test {
 protected:
  Custody() {
    log_.answers = [this](std::size_t node, const std::string& line) { return answer(node, line); };
  }

  std::string answer(std::size_t node, const std::string& line) {
    const auto words = [&](const std::string& start) {
      return line.starts_with(start) ? line.substr(start.size()) : "";
    };
    if (line == "show switch")
      return "SysName:          BD-10808\r\nSlot:   MSM-A   MSM-B\r\nCurrent State:   " + states_ +
             "\r\nImage Selected:  primary  primary\r\nConfig Selected:  " + selected_ + ".cfg\r\n";
    if (line == "show management") return "CLI paging   : " + paging_[node] + "\r\n";
    if (line == "show configuration") {
      std::string text = "#\r\n";
      for (const auto& one : node == 1 && !follows_ ? stale_ : lines_) text += one + "\r\n";
      return text;
    }
    if (line == "disable clipaging") paging_[node] = "Disabled";
    if (line == "enable clipaging") paging_[node] = "Enabled";
    if (const auto file = words("use configuration "); !file.empty()) selected_ = file;
    if (refuses_ == line) return "Error: not now\r\n";
    if (const auto name = words("create vlan "); !name.empty())
      change([&] { lines_.push_back("create vlan " + name); });
    if (const auto name = words("delete vlan "); !name.empty())
      change([&] { std::erase(lines_, "create vlan " + name); });
    if (line == "save configuration") log_.prompt = "BD-10808.1 # ";
    return "";
  }

  template <typename Change>
  void change(const Change& it) {
    it();
    log_.prompt = "* BD-10808.1 # ";
  }

  Result<void> try_to_open() {
    DeviceSettings settings;
    settings.testbed = "fake";
    settings.dialect = dialect("exos");
    settings.capabilities.nodes = {"MSM-A", "MSM-B"};
    settings.capabilities.timing = {{"poll", 100ms}, {"answer", 2s}, {"boot", 3s}};
    settings.capabilities.allow = allow_;
    settings.folder = folder_.string();
    settings.custody = record_;
    auto opened = open_device(std::make_unique<FakeBench>(log_, 2), std::move(settings));
    if (!opened) return tl::unexpected(opened.error());
    target_ = std::move(*opened);
    return {};
  }

  void open() {
    const auto opened = try_to_open();
    ASSERT_TRUE(opened) << to_line(opened.error());
    log_.lines.clear();
  }

  void configure(const std::string& vlan) {
    target_->act({{"configure", {{"node", "MSM-A"}, {"add", {{"vlans", {vlan}}}}}}}, never_);
  }

  std::vector<std::string> typed(std::size_t node) const {
    std::vector<std::string> lines;
    for (const auto& [at, line] : log_.lines)
      if (at == node && !line.empty() && !line.starts_with("show switch")) lines.push_back(line);
    return lines;
  }

  bool has_mark() const { return std::filesystem::exists(custody_mark(folder_.string())); }

  NeverCancelled never_;
  const testing::FreshFolder own_;
  const std::filesystem::path folder_ = own_.path();
  std::string states_ = "MASTER   BACKUP (In Sync)";
  std::string selected_ = "primary";
  std::vector<std::string> lines_{"create vlan office"};
  std::vector<std::string> stale_;
  bool follows_ = true;  ///< MSM-B tells what MSM-A does
  std::string refuses_;
  std::vector<std::string> paging_{"Enabled", "Enabled"};
  std::vector<std::string> allow_{"changes", "disrupts", "wears-flash"};
  std::shared_ptr<CustodyRecord> record_ = std::make_shared<CustodyRecord>();
  FakeBench::Log log_;
  std::unique_ptr<Target> target_;
};

TEST_F(Custody, IsTakenAndOnTheDiskBeforeAnythingIsChanged) {
  ASSERT_TRUE(try_to_open());
  EXPECT_THAT(typed(0), ElementsAre("show management", "disable clipaging", "show configuration",
                                    "show configuration"));
  EXPECT_TRUE(has_mark());
  const auto kept = read_text((folder_ / name_of_custody).string());
  ASSERT_TRUE(kept);
  EXPECT_THAT(*kept, HasSubstr("create vlan office"));
}

TEST_F(Custody, PutsBackWhatACaseChangedAndThenSaves) {
  open();
  configure("3900");
  log_.lines.clear();
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_THAT(lines_, ElementsAre("create vlan office"));
  EXPECT_THAT(typed(0),
              ElementsAre("show configuration", "delete vlan v3900", "show configuration",
                          "show configuration", "save configuration", "show configuration",
                          "show management", "enable clipaging", "show management"));
  EXPECT_FALSE(has_mark());
}

TEST_F(Custody, CountsTheLinesThatWearAFlashItsOwnAsWell) {
  open();
  configure("3900");
  EXPECT_EQ(target_->flash_writes(), FlashWrites{});
  target_->act({{"save", {{"node", "MSM-A"}}}}, never_);
  EXPECT_EQ(target_->flash_writes(), (FlashWrites{{"MSM-A", 1}}));
  refuses_ = "save configuration";
  target_->act({{"save", {{"node", "MSM-A"}}}}, never_);
  EXPECT_EQ(target_->flash_writes(), (FlashWrites{{"MSM-A", 1}})) << "it was refused";
  refuses_.clear();
  configure("3901");
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_EQ(target_->flash_writes(), (FlashWrites{{"MSM-A", 2}}));
}

TEST_F(Custody, ChangesNothingWhereNothingWasChanged) {
  open();
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_THAT(typed(0), ElementsAre("show configuration", "show configuration", "show management",
                                    "enable clipaging", "show management"));
}

TEST_F(Custody, OfALostLineSendsItAgain) {
  open();
  lines_.clear();
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_THAT(lines_, ElementsAre("create vlan office"));
}

TEST_F(Custody, OfWhatIsSelectedIsPutBackByTheLeaderOfNow) {
  open();
  selected_ = "other";
  states_ = "BACKUP (In Sync)   MASTER";
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_EQ(selected_, "primary");
  EXPECT_THAT(typed(1), Contains("use configuration primary"));
  EXPECT_THAT(typed(0), Not(Contains("use configuration primary")));
}

TEST_F(Custody, TellsInOneLineWhatCannotBePutBackAndLeavesTheMarkForHeal) {
  open();
  configure("3900");
  refuses_ = "delete vlan v3900";
  const auto lines = target_->restore(never_);
  EXPECT_THAT(lines, Contains("custody: MSM-A: configuration `create vlan v3900` is there "
                              "(`delete vlan v3900`: Error: not now)"));
  EXPECT_THAT(lines,
              Contains("custody: saved-configuration is left alone, since what is in force is "
                       "not as it was"));
  EXPECT_THAT(typed(0), Not(Contains("save configuration")));
  EXPECT_THAT(target_->recovery().remarks, IsEmpty());
  EXPECT_TRUE(has_mark());
}

TEST_F(Custody, OfTheOneThatFollowsIsComparedAsWell) {
  open();
  stale_ = {"create vlan office", "create vlan ghost"};
  follows_ = false;
  EXPECT_THAT(target_->restore(never_),
              Contains("custody: MSM-B: configuration `create vlan ghost` is there"));
}

TEST_F(Custody, KeepsWhatTheFirstCaseFoundForAllThatFollow) {
  open();
  target_.reset();
  lines_.push_back("create vlan left");
  open();
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_THAT(lines_, ElementsAre("create vlan office"));
}

TEST_F(Custody, RefusesADeviceWhoseSavedConfigurationCannotBeTaken) {
  log_.prompt = "* BD-10808.1 # ";
  const auto opened = try_to_open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(to_line(opened.error()),
              AllOf(HasSubstr("MSM-A does not tell `config.saved`"),
                    HasSubstr("save or discard the unsaved changes first")));
}

TEST_F(Custody, OfWhatTheTestbedDoesNotAllowIsLeftAlone) {
  log_.prompt = "* BD-10808.1 # ";
  allow_ = {"changes"};
  open();
  configure("3900");
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_THAT(typed(0), Not(Contains("save configuration")));
}

TEST_F(Custody, TellsTheMarkOfUnsavedChangesThatItLeaves) {
  allow_ = {"changes"};
  open();
  configure("3900");
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_THAT(
      target_->recovery().remarks,
      ElementsAre("custody: MSM-A: unsaved-changes is `yes`, and was `no` (the configuration is as "
                  "it was, the mark is not)"));
  EXPECT_FALSE(has_mark());
}

TEST_F(Custody, TellsOfNoMarkThatWasThereOrWasSaved) {
  open();
  configure("3900");
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_THAT(target_->recovery().remarks, IsEmpty());  // it saved
  allow_ = {"changes"};
  record_ = std::make_shared<CustodyRecord>();
  log_.prompt = "* BD-10808.1 # ";
  open();
  configure("3900");
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_THAT(target_->recovery().remarks, IsEmpty());
}

TEST_F(Custody, WhereNothingMayBeChangedIsOfTheSessionAlone) {
  allow_ = {"reads"};
  open();
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_THAT(typed(0), ElementsAre("show management", "enable clipaging", "show management"));
}

// ---------------------------------------------------------------- a device that was left down

class LeftDown : public Custody {
 protected:
  void hang_up(std::size_t node) {
    log_.happens(BenchEvent::Kind::ConsoleClosed, node, 1ms, true);
    target_->run_until({}, {}, target_->now() + 10ms, never_);
  }
  void comes_up(std::size_t node, Duration after) {
    log_.happens(BenchEvent::Kind::ConsoleOpened, node, after);
    log_.prints(node, "\r\n" + log_.prompt, after);
  }
};

TEST_F(LeftDown, IsWaitedForFirst) {
  open();
  hang_up(1);
  comes_up(1, 5s);
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_THAT(target_->recovery().rungs, IsEmpty());
}

TEST_F(LeftDown, IsLoggedInAgain) {
  open();
  hang_up(1);
  log_.on_open_again = [this](std::size_t node) {
    comes_up(node, 10ms);
    return true;
  };
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_THAT(target_->recovery().rungs,
              ElementsAre("waited 8.0s: MSM-B is ended", "log in again, within 15.0s: it is back"));
  EXPECT_TRUE(target_->recovery().came_back);
}

TEST_F(LeftDown, GetsPowerAgainWhereNoConsoleHelps) {
  log_.words = {"power-off", "power-on"};
  open();
  hang_up(0);
  hang_up(1);
  log_.on_act = [this](const Act& act) {
    if (act.word != "power-on") return;
    comes_up(0, 2s);
    comes_up(1, 2s);
  };
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_THAT(target_->recovery().rungs,
              ElementsAre("waited 8.0s: MSM-A is ended",
                          "log in again: not possible: no console of it can be opened again",
                          StartsWith("reboot by console: not possible: no node says state = "),
                          "power by outlet, within 8.0s: it is back"));
}

// The outlet is off whatever the consoles show of it: a live node would stay without power.
TEST_F(LeftDown, GetsPowerAgainThoughItsLossWasNotSeen) {
  log_.words = {"power-off", "power-on"};
  log_.on_open_again = [](std::size_t) { return false; };
  open();
  hang_up(1);
  log_.on_power = [this](const Act& act) {
    if (act.word == "power-on") {
      comes_up(0, 2s);
      comes_up(1, 2s);
    }
    return PowerChange{{0, 1}, act.word == "power-on", log_.now, false};
  };
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_EQ(log_.acts.back().word, "power-on");
  EXPECT_TRUE(target_->recovery().came_back);
}

TEST_F(LeftDown, AndNotBroughtBackStopsTheTestbed) {
  open();
  hang_up(1);
  EXPECT_THAT(target_->restore(never_), Not(IsEmpty()));
  EXPECT_TRUE(has_mark());
  EXPECT_FALSE(target_->recovery().came_back);
  EXPECT_EQ(target_->recovery().rungs.back(), "the testbed is stopped: MSM-B is ended");
  EXPECT_THAT(target_->recovery().rungs, Contains("power by outlet: not possible: this testbed "
                                                  "cannot `power-off`"));
}

TEST_F(LeftDown, IsADeviceThatNobodyLeads) {
  open();
  states_ = "BACKUP   BACKUP";
  log_.lines.clear();
  EXPECT_THAT(target_->restore(never_),
              Contains("custody: nothing was put back: no node says state = MASTER"));
  EXPECT_THAT(target_->recovery().rungs.front(), "waited 8.0s: no node says state = MASTER");
  EXPECT_THAT(typed(0), Not(Contains(StartsWith("create vlan"))));
  EXPECT_TRUE(has_mark());
}

}  // namespace
}  // namespace understudy::targets

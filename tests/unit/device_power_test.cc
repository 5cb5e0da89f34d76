// Power by outlets and hands on a scripted bench: what is taken for the proof that it is gone.
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

constexpr const char* boot_line = "\r\nStarting ExtremeWare XOS 11.3\r\n";

/// MSM-A leads; an outlet or hands take power from whatever an act names.
class Power : public ::testing::Test {
 protected:
  Power() {
    log_.words = {"lose", "power-off", "power-on", "insert", "remove"};
    log_.is_off = {false, false};
    log_.answers = [this](std::size_t, const std::string& line) {
      if (line != "show switch") return std::string();
      return "Slot:   " + nodes_ + "\r\nCurrent State:   " + states_ + "\r\n";
    };
    log_.on_power = [this](const Act& act) {
      PowerChange change{fed_, act.word == "power-on" || act.word == "insert", log_.now, false};
      change.is_confirmed = is_confirmed_;
      if (does_switch_)
        for (const std::size_t node : fed_) log_.is_off[node] = !change.on;
      if (on_switched_) on_switched_(change.on);
      return change;
    };
  }

  void open() {
    const auto dialect =
        load_dialect_folder(std::string(UNDERSTUDY_SOURCE_DIR) + "/targets/dialects/exos");
    ASSERT_TRUE(dialect) << to_line(dialect.error());
    DeviceSettings settings;
    settings.testbed = "fake";
    settings.dialect = *dialect;
    settings.capabilities.nodes = {"MSM-A", "MSM-B"};
    settings.capabilities.timing = {
        {"poll", 100ms}, {"answer", 2s}, {"boot", 3s}, {"heartbeat", 100ms}};
    settings.capabilities.numbers = {{"limit", 3}};
    settings.capabilities.allow = {"changes", "disrupts"};
    settings.servers = servers_;
    auto opened = open_device(std::make_unique<FakeBench>(log_, 2), std::move(settings));
    ASSERT_TRUE(opened) << to_line(opened.error());
    target_ = std::move(*opened);
    target_->run_until({}, {}, target_->now() + 100ms, never_);
    log_.lines.clear();
  }

  Receipt act(const std::string& word, const Json& nodes) {
    return target_->act({{word, {{"node", nodes}}}}, never_).front();
  }
  /// After `time` the survivor is alone.
  void takes_over_after(Duration time) {
    on_switched_ = [this, time](bool) {
      const Time due = log_.now + time;
      log_.answers = [this, due](std::size_t, const std::string& line) {
        if (line != "show switch") return std::string();
        return log_.now < due ? "Slot:   MSM-A   MSM-B\r\nCurrent State:   MASTER   BACKUP\r\n"
                              : std::string("Slot:   MSM-B\r\nCurrent State:   MASTER\r\n");
      };
    };
  }
  Progress wait(Duration time) { return target_->run_until({}, {}, target_->now() + time, never_); }
  std::vector<std::string> typed(std::size_t node) const {
    std::vector<std::string> lines;
    for (const auto& [at, line] : log_.lines)
      if (at == node) lines.push_back(line);
    return lines;
  }

  NeverCancelled never_;
  std::vector<std::size_t> fed_{0};
  std::vector<std::string> servers_;
  bool is_confirmed_ = false;
  bool does_switch_ = true;
  std::function<void(bool)> on_switched_;
  std::string nodes_ = "MSM-A   MSM-B";
  std::string states_ = "MASTER   BACKUP (In Sync)";
  FakeBench::Log log_;
  std::unique_ptr<Target> target_;
};

TEST_F(Power, IsGoneWhereTheConsoleIsSilentAndThePeerNoLongerShowsTheNode) {
  open();
  takes_over_after(300ms);
  const Receipt lost = act("lose", "MSM-A");
  EXPECT_TRUE(lost.took_effect) << lost.words;
  EXPECT_THAT(lost.words, HasSubstr("the consoles are silent"));
  EXPECT_LT(log_.now - lost.done, 1s);
}

// The line alone was cut: a verdict about the backup would be about the bench.
TEST_F(Power, IsNotGoneWhereThePeerStillShowsTheNodeAlive) {
  open();
  const Receipt lost = act("lose", "MSM-A");
  EXPECT_FALSE(lost.took_effect);
  EXPECT_EQ(lost.outcome, Receipt::Outcome::BenchBroken);
  EXPECT_THAT(lost.words, HasSubstr("MSM-B still shows MASTER"));
}

TEST_F(Power, IsGoneWhereTheOutletItselfSaysSo) {
  is_confirmed_ = true;
  open();
  const Receipt lost = act("lose", "MSM-A");
  EXPECT_TRUE(lost.took_effect) << lost.words;
  EXPECT_THAT(typed(1), Not(Contains("show switch")));
}

// A demand that holds for half a second must not go without answers for as long.
TEST_F(Power, IsWaitedForWhileWhatTheCaseAsksIsAskedOn) {
  is_confirmed_ = true;
  open();
  const Term of_b{Quantifier::The, "MSM-B", "", "unsaved", {Matcher::Kind::Equals, {"yes"}}};
  const Term config{Quantifier::The, "MSM-B", "", "config.active", {Matcher::Kind::Known, {}}};
  target_->ask({{of_b, config}}, 2s, never_);
  log_.lines.clear();
  ASSERT_TRUE(act("lose", "MSM-A").took_effect);
  EXPECT_GE(std::ranges::count(typed(1), "show configuration"), 3);
}

TEST_F(Power, IsNotGoneWhereTheOtherConsoleFallsSilentAsWell) {
  open();
  on_switched_ = [this](bool) { log_.is_off = {true, true}; };
  const Receipt lost = act("lose", "MSM-A");
  EXPECT_FALSE(lost.took_effect);
  EXPECT_THAT(lost.words, HasSubstr("the other consoles are silent as well"));
}

// `synchronize` answers when the other module is back, or minutes later.
TEST_F(Power, IsGoneWhereTheOtherConsoleIsSilentOverAnOrderOfOurs) {
  open();
  const auto answers = log_.answers;
  log_.answers = [answers](std::size_t node, const std::string& line) {
    return line == "create vlan v7" ? "silence" : answers(node, line);
  };
  const std::vector<Act> both{{"configure", {{"node", "MSM-B"}, {"add", {{"vlans", {"7"}}}}}},
                              {"lose", {{"node", "MSM-A"}}}};
  const Receipt lost = target_->act(both, never_).back();
  EXPECT_TRUE(lost.took_effect) << lost.words;
  EXPECT_THAT(lost.words, HasSubstr("the consoles are silent"));
}

TEST_F(Power, IsGoneWhereThePeerBootsAndCannotTell) {
  open();
  on_switched_ = [this](bool) {
    log_.prints(1, boot_line);
    log_.is_off[1] = true;
  };
  const Receipt lost = act("lose", "MSM-A");
  EXPECT_TRUE(lost.took_effect) << lost.words;
}

TEST_F(Power, OfAllNodesIsGoneWhereEveryConsoleIsSilent) {
  fed_ = {0, 1};
  open();
  const Receipt lost = act("lose", "chassis");
  EXPECT_TRUE(lost.took_effect) << lost.words;
}

TEST_F(Power, IsNotGoneWhereTheConsoleEchoes) {
  does_switch_ = false;
  is_confirmed_ = true;
  open();
  const Receipt lost = act("lose", "MSM-A");
  EXPECT_FALSE(lost.took_effect);
  EXPECT_THAT(lost.words, HasSubstr("the consoles do not show it"));
  EXPECT_THAT(typed(0), ElementsAre(""));
}

TEST_F(Power, OfANodeThatBootsIsNotGoneAndNothingIsTypedIntoItsBoot) {
  is_confirmed_ = true;
  open();
  on_switched_ = [this](bool) { log_.prints(0, boot_line, 100ms); };
  const Receipt lost = act("lose", "MSM-A");
  EXPECT_FALSE(lost.took_effect);
  EXPECT_THAT(lost.words, HasSubstr("MSM-A boots: its power did not stay off"));
  EXPECT_THAT(typed(0), IsEmpty());
}

// The outlet came back by itself: what follows is not about a node without power.
TEST_F(Power, ThatComesBackUnaskedBreaksTheBench) {
  is_confirmed_ = true;
  open();
  ASSERT_TRUE(act("lose", "MSM-A").took_effect);
  EXPECT_THAT(wait(1s).incidents, IsEmpty());
  log_.prints(0, boot_line, 100ms);
  const auto incidents = wait(1s).incidents;
  ASSERT_THAT(incidents, testing::SizeIs(1));
  EXPECT_EQ(incidents.front().kind, Incident::Kind::BenchBroken);
  EXPECT_THAT(incidents.front().words, HasSubstr("the power of MSM-A did not stay off: it boots"));
}

TEST_F(Power, ThatIsGivenAgainIsExpected) {
  is_confirmed_ = true;
  open();
  ASSERT_TRUE(act("lose", "MSM-A").took_effect);
  wait(1s);
  on_switched_ = [this](bool) { log_.prints(0, boot_line, 100ms); };
  const Receipt on = act("power-on", "MSM-A");
  EXPECT_TRUE(on.took_effect) << on.words;
  EXPECT_THAT(on.words, HasSubstr("the consoles print"));
  EXPECT_THAT(wait(1s).incidents, IsEmpty());
}

TEST_F(Power, OfAConsoleThatWasNeverHeardNeedsTheOutletsOwnWord) {
  log_.is_mute = true;
  fed_ = {0, 1};
  open();
  EXPECT_THAT(act("power-off", "chassis").words, HasSubstr("the consoles do not show it"));
  is_confirmed_ = true;
  EXPECT_TRUE(act("power-off", "chassis").took_effect);
}

// ---------------------------------------------------------------- the terminal server

class TerminalServer : public Power {
 protected:
  TerminalServer() { servers_ = {"ts1", "ts1"}; }
  Progress ask() {
    const Term any{Quantifier::Any, "", "", "state", {Matcher::Kind::Equals, {"FAIL"}}};
    return target_->run_until({{any}}, {}, target_->now() + 5s, never_);
  }
  void hangs_up(std::size_t node, bool expected = false) {
    log_.happens(BenchEvent::Kind::ConsoleClosed, node, 100ms, expected);
  }
};

TEST_F(TerminalServer, ThatLosesAllItsLinesIsTheBench) {
  open();
  hangs_up(0);
  hangs_up(1);
  const auto incidents = wait(2s).incidents;
  ASSERT_FALSE(incidents.empty());
  EXPECT_EQ(incidents.back().kind, Incident::Kind::BenchBroken);
  EXPECT_THAT(incidents.back().words, HasSubstr("all lines of ts1 are silent since "));
  log_.acts.clear();
  target_->restore(never_);
  EXPECT_THAT(log_.acts, IsEmpty());
}

TEST_F(TerminalServer, ThatFallsSilentIsTheBench) {
  open();
  log_.is_off = {true, true};
  const auto incidents = ask().incidents;
  ASSERT_FALSE(incidents.empty());
  EXPECT_THAT(incidents.back().words, HasSubstr("all lines of ts1 are silent since "));
}

TEST_F(TerminalServer, WithOneLineThatAnswersIsNot) {
  open();
  log_.is_off = {true, false};
  EXPECT_THAT(ask().incidents, IsEmpty());
}

TEST_F(TerminalServer, WhoseNodesLostTheirPowerByUsIsNot) {
  fed_ = {0, 1};
  open();
  ASSERT_TRUE(act("lose", "chassis").took_effect);
  hangs_up(0);
  hangs_up(1);
  EXPECT_THAT(ask().incidents, IsEmpty());
}

TEST_F(TerminalServer, ThatOpensItsLinesAgainLostSessionsOnly) {
  open();
  for (const std::size_t node : {0, 1}) {
    hangs_up(node);
    log_.happens(BenchEvent::Kind::ConsoleOpened, node, 300ms);
    log_.prints(node, "\r\n" + log_.prompt, 310ms);
  }
  for (const Incident& one : wait(2s).incidents)
    EXPECT_EQ(one.kind, Incident::Kind::SessionLost) << one.words;
}

TEST_F(TerminalServer, OfTwoNodesOnLinesOfTheirOwnIsNone) {
  servers_ = {"ts1", "ts2"};
  open();
  hangs_up(0);
  hangs_up(1);
  for (const Incident& one : wait(2s).incidents)
    EXPECT_EQ(one.kind, Incident::Kind::SessionLost) << one.words;
}

// ---------------------------------------------------------------- the end of a case

// What a case left is undone at its end, whatever ended it; nobody holds custody here.
TEST_F(Power, ThatACaseTookIsGivenBackAtItsEnd) {
  is_confirmed_ = true;
  open();
  const LeftUndone outlet{"outlet pdu3: on", {"power-on", {{"node", {"MSM-A"}}}}};
  log_.left = {outlet};
  act("lose", "MSM-A");
  on_switched_ = [&](bool on) {
    if (!on) return;
    log_.left.clear();
    log_.prints(0, boot_line, 100ms);
  };
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_EQ(log_.acts.back(), outlet.act);
  EXPECT_TRUE(log_.has_healed);
}

TEST_F(Power, ThatCannotBeGivenBackIsToldOnce) {
  is_confirmed_ = true;
  open();
  log_.left = {{"outlet pdu3: on", {"power-on", {{"node", {"MSM-A"}}}}}};
  act("lose", "MSM-A");
  EXPECT_THAT(target_->restore(never_),
              ElementsAre("not undone: outlet pdu3: on: ; the consoles do not show it"));
}

// The outlet is on; a node that was never seen to go is not seen to come.
TEST_F(Power, ThatNeverWasSeenToGoIsGivenBackInSilence) {
  open();
  log_.left = {{"outlet pdu3: on", {"power-on", {{"node", {"MSM-A"}}}}}};
  EXPECT_FALSE(act("lose", "MSM-A").took_effect);
  log_.on_act = [this](const Act&) { log_.left.clear(); };
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_EQ(log_.acts.back().word, "power-on");
}

// A run that is interrupted has not seen yet what it did.
TEST_F(Power, OfAModuleThatNoLongerAnswersIsGivenBack) {
  open();
  log_.left = {{"insert MSM-B", {"insert", {{"node", "MSM-B"}}}}};
  log_.is_off = {false, true};
  fed_ = {1};
  log_.on_act = [this](const Act&) { log_.left.clear(); };
  on_switched_ = [this](bool) { log_.prints(1, boot_line, 100ms); };
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_EQ(log_.acts.back().word, "insert");
}

TEST_F(Power, OfAModuleThatAnswersIsGivenBackAlready) {
  open();
  log_.left = {{"insert MSM-B", {"insert", {{"node", "MSM-B"}}}}};
  EXPECT_THAT(target_->restore(never_), IsEmpty());
  EXPECT_THAT(log_.acts, IsEmpty());
  EXPECT_THAT(log_.left, IsEmpty());
}

}  // namespace
}  // namespace understudy::targets

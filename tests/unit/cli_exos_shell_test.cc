// The EXOS shell on a node: several sessions, commands in a row, restarts, copies.
#include <gmock/gmock.h>

#include "reference-impl/chassis/query.h"
#include "tests/golden/cli_pair.h"

namespace understudy::reference {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

constexpr ConsoleId serial = 0;
constexpr ConsoleId telnet = 1;

class ExosShellTest : public testing::Test {
 protected:
  ExosShellTest() : pair_({.needs_login = false}) {
    pair_.power_on(0);
    pair_.run(std::chrono::seconds(10));
    pair_.take_shown(0, serial);
  }

  std::string typed(ConsoleId console, std::string_view bytes) {
    pair_.type(0, console, bytes);
    return pair_.take_shown(0, console);
  }

  CliPair pair_;
};

TEST_F(ExosShellTest, CommandsInOnePieceAreCarriedOutOneAfterTheOther) {
  EXPECT_THAT(typed(serial, "create vlan a\rcreate vlan b\rdelete vlan a\r"),
              EndsWith("* BD-8810.4 # "));
  EXPECT_TRUE(pair_.module(0).node().active.holds("vlan/b"));
  EXPECT_FALSE(pair_.module(0).node().active.holds("vlan/a"));
}

TEST_F(ExosShellTest, EverySessionHasItsOwnLineAndCounterAndPagingIsOneForAll) {
  EXPECT_THAT(typed(telnet, ""), EndsWith("BD-8810.1 # "));
  EXPECT_EQ(typed(telnet, "sho"), "sho");
  EXPECT_THAT(typed(serial, "disable clipaging\r"), EndsWith("BD-8810.2 # "));
  EXPECT_THAT(typed(telnet, "w ports\r"),
              AllOf(EndsWith("BD-8810.2 # "), Not(HasSubstr("Press <SPACE>"))));
}

TEST_F(ExosShellTest, AnAnswerGoesToTheSessionThatAsked) {
  typed(telnet, "");
  EXPECT_THAT(typed(telnet, "save\r"), HasSubstr("(y/N) "));
  EXPECT_EQ(typed(serial, "y"), "y");
  EXPECT_THAT(typed(telnet, "y"), HasSubstr("done!"));
}

TEST_F(ExosShellTest, LogLinesComeOnTheSerialLineOnly) {
  typed(telnet, "");
  pair_.give(0, PartFailed{Part::Fan});
  EXPECT_THAT(pair_.take_shown(0, serial), HasSubstr("<Erro:DM.Error>"));
  EXPECT_EQ(pair_.take_shown(0, telnet), "");
  typed(serial, "disable log display\r");
  pair_.give(0, PartRepaired{Part::Fan});
  EXPECT_EQ(pair_.take_shown(0, serial), "");
}

TEST_F(ExosShellTest, ShowSessionMarksTheLineThatItIsTypedOn) {
  typed(telnet, "");
  EXPECT_THAT(typed(telnet, "show session\r"),
              AllOf(HasSubstr("\n    0     "), HasSubstr("\n*   1     ")));
  EXPECT_THAT(typed(serial, "show session\r"),
              AllOf(HasSubstr("\n*   0     "), HasSubstr("\n    1     ")));
}

TEST(ExosShellLogin, ShowSessionLeavesOutWhoHasNotLoggedIn) {
  CliPair pair({.needs_login = true});
  pair.power_on(0);
  pair.run(std::chrono::seconds(10));
  pair.type(0, telnet, "");
  pair.type(0, serial, "admin\r\r");
  pair.take_shown(0, serial);
  pair.type(0, serial, "show session\r");
  EXPECT_THAT(pair.take_shown(0, serial),
              AllOf(HasSubstr("\n*   0     "), Not(HasSubstr("\n    1     "))));
}

TEST_F(ExosShellTest, WhoLogsInIsToldWhichSlotsAreShutDown) {
  typed(serial, "configure sys-recovery-level slot 1 shutdown\ry");
  const Profile& profile = pair_.module(0).profile();
  pair_.give(0, EntryLearned{profile.replication.module_application, "1", "Failed"});
  pair_.take_shown(0, serial);
  EXPECT_THAT(
      typed(serial, "exit\rn"),
      AllOf(HasSubstr("The I/O modules in the following slots are shut down: 1\r\n"
                      "Use the \"clear sys-recovery-level\" command to restore I/O modules\r\n"),
            EndsWith("! * BD-8810.1 # ")));
}

TEST_F(ExosShellTest, TheStartTellsWhichSlotsAreShutDownAndShowSlotCallsThemInitialized) {
  typed(serial, "configure sys-recovery-level slot 1 shutdown\ry");
  const Profile& profile = pair_.module(0).profile();
  pair_.give(0, module_by_hand(profile, "1", true));
  EXPECT_THAT(typed(serial, "show slot\r"), testing::ContainsRegex("Slot-1 .* Initialized "));
  pair_.power_off(0);
  pair_.power_on(0);
  pair_.run(std::chrono::seconds(10));
  EXPECT_THAT(pair_.take_shown(0, serial),
              AllOf(HasSubstr("The I/O modules in the following slots are shut down: 1\r\n"),
                    HasSubstr("\r\n! BD-8810.1 # ")));
  EXPECT_THAT(typed(serial, "show slot\r"), testing::ContainsRegex("Slot-1 .* Initialized "));
}

TEST_F(ExosShellTest, ASlotThatWasResetTooOftenIsDownAndNotMarked) {
  const Profile& profile = pair_.module(0).profile();
  for (int time = 0; time <= profile.replication.module_resets; ++time) {
    pair_.give(0, module_by_hand(profile, "1", true));
  }
  EXPECT_THAT(typed(serial, "show slot\r"), testing::ContainsRegex("Slot-1 .* Down "));
  EXPECT_THAT(typed(serial, "\r"), Not(HasSubstr("! ")));
}

TEST_F(ExosShellTest, AModuleThatWasNeverHeardIsAnEmptySlot) {
  EXPECT_THAT(typed(serial, "show slot\r"), testing::ContainsRegex("MSM-B +Empty"));
  EXPECT_THAT(typed(serial, "show slot MSM-B detail\r"),
              AllOf(HasSubstr("Empty"), Not(HasSubstr("Serial number"))));
}

TEST_F(ExosShellTest, LeavingHangsUpASessionAndBeginsTheSerialLineAgain) {
  typed(telnet, "");
  EXPECT_THAT(typed(telnet, "exit\r"), HasSubstr("<hung up>"));
  EXPECT_THAT(typed(serial, "show node\rexit\r"), EndsWith("BD-8810.1 # "));
}

TEST_F(ExosShellTest, ARestartHangsUpSessionsAndTheSerialLineShowsTheBoot) {
  typed(telnet, "");
  pair_.give(0, ResetPressed{});
  EXPECT_THAT(pair_.take_shown(0, telnet), HasSubstr("<hung up>"));
  EXPECT_THAT(pair_.take_shown(0, serial), HasSubstr("Starting ExtremeWare XOS 11.3..."));
  EXPECT_EQ(typed(serial, "show node\r"), "");
}

TEST_F(ExosShellTest, ATerminalThatIsConnectedSeesWhatStandsThere) {
  EXPECT_EQ(typed(serial, ""), "\r\nBD-8810.1 # ");
  typed(serial, "show sw");
  EXPECT_EQ(typed(serial, ""), "\r\nBD-8810.1 # show sw");
  typed(serial, "\x15save\r");
  EXPECT_THAT(typed(serial, ""), EndsWith("(y/N) "));
}

TEST_F(ExosShellTest, ALineThatWasLetGoOfIsOpenedAgainAlthoughTheLogWroteOnIt) {
  Module module = pair_.module(0);
  ModuleOutputs outputs;
  module.close(serial);
  module.step(PartFailed{Part::Fan}, outputs);
  outputs.clear();
  module.feed(serial, "", outputs);
  ASSERT_FALSE(outputs.print.empty());
  EXPECT_THAT(outputs.print.back().bytes, EndsWith("BD-8810.1 # "));
}

TEST_F(ExosShellTest, TheWholeWordMayAnswerAQuestion) {
  typed(serial, "create vlan a\r");
  EXPECT_THAT(typed(serial, "save\ryes\r"), EndsWith("done!\r\nBD-8810.3 # "));
  EXPECT_THAT(typed(serial, "save\rno\rshow node\r"), EndsWith("BD-8810.5 # "));
}

TEST_F(ExosShellTest, ALogLineDoesNotNameItsCardTwice) {
  pair_.give(0, PartFailed{Part::Fan});
  EXPECT_THAT(pair_.take_shown(0, serial), HasSubstr("<Erro:DM.Error> MSM-A: Fan failed\r\n"));
  EXPECT_THAT(typed(serial, "show log\r"),
              AllOf(HasSubstr(" MSM-A: Node is now MASTER\r\n"), Not(HasSubstr("MSM-A: MSM-A"))));
}

TEST_F(ExosShellTest, APriorityThatIsAsItWasChangesNothing) {
  EXPECT_THAT(typed(serial, "configure node slot A priority 0\r"), EndsWith("\r\nBD-8810.2 # "));
  EXPECT_THAT(typed(serial, "configure node slot A priority 5\r"), EndsWith("\r\n* BD-8810.3 # "));
  typed(serial, "configure node slot A priority 0\r");
  EXPECT_THAT(typed(serial, "show configuration\r q"), Not(HasSubstr("priority 0")));
}

TEST_F(ExosShellTest, ARebootIsNotScheduledForADayThatNoMonthHas) {
  EXPECT_THAT(typed(serial, "reboot time 2 31 2030 0 0 0\r"),
              HasSubstr("Error: 2/31/2030 is no date.\r\n"));
  EXPECT_THAT(typed(serial, "reboot time 6 31 2030 0 0 0\r"), HasSubstr("Error: 6/31/2030"));
  EXPECT_THAT(typed(serial, "reboot time 2 29 2032 0 0 0\r"), Not(HasSubstr("Error")));
  EXPECT_THAT(typed(serial, "show switch | include Next\r"), HasSubstr("Sun Feb 29 00:00:00 2032"));
}

TEST_F(ExosShellTest, TheTimeOfARebootIsShownAsItWasGivenAndKept) {
  pair_.run(std::chrono::milliseconds(300));
  typed(serial, "reboot time 6 1 2005 0 0 20\r");
  for (int i = 0; i < 9; ++i) {
    pair_.run(std::chrono::seconds(1));
    EXPECT_THAT(typed(serial, "show switch | include Next\r"), HasSubstr("Jun  1 00:00:20 2005"));
  }
  pair_.run(std::chrono::milliseconds(699));
  EXPECT_EQ(pair_.module(0).node().state, NodeState::Master);
  pair_.run(std::chrono::milliseconds(1));
  EXPECT_EQ(pair_.module(0).node().state, NodeState::Down);
}

TEST_F(ExosShellTest, ARebootThatIsScheduledAsksAboutUnsavedChanges) {
  typed(serial, "create vlan a\r");
  EXPECT_THAT(typed(serial, "reboot time 6 1 2005 1 0 0\r"), HasSubstr("<cr> - cancel command) "));
  EXPECT_THAT(typed(serial, "\rshow switch | include Next\r"), HasSubstr("None scheduled"));
  typed(serial, "reboot time 6 1 2005 1 0 0\r");
  EXPECT_THAT(typed(serial, "n\rshow switch | include Next\r"),
              AllOf(HasSubstr("Jun  1 01:00:00 2005"), EndsWith("* BD-8810.6 # ")));
  typed(serial, "reboot cancel\rreboot time 6 1 2005 2 0 0\r");
  EXPECT_THAT(
      typed(serial, "y\rshow switch | include Next\r"),
      AllOf(HasSubstr("done!"), HasSubstr("Jun  1 02:00:00 2005"), EndsWith("\nBD-8810.9 # ")));
}

TEST_F(ExosShellTest, WhatIsTypedAndShownIsNoPartOfTheNode) {
  const std::string before = canonical_bytes(pair_.module(0).node());
  typed(serial, "show switch\r q disable clipaging\rshow log\rclear log\rnonsense\r");
  EXPECT_EQ(canonical_bytes(pair_.module(0).node()), before);
}

TEST_F(ExosShellTest, ACopiedModuleGoesOnWithItsOwnLine) {
  typed(serial, "create vlan ");
  Module copy = pair_.module(0);
  ModuleOutputs outputs;
  copy.feed(serial, "copied\r", outputs);
  typed(serial, "original\r");
  EXPECT_TRUE(copy.node().active.holds("vlan/copied"));
  EXPECT_TRUE(pair_.module(0).node().active.holds("vlan/original"));
  EXPECT_FALSE(pair_.module(0).node().active.holds("vlan/copied"));
}

}  // namespace
}  // namespace understudy::reference

// The EXOS shell on a node: several sessions, commands in a row, restarts, copies.
#include <gmock/gmock.h>

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

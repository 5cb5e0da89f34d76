// The ProCurve command line on two modules of a simulated chassis: contexts, questions, the
// standby's console.
#include <fmt/chrono.h>
#include <gmock/gmock.h>

#include "reference-impl/chassis/procurve_8212zl.h"
#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/procurve.h"
#include "reference-impl/simulation.h"

namespace understudy::reference {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class ProcurveShell : public testing::Test {
 protected:
  ProcurveShell()
      : sim_({.profile = std::make_shared<const Profile>(procurve_8212zl()),
              .make_shell = [](Slot) { return make_procurve_shell({}); }}) {
    sim_.watch();
    sim_.power_on(A);
    sim_.power_on(B);
    sim_.run_until(
        [](const Simulation& sim) { return sim.node(A).peer.state == NodeState::WarmStandby; });
    boot_ = shown(A);
    shown(B);
  }

  std::string shown(Slot slot) {
    for (Happening& one : sim_.take_happenings()) {
      if (one.kind == Happening::Kind::Printed) text_[one.slot] += one.text;
    }
    return std::exchange(text_[slot], {});
  }
  std::string typed(Slot slot, std::string_view bytes) {
    sim_.type(slot, bytes);
    return shown(slot);
  }

  Simulation sim_;
  std::string boot_;
  std::array<std::string, 2> text_;
};

TEST_F(ProcurveShell, ABootNamesItsImageAndEndsInAPromptWithoutLogin) {
  EXPECT_THAT(boot_, HasSubstr("Initializing K.15.06.0017 from primary flash"));
  EXPECT_THAT(typed(A, "\r"), EndsWith("ProCurve Switch 8212zl# "));
}

TEST_F(ProcurveShell, TheWordThatIsNoInputIsNamed) {
  EXPECT_THAT(typed(A, "show nonsense\r"), HasSubstr("\r\nInvalid input: nonsense\r\n"));
  EXPECT_THAT(typed(A, "s\r"), HasSubstr("Incomplete input: "));
}

TEST_F(ProcurveShell, ContextsHaveTheirPromptsAndTheirCommands) {
  EXPECT_THAT(typed(A, "vlan 20\r"), HasSubstr("Invalid input: vlan"));
  EXPECT_THAT(typed(A, "configure\r"), EndsWith("8212zl(config)# "));
  EXPECT_THAT(typed(A, "vlan 20\r"), EndsWith("8212zl(vlan-20)# "));
  EXPECT_THAT(typed(A, "name cellar\r"), Not(HasSubstr("Invalid")));
  EXPECT_THAT(typed(A, "exit\r"), EndsWith("8212zl(config)# "));
  EXPECT_THAT(typed(A, "end\r"), EndsWith("8212zl# "));
  EXPECT_THAT(typed(A, "show running-config\r"),
              HasSubstr("vlan 20\r\n   name \"cellar\"\r\n   exit\r\n"));
}

TEST_F(ProcurveShell, WriteMemorySaysNothingAndConfigStatusTells) {
  typed(A, "configure\rhostname lab\rend\r");
  EXPECT_THAT(typed(A, "show config status\r"), HasSubstr("needs to be saved"));
  typed(A, "write memory\r");
  sim_.run_for(100ms);
  EXPECT_EQ(shown(A), "lab# ");
  EXPECT_THAT(typed(A, "show config status\r"), HasSubstr("Running configuration is same as"));
}

TEST_F(ProcurveShell, BootAsksTwiceWhereSomethingIsUnsaved) {
  typed(A, "configure\rvlan 20\rend\r");
  EXPECT_THAT(typed(A, "boot\r"), EndsWith("do you want to continue [y/n]? "));
  EXPECT_THAT(typed(A, "y"), EndsWith("Do you want to save current configuration [y/n]? "));
  typed(A, "n");
  EXPECT_TRUE(
      sim_.run_until([](const Simulation& sim) { return sim.state(B) == NodeState::Active; }));
}

TEST_F(ProcurveShell, AnswerNoLeavesEverythingAsItIs) {
  typed(A, "configure\rredundancy switchover\r");
  EXPECT_THAT(typed(A, "n"), EndsWith("(config)# "));
  sim_.run_for(10s);
  EXPECT_EQ(sim_.state(A), NodeState::Active);
}

TEST_F(ProcurveShell, TheStandbysConsoleShowsLessAndBecomesAManagersAtTheTakeover) {
  EXPECT_THAT(typed(B, "\r"), EndsWith("Standby Console# "));
  EXPECT_THAT(typed(B, "show running-config\r"),
              HasSubstr("not available on this management module"));
  EXPECT_THAT(typed(B, "show redundancy\r"), AllOf(HasSubstr("MM1"), HasSubstr("Standby")));
  sim_.cut_power(A);
  sim_.run_until([](const Simulation& sim) { return sim.state(B) == NodeState::Active; });
  EXPECT_THAT(shown(B), AllOf(HasSubstr("MM2 is the active management module.\r\n"),
                              EndsWith("ProCurve Switch 8212zl# ")));
}

TEST_F(ProcurveShell, AQuestionMarkOnTheStandbyOffersWhatItTakes) {
  EXPECT_THAT(typed(B, "?"), AllOf(HasSubstr("logout"), Not(HasSubstr("configure"))));
  EXPECT_THAT(typed(B, "show ?"), AllOf(HasSubstr("redundancy"), Not(HasSubstr("running-config"))));
  EXPECT_THAT(typed(A, "show ?"), AllOf(HasSubstr("redundancy"), HasSubstr("running-config")));
}

TEST_F(ProcurveShell, EveryWordOfTheFirstLevelHasItsHelp) {
  EXPECT_THAT(typed(A, "?"), HasSubstr("The session's terminal"));
  EXPECT_THAT(typed(A, "configure\rvlan 20\r?"), HasSubstr("Name of the VLAN"));
}

TEST_F(ProcurveShell, AQuestionMarkOffersWhatTheContextTakes) {
  EXPECT_THAT(typed(A, "?"), AllOf(HasSubstr("reload"), Not(HasSubstr("hostname"))));
  EXPECT_THAT(typed(A, "configure\r?"), AllOf(HasSubstr("reload"), HasSubstr("hostname"),
                                              Not(HasSubstr("Name of the VLAN"))));
  EXPECT_THAT(typed(A, "boot system fl\t"), EndsWith("boot system flash "));
  EXPECT_THAT(typed(A, "pri?"), HasSubstr("primary"));
}

TEST_F(ProcurveShell, ASwitchoverWithRedundancyDisabledIsRefusedWithoutAQuestion) {
  typed(A, "configure\rno redundancy management-module\r");
  sim_.run_for(5s);
  shown(A);
  EXPECT_THAT(typed(A, "redundancy switchover\r"),
              AllOf(HasSubstr("Standby Management Module"), Not(HasSubstr("[y/n]"))));
  EXPECT_EQ(sim_.state(A), NodeState::Active);
}

TEST_F(ProcurveShell, TheAddressesOfAVlanAreInItsConfigurationAndGoWithIt) {
  typed(A, "configure\rvlan 20 ip address 10.0.1.1 255.255.255.0\r");
  EXPECT_THAT(
      typed(A, "show running-config\r"),
      HasSubstr("vlan 20\r\n   name \"VLAN20\"\r\n   ip address 10.0.1.1 255.255.255.0\r\n"));
  EXPECT_THAT(typed(A, "no vlan 20\rshow running-config\r"), Not(HasSubstr("10.0.1.1")));
}

TEST_F(ProcurveShell, ASyslogServerIsConfiguredShownAndTakenAway) {
  typed(A, "configure\rlogging 10.0.0.5\rlogging 10.0.0.5 udp 5514\r");
  EXPECT_THAT(typed(A, "show running-config\r"),
              HasSubstr("\r\nlogging 10.0.0.5\r\nlogging 10.0.0.5 udp 5514\r\n"));
  EXPECT_THAT(typed(A, "no logging 10.0.0.5\rshow running-config\r"),
              AllOf(Not(HasSubstr("\nlogging 10.0.0.5\r")), HasSubstr("10.0.0.5 udp 5514")));
  EXPECT_THAT(typed(A, "no logging 10.0.0.5\r"), HasSubstr("Invalid input: 10.0.0.5"));
  EXPECT_THAT(typed(A, "logging lab\r"), HasSubstr("Invalid input: lab"));
}

TEST_F(ProcurveShell, ASwitchoverNamesTheFlashThatTheNextBootUses) {
  EXPECT_THAT(typed(A, "configure\rredundancy switchover\r"), HasSubstr("from primary image"));
  typed(A, "nend\rboot set-default flash secondary\r");
  EXPECT_THAT(typed(A, "configure\rredundancy switchover\r"), HasSubstr("from secondary image"));
}

TEST_F(ProcurveShell, TheStandbysLogCompletesNoSyncBeforeItBegan) {
  const std::string log = typed(B, "show logging\r");
  EXPECT_LT(log.find("MM2 is Syncing"), log.find("Initial sync to STANDBY COMPLETED"));
}

TEST_F(ProcurveShell, TheActiveModuleLogsWhatItSynchronisesAndWhenThatBeginsAndEnds) {
  const std::string log = typed(A, "show logging\r");
  const auto begun = log.find("Initial sync to STANDBY STARTED");
  EXPECT_LT(begun, log.find("Syncing primary to standby"));
  EXPECT_LT(log.find("Syncing primary to standby"), log.find("Syncing secondary to standby"));
  EXPECT_LT(log.find("Syncing secondary"), log.find("Initial sync to STANDBY COMPLETED"));
  EXPECT_THAT(log, Not(HasSubstr("Configuration changes")));
}

TEST_F(ProcurveShell, WithNonstopSwitchingTheLogTellsWhileChangesAreDisabled) {
  typed(A, "configure\rredundancy management-module nonstop-switching\rend\rboot standby\ry");
  sim_.run_for(1s);
  ASSERT_TRUE(sim_.run_until(in_sync));
  const std::string log = typed(A, "show logging\r");
  EXPECT_LT(log.find("INPROGRESS. Configuration changes are TEMPORARILY DISABLED"),
            log.find("COMPLETED. Configuration changes are ENABLED"));
}

TEST_F(ProcurveShell, EachConsoleNamesItsModuleAndTheChassis) {
  EXPECT_THAT(typed(A, "show redundancy\r"), HasSubstr("This Module     : MM1\r\n"));
  EXPECT_THAT(typed(B, "show redundancy\r"), HasSubstr("This Module     : MM2\r\n"));
  EXPECT_THAT(typed(A, "show modules\r"), HasSubstr("Gig-T zl"));
  EXPECT_THAT(typed(B, "show modules\r"),
              AllOf(HasSubstr("Chassis: 8212zl J9091A         Serial Number:   "), HasSubstr("MM2"),
                    Not(HasSubstr("Gig-T zl"))));
}

TEST_F(ProcurveShell, ASwitchoverToAModuleThatWasShutDownIsRefusedWithoutAQuestion) {
  sim_.press(B, ShutDownPressed{});
  sim_.run_for(1s);
  shown(A);
  EXPECT_THAT(typed(A, "configure\rredundancy switchover\r"),
              AllOf(HasSubstr("Standby Management Module"), Not(HasSubstr("[y/n]"))));
}

TEST_F(ProcurveShell, BothModulesTellWhyTheOfficeChangedLast) {
  ASSERT_TRUE(sim_.run_until(in_sync));
  typed(A, "configure\rredundancy switchover\ry");
  ASSERT_TRUE(sim_.run_until([](const Simulation& sim) {
    return sim.state(B) == NodeState::Active && sim.state(A) == NodeState::WarmStandby;
  }));
  EXPECT_THAT(typed(A, "show redundancy\r"), HasSubstr("Failover Reason : switchover command"));
  EXPECT_THAT(typed(B, "show redundancy\r"), HasSubstr("Failover Reason : switchover command"));
}

TEST_F(ProcurveShell, AReloadThatWasScheduledAsksNothing) {
  typed(A, "configure\rvlan 20\rend\rreload after 1\r");
  sim_.run_for(59s);
  EXPECT_EQ(sim_.state(A), NodeState::Active);
  EXPECT_TRUE(
      sim_.run_until([](const Simulation& sim) { return sim.state(B) == NodeState::Active; }));
  EXPECT_FALSE(sim_.node(B).active.holds("vlan/20"));
}

TEST_F(ProcurveShell, AReloadAtATimeOfTheDayComesWhenTheSwitchsClockShowsIt) {
  const auto soon = static_cast<std::time_t>(clock_of(sim_.diary(A)) + 40);
  typed(A, fmt::format("reload at {:%H:%M:%S}\r", fmt::gmtime(soon)));
  sim_.run_for(38s);
  EXPECT_EQ(sim_.state(A), NodeState::Active);
  sim_.run_for(2s);
  EXPECT_NE(sim_.state(A), NodeState::Active);
}

TEST_F(ProcurveShell, AReloadAtATimeThatHasPassedComesTheNextDay) {
  const auto past = static_cast<std::time_t>(clock_of(sim_.diary(A)) - 1);
  typed(A, fmt::format("reload at {:%H:%M:%S}\r", fmt::gmtime(past)));
  sim_.run_for(1h);
  EXPECT_EQ(sim_.state(A), NodeState::Active);
}

TEST_F(ProcurveShell, AReloadAtNoTimeIsRefused) {
  for (const char* time : {"25:00", "12", "12:60", "12:00:00x", "noon"}) {
    EXPECT_THAT(typed(A, fmt::format("reload at {}\r", time)),
                HasSubstr(fmt::format("Invalid input: {}", time)));
  }
}

TEST_F(ProcurveShell, ThePreferredModuleIsConfiguredShownAndActiveAfterABoot) {
  EXPECT_THAT(typed(A, "show redundancy\r"), HasSubstr("Preferred Module : none"));
  typed(A, "configure\rredundancy active-management management-module2\rend\r");
  EXPECT_THAT(typed(A, "show redundancy\r"), HasSubstr("Preferred Module : MM2"));
  EXPECT_THAT(typed(A, "show running-config\r"),
              HasSubstr("redundancy active-management management-module2\r"));
  typed(A, "write memory\r");
  sim_.run_for(1s);
  typed(A, "boot system\ry");
  EXPECT_TRUE(
      sim_.run_until([](const Simulation& sim) { return sim.state(B) == NodeState::Active; }));
}

TEST_F(ProcurveShell, TheMibTellsFailoversAndWhyThereIsNoStandby) {
  EXPECT_THAT(typed(A, "getMIB hpicfHAMgmtFailovers.0\r"), HasSubstr("Failovers.0 = 0\r\n"));
  EXPECT_THAT(typed(A, "walkMIB hpicfHAFailOverReason\r"), Not(HasSubstr(" = ")));
  ASSERT_TRUE(sim_.run_until(in_sync));
  typed(A, "configure\rredundancy switchover\ry");
  ASSERT_TRUE(sim_.run_until([](const Simulation& sim) {
    return sim.state(B) == NodeState::Active && sim.node(B).peer.state == NodeState::WarmStandby;
  }));
  EXPECT_THAT(typed(B, "walkMIB hpicfHAFailOverReason\r"), HasSubstr("Reason.1 = 1\r\n"));
  EXPECT_THAT(typed(B, "walkMIB hpicfHAMgmtModuleRedundancyState\r"),
              AllOf(HasSubstr("State.1 = 5\r\n"), HasSubstr("State.2 = 2\r\n")));
  EXPECT_THAT(typed(B, "getMIB hpicfHAMgmtRedundancyFailureReason.0\r"), HasSubstr(" = 2\r\n"));
  sim_.cut_power(A);
  sim_.run_for(5s);
  EXPECT_THAT(typed(B, "getMIB hpicfHAMgmtRedundancyFailureReason.0\r"), HasSubstr(" = 6\r\n"));
}

TEST_F(ProcurveShell, BothModulesKeepTheTableOfFailoversUntilTheChassisBoots) {
  for (const Slot from : {A, B}) {
    typed(from, "configure\rredundancy switchover\ry");
    const Slot to = from == A ? B : A;
    ASSERT_TRUE(sim_.run_until([&](const Simulation& sim) {
      return sim.state(to) == NodeState::Active &&
             sim.node(to).peer.state == NodeState::WarmStandby;
    }));
  }
  EXPECT_THAT(typed(A, "walkMIB hpicfHAFailOverMgmtModule\r"),
              AllOf(HasSubstr("Module.1 = 2\r\n"), HasSubstr("Module.2 = 1\r\n")));
  typed(A, "boot system\ry");
  sim_.run_for(1s);
  ASSERT_TRUE(
      sim_.run_until([](const Simulation& sim) { return sim.state(A) == NodeState::Active; }));
  EXPECT_THAT(typed(A, "walkMIB hpicfHAFailOverLogTable\r"), Not(HasSubstr(" = ")));
}

TEST_F(ProcurveShell, AWalkOfTheMibHasWhatIsBelowAName) {
  EXPECT_THAT(typed(A, "walkMIB hpicfHAConfigObjects\r"),
              AllOf(HasSubstr("ModuleMode.0 = 3\r\n"), HasSubstr("FwdingTime.0 = 90\r\n"),
                    HasSubstr("PreferredActiveManagement.0 = 0\r\n"),
                    Not(HasSubstr("hpicfHAMgmtFailovers"))));
  EXPECT_THAT(typed(A, "getMIB sysDescr.0\r"), HasSubstr("sysDescr.0 = ProCurve J9091A"));
  EXPECT_THAT(typed(A, "walkMIB sysFoo\r"), HasSubstr("Invalid input: sysFoo"));
}

TEST_F(ProcurveShell, TheStaleTimerIsAnObjectOfTheMib) {
  const std::string asked = "getMIB hpicfHAContinuousFwdingTime.0\r";
  EXPECT_THAT(typed(A, asked), HasSubstr("hpicfHAContinuousFwdingTime.0 = 90"));
  typed(A, "configure\rredundancy rapid-switchover 0\rend\r");
  EXPECT_THAT(typed(A, asked), HasSubstr("hpicfHAContinuousFwdingTime.0 = 0"));
  EXPECT_THAT(typed(A, "show running-config\r"), HasSubstr("redundancy rapid-switchover 0\r"));
  EXPECT_THAT(typed(A, "getMIB sysFoo.0\r"), HasSubstr("Invalid input: sysFoo.0"));
}

TEST_F(ProcurveShell, APasswordIsAskedForFromTheNextLogOutOnBothModulesAndSparesTheKey) {
  typed(A, "configure\rcrypto key generate ssh rsa\r");
  sim_.run_for(1s);
  const std::string key = typed(A, "show crypto host-public-key\r");
  typed(A, "password manager plaintext cellar\r");
  sim_.run_for(1s);
  EXPECT_EQ(typed(A, "show crypto host-public-key\r"), key);
  EXPECT_THAT(typed(A, "show running-config\r"), HasSubstr("\r\npassword manager\r\n"));
  EXPECT_THAT(typed(A, "logout\ry"), EndsWith("Username: "));
  EXPECT_THAT(typed(A, "manager\rattic\r"), HasSubstr("Unable to verify password"));
  EXPECT_THAT(typed(A, "manager\rcellar\r"), EndsWith("# "));
  EXPECT_THAT(typed(B, "logout\ry"), EndsWith("Username: "));
}

}  // namespace
}  // namespace understudy::reference

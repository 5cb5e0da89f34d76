// What EXOS tells of the chassis, its software, its processes, its power and its links: every form,
// in full and shortened, with help and completion, behind a filter, and how a wrong one is refused.
#include <gmock/gmock.h>

#include <sstream>

#include "reference-impl/chassis/query.h"
#include "tests/golden/cli_pair.h"

namespace understudy::reference {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr ConsoleId serial = 0;

/// Two modules that are in sync; lines end with '\n'.
class ExosShow : public testing::Test {
 protected:
  explicit ExosShow(std::string_view product = "exos-11.3")
      : pair_({.needs_login = false}, product) {
    pair_.power_on(0);
    pair_.power_on(1);
    pair_.run(std::chrono::seconds(10));
    shown("disable clipaging");
  }

  std::string typed(std::string_view keys) {
    pair_.type(0, serial, keys);
    std::string text = pair_.take_shown(0, serial);
    std::erase(text, '\r');
    return text;
  }

  /// The answer to a command, without its echo and the next prompt.
  std::string shown(std::string_view command) {
    pair_.take_shown(0, serial);
    std::string text = typed(std::string(command) + '\r');
    text.erase(0, text.find('\n') + 1);
    return text.substr(0, text.rfind('\n') + 1);
  }

  void learn(std::string_view process, std::string_view key, std::optional<std::string> value) {
    const Profile& profile = pair_.module(0).profile();
    pair_.give(0, EntryLearned{*application_named(profile, process), std::string(key), value});
  }

  CliPair pair_;
};

class NetgearShow : public ExosShow {
 protected:
  NetgearShow() : ExosShow("xcm8800") {}
};

// ------------------------------------------------------------------ slots

TEST_F(ExosShow, ASlotIsABlockAndDetailIsTheBlocksOfAll) {
  EXPECT_THAT(shown("show slot 1"),
              AllOf(StartsWith("Slot-1 information:\n    State:               Operational\n"),
                    HasSubstr("    Flags:               MB\n"),
                    HasSubstr("    Restart count:       0 (limit 5)\n"),
                    HasSubstr("    Hw Module Type:      G24X\n"),
                    HasSubstr("    SW Build:            v1131b3\n"),
                    HasSubstr("    Ports available:     24\n"), Not(HasSubstr("Slot-2"))));
  const std::string all = shown("show slot detail");
  for (const char* name : {"Slot-1", "Slot-2", "MSM-A", "MSM-B"}) {
    EXPECT_THAT(all, HasSubstr(std::string(name) + " information:\n"));
  }
  EXPECT_EQ(shown("show slot 2 detail"), shown("show slot Slot-2"));
}

TEST_F(ExosShow, TheBlockOfAnMsmHasItsStateImagesAndConfiguration) {
  EXPECT_THAT(shown("show slot B"), AllOf(StartsWith("MSM-B information:\n"),
                                          HasSubstr("    Current State:       BACKUP (In Sync)\n"),
                                          HasSubstr("    Image Booted:        primary\n"),
                                          HasSubstr("    Secondary ver:       11.3.1.3\n"),
                                          HasSubstr("    Config Selected:     primary.cfg\n")));
}

TEST_F(ExosShow, ASlotTellsHowOftenItsModuleWasResetAndWhatFollows) {
  pair_.give(0, module_by_hand(pair_.module(0).profile(), "1", true));
  shown("configure sys-recovery-level slot 2 none");
  typed("y");
  EXPECT_THAT(shown("show slot 1"), AllOf(HasSubstr("Restart count:       1 (limit 5)"),
                                          HasSubstr("State:               Initialized"),
                                          HasSubstr("Download %:          0\n"),
                                          HasSubstr("Recovery Mode:       Reset")));
  EXPECT_THAT(shown("show slot 2"), HasSubstr("Recovery Mode:       None"));
}

TEST_F(ExosShow, TheLinkToTheBackupIsFlaggedWhileThereIsOne) {
  EXPECT_THAT(shown("show slot"), HasSubstr("Operational    24  MB\n"));
  pair_.power_off(1);
  pair_.run(std::chrono::seconds(10));
  EXPECT_THAT(shown("show slot"), HasSubstr("Operational    24  M\n"));
}

// ------------------------------------------------------------------ versions

TEST_F(ExosShow, TheDetailOfVersionsNamesTheBoards) {
  EXPECT_THAT(shown("show version"),
              AllOf(HasSubstr("0543G-00012 Rev 2.0\n"), Not(HasSubstr("G24X"))));
  EXPECT_THAT(shown("show version detail"),
              AllOf(HasSubstr("0543G-00012 Rev 2.0 BD-8810\n"),
                    HasSubstr("BootROM: 1.0.1.7 G24X\n"), HasSubstr("IMG: 11.3.1.3 MSM-G8X\n")));
}

TEST_F(ExosShow, ImagesAreShownByCardAndPartition) {
  const std::string head =
      "Card  Partition     Installation Date        Version     Name      Branch\n" +
      std::string(78, '-') + '\n';
  const std::string rest = " Wed Sep 14 09:45:21 PDT 2005 11.3.1.3 bd8800-11.3.1.3.xos v1131b3\n";
  EXPECT_EQ(shown("show version images"), head + "MSM-A  primary  " + rest + "MSM-A  secondary" +
                                              rest + "MSM-B  primary  " + rest +
                                              "MSM-B  secondary" + rest);
  EXPECT_EQ(shown("show version images partition secondary msm B"),
            head + "MSM-B  secondary" + rest);
}

TEST_F(ExosShow, AnImageThatWasInstalledHasItsDateAndItsBranch) {
  pair_.give(0, ImageInstalled{Partition::Secondary, "11.4.0.12"});
  pair_.run(std::chrono::seconds(1));
  EXPECT_THAT(shown("show version images"),
              HasSubstr("MSM-A  secondary Wed Jun  1 00:00:10 UTC 2005 11.4.0.12 "
                        "bd8800-11.4.0.12.xos v1140b12\n"));
}

TEST_F(ExosShow, TheVersionOfAProcessNamesTheCard) {
  EXPECT_THAT(shown("show version process vlan"),
              AllOf(HasSubstr("\nMSM-A vlan             3.0.0.2 "), Not(HasSubstr("fdb"))));
}

// ------------------------------------------------------------------ processes

TEST_F(ExosShow, TheDetailOfAProcessTellsItsPolicyItsRestartsAndSinceWhenItRuns) {
  shown("restart process netLogin");
  const std::string text = shown("show process netLogin detail");
  EXPECT_THAT(
      text, AllOf(HasSubstr(" netLogin         219   ./netLogin"), HasSubstr("Recovery policies\n"),
                  HasSubstr("\n none\n"), HasSubstr("\n 3.0.0.2   Stopped  2     1\n"),
                  HasSubstr(" Wed Jun  1 00:00:00 2005  00/00/00 00:00:10\n")));
  EXPECT_THAT(shown("show process vlan detail"), HasSubstr("\n failover-reboot\n"));
}

TEST_F(ExosShow, TheDetailOfProcessesIsThatOfAll) {
  const std::string text = shown("show process detail");
  EXPECT_THAT(text, AllOf(HasSubstr("./devmgr"), HasSubstr("./pim"), HasSubstr("StartSeq")));
  EXPECT_EQ(shown("show process").find("StartSeq"), std::string::npos);
}

// ------------------------------------------------------------------ management

TEST_F(ExosShow, ManagementTellsWhoIsToldOfTraps) {
  EXPECT_THAT(shown("show management"), HasSubstr("SNMP v1/v2c TrapReceivers        : None\n"));
  shown("configure snmp add trapreceiver 10.0.0.9 port 1162 community public");
  EXPECT_THAT(shown("show management"),
              AllOf(HasSubstr("SNMP v1/v2c TrapReceivers        :\n    Destination "),
                    HasSubstr("\n    10.0.0.9       /1162 "), Not(HasSubstr("None"))));
}

// ------------------------------------------------------------------ power over Ethernet

TEST_F(ExosShow, PowerIsShownForTheSystemAndForSlotsThatFeed) {
  learn("poe", "2:3", "Default");
  learn("poe", "2:4", "Default");
  EXPECT_THAT(
      shown("show inline-power"),
      AllOf(StartsWith("Inline Power System Information\n    Configured              : Enabled\n"),
            HasSubstr(": 1500 Watts available for budgeting\n"), HasSubstr(": 465 Watts available"),
            EndsWith("\n2       Enabled         Operational        50 W            9.660 W\n"),
            Not(HasSubstr("\n1  "))));
}

TEST_F(ExosShow, TheBudgetOfASlotIsConfiguredAndOneThatFeedsNothingHasNone) {
  EXPECT_EQ(shown("configure inline-power budget 100 slot 1"),
            "Error: Slot 1 is not capable of inline-power.\n");
  EXPECT_EQ(shown("configure inline-power budget 100 slot 2"), "");
  EXPECT_THAT(shown("show inline-power"), HasSubstr(" 100 W "));
  EXPECT_THAT(shown("show configuration poe"),
              HasSubstr("\nconfigure inline-power budget 100 slot 2\n"));
}

TEST_F(ExosShow, WithAPowerSupplyLostNothingIsInReserve) {
  pair_.give(0, PartFailed{Part::PowerSupply});
  EXPECT_THAT(shown("show inline-power"),
              AllOf(HasSubstr("Surplus    : 465 Watts"), HasSubstr("Surplus : 0 Watts")));
}

TEST_F(ExosShow, PortsTellWhetherTheyDeliver) {
  learn("poe", "2:3", "Default");
  EXPECT_THAT(shown("show inline-power info ports 1:1,2:2-3"),
              AllOf(HasSubstr("\n2:2     searching       ------ "),
                    HasSubstr("\n2:3     delivering      class2  48.3    100     4.830    0\n"),
                    Not(HasSubstr("1:1"))));
  EXPECT_THAT(shown("show inline-power info detail ports 2:3"),
              AllOf(StartsWith("Port 2:3\n"), HasSubstr("Inline Power State    :  delivering\n")));
  EXPECT_THAT(
      shown("show inline-power stats ports 2:3"),
      AllOf(HasSubstr("STATISTICS COUNTERS\n"), HasSubstr("\n2:3     delivering      class2  0 ")));
}

// ------------------------------------------------------------------ parts and files

TEST_F(ExosShow, FansAndSuppliesTellWhatBroke) {
  EXPECT_THAT(shown("show fans"), AllOf(StartsWith("FanTray 1 information:\n State: "),
                                        HasSubstr("Operational"), Not(HasSubstr("Failed"))));
  EXPECT_THAT(shown("show power"), Not(HasSubstr("Failed")));
  pair_.give(0, PartFailed{Part::Fan});
  pair_.give(0, PartFailed{Part::PowerSupply});
  EXPECT_THAT(shown("show fans"), HasSubstr("Fan-1:                 Failed"));
  EXPECT_THAT(shown("show power"),
              AllOf(StartsWith("PowerSupply 1 information:\n State:                 Failed\n"),
                    HasSubstr("PowerSupply 2 information:\n State:                 Powered On\n")));
}

TEST_F(ExosShow, TemperaturesAreShownByBoard) {
  EXPECT_THAT(shown("show temperature"),
              AllOf(HasSubstr("\nSlot-1   : G24X "), HasSubstr("\nMSM-B    : MSM-G8X"),
                    Not(HasSubstr("Overheat"))));
  pair_.give(0, PartFailed{Part::Temperature});
  EXPECT_THAT(shown("show temperature"), HasSubstr("71.00      Overheat\n"));
}

TEST_F(ExosShow, FilesAreThoseThatWereSaved) {
  EXPECT_EQ(shown("ls"), "");
  typed("save mine\ry");
  EXPECT_THAT(shown("ls"), AllOf(StartsWith("-rw-rw-rw- "), EndsWith(" Jun  1 00:00 mine.cfg\n")));
}

// ------------------------------------------------------------------ link aggregation

TEST_F(ExosShow, AGroupIsShownWithItsKeyAndWithThePartnerThatItsPortsHeard) {
  EXPECT_EQ(shown("enable sharing 2:1 grouping 2:1-2,1:7 lacp"), "");
  EXPECT_THAT(
      shown("show lacp"),
      AllOf(StartsWith("LACP Up                                     : Yes\n"),
            HasSubstr("\n2:1              0  0x07d1 00:00:00:00:00:00       0  0x0000      0\n")));
  learn("lacp", "00:01:30:f9:9c:30 Default", "1:7");
  EXPECT_THAT(shown("show lacp"),
              HasSubstr("\n2:1              0  0x07d1 00:01:30:f9:9c:30       0  0x07d1      1\n"));
  const std::string lag = shown("show lacp lag 2:1");
  EXPECT_THAT(
      lag, AllOf(HasSubstr("\n1:7        0         Current "),
                 HasSubstr("\n2:2        0         Defaulted "), Not(HasSubstr("Activity mode"))));
  EXPECT_THAT(shown("show lacp lag 2:1 detail"), HasSubstr("\nSelected count   : 1\n"));
  EXPECT_THAT(shown("show sharing"),
              AllOf(HasSubstr("   2:1     LACP"), HasSubstr("2:2       -     R")));
}

TEST_F(ExosShow, AGroupIsConfigurationAndAStaticOneIsNoneOfLacp) {
  shown("enable sharing 1:1 grouping 1:1-2");
  EXPECT_THAT(shown("show lacp"), Not(HasSubstr("\n1:1")));
  EXPECT_EQ(shown("show ports sharing"), shown("show sharing"));
  EXPECT_THAT(shown("show configuration vlan"), HasSubstr("\nenable sharing 1:1 grouping 1:1-2\n"));
  EXPECT_EQ(shown("disable sharing 1:1"), "");
  EXPECT_THAT(shown("show sharing"), Not(HasSubstr("1:1")));
}

TEST_F(ExosShow, GroupsThatCannotBeAreRefused) {
  shown("enable sharing 1:1 grouping 1:1-2");
  EXPECT_EQ(shown("enable sharing 1:5 grouping 1:6-7"), "Error: Port 1:5 is not in the group.\n");
  EXPECT_EQ(shown("enable sharing 1:2 grouping 1:2-3"),
            "Error: Port 1:2 is in load-sharing group 1:1 already.\n");
  EXPECT_EQ(shown("enable sharing 1:99 grouping 1:99"), "Error: 1:99 does not exist.\n");
  EXPECT_EQ(shown("disable sharing 1:9"), "Error: Load-sharing group 1:9 does not exist.\n");
  EXPECT_EQ(shown("show lacp lag 1:1"), "ERROR: LAG group Id does not exist\n");
}

TEST_F(ExosShow, LacpCountsWhatWasCheckpointed) {
  EXPECT_THAT(shown("show lacp counters"), HasSubstr("LACP Bulk checkpointed msgs sent    : 4\n"));
}

// ------------------------------------------------------------------ every form

struct Form {
  const char *full, *shortened, *text;  ///< text: in some lines of the answer, not in all
};

class ExosForms : public ExosShow, public testing::WithParamInterface<Form> {};

TEST_P(ExosForms, MayBeShortened) {
  const auto& [full, shortened, text] = GetParam();
  EXPECT_EQ(shown(shortened), shown(full));
}

TEST_P(ExosForms, IsFilteredByText) {
  const auto& [full, shortened, text] = GetParam();
  std::string wanted;
  std::istringstream lines(shown(full));
  for (std::string line; std::getline(lines, line);) {
    if (line.find(text) != std::string::npos) wanted += line + '\n';
  }
  EXPECT_NE(wanted, "");
  EXPECT_EQ(shown(std::string(full) + " | include \"" + text + '"'), wanted);
}

TEST_P(ExosForms, TakesNothingMore) {
  EXPECT_THAT(shown(std::string(GetParam().full) + " nonsense"),
              EndsWith("^\n%% Invalid input detected at '^' marker.\n"));
}

INSTANTIATE_TEST_SUITE_P(
    Show, ExosForms,
    testing::Values(
        Form{"show slot", "sh slo", "MSM-"}, Form{"show slot detail", "sh slot d", "State"},
        Form{"show slot MSM-A", "show slot a", "Image"},
        Form{"show slot 1 detail", "sho slot 1 det", "Type"},
        Form{"show version", "show ver", "Slot-"},
        Form{"show version detail", "sh vers det", "BD-8810"},
        Form{"show version images", "sh ver im", "secondary"},
        Form{"show version images partition primary", "sh ver i p pri", "MSM-B"},
        Form{"show version process vlan", "sh ver p vlan", "vlan"},
        Form{"show process", "sh proc", "Ready"}, Form{"show process detail", "sh proc d", "Start"},
        Form{"show process vlan detail", "sh proc vlan d", "Policy"},
        Form{"show management", "sh man", "CLI"}, Form{"show inline-power", "sh inl", "Watts"},
        Form{"show inline-power info ports 2:1-3", "sh in i p 2:1-3", "2:"},
        Form{"show inline-power stats ports", "sh in s p", "2:4"},
        Form{"show lacp", "sh la", "LACP"}, Form{"show lacp counters", "sh lac c", "PDUs"},
        Form{"show fans detail", "sh fan d", "Fan-2"}, Form{"show power", "sh pow", "State"},
        Form{"show temperature", "sh t", "MSM"}, Form{"show sharing", "sh sha", "Master"},
        Form{"show ports sharing", "sh por s", "Ld"}));

TEST_F(NetgearShow, TheSameFormsCarryItsOwnNames) {
  EXPECT_THAT(shown("show version images"), HasSubstr("xcm8800-12.4.1.7.xos v1241b7\n"));
  EXPECT_THAT(shown("show slot detail"), AllOf(HasSubstr("XCM8848T"), HasSubstr("XCM88S1")));
  EXPECT_THAT(shown("show version detail"), HasSubstr(" XCM8806\n"));
  EXPECT_THAT(shown("show inline-power"), HasSubstr("\n2       Enabled "));
}

TEST_F(ExosShow, AQuestionMarkListsWhatMayFollow) {
  EXPECT_THAT(
      typed("show version ?"),
      AllOf(HasSubstr("   detail   More details\n"), HasSubstr("   images   Software in the"),
            HasSubstr("   process  Processes\n"), HasSubstr("   <cr>     Execute the command\n")));
  EXPECT_THAT(typed("images partition ?"),
              AllOf(HasSubstr("   primary "), HasSubstr("   secondary ")));
  typed("\x15");
  EXPECT_THAT(typed("show slot ?"),
              AllOf(HasSubstr("   MSM-B "), HasSubstr("   Slot-1 "), HasSubstr("   detail ")));
  typed("\x15");
  EXPECT_THAT(typed("show inline-power ?"), AllOf(HasSubstr("   info "), HasSubstr("   stats ")));
}

TEST_F(ExosShow, TabCompletesTheForms) {
  EXPECT_EQ(typed("show version im\t"), "show version images ");
  EXPECT_EQ(typed("\x15show proc\t"),
            std::string(20, '\b') + std::string(20, ' ') + std::string(20, '\b') + "show process ");
  EXPECT_THAT(typed("vl\t"), EndsWith("vlan "));
  EXPECT_THAT(typed("d\t"), EndsWith("detail "));
}

TEST_F(ExosShow, WhatIsNotWholeOrHasTwoMeaningsIsRefused) {
  EXPECT_EQ(shown("show lacp lag"), "%% Incomplete command\n");
  EXPECT_EQ(shown("show version images partition"), "%% Incomplete command\n");
  EXPECT_EQ(shown("show l"), "%% Ambiguous command:  \"l\"\n");
  EXPECT_EQ(shown("show slot 9"),
            "                      ^\n%% Invalid input detected at '^' marker.\n");
  EXPECT_THAT(shown("show process nobody"), HasSubstr("%% Invalid input"));
}

}  // namespace
}  // namespace understudy::reference

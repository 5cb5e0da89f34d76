// What comes to listeners: datagrams that others encoded (pysnmp), damaged ones, floods, and what
// is told of them.
#include <gmock/gmock.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "targets/listeners/listening.h"
#include "targets/listeners/notification.h"
#include "targets/listeners/syslog_message.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// extremeMsmFailoverTrap, community lab-secret: v1 with slot 6 and admin, v2c with slot 6 and
// keepalive.
constexpr std::string_view v1_failover =
    "3053020100040a6c61622d736563726574a44206092b060104018e7c040140040a0000070201060201054301003026"
    "3011"
    "060c2b060104018e7c01010201000201063011060c2b060104018e7c0101012100020102";
constexpr std::string_view v2_failover =
    "306d020101040a6c61622d736563726574a75c0201070201000201003051300e06082b060102010103004302106830"
    "1906"
    "0a2b060106030101040100060b2b060104018e7c040100053011060c2b060104018e7c0101020100020106301106"
    "0c2b060104018e7c0101012100020107";
constexpr std::string_view v1_link_down =
    "303e020100040a6c61622d736563726574a42d06092b060104018e7c040140040a0000070201020201004301003011"
    "300f"
    "060a2b060102010202010103020103";
constexpr std::string_view get_request =
    "302e020101040a6c61622d736563726574a01d02010702010002010030123010060c2b060104018e7c010101210005"
    "00";
constexpr std::string_view all_types =
    "308189020101040a6c61622d736563726574a778020107020100020100306d300d06082b0601020101030043010130"
    "150"
    "60a2b06010603010104010006072b060104010909300b06022b01410500ffffffff300c06022b02460601000000000"
    "130"
    "0906022b030403610062300a06022b0440040a010203300706022b050201fb300a06032b060006032b0601";

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
    unsigned byte = 0;
    std::from_chars(hex.data() + at, hex.data() + at + 2, byte, 16);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

TEST(Notifications, OfVersionTwoSayWhichTheyAreAndWhatTheyHold) {
  const auto trap = read_notification(bytes_of(v2_failover));
  ASSERT_TRUE(trap) << to_line(trap.error());
  EXPECT_EQ(trap->oid, "1.3.6.1.4.1.1916.4.1.0.5");
  EXPECT_EQ(trap->community, "lab-secret");
  EXPECT_THAT(trap->variables, ElementsAre(SnmpVariable{"1.3.6.1.4.1.1916.1.1.2.1.0", "6"},
                                           SnmpVariable{"1.3.6.1.4.1.1916.1.1.1.33.0", "7"}));
  EXPECT_EQ(value_of(trap->variables, "1.3.6.1.4.1.1916.1.1.1.33"), "7");
  EXPECT_EQ(value_of(trap->variables, "1.3.6.1.4.1.1916.1.1.1.3"), std::nullopt);
}

TEST(Notifications, OfVersionOneHaveTheNamesOfVersionTwo) {
  EXPECT_EQ(read_notification(bytes_of(v1_failover))->oid, "1.3.6.1.4.1.1916.4.1.0.5");
  EXPECT_EQ(read_notification(bytes_of(v1_link_down))->oid, "1.3.6.1.6.3.1.1.5.3");
}

TEST(Notifications, HoldValuesOfEveryTypeAsText) {
  const auto trap = read_notification(bytes_of(all_types));
  ASSERT_TRUE(trap) << to_line(trap.error());
  std::vector<std::string> values;
  for (const auto& one : trap->variables) values.push_back(one.value);
  EXPECT_THAT(values, ElementsAre("4294967295", "1099511627777", std::string("a\0b", 3), "10.1.2.3",
                                  "-5", "1.3.6.1"));
}

TEST(Notifications, CutShortAnywhereAreNone) {
  const std::string whole = bytes_of(v2_failover);
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(read_notification(whole.substr(0, length))) << length;
}

TEST(Notifications, AreNothingElse) {
  EXPECT_THAT(read_notification(bytes_of(get_request)).error().what, "SNMP, and no trap");
  EXPECT_THAT(read_notification("hello").error().what, HasSubstr("no SNMP message"));
  std::string third = bytes_of(v2_failover);
  third[4] = 3;
  EXPECT_THAT(read_notification(third).error().what, HasSubstr("SNMPv3"));
}

TEST(SyslogMessages, AreReadInBothForms) {
  struct Row {
    const char* bytes;
    int facility;
    Severity severity;
    const char* host;
    const char* text;
  };
  const std::vector<Row> table{
      {"<190>Jun  2 10:42:18 chassis-7 DM: <Noti:DM.Notice> MSM-A: set\n", 23,
       Severity::Informational, "chassis-7", "DM: <Noti:DM.Notice> MSM-A: set"},
      {"<165>1 2026-11-21T16:00:00.003Z MSM-B exos 8710 ID47 [x@1 a=\"\\]\"] it failed", 20,
       Severity::Notice, "MSM-B", "exos 8710 ID47 [x@1 a=\"\\]\"] it failed"},
      {"<0>1 - - - - - -", 0, Severity::Emergency, "", "- - - -"},
      {"<2>on fire", 0, Severity::Critical, "", "on fire"},
      {"<2>a\x01\xff\n", 0, Severity::Critical, "", "a\\x01\\xff"}};
  for (const Row& row : table) {
    const auto message = read_syslog(row.bytes);
    ASSERT_TRUE(message) << row.bytes;
    EXPECT_EQ(message->facility, row.facility) << row.bytes;
    EXPECT_EQ(message->severity, row.severity) << row.bytes;
    EXPECT_EQ(message->host, row.host) << row.bytes;
    EXPECT_EQ(message->text, row.text) << row.bytes;
  }
  for (const char* bad : {"", "hello", "<>x", "<192>x", "<1234>x", "x<1>"})
    EXPECT_FALSE(read_syslog(bad)) << bad;
}

std::string text_of_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class Listened : public ::testing::Test {
 protected:
  Listened() {
    std::string path =
        (std::filesystem::temp_directory_path() / "understudy-listening-XXXXXX").string();
    folder_ = mkdtemp(path.data());
    settings_.dialect =
        *load_dialect_folder(std::string(UNDERSTUDY_SOURCE_DIR) + "/targets/dialects/exos");
    settings_.nodes = {"MSM-A", "MSM-B"};
    settings_.places = {{"traps", {0x7f000001, 1162}, ""}, {"syslog", {0x7f000001, 5514}, ""}};
    settings_.folder = folder_;
  }
  ~Listened() override { std::filesystem::remove_all(folder_); }

  void open() {
    auto listening = Listening::create(settings_);
    ASSERT_TRUE(listening) << to_line(listening.error());
    listening_ = std::move(*listening);
  }

  /// "MSM-B.traps=1" of what is told of a datagram from 10.0.0.N.
  std::vector<std::string> hear(const std::string& listener, const std::string& bytes,
                                std::uint32_t from = 6) {
    now_ += 1ms;
    auto heard = listening_->hear({listener, {0x0a000000 + from, 5000}, now_, bytes});
    std::vector<std::string> texts;
    for (const Observation& one : heard.facts) {
      EXPECT_EQ(one.kind, Observation::Kind::Fact);
      EXPECT_EQ(one.observer, listener);
      texts.push_back(one.subject + "." + one.attribute + "=" + one.value);
      evidence_ = one.evidence;
    }
    for (const Incident& one : heard.incidents) incidents_.push_back(one.words);
    return texts;
  }

  std::filesystem::path folder_;
  ListeningSettings settings_;
  std::optional<Listening> listening_;
  std::vector<std::string> incidents_;
  std::string evidence_;
  Time now_{};
};

TEST_F(Listened, ATrapIsAboutTheNodeThatItNames) {
  open();
  EXPECT_THAT(hear("traps", bytes_of(v2_failover)),
              ElementsAre("MSM-B.traps=1", "MSM-B.slot.number=6", "MSM-B.failover.cause=keepalive",
                          "MSM-B.traps.failover=1"));
  EXPECT_EQ(evidence_, "traps.pcap:1");
  EXPECT_THAT(hear("traps", bytes_of(v1_failover)),
              ElementsAre("MSM-B.traps=2", "MSM-B.slot.number=6", "MSM-B.failover.cause=admin",
                          "MSM-B.traps.failover=2"));
  EXPECT_THAT(incidents_, IsEmpty());
}

TEST_F(Listened, ATrapIsCountedForTheNodeThatSentIt) {
  settings_.addresses = {0x0a000005, 0x0a000006};
  open();
  EXPECT_THAT(hear("traps", bytes_of(v2_failover), 5),
              ElementsAre("MSM-A.traps=1", "MSM-B.slot.number=6", "MSM-B.failover.cause=keepalive",
                          "MSM-B.traps.failover=1"));
  EXPECT_THAT(hear("traps", bytes_of(v1_link_down), 5), ElementsAre("MSM-A.traps=2"));
}

TEST_F(Listened, AStrangersTrapIsNoFact) {
  settings_.addresses = {0x0a000005, 0x0a000006};
  open();
  EXPECT_THAT(hear("traps", bytes_of(v2_failover), 7), IsEmpty());
  EXPECT_THAT(incidents_,
              ElementsAre(HasSubstr("from 10.0.0.7:5000: the sender is no node of this testbed")));
}

TEST_F(Listened, ATrapWithAnotherCommunityIsNoFactAndItsCommunityIsToldNowhere) {
  settings_.places[0].community = "other";
  open();
  EXPECT_THAT(hear("traps", bytes_of(v2_failover)), IsEmpty());
  EXPECT_THAT(incidents_, ElementsAre(HasSubstr("a trap with another community")));
  EXPECT_THAT(incidents_[0], Not(HasSubstr("lab-secret")));
}

TEST_F(Listened, WordsOutsideTheDialectAreUnread) {
  open();
  std::string strange = bytes_of(v2_failover);
  strange.back() = 99;
  EXPECT_THAT(hear("traps", strange),
              ElementsAre("MSM-B.traps=1", "MSM-B.slot.number=6", "MSM-B.traps.failover=1"));
  EXPECT_THAT(incidents_, ElementsAre(HasSubstr("failover.cause cannot be `99`")));
}

TEST_F(Listened, MalformedDatagramsAreOneLineEachAndNeverAFactAndNotForEver) {
  open();
  for (int i = 0; i < 100; ++i) EXPECT_THAT(hear("traps", "\x30\x84\xff\xff\xff\xff"), IsEmpty());
  ASSERT_EQ(incidents_.size(), 20u);
  EXPECT_THAT(incidents_[0], HasSubstr("6 bytes from 10.0.0.6:5000: no SNMP message"));
  EXPECT_THAT(incidents_[0], HasSubstr("(traps.pcap:1)"));
  EXPECT_THAT(incidents_[19], HasSubstr("more of them are not told of"));
}

TEST_F(Listened, OfAFloodTheBeginningIsKeptAndAllIsCounted) {
  open();
  for (int i = 0; i < 20'000; ++i) hear("traps", bytes_of(v1_link_down));
  const auto size = std::filesystem::file_size(folder_ / "traps.pcap");
  for (int i = 0; i < 5; ++i) EXPECT_THAT(hear("traps", bytes_of(v2_failover)), IsEmpty());
  EXPECT_EQ(std::filesystem::file_size(folder_ / "traps.pcap"), size);
  EXPECT_THAT(incidents_, ElementsAre(HasSubstr("more than 20000 datagrams came")));
  const auto told = listening_->told("traps", "traps.failover", now_);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1].value, "5");
  EXPECT_EQ(told[1].evidence, "traps.pcap:20000");
}

TEST_F(Listened, CountsAreToldBeforeAnythingCameAndCountFromTheAct) {
  open();
  const auto told = listening_->told("traps", "traps.failover", 5ms);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].value, "0");
  EXPECT_THAT(listening_->told("traps", "failover.cause", 5ms), IsEmpty());
  hear("traps", bytes_of(v2_failover));
  listening_->act_begins();
  hear("traps", bytes_of(v2_failover));
  EXPECT_EQ(listening_->since_act("traps", "MSM-B", "traps.failover"), "1");
  EXPECT_EQ(listening_->since_act("traps", "MSM-B", "failover.cause"), std::nullopt);
}

TEST_F(Listened, WhatCameBeforeItWasToldToBeAbsentIsHeardThen) {
  open();
  listening_->told("traps", "traps", 50ms);
  const auto heard = listening_->hear({"traps", {0x0a000006, 5000}, 40ms, bytes_of(v2_failover)});
  EXPECT_EQ(heard.facts.front().heard, Time(50ms));
}

TEST_F(Listened, SyslogIsCountedBySeverityAndByTheConsolesOwnPatterns) {
  open();
  EXPECT_THAT(
      hear("syslog", "<130>Jun  2 10:42:18 MSM-A NM: <Crit:NM.NodeStateFail> it failed"),
      ElementsAre("MSM-A.syslog=1", "MSM-A.syslog.critical=1", "MSM-A.syslog.error=1",
                  "MSM-A.syslog.warning=1", "MSM-A.syslog.node-failed=1", "MSM-A.log.critical=1"));
  EXPECT_THAT(hear("syslog", "<132>Jun  2 10:42:18 MSM-A DM: warm"),
              ElementsAre("MSM-A.syslog=2", "MSM-A.syslog.warning=2"));
  EXPECT_THAT(hear("syslog", "<134>Jun  2 10:42:18 chassis DM: whose?"), IsEmpty());
  EXPECT_THAT(hear("syslog", "no priority"), IsEmpty());
  EXPECT_THAT(incidents_, ElementsAre(HasSubstr("no syslog message")));
}

TEST_F(Listened, SecretsStandAsStarsInWhatIsKept) {
  settings_.mask = Mask({"lab-secret"});
  open();
  hear("traps", bytes_of(v2_failover));
  EXPECT_THAT(listening_->files(), Contains("traps.pcap"));
  const std::string kept = text_of_file(folder_ / "traps.pcap");
  EXPECT_THAT(kept, HasSubstr("**********"));
  EXPECT_THAT(kept, Not(HasSubstr("lab-secret")));
}

}  // namespace
}  // namespace understudy::targets

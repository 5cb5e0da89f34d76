// What a testbed and a dialect say of listeners, and what is refused with its line.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "targets/dialect.h"
#include "targets/testbed.h"

namespace understudy::targets {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string testbed_with(const std::string& listeners, const std::string& address = "10.0.0.7") {
  return "testbed: tiny\ndialect: exos\nnodes:\n  MSM-A: {console: {telnet: \"ts1:7001\"}, "
         "address: " +
         address + "}\nlisteners:\n  " + listeners + "\n";
}

TEST(ListenersOfATestbed, SayWhereTheyHear) {
  const auto file = read_testbed(
      testbed_with("traps: {at: \"udp:0.0.0.0:1162\", reached: 10.0.0.5, community: {env: X}}\n"
                   "  syslog: \"udp:127.0.0.1\""),
      "tiny.yaml");
  ASSERT_TRUE(file) << to_line(file.error());
  ASSERT_EQ(file->listeners.size(), 2u);
  EXPECT_EQ(file->listeners[0].name, "traps");
  EXPECT_EQ(file->listeners[0].address.port, 1162);
  EXPECT_EQ(file->listeners[0].reached, "10.0.0.5");
  EXPECT_EQ(file->listeners[0].community->source, "X");
  EXPECT_EQ(file->listeners[0].where, "tiny.yaml:6");
  EXPECT_EQ(ip_text(file->listeners[1].address), "127.0.0.1");
  EXPECT_EQ(file->listeners[1].address.port, 0);  // one of its own
  EXPECT_TRUE(file->has_fixed_lines);
  EXPECT_EQ(file->nodes[0].address, "10.0.0.7");
}

TEST(ListenersOfATestbed, AreRefusedWithTheirLineAndTheNearestWord) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"trap: \"udp:127.0.0.1\"",
       "tiny.yaml:6: a listener cannot be `trap` (did you mean `traps`?)"},
      {"traps: \"tcp:127.0.0.1:1\"", "tiny.yaml:6: `tcp:127.0.0.1:1` is nothing to listen on"},
      {"traps: \"udp:localhost:162\"", "names no address"},
      {"traps: \"udp:127.0.0.1:0\"", "names no port"},
      {"traps: \"udp:127.0.0.1:65536\"", "names no port"},
      {"traps: \"udp:0.0.0.0:162\"", "0.0.0.0 is no address that a switch can send to"},
      {"traps: {at: \"udp:127.0.0.1\", comunity: x}", "did you mean `community`"},
      {"traps: {at: \"udp:127.0.0.1\", reached: \"here:99\"}",
       "tiny.yaml:6: `here:99` is no address"},
      {"traps: {at: \"udp:127.0.0.1\", community: {env: A, file: b}}",
       "tiny.yaml:6: a community comes from one place"},
      {"syslog: {at: \"udp:127.0.0.1\", community: x}",
       "tiny.yaml:6: what comes to syslog has no community"},
      {"traps: \"udp:127.0.0.1:1162\"\n  syslog: \"udp:127.0.0.1:1162\"",
       "tiny.yaml:7: traps and syslog listen on one port"},
      {"traps: ", "tiny.yaml:6: traps has no address to listen on (traps: \"udp:HOST:PORT\")"},
      {"[traps]", "`listeners` is a map"}};
  for (const auto& [words, part] : table) {
    const auto file = read_testbed(testbed_with(words), "tiny.yaml");
    ASSERT_FALSE(file) << words;
    EXPECT_THAT(to_line(file.error()), HasSubstr(part));
  }
  const auto file =
      read_testbed(testbed_with("traps: \"udp:127.0.0.1\"", "msm-a.lab"), "tiny.yaml");
  ASSERT_FALSE(file);
  EXPECT_THAT(to_line(file.error()), HasSubstr("tiny.yaml:4: `msm-a.lab` is no IPv4 address"));
}

TEST(ListenersOfATestbed, TellTheSuiteTheirWords) {
  const auto parts = load_testbed_parts("exos-11.3-simulated");
  ASSERT_TRUE(parts) << to_line(parts.error());
  EXPECT_THAT(parts->capabilities.observers, ::testing::Contains("traps"));
  EXPECT_THAT(parts->capabilities.observers, ::testing::Not(::testing::Contains("syslog")));
  EXPECT_THAT(
      parts->capabilities.attributes,
      ::testing::IsSupersetOf({"traps.traps", "traps.traps.failover", "traps.failover.cause"}));
}

class DialectOfOurOwn : public ::testing::Test {
 protected:
  DialectOfOurOwn() {
    std::string path =
        (std::filesystem::temp_directory_path() / "understudy-dialect-XXXXXX").string();
    folder_ = mkdtemp(path.data());
  }
  ~DialectOfOurOwn() override { std::filesystem::remove_all(folder_); }

  Result<std::shared_ptr<const Dialect>> load(const std::string& words) {
    std::ofstream(folder_ / "dialect.yaml") << "dialect: own\nextends: exos\n" << words << "\n";
    return load_dialect_folder(folder_);
  }

  std::filesystem::path folder_;
};

TEST_F(DialectOfOurOwn, SaysWhatATrapAndALineTell) {
  const auto dialect = load(
      "traps:\n  fan-failed: {oid: 1.3.6.1.4.1.9.1, attributes: {fan: {oid: 1.3.6.1.4.1.9.2}}}\n"
      "syslog: {node: 'from (?<node>\\S+)', events: {hot: 'too hot'}}");
  ASSERT_TRUE(dialect) << to_line(dialect.error());
  EXPECT_EQ((*dialect)->traps.back().name, "fan-failed");
  EXPECT_EQ((*dialect)->traps.back().attributes[0].attribute, "fan");
  EXPECT_EQ((*dialect)->syslog.events.back().attribute, "hot");
  EXPECT_EQ(node_called(**dialect, {"MSM-A", "MSM-B"}, "B"), 1u);
  EXPECT_EQ(node_called(**dialect, {"MSM-A", "MSM-B"}, "MSM-A"), 0u);
  EXPECT_EQ(node_called(**dialect, {"MSM-A", "MSM-B"}, "C"), 2u);
}

TEST_F(DialectOfOurOwn, IsRefusedWithItsLine) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"traps: {x: {oid: sysUpTime}}", "dialect.yaml:3: `sysUpTime` is no object identifier"},
      {"traps: {x: {oidd: 1.3}}", "did you mean `oid`"},
      {"traps: {X y: {oid: 1.3}}", "`X y` is no name"},
      {"syslog: {node: 'MSM-.'}", "no group `node`"},
      {"syslog: {event: {}}", "did you mean `events`"},
      {"snmp: {attributes: {cause: {oid: 1..3}}}", "`1..3` is no object identifier"}};
  for (const auto& [words, part] : table) {
    const auto dialect = load(words);
    ASSERT_FALSE(dialect) << words;
    EXPECT_THAT(to_line(dialect.error()), HasSubstr(part)) << words;
  }
}

}  // namespace
}  // namespace understudy::targets

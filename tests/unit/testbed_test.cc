// Testbed files: what is read, what is refused and where.
#include <gmock/gmock.h>

#include <fstream>

#include "targets/testbed.h"
#include "targets/testbed_check.h"
#include "tests/unit/fresh_folder.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* sound = R"(testbed: tiny
dialect: exos
nodes:
  MSM-A:
    console: {process: [my-switch, --state, "${MSM-A.state}"], pty: false}
    power: {by: signal}
  MSM-B:
    console: {process: [my-switch], login: {user: admin, password: ""}}
links:
  backplane: {ends: [MSM-A, MSM-B], relay: user-space}
timing: {heartbeat: 100ms, limit: 3, boot: 500ms}
scratch: {vlans: 3900-3902, config: understudy}
allow: [changes]
)";

TEST(Testbeds, SayNodesLinksTimingAndWhatMayBeChanged) {
  const auto file = read_testbed(sound, "tiny.yaml");
  ASSERT_TRUE(file) << to_line(file.error());
  EXPECT_EQ(file->name, "tiny");
  EXPECT_THAT(file->nodes[0].command, ElementsAre("my-switch", "--state", "${MSM-A.state}"));
  EXPECT_FALSE(file->nodes[0].pty);
  EXPECT_EQ(file->nodes[1].login.user, "admin");
  EXPECT_THAT(file->links[0].ends, ElementsAre(0, 1));
  EXPECT_EQ(file->timing[0], std::pair(std::string("heartbeat"), Duration(100ms)));
  EXPECT_EQ(file->numbers[0], std::pair(std::string("limit"), std::int64_t{3}));
  EXPECT_THAT(file->scratch[0].second, ElementsAre("3900", "3901", "3902"));
  EXPECT_TRUE(file->has_placeholders);
}

std::string with_link(const std::string& words) {
  std::string text = sound;
  const std::string link = "relay: user-space";
  return text.replace(text.find(link), link.size(), words);
}

TEST(Testbeds, SayBetweenWhichInterfacesAnInlineWireStands) {
  const auto file =
      read_testbed(with_link("relay: inline, interfaces: [eth1, eth2], filter: udp"), "tiny.yaml");
  ASSERT_TRUE(file) << to_line(file.error());
  EXPECT_THAT(file->links[0].interfaces, ElementsAre("eth1", "eth2"));
  EXPECT_EQ(file->links[0].filter, "udp");
  EXPECT_EQ(file->links[0].payload_at, 14u);  // behind an Ethernet header
  EXPECT_EQ(file->links[0].where, "tiny.yaml:10");
  EXPECT_TRUE(file->has_fixed_lines);  // one job at a time
}

TEST(Testbeds, RefuseAWireThatCannotStand) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"relay: inline", "tiny.yaml:10: an inline wire has one interface for each end"},
      {"relay: inlined", "did you mean `inline`"},
      {"interfaces: [eth1, eth2]", "tiny.yaml:10: `interfaces` is for an inline wire"},
      {"relay: user-space, payload-at: 42", "`payload-at` is for an inline wire"},
      {"relay: inline, interfaces: [eth1, eth2], payload-at: 5000", "no number of bytes"},
  };
  for (const auto& [words, part] : table) {
    const auto file = read_testbed(with_link(words), "tiny.yaml");
    ASSERT_FALSE(file) << words;
    EXPECT_THAT(to_line(file.error()), HasSubstr(part));
  }
}

TEST(Testbeds, RefuseWhatTheyDoNotKnowWithItsLine) {
  struct Row {
    const char* from;
    const char* to;
    const char* part;
  };
  const std::vector<Row> table{
      {"timing:", "timming:", "tiny.yaml:11: a testbed has no key"},
      {"ends: [MSM-A, MSM-B]", "ends: [MSM-A, MSM-C]", "tiny.yaml:10"},
      {"ends: [MSM-A, MSM-B]", "ends: [MSM-A]", "two ends"},
      {"{by: signal}", "{by: outlet}", "no power by `outlet`"},
      {"{by: signal}", "{}", "tiny.yaml:6: power needs the key `by`"},
      {"password: \"\"", "password: {}", "tiny.yaml:8: a password comes from one place"},
      {"heartbeat: 100ms", "heartbeat: soon", "duration"},
      {"allow: [changes]", "allow: [change]", "did you mean `changes`"},
      {"{process: [my-switch], ", "{telnett: \"ts1:7001\", ", "a console says how it is reached"},
      {"{process: [my-switch], ", "{telnet: \"ts1:7001\", ssh: \"admin@10.0.0.1\", ",
       "tiny.yaml:8: two ways to one console: `ssh` and `telnet` (leave one of them)"},
      {"{process: [my-switch], ", "{process: [my-switch], tcp: \"ts1:7001\", ",
       "two ways to one console: `process` and `tcp`"},
      {"{process: [my-switch], ", "{telnet: \"ts1:port\", ",
       "tiny.yaml:8: `ts1:port` is no address"},
      {"{process: [my-switch], ", "{ssh: \"10.0.0.1\", host-key: any, ", "`any`"},
      {"{process: [my-switch], ", "{serial: /dev/ttyS0, line: {speed: 9600, parity: evn}, ",
       "did you mean `even`"},
      {"{process: [my-switch], ", "{serial: /dev/ttyS0, line: {speed: fast}, ", "speed"},
      {"password: \"\"", "password: {envv: X}", "did you mean `env`"},
      {"password: \"\"", "password: {env: X, file: y}", "a password comes from one place"},
      {"password: \"\"", "password: {prompt: true}", "one spelling (password: ask)"},
      {"3900-3902", "3902-3900", "tiny.yaml:12: the range 3902-3900 ends before it begins"},
      {"timing:", "management: {ssh: \"admin@lab-7\", follow: master}\ntiming:",
       "tiny.yaml:11: the management address has no key `follow` (did you mean `follows`?)"},
      {"{process: [my-switch], ", "{telnet: \"ts1:99999\", ",
       "tiny.yaml:8: `ts1:99999`: 99999 is no port (1 to 65535)"},
      {"{process: [my-switch], ", "{tcp: \"ts1:0\", ", "0 is no port"},
      {"allow: [changes]", "allow: []", "tiny.yaml:13: `allow` names nothing"},
      {"timing:", "outlets: {pdu: {feeds: [MSM-B], \"on\": pdu on, \"off\": [b]}}\ntiming:",
       "tiny.yaml:11: `on: pdu on` is the name of one program (on: [pdu, on])"},
      {"timing:", "outlets: {pdu: {feeds: [MSM-C], \"on\": [a], \"off\": [b]}}\ntiming:", "MSM-C"},
      {"[my-switch], login", "[\"${NO_SUCH_NAME}\"], login", "the environment has no NO_SUCH_NAME"},
      {"dialect: exos\n", "", "dialect"}};
  for (const auto& row : table) {
    std::string text = sound;
    text.replace(text.find(row.from), std::string(row.from).size(), row.to);
    const auto file = read_testbed(text, "tiny.yaml");
    ASSERT_FALSE(file) << row.to;
    EXPECT_THAT(to_line(file.error()), HasSubstr(row.part)) << row.to;
    EXPECT_THAT(to_line(file.error()), HasSubstr("tiny.yaml")) << row.to;
  }
}

constexpr const char* lab = R"(testbed: lab-7
dialect: exos
nodes:
  MSM-A:
    console: {telnet: "ts1:7001", line: {speed: 115200, flow: hardware},
              login: {user: admin, password: {env: UNDERSTUDY_TEST_LAB7}}}
  MSM-B:
    console: {ssh: "admin@[fd00::7]:2022", jump: "me@bastion", key: /keys/lab, agent: false,
              known-hosts: /keys/known, command: [console, "7002"], keepalive: 5s}
outlets:
  pdu3-12: {feeds: [MSM-A, MSM-B], "on": [pdu, "on", "12"], "off": [pdu, "off", "12"]}
timing: {boot: 6m}
)";

TEST(Testbeds, SayHowAConsoleIsReached) {
  const auto file = read_testbed(lab, "lab-7.yaml");
  ASSERT_TRUE(file) << to_line(file.error());
  const DoorSettings& telnet = *file->nodes[0].door;
  EXPECT_EQ(to_text(telnet), "telnet ts1:7001");
  EXPECT_EQ(telnet.serial->speed, 115200U);
  EXPECT_EQ(telnet.serial->flow, SerialWords::Flow::Hardware);
  const DoorSettings& ssh = *file->nodes[1].door;
  EXPECT_EQ(to_text(ssh), "ssh admin@fd00::7:2022");
  EXPECT_EQ(ssh.hops.front().host, "bastion");
  EXPECT_EQ(ssh.hops.front().port, "22");
  EXPECT_FALSE(ssh.hops.back().uses_agent);
  EXPECT_FALSE(ssh.hops.back().trusts_first);
  EXPECT_THAT(ssh.command, ElementsAre("console", "7002"));
  EXPECT_EQ(ssh.keepalive, 5s);
  EXPECT_TRUE(file->nodes[0].command.empty());
  EXPECT_EQ(file->nodes[0].power, "outlet");
  EXPECT_THAT(file->outlets[0].feeds, ElementsAre(0, 1));
  EXPECT_TRUE(file->has_fixed_lines);
}

TEST(Testbeds, FindPasswordsOnlyWhenTheyAreNeeded) {
  auto file = read_testbed(lab, "lab-7.yaml");
  ASSERT_TRUE(file) << to_line(file.error());
  EXPECT_EQ(file->nodes[0].login.password, "");
  unsetenv("UNDERSTUDY_TEST_LAB7");
  const auto missing = reveal_passwords(*file);
  ASSERT_FALSE(missing);
  EXPECT_EQ(to_line(missing.error()), "lab-7.yaml:6: the environment has no UNDERSTUDY_TEST_LAB7");
  setenv("UNDERSTUDY_TEST_LAB7", "of the lab", 1);
  const auto secrets = reveal_passwords(*file);
  ASSERT_TRUE(secrets);
  EXPECT_THAT(*secrets, ElementsAre("of the lab"));
  EXPECT_EQ(file->nodes[0].login.password, "of the lab");
}

std::string in_folder(const testing::FreshFolder& folder, const std::string& text) {
  const std::string path = (folder.path() / "tiny.yaml").string();
  std::ofstream(path) << text;
  return path;
}

std::string with_timing(const std::string& words) {
  std::string text = sound;
  const std::string known = "boot: 500ms";
  return text.replace(text.find(known), known.size(), words);
}

TEST(Testbeds, RefuseATimingThatIsNearlyOneOfASuitesLimits) {
  const testing::FreshFolder folder;
  const auto refused = [&](const std::string& words) {
    const auto loaded = load_testbed_parts(in_folder(folder, with_timing(words)));
    return loaded ? std::string() : to_line(loaded.error());
  };
  EXPECT_THAT(refused("takover: 30s"), HasSubstr("tiny.yaml:11: `takover` is no timing"));
  EXPECT_THAT(refused("takover: 30s"), HasSubstr("did you mean `takeover`?"));
  EXPECT_THAT(refused("hearbeat: 7"), HasSubstr("did you mean `heartbeat`?"));
  EXPECT_EQ(refused("takeover: 30s, finish-boot: 1s, synchronise: 5s"), "");
  EXPECT_EQ(refused("door-opens: 3s"), "") << "a limit of a lab's own suite";
}

TEST(Testbeds, NameTheLineOfADialectThatIsNotThere) {
  const testing::FreshFolder folder;
  std::string text = sound;
  const auto loaded =
      load_testbed_parts(in_folder(folder, text.replace(text.find("exos"), 4, "exsos")));
  ASSERT_FALSE(loaded);
  EXPECT_THAT(to_line(loaded.error()),
              HasSubstr("tiny.yaml:2: `exsos`: there is no dialect of that name (did you mean "
                        "`exos`?)"));
}

TEST(Testbeds, ThatCannotWorkSayWhichProgramAndWhichSecretIsMissing) {
  auto file = read_testbed(lab, "lab-7.yaml");
  ASSERT_TRUE(file) << to_line(file.error());
  unsetenv("UNDERSTUDY_TEST_LAB7");
  std::vector<std::string> lines;
  for (const Error& error : cannot_work(*file)) lines.push_back(to_line(error));
  EXPECT_THAT(lines,
              ElementsAre("lab-7.yaml:11: there is no program `pdu` (a program is found beside "
                          "understudy, in PATH, or by its path)",
                          "lab-7.yaml:6: the environment has no UNDERSTUDY_TEST_LAB7"));
  file->outlets[0].on = file->outlets[0].off = {"sh"};
  setenv("UNDERSTUDY_TEST_LAB7", "of the lab", 1);
  EXPECT_THAT(cannot_work(*file), ::testing::IsEmpty());
}

TEST(Testbeds, OfTheTreeAreFoundByName) {
  const auto missing = load_testbed("exos-11.3-simulatd");
  ASSERT_FALSE(missing);
  EXPECT_THAT(to_line(missing.error()), HasSubstr("exos-11.3-simulated"));
  const auto none = load_testbed("./nowhere/lab.yaml");
  ASSERT_FALSE(none);
  EXPECT_THAT(to_line(none.error()), HasSubstr("./nowhere/lab.yaml"));
}

}  // namespace
}  // namespace understudy::targets

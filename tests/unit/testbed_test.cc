// Testbed files: what is read, what is refused and where.
#include <gmock/gmock.h>

#include "targets/testbed.h"

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
      {"password: \"\"", "password: {}", "tiny.yaml:8: a password needs the key `env`"},
      {"heartbeat: 100ms", "heartbeat: soon", "duration"},
      {"allow: [changes]", "allow: [change]", "did you mean `changes`"},
      {"{process: [my-switch], ", "{telnet: \"ts1:7001\", ",
       "this build has process and simulated consoles, not `telnet`"},
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

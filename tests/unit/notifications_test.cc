// What a module tells those who listen on the management network, byte for byte.
#include "reference-impl/notifications.h"

#include <gmock/gmock.h>

#include "reference-impl/chassis/procurve_8212zl.h"
#include "reference-impl/chassis/query.h"
#include "reference-impl/simulation.h"
#include "reference-impl/syslog_line.h"

namespace understudy::reference {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(SyslogLines, HaveThePriorityTheTimeTheHostAndTheTag) {
  const LogEntry entry{1'234'567'890, 42, Severity::Warning, "chassis", "MM2 takes over"};
  EXPECT_EQ(encode(entry, 1, "MM2"), "<12>Feb 13 23:31:30 MM2 chassis: MM2 takes over");
  const LogEntry early{86'400, 0, Severity::Critical, "NM.NodeStateFail", "it failed"};
  EXPECT_EQ(encode(early, 23, "MSM-A"), "<186>Jan  2 00:00:00 MSM-A NM.NodeStateFail: it failed");
}

TEST(SyslogLines, FacilitiesAreCalledAsInTheRfc) {
  EXPECT_EQ(facility_number("kern"), 0);
  EXPECT_EQ(facility_number("user"), 1);
  EXPECT_EQ(facility_number("local0"), 16);
  EXPECT_EQ(facility_number("local7"), 23);
  EXPECT_EQ(facility_number("local8"), std::nullopt);
}

struct Told : testing::Test {
  static bool leads(const Module& module) { return module.node().state == NodeState::Active; }
  static Module module_of(Slot slot) {
    ModuleOutputs outputs;
    FlashFiles flash;
    Module module(std::make_shared<const Profile>(procurve_8212zl()), slot);
    module.step(PowerOn{&flash, 7, 0}, outputs);
    while (!leads(module)) module.pass_time(module.next_timer().value(), outputs);
    return module;
  }
  static void change(Module& module, std::string key, std::string value) {
    ModuleOutputs outputs;
    module.step(Ordered{1, ChangeSetting{{std::move(key), std::move(value)}}}, outputs);
  }
  static std::vector<std::string> told(const Module& module) {
    const LogEntry entry{0, 0, Severity::Info, "system", "hello"};
    std::vector<std::string> all;
    for (const SentDatagram& sent : notifications_of(module, Logged{entry}, 1)) {
      all.push_back(sent.host + ":" + std::to_string(sent.port) + " " + sent.bytes);
    }
    return all;
  }
};

TEST_F(Told, ALeadSendsALineToEachServerOfItsConfiguration) {
  Module module = module_of(0);
  EXPECT_THAT(told(module), IsEmpty());
  change(module, syslog_key("10.0.0.5", "514"), "user");
  change(module, syslog_key("10.0.0.6", "5514"), "local7");
  change(module, syslog_key("10.0.0.7", "514"), "nonsense");
  EXPECT_THAT(told(module),
              ElementsAre(StartsWith("10.0.0.5:514 <14>Jan  1 00:00:00 MM1 system: hello"),
                          StartsWith("10.0.0.6:5514 <190>")));
}

TEST_F(Told, OneThatHoldsNoOfficeSendsNothing) {
  Module module = module_of(0);
  change(module, syslog_key("10.0.0.5", "514"), "user");
  ModuleOutputs outputs;
  module.step(PowerOff{}, outputs);
  EXPECT_THAT(told(module), IsEmpty());
}

}  // namespace
}  // namespace understudy::reference

// A suite's YAML, and the plans of what is sound: each plan survives being stored.
#include "harness/suite.h"
#include "harness/limits.h"
#include "harness/listing.h"
#include "harness/plan.h"

namespace {

using namespace std::chrono_literals;

understudy::Capabilities bench() {
  return {.nodes = {"MSM-A", "MSM-B"},
          .links = {"backplane"},
          .acts = {"configure", "lose", "save", "reboot", "cut", "restore", "drop", "power",
                   "switchover"},
          .attributes = {"state", "sync", "config.active", "config.saved", "boots", "dirty"},
          .vocabularies = {{"state", {"MASTER", "BACKUP", "FAIL", "INIT", "STANDBY"}}},
          .observers = {"MSM-A", "MSM-B", "backplane"},
          .frame_types = {{"backplane", {"heartbeat", "other"}}},
          .timing = {{"heartbeat", 100ms}, {"boot", 1s}, {"poll", 20ms}, {"resolve", 1s}},
          .numbers = {{"limit", 3}},
          .scratch = {{"vlans", {"v1", "v2"}}},
          .allow = {"reads", "changes", "disrupts"},
          .repeatable = true};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace understudy;
  static const Capabilities capabilities = bench();
  const auto suite =
      load_suite(std::string(reinterpret_cast<const char*>(data), size), "fuzz.yaml");
  if (!suite) {
    ensure(to_line(suite.error()).find('\n') == std::string::npos, "an error is one line");
    return 0;
  }
  list_json(*suite, {});
  for (const Case& one : suite->cases) {
    const auto plans = make_plans(*suite, one, capabilities, "fuzz", 1);
    if (!plans) continue;
    for (const Plan& plan : *plans) {
      const Json stored = to_json(plan);
      const auto again = plan_from(stored, "plan.json");
      ensure(again && to_json(*again) == stored, "a plan is stored whole");
    }
  }
  return 0;
}

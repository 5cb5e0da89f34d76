// A testbed that can do everything, and plans of small suites on it, for tests of the planner.
#pragma once

#include <fmt/format.h>

#include <gtest/gtest.h>

#include "harness/plan.h"
#include "harness/words.h"
#include "tests/unit/suite_text.h"

namespace understudy {

inline Capabilities able_testbed() {
  using namespace std::chrono_literals;
  Capabilities capabilities;
  capabilities.nodes = {"MSM-A", "MSM-B"};
  capabilities.links = {"backplane"};
  capabilities.acts = names_of(act_words());
  capabilities.attributes = names_of(attribute_words());
  for (const AttributeWord& word : attribute_words())
    capabilities.attributes.push_back(fmt::format("backplane.{}", word.name));
  capabilities.frame_types = {{"backplane", {"heartbeat", "checkpoint-bulk", "other"}}};
  capabilities.observers = {"MSM-A", "MSM-B", "backplane", "traps"};
  for (const char* heard : {"traps.traps", "traps.failover.cause"})
    capabilities.attributes.emplace_back(heard);
  capabilities.timing = {{"heartbeat", 100ms}, {"poll", 20ms}};
  capabilities.numbers = {{"limit", 3}};
  capabilities.scratch = {{"vlans", {"3900", "3901", "3902"}}};
  capabilities.allow = {"reads", "changes", "disrupts", "wears-flash"};
  return capabilities;
}

inline Suite suite_of(const std::string& text) {
  const auto suite = load_suite(text, "s.yaml");
  EXPECT_TRUE(suite) << (suite ? "" : to_line(suite.error())) << "\n" << text;
  return suite.value_or(Suite{});
}

/// The plans of the first case.
inline std::vector<Plan> plans_of(const Suite& suite, const Capabilities& capabilities,
                                  std::uint64_t seed = 7) {
  const auto plans = make_plans(suite, suite.cases.at(0), capabilities, "lab-7", seed);
  EXPECT_TRUE(plans) << (plans ? "" : to_line(plans.error()));
  return plans.value_or(std::vector<Plan>{});
}

/// The one plan of a case with these steps.
inline Plan plan_of_steps(const std::string& steps,
                          const Capabilities& capabilities = able_testbed()) {
  const auto plans = plans_of(suite_of(suite_with_steps(steps)), capabilities);
  EXPECT_EQ(plans.size(), 1u);
  return plans.empty() ? Plan{} : plans.front();
}

/// A case over these roles with a vary line.
inline std::string suite_with_vary(const std::string& vary, const std::string& steps) {
  return std::string(suite_head) +
         "cases:\n  example:\n    title: An example\n    given: {master: MASTER, backup: BACKUP}\n "
         "   vary: " +
         vary + "\n    steps:\n" + steps;
}

}  // namespace understudy

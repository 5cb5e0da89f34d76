// The suite that tests of the suite language write their pieces into. Line numbers in expected
// messages count from its first line.
#pragma once

#include <string>

#include "harness/suite.h"

namespace understudy {

inline constexpr const char* suite_head = R"yaml(suite: example
title: A suite for tests
product: ExampleOS
edition: "1.0"
documents: {guide: ExampleOS 1.0 Guide}
limits: {takeover: heartbeat * limit, boot: 6m, unknown: }
clauses:
  backup-takes-over: {level: MUST, source: SEED, citation: "guide, page 7", statement: The backup takes over.}
)yaml";

inline constexpr const char* case_head = R"yaml(cases:
  example:
    title: An example
    given: {master: MASTER, backup: BACKUP}
    steps:
)yaml";

inline std::string suite_with_steps(const std::string& steps) {
  return std::string(suite_head) + case_head + steps;
}

}  // namespace understudy

// `plan --dry`: every byte that a run may send, before it sends any. What each case would send or
// do in its order, and before it, once, what any case may send beside it: logins, questions,
// custody. Pure functions of the testbed, its dialect and the plan; secrets stand as stars.
#pragma once

#include <map>
#include <span>
#include <string>

#include "harness/plan.h"
#include "targets/testbed.h"

namespace understudy::app {

/// What is sent to consoles around the acts, each command line once.
std::string dry_text_of_all(const targets::LoadedTestbed& testbed);

/// The acts of one plan: lines on consoles, commands of outlets and hands.
std::string dry_text(const Plan& plan, const targets::LoadedTestbed& testbed);

/// How often the acts of these plans write a flash, and what custody may add.
std::string flash_text(std::span<const Plan> plans, const targets::LoadedTestbed& testbed);

}  // namespace understudy::app

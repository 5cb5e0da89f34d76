// What is known of the host that runs the harness. Goes beside a history, never into it.
#pragma once

#include <string>

#include "harness/target.h"

namespace understudy {

/// How many processes waited for a processor, on average over one, five and fifteen minutes.
Json load_of_the_host();

/// The wall clock: "2026-11-21T09:01:37Z".
std::string now_in_utc();

}  // namespace understudy

// What only hands can do: shown on the terminal, done by somebody there, who then presses Enter.
// Used by the process bench on attended runs.
#pragma once

#include <functional>
#include <string>

#include "harness/error.h"

namespace understudy::targets {

inline constexpr const char* wants_operator = "only hands can do it here; --attended asks for them";

/// Shows `order` and waits for Enter, calling `meanwhile` again and again, which must return soon.
/// Nobody answers two orders at once. The error is that there is no terminal, or nobody at it.
Result<void> ask_operator(const std::string& order, const std::function<void()>& meanwhile);

}  // namespace understudy::targets

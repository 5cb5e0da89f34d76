// The bytes of one line to a syslog server, as RFC 3164 found them in the field. A value in, a
// datagram out; targets/listeners reads it with a parser of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reference-impl/chassis/diary.h"

namespace understudy::reference {

/// RFC 3164, section 4.1.1: "kern" is 0, "user" 1, "local7" 23. Nothing: no facility is called so.
std::optional<int> facility_number(std::string_view word);

/// The priority, the time (UTC), `host`, the entry's component as the tag, and its text.
std::string encode(const LogEntry& entry, int facility, std::string_view host);

}  // namespace understudy::reference

// One SNMP notification out of a datagram, by net-snmp's library: traps of v1 and v2c. Used by the
// listening device, for bytes that anybody may have sent: what is no notification is an error that
// says why, without its bytes. A pure function; calls take turns, as the library keeps its last
// error in one place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/error.h"

namespace understudy::targets {

/// A variable of a message: "1.3.6.1.2.1.1.1.0" and its value as text.
struct SnmpVariable {
  std::string oid;
  std::string value;

  friend bool operator==(const SnmpVariable&, const SnmpVariable&) = default;
};

struct Notification {
  std::string oid;        ///< which one; of v1 as RFC 3584 maps it
  std::string community;  ///< a password
  std::vector<SnmpVariable> variables;
};

Result<Notification> read_notification(std::string_view bytes);

/// The value of `oid` itself or of its one instance `oid.0`; nothing if it is not there.
std::optional<std::string> value_of(const std::vector<SnmpVariable>& variables,
                                    std::string_view oid);

}  // namespace understudy::targets

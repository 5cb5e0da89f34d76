// What net-snmp's library holds as text. Used inside this folder only, behind its headers.
#pragma once

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include <mutex>
#include <vector>

#include "targets/listeners/notification.h"

namespace understudy::targets {

/// The library's own state (request numbers, the text of the last error) is for one thread at a
/// time.
std::mutex& snmp_library();

std::string text_of(const oid* parts, std::size_t count);
std::vector<SnmpVariable> variables_of(const netsnmp_pdu& message);

/// "1.3.6.1", with or without a dot before it; empty if it is none.
std::vector<oid> oid_from(std::string_view text);

}  // namespace understudy::targets

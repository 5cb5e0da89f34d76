// What a module tells those who listen on the management network, by its active configuration: a
// takeover, an SNMP notification to each trap receiver (snmp_trap); as lead, each line of its log,
// a line to each syslog server (syslog_line). Both hosts send the same datagrams.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reference-impl/module.h"

namespace understudy::reference {

struct SentDatagram {
  std::string host;
  std::uint16_t port = 0;
  std::string bytes;
};

/// `request` identifies an SNMP notification.
std::vector<SentDatagram> notifications_of(const Module& module, const Output& output,
                                           std::uint32_t request);

}  // namespace understudy::reference

// The bytes of one SNMPv2 notification, extremeMsmFailoverTrap of EXTREME-TRAP-MIB: what a failover
// tells those who listen. A value in, a datagram out; the encoding is BER (X.690), SNMPv2c
// (RFC 1901, RFC 3416). Own code: net-snmp's library, which reads it (targets/listeners), cannot
// cancel out a wrong byte of its own, and the reference wants no library for 150 bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace understudy::reference {

struct SnmpTrap {
  std::string_view community;
  std::uint32_t request = 1;     ///< identifies the notification
  std::uint32_t uptime = 0;      ///< of the system, hundredths of a second
  std::string_view description;  ///< sysDescr
  int master_slot = 1;           ///< extremeMasterMSMSlot, counted from 1
  int cause = 1;                 ///< extremeMsmFailoverCause
};

std::string encode(const SnmpTrap& trap);

}  // namespace understudy::reference

#include "reference-impl/snmp_trap.h"

#include <initializer_list>
#include <vector>

namespace understudy::reference {
namespace {

enum Tag : unsigned char {
  kInteger = 0x02,
  kOctets = 0x04,
  kObject = 0x06,
  kSequence = 0x30,
  kTimeTicks = 0x43,
  kTrap = 0xa7  // SNMPv2-Trap-PDU
};

using Oid = std::vector<std::uint32_t>;
const Oid sys_up_time{1, 3, 6, 1, 2, 1, 1, 3, 0};
const Oid snmp_trap_oid{1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0};
const Oid sys_descr{1, 3, 6, 1, 2, 1, 1, 1, 0};
const Oid msm_failover_trap{1, 3, 6, 1, 4, 1, 1916, 4, 1, 0, 5};
const Oid master_msm_slot{1, 3, 6, 1, 4, 1, 1916, 1, 1, 2, 1, 0};
const Oid msm_failover_cause{1, 3, 6, 1, 4, 1, 1916, 1, 1, 1, 33, 0};

std::string tagged(Tag tag, std::string_view content) {
  std::string text(1, static_cast<char>(tag));
  const std::size_t size = content.size();
  if (size > 0x7f) {
    text += static_cast<char>(size > 0xff ? 0x82 : 0x81);
    if (size > 0xff) text += static_cast<char>(size >> 8);
  }
  text += static_cast<char>(size & 0xff);
  return text.append(content);
}

/// Two's complement, as short as it can be.
std::string number(std::uint64_t value, Tag tag = kInteger) {
  std::string bytes;
  do {
    bytes.insert(bytes.begin(), static_cast<char>(value & 0xff));
    value >>= 8;
  } while (value > 0);
  if ((bytes.front() & 0x80) != 0) bytes.insert(bytes.begin(), '\0');
  return tagged(tag, bytes);
}

std::string object(const Oid& oid) {
  std::string bytes(1, static_cast<char>(oid[0] * 40 + oid[1]));
  for (std::size_t i = 2; i < oid.size(); ++i) {
    std::string part(1, static_cast<char>(oid[i] & 0x7f));
    for (std::uint32_t rest = oid[i] >> 7; rest > 0; rest >>= 7) {
      part.insert(part.begin(), static_cast<char>((rest & 0x7f) | 0x80));
    }
    bytes += part;
  }
  return tagged(kObject, bytes);
}

std::string sequence(std::initializer_list<std::string> parts) {
  std::string content;
  for (const std::string& part : parts) content += part;
  return tagged(kSequence, content);
}

}  // namespace

std::string encode(const SnmpTrap& trap) {
  constexpr int kVersion2c = 1;
  const std::string bindings = sequence(
      {sequence({object(sys_up_time), number(trap.uptime, kTimeTicks)}),
       sequence({object(snmp_trap_oid), object(msm_failover_trap)}),
       sequence({object(sys_descr), tagged(kOctets, trap.description)}),
       sequence({object(master_msm_slot), number(static_cast<std::uint64_t>(trap.master_slot))}),
       sequence({object(msm_failover_cause), number(static_cast<std::uint64_t>(trap.cause))})});
  const std::string no_error = number(0) + number(0);
  return sequence({number(kVersion2c), tagged(kOctets, trap.community),
                   tagged(kTrap, number(trap.request) + no_error + bindings)});
}

}  // namespace understudy::reference

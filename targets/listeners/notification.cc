#include "targets/listeners/notification.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "targets/listeners/snmp_text.h"
// What the library itself reads messages with.
#include <net-snmp/library/snmp_impl.h>

namespace understudy::targets {
namespace {

constexpr const char* sys_up_time = "1.3.6.1.2.1.1.3";
constexpr const char* trap_oid = "1.3.6.1.6.3.1.1.4.1";
constexpr const char* generic_traps = "1.3.6.1.6.3.1.1.5";
constexpr long enterprise_specific = 6;

/// RFC 3584, section 3.1: a generic trap has a name of its own, a specific one that of its
/// enterprise.
std::string name_of_v1(const netsnmp_pdu& trap) {
  if (trap.trap_type != enterprise_specific)
    return fmt::format("{}.{}", generic_traps, trap.trap_type + 1);
  return fmt::format("{}.0.{}", text_of(trap.enterprise, trap.enterprise_length),
                     trap.specific_type);
}

Result<Notification> refuse(std::string what) {
  return fail("", std::move(what));
}

}  // namespace

Result<Notification> read_notification(std::string_view bytes) {
  const std::lock_guard turn(snmp_library());
  std::vector<u_char> data(bytes.begin(), bytes.end());
  std::size_t length = data.size();
  std::array<u_char, COMMUNITY_MAX_LEN> community{};
  std::size_t community_length = community.size();
  long version = -1;
  u_char* const message =
      snmp_comstr_parse(data.data(), &length, community.data(), &community_length, &version);
  if (version == SNMP_VERSION_3) return refuse("SNMPv3, and only v1 and v2c are read");
  if (message == nullptr) return refuse("no SNMP message");
  if (version != SNMP_VERSION_1 && version != SNMP_VERSION_2c)
    return refuse(fmt::format("an SNMP version of number {}", version));
  const std::unique_ptr<netsnmp_pdu, decltype(&snmp_free_pdu)> pdu(
      static_cast<netsnmp_pdu*>(calloc(1, sizeof(netsnmp_pdu))), &snmp_free_pdu);
  ensure(pdu != nullptr, "there is memory for a message");
  pdu->version = version;
  if (snmp_pdu_parse(pdu.get(), message, &length) != 0)
    return refuse("SNMP that is damaged or cut short");
  if (pdu->command != SNMP_MSG_TRAP && pdu->command != SNMP_MSG_TRAP2)
    return refuse("SNMP, and no trap");
  Notification trap;
  trap.community.assign(reinterpret_cast<const char*>(community.data()), community_length);
  trap.variables = variables_of(*pdu);
  if (pdu->command == SNMP_MSG_TRAP) {
    trap.oid = name_of_v1(*pdu);
    return trap;
  }
  const auto name = value_of(trap.variables, trap_oid);
  if (!name || name->empty()) return refuse("a trap that does not say which");
  trap.oid = *name;
  std::erase_if(trap.variables, [](const SnmpVariable& one) {
    return one.oid.starts_with(sys_up_time) || one.oid.starts_with(trap_oid);
  });
  return trap;
}

std::optional<std::string> value_of(const std::vector<SnmpVariable>& variables,
                                    std::string_view oid) {
  const auto found = std::ranges::find_if(variables, [&](const SnmpVariable& one) {
    return one.oid == oid || (one.oid.starts_with(oid) && one.oid.substr(oid.size()) == ".0");
  });
  return found == variables.end() ? std::nullopt : std::optional(found->value);
}

}  // namespace understudy::targets

#include "reference-impl/notifications.h"

#include <fmt/format.h>

#include "reference-impl/chassis/query.h"
#include "reference-impl/snmp_trap.h"
#include "reference-impl/syslog_line.h"

namespace understudy::reference {
namespace {

SentDatagram to(const Receiver& receiver, std::string bytes) {
  return {receiver.host, static_cast<std::uint16_t>(receiver.port), std::move(bytes)};
}

std::vector<SentDatagram> traps_of(const Module& module, const FailoverTrap& trap,
                                   std::uint32_t request) {
  const Profile& profile = module.profile();
  const std::string description = fmt::format("{} version {}", profile.product, profile.version);
  const auto ticks = module.diary().system_uptime / std::chrono::milliseconds(10);
  std::vector<SentDatagram> sent;
  for (const Receiver& receiver : trap_receivers_of(module.node().active)) {
    sent.push_back(
        to(receiver, encode({receiver.word, request, static_cast<std::uint32_t>(ticks), description,
                             profile.slot_numbers[trap.lead], static_cast<int>(trap.cause)})));
  }
  return sent;
}

std::vector<SentDatagram> lines_of(const Module& module, const LogEntry& entry) {
  std::vector<SentDatagram> sent;
  if (!is_lead(module.profile(), module.node())) return sent;
  const std::string_view name = module.profile().node_words[module.node().slot];
  for (const Receiver& server : syslog_servers_of(module.node().active)) {
    const auto facility = facility_number(server.word);
    if (facility) sent.push_back(to(server, encode(entry, *facility, name)));
  }
  return sent;
}

}  // namespace

std::vector<SentDatagram> notifications_of(const Module& module, const Output& output,
                                           std::uint32_t request) {
  if (const auto* trap = std::get_if<FailoverTrap>(&output)) {
    return traps_of(module, *trap, request);
  }
  if (const auto* logged = std::get_if<Logged>(&output)) return lines_of(module, logged->entry);
  return {};
}

}  // namespace understudy::reference

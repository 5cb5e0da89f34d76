// show inline-power: power over Ethernet of the system, its slots and its ports. The system's page
// is that of Concepts Guide 11.3, pages 174 and 180; columns of ports are recalled. [INFERRED-M]
#include <fmt/format.h>

#include <algorithm>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/exos_show.h"
#include "reference-impl/cli/exos_words.h"

namespace understudy::reference {
namespace {

// What every powered device draws here: class 2, at 48.3 V.
constexpr int milliamperes = 100;
constexpr int milliwatts = 4830;
constexpr int default_budget = 50;  // watts a slot: command reference 11.5, page 510
constexpr int system_surplus = 1500, redundant_surplus = 465;  // the guide's sample

const Entries& powered(const NodeView& view) {
  static const Entries none;
  const auto poe = application_named(view.profile, "poe");
  return poe ? entries_of(view.node, *poe) : none;
}

std::string watts(int milli) {
  return fmt::format("{}.{:03}", milli / 1000, milli % 1000);
}

// With a power supply lost, what was in reserve is all there is.
std::string system_lines(const NodeView& view) {
  const bool is_redundant = is_part_good(view, Part::PowerSupply);
  const auto line = [](std::string_view label, std::string_view value) {
    return fmt::format("    {:<24}: {}\n", label, value);
  };
  return "Inline Power System Information\n" + line("Configured", "Enabled") +
         line("System Power Surplus",
              fmt::format("{} Watts available for budgeting",
                          is_redundant ? system_surplus : redundant_surplus)) +
         line("Redundant Power Surplus",
              fmt::format("{} Watts available for budgeting to maintain N+1",
                          is_redundant ? redundant_surplus : 0)) +
         line("Power Usage Threshold", "70 percent (per slot)") +
         line("Disconnect Precedence", "deny-port") + line("Legacy Mode", "Disabled");
}

std::string firmware_status(std::string_view state) {
  if (state == kOperational) return "Operational";
  const bool is_out_of_service = state == kModuleDown || state == kModuleShutDown;
  return is_out_of_service ? "Slot disabled" : "Not operational";
}

int budget_of(const NodeView& view, std::string_view slot) {
  const auto set = view.node.active.value(power_budget_key(slot));
  return set ? to_number(*set) : default_budget;
}

std::string slot_lines(const ExosSeen& seen) {
  std::string text =
      "                                           Budgeted        Measured\n"
      "Slot    Inline-Power    Firmware Status    Power (Watts)   Power (Watts)\n";
  for (const ExosModule& module : seen.product.modules) {
    if (!module.feeds) continue;
    const auto draws = std::ranges::count_if(powered(seen.view), [&](const auto& entry) {
      return port_number(entry.first).first == module.slot;
    });
    const std::string slot = std::to_string(module.slot);
    text += fmt::format("{:<8}{:<16}{:<19}{:<16}{}\n", slot, "Enabled",
                        firmware_status(module_state(seen.view.profile, seen.view.node, slot)),
                        fmt::format("{} W", budget_of(seen.view, slot)),
                        fmt::format("{} W", watts(static_cast<int>(draws) * milliwatts)));
  }
  return text;
}

struct PowerPort {
  std::string port;
  bool is_delivering = false;
};

std::vector<PowerPort> ports_of(const ExosSeen& seen, std::string_view list) {
  std::vector<PowerPort> ports;
  for (const std::string& port :
       list.empty() ? all_ports(seen.product) : expand_ports(seen.product, list)) {
    const std::string slot = std::to_string(port_number(port).first);
    if (!has_power(seen.product, slot)) continue;
    ports.push_back({port, powered(seen.view).contains(port)});
  }
  return ports;
}

std::string_view state_of(const PowerPort& port) {
  return port.is_delivering ? "delivering" : "searching";
}

std::string info_lines(const std::vector<PowerPort>& ports) {
  std::string text =
      "Port    State           Class   Volts   Curr    Power    Fault\n"
      "                                        (mA)    (Watts)\n";
  for (const PowerPort& port : ports) {
    text += fmt::format("{:<8}{:<16}{:<8}{:<8}{:<8}{:<9}{}\n", port.port, state_of(port),
                        port.is_delivering ? "class2" : "------",
                        port.is_delivering ? "48.3" : "0.0", port.is_delivering ? milliamperes : 0,
                        watts(port.is_delivering ? milliwatts : 0), 0);
  }
  return text;
}

std::string detail_block(const PowerPort& port) {
  const auto line = [](std::string_view label, std::string_view value) {
    return fmt::format("    {:<22}:  {}\n", label, value);
  };
  return fmt::format("Port {}\n", port.port) + line("Configured Admin State", "enabled") +
         line("Inline Power State", state_of(port)) + line("MIB Detect Status", state_of(port)) +
         line("Operator Limit", "15400 milliwatts") +
         line("PD Class", port.is_delivering ? "class2" : "------") +
         line("Max Allowed Power", "15.400 W") +
         line("Measured Power", watts(port.is_delivering ? milliwatts : 0) + " W") +
         line("Line Voltage", port.is_delivering ? "48.3 Volts" : "0.0 Volts") +
         line("Current", fmt::format("{} mA", port.is_delivering ? milliamperes : 0)) +
         line("Fault Status", "0") + line("Priority", "low");
}

std::string statistics_lines(const std::vector<PowerPort>& ports) {
  std::string text =
      "                        STATISTICS COUNTERS\n"
      "Port    State           Class   Absent  InvSig  Denied  OverCurrent  Short\n";
  for (const PowerPort& port : ports) {
    text += fmt::format("{:<8}{:<16}{:<8}{:<8}{:<8}{:<8}{:<13}{}\n", port.port, state_of(port),
                        port.is_delivering ? "class2" : "------", 0, 0, 0, 0, 0);
  }
  return text;
}

}  // namespace

bool has_power(const ExosProduct& product, std::string_view slot) {
  return std::ranges::any_of(product.modules, [&](const ExosModule& module) {
    return module.feeds && std::to_string(module.slot) == slot;
  });
}

std::string power_budget_key(std::string_view slot) {
  return fmt::format("{}{}", exos_power_prefix, slot);
}

std::string show_power(const ExosSeen& seen, const Call& call) {
  if (!call.has("ports")) return system_lines(seen.view) + '\n' + slot_lines(seen);
  const std::vector<PowerPort> ports = ports_of(seen, call.argument("port_list"));
  if (call.has("stats")) return statistics_lines(ports);
  if (!call.has("detail")) return info_lines(ports);
  std::string text;
  for (const PowerPort& port : ports) text += detail_block(port);
  return text;
}

}  // namespace understudy::reference

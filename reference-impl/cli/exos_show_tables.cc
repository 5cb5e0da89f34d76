// show vlan, show fdb, show ports, show log: what the switch is configured to do, what it has
// learned and what it tells.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <ctime>
#include <deque>
#include <optional>
#include <utility>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/exos_show.h"
#include "reference-impl/cli/exos_words.h"

namespace understudy::reference {
namespace {

const std::string vlan_rule = std::string(79, '-') + '\n';

std::string port_word(int slot, int port) {
  return slot == 0 ? std::to_string(port) : fmt::format("{}:{}", slot, port);
}

int ports_of_slot(const ExosProduct& product, int slot) {
  const auto found = std::ranges::find(product.modules, slot, &ExosModule::slot);
  return found == product.modules.end() ? 0 : found->ports;
}

std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::Critical:
      return "Crit";
    case Severity::Error:
      return "Erro";
    case Severity::Warning:
      return "Warn";
    case Severity::Notice:
      return "Noti";
    case Severity::Info:
      return "Info";
  }
  return "Info";
}

struct FdbEntry {
  std::string mac, vlan, ports;
  bool is_static = false;
};

// Learned entries arrive as "<mac>" or "<mac> <vlan>" with "<vlan> <port>" or "<port>".
FdbEntry learned(std::string_view key, std::string_view value) {
  std::vector<LineWord> words = split_words(key);
  for (LineWord& word : split_words(value)) words.push_back(std::move(word));
  FdbEntry entry;
  if (!words.empty()) entry.mac = words.front().text;
  if (words.size() > 2) entry.vlan = words[1].text;
  if (words.size() > 1) entry.ports = words.back().text;
  return entry;
}

// Static ones are configuration: line/create fdbentry <mac> vlan <vlan> ports <ports>.
std::vector<FdbEntry> fdb_entries(const NodeView& view) {
  std::vector<FdbEntry> entries;
  const auto& settings = view.node.active.settings();
  for (auto it = settings.lower_bound(exos_fdb_prefix);
       it != settings.end() && it->first.starts_with(exos_fdb_prefix); ++it) {
    const auto words = split_words(std::string_view(it->first).substr(exos_fdb_prefix.size()));
    if (words.size() == 5) entries.push_back({words[0].text, words[2].text, words[4].text, true});
  }
  if (const auto fdb = application_named(view.profile, "fdb")) {
    for (const auto& [key, value] : entries_of(view.node, *fdb)) {
      entries.push_back(learned(key, value));
    }
  }
  std::ranges::stable_sort(entries, {}, &FdbEntry::mac);
  return entries;
}

int tag_of(const std::vector<VlanRow>& vlans, std::string_view name) {
  const auto found = std::ranges::find(vlans, name, &VlanRow::name);
  return found == vlans.end() ? 0 : found->tag;
}

bool is_wanted(const FdbEntry& entry, const Call& call) {
  const auto matches = [&](std::string_view argument, std::string_view value) {
    return !call.takes(argument) || call.argument(argument) == value;
  };
  return matches("mac", entry.mac) && matches("vlan_name", entry.vlan) &&
         matches("port_list", entry.ports) && (!call.has("permanent") || entry.is_static);
}

// The card stands in front already: what it tells of itself does not name it again.
std::string told_by(std::string_view card, std::string_view text) {
  if (!text.starts_with(card)) return std::string(text);
  std::string_view rest = text.substr(card.size());
  if (rest.starts_with(' ')) return fmt::format("Node{}", rest);
  if (!rest.starts_with(": ")) return std::string(text);
  std::string told(rest.substr(2));
  told[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(told[0])));
  return told;
}

bool is_same(const LogEntry& left, const LogEntry& right) {
  return left.clock == right.clock && left.hundredths == right.hundredths &&
         left.text == right.text;
}

std::vector<LogEntry> log_since_clear(const ExosSeen& seen) {
  const std::deque<LogEntry>& log = seen.view.diary.log;
  auto first = log.begin();
  if (const auto& cleared = seen.settings.cleared_log) {
    const auto last = std::find_if(log.rbegin(), log.rend(),
                                   [&](const LogEntry& entry) { return is_same(entry, *cleared); });
    first = last.base() == log.begin() ? log.begin() : last.base();
  }
  return {first, log.end()};
}

bool passes(const LogEntry& entry, std::string_view line, const Call& call) {
  if (call.takes("text") && line.find(call.argument("text")) == std::string_view::npos) {
    return false;
  }
  if (!call.takes("severity")) return true;
  const std::vector<std::string> words{"critical", "error", "warning", "notice", "info"};
  const auto found = std::ranges::find(words, call.argument("severity"));
  const auto wanted = static_cast<Severity>(found - words.begin());
  return call.has("only") ? entry.severity == wanted : entry.severity <= wanted;
}

std::string vlan_block(const VlanRow& vlan) {
  std::string text = fmt::format(
      "VLAN Interface with name {} created by user\n"
      "    Admin State:     Enabled     Tagging:   {}\n"
      "    Virtual router:  VR-{}\n"
      "    Primary IP    :  {}\n"
      "    Protocol:        Match all unfiltered protocols\n"
      "    Ports:   {}.\n",
      vlan.name, vlan.tag == 0 ? std::string("Untagged") : fmt::format("802.1Q Tag {} ", vlan.tag),
      vlan.name == "Mgmt" ? "Mgmt" : "Default", vlan.address.empty() ? "NONE" : vlan.address,
      vlan.tagged.size() + vlan.untagged.size());
  if (!vlan.untagged.empty())
    text += fmt::format("       Untag:     {}\n", join_ports(vlan.untagged));
  if (!vlan.tagged.empty()) text += fmt::format("       Tag:       {}\n", join_ports(vlan.tagged));
  return text + '\n';
}

}  // namespace

std::pair<int, int> port_number(std::string_view port) {
  const std::size_t colon = port.find(':');
  if (colon == std::string_view::npos) return {0, to_number(port)};
  return {to_number(port.substr(0, colon)), to_number(port.substr(colon + 1))};
}

std::vector<std::string> expand_ports(const ExosProduct& product, std::string_view list) {
  std::vector<std::string> ports;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view item = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    const std::size_t dash = std::min(item.find('-'), item.size());
    auto [slot, first] = port_number(item.substr(0, dash));
    int last = dash < item.size() ? port_number(item.substr(dash + 1)).second : first;
    if (item.ends_with(":*")) {
      first = 1;
      last = ports_of_slot(product, slot);
    }
    if (first < 1 || last < first || last > ports_of_slot(product, slot)) return {};
    for (int port = first; port <= last; ++port) ports.push_back(port_word(slot, port));
  }
  return ports;
}

std::vector<std::string> all_ports(const ExosProduct& product) {
  std::vector<std::string> ports;
  for (const ExosModule& module : product.modules) {
    for (int port = 1; port <= module.ports; ++port) ports.push_back(port_word(module.slot, port));
  }
  return ports;
}

std::string join_ports(const std::vector<std::string>& ports) {
  std::vector<std::pair<int, int>> numbers;
  for (const std::string& port : ports) numbers.push_back(port_number(port));
  std::ranges::sort(numbers);
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    const auto [slot, first] = numbers[i];
    int last = first;
    for (++i; i < numbers.size() && numbers[i] == std::pair(slot, last + 1); ++i) ++last;
    if (!text.empty()) text += ',';
    text += port_word(slot, first);
    if (last > first) text += fmt::format("-{}", last);
  }
  return text;
}

std::string show_vlans(const ExosSeen& seen) {
  std::string text = vlan_rule +
                     "Name            VID  Protocol Addr       Flags         Proto  Ports  "
                     "Virtual\n"
                     "                                                              Active "
                     "router\n"
                     "                                                              /Total\n" +
                     vlan_rule;
  const std::vector<VlanRow> vlans = vlans_of(seen.view.node);
  for (const VlanRow& vlan : vlans) {
    const std::size_t ports = vlan.tagged.size() + vlan.untagged.size();
    const bool has_address = !vlan.address.empty();
    text += fmt::format("{:<15} {:<4} {:<19} {:<13} ANY    {:>2} /{:<3}VR-{}\n", vlan.name,
                        vlan.tag, has_address ? vlan.address : std::string(19, '-'),
                        has_address ? "" : std::string(12, '-'), 0, ports,
                        vlan.name == "Mgmt" ? "Mgmt" : "Default");
  }
  return text + vlan_rule + fmt::format("Total number of Vlan(s) : {}\n", vlans.size());
}

std::string show_vlan_detail(const ExosSeen& seen, std::string_view name) {
  std::string text;
  for (const VlanRow& vlan : vlans_of(seen.view.node)) {
    if (name.empty() || vlan.name == name) text += vlan_block(vlan);
  }
  return text;
}

std::string show_fdb(const ExosSeen& seen, const Call& call) {
  const std::vector<VlanRow> vlans = vlans_of(seen.view.node);
  std::string text =
      "MAC                                      VLAN Name( Tag)  Age  Flags          "
      "Port / Virtual Port List\n";
  text += std::string(100, '-') + '\n';
  std::size_t fixed = 0, dynamic = 0;
  for (const FdbEntry& entry : fdb_entries(seen.view)) {
    if (!is_wanted(entry, call)) continue;
    ++(entry.is_static ? fixed : dynamic);
    text +=
        fmt::format("{} {:>32}({:04}) 0000  {}          {}\n", entry.mac, entry.vlan,
                    tag_of(vlans, entry.vlan), entry.is_static ? "spm  " : "d m  ", entry.ports);
  }
  return text + fmt::format(
                    "\nFlags : d - Dynamic, s - Static, p - Permanent, n - NetLogin, m - MAC, "
                    "i - IP,\n\nTotal: {} Static: {}  Perm: {}  Dyn: {}  Dropped: 0  Locked: 0  "
                    "Locked with Timeout: 0\nFDB Aging time: 300\n",
                    fixed + dynamic, fixed, fixed, dynamic);
}

std::string format_log_line(const LogEntry& entry, std::string_view card) {
  const auto time = static_cast<std::time_t>(entry.clock);
  std::tm parts{};
  gmtime_r(&time, &parts);
  return fmt::format("{:02}/{:02}/{:04} {:02}:{:02}:{:02}.{:02} <{}:{}> {}: {}", parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     entry.hundredths, severity_word(entry.severity), entry.component, card,
                     told_by(card, entry.text));
}

std::string show_log(const ExosSeen& seen, const Call& call) {
  std::vector<LogEntry> entries = log_since_clear(seen);
  if (!call.has("chronological")) std::ranges::reverse(entries);
  std::string text;
  std::size_t shown = 0;
  for (const LogEntry& entry : entries) {
    const std::string line = format_log_line(entry, own_name(seen.view));
    if (!passes(entry, line, call)) continue;
    ++shown;
    text += line + '\n';
  }
  return text + fmt::format("\nA total of {} log messages were displayed.\n", shown);
}

std::string show_ports(const ExosSeen& seen, std::string_view list) {
  std::string text =
      "Port     Flags                Link  ELSM Link Num Num  Num   Jumbo QOS\n"
      "                             State      UPS  STP VLAN Proto Size  profile\n"
      "===============================================================================\n";
  for (const std::string& port :
       list.empty() ? all_ports(seen.product) : expand_ports(seen.product, list)) {
    text += fmt::format("{:<9}{:<20}{:<6}{:<5}{:>3}{:>4}{:>5}{:>5}{:>7}{}\n", port, "Em------e--",
                        "ready", "-", 0, 1, 1, 1, 9216, "");
  }
  return text;
}

}  // namespace understudy::reference

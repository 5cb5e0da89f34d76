// show iproute, show vrrp, show netlogin and their like: what protocols have learned. Layouts are
// our own: no document that we have prints them.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/exos_show.h"

namespace understudy::reference {
namespace {

/// Whose entries are routes, and what `Ori` prints for them.
struct Origin {
  std::string_view application, word;
  bool is_ipv6;
};
constexpr std::array origins{Origin{"ospf", "oa", false}, Origin{"bgp", "be", false},
                             Origin{"rip", "r", false}, Origin{"ospfv3", "oa", true},
                             Origin{"ripng", "r", true}};

/// The command's word, the application and what the columns are called.
struct Table {
  std::string_view word, application, columns;
};
constexpr std::array tables{
    Table{"stpd", "stp", "Port              Domain            State"},
    Table{"vrrp", "vrrp", "VLAN Name         VRID              State"},
    Table{"edp", "edp", "Neighbor          VLAN Name         Port"},
    Table{"netlogin", "netLogin", "MAC               VLAN Name         Port"},
    Table{"pim", "pim", "Group             Source            Ingress VLAN"}};

const Entries& entries_named(const NodeView& view, std::string_view name) {
  static const Entries none;
  const auto application = application_named(view.profile, name);
  return application ? entries_of(view.node, *application) : none;
}

/// The words of an entry, in columns.
std::string row(const std::string& key, const std::string& value) {
  std::string text;
  for (const LineWord& word : split_words(key + ' ' + value)) {
    text += fmt::format("{:<17} ", word.text);
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text + '\n';
}

}  // namespace

std::string show_routes(const ExosSeen& seen, bool is_ipv6) {
  std::string text = "Ori  Destination         Gateway          VLAN\n";
  std::size_t count = 0;
  for (const Origin& origin : origins) {
    if (origin.is_ipv6 != is_ipv6) continue;
    for (const auto& [key, value] : entries_named(seen.view, origin.application)) {
      const auto words = split_words(value);
      text += fmt::format("#{:<4}{:<20}{:<17}{}\n", origin.word, key, words.front().text,
                          words.back().text);
      ++count;
    }
  }
  return text + fmt::format("\nTotal number of routes = {}.\n", count);
}

std::string show_entries(const ExosSeen& seen, const Call& call) {
  const auto* table =
      std::ranges::find_if(tables, [&](const Table& one) { return call.has(one.word); });
  std::string text = fmt::format("{}\n", table->columns);
  std::size_t count = 0;
  for (const auto& [key, value] : entries_named(seen.view, table->application)) {
    text += row(key, value);
    ++count;
  }
  return text + fmt::format("\nTotal: {}\n", count);
}

}  // namespace understudy::reference

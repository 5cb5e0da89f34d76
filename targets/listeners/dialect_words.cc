// The part of a dialect that says what the switch tells without a console: `traps`, `syslog`,
// `snmp`.
#include <fmt/format.h>

#include <algorithm>

#include "targets/device/dialect_reader.h"

namespace understudy::targets {
namespace {

bool is_oid(std::string_view text) {
  return text.find('.') != std::string_view::npos && !text.starts_with('.') &&
         !text.ends_with('.') && text.find("..") == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

std::string oid_from(const yaml::Node& node, yaml::Problems& problems) {
  const auto text = yaml::text_from(node, "oid", problems).value_or("");
  if (!is_oid(text))
    yaml::add(problems, node, fmt::format("`{}` is no object identifier", text),
              "numbers with dots between: 1.3.6.1.2.1.1.3");
  return text;
}

/// What becomes a part of an attribute's name.
void check_name(const yaml::Node& key, yaml::Problems& problems) {
  const bool is_plain = !key.text.empty() && key.text.front() >= 'a' && key.text.front() <= 'z' &&
                        std::ranges::all_of(key.text, [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                        });
  if (!is_plain)
    yaml::add(problems, key, fmt::format("`{}` is no name", key.text),
              "lower case, digits and hyphens");
}

OidRule rule_from(const yaml::Node& node, const std::string& attribute, yaml::Problems& problems) {
  OidRule rule{attribute, {}, {}};
  if (!yaml::check_keys(node, fmt::format("`{}`", attribute), {"oid"}, {"words"}, problems))
    return rule;
  if (const auto* oid = yaml::find(node, "oid")) rule.oid = oid_from(*oid, problems);
  if (const auto* words = yaml::find(node, "words")) words_from(*words, rule.words, problems);
  return rule;
}

std::vector<OidRule> rules_from(const yaml::Node& node, yaml::Problems& problems) {
  std::vector<OidRule> rules;
  if (!node.is_map()) {
    yaml::add(problems, node, "attributes are a map from name to rule");
    return rules;
  }
  for (const auto& entry : node.entries)
    rules.push_back(rule_from(entry.value, entry.key.text, problems));
  return rules;
}

TrapWord trap_from(const yaml::Entry& entry, yaml::Problems& problems) {
  TrapWord trap;
  trap.name = entry.key.text;
  check_name(entry.key, problems);
  if (!yaml::check_keys(entry.value, fmt::format("the trap `{}`", trap.name), {"oid"},
                        {"node", "attributes"}, problems))
    return trap;
  if (const auto* oid = yaml::find(entry.value, "oid")) trap.oid = oid_from(*oid, problems);
  if (const auto* node = yaml::find(entry.value, "node"))
    trap.node = rule_from(*node, "node", problems);
  if (const auto* attributes = yaml::find(entry.value, "attributes"))
    trap.attributes = rules_from(*attributes, problems);
  return trap;
}

SyslogWords syslog_from(const yaml::Node& node, yaml::Problems& problems) {
  SyslogWords words;
  if (!yaml::check_keys(node, "syslog", {}, {"node", "events"}, problems)) return words;
  if (const auto* speaker = yaml::find(node, "node")) {
    words.node = pattern_from(*speaker, "node", problems);
    const auto groups = words.node->groups();
    if (std::ranges::find(groups, "node") == groups.end())
      yaml::add(problems, *speaker, "the pattern has no group `node`", "(?<node>...)");
  }
  const auto* events = yaml::find(node, "events");
  if (!events) return words;
  if (!events->is_map()) yaml::add(problems, *events, "`events` is a map from name to pattern");
  for (const auto& entry : events->entries) {
    check_name(entry.key, problems);
    words.events.push_back({entry.key.text, pattern_from(entry.value, "events", problems)});
  }
  return words;
}

}  // namespace

void read_listened_part(const yaml::Node& root, Dialect& dialect, yaml::Problems& problems) {
  if (const auto* traps = yaml::find(root, "traps")) {
    if (!traps->is_map()) yaml::add(problems, *traps, "`traps` is a map from name to trap");
    for (const auto& entry : traps->entries) dialect.traps.push_back(trap_from(entry, problems));
  }
  if (const auto* syslog = yaml::find(root, "syslog"))
    dialect.syslog = syslog_from(*syslog, problems);
  const auto* snmp = yaml::find(root, "snmp");
  if (!snmp || !yaml::check_keys(*snmp, "snmp", {"attributes"}, {"node"}, problems)) return;
  if (const auto* node = yaml::find(*snmp, "node"))
    dialect.snmp.node = rule_from(*node, "node", problems);
  if (const auto* attributes = yaml::find(*snmp, "attributes"))
    dialect.snmp.attributes = rules_from(*attributes, problems);
}

}  // namespace understudy::targets

// What comes to the testbed's listeners, without a console.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "harness/words.h"
#include "targets/device/switch_device.h"
#include "targets/keeper/placeholders.h"

namespace understudy::targets {
namespace {

FrameAddress address_in(const PlaceholderValues& values, const std::string& listener) {
  FrameAddress address;
  const auto host = values.find(listener + ".host");
  const auto port = values.find(listener + ".port");
  if (host == values.end() || port == values.end()) return address;
  address.ip = ip_from(host->second).value_or(0);
  std::from_chars(port->second.data(), port->second.data() + port->second.size(), address.port);
  return address;
}

}  // namespace

Result<void> SwitchDevice::start_listening() {
  const PlaceholderValues values = bench_->values();
  ListeningSettings words;
  words.dialect = settings_.dialect;
  words.nodes = settings_.capabilities.nodes;
  words.folder = settings_.folder;
  words.mask = settings_.mask;
  for (const std::string& text : settings_.addresses) {
    const auto address = expand(text, values, settings_.testbed);
    if (!address) return tl::unexpected(address.error());
    const auto ip = address->empty() ? std::optional(0U) : ip_from(*address);
    if (!ip) return fail(settings_.testbed, fmt::format("`{}` is no IPv4 address", *address));
    words.addresses.push_back(*ip);
  }
  for (const DeviceListener& one : settings_.listeners) {
    words.places.push_back({one.name, address_in(values, one.name),
                            one.is_community_checked ? one.community : std::string()});
    for (const char* part : {".host", ".port"})
      if (const auto found = values.find(one.name + part); found != values.end())
        values_.emplace_back(one.name + part, found->second);
    values_.emplace_back(one.name + ".community", one.community);
  }
  if (words.places.empty()) return {};
  auto listening = Listening::create(std::move(words));
  if (!listening) return tl::unexpected(listening.error());
  listening_ = std::move(*listening);
  return {};
}

void SwitchDevice::hear(const BenchEvent& event) {
  if (!listening_) return;
  auto heard = listening_->hear({event.listener, event.sender, event.at, event.text});
  for (Observation& fact : heard.facts) observe(std::move(fact));
  for (Incident& one : heard.incidents)
    incident(one.kind, one.node, std::move(one.words), one.from, one.to);
}

/// The switch's own word, so a claim: about the node that the dialect reads in the answer.
void SwitchDevice::snmp_answered(const BenchEvent& event) {
  snmp_.is_pending = false;
  snmp_.latest = event.from;
  const SnmpWords& words = dialect_.snmp;
  const auto unread = [&](std::string why) {
    incident(Incident::Kind::Unread, "snmp", std::move(why), event.from, event.at);
  };
  if (event.variables.empty()) return unread("SNMP get: " + event.text);
  std::size_t node = 0;
  if (words.node) {
    const std::string text = value_of(event.variables, words.node->oid).value_or("");
    node = node_called(dialect_, settings_.capabilities.nodes,
                       value_by(*words.node, text).value_or(""));
    if (node >= lines_.size())
      return unread(fmt::format("SNMP get: `{}` is no node of this testbed", text));
  }
  for (const OidRule& rule : words.attributes) {
    const auto text = value_of(event.variables, rule.oid);
    const auto value = text ? value_by(rule, *text) : std::nullopt;
    if (!value) {
      unread(fmt::format("SNMP get: {} cannot be `{}`", rule.attribute, text.value_or("")));
      continue;
    }
    observe({Observation::Kind::Claim, "snmp", lines_[node].name, rule.attribute, *value,
             event.from, event.at, ""});
  }
}

void SwitchDevice::poll_snmp(const Wish& wish, std::optional<Time> since) {
  if (!wish.is_by_snmp || snmp_.is_pending) return;
  const bool is_fresh = since && snmp_.latest && *snmp_.latest >= *since;
  if (is_fresh || (!since && now() < snmp_.next)) return;
  std::vector<std::string> oids;
  if (dialect_.snmp.node) oids.push_back(dialect_.snmp.node->oid);
  for (const OidRule& rule : dialect_.snmp.attributes) oids.push_back(rule.oid);
  snmp_.next = now() + poll_;
  snmp_.is_pending = bench_->snmp_get(oids);
}

bool SwitchDevice::is_snmp_settled(const Wish& wish, Time since) const {
  if (!wish.is_by_snmp) return true;
  return !snmp_.is_pending && snmp_.latest && *snmp_.latest >= since;
}

void SwitchDevice::tell_listened(const Condition& condition, const Condition& watch) {
  if (!listening_) return;
  std::vector<std::pair<std::string, std::string>> done;
  for (const Condition* one : {&condition, &watch}) {
    for (const Term& term : one->terms) {
      const std::pair wanted(term.observer, term.attribute);
      if (std::ranges::find(done, wanted) != done.end()) continue;
      done.push_back(wanted);
      for (Observation& fact : listening_->told(term.observer, term.attribute, now()))
        observe(std::move(fact));
    }
  }
}

}  // namespace understudy::targets

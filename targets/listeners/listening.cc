#include "targets/listeners/listening.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "targets/listeners/notification.h"
#include "targets/listeners/syslog_message.h"
#include "targets/printable.h"

namespace understudy::targets {
namespace {

constexpr std::uint64_t most_told = 20'000;
constexpr std::uint64_t most_unread = 20;

struct SeverityCount {
  Severity least;
  const char* attribute;
};
constexpr std::array<SeverityCount, 3> severities{{{Severity::Critical, "syslog.critical"},
                                                   {Severity::Error, "syslog.error"},
                                                   {Severity::Warning, "syslog.warning"}}};

std::vector<std::string> counted_attributes(const Dialect& dialect, const std::string& listener) {
  std::vector<std::string> names{listener};
  if (listener == "traps") {
    for (const TrapWord& trap : dialect.traps) names.push_back("traps." + trap.name);
  } else if (listener == "syslog") {
    for (const SeverityCount& one : severities) names.emplace_back(one.attribute);
    for (const Counter& event : dialect.syslog.events) names.push_back("syslog." + event.attribute);
    for (const Counter& counter : dialect.counters) names.push_back(counter.attribute);
  }
  return names;
}

/// The rules of one listener, of all its messages.
std::vector<const OidRule*> rules_of(const Dialect& dialect, const std::string& listener) {
  std::vector<const OidRule*> rules;
  if (listener == "traps")
    for (const TrapWord& trap : dialect.traps)
      for (const OidRule& rule : trap.attributes) rules.push_back(&rule);
  if (listener == "snmp")
    for (const OidRule& rule : dialect.snmp.attributes) rules.push_back(&rule);
  return rules;
}

}  // namespace

std::optional<Value> value_by(const OidRule& rule, const std::string& text) {
  if (rule.words.empty()) return printable(text);
  for (const Word& word : rule.words)
    if (word.pattern.is_all_of(text)) return word.value;
  return std::nullopt;
}

std::vector<std::string> listened_attributes(const Dialect& dialect, const std::string& listener) {
  std::vector<std::string> names;
  if (listener != "snmp") names = counted_attributes(dialect, listener);
  for (const OidRule* rule : rules_of(dialect, listener))
    if (std::ranges::find(names, rule->attribute) == names.end()) names.push_back(rule->attribute);
  return names;
}

std::vector<std::pair<std::string, std::vector<Value>>> listened_vocabularies(
    const Dialect& dialect, const std::string& listener) {
  std::map<std::string, std::vector<Value>> closed;
  std::vector<std::string> open;
  for (const OidRule* rule : rules_of(dialect, listener)) {
    if (rule->words.empty()) open.push_back(rule->attribute);
    auto& values = closed[rule->attribute];
    for (const Word& word : rule->words)
      if (std::ranges::find(values, word.value) == values.end()) values.push_back(word.value);
  }
  for (const std::string& name : open) closed.erase(name);
  return {closed.begin(), closed.end()};
}

// ---------------------------------------------------------------- one listening

Result<Listening> Listening::create(ListeningSettings settings) {
  Listening listening(std::move(settings));
  for (const ListeningPlace& place : listening.settings_.places) {
    Ear& ear = listening.ears_[place.listener];
    if (listening.settings_.folder.empty()) continue;
    auto capture =
        Capture::create(fmt::format("{}/{}.pcap", listening.settings_.folder, place.listener));
    if (!capture) return tl::unexpected(capture.error());
    ear.capture = std::move(*capture);
  }
  listening.begin_counts();
  return listening;
}

void Listening::begin_counts() {
  for (const ListeningPlace& place : settings_.places)
    for (const std::string& attribute : counted_attributes(*settings_.dialect, place.listener))
      for (const std::string& node : settings_.nodes)
        counts_[{place.listener, node, attribute}] = 0;
  at_act_ = counts_;
}

const ListeningPlace* Listening::place_of(const std::string& listener) const {
  const auto found = std::ranges::find(settings_.places, listener, &ListeningPlace::listener);
  return found == settings_.places.end() ? nullptr : &*found;
}

Observation Listening::fact(const Key& key, Value value, Time at, std::string evidence) const {
  return {Observation::Kind::Fact, key.listener, key.node, key.attribute,
          std::move(value),        at,           at,       std::move(evidence)};
}

/// A datagram may have come before the instant at which it was told that there was none: it is
/// heard then, or a count would go back.
Listening::Heard Listening::hear(const HeardDatagram& datagram) {
  const ListeningPlace* place = place_of(datagram.listener);
  if (!place) return {};
  Ear& ear = ears_[datagram.listener];
  ++ear.heard;
  ear.told = std::max(ear.told, datagram.at);
  Reading reading{datagram, {}, ear.told, ear.heard <= most_told, {}};
  if (ear.heard == most_told + 1)
    reading.heard.incidents.push_back(
        {Incident::Kind::Unread, datagram.listener,
         fmt::format("more than {} datagrams came: the rest is counted, and neither kept nor told "
                     "one by one",
                     most_told),
         ear.told, ear.told});
  if (ear.capture && reading.is_told) {
    const std::string bytes = settings_.mask.applied_to(datagram.bytes);
    const auto number =
        ear.capture->write(ear.told, datagram.from, place->address,
                           {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    ear.capture->flush();
    reading.evidence = fmt::format("{}.pcap:{}", datagram.listener, number);
  }
  if (datagram.listener == "traps") {
    read_trap(reading);
  } else {
    read_syslog(reading);
  }
  return std::move(reading.heard);
}

void Listening::unread(Reading& reading, const std::string& why) {
  Ear& ear = ears_[reading.datagram.listener];
  if (++ear.unread > most_unread) return;
  reading.heard.incidents.push_back(
      {Incident::Kind::Unread, reading.datagram.listener,
       fmt::format("{} bytes from {}: {}{}{}", reading.datagram.bytes.size(),
                   to_text(reading.datagram.from), why,
                   reading.evidence.empty() ? "" : " (" + reading.evidence + ")",
                   ear.unread == most_unread ? "; more of them are not told of" : ""),
       reading.at, reading.at});
}

std::size_t Listening::sender_of(const Reading& reading) const {
  const auto found = std::ranges::find(settings_.addresses, reading.datagram.from.ip);
  if (found == settings_.addresses.end()) return settings_.nodes.size();
  return static_cast<std::size_t>(found - settings_.addresses.begin());
}

/// Where every node's address is known, what comes from elsewhere is nobody's.
bool Listening::is_stranger(Reading& reading, std::size_t sender) {
  const bool knows_all = settings_.addresses.size() == settings_.nodes.size() &&
                         std::ranges::find(settings_.addresses, 0U) == settings_.addresses.end();
  if (!knows_all || sender < settings_.nodes.size()) return false;
  unread(reading, "the sender is no node of this testbed");
  return true;
}

void Listening::count(Reading& reading, std::size_t node, const std::string& attribute) {
  const Key key{reading.datagram.listener, settings_.nodes[node], attribute};
  const std::uint64_t total = ++counts_[key];
  if (!reading.is_told) return;
  reading.heard.facts.push_back(fact(key, std::to_string(total), reading.at, reading.evidence));
}

void Listening::learn(Reading& reading, std::size_t node, const OidRule& rule,
                      const std::string& text) {
  const auto value = value_by(rule, text);
  if (!value)
    return unread(reading, fmt::format("{} cannot be `{}`", rule.attribute, printable(text)));
  const Key key{reading.datagram.listener, settings_.nodes[node], rule.attribute};
  latest_[key] = {*value, reading.evidence};
  if (reading.is_told)
    reading.heard.facts.push_back(fact(key, *value, reading.at, reading.evidence));
}

void Listening::read_trap(Reading& reading) {
  const auto trap = read_notification(reading.datagram.bytes);
  if (!trap) return unread(reading, trap.error().what);
  const std::string& community = place_of(reading.datagram.listener)->community;
  if (!community.empty() && trap->community != community)
    return unread(reading, "a trap with another community");
  const auto& nodes = settings_.nodes;
  const std::size_t sender = sender_of(reading);
  if (is_stranger(reading, sender)) return;
  const auto word = std::ranges::find(settings_.dialect->traps, trap->oid, &TrapWord::oid);
  const bool is_known = word != settings_.dialect->traps.end();
  std::size_t about = sender;
  if (is_known && word->node) {
    const std::string text = value_of(trap->variables, word->node->oid).value_or("");
    about = node_called(*settings_.dialect, nodes, value_by(*word->node, text).value_or(""));
    if (about >= nodes.size())
      return unread(reading, fmt::format("the trap {} is about no node of this testbed: `{}`",
                                         word->name, printable(text)));
  }
  if (sender < nodes.size() || about < nodes.size())
    count(reading, sender < nodes.size() ? sender : about, "traps");
  if (!is_known || about >= nodes.size()) return;
  for (const OidRule& rule : word->attributes)
    if (const auto text = value_of(trap->variables, rule.oid)) learn(reading, about, rule, *text);
  count(reading, about, "traps." + word->name);
}

void Listening::read_syslog(Reading& reading) {
  const auto message = targets::read_syslog(reading.datagram.bytes);
  if (!message) return unread(reading, message.error().what);
  const Dialect& dialect = *settings_.dialect;
  const std::size_t sender = sender_of(reading);
  if (is_stranger(reading, sender)) return;
  std::size_t node = node_called(dialect, settings_.nodes, message->host);
  if (sender < settings_.nodes.size()) node = sender;
  if (dialect.syslog.node) {
    const auto found = dialect.syslog.node->find(message->text);
    for (const auto& [name, value] : found ? found->groups : decltype(found->groups){}) {
      const auto named = node_called(dialect, settings_.nodes, value);
      if (name == "node" && named < settings_.nodes.size()) node = named;
    }
  }
  if (node >= settings_.nodes.size()) return;
  count(reading, node, "syslog");
  for (const SeverityCount& one : severities)
    if (message->severity <= one.least) count(reading, node, one.attribute);
  for (const Counter& event : dialect.syslog.events)
    if (event.pattern.is_found_in(message->text)) count(reading, node, "syslog." + event.attribute);
  for (const Counter& counter : dialect.counters)
    if (counter.pattern.is_found_in(message->text)) count(reading, node, counter.attribute);
}

std::vector<Observation> Listening::told(const std::string& listener, const std::string& attribute,
                                         Time now) {
  std::vector<Observation> facts;
  if (!place_of(listener)) return facts;
  Ear& ear = ears_[listener];
  ear.told = std::max(ear.told, now);
  for (const std::string& node : settings_.nodes) {
    const Key key{listener, node, attribute};
    if (const auto counted = counts_.find(key); counted != counts_.end()) {
      const auto kept = std::min(ear.heard, most_told);
      const std::string last = kept == 0 ? "" : fmt::format(":{}", kept);
      facts.push_back(
          fact(key, std::to_string(counted->second), ear.told, listener + ".pcap" + last));
    } else if (const auto latest = latest_.find(key); latest != latest_.end()) {
      facts.push_back(fact(key, latest->second.value, ear.told, latest->second.evidence));
    }
  }
  return facts;
}

std::optional<Value> Listening::since_act(const std::string& listener, const std::string& node,
                                          const std::string& attribute) const {
  if (attribute != listener && !attribute.starts_with(listener + ".")) return std::nullopt;
  const Key key{listener, node, attribute};
  const auto counted = counts_.find(key);
  const auto before = at_act_.find(key);
  if (counted == counts_.end() || before == at_act_.end()) return std::nullopt;
  return std::to_string(counted->second - before->second);
}

std::vector<std::string> Listening::files() const {
  std::vector<std::string> names;
  for (const auto& [listener, ear] : ears_)
    if (ear.capture) names.push_back(listener + ".pcap");
  return names;
}

}  // namespace understudy::targets

#include "reference-impl/chassis/query.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>

namespace understudy::reference {
namespace {

int number_of(std::optional<std::string_view> text) {
  int number = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), number);
  return number;
}

ModuleRow own_row(const Profile& profile, const Node& node) {
  ModuleRow row;
  row.is_self = true;
  row.state = node.state;
  row.reason = node.reason;
  row.priority = node.priority;
  row.software_health = software_health(profile, node);
  row.hardware_health = hardware_health(profile, node);
  row.images = node.images;
  row.version = node.version;
  return row;
}

/// The state that the profile gives to a module that is told that it was lost.
NodeState lost_state(const Profile& profile) {
  for (const TransitionRow& row : profile.transitions) {
    if (row.event == Event::ToldLost) return row.to;
  }
  return NodeState::Off;
}

ModuleRow peer_row(const Profile& profile, const Node& node) {
  const PeerView& peer = node.peer;
  ModuleRow row;
  row.is_present = peer.is_present;
  row.state = peer.is_lost ? lost_state(profile) : peer.state;
  if (peer.is_heard || peer.is_lost) row.reason = peer.said.reason;
  if (peer.is_heard) {
    row.priority = peer.said.priority;
    row.software_health = peer.said.software_health;
    row.hardware_health = peer.said.hardware_health;
    row.images = peer.said.images;
    row.version = peer.said.version;
  }
  return row;
}

bool bulk_is_behind(const Profile& profile, const Sending& sending) {
  const auto& rules = profile.replication.rules;
  for (std::size_t index = 0; index < rules.size(); ++index) {
    if (rules[index].when == When::AtStart && rules[index].content != Content::ApplicationState &&
        sending.rule <= index) {
      return false;
    }
  }
  return sending.rule != 255;
}

SyncClaim claim_of_lead(const Profile& profile, const Node& node) {
  const Sending& sending = node.sending;
  if (!node.peer.is_heard || node.peer.office != Office::Second) return SyncClaim::NoSecond;
  if (sending.session == 0) return SyncClaim::NotInSync;
  const bool is_started = sending.is_started || (!profile.replication.claim_needs_bulk &&
                                                 bulk_is_behind(profile, sending));
  const bool is_level = sending.queue.empty() ||
                        !profile.replication.claim_needs_all_acknowledged ||
                        !profile.replication.claim_needs_bulk;
  return is_started && is_level ? SyncClaim::InSync : SyncClaim::NotInSync;
}

void add_vlan_setting(VlanRow& row, std::string_view rest, const std::string& value) {
  if (rest == "/tag") row.tag = number_of(value);
  if (rest == "/ipaddress") row.address = value;
  if (!rest.starts_with("/port/")) return;
  rest.remove_prefix(6);
  (value == "tagged" ? row.tagged : row.untagged).emplace_back(rest);
}

}  // namespace

int software_health(const Profile& profile, const Node& node) {
  const int lost = std::popcount(node.ended_processes);
  return lost >= profile.full_software_health ? 0 : profile.full_software_health - lost;
}

int hardware_health(const Profile& profile, const Node& node) {
  const int lost = std::popcount(node.failed_parts) + (node.has_diagnostic_fault ? 1 : 0);
  return lost >= profile.full_hardware_health ? 0 : profile.full_hardware_health - lost;
}

std::vector<ModuleRow> modules_of(const Profile& profile, const Node& node) {
  std::vector<ModuleRow> rows;
  for (Slot slot = 0; slot < 2; ++slot) {
    ModuleRow row = slot == node.slot ? own_row(profile, node) : peer_row(profile, node);
    row.slot = slot;
    row.name = profile.node_words[slot];
    row.state_word = word_of(profile, row.state);
    rows.push_back(row);
  }
  return rows;
}

Office office_of(const Profile& profile, const Node& node) {
  return row_of(profile, node.state).office;
}

bool is_lead(const Profile& profile, const Node& node) {
  return office_of(profile, node) == Office::Lead;
}

SyncClaim sync_claim(const Profile& profile, const Node& node) {
  switch (office_of(profile, node)) {
    case Office::Lead:
      return claim_of_lead(profile, node);
    case Office::Second: {
      const Receiving& receiving = node.receiving;
      const bool is_level = receiving.is_complete && node.peer.session == receiving.session &&
                            node.peer.said.last_record <= receiving.received;
      return is_level ? SyncClaim::InSync : SyncClaim::NotInSync;
    }
    case Office::None:
    case Office::Candidate:
      break;
  }
  return SyncClaim::NoSecond;
}

bool has_complete_copy(const Node& node) {
  return node.receiving.is_complete;
}

std::vector<CheckpointRow> checkpoints_of(const Profile& profile, const Node& node,
                                          const Diary& diary) {
  std::vector<CheckpointRow> rows;
  const auto& applications = profile.replication.applications;
  for (std::size_t index = 0; index < applications.size(); ++index) {
    CheckpointRow row;
    row.process = applications[index].name;
    if (index < diary.checkpoints.size()) {
      const CheckpointCounts& counts = diary.checkpoints[index];
      row.tx = counts.sent_messages;
      row.rx = counts.received_messages;
      row.errors = counts.errors;
      row.sent = counts.bulk_sent < counts.bulk_total ? counts.bulk_sent : counts.bulk_total;
      row.total = counts.bulk_total;
    }
    const bool is_done = (node.sending.applications_done >> index & 1) != 0;
    if (row.total > 0) row.percent = static_cast<int>(100ull * row.sent / row.total);
    if (row.total == 0 && applications[index].full_when_empty && is_done) row.percent = 100;
    row.is_on = is_done;
    row.is_ok = (node.ended_processes >> index & 1) == 0;
    row.debug = static_cast<std::uint32_t>(index << 12 | 0x8D3);
    rows.push_back(row);
  }
  return rows;
}

std::vector<SavedFileRow> saved_files_of(const Node& node) {
  std::vector<SavedFileRow> rows;
  for (const auto& [name, file] : node.flash.files) {
    if (name == "boot") continue;
    rows.push_back({name, file.content->size(), file.saved_at, name == node.selected_file,
                    name == node.booted_file});
  }
  return rows;
}

std::optional<Configuration> saved_configuration(const Node& node, std::string_view file) {
  const StoredFile* stored = node.flash.find(file);
  if (!stored) return std::nullopt;
  return parse_configuration(*stored->content);
}

std::vector<VlanRow> vlans_of(const Node& node) {
  std::vector<VlanRow> rows;
  const auto& settings = node.active.settings();
  for (auto at = settings.lower_bound("vlan/"); at != settings.end(); ++at) {
    if (!at->first.starts_with("vlan/")) break;
    const std::string_view path = std::string_view(at->first).substr(5);
    const std::string_view name = path.substr(0, path.find('/'));
    if (rows.empty() || rows.back().name != name) {
      rows.emplace_back();
      rows.back().name = name;
    }
    add_vlan_setting(rows.back(), path.substr(name.size()), at->second);
  }
  return rows;
}

namespace {

constexpr std::string_view traps = "trap/";
constexpr std::string_view syslog_lines = "syslog/";

std::vector<Receiver> receivers_of(const Configuration& configuration, std::string_view prefix) {
  std::vector<Receiver> receivers;
  const auto& settings = configuration.settings();
  for (auto at = settings.lower_bound(prefix); at != settings.end(); ++at) {
    if (!at->first.starts_with(prefix)) break;
    const std::string_view where = std::string_view(at->first).substr(prefix.size());
    const std::size_t colon = where.rfind(':');
    if (colon == std::string_view::npos) continue;
    receivers.push_back(
        {std::string(where.substr(0, colon)), number_of(where.substr(colon + 1)), at->second});
  }
  return receivers;
}

}  // namespace

std::vector<Receiver> trap_receivers_of(const Configuration& configuration) {
  return receivers_of(configuration, traps);
}

std::vector<Receiver> syslog_servers_of(const Configuration& configuration) {
  return receivers_of(configuration, syslog_lines);
}

std::string trap_key(std::string_view host, std::string_view port) {
  return fmt::format("{}{}:{}", traps, host, port);
}

std::string syslog_key(std::string_view host, std::string_view port) {
  return fmt::format("{}{}:{}", syslog_lines, host, port);
}

std::string system_name(const Node& node) {
  return std::string(node.active.value("sysname").value_or(""));
}

int configured_priority(const Profile& profile, const Node& node, Slot slot) {
  return number_of(node.active.value(fmt::format("node/{}/priority", profile.slot_words[slot])));
}

std::optional<std::uint8_t> application_named(const Profile& profile, std::string_view name) {
  const auto& applications = profile.replication.applications;
  for (std::size_t index = 0; index < applications.size(); ++index) {
    if (applications[index].name == name) return static_cast<std::uint8_t>(index);
  }
  return std::nullopt;
}

const Entries& entries_of(const Node& node, std::uint8_t application) {
  static const Entries none;
  return application < node.tables.size() ? *node.tables[application] : none;
}

std::vector<std::pair<std::string, std::string>> module_words(const Profile& profile) {
  std::vector<std::pair<std::string, std::string>> words;
  for (const std::string_view slot : profile.replication.modules) {
    words.emplace_back(fmt::format("slot-{}", slot), slot);
  }
  return words;
}

EntryLearned module_by_hand(const Profile& profile, std::string_view slot, bool is_broken) {
  const auto state = is_broken ? std::optional<std::string>(kModuleFailed) : std::nullopt;
  return {profile.replication.module_application, std::string(slot), state};
}

EntryLearned learned_entry(const Profile& profile, std::uint8_t application, int index) {
  constexpr int kPorts = 24;
  const int high = index >> 8 & 0xff;
  const int low = index & 0xff;
  const std::string port = fmt::format("1:{}", index % kPorts + 1);
  switch (profile.replication.applications[application].entries) {
    case EntryForm::Mac:
      return {application,
              fmt::format("02:00:5e:{:02x}:{:02x}:{:02x} Default", index >> 16 & 0xff, high, low),
              port};
    case EntryForm::Route:
      return {application, fmt::format("10.{}.{}.0/24", high, low), "192.0.2.1 Default"};
    case EntryForm::Route6:
      return {application, fmt::format("2001:db8:{:x}::/48", index), "fe80::1 Default"};
    case EntryForm::Group:
      return {application, fmt::format("239.1.{}.{} 192.0.2.9", high, low), "Default"};
    case EntryForm::Port:  // a module that feeds its ports is in slot 2
      return {application, fmt::format("2:{}", index % kPorts + 1), "Default"};
    case EntryForm::TreePort:
      return {application, port, "s0 FORWARDING"};
    case EntryForm::Router:
      return {application, fmt::format("Default {}", index), "Master"};
  }
  return {};
}

std::uint64_t clock_of(const Diary& diary) {
  return diary.boot_clock +
         static_cast<std::uint64_t>(
             std::chrono::floor<std::chrono::seconds>(diary.boot_part + diary.since_boot).count());
}

Duration part_of_second(const Diary& diary) {
  return (diary.boot_part + diary.since_boot) % std::chrono::seconds(1);
}

std::string image_version(const Profile& profile, const Node& node, Partition partition) {
  const StoredFile* stored = node.flash.find(image_file(partition == Partition::Primary));
  return stored ? *stored->content : std::string(profile.version);
}

namespace {

constexpr std::uint16_t kLetters = 0x8000;  ///< a first part of one or two capitals

std::optional<std::uint16_t> take_part(std::string_view& version) {
  std::uint16_t value = 0;
  const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), value);
  if (error != std::errc{}) return std::nullopt;
  version.remove_prefix(static_cast<std::size_t>(end - version.data()));
  return value;
}

std::uint16_t take_letters(std::string_view& version) {
  std::uint16_t letters = 0;
  for (int i = 0; i < 2 && !version.empty() && version[0] >= 'A' && version[0] <= 'Z'; ++i) {
    letters = static_cast<std::uint16_t>(letters * 27 + (version[0] - 'A' + 1));
    version.remove_prefix(1);
  }
  return letters;
}

/// Behind letters a part may be absent, which is 0, so its number counts from 1.
std::uint64_t lettered_number(std::string_view version) {
  std::uint64_t number = kLetters | take_letters(version);
  for (int part = 1; part < 4; ++part) {
    number <<= 16;
    if (version.empty() && part > 1) continue;
    if (!version.starts_with('.')) return 0;
    version.remove_prefix(1);
    const auto value = take_part(version);
    if (!value || *value == 0xffff) return 0;
    number |= *value + 1u;
  }
  return version.empty() ? number : 0;
}

std::string lettered_text(std::uint64_t number) {
  const auto letters = static_cast<int>(number >> 48 & ~std::uint64_t{kLetters});
  std::string text;
  if (letters > 26) text += static_cast<char>('A' - 1 + letters / 27);
  text += static_cast<char>('A' - 1 + letters % 27);
  for (int part = 1; part < 4; ++part) {
    const auto value = number >> (48 - 16 * part) & 0xffff;
    if (value != 0) text += fmt::format(".{:0{}}", value - 1, part == 3 ? 4 : 2);
  }
  return text;
}

}  // namespace

std::uint64_t image_number(std::string_view version) {
  if (!version.empty() && version[0] >= 'A' && version[0] <= 'Z') return lettered_number(version);
  std::uint64_t number = 0;
  for (int part = 0; part < 4; ++part) {
    const auto value = take_part(version);
    if (!value || (part == 0 && *value >= kLetters)) return 0;
    number = number << 16 | *value;
    if (part < 3 && !version.starts_with('.')) return 0;
    if (part < 3) version.remove_prefix(1);
  }
  return version.empty() ? number : 0;
}

std::string image_text(std::uint64_t number) {
  if ((number >> 48 & kLetters) != 0) return lettered_text(number);
  return fmt::format("{}.{}.{}.{}", number >> 48, number >> 32 & 0xffff, number >> 16 & 0xffff,
                     number & 0xffff);
}

namespace {

constexpr std::pair<std::string_view, Part> part_table[] = {{"fan", Part::Fan},
                                                            {"power-supply", Part::PowerSupply},
                                                            {"processor", Part::Processor},
                                                            {"temperature", Part::Temperature},
                                                            {"latch", Part::Latch},
                                                            {"license", Part::License},
                                                            {"card", Part::Card},
                                                            {"flash", Part::FlashSpace},
                                                            {"device", Part::Device}};

}  // namespace

std::optional<Part> part_named(std::string_view word) {
  for (const auto& [name, part] : part_table) {
    if (name == word) return part;
  }
  return std::nullopt;
}

std::vector<std::string> part_words() {
  std::vector<std::string> words;
  for (const auto& [name, part] : part_table) words.emplace_back(name);
  return words;
}

namespace {

const std::pair<std::string_view, Input> button_table[] = {{"reset", ResetPressed{}},
                                                           {"shutdown", ShutDownPressed{}},
                                                           {"chassis-reset", ChassisResetPressed{}},
                                                           {"clear", ClearPressed{}}};

}  // namespace

std::optional<Input> button_named(std::string_view word) {
  for (const auto& [name, input] : button_table) {
    if (name == word) return input;
  }
  return std::nullopt;
}

std::vector<std::string> button_words() {
  std::vector<std::string> words;
  for (const auto& [name, input] : button_table) words.emplace_back(name);
  return words;
}

std::string_view module_state(const Profile& profile, const Node& node, std::string_view slot) {
  const std::uint8_t application = profile.replication.module_application;
  if (application >= node.tables.size()) return kOperational;
  const Entries& entries = *node.tables[application];
  const auto found = entries.find(slot);
  return found == entries.end() ? kOperational : std::string_view(found->second);
}

bool is_module_shut_down(const Profile& profile, const Node& node, std::string_view slot) {
  if (module_state(profile, node, slot) == kModuleShutDown) return true;
  return fmt::format(",{},", node.down_modules).find(fmt::format(",{},", slot)) !=
         std::string::npos;
}

}  // namespace understudy::reference

#include <algorithm>
#include <charconv>
#include <utility>

#include "reference-impl/chassis/engine.h"

namespace understudy::reference {
namespace {

void acknowledge(Machine& machine) {
  const Node& node = machine.node;
  machine.emit(SendFrame{write_ack(
      header_for(machine, FrameType::Ack, node.receiving.received, node.receiving.session),
      node.receiving.from)});
}

/// A change as it travels: "=value", or "-" for a removal.
std::optional<std::string> decode_value(std::string_view text) {
  if (text.empty() || text.front() != '=') return std::nullopt;
  return std::string(text.substr(1));
}

bool waits_for_flash(const Profile& profile) {
  for (const ReplicationRow& row : profile.replication.rules) {
    if (row.content == Content::SavedConfiguration) {
      return row.acknowledged == Acknowledged::AfterFlash;
    }
  }
  return false;
}

/// The lead's saved file goes to our flash; the acknowledgement waits for the medium.
void take_saved(Machine& machine, std::string_view payload) {
  Node& node = machine.node;
  const auto name = take_string(payload);
  const auto saved_at = take_string(payload);
  const auto selected = take_string(payload);
  if (!name || !saved_at || !selected) return;
  const bool is_configuration = is_configuration_file(*name);
  std::string content;
  while (const auto chunk = take_string(payload)) content.append(*chunk);
  std::uint64_t clock = 0;
  std::from_chars(saved_at->data(), saved_at->data() + saved_at->size(), clock);
  const bool is_security = *name == machine.profile.replication.security_file;
  const StoredFile* stored = node.flash.find(*name);
  const bool is_being_written =
      std::any_of(node.flash.writing.begin(), node.flash.writing.end(),
                  [&](const FlashWrite& write) { return write.name == *name; });
  const bool is_new =
      is_being_written || !stored || *stored->content != content || stored->saved_at != clock;
  if (node.receiving.has_active && is_configuration && !is_security) {
    // What was there already was selected, and not saved.
    const bool differs = to_text(node.active) != content;
    node.is_dirty = differs && (is_new || node.is_dirty);
  }
  std::uint32_t ticket = 0;
  if (is_new) {
    ticket = write_file(machine, *name, std::move(content), clock);
  }
  if (ticket == kNoRoom) {
    write_log(machine, LogEvent::FlashFull, node.slot, *name);
    node.receiving.ticket = kNoRoom;  // neither kept nor acknowledged
    return;
  }
  if (*selected == "1" && !is_configuration) {
    const bool is_primary = *name == image_file(true);
    const auto chosen = is_primary ? Partition::Primary : Partition::Secondary;
    if (std::exchange(node.selected_image, chosen) != chosen) ticket = write_memory(machine);
    note_images(machine);
  } else if (*selected == "1" && node.selected_file != *name) {
    node.selected_file = *name;
    ticket = write_memory(machine);
  }
  if (waits_for_flash(machine.profile)) node.receiving.ticket = ticket;
}

void take_active(Machine& machine, std::string_view payload) {
  Node& node = machine.node;
  const auto dirty = take_string(payload);
  if (!dirty) return;
  Configuration active;
  while (const auto key = take_string(payload)) {
    const auto value = take_string(payload);
    if (value) active.apply({std::string(*key), std::string(*value)});
  }
  node.active = std::move(active);
  node.is_dirty = *dirty == "1";
  node.receiving.has_active = true;
  active_changed(machine);
}

void take_changes(Machine& machine, std::string_view payload) {
  while (const auto key = take_string(payload)) {
    const auto value = take_string(payload);
    if (value) machine.node.active.apply({std::string(*key), decode_value(*value)});
  }
  machine.node.is_dirty = true;
  active_changed(machine);
}

void note_modules(Machine& machine, const RecordPart& part) {
  if (part.application == machine.profile.replication.module_application)
    keep_modules_down(machine);
}

/// Entries go into the table as they come; objects of the application's own are only counted.
void take_bulk(Machine& machine, const RecordPart& part) {
  if (part.application == kMarker) {
    machine.node.receiving.is_complete = true;
    fire(machine, Event::CopyComplete);
    write_log(machine, LogEvent::InSync, machine.node.slot, {});
    return;
  }
  if (part.application >= machine.node.tables.size()) return;
  auto& table = machine.node.tables[part.application];
  if (part.is_first) table = {};
  std::string_view payload = part.payload;
  while (const auto key = take_string(payload)) {
    const auto value = take_string(payload);
    if (value && !key->empty()) table.edit()[std::string(*key)] = *value;
  }
  if (part.is_last) note_modules(machine, part);
}

void take_dynamic(Machine& machine, const RecordPart& part) {
  if (part.application >= machine.node.tables.size()) return;
  auto& table = machine.node.tables[part.application];
  std::string_view payload = part.payload;
  while (const auto key = take_string(payload)) {
    const auto text = take_string(payload);
    const auto value = text ? decode_value(*text) : std::nullopt;
    if (value) {
      table.edit()[std::string(*key)] = *value;
    } else if (table->find(*key) != table->end()) {
      table.edit().erase(std::string(*key));
    }
  }
  note_modules(machine, part);
}

/// Configurations are taken whole: parts wait until the last one is there.
void take_configuration(Machine& machine, FrameType type, const RecordPart& part) {
  auto& staging = machine.node.receiving.staging;
  if (part.is_first) staging = {};
  if (!part.is_last || !staging->empty()) staging.edit().append(part.payload);
  if (!part.is_last) return;
  const CopyOnWrite<std::string> kept = std::exchange(staging, {});
  const std::string_view whole = kept->empty() ? part.payload : std::string_view(*kept);
  if (type == FrameType::ConfigSaved) take_saved(machine, whole);
  if (machine.node.receiving.ticket == kNoRoom && !kept->empty()) {
    staging = CopyOnWrite<std::string>(kept->substr(0, kept->size() - part.payload.size()));
  }
  if (type == FrameType::ConfigActive) take_active(machine, whole);
  if (type == FrameType::ConfigChange) take_changes(machine, whole);
}

void take(Machine& machine, FrameType type, const RecordPart& part) {
  auto& checkpoints = machine.diary.checkpoints;
  if (part.application < checkpoints.size()) ++checkpoints[part.application].received_messages;
  if (type == FrameType::CheckpointBulk) {
    take_bulk(machine, part);
  } else if (type == FrameType::CheckpointDynamic) {
    take_dynamic(machine, part);
  } else {
    take_configuration(machine, type, part);
  }
}

/// A session's first record opens it; only a later session of the same lead replaces one.
bool belongs_to_session(Machine& machine, const FrameHeader& header) {
  Receiving& receiving = machine.node.receiving;
  if (receiving.from == header.incarnation && receiving.session == header.session) return true;
  const bool is_newer = receiving.from != header.incarnation || header.session > receiving.session;
  if (!is_newer || header.sequence != 1) return false;
  receiving = {};
  receiving.session = header.session;
  receiving.from = header.incarnation;
  fire(machine, Event::CopyBegun);
  return true;
}

}  // namespace

void receive_record(Machine& machine, const FrameHeader& header, std::span<const std::byte> frame) {
  const auto part = read_record(frame);
  const PeerView& peer = machine.node.peer;
  const bool is_for_us = part && machine.office() == Office::Second && peer.is_heard &&
                         peer.office == Office::Lead && header.incarnation == peer.incarnation &&
                         part->to_incarnation == machine.node.incarnation && header.session != 0;
  if (!is_for_us || !belongs_to_session(machine, header)) {
    ++machine.diary.frames_refused;
    return;
  }
  Receiving& receiving = machine.node.receiving;
  if (receiving.ticket == 0 && header.sequence == receiving.received + 1) {
    take(machine, header.type, *part);
    if (receiving.ticket != 0) return;
    ++receiving.received;
  }
  acknowledge(machine);
}

void second_wrote_flash(Machine& machine, std::uint32_t ticket) {
  Receiving& receiving = machine.node.receiving;
  if (receiving.ticket == 0 || receiving.ticket != ticket) return;
  receiving.ticket = 0;
  ++receiving.received;
  acknowledge(machine);
}

}  // namespace understudy::reference

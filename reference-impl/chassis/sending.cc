#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reference-impl/chassis/engine.h"

namespace understudy::reference {
namespace {

/// Cuts what is to be said into records that fit a frame; groups of strings stay together.
class RecordBuilder {
 public:
  RecordBuilder(Sending& sending, FrameType type, std::uint8_t application)
      : sending_(sending), type_(type), application_(application) {}

  void add(std::string_view group, std::uint16_t objects = 0) {
    if (!payload_.empty() && payload_.size() + group.size() > kRecordPayloadLimit) flush(false);
    payload_.append(group);
    objects_ = static_cast<std::uint16_t>(objects_ + objects);
  }
  void finish() { flush(true); }

 private:
  void flush(bool is_last) {
    Record record;
    record.type = type_;
    record.application = application_;
    record.is_first = is_first_;
    record.is_last = is_last;
    record.objects = objects_;
    record.payload = CopyOnWrite<std::string>(std::move(payload_));
    sending_.queue.push_back(std::move(record));
    payload_.clear();
    objects_ = 0;
    is_first_ = false;
  }

  Sending& sending_;
  FrameType type_;
  std::uint8_t application_;
  std::string payload_;
  std::uint16_t objects_ = 0;
  bool is_first_ = true;
};

std::string strings(std::initializer_list<std::string_view> texts) {
  std::string group;
  for (const std::string_view text : texts) append_string(group, text);
  return group;
}

std::uint8_t carrier(const Machine& machine) {
  return machine.profile.replication.configuration_application;
}

void enqueue_saved(Machine& machine, std::string_view name, const StoredFile& file) {
  constexpr std::size_t kChunk = 1000;
  const Node& node = machine.node;
  RecordBuilder records(machine.node.sending, FrameType::ConfigSaved, carrier(machine));
  const std::string_view image = image_file(node.selected_image == Partition::Primary);
  const bool is_installed_there =
      node.pending.kind == Pending::Kind::Copying ||  // synchronize
      (node.pending.kind == Pending::Kind::Saving && node.pending.file == name);
  const bool is_selected =
      name == node.selected_file ||
      (name == image && (machine.profile.replication.sends_images || is_installed_there));
  records.add(strings({name, fmt::format("{}", file.saved_at), is_selected ? "1" : "0"}));
  for (std::size_t at = 0; at < file.content->size(); at += kChunk) {
    records.add(strings({std::string_view(*file.content).substr(at, kChunk)}));
  }
  records.finish();
}

void enqueue_image(Machine& machine, Partition partition) {
  write_log(machine, LogEvent::ImageSent, machine.other(),
            partition == Partition::Primary ? "primary" : "secondary");
  StoredFile image;
  image.saved_at = clock_of(machine.diary);
  image.content = CopyOnWrite<std::string>(image_version(machine.profile, machine.node, partition));
  enqueue_saved(machine, image_file(partition == Partition::Primary), image);
}

void enqueue_active(Machine& machine) {
  RecordBuilder records(machine.node.sending, FrameType::ConfigActive, carrier(machine));
  records.add(strings({machine.node.is_dirty ? "1" : "0"}));
  for (const auto& [key, value] : machine.node.active.settings()) {
    records.add(strings({key, value}));
  }
  records.finish();
}

/// Objects that are there from the start go sixteen to a record, entries as they fit.
void enqueue_bulk(Machine& machine, std::uint8_t application) {
  constexpr std::uint16_t kObjectsInRecord = 16;
  const ApplicationRow& row = machine.profile.replication.applications[application];
  const Entries& entries = *machine.node.tables[application];
  CheckpointCounts& counts = machine.diary.checkpoints[application];
  counts.bulk_sent = 0;
  counts.bulk_total = row.bulk_objects + static_cast<std::uint32_t>(entries.size());
  RecordBuilder records(machine.node.sending, FrameType::CheckpointBulk, application);
  for (std::uint16_t sent = 0; sent < row.bulk_objects;) {
    const auto count =
        std::min(kObjectsInRecord, static_cast<std::uint16_t>(row.bulk_objects - sent));
    // An object is 64 bytes of the application's own; what is in it is not ours to know.
    const std::string objects(count * 64u, 'o');
    records.add(strings({"", objects}), count);
    sent = static_cast<std::uint16_t>(sent + count);
  }
  for (const auto& [key, value] : entries) records.add(strings({key, value}), 1);
  records.finish();
}

/// Do the leading numbers of two versions agree, as many as count?
bool runs_with(const Profile& profile, std::uint64_t own, std::uint64_t other) {
  const int parts = std::clamp(profile.replication.version_parts, 1, 4);
  return (own ^ other) >> (16 * (4 - parts)) == 0;
}

const ReplicationRow* find_rule(const Machine& machine, Content content, When when) {
  for (const ReplicationRow& row : machine.profile.replication.rules) {
    const bool counts = !row.is_nonstop || has_mode(machine.node, machine.profile.nonstop);
    if (row.content == content && row.when == when && counts) return &row;
  }
  return nullptr;
}

/// Has the AtStart row of this content been begun? True as well if there is none.
bool has_begun(const Machine& machine, Content content) {
  const auto& rules = machine.profile.replication.rules;
  for (std::size_t index = 0; index < rules.size(); ++index) {
    if (rules[index].content == content && rules[index].when == When::AtStart) {
      return machine.node.sending.rule >= index;
    }
  }
  return true;
}

/// The first application that is not done and whose dependencies all are.
std::optional<std::uint8_t> next_application(const Machine& machine) {
  const auto& applications = machine.profile.replication.applications;
  const std::uint64_t done = machine.node.sending.applications_done;
  for (std::size_t index = 0; index < applications.size(); ++index) {
    if ((done >> index & 1) != 0) continue;
    const auto& needs = applications[index].depends_on;
    const bool is_ready = std::all_of(
        needs.begin(), needs.end(), [done](std::uint8_t need) { return (done >> need & 1) != 0; });
    if (is_ready) return static_cast<std::uint8_t>(index);
  }
  return std::nullopt;
}

/// Begins the next application's bulk; false if there is none left.
bool begin_application(Machine& machine) {
  Sending& sending = machine.node.sending;
  if (sending.bulk_is_open) {
    sending.applications_done |= 1ull << sending.application;
    sending.bulk_is_open = false;
  }
  const auto next = next_application(machine);
  if (!next) return false;
  sending.application = *next;
  sending.bulk_is_open = true;
  enqueue_bulk(machine, *next);
  return true;
}

bool is_security_file(const Machine& machine, std::string_view name) {
  return name == machine.profile.replication.security_file;
}

/// Puts the records of the AtStart row into the queue; false if it had nothing (left) to send.
bool begin_rule(Machine& machine, const ReplicationRow& row) {
  switch (row.content) {
    case Content::SavedConfiguration:
      for (const auto& [name, file] : machine.node.flash.files) {
        if (is_configuration_file(name) && !is_security_file(machine, name)) {
          enqueue_saved(machine, name, file);
        }
      }
      break;
    case Content::SecurityFile:
      for (const auto& [name, file] : machine.node.flash.files) {
        if (is_security_file(machine, name)) enqueue_saved(machine, name, file);
      }
      break;
    case Content::SoftwareImage:
      enqueue_image(machine, Partition::Primary);
      enqueue_image(machine, Partition::Secondary);
      break;
    case Content::ActiveConfiguration:
      enqueue_active(machine);
      break;
    case Content::ApplicationState:
      return begin_application(machine);
    case Content::ConfigurationChange:
    case Content::ApplicationChange:
      return false;
  }
  return !machine.node.sending.queue.empty();
}

/// The second has the lead's images now; if it runs other software it starts again with the lead's.
bool restart_into_image(Machine& machine) {
  const Node& node = machine.node;
  if (node.peer.said.version == node.version) return false;
  const auto partition = static_cast<std::uint8_t>(node.booted_image);
  write_log(machine, LogEvent::ImageUpdated, machine.other(),
            image_version(machine.profile, node, node.booted_image));
  close_session(machine);
  give_order(machine, Order::RebootAlone, static_cast<std::uint8_t>(partition + 1));
  return true;
}

/// Everything sent so far is acknowledged: on to what comes next at the start.
void advance(Machine& machine) {
  Sending& sending = machine.node.sending;
  const auto& rules = machine.profile.replication.rules;
  const When when =
      machine.node.pending.kind == Pending::Kind::Copying ? When::OnSynchronize : When::AtStart;
  const bool is_nonstop = has_mode(machine.node, machine.profile.nonstop);
  if (sending.bulk_is_open && begin_application(machine)) return;
  while (sending.queue.empty() && !sending.is_marked) {
    if (sending.rule < rules.size() && rules[sending.rule].content == Content::SoftwareImage &&
        rules[sending.rule].when == When::AtStart && when == When::AtStart &&
        restart_into_image(machine)) {
      return;
    }
    ++sending.rule;  // from 255, which stands before the first row
    if (sending.rule < rules.size()) {
      const bool counts = !rules[sending.rule].is_nonstop || is_nonstop;
      if (rules[sending.rule].when == when && counts) begin_rule(machine, rules[sending.rule]);
      continue;
    }
    if (when == When::OnSynchronize) {
      copy_is_done(machine);
      return;
    }
    sending.is_marked = true;
    RecordBuilder(sending, FrameType::CheckpointBulk, kMarker).finish();
    return;
  }
  if (sending.is_marked && !sending.is_started && sending.queue.empty()) {
    sending.is_started = true;
    write_log(machine, LogEvent::InSync, machine.other(), {});
    if (is_nonstop) write_log(machine, LogEvent::ChangesAllowed, machine.other(), {});
  }
}

CheckpointCounts* counts_of(Machine& machine, const Record& record) {
  if (record.application >= machine.diary.checkpoints.size()) return nullptr;
  return &machine.diary.checkpoints[record.application];
}

/// Nothing may overtake a record whose receiver writes flash before it acknowledges.
bool closes_window(const Machine& machine, const Record& record) {
  if (record.type != FrameType::ConfigSaved || !record.is_last) return false;
  const ReplicationRow* row = find_rule(machine, Content::SavedConfiguration, When::OnSave);
  return row && row->acknowledged == Acknowledged::AfterFlash;
}

}  // namespace

void open_session(Machine& machine) {
  Node& node = machine.node;
  const PeerView& peer = node.peer;
  if (!node.replicates || !peer.is_heard || peer.office != Office::Second) return;
  if (node.sending.session != 0 && node.sending.to == peer.incarnation) return;
  if (node.pending.kind == Pending::Kind::Preparing && peer.incarnation != node.pending.ticket) {
    node.pending.kind = Pending::Kind::Copying;
  }
  const bool copies = node.pending.kind == Pending::Kind::Copying;
  if (node.pending.kind == Pending::Kind::Finishing) return;
  if (node.order.sequence != 0 && node.order.order == Order::RebootAlone) return;
  const bool needs_same = machine.profile.replication.needs_same_version && !copies &&
                          !machine.profile.replication.sends_images;
  if (needs_same && !runs_with(machine.profile, node.version, peer.said.version)) {
    if (std::exchange(machine.diary.incompatible, peer.incarnation) != peer.incarnation) {
      write_log(machine, LogEvent::NodeFailed, machine.other(),
                word_of(machine.profile, Reason::IncompatibleVersion));
    }
    return;
  }
  node.sending = {};
  node.sending.session = ++node.sessions;
  node.sending.to = peer.incarnation;
  node.sending.rule = 255;
  for (CheckpointCounts& counts : machine.diary.checkpoints) counts = {};
  if (!copies) {
    write_log(machine, LogEvent::SyncBegun, machine.other(), {});
    if (has_mode(node, machine.profile.nonstop))
      write_log(machine, LogEvent::ChangesLocked, machine.other(), {});
  }
  advance(machine);
  transmit(machine);
}

/// Does the configuration in force wait to be acknowledged?
bool owes_active(const Sending& sending) {
  return std::any_of(sending.queue.begin(), sending.queue.end(), [](const Record& record) {
    return record.type == FrameType::ConfigActive || record.type == FrameType::ConfigChange;
  });
}

void close_session(Machine& machine) {
  machine.node.sending = {};
  for (CheckpointCounts& counts : machine.diary.checkpoints)
    counts.bulk_sent = counts.bulk_total = 0;
  machine.stop(Timer::Retransmit);
  machine.stop(Timer::Bulk);
  if (machine.node.pending.kind == Pending::Kind::Saving && machine.node.pending.ticket == 0) {
    save_limit_over(machine);
  }
  leave_step(machine);
}

void transmit(Machine& machine) {
  Sending& sending = machine.node.sending;
  while (sending.in_flight < sending.queue.size() &&
         sending.in_flight < machine.profile.replication.window) {
    const Record& record = sending.queue[sending.in_flight];
    const bool is_paced = record.type == FrameType::CheckpointBulk && record.application != kMarker;
    if (is_paced && machine.runs(Timer::Bulk)) return;
    if (sending.in_flight > 0 && closes_window(machine, sending.queue[sending.in_flight - 1])) {
      return;
    }
    ++sending.in_flight;
    const RecordPart part{sending.to, record.is_first, record.is_last, record.application,
                          *record.payload};
    machine.emit(SendFrame{write_record(
        header_for(machine, record.type, sending.acknowledged + sending.in_flight, sending.session),
        part)});
    if (CheckpointCounts* counts = counts_of(machine, record)) ++counts->sent_messages;
    if (is_paced) machine.start(Timer::Bulk, machine.profile.timing.bulk_pace);
    if (!machine.runs(Timer::Retransmit)) {
      machine.start(Timer::Retransmit, machine.profile.timing.retransmit);
    }
  }
}

void retransmit(Machine& machine) {
  Sending& sending = machine.node.sending;
  machine.stop(Timer::Retransmit);
  if (sending.session == 0 || sending.in_flight == 0) return;
  if (CheckpointCounts* counts = counts_of(machine, sending.queue.front())) ++counts->errors;
  sending.in_flight = 0;
  machine.stop(Timer::Bulk);
  transmit(machine);
}

void receive_ack(Machine& machine, const FrameHeader& header, std::span<const std::byte> frame) {
  Sending& sending = machine.node.sending;
  const auto addressee = read_addressee(frame);
  const bool is_ours = sending.session != 0 && header.session == sending.session &&
                       header.incarnation == sending.to && addressee == machine.node.incarnation;
  if (!is_ours || header.sequence <= sending.acknowledged) return;
  const std::uint32_t taken = header.sequence - sending.acknowledged;
  if (taken > sending.in_flight) return;
  for (std::uint32_t index = 0; index < taken; ++index) {
    const Record& record = sending.queue[index];
    if (CheckpointCounts* counts = counts_of(machine, record)) {
      ++counts->received_messages;
      counts->bulk_sent += record.objects;
    }
  }
  sending.queue.erase(sending.queue.begin(), sending.queue.begin() + taken);
  sending.acknowledged = header.sequence;
  sending.in_flight -= taken;
  machine.stop(Timer::Retransmit);
  if (sending.in_flight > 0) machine.start(Timer::Retransmit, machine.profile.timing.retransmit);
  if (machine.node.pending.kind == Pending::Kind::Copying) {
    machine.start(Timer::Save, machine.profile.timing.synchronize_limit);
  }
  save_step(machine);
  if (sending.queue.empty()) advance(machine);
  transmit(machine);
  leave_step(machine);
}

void replicate_change(Machine& machine, const std::vector<SettingChange>& changes) {
  Sending& sending = machine.node.sending;
  if (sending.session == 0 || changes.empty()) return;
  if (!find_rule(machine, Content::ConfigurationChange, When::OnChange)) return;
  if (!has_begun(machine, Content::ActiveConfiguration)) return;
  RecordBuilder records(sending, FrameType::ConfigChange, carrier(machine));
  for (const SettingChange& change : changes) {
    records.add(strings({change.key, change.value ? "=" + *change.value : "-"}));
  }
  records.finish();
  transmit(machine);
}

std::uint32_t replicate_saved(Machine& machine, std::string_view file) {
  Sending& sending = machine.node.sending;
  const StoredFile* stored = machine.node.flash.find(file);
  if (sending.session == 0 || !stored) return 0;
  const Content content =
      is_security_file(machine, file) ? Content::SecurityFile : Content::SavedConfiguration;
  if (!find_rule(machine, content, When::OnSave)) return 0;
  enqueue_saved(machine, file, *stored);
  const auto last = sending.acknowledged + static_cast<std::uint32_t>(sending.queue.size());
  transmit(machine);
  return last;
}

void replicate_entry(Machine& machine, const EntryLearned& entry) {
  Sending& sending = machine.node.sending;
  if (sending.session == 0) return;
  if (!find_rule(machine, Content::ApplicationChange, When::OnChange)) return;
  const bool has_bulk = find_rule(machine, Content::ApplicationState, When::AtStart) != nullptr;
  const bool is_under_way = sending.bulk_is_open && sending.application == entry.application;
  if (has_bulk && !is_under_way && (sending.applications_done >> entry.application & 1) == 0) {
    return;  // its bulk has yet to begin and will take the entry along
  }
  RecordBuilder records(sending, FrameType::CheckpointDynamic, entry.application);
  records.add(strings({entry.key, entry.value ? "=" + *entry.value : "-"}));
  records.finish();
  transmit(machine);
}

}  // namespace understudy::reference

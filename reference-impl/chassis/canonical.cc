#include "reference-impl/chassis/node.h"

namespace understudy::reference {
namespace {

/// Numbers little endian in their own width, strings and lists with their length before them.
class Writer {
 public:
  template <typename Number>
  requires std::is_arithmetic_v<Number> || std::is_enum_v<Number>
  void add(Number number) {
    const auto* bytes = reinterpret_cast<const char*>(&number);
    text_.append(bytes, sizeof number);
  }
  void add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    text_.append(text);
  }
  void add(const std::string& text) { add(std::string_view(text)); }
  void add(const CopyOnWrite<std::string>& text) { add(std::string_view(*text)); }
  template <typename... Fields>
  void all(const Fields&... fields) {
    (add(fields), ...);
  }
  template <typename List, typename Each>
  void list(const List& list, Each each) {
    add(static_cast<std::uint64_t>(list.size()));
    for (const auto& item : list) each(item);
  }
  void pairs(const std::map<std::string, std::string, std::less<>>& pairs) {
    list(pairs, [this](const auto& pair) { all(pair.first, pair.second); });
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add(Writer& out, const BootMemory& memory) {
  out.all(memory.ever_booted, memory.led_last, memory.boot_clock);
}

void add(Writer& out, const Images& images) {
  out.all(images.is_secondary_selected, images.is_secondary_booted, images.primary,
          images.secondary);
}

void add(Writer& out, const StoredFile& file) {
  out.all(file.generation, file.saved_at, file.content);
}

void add(Writer& out, const PeerView& peer) {
  out.all(peer.is_present, peer.is_heard, peer.is_lost, peer.state, peer.office, peer.flags,
          peer.incarnation, peer.previous_incarnation, peer.session, peer.last_heartbeat);
  const Heartbeat& said = peer.said;
  out.all(said.priority, said.software_health, said.hardware_health, said.reason, said.version,
          said.reign, said.last_record, said.heard_incarnation);
  add(out, said.memory);
  add(out, said.images);
  out.all(said.failovers, said.failover_cause);
}

void add(Writer& out, const Flash& flash) {
  out.list(flash.files, [&out](const auto& item) {
    out.add(item.first);
    add(out, item.second);
  });
  out.list(flash.writing, [&out](const FlashWrite& write) {
    out.all(write.ticket, write.name);
    add(out, write.file);
  });
  out.add(flash.tickets);
}

void add(Writer& out, const Sending& sending) {
  out.all(sending.session, sending.to, sending.acknowledged, sending.in_flight, sending.rule,
          sending.applications_done, sending.application, sending.bulk_is_open, sending.is_started,
          sending.is_marked);
  out.list(sending.queue, [&out](const Record& record) {
    out.all(record.type, record.application, record.is_first, record.is_last, record.objects,
            record.payload);
  });
}

void add(Writer& out, const Receiving& receiving) {
  out.all(receiving.session, receiving.from, receiving.received, receiving.has_active,
          receiving.is_complete, receiving.ticket, receiving.staging);
}

}  // namespace

std::string canonical_bytes(const Node& node) {
  Writer out;
  out.all(node.slot, node.state, node.reason, node.is_stepping_down, node.is_forced,
          node.owes_active, node.is_restarting);
  for (const std::int64_t left : node.left) out.add(left);
  out.all(node.version, node.priority, node.incarnation, node.reign, node.heartbeats_sent,
          node.sessions, node.orders, node.order_taken, node.phase, node.replicates, node.is_dirty,
          node.is_warm, node.restarts_warm, node.is_shut_down, node.down_modules, node.next_image,
          node.failovers, node.failed_parts, node.has_diagnostic_fault, node.ended_processes,
          node.restarting_processes);
  add(out, node.peer);
  out.pairs(node.active.settings());
  add(out, node.flash);
  add(out, node.memory);
  out.all(node.boot_count, node.selected_file, node.booted_file, node.selected_image,
          node.booted_image, node.failover_cause);
  for (const auto* tables : {&node.tables, &node.stale}) {
    out.list(*tables, [&out](const CopyOnWrite<Entries>& table) { out.pairs(*table); });
  }
  add(out, node.sending);
  add(out, node.receiving);
  out.all(node.pending.kind, node.pending.id, node.pending.ticket, node.pending.record,
          node.pending.file);
  out.all(node.order.order, node.order.detail, node.order.sequence, node.order.to,
          node.order.tries);
  return out.take();
}

}  // namespace understudy::reference

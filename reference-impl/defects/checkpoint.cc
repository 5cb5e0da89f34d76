// Defects of checkpointing: what is relayed when, and what is claimed of it.
#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::exos {
namespace {

using E = Event;

Entries& table_of(Moment& moment, std::string_view application) {
  const auto index = *application_named(moment.profile(), application);
  return moment.node().tables[index].edit();
}

/// A record of that type is held until another one of its kind is queued behind it.
void hold_until_another(Moment& moment, FrameType type) {
  Outputs& outputs = moment.machine.outputs;
  const auto& queue = moment.node().sending.queue;
  if (queue.size() != 1 || queue.front().type != type) return;
  for (std::size_t i = outputs.size(); i > moment.from; --i) {
    const auto* frame = std::get_if<SendFrame>(&outputs[i - 1]);
    const auto header = frame ? read_header(frame->bytes.view()) : std::nullopt;
    if (header && header->type == type) {
      outputs.erase(outputs.begin() + static_cast<std::ptrdiff_t>(i - 1));
    }
  }
}

}  // namespace

std::vector<Defect> checkpoint_defects() {
  return {
      {.id = "insync-before-the-bulk-ends",
       .sentence = "The backup is called in sync before the bulk checkpoint is complete.",
       .clauses = {"insync-claim-is-true"},
       .origin = "M33",
       .replace = [](Profile& p) { p.replication.claim_needs_bulk = false; }},
      {.id = "insync-while-changes-wait",
       .sentence = "The backup is called in sync although relayed changes are not acknowledged.",
       .clauses = {"insync-claim-is-true"},
       .origin = "M33",
       .replace = [](Profile& p) { p.replication.claim_needs_all_acknowledged = false; }},
      {.id = "insync-whatever-happens",
       .sentence = "A backup is always called in sync.",
       .clauses = {"insync-claim-is-true"},
       .origin = "M33",
       .interpose = printed([](Notes&, std::string& bytes) {
         replace_all(bytes, "(Not In Sync)", "(In Sync)    ");
       })},
      {.id = "in-sync-in-two-spellings",
       .sentence = "The MSM in slot A prints In Sync, the one in slot B InSync.",
       .clauses = {"in-sync-is-spelt-one-way"},
       .origin = "M48",
       .interpose =
           wrapped({.after = [](Moment& moment) { moment.notes["slot"] = moment.node().slot; },
                    .printed =
                        [](Notes& notes, std::string& bytes) {
                          if (notes["slot"] == 1) replace_all(bytes, "(In Sync)", "(InSync) ");
                        }})},
      {.id = "lost-backup-stays-insync",
       .sentence =
           "A master does not notice that its backup is gone, and goes on calling it in sync.",
       .clauses = {"insync-claim-ends-with-the-backup"},
       .origin = "M34",
       .interpose = after([](Moment& moment) {
         if (moment.leads()) moment.machine.stop(Timer::Silence);
       })},
      {.id = "failed-backup-stays-insync",
       .sentence = "A backup that has failed is shown as BACKUP (In Sync).",
       .clauses = {"insync-claim-ends-with-the-backup", "failed-nodes-show-fail"},
       .origin = "M34",
       .interpose = before([](Moment& moment, Input& input) {
         const auto header = incoming(input, FrameType::Heartbeat);
         const bool is_failed = header && header->state == NodeState::Fail;
         if (is_failed && moment.leads()) moment.machine.stop(Timer::Silence);
         return !(is_failed && moment.leads());
       })},
      {.id = "configuration-changes-are-not-relayed",
       .sentence = "Changes of the configuration are not relayed to a backup in sync.",
       .clauses = {"changes-are-relayed-to-the-backup", "changes-are-relayed-at-once",
                   "insync-claim-is-true"},
       .origin = "M35",
       .replace = [](Profile& p) { remove_rule(p, Content::ConfigurationChange, When::OnChange); }},
      {.id = "changes-are-relayed-late",
       .sentence = "A change is relayed only when the next one comes.",
       .clauses = {"changes-are-relayed-to-the-backup", "changes-are-relayed-at-once"},
       .origin = "M35",
       .interpose =
           after([](Moment& moment) { hold_until_another(moment, FrameType::ConfigChange); })},
      {.id = "removals-are-not-relayed",
       .sentence = "What is removed on the master stays in the backup's copy.",
       .clauses = {"changes-are-relayed-to-the-backup"},
       .origin = "M35",
       .interpose = before([](Moment& moment, Input& input) {
         if (!moment.seconds() || !incoming(input, FrameType::ConfigChange)) return true;
         Node& node = moment.node();
         const Configuration before_it = node.active;
         step(moment.profile(), node, moment.machine.diary, input, moment.machine.outputs);
         for (const auto& [key, value] : before_it.settings()) {
           if (!node.active.holds(key)) node.active.apply({key, value});
         }
         return false;
       })},
      {.id = "old-changes-are-relayed-again",
       .sentence =
           "With each change of the configuration the first one is relayed again, behind it.",
       .clauses = {"changes-are-relayed-to-the-backup"},
       .origin = "M36",
       .interpose = before([](Moment& moment, Input& input) {
         Node& node = moment.node();
         const auto* order = std::get_if<Ordered>(&input);
         if (!moment.leads() || !order ||
             kind_of(order->command, node.slot) != CommandKind::Configure) {
           return true;
         }
         const Configuration was = node.active;
         step(moment.profile(), node, moment.machine.diary, input, moment.machine.outputs);
         if (node.active == was) return false;
         for (const auto& [key, is_first] : moment.notes) {
           replicate_change(moment.machine, {SettingChange{key, std::string()}});
         }
         for (const auto& [key, value] : node.active.settings()) {
           const bool is_first = moment.notes.empty() && value.empty() && !was.holds(key);
           if (is_first) moment.notes[key] = 1;
         }
         return false;
       })},
      {.id = "waiting-changes-change-places",
       .sentence = "Of two changes that wait for the backup the later one is relayed first.",
       .clauses = {"changes-are-relayed-to-the-backup"},
       .origin = "M36",
       .interpose = after([](Moment& moment) {
         auto& sending = moment.node().sending;
         auto& queue = sending.queue;
         const bool wait = queue.size() == 2 && queue[0].type == FrameType::ConfigChange &&
                           queue[1].type == FrameType::ConfigChange;
         const std::int64_t first = sending.acknowledged + 1;
         if (!wait || std::exchange(moment.notes["turned"], first) == first) return;
         std::swap(queue[0].payload, queue[1].payload);
       })},
      {.id = "what-is-learned-is-relayed-late",
       .sentence = "What an application learns is relayed only when it learns more.",
       .clauses = {"state-changes-are-relayed-at-once"},
       .origin = "M35",
       .interpose =
           after([](Moment& moment) { hold_until_another(moment, FrameType::CheckpointDynamic); })},
      {.id = "learned-entries-are-not-relayed",
       .sentence = "What applications learn is not relayed to a backup in sync.",
       .clauses = {"run-time-state-is-recovered", "state-changes-are-relayed-at-once"},
       .origin = "M35",
       .replace = [](Profile& p) { remove_rule(p, Content::ApplicationChange, When::OnChange); }},
      {.id = "bulk-leaves-the-fdb-out",
       .sentence = "The bulk checkpoint does not take the forwarding table along.",
       .clauses = {"insync-claim-is-true"},
       .origin = "published 4",
       .interpose = wrapped({.before =
                                 [](Moment& moment, Input& input) {
                                   const auto bulk = incoming(input, FrameType::CheckpointBulk);
                                   moment.notes["bulk"] = bulk && moment.seconds() ? 1 : 0;
                                   return true;
                                 },
                             .after =
                                 [](Moment& moment) {
                                   if (moment.notes["bulk"] == 1) table_of(moment, "fdb").clear();
                                 }})},
      {.id = "failover-clears-the-fdb",
       .sentence = "The forwarding table is empty after a failover.",
       .clauses = {"run-time-state-is-recovered", "insync-claim-is-true"},
       .origin = "published 4",
       .interpose = after([](Moment& moment) {
         if (has_become(moment, Office::Lead)) table_of(moment, "fdb").clear();
       })},
      {.id = "aged-entries-stay-on-the-backup",
       .sentence = "Entries that the master forgets stay in the backup's table.",
       .clauses = {"run-time-state-is-recovered"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         if (!moment.seconds() || !incoming(input, FrameType::CheckpointDynamic)) return true;
         const Entries before_it = table_of(moment, "fdb");
         step(moment.profile(), moment.node(), moment.machine.diary, input, moment.machine.outputs);
         table_of(moment, "fdb").insert(before_it.begin(), before_it.end());
         return false;
       })},
      {.id = "lost-records-are-not-repeated",
       .sentence = "A record of the checkpoint that was lost is not sent again.",
       .clauses = {"backup-reaches-synchronisation", "changes-are-relayed-to-the-backup"},
       .origin = "",
       .interpose = before([](Moment& moment, Input&) {
         moment.machine.stop(Timer::Retransmit);
         return true;
       })},
      {.id = "doubled-records-confuse",
       .sentence = "A record of the checkpoint that comes twice ends the synchronisation.",
       .clauses = {"backup-reaches-synchronisation"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         auto& receiving = moment.node().receiving;
         for (const auto type :
              {FrameType::ConfigSaved, FrameType::ConfigActive, FrameType::CheckpointBulk}) {
           const auto header = incoming(input, type);
           const bool is_again = header && moment.seconds() && receiving.session != 0 &&
                                 header->session == receiving.session &&
                                 header->sequence <= receiving.received;
           if (is_again) receiving.received = 0xffff;
         }
         return true;
       })},
      {.id = "damaged-records-stop-it",
       .sentence = "After a damaged frame the backup takes no more records.",
       .clauses = {"backup-reaches-synchronisation"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const auto* frame = std::get_if<FrameReceived>(&input);
         if (!frame) return true;
         if (!read_header(frame->bytes) && moment.seconds()) moment.notes["deaf"] = 1;
         if (moment.notes["deaf"] == 0) return true;
         return incoming(input, FrameType::Heartbeat).has_value();
       })},
      {.id = "interrupted-bulk-is-not-resumed",
       .sentence = "A backup that is lost in the bulk checkpoint is never brought level again.",
       .clauses = {"backup-reaches-synchronisation", "backup-can-be-removed-and-inserted"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         Node& node = moment.node();
         if (!moment.leads()) return;
         if (node.sending.bulk_is_open) {
           moment.notes["open"] = 1;
         } else if (node.sending.is_started) {
           moment.notes["open"] = 0;
         } else if (node.sending.session == 0 && moment.notes["open"] == 1) {
           node.replicates = false;
         }
       })},
      {.id = "bulk-before-the-configuration",
       .sentence = "Applications begin their bulk checkpoint before the configuration is there.",
       .clauses = {"bulk-checkpoint-follows-configuration"},
       .origin = "",
       .replace =
           [](Profile& p) {
             auto& rules = p.replication.rules;
             const ReplicationRow bulk = rules[2];
             rules.erase(rules.begin() + 2);
             rules.insert(rules.begin(), bulk);
           }},
      {.id = "two-processes-at-once",
       .sentence = "Two processes are in their bulk checkpoint at the same time.",
       .clauses = {"bulk-goes-one-process-after-another"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         auto& counts = moment.machine.diary.checkpoints;
         const auto& sending = moment.node().sending;
         if (!sending.bulk_is_open) return;
         for (const std::string_view name : {"vlan", "acl", "rtmgr"}) {
           const auto index = *application_named(moment.profile(), name);
           if ((sending.applications_done >> index & 1) != 0) continue;
           counts[index].bulk_total = 32;
           counts[index].bulk_sent = 16;
         }
       })},
      {.id = "bulk-leaves-the-last-record-out",
       .sentence = "Of a bulk checkpoint that takes several records the last one is never sent.",
       .clauses = {"bulk-checkpoint-completes", "insync-claim-is-true"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         auto& sending = moment.node().sending;
         for (std::size_t i = sending.in_flight; i < sending.queue.size(); ++i) {
           const Record& record = sending.queue[i];
           const bool is_bulk =
               record.type == FrameType::CheckpointBulk && record.application != kMarker;
           if (!is_bulk || !record.is_last || record.is_first) continue;
           sending.queue.erase(sending.queue.begin() + static_cast<std::ptrdiff_t>(i));
           return;
         }
       })},
      {.id = "last-object-is-not-counted",
       .sentence =
           "The last object of each bulk checkpoint is not counted, so none comes to 100 %.",
       .clauses = {"bulk-checkpoint-completes"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         for (CheckpointCounts& counts : moment.machine.diary.checkpoints) {
           if (counts.bulk_total > 0 && counts.bulk_sent >= counts.bulk_total) {
             counts.bulk_sent = counts.bulk_total - 1;
           }
         }
       })},
      {.id = "percentages-over-100",
       .sentence = "The bulk checkpoint of a process is shown with more than 100 %.",
       .clauses = {"checkpoint-percentages-are-percentages"},
       .origin = "M38",
       .interpose =
           printed([](Notes&, std::string& bytes) { replace_all(bytes, " 100% ", " 104% "); })},
      {.id = "percentages-fall",
       .sentence = "While a process is in its bulk checkpoint what is left of it is shown as done.",
       .clauses = {"checkpoint-percentages-never-fall"},
       .origin = "M38",
       .interpose = wrapped({.before =
                                 [](Moment& moment, Input&) {
                                   auto& counts = moment.machine.diary.checkpoints;
                                   for (std::size_t i = 0; i < counts.size(); ++i) {
                                     const auto sent = moment.notes.extract(std::to_string(i));
                                     if (sent)
                                       counts[i].bulk_sent =
                                           static_cast<std::uint32_t>(sent.mapped());
                                   }
                                   return true;
                                 },
                             .after =
                                 [](Moment& moment) {
                                   auto& counts = moment.machine.diary.checkpoints;
                                   for (std::size_t i = 0; i < counts.size(); ++i) {
                                     const auto [sent, total] =
                                         std::pair(counts[i].bulk_sent, counts[i].bulk_total);
                                     if (sent == 0 || sent >= total) continue;
                                     moment.notes[std::to_string(i)] = sent;
                                     counts[i].bulk_sent = total - sent;
                                   }
                                 }})},
      {.id = "a-named-process-is-not-looked-for",
       .sentence = "show checkpoint-data shows every process, also where one is named.",
       .clauses = {"checkpointing-of-one-process"},
       .origin = "",
       .interpose = typed([](Notes&, std::string& bytes) {
         replace_all(bytes, "show checkpoint-data vlan", "show checkpoint-data");
       })},
      {.id = "traffic-is-not-counted",
       .sentence = "show checkpoint-data counts no messages.",
       .clauses = {"checkpoint-traffic-is-shown"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         for (CheckpointCounts& counts : moment.machine.diary.checkpoints) {
           counts.sent_messages = counts.received_messages = 0;
         }
       })},
      {.id = "states-differ-between-commands",
       .sentence = "show node shows a master that took over as BACKUP for ever.",
       .clauses = {"show-node-agrees-with-show-switch"},
       .origin = "",
       .interpose = wrapped({.after =
                                 [](Moment& moment) {
                                   moment.notes["took over"] =
                                       moment.node().failover_cause != FailoverCause::Never ? 1 : 0;
                                 },
                             .printed =
                                 [](Notes& notes, std::string& bytes) {
                                   if (notes["took over"] != 1 ||
                                       bytes.find("SwHealth") == std::string::npos)
                                     return;
                                   replace_all(bytes, "MASTER    ", "BACKUP    ");
                                 }})},
      {.id = "the-other-state-is-stale",
       .sentence = "A former master keeps the state that it had of the other MSM: BACKUP.",
       .clauses = {"both-msms-tell-both-states"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (moment.leads()) moment.notes["led"] = 1;
         const bool is_stale = moment.notes["led"] == 1 && moment.seconds();
         if (is_stale && moment.node().peer.is_heard) moment.node().peer.state = NodeState::Backup;
       })},
  };
}

}  // namespace understudy::reference::exos

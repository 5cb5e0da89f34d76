// Defects of configurations: what survives a failover, what reaches which flash, what a boot uses.
#include <algorithm>

#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::exos {
namespace {

using S = NodeState;
using E = Event;

void replace_action(Profile& profile, Event event, Action what, Action by) {
  TransitionRow* row = row_for(profile, S::Backup, event);
  std::replace(row->actions.begin(), row->actions.end(), what, by);
}

/// As a transfer that breaks off would leave it.
void cut_in_half(Configuration& active) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : active.settings()) keys.push_back(key);
  for (std::size_t i = keys.size() / 2; i < keys.size(); ++i) active.apply({keys[i], std::nullopt});
}

/// What a node remembers from boot to boot never reaches its flash.
void lose_memory(Moment& moment) {
  change_writes(moment, [](WriteFlash& write) {
    if (write.name.starts_with("boot.")) write.name = lost_write;
  });
}

}  // namespace

std::vector<Defect> configuration_defects() {
  return {
      {.id = "failover-loads-the-flash",
       .sentence = "A backup that takes over loads its saved configuration.",
       .clauses = {"active-config-survives-failover", "insync-claim-is-true"},
       .origin = "M24, M28",
       .replace =
           [](Profile& p) {
             for (const E event : {E::LeadLostInSync, E::LeadLeftInSync, E::LeadLeftForced}) {
               replace_action(p, event, Action::AdoptActive, Action::LoadStored);
             }
           }},
      {.id = "ordered-failover-loads-the-flash",
       .sentence = "After an ordered failover the saved configuration is in force.",
       .clauses = {"active-config-survives-failover"},
       .origin = "M24",
       .replace =
           [](Profile& p) {
             replace_action(p, E::LeadLeftInSync, Action::AdoptActive, Action::LoadStored);
           }},
      {.id = "second-failover-loads-the-flash",
       .sentence = "An MSM that was master before loads its flash when it becomes master again.",
       .clauses = {"active-config-survives-repeated-failovers"},
       .origin = "M25",
       .interpose = after([](Moment& moment) {
         const bool was_second = moment.notes["second"] == 1;
         moment.notes["second"] = moment.seconds() ? 1 : 0;
         if (!moment.leads()) return;
         if (was_second && moment.notes["led"] == 1) load_stored(moment.machine);
         moment.notes["led"] = 1;
       })},
      {.id = "changes-are-saved-at-once",
       .sentence = "Every change is written to the master's flash without save.",
       .clauses = {"relay-does-not-write-flash"},
       .origin = "M26",
       .interpose = after([](Moment& moment) {
         Node& node = moment.node();
         if (!moment.leads() || !node.is_dirty) return;
         write_file(moment.machine, node.selected_file, to_text(node.active),
                    clock_of(moment.machine.diary));
         node.is_dirty = false;
       })},
      {.id = "relay-writes-the-backups-flash",
       .sentence = "The backup writes every change that is relayed to it into its flash.",
       .clauses = {"relay-does-not-write-flash"},
       .origin = "M26",
       .interpose = after([](Moment& moment) {
         Node& node = moment.node();
         const auto now = static_cast<std::int64_t>(hash_of(to_text(node.active)));
         const std::int64_t was = std::exchange(moment.notes["active"], now);
         if (moment.seconds() && node.is_dirty && was != now) {
           write_file(moment.machine, node.selected_file, to_text(node.active),
                      clock_of(moment.machine.diary));
         }
       })},
      {.id = "save-stays-on-the-master",
       .sentence = "save writes the master's flash only.",
       .clauses = {"save-reaches-the-backup-flash"},
       .origin = "M27",
       .replace = [](Profile& p) { remove_rule(p, Content::SavedConfiguration, When::OnSave); }},
      {.id = "save-misses-the-masters-flash",
       .sentence = "save writes the backup's flash only, and says done.",
       .clauses = {"saved-changes-survive-reboot", "masters-config-takes-effect"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (!moment.leads()) return;
         change_writes(moment, [](WriteFlash& write) {
           if (write.name.starts_with("primary.cfg")) write.name = lost_write;
         });
       })},
      {.id = "flash-is-written-in-place",
       .sentence = "A file is written over the old one, so that power lost meanwhile loses both.",
       .clauses = {"saved-changes-survive-reboot"},
       .origin = "",
       .interpose = wrapped({.before =
                                 [](Moment& moment, Input& input) {
                                   const auto* power = std::get_if<PowerOn>(&input);
                                   if (!power || !power->flash) return true;
                                   std::vector<std::string> torn;
                                   read_flash(*power->flash, &torn);
                                   moment.notes["torn"] =
                                       std::any_of(torn.begin(), torn.end(), [](const auto& name) {
                                         return name.starts_with("primary.cfg");
                                       });
                                   return true;
                                 },
                             .after =
                                 [](Moment& moment) {
                                   if (std::exchange(moment.notes["torn"], 0) == 0) return;
                                   moment.node().flash.files.erase("primary.cfg");
                                   load_stored(moment.machine);
                                 }})},
      {.id = "active-before-saved",
       .sentence = "The active configuration is transferred before the saved one.",
       .clauses = {"saved-config-is-copied-first"},
       .origin = "M29",
       .replace =
           [](Profile& p) {
             auto& rules = p.replication.rules;
             std::swap(rules[0], rules[1]);
           }},
      {.id = "saved-configuration-is-not-copied",
       .sentence = "A backup that boots does not get the master's saved configuration.",
       .clauses = {"saved-config-is-copied-to-the-backup"},
       .origin = "",
       .replace = [](Profile& p) { remove_rule(p, Content::SavedConfiguration, When::AtStart); }},
      {.id = "active-configuration-is-not-transferred",
       .sentence = "A backup that boots does not get the master's active configuration.",
       .clauses = {"backup-reaches-synchronisation", "insync-claim-is-true"},
       .origin = "",
       .replace = [](Profile& p) { remove_rule(p, Content::ActiveConfiguration, When::AtStart); }},
      {.id = "long-configurations-are-cut",
       .sentence = "Of a configuration that takes several frames the last one is lost.",
       .clauses = {"backup-reaches-synchronisation", "saved-config-is-copied-to-the-backup",
                   "changes-are-relayed-to-the-backup"},
       .origin = "",
       .interpose = before([](Moment&, Input& input) {
         thread_local FrameBytes shortened;
         for (const auto type :
              {FrameType::ConfigSaved, FrameType::ConfigActive, FrameType::ConfigChange}) {
           const auto header = incoming(input, type);
           auto part = header ? read_record(std::get<FrameReceived>(input).bytes) : std::nullopt;
           if (!part || part->is_first || !part->is_last) continue;
           part->payload = {};
           shortened = write_record(*header, *part);
           input = FrameReceived{shortened.view()};
           return true;
         }
         return true;
       })},
      {.id = "backup-keeps-its-own-configuration",
       .sentence = "When the chassis boots each MSM uses the configuration of its own flash.",
       .clauses = {"masters-config-takes-effect"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         Node& node = moment.node();
         const auto record = incoming(input, FrameType::ConfigActive);
         if (record && moment.seconds()) {
           const Configuration own = node.active;
           step(moment.profile(), node, moment.machine.diary, input, moment.machine.outputs);
           node.active = own;
           return false;
         }
         return true;
       })},
      {.id = "flash-fallback-is-the-factory",
       .sentence = "A backup without the active configuration starts with the factory's.",
       .clauses = {"flash-is-the-fallback"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         // What it restarts with after it was not in sync.
         if (moment.node().reason == Reason::NotInSync) moment.notes["lacked it"] = 1;
         if (std::holds_alternative<PowerOn>(input) && moment.notes["lacked it"] == 1) {
           step(moment.profile(), moment.node(), moment.machine.diary, input,
                moment.machine.outputs);
           moment.node().flash.files.erase(moment.node().selected_file);
           load_stored(moment.machine);
           return false;
         }
         return true;
       })},
      {.id = "backup-takes-over-out-of-sync",
       .sentence =
           "A backup that was not given the whole active configuration takes over with half.",
       .clauses = {"flash-is-the-fallback"},
       .origin = "",
       .replace =
           [](Profile& p) {
             *row_for(p, S::Backup, E::LeadLostNotInSync) = {
                 S::Backup,
                 E::LeadLostNotInSync,
                 S::Master,
                 {Action::BeginReign, Action::StartReplication}};
           },
       .interpose = after([](Moment& moment) {
         const bool was_second = moment.notes["second"] == 1;
         moment.notes["second"] = moment.seconds() ? 1 : 0;
         if (was_second && moment.leads() && !moment.node().receiving.has_active) {
           cut_in_half(moment.node().active);
         }
       })},
      {.id = "backup-accepts-configuration",
       .sentence = "The backup carries out configuration commands on its own.",
       .clauses = {"configuration-is-ordered-on-the-master"},
       .origin = "M30",
       .replace =
           [](Profile& p) {
             row_for(p, CommandKind::Configure)->offices = {Office::Lead, Office::Second};
           },
       .interpose = before([](Moment& moment, Input& input) {
         const bool is_own = moment.seconds() && std::holds_alternative<Ordered>(input) &&
                             kind_of(std::get<Ordered>(input).command, moment.node().slot) ==
                                 CommandKind::Configure;
         if (!is_own) return true;
         const bool replicated = std::exchange(moment.node().replicates, true);
         step(moment.profile(), moment.node(), moment.machine.diary, input, moment.machine.outputs);
         moment.node().replicates = replicated;
         return false;
       })},
      {.id = "unsaved-mark-stays-after-save",
       .sentence = "The mark of unsaved changes stays after save.",
       .clauses = {"unsaved-mark-is-true"},
       .origin = "M31",
       .interpose = after([](Moment& moment) {
         if (moment.node().is_dirty) moment.notes["marked"] = 1;
         if (moment.leads() && moment.notes["marked"] == 1) moment.node().is_dirty = true;
       })},
      {.id = "unsaved-mark-is-lost-at-failover",
       .sentence = "The new master does not mark the changes that its predecessor never saved.",
       .clauses = {"unsaved-mark-is-true"},
       .origin = "M31",
       .interpose = after([](Moment& moment) {
         if (has_become(moment, Office::Lead)) moment.node().is_dirty = false;
       })},
      {.id = "no-unsaved-mark",
       .sentence = "The prompt never shows unsaved changes.",
       .clauses = {"unsaved-mark-is-true"},
       .origin = "",
       .interpose =
           printed([](Notes&, std::string& bytes) { replace_all(bytes, "* BD-", "BD-"); })},
      {.id = "full-flash-counts-as-saved",
       .sentence = "A save that found no room in flash clears the mark of unsaved changes.",
       .clauses = {"unsaved-mark-is-true"},
       .origin = "",
       .interpose = wrapped({.before =
                                 [](Moment& moment, Input& input) {
                                   if (ordered<Save>(input)) moment.notes["saving"] = 1;
                                   return true;
                                 },
                             .after =
                                 [](Moment& moment) {
                                   if (std::exchange(moment.notes["saving"], 0) == 1) {
                                     moment.node().is_dirty = false;
                                   }
                                 }})},
      {.id = "what-found-no-room-is-forgotten",
       .sentence = "A configuration that did not fit into the backup's flash is never sent again.",
       .clauses = {"what-found-no-room-is-sent-again"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         auto& receiving = moment.node().receiving;
         if (!moment.seconds() || receiving.ticket != kNoRoom) return;
         receiving.ticket = 0;
         receiving.staging = {};
         ++receiving.received;
       })},
      {.id = "selection-takes-effect-at-once",
       .sentence = "A selected configuration is loaded at once.",
       .clauses = {"selected-configuration-is-for-the-next-boot"},
       .origin = "",
       .interpose = wrapped({.before =
                                 [](Moment& moment, Input& input) {
                                   if (ordered<SelectConfiguration>(input)) {
                                     moment.notes["select"] = 1;
                                   }
                                   return true;
                                 },
                             .after =
                                 [](Moment& moment) {
                                   if (std::exchange(moment.notes["select"], 0) == 1) {
                                     load_stored(moment.machine);
                                   }
                                 }})},
      {.id = "selection-is-forgotten",
       .sentence = "A selected configuration is not remembered over a boot.",
       .clauses = {"selected-configuration-is-for-the-next-boot"},
       .origin = "",
       .interpose = after(lose_memory)},
      {.id = "selection-is-not-told-to-the-backup",
       .sentence = "The backup does not learn which configuration was selected.",
       .clauses = {"selected-configuration-is-for-the-next-boot"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (!moment.seconds()) return;
         moment.node().selected_file = moment.node().booted_file;
         lose_memory(moment);
       })},
      {.id = "image-selection-is-ignored",
       .sentence = "An MSM boots the primary image whatever is selected.",
       .clauses = {"selected-image-is-for-the-next-boot"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (moment.node().state != S::Init) return;
         moment.node().booted_image = Partition::Primary;
         note_images(moment.machine);
       })},
      {.id = "image-selection-counts-at-once",
       .sentence = "A selected image is shown as booted at once.",
       .clauses = {"selected-image-is-for-the-next-boot"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (moment.node().booted_image == moment.node().selected_image) return;
         moment.node().booted_image = moment.node().selected_image;
         note_images(moment.machine);
       })},
      {.id = "new-master-cannot-save",
       .sentence = "A master that took over refuses every save.",
       .clauses = {"unsaved-mark-is-true"},
       .origin = "published 2",
       .interpose = before([](Moment& moment, Input& input) {
         const Save* save = ordered<Save>(input);
         if (!save || moment.node().failover_cause == FailoverCause::Never) return true;
         moment.machine.emit(Reply{std::get<Ordered>(input).id, Refusal::NotReady, {}});
         return false;
       })},
  };
}

}  // namespace understudy::reference::exos

// Defects of failovers: who takes over when, what is refused, what the former master does.
#include <string>

#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::exos {
namespace {

using S = NodeState;
using E = Event;

void ignore(Profile& profile, NodeState from, Event event) {
  TransitionRow* row = row_for(profile, from, event);
  row->to = from;
  row->actions.clear();
  row->reason = Reason::None;
}

}  // namespace

std::vector<Defect> failover_defects() {
  return {
      {.id = "backup-does-not-take-over",
       .sentence = "A backup whose master is lost stays backup.",
       .clauses = {"backup-takes-over", "keepalive-loss-fails-over"},
       .origin = "",
       .replace = [](Profile& p) { ignore(p, S::Backup, E::LeadLostInSync); }},
      {.id = "backup-ignores-silence",
       .sentence = "A backup waits ten times the limit before it takes a silent master for lost.",
       .clauses = {"backup-takes-over", "keepalive-loss-fails-over"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         const auto detection = moment.machine.detection();
         if (moment.seconds() && moment.machine.left(Timer::Silence) == detection.count()) {
           moment.machine.start(Timer::Silence, 10 * detection);
         }
       })},
      {.id = "backup-takes-over-too-early",
       .sentence = "One missing heartbeat makes the backup master.",
       .clauses = {"backup-stays-backup"},
       .origin = "M17",
       .interpose = after([](Moment& moment) {
         const auto detection = moment.machine.detection();
         if (moment.seconds() && moment.machine.left(Timer::Silence) == detection.count()) {
           moment.machine.start(Timer::Silence, moment.profile().timing.heartbeat_period * 5 / 4);
         }
       })},
      {.id = "heartbeats-are-lost-inside",
       .sentence = "Of every twenty-four heartbeats an MSM forgets to send eight in a row.",
       .clauses = {"backup-stays-backup", "no-unprovoked-restart"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (moment.node().heartbeats_sent % 24 >= 16) {
           drop_frames(moment, FrameType::Heartbeat);
         }
       })},
      {.id = "old-heartbeats-count",
       .sentence = "A heartbeat that comes twice or late is taken for a restart of the other MSM.",
       .clauses = {"backup-stays-backup"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const auto header = incoming(input, FrameType::Heartbeat);
         PeerView& peer = moment.node().peer;
         const bool is_old = header && header->incarnation == peer.incarnation &&
                             header->sequence <= peer.last_heartbeat;
         if (is_old && moment.seconds()) fire(moment.machine, E::LeadLostInSync);
         return true;
       })},
      {.id = "damaged-heartbeat-is-a-loss",
       .sentence = "A backup that gets a damaged frame takes its master for lost.",
       .clauses = {"backup-stays-backup"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const auto* frame = std::get_if<FrameReceived>(&input);
         if (frame && !read_header(frame->bytes) && moment.seconds()) {
           fire(moment.machine, E::LeadLostInSync);
         }
         return true;
       })},
      {.id = "backup-ignores-down",
       .sentence = "A backup waits for a master that went DOWN to come back.",
       .clauses = {"backup-takes-over-from-down", "ordered-failover-changes-roles"},
       .origin = "",
       .replace = [](Profile& p) { ignore(p, S::Backup, E::LeadLeftInSync); },
       .interpose = wrapped({.before =
                                 [](Moment& moment, Input& input) {
                                   const auto header = incoming(input, FrameType::Heartbeat);
                                   const bool waits =
                                       moment.seconds() && moment.node().peer.state == S::Down;
                                   return !(header && waits && header->state == S::Init);
                                 },
                             .after =
                                 [](Moment& moment) {
                                   if (moment.seconds() && moment.node().peer.state == S::Down) {
                                     moment.machine.stop(Timer::Silence);
                                   }
                                 }})},
      {.id = "rebooted-master-takes-its-backup-along",
       .sentence = "A reboot of the master's module alone reboots the whole chassis.",
       .clauses = {"backup-takes-over-from-down"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         if (Reboot* reboot = ordered<Reboot>(input); reboot && moment.leads()) {
           if (reboot->module == moment.node().slot) reboot->module.reset();
         }
         return true;
       })},
      {.id = "unforced-failover-out-of-sync",
       .sentence = "A failover without force proceeds although the backup is not in sync.",
       .clauses = {"unforced-failover-needs-synchronisation"},
       .origin = "M13",
       .replace =
           [](Profile& p) { row_for(p, CommandKind::Failover)->needs_sync_unless_forced = false; }},
      {.id = "unforced-failover-without-a-backup",
       .sentence = "A failover without force and without a backup sends the master down.",
       .clauses = {"unforced-failover-needs-synchronisation"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         Failover* failover = ordered<Failover>(input);
         if (failover && !moment.node().peer.is_heard && !failover->force) {
           std::get<Ordered>(input).command = Reboot{moment.node().slot};
         }
         return true;
       })},
      {.id = "forced-failover-refused",
       .sentence = "Force changes nothing.",
       .clauses = {"forced-failover-overrides"},
       .origin = "M14",
       .interpose = before([](Moment&, Input& input) {
         if (Failover* failover = ordered<Failover>(input)) failover->force = false;
         return true;
       })},
      {.id = "old-master-does-not-reboot",
       .sentence = "The master that gives up its office becomes backup without a reboot.",
       .clauses = {"former-master-reboots", "down-during-user-actions"},
       .origin = "M15",
       .replace =
           [](Profile& p) {
             *row_for(p, S::Master, E::SteppedDown) = {
                 S::Master,
                 E::SteppedDown,
                 S::Standby,
                 {Action::StopReplication, Action::OpenElection}};
           }},
      {.id = "old-master-returns-as-master",
       .sentence = "A former master takes its office back when it returns.",
       .clauses = {"a-lost-node-comes-back-as-backup"},
       .origin = "M16",
       .interpose = before([](Moment& moment, Input& input) {
         if (moment.leads()) moment.notes["led"] = 1;
         const auto header = incoming(input, FrameType::Heartbeat);
         const bool finds_a_master = header && header->office == Office::Lead &&
                                     moment.machine.office() == Office::Candidate;
         if (!finds_a_master || moment.notes["led"] != 1) return true;
         fire(moment.machine, E::ElectedLead);
         return false;
       })},
      {.id = "two-masters-stay",
       .sentence = "Two masters that hear each other both stay.",
       .clauses = {"at-most-one-master"},
       .origin = "M17",
       .replace = [](Profile& p) { ignore(p, S::Master, E::DualLeadLost); }},
      {.id = "two-masters-for-a-moment",
       .sentence = "An MSM that gives up its office calls itself MASTER for three more heartbeats.",
       .clauses = {"at-most-one-master"},
       .origin = "M17",
       .interpose = wrapped({.after =
                                 [](Moment& moment) {
                                   auto& beats = moment.notes["beats"];
                                   if (moment.node().state != S::Down) beats = 0;
                                   change_heartbeats(moment, [&](FrameHeader& header, Heartbeat&) {
                                     if (header.state != S::Down || ++beats > 3) return;
                                     header.state = S::Master;
                                   });
                                 },
                             .printed =
                                 [](Notes& notes, std::string& bytes) {
                                   const auto beats = notes["beats"];
                                   if (beats > 0 && beats <= 3) {
                                     replace_all(bytes, "DOWN  ", "MASTER");
                                   }
                                 }})},
      {.id = "down-is-shown-as-master",
       .sentence = "An MSM that gives up its office shows MASTER until it restarts.",
       .clauses = {"down-during-user-actions"},
       .origin = "M18",
       .interpose = wrapped(
           {.after =
                [](Moment& moment) {
                  change_heartbeats(moment, [](FrameHeader& header, Heartbeat&) {
                    if (header.state == S::Down) header.state = S::Master;
                  });
                },
            .printed = [](Notes&,
                          std::string& bytes) { replace_all(bytes, "DOWN  ", "MASTER"); }})},
      {.id = "down-is-not-shown",
       .sentence = "An MSM that reboots or gives up its office says INIT instead of DOWN.",
       .clauses = {"down-during-user-actions"},
       .origin = "M18",
       .interpose = after([](Moment& moment) {
         change_heartbeats(moment, [](FrameHeader& header, Heartbeat&) {
           if (header.state == S::Down) header.state = S::Init;
         });
       })},
      {.id = "failover-accepted-on-the-backup",
       .sentence = "A backup that is told to fail over becomes master.",
       .clauses = {"failover-is-ordered-on-the-master"},
       .origin = "M19",
       .interpose = before([](Moment& moment, Input& input) {
         if (!ordered<Failover>(input) || !moment.seconds()) return true;
         moment.machine.emit(Reply{std::get<Ordered>(input).id, std::nullopt, {}});
         fire(moment.machine, E::LeadLeftInSync);
         return false;
       })},
      {.id = "forced-failover-alone-leaves-no-master",
       .sentence = "Forced to fail over without a backup, an MSM stays in STANDBY.",
       .clauses = {"forced-failover-alone-elects-again"},
       .origin = "M20",
       .replace =
           [](Profile& p) {
             row_for(p, S::Master, E::SteppedDownAlone)->actions = {Action::StopReplication};
           }},
      {.id = "uptime-resets",
       .sentence = "System UpTime begins again at a failover.",
       .clauses = {"uptime-is-inherited"},
       .origin = "M21",
       .interpose = after([](Moment& moment) {
         if (has_become(moment, Office::Lead)) moment.machine.diary.system_uptime = Duration{};
       })},
      {.id = "master-follows-its-backup-down",
       .sentence = "A master that loses its backup restarts.",
       .clauses = {"losing-the-backup-leaves-the-master"},
       .origin = "",
       .replace =
           [](Profile& p) {
             TransitionRow* row = row_for(p, S::Master, E::SecondLost);
             row->to = S::Fail;
             row->actions = {Action::StopReplication, Action::RestartAfterFail};
             row->reason = Reason::BackupLost;
           }},
      {.id = "master-steps-down-without-its-backup",
       .sentence = "A master that loses its backup holds a new election.",
       .clauses = {"losing-the-backup-leaves-the-master"},
       .origin = "",
       .replace =
           [](Profile& p) {
             TransitionRow* row = row_for(p, S::Master, E::SecondLost);
             row->to = S::Standby;
             row->actions = {Action::StopReplication, Action::OpenElection};
           }},
      {.id = "spontaneous-restart",
       .sentence = "A master restarts by itself once, half a second after it came to be in sync.",
       .clauses = {"no-unprovoked-restart"},
       .origin = "published 26",
       .interpose = after([](Moment& moment) {
         const bool is_settled = moment.leads() && moment.node().sending.is_started &&
                                 moment.node().heartbeats_sent > 40;
         if (is_settled && moment.notes["restarted"]++ == 0) restart(moment.machine);
       })},
      {.id = "removal-is-not-noticed",
       .sentence = "Neither of two modules in office notices that the other one was pulled.",
       .clauses = {"removed-primary-is-replaced", "insync-claim-ends-with-the-backup"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const auto* presence = std::get_if<PeerPresence>(&input);
         const bool is_pulled = presence && !presence->is_present;
         if (is_pulled && (moment.leads() || moment.seconds())) moment.notes["pulled"] = 1;
         if (moment.notes["pulled"] == 1) moment.machine.stop(Timer::Silence);
         return !(presence && moment.notes["pulled"] == 1);
       })},
      {.id = "backup-restarts-twice-when-its-master-is-pulled",
       .sentence = "A backup whose master is pulled restarts twice before it takes over.",
       .clauses = {"removed-primary-resets-the-backup-or-not"},
       .origin = "",
       .interpose = wrapped({.before =
                                 [](Moment& moment, Input& input) {
                                   const auto* presence = std::get_if<PeerPresence>(&input);
                                   const bool is_pulled = presence && !presence->is_present;
                                   if (!is_pulled || !moment.seconds()) return true;
                                   moment.notes["pulled"] = 1;
                                   moment.node().peer.is_present = false;
                                   restart(moment.machine);
                                   return false;
                                 },
                             .after =
                                 [](Moment& moment) {
                                   if (!moment.leads() || moment.notes["pulled"] != 1) return;
                                   moment.notes["pulled"] = 2;
                                   restart(moment.machine);
                                 }})},
      {.id = "backup-restarts-when-its-master-is-pulled",
       .sentence = "A backup whose master is pulled restarts, and takes over with its flash.",
       .clauses = {"active-config-survives-failover"},
       .origin = "published 23",
       .interpose = before([](Moment& moment, Input& input) {
         const auto* presence = std::get_if<PeerPresence>(&input);
         if (!presence || presence->is_present || !moment.seconds()) return true;
         moment.node().peer.is_present = false;
         restart(moment.machine);
         return false;
       })},
      {.id = "insertion-restarts-the-master",
       .sentence = "A master restarts when a module is pushed in beside it.",
       .clauses = {"backup-can-be-removed-and-inserted"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const auto* presence = std::get_if<PeerPresence>(&input);
         const bool is_pushed_in = presence && presence->is_present;
         if (is_pushed_in && moment.leads()) restart(moment.machine);
         return !(is_pushed_in && moment.node().state == S::Off);
       })},
      {.id = "ordered-failover-has-the-watchdogs-cause",
       .sentence = "An ordered failover is taken for the watchdog's, so interface modules restart.",
       .clauses = {"ordered-failover-is-hitless"},
       .origin = "M22",
       .interpose = after([](Moment& moment) {
         change_heartbeats(moment, [](FrameHeader& header, Heartbeat&) {
           header.flags = static_cast<std::uint8_t>(header.flags & ~kStepsDown);
         });
       })},
      {.id = "every-failover-restarts-the-interface-modules",
       .sentence = "Interface modules start again at failovers that should be hitless as well.",
       .clauses = {"ordered-failover-is-hitless"},
       .origin = "",
       .replace =
           [](Profile& p) {
             for (CauseRow& row : p.causes) row.is_hitless = false;
           }},
      {.id = "failed-modules-stay-failed",
       .sentence = "An interface module that fails is not reset.",
       .clauses = {"failed-modules-are-reset", "modules-are-reset-five-times"},
       .origin = "",
       .interpose = after([](Moment& moment) { moment.machine.stop(Timer::Modules); })},
      {.id = "modules-are-reset-for-ever",
       .sentence = "An interface module is reset as often as it fails.",
       .clauses = {"modules-are-reset-five-times"},
       .origin = "",
       .replace = [](Profile& p) { p.replication.module_resets = 1000; }},
      {.id = "modules-are-reset-six-times",
       .sentence = "An interface module is reset once too often.",
       .clauses = {"modules-are-reset-five-times"},
       .origin = "",
       .replace = [](Profile& p) { p.replication.module_resets = 6; }},
      {.id = "resets-are-counted-anew",
       .sentence = "A new master begins to count the resets of interface modules anew.",
       .clauses = {"resets-are-counted-over-a-failover"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (!has_become(moment, Office::Lead)) return;
         const auto application = moment.profile().replication.module_application;
         for (const std::string_view slot : moment.profile().replication.modules) {
           moment.node().tables[application].edit().erase(std::string(slot) + "/resets");
         }
       })},
      {.id = "recovery-level-is-ignored",
       .sentence = "Interface modules are reset whatever the recovery level of their slot.",
       .clauses = {"recovery-level-is-followed"},
       .origin = "",
       .replace = [](Profile& p) { p.recovery_setting = ""; }},
      {.id = "a-shut-down-msm-comes-back-at-a-boot",
       .sentence = "A boot ends what recovery level shutdown did to a module.",
       .clauses = {"recovery-level-is-followed"},
       .origin = "",
       .interpose = after([](Moment& moment) { moment.node().is_shut_down = false; })},
      {.id = "shutdown-ends-failovers",
       .sentence =
           "A backup does not take over from a master that recovery level shutdown left up.",
       .clauses = {"backup-takes-over"},
       .origin = "published 25",
       .interpose = wrapped({.before =
                                 [](Moment& moment, Input& input) {
                                   const auto header = incoming(input, FrameType::Heartbeat);
                                   const auto& words = moment.profile().slot_words;
                                   const bool is_left_up =
                                       recovery_of_slot(moment.machine,
                                                        words[moment.machine.other()]) ==
                                       Recovery::Shutdown;
                                   const bool waits = moment.seconds() && header &&
                                                      header->state == S::Fail && is_left_up;
                                   if (waits) moment.notes["waits"] = 1;
                                   return !waits;
                                 },
                             .after =
                                 [](Moment& moment) {
                                   if (moment.seconds() && moment.notes["waits"] == 1) {
                                     moment.machine.stop(Timer::Silence);
                                   }
                                 }})},
      {.id = "shut-down-slots-come-back-at-a-boot",
       .sentence = "A boot of the chassis puts interface modules into service that were shut down.",
       .clauses = {"recovery-level-is-followed"},
       .origin = "",
       .interpose = after([](Moment& moment) { moment.node().down_modules.clear(); })},
      {.id = "shut-down-slots-are-not-marked",
       .sentence = "The prompt does not say that slots are shut down.",
       .clauses = {"recovery-level-is-followed"},
       .origin = "",
       .interpose = printed([](Notes&, std::string& bytes) {
         for (const std::string name : {"BD-", "XCM"}) {
           replace_all(bytes, "! * " + name, "* " + name);
           replace_all(bytes, "! " + name, name);
         }
       })},
      {.id = "lost-backup-returns-as-failed",
       .sentence = "An MSM that was backup once is in FAIL after each later boot.",
       .clauses = {"a-lost-node-comes-back-as-backup"},
       .origin = "published 27",
       .interpose = after([](Moment& moment) {
         if (moment.seconds()) moment.notes["was backup"] = 1;
         const bool is_back =
             moment.machine.office() == Office::Candidate && moment.notes["was backup"] == 1;
         if (is_back) fire(moment.machine, E::HardwareFailed);
       })},
  };
}

}  // namespace understudy::reference::exos

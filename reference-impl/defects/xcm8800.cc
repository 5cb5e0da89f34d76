// Defects of NETGEAR's 8800: those of exos-11.3 that break a rule here as well, and its own.
#include <algorithm>
#include <deque>
#include <iterator>
#include <stdexcept>
#include <string>

#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::xcm8800 {
namespace {

// ------------------------------------------------------------------ shared with exos-11.3

/// A rule that both products have: the defect of exos-11.3, and what it breaks here.
struct Shared {
  std::string_view id;
  std::vector<std::string_view> clauses;
};

std::vector<Shared> shared_rows() {
  return {
      {"in-sync-in-two-spellings", {"in-sync-is-spelt-one-way"}},
      // what a failover tells SNMP managers
      {"failover-sends-no-trap", {"failover-is-notified"}},
      {"failover-cause-stays-never", {"notification-tells-the-cause"}},
      {"every-failover-is-the-users", {"notification-tells-the-cause"}},
      {"trap-names-the-former-master", {"notification-names-the-new-primary"}},
      // elections and states
      {"a-failed-msm-is-elected",
       {"failed-nodes-are-not-elected", "diagnostic-faults-end-the-initialization"}},
      {"diagnostics-ignored",
       {"diagnostic-faults-end-the-initialization", "failed-nodes-are-not-elected"}},
      {"a-failed-backup-takes-over", {"failed-nodes-are-not-elected"}},
      {"overheated-msm-goes-on", {"reasons-of-later-catalogues-show-fail"}},
      {"fail-is-shown-as-down", {"failed-nodes-show-fail"}},
      {"preemption-on-priority-change", {"priority-counts-in-standby-only"}},
      {"preemption-when-slot-a-returns",
       {"a-lost-node-comes-back-as-backup", "former-primary-becomes-backup"}},
      {"unset-priority-is-50", {"no-priority-is-configured-by-default"}},
      {"no-master-is-elected", {"one-primary-is-elected"}},
      {"a-lost-msm-is-shown-in-its-office", {"a-lost-node-is-not-shown-in-office"}},
      {"alone-in-slot-b-waits", {"one-node-alone-is-primary"}},
      {"init-is-skipped", {"init-while-coming-up"}},
      {"standby-is-not-shown", {"offices-are-given-to-standby-nodes"}},
      {"second-msm-stays-standby",
       {"a-lost-node-comes-back-as-backup", "former-primary-becomes-backup"}},
      {"lost-backup-returns-as-failed", {"a-lost-node-comes-back-as-backup"}},
      {"states-in-lower-case", {"node-states-are-the-published-ones"}},
      {"a-state-of-its-own", {"node-states-are-the-published-ones"}},
      {"states-differ-between-commands", {"show-node-agrees-with-show-switch"}},
      {"the-other-state-is-stale", {"both-nodes-tell-both-states"}},
      {"higher-priority-number-wins", {"lower-priority-number-wins"}},
      {"tie-gives-slot-b", {"slot-a-wins-between-equals"}},
      {"out-of-range-priority-accepted", {"priority-is-1-to-100"}},
      {"priority-100-refused", {"priority-is-1-to-100"}},
      {"software-health-ignored", {"software-health-decides", "software-comes-before-hardware"}},
      {"hardware-health-ignored", {"hardware-health-decides"}},
      {"hardware-before-software", {"software-comes-before-hardware"}},
      {"health-before-priority", {"priority-comes-before-health"}},
      // failovers
      {"backup-does-not-take-over", {"backup-takes-over-a-failed-primary"}},
      {"backup-ignores-silence", {"backup-takes-over-a-failed-primary"}},
      {"backup-takes-over-too-early", {"backup-stays-backup"}},
      {"heartbeats-are-lost-inside", {"backup-stays-backup", "no-unprovoked-restart"}},
      {"spontaneous-restart", {"no-unprovoked-restart"}},
      {"old-heartbeats-count", {"backup-stays-backup"}},
      {"damaged-heartbeat-is-a-loss", {"backup-stays-backup"}},
      {"backup-ignores-down", {"backup-takes-over-from-down", "failover-makes-the-backup-primary"}},
      {"rebooted-master-takes-its-backup-along", {"backup-takes-over-from-down"}},
      {"old-master-does-not-reboot", {"former-primary-reboots", "down-during-user-actions"}},
      {"old-master-returns-as-master",
       {"former-primary-becomes-backup", "a-lost-node-comes-back-as-backup"}},
      {"two-masters-stay", {"at-most-one-primary"}},
      {"down-is-shown-as-master", {"down-during-user-actions", "at-most-one-primary"}},
      {"down-is-not-shown", {"down-during-user-actions"}},
      {"master-follows-its-backup-down", {"losing-the-backup-leaves-the-primary"}},
      {"master-steps-down-without-its-backup", {"losing-the-backup-leaves-the-primary"}},
      {"every-failover-restarts-the-interface-modules", {"two-nodes-make-failover-hitless"}},
      {"unforced-failover-out-of-sync", {"unforced-failover-needs-synchronization"}},
      {"unforced-failover-without-a-backup", {"unforced-failover-needs-synchronization"}},
      {"forced-failover-refused", {"forced-failover-overrides"}},
      {"removal-is-not-noticed",
       {"removed-primary-is-replaced", "no-claim-while-the-backup-is-down"}},
      {"backup-restarts-twice-when-its-master-is-pulled",
       {"removed-primary-resets-the-backup-or-not"}},
      // interface modules
      {"failed-modules-stay-failed", {"failed-modules-are-reset", "modules-are-reset-five-times"}},
      {"modules-are-reset-for-ever", {"modules-are-reset-five-times"}},
      {"modules-are-reset-six-times", {"modules-are-reset-five-times"}},
      {"resets-are-counted-anew", {"resets-are-counted-over-a-failover"}},
      {"booting-modules-stay-off", {"modules-not-operational-are-restarted"}},
      {"insertion-restarts-the-master", {"backup-can-be-removed-and-inserted"}},
      {"recovery-level-is-ignored",
       {"recovery-level-is-followed", "a-node-at-level-none-stays-in-its-state",
        "recovery-level-of-a-node-is-followed"}},
      {"shut-down-slots-are-not-marked", {"recovery-level-is-followed"}},
      {"a-shut-down-msm-comes-back-at-a-boot", {"recovery-level-of-a-node-is-followed"}},
      {"shut-down-slots-come-back-at-a-boot",
       {"recovery-level-is-followed", "shut-down-slots-are-named-at-startup"}},
      // configurations
      {"failover-loads-the-flash", {"active-config-survives-failover", "insync-claim-is-true"}},
      {"ordered-failover-loads-the-flash", {"active-config-survives-failover"}},
      {"second-failover-loads-the-flash", {"active-config-survives-repeated-failovers"}},
      {"changes-are-saved-at-once", {"unsaved-changes-are-in-no-flash"}},
      {"relay-writes-the-backups-flash", {"unsaved-changes-are-in-no-flash"}},
      {"save-stays-on-the-master", {"saved-changes-are-in-both-flashes"}},
      {"save-misses-the-masters-flash", {"saved-changes-are-in-both-flashes"}},
      {"saved-configuration-is-not-copied", {"saved-configuration-is-relayed"}},
      {"active-configuration-is-not-transferred",
       {"current-configuration-is-relayed", "insync-claim-is-true"}},
      {"long-configurations-are-cut",
       {"current-configuration-is-relayed", "saved-configuration-is-relayed"}},
      {"backup-accepts-configuration", {"primary-manages-the-switch"}},
      {"reboot-does-not-ask", {"reboot-asks-before-losing-changes"}},
      // checkpointing
      {"insync-before-the-bulk-ends", {"insync-claim-is-true", "no-claim-before-checkpointing"}},
      {"insync-while-changes-wait", {"insync-claim-is-true"}},
      {"insync-whatever-happens",
       {"no-claim-before-checkpointing", "no-claim-with-incompatible-software",
        "insync-claim-is-true"}},
      {"lost-backup-stays-insync", {"no-claim-while-the-backup-is-down"}},
      {"failed-backup-stays-insync",
       {"no-claim-while-the-backup-is-down", "failed-nodes-show-fail"}},
      {"configuration-changes-are-not-relayed",
       {"changes-are-checkpointed", "synchronized-nodes-are-identical"}},
      {"changes-are-relayed-late", {"changes-are-checkpointed"}},
      {"removals-are-not-relayed", {"changes-are-checkpointed"}},
      {"learned-entries-are-not-relayed", {"run-time-state-survives-failover"}},
      {"bulk-leaves-the-fdb-out", {"insync-claim-is-true"}},
      {"failover-clears-the-fdb", {"run-time-state-survives-failover"}},
      {"aged-entries-stay-on-the-backup", {"run-time-state-survives-failover"}},
      {"lost-records-are-not-repeated",
       {"bulk-checkpoint-levels-each-application", "changes-are-checkpointed"}},
      {"doubled-records-confuse", {"bulk-checkpoint-levels-each-application"}},
      {"damaged-records-stop-it", {"bulk-checkpoint-levels-each-application"}},
      {"interrupted-bulk-is-not-resumed", {"bulk-checkpoint-levels-each-application"}},
      {"bulk-before-the-configuration", {"configuration-is-synchronized-first"}},
      {"percentages-over-100", {"checkpointing-status-is-shown"}},
      {"a-named-process-is-not-looked-for", {"checkpointing-status-of-one-process"}},
      {"traffic-is-not-counted", {"checkpointing-status-is-shown"}},
      // hitless failovers
      {"graceful-restart-is-ignored", {"ospf-with-graceful-restart-is-hitless"}},
      {"ospf-routes-stay", {"ospf-routes-are-deleted-without-graceful-restart"}},
      {"ospf-routes-go-at-once", {"routes-are-there-before-the-second-is-over"}},
      {"other-routes-stay",
       {"other-routes-are-deleted-after-a-second",
        "bgp-routes-are-deleted-without-graceful-restart"}},
      {"other-routes-go-at-once", {"routes-are-there-before-the-second-is-over"}},
      {"routes-go-after-half-a-second", {"routes-are-there-before-the-second-is-over"}},
      {"routes-go-after-a-second-and-a-half",
       {"ospf-routes-are-deleted-without-graceful-restart",
        "other-routes-are-deleted-after-a-second",
        "bgp-routes-are-deleted-without-graceful-restart"}},
      {"routes-learned-within-the-second-are-deleted", {"routes-learned-within-the-second-stay"}},
      {"a-new-master-learns-nothing", {"other-routes-are-deleted-after-a-second"}},
      {"pim-caches-stay", {"pim-caches-are-cleared"}},
      {"network-login-forgets-its-users", {"network-login-is-hitless"}},
      {"powered-ports-lose-power", {"powered-ports-stay-powered"}},
      {"only-some-processes-checkpoint-their-changes",
       {"network-login-is-hitless", "powered-ports-stay-powered"}},
      {"spanning-tree-begins-anew", {"stp-is-hitless"}},
      {"edp-neighbors-stay", {"edp-neighbors-are-learned-again"}},
      {"every-failover-is-hitless", {"failover-cause-decides-on-modules"}},
      {"exceptions-are-not-hitless",
       {"failovers-after-an-exception-are-hitless", "failover-cause-decides-on-modules"}},
      {"removals-are-hitless", {"failover-cause-decides-on-modules"}},
      // software
      {"other-software-is-checkpointed", {"no-claim-with-incompatible-software"}},
      {"show-version-names-extremexos", {"show-version-names-the-software"}},
      // synchronize
      {"flash-is-never-levelled",
       {"synchronize-copies-both-configurations", "saved-configuration-is-relayed"}},
      {"synchronize-copies-the-primary-image-only", {"synchronize-copies-both-images"}},
      {"synchronize-copies-no-image",
       {"synchronize-copies-both-images", "synchronize-levels-the-software"}},
      {"synchronize-reboots-once", {"synchronize-reboots-the-backup-afterwards"}},
      {"synchronize-reboots-the-master", {"synchronize-reboots-the-backup-afterwards"}},
      {"synchronize-goes-on-after-no", {"synchronize-asks-about-unsaved-changes"}},
      {"synchronize-does-not-ask", {"synchronize-asks-about-unsaved-changes"}},
      {"synchronize-says-done-without-the-backup", {"synchronize-fails-without-the-backup"}},
  };
}

/// In NETGEAR's words. What is made here is kept for as long as the program runs.
std::string_view renamed(std::string_view text) {
  static std::deque<std::string> kept;
  std::string words(text);
  replace_all(words, "masters", "primaries");
  replace_all(words, "master", "primary");
  replace_all(words, "An MSM", "A node");
  replace_all(words, "an MSM", "a node");
  replace_all(words, "MSM", "node");
  replace_all(words, "msm", "node");
  return kept.emplace_back(std::move(words));
}

// ------------------------------------------------------------------ its own

/// The lead takes a candidate for its second, and the candidate takes what it is sent.
bool replicate_to_a_candidate(Moment& moment, Input& input) {
  thread_local FrameBytes changed;
  Node& node = moment.node();
  auto heartbeat = incoming(input, FrameType::Heartbeat);
  if (heartbeat && moment.leads() && heartbeat->office == Office::Candidate) {
    const auto said = read_heartbeat(std::get<FrameReceived>(input).bytes);
    if (!said) return true;
    heartbeat->office = Office::Second;
    changed = write_heartbeat(*heartbeat, *said);
    input = FrameReceived{changed.view()};
    return true;
  }
  if (moment.machine.office() != Office::Candidate) return true;
  if (heartbeat) {
    const Receiving kept = node.receiving;
    step(moment.profile(), node, moment.machine.diary, input, moment.machine.outputs);
    node.receiving = kept;
    return false;
  }
  const bool is_record = incoming(input, FrameType::ConfigSaved) ||
                         incoming(input, FrameType::ConfigActive) ||
                         incoming(input, FrameType::CheckpointBulk);
  if (!is_record) return true;
  node.state = NodeState::Backup;
  step(moment.profile(), node, moment.machine.diary, input, moment.machine.outputs);
  node.state = NodeState::Standby;
  Outputs& outputs = moment.machine.outputs;
  for (std::size_t i = moment.from; i < outputs.size(); ++i) {
    auto* frame = std::get_if<SendFrame>(&outputs[i]);
    auto header = frame ? read_header(frame->bytes.view()) : std::nullopt;
    if (!header || header->type != FrameType::Ack) continue;
    header->state = NodeState::Standby;
    frame->bytes = write_ack(*header, read_addressee(frame->bytes.view()).value_or(0));
  }
  return false;
}

/// "vlan  12  12  0  3  3  100% ON  OK  1 (000008D3)"
bool is_row_of_a_process(std::string_view line) {
  return line.find("% O") != line.npos && line.find(')') != line.npos;
}

void drop_rows_of_processes(std::string& bytes) {
  std::string kept;
  for (std::string_view rest = bytes; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n') + 1);
    const std::string_view whole = line.empty() ? rest : line;
    if (!is_row_of_a_process(whole)) kept += whole;
    rest.remove_prefix(whole.size());
  }
  bytes = std::move(kept);
}

std::vector<Defect> own_defects() {
  return {
      {.id = "standby-nodes-are-replicated-to",
       .sentence = "The primary replicates to a node that is still STANDBY.",
       .clauses = {"nothing-is-replicated-to-standby-nodes"},
       .origin = "M37",
       .interpose = before(replicate_to_a_candidate)},
      {.id = "every-other-version-is-incompatible",
       .sentence = "A backup with a newer build of the same version is never in sync.",
       .clauses = {"upgrade-goes-node-by-node"},
       .origin = "",
       .replace = [](Profile& p) { p.replication.version_parts = 4; }},
      {.id = "synchronize-copies-at-once",
       .sentence = "synchronize copies without a reboot of the backup before.",
       .clauses = {"synchronize-reboots-the-backup-first"},
       .origin = "M43",
       .interpose = after([](Moment& moment) {
         Node& node = moment.node();
         if (node.pending.kind != Pending::Kind::Preparing) return;
         drop_frames(moment, FrameType::Command);
         node.order.sequence = 0;
         moment.machine.stop(Timer::Order);
         node.pending.kind = Pending::Kind::Copying;
         close_session(moment.machine);
         open_session(moment.machine);
       })},
      {.id = "an-office-is-given-up-once",
       .sentence = "A primary that took over says yes to run failover and stays primary.",
       .clauses = {"failover-makes-the-backup-primary"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const bool is_again =
             ordered<Failover>(input) && moment.node().failover_cause != FailoverCause::Never;
         if (is_again) moment.machine.emit(Reply{std::get<Ordered>(input).id, std::nullopt, {}});
         return !is_again;
       })},
      {.id = "vrrp-as-in-xos-11.3",
       .sentence = "VRRP runs on the primary only and begins anew after a failover.",
       .clauses = {"vrrp-is-hitless"},
       .origin = "",
       .replace = at_failover({"vrrp"}, AtFailover::Cleared)},
      {.id = "checkpoint-data-is-empty",
       .sentence = "show checkpoint-data prints its headings alone.",
       .clauses = {"checkpointing-can-be-monitored"},
       .origin = "",
       .interpose = printed([](Notes&, std::string& bytes) { drop_rows_of_processes(bytes); })},
      {.id = "slots-of-unknown-states",
       .sentence = "show slot calls a module that starts again Booting.",
       .clauses = {"slot-states-are-the-published-ones"},
       .origin = "",
       .interpose = printed(
           [](Notes&, std::string& bytes) { replace_all(bytes, "Initialized ", "Booting     "); })},
      {.id = "a-node-is-reset-five-times",
       .sentence = "A node that was reset five times stays down when it fails again.",
       .clauses = {"nodes-are-reset-any-number-of-times"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const auto* ended = std::get_if<ProcessEnded>(&input);
         const auto& rows = moment.profile().replication.applications;
         if (!ended || !rows.at(ended->application).is_essential) return true;
         if (++moment.notes["resets"] <= 5) return true;
         fire(moment.machine, Event::ShutDownBySoftware);
         return false;
       })},
      {.id = "priorities-are-shown-as-0",
       .sentence = "show node tells 0 whatever priority was configured.",
       .clauses = {"show-node-tells-priority-and-health"},
       .origin = "",
       .interpose = printed([](Notes&, std::string& bytes) {
         if (bytes.find("SwHealth") == std::string::npos) return;
         for (const std::string_view state : {"MASTER    ", "BACKUP    "}) {
           const std::size_t at = bytes.find(state);
           if (at != std::string::npos) bytes[at + state.size()] = '0';
         }
       })},
      {.id = "shut-down-slots-are-shown-down",
       .sentence = "show slot calls a slot Down that its recovery level shut down.",
       .clauses = {"shut-down-slots-are-initialized"},
       .origin = "",
       .interpose = printed(
           [](Notes&, std::string& bytes) { replace_all(bytes, "Initialized ", "Down        "); })},
      {.id = "shut-down-slots-are-not-named",
       .sentence = "The startup says that slots are shut down, and not which ones.",
       .clauses = {"shut-down-slots-are-named-at-startup"},
       .origin = "",
       .interpose = printed([](Notes&, std::string& bytes) {
         replace_all(bytes, "The I/O modules in the following slots are shut down: 1",
                     "Some I/O modules are shut down");
       })},
      {.id = "partners-are-forgotten",
       .sentence = "LACP begins anew after a failover.",
       .clauses = {"partners-of-aggregated-links-stay"},
       .origin = "",
       .replace = at_failover({"lacp"}, AtFailover::Cleared)},
      {.id = "priorities-are-0-in-detail",
       .sentence = "show node detail tells priority 0 whatever was configured.",
       .clauses = {"show-node-detail-tells-the-same"},
       .origin = "",
       .interpose = printed([](Notes&, std::string& bytes) {
         for (const std::string_view configured : {"7", "9"}) {
           replace_all(bytes, "Node Priority: " + std::string(configured), "Node Priority: 0");
         }
       })},
      {.id = "everybody-is-well-in-detail",
       .sentence = "show node detail tells full health whatever has failed.",
       .clauses = {"show-node-detail-tells-the-same"},
       .origin = "",
       .interpose = printed([](Notes&, std::string& bytes) {
         for (const std::string_view label : {"Sw Health:     ", "Hw Health:     "}) {
           const std::string full = label.starts_with('S') ? "49" : "7";
           for (std::size_t at = bytes.find(label); at != std::string::npos;
                at = bytes.find(label, at + label.size())) {
             const std::size_t value = at + label.size();
             bytes.replace(value, bytes.find_first_of("\r\n", value) - value, full);
           }
         }
       })},
      {.id = "everybody-is-primary-in-detail",
       .sentence = "show node detail tells each node as MASTER.",
       .clauses = {"show-node-detail-tells-the-same"},
       .origin = "",
       .interpose = printed([](Notes&, std::string& bytes) {
         replace_all(bytes, "Node State:    BACKUP", "Node State:    MASTER");
       })},
      {.id = "messages-say-master",
       .sentence = "Messages say master where NETGEAR's manual says primary.",
       .clauses = {"synchronize-tells-what-it-saves"},
       .origin = "",
       .interpose = printed(
           [](Notes&, std::string& bytes) { replace_all(bytes, "primary MSM", "master MSM"); })},
      {.id = "the-backup-looks-ill",
       .sentence = "Each node tells the other one less health than it has.",
       .clauses = {"show-node-tells-priority-and-health"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         change_heartbeats(moment, [](FrameHeader&, Heartbeat& said) { --said.software_health; });
       })},
  };
}

}  // namespace

std::vector<Defect> defects(std::span<const Defect> shared) {
  std::vector<Defect> all;
  for (const Shared& row : shared_rows()) {
    const auto found = std::ranges::find(shared, row.id, &Defect::id);
    if (found == shared.end()) throw std::logic_error("no such defect: " + std::string(row.id));
    Defect defect = *found;
    defect.id = renamed(defect.id);
    defect.sentence = renamed(defect.sentence);
    defect.clauses = row.clauses;
    all.push_back(std::move(defect));
  }
  std::ranges::move(own_defects(), std::back_inserter(all));
  return all;
}

std::vector<Unobservable> unobservable() {
  return {
      {"M3", "Priority is compared before the health thresholds.",
       "no document publishes the thresholds, so no case can know when a node is below one"},
      {"M42", "synchronize copies one of two configurations.",
       "the synchronization that follows the second reboot relays every configuration as well"},
      {"", "Data is replicated to a standby node that stays standby.",
       "a chassis has two slots: beside a primary the other node is backup, and standby only on "
       "its way there"},
  };
}

}  // namespace understudy::reference::xcm8800

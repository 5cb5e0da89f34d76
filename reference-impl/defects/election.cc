// Defects of who becomes master at a boot, of node states, and of what show node tells of a node.
#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::exos {
namespace {

using S = NodeState;
using E = Event;

void swap_factors(Profile& profile, Factor one, Factor other) {
  std::swap(*row_for(profile, one), *row_for(profile, other));
}

/// The lead gives its office to its second, as by an ordered failover.
void hand_over(Moment& moment) {
  step(moment.profile(), moment.node(), moment.machine.diary, Ordered{0, Failover{true}},
       moment.machine.outputs);
}

void make_office(Profile& profile, NodeState state, Office office) {
  for (StateRow& row : profile.states) {
    if (row.state == state) row.office = office;
  }
}

/// Nodes in that state take part in the election and get its offices.
void elect_from(Profile& profile, NodeState state) {
  using A = Action;
  make_office(profile, state, Office::Candidate);
  profile.transitions.push_back(
      {state, E::ElectedLead, S::Master, {A::BeginReign, A::StartReplication}});
  profile.transitions.push_back({state, E::ElectedSecond, S::Backup, {}});
}

void change_word(Profile& profile, NodeState state, std::string_view word) {
  for (StateRow& row : profile.states) {
    if (row.state == state) row.word = word;
  }
}

bool has_second_in_sync(const Moment& moment) {
  return sync_claim(moment.machine.profile, moment.machine.node) == SyncClaim::InSync;
}

}  // namespace

std::vector<Defect> election_defects() {
  return {
      {.id = "no-master-is-elected",
       .sentence = "Elections never end: every MSM waits for the other one.",
       .clauses = {"one-master-is-elected"},
       .origin = "",
       .replace =
           [](Profile& p) {
             *row_for(p, NodeState::Standby, Event::ElectedLead) = {NodeState::Standby,
                                                                    Event::ElectedLead,
                                                                    NodeState::Standby,
                                                                    {Action::OpenElection}};
           }},
      {.id = "higher-priority-number-wins",
       .sentence = "Of two configured priorities the higher number wins, as in a stack.",
       .clauses = {"lower-priority-number-wins", "priority-comes-before-health"},
       .origin = "M1",
       .replace = [](Profile& p) { row_for(p, Factor::Priority)->prefer = Prefer::Higher; }},
      {.id = "slot-before-priority",
       .sentence = "The slot is compared before the configured priority, and so before health.",
       .clauses = {"lower-priority-number-wins", "software-health-decides",
                   "hardware-health-decides", "software-comes-before-hardware"},
       .origin = "M2",
       .replace = [](Profile& p) { swap_factors(p, Factor::Slot, Factor::Priority); }},
      {.id = "priority-ignored",
       .sentence = "The configured priority is no factor of the election.",
       .clauses = {"lower-priority-number-wins", "priority-comes-before-health"},
       .origin = "",
       .replace = [](Profile& p) { remove_factor(p, Factor::Priority); }},
      {.id = "health-before-priority",
       .sentence = "Health is compared before the configured priority.",
       .clauses = {"priority-comes-before-health"},
       .origin = "",
       .replace =
           [](Profile& p) {
             swap_factors(p, Factor::Priority, Factor::SoftwareHealth);
             swap_factors(p, Factor::Priority, Factor::HardwareHealth);
           }},
      {.id = "hardware-health-before-priority",
       .sentence = "The health of fans and power supplies is compared before the priority.",
       .clauses = {"priority-comes-before-health"},
       .origin = "",
       .replace = [](Profile& p) { swap_factors(p, Factor::Priority, Factor::HardwareHealth); }},
      {.id = "a-failed-msm-is-elected",
       .sentence = "An MSM in FAIL takes part in the election.",
       .clauses = {"failed-nodes-are-not-elected", "failed-nodes-show-fail"},
       .origin = "M5",
       .replace =
           [](Profile& p) {
             elect_from(p, S::Fail);
             row_for(p, S::Init, E::SelfTestFailed)->actions = {Action::OpenElection};
           }},
      {.id = "a-failed-backup-takes-over",
       .sentence = "A backup in FAIL takes over when its master is lost.",
       .clauses = {"failed-nodes-are-not-elected"},
       .origin = "",
       .replace =
           [](Profile& p) {
             make_office(p, S::Fail, Office::Second);
             TransitionRow takes_over = *row_for(p, S::Backup, E::LeadLostInSync);
             takes_over.from = S::Fail;
             p.transitions.push_back(takes_over);
           }},
      {.id = "a-failed-backup-goes-on",
       .sentence = "A backup whose hardware fails goes on as backup.",
       .clauses = {"failed-nodes-show-fail", "failed-nodes-are-not-elected",
                   "insync-claim-ends-with-the-backup", "show-node-tells-health"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         return !(moment.seconds() && std::holds_alternative<PartFailed>(input));
       })},
      {.id = "diagnostics-ignored",
       .sentence = "A diagnostic fault does not keep an MSM from coming up.",
       .clauses = {"failed-nodes-are-not-elected"},
       .origin = "",
       .interpose = before(
           [](Moment&, Input& input) { return !std::holds_alternative<DiagnosticFault>(input); })},
      {.id = "unsecured-msm-goes-on",
       .sentence = "Modules that are not locked, lack the licence or do not fit their slot go on.",
       .clauses = {"reasons-of-later-catalogues-show-fail"},
       .origin = "published 28",
       .interpose = before([](Moment&, Input& input) {
         const auto* failed = std::get_if<PartFailed>(&input);
         return !failed || (failed->part != Part::Latch && failed->part != Part::License &&
                            failed->part != Part::Card);
       })},
      {.id = "overheated-msm-goes-on",
       .sentence = "An MSM that is too hot says nothing of it and goes on.",
       .clauses = {"reasons-of-later-catalogues-show-fail"},
       .origin = "",
       .interpose = before([](Moment&, Input& input) {
         const auto* failed = std::get_if<PartFailed>(&input);
         return !failed || failed->part != Part::Temperature;
       })},
      {.id = "preemption-on-priority-change",
       .sentence = "A better priority for the backup makes it master at once.",
       .clauses = {"priority-counts-only-in-elections"},
       .origin = "M7, published 9",
       .interpose = after([](Moment& moment) {
         if (!moment.leads() || !has_second_in_sync(moment)) return;
         const int mine = configured_priority(moment.profile(), moment.node(), moment.node().slot);
         const int theirs =
             configured_priority(moment.profile(), moment.node(), moment.machine.other());
         if (theirs != 0 && theirs < mine) hand_over(moment);
       })},
      {.id = "preemption-on-health",
       .sentence = "A master whose fans or supplies fail gives its office to a healthier backup.",
       .clauses = {"backup-stays-backup"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (!moment.leads() || !has_second_in_sync(moment)) return;
         const int mine = hardware_health(moment.profile(), moment.node());
         if (mine < moment.node().peer.said.hardware_health) hand_over(moment);
       })},
      {.id = "preemption-when-slot-a-returns",
       .sentence = "The MSM in slot A takes the office back as soon as it is in sync again.",
       .clauses = {"a-lost-node-comes-back-as-backup", "second-msm-becomes-backup"},
       .origin = "M8",
       .interpose = after([](Moment& moment) {
         if (moment.leads() && moment.node().slot == 1 && has_second_in_sync(moment)) {
           hand_over(moment);
         }
       })},
      {.id = "out-of-range-priority-accepted",
       .sentence = "A priority of 101 or 1000 is taken, as 100; one below zero as 1.",
       .clauses = {"priority-is-1-to-100"},
       .origin = "M9",
       .interpose = typed([](Notes&, std::string& bytes) {
         replace_all(bytes, "priority 1000", "priority 100");
         replace_all(bytes, "priority 101", "priority 100");
         replace_all(bytes, "priority -1", "priority 1");
       })},
      {.id = "priority-0-is-taken-in-vain",
       .sentence = "A priority of 0 is taken, and the one that was configured stays.",
       .clauses = {"priority-0-is-taken-or-refused"},
       .origin = "",
       .interpose = typed(
           [](Notes&, std::string& bytes) { replace_all(bytes, "priority 0", "priority 5"); })},
      {.id = "priority-100-refused",
       .sentence = "The highest priority number that is allowed is refused.",
       .clauses = {"priority-is-1-to-100"},
       .origin = "",
       .replace = [](Profile& p) { p.election.highest_priority = 99; }},
      {.id = "tie-gives-slot-b",
       .sentence = "Between equals the MSM in slot B wins.",
       .clauses = {"slot-a-is-master-by-default", "slot-a-wins-between-equals"},
       .origin = "M10",
       .replace = [](Profile& p) { row_for(p, Factor::Slot)->prefer = Prefer::Higher; }},
      {.id = "equal-priorities-give-slot-b",
       .sentence = "Where both MSMs have the same configured priority slot B wins.",
       .clauses = {"slot-a-wins-between-equals"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         Node& node = moment.node();
         if (moment.machine.office() != Office::Candidate) return;
         const auto of = [&](Slot slot) {
           return configured_priority(moment.profile(), node, slot);
         };
         if (node.slot == 1 && of(0) != 0 && of(0) == of(1)) node.priority = 1;
       })},
      {.id = "unset-priority-is-50",
       .sentence = "An MSM whose priority was never configured counts and shows 50.",
       .clauses = {"no-priority-is-configured-by-default"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (moment.node().priority == 0) moment.node().priority = 50;
       })},
      {.id = "software-health-ignored",
       .sentence = "Software health is no factor of the election.",
       .clauses = {"software-health-decides", "software-comes-before-hardware"},
       .origin = "M11",
       .replace = [](Profile& p) { remove_factor(p, Factor::SoftwareHealth); }},
      {.id = "hardware-health-ignored",
       .sentence = "The health of fans and power supplies is no factor of the election.",
       .clauses = {"hardware-health-decides"},
       .origin = "",
       .replace = [](Profile& p) { remove_factor(p, Factor::HardwareHealth); }},
      {.id = "hardware-before-software",
       .sentence = "The health of fans and power supplies is compared before software health.",
       .clauses = {"software-comes-before-hardware"},
       .origin = "M12",
       .replace =
           [](Profile& p) { swap_factors(p, Factor::SoftwareHealth, Factor::HardwareHealth); }},
      {.id = "health-is-not-told",
       .sentence = "The health that an MSM tells the other one is always full.",
       .clauses = {"show-node-tells-health"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         const Profile& profile = moment.profile();
         change_heartbeats(moment, [&](FrameHeader&, Heartbeat& said) {
           said.software_health = static_cast<std::uint8_t>(profile.full_software_health);
           said.hardware_health = static_cast<std::uint8_t>(profile.full_hardware_health);
         });
       })},
      {.id = "alone-waits-for-the-other",
       .sentence = "An MSM that boots alone waits for the other one and never becomes master.",
       .clauses = {"one-msm-alone-is-master"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         Node& node = moment.node();
         if (node.peer.is_heard) moment.notes["met"] = 1;
         if (node.state == S::Init) moment.notes["met"] = 0;
         if (moment.machine.office() == Office::Candidate && moment.notes["met"] == 0) {
           moment.machine.start(Timer::Election, moment.profile().timing.listening());
         }
       })},
      {.id = "alone-in-slot-b-waits",
       .sentence = "An MSM alone in slot B waits for slot A and never becomes master.",
       .clauses = {"one-msm-alone-is-master"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         const bool waits = moment.node().slot == 1 && !moment.node().peer.is_heard &&
                            moment.machine.office() == Office::Candidate;
         if (waits) moment.machine.start(Timer::Election, moment.profile().timing.listening());
       })},
      {.id = "init-is-skipped",
       .sentence = "A booting MSM calls itself STANDBY while it is being initialised.",
       .clauses = {"init-while-coming-up"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         change_heartbeats(moment, [](FrameHeader& header, Heartbeat&) {
           if (header.state == S::Init) header.state = S::Standby;
         });
       })},
      {.id = "elected-in-init",
       .sentence = "An MSM gets its office in INIT, before it is initialised.",
       .clauses = {"offices-are-given-to-standby-nodes"},
       .origin = "M4",
       .replace =
           [](Profile& p) {
             elect_from(p, S::Init);
             row_for(p, S::Init, E::BootedToDecision)->to = S::Init;
           }},
      {.id = "elected-in-down",
       .sentence = "Forced to fail over without a backup, an MSM goes DOWN and is elected there.",
       .clauses = {"down-nodes-are-not-elected", "forced-failover-alone-elects-again"},
       .origin = "M6",
       .replace =
           [](Profile& p) {
             elect_from(p, S::Down);
             row_for(p, S::Master, E::SteppedDownAlone)->to = S::Down;
           }},
      {.id = "standby-is-not-shown",
       .sentence = "An MSM that waits for its office tells the other one that it is in INIT.",
       .clauses = {"offices-are-given-to-standby-nodes", "forced-failover-alone-elects-again"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         change_heartbeats(moment, [](FrameHeader& header, Heartbeat&) {
           if (header.state == S::Standby) header.state = S::Init;
         });
       })},
      {.id = "fail-is-shown-as-down",
       .sentence = "An MSM that has failed is shown in DOWN.",
       .clauses = {"failed-nodes-show-fail"},
       .origin = "",
       .replace = [](Profile& p) { change_word(p, S::Fail, "DOWN"); }},
      {.id = "a-state-of-its-own",
       .sentence = "A booting MSM is shown in a state BOOTING.",
       .clauses = {"node-states-are-the-published-ones"},
       .origin = "",
       .replace = [](Profile& p) { change_word(p, S::Init, "BOOTING"); }},
      {.id = "second-msm-stays-standby",
       .sentence =
           "An MSM that comes up beside a master stays in STANDBY, and is never its backup.",
       .clauses = {"a-lost-node-comes-back-as-backup", "second-msm-becomes-backup"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         // One that was elected against, as a chassis comes up, becomes backup.
         const auto header = incoming(input, FrameType::Heartbeat);
         if (moment.node().state == S::Init) moment.notes["has rivals"] = 0;
         if (!header || moment.machine.office() != Office::Candidate) return true;
         if (header->office == Office::Candidate) moment.notes["has rivals"] = 1;
         const bool is_late = header->office == Office::Lead && moment.notes["has rivals"] == 0;
         if (is_late) moment.machine.stop(Timer::Election);
         return !is_late;
       })},
      {.id = "processes-run-on-the-master-only",
       .sentence = "Half of the processes run on the master only.",
       .clauses = {"each-msm-runs-the-applications"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         constexpr std::uint64_t half = 0x555555;
         if (moment.seconds()) moment.node().ended_processes |= half;
         if (moment.leads() && moment.node().ended_processes == half) {
           moment.node().ended_processes = 0;
         }
       })},
      {.id = "restarted-process-stays-away",
       .sentence = "A process that is restarted by order never comes back.",
       .clauses = {"each-msm-runs-the-applications"},
       .origin = "",
       .interpose = after([](Moment& moment) { moment.node().restarting_processes = 0; })},
  };
}

}  // namespace understudy::reference::exos

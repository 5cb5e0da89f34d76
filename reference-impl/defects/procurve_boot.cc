// ProCurve: defects of selftests, of who becomes active at a boot, and of modules that come and go.
#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::procurve {
namespace {

using S = NodeState;
using E = Event;

void wait_on(Moment& moment) {
  moment.machine.start(Timer::Election, moment.profile().timing.listening());
}

bool decides(Moment& moment) {
  return moment.machine.office() == Office::Candidate;
}

}  // namespace

std::vector<Defect> boot_defects() {
  return {
      {.id = "decides-before-selftest",
       .sentence = "The modules decide which one is active and run selftest afterwards.",
       .clauses = {"selftest-comes-before-the-decision"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         change_heartbeats(moment, [](FrameHeader& header, Heartbeat&) {
           if (header.state == S::Selftest) {
             header.state = S::Deciding;
           } else if (header.state == S::Deciding) {
             header.state = S::Selftest;
           }
         });
       })},
      {.id = "a-failed-selftest-is-forgotten",
       .sentence = "A module whose selftest failed goes on and takes an office.",
       .clauses = {"a-failed-selftest-keeps-a-module-out", "the-other-module-takes-control",
                   "an-inserted-module-must-pass-selftest"},
       .origin = "l",
       .replace =
           [](Profile& p) {
             *row_for(p, S::Selftest, E::SelfTestFailed) = {
                 S::Selftest,
                 E::SelfTestFailed,
                 S::Deciding,
                 {Action::LoadStored, Action::OpenElection}};
           }},
      {.id = "waits-for-a-failed-module",
       .sentence = "A module waits for the other one, also where that has failed selftest.",
       .clauses = {"the-other-module-takes-control"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (decides(moment) && moment.node().peer.state == S::Failed) wait_on(moment);
       })},
      {.id = "of-two-failed-modules-one-boots",
       .sentence = "If both modules fail selftest the first one boots all the same.",
       .clauses = {"two-failed-selftests-boot-nothing"},
       .origin = "l",
       .interpose = after([](Moment& moment) {
         Node& node = moment.node();
         if (node.slot != 0 || node.state != S::Failed || node.peer.state != S::Failed) return;
         node.state = S::Deciding;
         wait_on(moment);
       })},
      {.id = "failed-is-shown-as-offline",
       .sentence = "A module that failed selftest is shown as Offline.",
       .clauses = {"a-failed-module-is-shown-as-failed"},
       .origin = "",
       .interpose =
           printed([](Notes&, std::string& bytes) { replace_all(bytes, "Failed ", "Offline"); })},
      {.id = "ports-before-the-boot-is-over",
       .sentence = "The ports are up from the moment at which a module becomes active.",
       .clauses = {"the-active-module-brings-up-the-ports",
                   "a-failover-resets-the-interface-modules"},
       .origin = "m",
       .interpose = printed([](Notes&, std::string& bytes) {
         replace_all(bytes, "Down   1000FDx", "Up     1000FDx");
       })},
      {.id = "a-module-alone-in-slot-2-waits",
       .sentence = "A module alone in slot 2 waits for the other one and never becomes active.",
       .clauses = {"one-module-alone-is-active"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         const bool waits = moment.node().slot == 1 && !moment.node().peer.is_heard;
         if (waits && decides(moment)) wait_on(moment);
       })},
      {.id = "the-first-slot-always-wins",
       .sentence = "What the modules remember of the last boot is no factor of the decision.",
       .clauses = {"the-last-active-is-active-again", "the-new-active-is-booted-going-forward",
                   "the-most-recently-booted-precedes"},
       .origin = "g",
       .replace =
           [](Profile& p) {
             remove_factor(p, Factor::LedLast);
             remove_factor(p, Factor::BootClock);
           }},
      {.id = "boot-time-ignored",
       .sentence = "Of two modules that were active on their last boot the lower slot wins.",
       .clauses = {"the-most-recently-booted-precedes"},
       .origin = "",
       .replace = [](Profile& p) { remove_factor(p, Factor::BootClock); }},
      {.id = "a-foreign-module-wins",
       .sentence = "That a module was never booted in this chassis is no factor of the decision.",
       .clauses = {"the-module-that-booted-here-precedes"},
       .origin = "h",
       .replace = [](Profile& p) { remove_factor(p, Factor::EverBooted); }},
      {.id = "another-chassis-counts-as-this-one",
       .sentence = "What a module remembers of another chassis counts as if it were of this one.",
       .clauses = {"the-module-that-booted-here-precedes"},
       .origin = "",
       .replace = [](Profile& p) { p.election.knows_its_chassis = false; }},
      {.id = "the-highest-slot-decides",
       .sentence = "If nothing else decides the module in the highest slot is active.",
       .clauses = {"the-lowest-slot-decides-last"},
       .origin = "",
       .replace = [](Profile& p) { row_for(p, Factor::Slot)->prefer = Prefer::Higher; }},
      {.id = "slot-1-takes-the-office-back",
       .sentence = "A module in slot 1 becomes active as soon as it is a standby.",
       .clauses = {"an-inserted-module-is-standby", "a-module-that-returns-becomes-standby"},
       .origin = "j",
       .interpose = after([](Moment& moment) {
         const Node& node = moment.node();
         const bool hands_over = node.slot == 1 && node.state == S::Active &&
                                 node.peer.state == S::WarmStandby &&
                                 sync_claim(moment.profile(), node) == SyncClaim::InSync;
         if (!hands_over) return;
         step(moment.profile(), moment.node(), moment.machine.diary, Ordered{0, Failover{}},
              moment.machine.outputs);
       })},
      {.id = "a-returning-module-stays-offline",
       .sentence = "A module that finds an active one stays offline.",
       .clauses = {"a-module-that-returns-becomes-standby", "an-inserted-module-is-standby"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const auto heartbeat = incoming(input, FrameType::Heartbeat);
         const bool is_late =
             heartbeat && heartbeat->office == Office::Lead && heartbeat->state == S::Active;
         if (is_late && decides(moment)) moment.node().state = S::ShutDown;
         return true;
       })},
      {.id = "disabled-redundancy-is-ignored",
       .sentence = "With redundancy disabled the standby stays standby.",
       .clauses = {"a-disabled-module-is-offline"},
       .origin = "d",
       .replace = [](Profile& p) { remove_transitions(p, E::RedundancyDisabled); }},
      {.id = "an-offline-module-takes-over",
       .sentence = "A module that is offline takes over from an active one that is lost.",
       .clauses = {"disabled-redundancy-causes-no-switchover"},
       .origin = "c",
       .replace =
           [](Profile& p) {
             for (StateRow& row : p.states) {
               if (row.state == S::Offline) row.office = Office::Second;
             }
             for (const E lost : {E::LeadLostInSync, E::LeadLostNotInSync, E::LeadLeftInSync,
                                  E::LeadLeftNotInSync}) {
               TransitionRow row = *row_for(p, S::WarmStandby, lost);
               row.from = S::Offline;
               p.transitions.push_back(row);
             }
           }},
      {.id = "offline-for-ever",
       .sentence = "A module that was offline never becomes active.",
       .clauses = {"hardware-failure-and-reboot-beat-disabled-redundancy"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (moment.node().state == S::Offline) moment.notes["offline"] = 1;
         if (moment.notes["offline"] == 1 && decides(moment)) wait_on(moment);
       })},
      {.id = "redundancy-is-not-enabled-again",
       .sentence = "A module that is offline stays so when redundancy is enabled again.",
       .clauses = {"redundancy-can-be-enabled-again"},
       .origin = "",
       .replace = [](Profile& p) { remove_transitions(p, E::RedundancyEnabled); }},
      {.id = "an-inserted-module-enables-redundancy",
       .sentence = "A module that is inserted while redundancy is disabled becomes standby.",
       .clauses = {"an-inserted-module-stays-offline-while-disabled"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         Node& node = moment.node();
         const auto header = incoming(input, FrameType::Heartbeat);
         if (!header || (header->flags & kStandsAlone) == 0) return true;
         if (decides(moment)) moment.notes["inserted"] = node.incarnation;
         if (moment.notes["inserted"] != node.incarnation) return true;
         FrameHeader plain = *header;
         plain.flags &= static_cast<std::uint8_t>(~kStandsAlone);
         const auto said = read_heartbeat(std::get<FrameReceived>(input).bytes);
         if (!said) return true;
         const FrameBytes frame = write_heartbeat(plain, *said);
         receive_frame(moment.profile(), node, moment.machine.diary, frame.view(),
                       moment.machine.outputs);
         return false;
       })},
      {.id = "fabric-modules-stay-enabled",
       .sentence = "A fabric module that is disabled stays enabled.",
       .clauses = {"fabric-modules-can-be-disabled"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const auto* change = ordered<ChangeSetting>(input);
         if (!change || !change->change.key.starts_with("fabric/")) return true;
         moment.machine.emit(Reply{std::get<Ordered>(input).id, std::nullopt, {}});
         return false;
       })},
      {.id = "reload-runs-selftests",
       .sentence = "reload runs the power-on selftest.",
       .clauses = {"reload-skips-selftests"},
       .origin = "",
       .replace =
           [](Profile& p) {
             for (BootPhase& phase : p.boot) phase.is_skipped_warm = false;
           }},
      {.id = "the-former-active-stays-away",
       .sentence = "After a switchover by order the former active module stays offline.",
       .clauses = {"the-former-active-becomes-standby"},
       .origin = "",
       .replace =
           [](Profile& p) {
             TransitionRow* row = row_for(p, S::Active, E::SteppedDown);
             row->to = S::ShutDown;
             row->actions = {Action::StopReplication};
           }},
      {.id = "the-default-flash-is-ignored",
       .sentence = "boot set-default flash says nothing and changes nothing.",
       .clauses = {"the-default-flash-is-used-by-the-next-boot",
                   "boot-image-is-the-one-last-booted"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         if (!ordered<SelectImage>(input)) return true;
         moment.machine.emit(Reply{std::get<Ordered>(input).id, std::nullopt, {}});
         return false;
       })},
      {.id = "boot-image-is-the-next-one",
       .sentence = "The boot image that is shown is the flash of the next boot.",
       .clauses = {"boot-image-is-the-one-last-booted"},
       .origin = "D7",
       .interpose = after([](Moment& moment) {
         Images& images = moment.node().images;
         images.is_secondary_booted = images.is_secondary_selected;
       })},
  };
}

}  // namespace understudy::reference::procurve

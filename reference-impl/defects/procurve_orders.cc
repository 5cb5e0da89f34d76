// ProCurve: defects of orders that are refused or asked about, and of what only one case looks at.
#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::procurve {
namespace {

using S = NodeState;
using E = Event;
using C = Content;

constexpr const char* startup = "startup-config";

/// How many heartbeats a standby has sent since `note`.
std::int64_t since(Moment& moment, const char* note) {
  return static_cast<std::int64_t>(moment.node().heartbeats_sent) - moment.notes[note];
}

void note_now(Moment& moment, const char* note) {
  moment.notes[note] = static_cast<std::int64_t>(moment.node().heartbeats_sent);
}

/// A file that was written just before the active module fell silent is dropped.
bool drop_what_came_last(Moment& moment, Input& input) {
  if (!moment.seconds()) return true;
  if (incoming(input, FrameType::Heartbeat)) note_now(moment, "heard");
  const StoredFile* stored = moment.node().flash.find(startup);
  const std::int64_t generation = stored ? static_cast<std::int64_t>(stored->generation) : 0;
  if (generation != moment.notes["generation"]) note_now(moment, "written");
  moment.notes["generation"] = generation;
  const bool is_silent = since(moment, "heard") >= 2;
  if (is_silent && moment.notes["heard"] - moment.notes["written"] <= 2) {
    moment.node().flash.files.erase(startup);
  }
  return true;
}

}  // namespace

std::vector<Defect> order_defects() {
  return {
      {.id = "a-module-alone-in-slot-1-waits",
       .sentence = "A module alone in slot 1 waits for the other one and never becomes active.",
       .clauses = {"one-module-alone-is-active"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         const bool waits = moment.node().slot == 0 && !moment.node().peer.is_heard;
         if (!waits || moment.machine.office() != Office::Candidate) return;
         moment.machine.start(Timer::Election, moment.profile().timing.listening());
       })},
      {.id = "the-last-standby-is-active",
       .sentence = "The module that was standby on the last boot becomes active.",
       .clauses = {"the-last-active-is-active-again"},
       .origin = "g",
       .replace = [](Profile& p) { row_for(p, Factor::LedLast)->prefer = Prefer::Lower; }},
      {.id = "the-earliest-booted-precedes",
       .sentence =
           "Of two modules that were active on their last boot the one that booted first wins.",
       .clauses = {"the-most-recently-booted-precedes"},
       .origin = "",
       .replace = [](Profile& p) { row_for(p, Factor::BootClock)->prefer = Prefer::Lower; }},
      {.id = "switchover-to-nobody-reboots",
       .sentence =
           "redundancy switchover reboots the active module also where no other one is standby.",
       .clauses = {"switchover-needs-a-standby", "disabled-redundancy-causes-no-switchover"},
       .origin = "c",
       .interpose = before([](Moment& moment, Input& input) {
         const PeerView& peer = moment.node().peer;
         const bool has_standby = peer.is_heard && peer.state == S::WarmStandby;
         if (!ordered<Failover>(input) || has_standby) return true;
         std::get<Ordered>(input).command = Reboot{moment.node().slot};
         return true;
       })},
      {.id = "the-standby-takes-orders",
       .sentence = "redundancy switchover on the standby's console makes it take over.",
       .clauses = {"the-standby-stops-at-its-boot-point"},
       .origin = "",
       .interpose = wrapped({.after =
                                 [](Moment& moment) {
                                   const bool is_ordered = moment.notes["ordered"] == 1;
                                   moment.notes["ordered"] = 0;
                                   if (is_ordered && moment.seconds()) {
                                     fire(moment.machine, E::LeadLeftInSync);
                                   }
                                 },
                             .typed =
                                 [](Notes& notes, std::string& bytes) {
                                   if (bytes == "redundancy switchover\r") notes["ordered"] = 1;
                                 }})},
      {.id = "an-unheard-standby-is-sent-away",
       .sentence = "An active module that does not hear its standby has it reboot.",
       .clauses = {"an-unheard-standby-is-left-alone"},
       .origin = "f",
       .replace =
           [](Profile& p) {
             p.transitions.push_back({S::Active, E::SecondLost, S::Active, {Action::TellLost}});
             p.transitions.push_back({S::WarmStandby, E::ToldLost, S::Down, {Action::RestartSoon}});
           }},
      {.id = "a-lost-standby-is-shown-as-standby",
       .sentence = "An active module goes on showing a standby that it no longer hears.",
       .clauses = {"module-states-tell-what-is-missing"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (moment.leads()) moment.machine.stop(Timer::Silence);
       })},
      {.id = "the-counter-survives-a-boot-of-the-chassis",
       .sentence = "The counter of failovers goes on where it was when the chassis boots.",
       .clauses = {"failovers-are-counted-since-the-chassis-booted"},
       .origin = "i",
       .interpose = after([](Moment& moment) {
         if (!moment.leads()) return;
         auto& failovers = moment.node().failovers;
         if (failovers < moment.notes["failovers"]) {
           failovers = static_cast<std::uint8_t>(moment.notes["failovers"]);
         }
         moment.notes["failovers"] = failovers;
       })},
      {.id = "a-power-loss-drops-what-came-last",
       .sentence = "A standby drops the file that came just before the active module lost power.",
       .clauses = {"incomplete-files-are-not-used"},
       .origin = "D11",
       .interpose = before(drop_what_came_last)},
      {.id = "nonstop-resets-every-module",
       .sentence = "With nonstop switching all interface modules are reset.",
       .clauses = {"nonstop-needs-no-boot"},
       .origin = "",
       .replace =
           [](Profile& p) {
             row_for(p, S::WarmStandby, E::LeadLostReplicated)
                 ->actions.push_back(Action::ResetModules);
           }},
      {.id = "nonstop-forgets-later-changes",
       .sentence = "With nonstop switching a change that is not saved does not reach the standby.",
       .clauses = {"nonstop-carries-the-running-configuration"},
       .origin = "",
       .replace = [](Profile& p) { remove_rule(p, C::ConfigurationChange, When::OnChange); }},
      {.id = "boot-system-saves",
       .sentence = "boot system saves unsaved changes without a question.",
       .clauses = {"a-boot-of-the-system-runs-what-is-stored"},
       .origin = "",
       .interpose = typed([](Notes&, std::string& bytes) {
         if (bytes == "boot system\r") bytes = "write memory\rboot system\r";
       })},
      {.id = "show-version-names-the-other-flash",
       .sentence = "show version names the flash that was not booted from.",
       .clauses = {"boot-image-is-the-one-last-booted"},
       .origin = "D7",
       .interpose = printed([](Notes&, std::string& bytes) {
         replace_all(bytes, "Boot Image:     Primary", "Boot Image:     Other");
         replace_all(bytes, "Boot Image:     Secondary", "Boot Image:     Primary");
         replace_all(bytes, "Boot Image:     Other", "Boot Image:     Secondary");
       })},
      {.id = "show-version-calls-both-active",
       .sentence = "show version says of both modules that they are active.",
       .clauses = {"show-version-tells-both-modules"},
       .origin = "",
       .interpose = printed([](Notes&, std::string& bytes) {
         for (const char* module : {"Management Module MM1: ", "Management Module MM2: "}) {
           replace_all(bytes, std::string(module) + "Standby", std::string(module) + "Active");
         }
       })},
      {.id = "show-modules-calls-the-standby-failed",
       .sentence = "show modules says that the standby has failed.",
       .clauses = {"show-modules-agrees-with-show-redundancy"},
       .origin = "",
       .interpose = printed(
           [](Notes&, std::string& bytes) { replace_all(bytes, " Standby\r\n", " Failed\r\n"); })},
      {.id = "mismatch-is-no-failure",
       .sentence = "That a module has other software is no reason for which there is no standby.",
       .clauses = {"the-reason-for-no-standby-is-told"},
       .origin = "k",
       .interpose = printed(
           [](Notes&, std::string& bytes) { replace_all(bytes, "Reason.0 = 4", "Reason.0 = 2"); })},
      {.id = "everything-is-unsaved",
       .sentence = "The running configuration is always taken to differ from the stored one.",
       .clauses = {"reload-asks-about-unsaved-changes", "config-status-tells-unsaved-changes"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (moment.leads()) moment.node().is_dirty = true;
       })},
  };
}

}  // namespace understudy::reference::procurve

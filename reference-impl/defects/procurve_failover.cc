// ProCurve: defects of what causes a switchover, what does not, and what the new active module
// does.
#include <algorithm>

#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::procurve {
namespace {

using S = NodeState;
using E = Event;

void reboot_instead(Profile& profile, std::initializer_list<Event> events) {
  for (TransitionRow& row : profile.transitions) {
    if (std::find(events.begin(), events.end(), row.event) == events.end()) continue;
    row.to = S::Down;
    row.actions = {Action::StopReplication, Action::RestartSoon};
  }
}

template <typename One>
auto ignoring() {
  return before([](Moment&, Input& input) { return !std::holds_alternative<One>(input); });
}

/// The command is taken, and nothing is done.
template <typename One>
auto taking_in_vain(std::function<bool(const Moment&, const One&)> which) {
  return before([which](Moment& moment, Input& input) {
    const auto* command = ordered<One>(input);
    if (!command || !which(moment, *command)) return true;
    moment.machine.emit(Reply{std::get<Ordered>(input).id, std::nullopt, {}});
    return false;
  });
}

auto changing_reboots(std::function<void(const Node&, Reboot&)> change) {
  return before([change](Moment& moment, Input& input) {
    if (auto* reboot = ordered<Reboot>(input)) change(moment.node(), *reboot);
    return true;
  });
}

auto shutting_down_at_once() {
  return before([](Moment& moment, Input& input) {
    if (!std::holds_alternative<ShutDownPressed>(input) || !moment.leads()) return true;
    moment.node().is_stepping_down = true;
    fire(moment.machine, E::ShutDownPressed);
    return false;
  });
}

/// It stands in the log, but the hosts hear of no such line.
void keep_switchover_from_syslog(Moment& moment) {
  drop_outputs(moment, [](const Output& output) {
    const auto* logged = std::get_if<Logged>(&output);
    return logged && logged->entry.text.starts_with("Switchover:");
  });
}

}  // namespace

std::vector<Defect> failover_defects() {
  return {
      {.id = "an-impatient-standby",
       .sentence = "A standby takes over after a single heartbeat that is missing.",
       .clauses = {"the-standby-stops-at-its-boot-point"},
       .origin = "",
       .replace = [](Profile& p) { p.timing.missed_limit = 1; }},
      {.id = "a-standby-reboots-when-the-active-is-lost",
       .sentence = "A standby that loses its active module reboots and starts afresh.",
       .clauses = {"the-standby-finishes-booting-when-the-active-fails"},
       .origin = "",
       .replace =
           [](Profile& p) {
             reboot_instead(p, {E::LeadLostInSync, E::LeadLostNotInSync});
           }},
      {.id = "a-standby-reboots-when-it-is-chosen",
       .sentence = "A standby that is chosen reboots and starts afresh.",
       .clauses = {"the-standby-finishes-booting-when-chosen"},
       .origin = "",
       .replace =
           [](Profile& p) {
             reboot_instead(p, {E::LeadLeftInSync, E::LeadLeftNotInSync, E::LeadLeftForced});
           }},
      {.id = "a-silent-standby",
       .sentence = "A standby sends no heartbeats.",
       .clauses = {"heartbeats-go-back-and-forth"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (moment.node().state == S::WarmStandby) drop_frames(moment, FrameType::Heartbeat);
       })},
      {.id = "interface-modules-are-not-reset",
       .sentence = "The interface modules go on through a failover.",
       .clauses = {"a-failover-resets-the-interface-modules"},
       .origin = "m",
       .replace =
           [](Profile& p) {
             for (CauseRow& row : p.causes) row.is_hitless = true;
           }},
      {.id = "the-ports-stay-down",
       .sentence = "A standby that takes over never ends its boot.",
       .clauses = {"a-failover-brings-up-the-ports",
                   "the-standby-finishes-booting-when-the-active-fails"},
       .origin = "",
       .replace =
           [](Profile& p) {
             row_for(p, S::FinishingBoot, E::BootFinished)->to = S::FinishingBoot;
           }},
      {.id = "two-stay-active",
       .sentence = "Of two active modules that hear each other none gives way.",
       .clauses = {"at-most-one-active"},
       .origin = "f",
       .replace = [](Profile& p) { remove_transitions(p, E::DualLeadLost); }},
      {.id = "the-active-reboots-without-a-standby",
       .sentence = "An active module that loses its standby reboots.",
       .clauses = {"losing-the-standby-leaves-the-active"},
       .origin = "",
       .replace =
           [](Profile& p) {
             p.transitions.push_back({S::Active,
                                      E::SecondLost,
                                      S::Down,
                                      {Action::StopReplication, Action::RestartSoon}});
           }},
      {.id = "spontaneous-restart",
       .sentence = "A standby restarts by itself once, some time after it came to be one.",
       .clauses = {"no-unprovoked-restart"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         const Node& node = moment.node();
         const bool is_settled = node.state == S::WarmStandby && node.heartbeats_sent > 40;
         if (is_settled && moment.notes["restarted"]++ == 0) restart(moment.machine);
       })},
      {.id = "switchover-to-anything",
       .sentence = "redundancy switchover hands over to a module that is not in standby.",
       .clauses = {"switchover-needs-a-standby"},
       .origin = "c",
       .replace =
           [](Profile& p) {
             CommandRow* row = row_for(p, CommandKind::Failover);
             row->second_must_be.reset();
             row->waits_for_copy = false;
           }},
      {.id = "silence-is-ignored",
       .sentence = "A standby that hears nothing of the active module waits for ever.",
       .clauses = {"a-lost-heartbeat-causes-a-switchover"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (moment.seconds()) moment.machine.stop(Timer::Silence);
       })},
      {.id = "switchover-does-nothing",
       .sentence = "redundancy switchover is taken and does nothing.",
       .clauses = {"the-command-causes-a-switchover", "the-standby-finishes-booting-when-chosen"},
       .origin = "",
       .interpose = taking_in_vain<Failover>([](const Moment&, const Failover&) { return true; })},
      {.id = "removal-is-ignored",
       .sentence = "A standby waits for an active module that was pulled out.",
       .clauses = {"removal-causes-a-switchover"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const auto* presence = std::get_if<PeerPresence>(&input);
         if (!presence || presence->is_present || !moment.seconds()) return true;
         moment.machine.stop(Timer::Silence);
         return false;
       })},
      {.id = "reset-resets-the-chassis",
       .sentence = "The Reset button of the active module resets both modules.",
       .clauses = {"the-reset-button-causes-a-switchover"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         if (!std::holds_alternative<ResetPressed>(input) || !moment.leads()) return true;
         restart_all(moment.machine, 0, 0);
         return false;
       })},
      {.id = "the-shutdown-button-does-nothing",
       .sentence = "The Shutdown button does nothing.",
       .clauses = {"the-shutdown-button-causes-a-switchover", "a-shut-down-module-is-offline"},
       .origin = "",
       .interpose = ignoring<ShutDownPressed>()},
      {.id = "shutdown-does-not-wait",
       .sentence = "The Shutdown button takes the active module away at once.",
       .clauses = {"shutdown-completes-the-transfer", "shutdown-needs-a-standby"},
       .origin = "e",
       .interpose = shutting_down_at_once()},
      {.id = "a-shut-down-module-comes-back",
       .sentence = "A module that was shut down boots again.",
       .clauses = {"a-shut-down-module-is-offline"},
       .origin = "",
       .replace =
           [](Profile& p) {
             for (TransitionRow& row : p.transitions) {
               if (row.event != E::ShutDownPressed) continue;
               row.to = S::Down;
               row.actions = {Action::StopReplication, Action::RestartSoon};
             }
           }},
      {.id = "boot-boots-the-system",
       .sentence = "boot boots both modules.",
       .clauses = {"boot-causes-a-switchover"},
       .origin = "",
       .interpose = changing_reboots([](const Node& node, Reboot& reboot) {
         if (reboot.module == node.slot) reboot.module.reset();
       })},
      {.id = "reload-boots-the-system",
       .sentence = "reload boots both modules, also where there is a standby.",
       .clauses = {"reload-causes-a-switchover"},
       .origin = "",
       .interpose = changing_reboots([](const Node&, Reboot& reboot) { reboot.is_warm = false; })},
      {.id = "reload-needs-a-standby",
       .sentence = "reload does nothing where there is no standby.",
       .clauses = {"reload-without-a-standby-boots-the-system"},
       .origin = "",
       .interpose = taking_in_vain<Reboot>([](const Moment& moment, const Reboot& reboot) {
         return reboot.is_warm && !moment.machine.node.peer.is_heard;
       })},
      {.id = "boot-standby-boots-the-active",
       .sentence = "boot standby boots the active module.",
       .clauses = {"boot-standby-changes-no-role"},
       .origin = "",
       .interpose = changing_reboots([](const Node& node, Reboot& reboot) {
         if (reboot.module && *reboot.module != node.slot) reboot.module = node.slot;
       })},
      {.id = "boot-system-switches-over",
       .sentence = "boot system boots the active module alone, and the standby takes over.",
       .clauses = {"boot-system-causes-no-switchover"},
       .origin = "d",
       .interpose = changing_reboots([](const Node& node, Reboot& reboot) {
         if (!reboot.module && !reboot.is_warm) reboot.module = node.slot;
       })},
      {.id = "boot-system-ignores-the-flash",
       .sentence = "boot system flash boots from the default flash, whichever is named.",
       .clauses = {"boot-system-boots-the-named-flash"},
       .origin = "",
       .interpose = changing_reboots([](const Node&, Reboot& reboot) { reboot.image.reset(); })},
      {.id = "failed-hardware-goes-on",
       .sentence = "An active module whose processor fails says nothing of it and goes on.",
       .clauses = {"a-hardware-failure-causes-a-switchover"},
       .origin = "",
       .interpose = ignoring<PartFailed>()},
      {.id = "a-crash-is-ignored",
       .sentence = "An active module whose software crashed stays active.",
       .clauses = {"a-crash-causes-a-switchover"},
       .origin = "",
       .interpose = ignoring<ProcessEnded>()},
      {.id = "every-button-resets-the-active-module",
       .sentence = "Both buttons of the support module reset the active module, and nothing else.",
       .clauses = {"a-button-of-the-support-module-causes-no-switchover"},
       .origin = "D8",
       .interpose = before([](Moment& moment, Input& input) {
         const bool is_reset = std::holds_alternative<ChassisResetPressed>(input);
         if (!is_reset && !std::holds_alternative<ClearPressed>(input)) return true;
         if (!moment.leads()) return false;
         input = ResetPressed{};
         return true;
       })},
      {.id = "no-log-of-a-switchover",
       .sentence = "The newly active module logs nothing of the switchover.",
       .clauses = {"the-reason-is-logged"},
       .origin = "o",
       .replace =
           [](Profile& p) {
             std::erase_if(p.log,
                           [](const LogRow& row) { return row.event == LogEvent::TookOver; });
           }},
      {.id = "the-log-names-no-reason",
       .sentence = "The newly active module logs the switchover without its reason.",
       .clauses = {"the-reason-is-logged"},
       .origin = "o",
       .replace =
           [](Profile& p) {
             for (LogRow& row : p.log) {
               if (row.event == LogEvent::TookOver) row.text = "Switchover: {node} takes over";
             }
           }},
      {.id = "the-log-names-another-reason",
       .sentence = "The log has a lost heartbeat as the reason of every switchover.",
       .clauses = {"the-reason-is-logged"},
       .origin = "o",
       .replace =
           [](Profile& p) {
             for (LogRow& row : p.log) {
               if (row.event != LogEvent::TookOver) continue;
               row.text = "Switchover: {node} takes over: heartbeat lost";
             }
           }},
      {.id = "every-reason-is-the-heartbeat",
       .sentence = "The reason of every switchover is a lost heartbeat.",
       .clauses = {"the-reason-code-is-told"},
       .origin = "i",
       .interpose = after([](Moment& moment) {
         FailoverCause& cause = moment.node().failover_cause;
         if (cause != FailoverCause::Never) cause = FailoverCause::Keepalive;
         for (FailoverEntry& entry : moment.machine.diary.failovers) entry.cause = cause;
       })},
      {.id = "a-switchover-clears-the-counter",
       .sentence = "The counter of failovers begins again at each switchover.",
       .clauses = {"failovers-are-counted-since-the-chassis-booted"},
       .origin = "i",
       .interpose = after([](Moment& moment) {
         if (moment.node().failovers > 1) moment.node().failovers = 1;
       })},
      {.id = "learned-state-survives",
       .sentence = "A warm standby goes on with what the switch had learned.",
       .clauses = {"unsaved-state-is-reset"},
       .origin = "",
       .replace =
           [](Profile& p) {
             for (ReplicationRow& row : p.replication.rules) {
               if (row.to == Store::Runtime) row.is_nonstop = false;
             }
             for (const E lost : all_losses) {
               remove_action(row_for(p, S::WarmStandby, lost), Action::ForgetRuntime);
             }
           }},
      {.id = "nonstop-boots",
       .sentence = "With nonstop switching the standby finishes a boot as a warm standby does.",
       .clauses = {"nonstop-needs-no-boot", "nonstop-keeps-run-time-state"},
       .origin = "",
       .replace = [](Profile& p) { remove_transitions(p, E::LeadLostReplicated); }},
      {.id = "nonstop-spares-every-module",
       .sentence = "With nonstop switching modules without support are not reset.",
       .clauses = {"nonstop-resets-unsupported-modules"},
       .origin = "D12",
       .replace = [](Profile& p) { p.replication.modules_without_nonstop.clear(); }},
      {.id = "syslog-servers-are-not-told",
       .sentence = "A switchover sends no line to a syslog server.",
       .clauses = {"syslog-servers-get-the-reason"},
       .origin = "",
       .interpose = after(keep_switchover_from_syslog)},
      {.id = "only-the-first-switchover-is-told-to-syslog-servers",
       .sentence = "Of the switchovers of a chassis the first one alone sends a line to a syslog "
                   "server.",
       .clauses = {"syslog-servers-get-the-reason"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (moment.node().failovers > 1) keep_switchover_from_syslog(moment);
       })},
  };
}

}  // namespace understudy::reference::procurve

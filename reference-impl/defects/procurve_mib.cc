// ProCurve: defects of what the MIB and the log tell, and of what a single case looks at.
#include <algorithm>

#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::procurve {
namespace {

using S = NodeState;
using E = Event;
using L = LogEvent;

constexpr const char* security = "security";

auto keeping_failovers(std::size_t most) {
  return after([most](Moment& moment) {
    auto& failovers = moment.machine.diary.failovers;
    if (failovers.size() > most) failovers.erase(failovers.begin(), failovers.end() - most);
  });
}

/// The password is the second line of the security file.
void garble_password(Moment& moment) {
  if (moment.seconds()) moment.notes["second"] = 1;
  if (!moment.leads() || moment.notes["second"] == 0) return;
  moment.notes["second"] = 0;
  const auto stored = moment.node().flash.files.find(security);
  if (stored == moment.node().flash.files.end()) return;
  std::string& text = stored->second.content.edit();
  const std::size_t end = text.find('\n');
  if (end != std::string::npos && end + 2 < text.size()) text.insert(end + 1, "x");
}

/// A switchover that was given up because its standby went away is carried out all the same.
void leave_alone(Moment& moment) {
  const bool waits = moment.node().pending.kind == Pending::Kind::Leaving;
  const bool has_waited = moment.notes["waits"] == 1;
  moment.notes["waits"] = waits ? 1 : 0;
  if (has_waited && !waits && moment.node().state == S::Active && !moment.node().peer.is_heard) {
    fire(moment.machine, E::SteppedDown);
  }
}

void boot_the_other_from_its_default(Moment& moment) {
  OrderUnderWay& order = moment.node().order;
  const bool is_ours = moment.leads() && order.order == Order::RebootWithChassis;
  if (!is_ours || order.sequence == 0 || order.detail == 0) return;
  order.detail = 0;
  drop_frames(moment, FrameType::Command);
}

}  // namespace

std::vector<Defect> mib_defects() {
  return {
      {.id = "the-table-of-failovers-is-empty",
       .sentence = "The MIB's table of failovers has no row.",
       .clauses = {"failovers-are-kept-in-a-table"},
       .origin = "i",
       .interpose = keeping_failovers(0)},
      {.id = "the-table-has-the-latest-failover-alone",
       .sentence = "The MIB's table of failovers has a row of the latest one alone.",
       .clauses = {"failovers-are-kept-in-a-table"},
       .origin = "i",
       .interpose = keeping_failovers(1)},
      {.id = "the-mib-calls-the-standby-unavailable",
       .sentence = "In the MIB a module in standby is unavailable.",
       .clauses = {"module-redundancy-states-of-the-mib"},
       .origin = "",
       .interpose = printed([](Notes&, std::string& bytes) {
         for (const char* index : {"1", "2"}) {
           const std::string object = std::string("ModuleRedundancyState.") + index;
           replace_all(bytes, object + " = 5", object + " = 1");
         }
       })},
      {.id = "the-synchronisation-is-not-logged",
       .sentence = "Neither images that are sent nor the first synchronisation are logged.",
       .clauses = {"synchronisation-is-logged"},
       .origin = "",
       .replace =
           [](Profile& p) {
             std::erase_if(p.log, [](const LogRow& row) {
               return row.event == L::ImageSent || row.event == L::SyncBegun ||
                      row.event == L::InSync || row.event == L::ChangesLocked;
             });
           }},
      {.id = "a-removal-is-logged-as-a-crash",
       .sentence = "The log has a crash as the reason where the active module was pulled out.",
       .clauses = {"the-reason-is-logged"},
       .origin = "o",
       .replace =
           [](Profile& p) {
             for (CauseRow& row : p.causes) {
               if (row.cause == FailoverCause::Removal) row.word = "crash of the active module";
             }
           }},
      {.id = "clear-switches-over-and-reset-is-dead",
       .sentence = "Clear on the support module resets the active module, and Reset does nothing.",
       .clauses = {"a-button-of-the-support-module-causes-no-switchover"},
       .origin = "D8",
       .interpose = before([](Moment& moment, Input& input) {
         if (std::holds_alternative<ChassisResetPressed>(input)) return false;
         if (!std::holds_alternative<ClearPressed>(input)) return true;
         if (!moment.leads()) return false;
         input = ResetPressed{};
         return true;
       })},
      {.id = "a-password-arrives-garbled",
       .sentence = "A module that takes over asks for a password and takes another one.",
       .clauses = {"security-files-are-synchronised-continuously"},
       .origin = "n",
       .interpose = after(garble_password)},
      {.id = "the-default-flash-stays-on-the-active",
       .sentence = "A standby boots from primary flash, whatever the default of the active is.",
       .clauses = {"the-default-flash-goes-to-the-standby"},
       .origin = "k",
       .interpose = after([](Moment& moment) {
         if (!moment.seconds()) return;
         moment.node().selected_image = Partition::Primary;
         moment.node().images.is_secondary_selected = false;
       })},
      {.id = "boot-system-flash-is-for-the-active-alone",
       .sentence = "boot system flash boots the standby from its default flash.",
       .clauses = {"boot-system-boots-the-named-flash"},
       .origin = "",
       .interpose = after(boot_the_other_from_its_default)},
      {.id = "other-software-fails-at-a-switchover",
       .sentence = "A module with other software is given control and fails for it.",
       .clauses = {"a-switchover-to-a-module-with-other-software"},
       .origin = "k",
       .replace =
           [](Profile& p) {
             CommandRow* row = row_for(p, CommandKind::Failover);
             row->second_must_be.reset();
             row->waits_for_copy = false;
           },
       .interpose = after([](Moment& moment) {
         Node& node = moment.node();
         const bool is_other =
             node.peer.said.version != 0 && node.peer.said.version != node.version;
         if (node.state == S::FinishingBoot && is_other) node.state = S::Failed;
       })},
      {.id = "a-waiting-switchover-goes-on-alone",
       .sentence = "A switchover that waits for its standby is carried out where that is lost.",
       .clauses = {"switchover-needs-a-standby"},
       .origin = "c",
       .interpose = after(leave_alone)},
      {.id = "a-standby-that-was-not-heard-stays-standby",
       .sentence =
           "A standby that was not heard calls itself Standby while it gets what was saved.",
       .clauses = {"a-standby-claim-is-true", "module-states-tell-what-is-missing"},
       .origin = "b",
       .replace =
           [](Profile& p) { row_for(p, S::WarmStandby, E::CopyBegun)->to = S::WarmStandby; }},
      {.id = "a-shutdown-during-a-save-is-forgotten",
       .sentence = "The Shutdown button does nothing while a file is written.",
       .clauses = {"the-shutdown-button-causes-a-switchover"},
       .origin = "e",
       .interpose = before([](Moment& moment, Input& input) {
         const bool writes = !moment.node().flash.writing.empty();
         return !std::holds_alternative<ShutDownPressed>(input) || !writes;
       })},
  };
}

}  // namespace understudy::reference::procurve

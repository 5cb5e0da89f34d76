// Defects of what a failover tells SNMP managers.

#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::exos {
namespace {

/// Changes each trap that the step sends.
void change_traps(Moment& moment, const std::function<void(FailoverTrap&)>& change) {
  Outputs& outputs = moment.machine.outputs;
  for (std::size_t i = moment.from; i < outputs.size(); ++i)
    if (auto* trap = std::get_if<FailoverTrap>(&outputs[i])) change(*trap);
}

void drop_traps(Moment& moment) {
  drop_outputs(moment,
               [](const Output& output) { return std::holds_alternative<FailoverTrap>(output); });
}

}  // namespace

std::vector<Defect> notification_defects() {
  return {
      {.id = "failover-sends-no-trap",
       .sentence = "A failover sends no trap.",
       .clauses = {"failover-is-notified"},
       .origin = "M23",
       .interpose = after(drop_traps)},
      {.id = "only-the-first-failover-is-notified",
       .sentence = "Of the failovers of a chassis the first one alone sends a trap.",
       .clauses = {"failover-is-notified"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         if (moment.node().failovers > 1) drop_traps(moment);
       })},
      {.id = "failover-cause-stays-never",
       .sentence = "The cause in the trap of a failover is stuck at never(1).",
       .clauses = {"notification-tells-the-cause"},
       .origin = "M22",
       .interpose = after([](Moment& moment) {
         change_traps(moment, [](FailoverTrap& trap) { trap.cause = FailoverCause::Never; });
       })},
      {.id = "every-failover-is-the-users",
       .sentence = "The trap of a failover tells that the user ordered it, whatever the cause.",
       .clauses = {"notification-tells-the-cause"},
       .origin = "M22",
       .interpose = after([](Moment& moment) {
         change_traps(moment, [](FailoverTrap& trap) { trap.cause = FailoverCause::Admin; });
       })},
      {.id = "trap-names-the-former-master",
       .sentence = "The slot in the trap of a failover is that of the MSM that was master.",
       .clauses = {"notification-names-the-new-master"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         change_traps(moment,
                      [](FailoverTrap& trap) { trap.lead = static_cast<Slot>(1 - trap.lead); });
       })},
      {.id = "failover-sends-two-traps",
       .sentence = "A failover sends its trap twice.",
       .clauses = {"one-notification-a-failover"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         std::vector<FailoverTrap> again;
         change_traps(moment, [&](const FailoverTrap& trap) { again.push_back(trap); });
         for (const FailoverTrap& trap : again) moment.machine.emit(trap);
       })},
      {.id = "a-lost-backup-is-notified-as-a-failover",
       .sentence = "A master whose backup is lost sends the trap of a failover.",
       .clauses = {"no-notification-without-a-failover"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         const bool is_heard = moment.leads() && moment.node().peer.is_heard;
         const bool was_heard = std::exchange(moment.notes["heard"], is_heard ? 1 : 0) != 0;
         if (moment.leads() && was_heard && !is_heard)
           moment.machine.emit(FailoverTrap{moment.node().slot, FailoverCause::Keepalive});
       })},
  };
}

}  // namespace understudy::reference::exos

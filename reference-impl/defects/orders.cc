// Defects of orders from one MSM to the other, of what one shows of the other and what may be
// selected, and of interface modules that boot.
#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::exos {

std::vector<Defect> order_defects() {
  return {
      {.id = "orders-are-not-repeated",
       .sentence = "An order to the other MSM that is lost on its way is not sent again.",
       .clauses = {"reboot-restarts-what-was-named", "synchronize-reboots-the-backup-twice"},
       .origin = "",
       .interpose = after([](Moment& moment) { moment.machine.stop(Timer::Order); })},
      {.id = "a-reboot-of-the-backup-reboots-the-chassis",
       .sentence = "The order to reboot the other MSM reboots both.",
       .clauses = {"reboot-restarts-what-was-named"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         Reboot* reboot = ordered<Reboot>(input);
         if (reboot && reboot->module && reboot->module != moment.node().slot) {
           reboot->module.reset();
         }
         return true;
       })},
      {.id = "a-lost-msm-is-shown-in-its-office",
       .sentence = "An MSM that is gone goes on being shown in the state that it had last.",
       .clauses = {"a-lost-node-is-not-shown-in-office"},
       .origin = "",
       .interpose = after([](Moment& moment) {
         PeerView& peer = moment.node().peer;
         if (peer.is_heard && peer.office != Office::None) {
           moment.notes["state"] = static_cast<std::int64_t>(peer.state);
         } else if (!peer.is_heard && moment.notes.contains("state")) {
           peer.is_present = true;
           peer.is_lost = false;
           peer.state = static_cast<NodeState>(moment.notes["state"]);
         }
       })},
      {.id = "a-missing-configuration-is-selected",
       .sentence = "A configuration that is not in flash can be selected.",
       .clauses = {"selected-configuration-exists"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const auto* select = ordered<SelectConfiguration>(input);
         if (!select || moment.node().flash.find(select->file)) return true;
         moment.node().selected_file = select->file;
         moment.machine.emit(Reply{std::get<Ordered>(input).id, std::nullopt, {}});
         return false;
       })},
      {.id = "booting-modules-stay-off",
       .sentence = "Interface modules that boot at a failover are powered off and forgotten.",
       .clauses = {"modules-not-operational-are-restarted"},
       .origin = "published 22",
       .interpose = after([](Moment& moment) {
         const bool took_over = moment.leads() && moment.notes["was backup"] == 1;
         if (took_over) moment.machine.stop(Timer::Modules);
         moment.notes["was backup"] = moment.seconds() ? 1 : 0;
       })},
  };
}

}  // namespace understudy::reference::exos

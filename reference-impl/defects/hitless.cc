// Defects of what a failover keeps and what it costs: routes, interface modules, other software.
#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::exos {
std::vector<Defect> hitless_defects() {
  return {
      {.id = "ospf-routes-stay",
       .sentence = "OSPF's routes stay without graceful restart.",
       .clauses = {"ospf-routes-are-deleted-without-graceful-restart"},
       .origin = "",
       .replace = at_failover({"ospf"}, AtFailover::Kept)},
      {.id = "ospf-routes-go-at-once",
       .sentence = "OSPF's routes are deleted in the moment of a failover.",
       .clauses = {"ospf-routes-are-deleted-without-graceful-restart"},
       .origin = "",
       .replace = at_failover({"ospf"}, AtFailover::Cleared)},
      {.id = "graceful-restart-is-ignored",
       .sentence = "OSPF's routes are deleted although graceful restart is configured.",
       .clauses = {"ospf-with-graceful-restart-is-hitless"},
       .origin = "",
       .replace = [](Profile& p) { row_for(p, "ospf")->kept_by = {}; }},
      {.id = "every-failover-is-hitless",
       .sentence = "Interface modules go on whatever the cause of a failover.",
       .clauses = {"failover-cause-decides-on-modules"},
       .origin = "published 24",
       .replace =
           [](Profile& p) {
             for (CauseRow& row : p.causes) row.is_hitless = true;
           }},
      {.id = "exceptions-are-not-hitless",
       .sentence = "Interface modules start again after a process of the master has ended.",
       .clauses = {"failover-cause-decides-on-modules"},
       .origin = "",
       .replace =
           [](Profile& p) {
             for (CauseRow& row : p.causes) {
               if (row.cause == FailoverCause::Exception) row.is_hitless = false;
             }
           }},
      {.id = "only-some-processes-checkpoint-their-changes",
       .sentence = "What network login and power over Ethernet learn is not relayed to the backup.",
       .clauses = {"network-login-is-hitless", "powered-ports-stay-powered"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const auto* learned = std::get_if<EntryLearned>(&input);
         const auto& rows = moment.profile().replication.applications;
         if (!learned || learned->application >= rows.size() || !moment.leads()) return true;
         const std::string_view name = rows[learned->application].name;
         if (name != "netLogin" && name != "poe") return true;
         auto& table = moment.node().tables[learned->application].edit();
         if (learned->value) table[learned->key] = *learned->value;
         return false;
       })},
      {.id = "other-routes-stay",
       .sentence = "Routes of OSPFv3, BGP, RIP and RIPng stay after a failover.",
       .clauses = {"other-routes-are-deleted-after-a-second"},
       .origin = "",
       .replace = at_failover({"ospfv3", "bgp", "rip", "ripng"}, AtFailover::Kept)},
      {.id = "other-routes-go-at-once",
       .sentence = "Routes of OSPFv3, BGP, RIP and RIPng are deleted in the moment of a failover.",
       .clauses = {"other-routes-are-deleted-after-a-second"},
       .origin = "",
       .replace = at_failover({"ospfv3", "bgp", "rip", "ripng"}, AtFailover::Cleared)},
      {.id = "routes-go-after-half-a-second",
       .sentence = "Routes are deleted half a second after a failover.",
       .clauses = {"ospf-routes-are-deleted-without-graceful-restart",
                   "other-routes-are-deleted-after-a-second"},
       .origin = "",
       .replace = [](Profile& p) { p.timing.route_deletion /= 2; }},
      {.id = "routes-go-after-a-second-and-a-half",
       .sentence = "Routes are deleted a second and a half after a failover.",
       .clauses = {"ospf-routes-are-deleted-without-graceful-restart",
                   "other-routes-are-deleted-after-a-second"},
       .origin = "",
       .replace = [](Profile& p) { p.timing.route_deletion += p.timing.route_deletion / 2; }},
      {.id = "routes-learned-within-the-second-are-deleted",
       .sentence = "A route that is learned again within the second is deleted all the same.",
       .clauses = {"routes-learned-within-the-second-stay"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const auto* learned = std::get_if<EntryLearned>(&input);
         const auto& stale = moment.node().stale;
         return !learned || learned->application >= stale.size() ||
                !stale[learned->application]->contains(learned->key);
       })},
      {.id = "a-new-master-learns-nothing",
       .sentence = "A master that took over learns no routes, neighbors and virtual routers.",
       .clauses = {"routes-are-learned-again", "edp-neighbors-are-learned-again",
                   "vrrp-begins-anew", "pim-caches-are-cleared"},
       .origin = "",
       .interpose = before([](Moment& moment, Input& input) {
         const auto* learned = std::get_if<EntryLearned>(&input);
         return !(learned && moment.node().failover_cause != FailoverCause::Never);
       })},
      {.id = "edp-neighbors-stay",
       .sentence = "Neighbors of EDP are checkpointed and known after a failover.",
       .clauses = {"edp-neighbors-are-learned-again"},
       .origin = "",
       .replace = at_failover({"edp"}, AtFailover::Kept)},
      {.id = "virtual-routers-stay",
       .sentence = "VRRP's virtual routers go on over a failover.",
       .clauses = {"vrrp-begins-anew"},
       .origin = "",
       .replace = at_failover({"vrrp"}, AtFailover::Kept)},
      {.id = "pim-caches-stay",
       .sentence = "PIM's caches are kept over a failover.",
       .clauses = {"pim-caches-are-cleared"},
       .origin = "",
       .replace = at_failover({"pim"}, AtFailover::Kept)},
      {.id = "spanning-tree-begins-anew",
       .sentence = "Spanning tree begins anew after a failover.",
       .clauses = {"stp-is-hitless"},
       .origin = "",
       .replace = at_failover({"stp"}, AtFailover::Cleared)},
      {.id = "network-login-forgets-its-users",
       .sentence = "Users of network login have to log in again after a failover.",
       .clauses = {"network-login-is-hitless"},
       .origin = "",
       .replace = at_failover({"netLogin"}, AtFailover::Cleared)},
      {.id = "powered-ports-lose-power",
       .sentence = "Powered ports lose their power at a failover.",
       .clauses = {"powered-ports-stay-powered"},
       .origin = "",
       .replace = at_failover({"poe"}, AtFailover::Cleared)},
      {.id = "removals-are-hitless",
       .sentence = "Interface modules go on although the master was pulled.",
       .clauses = {"failover-cause-decides-on-modules"},
       .origin = "",
       .replace =
           [](Profile& p) {
             for (CauseRow& row : p.causes) {
               if (row.cause == FailoverCause::Removal) row.is_hitless = true;
             }
           }},
      {.id = "show-version-names-extremexos",
       .sentence = "show version calls the software ExtremeXOS.",
       .clauses = {"version-strings-are-the-published-ones"},
       .origin = "",
       .replace = [](Profile& p) { p.product = "ExtremeXOS"; }},
      {.id = "other-software-is-checkpointed",
       .sentence = "A backup with incompatible software is checkpointed and called in sync.",
       .clauses = {"other-software-is-not-in-sync"},
       .origin = "published 12",
       .replace = [](Profile& p) { p.replication.needs_same_version = false; }},
  };
}

}  // namespace understudy::reference::exos

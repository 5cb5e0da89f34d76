// Defects of what a failover keeps and what it costs: routes, interface modules, other software.
#include <algorithm>

#include "reference-impl/defects/catalogue.h"
#include "reference-impl/defects/wrapper.h"

namespace understudy::reference::exos {
namespace {

ApplicationRow& ospf(Profile& profile) {
  return *std::ranges::find(profile.replication.applications, "ospf", &ApplicationRow::name);
}

}  // namespace

std::vector<Defect> hitless_defects() {
  return {
      {.id = "ospf-routes-stay",
       .sentence = "OSPF's routes stay without graceful restart.",
       .clauses = {"ospf-routes-are-deleted-without-graceful-restart"},
       .origin = "",
       .replace = [](Profile& p) { ospf(p).at_failover = AtFailover::Kept; }},
      {.id = "ospf-routes-go-at-once",
       .sentence = "OSPF's routes are deleted in the moment of a failover.",
       .clauses = {"ospf-routes-are-deleted-without-graceful-restart"},
       .origin = "",
       .replace = [](Profile& p) { ospf(p).at_failover = AtFailover::Cleared; }},
      {.id = "graceful-restart-is-ignored",
       .sentence = "OSPF's routes are deleted although graceful restart is configured.",
       .clauses = {"ospf-with-graceful-restart-is-hitless"},
       .origin = "",
       .replace = [](Profile& p) { ospf(p).kept_by = {}; }},
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
       .clauses = {"run-time-state-is-recovered"},
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
      {.id = "other-software-is-checkpointed",
       .sentence = "A backup with incompatible software is checkpointed and called in sync.",
       .clauses = {"other-software-is-not-in-sync"},
       .origin = "published 12",
       .replace = [](Profile& p) { p.replication.needs_same_version = false; }},
  };
}

}  // namespace understudy::reference::exos

#include "reference-impl/defects/catalogue.h"

namespace understudy::reference::exos {

std::vector<Unobservable> unobservable() {
  return {
      {"M3", "Priority is compared before the health thresholds.",
       "no document publishes the thresholds, so no case can know when a node is below one"},
      {"M22", "The cause of a failover is wrong or stuck at never(1).",
       "the cause travels in SNMP alone, which no testbed reads yet"},
      {"M23", "A failover sends no trap.", "as M22"},
      {"M32", "A dependent process starts its bulk checkpoint early.",
       "no switch tells the dependencies; that the bulk is serial and follows the configuration is "
       "proven"},
      {"M37", "Run-time state is sent to a STANDBY.",
       "with two MSMs STANDBY is transient, and the line is the NETGEAR manual's"},
      {"M39", "The errors of checkpointing are hidden.",
       "no document says when an error is counted; every published row has 0"},
      {"M40", "Counters of checkpointing stay after a change of roles.",
       "no document says that they begin again"},
      {"M42", "synchronize copies one of two configurations.",
       "the synchronisation that follows the second reboot copies every configuration as well"},
      {"M46", "In sync is claimed between the two reboots of synchronize.",
       "the only console that may claim it is the one that synchronize keeps busy"},
      {"M48", "InSync and In Sync are mixed in one release.",
       "manuals and devices differ, so both spellings are taken"},
      {"M52", "The number in the prompt resets or skips.",
       "a published session shows a number twice: it is no sequence"},
      {"published 1", "The log has holes after a failover.",
       "ExtremeWare keeps its logs apart; no document of XOS says what a log must hold"},
      {"published 12", "An unsynchronised backup runs its own image.",
       "that is what the manual says"},
      {"published 25", "Recovery level shutdown ends failovers.",
       "ExtremeWare's; XOS documents the opposite"},
  };
}

}  // namespace understudy::reference::exos

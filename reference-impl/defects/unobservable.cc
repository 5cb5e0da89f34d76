#include "reference-impl/defects/catalogue.h"

namespace understudy::reference::exos {

std::vector<Unobservable> unobservable() {
  return {
      {"M3", "Priority is compared before the health thresholds.",
       "no document publishes the thresholds, so no case can know when a node is below one"},
      {"M32", "A dependent process starts its bulk checkpoint early.",
       "no switch tells the dependencies; that the bulk is serial and follows the configuration is "
       "proven"},
      {"M37", "Run-time state is sent to a STANDBY.",
       "with two MSMs STANDBY is transient, and the line is the NETGEAR manual's"},
      {"M39", "The errors of checkpointing are hidden.",
       "no document says when an error is counted; every published row has 0"},
      {"M40", "Counters of checkpointing stay after a change of roles.",
       "no document says that they begin again"},
      {"M46", "In sync is claimed between the two reboots of synchronize.",
       "not seen by this harness: it reads no console while an act is under way, synchronize is "
       "one "
       "act, and by the time it answers the second reboot has begun; no trap and no line to a "
       "syslog "
       "server tells a claim. Somebody at the backup's console would see it"},
      {"published 1", "The log has holes after a failover.",
       "ExtremeWare keeps its logs apart; no document of XOS says what a log must hold"},
      {"published 3", "Diagnostics on the master cause a failover and a false message.",
       "another product: ExtremeWare; no document of XOS 11.3 says what diagnostics on a master "
       "do"},
      {"published 5", "Entries that only a slave card learned age out although they are in use.",
       "no traffic runs that could keep an entry in use; ExtremeWare's"},
      {"published 6", "A failover is not hitless for trunks across modules.",
       "loss of traffic is not measured, no testbed sends any; ExtremeWare's"},
      {"published 7", "A trunk whose master slot is absent does not forward.",
       "it concerns interface modules and traffic, not redundancy of the MSMs; ExtremeWare's"},
      {"published 8", "The new master does not log that two masters were found.",
       "between switches (ESRP); no document says that a chassis logs it"},
      {"published 10", "A port of a ring that recovers blocks.",
       "between switches (EAPS): no second module takes part"},
      {"published 11", "A flapping link inflates the peer's count of ports.",
       "between switches (ESRP): modules count no ports in their election"},
      {"published 14", "synchronize across incompatible partition layouts must fail.",
       "another edition: layouts differ from 22.2 on, 11.3 knows one"},
      {"published 15", "Nodes of 30.2 or earlier cannot be synchronised automatically to 30.3.",
       "another edition: 30.3"},
      {"published 16", "A failover before the bulk ends reboots the whole stack.",
       "another product: a stack; of a chassis see published 17"},
      {"published 17", "A backup in its first synchronisation restarts when the master is lost.",
       "that is what the manual says, and the reference does it; that the backup then uses its "
       "flash is proven (flash-is-the-fallback)"},
      {"published 18", "A second failover before the new backup is in sync is not hitless.",
       "that is what the manual says; without force it is refused, which is proven "
       "(unforced-failover-needs-synchronisation)"},
      {"published 19", "Where a split heals, the side that restarts loses what it had not saved.",
       "that is what the manual says of a stack, and the reference does it"},
      {"published 20", "A split doubles every IP address.",
       "no testbed sends or hears IP packets of the switch; a stack's"},
      {"published 21", "A less capable backup cannot carry the load.",
       "another product: a stack of unlike switches; MSMs of one chassis are alike"},
  };
}

}  // namespace understudy::reference::exos

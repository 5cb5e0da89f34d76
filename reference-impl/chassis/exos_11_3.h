// ExtremeWare XOS 11.3 with two MSMs, as a profile. Sources: Concepts Guide 11.3 pages 70 to 78 and
// the documents named at the rows. Values that no document gives (heartbeat period, health scale,
// the applications' dependencies) are the profile's own and are marked so.
#pragma once

#include "reference-impl/chassis/profile.h"

namespace understudy::reference {

Profile exos_11_3(const Timing& timing = {});

}  // namespace understudy::reference

// HP ProCurve 8212zl with two management modules (K.12 to K.14 warm standby, K.15 nonstop
// switching), as a profile. Sources: Management and Configuration Guide, chapter 15, pages at the
// rows. Values that no document gives (heartbeat period, times of boot phases) are the profile's
// own.
#pragma once

#include "reference-impl/chassis/profile.h"

namespace understudy::reference {

Profile procurve_8212zl(const Timing& timing = {});

}  // namespace understudy::reference

// HP ProCurve 8212zl (K.12 to K.14, warm standby) as a profile, short: the proof that the profile
// type is no EXOS machine in disguise. Sources: spec sheet procurve.md, sections named at the rows.
#pragma once

#include "reference-impl/chassis/profile.h"

namespace understudy::reference {

Profile procurve_8212zl(const Timing& timing = {});

}  // namespace understudy::reference

// NETGEAR 8800 (XCM8800 software 12.4) with two management modules, as a profile: ExtremeWare XOS'
// tables with the entries replaced that the NETGEAR manuals have otherwise. xcm8800.cc is the list.
#pragma once

#include "reference-impl/chassis/profile.h"

namespace understudy::reference {

Profile xcm8800(const Timing& timing = {});

}  // namespace understudy::reference

// What a ProCurve tells of its redundancy, in words and as objects of HpicfHighAvailability-MIB,
// which getMIB and walkMIB print. Names, tables and numbers are those of the MIB's revision of
// 2017; its index of a module is the slot's number, its index of a failover counts from the oldest.
#pragma once

#include <string>
#include <string_view>

#include "reference-impl/module.h"

namespace understudy::reference {

/// "Enabled", "Disabled" or "Nonstop switching".
std::string_view procurve_mode(const NodeView& view);
/// Why there is no standby, in the MIB's words.
std::string_view procurve_standby_failure(const NodeView& view);
/// Of the latest failover, in the log's words; "none" before the first.
std::string_view procurve_cause(const NodeView& view);
/// "MM1", "MM2" or "none".
std::string_view procurve_preferred(const NodeView& view);

/// One object, named with its instance: "hpicfHAMgmtFailovers.0".
std::string procurve_get_mib(const NodeView& view, const std::string& object);
/// Each object below a name: an object, a table, or the whole module.
std::string procurve_walk_mib(const NodeView& view, const std::string& name);

}  // namespace understudy::reference

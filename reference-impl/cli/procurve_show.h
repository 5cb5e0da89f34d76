// What ProCurve show commands print, as functions of the node. Lines end with '\n'. Layouts of show
// flash, show modules and show config are published; show redundancy is printed by no document that
// we have: its columns are those of the MIB (HpicfHighAvailability), its layout is ours.
#pragma once

#include <string>

#include "reference-impl/module.h"

namespace understudy::reference {

std::string procurve_redundancy(const NodeView& view);
std::string procurve_version(const NodeView& view);
std::string procurve_flash(const NodeView& view);
std::string procurve_modules(const NodeView& view);
std::string procurve_system(const NodeView& view);
std::string procurve_logging(const NodeView& view);
std::string procurve_vlans(const NodeView& view);
std::string procurve_addresses(const NodeView& view);
std::string procurve_interfaces(const NodeView& view);
std::string procurve_running(const NodeView& view);
std::string procurve_startup(const NodeView& view);
/// The manager's password in the security file; empty: none is set.
std::string procurve_password(const NodeView& view);
/// The SSH host key in it.
std::string procurve_key(const NodeView& view);
std::string procurve_host_key(const NodeView& view);

}  // namespace understudy::reference

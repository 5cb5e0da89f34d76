// The command line of an HP ProCurve 8212zl on a chassis node: the one thing that hosts need to
// know. Layouts follow published output; where no document shows one, the source says so at the
// place.
#pragma once

#include <memory>

#include "reference-impl/cli/shell_options.h"
#include "reference-impl/module.h"

namespace understudy::reference {

std::unique_ptr<Shell> make_procurve_shell(const ShellOptions& options = {});

}  // namespace understudy::reference

// The command line of ExtremeWare XOS 11.3 (EXOS) and of NETGEAR's XCM8800, which is the same
// software under other words, on a chassis node. The shell behind it serves all consoles of a node;
// it is bytes in, bytes out (module.h). Layouts follow published output; where no document shows
// one, the source says so at the place.
#pragma once

#include <memory>

#include "reference-impl/cli/shell_options.h"
#include "reference-impl/module.h"

namespace understudy::reference {

std::unique_ptr<Shell> make_exos_shell(const ShellOptions& options = {});
std::unique_ptr<Shell> make_xcm8800_shell(const ShellOptions& options = {});

}  // namespace understudy::reference

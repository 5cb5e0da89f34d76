// The command line of ExtremeWare XOS 11.3 (EXOS) on a chassis node: the one thing that hosts need
// to know. The shell behind it serves all consoles of a node; it is bytes in, bytes out (module.h).
// Layouts follow published output; where no document shows one, the source says so at the place.
#pragma once

#include <memory>
#include <string>

#include "reference-impl/module.h"

namespace understudy::reference {

/// What is particular to one chassis and its operators. Printed, never acted upon.
struct ExosIdentity {
  std::string mac = "00:04:96:20:b4:13";
  std::string chassis_serial = "0543G-00012";
  std::string module_serial{};  ///< empty: made from the slot's name
};

struct ExosOptions {
  bool needs_login = true;  ///< false: console 0 is logged in as `user` from the start
  std::string user = "admin";
  std::string password{};
  ExosIdentity identity{};
};

std::unique_ptr<Shell> make_exos_shell(const ExosOptions& options = {});

}  // namespace understudy::reference

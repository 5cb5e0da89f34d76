// What a command line is told of one chassis and its operators, whatever the product.
#pragma once

#include <string>

namespace understudy::reference {

/// Printed, never acted upon.
struct ChassisIdentity {
  std::string mac = "00:04:96:20:b4:13";
  std::string module_serial{};  ///< empty: made from the slot's name
};

struct ShellOptions {
  bool needs_login = true;  ///< false: console 0 is logged in as `user` from the start
  std::string user = "admin";
  std::string password{};
  ChassisIdentity identity{};
};

}  // namespace understudy::reference

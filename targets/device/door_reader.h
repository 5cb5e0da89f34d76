// The part of a testbed's YAML that says how a console is reached. Used by the testbed reader only.
#pragma once

#include "harness/yaml.h"
#include "targets/testbed.h"

namespace understudy::targets {

/// ${NAME} of the environment; names of the testbed have a dot and stay for the bench.
std::string from_environment(const std::string& text, const yaml::Node& node,
                             yaml::Problems& problems);
std::vector<std::string> command_from(const yaml::Node& node, std::string_view what,
                                      yaml::Problems& problems);

Secret secret_from(const yaml::Node& node, const std::string& what, yaml::Problems& problems);

/// {user: ..., password: ...}; the password stays where it is until a target is opened.
void login_from(const yaml::Node& node, TestbedNode& out, yaml::Problems& problems);

/// A console: the process itself, or one of command, ssh, tcp, telnet, serial.
void console_from(const yaml::Node& node, TestbedNode& out, yaml::Problems& problems);

}  // namespace understudy::targets

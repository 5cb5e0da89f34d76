// The part of a testbed's YAML that says where it listens. Used by the testbed reader only.
//
//   listeners:
//     traps: "udp:127.0.0.1"                  a port of its own for each job: ${traps}
//     syslog: {at: "udp:0.0.0.0:514", reached: 10.0.0.5}
//     traps: {at: "udp:10.0.0.5:162", community: {env: COMMUNITY}}
//   snmp: {address: "10.0.0.7:161", community: {env: COMMUNITY}}      whom SNMP get asks
//   nodes:
//     MSM-A: {address: 10.0.0.7, ...}         what comes from there is MSM-A's
#pragma once

#include <string>

#include "harness/yaml.h"
#include "targets/testbed.h"

namespace understudy::targets {

void listeners_from(const yaml::Node& node, TestbedFile& file, yaml::Problems& problems);

void snmp_from(const yaml::Node& node, TestbedFile& file, yaml::Problems& problems);

/// IPv4, or with placeholders.
std::string address_from(const yaml::Node& node, yaml::Problems& problems);

}  // namespace understudy::targets

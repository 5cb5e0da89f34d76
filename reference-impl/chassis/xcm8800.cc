#include "reference-impl/chassis/xcm8800.h"

#include <algorithm>
#include <span>

#include "reference-impl/chassis/exos_11_3.h"

namespace understudy::reference {
namespace {

ApplicationRow& row_for(Profile& profile, std::string_view name) {
  return *std::ranges::find(profile.replication.applications, name, &ApplicationRow::name);
}

/// User Manual pages 71 and 583. Here VRRP's messages are replicated and both nodes run it, which
/// ExtremeWare XOS 11.3 does not do. The routing protocols, PIM, network login and power over
/// Ethernet are as there; so are STP, EAPS, ESRP and EDP, of which no NETGEAR page is at hand.
void set_hitless_protocols(Profile& profile) {
  row_for(profile, "vrrp").at_failover = AtFailover::Kept;
}

/// "Primary" stands where ExtremeWare XOS 11.3 says "master"; the words of the states are the same.
void set_words(Profile& profile) {
  for (LogRow& row : profile.log) {
    if (row.event == LogEvent::TookOver) row.text = "{node} took over as primary";
    if (row.event == LogEvent::Synchronized) {
      row.text = "{node} has the images and configurations of the primary";
    }
    if (row.event == LogEvent::FailoverTrap) {
      row.text = "extremeMsmFailoverTrap 1.3.6.1.4.1.1916.4.1.0.5: primary {node}, cause {word}";
    }
  }
  for (auto& [reason, word] : profile.reason_words) {
    if (reason == Reason::IncompatibleVersion) word = "Incompatible XCM8800";
  }
}

}  // namespace

Profile xcm8800(const Timing& timing) {
  Profile profile = exos_11_3(timing);
  profile.name = "xcm8800";
  profile.product = "XCM8800";
  profile.version = "12.4.1.7";   // the edition is published, the build is ours
  profile.slot_numbers = {3, 4};  // of an 8806: the lower-numbered slot is MSM-A
  profile.factory[0] = {"sysname", "XCM8806"};
  // Page 66 tells of incompatible software, page 811 of two versions in sync during an upgrade.
  // Which versions go together is not published: here those whose first two numbers agree.
  profile.replication.version_parts = 2;
  profile.replication.module_resets = 5;  // page 208
  set_hitless_protocols(profile);
  set_words(profile);
  return profile;
}

}  // namespace understudy::reference

// A configuration: settings by key, in order. The core replicates, saves and compares keys and
// values and knows no command; the command line turns them into the family's words. Keys are paths:
//   sysname                        the system's name
//   node/<slot word>/priority      election priority
//   vlan/<name>                    the VLAN exists (empty value)
//   vlan/<name>/tag                1 to 4094
//   vlan/<name>/port/<port>        "tagged" or "untagged"
//   vlan/<name>/ipaddress          as typed
//   line/<text>                    any other configuration line (empty value)
// Copying is cheap: contents are shared until changed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference-impl/chassis/copy_on_write.h"

namespace understudy::reference {

/// One setting gets a value, or is removed (with everything below it: "vlan/x" takes "vlan/x/tag").
struct SettingChange {
  std::string key;
  std::optional<std::string> value;

  friend bool operator==(const SettingChange&, const SettingChange&) = default;
};

class Configuration {
 public:
  using Settings = std::map<std::string, std::string, std::less<>>;

  const Settings& settings() const { return *settings_; }
  bool holds(std::string_view key) const { return settings().find(key) != settings().end(); }
  std::optional<std::string_view> value(std::string_view key) const;

  /// Applies a change; false if nothing was different afterwards.
  bool apply(const SettingChange& change);

  friend bool operator==(const Configuration&, const Configuration&) = default;

 private:
  CopyOnWrite<Settings> settings_;
};

/// The byte form that flash holds: one "key=value" line a setting, in order.
std::string to_text(const Configuration& configuration);
std::optional<Configuration> parse_configuration(std::string_view text);

std::uint64_t hash_of(const Configuration& configuration);

}  // namespace understudy::reference

// SNMP get over UDP, by net-snmp's library: one request at a time, one answer or none before its
// time is over. Used by the process bench, which waits for the descriptor among its others; nothing
// here waits. The community is a password and is in no error.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/error.h"
#include "harness/target.h"
#include "targets/listeners/notification.h"

namespace understudy::targets {

struct SnmpPeer {
  std::string address;  ///< HOST:PORT
  std::string community;
  Duration limit = std::chrono::seconds(1);  ///< for one answer
  std::string where{};                       ///< file:line
};

struct SnmpAnswer {
  std::vector<SnmpVariable> variables;
  std::string trouble;  ///< why there is none; empty: there is one
};

class SnmpSession {
 public:
  static Result<std::unique_ptr<SnmpSession>> open(const SnmpPeer& peer);
  virtual ~SnmpSession() = default;

  virtual int descriptor() const = 0;
  /// False if a request is under way.
  virtual bool get(const std::vector<std::string>& oids) = 0;
  /// Reads what has come, and gives up what has waited too long.
  virtual std::optional<SnmpAnswer> serve() = 0;
};

}  // namespace understudy::targets

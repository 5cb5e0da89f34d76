// One syslog message out of a datagram: RFC 5424, or what RFC 3164 found in the field, which is a
// priority and then anything. Used by the listening device, for bytes that anybody may have sent. A
// pure function of the bytes; what is no syslog message is an error that says why.
#pragma once

#include <string>
#include <string_view>

#include "harness/error.h"

namespace understudy::targets {

/// RFC 5424, table 2: the smaller the worse.
enum class Severity { Emergency, Alert, Critical, Error, Warning, Notice, Informational, Debug };

struct SyslogMessage {
  int facility = 0;
  Severity severity = Severity::Debug;
  std::string host;  ///< as the message has it; empty: it has none
  std::string text;  ///< behind the priority, time and host; printable, other bytes are \xNN
};

Result<SyslogMessage> read_syslog(std::string_view bytes);

}  // namespace understudy::targets

#include "reference-impl/syslog_line.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace understudy::reference {
namespace {

constexpr std::array<std::string_view, 24> facilities{
    "kern",   "user",   "mail",   "daemon", "auth",   "syslog", "lpr",    "news",
    "uucp",   "cron",   "auth2",  "ftp",    "ntp",    "audit",  "alert",  "cron2",
    "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"};

int number_of(Severity severity) {
  switch (severity) {
    case Severity::Critical:
      return 2;
    case Severity::Error:
      return 3;
    case Severity::Warning:
      return 4;
    case Severity::Notice:
      return 5;
    case Severity::Info:
      return 6;
  }
  return 6;
}

}  // namespace

std::optional<int> facility_number(std::string_view word) {
  const auto found = std::ranges::find(facilities, word);
  if (found == facilities.end()) return std::nullopt;
  return static_cast<int>(found - facilities.begin());
}

std::string encode(const LogEntry& entry, int facility, std::string_view host) {
  const std::tm time = fmt::gmtime(static_cast<std::time_t>(entry.clock));
  return fmt::format("<{}>{:%b} {:>2} {:%H:%M:%S} {} {}: {}",
                     facility * 8 + number_of(entry.severity), time, time.tm_mday, time, host,
                     entry.component, entry.text);
}

}  // namespace understudy::reference

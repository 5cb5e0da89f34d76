#include "targets/listeners/syslog_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "targets/dialect_pattern.h"
#include "targets/printable.h"

namespace understudy::targets {
namespace {

constexpr int largest_priority = 191;

DialectPattern pattern(const char* text) {
  auto compiled = DialectPattern::compile(text, "");
  ensure(compiled.has_value(), "a pattern of our own can be compiled");
  return *compiled;
}

std::string group(const DialectPattern::Found& found, std::string_view name) {
  const auto at = std::ranges::find(found.groups, name, [](const auto& one) { return one.first; });
  return at == found.groups.end() ? std::string() : at->second;
}

}  // namespace

Result<SyslogMessage> read_syslog(std::string_view bytes) {
  // Version, time, host, application, process, message id, structured data, text.
  static const DialectPattern rfc_5424 = pattern(
      R"(<(?<priority>\d{1,3})>1 \S+ (?<host>\S+) (?<text>\S+ \S+ \S+ (?:-|(?:\[(?:[^]\\"]++|"(?:[^"\\]++|\\.)*+"|\\.)*+\])++)(?: .*)?))");
  static const DialectPattern rfc_3164 = pattern(
      R"(<(?<priority>\d{1,3})>(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?<host>[^\s:]+) )?(?<text>.*))");
  while (!bytes.empty() && (bytes.back() == '\n' || bytes.back() == '\0' || bytes.back() == '\r'))
    bytes.remove_suffix(1);
  const std::string plain = printable(bytes);
  if (!rfc_3164.is_all_of(plain)) return fail("", "no syslog message: it begins with no priority");
  const auto found = rfc_5424.is_all_of(plain) ? rfc_5424.find(plain) : rfc_3164.find(plain);
  if (!found) return fail("", "a syslog message that cannot be read");
  const int priority = std::atoi(group(*found, "priority").c_str());
  if (priority > largest_priority)
    return fail("", fmt::format("no syslog message: {} is no priority", priority));
  SyslogMessage message;
  message.facility = priority / 8;
  message.severity = static_cast<Severity>(priority % 8);
  message.host = group(*found, "host");
  if (message.host == "-") message.host.clear();
  message.text = group(*found, "text");
  return message;
}

}  // namespace understudy::targets

#include "targets/listeners/snmp_text.h"

#include <fmt/format.h>

#include <charconv>

namespace understudy::targets {
namespace {

std::string value_text(const netsnmp_variable_list& one) {
  switch (one.type) {
    case ASN_INTEGER:
      return std::to_string(*one.val.integer);
    case ASN_COUNTER:
    case ASN_GAUGE:
    case ASN_TIMETICKS:
      return std::to_string(static_cast<std::uint32_t>(*one.val.integer));
    case ASN_COUNTER64:
      return std::to_string(static_cast<std::uint64_t>(one.val.counter64->high) << 32 |
                            static_cast<std::uint32_t>(one.val.counter64->low));
    case ASN_OCTET_STR:
    case ASN_OPAQUE:
      return {reinterpret_cast<const char*>(one.val.string), one.val_len};
    case ASN_IPADDRESS:
      if (one.val_len != 4) return {};
      return fmt::format("{}.{}.{}.{}", one.val.string[0], one.val.string[1], one.val.string[2],
                         one.val.string[3]);
    case ASN_OBJECT_ID:
      return text_of(one.val.objid, one.val_len / sizeof(oid));
    default:
      return {};
  }
}

}  // namespace

std::mutex& snmp_library() {
  static std::mutex mutex;
  return mutex;
}

std::string text_of(const oid* parts, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += fmt::format("{}{}", text.empty() ? "" : ".", parts[i]);
  return text;
}

std::vector<SnmpVariable> variables_of(const netsnmp_pdu& message) {
  std::vector<SnmpVariable> variables;
  for (const auto* one = message.variables; one != nullptr; one = one->next_variable)
    variables.push_back({text_of(one->name, one->name_length), value_text(*one)});
  return variables;
}

std::vector<oid> oid_from(std::string_view text) {
  std::vector<oid> parts;
  if (text.starts_with('.')) text.remove_prefix(1);
  while (parts.size() < MAX_OID_LEN) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return {};
    parts.push_back(number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) return parts;
    if (text.front() != '.') return {};
    text.remove_prefix(1);
  }
  return {};
}

}  // namespace understudy::targets

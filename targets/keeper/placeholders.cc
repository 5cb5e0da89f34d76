#include "targets/keeper/placeholders.h"

namespace understudy::targets {
namespace {

std::vector<std::string> names_of(const PlaceholderValues& values) {
  std::vector<std::string> names;
  for (const auto& [name, value] : values) names.push_back(name);
  return names;
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

Result<std::string> expand(std::string_view text, const PlaceholderValues& values,
                           const std::string& where) {
  std::string expanded;
  while (true) {
    const auto begin = text.find("${");
    expanded += text.substr(0, begin);
    if (begin == std::string_view::npos) return expanded;
    const auto end = text.find('}', begin);
    if (end == std::string_view::npos) {
      return fail(where, "`" + std::string(text.substr(begin)) + "` does not end",
                  "close it with }");
    }
    const std::string name(text.substr(begin + 2, end - begin - 2));
    const auto found = values.find(name);
    if (found == values.end()) {
      std::string hint = did_you_mean(name, names_of(values));
      if (hint.empty())
        hint =
            "known: ${NODE.LINK.local}, ${NODE.LINK.peer}, ${NODE.state}, "
            "${NODE.control}, ${NODE.console}, ${NODE.address}, ${traps}, ${syslog}, ${run}";
      return fail(where, "`${" + name + "}` is no placeholder of this testbed", hint);
    }
    expanded += found->second;
    text.remove_prefix(end + 1);
  }
}

Result<std::vector<std::string>> expand(const std::vector<std::string>& texts,
                                        const PlaceholderValues& values, const std::string& where) {
  std::vector<std::string> expanded;
  for (const std::string& text : texts) {
    auto one = expand(text, values, where);
    if (!one) return tl::unexpected(one.error());
    expanded.push_back(std::move(*one));
  }
  return expanded;
}

PlaceholderValues values_for_hand(const PlaceholderValues& values, const Act& act) {
  PlaceholderValues all = values;
  for (const auto& [key, value] : act.arguments.items()) {
    all["argument." + key] = text_of(value);
  }
  const auto node = act.arguments.find("node");
  if (node == act.arguments.end()) return all;
  const std::string name = text_of(*node);
  all["node"] = name;
  for (const auto& [key, value] : values) {
    if (key.starts_with(name + ".")) all["node" + key.substr(name.size())] = value;
  }
  return all;
}

std::vector<std::string> placeholders_in(std::string_view text) {
  std::vector<std::string> names;
  for (auto begin = text.find("${"); begin != std::string_view::npos;) {
    const auto end = text.find('}', begin);
    if (end == std::string_view::npos) break;
    names.emplace_back(text.substr(begin + 2, end - begin - 2));
    begin = text.find("${", end);
  }
  return names;
}

}  // namespace understudy::targets

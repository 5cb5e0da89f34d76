#include "reference-impl/chassis/configuration.h"

namespace understudy::reference {

std::optional<std::string_view> Configuration::value(std::string_view key) const {
  const auto found = settings().find(key);
  if (found == settings().end()) return std::nullopt;
  return found->second;
}

bool Configuration::apply(const SettingChange& change) {
  if (change.value) {
    if (value(change.key) == *change.value) return false;
    settings_.edit()[change.key] = *change.value;
    return true;
  }
  const std::string below = change.key + "/";
  const auto first = settings().lower_bound(below);
  const bool has_below = first != settings().end() && first->first.starts_with(below);
  if (!has_below && !holds(change.key)) return false;
  Settings& all = settings_.edit();
  all.erase(change.key);
  auto next = all.lower_bound(below);
  while (next != all.end() && next->first.starts_with(below)) next = all.erase(next);
  return true;
}

std::string to_text(const Configuration& configuration) {
  std::string text;
  for (const auto& [key, value] : configuration.settings()) {
    text.append(key).append(1, '=').append(value).append(1, '\n');
  }
  return text;
}

std::optional<Configuration> parse_configuration(std::string_view text) {
  Configuration configuration;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text.substr(0, end);
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    configuration.apply(
        {std::string(line.substr(0, equals)), std::string(line.substr(equals + 1))});
    text.remove_prefix(end + 1);
  }
  return configuration;
}

std::uint64_t hash_of(const Configuration& configuration) {
  std::uint64_t hash = 1469598103934665603ull;
  const auto mix = [&hash](std::string_view text) {
    for (const char byte : text)
      hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211ull;
    hash = (hash ^ 0xff) * 1099511628211ull;
  };
  for (const auto& [key, value] : configuration.settings()) {
    mix(key);
    mix(value);
  }
  return hash;
}

}  // namespace understudy::reference

// A terminal server that fails: all its lines fall silent together, or are closed and stay so, and
// no act of ours explains it. That is the bench, whatever the nodes do meanwhile; nothing is sent
// any more, least of all a power cycle.
#include <fmt/format.h>

#include <algorithm>

#include "targets/device/switch_device.h"

namespace understudy::targets {

namespace {

using namespace std::chrono_literals;

constexpr Duration patience = 500ms;  // a server that opens its lines again at once lost sessions

}  // namespace

/// Nobody answers on a line; the echo of what was typed would have been an answer.
void SwitchDevice::fell_silent(Line& line, Time since) {
  if (!line.silent_since) line.silent_since = since;
}

/// Since when every line of this server is silent without an act of ours.
std::optional<Time> SwitchDevice::server_silent_since(const std::string& server) const {
  std::size_t lines = 0;
  Time since{};
  for (std::size_t place = 0; place < settings_.servers.size(); ++place) {
    const Line& line = lines_[place];
    if (settings_.servers[place] != server) continue;
    if (!line.silent_since || line.has_ended || line.may_end || line.may_be_silent)
      return std::nullopt;
    since = std::max(since, *line.silent_since);
    ++lines;
  }
  return lines > 1 ? std::optional(since) : std::nullopt;
}

void SwitchDevice::watch_servers() {
  if (!is_open_ || !broken_.empty()) return;
  for (const std::string& server : settings_.servers) {
    const auto since = server.empty() ? std::nullopt : server_silent_since(server);
    if (!since || now() < *since + patience) continue;
    broken_ = fmt::format("all lines of {} are silent since {:.1f}s", server,
                          std::chrono::duration<double>(*since).count());
    incident(Incident::Kind::BenchBroken, "", broken_, *since, now());
    return;
  }
}

}  // namespace understudy::targets

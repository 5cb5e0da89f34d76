#include "reference-impl/daemon/options.h"

#include "reference-impl/defects/defect.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <cmath>
#include <utility>

namespace understudy::reference {
namespace {

constexpr std::string_view example =
    "\nExample, two modules of one chassis:\n"
    "  understudy-node --slot A --listen 127.0.0.1:7001 --peer 127.0.0.1:7002 --state /tmp/a\n"
    "  understudy-node --slot B --listen 127.0.0.1:7002 --peer 127.0.0.1:7001 --state /tmp/b\n"
    "\nHands on a chassis, for a node started with --control /tmp/a.sock:\n"
    "  understudy-node control /tmp/a.sock press reset\n"
    "  understudy-node control /tmp/a.sock help\n";

/// Options as they were typed.
struct Typed {
  std::string backplane, listen, slot, state, control, login, seed;
  std::vector<std::string> peers, peer_controls, consoles;
};

struct Time {
  const char* name;
  Duration Timing::*field;
  const char* help;
};
const Time times[] = {
    {"--heartbeat", &Timing::heartbeat_period, "period of heartbeats"},
    {"--boot", &Timing::boot, "a whole boot; its phases share it"},
    {"--finish-boot", &Timing::finish_boot, "the boot phases of a lead, where a family has them"},
    {"--election", &Timing::election, "how long a candidate listens"},
    {"--down", &Timing::down, "how long DOWN is shown before the restart"},
    {"--fail", &Timing::fail, "how long FAIL is shown before a restart"},
    {"--retransmit", &Timing::retransmit, "until an unacknowledged record is sent again"},
    {"--save-limit", &Timing::save_limit, "how long save waits for the backup's flash"},
    {"--synchronize-limit", &Timing::synchronize_limit,
     "how long synchronize waits for the backup to answer"},
    {"--bulk-pace", &Timing::bulk_pace, "between two records of a bulk checkpoint"},
    {"--process", &Timing::process, "how long the restart of a process takes"},
    {"--module-boot", &Timing::module_boot, "the boot of an interface module"},
};

tl::unexpected<OptionsEnd> refuse(std::string_view option, std::string_view what) {
  return tl::unexpected(OptionsEnd{3, fmt::format("understudy-node: {}: {}\n", option, what)});
}

void declare(CLI::App& app, DaemonOptions& options, Typed& typed) {
  app.add_option("--profile", options.profile,
                 fmt::format("the product ({})", fmt::join(product_names(), ", ")));
  app.add_option("--slot", typed.slot, "the module's slot, such as A")->required();
  app.add_option("--listen", typed.listen, "HOST:PORT of this end of the backplane (UDP)");
  app.add_option("--backplane", typed.backplane,
                 "packet:INTERFACE, in place of --listen and --peer: Ethernet frames (needs root)");
  app.add_option("--peer", typed.peers, "HOST:PORT of the other end, or of a relay");
  app.add_option("--state", typed.state, "folder that is the module's flash")->required();
  app.add_option("--control", typed.control, "socket for what hands do on a chassis");
  app.add_option("--peer-control", typed.peer_controls,
                 "the other module's control socket: it is told when this one is pulled");
  app.add_option("--console", typed.consoles, "stdio (default) or tcp:HOST:PORT; may be repeated");
  app.add_option("--address", options.address,
                 "the module's own address on the management network: SNMP traps come from there");
  app.add_option("--login", typed.login, "none, or user:password (default admin:)");
  app.add_option("--limit", options.timing.missed_limit, "missed heartbeats until a loss");
  app.add_option("--priority", options.priority, "election priority in the factory settings");
  app.add_option("--defect", options.defect,
                 "deliberately wrong firmware (see understudy qualify)");
  app.add_option("--serial", options.shell.identity.module_serial, "serial number of the module");
  app.add_option("--chassis-serial", options.chassis, "... of the chassis");
  app.add_option("--mac", options.shell.identity.mac, "MAC address of the chassis");
  app.add_option("--seed", typed.seed, "of the random generator; default: the system's");
  app.add_flag("--absent", options.is_absent, "start outside of the chassis, until `insert`");
}

std::optional<OptionsEnd> take_consoles(DaemonOptions& options, const Typed& typed) {
  if (!typed.consoles.empty()) options.uses_stdio = false;
  for (const std::string& console : typed.consoles) {
    if (console == "stdio") {
      options.uses_stdio = true;
      continue;
    }
    if (console.starts_with("tcp:")) options.console = parse_host_port(console.substr(4));
    if (!console.starts_with("tcp:") || !options.console) {
      return refuse("--console", fmt::format("`{}` is neither stdio nor tcp:HOST:PORT", console))
          .value();
    }
  }
  return std::nullopt;
}

std::optional<OptionsEnd> take_login(DaemonOptions& options, const std::string& login) {
  if (login.empty()) return std::nullopt;
  options.shell.needs_login = login != "none";
  if (login == "none") return std::nullopt;
  const std::size_t colon = login.find(':');
  if (colon == std::string::npos || colon == 0) {
    return refuse("--login", fmt::format("`{}` is neither none nor user:password", login)).value();
  }
  options.shell.user = login.substr(0, colon);
  options.shell.password = login.substr(colon + 1);
  return std::nullopt;
}

std::optional<OptionsEnd> take_addresses(DaemonOptions& options, const Typed& typed) {
  constexpr std::string_view packet = "packet:";
  if (!typed.backplane.empty()) {
    if (!typed.backplane.starts_with(packet) || typed.backplane.size() == packet.size()) {
      return refuse("--backplane", fmt::format("`{}` is not packet:INTERFACE", typed.backplane))
          .value();
    }
    if (!typed.listen.empty() || !typed.peers.empty()) {
      return refuse("--backplane", "stands in place of --listen and --peer").value();
    }
    options.interface = typed.backplane.substr(packet.size());
    return std::nullopt;
  }
  if (typed.listen.empty()) {
    return refuse("--listen", "is required, or --backplane packet:INTERFACE").value();
  }
  const auto listen = parse_host_port(typed.listen);
  if (!listen) {
    return refuse("--listen", fmt::format("`{}` is not HOST:PORT", typed.listen)).value();
  }
  options.listen = *listen;
  for (const std::string& text : typed.peers) {
    const auto peer = parse_host_port(text);
    if (!peer || peer->port == 0) {
      return refuse("--peer", fmt::format("`{}` is not HOST:PORT", text)).value();
    }
    options.peers.push_back(*peer);
  }
  return std::nullopt;
}

std::optional<OptionsEnd> take_address(const DaemonOptions& options) {
  if (options.address.empty()) return std::nullopt;
  boost::system::error_code error;
  boost::asio::ip::make_address(options.address, error);
  if (!error) return std::nullopt;
  return refuse("--address", fmt::format("`{}` is no IP address", options.address)).value();
}

std::optional<OptionsEnd> take_numbers(DaemonOptions& options, const Typed& typed) {
  if (options.timing.missed_limit < 1) return refuse("--limit", "must be 1 or more").value();
  if (options.priority && (*options.priority < 0 || *options.priority > 100)) {
    return refuse("--priority", "must be 0 to 100").value();
  }
  if (typed.seed.empty()) return std::nullopt;
  std::uint64_t seed = 0;
  const char* end = typed.seed.data() + typed.seed.size();
  if (std::from_chars(typed.seed.data(), end, seed).ptr != end) {
    return refuse("--seed", fmt::format("`{}` is not a number", typed.seed)).value();
  }
  options.seed = seed;
  return std::nullopt;
}

tl::expected<DaemonOptions, OptionsEnd> finish(DaemonOptions options, const Typed& typed) {
  options.product = find_product(options.profile);
  if (!options.product) {
    return refuse("--profile", fmt::format("no profile `{}` ({})", options.profile,
                                           fmt::join(product_names(), ", ")));
  }
  const auto slots = options.product->make_profile({}).slot_words;
  if (std::ranges::find(slots, typed.slot) == slots.end()) {
    return refuse("--slot", fmt::format("no slot `{}` in {} ({})", typed.slot, options.profile,
                                        fmt::join(slots, ", ")));
  }
  if (!options.defect.empty() && !find_defect(options.profile, options.defect)) {
    return refuse("--defect", fmt::format("no defect `{}` of {} (understudy qualify lists them)",
                                          options.defect, options.profile));
  }
  options.slot = typed.slot;
  options.state = typed.state;
  options.control = typed.control;
  for (const std::string& socket : typed.peer_controls) options.peer_controls.emplace_back(socket);
  if (auto wrong = take_addresses(options, typed)) return tl::unexpected(*wrong);
  if (auto wrong = take_consoles(options, typed)) return tl::unexpected(*wrong);
  if (auto wrong = take_login(options, typed.login)) return tl::unexpected(*wrong);
  if (auto wrong = take_address(options)) return tl::unexpected(*wrong);
  if (auto wrong = take_numbers(options, typed)) return tl::unexpected(*wrong);
  return options;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || !std::isfinite(number) || number < 0 || number > 1e9) return {};
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  const double nanoseconds = unit == "us"   ? 1e3
                             : unit == "ms" ? 1e6
                             : unit == "s"  ? 1e9
                             : unit == "m"  ? 60e9
                                            : 0;
  if (nanoseconds == 0) return {};
  return Duration(std::llround(number * nanoseconds));
}

std::optional<HostPort> parse_host_port(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  HostPort parsed{std::string(host), 0};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), parsed.port);
  if (error != std::errc{} || end != port.data() + port.size()) return {};
  return parsed;
}

tl::expected<DaemonOptions, OptionsEnd> parse_daemon_options(int argc, const char* const* argv) {
  CLI::App app("One management module of a chassis: the reference implementation as a process.",
               "understudy-node");
  app.footer(std::string(example));
  DaemonOptions options;
  Typed typed;
  declare(app, options, typed);
  std::vector<std::string> given(std::size(times));
  for (std::size_t i = 0; i < std::size(times); ++i) {
    app.add_option(times[i].name, given[i], fmt::format("{} (such as 100ms, 1s)", times[i].help));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return tl::unexpected(OptionsEnd{0, app.help()});
  } catch (const CLI::ParseError& error) {
    return tl::unexpected(
        OptionsEnd{3, fmt::format("understudy-node: {} (see --help)\n", error.what())});
  }
  for (std::size_t i = 0; i < std::size(times); ++i) {
    if (given[i].empty()) continue;
    const auto time = parse_duration(given[i]);
    if (!time || time->count() == 0) {
      return refuse(times[i].name, fmt::format("`{}` is not a time such as 100ms or 1s", given[i]));
    }
    options.timing.*times[i].field = *time;
  }
  return finish(std::move(options), typed);
}

}  // namespace understudy::reference

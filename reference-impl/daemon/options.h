// The options of understudy-node as a value. Used by its main only; no I/O but for --help.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "reference-impl/chassis/profile.h"
#include "reference-impl/cli/products.h"

namespace understudy::reference {

struct HostPort {
  std::string host;
  std::uint16_t port = 0;
};

struct DaemonOptions {
  std::string profile = "exos-11.3";  ///< of a product
  const Product* product = nullptr;   ///< the one of that name
  std::string slot;
  HostPort listen;
  std::string interface;  ///< the backplane is there, not at `listen` and `peers`
  std::vector<HostPort> peers;
  std::filesystem::path state;
  std::filesystem::path control;                     ///< empty: no control socket
  std::vector<std::filesystem::path> peer_controls;  ///< told when this module is put in or pulled
  bool uses_stdio = true;
  std::optional<HostPort> console;  ///< TCP
  std::string address;              ///< its own on the management network; empty: any
  ShellOptions shell{};
  Timing timing{};
  std::string defect;           ///< a deliberate one; empty: none
  std::optional<int> priority;  ///< in the factory's configuration
  std::optional<std::uint64_t> seed;
  std::optional<std::string> chassis;  ///< serial number; none: the profile's
  bool is_absent = false;              ///< starts outside of the chassis
};

/// Options, or what is to be printed and the exit status (--help: 0, a wrong option: 3).
struct OptionsEnd {
  int status = 3;
  std::string text;
};
tl::expected<DaemonOptions, OptionsEnd> parse_daemon_options(int argc, const char* const* argv);

/// "100ms", "1s", "2m", "1.5s"; nothing for anything else.
std::optional<Duration> parse_duration(std::string_view text);
/// "127.0.0.1:7000", "[::1]:7000", "localhost:0".
std::optional<HostPort> parse_host_port(std::string_view text);

}  // namespace understudy::reference

// understudy-node: one management module as a process. Options in, a Host with its ends out; then
// one loop until a signal or the end of standard input. `understudy-node control` is the client of
// the control socket.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/signal_set.hpp>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <utility>

#include "reference-impl/daemon/consoles.h"
#include "reference-impl/daemon/control.h"
#include "reference-impl/daemon/host.h"
#include "reference-impl/daemon/options.h"
#include "reference-impl/defects/defect.h"

namespace understudy::reference {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;

constexpr int cannot_start = 3;

int complain(const std::string& what, int status = cannot_start) {
  fmt::print(stderr, "understudy-node: {}\n", what);
  return status;
}

template <typename Protocol>
tl::expected<typename Protocol::endpoint, std::string> resolve(asio::io_context& io,
                                                               const HostPort& where) {
  boost::system::error_code error;
  const auto found = typename Protocol::resolver(io).resolve(
      where.host, std::to_string(where.port), Protocol::resolver::numeric_service, error);
  if (error || found.empty()) {
    return tl::unexpected(fmt::format("{}: {}", where.host, error.message()));
  }
  return found.begin()->endpoint();
}

// Priority of a module that has no configuration yet; the profile keeps views, so the text stays
// here.
struct FactoryPriority {
  std::string key, value;
};

std::shared_ptr<const Profile> make_profile(const DaemonOptions& options,
                                            FactoryPriority& priority) {
  auto profile = std::make_shared<Profile>(options.product->make_profile(options.timing));
  if (options.chassis) profile->chassis = *options.chassis;
  const Defect* defect = find_defect(options.profile, options.defect);
  if (defect && defect->replace) defect->replace(*profile);
  if (options.priority) {
    priority = {fmt::format("node/{}/priority", options.slot), std::to_string(*options.priority)};
    profile->factory.emplace_back(priority.key, priority.value);
  }
  return profile;
}

Slot slot_of(const DaemonOptions& options) {
  const auto words = options.product->make_profile({}).slot_words;
  return static_cast<Slot>(std::ranges::find(words, options.slot) - words.begin());
}

std::uint64_t seed_of(const DaemonOptions& options) {
  if (options.seed) return *options.seed;
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

/// When whatever started this process switched the power on, for all modules at once; a boot ago at
/// most.
Host::Clock::time_point power_on_instant(Duration boot) {
  const char* told = std::getenv("UNDERSTUDY_POWER_ON");  // ns of CLOCK_MONOTONIC
  const std::string_view text = told ? told : "";
  std::int64_t since = 0;
  const bool is_told =
      std::from_chars(text.data(), text.data() + text.size(), since).ec == std::errc{};
  const auto now = Host::Clock::now();
  const Host::Clock::time_point at{std::chrono::nanoseconds(since)};
  return is_told ? std::clamp(at, now - boot, now) : now;
}

/// A process: the host between its consoles and its control socket.
class Daemon {
 public:
  Daemon(asio::io_context& io, const DaemonOptions& options) : io_(io), options_(options) {}

  tl::expected<void, std::string> start();

 private:
  tl::expected<Backplane, std::string> open_backplane();
  tl::expected<void, std::string> open_console();
  tl::expected<void, std::string> open_control();
  void tell_presence(bool is_present);
  std::unique_ptr<Interposer> make_interposer() const;

  asio::io_context& io_;
  const DaemonOptions& options_;
  FactoryPriority priority_;
  std::unique_ptr<Consoles> consoles_;
  std::unique_ptr<Host> host_;
  std::unique_ptr<ControlServer> control_;
};

tl::expected<Backplane, std::string> Daemon::open_backplane() {
  if (!options_.interface.empty()) {
    auto backplane = Backplane::on_interface(options_.interface);
    if (!backplane) return tl::unexpected("--backplane: " + backplane.error());
    return backplane;
  }
  std::vector<Backplane::Address> peers;
  for (const HostPort& peer : options_.peers) {
    const auto where = resolve<udp>(io_, peer);
    if (!where) return tl::unexpected("--peer: " + where.error());
    const auto* begin = reinterpret_cast<const std::byte*>(where->data());
    peers.emplace_back(begin, begin + where->size());
  }
  const auto where = resolve<udp>(io_, options_.listen);
  if (!where) return tl::unexpected(where.error());
  udp::socket socket(io_);
  boost::system::error_code error;
  socket.open(where->protocol(), error);
  if (!error) socket.bind(*where, error);
  if (error) {
    return tl::unexpected(fmt::format("--listen {}:{}: {}", options_.listen.host,
                                      options_.listen.port, error.message()));
  }
  return Backplane(socket.release(), std::move(peers));
}

tl::expected<void, std::string> Daemon::open_console() {
  if (options_.uses_stdio) consoles_->use_stdio();
  if (!options_.console) return {};
  const auto where = resolve<tcp>(io_, *options_.console);
  if (!where) return tl::unexpected(where.error());
  tcp::acceptor acceptor(io_);
  boost::system::error_code error;
  acceptor.open(where->protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(*where, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return tl::unexpected(fmt::format("--console tcp:{}:{}: {}", options_.console->host,
                                      options_.console->port, error.message()));
  }
  consoles_->listen(std::move(acceptor));
  return {};
}

tl::expected<void, std::string> Daemon::open_control() {
  if (options_.control.empty()) return {};
  auto server = ControlServer::open(io_, options_.control, [this](const auto& words) {
    return carry_out_by_hand(*host_, words, [this](bool is_present) { tell_presence(is_present); });
  });
  if (!server) return tl::unexpected(server.error());
  control_ = std::move(*server);
  return {};
}

void Daemon::tell_presence(bool is_present) {
  if (!is_present) consoles_->hang_up_sessions();
  for (const auto& socket : options_.peer_controls) {
    tell_control(socket, {"peer", is_present ? "present" : "absent"});
  }
}

std::unique_ptr<Interposer> Daemon::make_interposer() const {
  const Defect* defect = find_defect(options_.profile, options_.defect);
  if (!defect || !defect->interpose) return nullptr;
  return defect->interpose(slot_of(options_));
}

tl::expected<void, std::string> Daemon::start() {
  const auto flash = FlashFolder::open(options_.state);
  if (!flash) return tl::unexpected("--state: " + flash.error());
  auto backplane = open_backplane();
  if (!backplane) return tl::unexpected(backplane.error());
  consoles_ = std::make_unique<Consoles>(
      io_, ConsoleEnds{[this](ConsoleId id, std::string_view bytes) { host_->feed(id, bytes); },
                       [this](ConsoleId id) {
                         if (id != 0) host_->close(id);
                       },
                       [this] { io_.stop(); }});
  Module module(make_profile(options_, priority_), slot_of(options_),
                options_.product->make_shell(options_.shell), make_interposer());
  host_ = std::make_unique<Host>(
      io_, std::move(module), *flash, std::move(*backplane), seed_of(options_),
      HostEnds{[this](ConsoleId id, std::string_view text) { consoles_->print(id, text); },
               [this](ConsoleId id) { consoles_->hang_up(id); },
               [](const std::string& what) { complain(what); }});
  if (!options_.address.empty())
    host_->use_address(asio::ip::make_address(options_.address));  // the options have checked it
  if (auto opened = open_control(); !opened) return opened;
  if (auto opened = open_console(); !opened) return opened;
  if (options_.is_absent) {
    tell_presence(false);
  } else {
    host_->power_on(power_on_instant(options_.timing.boot));
  }
  return {};
}

int run_daemon(int argc, char** argv) {
  const auto options = parse_daemon_options(argc, argv);
  if (!options) {
    fmt::print(options.error().status == 0 ? stdout : stderr, "{}", options.error().text);
    return options.error().status;
  }
  asio::io_context io(1);
  asio::signal_set ends(io, SIGTERM, SIGINT, SIGHUP);
  ends.async_wait([&io](const auto& error, int) {
    if (!error) io.stop();
  });
  Daemon daemon(io, *options);
  if (const auto started = daemon.start(); !started) return complain(started.error());
  io.run();
  return 0;
}

int run_control(const std::vector<std::string>& words) {
  const bool asks_help = words.size() == 1 && (words[0] == "--help" || words[0] == "-h");
  if (words.size() < 2) {
    fmt::print(asks_help ? stdout : stderr,
               "understudy-node control SOCKET WORD...: what hands do on a chassis\n"
               "  understudy-node control /tmp/a.sock press reset\n"
               "  understudy-node control /tmp/a.sock help\n");
    return asks_help ? 0 : cannot_start;
  }
  const auto answer = ask_control(words[0], {words.begin() + 1, words.end()});
  if (!answer) return complain(answer.error());
  if (answer->starts_with("error: ")) return complain(answer->substr(7), 1);
  if (*answer != "ok") fmt::print("{}\n", *answer);
  return 0;
}

}  // namespace
}  // namespace understudy::reference

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && words[0] == "control") {
    return understudy::reference::run_control({words.begin() + 1, words.end()});
  }
  return understudy::reference::run_daemon(argc, argv);
}

#include "reference-impl/daemon/control.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "reference-impl/chassis/query.h"

namespace understudy::reference {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Socket = asio::local::stream_protocol::socket;
using Words = std::vector<std::string>;

// The kernel's limit on the path of a socket.
bool fits(const std::filesystem::path& path) {
  return path.string().size() < 108;
}

std::string too_long(const std::filesystem::path& path) {
  return fmt::format("{}: longer than a socket's path may be", path.string());
}

asio::local::stream_protocol::endpoint endpoint_of(const std::filesystem::path& path) {
  return {path.string()};
}

constexpr std::size_t longest_request = 64u << 10;

std::optional<Words> parse_request(const std::string& line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_array()) return std::nullopt;
  Words words;
  for (const auto& word : json) {
    if (!word.is_string()) return std::nullopt;
    words.push_back(word.get<std::string>());
  }
  return words;
}

/// One request and its answer.
struct Exchange : std::enable_shared_from_this<Exchange> {
  Exchange(Socket socket, std::shared_ptr<ControlHandler> handler)
      : socket_(std::move(socket)), handler_(std::move(handler)) {}

  void start() {
    asio::async_read_until(socket_, asio::dynamic_buffer(line_, longest_request), '\n',
                           [self = shared_from_this()](const error_code& error, std::size_t) {
                             if (!error) self->answer();
                           });
  }

  void answer() {
    const auto words = parse_request(line_);
    line_ = (words ? (*handler_)(*words) : std::string("error: not a list of words")) + "\n";
    asio::async_write(socket_, asio::buffer(line_),
                      [self = shared_from_this()](const error_code&, std::size_t) {});
  }

  Socket socket_;
  std::shared_ptr<ControlHandler> handler_;
  std::string line_;
};

// ---------------------------------------------------------------- the hands' vocabulary

constexpr std::string_view vocabulary =
    "insert | remove | press reset|shutdown|chassis-reset|clear | break PART | repair PART | "
    "end PROCESS | start PROCESS | learn PROCESS KEY VALUE | fill PROCESS COUNT | "
    "forget PROCESS KEY | "
    "install PARTITION VERSION | damage FILE torn|corrupt|foreign, where PART is fan, "
    "power-supply, "
    "processor, "
    "temperature, latch, license, card, flash, slot-1, slot-2, device or diagnostics, and "
    "PARTITION is primary or "
    "secondary";

std::string give(Host& host, const Input& input) {
  host.give(input);
  return "ok";
}

std::string on_part(Host& host, const std::string& verb, const std::string& word) {
  if (word == "diagnostics") return give(host, DiagnosticFault{verb == "break"});
  for (const auto& [name, slot] : module_words(host.profile())) {
    if (word == name) return give(host, module_by_hand(host.profile(), slot, verb == "break"));
  }
  const auto part = part_named(word);
  if (!part) return fmt::format("error: no part `{}`", word);
  if (verb == "break") return give(host, PartFailed{*part});
  return give(host, PartRepaired{*part});
}

std::string fill(Host& host, std::uint8_t application, const std::string& count) {
  int number = 0;
  const char* end = count.data() + count.size();
  const auto parsed = std::from_chars(count.data(), end, number);
  if (parsed.ptr != end || number < 1 || number > 10'000) {
    return fmt::format("error: `{}` is no number from 1 to 10000", count);
  }
  for (int index = 1; index <= number; ++index) {
    host.give(learned_entry(host.profile(), application, index));
  }
  return "ok";
}

std::string on_process(Host& host, const Words& words) {
  const auto application = application_named(host.profile(), words[1]);
  if (!application) return fmt::format("error: no process `{}`", words[1]);
  if (words[0] == "end") return give(host, ProcessEnded{*application});
  if (words[0] == "start") return give(host, ProcessStarted{*application});
  if (words[0] == "forget") return give(host, EntryLearned{*application, words[2], std::nullopt});
  if (words[0] == "fill") return fill(host, *application, words[2]);
  return give(host, EntryLearned{*application, words[2], words[3]});
}

std::string on_flash(Host& host, const Words& words) {
  const auto damage = flash_damage_named(words[2]);
  if (!damage) return fmt::format("error: no damage `{}`", words[2]);
  const std::size_t files = host.damage(words[1], *damage);
  return files == 0 ? fmt::format("error: no file `{}` in flash", words[1]) : "ok";
}

std::string on_image(Host& host, const Words& words) {
  if (words[1] != "primary" && words[1] != "secondary") {
    return fmt::format("error: no partition `{}`", words[1]);
  }
  if (image_number(words[2]) == 0) {
    return fmt::format("error: `{}` is no version such as 11.3.1.4", words[2]);
  }
  const auto partition = words[1] == "primary" ? Partition::Primary : Partition::Secondary;
  return give(host, ImageInstalled{partition, words[2]});
}

std::string put_in(Host& host, const std::function<void(bool)>& presence) {
  if (host.is_powered()) return "error: the module is in the chassis";
  presence(true);
  host.power_on();
  return "ok";
}

std::string pull_out(Host& host, const std::function<void(bool)>& presence) {
  if (!host.is_powered()) return "error: the module is not in the chassis";
  presence(false);
  host.power_off();
  return "ok";
}

struct Hand {
  std::string_view verb;
  std::size_t words;  // with the verb
};
constexpr std::array hands{
    Hand{"insert", 1}, Hand{"remove", 1}, Hand{"press", 2},  Hand{"break", 2},  Hand{"repair", 2},
    Hand{"end", 2},    Hand{"start", 2},  Hand{"learn", 4},  Hand{"forget", 3}, Hand{"fill", 3},
    Hand{"damage", 3}, Hand{"peer", 2},   Hand{"install", 3}};

}  // namespace

std::string carry_out_by_hand(Host& host, const Words& words,
                              const std::function<void(bool)>& presence) {
  const std::string verb = words.empty() ? std::string() : words[0];
  if (verb == "help") return fmt::format("ok: {}", vocabulary);
  const auto hand = std::ranges::find(hands, verb, &Hand::verb);
  if (hand == hands.end() || hand->words != words.size()) {
    return fmt::format("error: expected {}", vocabulary);
  }
  if (verb == "insert") return put_in(host, presence);
  if (verb == "remove") return pull_out(host, presence);
  if (verb == "break" || verb == "repair") return on_part(host, verb, words[1]);
  if (verb == "damage") return on_flash(host, words);
  if (verb == "peer") return give(host, PeerPresence{words[1] == "present"});
  if (verb != "press" && !host.is_powered()) return "error: the module has no power";
  if (verb == "install") return on_image(host, words);
  if (verb != "press") return on_process(host, words);
  const auto button = button_named(words[1]);
  return button ? give(host, *button) : fmt::format("error: no button `{}`", words[1]);
}

// ---------------------------------------------------------------- server and client

tl::expected<std::unique_ptr<ControlServer>, std::string> ControlServer::open(
    asio::io_context& io, const std::filesystem::path& path, ControlHandler handler) {
  if (!fits(path)) return tl::unexpected(too_long(path));
  Socket probe(io);
  error_code error;
  probe.connect(endpoint_of(path), error);
  if (!error) return tl::unexpected(fmt::format("{} is in use", path.string()));
  std::error_code ignored;
  if (std::filesystem::is_socket(path, ignored)) std::filesystem::remove(path, ignored);
  std::unique_ptr<ControlServer> server(new ControlServer(io, path, std::move(handler)));
  auto& acceptor = server->acceptor_;
  acceptor.open(asio::local::stream_protocol(), error);
  if (!error) acceptor.bind(endpoint_of(path), error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return tl::unexpected(fmt::format("{}: {}", path.string(), error.message()));
  server->is_open_ = true;
  server->accept();
  return server;
}

ControlServer::ControlServer(asio::io_context& io, std::filesystem::path path,
                             ControlHandler handler)
    : acceptor_(io),
      path_(std::move(path)),
      handler_(std::make_shared<ControlHandler>(std::move(handler))) {}

ControlServer::~ControlServer() {
  std::error_code ignored;
  if (is_open_) std::filesystem::remove(path_, ignored);
}

void ControlServer::accept() {
  acceptor_.async_accept([this](const error_code& error, Socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) std::make_shared<Exchange>(std::move(socket), handler_)->start();
    accept();
  });
}

namespace {

/// A node that was just started needs a moment to open its socket; hands are patient that long.
bool connect_when_there(asio::io_context& io, Socket& socket, const std::filesystem::path& path,
                        error_code& error) {
  using namespace std::chrono_literals;
  const auto until = std::chrono::steady_clock::now() + 2s;
  for (;;) {
    socket.connect(endpoint_of(path), error);
    const bool may_come = error == asio::error::connection_refused ||
                          error == boost::system::errc::no_such_file_or_directory;
    if (!may_come || std::chrono::steady_clock::now() >= until) return !error;
    socket.close();
    asio::steady_timer(io, 5ms).wait();
  }
}

}  // namespace

void tell_control(const std::filesystem::path& path, const Words& words) {
  asio::io_context io;
  Socket socket(io);
  error_code error;
  if (!fits(path)) return;
  socket.connect(endpoint_of(path), error);
  if (!error) asio::write(socket, asio::buffer(nlohmann::json(words).dump() + "\n"), error);
}

tl::expected<std::string, std::string> ask_control(const std::filesystem::path& path,
                                                   const Words& words) {
  asio::io_context io;
  Socket socket(io);
  error_code error;
  if (!fits(path)) return tl::unexpected(too_long(path));
  if (!connect_when_there(io, socket, path, error)) {
    return tl::unexpected(fmt::format("{}: {}", path.string(), error.message()));
  }
  asio::write(socket, asio::buffer(nlohmann::json(words).dump() + "\n"), error);
  std::string answer;
  if (!error) asio::read_until(socket, asio::dynamic_buffer(answer), '\n', error);
  if (error) return tl::unexpected(fmt::format("{}: {}", path.string(), error.message()));
  answer.pop_back();
  return answer;
}

}  // namespace understudy::reference

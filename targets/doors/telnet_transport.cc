// A terminal server's port by telnet; with settings of its line, which must be agreed on first.
#include <fmt/format.h>
#include <poll.h>

#include "targets/doors/stream.h"
#include "targets/doors/telnet.h"
#include "targets/wire/relay.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr Duration longest_confirming = 1s;  // some servers set a line without a word

class TelnetTransport final : public Transport {
 public:
  explicit TelnetTransport(const DoorSettings& settings) : settings_(settings) {}

  tl::expected<void, DoorFailure> open(const Stop& stop) override {
    const Time until = monotonic_now() + settings_.connect_limit;
    auto connected = connect_to(settings_.host, settings_.port, stop, settings_.connect_limit,
                                3 * settings_.keepalive);
    if (!connected) return tl::unexpected(connected.error());
    socket_ = std::move(*connected);
    telnet_.emplace(settings_.serial);
    early_.clear();
    flush();
    if (auto agreed = agree(stop, until); !agreed) return agreed;
    sent_break_ = settings_.breaks && !was_open_;
    was_open_ = true;
    if (sent_break_) send_break(stop);
    return {};
  }
  void close() override {
    socket_.reset();
    telnet_.reset();
  }
  int descriptor() const override { return socket_.get(); }
  bool wants_room() const override { return telnet_ && telnet_->has_output(); }

  bool read(std::string& to) override {
    to += std::exchange(early_, {});
    std::string bytes;
    const bool is_up = read_from(socket_.get(), bytes, why_);
    telnet_->received(bytes, to);
    flush();
    if (telnet_->failure().empty()) return is_up;
    why_ = telnet_->failure();
    return false;
  }

  void write(std::string& from) override {
    telnet_->typed(from);
    from.clear();
    flush();
  }
  bool keep_alive() override {
    telnet_->keep_alive();
    flush();
    return true;
  }
  bool sent_break() const override { return sent_break_; }
  std::string why() override { return why_; }

 private:
  /// The line has the settings, as far as the server says: else what is read means nothing.
  tl::expected<void, DoorFailure> agree(const Stop& stop, Time until) {
    bool was_agreed = false;
    while (!telnet_->is_confirmed()) {
      if (telnet_->is_agreed() && !std::exchange(was_agreed, true))
        until = std::min(until, monotonic_now() + longest_confirming);
      const short events = wants_room() ? POLLIN | POLLOUT : POLLIN;
      if (!stop.wait(socket_.get(), events, until - monotonic_now())) break;
      flush();
      if (!read(early_)) return failed(why_, !telnet_->failure().empty());
    }
    if (telnet_->is_agreed()) return {};
    return failed(no_rfc2217, false);
  }

  tl::unexpected<DoorFailure> failed(const std::string& what, bool is_final) const {
    return tl::unexpected(DoorFailure{
        fmt::format("{}:{}: {}", settings_.host, settings_.port, what),
        "without `line` the port keeps the settings that it has", is_final && !was_open_});
  }

  void send_break(const Stop& stop) {
    telnet_->start_break();
    flush();
    if (settings_.serial) stop.wait(-1, 0, settings_.break_length);
    telnet_->end_break();
    flush();
  }

  void flush() { write_to(socket_.get(), telnet_->output()); }

  const DoorSettings settings_;
  Descriptor socket_;
  std::optional<Telnet> telnet_;
  std::string early_;  ///< what came while the settings were agreed on
  bool was_open_ = false;
  bool sent_break_ = false;
  std::string why_;
};

}  // namespace

std::unique_ptr<Transport> make_telnet_transport(const DoorSettings& settings) {
  return std::make_unique<TelnetTransport>(settings);
}

}  // namespace understudy::targets

// A serial line of this host. The line may vanish (an adapter that is pulled) and return: the door
// opens it again. A pty has neither parity nor modem lines and takes the words silently.
#include <fcntl.h>
#include <sys/ioctl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/serial_port.hpp>

#include "targets/doors/stream.h"

namespace understudy::targets {
namespace {

namespace asio = boost::asio;
using Base = asio::serial_port_base;

Base::parity parity_of(SerialWords::Parity parity) {
  switch (parity) {
    case SerialWords::Parity::None:
      return Base::parity(Base::parity::none);
    case SerialWords::Parity::Odd:
      return Base::parity(Base::parity::odd);
    case SerialWords::Parity::Even:
      return Base::parity(Base::parity::even);
  }
  return Base::parity();
}

Base::flow_control flow_of(SerialWords::Flow flow) {
  switch (flow) {
    case SerialWords::Flow::None:
      return Base::flow_control(Base::flow_control::none);
    case SerialWords::Flow::Software:
      return Base::flow_control(Base::flow_control::software);
    case SerialWords::Flow::Hardware:
      return Base::flow_control(Base::flow_control::hardware);
  }
  return Base::flow_control();
}

class SerialTransport final : public Transport {
 public:
  explicit SerialTransport(const DoorSettings& settings) : settings_(settings), port_(io_) {}

  tl::expected<void, DoorFailure> open(const Stop& stop) override {
    boost::system::error_code error;
    port_.open(settings_.device, error);
    const auto no_terminal = boost::system::errc::inappropriate_io_control_operation;
    if (error) return failed(error, hint_for(error.value()), error == no_terminal);
    if (ioctl(port_.native_handle(), TIOCEXCL) != 0)
      return failed({errno, boost::system::system_category()}, hint_for(errno), errno == ENOTTY);
    const SerialWords words = settings_.serial.value_or(SerialWords{});
    const auto set = [&](const auto& option) {
      if (!error) port_.set_option(option, error);
    };
    set(Base::baud_rate(words.speed));
    set(Base::character_size(words.bits));
    set(parity_of(words.parity));
    set(Base::stop_bits(words.stop_bits == 2 ? Base::stop_bits::two : Base::stop_bits::one));
    set(flow_of(words.flow));
    if (error) return failed(error, "the line cannot have these settings", true);
    fcntl(port_.native_handle(), F_SETFL, O_NONBLOCK);
    sent_break_ = settings_.breaks && !was_open_;
    was_open_ = true;
    if (!sent_break_) return {};
    ioctl(port_.native_handle(), TIOCSBRK);
    stop.wait(-1, 0, settings_.break_length);
    ioctl(port_.native_handle(), TIOCCBRK);
    return {};
  }
  void close() override {
    boost::system::error_code ignored;
    port_.close(ignored);
  }
  int descriptor() const override { return const_cast<asio::serial_port&>(port_).native_handle(); }
  bool wants_room() const override { return is_full_; }
  bool read(std::string& to) override {
    if (read_from(descriptor(), to, why_)) return true;
    why_ = settings_.device + " vanished: " + why_;
    return false;
  }
  void write(std::string& from) override {
    write_to(descriptor(), from);
    is_full_ = !from.empty();
  }
  bool sent_break() const override { return sent_break_; }
  std::string why() override { return why_; }

 private:
  /// What a line could be once it can be again.
  tl::unexpected<DoorFailure> failed(const boost::system::error_code& error, std::string hint,
                                     bool is_final) {
    return tl::unexpected(DoorFailure{settings_.device + ": " + error.message(), std::move(hint),
                                      is_final && !was_open_});
  }

  const DoorSettings settings_;
  asio::io_context io_;
  asio::serial_port port_;
  bool is_full_ = false;
  bool was_open_ = false;
  bool sent_break_ = false;
  std::string why_;
};

}  // namespace

std::unique_ptr<Transport> make_serial_transport(const DoorSettings& settings) {
  return std::make_unique<SerialTransport>(settings);
}

}  // namespace understudy::targets

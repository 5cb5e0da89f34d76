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

  tl::expected<void, DoorFailure> open(const Stop&) override {
    boost::system::error_code error;
    port_.open(settings_.device, error);
    if (error) return failed(error, {});
    if (ioctl(port_.native_handle(), TIOCEXCL) != 0)
      return failed({errno, boost::system::system_category()}, "it must be a terminal");
    const SerialWords words = settings_.serial.value_or(SerialWords{});
    const auto set = [&](const auto& option) {
      if (!error) port_.set_option(option, error);
    };
    set(Base::baud_rate(words.speed));
    set(Base::character_size(words.bits));
    set(parity_of(words.parity));
    set(Base::stop_bits(words.stop_bits == 2 ? Base::stop_bits::two : Base::stop_bits::one));
    set(flow_of(words.flow));
    if (error) return failed(error, "the line cannot have these settings");
    fcntl(port_.native_handle(), F_SETFL, O_NONBLOCK);
    if (settings_.breaks) port_.send_break(error);
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
  std::string why() const override { return why_; }

 private:
  tl::unexpected<DoorFailure> failed(const boost::system::error_code& error, std::string hint) {
    return tl::unexpected(
        DoorFailure{settings_.device + ": " + error.message(), std::move(hint), false});
  }

  const DoorSettings settings_;
  asio::io_context io_;
  asio::serial_port port_;
  bool is_full_ = false;
  std::string why_;
};

}  // namespace

std::unique_ptr<Transport> make_serial_transport(const DoorSettings& settings) {
  return std::make_unique<SerialTransport>(settings);
}

}  // namespace understudy::targets

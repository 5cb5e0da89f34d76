// A console as a raw TCP port: terminal servers call it "raw" or "reverse TCP".
#include "targets/doors/stream.h"

namespace understudy::targets {
namespace {

class TcpTransport final : public Transport {
 public:
  explicit TcpTransport(const DoorSettings& settings) : settings_(settings) {}

  tl::expected<void, DoorFailure> open(const Stop& stop) override {
    auto connected = connect_to(settings_.host, settings_.port, stop, settings_.connect_limit,
                                3 * settings_.keepalive);
    if (!connected) return tl::unexpected(connected.error());
    socket_ = std::move(*connected);
    return {};
  }
  void close() override { socket_.reset(); }
  int descriptor() const override { return socket_.get(); }
  bool wants_room() const override { return is_full_; }
  bool read(std::string& to) override { return read_from(socket_.get(), to, why_); }
  void write(std::string& from) override {
    write_to(socket_.get(), from);
    is_full_ = !from.empty();
  }
  std::string why() override { return why_; }

 private:
  const DoorSettings settings_;
  Descriptor socket_;
  bool is_full_ = false;
  std::string why_;
};

}  // namespace

std::unique_ptr<Transport> make_tcp_transport(const DoorSettings& settings) {
  return std::make_unique<TcpTransport>(settings);
}

}  // namespace understudy::targets

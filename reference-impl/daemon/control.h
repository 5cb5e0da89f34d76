// What hands do on a chassis, over a socket beside the command line: a request is one line, a JSON
// list of words; the answer is one line, "ok" or "error: ...". The server lives in the node
// process, the client is `understudy-node control SOCKET WORD...`.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "reference-impl/daemon/host.h"

namespace understudy::reference {

/// Carries out a request; gives the answer.
using ControlHandler = std::function<std::string(const std::vector<std::string>&)>;

class ControlServer {
 public:
  /// Takes the place of a dead process's socket, not of a live one's.
  static tl::expected<std::unique_ptr<ControlServer>, std::string> open(
      boost::asio::io_context& io, const std::filesystem::path& path, ControlHandler handler);
  ~ControlServer();

 private:
  ControlServer(boost::asio::io_context& io, std::filesystem::path path, ControlHandler handler);
  void accept();

  boost::asio::local::stream_protocol::acceptor acceptor_;
  std::filesystem::path path_;
  bool is_open_ = false;
  std::shared_ptr<ControlHandler> handler_;
};

/// Sends a request and waits for its answer; fails where nobody listens.
tl::expected<std::string, std::string> ask_control(const std::filesystem::path& path,
                                                   const std::vector<std::string>& words);

/// Sends a request and waits for nothing: the other end may be hung or gone.
void tell_control(const std::filesystem::path& path, const std::vector<std::string>& words);

/// The hands' vocabulary. `presence` tells the other modules that this one was put in or pulled.
std::string carry_out_by_hand(Host& host, const std::vector<std::string>& words,
                              const std::function<void(bool)>& presence);

}  // namespace understudy::reference

// The consoles of a node process: standard input and output, and connections over TCP. The serial
// line (console 0) is stdio where it is used, and else the oldest connection, as behind a terminal
// server; all others are sessions of their own, which the node hangs up when it restarts. A
// terminal on standard input is put into raw mode, so that the node echoes and edits. Text for a
// reader that does not read is kept up to a limit, then dropped: a node never waits for its
// console.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string_view>

#include "reference-impl/module.h"

namespace understudy::reference {

struct ConsoleEnds {
  std::function<void(ConsoleId, std::string_view)> feed;  ///< empty bytes: the console is new
  std::function<void(ConsoleId)> closed;
  std::function<void()> ended;  ///< standard input is at its end
};

class Consoles {
 public:
  Consoles(boost::asio::io_context& io, ConsoleEnds ends);
  ~Consoles();
  Consoles(const Consoles&) = delete;
  Consoles& operator=(const Consoles&) = delete;

  void use_stdio();
  void listen(boost::asio::ip::tcp::acceptor acceptor);

  void print(ConsoleId console, std::string_view text);
  void hang_up(ConsoleId console);
  void hang_up_sessions();

 private:
  struct Channel;
  struct StandardChannel;
  struct Connection;
  void accept();
  ConsoleId free_id() const;

  boost::asio::io_context& io_;
  ConsoleEnds ends_;
  std::unique_ptr<boost::asio::ip::tcp::acceptor> acceptor_;
  std::map<ConsoleId, std::shared_ptr<Channel>> channels_;
  bool uses_stdio_ = false;
};

}  // namespace understudy::reference

// How a console is reached that is not the node's own process: over SSH, a terminal server's port,
// a serial line, or any command. Plain values, read from a testbed; the words may hold placeholders
// until the bench fills them in. Secrets are in here: it is never written anywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/target.h"

namespace understudy::targets {

/// One SSH server, with what it takes to be let in.
struct SshHop {
  std::string user;
  std::string host;
  std::string port = "22";
  std::string key;            ///< path of a private key; empty: the agent's, then the user's own
  std::string known_hosts;    ///< path; empty: the user's own
  bool trusts_first = false;  ///< an unknown host key is believed once and kept
  bool uses_agent = true;
};

/// The words of a serial line, also told to a terminal server that speaks RFC 2217.
struct SerialWords {
  enum class Parity { None, Odd, Even };
  enum class Flow { None, Software, Hardware };
  unsigned speed = 9600;
  unsigned bits = 8;
  unsigned stop_bits = 1;
  Parity parity = Parity::None;
  Flow flow = Flow::None;
};

struct DoorSettings {
  enum class Kind { Command, Ssh, Tcp, Telnet, Serial };
  Kind kind = Kind::Tcp;
  std::string where;  ///< file:line, for messages

  std::vector<std::string> command;     ///< Command: the program; Ssh: run there, empty: a shell
  std::vector<SshHop> hops;             ///< Ssh: jump hosts first, the server itself last
  std::optional<std::string> password;  ///< Ssh: of the account on the last hop, or of its key
  Duration keepalive = std::chrono::seconds(15);
  std::string host;                   ///< Tcp, Telnet
  std::string port;                   ///< Tcp, Telnet
  std::string device;                 ///< Serial
  std::optional<SerialWords> serial;  ///< Serial; Telnet: asked of the server by RFC 2217
  bool breaks =
      false;  ///< a break wakes the console: sent when the line is open for the first time
  Duration break_length = std::chrono::milliseconds(250);
  Duration connect_limit = std::chrono::seconds(10);
};

std::string to_text(const DoorSettings& settings);  ///< "ssh admin@lab-7:22", without secrets

}  // namespace understudy::targets

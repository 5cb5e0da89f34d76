// Telnet as bytes in and bytes out, with no descriptor: negotiation by libtelnet (RFC 854, 1143),
// eight bits where the server agrees (RFC 856), and the settings of a terminal server's line (RFC
// 2217) where they are given. Used by the telnet transport and by the fuzz target.
#pragma once

#include <bitset>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "targets/doors/settings.h"

struct telnet_t;

namespace understudy::targets {

inline constexpr const char* no_rfc2217 = "the terminal server does not speak RFC 2217";

class Telnet {
 public:
  explicit Telnet(std::optional<SerialWords> line);
  ~Telnet();
  Telnet(const Telnet&) = delete;
  Telnet& operator=(const Telnet&) = delete;

  /// What the server sent; what it means for a reader is appended to `plain`.
  void received(std::string_view bytes, std::string& plain);
  /// What the user types.
  void typed(std::string_view plain);
  /// What is to be sent now.
  std::string& output() { return output_; }
  bool has_output() const { return !output_.empty(); }
  /// The server sets lines; true where no settings of one are given.
  bool is_agreed() const { return !line_ || is_agreed_; }
  /// It has said of each setting that it is the one that was given.
  bool is_confirmed() const { return !line_ || confirmed_.all(); }
  /// Without settings of a line a break has no length, and ends itself.
  void start_break();
  void end_break();
  /// Nothing in particular: shows that the session lives.
  void keep_alive();
  /// Why the session must end; empty while it may go on. What comes behind it is not read.
  const std::string& failure() const { return failure_; }

 private:
  struct Events;
  void ask_for_line();
  void hear_setting(std::string_view words);
  std::size_t end_of_refusal(std::string_view bytes);

  telnet_t* telnet_ = nullptr;
  std::optional<SerialWords> line_;
  bool is_agreed_ = false;
  std::bitset<5> confirmed_;  ///< speed, bits, parity, stop bits, flow control
  bool sends_binary_ = false;
  bool gets_binary_ = false;
  bool was_return_ = false;    ///< the last byte of text was a carriage return
  unsigned char command_ = 0;  ///< how far a refusal has come
  std::string output_;
  std::string* plain_ = nullptr;
  std::string failure_;
};

}  // namespace understudy::targets

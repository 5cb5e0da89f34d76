#include "targets/doors/telnet.h"

#include <fmt/format.h>
#include <libtelnet.h>

#include <algorithm>
#include <array>

namespace understudy::targets {
namespace {

constexpr unsigned char com_port = 44;

// RFC 2217, client to server.
enum class ComPort : unsigned char {
  SetSpeed = 1,
  SetBits = 2,
  SetParity = 3,
  SetStopBits = 4,
  SetControl = 5
};

constexpr unsigned char confirms = 100;  // added to a command in the server's answer
constexpr unsigned char break_on = 5;
constexpr unsigned char break_off = 6;

constexpr std::array<telnet_telopt_t, 5> options{{
    {TELNET_TELOPT_BINARY, TELNET_WILL, TELNET_DO},
    {TELNET_TELOPT_ECHO, TELNET_WONT, TELNET_DO},
    {TELNET_TELOPT_SGA, TELNET_WILL, TELNET_DO},
    {com_port, TELNET_WILL, TELNET_DONT},
    {-1, 0, 0},
}};

unsigned char parity_word(SerialWords::Parity parity) {
  switch (parity) {
    case SerialWords::Parity::None:
      return 1;
    case SerialWords::Parity::Odd:
      return 2;
    case SerialWords::Parity::Even:
      return 3;
  }
  return 1;
}

std::string_view name_of(SerialWords::Parity parity) {
  switch (parity) {
    case SerialWords::Parity::None:
      return "none";
    case SerialWords::Parity::Odd:
      return "odd";
    case SerialWords::Parity::Even:
      return "even";
  }
  return "";
}

std::string_view name_of(SerialWords::Flow flow) {
  switch (flow) {
    case SerialWords::Flow::None:
      return "none";
    case SerialWords::Flow::Software:
      return "software";
    case SerialWords::Flow::Hardware:
      return "hardware";
  }
  return "";
}

unsigned char flow_word(SerialWords::Flow flow) {
  switch (flow) {
    case SerialWords::Flow::None:
      return 1;
    case SerialWords::Flow::Software:
      return 2;
    case SerialWords::Flow::Hardware:
      return 3;
  }
  return 1;
}

void tell(telnet_t* telnet, ComPort word, std::string_view value) {
  std::string text(1, static_cast<char>(word));
  text += value;
  telnet_subnegotiation(telnet, com_port, text.data(), text.size());
}

void tell(telnet_t* telnet, ComPort word, unsigned char value) {
  tell(telnet, word, std::string_view(reinterpret_cast<const char*>(&value), 1));
}

}  // namespace

struct Telnet::Events {
  static void handle(telnet_t*, telnet_event_t* event, void* user) {
    auto& self = *static_cast<Telnet*>(user);
    if (!self.failure_.empty()) return;  // nothing counts any more
    switch (event->type) {
      case TELNET_EV_DATA:
        text(self, {event->data.buffer, event->data.size});
        return;
      case TELNET_EV_SEND:
        self.output_.append(event->data.buffer, event->data.size);
        return;
      case TELNET_EV_DO:
        if (event->neg.telopt == TELNET_TELOPT_BINARY) self.sends_binary_ = true;
        if (event->neg.telopt == com_port) self.ask_for_line();
        return;
      case TELNET_EV_SUBNEGOTIATION:
        if (event->sub.telopt == com_port) self.hear_setting({event->sub.buffer, event->sub.size});
        return;
      case TELNET_EV_DONT:
        if (event->neg.telopt == TELNET_TELOPT_BINARY) self.sends_binary_ = false;
        return;
      case TELNET_EV_WILL:
        if (event->neg.telopt == TELNET_TELOPT_BINARY) self.gets_binary_ = true;
        return;
      case TELNET_EV_WONT:
        if (event->neg.telopt == TELNET_TELOPT_BINARY) self.gets_binary_ = false;
        return;
      case TELNET_EV_ERROR:
        self.failure_ = fmt::format("telnet: {}", event->error.msg);
        return;
      default:  // libtelnet has events for programs of other kinds
        return;
    }
  }

  // RFC 854: a carriage return alone comes as CR NUL.
  static void text(Telnet& self, std::string_view bytes) {
    if (self.plain_ == nullptr) return;
    for (const char byte : bytes) {
      const bool is_padding = byte == '\0' && self.was_return_ && !self.gets_binary_;
      self.was_return_ = byte == '\r';
      if (!is_padding) *self.plain_ += byte;
    }
  }
};

Telnet::Telnet(std::optional<SerialWords> line) : line_(line) {
  telnet_ = telnet_init(options.data(), &Events::handle, 0, this);
  telnet_negotiate(telnet_, TELNET_WILL, TELNET_TELOPT_BINARY);
  telnet_negotiate(telnet_, TELNET_DO, TELNET_TELOPT_BINARY);
  telnet_negotiate(telnet_, TELNET_DO, TELNET_TELOPT_SGA);
  if (line_) telnet_negotiate(telnet_, TELNET_WILL, com_port);
}

Telnet::~Telnet() {
  telnet_free(telnet_);
}

void Telnet::ask_for_line() {
  if (!line_) return;
  is_agreed_ = true;
  const unsigned speed = line_->speed;
  const std::array<char, 4> bytes{static_cast<char>(speed >> 24), static_cast<char>(speed >> 16),
                                  static_cast<char>(speed >> 8), static_cast<char>(speed)};
  tell(telnet_, ComPort::SetSpeed, {bytes.data(), bytes.size()});
  tell(telnet_, ComPort::SetBits, static_cast<unsigned char>(line_->bits));
  tell(telnet_, ComPort::SetParity, parity_word(line_->parity));
  tell(telnet_, ComPort::SetStopBits, static_cast<unsigned char>(line_->stop_bits));
  tell(telnet_, ComPort::SetControl, flow_word(line_->flow));
}

/// What the server's line has now, which may be another thing than it was told.
void Telnet::hear_setting(std::string_view words) {
  if (!line_ || words.size() < 2) return;
  const int command = static_cast<unsigned char>(words.front()) - confirms;
  const bool is_speed = command == static_cast<int>(ComPort::SetSpeed);
  if (command < 1 || command > 5 || words.size() != (is_speed ? 5 : 2)) return;
  unsigned value = 0;
  for (const char byte : words.substr(1)) value = value << 8 | static_cast<unsigned char>(byte);
  std::string_view what;
  std::string wanted;
  bool is_wanted = true;
  const auto compare = [&](std::string_view name, unsigned number, const auto& text) {
    what = name;
    wanted = fmt::format("{}", text);
    is_wanted = value == number;
  };
  switch (static_cast<ComPort>(command)) {
    case ComPort::SetSpeed:
      compare("speed", line_->speed, line_->speed);
      break;
    case ComPort::SetBits:
      compare("bits", line_->bits, line_->bits);
      break;
    case ComPort::SetParity:
      compare("parity", parity_word(line_->parity), name_of(line_->parity));
      break;
    case ComPort::SetStopBits:
      compare("stop-bits", line_->stop_bits, line_->stop_bits);
      break;
    case ComPort::SetControl:
      if (value < 1 || value > 3) return;  // of a break, or of modem lines
      compare("flow", flow_word(line_->flow), name_of(line_->flow));
      break;
  }
  confirmed_.set(static_cast<std::size_t>(command - 1));
  if (!is_wanted)
    failure_ = fmt::format("the terminal server's line did not take {} {}", what, wanted);
}

void Telnet::start_break() {
  if (!line_) return telnet_iac(telnet_, TELNET_BREAK);
  tell(telnet_, ComPort::SetControl, break_on);
}

void Telnet::end_break() {
  if (line_) tell(telnet_, ComPort::SetControl, break_off);
}

/// libtelnet says nothing of an offer that is refused. IAC comes doubled wherever it is no command.
/// Where the refusal ends; npos where there is none.
std::size_t Telnet::end_of_refusal(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const auto byte = static_cast<unsigned char>(bytes[at]);
    if (line_ && command_ == TELNET_DONT && byte == com_port) return at + 1;
    const bool goes_on =
        command_ == 0 ? byte == TELNET_IAC : command_ == TELNET_IAC && byte == TELNET_DONT;
    command_ = goes_on ? byte : 0;
  }
  return bytes.npos;
}

void Telnet::received(std::string_view bytes, std::string& plain) {
  if (!failure_.empty()) return;
  const std::size_t end = end_of_refusal(bytes);
  plain_ = &plain;
  telnet_recv(telnet_, bytes.data(), std::min(end, bytes.size()));
  plain_ = nullptr;
  const bool is_refused = end != bytes.npos;
  if (is_refused && failure_.empty()) failure_ = no_rfc2217;
}

void Telnet::typed(std::string_view plain) {
  if (sends_binary_) return telnet_send(telnet_, plain.data(), plain.size());
  std::string text;
  for (const char byte : plain) {
    text += byte;
    if (byte == '\r') text += '\0';
  }
  telnet_send(telnet_, text.data(), text.size());
}

void Telnet::keep_alive() {
  telnet_iac(telnet_, TELNET_NOP);
}

}  // namespace understudy::targets

// A terminal server's telnet under any bytes. The same bytes one by one mean the same text and get
// the same answers; no byte makes more text than itself; what was typed is what a telnet at the
// other end reads.
//
// Input: a byte that says whether line settings and a break are asked for, then what the server
// sends. The byte F5, and the byte after it, type that many of the bytes behind them.
#include "targets/doors/telnet.h"

#include <cstdlib>

namespace understudy::targets {
namespace {

constexpr char types = '\xf5';         // TELNET_AO: nothing that a terminal server sends
constexpr std::size_t most_sent = 64;  // for a byte that was received: settings of a line, a break

void demand(bool holds) {
  if (!holds) std::abort();
}

struct Heard {
  std::string plain;
  std::string sent;
  std::string failure;
  bool is_agreed = false;
  bool is_confirmed = false;

  friend bool operator==(const Heard&, const Heard&) = default;
};

class End {
 public:
  explicit End(unsigned char settings)
      : telnet_((settings & 1) != 0 ? std::optional(SerialWords{}) : std::nullopt) {
    if ((settings & 2) != 0) telnet_.start_break();
    take();
  }

  void receives(std::string_view bytes) {
    telnet_.received(bytes, heard_.plain);
    take();
  }
  std::string types(std::string_view text) {
    take();
    telnet_.typed(text);
    std::string sent = std::exchange(telnet_.output(), {});
    heard_.sent += sent;
    return sent;
  }
  Heard heard() {
    heard_.failure = telnet_.failure();
    heard_.is_agreed = telnet_.is_agreed();
    heard_.is_confirmed = telnet_.is_confirmed();
    return heard_;
  }

 private:
  void take() { heard_.sent += std::exchange(telnet_.output(), {}); }

  Telnet telnet_;
  Heard heard_;
};

void is_read_as_typed(std::string_view typed, std::string_view sent) {
  Telnet other({});
  std::string plain;
  other.received(sent, plain);
  demand(plain == typed);
}

void play(std::string_view input, End& end, bool is_in_pieces, bool may_be_binary) {
  while (!input.empty()) {
    const std::string_view bytes = input.substr(0, input.find(types));
    if (is_in_pieces) {
      for (std::size_t at = 0; at < bytes.size(); ++at) end.receives(bytes.substr(at, 1));
    } else if (!bytes.empty()) {
      end.receives(bytes);
    }
    input.remove_prefix(bytes.size());
    if (input.size() < 2) return;
    const auto length = static_cast<std::size_t>(static_cast<unsigned char>(input[1]));
    const std::string_view text = input.substr(2, length);
    const std::string sent = end.types(text);
    if (!may_be_binary && end.heard().failure.empty()) is_read_as_typed(text, sent);
    input.remove_prefix(2 + text.size());
  }
}

}  // namespace
}  // namespace understudy::targets

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace understudy::targets;
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool may_be_binary = input.find('\xfd') != input.npos;  // DO: eight bits may be agreed on
  End whole(data[0]);
  End pieces(data[0]);
  const std::size_t asked_for = whole.heard().sent.size();
  play(input, whole, false, may_be_binary);
  play(input, pieces, true, may_be_binary);
  const Heard heard = whole.heard();
  demand(heard == pieces.heard());
  demand(heard.plain.size() <= input.size());
  demand(heard.sent.size() <= asked_for + most_sent * input.size());
  demand(heard.failure.find('\n') == std::string::npos);
  return 0;
}

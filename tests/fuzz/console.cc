// The console engine under any bytes, times and requests. The same bytes in pieces tell the same
// story; every request ends within its limit; answers hold neither carriage return nor escape.
//
// Input: what the device prints. The byte FE and the byte after it are something else that happens:
// time, a request, the end of the session.
#include <cstdlib>

#include "harness/error.h"
#include "tests/unit/console_switch.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr char happens = '\xfe';

void prints_whole(Wire& wire, std::string_view text) {
  wire.prints(text);
}

/// In pieces of five bytes or more: what comes in smaller ones is a slow device, which is waited
/// for.
void prints_pieces(Wire& wire, std::string_view text) {
  for (; text.size() >= 12; text.remove_prefix(7)) wire.prints_on(text.substr(0, 7));
  wire.prints(text);
}

void happen(Wire& wire, unsigned char what) {
  switch (what % 10) {
    case 0:
      wire.passes(1ms);
      return;
    case 1:
      wire.passes(25ms);
      return;
    case 2:
      wire.passes(300ms);
      return;
    case 3:
      wire.passes(5s);
      return;
    case 4:
      wire.asks("show x", 10s);
      return;
    case 5:
      wire.submits({.id = 2,
                    .rank = Request::Rank::Act,
                    .line = "save",
                    .replies = {{"save-changes", "n\r"}, {"sure", "y\r"}},
                    .limit = 10s});
      return;
    case 6:
      wire.submits({.id = 3, .line = "show log", .limit = 10s, .keeps_noise = true});
      return;
    case 7:
      wire.closes();
      return;
    case 8:
      wire.opens();
      return;
    case 9:
      wire.prints({});
      return;
  }
}

void play(Wire& wire, std::string_view script, void (*prints)(Wire&, std::string_view)) {
  while (!script.empty()) {
    const std::size_t end = script.find(happens);
    prints(wire, script.substr(0, end));
    if (end == std::string_view::npos || end + 1 == script.size()) break;
    happen(wire, static_cast<unsigned char>(script[end + 1]));
    script.remove_prefix(end + 2);
  }
  wire.passes(60s);
}

void check(std::string_view script) {
  Wire whole(test_words(), {.user = "admin", .password = "secret"}, 4096);
  Wire pieces(test_words(), {.user = "admin", .password = "secret"}, 4096);
  for (Wire* wire : {&whole, &pieces}) wire->session().boot_takes(30s);
  play(whole, script, prints_whole);
  play(pieces, script, prints_pieces);
  ensure(whole.story() == pieces.story(), "cutting the bytes changes nothing");
  ensure(whole.session().waiting() == 0, "every request ends within its limit");
  for (const Answer& answer : whole.answers()) {
    ensure(answer.text.find_first_of("\r\x1b") == std::string::npos, "an answer is plain text");
    ensure(answer.text.size() <= 4096 && answer.first_byte <= answer.last_byte,
           "an answer is a bounded part of what came");
  }
}

}  // namespace
}  // namespace understudy::targets

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Letter by letter costs the square of an unfinished line; long lines are the torture test's.
  if (size > 4096) return -1;
  understudy::targets::check({reinterpret_cast<const char*>(data), size});
  return 0;
}

#include "targets/keeper/operator.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <mutex>

#include "targets/keeper/channel.h"
#include "targets/wire/relay.h"

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr Duration patience = 10min;

}  // namespace

Result<void> ask_operator(const std::string& order, const std::function<void()>& meanwhile) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  const Descriptor terminal(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NONBLOCK));
  if (!terminal) return fail("", "there is no terminal to show an instruction on");
  tcflush(terminal.get(), TCIFLUSH);  // what was typed before is no answer
  const std::string text = fmt::format("\n>>> {}, then press Enter\n", order);
  (void)!write(terminal.get(), text.data(), text.size());
  const Time limit = monotonic_now() + patience;
  while (monotonic_now() < limit) {
    char byte = 0;
    const auto count = read(terminal.get(), &byte, 1);
    if (count == 1 && byte == '\n') return {};
    if (count == 0) return fail("", "the terminal is gone");
    if (count < 0) meanwhile();
  }
  return fail("", fmt::format("nobody did it within {} minutes: {}", patience / 1min, order));
}

}  // namespace understudy::targets

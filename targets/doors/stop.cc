#include "targets/doors/stop.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>

namespace understudy::targets {

Stop::Stop() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  ensure(static_cast<bool>(event_), "an event descriptor can be made");
}

void Stop::order() {
  const std::uint64_t one = 1;
  (void)!::write(event_.get(), &one, sizeof one);
}

bool Stop::is_ordered() const {
  pollfd polled{event_.get(), POLLIN, 0};
  return poll(&polled, 1, 0) > 0;
}

bool Stop::wait(int fd, short events, Duration limit) const {
  std::array<pollfd, 2> polled{{{fd, events, 0}, {event_.get(), POLLIN, 0}}};
  const auto nanoseconds = std::max<std::int64_t>(limit.count(), 0);
  const timespec time{nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
  return ppoll(polled.data(), polled.size(), &time, nullptr) > 0 && polled[0].revents != 0;
}

}  // namespace understudy::targets

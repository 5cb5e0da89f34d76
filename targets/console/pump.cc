#include "targets/console/pump.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace understudy::targets {

namespace {

// A pty hands out at most 4095 bytes a read; a shorter chunk was all that was there.
constexpr ssize_t short_read = 4095;

}  // namespace

Pump::Pump() : set_(epoll_create1(EPOLL_CLOEXEC)), buffer_(new char[buffer_bytes]) {
  ensure(set_ >= 0, "an epoll set can be made");
}

Pump::~Pump() {
  close(set_);
}

Pump::Id Pump::add(int descriptor) {
  const int flags = fcntl(descriptor, F_GETFL);
  fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
  const Id id = lines_.size();
  lines_.push_back({.descriptor = descriptor, .unsent = {}});
  epoll_event event{.events = EPOLLIN, .data = {.u64 = id}};
  epoll_ctl(set_, EPOLL_CTL_ADD, descriptor, &event);
  return id;
}

void Pump::remove(Id id) {
  Line& line = lines_[id];
  if (line.descriptor < 0) return;
  epoll_ctl(set_, EPOLL_CTL_DEL, line.descriptor, nullptr);
  line.descriptor = -1;
  line.unsent.clear();
}

void Pump::watch(Id id, bool wants_room) {
  epoll_event event{.events = EPOLLIN, .data = {.u64 = id}};
  if (wants_room) event.events |= EPOLLOUT;
  epoll_ctl(set_, EPOLL_CTL_MOD, lines_[id].descriptor, &event);
}

void Pump::send(Id id, std::string_view bytes) {
  Line& line = lines_[id];
  if (line.descriptor < 0) return;
  const bool was_waiting = !line.unsent.empty();
  while (!was_waiting && !bytes.empty()) {
    const ssize_t count = write(line.descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  if (bytes.empty()) return;
  line.unsent.append(bytes);
  if (!was_waiting) watch(id, true);
}

void Pump::write_unsent(Id id) {
  Line& line = lines_[id];
  const ssize_t count = write(line.descriptor, line.unsent.data(), line.unsent.size());
  if (count > 0) line.unsent.erase(0, static_cast<std::size_t>(count));
  const bool is_broken = count < 0 && errno != EAGAIN && errno != EINTR;
  if (is_broken) line.unsent.clear();  // reading will tell that it ended
  if (line.unsent.empty()) watch(id, false);
}

void Pump::read_from(Id id, Sink& sink) {
  for (int reads = 0; reads < most_reads; ++reads) {
    const ssize_t count = read(lines_[id].descriptor, buffer_.get(), buffer_bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return sink.quiet(id);
    if (count <= 0) {
      remove(id);
      return sink.ended(id);
    }
    sink.bytes(id, {buffer_.get(), static_cast<std::size_t>(count)});
    if (lines_[id].descriptor < 0) return;
    if (count < short_read) return sink.quiet(id);
  }
}

bool Pump::wait(Duration limit, Sink& sink) {
  std::array<epoll_event, 64> events;
  const auto nanoseconds = limit.count();
  const timespec time{.tv_sec = nanoseconds / 1'000'000'000,
                      .tv_nsec = nanoseconds % 1'000'000'000};
  const int count = epoll_pwait2(set_, events.data(), static_cast<int>(events.size()),
                                 nanoseconds < 0 ? nullptr : &time, nullptr);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    const Id id = event.data.u64;
    if (lines_[id].descriptor < 0) continue;
    if ((event.events & EPOLLOUT) != 0) write_unsent(id);
    if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) read_from(id, sink);
  }
  return count > 0;
}

}  // namespace understudy::targets

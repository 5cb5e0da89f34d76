#include "targets/keeper/outbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

namespace understudy::targets {
namespace {

constexpr std::size_t most_letters = 200'000;

}  // namespace

Outbox::Outbox(int channel) : channel_(channel), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Sending Outbox::send(const Letter& letter) const {
  std::vector<int> descriptors;
  for (const Descriptor& each : letter.descriptors) descriptors.push_back(each.get());
  return send_message(channel_, letter.body, descriptors, false);
}

void Outbox::tell(const Json& event, std::vector<Descriptor> descriptors) {
  Letter letter{event.dump(-1, ' ', false, Json::error_handler_t::replace), std::move(descriptors)};
  const std::lock_guard lock(mutex_);
  if (waiting_.empty() && send(letter) != Sending::Full) return;
  if (waiting_.size() >= most_letters && event.value("event", "") == "fact") {
    has_lost_ = true;
    return;
  }
  waiting_.push_back(std::move(letter));
  const std::uint64_t one = 1;
  (void)!write(wake_.get(), &one, sizeof one);  // refused only if it is awake already
}

void Outbox::flush_locked() {
  while (!waiting_.empty() && send(waiting_.front()) != Sending::Full) waiting_.pop_front();
  if (!waiting_.empty() || !std::exchange(has_lost_, false)) return;
  const Json lost{{"event", "broken"}, {"text", "the harness did not read: facts were lost"}};
  waiting_.push_back({lost.dump(), {}});
}

void Outbox::flush() {
  const std::lock_guard lock(mutex_);
  flush_locked();
}

bool Outbox::is_waiting() const {
  const std::lock_guard lock(mutex_);
  return !waiting_.empty();
}

void Outbox::clear_wake() {
  std::uint64_t wakes = 0;
  (void)!read(wake_.get(), &wakes, sizeof wakes);
}

}  // namespace understudy::targets

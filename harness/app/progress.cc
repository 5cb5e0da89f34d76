#include "harness/app/progress.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "harness/app/show.h"

namespace understudy::app {

bool shows_colour() {
  return isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
}

Progress::Progress(const std::vector<Plan>& plans, bool is_quiet)
    : plans_(plans), is_quiet_(is_quiet), is_terminal_(isatty(STDOUT_FILENO) != 0) {}

Progress::~Progress() {
  clear_status();
}

void Progress::clear_status() {
  if (is_terminal_ && !is_quiet_) std::fputs("\r\033[K", stdout);
}

void Progress::draw_status() {
  if (!is_terminal_ || is_quiet_ || running_.empty()) return;
  std::string names;
  for (const std::size_t plan : running_) names += (names.empty() ? "" : ", ") + plans_[plan].id;
  const std::string line = fmt::format("[{}/{}] {}", done_, plans_.size(), names);
  std::fputs(line.substr(0, 100).c_str(), stdout);
  std::fflush(stdout);
}

void Progress::operator()(const ProgressEvent& event) {
  if (is_quiet_) return;
  clear_status();
  switch (event.kind) {
    case ProgressEvent::Kind::Started:
      running_.insert(event.plan);
      break;
    case ProgressEvent::Kind::Finished:
      running_.erase(event.plan);
      done_ = event.done;
      std::printf("%s\n", case_line(plans_[event.plan], event.verdicts, shows_colour()).c_str());
      break;
    case ProgressEvent::Kind::JobsChanged:
      if (!std::exchange(has_told_jobs_, true)) {
        std::printf("%s; the number follows the machine from here on\n", event.words.c_str());
      }
      break;
    case ProgressEvent::Kind::Stopped:
      std::printf("%s\n", event.words.c_str());
      break;
  }
  std::fflush(stdout);
  draw_status();
}

}  // namespace understudy::app

// The least that reading a console can cost, for the rows P1 to P4: forkpty, big reads, and a look
// at the last bytes for the prompt or the pager. Takes the words of console_bench and prints the
// same keys:
//   console_floor bulk KB REPS | bulkpaged KB REPS | rtt COUNT | many SESSIONS KB REPS
#include <pty.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view prompt = "X440G2-48t.1 # ";
constexpr std::string_view pager = "to quit:";
constexpr std::size_t read_size = 65536;

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

[[noreturn]] void die(const char* why) {
  std::fprintf(stderr, "console_floor: %s\n", why);
  std::exit(3);
}

int start_device() {
  const char* program = std::getenv("DEVSIM");
  if (program == nullptr) die("DEVSIM names no program");
  int descriptor = -1;
  const pid_t child = forkpty(&descriptor, nullptr, nullptr, nullptr);
  if (child < 0) die("no pty");
  if (child == 0) {
    execl(program, "device", nullptr);
    _exit(127);
  }
  return descriptor;
}

void say(int descriptor, std::string_view text) {
  if (write(descriptor, text.data(), text.size()) < 0) die("the device does not listen");
}

/// One answer, kept whole, up to the prompt.
class Reader {
 public:
  explicit Reader(int descriptor) : descriptor_(descriptor) {
    answer_.resize(std::size_t{64} << 20);
  }

  std::size_t ask(std::string_view line) {
    say(descriptor_, line);
    return until_prompt();
  }

  std::size_t until_prompt() {
    std::size_t length = 0;
    for (;;) {
      if (length + read_size > answer_.size()) die("the answer is too long");
      const ssize_t got = read(descriptor_, answer_.data() + length, read_size);
      if (got <= 0) die("the device ended");
      length += static_cast<std::size_t>(got);
      const std::string_view tail(answer_.data() + (length > 64 ? length - 64 : 0),
                                  std::min<std::size_t>(length, 64));
      if (memmem(tail.data(), tail.size(), prompt.data(), prompt.size()) != nullptr &&
          tail.ends_with(prompt)) {
        return length;
      }
      if (tail.ends_with(pager)) say(descriptor_, " ");
    }
  }

 private:
  int descriptor_;
  std::vector<char> answer_;
};

void bulk(const char* mode, int kb, int reps) {
  Reader reader(start_device());
  reader.until_prompt();
  if (std::string_view(mode) == "bulk") reader.ask("disable clipaging\r");
  const std::string line = "show bulk " + std::to_string(kb) + "\r";
  const auto begin = Clock::now();
  std::size_t bytes = 0;
  for (int i = 0; i < reps; ++i) bytes += reader.ask(line);
  const double took = seconds_since(begin);
  std::printf("floor %s kb=%d bytes=%zu s=%.4f MB/s=%.1f\n", mode, kb, bytes, took,
              static_cast<double>(bytes) / took / 1e6);
}

void round_trips(int count) {
  Reader reader(start_device());
  reader.until_prompt();
  std::vector<double> took;
  for (int i = 0; i < count; ++i) {
    const auto begin = Clock::now();
    reader.ask("show line\r");
    took.push_back(seconds_since(begin) * 1e6);
  }
  std::sort(took.begin(), took.end());
  std::printf("floor rtt n=%d p50_us=%.1f p99_us=%.1f\n", count, took[took.size() / 2],
              took[took.size() * 99 / 100]);
}

struct Session {
  int descriptor = -1;
  int asked = 0;
  std::string tail;  // the last bytes, for a prompt that came in two pieces
};

void many(int count, int kb, int reps) {
  const int poller = epoll_create1(0);
  std::vector<Session> sessions(static_cast<std::size_t>(count));
  std::vector<char> buffer(read_size);
  const std::string line = "show bulk " + std::to_string(kb) + "\r";
  const auto begin = Clock::now();
  for (Session& session : sessions) {
    session.descriptor = start_device();
    epoll_event event{.events = EPOLLIN, .data = {.ptr = &session}};
    epoll_ctl(poller, EPOLL_CTL_ADD, session.descriptor, &event);
  }
  std::size_t bytes = 0;
  for (int left = count; left > 0;) {
    epoll_event events[64];
    const int ready = epoll_wait(poller, events, 64, 10'000);
    if (ready <= 0) die("the devices are silent");
    for (int i = 0; i < ready; ++i) {
      Session& session = *static_cast<Session*>(events[i].data.ptr);
      const ssize_t got = read(session.descriptor, buffer.data(), buffer.size());
      if (got <= 0) die("a device ended");
      bytes += static_cast<std::size_t>(got);
      session.tail.append(buffer.data(), static_cast<std::size_t>(got));
      if (session.tail.size() > prompt.size()) {
        session.tail.erase(0, session.tail.size() - prompt.size());
      }
      if (session.tail != prompt) continue;
      if (session.asked == reps + 1) {
        epoll_ctl(poller, EPOLL_CTL_DEL, session.descriptor, nullptr);
        --left;
      } else {
        say(session.descriptor, session.asked++ == 0 ? "disable clipaging\r" : line);
      }
    }
  }
  const double took = seconds_since(begin);
  std::printf("floor many n=%d kb=%d bytes=%zu s=%.4f MB/s=%.1f\n", count, kb, bytes, took,
              static_cast<double>(bytes) / took / 1e6);
}

}  // namespace

int main(int count, char** arguments) {
  const auto number = [&](int i, int absent) {
    return i < count ? std::atoi(arguments[i]) : absent;
  };
  const std::string_view mode = count > 1 ? arguments[1] : "";
  if (mode == "bulk" || mode == "bulkpaged") {
    bulk(arguments[1], number(2, 256), number(3, 4));
  } else if (mode == "rtt") {
    round_trips(number(2, 2000));
  } else if (mode == "many") {
    many(number(2, 100), number(3, 64), number(4, 10));
  } else {
    std::fputs("console_floor bulk|bulkpaged|rtt|many ...\n", stderr);
    return 2;
  }
  return 0;
}

// P10, in the lab `namespaces`: what stands between the two namespaces adds to frames that the
// first one sends, each with its send time, and the second one gets with the kernel's stamp. First
// 2,000 frames in 2 s, for their delay; then as many as go in 1 s. Arguments: COMMAND... that
// forwards until it is killed, or nothing for what the kernel does. Prints one line of key=value.
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr std::uint16_t ether_type = 0x88b5;
constexpr std::int64_t second = 1'000'000'000;
constexpr std::size_t most_frames = 4'000'000;

/// A heartbeat as far as frames data can tell, under its length.
struct Beat {
  std::array<std::uint8_t, 2> length{0, 58};
  std::array<std::uint8_t, 10> head{'U', 'S', 1, 1, 0, 4};
  std::int64_t sent = 0;
  std::array<std::uint8_t, 40> rest{};
};

std::int64_t now() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return time.tv_sec * second + time.tv_nsec;
}

/// A packet socket cannot be connected: every frame names its place.
struct End {
  int fd = -1;
  sockaddr_ll everybody{};
};

End end_in(const std::string& name_space) {
  const int fd = open(name_space.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 || setns(fd, CLONE_NEWNET) != 0) std::exit(3);
  End end{socket(AF_PACKET, SOCK_DGRAM, htons(ether_type)), {}};
  sockaddr_ll& place = end.everybody;
  place.sll_family = AF_PACKET;
  place.sll_protocol = htons(ether_type);
  place.sll_ifindex = static_cast<int>(if_nametoindex("backplane"));
  place.sll_halen = 6;
  std::fill_n(place.sll_addr, 6, std::uint8_t{0xff});
  if (bind(end.fd, reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) std::exit(3);
  return end;
}

class Receiver {
 public:
  explicit Receiver(const std::string& name_space)
      : thread_([this, name_space] { work(name_space); }) {}
  ~Receiver() {
    is_over_ = true;
    thread_.join();
  }
  std::size_t count() const { return count_; }
  std::vector<double> delays_since(std::size_t first) const {
    return {delays_.begin() + static_cast<std::ptrdiff_t>(first),
            delays_.begin() + static_cast<std::ptrdiff_t>(count())};
  }

 private:
  void work(const std::string& name_space) {
    const int fd = end_in(name_space).fd;
    const int on = 1;
    const int size = 32 << 20;
    const timeval limit{0, 50'000};
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    while (!is_over_ && count_ < most_frames) take(fd);
    close(fd);
  }
  void take(int fd) {
    Beat beat;
    alignas(cmsghdr) std::array<char, 128> extra{};
    iovec place{&beat, sizeof beat};
    msghdr message{};
    message.msg_iov = &place;
    message.msg_iovlen = 1;
    message.msg_control = extra.data();
    message.msg_controllen = extra.size();
    if (recvmsg(fd, &message, 0) != sizeof beat) return;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof stamp);
    delays_[count_] = static_cast<double>(stamp.tv_sec * second + stamp.tv_nsec - beat.sent) / 1e3;
    ++count_;
  }
  std::vector<double> delays_ = std::vector<double>(most_frames);
  std::atomic<std::size_t> count_ = 0;
  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

void send_beat(const End& end) {
  Beat beat;
  beat.sent = now();
  (void)!sendto(end.fd, &beat, sizeof beat, 0, reinterpret_cast<const sockaddr*>(&end.everybody),
                sizeof end.everybody);
}

/// One each `period`, so that whoever waits is asleep when it comes; 0: as fast as possible.
void send_for(const End& end, std::int64_t time, std::int64_t period) {
  const std::int64_t begin = now();
  for (std::int64_t due = begin; now() < begin + time; due += period) {
    const std::int64_t left = period > 0 ? due - now() : 0;
    const timespec pause{0, std::clamp<std::int64_t>(left, 0, second - 1)};
    if (left > 0) nanosleep(&pause, nullptr);
    send_beat(end);
  }
}

pid_t start(char** command) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  execvp(command[0], command);
  _exit(127);
}

bool is_forwarding(const End& end, const Receiver& receiver) {
  for (int i = 0; i < 500 && receiver.count() == 0; ++i) send_for(end, 20'000'000, 10'000'000);
  return receiver.count() > 0;
}

}  // namespace

int main(int argc, char** argv) {
  const char* lab = std::getenv("UNDERSTUDY_LAB");
  if (!lab) return 3;
  const pid_t forwarder = argc > 1 ? start(argv + 1) : 0;
  const std::string folder = lab;
  {
    Receiver receiver(folder + "/MSM-B.net");
    const End end = end_in(folder + "/MSM-A.net");
    if (!is_forwarding(end, receiver)) {
      fmt::print(stderr, "nothing is forwarded\n");
      if (forwarder > 0) kill(forwarder, SIGKILL);
      std::_Exit(3);
    }
    send_for(end, second / 10, 1'000'000);
    const std::size_t before = receiver.count();
    send_for(end, 2 * second, 1'000'000);
    send_for(end, second / 10, second / 10);  // the last ones arrive
    auto delays = receiver.delays_since(before);
    std::ranges::sort(delays);
    const std::size_t paced = receiver.count();
    const std::int64_t begin = now();
    send_for(end, second, 0);
    const std::size_t passed = receiver.count() - paced;
    const double took = static_cast<double>(now() - begin) / static_cast<double>(second);
    fmt::print("delay_p50_us={:.1f} delay_p99_us={:.1f} kframes/s={:.1f} frames={}\n",
               delays[delays.size() / 2], delays[delays.size() * 99 / 100],
               static_cast<double>(passed) / took / 1e3, delays.size());
  }
  if (forwarder > 0) {
    kill(forwarder, SIGKILL);
    waitpid(forwarder, nullptr, 0);
  }
  return 0;
}

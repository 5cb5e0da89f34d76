// clang-format off
// Small nodes for the tests of the process bench, and a harness that can be killed:
//   process_node echo                  prints "ready PID", then every line that it is given
//   process_node beacon LOCAL PEER MS  sends "H" and a counter each MS milliseconds; prints "heard N"
//   process_node descriptors           prints its open descriptors
//   process_node double-fork           "ready PID", and a grandchild in a session of its own
//   process_node deaf                  as echo, but ignores every signal that can be ignored
//   process_node starved | hog         wants the one processor that both share; one does not get it
//   process_node held                  waits in the kernel, as for a disk that does not answer
//   process_node exit N | crash | print TEXT | fail TEXT
//   process_node harness FOLDER        opens a bench of two beacons and does one act after the other
// clang-format on
// A bench's keeper and launcher run from this program as well.
#include <arpa/inet.h>
#include <dirent.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "targets/process.h"

namespace {

using namespace understudy;

void say(const std::string& line) {
  const std::string text = line + "\n";
  (void)!write(STDOUT_FILENO, text.data(), text.size());
}

[[noreturn]] void echo() {
  say("ready " + std::to_string(getpid()));
  std::array<char, 4096> buffer{};
  for (ssize_t length = 0; (length = read(STDIN_FILENO, buffer.data(), buffer.size())) > 0;) {
    (void)!write(STDOUT_FILENO, buffer.data(), static_cast<std::size_t>(length));
  }
  _exit(0);
}

sockaddr_in address_from(const std::string& text) {
  const auto colon = text.find(':');
  sockaddr_in place{};
  place.sin_family = AF_INET;
  inet_pton(AF_INET, text.substr(0, colon).c_str(), &place.sin_addr);
  place.sin_port = htons(static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1))));
  return place;
}

[[noreturn]] void beacon(const std::string& local, const std::string& peer, int period) {
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  const sockaddr_in own = address_from(local);
  const sockaddr_in other = address_from(peer);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) _exit(9);
  say("ready " + std::to_string(getpid()));
  std::uint32_t sent = 0;
  for (;;) {
    const std::string frame = fmt::format("H{}", ++sent);
    sendto(fd, frame.data(), frame.size(), 0, reinterpret_cast<const sockaddr*>(&other),
           sizeof other);
    const auto next = std::chrono::steady_clock::now() + std::chrono::milliseconds(period);
    for (;;) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          next - std::chrono::steady_clock::now());
      pollfd polled{fd, POLLIN, 0};
      if (left.count() <= 0 || poll(&polled, 1, static_cast<int>(left.count())) <= 0) break;
      std::array<char, 256> buffer{};
      const auto length = recv(fd, buffer.data(), buffer.size(), 0);
      if (length > 0) say("heard " + std::string(buffer.data(), static_cast<std::size_t>(length)));
    }
  }
}

[[noreturn]] void print_descriptors() {
  std::string open;
  DIR* folder = opendir("/proc/self/fd");
  while (const dirent* entry = readdir(folder)) {
    const std::string name = entry->d_name;
    if (name != "." && name != ".." && name != std::to_string(dirfd(folder))) open += " " + name;
  }
  say("open:" + open + " end");
  echo();
}

[[noreturn]] void double_fork() {
  if (fork() == 0) {
    setsid();
    if (fork() != 0) _exit(0);
    say("child " + std::to_string(getpid()));
    for (;;) pause();
  }
  echo();
}

[[noreturn]] void deaf() {
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_IGN);
  std::thread([] {
    for (;;) pause();
  }).detach();
  echo();
}

/// Both want one processor whole: a node of the lowest class, and what it waits for. It has used up
/// its small share with its first slice and is runnable, and not run, for hundreds of milliseconds;
/// one that slept in between would be let in at once.
void share_a_processor(bool is_starved) {
  cpu_set_t allowed;
  sched_getaffinity(0, sizeof allowed, &allowed);
  int first = 0;
  while (!CPU_ISSET(first, &allowed)) ++first;
  CPU_ZERO(&allowed);
  CPU_SET(first, &allowed);
  sched_setaffinity(0, sizeof allowed, &allowed);
  const sched_param none{};
  if (is_starved) {
    sched_setscheduler(0, SCHED_IDLE, &none);
    std::ofstream("/proc/self/autogroup") << 19;  // classes count only within a session's group
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < end) {
  }
}

/// Until its child has ended, the parent of a vfork is not to be interrupted: the state of who
/// waits for a disk.
void be_held() {
  const pid_t child = vfork();
  if (child != 0) return;
  const timespec span{2, 0};
  nanosleep(&span, nullptr);
  _exit(0);
}

int harness(const std::string& folder) {
  targets::ProcessBenchSettings settings;
  settings.testbed = "harness";
  settings.folder = folder;
  settings.heartbeat = std::chrono::milliseconds(5);
  for (const std::string name : {"A", "B"}) {
    targets::ProcessNode node;
    node.name = name;
    node.command = {"process_node", "beacon", "${" + name + ".wire.local}",
                    "${" + name + ".wire.peer}", "5"};
    settings.nodes.push_back(node);
  }
  settings.nodes.push_back({"C", {"process_node", "double-fork"}, true, {}, "signal"});
  settings.links = {{"wire", {0, 1}, ""}};
  auto bench = targets::make_process_bench(settings);
  if (!bench || !(*bench)->start()) return 3;
  say("running");
  const NeverCancelled never;
  std::vector<targets::BenchEvent> events;
  for (;;) {
    for (const Act& act :
         {Act{"cut", {{"link", "wire"}}}, Act{"hang", {{"node", "A"}}},
          Act{"resume", {{"node", "A"}}}, Act{"restore", {{"link", "wire"}}},
          Act{"lose", {{"node", "chassis"}}}, Act{"power-on", {{"node", "chassis"}}}}) {
      (*bench)->apply(act);
      events.clear();
      (*bench)->pump((*bench)->now(), never, events);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  int status = 0;
  if (targets::run_hidden_command(argc, argv, status)) return status;
  std::vector<std::string> words(argv + 1, argv + argc);
  words.resize(4);
  if (words[0] == "echo") echo();
  if (words[0] == "beacon") beacon(words[1], words[2], std::stoi(words[3]));
  if (words[0] == "descriptors") print_descriptors();
  if (words[0] == "double-fork") double_fork();
  if (words[0] == "deaf") deaf();
  if (words[0] == "crash") abort();
  if (words[0] == "starved" || words[0] == "hog") share_a_processor(words[0] == "starved");
  if (words[0] == "held") {
    be_held();
    echo();
  }
  if (words[0] == "pause") {
    for (;;) pause();
  }
  if (words[0] == "print") say(words[1]);
  if (words[0] == "fail") {
    say(words[1]);
    return 1;
  }
  if (words[0] == "errors") {
    (void)!write(STDERR_FILENO, "to the error file\n", 18);
    echo();
  }
  if (words[0] == "environment") {
    say("value " + std::string(getenv(words[1].c_str()) ? getenv(words[1].c_str()) : "none"));
    echo();
  }
  return words[0] == "harness" ? harness(words[1]) : 0;
}

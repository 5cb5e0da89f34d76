// Measures the console engine through a real pty: spawns the device simulator that the
// environment's DEVSIM names, talks to it through Session and Pump, and prints one line of
// key=value pairs.
//   console_bench bulk KB REPS | bulkpaged KB REPS | rtt COUNT | many SESSIONS KB REPS
//   console_bench linear [KB]    256 KiB answers against one long one (1 GiB), with resident memory
//   console_bench engine MB      the engine alone, fed from memory
#include <fmt/core.h>
#include <pty.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "targets/console/pump.h"
#include "targets/console/session.h"

namespace {

using namespace understudy;
using namespace understudy::targets;
using namespace std::chrono_literals;

/// A family's words in their full length: what the engine costs includes looking for all of them.
ConsoleWords words() {
  ConsoleWords words;
  words.prompt = R"(^(?<dirty>\* )?(?<name>[\w.-]+)\.(?<count>\d+) (?<mark>[#>]) $)";
  words.pagers = {
      {.pattern = R"(^Press <SPACE> to continue or <Q> to quit:$)", .key = " ", .quit = "q"}};
  words.questions = {
      {.name = "save", .pattern = R"(Do you want to save[\s\S]*\(y or n\) ?$)", .cancel = "\r"},
      {.name = "reboot",
       .pattern = R"(Are you sure you want to reboot[^\n]*\(y/[nN]\) ?$)",
       .cancel = "n\r"}};
  words.booting = {R"(^Starting ExtremeXOS)", R"(^BootROM\b)", R"(^Booting\b)"};
  words.boot_loader = {R"(^BootRom ?> ?$)"};
  words.login = R"(^login: ?$)";
  words.password = R"(^[Pp]assword: ?$)";
  words.login_failed = "Login incorrect";
  words.noise = {R"(^\d\d/\d\d/\d{4} \d\d:\d\d:\d\d\.\d\d <\w+:[\w.]+> .*$)",
                 R"(^Previous message repeated \d+ additional times .*$)"};
  return words;
}

Time now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}
double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

long resident_kb() {
  std::ifstream file("/proc/self/statm");
  long pages = 0;
  file >> pages >> pages;
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

double cpu_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& time) { return 1e6 * time.tv_sec + time.tv_usec; };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

[[noreturn]] void die(std::string_view why) {
  fmt::print(stderr, "console_bench: {}\n", why);
  std::exit(3);
}

/// Sessions with simulated devices, each on a pty of its own.
class Driver : public Pump::Sink {
 public:
  explicit Driver(std::size_t keep) : keep_(keep) {
    auto compiled = compile_words(words());
    if (!compiled) die(compiled.error().what);
    compiled_ = *compiled;
  }

  std::size_t start() {
    int descriptor = -1;
    const char* program = std::getenv("DEVSIM");
    if (program == nullptr) die("DEVSIM names no program");
    if (const pid_t child = forkpty(&descriptor, nullptr, nullptr, nullptr); child == 0) {
      execl(program, "devsim", nullptr);
      _exit(127);
    } else if (child < 0) {
      die("no pty");
    }
    const Pump::Id id = pump_.add(descriptor);
    sessions_.push_back(Session::create(compiled_, {}, keep_));
    answers_.emplace_back();
    sessions_[id]->opened(now());
    return id;
  }

  void submit(std::size_t id, std::string line) {
    sessions_[id]->submit({.id = 1,
                           .rank = Request::Rank::Poll,
                           .line = std::move(line),
                           .replies = {},
                           .limit = 300s},
                          now());
    pump_.send(id, sessions_[id]->take_output());
  }

  const Answer& ask(std::size_t id, std::string line) {
    answers_[id].clear();
    submit(id, std::move(line));
    while (answers_[id].empty()) pump();
    return answers_[id].front();
  }

  void pump() {
    std::optional<Time> next;
    for (const auto& session : sessions_) {
      const auto deadline = session->next_deadline();
      if (deadline && (!next || *deadline < *next)) next = deadline;
    }
    if (pump_.wait(next ? std::max<Duration>(*next - now(), 0ns) : -1ns, *this)) return;
    for (std::size_t id = 0; id < sessions_.size(); ++id) quiet(id);
  }

  void bytes(Pump::Id from, std::string_view bytes) override {
    total_ += bytes.size();
    sessions_[from]->received(bytes, now());
  }
  void quiet(Pump::Id from) override {
    sessions_[from]->time_passed(now());
    if (const std::string output = sessions_[from]->take_output(); !output.empty()) {
      pump_.send(from, output);
    }
    for (auto& event : sessions_[from]->take_events()) {
      if (event.kind == SessionEvent::Kind::Answered) answers_[from].push_back(event.answer);
    }
  }
  void ended(Pump::Id) override { die("a device ended"); }

  std::vector<std::vector<Answer>>& answers() { return answers_; }
  std::size_t total() const { return total_; }

 private:
  std::size_t keep_;
  std::shared_ptr<const CompiledWords> compiled_;
  Pump pump_;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::vector<std::vector<Answer>> answers_;
  std::size_t total_ = 0;
};

std::size_t bytes_of(const Answer& answer) {
  if (answer.outcome != Answer::Outcome::Answered) die("no answer");
  return answer.last_byte - answer.first_byte;
}

void bulk(std::string_view mode, int kb, int reps) {
  Driver driver(64 << 20);
  const auto id = driver.start();
  driver.ask(id, mode == "bulk" ? "disable clipaging" : "show null");
  const Time begin = now();
  std::size_t bytes = 0;
  for (int i = 0; i < reps; ++i) bytes += bytes_of(driver.ask(id, fmt::format("show bulk {}", kb)));
  const double took = seconds(now() - begin);
  fmt::print("ours {} kb={} bytes={} s={:.4f} MB/s={:.1f}\n", mode, kb, bytes, took,
             static_cast<double>(bytes) / took / 1e6);
}

void round_trips(int count) {
  Driver driver(64 << 20);
  const auto id = driver.start();
  driver.ask(id, "show null");
  std::vector<double> took;
  const double cpu = cpu_us();
  for (int i = 0; i < count; ++i) {
    const Time begin = now();
    bytes_of(driver.ask(id, "show line"));
    took.push_back(seconds(now() - begin) * 1e6);
  }
  const double cpu_each = (cpu_us() - cpu) / count;
  std::sort(took.begin(), took.end());
  fmt::print("ours rtt n={} p50_us={:.1f} p99_us={:.1f} cpu_us={:.1f}\n", count,
             took[took.size() / 2], took[took.size() * 99 / 100], cpu_each);
}

void many(int count, int kb, int reps) {
  Driver driver(64 << 20);
  const Time begin = now();
  for (int i = 0; i < count; ++i) {
    const auto id = driver.start();
    driver.submit(id, "disable clipaging");
    for (int j = 0; j < reps; ++j) driver.submit(id, fmt::format("show bulk {}", kb));
  }
  std::size_t done = 0;
  const auto all = static_cast<std::size_t>(count) * static_cast<std::size_t>(reps + 1);
  while (done < all) {
    driver.pump();
    for (auto& answers : driver.answers()) {
      done += answers.size();
      answers.clear();
    }
  }
  const double took = seconds(now() - begin);
  fmt::print("ours many n={} kb={} cmds={} bytes={} s={:.4f} MB/s={:.1f} cmds/s={:.0f} rss_kb={}\n",
             count, kb, count * reps, driver.total(), took,
             static_cast<double>(driver.total()) / took / 1e6, count * reps / took, resident_kb());
}

void linear(int kb) {
  Driver driver(1 << 20);
  const auto id = driver.start();
  driver.ask(id, "disable clipaging");
  const auto speed = [&](int size, int reps) {
    const Time begin = now();
    std::size_t bytes = 0;
    for (int i = 0; i < reps; ++i)
      bytes += bytes_of(driver.ask(id, fmt::format("show bulk {}", size)));
    return static_cast<double>(bytes) / seconds(now() - begin) / 1e6;
  };
  speed(256, 16);
  const double small = speed(256, 400);
  const long before = resident_kb();
  const double large = speed(kb, 1);
  const long after = resident_kb();
  fmt::print(
      "ours linear small_MB/s={:.1f} large_kb={} large_MB/s={:.1f} ratio={:.3f} "
      "rss_before_kb={} rss_after_kb={}\n",
      small, kb, large, large / small, before, after);
}

void engine_alone(int mb) {
  auto compiled = compile_words(words());
  if (!compiled) die(compiled.error().what);
  auto session = Session::create(*compiled, {}, 64 << 20);
  session->opened(0ns);
  session->received("X440G2-48t.1 # ", 0ns);
  session->time_passed(1s);
  session->submit(
      {.id = 1, .rank = Request::Rank::Poll, .line = "show fdb", .replies = {}, .limit = 0s}, 1s);
  session->received("show fdb\r\n", 1s);
  std::string chunk;
  for (int i = 0; chunk.size() < 4000; ++i) {
    chunk +=
        fmt::format("00:04:96:{:02x}:{:02x}:{:02x}  Vlan{:04}({:04})  0012 d m # 3  12:{:02}\r\n",
                    i & 255, i % 7, i % 5, i % 4094, i % 4094, i % 48);
  }
  chunk.resize(4095);
  const Time begin = now();
  std::size_t bytes = 0;
  for (; bytes < static_cast<std::size_t>(mb) * 1'000'000; bytes += chunk.size()) {
    session->received(chunk, 2s);
    session->time_passed(2s);
  }
  const double took = seconds(now() - begin);
  fmt::print("ours engine bytes={} s={:.4f} MB/s={:.1f} rss_kb={}\n", bytes, took,
             static_cast<double>(bytes) / took / 1e6, resident_kb());
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  const auto number = [&](std::size_t i, int absent) {
    return i < arguments.size() ? std::atoi(arguments[i].c_str()) : absent;
  };
  const std::string mode = arguments.empty() ? "" : arguments.front();
  if (mode == "bulk" || mode == "bulkpaged") {
    bulk(mode, number(1, 256), number(2, 4));
  } else if (mode == "rtt") {
    round_trips(number(1, 2000));
  } else if (mode == "many") {
    many(number(1, 100), number(2, 64), number(3, 10));
  } else if (mode == "linear") {
    linear(number(1, 1 << 20));
  } else if (mode == "engine") {
    engine_alone(number(1, 1000));
  } else {
    fmt::print(stderr, "console_bench bulk|bulkpaged|rtt|many|linear|engine ...\n");
    return 2;
  }
  return 0;
}

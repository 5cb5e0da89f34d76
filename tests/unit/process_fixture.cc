#include "tests/unit/process_fixture.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace understudy::targets {
namespace {

using namespace std::chrono_literals;

constexpr Duration patience = 20s;

std::string program() {
  return std::string(UNDERSTUDY_BINARY_DIR) + "/tests/process_node";
}

}  // namespace

bool becomes_true(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    poll(nullptr, 0, 5);
  }
  return true;
}

std::size_t open_descriptors(pid_t pid) {
  const std::filesystem::directory_iterator folder("/proc/" + std::to_string(pid) + "/fd");
  return static_cast<std::size_t>(std::distance(begin(folder), end(folder)));
}

ProcessBenchTest::ProcessBenchTest() {
  std::string path = (std::filesystem::temp_directory_path() / "understudy-bench-XXXXXX").string();
  folder_ = mkdtemp(path.data());
  settings_.testbed = "test.yaml";
  settings_.folder = folder_;
  settings_.keeper_program = program();
}

ProcessBenchTest::~ProcessBenchTest() {
  bench_.reset();
  std::filesystem::remove_all(folder_);
}

void ProcessBenchTest::add_node(const std::string& name, std::vector<std::string> words, bool pty) {
  words.insert(words.begin(), program());
  settings_.nodes.push_back({name, std::move(words), pty, {}, "signal"});
}

void ProcessBenchTest::add_beacons() {
  const std::string path = (folder_ / "frames.yaml").string();
  std::ofstream(path) << "frames: test\ntypes:\n  heartbeat: {periodic: true, match: "
                         "[{at: 0, hex: \"48\"}]}\n";
  for (const std::string name : {"A", "B"}) {
    add_node(name, {"beacon", "${" + name + ".wire.local}", "${" + name + ".wire.peer}", "10"});
  }
  settings_.links = {{"wire", {0, 1}, path}};
  settings_.heartbeat = 10ms;
}

void ProcessBenchTest::open_beacons() {
  add_beacons();
  open();
  for (int i = 0; i < 3; ++i) {
    wait_for(0, "heard");
    wait_for(1, "heard");
  }
}

Result<void> ProcessBenchTest::try_to_open() {
  auto bench = make_process_bench(settings_);
  if (!bench) return tl::unexpected(bench.error());
  bench_ = std::move(*bench);
  printed_.resize(settings_.nodes.size());
  return bench_->start();
}

void ProcessBenchTest::open() {
  const auto opened = try_to_open();
  ASSERT_TRUE(opened.has_value()) << to_line(opened.error());
}

void ProcessBenchTest::pump(Duration time) {
  std::vector<BenchEvent> events;
  bench_->pump(bench_->now() + time, NeverCancelled(), events);
  for (BenchEvent& event : events) {
    if (event.kind == BenchEvent::Kind::Bytes) printed_[event.node] += event.text;
    events_.push_back(std::move(event));
  }
}

std::string ProcessBenchTest::wait_for(std::size_t node, const std::string& text) {
  const Time limit = bench_->now() + patience;
  for (;;) {
    std::string& printed = printed_[node];
    const auto place = printed.find(text);
    if (place != std::string::npos) {
      const std::string before = printed.substr(0, place + text.size());
      printed.erase(0, before.size());
      return before;
    }
    if (bench_->now() > limit) {
      ADD_FAILURE() << "`" << text << "` did not come; printed: " << printed;
      return "";
    }
    pump(50ms);
  }
}

BenchEvent ProcessBenchTest::wait_for(std::size_t node, BenchEvent::Kind kind) {
  const Time limit = bench_->now() + patience;
  for (;;) {
    const auto found = std::find_if(events_.begin(), events_.end(), [&](const BenchEvent& event) {
      return event.kind == kind && event.node == node;
    });
    if (found != events_.end()) {
      BenchEvent event = *found;
      events_.erase(found);
      return event;
    }
    if (bench_->now() > limit) {
      ADD_FAILURE() << "no such event came";
      return {};
    }
    pump(50ms);
  }
}

BenchEvent ProcessBenchTest::wait_for_fact(const std::string& attribute) {
  for (int i = 0; i < 1'000; ++i) {
    BenchEvent event = wait_for(0, BenchEvent::Kind::Fact);
    if (event.observation.attribute == attribute) return event;
  }
  ADD_FAILURE() << "no fact of " << attribute;
  return {};
}

Receipt ProcessBenchTest::apply(const std::string& word, Json arguments) {
  return bench_->apply({word, std::move(arguments)});
}

int ProcessBenchTest::number_after(std::size_t node, const std::string& word) {
  // Two processes that print at the same time print in any order: only this line is taken.
  const Time limit = bench_->now() + patience;
  for (;;) {
    std::string& printed = printed_[node];
    const auto place = printed.find(word + " ");
    const auto end = place == std::string::npos ? place : printed.find('\n', place);
    if (end != std::string::npos) {
      const int number = std::stoi(printed.substr(place + word.size()));
      printed.erase(place, end + 1 - place);
      return number;
    }
    if (bench_->now() > limit) {
      ADD_FAILURE() << "`" << word << "` and a number did not come; printed: " << printed;
      return 0;
    }
    pump(50ms);
  }
}

}  // namespace understudy::targets

// A bench made of two scripted switches, for the tests of the device: a table from command to
// answer, answered after a fixed virtual time. No thread, no file. The script can be changed
// between waits.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "targets/bench.h"

namespace understudy::targets::test {

using namespace std::chrono_literals;

class FakeBench : public Bench {
 public:
  /// What a node answers to one line: its output, and a prompt unless it ends with "?".
  using Answers = std::function<std::string(std::size_t node, const std::string& line)>;

  struct Log {
    std::vector<std::pair<std::size_t, std::string>> lines;  ///< what was typed, in order
    std::vector<Act> acts;
    Answers answers;
    std::string prompt = "BD-10808.1 # ";
    std::function<std::string(const std::string&)> echo;  ///< what shows of a line that is typed
    std::deque<BenchEvent> queue;                         ///< sorted by `at`
    Time now{};
    bool is_mute = false;
    bool has_healed = false;
    std::vector<std::string> words{"lose", "hang"};  ///< of the bench
    std::function<void(const Act&)> on_act;
    std::function<bool(std::size_t)> on_open_again;
    /// What an act changed that only consoles can show.
    std::function<std::optional<PowerChange>(const Act&)> on_power;
    std::vector<bool> is_off{};  ///< by node: it neither echoes nor prints
    std::vector<LeftUndone> left{};

    void add(BenchEvent event) {
      auto at = queue.end();
      while (at != queue.begin() && std::prev(at)->at > event.at) --at;
      queue.insert(at, std::move(event));
    }
    void prints(std::size_t node, std::string text, Duration after = 1ms) {
      BenchEvent event;
      event.kind = BenchEvent::Kind::Bytes;
      event.node = node;
      event.text = std::move(text);
      event.at = now + after;
      add(std::move(event));
    }
    void happens(BenchEvent::Kind kind, std::size_t node, Duration after, bool expected = false,
                 std::string text = "") {
      BenchEvent event;
      event.kind = kind;
      event.node = node;
      event.expected = expected;
      event.text = std::move(text);
      event.at = now + after;
      add(std::move(event));
    }
  };

  explicit FakeBench(Log& log, std::size_t nodes) : log_(log), typed_(nodes) {}

  Time now() const override { return log_.now; }

  Result<void> start() override {
    for (std::size_t node = 0; node < typed_.size(); ++node) {
      log_.happens(BenchEvent::Kind::NodeStarted, node, 0ms);
      log_.happens(BenchEvent::Kind::ConsoleOpened, node, 0ms);
      if (!log_.is_mute) log_.prints(node, "\r\n" + log_.prompt);
    }
    return {};
  }

  void send(std::size_t node, std::string_view bytes) override {
    for (const char c : bytes) {
      if (c != '\r') {
        typed_[node] += c;
        continue;
      }
      const std::string line = std::exchange(typed_[node], {});
      log_.lines.emplace_back(node, line);
      if (node < log_.is_off.size() && log_.is_off[node]) continue;
      if (log_.is_mute) continue;
      const std::string answer = log_.answers ? log_.answers(node, line) : "";
      if (answer == "silence") continue;
      const bool asks = answer.ends_with("? ") || answer.ends_with(") ");
      const bool boots = answer.ends_with("...\r\n");
      const std::string echoed = log_.echo ? log_.echo(line) : line;
      log_.prints(node, echoed + "\r\n" + answer + (asks || boots ? "" : log_.prompt));
      if (boots) log_.prints(node, "\r\n" + log_.prompt, 500ms);
    }
  }

  void pump(Time until, const Cancel&, std::vector<BenchEvent>& events) override {
    if (!log_.queue.empty() && log_.queue.front().at <= until) {
      log_.now = std::max(log_.now, log_.queue.front().at);
      while (!log_.queue.empty() && log_.queue.front().at <= log_.now) {
        events.push_back(std::move(log_.queue.front()));
        log_.queue.pop_front();
      }
      return;
    }
    log_.now = std::max(log_.now, until);
  }

  Receipt apply(const Act& act) override {
    log_.acts.push_back(act);
    if (log_.on_act) log_.on_act(act);
    change_ = log_.on_power ? log_.on_power(act) : std::nullopt;
    return {Receipt::Outcome::Done, "fake", "", log_.now, log_.now, true};
  }
  std::vector<std::string> acts() const override { return log_.words; }
  bool open_again(std::size_t node) override {
    return log_.on_open_again && log_.on_open_again(node);
  }
  std::optional<PowerChange> change() const override { return change_; }
  void seen(const PowerChange& change) override {
    for (const std::size_t node : change.nodes) {
      log_.happens(change.on ? BenchEvent::Kind::NodeStarted : BenchEvent::Kind::NodeEnded, node,
                   0ms, true);
      if (change.on) log_.happens(BenchEvent::Kind::ConsoleOpened, node, 0ms);
    }
  }
  std::vector<LeftUndone> left_undone() const override { return log_.left; }
  void undone(const LeftUndone& one) override { std::erase(log_.left, one); }
  std::vector<std::string> heal() override {
    log_.has_healed = true;
    std::vector<std::string> lines;
    for (const LeftUndone& one : log_.left) lines.push_back("not undone: " + one.what);
    return lines;
  }
  std::vector<std::string> artefacts() const override { return {"backplane.pcap"}; }

 private:
  Log& log_;
  std::vector<std::string> typed_;
  std::optional<PowerChange> change_;
};

}  // namespace understudy::targets::test

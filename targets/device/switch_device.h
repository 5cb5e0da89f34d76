// The class behind open_device, in four files: switch_device.cc (bench and console events),
// waiting.cc (run_until, ask), acting.cc (act), and opening in device.cc.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "targets/device.h"
#include "targets/device/console_act.h"
#include "targets/device/line.h"
#include "targets/device/reading.h"

namespace understudy::targets {

/// What a condition needs: which reads of which node, and which nodes it is about.
struct Wish {
  std::vector<std::vector<std::size_t>> reads;  ///< by line, in the dialect's order
  std::vector<bool> is_named;  ///< by line: a term names this node, not all of them
};

class SwitchDevice : public Target {
 public:
  SwitchDevice(std::unique_ptr<Bench> bench, DeviceSettings settings, Reader reader);

  Result<void> open();

  const Capabilities& capabilities() const override { return settings_.capabilities; }
  Time now() const override { return bench_->now(); }
  std::vector<Receipt> act(const std::vector<Act>& acts, const Cancel& cancel) override;
  Progress run_until(const Condition& condition, const Condition& watch, Time deadline,
                     const Cancel& cancel) override;
  Progress ask(const Condition& condition, Duration limit, const Cancel& cancel) override;
  std::vector<std::string> restore(const Cancel& cancel) override;
  std::vector<std::pair<std::string, std::string>> collect(const Cancel& cancel) override;
  std::vector<std::string> artefacts() const override;

 private:
  /// A console act on its way.
  struct Errand {
    std::size_t act = 0;  ///< index of the receipt
    ConsoleAct plan;
    std::size_t line = 0;
    std::size_t next = 0;  ///< the next of plan.lines
    bool is_done = false;
    bool awaits_boot = false;
    bool is_cut_short = false;  ///< an act of the same list takes the node away
    Time limit{};
    std::vector<std::pair<std::size_t, std::int64_t>> boots{};  ///< line, count before
    Receipt receipt{};
  };

  // switch_device.cc
  void advance(Time until, const Cancel& cancel);
  void flush();
  void handle(const BenchEvent& event);
  void handle(Line& line, const SessionEvent& event);
  void node_started(Line& line, Time at);
  void node_ended(Line& line, const BenchEvent& event);
  void console_closed(Line& line, Time at, bool expected);
  void count_boot(Line& line, Time at);
  void boot_line(Line& line, const SessionEvent& event);
  void noise(Line& line, const SessionEvent& event);
  void answered(Line& line, const Answer& answer);
  bool is_unsupported(Line& line, std::size_t read, const Answer& answer);
  void read_answered(Line& line, std::size_t read, const Answer& answer);
  void unread(Line& line, std::size_t read, const Answer& answer, const std::string& words);
  void set_up(Line& line);
  void submit(Line& line, Purpose purpose, std::string text, TextPairs replies, Duration limit);
  void observe(Observation observation);
  void incident(Incident::Kind kind, const std::string& node, std::string words, Time from,
                Time to);
  void forget(const std::string& node);
  void tell_own(Line& line, const std::string& attribute, Time asked, Time heard);
  std::size_t line_of(const std::string& name) const;

  // waiting.cc
  Wish wish_for(const Condition& condition, const Condition& watch) const;
  void add_wish(const Term& term, Wish& wish) const;
  void tell_all_own(const Condition& condition, const Condition& watch);
  void poll(const Wish& wish, std::optional<Time> since);
  bool is_settled(const Wish& wish, Time since, bool is_patient) const;
  Time next_poll_of(const Wish& wish) const;
  bool holds(const Condition& condition, Time since) const;
  bool holds(const Term& term, Time since) const;
  std::optional<Value> latest(const std::string& observer, const std::string& subject,
                              const std::string& attribute, Time since) const;
  Progress wait(const Condition& condition, const Condition& watch, Time deadline, Time limit,
                bool is_ask, const Cancel& cancel);
  Progress take_progress(bool holds, bool cancelled);

  // acting.cc
  Act in_its_time(Act act, const Cancel& cancel);
  Receipt bench_act(const Act& act);
  void start_console_act(std::size_t index, const Act& act, const Cancel& cancel,
                         std::vector<Receipt>& receipts);
  void send_next(Errand& errand);
  void errand_answered(Errand& errand, const Answer& answer);
  void finish(Errand& errand, Receipt::Outcome outcome, std::string words, bool took_effect);
  void watch_boots();
  std::string leader(const Cancel& cancel);
  bool is_allowed(const std::string& hazard) const;

  std::unique_ptr<Bench> bench_;
  DeviceSettings settings_;
  Reader reader_;
  const Dialect& dialect_;
  std::vector<std::string> bench_acts_;
  Duration poll_{};
  Duration answer_{};
  std::vector<Line> lines_;
  std::vector<Errand> errands_;
  std::uint64_t next_id_ = 1;
  bool is_open_ = false;
  std::string broken_;
  std::string died_early_;
  std::vector<Observation> observations_;
  std::vector<Incident> incidents_;
  std::vector<std::pair<std::string, std::string>> collected_;
  /// (observer, subject, attribute) -> value and when it was asked.
  std::map<std::tuple<std::string, std::string, std::string>, std::pair<Value, Time>> latest_;
};

/// The attributes that need no console.
bool is_own_attribute(const Dialect& dialect, const std::string& attribute);

Duration timing_of(const Capabilities& capabilities, const std::string& name, Duration fallback);
std::string to_text(Mode mode);

}  // namespace understudy::targets

// The class behind open_device, in ten files: switch_device.cc (bench and console events),
// waiting.cc (run_until, ask), acting.cc (act), listen.cc (what comes without a console),
// custodian.cc (restore), power.cc (outlets and hands),
// terminal_server.cc, undoing.cc, management.cc (a session that follows the
// leader), and opening in device.cc.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "targets/device.h"
#include "targets/device/console_act.h"
#include "targets/device/line.h"
#include "targets/device/reading.h"
#include "targets/listeners/listening.h"

namespace understudy::targets {

/// What a condition needs: which reads of which node, and which nodes it is about.
struct Wish {
  std::vector<std::vector<std::size_t>> reads;  ///< by line, in the dialect's order
  std::vector<bool> is_named;  ///< by line: a term names this node, not all of them
  bool is_by_snmp = false;     ///< the switch's SNMP agent is asked as well
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
  Recovery recovery() const override { return recovery_; }
  FlashWrites flash_writes() const override { return flash_writes_; }
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
    bool wears_flash = false;
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
  void console_closed(Line& line, Time at, bool expected, const std::string& why = {});
  void count_boot(Line& line, Time at);
  void boot_line(Line& line, const SessionEvent& event);
  void noise(Line& line, const SessionEvent& event);
  void late(Line& line, const Purpose& purpose, const Answer& answer);
  void answered(Line& line, const Answer& answer);
  bool is_unsupported(Line& line, std::size_t read, const Answer& answer);
  bool is_wanted(const std::string& attribute) const;
  void read_answered(Line& line, std::size_t read, const Answer& answer);
  void unread(Line& line, std::size_t read, const Answer& answer, const std::string& words);

  // management.cc
  Line& console_at(std::size_t console);
  std::size_t console_of(const Line& line) const;
  std::vector<Line*> consoles();
  bool has_console(const Line& line) const;
  void find_whose(Line& line, const Reading& reading);
  void move_in();
  void move_out();

  // identity.cc
  bool is_known(const Line& line) const;
  void set_up(Line& line);
  void identify(Line& line, std::size_t read, const Answer& answer);
  Credentials login_of(const Line& line) const;
  bool is_refused(const Line& line) const;
  void silence(const Line& line, const std::string& words);

  void submit(Line& line, Purpose purpose, std::string text, TextPairs replies, Duration limit);
  void observe(Observation observation);
  void incident(Incident::Kind kind, const std::string& node, std::string words, Time from,
                Time to);
  void forget(const std::string& node);
  void tell_own(Line& line, const std::string& attribute, Time asked, Time heard);
  std::size_t line_of(const std::string& name) const;

  // listen.cc
  Result<void> start_listening();
  void hear(const BenchEvent& event);
  void tell_listened(const Condition& condition, const Condition& watch);
  void snmp_answered(const BenchEvent& event);
  void poll_snmp(const Wish& wish, std::optional<Time> since);
  bool is_snmp_settled(const Wish& wish, Time since) const;

  // waiting.cc
  void remember_wish(const Wish& wish);
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
  Receipt bench_act(const Act& act, const Cancel& cancel);
  void start_console_act(std::size_t index, const Act& act, const Cancel& cancel,
                         std::vector<Receipt>& receipts);
  void send_next(Errand& errand);
  void errand_answered(Errand& errand, const Answer& answer);
  void finish(Errand& errand, Receipt::Outcome outcome, std::string words, bool took_effect);
  void watch_boots();
  std::string leader(const Cancel& cancel);

  // power.cc
  struct Heard {
    std::uint64_t bytes = 0;
    bool was_speaking = false;
  };
  struct Seen {
    bool is_so = false;
    std::string words;
  };
  /// What the other nodes show of one that has lost its power.
  struct Witness {
    bool can_tell = false;  ///< one of them has a prompt
    bool has_answered = false;
    std::string contradiction{};
  };
  void see_power(const PowerChange& change, const std::vector<Heard>& before, Receipt& receipt,
                 const Cancel& cancel);
  Seen await_silence(const PowerChange& change, const std::vector<Heard>& before,
                     const Cancel& cancel);
  Seen await_bytes(const PowerChange& change, const std::vector<Heard>& before,
                   const Cancel& cancel);
  std::optional<Seen> meaning_of_silence(const PowerChange& change, bool has_console,
                                         const std::vector<std::size_t>& peers, bool do_peers_live);
  std::vector<std::size_t> speaking_consoles(const PowerChange& change,
                                             const std::vector<Heard>& before) const;
  std::vector<Heard> heard_so_far();
  std::vector<std::size_t> consoles_of(const std::vector<std::size_t>& nodes) const;
  std::uint64_t bytes_of(const std::vector<std::size_t>& consoles);
  std::vector<std::size_t> witnesses_of(const PowerChange& change) const;
  Wish wish_meanwhile(const PowerChange& change, const std::vector<std::size_t>& peers) const;
  Witness told_by(const PowerChange& change, const std::vector<std::size_t>& peers) const;
  std::optional<Value> shows_alive(const Line& peer, std::size_t read,
                                   const std::vector<std::size_t>& nodes) const;
  Duration detection_limit() const;
  void nudge(Line& line);
  void hear_dark(Line& line, std::string_view bytes, Time at);
  void watch_dark(Line& line);

  // undoing.cc
  bool is_any_off(const Json& nodes) const;
  bool does_answer(Line& line, const Cancel& cancel);
  std::vector<std::string> undo_acts(const Cancel& cancel);

  // terminal_server.cc
  void fell_silent(Line& line, Time since);
  std::optional<Time> server_silent_since(const std::string& server) const;
  void watch_servers();

  // custodian.cc
  struct ToldNow {
    bool has_answered = false;
    std::optional<Value> value{};
  };
  std::optional<Answer> exchange(Line& line, const std::string& text, const TextPairs& replies,
                                 Duration limit, const Cancel& cancel);
  ToldNow told_now(Line& line, const std::string& attribute, const Cancel& cancel);
  std::string leader_now(const Cancel& cancel);
  std::string leader_within(Duration bound, const Cancel& cancel);
  bool may_change() const;
  bool asks_leader() const;
  void ask_for_session(Line& line);
  void session_told(Line& line, std::size_t read, const Answer& answer);
  Result<void> take_custody(const Cancel& cancel);
  Result<void> take_thing(const CustodyRule& rule, Line& line, const Cancel& cancel);
  Result<void> take_of_chassis(const CustodyRule& rule, const std::string& lead,
                               const Cancel& cancel);
  Result<void> write_custody(const std::vector<std::string>& different);
  void tell_what_is_left(const std::string& lead, const Cancel& cancel);
  std::vector<std::string> put_all_back(const Cancel& cancel);
  void put_rule_back(const CustodyRule& rule, const std::string& lead,
                     std::vector<std::string>& lines, const Cancel& cancel);
  std::string put_thing_back(const CustodyRule& rule, const TakenThing& thing, Line& teller,
                             Line& taker, const Cancel& cancel);
  std::string compare_follower(const CustodyRule& rule, const TakenThing& thing,
                               const Cancel& cancel);
  void put_sessions_back(std::vector<std::string>& lines, const Cancel& cancel);
  std::string send_back(const CustodyRule& rule, Line& line, const std::vector<std::string>& lines,
                        const Cancel& cancel);
  void bring_back(const Cancel& cancel);
  std::string trouble_of_device(const Cancel& cancel);
  std::string trouble_within(Duration bound, const Cancel& cancel);
  std::string log_in_again_words();
  std::string reboot_words(const Cancel& cancel);
  std::string outlet_words(const Cancel& cancel);

  bool is_allowed(const std::string& hazard) const;

  std::unique_ptr<Bench> bench_;
  DeviceSettings settings_;
  Reader reader_;
  const Dialect& dialect_;
  std::vector<std::string> bench_acts_;
  Duration poll_{};
  Duration answer_{};
  std::vector<Line> lines_;
  std::optional<Line> lobby_;         ///< the management session, while nobody knows whose it is
  std::optional<std::size_t> guest_;  ///< the node whose session it is
  std::optional<std::size_t> moves_in_;
  std::vector<Errand> errands_;
  Wish wished_;                      ///< by the case so far
  std::vector<std::string> wanted_;  ///< attributes that the wait under way is about
  std::uint64_t next_id_ = 1;
  bool is_open_ = false;
  std::string broken_;
  std::string broken_at_{};   ///< file:line of the console that is another device's
  bool is_silenced_ = false;  ///< a console is another device's: nothing more is sent
  std::string died_early_;
  std::vector<Observation> observations_;
  std::vector<Incident> incidents_;
  std::vector<std::pair<std::string, std::string>> collected_;
  std::vector<TakenThing> session_things_;
  std::vector<std::string> sent_back_;  ///< "MSM-A: delete vlan v3900"
  std::uint64_t awaited_ = 0;           ///< the request whose answer goes to heard_
  std::optional<Answer> heard_;
  Recovery recovery_;
  FlashWrites flash_writes_;
  /// (observer, subject, attribute) -> value and when it was asked.
  std::map<std::tuple<std::string, std::string, std::string>, std::pair<Value, Time>> latest_;
  std::optional<Listening> listening_;  ///< once the bench was started
  /// How SNMP get stands.
  struct Asked {
    bool is_pending = false;
    std::optional<Time> latest;  ///< asked then, and answered or given up
    Time next{};
  } snmp_{};
  TextPairs values_;  ///< of the bench, for lines of acts: traps.host, ...
};

/// The attributes that need no console.
bool is_own_attribute(const Dialect& dialect, const std::string& attribute);

Duration timing_of(const Capabilities& capabilities, const std::string& name, Duration fallback);
std::string to_text(Mode mode);

}  // namespace understudy::targets

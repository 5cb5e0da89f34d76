// The one implementation of Session, cut into four files: engine.cc (life, queue and time),
// engine_lines.cc (finished lines: boots, noise, echo, output), engine_tail.cc (what an unfinished
// line means once it stands still), engine_acts.cc (what is then done). See session.h for the
// contract.
#pragma once

#include <deque>

#include "targets/console/answer_text.h"
#include "targets/console/compiled_words.h"
#include "targets/console/echo.h"
#include "targets/console/screen.h"

namespace understudy::targets {

class Engine final : public Session, private ScreenListener {
 public:
  Engine(std::shared_ptr<const CompiledWords> words, Credentials login, std::size_t keep_bytes);

  void opened(Time at) override;
  void received(std::string_view bytes, Time at) override;
  void closed(Time at) override;
  void time_passed(Time at) override;
  void boot_takes(Duration limit) override { boot_limit_ = limit; }
  void submit(Request request, Time at) override;
  void guard() override { is_guarded_ = is_held_ = true; }
  void release(Time at) override;
  std::size_t waiting() const override;
  Mode mode() const override { return mode_; }
  std::optional<Time> next_deadline() const override;
  std::string take_output() override { return std::exchange(output_, {}); }
  std::vector<SessionEvent> take_events() override { return std::exchange(events_, {}); }

 private:
  struct Queued {
    Request request;
    Time since{};
  };
  struct Flight {
    Request request;
    Time asked{};
    std::uint64_t first_byte = 0;
    std::vector<std::string> questions;
    bool is_unforeseen = false;
    std::vector<std::uint64_t> noise_at;
  };
  enum class Meaning {
    Nothing,
    BootLoader,
    LoginPending,
    Login,
    Password,
    Question,
    Pager,
    Prompt
  };
  /// What stands at the end of all that was printed, judged in two looks: a cheap one when nothing
  /// more is there to be read, a thorough one after a silence.
  struct Tail {
    bool is_fresh = false;  // bytes came since it was last dealt with
    bool was_glanced = false;
    bool was_searched = false;
    Meaning meaning = Meaning::Nothing;
    bool is_buried = false;  // only log lines followed it
    Pattern::Match match;
    Captures captures;
    Time heard{};
    Time due{};
  };

  // engine.cc
  void start_over(Mode mode, Time at);
  void set_mode(Mode mode, Time at);
  SessionEvent& emit(SessionEvent::Kind kind, Time at);
  void send(std::string_view bytes) { output_ += bytes; }
  std::deque<Queued>* next_queue();
  void send_next(Time at);
  void finish(Answer::Outcome outcome, Time heard, std::uint64_t last_byte, Captures captures = {});
  void expire_queue(std::deque<Queued>& queue, Time at);
  void time_out(Time at);
  void wake(Time at);
  void nudge(std::string_view bytes, Time at);
  bool is_usable() const { return mode_ == Mode::Shell || flight_.has_value(); }
  std::optional<Time> wake_time() const;
  std::optional<Time> flight_deadline() const;
  std::optional<Time> unsent_deadline(const Queued& queued) const;

  // engine_lines.cc
  void on_line(const ScreenLine& line) override;
  void on_piece(std::string_view text) override;
  void output_line(const ScreenLine& line);
  void echo_line(const ScreenLine& line);
  void boot(const ScreenLine& line);
  void noise(std::string_view text, std::uint64_t byte);
  std::size_t noise_after_typing(std::string_view text, std::size_t begin) const;
  void restart_text(std::size_t keep);
  void begins_last_line(const ScreenLine& line);
  void append_output(std::string_view text);

  // engine_tail.cc
  void decide(Time at);
  void glance();
  void search();
  void mean(Meaning meaning, const Pattern::Match& match, Duration silence);
  bool search_login(std::string_view tail, bool is_cut, Duration silence);
  bool search_prompt(std::string_view tail, bool only_known);
  void search_buried();
  bool mean_buried(std::string_view line, std::size_t end);
  std::size_t noise_in(std::string_view line) const;
  std::string_view last_line() const;
  bool search_question(std::string_view before, std::string_view tail);
  Duration piece_silence() const;
  Duration prompt_silence(bool is_known) const;
  bool is_known_prompt(std::string_view prompt) const;
  void learn_prompt(std::string_view prompt);
  bool is_prompt(std::string_view text) const;
  bool is_silent_mode() const { return mode_ == Mode::Booting || mode_ == Mode::BootLoader; }

  // engine_acts.cc
  void act(Time at);
  void prompt_came(Time at);
  void login_pending(Time at);
  void login_asked(Time at);
  void password_asked(Time at);
  void login_failed(std::string_view why, Time at);
  std::optional<Time> next_try(Time at) const;
  bool may_try(Time at);
  void type_user(Time at);
  void type_password(Time at, bool is_new_try);
  void try_again(Time at);
  void forget_login();
  bool is_drawn_anew() const;
  void question_came(Time at);
  void pager_came(Time at);
  void boot_loader_came(Time at);
  const std::string* reply_to(const std::string& question) const;

  const std::shared_ptr<const CompiledWords> compiled_;
  const ConsoleWords& words_;
  const Credentials login_;
  const std::size_t keep_bytes_;
  Scratch scratch_;
  Screen screen_;
  AnswerText text_;
  Echo echo_;

  Mode mode_ = Mode::Silent;
  Time unusable_since_{};
  std::deque<Queued> setup_;
  std::deque<Queued> acts_;
  std::deque<Queued> polls_;
  bool is_guarded_ = false;
  bool is_held_ = false;  ///< only setup goes
  std::optional<Flight> flight_;
  std::string output_;
  std::vector<SessionEvent> events_;

  std::uint64_t position_ = 0;  // bytes received in all
  Time received_at_{};
  Time opened_at_{};
  Tail tail_;
  std::uint64_t last_line_ = 0;  // place of the last line of output that is not blank
  std::uint64_t last_line_byte_ = 0;
  bool was_dealt_with_ = false;   // what stood on it before it ended
  bool has_noise_after_ = false;  // log lines came after it
  int row_pieces_ = 1;            // chunks that the unfinished line came in
  Duration row_gap_{};
  int small_chunks_ = 0;  // in a row: a device that prints letter by letter
  Duration small_gap_{};

  bool is_open_ = false;
  bool was_woken_ = false;
  bool is_resynchronising_ = false;
  bool was_interrupted_ = false;  // by the last nudge
  Time nudged_at_{};
  int lost_echoes_ = 0;              // in a row
  int stray_questions_ = 0;          // cancelled since the last prompt
  std::string prompt_;               // the last one
  std::vector<std::string> shapes_;  // of prompts that were believed, digits made alike
  std::optional<std::uint64_t> counter_;
  int counted_up_ = 0;  // prompts in a row whose counter was the next one

  bool is_login_pending_ = false;     // the boot goes on behind a login that lets nobody in
  std::optional<Time> pending_wake_;  // when it is made to ask anew
  Duration boot_limit_{};
  std::optional<Time> booted_at_;
  int login_tries_ = 0;
  std::optional<Time> tried_at_;
  std::optional<Time> try_at_;  // the next, if it has to wait
  bool user_sent_ = false;
  bool password_sent_ = false;
  bool failure_told_ = false;
  bool was_echoed_ = false;  ///< what was typed at the login
  bool was_useful_ = false;  // a request was answered since the login
  Time shell_since_{};
};

}  // namespace understudy::targets

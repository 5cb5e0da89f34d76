// Types the lines of a file at a console as a run would: logs in with the testbed's login, waits
// for the dialect's prompt before each line and answers pages. Where the dialect does not fit, for
// one that is not written yet, a line goes when the device has been silent for a while; into a boot
// none does. Without I/O: bytes and time go in, bytes to send come out. Used by `record`.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "targets/console/session.h"
#include "targets/dialect.h"

namespace understudy::app {

class Typist {
 public:
  /// `boot`: the longest that one takes. `text`: lines; one of one blank, and a last one that is
  /// not ended, are keys.
  Typist(const targets::Dialect& dialect, const targets::Credentials& login, Duration boot,
         Duration answer, const std::string& text);

  void opened(Time at);
  void received(std::string_view bytes, Time at);

  /// What is to be sent now; often nothing.
  std::string typed(Time now);

  /// Nothing more will be typed.
  bool has_left() const { return has_left_; }

  /// Lines that were not typed: the node boots, or let nobody in.
  std::size_t left() const { return lines_.size(); }
  /// The testbed's login was refused for good.
  bool was_refused() const { return was_refused_; }
  /// Lines went without a prompt that the dialect knows.
  bool was_blind() const { return was_blind_; }

 private:
  bool is_key() const;
  bool is_asked() const;
  bool is_at_login() const;
  bool asks_for_login() const;
  bool may_type() const;
  std::string take();
  std::string next_line(Time now);
  Duration silence_before_next() const;
  std::string_view last_line() const;
  std::string wake(Time now);

  const targets::Dialect& dialect_;
  const bool has_login_;
  const Duration boot_;
  const Duration answer_;
  std::unique_ptr<targets::Session> session_;
  std::deque<std::string> lines_;  ///< with their ends
  std::string printed_;            ///< the end of it
  Time last_{};                    ///< when the device last printed or was sent to
  std::uint64_t asked_ = 0;
  bool is_open_ = false;
  bool is_blind_ = false;  ///< since the last prompt
  bool was_blind_ = false;
  bool was_woken_ = false;
  bool was_refused_ = false;
  bool has_left_ = false;
};

}  // namespace understudy::app

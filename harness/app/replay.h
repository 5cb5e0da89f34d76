// A recorded session (`understudy record`) played back as a mock device: who types what was typed
// sees what was printed. Pure: bytes in, bytes out. A line that was never recorded is echoed and
// answered with the prompt alone; a line recorded several times is answered in that order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/error.h"

namespace understudy::app {

class Replay {
 public:
  /// `text` is a NAME.session.jsonl; `path` is named in errors.
  static Result<Replay> from(const std::string& text, const std::string& path);

  /// What the device printed before anything was typed.
  const std::string& greeting() const { return greeting_; }
  /// What it prints upon these bytes.
  std::string takes(std::string_view bytes);

 private:
  struct Exchange {
    std::string sent;     ///< a line with its end, or a single key that was answered
    std::string printed;  ///< with the echo
  };

  bool is_over() const;
  void was_sent(const std::string& bytes);
  void was_received(const std::string& bytes);
  const Exchange* find_typed() const;
  std::string unknown() const;

  std::string greeting_;
  std::vector<Exchange> exchanges_;
  std::size_t next_ = 0;
  std::string typed_;
  std::string last_;  ///< what was printed last: it ends in the prompt
};

}  // namespace understudy::app

// A recorded session: what `record` keeps and `replay` plays, a line of JSON each time bytes
// passed. Every byte comes back: what is no UTF-8 (8-bit bytes, or a character that two reads have
// cut) stands as one character a byte, with `"as": "latin-1"` beside it. Secrets of the testbed are
// stars, however they were cut. Written in the order of time; one thread.
#pragma once

#include <deque>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "harness/target.h"
#include "targets/secrets.h"

namespace understudy::app {

struct SessionPart {
  Time at{};
  bool is_sent = false;
  std::string bytes;
};

std::string to_line(const SessionPart& part);

/// Nothing if it is no line of a session.
std::optional<SessionPart> session_part_from(const std::string& line);

/// Where the testbed has secrets a line is written once it has ended: keys come one by one.
class SessionFile {
 public:
  /// `session` gets the lines, `console` what was printed. Both outlive it.
  SessionFile(std::ostream& session, std::ostream& console, targets::Mask mask);
  ~SessionFile();
  SessionFile(const SessionFile&) = delete;
  SessionFile& operator=(const SessionFile&) = delete;

  void keep(SessionPart part);

 private:
  std::size_t masked_bytes(bool is_sent);
  void write_front();

  std::ostream& session_;
  std::ostream& console_;
  targets::Mask mask_;
  std::deque<SessionPart> held_;
};

}  // namespace understudy::app

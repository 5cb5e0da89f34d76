// What the tests of doors stand on: a listener, a pty under a name of its own, and the bench's side
// of a door, with waits up to a deadline.
#pragma once

#include <termios.h>

#include <string>

#include "targets/doors/door.h"

namespace understudy::targets {

/// Writes all of it, waiting for room.
void put(const Descriptor& to, const std::string& bytes);
/// Exactly `length` bytes, or fewer at the end or after ten seconds.
std::string get(const Descriptor& from, std::size_t length);

std::string long_answer(std::size_t length);

/// "pid 123." of a process that is no more.
bool is_gone(const std::string& pid_line);

class Listener {
 public:
  explicit Listener(const std::string& port = "0");
  std::string port() const;
  Descriptor accept();

 private:
  Descriptor socket_;
};

/// A path for a line, which a Pty makes and pulls.
class TemporaryLink {
 public:
  TemporaryLink();
  ~TemporaryLink();
  std::string path() const { return folder_ + "/line"; }

 private:
  std::string folder_;
};

class Pty {
 public:
  explicit Pty(const std::string& link);
  const Descriptor& master() const { return master_; }
  termios words() const;
  void pull();

 private:
  std::string link_;
  Descriptor master_;
};

/// The bench's side of a door.
class DoorVisitor {
 public:
  explicit DoorVisitor(const DoorSettings& settings);

  Door::Event await(Door::Event::Kind kind);
  void await_open();
  void type(const std::string& bytes) { put(bytes_, bytes); }
  /// What came since the last call, until it ends with `text`, or ten seconds are over.
  std::string await_text(const std::string& text);
  std::string await_end();
  int failures() const { return failures_; }
  void close() { door_.reset(); }

 private:
  std::unique_ptr<Door> door_;
  std::vector<Door::Event> events_;
  Descriptor bytes_;
  int failures_ = 0;
};

}  // namespace understudy::targets

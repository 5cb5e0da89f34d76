// Carries the bytes of one console at a time between us and wherever the console is. A transport
// belongs to the thread of its door (door.h), which opens it again when it ended. Nothing throws;
// waits end at once when the door is closed, and none is longer than the settings' connect limit.
#pragma once

#include <memory>
#include <string>

#include "targets/doors/settings.h"
#include "targets/doors/stop.h"

namespace understudy::targets {

struct DoorFailure {
  std::string what;
  std::string hint;
  bool is_final = false;  ///< trying again cannot help: an unknown host key, a refused login
};

class Transport {
 public:
  virtual ~Transport() = default;

  virtual tl::expected<void, DoorFailure> open(const Stop& stop) = 0;
  virtual void close() = 0;

  virtual int descriptor() const = 0;            ///< readable: call read()
  virtual int complaints() const { return -1; }  ///< none if negative; readable: call read() too
  virtual bool wants_room() const = 0;           ///< something is left to write when there is room
  virtual bool read(std::string& to) = 0;  ///< appends what has come; false: the session ended
  /// Something may have come that descriptor() no longer tells: call read().
  virtual bool has_unread() const { return false; }
  virtual void write(std::string& from) = 0;  ///< takes what can go now, leaves the rest
  /// Each `keepalive` in which nothing was heard; false: nothing answers, the session ended.
  virtual bool keep_alive() { return true; }
  /// open() sent a break, which only the first one does: a later one may meet a node that boots.
  virtual bool sent_break() const { return false; }
  /// It ended. Called once after that, before close(); may wait a moment for what tells it.
  virtual std::string why() = 0;
};

std::unique_ptr<Transport> make_transport(const DoorSettings& settings);

// One each; make_transport() picks.
std::unique_ptr<Transport> make_command_transport(const DoorSettings& settings);
std::unique_ptr<Transport> make_serial_transport(const DoorSettings& settings);
std::unique_ptr<Transport> make_ssh_transport(const DoorSettings& settings);
std::unique_ptr<Transport> make_tcp_transport(const DoorSettings& settings);
std::unique_ptr<Transport> make_telnet_transport(const DoorSettings& settings);

/// On this thread, and on no program that it starts, a write to a session that ended is an error
/// and no signal.
void block_broken_pipes();

/// Moves bytes between `transport` and a stream socket of ours until either ends or `stop`.
void carry(Transport& transport, int plain, const Stop& stop, Duration keepalive);

}  // namespace understudy::targets

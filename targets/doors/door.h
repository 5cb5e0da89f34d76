// A console that is reached from outside: a thread that keeps a session open through a transport,
// opens it again when it ended (a switchover, a reboot, an idle log-out, a line that was pulled),
// and hands its bytes to the bench through a socket. The end of that socket is the end of the
// session. One owner; the events are taken on the owner's thread. Closing waits for the thread,
// which leaves every wait at once.
#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "targets/doors/transport.h"

namespace understudy::targets {

class Door {
 public:
  struct Event {
    enum class Kind { Opened, Ended, Failed };
    Kind kind = Kind::Opened;
    Descriptor bytes;  ///< Opened: to be read and written until its end
    std::string text;  ///< Ended, Failed: why
    std::string hint;
    bool is_final = false;    ///< Failed: it is not tried again
    bool sent_break = false;  ///< Opened
  };

  explicit Door(std::unique_ptr<Transport> transport, Duration keepalive);
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  int pollable() const { return news_.get(); }  ///< readable: take_events()
  std::vector<Event> take_events();

 private:
  void work();
  void tell(Event event);

  std::unique_ptr<Transport> transport_;
  Duration keepalive_;
  Stop stop_;
  Descriptor news_;
  std::mutex mutex_;
  std::vector<Event> events_;
  std::thread thread_;
};

}  // namespace understudy::targets

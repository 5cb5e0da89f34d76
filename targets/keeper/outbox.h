// What the keeper has to tell the harness. Relay threads and the main loop put messages in; nobody
// waits: what the harness is too busy to read is kept, in order, up to a limit, after which facts
// are lost and that is told. Thread-safe.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "targets/keeper/channel.h"

namespace understudy::targets {

class Outbox {
 public:
  explicit Outbox(int channel);

  void tell(const Json& event, std::vector<Descriptor> descriptors = {});

  /// Sends what waits. The main loop calls it when the channel can be written to.
  void flush();

  bool is_waiting() const;
  int wake() const { return wake_.get(); }  ///< readable when something began to wait
  void clear_wake();

 private:
  struct Letter {
    std::string body;
    std::vector<Descriptor> descriptors;
  };
  Sending send(const Letter& letter) const;
  void flush_locked();

  mutable std::mutex mutex_;
  int channel_;
  Descriptor wake_;
  std::deque<Letter> waiting_;
  bool has_lost_ = false;
};

}  // namespace understudy::targets

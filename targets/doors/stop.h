// The order to end a door's thread, as something that every wait of it watches.
#pragma once

#include "harness/target.h"
#include "targets/keeper/channel.h"

namespace understudy::targets {

class Stop {
 public:
  Stop();

  void order();
  bool is_ordered() const;
  int descriptor() const { return event_.get(); }

  /// Until `fd` (none if negative) has one of `events`, or the order comes, or `limit` is over.
  /// True if `fd` has.
  bool wait(int fd, short events, Duration limit) const;

 private:
  Descriptor event_;
};

}  // namespace understudy::targets

// Moves bytes between descriptors (ptys, pipes, sockets) and whoever handles them: one epoll set,
// big non-blocking reads, writes that wait for room without blocking. Used by the process bench and
// by the console benchmark. One thread; never spins, never sleeps, allocates only while output
// waits for room. Descriptors stay the caller's; add() makes them non-blocking.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/target.h"

namespace understudy::targets {

class Pump {
 public:
  using Id = std::size_t;

  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void bytes(Id from, std::string_view bytes) = 0;  ///< valid during the call only
    virtual void quiet(Id from) = 0;  ///< after bytes(): nothing more is there to be read
    virtual void ended(Id from) = 0;  ///< end of file or an error; nothing more will come
  };

  Pump();
  ~Pump();
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;

  /// Ids are never used again.
  Id add(int descriptor);
  void remove(Id id);

  /// Writes what fits now and the rest when there is room. Bytes for an ended descriptor are
  /// dropped.
  void send(Id id, std::string_view bytes);

  /// Waits at most `limit` until something can be read, and hands all that is there to `sink`, a
  /// descriptor at most `most_reads` chunks a call. Negative: without limit. False: the limit
  /// passed. The sink may call send(), and remove() the descriptor that it is called for.
  bool wait(Duration limit, Sink& sink);

  /// Readable when wait() has something to do: for callers that poll other descriptors as well.
  int pollable() const { return set_; }

 private:
  struct Line {
    int descriptor = -1;
    std::string unsent;
  };
  static constexpr std::size_t buffer_bytes = 64 << 10;
  static constexpr int most_reads = 16;

  void read_from(Id id, Sink& sink);
  void write_unsent(Id id);
  void watch(Id id, bool wants_room);

  int set_ = -1;
  std::vector<Line> lines_;
  std::unique_ptr<char[]> buffer_;
};

}  // namespace understudy::targets

// The frames of one link under faults: what passes now, what waits, what is lost; captures, marks
// and facts on the way. No thread, socket or clock: frames, time and orders go in, a callback
// sends. The relay drives it under a lock, with datagrams or with the frames of real interfaces; a
// simulated world may drive it with virtual time.
//
// FOLDER/LINK.pcap holds what passed, as it was passed on and when; FOLDER/LINK.lost.pcap what was
// lost, as it came. At most 65,536 frames wait at a time; one more is lost and told as Broken.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/error.h"
#include "harness/target.h"
#include "targets/frames.h"
#include "targets/wire/capture.h"
#include "targets/wire/faults.h"
#include "targets/wire/frame_facts.h"
#include "targets/wire/frame_filter.h"

namespace understudy::targets {

struct WireEnd {
  std::string node;
  FrameAddress address;  ///< as it stands in captures
};

struct WireSettings {
  std::string link;
  std::vector<WireEnd> ends;
  FrameWords frames;
  FrameLayer layer = FrameLayer::Datagram;
  std::size_t payload_at =
      0;                 ///< where in a frame begins what `frames` describes and what is corrupted
  FrameFilter filter{};  ///< which frames `frames` describes: others are `other`; empty: all
  std::string folder;
  Duration refresh = std::chrono::milliseconds(500);  ///< of unchanged facts
  Duration hold_limit = std::chrono::seconds(1);      ///< of a held frame that nothing overtakes
  std::uint64_t seed = 1;
};

/// A frame in a capture.
struct FrameMark {
  std::uint64_t number = 0;  ///< in its file, from 1; 0: there was none
  Time at{};
};

/// What a wire tells while frames pass.
struct WireNote {
  enum class Kind {
    Fact,   ///< `fact`
    Acted,  ///< fault `id` did its first frame, or its last one (`is_spent`); `mark` if it was lost
    Passed,  ///< the first frame after lift() number `id`: `mark`
    Stall,   ///< the relay's own timer was late over [from, at]
    Idle,    ///< a fault was lifted that had met no frame over [from, at]: `text`
    Broken   ///< `text`
  };
  Kind kind = Kind::Fact;
  Observation fact{};
  std::uint64_t id = 0;
  std::uint64_t acted = 0;
  bool is_spent = false;
  FrameMark mark{};
  Time from{};
  Time at{};
  std::string text{};
};

/// An order has taken hold: when, and the last frames before it that it concerns.
struct Installed {
  std::uint64_t id = 0;  ///< the fault's, or the number of the lift
  Time at{};
  FrameMark last_passed;
  FrameMark last_lost;
  std::vector<std::string> lives{};  ///< of a lift: what each fault met, in words
};

class Wire {
 public:
  /// Hands a frame to the receiver's end; false if the host's kernel refused it.
  using Send = std::function<bool(std::size_t to, std::span<const std::uint8_t> frame)>;

  static Result<std::unique_ptr<Wire>> create(WireSettings settings, Send send);

  /// A frame of end `from`, which came to the link at `came` and is read `now`.
  void arrived(std::size_t from, std::span<const std::uint8_t> frame, Time came, Time now);
  void time_passed(Time now);
  std::optional<Time> next_due() const;

  Installed install(const Fault& fault, Time now);
  Installed lift(Time now);
  void only_forward(Time now);  ///< lifts, and neither captures nor tells anything from then on

  std::vector<WireNote> take_notes() { return std::exchange(notes_, {}); }
  void note(WireNote note) { notes_.push_back(std::move(note)); }
  void flush();

 private:
  struct FrameView {
    std::size_t from = 0;
    std::size_t to = 0;
    std::size_t type = 0;  ///< index of the frames data; behind the last one: other
    std::span<const std::uint8_t> bytes;
  };
  /// One that waits.
  struct Frame {
    FrameView view;
    std::vector<std::uint8_t> bytes;
  };
  struct Marks {
    FrameMark passed;
    FrameMark lost;
  };
  using Way = std::pair<std::size_t, std::size_t>;

  Wire(WireSettings settings, Send send, std::unique_ptr<Capture> passed,
       std::unique_ptr<Capture> lost);
  std::span<const std::uint8_t> message_of(std::span<const std::uint8_t> frame) const;
  void cross(FrameView frame, const Decision& decision, Time now);
  FrameMark pass(const FrameView& frame, Time now);
  FrameMark lose(const FrameView& frame, Time now);
  void keep(const FrameView& frame, Time due, bool is_held);
  void release(Way way, Time now);
  void deliver_late(const Frame& kept, Time now);
  void tell_acted(const Decision& decision, FrameMark mark, Time now);
  Marks& marks_of(const FrameView& frame) {
    return marks_[(frame.from * settings_.ends.size() + frame.to) * types_.size() + frame.type];
  }
  void broken(std::string cause, Time now);

  WireSettings settings_;
  Send send_;
  std::unique_ptr<Capture> passed_;
  std::unique_ptr<Capture> lost_;
  FaultTable table_;
  FrameFacts facts_;
  std::mt19937_64 random_;
  std::vector<std::string> types_;
  std::vector<Marks> marks_;  // of each ordered pair and type
  std::vector<std::uint8_t> corrupted_;
  std::multimap<Time, Frame> delayed_;
  std::multimap<Way, std::pair<Time, Frame>> held_;
  std::vector<WireNote> notes_;
  std::vector<Time> installed_;  // when each fault that is in place was
  std::uint64_t lifts_ = 0;
  bool awaits_passage_ = false;  // since the last lift no frame has passed
  bool is_broken_ = false;
  bool only_forwards_ = false;
};

}  // namespace understudy::targets

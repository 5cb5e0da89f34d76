// What a link does to its frames: a table of faults and the decision that it makes for each frame.
// Pure logic without I/O, time or randomness of its own (those are inputs), so that the relay on
// real sockets and the simulated bench do the same to the same frames. Not thread-safe; the relay
// guards it.
//
// The host's duties, for each frame and each receiver:
//   1. decide(); count nothing itself.
//   2. If `lost`, forget the frame.
//   3. If `corrupt`, change that byte; deliver one copy after each of `deliveries`.
//   4. If `is_held`, keep the frame instead; when a later decision of the same ordered pair says
//      `releases_held`, deliver the kept ones directly after that frame. Deliver them as well when
//      the faults are lifted, or when a limit of the host's has passed (then call released()).
//   5. Before a delayed or held frame is delivered: if is_cut(), it is lost (call
//   count_late_loss()).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/error.h"
#include "harness/target.h"

namespace understudy::targets {

/// One fault on one link. Ends are indexes into the link's list of ends.
struct Fault {
  enum class Kind { Cut, Drop, Delay, Duplicate, Reorder, Corrupt };
  Kind kind = Kind::Cut;
  std::optional<std::size_t> from;  ///< absent: every sender
  std::optional<std::size_t> to;    ///< absent: every receiver
  std::string type;                 ///< a name of the frames data; empty: every frame
  std::optional<std::uint64_t>
      count;                        ///< so many matching frames, then spent; absent: until lifted
  std::uint32_t share = 1'000'000;  ///< of the matching frames, in millionths, by the random input
  Duration by{};                    ///< Delay: how long; Duplicate: the copy's delay
  std::string behind = "";          ///< begins behind the first frame of this type; empty: at once

  friend bool operator==(const Fault&, const Fault&) = default;
};

std::string_view to_word(Fault::Kind kind);  ///< "cut", "drop", ...

struct Corruption {
  std::size_t position = 0;
  std::uint8_t flip = 0;  ///< never 0: XOR it into the byte

  friend bool operator==(const Corruption&, const Corruption&) = default;
};

struct Decision {
  bool lost = false;
  std::vector<Duration>
      deliveries;  ///< delays; one of zero for an untouched frame; empty if lost or held
  std::optional<Corruption> corrupt;
  bool is_held = false;
  bool releases_held = false;
  std::vector<std::uint64_t>
      faults;  ///< ids of the faults that acted on it, in the order they were added

  friend bool operator==(const Decision&, const Decision&) = default;
};

/// What one fault has done so far.
struct FaultCount {
  std::uint64_t id = 0;
  std::uint64_t acted = 0;  ///< frames that it changed or lost
  bool is_spent = false;    ///< its `count` is used up

  friend bool operator==(const FaultCount&, const FaultCount&) = default;
};

/// What a fault has done in its whole life.
struct FaultLife {
  Fault fault;
  std::uint64_t acted = 0;   ///< frames that it changed or lost
  std::uint64_t came = 0;    ///< frames of any type on its ordered pairs
  std::uint64_t behind = 0;  ///< which of those it began behind; 0: none

  /// Frames came and it met none of them: nobody can say that it was injected.
  bool is_idle() const { return acted == 0 && came > 0; }

  friend bool operator==(const FaultLife&, const FaultLife&) = default;
};

/// "drop of heartbeat from A to B met 0 of 12 frames"
std::string in_words(const FaultLife& life, const std::vector<std::string>& ends);

class FaultTable {
 public:
  explicit FaultTable(std::size_t ends) : ends_(ends), pairs_(ends * ends) {}

  /// Returns the fault's id, counted from 1.
  std::uint64_t add(Fault fault);
  void lift(std::uint64_t id);
  std::vector<FaultLife> lift_all();

  /// What becomes of a frame of `length` bytes. `random` is a fresh draw for each call. Losses come
  /// first: a frame that is cut or dropped uses up no other fault's count.
  Decision decide(std::size_t from, std::size_t to, std::string_view type, std::size_t length,
                  std::uint64_t random);

  /// True if a cut forbids this frame now, for frames that were decided earlier and delayed.
  bool is_cut(std::size_t from, std::size_t to, std::string_view type) const;
  void count_late_loss(std::size_t from, std::size_t to);

  /// The host delivered a held frame by its own limit: the pair holds nothing any more.
  void released(std::size_t from, std::size_t to);

  std::optional<FaultCount> count(std::uint64_t id) const;
  std::uint64_t passed(std::size_t from, std::size_t to) const { return pair(from, to).passed; }
  std::uint64_t lost(std::size_t from, std::size_t to) const { return pair(from, to).lost; }
  bool empty() const { return faults_.empty(); }

  friend bool operator==(const FaultTable&, const FaultTable&) = default;

 private:
  struct Entry {
    std::uint64_t id = 0;
    Fault fault;
    std::uint64_t acted = 0;
    std::uint64_t came = 0;
    std::uint64_t behind = 0;  ///< of those that came

    bool has_begun() const { return fault.behind.empty() || behind != 0; }
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  struct Pair {
    std::uint64_t passed = 0;
    std::uint64_t lost = 0;
    bool holds = false;
    friend bool operator==(const Pair&, const Pair&) = default;
  };
  const Pair& pair(std::size_t from, std::size_t to) const { return pairs_[from * ends_ + to]; }
  Pair& pair(std::size_t from, std::size_t to) { return pairs_[from * ends_ + to]; }
  Decision decision_on(std::size_t from, std::size_t to, std::string_view type, std::size_t length,
                       std::uint64_t random);
  bool acts(Entry& entry, std::size_t from, std::size_t to, std::string_view type,
            std::uint64_t& random);
  void change(Decision& decision, const Fault& fault, std::size_t length, std::uint64_t& random);

  std::size_t ends_ = 0;
  std::vector<Pair> pairs_;
  std::vector<Entry> faults_;
  std::uint64_t last_id_ = 0;
};

/// The fault that an act of the bench orders (cut, drop, delay, duplicate, reorder, corrupt), with
/// `ends` the node names of the link and `types` the names of its frames data. Refuses unknown
/// nodes, types, arguments and numbers with a suggestion.
Result<Fault> fault_from_act(const Act& act, const std::vector<std::string>& ends,
                             const std::vector<std::string>& types);

/// Durations of acts: "250ms", "1.5s", "40us"; shares: "10%", "0.5"; in an act both are text.
std::optional<Duration> duration_from_text(std::string_view text);

}  // namespace understudy::targets

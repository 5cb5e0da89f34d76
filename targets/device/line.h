// One node's console as the device sees it: its session, what is asked of it, what is known of the
// node without asking. A plain record; the device alone changes it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "targets/console/session.h"
#include "targets/device/reading.h"
#include "targets/device/transcript.h"

namespace understudy::targets {

/// What a request was for.
struct Purpose {
  enum class Kind { Session, Setup, Identity, Read, Act, Collect, Custody, Nudge };
  Kind kind = Kind::Setup;
  std::size_t index = 0;  ///< of the read, the errand or the command to collect
  std::string line{};     ///< that was typed
};

/// How one read of one node stands.
struct ReadState {
  std::optional<Time> asked;       ///< of the latest answer, read or unread
  int attempts = 0;                ///< answers since the wait began
  bool was_read = false;           ///< the latest answer could be read
  std::string last_unread{};       ///< so that the same trouble is told once
  std::vector<Told> doubted{};     ///< by log lines in the latest answer
  bool was_ever_known = false;     ///< the device has carried the command out
  int refusals = 0;                ///< answers that it does not know the command
  bool is_unread_doubted = false;  ///< it could not be read, perhaps for log lines
};

struct Line {
  std::string name;
  std::unique_ptr<Session> session;
  Transcript transcript;

  int refused_logins = 0;              ///< since the bench was started; none that a boot explains
  bool is_given_up = false;            ///< its session does not try to log in again
  std::string refusal_words{};         ///< of the latest one
  bool has_ended = false;              ///< the node's process ended, or its power is off
  bool has_prompted = false;           ///< since it was started
  Time told{};                         ///< when its own attributes were last told of
  bool may_end = false;                ///< an act of ours explains it if it does
  bool may_be_silent = false;          ///< a button was pressed since its last prompt
  std::optional<Time> silent_since{};  ///< it was closed, or a line typed then was not even echoed
  Time heard{-1};                      ///< when it last printed
  bool closed_unasked = false;
  std::string why_closed{};  ///< its latest session, as far as its door knows
  bool needs_setup = true;
  std::set<std::string> proven{};             ///< attributes of its identity that this session told
  std::optional<std::size_t> doubted_read{};  ///< of its identity: asked for a second time
  bool needs_banner = false;  ///< a start was counted; the banner that follows is the same boot
  std::set<std::string> boot_lines{};  ///< seen since the last prompt: one boot prints each once

  std::unique_ptr<Session> dark{};  ///< reads on while the node has no power, as far as was seen
  Time booted{-1};                  ///< when it last did
  std::int64_t boots = 0;
  std::int64_t boots_at_act = 0;
  std::vector<std::int64_t> counters{};
  std::string asked = "nothing";
  std::string answered = "nothing";

  std::map<std::uint64_t, Purpose> pending{};
  std::vector<ReadState> reads{};
  std::vector<std::size_t> round{};  ///< reads still to be sent in this poll
  Time next_poll{};
  Time last_failure{-1};  ///< when a request last ended without an answer
};

/// It has a prompt, or will have one when it has answered.
inline bool is_answering(const Line& line) {
  const Mode mode = line.session->mode();
  return mode == Mode::Shell || mode == Mode::Busy;
}

/// An act of ours is under way on it: its silence until that is answered means nothing.
inline bool is_carrying_out(const Line& line) {
  return std::ranges::any_of(line.pending,
                             [](const auto& one) { return one.second.kind == Purpose::Kind::Act; });
}

}  // namespace understudy::targets

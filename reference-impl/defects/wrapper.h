// What the defects are written with: an interposer made of a few functions, which share a small
// memory. This and the catalogue's files are the only ones outside of chassis that look into the
// engine: a defect is a rule of the engine gone wrong.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference-impl/chassis/engine.h"
#include "reference-impl/chassis/query.h"
#include "reference-impl/interposer.h"

namespace understudy::reference {

/// A defect's own memory: part of the world's state.
using Notes = std::map<std::string, std::int64_t>;

/// What a piece of a defect gets to see and change.
struct Moment {
  Machine machine;
  Notes& notes;
  std::size_t from;  ///< of the step's outputs

  Node& node() { return machine.node; }
  const Profile& profile() { return machine.profile; }
  bool leads() const { return machine.office() == Office::Lead; }
  bool seconds() const { return machine.office() == Office::Second; }
};

struct Wrapping {
  std::function<bool(Moment&, Input&)> before = nullptr;
  std::function<void(Moment&)> after = nullptr;
  std::function<void(Notes&, std::string&)> typed = nullptr;
  std::function<void(Notes&, std::string&)> printed = nullptr;
};

class Wrapper final : public Interposer {
 public:
  explicit Wrapper(Wrapping wrapping)
      : wrapping_(std::make_shared<const Wrapping>(std::move(wrapping))) {}

  std::unique_ptr<Interposer> clone() const override { return std::make_unique<Wrapper>(*this); }
  std::string canonical_bytes() const override {
    std::string bytes;
    for (const auto& [name, value] : notes_) bytes += name + '=' + std::to_string(value) + '\n';
    return bytes;
  }
  bool before(const Profile& profile, Node& node, Diary& diary, Input& input,
              Outputs& outputs) override {
    if (!wrapping_->before) return true;
    Moment moment{{profile, node, diary, outputs}, notes_, outputs.size()};
    return wrapping_->before(moment, input);
  }
  void after(const Profile& profile, Node& node, Diary& diary, Outputs& outputs,
             std::size_t from) override {
    if (!wrapping_->after) return;
    Moment moment{{profile, node, diary, outputs}, notes_, from};
    wrapping_->after(moment);
  }
  void typed(std::string& bytes) override {
    if (wrapping_->typed) wrapping_->typed(notes_, bytes);
  }
  void printed(std::string& bytes) override {
    if (wrapping_->printed) wrapping_->printed(notes_, bytes);
  }

 private:
  std::shared_ptr<const Wrapping> wrapping_;
  Notes notes_;
};

inline auto wrapped(Wrapping wrapping) {
  return [wrapping = std::move(wrapping)](Slot) -> std::unique_ptr<Interposer> {
    return std::make_unique<Wrapper>(wrapping);
  };
}
inline auto before(std::function<bool(Moment&, Input&)> piece) {
  return wrapped({.before = std::move(piece)});
}
inline auto after(std::function<void(Moment&)> piece) {
  return wrapped({.after = std::move(piece)});
}
inline auto typed(std::function<void(Notes&, std::string&)> piece) {
  return wrapped({.typed = std::move(piece)});
}
inline auto printed(std::function<void(Notes&, std::string&)> piece) {
  return wrapped({.printed = std::move(piece)});
}

/// The command of an order that an operator gave, if it is one of that kind.
template <typename One>
One* ordered(Input& input) {
  auto* order = std::get_if<Ordered>(&input);
  return order ? std::get_if<One>(&order->command) : nullptr;
}

/// The frame that comes in, if it is of `type`.
std::optional<FrameHeader> incoming(const Input& input, FrameType type);

/// Replaces every occurrence.
void replace_all(std::string& text, std::string_view what, std::string_view by);

/// Changes each heartbeat that the step sends.
void change_heartbeats(Moment& moment, const std::function<void(FrameHeader&, Heartbeat&)>& change);
/// Changes each write to flash that the step orders.
void change_writes(Moment& moment, const std::function<void(WriteFlash&)>& change);
/// The name of a write that no reader ever looks for.
inline constexpr std::string_view lost_write = "lost.0";
/// Takes out of what the step orders what fits.
void drop_outputs(Moment& moment, const std::function<bool(const Output&)>& which);
/// Takes the frames of that type out of what the step sends.
void drop_frames(Moment& moment, FrameType type);

/// Has the node become lead in this very step? `notes` remember what it was.
bool has_become(Moment& moment, Office office);

// ------------------------------------------------------------------ changes of a profile's tables

/// How a second may come to be without its lead.
inline constexpr Event all_losses[] = {Event::LeadLostInSync, Event::LeadLostNotInSync,
                                       Event::LeadLeftInSync, Event::LeadLeftNotInSync,
                                       Event::LeadLeftForced};

TransitionRow* row_for(Profile& profile, NodeState from, Event event);
ElectionRow* row_for(Profile& profile, Factor factor);
CommandRow* row_for(Profile& profile, CommandKind kind);
ApplicationRow* row_for(Profile& profile, std::string_view application);
/// What becomes of these applications' entries at a failover, for Defect::replace.
std::function<void(Profile&)> at_failover(std::vector<std::string_view> names, AtFailover fate);
void remove_transitions(Profile& profile, Event event);
void remove_factor(Profile& profile, Factor factor);
void remove_rule(Profile& profile, Content content, When when);
void remove_action(TransitionRow* row, Action action);

using Defects = std::vector<struct Defect>;

}  // namespace understudy::reference

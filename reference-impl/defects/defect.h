// Deliberate defects: firmware that breaks one rule of the manual, so that a suite can prove that
// it would notice. A defect is a profile with one entry replaced, or an interposer round a node's
// inputs and outputs; the clean code knows none of them. Which clauses a defect breaks is written
// down here, before any run. Used by the simulated bench, by understudy-node --defect and by tests.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "reference-impl/chassis/profile.h"
#include "reference-impl/interposer.h"

namespace understudy::reference {

struct Defect {
  std::string_view id;        ///< a name, never a position: "higher-priority-number-wins"
  std::string_view sentence;  ///< what the firmware does
  std::vector<std::string_view> clauses;  ///< of the profile's suite that it breaks
  std::string_view origin;                ///< "M1": number in the fact sheet; empty: ours
  std::function<void(Profile&)> replace = nullptr;
  std::function<std::unique_ptr<Interposer>(Slot)> interpose = nullptr;
};

/// What was thought of and cannot be seen from outside, or breaks no published fact, with the
/// reason.
struct Unobservable {
  std::string_view origin;
  std::string_view sentence;
  std::string_view reason;
};

/// Of a profile by name; empty for one without a catalogue.
std::span<const Defect> defects_of(std::string_view profile);
std::span<const Unobservable> unobservable_of(std::string_view profile);
const Defect* find_defect(std::string_view profile, std::string_view id);

}  // namespace understudy::reference

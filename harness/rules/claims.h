// What was claimed of a node's synchronisation, and how long that was false and since when it was
// true, as far as this run's own facts go. Facts are the answers of the other console at about the
// same moment, and what the node turned out to have after the other one was taken away. An act of
// ours may change the truth, so a claim counts from the first answer after the latest act up to the
// next one. Within that span it is taken to become true once and to stay so: false at an instant
// means false at every earlier one. Nothing here passes or fails a case; most claims of most runs
// are proven by nothing, and that is said. Pure; `explore/audit.h` closes in on the bounds by many
// runs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/rules/trace.h"

namespace understudy::rules {

struct Proof {
  bool is_true = false;
  Time from{};  ///< it holds at some instant in [from, to]
  Time to{};
  std::string how;       ///< "after lose MSM-A, MSM-B has another config.active than ..."
  std::size_t line = 0;  ///< of the history: what was read of the node
};

struct Claim {
  std::string observer;  ///< who claimed it
  std::string subject;   ///< of which node
  Value value;
  Time asked{};  ///< it was claimed first in [asked, heard]
  Time heard{};
  Time until{};          ///< and last then, in this span
  std::size_t line = 0;  ///< of the first answer
  std::vector<Proof> proofs;
  std::optional<Time> false_until;  ///< the latest instant at which it is proven false
  std::optional<Time> true_from;    ///< the first one after that by which it is proven true

  /// It was made, and was proven false then or later.
  bool is_contradicted() const { return false_until && heard <= *false_until; }
};

inline constexpr const char* claimed_attribute = "sync";
inline constexpr const char* claimed_value = "InSync";

std::vector<Claim> claims_of(const Plan& plan, const History& history);

/// "MSM-A claimed InSync of MSM-B at 2.050s" and "proven false until 2.175s", and so on.
std::string to_text(const Claim& claim);
std::string bounds_text(const Claim& claim);

}  // namespace understudy::rules

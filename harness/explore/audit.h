// When was a claim made, and since when is it true? A case that lets time pass and then audits
// (takes the master away and looks at what is left) is run again and again with the audit at other
// moments, on a simulated target: only there does every run do the same thing at the same time.
// Each run proves the claim true or false at one moment; the answer is two bounds that close in on
// each other down to a resolution, never a point. Pure but for the targets that it opens.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge.h"

namespace understudy::explore {

/// What was claimed in the run without an early audit, in time since the last act before the pause.
struct ClaimHeard {
  std::string observer;
  std::string subject;
  std::string attribute;  ///< "sync"
  Value value;            ///< "InSync"
  Duration asked{};       ///< the claim was made between the two
  Duration heard{};
  std::optional<Duration>
      contradicted_at{};        ///< by what that run itself saw: the latest such moment
  std::string contradiction{};  ///< "config.active of MSM-B at 0.180s is not that of MSM-A at ..."
};

struct Audit {
  std::string case_name;
  std::string plan;    ///< "insync-claim-is-true,delay=10ms": the case and what it was varied by
  std::string clause;  ///< that the audit's last demand checks
  std::string since;   ///< "power-on MSM-B": what time counts from
  std::vector<ClaimHeard> claims;       ///< the first of each observer
  std::optional<Duration> false_until;  ///< the latest moment at which an audit proved it false
  std::optional<Duration> true_from;    ///< from here on every audit proved it true
  Duration resolution{};                ///< that was asked for; see gap()
  std::size_t runs = 0;
  std::map<Duration, std::string> moments;  ///< each audit: "true", "false", or why neither

  /// How far the two bounds are apart; nothing where there are no two.
  std::optional<Duration> gap() const;
  /// This claim was heard at or before a moment at which an audit proved it false.
  bool is_refuted(const ClaimHeard& claim) const;
  /// Some claim is refuted, or contradicted by what the run itself saw.
  bool has_lie() const;
  /// There was a claim, and some moment proved it true or false.
  bool is_judged() const;
};

struct AuditOptions {
  Duration resolution = std::chrono::milliseconds(10);
  std::string attribute = "sync";
  Value value = "InSync";
  std::string folder;
};

/// `plan` has a pause that a `do` follows. An error: it has not, or the testbed does not repeat
/// itself exactly, or the target could not be opened.
Result<Audit> audit(const Plan& plan, Testbed& testbed, const AuditOptions& options,
                    const Cancel& cancel);

/// "MSM-A claimed InSync of MSM-B at 3.41s, proven false until 3.32s, proven true from 3.33s", for
/// each claim, the runs that it took, and each lie with what shows it.
std::string to_text(const Audit& audit);
Json to_json(const Audit& audit);

}  // namespace understudy::explore

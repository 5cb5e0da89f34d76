#include "harness/explore/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "harness/history.h"
#include "harness/rules/claims.h"
#include "harness/run.h"

namespace understudy::explore {
namespace {

/// The last pause that a `do` follows: the moment of the audit.
std::optional<std::size_t> pause_of(const Plan& plan) {
  for (std::size_t step = plan.steps.size(); step > 1; --step) {
    const bool is_pause = plan.steps[step - 2].step.kind == Step::Kind::Pause;
    if (is_pause && plan.steps[step - 1].step.kind == Step::Kind::Do) return step - 2;
  }
  return std::nullopt;
}

class Auditor {
 public:
  Auditor(const Plan& plan, std::size_t pause, Testbed& testbed, const AuditOptions& options,
          const Cancel& cancel)
      : plan_(plan), pause_(pause), testbed_(testbed), options_(options), cancel_(cancel) {}

  Result<Audit> go() {
    result_.case_name = plan_.case_name;
    result_.plan = plan_.id;
    result_.resolution = options_.resolution;
    const Duration longest = plan_.steps[pause_].bound;
    const auto last = run_at(longest);
    if (!last) return tl::unexpected(last.error());
    note_claims();
    if (result_.claims.empty()) return result_;
    for (const ClaimHeard& claim : std::vector(result_.claims)) {
      if (const auto run = run_at(claim.heard); !run) return tl::unexpected(run.error());
    }
    if (const auto searched = search(longest); !searched) return tl::unexpected(searched.error());
    conclude();
    return result_;
  }

 private:
  enum class Truth { True, False, Open };

  Result<Truth> run_at(Duration moment) {
    if (const auto known = truths_.find(moment); known != truths_.end()) return known->second;
    Plan plan = plan_;
    plan.steps[pause_].bound = moment;
    auto target = testbed_.open(options_.folder, plan.seed);
    if (!target) return tl::unexpected(target.error());
    HistoryInMemory sink;
    run(plan, **target, sink, cancel_);
    ++result_.runs;
    if (truths_.empty()) first_ = sink.history;
    const auto verdicts = judge(plan, sink.history);
    const Truth truth = truth_of(verdicts, moment);
    truths_[moment] = truth;
    return truth;
  }

  /// The last demand decides; where it was not reached it is open.
  Truth truth_of(const std::vector<Verdict>& verdicts, Duration moment) {
    const Verdict* last = nullptr;
    for (const Verdict& verdict : verdicts) {
      if (verdict.step < plan_.steps.size()) last = &verdict;
    }
    if (last == nullptr) return Truth::Open;
    result_.clause = last->clause.id;
    const bool is_true = last->outcome == Verdict::Outcome::Pass;
    const bool is_false = last->outcome == Verdict::Outcome::Fail;
    result_.moments[moment] = is_true    ? "true"
                              : is_false ? "false"
                                         : to_text(last->outcome) + " " + last->cause;
    return is_true ? Truth::True : is_false ? Truth::False : Truth::Open;
  }

  /// From the latest act before the pause on: the first time that each observer claims it.
  void note_claims() {
    for (const Entry& entry : first_.entries) {
      if (entry.kind == Entry::Kind::Acted && entry.step < pause_) {
        origin_ = entry.receipt.done;
        result_.since = fmt::format("{} {}", entry.act.word,
                                    entry.act.arguments.value("node", Json("")).dump());
        std::erase(result_.since, '"');
      }
    }
    for (const Entry& entry : first_.entries) {
      const Observation& seen = entry.observation;
      const bool is_claim = entry.kind == Entry::Kind::Observed && seen.heard > origin_ &&
                            seen.attribute == options_.attribute && seen.value == options_.value &&
                            seen.heard <= origin_ + plan_.steps[pause_].bound;
      const auto is_known = [&](const ClaimHeard& claim) {
        return claim.observer == seen.observer && claim.subject == seen.subject;
      };
      if (!is_claim || std::any_of(result_.claims.begin(), result_.claims.end(), is_known)) {
        continue;
      }
      result_.claims.push_back({seen.observer, seen.subject, seen.attribute, seen.value,
                                seen.asked - origin_, seen.heard - origin_});
    }
  }

  /// Halves the span between the latest moment that is known to be false and one that is true.
  Result<void> search(Duration longest) {
    Duration low{};
    Duration high = longest;
    const auto first = run_at(low);
    if (!first) return tl::unexpected(first.error());
    bool is_false = false;
    for (const auto& [moment, truth] : truths_) {
      if (truth != Truth::False) continue;
      is_false = true;
      low = moment;
    }
    if (!is_false || truths_[longest] != Truth::True) return {};
    for (const auto& [moment, truth] : truths_) {
      if (moment > low && truth == Truth::True) high = std::min(high, moment);
    }
    while (high - low > options_.resolution && !cancel_.is_cancelled()) {
      const Duration middle =
          low +
          options_.resolution * std::max<std::int64_t>(1, (high - low) / 2 / options_.resolution);
      const auto truth = run_at(middle);
      if (!truth) return tl::unexpected(truth.error());
      (*truth == Truth::True ? high : low) = middle;
    }
    return {};
  }

  /// What the run itself proves false of a claim, whether or not it came to its audit: of a node
  /// that was away, or that the other console contradicts.
  void note_contradictions() {
    const Time last = origin_ + plan_.steps[pause_].bound;
    for (const rules::Claim& claim : rules::claims_of(plan_, first_)) {
      const bool is_audited = claim.heard > origin_ && claim.heard <= last;
      if (!is_audited || !claim.is_contradicted() || *claim.false_until > last) continue;
      const Duration at = *claim.false_until - origin_;
      for (ClaimHeard& heard : result_.claims) {
        const bool is_it = heard.observer == claim.observer && heard.subject == claim.subject;
        if (!is_it || at < heard.contradicted_at.value_or(Duration::zero())) continue;
        heard.contradicted_at = at;
        heard.contradiction = how_false(claim);
      }
    }
  }

  static std::string how_false(const rules::Claim& claim) {
    std::string how;
    for (const rules::Proof& proof : claim.proofs)
      if (!proof.is_true && proof.from == *claim.false_until) how = proof.how;
    return how;
  }

  void conclude() {
    for (const auto& [moment, truth] : truths_) {
      if (truth == Truth::False) result_.false_until = moment;
    }
    note_contradictions();
    for (const auto& [moment, truth] : truths_) {
      if (truth != Truth::True || moment <= result_.false_until.value_or(Duration(-1))) {
        result_.true_from.reset();
      } else if (!result_.true_from) {
        result_.true_from = moment;
      }
    }
  }

  const Plan& plan_;
  std::size_t pause_;
  Testbed& testbed_;
  const AuditOptions& options_;
  const Cancel& cancel_;
  Audit result_;
  History first_;
  Time origin_{};  ///< of the latest act before the pause, in that run
  std::map<Duration, Truth> truths_;
};

constexpr std::int64_t second = 1'000'000'000;

/// In seconds, with the decimals of the resolution, milliseconds at least: down, or up.
struct Decimals {
  int count = 3;
  std::int64_t unit = second / 1000;

  explicit Decimals(Duration resolution) {
    for (; resolution.count() % unit != 0; unit /= 10) ++count;
  }
  std::string down(Duration duration) const {
    const std::int64_t units = duration.count() / unit;
    return fmt::format("{}.{:0{}}s", units / (second / unit), units % (second / unit), count);
  }
  std::string up(Duration duration) const { return down(duration + Duration(unit - 1)); }
};

}  // namespace

std::optional<Duration> Audit::gap() const {
  if (!false_until || !true_from) return std::nullopt;
  return *true_from - *false_until;
}

bool Audit::is_refuted(const ClaimHeard& claim) const {
  return false_until && claim.heard <= *false_until;
}

bool Audit::has_lie() const {
  return std::ranges::any_of(
      claims, [&](const ClaimHeard& claim) { return claim.contradicted_at || is_refuted(claim); });
}

bool Audit::is_judged() const {
  return !claims.empty() && (false_until || true_from);
}

Result<Audit> audit(const Plan& plan, Testbed& testbed, const AuditOptions& options,
                    const Cancel& cancel) {
  if (!testbed.is_virtual()) {
    return fail(testbed.name(), "cannot be audited: its runs do not repeat themselves exactly",
                "simulated ones do");
  }
  const auto pause = pause_of(plan);
  if (!pause) {
    return fail(plan.case_name, "has no pause before an act",
                "an audit moves such a pause: see audit-of-the-insync-claim");
  }
  return Auditor(plan, *pause, testbed, options, cancel).go();
}

std::string sentence_of(const Audit& audit, const ClaimHeard& claim) {
  const Decimals seconds(audit.resolution);
  std::string text = fmt::format("{} claimed {} of {} at {}", claim.observer, claim.value,
                                 claim.subject, seconds.down(claim.heard));
  if (claim.asked != claim.heard) text += fmt::format(" (asked at {})", seconds.down(claim.asked));
  text += audit.false_until
              ? fmt::format(", proven false until {}", seconds.down(*audit.false_until))
              : ", never proven false";
  return text + (audit.true_from
                     ? fmt::format(", proven true from {}", seconds.up(*audit.true_from))
                     : ", never proven true");
}

std::string gap_text(const Audit& audit) {
  if (const auto gap = audit.gap())
    return fmt::format("the two bounds are {} apart", understudy::to_text(*gap));
  return audit.true_from     ? "no moment proved it false"
         : audit.false_until ? "no moment proved it true"
                             : "no moment proved anything";
}

std::vector<std::string> lies_of(const Audit& audit) {
  const Decimals seconds(audit.resolution);
  std::vector<std::string> lies;
  for (const ClaimHeard& claim : audit.claims) {
    const std::string claimed = fmt::format("{} claimed {} of {} at {}", claim.observer,
                                            claim.value, claim.subject, seconds.down(claim.heard));
    if (audit.is_refuted(claim))
      lies.push_back(fmt::format("{}, and the audit at {} proves it false ({})", claimed,
                                 seconds.down(*audit.false_until), audit.clause));
    if (claim.contradicted_at)
      lies.push_back(fmt::format("{}, and at {} it was false; in the time of the run, {}", claimed,
                                 seconds.down(*claim.contradicted_at), claim.contradiction));
  }
  return lies;
}

std::string to_text(const Audit& audit) {
  const Decimals seconds(audit.resolution);
  std::string text = audit.plan;
  text += audit.since.empty() ? ":\n" : fmt::format(", since {}:\n", audit.since);
  if (audit.claims.empty()) return text + "  never claimed, so there is nothing to hold it to\n";
  for (const ClaimHeard& claim : audit.claims)
    text += fmt::format("  {}\n", sentence_of(audit, claim));
  text += fmt::format("  {} runs; {}\n", audit.runs, gap_text(audit));
  for (const std::string& lie : lies_of(audit)) text += fmt::format("  a lie: {}\n", lie);
  return text;
}

Json to_json(const Audit& audit) {
  const auto in_seconds = [](Duration duration) {
    return std::chrono::duration<double>(duration).count();
  };
  Json claims = Json::array();
  for (const ClaimHeard& claim : audit.claims) {
    claims.push_back({{"observer", claim.observer},
                      {"subject", claim.subject},
                      {"attribute", claim.attribute},
                      {"value", claim.value},
                      {"asked_s", in_seconds(claim.asked)},
                      {"heard_s", in_seconds(claim.heard)},
                      {"is_refuted", audit.is_refuted(claim)},
                      {"contradicted_s",
                       claim.contradicted_at ? Json(in_seconds(*claim.contradicted_at)) : Json()},
                      {"contradiction", claim.contradiction}});
  }
  Json sentences = Json::array();
  for (const ClaimHeard& claim : audit.claims) sentences.push_back(sentence_of(audit, claim));
  Json moments = Json::array();
  for (const auto& [moment, words] : audit.moments) {
    moments.push_back({{"at_s", in_seconds(moment)}, {"claim_is", words}});
  }
  Json json = {{"case", audit.case_name},        {"plan", audit.plan},
               {"clause", audit.clause},         {"since", audit.since},
               {"claims", std::move(claims)},    {"sentences", std::move(sentences)},
               {"audits", std::move(moments)},   {"resolution_s", in_seconds(audit.resolution)},
               {"gap", gap_text(audit)},         {"lies", lies_of(audit)},
               {"is_judged", audit.is_judged()}, {"is_lie", audit.has_lie()}};
  json["false_until_s"] = audit.false_until ? Json(in_seconds(*audit.false_until)) : Json();
  json["true_from_s"] = audit.true_from ? Json(in_seconds(*audit.true_from)) : Json();
  return json;
}

}  // namespace understudy::explore

#include "harness/editions.h"

#include <fmt/format.h>

#include <algorithm>

namespace understudy {
namespace {

using Outcome = Verdict::Outcome;

/// A refutation is final; what one verdict shows, another may leave open.
Outcome together(Outcome one, Outcome other) {
  for (const Outcome outcome : {Outcome::Fail, Outcome::Pass, Outcome::Inconclusive}) {
    if (one == outcome || other == outcome) return outcome;
  }
  return Outcome::NotRun;
}

void add(std::vector<EditionFit>& all, const EditionFit& fit) {
  for (EditionFit& known : all) {
    if (to_text(known.edition) != to_text(fit.edition)) continue;
    // Silence shows nothing where another verdict does.
    if (fit.is_silent) return;
    known.outcome = known.is_silent ? fit.outcome : together(known.outcome, fit.outcome);
    known.is_silent = false;
    return;
  }
  all.push_back(fit);
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string listed(const std::vector<std::string>& names, const char* last) {
  if (names.size() < 2) return names.empty() ? "" : names.front();
  const std::vector<std::string> before(names.begin(), names.end() - 1);
  return fmt::format("{} {} {}", fmt::join(before, ", "), last, names.back());
}

std::vector<std::string> labels_with(const std::vector<EditionFit>& fits, Outcome outcome) {
  std::vector<std::string> labels;
  for (const EditionFit& fit : fits)
    if (fit.outcome == outcome && !fit.is_silent) labels.push_back(to_text(fit.edition));
  return labels;
}

/// Neither knows an edition that both list and both follow.
bool differ(const ClauseEditions& one, const ClauseEditions& other) {
  const auto first = one.editions_with(Outcome::Pass);
  const auto second = other.editions_with(Outcome::Pass);
  bool is_comparable = false;
  for (const std::string& edition : first) {
    if (contains(second, edition)) return false;
    is_comparable = is_comparable || other.is_listed(edition);
  }
  for (const std::string& edition : second) is_comparable = is_comparable || one.is_listed(edition);
  return is_comparable && !first.empty() && !second.empty();
}

}  // namespace

std::string to_text(std::span<const EditionFit> fits) {
  std::vector<std::string> parts;
  for (const EditionFit& fit : fits) {
    const char* how = fit.is_silent                          ? "says nothing of it"
                      : fit.outcome == Outcome::Pass         ? "is followed"
                      : fit.outcome == Outcome::Fail         ? "is not followed"
                      : fit.outcome == Outcome::Inconclusive ? "is not decided"
                                                             : "was not run";
    parts.push_back(fmt::format("{} {}", to_text(fit.edition), how));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

void demand_one_edition(std::vector<Verdict>& verdicts) {
  for (const ClauseEditions& clause : editions_of(verdicts)) {
    const bool is_refuted =
        std::all_of(clause.fits.begin(), clause.fits.end(),
                    [](const EditionFit& fit) { return fit.outcome == Outcome::Fail; });
    Verdict* last = nullptr;
    bool has_failed = false;
    for (Verdict& verdict : verdicts) {
      if (verdict.clause.id != clause.clause || verdict.editions.empty()) continue;
      has_failed = has_failed || verdict.outcome == Outcome::Fail;
      if (verdict.outcome == Outcome::Pass) last = &verdict;
    }
    if (!is_refuted || has_failed || last == nullptr) continue;
    last->outcome = Outcome::Fail;
    last->actual += fmt::format("; with what was seen before, no one edition is followed");
  }
}

std::vector<std::string> ClauseEditions::editions_with(Verdict::Outcome outcome) const {
  std::vector<std::string> names;
  for (const EditionFit& fit : fits)
    if (fit.outcome == outcome && !fit.is_silent) add_once(names, fit.edition.edition);
  return names;
}

bool ClauseEditions::is_listed(const std::string& edition) const {
  return std::any_of(fits.begin(), fits.end(),
                     [&](const EditionFit& fit) { return fit.edition.edition == edition; });
}

std::vector<ClauseEditions> editions_of(std::span<const Verdict> verdicts) {
  std::vector<ClauseEditions> clauses;
  for (const Verdict& verdict : verdicts) {
    if (verdict.editions.empty()) continue;
    auto found = std::find_if(clauses.begin(), clauses.end(), [&](const ClauseEditions& one) {
      return one.clause == verdict.clause.id;
    });
    if (found == clauses.end()) found = clauses.insert(found, {verdict.clause.id, {}});
    for (const EditionFit& fit : verdict.editions) add(found->fits, fit);
  }
  return clauses;
}

std::string to_text(const ClauseEditions& clause) {
  const auto followed = labels_with(clause.fits, Outcome::Pass);
  if (!followed.empty()) return "follows " + listed(followed, "and");
  const auto refuted = labels_with(clause.fits, Outcome::Fail);
  if (refuted.size() == clause.fits.size()) return "follows no one edition";
  if (!refuted.empty()) return "does not follow " + listed(refuted, "or");
  std::vector<std::string> labels;
  for (const EditionFit& fit : clause.fits) labels.push_back(to_text(fit.edition));
  return "not decided between " + listed(labels, "and");
}

std::vector<std::string> editions_followed(std::span<const ClauseEditions> clauses) {
  std::vector<std::string> editions;
  for (const ClauseEditions& clause : clauses)
    for (const EditionFit& fit : clause.fits) add_once(editions, fit.edition.edition);
  std::vector<std::string> lines;
  for (const std::string& edition : editions) {
    std::size_t followed = 0;
    std::vector<std::string> others;
    for (const ClauseEditions& clause : clauses) {
      if (contains(clause.editions_with(Outcome::Pass), edition)) {
        ++followed;
      } else if (contains(clause.editions_with(Outcome::Fail), edition)) {
        others.push_back(clause.clause);
      }
    }
    if (followed == 0 && others.empty()) continue;
    std::string line =
        fmt::format("follows {} in {} clause{}", edition, followed, followed == 1 ? "" : "s");
    if (!others.empty()) {
      line += fmt::format(", not in {}: {}", others.size(), fmt::join(others, ", "));
    }
    lines.push_back(std::move(line));
  }
  for (auto one = clauses.begin(); one != clauses.end(); ++one) {
    for (auto other = std::next(one); other != clauses.end(); ++other) {
      if (!differ(*one, *other)) continue;
      lines.push_back(fmt::format("no one edition: {} {}, {} {}", one->clause, to_text(*one),
                                  other->clause, to_text(*other)));
    }
  }
  return lines;
}

}  // namespace understudy

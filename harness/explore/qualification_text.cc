// The kill matrix as a terminal shows it.
#include <fmt/format.h>

#include <algorithm>

#include "harness/explore/qualify.h"

namespace understudy::explore {
namespace {

std::vector<std::string> idle_cases(const Qualification& qualification) {
  std::vector<std::string> idle;
  for (const std::string& name : qualification.cases) {
    const bool is_idle = qualification.killed_in_case(name).empty();
    if (is_idle && qualification.was_tried(name)) idle.push_back(name);
  }
  return idle;
}

std::string defect_text(const DefectResult& defect) {
  const auto& kills = defect.kills;
  const Fate fate = fate_of(defect);
  const std::string of_plans = fmt::format(" in {} plans", defect.tried_plans);
  std::string text = fmt::format(
      "{:<9} {}{}\n          {}\n", to_text(fate) + (fate == Fate::ChangedNothing ? of_plans : ""),
      defect.row.id, defect.row.origin.empty() ? "" : " (" + defect.row.origin + ")",
      defect.row.sentence);
  if (!kills.empty()) {
    text += fmt::format("          {} in {}{}\n            {}\n", kills.front().clause,
                        kills.front().plan,
                        kills.size() > 1 ? fmt::format(" (and {} more)", kills.size() - 1) : "",
                        to_text(kills.front()));
  }
  const auto add = [&](const char* what, const std::vector<std::string>& clauses) {
    if (!clauses.empty()) text += fmt::format("          {}: {}\n", what, fmt::join(clauses, ", "));
  };
  if (fate == Fate::ChangedNothing) return text;
  add("said to break, not seen to", not_killed(defect));
  add("said to break, not tried", not_tried(defect));
  add("breaks besides", not_declared(defect));
  return text;
}

/// As many defects as fit a line; the page and the JSON have all.
std::string case_text(const std::string& name, const std::vector<std::string>& kills) {
  constexpr std::size_t shown = 3;
  const auto end = kills.begin() + static_cast<std::ptrdiff_t>(std::min(shown, kills.size()));
  return fmt::format("{:>4}  {}{}{}{}\n", kills.size(), name, kills.empty() ? "" : ": ",
                     fmt::join(kills.begin(), end, ", "),
                     kills.size() > shown ? fmt::format(" and {} more", kills.size() - shown) : "");
}

/// What met nothing says nothing: where only some were chosen, it is counted.
std::string clauses_text(const Qualification& qualification) {
  std::string text = "\nCLAUSES\n";
  std::size_t left_out = 0;
  for (const Clause& clause : qualification.clauses) {
    const Proof proof = proof_of(qualification, clause);
    if (proof == Proof::NotTried) {
      ++left_out;
      continue;
    }
    text += fmt::format("{:<11} {:<6} {:<42} {}\n", to_text(proof, clause),
                        understudy::to_text(clause.level), clause.id,
                        fmt::join(qualification.killers_of_clause(clause.id), ", "));
  }
  return left_out > 0 ? text + fmt::format("{} not tried\n", left_out) : text;
}

std::string cases_text(const Qualification& qualification) {
  std::string text = "\nCASES and the defects that each kills\n";
  std::size_t left_out = 0;
  for (const std::string& name : qualification.cases) {
    const bool was_tried = qualification.was_tried(name);
    left_out += was_tried ? 0 : 1;
    if (was_tried) text += case_text(name, qualification.killed_in_case(name));
  }
  if (left_out > 0) text += fmt::format("{} not tried\n", left_out);
  const auto idle = idle_cases(qualification);
  if (idle.empty()) return text;
  return text + fmt::format("\nCASES THAT KILL {}\n  {}\n",
                            qualification.is_partial ? "NONE OF THESE" : "NOTHING",
                            fmt::join(idle, "\n  "));
}

/// They are the whole catalogue's: a part of it only counts them.
std::string open_text(const Qualification& qualification) {
  if (qualification.open.empty()) return {};
  if (qualification.is_partial) {
    return fmt::format(
        "\nNOT OBSERVABLE, OR NO DEFECT OF THIS PRODUCT\n{} not tried, with their reasons in "
        "qualification.html\n",
        qualification.open.size());
  }
  std::string text = "\nNOT OBSERVABLE, OR NO DEFECT OF THIS PRODUCT\n";
  for (const OpenRow& row : qualification.open) {
    text += fmt::format("  {:<13} {} {}.\n", row.origin, row.sentence, row.reason);
  }
  return text;
}

/// "3 of 4 defects killed, 1 not tried": only those that met a case are counted against the suite.
std::string fates_text(const Qualification& qualification) {
  const auto count = [&](Fate fate) {
    return std::ranges::count_if(
        qualification.defects, [&](const DefectResult& defect) { return fate_of(defect) == fate; });
  };
  const auto killed = count(Fate::Killed);
  const auto met = killed + count(Fate::Survives);
  std::string text =
      met == 0 ? "nothing judged" : fmt::format("{} of {} defects killed", killed, met);
  if (const auto idle = count(Fate::ChangedNothing); idle > 0) {
    text += fmt::format(", {} changed nothing", idle);
  }
  if (const auto untried = count(Fate::NotTried); untried > 0) {
    text += fmt::format(", {} not tried", untried);
  }
  return text;
}

std::string sum_text(const Qualification& qualification) {
  const auto count = [&](Proof proof) {
    return std::count_if(qualification.clauses.begin(), qualification.clauses.end(),
                         [&](const Clause& clause) {
                           return is_demanded(clause) && proof_of(qualification, clause) == proof;
                         });
  };
  const auto demanded =
      std::count_if(qualification.clauses.begin(), qualification.clauses.end(), is_demanded);
  const auto differs = std::count_if(
      qualification.defects.begin(), qualification.defects.end(), [](const DefectResult& defect) {
        return fate_of(defect) != Fate::ChangedNothing && !not_killed(defect).empty();
      });
  const auto untried = count(Proof::NotTried);
  const char* const end = qualification.was_cancelled
                              ? "\ninterrupted: what was not tried until then says nothing"
                              : "";
  std::string text = fmt::format(
      "{}\n{}; {} of {} MUST and SHOULD clauses proven{}; {} plans, the clean target fails {}\n",
      end, fates_text(qualification), count(Proof::Proven), demanded,
      untried > 0 ? fmt::format(", {} not tried", untried) : std::string(), qualification.plans,
      qualification.clean_failures.size());
  if (qualification.is_own)
    text += "each defect met the cases that check its clauses only (--own)\n";
  if (differs > 0)
    text += fmt::format("{} of the defects break less than they were said to\n", differs);
  return text;
}

}  // namespace

std::string to_text(const Catch& one) {
  return fmt::format("expected {}; seen: {}", one.expected, one.actual);
}

std::string to_text(const Qualification& qualification) {
  std::string text = "DEFECTS\n";
  for (const DefectResult& defect : qualification.defects) text += defect_text(defect);
  text += clauses_text(qualification) + cases_text(qualification) + open_text(qualification);
  for (const Catch& one : qualification.clean_failures) {
    text +=
        fmt::format("\nthe clean target fails {} in {}: {}\n", one.clause, one.plan, to_text(one));
  }
  return text + sum_text(qualification);
}

}  // namespace understudy::explore

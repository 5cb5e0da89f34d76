// What a qualification says: proofs, what was declared against what was seen, as JSON and as text.
#include <fmt/format.h>

#include <algorithm>

#include "harness/explore/qualify.h"

namespace understudy::explore {
namespace {

void append_unique(std::vector<std::string>& list, const std::string& text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

bool has_case(const std::vector<Catch>& list, const std::string& case_name) {
  return std::any_of(list.begin(), list.end(),
                     [&](const Catch& one) { return one.case_name == case_name; });
}

bool has_clause(const std::vector<Catch>& list, const std::string& clause) {
  return std::any_of(list.begin(), list.end(),
                     [&](const Catch& one) { return one.clause == clause; });
}

Json to_json(const Catch& one) {
  return {{"case", one.case_name},
          {"plan", one.plan},
          {"clause", one.clause},
          {"expected", one.expected},
          {"actual", one.actual}};
}

Json list_of(const std::vector<Catch>& catches) {
  Json list = Json::array();
  for (const Catch& one : catches) list.push_back(to_json(one));
  return list;
}

std::vector<std::string> idle_cases(const Qualification& qualification) {
  std::vector<std::string> idle;
  for (const std::string& name : qualification.cases) {
    if (qualification.killed_in_case(name).empty()) idle.push_back(name);
  }
  return idle;
}

const char* word_of(Proof proof, const Clause& clause) {
  if (proof == Proof::Proven) return "proven";
  if (!is_demanded(clause)) return "-";
  return proof == Proof::NotTried ? "not tried" : "NOT PROVEN";
}

Json defect_json(const DefectResult& defect, const std::vector<std::string>& cases) {
  Json untried = Json::array();
  for (const std::string& name : cases) {
    if (!defect.tried_cases.contains(name)) untried.push_back(name);
  }
  return {{"id", defect.row.id},
          {"sentence", defect.row.sentence},
          {"clauses", defect.row.clauses},
          {"origin", defect.row.origin},
          {"killed", !defect.kills.empty()},
          {"kills", list_of(defect.kills)},
          {"collateral", list_of(defect.collateral)},
          {"inconclusive", list_of(defect.open)},
          {"not_killed", not_killed(defect)},
          {"not_tried", not_tried(defect)},
          {"not_declared", not_declared(defect)},
          {"untried_cases", std::move(untried)}};
}

Json clause_json(const Qualification& qualification, const Clause& clause) {
  const Proof proof = proof_of(qualification, clause);
  return {{"id", clause.id},
          {"level", understudy::to_text(clause.level)},
          {"citation", understudy::to_text(clause.citation)},
          {"statement", clause.statement},
          {"proven", proof == Proof::Proven},
          {"proof", word_of(proof, clause)},
          {"defects", qualification.killers_of_clause(clause.id)}};
}

std::string defect_text(const DefectResult& defect) {
  const auto& kills = defect.kills;
  const char* const fate = !kills.empty()               ? "killed"
                           : defect.tried_cases.empty() ? "not tried"
                                                        : "survives";
  std::string text =
      fmt::format("{:<9} {}\n          {}\n", fate, defect.row.id, defect.row.sentence);
  if (!kills.empty()) {
    text += fmt::format("          {} in {}{}\n            {}\n", kills.front().clause,
                        kills.front().plan,
                        kills.size() > 1 ? fmt::format(" (and {} more)", kills.size() - 1) : "",
                        to_text(kills.front()));
  }
  const auto add = [&](const char* what, const std::vector<std::string>& clauses) {
    if (!clauses.empty()) text += fmt::format("          {}: {}\n", what, fmt::join(clauses, ", "));
  };
  add("said to break, not seen to", not_killed(defect));
  add("said to break, not tried", not_tried(defect));
  add("breaks besides", not_declared(defect));
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
  const auto differs =
      std::count_if(qualification.defects.begin(), qualification.defects.end(),
                    [](const DefectResult& defect) { return !not_killed(defect).empty(); });
  const auto untried = count(Proof::NotTried);
  const char* const end = qualification.was_cancelled
                              ? "\ninterrupted: what was not tried until then says nothing"
                              : "";
  return end + fmt::format(
                   "\n{} of {} defects killed; {} of {} MUST and SHOULD clauses proven{}; {} "
                   "plans, the clean "
                   "target fails {}\n{} of the defects break less than they were said to\n",
                   qualification.defects.size() - survivors(qualification).size(),
                   qualification.defects.size(), count(Proof::Proven), demanded,
                   untried > 0 ? fmt::format(", {} not tried", untried) : std::string(),
                   qualification.plans, qualification.clean_failures.size(), differs);
}

}  // namespace

std::vector<std::string> Qualification::killers_of_clause(const std::string& clause) const {
  std::vector<std::string> ids;
  for (const DefectResult& defect : defects) {
    for (const Catch& kill : defect.kills) {
      if (kill.clause == clause) append_unique(ids, defect.row.id);
    }
  }
  return ids;
}

std::vector<std::string> Qualification::killed_in_case(const std::string& case_name) const {
  std::vector<std::string> ids;
  for (const DefectResult& defect : defects) {
    for (const Catch& kill : defect.kills) {
      if (kill.case_name == case_name) append_unique(ids, defect.row.id);
    }
  }
  return ids;
}

Mark mark_of(const DefectResult& defect, const std::string& case_name) {
  if (!defect.tried_cases.contains(case_name)) return Mark::NotTried;
  if (has_case(defect.kills, case_name)) return Mark::Killed;
  if (has_case(defect.collateral, case_name)) return Mark::Collateral;
  return has_case(defect.open, case_name) ? Mark::Inconclusive : Mark::Nothing;
}

std::vector<std::string> not_killed(const DefectResult& defect) {
  std::vector<std::string> ids;
  for (const std::string& clause : defect.row.clauses) {
    const bool was_tried = defect.tried_clauses.contains(clause);
    if (was_tried && !has_clause(defect.kills, clause)) ids.push_back(clause);
  }
  return ids;
}

std::vector<std::string> not_tried(const DefectResult& defect) {
  std::vector<std::string> ids;
  for (const std::string& clause : defect.row.clauses) {
    if (!defect.tried_clauses.contains(clause)) ids.push_back(clause);
  }
  return ids;
}

std::vector<std::string> not_declared(const DefectResult& defect) {
  const auto& named = defect.row.clauses;
  std::vector<std::string> ids;
  for (const Catch& one : defect.collateral) {
    const bool is_named = std::find(named.begin(), named.end(), one.clause) != named.end();
    if (!is_named) append_unique(ids, one.clause);
  }
  return ids;
}

bool is_demanded(const Clause& clause) {
  return clause.level == Level::Must || clause.level == Level::Should;
}

Proof proof_of(const Qualification& qualification, const Clause& clause) {
  if (!qualification.killers_of_clause(clause.id).empty()) return Proof::Proven;
  const auto has_tried = [&](const DefectResult& defect) {
    const auto& named = defect.row.clauses;
    return defect.tried_clauses.contains(clause.id) &&
           std::find(named.begin(), named.end(), clause.id) != named.end();
  };
  const bool was_tried =
      std::any_of(qualification.defects.begin(), qualification.defects.end(), has_tried);
  return was_tried || !qualification.is_partial ? Proof::NotProven : Proof::NotTried;
}

std::vector<std::string> unproven(const Qualification& qualification) {
  std::vector<std::string> ids;
  for (const Clause& clause : qualification.clauses) {
    if (is_demanded(clause) && proof_of(qualification, clause) == Proof::NotProven) {
      ids.push_back(clause.id);
    }
  }
  return ids;
}

std::vector<std::string> survivors(const Qualification& qualification) {
  std::vector<std::string> ids;
  for (const DefectResult& defect : qualification.defects) {
    if (defect.kills.empty()) ids.push_back(defect.row.id);
  }
  return ids;
}

int exit_status(const Qualification& qualification) {
  const bool is_proven = unproven(qualification).empty() && survivors(qualification).empty() &&
                         qualification.clean_failures.empty();
  return is_proven ? 0 : 1;
}

std::string to_text(const Catch& one) {
  return fmt::format("expected {}; seen: {}", one.expected, one.actual);
}

Json to_json(const Qualification& qualification) {
  Json defects = Json::array();
  for (const DefectResult& defect : qualification.defects) {
    defects.push_back(defect_json(defect, qualification.cases));
  }
  Json clauses = Json::array();
  for (const Clause& clause : qualification.clauses) {
    clauses.push_back(clause_json(qualification, clause));
  }
  Json cases = Json::array();
  for (const std::string& name : qualification.cases) {
    cases.push_back({{"name", name}, {"kills", qualification.killed_in_case(name)}});
  }
  Json open = Json::array();
  for (const OpenRow& row : qualification.open) {
    open.push_back({{"origin", row.origin}, {"sentence", row.sentence}, {"reason", row.reason}});
  }
  return {{"suite", qualification.suite},
          {"testbed", qualification.testbed},
          {"plans", qualification.plans},
          {"partial", qualification.is_partial},
          {"clean_failures", list_of(qualification.clean_failures)},
          {"clean_inconclusive", qualification.clean_inconclusive},
          {"defects", std::move(defects)},
          {"clauses", std::move(clauses)},
          {"cases", std::move(cases)},
          {"not_observable", std::move(open)},
          {"cancelled", qualification.was_cancelled}};
}

std::string to_text(const Qualification& qualification) {
  std::string text = "DEFECTS\n";
  for (const DefectResult& defect : qualification.defects) text += defect_text(defect);
  text += "\nCLAUSES\n";
  for (const Clause& clause : qualification.clauses) {
    text +=
        fmt::format("{:<11} {:<6} {:<42} {}\n", word_of(proof_of(qualification, clause), clause),
                    understudy::to_text(clause.level), clause.id,
                    fmt::join(qualification.killers_of_clause(clause.id), ", "));
  }
  const auto idle = idle_cases(qualification);
  if (!idle.empty()) {
    text += fmt::format("\nCASES THAT KILL NOTHING\n  {}\n", fmt::join(idle, "\n  "));
  }
  if (!qualification.open.empty()) text += "\nNOT OBSERVABLE\n";
  for (const OpenRow& row : qualification.open) {
    text += fmt::format("  {:<13} {} {}.\n", row.origin, row.sentence, row.reason);
  }
  for (const Catch& one : qualification.clean_failures) {
    text +=
        fmt::format("\nthe clean target fails {} in {}: {}\n", one.clause, one.plan, to_text(one));
  }
  return text + sum_text(qualification);
}

}  // namespace understudy::explore

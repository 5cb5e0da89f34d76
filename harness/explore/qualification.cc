// What a qualification shows: proofs, fates, what was declared against what was seen; as JSON.
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
  return {{"case", one.case_name}, {"plan", one.plan},
          {"clause", one.clause},  {"expected", one.expected},
          {"actual", one.actual},  {"rests_on_remembered", one.rests_on_remembered}};
}

Json list_of(const std::vector<Catch>& catches) {
  Json list = Json::array();
  for (const Catch& one : catches) list.push_back(to_json(one));
  return list;
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
          {"fate", to_text(fate_of(defect))},
          {"killed", !defect.kills.empty()},
          {"plans", defect.tried_plans},
          {"changes", defect.changes ? Json(*defect.changes) : Json()},
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
          {"proof", to_text(proof, clause)},
          {"defects", qualification.killers_of_clause(clause.id)}};
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

bool Qualification::was_tried(const std::string& case_name) const {
  return std::ranges::any_of(
      defects, [&](const DefectResult& defect) { return defect.tried_cases.contains(case_name); });
}

Fate fate_of(const DefectResult& defect) {
  if (!defect.kills.empty()) return Fate::Killed;
  if (defect.tried_cases.empty()) return Fate::NotTried;
  return defect.changes == 0 ? Fate::ChangedNothing : Fate::Survives;
}

std::string to_text(Fate fate) {
  switch (fate) {
    case Fate::Killed:
      return "killed";
    case Fate::Survives:
      return "survives";
    case Fate::ChangedNothing:
      return "changed nothing";
    case Fate::NotTried:
      return "not tried";
  }
  return "";
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
    return defect.tried_clauses.contains(clause.id) && fate_of(defect) != Fate::ChangedNothing &&
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
    if (fate_of(defect) == Fate::Survives) ids.push_back(defect.row.id);
  }
  return ids;
}

int exit_status(const Qualification& qualification) {
  const bool is_proven = unproven(qualification).empty() && survivors(qualification).empty() &&
                         qualification.clean_failures.empty();
  if (!is_proven) return 1;
  const auto met_nothing = [](const DefectResult& defect) {
    return fate_of(defect) == Fate::NotTried || fate_of(defect) == Fate::ChangedNothing;
  };
  return std::ranges::any_of(qualification.defects, met_nothing) ? 2 : 0;
}

std::string to_text(Proof proof, const Clause& clause) {
  if (proof == Proof::Proven) return "proven";
  if (!is_demanded(clause)) return "-";
  return proof == Proof::NotTried ? "not tried" : "NOT PROVEN";
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
    cases.push_back({{"name", name},
                     {"tried", qualification.was_tried(name)},
                     {"kills", qualification.killed_in_case(name)}});
  }
  Json open = Json::array();
  for (const OpenRow& row : qualification.open) {
    open.push_back({{"origin", row.origin}, {"sentence", row.sentence}, {"reason", row.reason}});
  }
  return {{"suite", qualification.suite},
          {"testbed", qualification.testbed},
          {"plans", qualification.plans},
          {"partial", qualification.is_partial},
          {"own", qualification.is_own},
          {"clean_failures", list_of(qualification.clean_failures)},
          {"clean_inconclusive", qualification.clean_inconclusive},
          {"defects", std::move(defects)},
          {"clauses", std::move(clauses)},
          {"cases", std::move(cases)},
          {"not_observable", std::move(open)},
          {"cancelled", qualification.was_cancelled}};
}

}  // namespace understudy::explore

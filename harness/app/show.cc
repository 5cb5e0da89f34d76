#include "harness/app/show.h"

#include <fmt/format.h>

#include <map>

#include "harness/editions.h"

namespace understudy::app {
namespace {

const char* colour_of(Verdict::Outcome outcome) {
  switch (outcome) {
    case Verdict::Outcome::Pass:
      return "\033[32m";
    case Verdict::Outcome::Fail:
      return "\033[1;31m";
    case Verdict::Outcome::Inconclusive:
      return "\033[33m";
    case Verdict::Outcome::NotRun:
      return "\033[2m";
  }
  return "";
}

const Verdict* first_with(std::span<const Verdict> verdicts, Verdict::Outcome outcome) {
  for (const Verdict& verdict : verdicts) {
    if (verdict.outcome == outcome) return &verdict;
  }
  return nullptr;
}

}  // namespace

std::string coloured(Verdict::Outcome outcome, const std::string& text, bool with_colour) {
  return with_colour ? fmt::format("{}{}\033[0m", colour_of(outcome), text) : text;
}

std::string failure_block(const Verdict& verdict, const std::string& folder, const Plan& plan,
                          bool with_colour) {
  const std::string head = coloured(verdict.outcome, to_text(verdict.outcome), with_colour);
  std::string block =
      fmt::format("{}  {}/{}  {}  {}  {}\n", head, verdict.suite, verdict.plan, verdict.clause.id,
                  to_text(verdict.clause.level), to_text(verdict.clause.citation));
  block += fmt::format("      expected  {}\n", verdict.expected);
  block += fmt::format("      actual    {}\n", verdict.actual);
  if (!verdict.editions.empty())
    block += fmt::format("      editions  {}\n", to_text(verdict.editions));
  if (verdict.first_line > 0) {
    block += fmt::format("      evidence  {}/history.jsonl, lines {}-{}\n", folder,
                         verdict.first_line, verdict.last_line);
  }
  block += fmt::format("      again     {}\n", command_again(plan));
  return block;
}

std::string defect_line(const std::string& defect) {
  if (defect.empty()) return {};
  return fmt::format("DEFECT       this device was broken on purpose: {}\n", defect);
}

std::string case_line(const Plan& plan, std::span<const Verdict> verdicts, bool with_colour) {
  const Verdict::Outcome outcome = worst(verdicts);
  std::string line =
      coloured(outcome, fmt::format("{:<12}", to_text(outcome)), with_colour) + " " + plan.id;
  if (outcome == Verdict::Outcome::Pass) return line;
  const Verdict* reason = first_with(verdicts, outcome);
  if (reason == nullptr) return line;
  if (outcome == Verdict::Outcome::Fail) return line + "  " + reason->clause.id;
  for (const Verdict& verdict : verdicts) {
    if (!verdict.remarks.empty())
      return line + "  " + reason->cause + "; " + verdict.remarks.front();
  }
  return line + "  " + reason->cause;
}

std::string clause_table(std::span<const Verdict> verdicts, bool with_colour) {
  struct Row {
    const Clause* clause = nullptr;
    std::vector<Verdict> verdicts;
  };
  std::map<std::tuple<std::string, std::size_t, std::string, std::string>, Row> rows;
  for (const Verdict& verdict : verdicts) {
    const Citation& citation = verdict.clause.citation;
    // Pages in the order of their numbers: shorter ones first.
    Row& row = rows[{citation.document, citation.page.size(), citation.page, verdict.clause.id}];
    row.clause = &verdict.clause;
    row.verdicts.push_back(verdict);
  }
  std::string text;
  for (const auto& [key, row] : rows) {
    const Verdict::Outcome outcome = worst(row.verdicts);
    const auto passed =
        std::count_if(row.verdicts.begin(), row.verdicts.end(),
                      [](const auto& one) { return one.outcome == Verdict::Outcome::Pass; });
    text += fmt::format("{} {:<6} {:<40} {:>3} of {:<3} {}\n",
                        coloured(outcome, fmt::format("{:<12}", to_text(outcome)), with_colour),
                        to_text(row.clause->level), row.clause->id, passed, row.verdicts.size(),
                        to_text(row.clause->citation));
    for (const ClauseEditions& editions : editions_of(row.verdicts))
      text += fmt::format("{:<20}{}\n", "", to_text(editions));
  }
  return text;
}

std::string editions_text(std::span<const Verdict> verdicts) {
  std::string text;
  for (const std::string& line : editions_followed(editions_of(verdicts)))
    text += fmt::format("EDITIONS     {}\n", line);
  return text;
}

std::string summary_line(std::span<const Verdict> verdicts) {
  std::map<Verdict::Outcome, std::size_t> count;
  std::map<std::string, Verdict::Outcome> clauses;
  for (const Verdict& verdict : verdicts) {
    ++count[verdict.outcome];
    auto [known, is_new] = clauses.emplace(verdict.clause.id, verdict.outcome);
    if (!is_new && verdict.outcome == Verdict::Outcome::Fail) known->second = verdict.outcome;
  }
  const auto failed = std::count_if(clauses.begin(), clauses.end(), [](const auto& clause) {
    return clause.second == Verdict::Outcome::Fail;
  });
  return fmt::format(
      "{} verdicts: {} passed, {} failed, {} inconclusive, {} not run; {} clauses, {} broken",
      verdicts.size(), count[Verdict::Outcome::Pass], count[Verdict::Outcome::Fail],
      count[Verdict::Outcome::Inconclusive], count[Verdict::Outcome::NotRun], clauses.size(),
      failed);
}

}  // namespace understudy::app

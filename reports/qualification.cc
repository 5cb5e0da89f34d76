#include "reports/qualification.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <map>

#include "harness/history.h"
#include "reports/html/template.h"

namespace understudy::reports {
namespace {

/// What a cell shows; the first of these that a case has counts.
struct Kind {
  const char* list;  ///< of the defect's JSON
  const char* css;
  const char* badge;
  const char* sign;
};
constexpr Kind kinds[] = {{"kills", "pass", "KILLED", "K"},
                          {"collateral", "collateral", "COLLATERAL", "c"},
                          {"inconclusive", "inconclusive", "INCONCLUSIVE", "?"}};

std::string text_of(const Json& one, const char* name) {
  return one[name].get<std::string>();
}

/// The page's place for what a defect did in a case.
std::string anchor(const std::string& defect, const std::string& case_name) {
  return defect + "." + case_name;
}

/// One row for each verdict that did not pass; the first one of a case can be linked to.
Json verdicts_of(const Json& defect) {
  Json rows = Json::array();
  std::map<std::string, bool> has_anchor;
  for (const Kind& kind : kinds) {
    for (const Json& one : defect[kind.list]) {
      const std::string case_name = one["case"];
      Json row = one;
      row["class"] = kind.css;
      row["badge"] = kind.badge;
      row["is_open"] = kind.css == std::string("inconclusive");
      row["anchor"] = "";
      if (!std::exchange(has_anchor[case_name], true)) {
        row["anchor"] = anchor(text_of(defect, "id"), case_name);
      }
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::map<std::string, const Kind*> kinds_by_case(const Json& defect) {
  std::map<std::string, const Kind*> found;
  for (const Kind& kind : kinds) {
    for (const Json& one : defect[kind.list]) found.emplace(one["case"], &kind);
  }
  return found;
}

Json cells_of(const Json& defect, const Json& cases) {
  const auto found = kinds_by_case(defect);
  const auto& untried = defect["untried_cases"];
  Json cells = Json::array();
  for (const Json& one : cases) {
    const std::string name = one["name"];
    const auto at = found.find(name);
    const bool is_untried = std::find(untried.begin(), untried.end(), name) != untried.end();
    if (at != found.end()) {
      cells.push_back({{"class", at->second->css},
                       {"sign", at->second->sign},
                       {"to", anchor(text_of(defect, "id"), name)}});
    } else {
      cells.push_back({{"class", is_untried ? "untried" : "nothing"}, {"sign", ""}, {"to", ""}});
    }
  }
  return cells;
}

std::string joined(const Json& list) {
  std::string text;
  for (const Json& one : list) text += (text.empty() ? "" : ", ") + one.get<std::string>();
  return text;
}

std::string badge_of(std::string fate) {
  std::ranges::transform(fate, fate.begin(), [](unsigned char sign) { return std::toupper(sign); });
  return fate;
}

Json defects_of(const Json& qualification) {
  Json rows = Json::array();
  for (const Json& defect : qualification["defects"]) {
    const bool is_killed = defect["killed"];
    const std::string fate = defect["fate"];
    Json row = {
        {"id", defect["id"]},
        {"sentence", defect["sentence"]},
        {"origin", defect["origin"]},
        {"clauses", defect["clauses"]},
        {"words", fmt::format("{} {} {} {}", text_of(defect, "id"), text_of(defect, "sentence"),
                              text_of(defect, "origin"), joined(defect["clauses"]))},
        {"class", is_killed            ? "pass"
                  : fate == "survives" ? "fail"
                                       : "not-run"},
        {"fate", badge_of(fate)},
        {"cells", cells_of(defect, qualification["cases"])},
        {"verdicts", verdicts_of(defect)},
        {"count",
         defect["kills"].size() + defect["collateral"].size() + defect["inconclusive"].size()},
        {"not_killed", joined(defect["not_killed"])},
        {"not_tried", joined(defect["not_tried"])},
        {"not_declared", joined(defect["not_declared"])},
        {"first", Json::array()}};
    if (is_killed) row["first"].push_back(defect["kills"][0]);
    rows.push_back(std::move(row));
  }
  return rows;
}

bool is_demanded(const Json& clause) {
  return clause["level"] == "MUST" || clause["level"] == "SHOULD";
}

Json clauses_of(const Json& qualification) {
  Json rows = Json::array();
  for (const Json& clause : qualification["clauses"]) {
    const std::string proof = clause["proof"];
    Json row = clause;
    row["class"] = proof == "proven" ? "pass" : proof == "NOT PROVEN" ? "fail" : "not-run";
    row["badge"] = proof == "proven" ? "PROVEN" : proof == "not tried" ? "NOT TRIED" : proof;
    rows.push_back(std::move(row));
  }
  return rows;
}

Json cases_of(const Json& qualification) {
  Json rows = Json::array();
  for (const Json& one : qualification["cases"]) {
    Json row = one;
    row["is_idle"] = one["tried"].get<bool>() && one["kills"].empty();
    row["is_untried"] = !one["tried"].get<bool>();
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string lead_of(const Json& qualification) {
  std::size_t killed = 0;
  std::size_t met = 0;
  bool met_all = true;
  for (const Json& defect : qualification["defects"]) {
    killed += defect["killed"].get<bool>() ? 1 : 0;
    met += defect["killed"].get<bool>() || defect["fate"] == "survives" ? 1 : 0;
    met_all = met_all && defect["untried_cases"].empty();
  }
  std::size_t proven = 0;
  std::size_t demanded = 0;
  std::size_t untried = 0;
  for (const Json& clause : qualification["clauses"]) {
    if (!is_demanded(clause)) continue;
    ++demanded;
    proven += clause["proven"].get<bool>() ? 1 : 0;
    untried += clause["proof"] == "not tried" ? 1 : 0;
  }
  return fmt::format(
      "{} of {} deliberate defects are killed; {} of {} MUST and SHOULD clauses are proven{}. {} "
      "{} "
      "plans of {} cases on {}.",
      killed, met, proven, demanded,
      untried > 0 ? fmt::format(", {} were not tried", untried) : std::string(),
      met_all ? "Every defect met" : "Each defect met those that check its clauses, of",
      qualification["plans"].get<std::size_t>(), qualification["cases"].size(),
      text_of(qualification, "testbed"));
}

}  // namespace

std::string qualification_page(const Json& qualification) {
  const Json values = {
      {"suite", qualification["suite"]},          {"lead", lead_of(qualification)},
      {"defects", defects_of(qualification)},     {"clauses", clauses_of(qualification)},
      {"clean", qualification["clean_failures"]}, {"open", qualification["not_observable"]},
      {"cases", cases_of(qualification)}};
  return whole_page("Kill matrix of " + text_of(qualification, "suite"),
                    filled(qualification_template, values), 0);
}

Result<void> check_writable(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(folder, error.message(), "--out needs a folder that can be written to");
  std::string probe = folder + "/.qualify-XXXXXX";
  const int file = mkstemp(probe.data());
  if (file < 0) {
    return fail(folder, std::error_code(errno, std::generic_category()).message(),
                "--out needs a folder that can be written to");
  }
  close(file);
  std::filesystem::remove(probe, error);
  return {};
}

Result<void> write_qualification(const Json& qualification, const std::string& folder) {
  const std::string json = qualification.dump(1, ' ', false, Json::error_handler_t::replace);
  return write_files(folder, {{"qualification.json", json + "\n"},
                              {"qualification.html", qualification_page(qualification)}});
}

}  // namespace understudy::reports

#include "reports/qualification.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "harness/history.h"
#include "reports/html/template.h"

namespace understudy::reports {
namespace {

/// By case: what the defect did there, the worst first.
std::map<std::string, std::pair<std::string, std::string>> marks_of(const Json& defect) {
  std::map<std::string, std::pair<std::string, std::string>> marks;
  const auto mark = [&](const Json& list, const char* css) {
    for (const Json& one : list) {
      marks.emplace(one["case"], std::pair{css, fmt::format("{}: {}: {}",
                                                            one["plan"].get<std::string>(),
                                                            one["clause"].get<std::string>(),
                                                            one["actual"].get<std::string>())});
    }
  };
  mark(defect["kills"], "pass");
  mark(defect["collateral"], "inconclusive");
  return marks;
}

Json cells_of(const Json& defect, const Json& cases) {
  const auto marks = marks_of(defect);
  Json cells = Json::array();
  for (const Json& one : cases) {
    const std::string name = one["name"];
    const auto found = marks.find(name);
    const bool is_marked = found != marks.end();
    cells.push_back({{"class", is_marked ? found->second.first : "none"},
                     {"title", is_marked ? found->second.second : name}});
  }
  return cells;
}

std::string joined(const Json& list) {
  std::string text;
  for (const Json& one : list) text += (text.empty() ? "" : ", ") + one.get<std::string>();
  return text;
}

Json defects_of(const Json& qualification, std::size_t& killed) {
  Json rows = Json::array();
  for (const Json& defect : qualification["defects"]) {
    const bool is_killed = defect["killed"];
    killed += is_killed ? 1 : 0;
    Json row = {{"id", defect["id"]},
                {"sentence", defect["sentence"]},
                {"origin", defect["origin"]},
                {"clauses", joined(defect["clauses"])},
                {"class", is_killed ? "pass" : "fail"},
                {"fate", is_killed ? "KILLED" : "SURVIVES"},
                {"cells", cells_of(defect, qualification["cases"])},
                {"first", ""}};
    if (is_killed) {
      const Json& first = defect["kills"][0];
      row["first"] = fmt::format("{} in {}: {}", first["clause"].get<std::string>(),
                                 first["plan"].get<std::string>(),
                                 first["actual"].get<std::string>());
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Json clauses_of(const Json& qualification) {
  Json rows = Json::array();
  for (const Json& clause : qualification["clauses"]) {
    const bool is_proven = clause["proven"];
    const std::string level = clause["level"];
    const bool is_demanded = level == "MUST" || level == "SHOULD";
    Json row = clause;
    row["class"] = is_proven ? "pass" : is_demanded ? "fail" : "not-run";
    row["proof"] = is_proven ? "PROVEN" : is_demanded ? "NOT PROVEN" : "-";
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::string qualification_page(const Json& qualification) {
  std::size_t killed = 0;
  Json values = {{"suite", qualification["suite"]},
                 {"defects", defects_of(qualification, killed)},
                 {"clauses", clauses_of(qualification)},
                 {"clean", qualification["clean_failures"]},
                 {"open", qualification["not_observable"]},
                 {"idle", Json::array()}};
  for (const Json& one : qualification["cases"]) {
    if (one["kills"].empty()) values["idle"].push_back(one["name"]);
  }
  std::size_t proven = 0;
  std::size_t demanded = 0;
  for (const Json& clause : qualification["clauses"]) {
    if (clause["level"] != "MUST" && clause["level"] != "SHOULD") continue;
    ++demanded;
    proven += clause["proven"].get<bool>() ? 1 : 0;
  }
  values["lead"] = fmt::format(
      "{} of {} deliberate defects are killed; {} of {} MUST and SHOULD clauses are proven. Every "
      "defect met {} plans of {} cases on {}.",
      killed, qualification["defects"].size(), proven, demanded,
      qualification["plans"].get<std::size_t>(), qualification["cases"].size(),
      qualification["testbed"].get<std::string>());
  return whole_page("Kill matrix of " + qualification["suite"].get<std::string>(),
                    filled(qualification_template, values), 0);
}

Result<void> write_qualification(const Json& qualification, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(folder, error.message());
  const std::string json = qualification.dump(1, ' ', false, Json::error_handler_t::replace);
  const std::pair<const char*, std::string> files[] = {
      {"qualification.json", json + "\n"},
      {"qualification.html", qualification_page(qualification)},
      {"style.css", style_sheet},
      {"script.js", page_script}};
  for (const auto& [name, text] : files) {
    if (auto written = write_atomically(folder + "/" + name, text); !written) return written;
  }
  return {};
}

}  // namespace understudy::reports

#include "reports/html/pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/files.h"
#include "harness/listing.h"
#include "harness/rules/claims.h"
#include "reports/html/template.h"
#include "reports/html/timeline.h"
#include "reports/html/words.h"

namespace understudy::reports {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kept_of_a_console = 256 * 1024;
constexpr std::uintmax_t read_of_a_console = 2 * 1024 * 1024;  // from either end

std::string source_of(const Clause& clause) {
  return to_text(clause.citation);
}

std::string first_cause(const PlanResult& result) {
  for (const Verdict& verdict : result.verdicts) {
    if (verdict.outcome == result.outcome && result.outcome != Verdict::Outcome::Pass) {
      return result.outcome == Verdict::Outcome::Fail ? verdict.actual : verdict.cause;
    }
  }
  return "";
}

Json tiles_of(const Counts& counts) {
  return Json::array(
      {{{"class", "pass"}, {"count", counts.pass}, {"label", "passed"}},
       {{"class", "fail"}, {"count", counts.fail}, {"label", "failed"}},
       {{"class", "inconclusive"}, {"count", counts.inconclusive}, {"label", "inconclusive"}},
       {{"class", "not-run"}, {"count", counts.not_run}, {"label", "not run"}}});
}

std::string lead_of(const Report& report) {
  const Counts& counts = report.plan_counts;
  const auto with = [&](Verdict::Outcome outcome) {
    return std::count_if(report.clauses.begin(), report.clauses.end(),
                         [&](const ClauseResult& clause) { return clause.outcome == outcome; });
  };
  return fmt::format(
      "{} of {} runs passed. Of {} clauses {} held, {} were broken, {} are open, {} were not "
      "covered.",
      counts.pass, report.plans.size(), report.clauses.size(), with(Verdict::Outcome::Pass),
      with(Verdict::Outcome::Fail), with(Verdict::Outcome::Inconclusive),
      with(Verdict::Outcome::NotRun));
}

Json clause_json(const Verdict& verdict) {
  return {{"outcome", to_text(verdict.outcome)}, {"class", css_class(to_text(verdict.outcome))},
          {"clause", verdict.clause.id},         {"level", to_text(verdict.clause.level)},
          {"source", source_of(verdict.clause)}, {"statement", verdict.clause.statement},
          {"expected", verdict.expected},        {"actual", verdict.actual}};
}

Json verdict_json(const Verdict& verdict) {
  Json json = clause_json(verdict);
  json["is_compact"] = verdict.outcome == Verdict::Outcome::Pass;
  json["cause"] = verdict.cause;
  json["measured"] = "";
  if (verdict.measured) {
    json["measured"] = short_time(*verdict.measured) +
                       (verdict.error_bar ? " (+-" + short_time(*verdict.error_bar) + ")" : "");
  }
  json["evidence"] =
      verdict.first_line > 0 ? fmt::format("{}-{}", verdict.first_line, verdict.last_line) : "";
  json["editions"] = to_text(verdict.editions);
  json["remarks"] = verdict.remarks;
  return json;
}

std::string incident_text(const Incident& incident) {
  switch (incident.kind) {
    case Incident::Kind::Unread:
      return incident.node + " printed what the dialect does not know: " + incident.words;
    case Incident::Kind::SessionLost:
    case Incident::Kind::Late:
      return incident.node + ": " + incident.words;
    case Incident::Kind::Stall:
      return "bench.stall: " + incident.words;
    case Incident::Kind::NodeDied:
      return incident.node + " died: " + incident.words;
    case Incident::Kind::BenchBroken:
      return "the bench failed: " + incident.words;
    case Incident::Kind::IdleFault:
      return "nobody can say that a fault was injected: " + incident.words;
    case Incident::Kind::Unsupported:
      return incident.node + " cannot be read: " + incident.words;
  }
  return incident.words;
}

Json steps_json(const Plan& plan, const History& history) {
  Json steps = Json::array();
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    Json step = {{"word", step_word(plan.steps[i].step)},
                 {"what", step_text(plan.steps[i])},
                 {"when", "not reached"},
                 {"class", "not-reached"},
                 {"receipts", Json::array()}};
    for (const Entry& entry : history.entries) {
      if (entry.step != i) continue;
      if (entry.kind == Entry::Kind::StepBegan) step["when"] = short_time(entry.at);
      if (entry.kind == Entry::Kind::StepEnded)
        step["class"] = entry.value == "held" ? "held" : "not-held";
      if (entry.kind == Entry::Kind::Acted) {
        step["receipts"].push_back(act_text(entry.act) + ": " + receipt_text(entry.receipt));
      }
      if (entry.kind == Entry::Kind::Remembered) {
        step["receipts"].push_back(
            fmt::format("{} = {}", entry.name, entry.known ? entry.value : "(no answer)"));
      }
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

std::string size_text(std::uintmax_t bytes) {
  return bytes < 10'000 ? fmt::format("{} bytes", bytes) : fmt::format("{} KB", bytes / 1000);
}

/// A console as it looked: ANSI and carriage returns removed, the middle of a long one left out.
std::string readable(const std::string& raw) {
  const auto is_plain = [](char c) { return c == '\n' || c == '\t' || (c >= 0x20 && c < 0x7f); };
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const auto plain_from = raw.begin() + static_cast<std::ptrdiff_t>(i);
    const auto plain_to = std::find_if_not(plain_from, raw.end(), is_plain);
    out.append(plain_from, plain_to);
    i += static_cast<std::size_t>(plain_to - plain_from);
    if (i == raw.size()) break;
    const unsigned char c = static_cast<unsigned char>(raw[i]);
    if (c == 0x1b && i + 1 < raw.size() && raw[i + 1] == '[') {
      i += 2;
      while (i < raw.size() && (raw[i] < '@' || raw[i] > '~')) ++i;
    } else if (c != '\r') {
      out += c >= 0x80 ? std::string("\xC2\xB7") : std::string();
    }
  }
  if (out.size() <= kept_of_a_console) return out;
  return out.substr(0, kept_of_a_console / 2) + "\n[... the file has it all ...]\n" +
         out.substr(out.size() - kept_of_a_console / 2);
}

/// The beginning and the end of a file, of which more is never shown: it may be as long as a device
/// that never stops makes it.
std::string ends_of_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code problem;
  const auto size = fs::file_size(path, problem);
  const auto read = [&](std::uintmax_t from, std::uintmax_t count) {
    std::string part(count, '\0');
    file.seekg(static_cast<std::streamoff>(from));
    file.read(part.data(), static_cast<std::streamsize>(count));
    part.resize(static_cast<std::size_t>(file.gcount()));
    return part;
  };
  if (problem || size <= 2 * read_of_a_console) return read(0, problem ? 0 : size);
  return read(0, read_of_a_console) + read(size - read_of_a_console, read_of_a_console);
}

/// "collected/1-MSM-A-show-switch.txt": what was taken of a device that had failed.
void add_collected(Json& page, const fs::path& folder) {
  page["collected"] = Json::array();
  std::error_code problem;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder / "collected", problem))
    paths.push_back(entry.path());
  const auto number = [](const fs::path& path) { return std::atoi(path.filename().c_str()); };
  std::ranges::sort(paths, {}, [&](const fs::path& path) {
    return std::pair(number(path), path.filename().string());
  });
  for (const fs::path& path : paths)
    page["collected"].push_back(
        {{"name", path.filename().string()}, {"size", size_text(fs::file_size(path, problem))}});
  page["has_collected"] = !paths.empty();
}

/// What came of a device after the case: how it was brought back, what could not be put back.
void add_aftermath(Json& page, const History& history) {
  page["aftermath"] = Json::array();
  for (const Entry& entry : history.entries) {
    if (entry.kind != Entry::Kind::Restored) continue;
    for (const auto& [word, lines] :
         {std::pair("recovery", entry.name), {"not put back", entry.value}}) {
      std::istringstream text(lines);
      for (std::string line; std::getline(text, line);)
        page["aftermath"].push_back({{"word", word}, {"line", line}});
    }
  }
  page["has_aftermath"] = !page["aftermath"].empty();
}

void add_files(Json& page, const fs::path& folder) {
  page["files"] = Json::array();
  page["consoles"] = Json::array();
  std::error_code problem;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder, problem)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths) {
    const std::string size = size_text(fs::file_size(path, problem));
    page["files"].push_back({{"name", path.filename().string()}, {"size", size}});
    if (path.extension() != ".console") continue;
    page["consoles"].push_back(
        {{"node", path.stem().string()}, {"size", size}, {"text", readable(ends_of_file(path))}});
  }
}

Json claims_json(std::span<const rules::Claim> made) {
  Json claims = Json::array();
  for (const rules::Claim& claim : made) {
    Json proofs = Json::array();
    for (const rules::Proof& proof : claim.proofs) {
      proofs.push_back(
          fmt::format("{}: {} (line {})", proof.is_true ? "true" : "false", proof.how, proof.line));
    }
    claims.push_back({{"claim", rules::to_text(claim)},
                      {"bounds", rules::bounds_text(claim)},
                      {"is_contradicted", claim.is_contradicted()},
                      {"line", std::to_string(claim.line)},
                      {"proofs", std::move(proofs)}});
  }
  return claims;
}

std::string defect_warning(const std::string& defect) {
  return "This device was broken on purpose: " + defect +
         ". What is said here is said of the defect, not of a switch.";
}

std::vector<std::string> warnings_of(const Report& report) {
  std::vector<std::string> warnings;
  if (!report.defects.empty()) {
    warnings.push_back(defect_warning(fmt::format("{}", fmt::join(report.defects, ", "))));
  }
  for (const std::string& line : report.damage) warnings.push_back("Not whole: " + line);
  return warnings;
}

/// "lab-7: MSM-A 12, MSM-B 3"
std::string flash_words(const Report& report) {
  std::vector<std::string> testbeds;
  for (const auto& [testbed, writes] : report.flash_writes) {
    std::vector<std::string> nodes;
    for (const auto& [node, count] : writes) nodes.push_back(fmt::format("{} {}", node, count));
    testbeds.push_back(fmt::format("{}: {}", testbed, fmt::join(nodes, ", ")));
  }
  return fmt::format("{}", fmt::join(testbeds, "; "));
}

}  // namespace

std::string case_path(const Report& report, std::size_t plan) {
  const Plan& one = report.plans[plan].plan;
  const std::string testbed = report.testbeds.size() > 1 ? one.testbed + "/" : "";
  return "cases/" + testbed + one.suite + "/" + one.id + ".html";
}

std::string index_page(const Report& report) {
  Json page = {{"title", report.title},
               {"lead", lead_of(report)},
               {"tiles", tiles_of(report.plan_counts)},
               {"failures", Json::array()},
               {"cases", Json::array()},
               {"started", report.started},
               {"canaries", report.canaries},
               {"flash", flash_words(report)},
               {"editions", report.editions},
               {"has_editions", !report.editions.empty()},
               {"host", ""},
               {"has_failures", report.plan_counts.fail > 0}};
  for (std::size_t i = 0; i < report.plans.size(); ++i) {
    const PlanResult& result = report.plans[i];
    std::string clauses;
    for (const Verdict& verdict : result.verdicts) {
      if (clauses.find(verdict.clause.id) == std::string::npos)
        clauses += (clauses.empty() ? "" : ", ") + verdict.clause.id;
      if (verdict.outcome != Verdict::Outcome::Fail) continue;
      Json failure = clause_json(verdict);
      failure["plan"] = result.plan.id;
      failure["page"] = case_path(report, i);
      page["failures"].push_back(std::move(failure));
    }
    page["cases"].push_back({{"outcome", to_text(result.outcome)},
                             {"class", css_class(to_text(result.outcome))},
                             {"page", case_path(report, i)},
                             {"plan", result.plan.id},
                             {"title", result.plan.title},
                             {"why", first_cause(result)},
                             {"clauses", clauses},
                             {"took", short_time(result.took)}});
  }
  return whole_page(report.title, filled(index_template, page), 0, warnings_of(report));
}

std::string clauses_page(const Report& report) {
  Json page = {{"title", report.title}, {"lead", lead_of(report)}, {"clauses", Json::array()}};
  for (const ClauseResult& result : report.clauses) {
    Json verdicts = Json::array();
    for (const auto& [plan, verdict] : result.verdicts) {
      const std::string outcome = to_text(report.plans[plan].verdicts[verdict].outcome);
      verdicts.push_back({{"plan", report.plans[plan].plan.id},
                          {"page", case_path(report, plan)},
                          {"outcome", outcome},
                          {"class", css_class(outcome)}});
    }
    Json outcomes = Json::array();
    for (const EditionOutcome& outcome : result.clause.outcomes)
      outcomes.push_back(to_text(outcome) + ": " + said_by(outcome));
    page["clauses"].push_back(
        {{"id", result.clause.id},
         {"outcomes", std::move(outcomes)},
         {"level", to_text(result.clause.level)},
         {"statement", result.clause.statement},
         {"premises", result.clause.premises},
         {"source", source_of(result.clause)},
         {"tag", result.clause.tag},
         {"follows", result.editions ? to_text(*result.editions) : ""},
         {"outcome", result.verdicts.empty() ? "NOT COVERED" : to_text(result.outcome)},
         {"class", css_class(to_text(result.outcome))},
         {"verdicts", std::move(verdicts)}});
  }
  return whole_page("Clauses: " + report.title, filled(clauses_template, page), 0,
                    warnings_of(report));
}

std::string case_page(const Report& report, std::size_t plan, const History& history,
                      const std::string& root) {
  const PlanResult& result = report.plans[plan];
  const std::string path = case_path(report, plan);
  const int depth = static_cast<int>(std::count(path.begin(), path.end(), '/'));
  std::string up;
  for (int i = 0; i < depth; ++i) up += "../";
  Json page = {{"root", up},
               {"report", report.title},
               {"outcome", to_text(result.outcome)},
               {"class", css_class(to_text(result.outcome))},
               {"plan", result.plan.id},
               {"title", result.plan.title},
               {"seed", std::to_string(result.plan.run_seed)},
               {"took", short_time(result.took)},
               {"folder", result.folder},
               {"roles", Json::array()},
               {"verdicts", Json::array()},
               {"incidents", Json::array()},
               {"has_incidents", false},
               {"steps", steps_json(result.plan, history)},
               {"timeline", timeline_svg(result.plan, history, result.claims)},
               {"claims", claims_json(result.claims)},
               {"again", command_again(result.plan)}};
  page["has_claims"] = !page["claims"].empty();
  for (const Verdict& verdict : result.verdicts) page["verdicts"].push_back(verdict_json(verdict));
  for (const Entry& entry : history.entries) {
    if (entry.kind == Entry::Kind::Bound)
      page["roles"].push_back({{"role", entry.name}, {"node", entry.value}});
    if (entry.kind == Entry::Kind::Happened) {
      page["has_incidents"] = true;
      page["incidents"].push_back(
          {{"when", short_time(entry.at)}, {"what", incident_text(entry.incident)}});
    }
  }
  add_files(page, fs::path(root) / result.folder);
  add_collected(page, fs::path(root) / result.folder);
  add_aftermath(page, history);
  std::vector<std::string> warnings;
  if (!result.plan.defect.empty()) warnings.push_back(defect_warning(result.plan.defect));
  return whole_page(result.plan.id, filled(case_template, page), depth, warnings);
}

Result<void> write_pages(Report& report, const std::string& folder) {
  auto written = write_files(
      folder, {{"index.html", index_page(report)}, {"clauses.html", clauses_page(report)}});
  if (!written) return written;
  std::error_code none;  // pages of an earlier report into the same folder
  std::filesystem::remove_all(folder + "/cases", none);
  for (std::size_t i = 0; i < report.plans.size(); ++i) {
    History history;
    if (auto read = read_history(folder + "/" + report.plans[i].folder)) history = std::move(*read);
    report.plans[i].claims = rules::claims_of(report.plans[i].plan, history);
    const std::string page = case_page(report, i, history, folder);
    if (auto done = write_whole(folder + "/" + case_path(report, i), page); !done) return done;
  }
  return {};
}

}  // namespace understudy::reports

#include <fmt/format.h>

#include <set>

#include "reports/html/words.h"
#include "reports/report.h"

// JUnit XML in the form that Jenkins, GitLab and GitHub read: one testsuite a suite and testbed,
// one testcase a verdict, so that a clause has a name in every continuous-integration view.

namespace understudy::reports {
namespace {

/// Text as an XML attribute or element: markup escaped, what XML 1.0 forbids shown as U+FFFD.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : html_escaped(text)) {
    if (c == '\n') {
      out += "&#10;";
    } else if (c == '\t') {
      out += "&#9;";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\xEF\xBF\xBD";
    } else {
      out += c;
    }
  }
  return out;
}

std::string seconds(Duration duration) {
  return fmt::format("{:.3f}", std::chrono::duration<double>(duration).count());
}

std::string body_of(const Verdict& verdict) {
  switch (verdict.outcome) {
    case Verdict::Outcome::Pass:
      return "";
    case Verdict::Outcome::Fail:
      return fmt::format("<failure message=\"{}\">expected  {}\nactual    {}</failure>",
                         escaped(verdict.clause.statement), escaped(verdict.expected),
                         escaped(verdict.actual));
    case Verdict::Outcome::Inconclusive:
      return fmt::format("<error message=\"inconclusive: {}\"/>", escaped(verdict.cause));
    case Verdict::Outcome::NotRun:
      return fmt::format("<skipped message=\"{}\"/>", escaped(verdict.cause));
  }
  return "";
}

std::string testcases_of(const PlanResult& result) {
  std::string out;
  for (const Verdict& verdict : result.verdicts) {
    const std::string body = body_of(verdict);
    out += fmt::format("    <testcase classname=\"{}.{}\" name=\"{}\" time=\"{}\"",
                       escaped(result.plan.suite), escaped(result.plan.id),
                       escaped(verdict.clause.id), seconds(verdict.measured.value_or(Duration{})));
    out += body.empty() ? "/>\n" : fmt::format(">{}</testcase>\n", body);
  }
  return out;
}

std::string property(const std::string& name, const std::string& value) {
  return fmt::format("<property name=\"{}\" value=\"{}\"/>", escaped(name), escaped(value));
}

/// What was broken on purpose, and which edition of the manual each clause with several follows.
std::string properties_of(const std::set<std::string>& defects, std::span<const Verdict> verdicts) {
  std::string all;
  if (!defects.empty())
    all += property("broken-on-purpose", fmt::format("{}", fmt::join(defects, ", ")));
  for (const ClauseEditions& clause : editions_of(verdicts))
    all += property("edition of " + clause.clause, to_text(clause));
  return all.empty() ? all : fmt::format("    <properties>{}</properties>\n", all);
}

/// What is missing of a run has no case of its own to be an error of.
std::string damage_of(const Report& report) {
  if (report.damage.empty()) return {};
  std::string cases;
  for (const std::string& line : report.damage) {
    cases += fmt::format(
        "    <testcase classname=\"understudy\" name=\"the-run-is-whole\"><error message=\"{}\"/>"
        "</testcase>\n",
        escaped(line));
  }
  return fmt::format(
      "  <testsuite name=\"understudy\" tests=\"{0}\" failures=\"0\" errors=\"{0}\" "
      "skipped=\"0\">\n{1}  </testsuite>\n",
      report.damage.size(), cases);
}

}  // namespace

std::string junit_of(const Report& report) {
  std::map<std::pair<std::string, std::string>, std::vector<const PlanResult*>> suites;
  for (const PlanResult& result : report.plans) {
    suites[{result.plan.suite, result.plan.testbed}].push_back(&result);
  }
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const auto& [name, results] : suites) {
    Counts counts;
    Duration took{};
    std::string cases;
    std::set<std::string> defects;
    std::vector<Verdict> verdicts;
    for (const PlanResult* result : results) {
      if (!result->plan.defect.empty()) defects.insert(result->plan.defect);
      took += result->took;
      verdicts.insert(verdicts.end(), result->verdicts.begin(), result->verdicts.end());
      for (const Verdict& verdict : result->verdicts) {
        counts.pass += verdict.outcome == Verdict::Outcome::Pass ? 1 : 0;
        counts.fail += verdict.outcome == Verdict::Outcome::Fail ? 1 : 0;
        counts.inconclusive += verdict.outcome == Verdict::Outcome::Inconclusive ? 1 : 0;
        counts.not_run += verdict.outcome == Verdict::Outcome::NotRun ? 1 : 0;
      }
      cases += testcases_of(*result);
    }
    out += fmt::format(
        "  <testsuite name=\"{}\" hostname=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" "
        "skipped=\"{}\" time=\"{}\">\n{}{}  </testsuite>\n",
        escaped(name.first), escaped(name.second),
        counts.pass + counts.fail + counts.inconclusive + counts.not_run, counts.fail,
        counts.inconclusive, counts.not_run, seconds(took), properties_of(defects, verdicts),
        cases);
  }
  out += damage_of(report);
  return out + "</testsuites>\n";
}

}  // namespace understudy::reports

#include "harness/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "harness/matcher.h"

namespace understudy {
namespace {

/// The suite's clauses and the harness's own, by document and page as people count pages.
std::vector<Clause> clauses_by_page(const Suite& suite) {
  std::vector<Clause> clauses = suite.clauses;
  const auto numbers = [](const Clause& clause) {
    std::vector<int> page;  // "15-4" is before "15-13"
    const std::string& text = clause.citation.page;
    const char* const end = text.data() + text.size();
    for (const char* at = text.data(); at != end;) {
      int number = 0;
      const auto [next, error] = std::from_chars(at, end, number);
      if (error == std::errc()) page.push_back(std::abs(number));
      at = error == std::errc() ? next : at + 1;
    }
    return page;
  };
  const std::string first = clauses.empty() ? "" : clauses.front().citation.document;
  std::stable_sort(clauses.begin(), clauses.end(), [&](const Clause& a, const Clause& b) {
    const auto key = [&](const Clause& clause) {
      return std::tuple(clause.citation.document != first, clause.citation.document,
                        numbers(clause), clause.citation.page);
    };
    return key(a) < key(b);
  });
  clauses.push_back(unprovoked_restart());
  return clauses;
}

std::vector<std::string> cases_of(const Suite& suite, const std::string& clause) {
  std::vector<std::string> names;
  for (const Case& one : suite.cases)
    if (std::any_of(one.steps.begin(), one.steps.end(),
                    [&](const Step& step) { return step.checks == clause; }))
      names.push_back(one.name);
  return names;
}

bool is_checked_always(const Suite& suite, const std::string& clause) {
  return clause == unprovoked_restart().id ||
         std::any_of(suite.always.begin(), suite.always.end(),
                     [&](const Invariant& invariant) { return invariant.checks == clause; });
}

std::vector<std::string> clauses_of(const Case& one) {
  std::vector<std::string> clauses;
  for (const Step& step : one.steps)
    if (!step.checks.empty() &&
        std::find(clauses.begin(), clauses.end(), step.checks) == clauses.end())
      clauses.push_back(step.checks);
  return clauses;
}

std::size_t plans_of(const Case& one) {
  std::size_t plans = 1;
  for (const auto& group : one.vary) plans *= group.empty() ? 1 : group.front().second.size();
  return plans;
}

std::string missing_of(const NotRun& not_run, const std::string& name) {
  for (const auto& [one, word] : not_run)
    if (one == name) return word;
  return "";
}

/// What each edition says in the place of an expect's condition, a line each.
std::string editions_of(const Plan& plan, const PlannedStep& planned) {
  std::string text;
  for (const Clause& clause : plan.clauses) {
    if (clause.id != planned.step.checks) continue;
    for (std::size_t index = 0; index < planned.by_edition.size(); ++index)
      text +=
          fmt::format("                  {}: {}\n", to_text(clause.outcomes[index]),
                      is_silent(planned, index) ? "says nothing of it"
                                                : understudy::to_text(planned.by_edition[index]));
  }
  return text;
}

std::string words_of(const PlannedStep& planned) {
  const Step& step = planned.step;
  const std::string length = understudy::to_text(planned.bound);
  const std::string source =
      planned.bound_source.empty() ? "" : fmt::format(" ({})", planned.bound_source);
  const std::string span = step.span == Step::Span::Within
                               ? fmt::format(" within {}{}", length, source)
                           : step.span == Step::Span::For ? fmt::format(" for {}{}", length, source)
                                                          : " now";
  switch (step.kind) {
    case Step::Kind::Do: {
      std::vector<std::string> acts;
      for (const Act& act : step.acts) acts.push_back(understudy::to_text(act));
      return fmt::format("do        {}{}", fmt::join(acts, " | at once "),
                         step.span == Step::Span::Within ? span : "");
    }
    case Step::Kind::Await:
      return fmt::format("await     {}{}", understudy::to_text(step.condition), span);
    case Step::Kind::Expect:
      return fmt::format("expect    {}{}, checks {}", understudy::to_text(step.condition), span,
                         step.checks);
    case Step::Kind::Remember: {
      std::vector<std::string> names;
      for (const auto& [name, term] : step.remembered)
        names.push_back(fmt::format("{} <- {}{}{}.{}", name, term.observer,
                                    term.observer.empty() ? "" : " sees ", term.subject,
                                    term.attribute));
      return fmt::format("remember  {}", fmt::join(names, ", "));
    }
    case Step::Kind::Pause:
      return fmt::format("pause     {}{}", length, source);
  }
  return "";
}

std::string words_of(const Invariant& invariant) {
  std::vector<std::string> names;
  for (const Term& term : invariant.condition.terms)
    names.push_back(invariant.kind == Invariant::Kind::AtMostOne
                        ? fmt::format("{} {}", term.attribute, understudy::to_text(term.matcher))
                    : invariant.kind == Invariant::Kind::NotWithoutAct ? term.attribute
                                                                       : understudy::to_text(term));
  const char* kind = invariant.kind == Invariant::Kind::Never       ? "never"
                     : invariant.kind == Invariant::Kind::AtMostOne ? "at most one"
                                                                    : "not without an act:";
  return fmt::format("{} {}, checks {}", kind, fmt::join(names, ", "), invariant.checks);
}

/// Subject aside: what is hoped for of one node may be demanded of another.
bool is_demanded(const Suite& suite, const Term& awaited) {
  for (const Case& one : suite.cases)
    for (const Step& step : one.steps)
      for (const Term& term : step.condition.terms)
        if (step.kind == Step::Kind::Expect && term.attribute == awaited.attribute &&
            term.matcher == awaited.matcher)
          return true;
  return false;
}

bool names_outcomes(const Suite& suite, const std::string& clause) {
  for (const Case& one : suite.cases)
    for (const Step& step : one.steps)
      for (const Term& term : step.condition.terms)
        if (step.checks == clause && !term.matcher.values.empty() &&
            outcome_name(term.matcher.values.front()))
          return true;
  return false;
}

}  // namespace

std::string said_by(const EditionOutcome& outcome) {
  std::vector<std::string> parts;
  for (const auto& [name, values] : outcome.values)
    parts.push_back(
        fmt::format("{}{}{}", name, name.empty() ? "" : " ", fmt::join(values, " or ")));
  return fmt::format("{}", fmt::join(parts, ", "));
}

Result<NotRun> cases_not_run(const Suite& suite, const Capabilities& capabilities,
                             const std::string& testbed) {
  NotRun not_run;
  for (const Case& one : suite.cases) {
    const auto plans = make_plans(suite, one, capabilities, testbed, 0);
    if (!plans) return tl::unexpected(plans.error());
    for (const Plan& plan : *plans) {
      if (plan.not_run.empty()) continue;
      not_run.emplace_back(one.name, plan.not_run);
      break;
    }
  }
  return not_run;
}

std::string list_text(const Suite& suite, const NotRun& not_run) {
  std::string text = fmt::format("{}: {}\n\nCLAUSES\n", suite.name, suite.title);
  std::string page;
  for (const Clause& clause : clauses_by_page(suite)) {
    const std::string citation = to_text(clause.citation);
    if (citation != page) text += fmt::format("\n{}\n", citation);
    page = citation;
    text += fmt::format("  {:<6}  {}\n          {}\n", understudy::to_text(clause.level), clause.id,
                        clause.statement);
    for (const EditionOutcome& outcome : clause.outcomes)
      text += fmt::format("          {}: {}\n", to_text(outcome), said_by(outcome));
    const auto cases = cases_of(suite, clause.id);
    const bool is_always = is_checked_always(suite, clause.id);
    text += fmt::format("          checked by {}\n",
                        is_always       ? "every case"
                        : cases.empty() ? std::string("no case")
                                        : fmt::format("{}", fmt::join(cases, ", ")));
  }
  std::size_t widest = 0;
  for (const Case& one : suite.cases) widest = std::max(widest, one.name.size());
  text += "\nCASES\n\n";
  for (const Case& one : suite.cases) {
    text += fmt::format("  {:<{}}  {}\n", one.name, widest, one.title);
    if (const auto plans = plans_of(one); plans > 1)
      text += fmt::format("  {:<{}}  {} plans\n", "", widest, plans);
    if (const auto word = missing_of(not_run, one.name); !word.empty())
      text += fmt::format("  {:<{}}  NOT RUN: {}\n", "", widest, word);
  }
  return text;
}

Json list_json(const Suite& suite, const NotRun& not_run) {
  Json json = {{"suite", suite.name},      {"title", suite.title},     {"product", suite.product},
               {"edition", suite.edition}, {"clauses", Json::array()}, {"cases", Json::array()}};
  for (const Clause& clause : clauses_by_page(suite)) {
    Json one = to_json(clause);
    one["cases"] = cases_of(suite, clause.id);
    one["always"] = is_checked_always(suite, clause.id);
    json["clauses"].push_back(std::move(one));
  }
  for (const Case& one : suite.cases)
    json["cases"].push_back({{"name", one.name},
                             {"title", one.title},
                             {"clauses", clauses_of(one)},
                             {"plans", plans_of(one)},
                             {"not_run", missing_of(not_run, one.name)},
                             {"where", one.where}});
  return json;
}

std::string plan_text(const Plan& plan) {
  std::string text = fmt::format("{}/{}: {}\n", plan.suite, plan.id, plan.title);
  text += fmt::format("  on {}, seed {}\n", plan.testbed, plan.seed);
  if (!plan.not_run.empty()) text += fmt::format("  NOT RUN: {}\n", plan.not_run);
  for (const auto& [role, state] : plan.given)
    text += fmt::format("  given     {}.state {} within {}\n", role, to_text(state),
                        to_text(plan.boot_limit));
  for (std::size_t i = 0; i < plan.steps.size(); ++i)
    text += fmt::format("  {:>2}  {}\n{}", i + 1, words_of(plan.steps[i]),
                        editions_of(plan, plan.steps[i]));
  for (const Invariant& invariant : plan.always)
    text += fmt::format("  always    {}\n", words_of(invariant));
  return text + fmt::format("  pauses and spans {}\n", to_text(plan.longest_wait));
}

namespace {

/// What has to hold now, before anything is done: as `given`, it is found and not demanded.
bool is_premise(const Case& one, const Step& step) {
  const auto first = std::ranges::find(one.steps, Step::Kind::Do, &Step::kind);
  return step.bound.empty() && &step < std::to_address(first);
}

}  // namespace

std::vector<Error> remarks_on(const Suite& suite) {
  std::vector<Error> remarks;
  for (const Clause& clause : suite.clauses)
    if (clause.level != Level::Info && cases_of(suite, clause.id).empty() &&
        !is_checked_always(suite, clause.id))
      remarks.push_back(
          {clause.where, fmt::format("no case checks the clause `{}`", clause.id), ""});
  for (const Clause& clause : suite.clauses)
    if (!clause.outcomes.empty() && !cases_of(suite, clause.id).empty() &&
        !names_outcomes(suite, clause.id))
      remarks.push_back({clause.where,
                         fmt::format("no case tells the editions of `{}` apart", clause.id),
                         "an expect that checks it names $outcome"});
  for (const Case& one : suite.cases)
    for (const Step& step : one.steps)
      for (const Term& term : step.condition.terms)
        if (step.kind == Step::Kind::Await && !is_premise(one, step) && !is_demanded(suite, term))
          remarks.push_back({step.where, fmt::format("no case demands that {}", to_text(term)),
                             "an awaited condition is demanded by some expect"});
  return remarks;
}

std::string check_text(const Suite& suite) {
  return fmt::format("{}: sound, {} clauses, {} cases\n", suite.name, suite.clauses.size(),
                     suite.cases.size());
}

}  // namespace understudy

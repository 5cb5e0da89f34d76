// Plans as JSON and back, exactly: what `judge` reads beside a history.
#include <fmt/format.h>

#include <array>

#include "harness/matcher.h"
#include "harness/plan.h"

namespace understudy {
namespace {

/// A value that is not as to_json wrote it. Caught in plan_from.
struct Misfit {
  std::string what;
};

template <typename Enum, std::size_t size>
using Names = std::array<std::pair<Enum, const char*>, size>;

constexpr Names<Step::Kind, 5> step_kinds = {{{Step::Kind::Do, "do"},
                                              {Step::Kind::Await, "await"},
                                              {Step::Kind::Expect, "expect"},
                                              {Step::Kind::Remember, "remember"},
                                              {Step::Kind::Pause, "pause"}}};
constexpr Names<Step::Span, 3> spans = {
    {{Step::Span::Now, "now"}, {Step::Span::Within, "within"}, {Step::Span::For, "for"}}};
constexpr Names<Invariant::Kind, 3> invariant_kinds = {
    {{Invariant::Kind::Never, "never"},
     {Invariant::Kind::AtMostOne, "at most one"},
     {Invariant::Kind::NotWithoutAct, "not without an act"}}};
constexpr std::array matcher_kinds = {
    Matcher::Kind::Equals,  Matcher::Kind::Not,    Matcher::Kind::OneOf, Matcher::Kind::NoneOf,
    Matcher::Kind::AtLeast, Matcher::Kind::AtMost, Matcher::Kind::Above, Matcher::Kind::Below,
    Matcher::Kind::Matches, Matcher::Kind::Known};
constexpr std::array all_quantifiers = {Quantifier::The, Quantifier::Each, Quantifier::Any,
                                        Quantifier::No};

template <typename Enum, std::size_t size>
std::string name_of(const Names<Enum, size>& names, Enum value) {
  for (const auto& [known, name] : names)
    if (known == value) return name;
  return "";
}

template <typename Enum, std::size_t size>
Enum value_of(const Names<Enum, size>& names, const Json& json) {
  const auto text = json.get<std::string>();
  for (const auto& [value, name] : names)
    if (name == text) return value;
  throw Misfit{fmt::format("`{}` is not known here", text)};
}

template <typename Enum, std::size_t size>
Enum word_value(const std::array<Enum, size>& values, const Json& json) {
  const auto text = json.get<std::string>();
  for (const Enum value : values)
    if (word_of(value) == text) return value;
  throw Misfit{fmt::format("`{}` is not known here", text)};
}

Duration length_from(const Json& json) {
  return Duration(json.get<std::int64_t>());
}

Json json_of(const Matcher& matcher) {
  return {{"kind", word_of(matcher.kind)}, {"values", matcher.values}};
}

Matcher matcher_from(const Json& json) {
  return {word_value(matcher_kinds, json.at("kind")), json.at("values").get<std::vector<Value>>()};
}

Json json_of(const Term& term) {
  return {{"quantifier", word_of(term.quantifier)},
          {"subject", term.subject},
          {"observer", term.observer},
          {"attribute", term.attribute},
          {"matcher", json_of(term.matcher)}};
}

Term term_from(const Json& json) {
  return {word_value(all_quantifiers, json.at("quantifier")), json.at("subject").get<std::string>(),
          json.at("observer").get<std::string>(), json.at("attribute").get<std::string>(),
          matcher_from(json.at("matcher"))};
}

Json json_of(const Condition& condition) {
  Json terms = Json::array();
  for (const Term& term : condition.terms) terms.push_back(json_of(term));
  return terms;
}

Condition condition_from(const Json& json) {
  Condition condition;
  for (const Json& term : json) condition.terms.push_back(term_from(term));
  return condition;
}

Json json_of(const PlannedStep& planned) {
  const Step& step = planned.step;
  Json json = {{"kind", name_of(step_kinds, step.kind)},
               {"span", name_of(spans, step.span)},
               {"bound", step.bound},
               {"condition", json_of(step.condition)},
               {"checks", step.checks},
               {"where", step.where},
               {"length", planned.bound.count()},
               {"source", planned.bound_source}};
  if (planned.lasts) json["lasts"] = {{"text", step.lasts}, {"length", planned.lasts->count()}};
  json["by_edition"] = Json::array();
  for (const Condition& condition : planned.by_edition)
    json["by_edition"].push_back(json_of(condition));
  json["acts"] = Json::array();
  for (const Act& act : step.acts)
    json["acts"].push_back({{"word", act.word}, {"arguments", act.arguments}});
  json["remembered"] = Json::array();
  for (const auto& [name, term] : step.remembered)
    json["remembered"].push_back({{"name", name}, {"term", json_of(term)}});
  return json;
}

PlannedStep step_from(const Json& json) {
  PlannedStep planned;
  Step& step = planned.step;
  step.kind = value_of(step_kinds, json.at("kind"));
  step.span = value_of(spans, json.at("span"));
  step.bound = json.at("bound").get<std::string>();
  step.condition = condition_from(json.at("condition"));
  for (const Json& condition : json.at("by_edition"))
    planned.by_edition.push_back(condition_from(condition));
  step.checks = json.at("checks").get<std::string>();
  step.where = json.at("where").get<std::string>();
  planned.bound = length_from(json.at("length"));
  planned.bound_source = json.at("source").get<std::string>();
  if (const auto lasts = json.find("lasts"); lasts != json.end()) {
    step.lasts = lasts->at("text").get<std::string>();
    planned.lasts = length_from(lasts->at("length"));
  }
  for (const Json& act : json.at("acts"))
    step.acts.push_back({act.at("word").get<std::string>(), act.at("arguments")});
  for (const Json& one : json.at("remembered"))
    step.remembered.emplace_back(one.at("name").get<std::string>(), term_from(one.at("term")));
  return planned;
}

Json json_of(const Invariant& invariant) {
  return {{"kind", name_of(invariant_kinds, invariant.kind)},
          {"condition", json_of(invariant.condition)},
          {"checks", invariant.checks},
          {"where", invariant.where}};
}

Invariant invariant_from(const Json& json) {
  return {value_of(invariant_kinds, json.at("kind")), condition_from(json.at("condition")),
          json.at("checks").get<std::string>(), json.at("where").get<std::string>()};
}

Json json_of(const EditionOutcome& outcome) {
  Json values = Json::array();
  for (const auto& [name, said] : outcome.values)
    values.push_back({{"name", name}, {"values", said}});
  return {{"edition", outcome.edition},
          {"citation", {{"document", outcome.citation.document}, {"page", outcome.citation.page}}},
          {"values", std::move(values)}};
}

EditionOutcome outcome_from(const Json& json) {
  EditionOutcome outcome;
  outcome.edition = json.at("edition").get<std::string>();
  outcome.citation.document = json.at("citation").at("document").get<std::string>();
  outcome.citation.page = json.at("citation").at("page").get<std::string>();
  for (const Json& one : json.at("values"))
    outcome.values.emplace_back(one.at("name").get<std::string>(),
                                one.at("values").get<std::vector<Value>>());
  return outcome;
}

Clause clause_from(const Json& json) {
  Clause clause;
  const auto level = level_from(json.at("level").get<std::string>());
  if (!level) throw Misfit{level.error().what};
  clause.id = json.at("id").get<std::string>();
  clause.level = *level;
  clause.tag = json.at("source").get<std::string>();
  clause.product = json.at("product").get<std::string>();
  clause.editions = json.at("editions").get<std::vector<std::string>>();
  clause.citation.document = json.at("citation").at("document").get<std::string>();
  clause.citation.page = json.at("citation").at("page").get<std::string>();
  clause.statement = json.at("statement").get<std::string>();
  for (const Json& one : json.at("outcomes")) clause.outcomes.push_back(outcome_from(one));
  clause.premises = json.at("premises").get<std::vector<std::string>>();
  clause.aspect = json.at("aspect").get<std::string>();
  clause.where = json.at("where").get<std::string>();
  return clause;
}

Plan read_plan(const Json& json) {
  Plan plan;
  plan.suite = json.at("suite").get<std::string>();
  plan.case_name = json.at("case").get<std::string>();
  plan.id = json.at("id").get<std::string>();
  plan.title = json.at("title").get<std::string>();
  plan.testbed = json.at("testbed").get<std::string>();
  plan.suite_path = json.at("suite_path").get<std::string>();
  plan.testbed_path = json.at("testbed_path").get<std::string>();
  plan.defect = json.at("defect").get<std::string>();
  plan.defect_asked = json.at("defect_asked").get<std::string>();
  plan.defects_path = json.at("defects_path").get<std::string>();
  plan.run_seed = json.at("run_seed").get<std::uint64_t>();
  plan.seed = json.at("seed").get<std::uint64_t>();
  for (const Json& one : json.at("varied"))
    plan.varied.emplace_back(one.at("name").get<std::string>(), one.at("value").get<std::string>());
  for (const Json& one : json.at("given"))
    plan.given.emplace_back(one.at("role").get<std::string>(), matcher_from(one.at("state")));
  for (const Json& one : json.at("steps")) plan.steps.push_back(step_from(one));
  for (const Json& one : json.at("always")) plan.always.push_back(invariant_from(one));
  for (const Json& one : json.at("clauses")) plan.clauses.push_back(clause_from(one));
  plan.nodes = json.at("nodes").get<std::vector<std::string>>();
  for (const Json& one : json.at("timing"))
    plan.timing.emplace_back(one.at("name").get<std::string>(), length_from(one.at("length")));
  plan.boot_limit = length_from(json.at("boot_limit"));
  plan.not_run = json.at("not_run").get<std::string>();
  plan.longest_wait = length_from(json.at("longest_wait"));
  return plan;
}

}  // namespace

Json to_json(const Clause& clause) {
  Json outcomes = Json::array();
  for (const EditionOutcome& outcome : clause.outcomes) outcomes.push_back(json_of(outcome));
  return {{"id", clause.id},
          {"outcomes", std::move(outcomes)},
          {"level", to_text(clause.level)},
          {"source", clause.tag},
          {"product", clause.product},
          {"editions", clause.editions},
          {"citation", {{"document", clause.citation.document}, {"page", clause.citation.page}}},
          {"statement", clause.statement},
          {"premises", clause.premises},
          {"aspect", clause.aspect},
          {"where", clause.where}};
}

Json to_json(const Plan& plan) {
  Json json = {{"suite", plan.suite},
               {"case", plan.case_name},
               {"id", plan.id},
               {"title", plan.title},
               {"testbed", plan.testbed},
               {"seed", plan.seed},
               {"suite_path", plan.suite_path},
               {"testbed_path", plan.testbed_path},
               {"defect", plan.defect},
               {"defect_asked", plan.defect_asked},
               {"defects_path", plan.defects_path},
               {"run_seed", plan.run_seed},
               {"nodes", plan.nodes},
               {"boot_limit", plan.boot_limit.count()},
               {"not_run", plan.not_run},
               {"longest_wait", plan.longest_wait.count()}};
  for (const char* list : {"varied", "given", "steps", "always", "clauses", "timing"})
    json[list] = Json::array();
  for (const auto& [name, value] : plan.varied)
    json["varied"].push_back({{"name", name}, {"value", value}});
  for (const auto& [role, state] : plan.given)
    json["given"].push_back({{"role", role}, {"state", json_of(state)}});
  for (const PlannedStep& step : plan.steps) json["steps"].push_back(json_of(step));
  for (const Invariant& invariant : plan.always) json["always"].push_back(json_of(invariant));
  for (const Clause& clause : plan.clauses) json["clauses"].push_back(to_json(clause));
  for (const auto& [name, length] : plan.timing)
    json["timing"].push_back({{"name", name}, {"length", length.count()}});
  return json;
}

Result<Plan> plan_from(const Json& json, const std::string& where) {
  const std::string hint = "plan.json is written by `understudy run` and read by the same version";
  try {
    return read_plan(json);
  } catch (const Misfit& misfit) {
    return fail(where, "no plan: " + misfit.what, hint);
  } catch (const Json::exception& error) {
    return fail(where, fmt::format("no plan: {}", error.what()), hint);
  }
}

}  // namespace understudy

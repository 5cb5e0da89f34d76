#include "harness/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstring>

#include "harness/plan_resolve.h"

namespace understudy {
namespace {

using planning::Resolver;
using Varied = std::vector<std::pair<std::string, Value>>;

constexpr Duration boot_without_a_limit = std::chrono::minutes(10);
constexpr std::size_t longest_id = 180;  // it names a folder

/// The cross product of the groups, whose keys advance together; the last group turns fastest.
std::vector<Varied> combinations(const Vary& vary) {
  std::vector<Varied> all = {{}};
  for (const auto& group : vary) {
    std::vector<Varied> longer;
    for (const Varied& one : all) {
      const std::size_t rows = group.empty() ? 1 : group.front().second.size();
      for (std::size_t row = 0; row < rows; ++row) {
        Varied next = one;
        for (const auto& [key, values] : group) next.emplace_back(key, values.at(row));
        longer.push_back(std::move(next));
      }
    }
    all = std::move(longer);
  }
  return all;
}

/// Text that may stand in a folder's name, the same for every run.
std::string safe(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const bool is_safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '%';
    if (is_safe)
      result += c;
    else if (c != '$' && (result.empty() || result.back() != '-'))
      result += '-';
  }
  return result;
}

/// FNV-1a; stable over runs and machines.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return value;
}

/// SplitMix64: neighbouring seeds and ids give unrelated plans.
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

std::string id_of(const Case& one, const Varied& varied, const std::vector<Plan>& earlier) {
  std::string id = one.name;
  for (const auto& [key, value] : varied) id += fmt::format(",{}={}", key, safe(value));
  if (id.size() > longest_id)
    id = fmt::format("{}~{:016x}", id.substr(0, longest_id - 20), hash(id));
  const auto is_used = [&](const std::string& name) {
    return std::any_of(earlier.begin(), earlier.end(),
                       [&](const Plan& plan) { return plan.id == name; });
  };
  if (!is_used(id)) return id;
  std::size_t number = 2;
  while (is_used(fmt::format("{}~{}", id, number))) ++number;
  return fmt::format("{}~{}", id, number);
}

/// The values that an edition gives the outcome of this name; none where it says nothing of it.
std::vector<Value> values_of(const EditionOutcome& outcome, const std::string& name) {
  for (const auto& [given, values] : outcome.values)
    if (given == name) return values;
  return {};
}

Matcher matcher_of(std::vector<Value> values) {
  if (values.empty()) return {Matcher::Kind::Known, {}};
  if (values.size() == 1) return {Matcher::Kind::Equals, std::move(values)};
  return {Matcher::Kind::OneOf, std::move(values)};
}

/// Puts what the editions say in the place of `$outcome`: what any of them says, which a run waits
/// for, and what each does, which is judged.
void resolve_outcomes(const Suite& suite, PlannedStep& planned) {
  Condition& any = planned.step.condition;
  const Clause* clause = find_clause(suite, planned.step.checks);
  if (clause == nullptr) return;
  for (std::size_t index = 0; index < any.terms.size(); ++index) {
    const auto& values = any.terms[index].matcher.values;
    const auto name = values.empty() ? std::nullopt : outcome_name(values.front());
    if (!name) continue;
    planned.by_edition.assign(clause->outcomes.size(), any);
    std::vector<Value> all;
    for (std::size_t edition = 0; edition < clause->outcomes.size(); ++edition) {
      const auto said = values_of(clause->outcomes[edition], *name);
      planned.by_edition[edition].terms[index].matcher = matcher_of(said);
      for (const Value& value : said)
        if (std::find(all.begin(), all.end(), value) == all.end()) all.push_back(value);
    }
    any.terms[index].matcher = matcher_of(std::move(all));
    return;
  }
}

/// Missing it does not stop a case.
Duration known_length(const Resolver& resolver, const std::string& expression,
                      const std::string& where) {
  Resolver own = resolver;
  own.missing.clear();
  const auto bound = planning::bound_of(own, expression, where);
  return bound && own.missing.empty() ? bound->length : Duration{};
}

Result<PlannedStep> planned(Resolver& resolver, const Step& step) {
  PlannedStep result;
  result.step = step;
  result.step.condition = planning::resolved(resolver, step.condition);
  resolve_outcomes(resolver.suite, result);
  for (Act& act : result.step.acts) {
    auto resolved = planning::resolved(resolver, act, step.where);
    if (!resolved) return tl::unexpected(resolved.error());
    act = std::move(*resolved);
  }
  for (auto& [name, term] : result.step.remembered) term = planning::resolved(resolver, term);
  if (step.bound.empty()) return result;
  const auto bound = planning::bound_of(resolver, step.bound, step.where);
  if (!bound) return tl::unexpected(bound.error());
  result.bound = bound->length;
  result.bound_source = bound->source;
  if (!step.lasts.empty()) result.lasts = known_length(resolver, step.lasts, step.where);
  return result;
}

bool is_readable(const Invariant& invariant, const Capabilities& capabilities) {
  return std::all_of(invariant.condition.terms.begin(), invariant.condition.terms.end(),
                     [&](const Term& term) { return planning::is_readable(term, capabilities); });
}

/// The harness's own invariant over the counters that the testbed can read.
Invariant own_invariant(const Capabilities& capabilities) {
  Invariant invariant{Invariant::Kind::NotWithoutAct, {}, unprovoked_restart().id, "harness"};
  for (const char* attribute : {"boots", "cores", "log.critical"}) {
    const Term term{Quantifier::Each, "", "", attribute, {Matcher::Kind::Known, {}}};
    if (planning::is_readable(term, capabilities)) invariant.condition.terms.push_back(term);
  }
  return invariant;
}

std::vector<Clause> clauses_of(const Suite& suite, const Plan& plan) {
  std::vector<Clause> clauses;
  for (const Clause& clause : suite.clauses) {
    const auto checks = [&](const auto& one) { return one.checks == clause.id; };
    const bool is_checked =
        std::any_of(plan.always.begin(), plan.always.end(), checks) ||
        std::any_of(plan.steps.begin(), plan.steps.end(),
                    [&](const PlannedStep& planned) { return checks(planned.step); });
    if (is_checked) clauses.push_back(clause);
  }
  clauses.push_back(unprovoked_restart());
  return clauses;
}

Duration longest_wait_of(const Plan& plan) {
  Duration sum{};
  for (const PlannedStep& planned : plan.steps)
    if (planned.step.kind == Step::Kind::Pause || planned.step.span == Step::Span::For)
      sum += planned.bound;
  return sum;
}

/// The limit `boot`, wherever it is known. Missing it does not stop a case: it only bounds `given`.
Duration boot_limit_of(const Resolver& resolver) {
  Resolver own = resolver;
  own.missing.clear();
  const auto limit = planning::limit_of(own, "boot", "boot");
  return limit && own.missing.empty() ? limit->length : boot_without_a_limit;
}

Result<Plan> plan_of(Resolver& resolver, const Case& one, std::string id, std::uint64_t seed) {
  const Capabilities& capabilities = resolver.capabilities;
  Plan plan;
  plan.suite = resolver.suite.name;
  plan.case_name = one.name;
  plan.id = std::move(id);
  plan.title = one.title;
  plan.testbed = resolver.testbed;
  plan.run_seed = seed;
  plan.seed = mixed(seed ^ hash(plan.id));
  plan.varied = resolver.varied;
  plan.given = one.given;
  for (const Step& step : one.steps) {
    auto result = planned(resolver, step);
    if (!result) return tl::unexpected(result.error());
    plan.steps.push_back(std::move(*result));
  }
  if (auto checked = planning::check_values(plan, one.where, capabilities); !checked)
    return tl::unexpected(checked.error());
  for (const Invariant& invariant : resolver.suite.always)
    if (is_readable(invariant, capabilities)) plan.always.push_back(invariant);
  plan.always.push_back(own_invariant(capabilities));
  plan.clauses = clauses_of(resolver.suite, plan);
  plan.nodes = capabilities.nodes;
  plan.timing = capabilities.timing;
  plan.boot_limit = boot_limit_of(resolver);
  plan.longest_wait = longest_wait_of(plan);
  plan.not_run = planning::missing_word(plan, capabilities);
  if (plan.not_run.empty()) plan.not_run = resolver.missing;
  return plan;
}

std::string quoted_for_shell(const std::string& word) {
  const bool is_plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::strchr("._-/=+,:@%", c) != nullptr;
  });
  if (is_plain) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

}  // namespace

bool is_silent(const PlannedStep& planned, std::size_t edition) {
  const auto& any = planned.step.condition.terms;
  const auto& said = planned.by_edition[edition].terms;
  for (std::size_t index = 0; index < said.size(); ++index) {
    if (said[index].matcher.kind == Matcher::Kind::Known && said[index] != any[index]) return true;
  }
  return false;
}

std::string command_again(const Plan& plan) {
  const auto either = [](const std::string& path, const std::string& name) {
    return quoted_for_shell(path.empty() ? name : path);
  };
  std::string command = fmt::format(
      "understudy run {} --case {} --testbed {} --seed {}", either(plan.suite_path, plan.suite),
      quoted_for_shell(plan.case_name), either(plan.testbed_path, plan.testbed), plan.run_seed);
  if (!plan.defects_path.empty()) command += " --defects " + quoted_for_shell(plan.defects_path);
  if (!plan.defect_asked.empty()) command += " --defect " + quoted_for_shell(plan.defect_asked);
  return command;
}

const Clause& unprovoked_restart() {
  static const Clause clause = [] {
    Clause own;
    own.id = "no-unprovoked-restart";
    own.level = Level::Must;
    own.tag = "harness";
    own.citation = {"Understudy", "the harness's own clause"};
    own.statement = "No node restarts, dumps core or logs a critical event without an act of ours.";
    own.where = "harness";
    return own;
  }();
  return clause;
}

Result<std::vector<Plan>> make_plans(const Suite& suite, const Case& one,
                                     const Capabilities& capabilities, const std::string& testbed,
                                     std::uint64_t seed) {
  std::vector<std::string> roles;
  for (const auto& [role, state] : one.given) roles.push_back(role);
  std::vector<Plan> plans;
  for (Varied& varied : combinations(one.vary)) {
    std::string id = id_of(one, varied, plans);
    Resolver resolver{suite, capabilities, testbed, std::move(varied), roles, ""};
    auto plan = plan_of(resolver, one, std::move(id), seed);
    if (!plan) return tl::unexpected(plan.error());
    plans.push_back(std::move(*plan));
  }
  return plans;
}

}  // namespace understudy

#include <fmt/format.h>

#include <algorithm>

#include "harness/rules/expect.h"
#include "harness/rules/wording.h"

namespace understudy::rules {
namespace {

/// What was asked about the act counts from the act; everything else must be asked in this step.
Expression expression_of(const Trace& trace, std::size_t step, const Condition& condition) {
  const StepTrace& own = trace.steps[step];
  const Window fresh{own.began_at, own.first_line, own.last_line, step};
  Expression expression = make_expression(trace, condition, fresh);
  const auto act = latest_do(*trace.plan, step);
  if (!act) return expression;
  const StepTrace& act_step = trace.steps[*act];
  const Window since_act{act_step.began_at, act_step.first_line, own.last_line, step};
  Expression about_act = make_expression(trace, condition, since_act);
  for (std::size_t index = 0; index < expression.groups.size(); ++index) {
    if (!is_about_the_act(expression.groups[index].term.attribute)) continue;
    expression.groups[index] = about_act.groups[index];
  }
  return expression;
}

/// The answer that counts: the first fresh one; of what is told about an act the last.
const Sample* answer_of(const Group& group, const Atom& atom) {
  if (atom.samples.empty()) return nullptr;
  return is_about_the_act(group.term.attribute) ? &atom.samples.back() : &atom.samples.front();
}

Truth truth_of(const Group& group, const Atom& atom) {
  const Sample* answer = answer_of(group, atom);
  if (answer == nullptr) return Truth::Unknown;
  return answer->is_true ? Truth::Yes : Truth::No;
}

Truth truth_of(const Group& group) {
  return evaluate(group, [&](const Atom& atom) { return truth_of(group, atom); });
}

/// What was answered for the groups of this truth.
std::string answers_of(const Expression& expression, Truth truth) {
  std::vector<std::string> texts;
  for (const Group& group : expression.groups) {
    if (truth_of(group) != truth) continue;
    for (const Atom& atom : group.atoms) {
      const Sample* answer = answer_of(group, atom);
      if (answer != nullptr) texts.push_back(text_of(expression, {&group, &atom, answer}));
    }
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

Finding judge_now(const Trace& trace, std::size_t step, const Condition& condition) {
  const StepTrace& own = trace.steps[step];
  const Expression expression = expression_of(trace, step, condition);
  Finding finding = finding_on(own.first_line, own.last_line, own.began_at,
                               own.has_ended ? own.ended_at : own.began_at);
  bool has_unknown = !expression.unknown.empty() || expression.groups.empty();
  for (const Group& group : expression.groups) {
    const Truth truth = truth_of(group);
    if (truth == Truth::No && expression.unknown.empty()) {
      finding.outcome = Verdict::Outcome::Fail;
      finding.actual = answers_of(expression, Truth::No);
      return finding;
    }
    if (truth == Truth::Unknown) has_unknown = true;
  }
  if (has_unknown) {
    finding.cause = why_missing(trace, expression, finding.from, finding.to);
    return finding;
  }
  finding.outcome = Verdict::Outcome::Pass;
  finding.actual = answers_of(expression, Truth::Yes);
  return finding;
}

}  // namespace understudy::rules

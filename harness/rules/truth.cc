#include "harness/rules/truth.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace understudy::rules {
namespace {

Truth negation(Truth truth) {
  if (truth == Truth::Unknown) return truth;
  return truth == Truth::Yes ? Truth::No : Truth::Yes;
}

std::optional<std::int64_t> number(const Value& value) {
  std::int64_t result = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
  if (error != std::errc() || end != value.data() + value.size()) return std::nullopt;
  return result;
}

/// A total as a count since the latest `do`; nothing where one of the two is unknown.
std::optional<Value> since_act(const Trace& trace, const Window& window, const Term& term,
                               const Value& total) {
  Time begin{};
  // Where time is virtual the act's own effect may be told of at the instant of the act.
  std::size_t first_line = std::numeric_limits<std::size_t>::max();
  if (const auto act = latest_do(*trace.plan, window.step)) {
    begin = trace.steps[*act].began_at;
    first_line = trace.steps[*act].first_line;
    for (const ActTrace& one : trace.acts) {
      if (one.step == *act) begin = std::max(begin, one.receipt.ordered);
      if (one.step == *act) break;
    }
  }
  const auto base =
      last_value(trace, term.subject, term.attribute, begin, first_line, term.observer);
  const auto before = base ? number(*base) : std::nullopt;
  const auto now = number(total);
  if (!before || !now) return std::nullopt;
  return std::to_string(*now - *before);
}

/// An empty observer is the subject itself; what the bench counts for it is its own answer too.
std::vector<std::string> observers_of(const Term& term) {
  if (!term.observer.empty()) return {term.observer};
  return {term.subject, "bench"};
}

Atom make_atom(const Trace& trace, const Term& term, const Window& window) {
  Atom atom{term.subject, {}, false};
  for (const std::string& observer : observers_of(term)) {
    const auto found = trace.answers.find({observer, term.subject, term.attribute});
    if (found == trace.answers.end()) continue;
    for (const Answer& answer : found->second) {
      if (answer.asked < window.asked_from) continue;
      if (answer.line < window.first_line || answer.line > window.last_line) continue;
      std::optional<Value> value = answer.value;
      if (is_counted_from_act(term.attribute)) {
        value = since_act(trace, window, term, answer.value);
      }
      if (!value) continue;
      atom.samples.push_back(
          {matches(term.matcher, *value), answer.asked, answer.heard, answer.line, *value});
    }
  }
  std::stable_sort(atom.samples.begin(), atom.samples.end(),
                   [](const Sample& a, const Sample& b) { return a.heard < b.heard; });
  return atom;
}

Group make_group(const Trace& trace, const Term& term, const Term& planned, const Window& window) {
  Group group{term, planned, {}};
  if (term.quantifier == Quantifier::The) {
    group.atoms.push_back(make_atom(trace, term, window));
    return group;
  }
  for (const std::string& node : trace.plan->nodes) {
    Term one = term;
    one.subject = node;
    group.atoms.push_back(make_atom(trace, one, window));
    Atom& atom = group.atoms.back();
    atom.is_left_out = atom.samples.empty() && is_down_by_act(trace, node, window.last_line);
  }
  return group;
}

}  // namespace

Expression make_expression(const Trace& trace, const Condition& condition, const Window& window) {
  Expression expression;
  const bool is_of_a_step = window.step < trace.steps.size() && trace.steps[window.step].has_begun;
  const std::size_t names_until =
      is_of_a_step ? trace.steps[window.step].first_line : trace.history->entries.size() + 1;
  const Bindings bindings = bindings_before(trace, names_until);
  const Condition resolved = with_names(condition, bindings, expression.unknown);
  for (std::size_t index = 0; index < resolved.terms.size(); ++index) {
    expression.groups.push_back(
        make_group(trace, resolved.terms[index], condition.terms[index], window));
  }
  return expression;
}

Truth evaluate(const Group& group, const AtomTruth& truth_of) {
  const bool is_any = group.term.quantifier == Quantifier::Any;
  const bool is_no = group.term.quantifier == Quantifier::No;
  bool is_unknown = true;  // of no atom at all nothing is known
  bool has_unknown = false;
  for (const Atom& atom : group.atoms) {
    if (atom.is_left_out) continue;
    is_unknown = false;
    const Truth truth = is_no ? negation(truth_of(atom)) : truth_of(atom);
    if (truth == Truth::Unknown) has_unknown = true;
    if (is_any && truth == Truth::Yes) return Truth::Yes;
    if (!is_any && truth == Truth::No) return Truth::No;
  }
  if (is_unknown || has_unknown) return Truth::Unknown;
  return is_any ? Truth::No : Truth::Yes;
}

Truth evaluate(const Expression& expression, const AtomTruth& truth_of) {
  if (!expression.unknown.empty() || expression.groups.empty()) return Truth::Unknown;
  bool has_unknown = false;
  for (const Group& group : expression.groups) {
    const Truth truth = evaluate(group, truth_of);
    if (truth == Truth::No) return Truth::No;
    if (truth == Truth::Unknown) has_unknown = true;
  }
  return has_unknown ? Truth::Unknown : Truth::Yes;
}

Truth held(const Trace& trace, const Atom& atom, Time from, Time to) {
  const auto& samples = atom.samples;
  auto after = std::find_if(samples.begin(), samples.end(),
                            [&](const Sample& sample) { return sample.asked >= to; });
  auto before = std::find_if(samples.rbegin(), samples.rend(),
                             [&](const Sample& sample) { return sample.heard <= from; });
  if (after == samples.end() || before == samples.rend()) return Truth::Unknown;
  const auto first = std::prev(before.base());
  for (auto sample = std::min(first, after); sample <= std::max(first, after); ++sample) {
    if (sample->is_true != first->is_true) return Truth::Unknown;
  }
  if (may_have_restarted(trace, atom.subject, first->asked, after->heard)) return Truth::Unknown;
  return first->is_true ? Truth::Yes : Truth::No;
}

Truth evaluate_at(const Trace& trace, const Expression& expression, const Atom& anchor,
                  const Sample& sample) {
  return evaluate(expression, [&](const Atom& atom) {
    for (const Sample& own : atom.samples) {
      const bool is_this_answer = own.line == sample.line && atom.subject == anchor.subject;
      if (is_this_answer) return own.is_true ? Truth::Yes : Truth::No;
    }
    return held(trace, atom, sample.asked, sample.heard);
  });
}

std::vector<Moment> moments(const Expression& expression) {
  std::vector<Moment> all;
  for (const Group& group : expression.groups) {
    for (const Atom& atom : group.atoms) {
      for (const Sample& sample : atom.samples) all.push_back({&group, &atom, &sample});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Moment& a, const Moment& b) {
    return std::pair(a.sample->heard, a.sample->line) < std::pair(b.sample->heard, b.sample->line);
  });
  return all;
}

}  // namespace understudy::rules

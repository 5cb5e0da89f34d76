#include "judge_story.h"

#include <fmt/format.h>

#include <sstream>

namespace understudy::testing {
namespace {

Time at(int milliseconds) {
  return std::chrono::milliseconds(milliseconds);
}

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::string part;
  std::istringstream stream(text);
  while (std::getline(stream, part, by)) parts.push_back(part);
  return parts;
}

struct Times {
  Time from{};
  Time to{};
};

/// "5-7" or "5".
Times times_of(const std::string& text) {
  const auto parts = split(text, '-');
  return {at(std::stoi(parts.front())), at(std::stoi(parts.back()))};
}

class Teller {
 public:
  void tell(const std::string& token) {
    const std::size_t sign = token.rfind('@');
    const std::string head = token.substr(0, sign);
    const auto tail = split(sign == std::string::npos ? "" : token.substr(sign + 1), ':');
    if (!tail.empty()) times_ = times_of(tail.front());
    auto parts = split(head, ':');
    if (tail.size() > 1) parts.push_back(tail.back());
    if (head.front() == '[') return step(Entry::Kind::StepBegan, head.substr(1), "");
    if (head.front() == ']') return step(Entry::Kind::StepEnded, parts[0].substr(1), parts[1]);
    if (parts[0] == "act") return act(parts);
    if (parts[0] == "close") return close(parts);
    if (parts[0] == "forgot") return remember(parts[1], "", false);
    if (head.find(":=") != std::string::npos) {
      return remember(parts[0], head.substr(head.find(":=") + 2), true);
    }
    if (head.find('=') != std::string::npos) return answer(head);
    happened(parts);
  }

  void add(Entry entry) {
    now_ = std::max(now_, times_.to);
    entry.at = now_;
    sink.append(entry);
  }

  HistoryInMemory sink;

 private:
  void step(Entry::Kind kind, const std::string& number, const std::string& value) {
    step_ = std::stoul(number);
    times_.to = now_;
    add({.kind = kind, .step = step_, .value = value});
  }

  void act(const std::vector<std::string>& parts) {
    Entry entry{.kind = Entry::Kind::Acted, .step = step_};
    const bool is_link = parts[2] == "backplane";
    entry.act = {parts[1], Json{{is_link ? "link" : "node", parts[2]}}};
    entry.receipt = {.outcome = Receipt::Outcome::Done,
                     .means = "test",
                     .words = "",
                     .ordered = times_.from,
                     .done = times_.to,
                     .took_effect = true};
    if (parts.size() > 3) spoil(entry.receipt, parts[3]);
    add(entry);
  }

  static void spoil(Receipt& receipt, const std::string& how) {
    receipt.took_effect = false;
    receipt.words = "the words of the switch";
    if (how == "refused") receipt.outcome = Receipt::Outcome::Refused;
    if (how == "unsupported") receipt.outcome = Receipt::Outcome::Unsupported;
    if (how == "no-answer") receipt.outcome = Receipt::Outcome::NoAnswer;
    if (how == "broken") receipt.outcome = Receipt::Outcome::BenchBroken;
  }

  void answer(const std::string& head) {
    const std::size_t sees = head.find('>');
    const std::string observer = sees == std::string::npos ? "" : head.substr(0, sees);
    const std::string rest = sees == std::string::npos ? head : head.substr(sees + 1);
    const std::size_t dot = rest.find('.');
    const std::size_t equals = rest.find('=');
    Entry entry{.kind = Entry::Kind::Observed};
    entry.observation.subject = rest.substr(0, dot);
    entry.observation.observer = observer.empty() ? entry.observation.subject : observer;
    entry.observation.attribute = rest.substr(dot + 1, equals - dot - 1);
    entry.observation.value = rest.substr(equals + 1);
    entry.observation.asked = times_.from;
    entry.observation.heard = times_.to;
    add(entry);
  }

  void remember(const std::string& name, const std::string& value, bool known) {
    add({.kind = Entry::Kind::Remembered,
         .step = step_,
         .name = name,
         .value = value,
         .known = known});
  }

  void happened(const std::vector<std::string>& parts) {
    Entry entry{.kind = Entry::Kind::Happened};
    Incident& incident = entry.incident;
    if (parts[0] == "unread") incident.kind = Incident::Kind::Unread;
    if (parts[0] == "lost") incident.kind = Incident::Kind::SessionLost;
    if (parts[0] == "stall") incident.kind = Incident::Kind::Stall;
    if (parts[0] == "died") incident.kind = Incident::Kind::NodeDied;
    if (parts[0] == "late") incident.kind = Incident::Kind::Late;
    if (parts[0] == "broken") incident.kind = Incident::Kind::BenchBroken;
    incident.node = parts.size() > 1 ? parts[1] : "";
    incident.words = "the words of the incident";
    incident.from = times_.from;
    incident.to = times_.to;
    add(entry);
  }

  void close(const std::vector<std::string>& parts) {
    add({.kind = Entry::Kind::Restored});
    add({.kind = Entry::Kind::Closed, .name = parts.size() > 2 ? parts[2] : "", .value = parts[1]});
  }

  Times times_;
  Time now_{};
  std::size_t step_ = 0;
};

Term term_of(const std::string& text) {
  Term term;
  std::string rest = text;
  if (const std::size_t sees = rest.find('>'); sees != std::string::npos) {
    term.observer = rest.substr(0, sees);
    rest = rest.substr(sees + 1);
  }
  const std::size_t dot = rest.find('.');
  const std::size_t equals = rest.find('=');
  const bool is_not = equals != std::string::npos && rest[equals - 1] == '!';
  term.subject = rest.substr(0, dot);
  term.attribute = rest.substr(dot + 1, equals - dot - 1 - (is_not ? 1 : 0));
  if (equals != std::string::npos) {
    term.matcher = {is_not ? Matcher::Kind::Not : Matcher::Kind::Equals, {rest.substr(equals + 1)}};
  }
  if (term.subject == "each") term.quantifier = Quantifier::Each;
  if (term.subject == "any") term.quantifier = Quantifier::Any;
  if (term.subject == "no") term.quantifier = Quantifier::No;
  if (term.quantifier != Quantifier::The) term.subject.clear();
  return term;
}

PlannedStep expecting(const std::string& condition, Step::Span span, int milliseconds) {
  PlannedStep planned;
  planned.step.kind = Step::Kind::Expect;
  planned.step.condition = condition_of(condition);
  planned.step.span = span;
  planned.step.checks = "the-clause";
  planned.bound = at(milliseconds);
  planned.bound_source = "limits.takeover of test";
  return planned;
}

}  // namespace

Plan plan_of(std::vector<PlannedStep> steps, std::vector<Invariant> always) {
  Plan plan;
  plan.suite = "suite";
  plan.case_name = "case";
  plan.id = "case";
  plan.testbed = "test";
  plan.nodes = {"A", "B"};
  plan.timing = {{"heartbeat", at(10)}, {"poll", at(10)}, {"resolve", at(100)}};
  plan.boot_limit = at(1000);
  plan.steps = std::move(steps);
  plan.always = std::move(always);
  Clause clause;
  clause.id = "the-clause";
  plan.clauses = {clause};
  return plan;
}

History history_of(const Plan& plan, const std::string& story) {
  Teller teller;
  teller.add({.kind = Entry::Kind::Opened, .name = plan.testbed, .value = plan.id});
  teller.add({.kind = Entry::Kind::Bound, .name = "master", .value = "A"});
  teller.add({.kind = Entry::Kind::Bound, .name = "backup", .value = "B"});
  std::istringstream tokens(story);
  for (std::string token; tokens >> token;) teller.tell(token);
  return teller.sink.history;
}

PlannedStep doing(const std::string& word, const std::string& node) {
  PlannedStep planned;
  planned.step.kind = Step::Kind::Do;
  planned.step.acts = {Act{word, Json{{node == "backplane" ? "link" : "node", node}}}};
  return planned;
}

PlannedStep within(const std::string& condition, int milliseconds) {
  return expecting(condition, Step::Span::Within, milliseconds);
}
PlannedStep lasting(const std::string& condition, int milliseconds) {
  return expecting(condition, Step::Span::For, milliseconds);
}
PlannedStep now(const std::string& condition) {
  return expecting(condition, Step::Span::Now, 0);
}

PlannedStep awaiting(const std::string& condition, int milliseconds) {
  PlannedStep planned = expecting(condition, Step::Span::Within, milliseconds);
  planned.step.kind = Step::Kind::Await;
  planned.step.checks.clear();
  return planned;
}

PlannedStep remembering(const std::string& name, const std::string& term) {
  PlannedStep planned;
  planned.step.kind = Step::Kind::Remember;
  planned.step.remembered = {{name, term_of(term)}};
  return planned;
}

PlannedStep pausing(int milliseconds) {
  PlannedStep planned;
  planned.step.kind = Step::Kind::Pause;
  planned.bound = at(milliseconds);
  return planned;
}

Condition condition_of(const std::string& text) {
  Condition condition;
  for (std::string part : split(text, ',')) {
    part.erase(0, part.find_first_not_of(' '));
    condition.terms.push_back(term_of(part));
  }
  return condition;
}

std::string in_short(const Verdict& verdict) {
  if (verdict.cause.empty()) return to_text(verdict.outcome);
  return fmt::format("{} {}", to_text(verdict.outcome),
                     verdict.cause.substr(0, verdict.cause.find(':')));
}

}  // namespace understudy::testing

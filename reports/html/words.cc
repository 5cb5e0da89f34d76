#include "reports/html/words.h"

#include <fmt/format.h>

namespace understudy::reports {
namespace {

std::string value_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array()) {
    std::string out;
    for (const Json& one : value) out += (out.empty() ? "" : ", ") + value_text(one);
    return out;
  }
  if (value.is_object()) {
    std::string out;
    for (const auto& [key, one] : value.items())
      out += (out.empty() ? "" : ", ") + key + " " + value_text(one);
    return out;
  }
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string matcher_text(const Matcher& matcher) {
  const std::string values = fmt::format("{}", fmt::join(matcher.values, ", "));
  switch (matcher.kind) {
    case Matcher::Kind::Equals:
      return "= " + values;
    case Matcher::Kind::Not:
      return "is not " + values;
    case Matcher::Kind::OneOf:
      return "is one of " + values;
    case Matcher::Kind::NoneOf:
      return "is none of " + values;
    case Matcher::Kind::AtLeast:
      return "is at least " + values;
    case Matcher::Kind::AtMost:
      return "is at most " + values;
    case Matcher::Kind::Above:
      return "is above " + values;
    case Matcher::Kind::Below:
      return "is below " + values;
    case Matcher::Kind::Matches:
      return "matches " + values;
    case Matcher::Kind::Known:
      return "is known";
  }
  return values;
}

std::string subject_text(const Term& term) {
  const std::string seen = term.observer.empty() ? "" : term.observer + " sees ";
  switch (term.quantifier) {
    case Quantifier::The:
      return seen + term.subject + "." + term.attribute;
    case Quantifier::Each:
      return seen + "each." + term.attribute;
    case Quantifier::Any:
      return seen + "any." + term.attribute;
    case Quantifier::No:
      return seen + "no." + term.attribute;
  }
  return term.attribute;
}

std::string condition_text(const Condition& condition) {
  std::string out;
  for (const Term& term : condition.terms) {
    out += (out.empty() ? "" : " and ") + subject_text(term) + " " + matcher_text(term.matcher);
  }
  return out;
}

std::string span_text(const PlannedStep& step) {
  switch (step.step.span) {
    case Step::Span::Now:
      return "";
    case Step::Span::Within:
      return fmt::format(" within {} ({})", short_time(step.bound), step.bound_source);
    case Step::Span::For:
      return fmt::format(" for {} ({})", short_time(step.bound), step.bound_source);
  }
  return "";
}

}  // namespace

std::string html_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string short_time(Duration duration) {
  return fmt::format("{:.3f}s", std::chrono::duration<double>(duration).count());
}

std::string act_text(const Act& act) {
  std::string out = act.word;
  for (const char* first : {"node", "link"}) {
    if (act.arguments.contains(first)) out += " " + value_text(act.arguments[first]);
  }
  for (const auto& [key, value] : act.arguments.items()) {
    if (key != "node" && key != "link") out += fmt::format(" {} {}", key, value_text(value));
  }
  return out;
}

std::string receipt_text(const Receipt& receipt) {
  std::string out;
  switch (receipt.outcome) {
    case Receipt::Outcome::Done:
      out = receipt.took_effect ? "took effect" : "done";
      break;
    case Receipt::Outcome::Refused:
      out = "refused";
      break;
    case Receipt::Outcome::Unsupported:
      out = "unsupported";
      break;
    case Receipt::Outcome::NoAnswer:
      out = "no answer";
      break;
    case Receipt::Outcome::BenchBroken:
      out = "the bench failed";
      break;
  }
  out += fmt::format(" between {} and {}", short_time(receipt.ordered), short_time(receipt.done));
  if (!receipt.means.empty()) out += ", by " + receipt.means;
  if (!receipt.words.empty()) out += ": " + receipt.words;
  return out;
}

std::string step_word(const Step& step) {
  switch (step.kind) {
    case Step::Kind::Do:
      return "do";
    case Step::Kind::Await:
      return "await";
    case Step::Kind::Expect:
      return "expect";
    case Step::Kind::Remember:
      return "remember";
    case Step::Kind::Pause:
      return "pause";
  }
  return "";
}

std::string step_text(const PlannedStep& step) {
  std::string out;
  switch (step.step.kind) {
    case Step::Kind::Do:
      for (const Act& act : step.step.acts)
        out += (out.empty() ? "" : " and, at once, ") + act_text(act);
      return out + span_text(step);
    case Step::Kind::Await:
    case Step::Kind::Expect:
      return condition_text(step.step.condition) + span_text(step);
    case Step::Kind::Remember:
      for (const auto& [name, term] : step.step.remembered) {
        out += fmt::format("{}{} as ${}", out.empty() ? "" : ", ", subject_text(term), name);
      }
      return out;
    case Step::Kind::Pause:
      return short_time(step.bound);
  }
  return out;
}

}  // namespace understudy::reports

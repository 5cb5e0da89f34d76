#include <fmt/format.h>

#include <algorithm>

#include "harness/suite_reader.h"
#include "harness/words.h"

namespace understudy::loading {
namespace {

constexpr std::size_t most_plans = 1'000;  // of one case

/// A case's name is a folder's and part of a plan's id.
bool is_case_name(const std::string& name) {
  const auto is_first = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !name.empty() && name.size() <= 100 && is_first(name[0]) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_first(c) || c == '-' || c == '_' || c == '.'; });
}

bool is_taken(Reader& reader, const Scope& scope, const yaml::Node& key) {
  const auto refuse = [&](std::string_view what) {
    yaml::add(reader.problems, key, fmt::format("the name `{}` is taken: {}", key.text, what));
    return true;
  };
  const std::vector<std::string> reserved = {"each",  "any",    "no",      "chassis",
                                             "bench", "limits", "scratch", "outcome"};
  if (find_listener(key.text) ||
      std::find(reserved.begin(), reserved.end(), key.text) != reserved.end())
    return refuse("it is a word of the language");
  if (std::find(reader.links.begin(), reader.links.end(), key.text) != reader.links.end())
    return refuse("a link is called so");
  if (std::find(scope.roles.begin(), scope.roles.end(), key.text) != scope.roles.end())
    return refuse("a role is called so");
  for (const auto& [name, values] : scope.varied)
    if (name == key.text) return refuse("a key of vary is called so");
  if (std::find(scope.remembered.begin(), scope.remembered.end(), key.text) !=
      scope.remembered.end())
    return refuse("an earlier step remembers it");
  if (is_plain_name(key.text)) return false;
  yaml::add(reader.problems, key, fmt::format("`{}` is no name", key.text),
            "lower case, digits and hyphens, beginning with a letter");
  return true;
}

void read_given(Reader& reader, const yaml::Node& node, Case& one, Scope& scope) {
  if (!node.is_map()) {
    yaml::add(reader.problems, node, "`given` is a map from role to state",
              "for example {master: MASTER}");
    return;
  }
  for (const auto& [key, value] : node.entries) {
    if (is_taken(reader, scope, key)) continue;
    const auto matcher = matcher_from(reader, {}, value);
    scope.roles.push_back(key.text);  // also where its state is wrong: one mistake, one message
    if (matcher) one.given.emplace_back(key.text, *matcher);
  }
}

void read_varied(Reader& reader, const yaml::Node& map, Case& one, Scope& scope) {
  auto& group = one.vary.emplace_back();
  for (const auto& [key, value] : map.entries) {
    if (is_taken(reader, scope, key)) continue;
    if (!value.is_list() || value.items.empty()) {
      yaml::add(reader.problems, value, fmt::format("`{}` of vary is a list of values", key.text));
      scope.varied.emplace_back(key.text, std::vector<Value>{});
      continue;
    }
    auto values =
        yaml::texts_from(value, fmt::format("the values of `{}`", key.text), reader.problems);
    if (!group.empty() && group.front().second.size() != values.size())
      yaml::add(reader.problems, key,
                fmt::format("`{}` has {} values and `{}` has {}", group.front().first,
                            group.front().second.size(), key.text, values.size()),
                "keys of one map advance together; a list of maps is crossed");
    scope.varied.emplace_back(key.text, values);
    group.emplace_back(key.text, std::move(values));
  }
}

void read_vary(Reader& reader, const yaml::Node& node, Case& one, Scope& scope) {
  const std::vector<yaml::Node> maps = node.is_list() ? node.items : std::vector{node};
  std::size_t plans = 1;
  for (const yaml::Node& map : maps) {
    if (!map.is_map() || map.entries.empty()) {
      yaml::add(reader.problems, map, "`vary` is a map of lists, or a list of such maps",
                "for example {delay: [0ms, 1s]}");
      continue;
    }
    read_varied(reader, map, one, scope);
    if (!one.vary.back().empty()) plans *= one.vary.back().front().second.size();
    if (plans <= most_plans) continue;
    yaml::add(reader.problems, map, fmt::format("`vary` makes more than {} plans", most_plans));
    return;
  }
}

/// within, for or neither.
void read_bound(Reader& reader, const Scope& scope, const yaml::Node& item, Step& step) {
  const yaml::Node* within = yaml::find(item, "within");
  const yaml::Node* stays = yaml::find(item, "for");
  if (within != nullptr && stays != nullptr)
    yaml::add(reader.problems, *stays, "`within` and `for` exclude each other",
              "becomes true within, or stays true for");
  const yaml::Node* bound = within != nullptr ? within : stays;
  if (bound == nullptr) return;
  step.span = within != nullptr ? Step::Span::Within : Step::Span::For;
  const auto text =
      yaml::text_from(*bound, within != nullptr ? "`within`" : "`for`", reader.problems);
  if (!text) return;
  check_duration(reader, scope, *bound, *text);
  step.bound = *text;
  const yaml::Node* lasts = yaml::find(item, "lasts");
  const auto length =
      lasts ? yaml::text_from(*lasts, "`lasts`", reader.problems) : std::optional<std::string>{};
  if (!length) return;
  check_duration(reader, scope, *lasts, *length);
  step.lasts = *length;
}

void read_remembered(Reader& reader, const yaml::Node& node, Step& step, Scope& scope) {
  if (!node.is_map() || node.entries.empty()) {
    yaml::add(reader.problems, node, "`remember` is a map from name to attribute",
              "for example {claimed: master.config.active}");
    return;
  }
  std::vector<std::string> names;
  for (const auto& [key, value] : node.entries) {
    const bool is_refused = is_taken(reader, scope, key);
    const auto text = yaml::text_from(value, "what is remembered", reader.problems);
    auto term = text ? term_from(reader, scope, value, *text) : std::nullopt;
    if (!is_refused) names.push_back(key.text);
    if (!term || is_refused) continue;
    if (term->quantifier != Quantifier::The) {
      yaml::add(reader.problems, value, "only one node's answer can be remembered", "name a role");
      continue;
    }
    term->matcher = {Matcher::Kind::Known, {}};
    step.remembered.emplace_back(key.text, std::move(*term));
  }
  scope.remembered.insert(scope.remembered.end(), names.begin(), names.end());
}

/// The keys that do something in an item: one of them, or `do` with `expect`.
bool check_item(Reader& reader, const yaml::Node& item) {
  const std::size_t before = reader.problems.size();
  if (!yaml::check_keys(
          item, "a step", {},
          {"do", "await", "expect", "remember", "pause", "within", "for", "lasts", "checks"},
          reader.problems))
    return false;
  const bool has_unknown_key = reader.problems.size() > before;
  std::vector<std::string> found;
  for (const KeyWord& word : step_words())
    if (yaml::find(item, word.name) != nullptr) found.emplace_back(word.name);
  if (found.empty() && has_unknown_key) return false;
  if (found.empty()) {
    yaml::add(reader.problems, item, "a step does nothing", "do, await, expect, remember or pause");
    return false;
  }
  if (found.size() > 1 && found != std::vector<std::string>{"do", "expect"}) {
    yaml::add(reader.problems, item,
              fmt::format("`{}` and `{}` stand in one step", found[0], found[1]),
              "only do and expect go together");
    return false;
  }
  const bool expects = found.back() == "expect";
  if (expects && yaml::find(item, "checks") == nullptr)
    yaml::add(reader.problems, item, "an expect names the clause that it checks", "checks: CLAUSE");
  if (!expects && yaml::find(item, "checks") != nullptr)
    yaml::add(reader.problems, item, "only an expect checks a clause",
              "await hopes, expect demands");
  if (yaml::find(item, "lasts") != nullptr && (!expects || yaml::find(item, "within") == nullptr))
    yaml::add(reader.problems, item, "`lasts` belongs to an expect with `within`",
              "how long what is expected holds before it is gone again");
  const bool hopes = found.back() == "await";
  if (!expects && !hopes && yaml::find(item, "for") != nullptr)
    yaml::add(reader.problems, item, "`for` belongs to await or expect");
  if (!expects && !hopes && found.back() != "do" && yaml::find(item, "within") != nullptr)
    yaml::add(reader.problems, item, "`within` belongs to do, await or expect");
  return true;
}

/// One answer tells the editions apart: of several, one could fit one edition and one another.
void check_outcomes(Reader& reader, const yaml::Node& node, const Step& step) {
  int terms = 0;
  for (const Term& term : step.condition.terms) {
    const bool has_one = std::any_of(term.matcher.values.begin(), term.matcher.values.end(),
                                     [](const Value& value) { return !!outcome_name(value); });
    if (!has_one) continue;
    ++terms;
    if (term.matcher.kind != Matcher::Kind::Equals)
      yaml::add(reader.problems, node, "`$outcome` stands alone, as a value does",
                "an edition's outcome may be a list: one of these");
  }
  if (terms > 1)
    yaml::add(reader.problems, node, "an expect names one outcome", "write an expect for each");
}

void read_step(Reader& reader, const yaml::Node& item, Case& one, Scope& scope) {
  if (!check_item(reader, item)) return;
  const auto add = [&](Step::Kind kind) -> Step& {
    Step& step = one.steps.emplace_back();
    step.kind = kind;
    step.where = yaml::where(item);
    return step;
  };
  if (const auto* acts = yaml::find(item, "do")) {
    Step& step = add(Step::Kind::Do);
    step.acts = acts_from(reader, scope, *acts);
    if (yaml::find(item, "expect") == nullptr) read_bound(reader, scope, item, step);
    const auto is_do = [](const Step& one_step) { return one_step.kind == Step::Kind::Do; };
    if (step.span == Step::Span::Within && std::ranges::count_if(one.steps, is_do) == 1)
      yaml::add(reader.problems, item, "`within` beside the first `do` has nothing to count from",
                "it counts from the acts of the `do` before");
  }
  for (const auto& [key, kind] :
       {std::pair{"await", Step::Kind::Await}, {"expect", Step::Kind::Expect}}) {
    const auto* condition = yaml::find(item, key);
    if (condition == nullptr) continue;
    Step& step = add(kind);
    if (kind == Step::Kind::Expect) step.checks = checks_from(reader, item);
    scope.checked = find_clause(reader.suite, step.checks);
    step.condition = condition_from(reader, scope, *condition);
    scope.checked = nullptr;
    check_outcomes(reader, *condition, step);
    read_bound(reader, scope, item, step);
  }
  if (const auto* remembered = yaml::find(item, "remember"))
    read_remembered(reader, *remembered, add(Step::Kind::Remember), scope);
  if (const auto* pause = yaml::find(item, "pause")) {
    Step& step = add(Step::Kind::Pause);
    const auto text = yaml::text_from(*pause, "`pause`", reader.problems);
    if (text) check_duration(reader, scope, *pause, *text);
    step.bound = text.value_or("");
  }
}

Case case_from(Reader& reader, const yaml::Entry& entry) {
  Case one;
  one.name = entry.key.text;
  one.where = yaml::where(entry.key);
  if (!is_case_name(one.name))
    yaml::add(reader.problems, entry.key, fmt::format("`{}` is no name of a case", one.name),
              "letters, digits, hyphens, dots; it names a folder");
  if (!yaml::check_keys(entry.value, "a case", {"title", "steps"}, {"given", "vary"},
                        reader.problems))
    return one;
  Scope scope;
  if (const auto* title = yaml::find(entry.value, "title"))
    one.title = yaml::text_from(*title, "`title`", reader.problems).value_or("");
  if (const auto* given = yaml::find(entry.value, "given")) read_given(reader, *given, one, scope);
  if (const auto* vary = yaml::find(entry.value, "vary")) read_vary(reader, *vary, one, scope);
  const auto* steps = yaml::find(entry.value, "steps");
  if (steps == nullptr) return one;
  if (!steps->is_list() || steps->items.empty())
    yaml::add(reader.problems, *steps, "`steps` is a list of what is done and expected");
  for (const yaml::Node& item : steps->items) read_step(reader, item, one, scope);
  return one;
}

Invariant at_most_one(Reader& reader, const yaml::Node& node) {
  Invariant invariant{Invariant::Kind::AtMostOne, {}, "", yaml::where(node)};
  if (!node.is_map() || node.entries.size() != 1) {
    yaml::add(reader.problems, node, "`at most one` is an attribute and its value",
              "for example {state: MASTER}");
    return invariant;
  }
  const auto& [key, value] = node.entries.front();
  const auto matcher = matcher_from(reader, {}, value);
  if (!check_attribute(reader, key, key.text) || !matcher) return invariant;
  invariant.condition.terms.push_back({Quantifier::Any, "", "", key.text, *matcher});
  return invariant;
}

Invariant not_without_act(Reader& reader, const yaml::Node& node) {
  Invariant invariant{Invariant::Kind::NotWithoutAct, {}, "", yaml::where(node)};
  for (const std::string& text : yaml::texts_from(node, "`not without an act`", reader.problems))
    if (check_attribute(reader, node, text))
      invariant.condition.terms.push_back(
          {Quantifier::Each, "", "", text, {Matcher::Kind::Known, {}}});
  return invariant;
}

}  // namespace

void read_cases(Reader& reader, const yaml::Node& cases) {
  if (!cases.is_map()) {
    yaml::add(reader.problems, cases, "`cases` is a map from name to case");
    return;
  }
  for (const yaml::Entry& entry : cases.entries) {
    for (const Case& earlier : reader.suite.cases)
      if (earlier.name == entry.key.text)
        yaml::add(reader.problems, entry.key,
                  fmt::format("a second case is called `{}`", earlier.name),
                  fmt::format("the first is at {}", earlier.where));
    reader.suite.cases.push_back(case_from(reader, entry));
  }
}

void read_always(Reader& reader, const yaml::Node& always) {
  if (!always.is_list()) {
    yaml::add(reader.problems, always, "`always` is a list of invariants");
    return;
  }
  for (const yaml::Node& item : always.items) {
    if (!yaml::check_keys(item, "an invariant", {"checks"}, names_of(invariant_words()),
                          reader.problems))
      continue;
    Invariant invariant;
    int found = 0;
    if (const auto* node = yaml::find(item, "never")) {
      invariant = {Invariant::Kind::Never, condition_from(reader, {}, *node), "",
                   yaml::where(*node)};
      ++found;
    }
    if (const auto* node = yaml::find(item, "at most one"))
      invariant = at_most_one(reader, *node), ++found;
    if (const auto* node = yaml::find(item, "not without an act"))
      invariant = not_without_act(reader, *node), ++found;
    if (found != 1)
      yaml::add(reader.problems, item,
                "an invariant is one of: never, at most one, not without an act");
    invariant.checks = checks_from(reader, item);
    reader.suite.always.push_back(std::move(invariant));
  }
}

}  // namespace understudy::loading

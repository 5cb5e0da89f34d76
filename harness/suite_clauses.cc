#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/plan.h"
#include "harness/suite_reader.h"
#include "harness/words.h"

namespace understudy::loading {
namespace {

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// "guide, page 72" as a citation; nothing if it has no comma. An unknown short name is reported.
std::optional<Citation> short_citation(Reader& reader, const yaml::Node& node,
                                       const std::string& text) {
  const std::size_t comma = text.find(", ");
  if (comma == std::string::npos) return std::nullopt;
  Citation citation{text.substr(0, comma), text.substr(comma + 2)};
  if (citation.page.starts_with("page ")) citation.page.erase(0, 5);
  std::vector<std::string> known;
  for (const auto& [name, title] : reader.documents) {
    if (name == citation.document) {
      citation.document = title;
      return citation;
    }
    known.push_back(name);
  }
  const std::string hint = did_you_mean(citation.document, known);
  if (!hint.empty())
    yaml::add(reader.problems, node, fmt::format("no document is called `{}`", citation.document),
              hint);
  return citation;
}

/// The tag as suites store it: "seed". What may not stand in a suite is reported.
std::string tag_from(Reader& reader, const yaml::Node& node) {
  const auto texts = yaml::texts_from(node, "`source`", reader.problems);
  if (texts.size() != 1) return "";
  std::string tag = texts.front();
  if (tag.starts_with('[') && tag.ends_with(']')) tag = tag.substr(1, tag.size() - 2);
  const std::vector<std::string> known = {"SEED", "PUBLIC", "DERIVED", "INFERRED"};
  if (std::find(known.begin(), known.end(), tag) != known.end()) return lower(tag);
  std::string hint = did_you_mean(tag, known);
  if (tag == "INFERRED-M") hint = "what was made up for a model is never tested";
  if (hint.empty()) hint = fmt::format("known: {}", fmt::join(known, ", "));
  yaml::add(reader.problems, node, fmt::format("`{}` is no source of a clause", tag), hint);
  return "";
}

void read_texts(Reader& reader, const yaml::Node& map, const char* key,
                std::vector<std::string>& texts) {
  if (const auto* node = yaml::find(map, key))
    texts = yaml::texts_from(*node, fmt::format("`{}`", key), reader.problems);
}

void read_text(Reader& reader, const yaml::Node& map, const char* key, std::string& text) {
  const auto* node = yaml::find(map, key);
  if (node == nullptr) return;
  if (auto found = yaml::text_from(*node, fmt::format("`{}`", key), reader.problems))
    text = std::move(*found);
}

/// One value, a list (one of these), or a map from name to either.
void read_outcome_values(Reader& reader, const yaml::Node& node, EditionOutcome& outcome) {
  const auto add = [&](const std::string& name, const yaml::Node& value) {
    auto values = yaml::texts_from(value, "an outcome", reader.problems);
    for (const Value& one : values)
      if (is_name(one))
        yaml::add(reader.problems, value, fmt::format("`{}` is no outcome", one),
                  "an outcome is what the switch says, word for word");
    outcome.values.emplace_back(name, std::move(values));
  };
  if (!node.is_map()) return add("", node);
  for (const auto& [key, value] : node.entries) {
    if (!is_plain_name(key.text))
      yaml::add(reader.problems, key, fmt::format("`{}` is no name of an outcome", key.text),
                "lower case, digits and hyphens, beginning with a letter");
    add(key.text, value);
  }
}

void read_outcomes(Reader& reader, const yaml::Node& node, Clause& clause) {
  if (!node.is_list() || node.items.size() < 2)
    return yaml::add(reader.problems, node, "`outcomes` is a list of what each edition says",
                     "two or more: {edition: ..., citation: ..., outcome: ...}");
  for (const yaml::Node& item : node.items) {
    if (!yaml::check_keys(item, "what an edition says", {"edition", "citation", "outcome"}, {},
                          reader.problems))
      continue;
    EditionOutcome outcome;
    read_text(reader, item, "edition", outcome.edition);
    if (const auto* place = yaml::find(item, "citation"))
      outcome.citation = citation_from(reader, *place);
    if (const auto* values = yaml::find(item, "outcome"))
      read_outcome_values(reader, *values, outcome);
    for (const EditionOutcome& earlier : clause.outcomes) {
      if (to_text(earlier) == to_text(outcome))
        yaml::add(reader.problems, item, fmt::format("{} speaks twice", to_text(outcome)),
                  "one outcome may be a list: one of these");
      if (earlier.values == outcome.values)
        yaml::add(reader.problems, item,
                  fmt::format("{} says what {} says", to_text(outcome), to_text(earlier)),
                  "list only what contradicts");
    }
    const bool is_new = std::find(clause.editions.begin(), clause.editions.end(),
                                  outcome.edition) == clause.editions.end();
    if (is_new) clause.editions.push_back(outcome.edition);
    clause.outcomes.push_back(std::move(outcome));
  }
}

Clause clause_from(Reader& reader, const yaml::Entry& entry) {
  Clause clause;
  clause.id = entry.key.text;
  clause.where = yaml::where(entry.key);
  if (!is_plain_name(clause.id))
    yaml::add(reader.problems, entry.key, fmt::format("`{}` is no id of a clause", clause.id),
              "lower case, digits and hyphens, beginning with a letter");
  if (clause.id == unprovoked_restart().id)
    yaml::add(reader.problems, entry.key,
              fmt::format("`{}` is the harness's own clause", clause.id),
              "it is in every suite already");
  if (!yaml::check_keys(entry.value, "a clause", {"level", "source", "statement"},
                        {"citation", "product", "editions", "outcomes", "premises", "aspect"},
                        reader.problems))
    return clause;
  if (const auto* node = yaml::find(entry.value, "level")) {
    const auto level = level_from(node->text);
    if (level) clause.level = *level;
    if (!level) yaml::add(reader.problems, *node, level.error().what, level.error().hint);
  }
  if (const auto* node = yaml::find(entry.value, "source")) clause.tag = tag_from(reader, *node);
  if (const auto* node = yaml::find(entry.value, "citation"))
    clause.citation = citation_from(reader, *node);
  read_text(reader, entry.value, "statement", clause.statement);
  read_text(reader, entry.value, "product", clause.product);
  read_text(reader, entry.value, "aspect", clause.aspect);
  read_texts(reader, entry.value, "editions", clause.editions);
  read_texts(reader, entry.value, "premises", clause.premises);
  if (const auto* node = yaml::find(entry.value, "outcomes")) read_outcomes(reader, *node, clause);
  const auto* aspect = yaml::find(entry.value, "aspect");
  if (aspect != nullptr && clause.aspect != "roles" && clause.aspect != "synchronisation")
    yaml::add(reader.problems, *aspect, fmt::format("`{}` is no aspect", clause.aspect),
              "roles or synchronisation");
  return clause;
}

void refuse(Reader& reader, const Clause& clause, std::string what, std::string hint) {
  reader.problems.push_back({clause.where, std::move(what), std::move(hint)});
}

/// Levels follow the evidence.
void check_level(Reader& reader, Clause& clause) {
  const Suite& suite = reader.suite;
  if (clause.product.empty()) clause.product = suite.product;
  if (clause.editions.empty()) clause.editions = {suite.edition};
  if (clause.tag.empty() || clause.level == Level::Info) return;
  const std::string level = to_text(clause.level);
  if (clause.tag == "inferred")
    return refuse(reader, clause, fmt::format("an INFERRED clause cannot be {}", level),
                  "INFO, or DERIVED with its premises");
  if (clause.product != suite.product)
    return refuse(
        reader, clause,
        fmt::format("a clause of {} cannot be {} for {}", clause.product, level, suite.product),
        "a sibling product is INFO");
  const bool is_of_this_edition = std::find(clause.editions.begin(), clause.editions.end(),
                                            suite.edition) != clause.editions.end();
  if (!is_of_this_edition && clause.level == Level::Must)
    refuse(reader, clause,
           fmt::format("a clause of edition {} cannot be MUST for {}",
                       fmt::join(clause.editions, ", "), suite.edition),
           "a neighbouring edition is SHOULD at most");
  if (clause.citation.document.empty() && clause.tag != "derived")
    refuse(reader, clause, fmt::format("a {} clause needs a citation", level),
           "citation: DOCUMENT, page N");
}

void check_premises(Reader& reader, const Clause& clause) {
  if (clause.tag == "derived" && clause.premises.empty())
    refuse(reader, clause, "a DERIVED clause needs premises",
           "the clauses or citations it follows from");
  for (const std::string& premise : clause.premises) {
    if (!is_plain_name(premise)) continue;  // a citation in words
    const Clause* found = find_clause(reader.suite, premise);
    if (found != nullptr && found->tag != "inferred") continue;
    if (found != nullptr) {
      refuse(reader, clause, fmt::format("the premise `{}` is itself INFERRED", premise),
             "a derived clause follows from cited facts alone");
      continue;
    }
    std::vector<std::string> known;
    for (const Clause& other : reader.suite.clauses) known.push_back(other.id);
    refuse(reader, clause, fmt::format("the premise `{}` is no clause", premise),
           did_you_mean(premise, known));
  }
}

}  // namespace

Citation citation_from(Reader& reader, const yaml::Node& node) {
  Citation citation;
  if (node.is_map()) {
    yaml::check_keys(node, "a citation", {"document", "page"}, {}, reader.problems);
    read_text(reader, node, "document", citation.document);
    read_text(reader, node, "page", citation.page);
    for (const auto& [name, title] : reader.documents)
      if (name == citation.document) citation.document = title;
    return citation;
  }
  const auto text = yaml::text_from(node, "a citation", reader.problems);
  if (!text) return citation;
  auto found = short_citation(reader, node, *text);
  if (!found)
    yaml::add(reader.problems, node, fmt::format("`{}` cites no place", *text), "DOCUMENT, page N");
  return found.value_or(Citation{*text, ""});
}

void read_clauses(Reader& reader, const yaml::Node& clauses) {
  if (!clauses.is_map()) {
    yaml::add(reader.problems, clauses, "`clauses` is a map from id to clause");
    return;
  }
  for (const yaml::Entry& entry : clauses.entries) {
    if (const Clause* earlier = find_clause(reader.suite, entry.key.text))
      yaml::add(reader.problems, entry.key,
                fmt::format("a second clause is called `{}`", earlier->id),
                fmt::format("the first is at {}", earlier->where));
    reader.suite.clauses.push_back(clause_from(reader, entry));
  }
}

void check_clauses(Reader& reader) {
  for (Clause& clause : reader.suite.clauses) {
    check_level(reader, clause);
    check_premises(reader, clause);
  }
}

}  // namespace understudy::loading

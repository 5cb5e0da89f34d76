// docs/suite.schema.json: the suite language for editors, printed from the tables of words. It
// completes and explains; what needs more than one place of the file (names, roles, clauses) only
// the loader checks.
#include <fmt/format.h>

#include "harness/words.h"

namespace understudy {
namespace {

Json reference(const std::string& name) {
  return {{"$ref", "#/definitions/" + name}};
}

Json list_of(Json items) {
  return {{"type", "array"}, {"minItems", 1}, {"items", std::move(items)}};
}

Json any_of(std::vector<Json> choices) {
  return {{"anyOf", std::move(choices)}};
}

/// A closed object whose keys are these words, each described; `types` says what a key holds.
template <typename Word>
Json object_of(std::span<const Word> words, const std::vector<std::pair<std::string, Json>>& types,
               std::vector<std::string> required) {
  Json properties = Json::object();
  for (const Word& word : words) {
    Json property = reference("text");
    for (const auto& [name, type] : types)
      if (name == word.name) property = type;
    properties[std::string(word.name)] = {{"allOf", Json::array({property})},
                                          {"description", word.meaning}};
  }
  return {{"type", "object"},
          {"properties", properties},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

Json argument_type(ArgumentType type) {
  switch (type) {
    case ArgumentType::Nodes:
      return any_of({reference("text"), list_of(reference("text"))});
    case ArgumentType::Flag:
      return {{"type", {"string", "boolean"}}};
    case ArgumentType::Settings:
      return {{"type", "object"},
              {"minProperties", 1},
              {"additionalProperties", any_of({reference("text"), list_of(reference("text"))})}};
    case ArgumentType::Node:
    case ArgumentType::Link:
    case ArgumentType::Text:
    case ArgumentType::Count:
    case ArgumentType::Share:
    case ArgumentType::Length:
      break;
  }
  return reference("text");
}

/// Either all arguments in braces, or the first behind the word and the others beside it.
Json act_schema(const ActWord& act) {
  Json arguments = Json::object();
  std::vector<std::string> required;
  for (const ArgumentWord& argument : act.arguments) {
    arguments[std::string(argument.name)] = {{"allOf", Json::array({argument_type(argument.type)})},
                                             {"description", argument.meaning}};
    if (argument.is_required) required.emplace_back(argument.name);
  }
  const Json braces = {{"type", "object"},
                       {"properties", arguments},
                       {"required", required},
                       {"additionalProperties", false}};
  Json beside = arguments;
  beside[std::string(act.name)] = {
      {"anyOf", Json::array({argument_type(act.arguments.front().type), braces})},
      {"description", act.meaning}};
  return {{"type", "object"},
          {"properties", beside},
          {"required", {act.name}},
          {"additionalProperties", false}};
}

Json matcher_schema() {
  Json words = Json::object();
  for (const MatcherWord& word : matcher_words()) {
    Json type = reference("text");
    if (word.kind == Matcher::Kind::OneOf || word.kind == Matcher::Kind::NoneOf)
      type = list_of(reference("text"));
    if (word.kind == Matcher::Kind::Known) type = {{"type", "null"}};
    words[std::string(word.word.name)] = {{"allOf", Json::array({type})},
                                          {"description", word.word.meaning}};
  }
  const Json map = {{"type", "object"},
                    {"properties", words},
                    {"minProperties", 1},
                    {"maxProperties", 1},
                    {"additionalProperties", false}};
  return any_of({reference("text"), list_of(reference("text")), map});
}

Json condition_schema() {
  const std::string subject = R"([A-Za-z$][A-Za-z0-9_-]*)";
  const std::string pattern = fmt::format(R"(^({} sees )?{}\.[a-z][a-z0-9.-]*$)", subject, subject);
  return {{"type", "object"},
          {"minProperties", 1},
          {"propertyNames", {{"pattern", pattern}}},
          {"additionalProperties", reference("matcher")}};
}

Json map_of(Json values) {
  return {{"type", "object"}, {"additionalProperties", std::move(values)}};
}

Json step_schema() {
  std::vector<KeyWord> words(step_words().begin(), step_words().end());
  words.insert(words.end(), bound_words().begin(), bound_words().end());
  return object_of(std::span<const KeyWord>(words),
                   {{"do", any_of({reference("act"), list_of(reference("act"))})},
                    {"await", reference("condition")},
                    {"expect", reference("condition")},
                    {"remember", map_of(reference("text"))}},
                   {});
}

Json invariant_schema() {
  std::vector<KeyWord> words(invariant_words().begin(), invariant_words().end());
  words.push_back(bound_words().back());  // checks
  return object_of(
      std::span<const KeyWord>(words),
      {{"never", reference("condition")},
       {"at most one", map_of(reference("matcher"))},
       {"not without an act", any_of({reference("text"), list_of(reference("text"))})}},
      {"checks"});
}

Json outcomes_schema() {
  const Json values = any_of({reference("text"), list_of(reference("text"))});
  Json list = list_of({{"type", "object"},
                       {"properties",
                        {{"edition", reference("text")},
                         {"citation", reference("citation")},
                         {"outcome", any_of({values, map_of(values)})}}},
                       {"required", {"edition", "citation", "outcome"}},
                       {"additionalProperties", false}});
  list["minItems"] = 2;
  return list;
}

Json definitions() {
  Json acts = Json::array();
  for (const ActWord& act : act_words()) acts.push_back(act_schema(act));
  const Json texts = any_of({reference("text"), list_of(reference("text"))});
  const Json vary = {{"type", "object"},
                     {"minProperties", 1},
                     {"additionalProperties", list_of(reference("text"))}};
  Json all = {{"text", {{"type", {"string", "number"}}}},
              {"matcher", matcher_schema()},
              {"condition", condition_schema()},
              {"act", {{"anyOf", acts}}},
              {"step", step_schema()},
              {"invariant", invariant_schema()}};
  all["citation"] =
      any_of({reference("text"),
              {{"type", "object"},
               {"properties", {{"document", reference("text")}, {"page", reference("text")}}},
               {"required", {"document", "page"}},
               {"additionalProperties", false}}});
  all["limit"] =
      any_of({reference("text"),
              {{"type", "null"}},
              {{"type", "object"},
               {"properties", {{"is", reference("text")}, {"source", reference("text")}}},
               {"additionalProperties", false}}});
  all["clause"] =
      object_of(clause_words(),
                {{"citation", reference("citation")},
                 {"level", {{"enum", {"MUST", "SHOULD", "MAY", "INFO"}}}},
                 {"source", any_of({{{"enum", {"SEED", "PUBLIC", "DERIVED", "INFERRED"}}},
                                    list_of(reference("text"))})},
                 {"aspect", {{"enum", {"roles", "synchronisation"}}}},
                 {"editions", texts},
                 {"outcomes", outcomes_schema()},
                 {"premises", texts}},
                {"level", "source", "statement"});
  all["case"] = object_of(case_words(),
                          {{"given", map_of(reference("matcher"))},
                           {"vary", any_of({vary, list_of(vary)})},
                           {"steps", list_of(reference("step"))}},
                          {"title", "steps"});
  return all;
}

}  // namespace

std::string suite_schema() {
  Json schema = object_of(suite_words(),
                          {{"documents", map_of(reference("text"))},
                           {"links", list_of(reference("text"))},
                           {"attributes", list_of(reference("text"))},
                           {"limits", map_of(reference("limit"))},
                           {"clauses", map_of(reference("clause"))},
                           {"always", list_of(reference("invariant"))},
                           {"cases", map_of(reference("case"))}},
                          {});
  schema["$schema"] = "http://json-schema.org/draft-07/schema#";
  schema["title"] = "An Understudy suite";
  schema["definitions"] = definitions();
  return schema.dump(2) + "\n";
}

}  // namespace understudy

#include "harness/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "harness/limits.h"
#include "harness/suite_reader.h"
#include "harness/words.h"

namespace understudy {
namespace {

using loading::Reader;

constexpr std::array levels = {std::pair{Level::Must, "MUST"}, std::pair{Level::Should, "SHOULD"},
                               std::pair{Level::May, "MAY"}, std::pair{Level::Info, "INFO"}};

void read_text(Reader& reader, const yaml::Node& document, const char* key, std::string& text) {
  const auto* node = yaml::find(document, key);
  if (node == nullptr) return;
  if (!text.empty())
    yaml::add(reader.problems, *node, fmt::format("`{}` stands in two files of the suite", key));
  if (auto found = yaml::text_from(*node, fmt::format("`{}`", key), reader.problems))
    text = std::move(*found);
}

void read_documents(Reader& reader, const yaml::Node& node) {
  if (!node.is_map())
    return yaml::add(reader.problems, node, "`documents` is a map from short name to title");
  for (const auto& [key, value] : node.entries)
    if (auto title = yaml::text_from(value, "a document's title", reader.problems))
      reader.documents.emplace_back(key.text, std::move(*title));
}

void check_limit(Reader& reader, const yaml::Node& node, const std::string& expression) {
  const auto names = names_in(expression, yaml::where(node));
  if (!names) return reader.problems.push_back(names.error());
  for (const std::string& name : *names)
    if (name.starts_with('$'))
      yaml::add(reader.problems, node, fmt::format("`{}` stands in a limit", name),
                "names of timing and of other limits stand without a dollar");
  if (!names->empty()) return;
  if (const auto value = evaluate(expression, {}, yaml::where(node)); !value)
    reader.problems.push_back(value.error());
}

void read_limit(Reader& reader, const yaml::Entry& entry) {
  const auto& [key, value] = entry;
  Limit limit{key.text, "", {}, yaml::where(key)};
  if (!loading::is_plain_name(key.text))
    yaml::add(reader.problems, key, fmt::format("`{}` is no name of a limit", key.text),
              "lower case, digits and hyphens, beginning with a letter");
  const yaml::Node* expression = value.is_map() ? yaml::find(value, "is") : &value;
  if (value.is_map()) {
    yaml::check_keys(value, "a limit", {}, {"is", "source"}, reader.problems);
    if (const auto* source = yaml::find(value, "source")) {
      const auto text = yaml::text_from(*source, "`source`", reader.problems);
      if (text && text->find(", page ") != std::string::npos)
        limit.source = loading::citation_from(reader, *source);
      else
        limit.source.document = text.value_or("");
    }
  }
  if (expression != nullptr && !expression->is_empty()) {
    limit.expression = yaml::text_from(*expression, "a limit", reader.problems).value_or("");
    if (!limit.expression.empty()) check_limit(reader, *expression, limit.expression);
  }
  reader.suite.limits.push_back(std::move(limit));
}

void read_limits(Reader& reader, const yaml::Node& node) {
  if (!node.is_map())
    return yaml::add(reader.problems, node, "`limits` is a map from name to bound");
  for (const yaml::Entry& entry : node.entries) {
    for (const Limit& earlier : reader.suite.limits)
      if (earlier.name == entry.key.text)
        yaml::add(reader.problems, entry.key,
                  fmt::format("a second limit is called `{}`", earlier.name),
                  fmt::format("the first is at {}", earlier.where));
    read_limit(reader, entry);
  }
}

/// What every other part refers to. Cases and clauses come later, whatever the order in the files.
void read_head(Reader& reader, const yaml::Node& document) {
  if (!yaml::check_keys(document, "a suite", {}, names_of(suite_words()), reader.problems)) return;
  Suite& suite = reader.suite;
  read_text(reader, document, "suite", suite.name);
  read_text(reader, document, "title", suite.title);
  read_text(reader, document, "product", suite.product);
  read_text(reader, document, "edition", suite.edition);
  if (const auto* node = yaml::find(document, "documents")) read_documents(reader, *node);
  if (const auto* node = yaml::find(document, "links"))
    reader.links = yaml::texts_from(*node, "`links`", reader.problems);
  if (const auto* node = yaml::find(document, "attributes"))
    for (std::string& name : yaml::texts_from(*node, "`attributes`", reader.problems))
      reader.attributes.push_back(std::move(name));
}

template <typename Read>
void read_each(Reader& reader, const std::vector<yaml::Node>& documents, const char* key,
               Read read) {
  for (const yaml::Node& document : documents)
    if (const auto* node = yaml::find(document, key)) read(reader, *node);
}

Result<Suite> suite_from(Reader reader, std::vector<yaml::Node> documents, const std::string& path,
                         std::vector<Error>* all) {
  std::erase_if(documents, [](const yaml::Node& document) { return document.is_empty(); });
  for (const yaml::Node& document : documents) read_head(reader, document);
  read_each(reader, documents, "limits", read_limits);
  read_each(reader, documents, "clauses", loading::read_clauses);
  loading::check_clauses(reader);
  read_each(reader, documents, "always", loading::read_always);
  read_each(reader, documents, "cases", loading::read_cases);
  for (const auto& [key, text] : {std::pair{"suite", reader.suite.name},
                                  {"product", reader.suite.product},
                                  {"edition", reader.suite.edition}})
    if (text.empty() && reader.problems.empty())
      reader.problems.push_back({path, fmt::format("the suite needs the key `{}`", key),
                                 "a suite is a folder with clauses.yaml and case files"});
  if (all != nullptr) *all = reader.problems;
  if (!reader.problems.empty()) return tl::unexpected(yaml::first_of(reader.problems));
  return std::move(reader.suite);
}

/// clauses.yaml first, then the others by name.
std::vector<std::string> files_of(const std::filesystem::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".yaml" && entry.is_regular_file(error))
      files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  const std::string first = (folder / "clauses.yaml").string();
  std::stable_partition(files.begin(), files.end(),
                        [&](const auto& file) { return file == first; });
  return files;
}

}  // namespace

Result<Suite> load_suite(const std::string& text, const std::string& path,
                         std::vector<Error>* all) {
  Reader reader;
  auto documents = yaml::parse(text, path, reader.problems);
  return suite_from(std::move(reader), std::move(documents), path, all);
}

Result<Suite> load_suite_from(const std::string& folder_or_file, std::vector<Error>* all) {
  std::error_code error;
  std::vector<std::string> files = {folder_or_file};
  if (std::filesystem::is_directory(folder_or_file, error)) files = files_of(folder_or_file);
  Reader reader;
  std::vector<yaml::Node> documents;
  if (files.empty())
    reader.problems.push_back({folder_or_file, "no suite: the folder has no .yaml file", ""});
  for (const std::string& file : files)
    for (yaml::Node& document : yaml::parse_file(file, reader.problems))
      documents.push_back(std::move(document));
  return suite_from(std::move(reader), std::move(documents), folder_or_file, all);
}

const Clause* find_clause(const Suite& suite, const std::string& id) {
  for (const Clause& clause : suite.clauses)
    if (clause.id == id) return &clause;
  return nullptr;
}

std::string to_text(const Citation& citation) {
  const bool is_number =
      !citation.page.empty() && citation.page[0] >= '0' && citation.page[0] <= '9';
  return fmt::format("{}{}{}", citation.document,
                     citation.page.empty() ? ""
                     : is_number           ? ", page "
                                           : ", ",
                     citation.page);
}

std::string to_text(const EditionOutcome& outcome) {
  return to_text(Citation{outcome.edition, outcome.citation.page});
}

std::optional<std::string> outcome_name(const std::string& text) {
  constexpr std::string_view alone = "$outcome";
  if (text == alone) return "";
  if (text.starts_with(alone) && text[alone.size()] == '.') return text.substr(alone.size() + 1);
  return std::nullopt;
}

std::string to_text(Level level) {
  for (const auto& [known, text] : levels)
    if (known == level) return text;
  return "";
}

Result<Level> level_from(const std::string& text) {
  std::vector<std::string> names;
  for (const auto& [level, name] : levels) {
    if (name == text) return level;
    names.emplace_back(name);
  }
  const std::string hint = did_you_mean(text, names);
  return fail("", fmt::format("`{}` is no level", text),
              hint.empty() ? "MUST, SHOULD, MAY or INFO" : hint);
}

}  // namespace understudy

// The reads of a dialect: command, template, required rows, attributes, each checked against the
// columns that its template has.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "harness/files.h"
#include "targets/device/dialect_reader.h"
#include "targets/textfsm/textfsm.h"

namespace understudy::targets {

namespace {

bool uses_column(AttributeRule::From from) {
  switch (from) {
    case AttributeRule::From::Column:
    case AttributeRule::From::Percent:
    case AttributeRule::From::Sum:
    case AttributeRule::From::List:
      return true;
    case AttributeRule::From::Count:
    case AttributeRule::From::Share:
    case AttributeRule::From::Text:
    case AttributeRule::From::Capture:
    case AttributeRule::From::Copy:
      return false;
  }
  return false;
}

void check_column(const yaml::Node& node, const std::string& name, const std::string& column,
                  const std::vector<std::string>& columns, yaml::Problems& problems) {
  if (std::ranges::find(columns, column) != columns.end()) return;
  auto hint = did_you_mean(column, columns);
  if (hint.empty()) hint = fmt::format("it has: {}", fmt::join(columns, ", "));
  yaml::add(problems, node, fmt::format("{}: the template has no value `{}`", name, column), hint);
}

/// The template, which stands beside the file that names it, is read and compiled; its columns are
/// returned.
std::vector<std::string> load_template(const yaml::Node& node, Read& read,
                                       yaml::Problems& problems) {
  read.template_file = yaml::text_from(node, "template", problems).value_or("");
  const auto folder = std::filesystem::path(*node.file).parent_path();
  read.template_path = (folder / read.template_file).string();
  const std::string& path = read.template_path;
  const auto text = read_text(path);
  if (!text) {
    yaml::add(problems, node, fmt::format("the template {} {}", path, text.error().what));
    return {};
  }
  auto compiled = textfsm::compile(*text, path);
  if (!compiled) {
    problems.push_back(compiled.error());
    return {};
  }
  read.compiled = std::move(*compiled);
  return {read.compiled->columns().begin(), read.compiled->columns().end()};
}

void check_columns(const yaml::Node& node, const Read& read,
                   const std::vector<std::string>& columns, yaml::Problems& problems) {
  if (columns.empty()) return;
  if (!read.subject.empty())
    check_column(*yaml::find(node, "subject"), "subject", read.subject, columns, problems);
  for (const auto& rule : read.attributes) {
    if (uses_column(rule.from)) check_column(node, rule.name, rule.source, columns, problems);
    for (const auto& [column, pattern] : rule.where)
      check_column(node, rule.name, column, columns, problems);
  }
}

}  // namespace

Read read_from(const yaml::Entry& entry, yaml::Problems& problems) {
  Read read;
  read.name = entry.key.text;
  const yaml::Node& node = entry.value;
  if (!yaml::check_keys(node, fmt::format("the read `{}`", read.name), {"command", "attributes"},
                        {"template", "subject", "rows", "keeps-noise"}, problems))
    return read;
  if (const auto* command = yaml::find(node, "command"))
    read.command = yaml::text_from(*command, "command", problems).value_or("");
  if (const auto* subject = yaml::find(node, "subject"))
    read.subject = yaml::text_from(*subject, "subject", problems).value_or("");
  if (const auto* keeps = yaml::find(node, "keeps-noise"))
    read.keeps_noise = yaml::flag_from(*keeps, "keeps-noise", problems).value_or(false);
  if (const auto* rows = yaml::find(node, "rows"))
    read.required = static_cast<Read::Rows>(
        choice_from(*rows, "rows", {"none", "any", "own", "each"}, problems).value_or(1));
  if (const auto* attributes = yaml::find(node, "attributes"))
    read.attributes = attributes_from(*attributes, false, problems);
  std::vector<std::string> columns;
  if (const auto* file = yaml::find(node, "template"))
    columns = load_template(*file, read, problems);
  else if (std::ranges::any_of(read.attributes,
                               [](const auto& rule) { return uses_column(rule.from); }))
    yaml::add(problems, node, fmt::format("the read `{}` has columns and no template", read.name));
  check_columns(node, read, columns, problems);
  return read;
}

}  // namespace understudy::targets

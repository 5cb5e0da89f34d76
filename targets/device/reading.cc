#include "targets/device/reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <sstream>

namespace understudy::targets {

namespace {

using Cells = std::vector<std::string>;

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

/// A list cell gives one row for each item, text stands in each of them. A list that ends early had
/// nothing in its last columns.
void spread(const textfsm::Rows& rows, std::size_t row, std::size_t width,
            std::vector<Cells>& out) {
  std::size_t length = 1;
  for (std::size_t column = 0; column < width; ++column)
    if (rows.is_list(row, column)) length = std::max(length, rows.list(row, column).size());
  for (std::size_t item = 0; item < length; ++item) {
    Cells cells;
    for (std::size_t column = 0; column < width; ++column) {
      if (!rows.is_list(row, column)) {
        cells.push_back(trimmed(rows.text(row, column)));
        continue;
      }
      const auto& list = rows.list(row, column);
      cells.push_back(item < list.size() ? trimmed(list[item].text.value_or("")) : "");
    }
    out.push_back(std::move(cells));
  }
}

struct Table {
  std::vector<std::string> columns;
  std::vector<Cells> rows;

  const std::string& cell(std::size_t row, const std::string& column) const {
    static const std::string none;
    const auto at = std::ranges::find(columns, column);
    return at == columns.end() ? none : rows[row][static_cast<std::size_t>(at - columns.begin())];
  }
};

bool is_number(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// "1 day 2 hours 3 minutes 4 seconds" (units that are zero may be left out) as "93784s".
std::optional<Value> seconds_in(const std::string& text) {
  std::int64_t seconds = 0;
  std::int64_t number = 0;
  bool has_number = false;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (is_number(word)) {
      number = std::atoll(word.c_str());
      has_number = true;
      continue;
    }
    static constexpr std::pair<std::string_view, std::int64_t> units[] = {
        {"day", 86400}, {"hour", 3600}, {"minute", 60}, {"second", 1}};
    const auto unit =
        std::ranges::find_if(units, [&](const auto& one) { return word.starts_with(one.first); });
    if (!has_number || unit == std::end(units)) return std::nullopt;
    seconds += number * unit->second;
    has_number = false;
  }
  return has_number ? std::nullopt : std::optional(fmt::format("{}s", seconds));
}

/// The value in the dialect's own words, or nothing with the reason in `unread`.
std::optional<Value> normalised(const AttributeRule& rule, std::string text, std::string& unread) {
  if (rule.part && !text.empty()) {
    const auto found = rule.part->find(text);
    if (!found) {
      unread = fmt::format("{} cannot be `{}`", rule.name, text);
      return std::nullopt;
    }
    text = found->groups.empty() ? found->whole : found->groups.front().second;
  }
  if (text.empty() && rule.empty) return rule.empty;
  for (const auto& word : rule.words)
    if (word.pattern.is_all_of(text)) return word.value;
  if (text.empty()) return std::nullopt;
  if (rule.is_duration)
    if (auto seconds = seconds_in(text)) return seconds;
  if (!rule.words.empty() || rule.is_duration || (rule.is_number && !is_number(text))) {
    unread = fmt::format("{} cannot be `{}`", rule.name, text);
    return std::nullopt;
  }
  return text;
}

bool row_counts(const AttributeRule& rule, const Table& table, std::size_t row) {
  return std::ranges::all_of(rule.where, [&](const auto& where) {
    return where.second.is_all_of(table.cell(row, where.first));
  });
}

std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The least; or the greatest where that is more than all of it, which no percentage may be.
std::int64_t percent_of(const std::vector<std::int64_t>& numbers) {
  const auto [least, most] = std::ranges::minmax(numbers);
  return most > 100 ? most : least;
}

/// One value out of all rows.
std::optional<Value> gathered(const AttributeRule& rule, const Table& table, std::string& unread) {
  std::vector<std::string> texts;
  std::vector<std::int64_t> numbers;
  const bool is_numeric =
      rule.from == AttributeRule::From::Percent || rule.from == AttributeRule::From::Sum;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (!row_counts(rule, table, row)) continue;
    texts.push_back(rule.source.empty() ? std::string() : table.cell(row, rule.source));
    if (!is_numeric) continue;
    const auto number = number_in(texts.back());
    if (!number) {
      unread = fmt::format("{} cannot be `{}`", rule.name, texts.back());
      return std::nullopt;
    }
    numbers.push_back(*number);
  }
  if (rule.from == AttributeRule::From::Count) return std::to_string(texts.size());
  if (rule.from == AttributeRule::From::Share) {
    if (table.rows.empty()) return std::nullopt;
    return std::to_string(100 * texts.size() / table.rows.size());
  }
  if (texts.empty() && rule.empty) return rule.empty;
  if (rule.from == AttributeRule::From::List) return fmt::format("{}", fmt::join(texts, ", "));
  if (texts.empty()) return std::nullopt;
  std::int64_t sum = 0;
  for (const auto number : numbers) sum += number;
  return std::to_string(rule.from == AttributeRule::From::Sum ? sum : percent_of(numbers));
}

/// The answer without the lines that say nothing of the switch, as one comparable text.
std::string plain_text(const AttributeRule& rule, const std::string& answer) {
  std::string text;
  for (std::size_t at = 0; at < answer.size();) {
    const auto end = std::min(answer.find('\n', at), answer.size());
    std::string line = answer.substr(at, end - at);
    line.erase(line.find_last_not_of(" \t\r") + 1);
    at = end + 1;
    const bool dropped = std::ranges::any_of(
        rule.drop, [&](const DialectPattern& pattern) { return pattern.is_found_in(line); });
    if (line.empty() || dropped) continue;
    if (!text.empty()) text += '\n';
    text += line;
  }
  return text;
}

std::optional<Value> value_of(const std::vector<Told>& told, const std::string& subject,
                              const std::string& attribute) {
  for (const auto& one : told)
    if (one.subject == subject && one.attribute == attribute) return one.value;
  return std::nullopt;
}

std::string subject_of(const Read& read, const Table& table, std::size_t row,
                       const std::string& own) {
  if (read.subject.empty()) return own;
  const auto& name = table.cell(row, read.subject);
  return name.empty() ? own : name;
}

/// One row without a name is about the node that answers; among several it shows that the answer
/// was garbled.
bool has_nameless_row(const Read& read, const Table& table) {
  if (read.subject.empty() || table.rows.size() < 2) return false;
  for (std::size_t row = 0; row < table.rows.size(); ++row)
    if (table.cell(row, read.subject).empty()) return true;
  return false;
}

/// The names that rows have and no node: most likely the testbed gave the nodes other ones.
std::string names_beside(const Read& read, const Table& table,
                         const std::vector<std::string>& nodes) {
  constexpr std::size_t most_told = 8;
  std::vector<std::string> names;
  for (std::size_t row = 0; row < table.rows.size() && !read.subject.empty(); ++row) {
    const std::string name = fmt::format("`{}`", trimmed(table.cell(row, read.subject)));
    const bool is_node = std::ranges::find(nodes, table.cell(row, read.subject)) != nodes.end();
    if (name == "``" || is_node || names.size() >= most_told) continue;
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  if (names.empty()) return {};
  return fmt::format(", but about {} (the testbed has to name its nodes so),",
                     fmt::join(names, ", "));
}

/// Which row that must be there is not; empty if all are.
std::string missing_row(const Read& read, const Table& table, const std::string& own,
                        const std::vector<std::string>& nodes) {
  const auto has = [&](const std::string& node) {
    for (std::size_t row = 0; row < table.rows.size(); ++row)
      if (subject_of(read, table, row, own) == node) return true;
    return false;
  };
  switch (read.required) {
    case Read::Rows::None:
      return {};
    case Read::Rows::Any:
      return table.rows.empty() ? "there is no row" : "";
    case Read::Rows::Own:
      return has(own) ? "" : "there is no row about " + own + names_beside(read, table, nodes);
    case Read::Rows::Each:
      for (const auto& node : nodes)
        if (!has(node)) return "there is no row about " + node + names_beside(read, table, nodes);
      return {};
  }
  return {};
}

std::string first_line_of(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return "nothing";
  const auto length = std::min<std::size_t>(text.find('\n', begin) - begin, 160);
  return fmt::format("`{}`", trimmed(text.substr(begin, length)));
}

Result<Table> table_of(const textfsm::Template& with, const std::string& answer) {
  const auto rows = textfsm::parse(with, answer);
  if (!rows) return tl::unexpected(rows.error());
  Table table{{rows->columns().begin(), rows->columns().end()}, {}};
  for (std::size_t row = 0; row < rows->size(); ++row)
    spread(*rows, row, table.columns.size(), table.rows);
  return table;
}

void read_column(const Read& read, const AttributeRule& rule, const Table& table,
                 const std::string& own, const std::vector<std::string>& nodes,
                 std::vector<Told>& told, std::string& unread) {
  std::vector<std::string> absent = nodes;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (!row_counts(rule, table, row)) continue;
    const auto subject = subject_of(read, table, row, own);
    if (std::ranges::find(nodes, subject) == nodes.end()) continue;
    std::erase(absent, subject);
    if (const auto value = normalised(rule, table.cell(row, rule.source), unread))
      told.push_back({subject, rule.name, *value});
  }
  if (!rule.absent) return;
  for (const auto& node : absent) told.push_back({node, rule.name, *rule.absent});
}

}  // namespace

Reader::Reader(std::shared_ptr<const Dialect> dialect, std::vector<std::string> nodes)
    : dialect_(std::move(dialect)), nodes_(std::move(nodes)) {}

std::vector<Told> Reader::read_prompt(const std::string& own, const TextPairs& captures) const {
  std::vector<Told> told;
  if (captures.empty()) return told;
  for (const auto& rule : dialect_->prompt) {
    std::string text;
    for (const auto& [name, value] : captures)
      if (name == rule.source) text = value;
    std::string unread;
    if (const auto value = normalised(rule, text, unread)) told.push_back({own, rule.name, *value});
  }
  return told;
}

Reading Reader::read(std::size_t index, const std::string& own, const std::string& answer,
                     const TextPairs& captures) const {
  const Read& read = dialect_->reads[index];
  Reading reading{read_prompt(own, captures), {}};
  const auto give_up = [&](const std::string& why) {
    reading.unread = fmt::format("`{}`: {} ({})", read.command, why,
                                 read.template_file.empty() ? "no template" : read.template_file);
    return reading;
  };
  if (const auto refusal = find_refusal(*dialect_, answer))
    return give_up(fmt::format("{}: {}", to_text(refusal->kind), trimmed(refusal->line)));

  Table table;
  if (const auto& with = read.compiled) {
    auto parsed = table_of(*with, answer);
    if (!parsed) return give_up(to_line(parsed.error()));
    table = std::move(*parsed);
    if (has_nameless_row(read, table))
      return give_up(
          fmt::format("a row names no node in the answer that begins {}", first_line_of(answer)));
    if (const auto missing = missing_row(read, table, own, nodes_); !missing.empty())
      return give_up(
          fmt::format("{} in the answer that begins {}", missing, first_line_of(answer)));
  }

  std::string unread;
  for (const auto& rule : read.attributes) {
    std::string reason;
    switch (rule.from) {
      case AttributeRule::From::Column:
        read_column(read, rule, table, own, nodes_, reading.told, reason);
        break;
      case AttributeRule::From::Percent:
      case AttributeRule::From::Sum:
      case AttributeRule::From::Count:
      case AttributeRule::From::Share:
      case AttributeRule::From::List:
        if (const auto value = gathered(rule, table, reason))
          reading.told.push_back({own, rule.name, *value});
        break;
      case AttributeRule::From::Text:
        reading.told.push_back({own, rule.name, plain_text(rule, answer)});
        break;
      case AttributeRule::From::Copy:
        if (std::ranges::all_of(rule.when, [&](const auto& when) {
              return value_of(reading.told, own, when.first) == when.second;
            }))
          if (const auto value = value_of(reading.told, own, rule.source))
            reading.told.push_back({own, rule.name, *value});
        break;
      case AttributeRule::From::Capture:
        break;
    }
    if (unread.empty()) unread = reason;
  }
  if (!unread.empty()) return give_up(unread);
  return reading;
}

}  // namespace understudy::targets

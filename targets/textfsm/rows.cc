// Rows as values, as JSON and as a table.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "targets/textfsm/program.h"
#include "targets/textfsm/textfsm.h"
#include "targets/textfsm/unicode.h"

namespace understudy::targets::textfsm {
namespace {

using Json = nlohmann::ordered_json;

Json to_value(const std::optional<std::string_view>& text) {
  return text ? Json(std::string(*text)) : Json(nullptr);
}

Json to_value(const Item& item) {
  if (!item.is_map()) return to_value(item.text);
  Json map = Json::object();
  for (const Field& field : item.fields) map[std::string(field.name)] = to_value(field.text);
  return map;
}

Json to_value(const Rows& rows, std::size_t row, std::size_t column) {
  if (!rows.is_list(row, column)) return std::string(rows.text(row, column));
  Json list = Json::array();
  for (const Item& item : rows.list(row, column)) list.push_back(to_value(item));
  return list;
}

std::string to_text(const Item& item) {
  if (!item.is_map()) return std::string(item.text.value_or("-"));
  std::string text = "{";
  for (const Field& field : item.fields) {
    if (text.size() > 1) text += ", ";
    text += fmt::format("{}: {}", field.name, field.text.value_or("-"));
  }
  return text + "}";
}

std::string to_text(const Rows& rows, std::size_t row, std::size_t column) {
  if (!rows.is_list(row, column)) return std::string(rows.text(row, column));
  std::string text;
  for (const Item& item : rows.list(row, column)) {
    if (!text.empty()) text += ", ";
    text += to_text(item);
  }
  return text;
}

void append_line(std::string& out, const std::vector<std::string>& cells,
                 const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += cells[i];
    line.append(widths[i] - length_in_code_points(cells[i]) + 2, ' ');
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + '\n';
}

}  // namespace

std::span<const std::string> Rows::columns() const {
  return program_ ? std::span<const std::string>(program_->columns)
                  : std::span<const std::string>();
}

std::optional<std::size_t> Rows::column(std::string_view name) const {
  const auto names = columns();
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) return std::nullopt;
  return static_cast<std::size_t>(at - names.begin());
}

const std::vector<Item>& Rows::list(std::size_t row, std::size_t column) const {
  static const std::vector<Item> none;
  const Cell& at = cell(row, column);
  return at.list >= 0 ? lists_[static_cast<std::size_t>(at.list)] : none;
}

std::string to_json(const Rows& rows) {
  Json all = Json::array();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    Json one = Json::object();
    for (std::size_t i = 0; i < rows.columns().size(); ++i) {
      one[rows.columns()[i]] = to_value(rows, row, i);
    }
    all.push_back(std::move(one));
  }
  return all.dump(2);
}

std::string to_table(const Rows& rows) {
  std::vector<std::vector<std::string>> lines;
  lines.emplace_back(rows.columns().begin(), rows.columns().end());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < rows.columns().size(); ++i) cells.push_back(to_text(rows, row, i));
    lines.push_back(std::move(cells));
  }
  std::vector<std::size_t> widths(rows.columns().size());
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], length_in_code_points(line[i]));
    }
  }
  std::string out;
  for (const auto& line : lines) append_line(out, line, widths);
  return out;
}

}  // namespace understudy::targets::textfsm

#include "targets/device/custody.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "targets/device/console_act.h"

namespace understudy::targets {

namespace {

namespace files = std::filesystem;

constexpr std::size_t most_shown = 3;

/// A line of a configuration and the head of the block that it stands in.
struct Placed {
  std::string head;
  std::string line;
  friend bool operator==(const Placed&, const Placed&) = default;
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string::npos ? ""
                                    : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<Placed> placed_lines(const CustodyRule& rule, const Value& text) {
  std::vector<Placed> lines;
  std::istringstream stream(text);
  std::string head;
  for (std::string line; std::getline(stream, line);) {
    if (trimmed(line).empty()) continue;
    const auto says_line = [&](const DialectPattern& one) { return one.is_all_of(trimmed(line)); };
    if (std::ranges::any_of(rule.defaults, says_line)) continue;
    const bool is_inside = line.front() == ' ' || line.front() == '\t';
    if (!is_inside) head = line;
    lines.push_back({is_inside ? head : "", line});
  }
  return lines;
}

/// Those of `all` that `others` does not have; each counts once.
std::vector<Placed> without(const std::vector<Placed>& all, std::vector<Placed> others) {
  std::vector<Placed> left;
  for (const Placed& one : all) {
    const auto found = std::ranges::find(others, one);
    if (found == others.end()) {
      left.push_back(one);
    } else {
      others.erase(found);
    }
  }
  return left;
}

bool has_head(const std::vector<Placed>& lines, const std::string& head) {
  return std::ranges::any_of(
      lines, [&](const Placed& one) { return one.head.empty() && one.line == head; });
}

std::string filled_groups(std::string text, const DialectPattern::Found& found) {
  for (const auto& [name, value] : found.groups) {
    const std::string key = "{" + name + "}";
    for (auto at = text.find(key); at != std::string::npos; at = text.find(key, at + value.size()))
      text.replace(at, key.size(), value);
  }
  return text;
}

/// Nothing is sent for what goes with something else: an empty text.
std::optional<std::string> undone(const CustodyRule& rule, const std::string& line) {
  for (const auto& [pattern, text] : rule.undo) {
    if (!pattern.is_all_of(line)) continue;
    if (const auto found = pattern.find(line)) return filled_groups(text, *found);
  }
  return std::nullopt;
}

Act values_of(const Value& value, const std::string& line = {}) {
  return {"custody", {{"value", value}, {"line", line}}};
}

void add_line(const Dialect& dialect, const CustodyRule& rule, const std::string& node,
              const Act& values, std::vector<std::string>& lines) {
  for (const std::string& text : rule.send)
    if (const auto line = filled(dialect, values, node, text)) lines.push_back(*line);
}

PutBack put_text_back(const Dialect& dialect, const CustodyRule& rule, const std::string& node,
                      const Value& taken, const Value& now) {
  PutBack put;
  const auto before = placed_lines(rule, taken);
  const auto after = placed_lines(rule, now);
  const auto is_whole_block = [](const Placed& one, const std::vector<Placed>& all) {
    return !one.head.empty() && has_head(all, one.head);
  };
  auto added = without(after, before);
  std::ranges::reverse(added);  // what stands on something else goes first
  for (const Placed& one : added) {
    if (is_whole_block(one, added)) continue;
    const auto undo = undone(rule, trimmed(one.line));
    if (!undo) {
      put.cannot.push_back(trimmed(one.line));
      continue;
    }
    if (undo->empty()) continue;
    if (!one.head.empty()) put.lines.push_back(one.head);
    put.lines.push_back(*undo);
    if (!one.head.empty() && !rule.block_end.empty()) put.lines.push_back(rule.block_end);
  }
  const auto gone = without(before, after);
  for (const Placed& one : gone) {
    const bool is_alone = !one.head.empty() && !has_head(gone, one.head);
    if (is_alone) put.lines.push_back(one.head);
    add_line(dialect, rule, node, values_of(taken, trimmed(one.line)), put.lines);
    if (is_alone && !rule.block_end.empty()) put.lines.push_back(rule.block_end);
  }
  return put;
}

}  // namespace

PutBack put_back(const Dialect& dialect, const CustodyRule& rule, const std::string& node,
                 const Value& taken, const Value& now) {
  PutBack put;
  if (rule.is_text()) {
    put = put_text_back(dialect, rule, node, taken, now);
  } else {
    add_line(dialect, rule, node, values_of(taken), put.lines);
  }
  if (put.lines.empty()) return put;
  put.lines.insert(put.lines.begin(), rule.before.begin(), rule.before.end());
  put.lines.insert(put.lines.end(), rule.after.begin(), rule.after.end());
  return put;
}

bool is_as_it_was(const CustodyRule& rule, const Value& taken, const Value& now) {
  if (taken == now) return true;
  const auto before = placed_lines(rule, taken);
  const auto after = placed_lines(rule, now);
  return before.size() == after.size() && without(before, after).empty();
}

std::string difference(const CustodyRule& rule, const Value& taken,
                       const std::optional<Value>& now) {
  if (!now) return "is not told any more";
  const bool is_one_line = (taken + *now).find('\n') == std::string::npos;
  if (is_one_line) return fmt::format("is `{}`, and was `{}`", *now, taken);
  const auto before = placed_lines(rule, taken);
  const auto after = placed_lines(rule, *now);
  std::vector<std::string> parts;
  for (const Placed& one : without(after, before))
    parts.push_back(fmt::format("`{}` is there", trimmed(one.line)));
  for (const Placed& one : without(before, after))
    parts.push_back(fmt::format("`{}` is gone", trimmed(one.line)));
  const std::size_t more = parts.size() - std::min(parts.size(), most_shown);
  parts.resize(std::min(parts.size(), most_shown));
  return fmt::format("{}{}", fmt::join(parts, ", "),
                     more == 0 ? "" : fmt::format(", and {} more", more));
}

Json to_json(const CustodyRecord& record) {
  Json things = Json::array();
  for (const TakenThing& one : record.things)
    things.push_back({{"custody", one.rule}, {"of", one.node}, {"was", one.value}});
  return {{"nodes", record.nodes}, {"taken", std::move(things)}};
}

Result<CustodyRecord> custody_record_from(const Json& json, const std::string& where) {
  CustodyRecord record;
  try {
    record.testbed = json.value("testbed", "");
    record.nodes = json.at("nodes").get<std::vector<std::string>>();
    for (const Json& one : json.at("taken"))
      record.things.push_back({one.at("custody"), one.at("of"), one.at("was")});
  } catch (const Json::exception&) {
    return fail(where, "is no record of custody", "it is written by `understudy run`");
  }
  record.was_taken = true;
  return record;
}

std::string custody_mark(const std::string& folder) {
  return folder + "/.understudy/" + name_of_custody;
}

std::vector<std::string> custody_marks(const std::string& out) {
  std::vector<std::string> marks;
  std::error_code none;
  const auto skip = files::directory_options::skip_permission_denied;
  files::recursive_directory_iterator end;
  for (files::recursive_directory_iterator at(out, skip, none); at != end; at.increment(none)) {
    const files::path& path = at->path();
    if (path.filename() != name_of_custody || path.parent_path().filename() != ".understudy")
      continue;
    marks.push_back(path.string());
  }
  std::ranges::sort(marks);
  return marks;
}

}  // namespace understudy::targets

#include <algorithm>
#include <array>
#include <utility>

#include "targets/textfsm/template_reader.h"
#include "targets/textfsm/unicode.h"

namespace understudy::targets::textfsm {
namespace {

constexpr std::array<std::pair<std::string_view, Option>, 6> option_names{{
    {"Required", Option::Required},
    {"Filldown", Option::Filldown},
    {"Fillup", Option::Fillup},
    {"Key", Option::Key},
    {"List", Option::List},
    {"OptionBase", Option::Base},
}};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

Result<void> add_option(std::string_view name, std::vector<Option>& options) {
  const auto known = std::find_if(option_names.begin(), option_names.end(),
                                  [&](const auto& option) { return option.first == name; });
  if (known == option_names.end()) {
    std::vector<std::string> names;
    for (const auto& option : option_names) {
      if (option.second != Option::Base) names.emplace_back(option.first);
    }
    std::string hint = did_you_mean(name, names);
    if (hint.empty())
      hint = "Required, Filldown, Fillup, Key and List exist; separate by one comma";
    return fail("", "unknown option `" + std::string(name) + "`", hint);
  }
  if (std::find(options.begin(), options.end(), known->second) != options.end()) {
    return fail("", "option `" + std::string(name) + "` is given twice", "say it once");
  }
  options.push_back(known->second);
  return {};
}

Result<void> check_parentheses(std::string_view regex) {
  const bool is_enclosed = regex.size() >= 2 && regex.front() == '(' && regex.back() == ')';
  const auto count = [&](char c) { return std::count(regex.begin(), regex.end(), c); };
  if (is_enclosed && count('(') == count(')')) return {};
  return fail("", "the expression `" + std::string(regex) + "` is not within one pair of ()",
              "write the Value's expression as (...), with as many ( as ), escaped ones counted");
}

/// The original builds `(?P<name>` by re.sub, which reads backslashes in the name as escapes.
Result<std::string> name_after_substitution(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '\\') {
      out += name[i];
      continue;
    }
    const char next = i + 1 < name.size() ? name[i + 1] : '\0';
    constexpr std::string_view letters = "abfnrtv\\";
    constexpr std::string_view codes = "\a\b\f\n\r\t\v\\";
    const std::size_t known = letters.find(next);
    const bool is_letter = (next | 0x20) >= 'a' && (next | 0x20) <= 'z';
    if (next != '\0' && known != std::string_view::npos) {
      out += codes[known];
    } else if (is_letter || (next >= '0' && next <= '9')) {
      return fail("", "the name `" + std::string(name) + "` holds an escape",
                  "use letters, digits and _ in names");
    } else {
      out += '\\';
      continue;
    }
    ++i;
  }
  return out;
}

}  // namespace

Result<Value> read_value_line(std::string_view line) {
  const std::vector<std::string_view> words = split(line, ' ');
  if (words.size() < 3) {
    return fail("", "a Value line needs a name and an expression",
                "write `Value [options] NAME (regex)`");
  }
  Value value;
  const bool has_options = !words[2].starts_with('(');
  if (has_options) {
    for (const std::string_view option : split(words[1], ',')) {
      if (const auto added = add_option(option, value.options); !added) {
        return tl::unexpected(added.error());
      }
    }
  }
  const std::string_view name = words[has_options ? 2 : 1];
  const auto name_end = static_cast<std::size_t>(name.data() + name.size() - line.data());
  const std::string_view regex = name_end < line.size() ? line.substr(name_end + 1) : "";
  value.name = name;
  if (length_in_code_points(name) > longest_name) {
    return fail("", "the name `" + value.name + "` is too long", "at most 48 characters");
  }
  if (const auto checked = check_parentheses(regex); !checked) {
    return tl::unexpected(checked.error());
  }
  const auto group = name_after_substitution(name);
  if (!group) return tl::unexpected(group.error());
  value.substitute = "(?P<" + *group + ">" + std::string(regex.substr(1));
  if (value.has(Option::List)) {
    auto nested = Pattern::make(regex, [](const std::string&) { return true; });
    if (!nested) {
      return fail("", "`" + std::string(regex) + "` is no regular expression: " + nested.error(),
                  "a List's expression must stand on its own");
    }
    value.nested = std::move(*nested);
  }
  return value;
}

}  // namespace understudy::targets::textfsm

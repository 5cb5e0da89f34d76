#include "targets/textfsm/program.h"

#include <algorithm>

#include "targets/textfsm/textfsm.h"

namespace understudy::targets::textfsm {

bool Value::has(Option option) const {
  return std::find(options.begin(), options.end(), option) != options.end();
}

RuleChoice::RuleChoice(const std::vector<Rule>& rules)
    : words_((rules.size() + 63) / 64),
      first_((line_end + 1) * words_),
      nonspace_((line_end + 1) * words_),
      all_(words_) {
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    const std::uint64_t bit = std::uint64_t{1} << rule % 64;
    const LineStart& start = rules[rule].pattern.line_start();
    all_[rule / 64] |= bit;
    for (std::size_t c = 0; c <= line_end; ++c) {
      if (start.first[c]) first_[c * words_ + rule / 64] |= bit;
      if (start.nonspace[c]) nonspace_[c * words_ + rule / 64] |= bit;
    }
  }
}

const std::string& Template::path() const {
  return program_->path;
}

std::span<const std::string> Template::columns() const {
  return program_->columns;
}

std::vector<std::string> Template::keys() const {
  std::vector<std::string> keys;
  for (const Value& value : program_->values) {
    if (value.has(Option::Key)) keys.push_back(value.name);
  }
  return keys;
}

}  // namespace understudy::targets::textfsm

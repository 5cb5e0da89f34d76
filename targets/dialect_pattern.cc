#include "targets/dialect_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <array>

namespace understudy::targets {

namespace {

constexpr std::uint32_t match_limit = 200'000;

struct CodeFree {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct ContextFree {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};
struct DataFree {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
using Code = std::unique_ptr<pcre2_code, CodeFree>;
using Data = std::unique_ptr<pcre2_match_data, DataFree>;

Code compile_code(const std::string& text, int& error, std::size_t& offset) {
  Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), PCRE2_MULTILINE,
                          &error, &offset, nullptr));
  if (code) pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);
  return code;
}

std::vector<std::pair<std::string, int>> names_of(const pcre2_code* code) {
  std::uint32_t count = 0;
  std::uint32_t size = 0;
  PCRE2_SPTR table = nullptr;
  pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
  pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
  pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
  std::vector<std::pair<std::string, int>> names;
  for (std::uint32_t i = 0; i < count; ++i, table += size)
    names.emplace_back(reinterpret_cast<const char*>(table + 2), (table[0] << 8) | table[1]);
  return names;
}

}  // namespace

struct DialectPattern::Compiled {
  Code search;
  Code whole;
  std::unique_ptr<pcre2_match_context, ContextFree> context;
  std::vector<std::pair<std::string, int>> names;

  Data match(const pcre2_code* code, std::string_view text) const {
    Data data(pcre2_match_data_create_from_pattern(code, nullptr));
    const int groups = pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0,
                                   0, data.get(), context.get());
    return groups > 0 ? std::move(data) : Data{};
  }
};

Result<DialectPattern> DialectPattern::compile(const std::string& text, const std::string& where) {
  int error = 0;
  std::size_t offset = 0;
  auto compiled = std::make_shared<Compiled>();
  compiled->search = compile_code(text, error, offset);
  if (!compiled->search) {
    std::array<char, 200> message{};
    pcre2_get_error_message(error, reinterpret_cast<PCRE2_UCHAR*>(message.data()), message.size());
    return fail(where, fmt::format("the pattern `{}` is wrong: {}", text, message.data()),
                fmt::format("at character {}", offset + 1));
  }
  compiled->whole = compile_code("\\A(?:" + text + ")\\z", error, offset);
  if (!compiled->whole) return fail(where, fmt::format("the pattern `{}` is wrong", text));
  compiled->context.reset(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(compiled->context.get(), match_limit);
  compiled->names = names_of(compiled->search.get());
  DialectPattern pattern;
  pattern.text_ = text;
  pattern.compiled_ = std::move(compiled);
  return pattern;
}

bool DialectPattern::is_found_in(std::string_view text) const {
  return compiled_ && compiled_->match(compiled_->search.get(), text);
}

bool DialectPattern::is_all_of(std::string_view text) const {
  return compiled_ && compiled_->match(compiled_->whole.get(), text);
}

std::vector<std::string> DialectPattern::groups() const {
  std::vector<std::string> names;
  if (compiled_)
    for (const auto& [name, group] : compiled_->names) names.push_back(name);
  return names;
}

std::optional<DialectPattern::Found> DialectPattern::find(std::string_view text) const {
  if (!compiled_) return std::nullopt;
  const Data data = compiled_->match(compiled_->search.get(), text);
  if (!data) return std::nullopt;
  const std::size_t* ends = pcre2_get_ovector_pointer(data.get());
  const std::uint32_t count = pcre2_get_ovector_count(data.get());
  Found found{std::string(text.substr(ends[0], ends[1] - ends[0])), {}};
  for (const auto& [name, group] : compiled_->names) {
    const auto at = static_cast<std::uint32_t>(group);
    if (at >= count || ends[2 * at] == PCRE2_UNSET) continue;
    found.groups.emplace_back(
        name, std::string(text.substr(ends[2 * at], ends[2 * at + 1] - ends[2 * at])));
  }
  return found;
}

}  // namespace understudy::targets

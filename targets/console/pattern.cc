#include "targets/console/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace understudy::targets {

namespace {

// Enough for any sane dialect on a few kilobytes; a runaway pattern costs milliseconds, not
// minutes.
constexpr std::uint32_t match_limit = 1'000'000;
constexpr std::uint32_t depth_limit = 10'000;
constexpr std::uint32_t most_groups = 64;

using Code = std::unique_ptr<pcre2_code, decltype(&pcre2_code_free)>;

struct Compiled {
  Code code{nullptr, &pcre2_code_free};
  std::string trouble;
};

Compiled compile_text(const std::string& text, std::uint32_t options) {
  int number = 0;
  PCRE2_SIZE offset = 0;
  Compiled made;
  made.code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), options,
                                &number, &offset, nullptr));
  if (made.code == nullptr) {
    PCRE2_UCHAR message[256] = {};
    pcre2_get_error_message(number, message, sizeof message);
    made.trouble =
        fmt::format("{} at character {}", reinterpret_cast<const char*>(message), offset);
  }
  return made;
}

std::uint32_t fact(const pcre2_code* code, std::uint32_t which) {
  std::uint32_t value = 0;
  pcre2_pattern_info(code, which, &value);
  return value;
}

}  // namespace

void Scratch::Free::operator()(pcre2_match_data* data) const {
  pcre2_match_data_free(data);
}
void Scratch::Free::operator()(pcre2_match_context* limits) const {
  pcre2_match_context_free(limits);
}

Scratch::Scratch()
    : data_(pcre2_match_data_create(most_groups, nullptr)),
      limits_(pcre2_match_context_create(nullptr)) {
  ensure(data_ != nullptr && limits_ != nullptr, "there is memory for a match");
  pcre2_set_match_limit(limits_.get(), match_limit);
  pcre2_set_depth_limit(limits_.get(), depth_limit);
}

Result<Pattern> Pattern::compile(std::string_view name, const std::string& text, Where where) {
  return compile_list(name, {text}, where);
}

Result<Pattern> Pattern::compile_list(std::string_view name, const std::vector<std::string>& texts,
                                      Where where) {
  const std::uint32_t options =
      PCRE2_DUPNAMES | PCRE2_DOLLAR_ENDONLY | (where == Where::Tail ? PCRE2_MULTILINE : 0U);
  std::string all;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) continue;
    const Compiled alone = compile_text(texts[i], options);
    const std::string which =
        texts.size() == 1 ? std::string(name) : fmt::format("{}[{}]", name, i);
    if (alone.code == nullptr) {
      return fail(
          "",
          fmt::format("{}: the pattern `{}` does not compile: {}", which, texts[i], alone.trouble),
          "patterns are PCRE2");
    }
    if (texts.size() > 1 && fact(alone.code.get(), PCRE2_INFO_BACKREFMAX) > 0) {
      return fail("", fmt::format("{}: the pattern `{}` refers back to a group", which, texts[i]),
                  "this list is matched as one pattern, where groups have no numbers of their own");
    }
    // The mark tells which alternative matched.
    all += fmt::format("{}(?:{})(*MARK:{})", all.empty() ? "" : "|", texts[i], i);
  }
  Pattern pattern;
  if (all.empty()) return pattern;
  const std::string whole = where == Where::Tail ? fmt::format("(?:{})\\z", all) : all;
  Compiled made = compile_text(whole, options);
  if (made.code == nullptr) {
    return fail("", fmt::format("{}: the patterns do not compile together: {}", name, made.trouble),
                "verbs such as (*UTF) cannot stand in them");
  }
  if (fact(made.code.get(), PCRE2_INFO_CAPTURECOUNT) >= most_groups) {
    return fail("", fmt::format("{}: more than {} groups", name, most_groups - 1),
                "write (?:...) where nothing is captured");
  }
  pattern.is_jit_ = pcre2_jit_compile(made.code.get(), PCRE2_JIT_COMPLETE) == 0;
  pattern.code_ = std::shared_ptr<pcre2_code>(made.code.release(), &pcre2_code_free);
  pattern.is_tail_ = where == Where::Tail;
  pattern.read_facts();
  return pattern;
}

void Pattern::read_facts() {
  first_bytes_.fill(~std::uint64_t{0});
  const bool is_anchored = (fact(code_.get(), PCRE2_INFO_ALLOPTIONS) & PCRE2_ANCHORED) != 0;
  const std::uint8_t* bitmap = nullptr;
  pcre2_pattern_info(code_.get(), PCRE2_INFO_FIRSTBITMAP, &bitmap);
  if (is_anchored && fact(code_.get(), PCRE2_INFO_MATCHEMPTY) == 0) {
    if (fact(code_.get(), PCRE2_INFO_FIRSTCODETYPE) == 1) {
      const std::uint32_t first = fact(code_.get(), PCRE2_INFO_FIRSTCODEUNIT) & 255U;
      // The first character may be meant without case; PCRE2 does not tell.
      first_bytes_.fill(0);
      for (const int byte : {static_cast<int>(first), std::tolower(static_cast<int>(first)),
                             std::toupper(static_cast<int>(first))}) {
        first_bytes_[static_cast<std::size_t>(byte) >> 6] |= std::uint64_t{1} << (byte & 63);
      }
    } else if (bitmap != nullptr) {
      std::memcpy(first_bytes_.data(), bitmap, sizeof first_bytes_);
    }
  }
  const std::uint32_t entries = fact(code_.get(), PCRE2_INFO_NAMECOUNT);
  const std::uint32_t size = fact(code_.get(), PCRE2_INFO_NAMEENTRYSIZE);
  PCRE2_SPTR table = nullptr;
  pcre2_pattern_info(code_.get(), PCRE2_INFO_NAMETABLE, &table);
  for (std::uint32_t i = 0; i < entries; ++i) {
    const PCRE2_SPTR entry = table + std::size_t{i} * size;
    names_.emplace_back(entry[0] << 8 | entry[1], reinterpret_cast<const char*>(entry + 2));
  }
  std::sort(names_.begin(), names_.end());
}

std::optional<Pattern::Match> Pattern::search(std::string_view subject, const Scratch& scratch,
                                              bool is_cut) const {
  if (code_ == nullptr) return std::nullopt;
  const std::uint32_t options = is_cut ? PCRE2_NOTBOL : 0U;
  const auto text = reinterpret_cast<PCRE2_SPTR>(subject.empty() ? "" : subject.data());
  int count = PCRE2_ERROR_JIT_STACKLIMIT;
  if (is_jit_) {
    count = pcre2_jit_match(code_.get(), text, subject.size(), 0, options, scratch.data(),
                            scratch.limits());
  }
  if (count == PCRE2_ERROR_JIT_STACKLIMIT) {
    count = pcre2_match(code_.get(), text, subject.size(), 0, PCRE2_NO_JIT | options,
                        scratch.data(), scratch.limits());
  }
  if (count < 0) {
    const std::size_t end = is_tail_ ? subject.find_last_not_of(" \t") + 1 : subject.size();
    if (end == subject.size() || end == 0) return std::nullopt;
    return search(subject.substr(0, end), scratch, is_cut);
  }
  const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(scratch.data());
  Match match{.begin = ends[0], .end = ends[1], .alternative = 0};
  if (const PCRE2_SPTR mark = pcre2_get_mark(scratch.data()); mark != nullptr) {
    match.alternative = std::strtoul(reinterpret_cast<const char*>(mark), nullptr, 10);
  }
  return match;
}

Captures Pattern::captures(std::string_view subject, const Scratch& scratch) const {
  Captures found;
  const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(scratch.data());
  for (const auto& [number, name] : names_) {
    const PCRE2_SIZE begin = ends[2 * number];
    const PCRE2_SIZE end = ends[2 * number + 1];
    if (begin == PCRE2_UNSET || begin > end || end > subject.size()) continue;
    found.emplace_back(name, subject.substr(begin, end - begin));
  }
  return found;
}

}  // namespace understudy::targets

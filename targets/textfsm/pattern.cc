#include "targets/textfsm/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <mutex>

#include "targets/textfsm/python_regex.h"
#include "targets/textfsm/regex_writer.h"

namespace understudy::targets::textfsm {
namespace {

constexpr std::uint32_t match_limit = 100'000'000;  // seconds; ordinary lines need hundreds
constexpr std::size_t deep_stack = std::size_t{64} << 20;
constexpr std::uint32_t nesting_limit = 2000;  // above what the reader lets through

template <typename T, void (*free_one)(T*)>
struct Freed {
  void operator()(T* one) const { free_one(one); }
};
using Code = std::unique_ptr<pcre2_code, Freed<pcre2_code, pcre2_code_free>>;
using Context =
    std::unique_ptr<pcre2_match_context, Freed<pcre2_match_context, pcre2_match_context_free>>;
using Stack = std::unique_ptr<pcre2_jit_stack, Freed<pcre2_jit_stack, pcre2_jit_stack_free>>;
using CompileContext = std::unique_ptr<pcre2_compile_context,
                                       Freed<pcre2_compile_context, pcre2_compile_context_free>>;

Context make_context() {
  Context context(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(context.get(), match_limit);
  return context;
}

/// Shared by every match, never written after it is made.
pcre2_match_context* shared_context() {
  static const Context context = make_context();
  return context.get();
}

tl::expected<Code, std::string> compile_code(const std::string& text, Form form,
                                             bool has_possessive_group) {
  const CompileContext context(pcre2_compile_context_create(nullptr));
  pcre2_set_parens_nest_limit(context.get(), nesting_limit);
  std::uint32_t options = PCRE2_ANCHORED | PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY;
  if (has_possessive_group) options |= PCRE2_NO_AUTO_POSSESS;
  if (form == Form::Unicode) options |= PCRE2_UTF | PCRE2_UCP;
  int error = 0;
  PCRE2_SIZE offset = 0;
  Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), options, &error,
                          &offset, context.get()));
  if (code) return code;
  PCRE2_UCHAR message[256];
  pcre2_get_error_message(error, message, sizeof message);
  return tl::unexpected("PCRE2 cannot take it: " + std::string(reinterpret_cast<char*>(message)));
}

}  // namespace

struct Pattern::Compiled {
  Code code;
  mutable std::once_flag once;
  mutable bool has_jit = false;

  void build() const {
    std::call_once(once,
                   [this] { has_jit = pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE) == 0; });
  }

  int match(std::string_view line, pcre2_match_data* data, pcre2_match_context* context) const {
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(line.data() != nullptr ? line.data() : "");
    return has_jit ? pcre2_jit_match(code.get(), subject, line.size(), 0, PCRE2_NO_UTF_CHECK, data,
                                     context)
                   : pcre2_match(code.get(), subject, line.size(), 0, PCRE2_NO_UTF_CHECK, data,
                                 context);
  }
};

struct Matcher::Deep {
  Context context = make_context();
  Stack stack{pcre2_jit_stack_create(std::size_t{32} << 10, deep_stack, nullptr)};

  Deep() { pcre2_jit_stack_assign(context.get(), nullptr, stack.get()); }
};

Matcher::Matcher(std::size_t slots) {
  auto* data = pcre2_match_data_create(static_cast<std::uint32_t>(slots), nullptr);
  data_ = data;
  offsets_ = pcre2_get_ovector_pointer(data);
}

Matcher::~Matcher() {
  pcre2_match_data_free(static_cast<pcre2_match_data*>(data_));
}

tl::expected<Pattern, std::string> Pattern::make(
    std::string_view regex, const std::function<bool(const std::string&)>& wants) {
  const auto tree = read_python_regex(regex);
  if (!tree) return tl::unexpected(tree.error());

  Pattern pattern;
  pattern.groups_ = tree->groups;
  std::vector<bool> captures = referenced_groups(*tree);
  for (const GroupName& named : tree->names) {
    if (wants(named.name)) captures[named.group] = true;
  }
  std::vector<std::uint32_t> slots(captures.size());
  std::uint32_t next = 1;
  for (std::size_t group = 1; group < captures.size(); ++group) {
    if (captures[group]) slots[group] = next++;
  }
  pattern.slots_ = next;
  for (const GroupName& named : tree->names) {
    if (wants(named.name)) pattern.captures_.push_back({named.name, slots[named.group]});
  }

  const auto compile = [&](Form form) -> tl::expected<std::shared_ptr<Compiled>, std::string> {
    auto code = compile_code(write_regex(*tree, form, slots), form, has_possessive_group(*tree));
    if (!code) return tl::unexpected(code.error());
    auto compiled = std::make_shared<Compiled>();
    compiled->code = std::move(*code);
    return compiled;
  };
  auto unicode = compile(Form::Unicode);
  if (!unicode) return tl::unexpected(unicode.error());
  pattern.unicode_ = std::move(*unicode);
  if (is_plain_regex(*tree)) {
    auto plain = compile(Form::Plain);
    if (!plain) return tl::unexpected(plain.error());
    (*plain)->build();
    pattern.plain_ = std::move(*plain);
  }
  pattern.line_start_ = is_plain_regex(*tree) ? line_start_of(*tree) : LineStart::anything();
  return pattern;
}

MatchEnd Pattern::match(std::string_view line, bool plain, Matcher& matcher) const {
  const Compiled& compiled = plain && plain_ ? *plain_ : *unicode_;
  if (&compiled == unicode_.get()) compiled.build();
  auto* data = static_cast<pcre2_match_data*>(matcher.data_);
  int result =
      compiled.match(line, data, matcher.deep_ ? matcher.deep_->context.get() : shared_context());
  if (result == PCRE2_ERROR_JIT_STACKLIMIT && !matcher.deep_) {
    matcher.deep_ = std::make_unique<Matcher::Deep>();
    result = compiled.match(line, data, matcher.deep_->context.get());
  }
  if (result == PCRE2_ERROR_NOMATCH) return MatchEnd::NotMatched;
  if (result < 0) return MatchEnd::Runaway;
  matcher.set_ = static_cast<std::uint32_t>(result);
  return MatchEnd::Matched;
}

}  // namespace understudy::targets::textfsm

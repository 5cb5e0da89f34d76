#include "targets/console/compiled_words.h"

#include <fmt/format.h>

namespace understudy::targets {

namespace {

template <typename List>
std::vector<std::string> patterns_of(const List& list) {
  std::vector<std::string> patterns;
  for (const auto& word : list) patterns.push_back(word.pattern);
  return patterns;
}

}  // namespace

Result<std::shared_ptr<const CompiledWords>> compile_words(const ConsoleWords& words) {
  const auto compiled = std::make_shared<CompiledWords>();
  compiled->words = words;
  std::optional<Error> trouble;
  const auto take = [&](Pattern& into, Result<Pattern> made) {
    if (made) {
      into = std::move(*made);
    } else if (!trouble) {
      trouble = made.error();
    }
  };
  const auto fill = [&](Pattern& into, std::string_view name, const std::string& text,
                        Pattern::Where where) { take(into, Pattern::compile(name, text, where)); };
  const auto fill_list = [&](Pattern& into, std::string_view name,
                             const std::vector<std::string>& texts, Pattern::Where where) {
    take(into, Pattern::compile_list(name, texts, where));
  };
  using enum Pattern::Where;
  fill(compiled->prompt, "prompt", words.prompt, Tail);
  fill_list(compiled->pagers, "pagers", patterns_of(words.pagers), Tail);
  for (const auto& question : words.questions) {
    fill(compiled->questions.emplace_back(), fmt::format("question {}", question.name),
         question.pattern, Tail);
  }
  fill_list(compiled->boot_loader, "boot_loader", words.boot_loader, Tail);
  fill(compiled->login, "login", words.login, Tail);
  fill(compiled->login_pending, "login_pending", words.login_pending, Tail);
  fill(compiled->password, "password", words.password, Tail);
  fill(compiled->login_failed, "login_failed", words.login_failed, Line);
  fill_list(compiled->noise_only, "noise", words.noise, Line);
  // Each list alone first, so that an error names the list.
  Pattern booting;
  fill_list(booting, "booting", words.booting, Line);
  std::vector<std::string> lines = words.booting;
  lines.insert(lines.end(), words.noise.begin(), words.noise.end());
  fill_list(compiled->lines, "booting and noise", lines, Line);
  if (trouble) return tl::unexpected(*trouble);
  return compiled;
}

}  // namespace understudy::targets

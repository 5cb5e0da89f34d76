#include "reference-impl/cli/pager.h"

#include <fmt/format.h>

#include <utility>

namespace understudy::reference {
namespace {

std::string erase(std::string_view page_line) {
  return fmt::format("\r{:{}}\r", "", page_line.size());
}

std::string show_lines(Pager& pager, std::size_t count, std::string_view page_line) {
  std::size_t end = pager.place;
  for (; count > 0 && end < pager.text.size(); --count) {
    const std::size_t newline = pager.text.find('\n', end);
    end = newline == std::string::npos ? pager.text.size() : newline + 1;
  }
  std::string shown =
      to_terminal(std::string_view(pager.text).substr(pager.place, end - pager.place));
  pager.place = end;
  if (is_paging(pager)) return shown += page_line;
  pager = {};
  return shown;
}

}  // namespace

bool is_paging(const Pager& pager) {
  return pager.place < pager.text.size();
}

std::string show_text(Pager& pager, std::string text, bool pages, std::string_view page_line) {
  if (!pages) {
    pager = {};
    return to_terminal(text);
  }
  pager = {.text = std::move(text), .place = 0};
  return show_lines(pager, page_lines, page_line);
}

std::string page_key(Pager& pager, char key, std::string_view page_line) {
  switch (key) {
    case ' ':
      return erase(page_line) + show_lines(pager, page_lines, page_line);
    case '\r':
      return erase(page_line) + show_lines(pager, 1, page_line);
    case 'q':
    case 'Q':
    case '\x03':
      pager = {};
      return erase(page_line);
    default:  // any other key leaves the page line as it is
      return {};
  }
}

std::string to_terminal(std::string_view text) {
  std::string shown;
  shown.reserve(text.size() + text.size() / 32);
  for (const char byte : text) {
    if (byte == '\n') shown += '\r';
    shown += byte;
  }
  return shown;
}

}  // namespace understudy::reference

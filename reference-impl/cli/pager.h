// The pager of a command line: holds a long answer and gives it out page by page. Used by a
// session; a regular value that does no I/O. Text comes in with '\n' and goes out with "\r\n".
// The page line is erased before the next page, as real switches do.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace understudy::reference {

inline constexpr std::size_t page_lines = 23;  ///< a terminal of 24 lines, one for the question

struct Pager {
  std::string text;
  std::size_t place = 0;

  friend bool operator==(const Pager&, const Pager&) = default;
};

/// Is something left to show?
bool is_paging(const Pager& pager);

/// Shows all, or the first page and the page line.
std::string show_text(Pager& pager, std::string text, bool pages, std::string_view page_line);

/// A key at the page line: space for a page, Enter for a line, q or ^C to leave.
std::string page_key(Pager& pager, char key, std::string_view page_line);

/// `text` with "\r\n" at the end of each line.
std::string to_terminal(std::string_view text);

}  // namespace understudy::reference

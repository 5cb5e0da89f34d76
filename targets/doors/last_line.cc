#include "targets/doors/last_line.h"

namespace understudy::targets {
namespace {

std::string trimmed(const std::string& line) {
  const char* const blanks = " \t\r";
  const auto first = line.find_first_not_of(blanks);
  if (first == std::string::npos || line.size() > LastLine::longest) return {};
  return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

}  // namespace

void LastLine::add(std::string_view bytes) {
  for (const char byte : bytes) {
    if (byte != '\n') {
      if (open_.size() <= longest) open_ += byte;
      continue;
    }
    if (std::string line = trimmed(open_); !line.empty()) last_ = std::move(line);
    open_.clear();
  }
}

std::string LastLine::text() const {
  const std::string line = trimmed(open_);
  return line.empty() ? last_ : line;
}

}  // namespace understudy::targets

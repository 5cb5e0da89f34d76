// `understudy parse --template F FILE [--json]`: a template over a file, rows on `out`. Used by the
// command line only. Both files are read as text with universal newlines. The result is the exit
// status: 0, or 3 after one line on `err` (file:line: what (hint)) when a file is missing, the
// template is refused, or the template's own Error action stopped the parse.
#pragma once

#include <cstdio>
#include <string>

namespace understudy::targets::textfsm {

int parse_command(const std::string& template_path, const std::string& input_path, bool json,
                  std::FILE* out, std::FILE* err);

}  // namespace understudy::targets::textfsm

// Suites that are refused: a table of texts, each with the line that it is refused with.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/unit/suite_text.h"

namespace understudy {

struct Refusal {
  const char* name;
  const char* text;  ///< follows suite_head (8 lines), or case_head as well (5 more)
  const char* message;
};

inline void PrintTo(const Refusal& refusal, std::ostream* out) {
  *out << refusal.name;
}

inline std::string name_of(const testing::TestParamInfo<Refusal>& info) {
  return info.param.name;
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<Error> all;
  EXPECT_FALSE(load_suite(text, "s.yaml", &all));
  std::vector<std::string> lines;
  for (const Error& error : all) lines.push_back(to_line(error));
  return lines;
}

}  // namespace understudy

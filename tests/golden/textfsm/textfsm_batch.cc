// Rows for many templates and inputs in one process: reads `TEMPLATE<tab>INPUT` file names from
// standard input, prints one line of JSON for each: {"rows": ...}, {"refused": ...} for a template
// that was not accepted, or {"failed": ...} for a parse that ended in an error. differential.py
// compares them with the original's.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "targets/textfsm/textfsm.h"

namespace {

using namespace understudy;
using namespace understudy::targets;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

nlohmann::ordered_json answer(const std::string& template_path, const std::string& input_path) {
  const auto compiled = textfsm::compile(read_file(template_path), template_path);
  if (!compiled) return {{"refused", to_line(compiled.error())}};
  const auto rows = textfsm::parse(*compiled, read_file(input_path));
  if (!rows) return {{"failed", rows.error().what}};
  return {{"rows", nlohmann::ordered_json::parse(textfsm::to_json(*rows))}};
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const std::size_t tab = line.find('\t');
    std::cout << answer(line.substr(0, tab), line.substr(tab + 1)).dump() << '\n';
  }
  return 0;
}

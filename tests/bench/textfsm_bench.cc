// Parses per second of our TextFSM engine, for PERFORMANCE P7 and P8: textfsm_bench FILE SECONDS
// [TEMPLATE]. The template is compiled once; without one, a `show fdb` template of ours is used.
// Prints one line of key=value: rows of one parse, parses, parses/s, MB/s.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "targets/textfsm/textfsm.h"

namespace {

using namespace understudy;
using namespace understudy::targets;
using Clock = std::chrono::steady_clock;

constexpr std::string_view show_fdb = R"(Value MAC_ADDRESS (\S+)
Value VLAN_NAME (\S+)
Value VLAN_ID (\d+)
Value AGE (\d+)
Value PORTS (\S+(\s+\S+)*)

Start
  ^MAC\s+VLAN\s+Name\s*\(\s*Tag\s*\)\s+Age\s+Flags\s+Port -> Entries
  ^. -> Error

Entries
  ^\s*-+\s*$$
  ^${MAC_ADDRESS}\s+${VLAN_NAME}\(0*${VLAN_ID}\)\s+0*${AGE}\D+${PORTS}\s*$$ -> Record
  ^\s*Flags\s+:
  ^\s*Total:
  ^\s*FDB\s+Aging\s+time:
  ^\s*$$
  ^. -> Error
)";

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

int refuse(const Error& error) {
  std::fprintf(stderr, "%s\n", to_line(error).c_str());
  return 3;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fputs("textfsm_bench FILE SECONDS [TEMPLATE]\n", stderr);
    return 3;
  }
  const std::string source = count > 3 ? read_file(arguments[3]) : std::string(show_fdb);
  const auto compiled = textfsm::compile(source, count > 3 ? arguments[3] : "show_fdb");
  if (!compiled) return refuse(compiled.error());
  const auto text = std::make_shared<const std::string>(read_file(arguments[1]));
  const std::chrono::duration<double> limit(std::strtod(arguments[2], nullptr));

  std::size_t rows = 0;
  std::size_t parses = 0;
  const auto start = Clock::now();
  std::chrono::duration<double> taken{};
  while (taken < limit) {
    const auto parsed = textfsm::parse(*compiled, text);
    if (!parsed) return refuse(parsed.error());
    rows = parsed->size();
    ++parses;
    taken = Clock::now() - start;
  }
  const double each_second = static_cast<double>(parses) / taken.count();
  std::printf("ours rows=%zu parses=%zu s=%.3f parses/s=%.2f MB/s=%.4f\n", rows, parses,
              taken.count(), each_second, each_second * static_cast<double>(text->size()) / 1e6);
  return 0;
}

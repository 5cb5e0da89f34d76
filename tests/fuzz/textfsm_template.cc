// A TextFSM template and what it reads: the template, a line of "====", the input. Without that
// line, an input that most templates can do something with.
#include <nlohmann/json.hpp>

#include "targets/textfsm/textfsm.h"

namespace {

constexpr std::string_view between = "\n====\n";
constexpr std::string_view usual =
    "SysName: X\nMSM-A  MASTER  (In Sync) 1:2 00:04:96:20:b4:13\n\n  10.0.0.1/24 up 12 %\n\ttab "
    "\xc3\xa4\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace understudy;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t end = all.find(between);
  const std::string_view text =
      end == std::string_view::npos ? usual : all.substr(end + between.size());
  const auto compiled = targets::textfsm::compile(all.substr(0, end), "fuzz.textfsm");
  if (!compiled) {
    ensure(!compiled.error().what.empty() && !compiled.error().where.empty(),
           "an error says what and where");
    return 0;
  }
  const auto rows = targets::textfsm::parse(*compiled, text);
  if (!rows) return 0;
  ensure(nlohmann::json::accept(targets::textfsm::to_json(*rows)), "rows are JSON");
  targets::textfsm::to_table(*rows);
  return 0;
}

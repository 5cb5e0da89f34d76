#include "targets/textfsm/parse_command.h"

#include <memory>

#include "harness/files.h"
#include "targets/textfsm/textfsm.h"

namespace understudy::targets::textfsm {
namespace {

constexpr int could_not_start = 3;

Result<Rows> parse_files(const std::string& template_path, const std::string& input_path) {
  const auto source = read_text(template_path);
  if (!source) return tl::unexpected(source.error());
  const auto compiled = compile(*source, template_path);
  if (!compiled) return tl::unexpected(compiled.error());
  auto input = read_text(input_path);
  if (!input) return tl::unexpected(input.error());
  return parse(*compiled, std::make_shared<const std::string>(std::move(*input)));
}

}  // namespace

int parse_command(const std::string& template_path, const std::string& input_path, bool json,
                  std::FILE* out, std::FILE* err) {
  const auto rows = parse_files(template_path, input_path);
  if (!rows) {
    std::fputs((to_line(rows.error()) + "\n").c_str(), err);
    return could_not_start;
  }
  std::fputs((json ? to_json(*rows) + "\n" : to_table(*rows)).c_str(), out);
  return 0;
}

}  // namespace understudy::targets::textfsm

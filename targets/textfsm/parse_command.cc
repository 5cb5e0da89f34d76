#include "targets/textfsm/parse_command.h"

#include <cerrno>
#include <cstring>
#include <memory>

#include "targets/textfsm/textfsm.h"

namespace understudy::targets::textfsm {
namespace {

constexpr int could_not_start = 3;

Result<std::string> read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  const auto broken = [&] {
    return understudy::fail(path, std::string("cannot be read: ") + std::strerror(errno),
                            "name a text file");
  };
  if (!file) return broken();
  std::string text;
  char buffer[1 << 16];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, got);
  }
  if (std::ferror(file.get()) != 0) return broken();
  return text;
}

Result<Rows> parse_files(const std::string& template_path, const std::string& input_path) {
  const auto source = read_file(template_path);
  if (!source) return tl::unexpected(source.error());
  const auto compiled = compile(*source, template_path);
  if (!compiled) return tl::unexpected(compiled.error());
  auto input = read_file(input_path);
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

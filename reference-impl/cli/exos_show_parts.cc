// show fans, show power, show temperature, ls: what feeds and cools this module, and its files. The
// headings are the manuals' and those that tools look for; the lines below are recalled.
// [INFERRED-M]
#include <fmt/format.h>

#include <array>
#include <ctime>

#include "reference-impl/chassis/query.h"
#include "reference-impl/cli/exos_show.h"
#include "reference-impl/cli/exos_words.h"

namespace understudy::reference {
namespace {

std::string line(std::string_view label, std::string_view value) {
  return fmt::format(" {:<22} {}\n", fmt::format("{}:", label), value);
}

}  // namespace

bool is_part_good(const NodeView& view, Part part) {
  return (view.node.failed_parts >> static_cast<unsigned>(part) & 1) == 0;
}

std::string show_fans(const ExosSeen& seen) {
  constexpr int fans = 9;
  const bool is_good = is_part_good(seen.view, Part::Fan);
  std::string text = "FanTray 1 information:\n" +
                     line("State", is_good ? "Operational" : "Failed") +
                     line("NumFan", std::to_string(fans));
  for (int fan = 1; fan <= fans; ++fan) {
    const bool turns = is_good || fan > 1;
    text += line(fmt::format("Fan-{}", fan), turns ? "Operational at 2550 RPM" : "Failed at 0 RPM");
  }
  return text;
}

std::string show_supplies(const ExosSeen& seen) {
  std::string text;
  for (const int supply : {1, 2}) {
    const bool is_good = supply > 1 || is_part_good(seen.view, Part::PowerSupply);
    text += fmt::format("{}PowerSupply {} information:\n", supply > 1 ? "\n" : "", supply) +
            line("State", is_good ? "Powered On" : "Failed") +
            line("PartInfo", fmt::format("PS 2336 4300-00137 0541H-{:05}", supply));
  }
  return text;
}

std::string show_temperature(const ExosSeen& seen) {
  std::string text =
      "Field Replaceable Units               Temp (C)   Status\n" + std::string(79, '-') + '\n';
  const auto add = [&](std::string_view name, std::string_view board, bool is_cool) {
    text += fmt::format("{:<9}: {:<27}{:<11}{}\n", name, board, is_cool ? "31.00" : "71.00",
                        is_cool ? "Normal" : "Overheat");
  };
  for (const ExosModule& module : seen.product.modules) {
    add(fmt::format("Slot-{}", module.slot), module.type, true);
  }
  for (const ModuleRow& row : shown_modules(seen.view)) {
    add(row.name, seen.product.management_module,
        row.is_self ? is_part_good(seen.view, Part::Temperature) : row.reason != Reason::OverHeat);
  }
  return text;
}

std::string show_files(const NodeView& view) {
  std::string text;
  for (const SavedFileRow& file : saved_files_of(view.node)) {
    if (!file.name.ends_with(".cfg")) continue;
    const auto time = static_cast<std::time_t>(file.saved_at);
    std::tm parts{};
    gmtime_r(&time, &parts);
    std::array<char, 32> when{};
    const std::size_t length = std::strftime(when.data(), when.size(), "%b %e %H:%M", &parts);
    text += fmt::format("-rw-rw-rw-    1 root     root     {:>8} {} {}\n", file.bytes,
                        std::string_view(when.data(), length), file.name);
  }
  return text;
}

}  // namespace understudy::reference

// Two modules of a chassis with their command lines, joined by wires that lose nothing, on a clock
// of their own: what transcripts of the command line are recorded on.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "reference-impl/cli/products.h"
#include "reference-impl/module.h"

namespace understudy::reference {

class CliPair {
 public:
  explicit CliPair(const ShellOptions& options, std::string_view product = "exos-11.3");

  void power_on(Slot slot);
  void power_off(Slot slot);
  void run(Duration time);
  void type(Slot slot, ConsoleId console, std::string_view bytes);
  void give(Slot slot, const Input& input);

  /// What a console has shown since it was last asked.
  std::string take_shown(Slot slot, ConsoleId console);
  const Module& module(Slot slot) const { return bays_[slot].module; }

 private:
  struct Bay {
    Module module;
    FlashFiles flash;
    std::map<ConsoleId, std::string> shown;
  };
  void carry_out(Slot slot, ModuleOutputs& outputs);

  std::shared_ptr<const Profile> profile_;
  std::array<Bay, 2> bays_;
  std::uint64_t clock_ = 1117584000;  // Wed Jun  1 00:00:00 2005
  Duration passed_{};
  std::uint32_t incarnations_ = 0;
};

}  // namespace understudy::reference

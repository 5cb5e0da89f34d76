#include "tests/golden/cli_pair.h"

#include <algorithm>
#include <utility>

namespace understudy::reference {

CliPair::CliPair(const ShellOptions& options, std::string_view product)
    : profile_(std::make_shared<Profile>(find_product(product)->make_profile({}))),
      bays_{Bay{Module(profile_, 0, find_product(product)->make_shell(options)), {}, {}},
            Bay{Module(profile_, 1, find_product(product)->make_shell(options)), {}, {}}} {}

void CliPair::power_on(Slot slot) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(passed_).count();
  give(slot,
       PowerOn{&bays_[slot].flash, ++incarnations_, clock_ + static_cast<std::uint64_t>(seconds)});
}

void CliPair::power_off(Slot slot) {
  give(slot, PowerOff{});
}

void CliPair::give(Slot slot, const Input& input) {
  ModuleOutputs outputs;
  bays_[slot].module.step(input, outputs);
  carry_out(slot, outputs);
}

void CliPair::type(Slot slot, ConsoleId console, std::string_view bytes) {
  ModuleOutputs outputs;
  bays_[slot].module.feed(console, bytes, outputs);
  carry_out(slot, outputs);
}

void CliPair::run(Duration time) {
  while (time > Duration::zero()) {
    Duration next = time;
    for (const Bay& bay : bays_) next = std::min(next, bay.module.next_timer().value_or(time));
    next = std::max(next, Duration(1));
    time -= next;
    passed_ += next;
    for (Slot slot = 0; slot < 2; ++slot) {
      ModuleOutputs outputs;
      bays_[slot].module.pass_time(next, outputs);
      carry_out(slot, outputs);
    }
  }
}

void CliPair::carry_out(Slot slot, ModuleOutputs& outputs) {
  Bay& bay = bays_[slot];
  for (ConsoleBytes& bytes : outputs.print) bay.shown[bytes.console] += bytes.bytes;
  for (const ConsoleId console : outputs.hang_up) bay.shown[console] += "<hung up>\r\n";
  const Outputs given = std::move(outputs.node);
  for (const Output& output : given) {
    if (const auto* frame = std::get_if<SendFrame>(&output)) {
      ModuleOutputs answer;
      bays_[1 - slot].module.receive_frame(frame->bytes.view(), answer);
      carry_out(static_cast<Slot>(1 - slot), answer);
    } else if (const auto* write = std::get_if<WriteFlash>(&output)) {
      bay.flash[write->name] = write->content;
      give(slot, FlashWriteDone{write->ticket});
    } else if (std::holds_alternative<Restart>(output)) {
      power_on(slot);
      return;
    }
  }
}

std::string CliPair::take_shown(Slot slot, ConsoleId console) {
  return std::exchange(bays_[slot].shown[console], {});
}

}  // namespace understudy::reference
